"""Charts that compare the cities: against their own past, and by rate per resident.

How they are drawn is declared in `words/*.toml`.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from longevity.charts.chart import Chart
from longevity.charts.theme import CHANGE_SYMBOLS
from longevity.facts import windows
from longevity.facts.counted import MEASURES, ON_SCREENS, find_tested
from longevity.findings import change_wording, counting, year_to_date
from longevity.findings.finding import TOGETHER
from longevity.findings.year_to_date import Compared
from longevity.screens.chart_catalogue.definition import make_chart
from longevity.screens.chart_catalogue.over_time import describe_measure
from longevity.screens.choice import Values
from longevity.screens.context import ReportContext
from longevity.stats import rates
from longevity.stats.comparison import Outcome
from longevity.stats.dispersion import (
    estimate_dispersion,
    read_slices_by_city,
)
from longevity.words.say import say

DAYS = 365


def list_baselines(results: Sequence[Compared]) -> pd.DataFrame:
    """Return a row for each place and baseline (such as last year): the count as a multiple of it.

    Arrow, colour and words come from one finding (a count compared with an earlier one and tested),
    so that they cannot contradict each other.
    """
    rows = []
    for result in results:
        for name, finding in result.against.items():
            tested, words = finding.tested, change_wording.describe_finding(finding)
            # Where nothing happened before, there is no ratio, and only the interval is drawn;
            # where nothing happened in either period (NONE), not even that.
            rows.append(
                {
                    "city": result.place,
                    "heading": result.name,
                    "name": year_to_date.BASELINES[name],
                    "ratio": tested.ratio,
                    "low": None if tested.outcome is Outcome.NONE else tested.low,
                    "high": tested.high,
                    "words": words.difference or words.verdict,
                    "sign": words.arrow,
                    "colour": f"change:{words.outcome.value}",
                    "symbol": CHANGE_SYMBOLS[tested.outcome.value],
                }
            )
    return pd.DataFrame(rows)


def compare_baselines(context: ReportContext, values: Values) -> Chart:
    """Chart this year's count of each place against all its baselines."""
    measure = values["measure"]
    found = context.compare_this_year(measure)
    # With one city, all of them together are that city.
    results = [year for place, year in found.items() if place != TOGETHER or len(found) > 2]
    facts = {
        "tested": MEASURES[find_tested(measure)],
        # "An interval that holds 1 is no clear change": what is drawn are ratios.
        "holds": context.say("change.holds", now=1),
    }
    said = year_to_date.list_facts(results[0].last_year)
    return make_chart(
        context,
        "baselines",
        list_baselines(results),
        answers=(context.ask_year_to_date(), context.ask("cities")),
        facts=describe_measure(measure) | facts,
        table=year_to_date.build_baseline_table(results),
        finding=year_to_date.write_baselines_title(results),
        topic=context.say("year_to_date.baselines_topic", said),
        sentences=(context.explain_absence(measure),),
    )


def write_cities_title(rates: pd.DataFrame, noun: str, days: int, cities: Mapping[str, str]) -> str:
    """Return a title that says which city's rate is clearly above which other's.

    `rates`: city, rate, rate_low, rate_high. Only cities whose intervals do not overlap are ranked,
    which is stricter than a test of their difference. `noun`: what is counted.
    """
    rows = [*rates[rates["rate"].notna()].sort_values("rate", ascending=False).itertuples()]
    pairs = [
        say("rate.above", high=cities[high.city], low=cities[low.city])
        for high, low in itertools.combinations(rows, 2)
        if high.rate_low > low.rate_high
    ]
    name = "" if pairs else "_one" if len(rows) < 2 else "_none"
    return say(f"rate.apart{name}", noun=noun, days=days, pairs=pairs)


def compute_rates(context: ReportContext, values: Values) -> Chart:
    """Chart each city's rate per residents in the last 365 days, with its interval."""
    measure = values["measure"]
    span = windows.span_last_days(context.find_last_day(), DAYS)
    year, residents = counting.count_whole(context, [span]), context.ask("residents_by_city")
    population = residents.frame[["city", "residents"]].set_axis(["city", "population"], axis=1)
    counts = year.frame[["city", "date_from", "date_until", *ON_SCREENS]]
    of_year = counts.merge(population, on="city", how="left")
    slices = counting.count_slices(context, context.find_last_day())
    series = read_slices_by_city(slices.frame, measure)
    dispersions = {
        city: estimate_dispersion([series.get(city, [])]) for city in of_year["city"].unique()
    }
    with_intervals = rates.add_rate_intervals_by_city(of_year, measure, DAYS, dispersions)
    about: dict[str, Any] = {"noun": MEASURES[measure], "days": DAYS}
    unknown = of_year.loc[of_year["population"].isna(), "city"].map(context.cities).tolist()
    return make_chart(
        context,
        "rates",
        with_intervals[with_intervals["rate"].notna()],
        answers=(year, residents),
        facts=describe_measure(measure) | about,
        table=with_intervals,
        finding=write_cities_title(with_intervals, about["noun"], DAYS, context.cities),
        topic=context.say("rate.topic", about),
        sentences=(
            context.say("rate.missing", places=unknown) if unknown else "",
            context.explain_absence(measure),
        ),
    )
