"""Briefing, of violence: the year so far, and the cities' share of the state's homicides."""

from __future__ import annotations

from longevity import citations
from longevity.absent import Absent
from longevity.findings import year_to_date
from longevity.findings.finding import TOGETHER
from longevity.measures import wording
from longevity.screens.context import ReportContext
from longevity.screens.report import Card

COUNTS_WHAT = (
    "People hit by a firearm in a criminal act or one whose circumstance is unknown; homicides "
    "by any weapon are counted apart and never added."
)
SHARE = (
    "Homicides in the program's cities ÷ homicides in the state, from a published source, not from "
    "this release, and only for years in which one source gives both numbers: two sources are "
    "never divided by each other."
)


def so_far(context: ReportContext, measure: str) -> Card:
    """Return the same days of each year, a line a city."""
    return Card(
        "briefing.so-far",
        chart="year-to-date",
        values={"measure": measure},
        note=write_in_full(context, measure),
        definition=COUNTS_WHAT,
        width=3,
    )


def list_slides(context: ReportContext, measure: str) -> list[Card]:
    """Return how it went and where, to be taken away."""
    of_measure = {"measure": measure}
    return [
        so_far(context, measure),
        Card("briefing.months", chart="twelve-months", values=of_measure),
        Card("briefing.where", chart="area-map", values=of_measure),
    ]


def write_in_full(context: ReportContext, measure: str) -> str:
    """Return the count of all cities together in a sentence; why there is none."""
    together = context.find_year(measure)[TOGETHER].last_year
    if isinstance(together.now, Absent):
        return context.explain_absence(measure)
    fatal = context.find_year("fatal")[TOGETHER].last_year.tested
    killed = fatal.current if measure == "victims" else None
    counted = [year.name for year in context.list_years(measure)]
    return year_to_date.write_in_full(together, killed, counted)


def share_of_state(context: ReportContext) -> Card:
    """Return what others published of the cities' share of the state's homicides, in a line."""
    answer = context.ask("homicides_share_of_state")
    facts = answer.frame[answer.frame["year"] <= context.find_last_day().year]
    least = context.least_base
    where = "the cities" if len(context.cities) > 1 else "the city"
    names = {"where": where, "whole": context.settings.state}
    line = context.say("state_share.none", names)
    for row in facts[facts["year"] == facts["year"].max()].itertuples():
        share = wording.format_share(row.cities, row.state, least) if row.state >= least else ""
        site = citations.name_site(row.source)
        line = context.say("state_share.line", names, row._asdict(), share=share, site=site)
    return Card("briefing.share", sentences=(line,), answer=answer, definition=SHARE)
