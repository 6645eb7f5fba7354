"""Charts that set the cities beside each other."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from longevity import windows
from longevity.charts.chart import add_sentence
from longevity.charts.figures import changes, cities
from longevity.charts.figures.safety_gap import draw_safety_gap
from longevity.errors import DataError
from longevity.findings import availability, counting, year_to_date
from longevity.findings.finding import TOGETHER, find_tested
from longevity.measures.nouns import MEASURES
from longevity.measures.say import say
from longevity.screens import safety_gap as safety_gap_text
from longevity.screens.chart_catalogue.definition import (
    COMPARED,
    LAST_YEAR,
    MEASURE,
    ChartAndAnswers,
    Entry,
    Values,
    find_last_day,
    finish_chart,
)
from longevity.screens.context import ReportContext
from longevity.screens.year_changes import find_year
from longevity.stats import funnel_plot, rates
from longevity.stats import safety_gap as safety_gaps
from longevity.stats.dispersion import (
    Dispersion,
    estimate_dispersion,
    read_slices_by_city,
)
from longevity.stats.funnel_plot import ABOVE, BELOW, INSIDE, FunnelPlot
from longevity.stats.periods import Period
from longevity.stats.placement import find_few_placed_years
from longevity.stats.safety_gap import VICTIMS, SafetyGap
from longevity.warehouse.warehouse import Answer

DAYS = 365
MOST_NAMES = 4  # places a title has room for
MOST_YEARS = 20  # that the question of neighbourhoods by year steps back


def _draw_baselines(context: ReportContext, values: Values) -> ChartAndAnswers:
    measure = values["measure"]
    found = find_year(context, measure)
    results = [year for place, year in found.items() if place != TOGETHER or len(found) > 2]
    chart = changes.draw_baselines(
        results,
        context.make_drawing(),
        year_to_date.write_baselines_title(results),
        MEASURES[measure],
        MEASURES[find_tested(measure)],
    )
    facts = year_to_date.list_facts(results[0].last_year)
    cities = [year.last_year for year in results if year.place != TOGETHER]
    topic = context.say("year_to_date.baselines_topic", facts)
    others = {LAST_YEAR: year_to_date.write_title(cities)}
    answers = (context.ask_year_to_date(), context.ask("cities"))
    return finish_chart(context, chart, measure, topic, *answers, others=others)


def write_funnel_title(funnel: FunnelPlot, noun: str, days: int) -> str:
    """Say which places are outside what chance would give, by name while there are few."""
    facts = {"noun": noun, "days": days, "areas": funnel.places["rate"].notna().sum()}
    if funnel.rate is None:
        return say("rate.funnel_no_rate", facts)
    by_state = funnel.places.groupby("at_998")["name"].agg(list)
    names = {way: by_state.get(state, []) for way, state in (("above", ABOVE), ("below", BELOW))}
    far = sum(map(len, names.values()))
    if far > MOST_NAMES:
        names = {way: [len(places)] if places else [] for way, places in names.items()}
    return say(f"rate.funnel{'' if far else '_none'}", facts, names, far=far)


def _describe_near(funnel: FunnelPlot) -> str:
    """Say how many places are between the two limits; empty of none."""
    if funnel.rate is None:
        return ""
    places = funnel.places
    near = ((places["at_95"] != INSIDE) & (places["at_998"] == INSIDE)).sum()
    return say("rate.near", near=near) if near else ""


def write_cities_title(rates: pd.DataFrame, noun: str, days: int, cities: Mapping[str, str]) -> str:
    """Say which city's rate is above which other's, from their intervals.

    `rates`: city, rate, rate_low, rate_high. Cities whose intervals overlap are not ranked; that
    intervals are apart is the stricter claim.
    """
    rows = [*rates[rates["rate"].notna()].sort_values("rate", ascending=False).itertuples()]
    pairs = [
        say("rate.above", high=cities[high.city], low=cities[low.city])
        for high, low in itertools.combinations(rows, 2)
        if high.rate_low > low.rate_high
    ]
    name = "" if pairs else "_one" if len(rows) < 2 else "_none"
    return say(f"rate.apart{name}", noun=noun, days=days, pairs=pairs)


def _pool_dispersion(context: ReportContext, measure: str) -> Dispersion | None:
    """Estimate from all cities how much the counts of a city swing by chance."""
    slices = counting.count_slices(context, find_last_day(context))
    return estimate_dispersion(list(read_slices_by_city(slices.frame, measure).values()))


def _draw_rates(context: ReportContext, values: Values) -> ChartAndAnswers:
    measure = values["measure"]
    span = windows.span_last_days(find_last_day(context), DAYS)
    year, residents = counting.count_whole(context, [span]), context.ask("residents_by_city")
    population = residents.frame[["city", "residents"]].set_axis(["city", "population"], axis=1)
    counts = year.frame[["city", "date_from", "date_until", *counting.COUNTED]]
    of_year = counts.merge(population, on="city", how="left")
    slices = counting.count_slices(context, find_last_day(context))
    series = read_slices_by_city(slices.frame, measure)
    dispersions = {
        city: estimate_dispersion([series.get(city, [])]) for city in of_year["city"].unique()
    }
    with_intervals = rates.add_rate_intervals_by_city(of_year, measure, DAYS, dispersions)
    noun = MEASURES[measure]
    title = write_cities_title(with_intervals, noun, DAYS, context.cities)
    chart = cities.draw_rates(with_intervals, context.make_drawing(), measure, DAYS, title)
    unknown = of_year.loc[of_year["population"].isna(), "city"].map(context.cities).tolist()
    if unknown:
        chart = add_sentence(chart, context.say("rate.missing", places=unknown))
    topic = context.say("rate.topic", noun=noun, days=DAYS)
    return finish_chart(context, chart, measure, topic, year, residents)


def _draw_funnel(context: ReportContext, values: Values) -> ChartAndAnswers:
    measure = values["measure"]
    newest = Period("", *windows.span_last_days(find_last_day(context), DAYS))
    located = context.count_areas(newest)
    places = availability.select_known(located.frame, measure).rename(
        columns={"neighbourhood": "name"}
    )
    funnel = funnel_plot.build_funnel(places, measure, DAYS, _pool_dispersion(context, measure))
    noun = MEASURES[measure]
    title = write_funnel_title(funnel, noun, DAYS)
    chart = cities.draw_funnel(funnel, context.make_drawing(), measure, title)
    chart = add_sentence(chart, _describe_near(funnel))
    topic = context.say("rate.funnel_topic", noun=noun, days=DAYS)
    return finish_chart(context, chart, measure, topic, located)


def measure_safety_gaps(context: ReportContext) -> tuple[dict[str, SafetyGap], tuple[Answer, ...]]:
    """Return the safety gap of each city over the whole years there are, and the answers behind."""
    last = (find_last_day(context) + timedelta(days=1)).year - 1
    year = (date(last, 1, 1), date(last + 1, 1, 1))
    counts = counting.count_areas(context, year, MOST_YEARS)
    slices = counting.count_slices(context, year[1] - windows.DAY, unit=counting.AREAS)
    dispersions = safety_gaps.pool_dispersions(slices.frame)
    few_placed = find_few_placed_years(counts.frame, counting.count_years(context).frame, VICTIMS)
    by_year = counts.frame.assign(year=counts.frame["date_from"].dt.year)
    return (
        safety_gaps.measure_safety_gaps(by_year, dispersions, few_placed),
        (counts, context.ask("areas")),
    )


def _draw_safety_gap(context: ReportContext, _values: Values) -> ChartAndAnswers:
    gaps, answers = measure_safety_gaps(context)
    sentences = safety_gap_text.list_sentences(context, gaps)
    table = safety_gaps.build_table(gaps)
    if table["ratio_low"].isna().all():
        raise DataError(" ".join(sentences) or context.say("safety_gap.none_yet"))
    last = int(table["year"].max())
    unlocated = context.ask(
        "unlocated_victims_by_city",
        date_from=date(last + 1 - safety_gaps.PERIOD, 1, 1),
        date_until=date(last + 1, 1, 1),
    )
    in_no_fifth = safety_gap_text.describe_unlocated(context, unlocated.frame, gaps)
    title = safety_gap_text.write_title(context, gaps)
    chart = draw_safety_gap(table, context.make_drawing(), title)
    method = context.say("safety_gap.method")
    chart = replace(chart, sentences=(*sentences, in_no_fifth, method))
    topic = context.say("safety_gap.topic")
    return finish_chart(context, chart, VICTIMS, topic, *answers, unlocated)


ENTRIES = (
    Entry(
        "baselines",
        "This year so far against every baseline",
        (MEASURE,),
        _draw_baselines,
        subject=COMPARED,
    ),
    Entry(
        "rates",
        "Rates per resident, with their intervals",
        (MEASURE,),
        _draw_rates,
        subject=COMPARED,
    ),
    Entry("funnel", "Neighbourhoods in a funnel", (MEASURE,), _draw_funnel, subject=COMPARED),
    Entry(
        "safety-gap", "Safety gap between neighbourhoods", (), _draw_safety_gap, subject=COMPARED
    ),
)
