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
from longevity.charts.figures import coverage, enforcement, money, sessions, victims
from longevity.charts.figures import promise as drawn_bargain
from longevity.reports.chart_catalogue.definition import (
    ALL,
    CITY_OR_ALL,
    PEOPLE,
    PROGRAM,
    Entry,
    Kind,
)
from longevity.reports.context import ReportContext
from longevity.stats import rate_ratio
from longevity.text import (
    budget_and_reviews,
    call_ins,
    coming_home,
    groups_with_notice,
    list_pages,
    notifications,
    promise_text,
)
from longevity.text import call_in_sessions as sessions_held
from longevity.warehouse.warehouse import Answer

FEW = "Its counts are of few people, who could be recognised."
NAMES = "It names groups by their code."
STEPS_INSTEAD = "The public may have “From invitation to service” of a closed year."
PROMISES_INSTEAD = "The public may have “Follow-up by the year a case began”."
SHOT_INSTEAD = "The public may have “Who was shot, in a closed year”."
NONE_INSTEAD = "There is no public form of it."
Made = tuple[Chart, tuple[Answer, ...]]
Draw = Callable[[ReportContext, pd.DataFrame, Drawing], Chart]


def _city(values: Mapping[str, str]) -> str | None:
    return None if values["city"] == ALL else values["city"]


def _simple(query: str, draw: Draw) -> Callable[[ReportContext, Mapping[str, str]], Made]:
    """A chart of one answer."""

    def make(context: ReportContext, values: Mapping[str, str]) -> Made:
        answer = context.ask(query, city=_city(values))
        return draw(context, answer.frame, context.make_drawing()), (answer,)

    return make


def _funnel(context: ReportContext, frame: pd.DataFrame, drawing: Drawing) -> Chart:
    stages = call_ins.list_stages(frame)
    title = call_ins.write_largest_loss_title(stages)
    return drawn_call_ins.draw_funnel(
        stages, call_ins.count_in_custody(frame), frame, drawing, title
    )


def _least(context: ReportContext) -> int:
    return context.settings.thresholds.least_base_for_percentage


def _cadence(context: ReportContext, values: Mapping[str, str]) -> Made:
    held = context.ask("recent_call_ins", city=_city(values))
    cadence = context.ask("cadence_by_city", city=_city(values))
    last = sessions_held.find_last_day(cadence.frame)
    title = "Call-ins held, missed and to come"
    if list_pages.count_all_rows(held.frame) > len(held.frame):
        months = context.ask("call_ins_by_month", city=_city(values))
        drawn = sessions.draw_cadence_by_month(months.frame, context.make_drawing(), last, title)
        return drawn, (months, cadence)
    recent = held.frame.drop(columns=list_pages.OF_ALL)
    return sessions.draw_cadence(recent, context.make_drawing(), last, title), (held, cadence)


def _covered(context: ReportContext, values: Mapping[str, str]) -> Made:
    """A cell a group, or a cell a class where they would be too many."""
    groups = context.ask("group_coverage_grid_page", city=_city(values))
    counts = context.ask("group_coverage_counts", city=_city(values))
    title = groups_with_notice.write_coverage_title(counts.frame)
    if list_pages.count_all_rows(groups.frame) > len(groups.frame):
        return coverage.draw_group_classes(counts.frame, context.make_drawing(), title), (counts,)
    listed = groups.frame.drop(columns=list_pages.OF_ALL)
    return coverage.draw_groups(listed, context.make_drawing(), title), (groups,)


def _ledger(context: ReportContext, values: Mapping[str, str]) -> Made:
    city = _city(values)
    promises = context.ask("promises", city=city)
    groups = context.ask("two_sided_ledger_page", city=city)
    episodes = context.ask("ledger_episodes", city=city)
    actions = context.ask("ledger_restraint", city=city)
    told = (groups.frame["of_all"], episodes.frame["lines_of_all"], actions.frame["lines_of_all"])
    chart = drawn_bargain.draw_ledger(
        promise_text.add_group_status(groups.frame),
        promise_text.add_episode_state(episodes.frame),
        actions.frame,
        context.make_drawing(),
        promises.provenance.data_through or context.today,
        "Each group's side and ours",
        max((int(each.iloc[0]) for each in told if len(each)), default=0),
    )
    return chart, (episodes, groups, actions)


def _greeted(context: ReportContext, values: Mapping[str, str]) -> Made:
    city = _city(values)
    greeting = context.ask("reentry_greeting", city=city)
    first = coming_home.find_first_quarter(greeting.provenance.data_through or context.today)
    exits = context.ask("exits_by_quarter", city=city)
    quarters = coming_home.count_by_quarter(exits.frame, greeting.frame, first)
    return drawn_home.draw_greetings(quarters, context.make_drawing()), (exits, greeting)


def _budget(context: ReportContext, values: Mapping[str, str]) -> Made:
    city = _city(values)
    budget = context.ask("budget_by_city", city=city)
    cost = context.ask("cost_per_person_reached", city=city)
    through = budget.provenance.data_through or context.today
    month = cost.provenance.parameters["fiscal_month"]
    years = budget_and_reviews.sum_by_fiscal_year(budget.frame, month, through)
    return money.draw_spending(years, context.make_drawing()), (budget,)


