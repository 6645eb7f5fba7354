"""Charts of the program that stay inside: they name groups, or count few people.

Whoever may read them sees them on the program's screens; none leaves the building, and each
says what the public may have instead.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.figures import call_ins as drawn_call_ins
from longevity.charts.figures import coming_home as drawn_home
from longevity.charts.figures import coverage, enforcement, money, sessions, shares, victims
from longevity.charts.figures import promise as drawn_ledger
from longevity.screens import money as spending
from longevity.screens.chart_catalogue.definition import (
    ALL,
    CITY_OR_ALL,
    PEOPLE,
    PROGRAM,
    ChartAndAnswers,
    Entry,
    Values,
)
from longevity.screens.context import ReportContext
from longevity.stats import before_after
from longevity.stats.attendance import count_losses

FIRST_WINDOW = 30  # days of the first of the windows that cases are counted by
FEW = "Its counts are of few people, who could be recognised."
NAMES = "It names groups by their code."
STEPS_INSTEAD = "The public may have “From invitation to service” of a closed year."
PROMISES_INSTEAD = "The public may have “Follow-up by the year a case began”."
SHOT_INSTEAD = "The public may have “Who was shot, in a closed year”."
NONE_INSTEAD = "There is no public form of it."


MakeOfCity = Callable[[ReportContext, str | None], ChartAndAnswers]


def _draw_answer(
    query: str,
    draw: Callable[[pd.DataFrame, Drawing, str], Chart],
    title: str | Callable[[ReportContext, pd.DataFrame], str],
    prepare: Callable[[pd.DataFrame], pd.DataFrame] = lambda rows: rows,
) -> MakeOfCity:
    """Return how the chart of one answer's rows is made, under a sentence of them.

    `title`: the sentence of a measure, or what writes one; `prepare`: what adds to the rows.
    """

    def make_chart(context: ReportContext, city: str | None) -> ChartAndAnswers:
        answer = context.ask(query, city=city)
        rows = prepare(answer.frame)
        words = context.say(title, rows) if isinstance(title, str) else title(context, rows)
        return draw(rows, context.make_drawing(), words), (answer,)

    return make_chart


def _say_largest_loss(context: ReportContext, funnel: pd.DataFrame) -> str:
    losses = count_losses(funnel[funnel["route"] != "in_custody"])
    if not losses["lost"].any():
        return context.say("attendance.lost_none")
    most = losses.loc[losses["lost"].idxmax()]
    whole = most["before"] - most["recent"]
    return context.say(f"attendance.lost_{most['stage']}", lost=most["lost"], of=whole)


def _draw_involvement(context: ReportContext, city: str | None) -> ChartAndAnswers:
    answer = context.ask("gmi_share", city=city)
    return victims.draw_group_involvement(
        answer.frame, context.make_drawing(), context.least_base
    ), (answer,)


def _draw_cadence(context: ReportContext, city: str | None) -> ChartAndAnswers:
    held = context.ask("call_in_sessions", city=city)
    cadence = context.ask("cadence_by_city", city=city)
    last = cadence.frame["last_day"].min().date()
    title = "Call-ins held, missed and to come"
    chart = sessions.draw_cadence(held.frame, context.make_drawing(), last, title)
    return chart, (held, cadence)


def _say_coverage(context: ReportContext, groups: pd.DataFrame) -> str:
    audited = groups[groups["audited"].astype(bool)]
    without = audited["notice_on"].isna().sum()
    return context.say("groups_warned.title", audited, groups=len(audited), without=without)


def _say_follow_up(context: ReportContext, promises: pd.DataFrame) -> str:
    first = promises[promises["window_days"] == FIRST_WINDOW]
    return context.say("follow_up.title", first, days=FIRST_WINDOW)


def _draw_ledger(context: ReportContext, city: str | None) -> ChartAndAnswers:
    promises, groups, episodes, actions = (
        context.ask(query, city=city)
        for query in ("promises", "two_sided_ledger", "episodes", "restraint_actions")
    )
    chart = drawn_ledger.draw_ledger(
        groups.frame,
        episodes.frame,
        actions.frame.query("broke_restraint"),
        context.make_drawing(),
        promises.provenance.data_through or context.today,
        "Each group's side and ours",
        context.settings.thresholds.promise_window_days,
    )
    return chart, (episodes, groups, actions)


def _say_before_and_after(context: ReportContext, rates: pd.DataFrame) -> str:
    # No verdict: groups are given notice when they shoot most, so most shoot less afterwards.
    return context.say(f"before_after.title{'' if rates['ratio'].notna().any() else '_undrawn'}")


def _draw_greetings(context: ReportContext, city: str | None) -> ChartAndAnswers:
    greeting = context.ask("reentry_greeting", city=city)
    first = drawn_home.find_first_quarter(greeting.provenance.data_through or context.today)
    exits = context.ask("exits_by_quarter", city=city, since=first)
    quarters = drawn_home.count_by_quarter(exits.frame, greeting.frame, first)
    whole = (
        quarters[[part.column for part in drawn_home.GREETED[:-1]]].to_numpy().sum()
    )  # without the too recent
    title = context.say("met_home.title", quarters, of_all=whole, since=quarters["quarter"].min())
    return drawn_home.draw_greetings(quarters, context.make_drawing(), title), (exits, greeting)


def _say_requests(context: ReportContext, requests: pd.DataFrame) -> str:
    return context.say("requests.title", requests[requests["topic"] == "all"])


def _draw_budget(context: ReportContext, city: str | None) -> ChartAndAnswers:
    budget, years = spending.ask_fiscal_years(context, city)
    title = spending.write_money_title(context, years)
    return money.draw_spending(years, context.make_drawing(), title), (budget,)


def _draw_reviews(context: ReportContext, city: str | None) -> ChartAndAnswers:
    reviews = context.ask("lists_due_by_city", city=city)
    ahead = reviews.provenance.parameters["ahead_days"]
    sentence = "title" if len(reviews.frame) else "title_nothing"
    title = context.say(f"lists_due.{sentence}", reviews.frame, ahead_days=ahead)
    return drawn_home.draw_reviews(reviews.frame, context.make_drawing(), title), (reviews,)


def _build_entry(
    name: str,
    title: str,
    make: MakeOfCity,
    why: str,
    instead: str = NONE_INSTEAD,
    subject: str = PROGRAM,
) -> Entry:
    def make_chart(context: ReportContext, values: Values) -> ChartAndAnswers:
        return make(context, None if values["city"] == ALL else values["city"])

    return Entry(name, title, (CITY_OR_ALL,), make_chart, f"{why} {instead}", subject)


ENTRIES = (
    _build_entry(
        "call-in-funnel",
        "From invitation to services",
        _draw_answer("call_in_funnel", drawn_call_ins.draw_funnel, _say_largest_loss),
        FEW,
        STEPS_INSTEAD,
    ),
    _build_entry(
        "group-coverage",
        "Which groups have been warned",
        _draw_answer("group_coverage_grid", coverage.draw_groups, _say_coverage),
        NAMES,
    ),
    _build_entry("cadence", "How often call-ins are held", _draw_cadence, FEW, STEPS_INSTEAD),
    _build_entry(
        "custom-notifications",
        "Custom notifications",
        _draw_answer(
            "custom_notifications", drawn_call_ins.draw_notifications, "messages_sent.title"
        ),
        FEW,
    ),
    _build_entry(
        "after-a-shooting",
        "Warned within days of a group's shooting",
        _draw_answer("retaliation_window", drawn_call_ins.draw_first_days, "warned_in_time.title"),
        FEW,
    ),
    _build_entry(
        "group-involvement",
        "How much of it involves a group",
        _draw_involvement,
        FEW,
        SHOT_INSTEAD,
        subject=PEOPLE,
    ),
    _build_entry(
        "follow-up",
        "Follow-up: on time, late, open, missed",
        _draw_answer("promises", shares.draw_follow_up, _say_follow_up),
        FEW,
        PROMISES_INSTEAD,
    ),
    _build_entry("ledger", "The two-sided ledger", _draw_ledger, NAMES, PROMISES_INSTEAD),
    _build_entry(
        "days-to-enforcement",
        "Days to enforcement",
        _draw_answer(
            "time_to_enforcement", enforcement.draw_days_to_action, "days_to_enforcement.title"
        ),
        "It shows cases still open, and so which groups were let off.",
        PROMISES_INSTEAD,
    ),
    _build_entry(
        "before-and-after-notice",
        "Shootings after notice, against before",
        _draw_answer(
            "before_after_by_city",
            enforcement.draw_before_and_after,
            _say_before_and_after,
            before_after.add_rate_ratios,
        ),
        "Groups are given notice when they shoot most, so a fall after it is no effect.",
    ),
    _build_entry("met-at-the-gate", "Met at the gate", _draw_greetings, FEW),
    _build_entry(
        "supervision",
        "Supervision against its standard",
        _draw_answer("supervision_contacts", drawn_home.draw_supervision, "supervision.title"),
        FEW,
    ),
    _build_entry(
        "services",
        "Services, from offer to active",
        _draw_answer("service_uptake", drawn_home.draw_services, "services.title"),
        FEW,
    ),
    _build_entry(
        "community-requests",
        "What the community asked for",
        _draw_answer("community_requests", drawn_home.draw_requests, _say_requests),
        "Those who ask are few in each neighbourhood.",
    ),
    _build_entry(
        "community-events",
        "Community events",
        _draw_answer("community_events", drawn_home.draw_events, "events.title"),
        "Those who come are few in each neighbourhood.",
    ),
    _build_entry(
        "money-spent",
        "Money given and spent",
        _draw_budget,
        "It is the program's own book, not a published account.",
    ),
    _build_entry(
        "cost-per-person",
        "Cost of each person reached",
        _draw_answer(
            "cost_per_person_reached",
            money.draw_cost_per_person,
            spending.write_cost_title,
            spending.add_cost_per_person,
        ),
        FEW,
    ),
    _build_entry("lists-due", "Lists due for review", _draw_reviews, FEW),
)
