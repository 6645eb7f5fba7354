"""Charts of the program that stay inside: they name groups, or count few people.

Whoever may read them sees them on the program's screens; none leaves the building, and each
says what the public may have instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from longevity.charts.chart import Chart
from longevity.charts.figures import call_ins as drawn_call_ins
from longevity.charts.figures import coming_home as drawn_home
from longevity.charts.figures import coverage, enforcement, money, sessions, shares, victims
from longevity.charts.figures import promise as drawn_ledger
from longevity.reports import money as spending
from longevity.reports.chart_catalogue.definition import (
    ALL,
    CITY_OR_ALL,
    PEOPLE,
    PROGRAM,
    ChartAndAnswers,
    Entry,
    Make,
)
from longevity.reports.context import ReportContext
from longevity.stats import before_after
from longevity.stats.attendance import count_losses
from longevity.text import coming_home

FIRST_WINDOW = 30  # days of the first of the windows that cases are counted by
FEW = "Its counts are of few people, who could be recognised."
NAMES = "It names groups by their code."
STEPS_INSTEAD = "The public may have “From invitation to service” of a closed year."
PROMISES_INSTEAD = "The public may have “Follow-up by the year a case began”."
SHOT_INSTEAD = "The public may have “Who was shot, in a closed year”."
NONE_INSTEAD = "There is no public form of it."


def _find_city(values: Mapping[str, str]) -> str | None:
    return None if values["city"] == ALL else values["city"]


def _draw_answer(query: str, draw: Callable[..., Chart], sentence: str) -> Make:
    """Return how the chart of one answer's rows is made, under a sentence of them."""

    def make_chart(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
        answer = context.ask(query, city=_find_city(values))
        title = context.say(sentence, answer.frame)
        return draw(answer.frame, context.make_drawing(), title), (answer,)

    return make_chart


def _draw_funnel(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    funnel = context.ask("call_in_funnel", city=_find_city(values))
    losses = count_losses(funnel.frame[funnel.frame["route"] != "in_custody"])
    title = context.say("attendance.lost_none")
    if losses["lost"].any():
        most = losses.loc[losses["lost"].idxmax()]
        whole = most["before"] - most["recent"]
        title = context.say(f"attendance.lost_{most['stage']}", lost=most["lost"], of=whole)
    return drawn_call_ins.draw_funnel(funnel.frame, context.make_drawing(), title), (funnel,)


def _draw_involvement(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    answer = context.ask("gmi_share", city=_find_city(values))
    least = context.settings.thresholds.least_base_for_percentage
    return victims.draw_group_involvement(answer.frame, context.make_drawing(), least), (answer,)


def _draw_cadence(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    held = context.ask("call_in_sessions", city=_find_city(values))
    cadence = context.ask("cadence_by_city", city=_find_city(values))
    last = cadence.frame["last_day"].min().date()
    title = "Call-ins held, missed and to come"
    chart = sessions.draw_cadence(held.frame, context.make_drawing(), last, title)
    return chart, (held, cadence)


def _draw_coverage(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    groups = context.ask("group_coverage_grid", city=_find_city(values))
    audited = groups.frame[groups.frame["audited"].astype(bool)]
    without = int(audited["notice_on"].isna().sum())
    title = context.say("groups_warned.title", audited, groups=len(audited), without=without)
    return coverage.draw_groups(groups.frame, context.make_drawing(), title), (groups,)


def _draw_follow_up(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    promises = context.ask("promises", city=_find_city(values))
    first = promises.frame[promises.frame["window_days"] == FIRST_WINDOW]
    title = context.say("follow_up.title", first, days=FIRST_WINDOW)
    return shares.draw_follow_up(promises.frame, context.make_drawing(), title), (promises,)


def _draw_ledger(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    city = _find_city(values)
    promises = context.ask("promises", city=city)
    groups = context.ask("two_sided_ledger", city=city)
    episodes = context.ask("episodes", city=city)
    actions = context.ask("restraint_actions", city=city)
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


def _draw_days(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    answer = context.ask("time_to_enforcement", city=_find_city(values))
    title = "Days to enforcement"
    return enforcement.draw_days_to_action(answer.frame, context.make_drawing(), title), (answer,)


def _draw_before_and_after(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    answer = context.ask("before_after_by_city", city=_find_city(values))
    rates = before_after.add_rate_ratios(answer.frame)
    # No verdict: groups are given notice when they shoot most, so most shoot less afterwards.
    title = context.say(f"before_after.title{'' if rates['ratio'].notna().any() else '_undrawn'}")
    return enforcement.draw_before_and_after(rates, context.make_drawing(), title), (answer,)


def _draw_greetings(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    city = _find_city(values)
    greeting = context.ask("reentry_greeting", city=city)
    first = coming_home.find_first_quarter(greeting.provenance.data_through or context.today)
    exits = context.ask("exits_by_quarter", city=city, since=first)
    quarters = coming_home.count_by_quarter(exits.frame, greeting.frame, first)
    whole = int(quarters[[*coming_home.OUTCOMES[:-1]]].to_numpy().sum())  # without the too recent
    title = context.say("met_home.title", quarters, of_all=whole, since=quarters["quarter"].min())
    return drawn_home.draw_greetings(quarters, context.make_drawing(), title), (exits, greeting)


def _draw_requests(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    requests = context.ask("community_requests", city=_find_city(values))
    every = requests.frame[requests.frame["topic"] == "all"]
    title = context.say("requests.title", every)
    return drawn_home.draw_requests(requests.frame, context.make_drawing(), title), (requests,)


def _draw_budget(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    city = _find_city(values)
    budget = context.ask("budget_by_city", city=city)
    cost = context.ask("cost_per_person_reached", city=city)
    through = budget.provenance.data_through or context.today
    month = cost.provenance.parameters["fiscal_month"]
    years = spending.sum_by_fiscal_year(budget.frame, month, through)
    title = spending.write_money_title(context, years)
    return money.draw_spending(years, context.make_drawing(), title), (budget,)


def _draw_cost(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    answer = context.ask("cost_per_person_reached", city=_find_city(values))
    costs = spending.add_cost_per_person(answer.frame)
    title = spending.write_cost_title(context, costs)
    return money.draw_cost_per_person(costs, context.make_drawing(), title), (answer,)


def _draw_reviews(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    reviews = context.ask("lists_due_by_city", city=_find_city(values))
    ahead = reviews.provenance.parameters["ahead_days"]
    sentence = "title" if len(reviews.frame) else "title_nothing"
    title = context.say(f"lists_due.{sentence}", reviews.frame, ahead_days=ahead)
    return drawn_home.draw_reviews(reviews.frame, context.make_drawing(), title), (reviews,)


def _build_entry(
    name: str,
    title: str,
    make: Make,
    why: str,
    instead: str = NONE_INSTEAD,
    subject: str = PROGRAM,
) -> Entry:
    return Entry(name, title, (CITY_OR_ALL,), make, f"{why} {instead}", subject)


ENTRIES = (
    _build_entry("call-in-funnel", "From invitation to services", _draw_funnel, FEW, STEPS_INSTEAD),
    _build_entry("group-coverage", "Which groups have been warned", _draw_coverage, NAMES),
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
        _draw_follow_up,
        FEW,
        PROMISES_INSTEAD,
    ),
    _build_entry("ledger", "The two-sided ledger", _draw_ledger, NAMES, PROMISES_INSTEAD),
    _build_entry(
        "days-to-enforcement",
        "Days to enforcement",
        _draw_days,
        "It shows cases still open, and so which groups were let off.",
        PROMISES_INSTEAD,
    ),
    _build_entry(
        "before-and-after-notice",
        "Shootings after notice, against before",
        _draw_before_and_after,
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
        _draw_requests,
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
    _build_entry("cost-per-person", "Cost of each person reached", _draw_cost, FEW),
    _build_entry("lists-due", "Lists due for review", _draw_reviews, FEW),
)