def _reviews(context: ReportContext, values: Mapping[str, str]) -> Made:
    reviews = context.ask("lists_due_by_city", city=_city(values))
    ahead = reviews.provenance.parameters["ahead_days"]
    return drawn_home.draw_reviews(reviews.frame, context.make_drawing(), ahead), (reviews,)


def _entry(
    name: str,
    title: str,
    make: Callable[[ReportContext, Mapping[str, str]], Made],
    why: str,
    instead: str = NONE_INSTEAD,
    kind: Kind = "rows",
    subject: str = PROGRAM,
) -> Entry:
    return Entry(name, title, (CITY_OR_ALL,), make, f"{why} {instead}", subject, kind)


ENTRIES = (
    _entry(
        "call-in-funnel",
        "From invitation to services",
        _simple("call_in_funnel", _funnel),
        FEW,
        STEPS_INSTEAD,
    ),
    _entry(
        "attendance",
        "Who came, quarter by quarter",
        _simple(
            "attendance_by_quarter",
            lambda context, frame, drawing: sessions.draw_attendance(
                frame, drawing, "Who came, of those the invitation reached, by quarter"
            ),
        ),
        FEW,
        STEPS_INSTEAD,
        "bars",
    ),
    _entry(
        "group-coverage",
        "Which groups have been told",
        _covered,
        NAMES,
        kind="grid",
    ),
    _entry("cadence", "How often call-ins are held", _cadence, FEW, STEPS_INSTEAD, "points"),
    _entry(
        "custom-notifications",
        "Custom notifications",
        _simple(
            "custom_notifications",
            lambda context, frame, drawing: drawn_call_ins.draw_notifications(
                frame, drawing, notifications.write_notifications_title(frame)
            ),
        ),
        FEW,
    ),
    _entry(
        "after-a-shooting",
        "Told within days of a group's shooting",
        _simple(
            "retaliation_window",
            lambda context, frame, drawing: drawn_call_ins.draw_first_days(
                frame, drawing, notifications.write_window_title(frame)
            ),
        ),
        FEW,
    ),
    _entry(
        "group-involvement",
        "How much of it involves a group",
        _simple(
            "gmi_share",
            lambda context, frame, drawing: victims.draw_group_involvement(
                frame, drawing, "How much of it involves a group"
            ),
        ),
        FEW,
        SHOT_INSTEAD,
        subject=PEOPLE,
    ),
    _entry("ledger", "The two-sided ledger", _ledger, NAMES, PROMISES_INSTEAD, "grid"),
    _entry(
        "days-to-enforcement",
        "Days to enforcement",
        _simple(
            "time_to_enforcement",
            lambda context, frame, drawing: enforcement.draw_days_to_action(
                promise_text.build_curves(frame), drawing, "Days to enforcement"
            ),
        ),
        "It tells of cases still open, and so which groups were let off.",
        PROMISES_INSTEAD,
        "lines",
    ),
    _entry(
        "before-and-after-notice",
        "Shootings after notice, of those before",
        _simple(
            "before_after_by_city",
            lambda context, frame, drawing: enforcement.draw_before_and_after(
                rate_ratio.add_rate_ratios(frame),
                drawing,
                "Shootings after notice, of those before",
            ),
        ),
        "Groups are given notice when they shoot most, so a fall after it is no effect.",
        kind="intervals",
    ),
    _entry("met-at-the-gate", "Met at the gate", _greeted, FEW, kind="bars"),
    _entry(
        "supervision",
        "Supervision against its standard",
        _simple(
            "supervision_contacts",
            lambda context, frame, drawing: drawn_home.draw_supervision(
                frame, drawing, _least(context)
            ),
        ),
        FEW,
    ),
    _entry(
        "services",
        "Services, from offer to active",
        _simple(
            "service_uptake",
            lambda context, frame, drawing: drawn_home.draw_services(
                frame, drawing, _least(context)
            ),
        ),
        FEW,
    ),
    _entry(
        "community-requests",
        "What the community asked for",
        _simple(
            "community_requests",
            lambda context, frame, drawing: drawn_home.draw_requests(frame, drawing),
        ),
        "Those who ask are few in each neighbourhood.",
    ),
    _entry(
        "community-events",
        "Community events",
        _simple(
            "community_events",
            lambda context, frame, drawing: drawn_home.draw_events(frame, drawing),
        ),
        "Those who come are few in each neighbourhood.",
        kind="bars",
    ),
    _entry(
        "money-spent",
        "Money given and spent",
        _budget,
        "It is the program's own book, not a published account.",
        kind="bars",
    ),
    _entry(
        "cost-per-person",
        "Cost of each person reached",
        _simple(
            "cost_per_person_reached",
            lambda context, frame, drawing: money.draw_cost_per_person(
                budget_and_reviews.add_cost_per_person(frame), drawing
            ),
        ),
        FEW,
    ),
    _entry("lists-due", "Lists due for review", _reviews, FEW),
)
