"""Charts of the program that stay inside: they name groups, or count few people.

Whoever may read them sees them on the program's screens; none leaves the building, and each
says what the public may have instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.figures import call_ins as drawn_call_ins
from longevity.charts.figures import coming_home as drawn_home
from longevity.charts.figures import coverage, enforcement, money, sessions, shares, victims
from longevity.charts.figures import promise as drawn_bargain
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
from longevity.stats import rate_ratio
from longevity.text import (
    budget_and_reviews,
    call_ins,
    coming_home,
    groups_with_notice,
    notifications,
    promise_text,
)
from longevity.text import call_in_sessions as sessions_held

FEW = "Its counts are of few people, who could be recognised."
NAMES = "It names groups by their code."
STEPS_INSTEAD = "The public may have “From invitation to service” of a closed year."
PROMISES_INSTEAD = "The public may have “Follow-up by the year a case began”."
SHOT_INSTEAD = "The public may have “Who was shot, in a closed year”."
NONE_INSTEAD = "There is no public form of it."
Draw = Callable[[pd.DataFrame, Drawing], Chart]


def _find_city(values: Mapping[str, str]) -> str | None:
    return None if values["city"] == ALL else values["city"]


def _draw_answer(query: str, draw: Callable[..., Chart], sentence: str | None = None) -> Make:
    """Return how the chart of one answer's rows is made, under a sentence of them where named."""

    def make_chart(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
        answer = context.ask(query, city=_find_city(values))
        title = [context.say(sentence, answer.frame)] if sentence else []
        return draw(answer.frame, context.make_drawing(), *title), (answer,)

    return make_chart


def _add_title(
    figure: Callable[[pd.DataFrame, Drawing, str], Chart],
    title: str | Callable[[pd.DataFrame], str],
) -> Draw:
    """Draw a figure of an answer's rows under a title, or under the one that is written of them."""
    return lambda frame, drawing: figure(
        frame, drawing, title if isinstance(title, str) else title(frame)
    )


def _draw_funnel(frame: pd.DataFrame, drawing: Drawing) -> Chart:
    stages = call_ins.list_stages(frame)
    title = call_ins.write_largest_loss_title(stages)
    return drawn_call_ins.draw_funnel(
        stages, call_ins.count_in_custody(frame), frame, drawing, title
    )


def _draw_with_least_base(
    query: str, figure: Callable[[pd.DataFrame, Drawing, int], Chart]
) -> Make:
    """Return how a chart is made that gives percentages only of so many."""

    def make_chart(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
        least = context.settings.thresholds.least_base_for_percentage
        return _draw_answer(query, lambda frame, drawing: figure(frame, drawing, least))(
            context, values
        )

    return make_chart


def _draw_cadence(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    held = context.ask("call_in_sessions", city=_find_city(values))
    cadence = context.ask("cadence_by_city", city=_find_city(values))
    last = sessions_held.find_last_day(cadence.frame)
    title = "Call-ins held, missed and to come"
    chart = sessions.draw_cadence(held.frame, context.make_drawing(), last, title)
    return chart, (held, cadence)


def _draw_coverage(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    groups = context.ask("group_coverage_grid", city=_find_city(values))
    title = groups_with_notice.write_coverage_title(groups.frame)
    return coverage.draw_groups(groups.frame, context.make_drawing(), title), (groups,)


def _draw_ledger(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    city = _find_city(values)
    promises = context.ask("promises", city=city)
    groups = context.ask("two_sided_ledger", city=city)
    episodes = context.ask("episodes", city=city)
    actions = context.ask("restraint_actions", city=city)
    chart = drawn_bargain.draw_ledger(
        promise_text.add_group_status(groups.frame),
        promise_text.add_episode_state(episodes.frame),
        promise_text.select_broken(actions.frame),
        context.make_drawing(),
        promises.provenance.data_through or context.today,
        "Each group's side and ours",
    )
    return chart, (episodes, groups, actions)


def _draw_greetings(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    city = _find_city(values)
    greeting = context.ask("reentry_greeting", city=city)
    first = coming_home.find_first_quarter(greeting.provenance.data_through or context.today)
    exits = context.ask("exits_by_quarter", city=city, since=first)
    quarters = coming_home.count_by_quarter(exits.frame, greeting.frame, first)
    whole = int(quarters[[*coming_home.OUTCOMES[:-1]]].to_numpy().sum())  # without the too recent
    title = context.say("met_home.title", quarters, of_all=whole, since=quarters["quarter"].min())
    return drawn_home.draw_greetings(quarters, context.make_drawing(), title), (exits, greeting)


def _draw_budget(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    city = _find_city(values)
    budget = context.ask("budget_by_city", city=city)
    cost = context.ask("cost_per_person_reached", city=city)
    through = budget.provenance.data_through or context.today
    month = cost.provenance.parameters["fiscal_month"]
    years = budget_and_reviews.sum_by_fiscal_year(budget.frame, month, through)
    return money.draw_spending(years, context.make_drawing()), (budget,)


def _draw_reviews(context: ReportContext, values: Mapping[str, str]) -> ChartAndAnswers:
    reviews = context.ask("lists_due_by_city", city=_find_city(values))
    ahead = reviews.provenance.parameters["ahead_days"]
    return drawn_home.draw_reviews(reviews.frame, context.make_drawing(), ahead), (reviews,)


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
    _build_entry(
        "call-in-funnel",
        "From invitation to services",
        _draw_answer("call_in_funnel", _draw_funnel),
        FEW,
        STEPS_INSTEAD,
    ),
    _build_entry("group-coverage", "Which groups have been told", _draw_coverage, NAMES),
    _build_entry("cadence", "How often call-ins are held", _draw_cadence, FEW, STEPS_INSTEAD),
    _build_entry(
        "custom-notifications",
        "Custom notifications",
        _draw_answer(
            "custom_notifications",
            _add_title(drawn_call_ins.draw_notifications, notifications.write_notifications_title),
        ),
        FEW,
    ),
    _build_entry(
        "after-a-shooting",
        "Told within days of a group's shooting",
        _draw_answer(
            "retaliation_window",
            _add_title(drawn_call_ins.draw_first_days, notifications.write_window_title),
        ),
        FEW,
    ),
    _build_entry(
        "group-involvement",
        "How much of it involves a group",
        _draw_with_least_base("gmi_share", victims.draw_group_involvement),
        FEW,
        SHOT_INSTEAD,
        subject=PEOPLE,
    ),
    _build_entry(
        "follow-up",
        "Follow-up: on time, late, open, missed",
        _draw_answer(
            "promises", _add_title(shares.draw_follow_up, promise_text.write_follow_up_title)
        ),
        FEW,
        PROMISES_INSTEAD,
    ),
    _build_entry("ledger", "The two-sided ledger", _draw_ledger, NAMES, PROMISES_INSTEAD),
    _build_entry(
        "days-to-enforcement",
        "Days to enforcement",
        _draw_answer(
            "time_to_enforcement",
            lambda frame, drawing: enforcement.draw_days_to_action(
                promise_text.build_curves(frame), drawing, "Days to enforcement"
            ),
        ),
        "It tells of cases still open, and so which groups were let off.",
        PROMISES_INSTEAD,
    ),
    _build_entry(
        "before-and-after-notice",
        "Shootings after notice, of those before",
        _draw_answer(
            "before_after_by_city",
            lambda frame, drawing: enforcement.draw_before_and_after(
                rate_ratio.add_rate_ratios(frame),
                drawing,
                "Shootings after notice, of those before",
            ),
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
        _draw_answer("community_requests", drawn_home.draw_requests),
        "Those who ask are few in each neighbourhood.",
    ),
    _build_entry(
        "community-events",
        "Community events",
        _draw_answer("community_events", drawn_home.draw_events),
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
            lambda frame, drawing: money.draw_cost_per_person(
                budget_and_reviews.add_cost_per_person(frame), drawing
            ),
        ),
        FEW,
    ),
    _build_entry("lists-due", "Lists due for review", _draw_reviews, FEW),
)
