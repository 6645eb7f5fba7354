"""Briefing, of violence: the year so far, and the cities' share of the state's homicides."""

from __future__ import annotations

from longevity.reports.chart_catalogue.definition import find_last_day
from longevity.reports.context import ReportContext
from longevity.reports.report import Card
from longevity.text import briefing, counts

COUNTS_WHAT = (
    "People hit by a firearm in a criminal act or one whose circumstance is unknown; homicides "
    "by any weapon are counted apart and never added."
)
SHARE = (
    "Homicides in the program's cities ÷ homicides in the state, from a published source, not from "
    "this release, and only for years in which one source gives both numbers: two sources are "
    "never divided by each other."
)


def so_far(context: ReportContext, measure: str, width: int = 1) -> Card:
    """Return the same days of each year, a line a city."""
    through = find_last_day(context)
    least = context.settings.thresholds.least_base_for_percentage
    in_full = counts.describe_year_to_date(
        context.ask_year_to_date().frame,
        measure,
        through,
        context.cities,
        least,
        context.explain_absence(measure),
    )
    return Card(
        "briefing.so-far",
        chart="year-to-date",
        values={"measure": measure},
        note=in_full,
        definition=COUNTS_WHAT,
        width=width,
    )


def share_of_state(context: ReportContext) -> Card:
    """Return what others published of the cities' share of the state's homicides, in a line."""
    answer = context.ask("homicides_share_of_state")
    facts = briefing.drop_later_years(answer.frame, find_last_day(context))
    least = context.settings.thresholds.least_base_for_percentage
    where = "the cities" if len(context.cities) > 1 else "the city"
    line = briefing.describe_share(facts, where, context.settings.state, least)
    return Card("briefing.share", sentences=(line,), answer=answer, definition=SHARE)
