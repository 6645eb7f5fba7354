"""Briefing, of violence: against every baseline, the newest days, the state's share, guns."""

from __future__ import annotations

from datetime import date

import pandas as pd

from longevity.charts.chart import MEASURES
from longevity.reports.chart_catalogue.city_comparison import compare_with_baselines, name_all
from longevity.reports.chart_catalogue.definition import find_last_day
from longevity.reports.context import ReportContext
from longevity.reports.report import Card
from longevity.stats import baselines
from longevity.stats.dispersion import IN_SLICES
from longevity.text import briefing, city_comparison, counts, offered_titles, recent_days
from longevity.text.windows import describe_common_day

DAYS = (28, 365)
WHOLE_YEARS_OF_GUNS = 5
COUNTS_WHAT = (
    "People hit by a firearm in a criminal act or one whose circumstance is unknown; homicides "
    "by any weapon are counted apart and never added."
)
TESTED_ON = (
    "Tested on incidents: several people can be shot in one, so people are no independent events "
    "and would make chance look like change. Where people and incidents point apart there is no "
    "clear change."
)
HOW_TESTED = (
    "Exact conditional binomial test of two counts, its interval widened by how much counts "
    "swing from weeks to weeks at one level, over the six years to that day. The mean of several "
    "years is their sum over as many."
)
SHARE = (
    "The share of the state is from a published source, not from this release, and only for "
    "years in which one source gives both numbers: two sources are never divided by each other."
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


def against_each_baseline(context: ReportContext, measure: str) -> Card:
    """Return this year so far against every baseline, a row a city."""
    tested = city_comparison.find_test_measure(measure)
    compared = compare_with_baselines(context, measure)
    names = {**context.cities, baselines.TOGETHER: name_all(compared, context)}
    least = context.settings.thresholds.least_base_for_percentage
    table = briefing.build_baselines_table(compared, MEASURES[measure], names, least)
    fair = context.find_common_day()
    counted_to = describe_common_day(fair, context.cities)
    return Card(
        "briefing.baselines",
        offered_titles.name_subject(
            MEASURES[measure], city_comparison.write_baselines_title(compared, names, least)
        ),
        tuple(filter(None, [city_comparison.describe_missing_cities(compared, names)])),
        table=table,
        answer=context.ask_year_to_date(),
        note=" ".join(
            filter(
                None,
                [
                    briefing.explain_arrows(table),
                    "" if fair.is_even else counted_to,
                    context.explain_absence(measure),
                ],
            )
        ),
        definition=" ".join(
            filter(
                None,
                [
                    HOW_TESTED,
                    COUNTS_WHAT,
                    TESTED_ON if tested != measure else "",
                    f"Percentages on a base of {least} or more.",
                    counted_to if fair.is_even else "",
                    city_comparison.describe_earlier_changes(compared, names),
                ],
            )
        ),
    )


def newest_days(context: ReportContext, measure: str) -> Card:
    """Return the newest 28 and 365 days against the same days a year before."""
    answers = {days: context.ask("rolling_by_city", days=days, windows=2, years=1) for days in DAYS}
    frames = {days: answer.frame for days, answer in answers.items()}
    known = {city for frame in frames.values() for city in frame["city"]}
    names = {city: name for city, name in context.cities.items() if city in known}
    names[baselines.TOGETHER] = counts.name_together(len(names), len(context.cities))
    table = recent_days.build_recent_table(
        frames,
        context.ask("rolling_by_city", **IN_SLICES).frame,
        measure,
        names,
        context.settings.thresholds.least_base_for_percentage,
    )
    return Card(
        "briefing.recent",
        f"{MEASURES[measure].capitalize()}, the newest 28 and 365 days",
        table=None if table.empty else table,
        answer=answers[DAYS[-1]],
        note=" ".join(recent_days.describe_windows(frames, find_last_day(context))),
        definition=f"Whole days that end on the last day counted. {COUNTS_WHAT} {HOW_TESTED}",
    )


def rates(measure: str) -> Card:
    """Return the rate per resident of each city with its interval."""
    return Card("briefing.rates", chart="rates", values={"measure": measure})


def share_of_state(context: ReportContext) -> Card:
    """Return what others published of the cities' share of the state's homicides."""
    answer = context.ask("homicides_share_of_state")
    facts = briefing.drop_later_years(answer.frame, find_last_day(context))
    least = context.settings.thresholds.least_base_for_percentage
    state = context.settings.state
    table = briefing.build_shares_table(facts, least)
    whose = "the cities'" if len(context.cities) > 1 else "the city's"
    none = f"No published source gives both {whose} homicides and the state's."
    return Card(
        "briefing.share",
        f"Share of {state}'s homicides, as published",
        () if len(table) else (none,),
        table=table if len(table) else None,
        answer=answer,
        definition=f"Homicides in the program's cities ÷ homicides in the state. {SHARE}",
    )


def guns(context: ReportContext) -> Card:
    """Return how many homicides were by firearm, this year and in whole years before."""
    through = find_last_day(context)
    to_date = context.ask_year_to_date()
    this_year = briefing.select_guns_so_far(to_date.frame, through)
    least = context.settings.thresholds.least_base_for_percentage
    sentence = counts.describe_gun_share(this_year, through.year, context.cities, least)
    table = _guns_before(context, through)
    if table is not None and len(this_year):
        head, sentence = counts.format_year_so_far(through), ""
        table = briefing.add_guns_so_far(table, this_year, head, context.cities)
    return Card(
        "briefing.guns",
        "Homicides by firearm, of all homicides",
        tuple(filter(None, [sentence, context.explain_absence("homicides")])),
        table=table,
        answer=to_date,
        definition="Homicides by firearm ÷ homicides by any weapon, of this release. Where "
        "the weapon is unknown, a homicide is among the latter only.",
    )


def _guns_before(context: ReportContext, through: date) -> pd.DataFrame | None:
    """Return whole years before this one; None where the data hold none."""
    first, _ = context.find_span()
    if first.year >= through.year:
        return None
    since = through.year - WHOLE_YEARS_OF_GUNS - 1
    answer = context.ask("gun_share_by_city_year", year_from=since)
    table = briefing.build_guns_table(answer.frame, context.cities, WHOLE_YEARS_OF_GUNS)
    return None if table.empty else table


def months(measure: str) -> Card:
    """Return three years month by month."""
    return Card(
        "briefing.months", chart="months", values={"measure": measure}, definition=COUNTS_WHAT
    )
