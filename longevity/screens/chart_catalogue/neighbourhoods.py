"""Charts of places: the map of a city's neighbourhoods, the hours of the week, years of a place.

The map is drawn by code; how the others are drawn is declared in `words/*.toml`. A place is
"hartford", or "hartford/Frog Hollow".
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
from babel.dates import get_day_names

from longevity.base.errors import DataError
from longevity.charts.chart import Chart, name_measure
from longevity.charts.kinds import area_maps
from longevity.charts.theme import RAMP
from longevity.checks.sql_files import PLACED
from longevity.facts import windows
from longevity.facts.counted import MEASURES, say_clause
from longevity.findings import area_rates as rate_text
from longevity.findings import areas as area_changes
from longevity.findings import availability, counting, places
from longevity.findings.areas import CityAreas, find_areas
from longevity.screens.chart_catalogue.definition import (
    make_chart,
)
from longevity.screens.chart_catalogue.over_time import chart_years, write_newest_title
from longevity.screens.choice import (
    ALL,
    Choice,
    Values,
    list_periods_of_any,
)
from longevity.screens.context import ReportContext
from longevity.stats import placement, rates
from longevity.stats.periods import DAYS_28, TO_DATE, WHOLE, Period
from longevity.warehouse.warehouse import Answer
from longevity.words import dates, wording
from longevity.words.language import find_locale, translate
from longevity.words.say import say

MOST_YEARS = 20  # before this one, for the classes of a map's colours
YEARS_OF_HOURS = 2  # before this one, for the hours of the week
BLOCK = 3  # hours counted together: in one neighbourhood a single hour has too few shootings
PLACE_KEY = ["city", "neighbourhood"]
SIZE = (1000, 560)  # pixels of a map
ALONE = (1000, 440)  # of one city on the screen, next to which a neighbourhood is opened
SIDE_BY_SIDE = (300, 400)  # of each city's map, where several are next to each other


@dataclass(frozen=True)
class Shaded:
    """The areas of a map with their values, the classes of its colours (`shades`), and a note.

    `areas`: city, neighbourhood, value, state, and `said`, the words of a hover. `mapped`,
    `located`: the answers of the values and of how many could be placed. `changes`: the tested
    changes of each city's areas, whatever the map shows.
    """

    areas: pd.DataFrame
    shades: area_maps.Key
    note: str
    mapped: Answer
    located: Answer
    changes: Mapping[str, CityAreas]


def shade_areas(
    context: ReportContext, city: str | None, measure: str, period: Period, show: str
) -> Shaded:
    """Return the shaded areas of a city's map, or of all cities' (None), in a period.

    `show`: what is shown, one of `findings.areas.VIEWS`: count, rate or change.
    """
    located = context.count_areas(period, city)
    counts = counting.count_areas(context, period.window, years=1, city=city)
    slices = counting.count_slices(context, period.last, city=city, unit=counting.AREAS)
    changes = _withhold_where_few_placed(
        context,
        find_areas(
            counts.frame, slices.frame, located.frame, measure, period.window, context.least_base
        ),
        counts.frame,
        city,
        measure,
        period,
    )
    if show == area_changes.CHANGE:
        areas, mapped = area_changes.build_map_frame(changes), counts
        note = area_changes.explain_too_long(period.window)
        untold = area_changes.join_untold(changes)
        if not note and (not untold or any(of_city.tests for of_city in changes.values())):
            note = area_changes.explain_changes(measure)
        note = f"{untold} {note}".strip()
        shades = area_maps.Key(say("areas.unit", noun=MEASURES[measure]))
    else:
        areas, mapped = _value_areas(counts.frame, measure, show), located
        note = say("rate.read") if show == rates.RATE else ""
        # Computed as the public, so once for all viewers.
        past = context.as_public().compute(list_past, measure, period.key, show)
        # Without past values the classes are made of the values shown.
        values = past or areas["value"].dropna().tolist()
        unit, decimals = rate_text.name_unit(measure, show), rate_text.choose_decimals(show)
        shades = area_maps.build_scale(values, unit, decimals)
    return Shaded(areas, shades, note, mapped, located, changes)


def _withhold_where_few_placed(
    context: ReportContext,
    changes: Mapping[str, CityAreas],
    counts: pd.DataFrame,
    city: str | None,
    measure: str,
    period: Period,
) -> dict[str, CityAreas]:
    """Return the changes, without verdicts in a city where too few shootings could be placed.

    Counts of areas can then change only because more or fewer were placed. `counts`: of areas, in
    the period (`back` 0) and a year before (1).
    """
    result = dict(changes)
    placed = counts.groupby(["city", "back"])[measure].sum()
    spans = [windows.step_back(period.window, back) for back in (0, 1)]
    totals = counting.count_whole(context, spans, city=city).frame
    for name, back, total in zip(
        *(totals[column] for column in ("city", "back", measure)), strict=True
    ):
        of, areas = int(placed.get((name, back), 0)), result.get(name)
        if areas and areas.tests and placement.has_few_placed(of, total - of):
            facts = {"placed": of, "total": total, "noun": MEASURES[measure]}
            during = wording.format_during(*spans[back])
            facts |= {"name": context.cities[name], "during": during}
            result[name] = areas.withhold(context.say("areas.few_placed", facts))
    return result


def _value_areas(counts: pd.DataFrame, measure: str, show: str) -> pd.DataFrame:
    """Return each area with its value, its state and the words of a hover.

    `counts`: of areas, now (`back` 0) and a year before (1), which the hover names too.
    """
    now, before = (counts[counts["back"] == back].set_index(PLACE_KEY) for back in (0, 1))
    known = availability.select_known(now.reset_index(), measure)
    days = _count_days(known)
    areas = rates.compute_area_values(known, measure, days, show)
    a_year_before = before[measure].reindex(pd.MultiIndex.from_frame(known[PLACE_KEY]))
    areas = rate_text.add_hover_text(areas, measure, days, a_year_before)
    return areas.drop(columns=["back", "date_from", "date_until"])


def describe_where(context: ReportContext, city: str | None, measure: str, period: Period) -> str:
    """Return a sentence on where in one city, or in all (None), most were counted."""
    located = context.count_areas(period, city)
    unlocated = context.ask_period("unlocated_victims_by_city", period, city=city)
    during = wording.format_during(*period.window)
    return places.describe_where(located.frame, unlocated.frame, measure, context.cities, during)


def list_past(
    context: ReportContext, measure: str, period_key: str, show: str = rates.COUNT
) -> list[float]:
    """Return the values of all cities' areas in past times as long as a period; empty without any.

    The classes of a map's colours are made of them, so that they stay the same whichever city or
    year is chosen. For a period of about a year these are whole years; for all of the data together
    there are none.
    """
    counts = _read_past(context, period_key, measure)
    if counts is None:
        return []
    areas = rates.compute_area_values(counts, measure, _count_days(counts), show)
    return [float(value) for value in areas["value"].dropna()]


def _read_past(
    context: ReportContext, period_key: str, measure: str, city: str | None = None
) -> pd.DataFrame | None:
    """Return counts of areas in past times as long as a period; None where there are none.

    Of one city or of all (None); counts that are not known are left out.
    """
    first, through = context.find_span()[0], context.find_span(city)[1]
    last_year = windows.span_year(through.year - 1)
    if period_key == DAYS_28:
        slices = counting.count_slices(context, through, city=city, unit=counting.AREAS)
        answer = counting.add_population(context, slices)
    elif period_key == WHOLE or last_year[0] < first:
        return None
    else:
        years = min(MOST_YEARS, last_year[0].year - first.year)
        answer = counting.count_areas(context, last_year, years, city)
    return availability.select_known(answer.frame, measure)


def _count_days(frame: pd.DataFrame) -> pd.Series:
    """Return the number of days in each row's period. `frame`: date_from, date_until."""
    return (frame["date_until"] - frame["date_from"]).dt.days


def classify_28_days(context: ReportContext, measure: str) -> area_maps.Key:
    """Return the classes of a map's colours for 28 days, the same for every city and week."""
    values = context.as_public().compute(list_past, measure, DAYS_28)
    return area_maps.build_scale(values, f"{MEASURES[measure]} in 28 days")


def explain_no_map(context: ReportContext, city: str, period: Period) -> str:
    """Return a sentence on why there is no map of a city in a period."""
    if city in context.find_late_starts(period.start):
        return context.say("where.not_covered")
    if not context.has_boundaries(city):
        return context.say("where.no_boundaries")
    return context.explain_few_placed(city, period.start) or context.say("where.not_supplied")


def draw_city_map(context: ReportContext, values: Values) -> Chart:
    """Return the map of one city as a chart of the catalogue, with title and words of its own."""
    city, measure, show = values["city"], values["measure"], values["show"]
    period = context.find_period(values["period"], city)
    result = context.compute(shade_areas, city, measure, period, show)
    areas = result.areas[result.areas["city"] == city]
    if areas.empty or not context.has_boundaries(city):
        not_held = context.explain_absence(measure, city)
        raise DataError(not_held or explain_no_map(context, city, period))
    unlocated = context.ask_period("unlocated_victims_by_city", period, city=city)
    located, of_city = (
        answer.frame[answer.frame["city"] == city] for answer in (result.located, unlocated)
    )
    unplaced = places.describe_unlocated(located, of_city, measure)
    unit = f"{result.shades.unit[:1].upper()}{result.shades.unit[1:]}"
    by = translate("{noun}, by neighbourhood", noun=unit)
    name, during = context.cities[city], wording.format_during(*period.window)
    title = topic = f"{by}, {name}, {during}"
    if show == rates.COUNT:
        title = places.describe_where(located, of_city, measure, context.cities, during)
    elif show == area_changes.CHANGE:
        said = area_changes.write_changes_title({city: result.changes[city]}, context.cities)
        title = f"{name}, {result.shades.unit}, {during}: {said}"
    title, lines = title.removesuffix("."), context.credit_boundaries(city)
    return replace(
        draw_map(context, city, measure, period, show, city, opened=None, size=SIZE),
        title=title,
        subtitle=f"{by}. {unplaced} {lines}".rstrip(),
        alt=f"{title}. {lines}".rstrip(),
        sentences=(result.note,) if result.note else (),
        topic=topic,
        answers=(result.mapped, unlocated),
    )


def draw_map(
    context: ReportContext,
    city: str | None,
    measure: str,
    period: Period,
    show: str,
    map_city: str,
    opened: str | None,
    size: tuple[int, int],
) -> Chart:
    """Return the map of `map_city`, one of those that a screen shows for `city` (None: all).

    `opened`: the area to mark; `size`: width and height in pixels.
    """
    result = context.compute(shade_areas, city, measure, period, show)
    areas = result.areas[result.areas["city"] == map_city]
    chart = area_maps.draw_areas(
        areas,
        context.read_boundaries(map_city),
        context.make_drawing(),
        result.shades,
        selected=opened,
        title=context.cities[map_city],
        size=size,
    )
    file = f"{name_measure(measure)}-{show}-by-neighbourhood"
    return replace(chart, file=file, table=areas.drop(columns=["said"]))


def _list_areas(context: ReportContext, _: Values) -> Mapping[str, str]:
    """Return the places to choose from: each whole city, then each "city/neighbourhood"."""
    frame = context.ask("areas").frame
    places = zip(frame["city"].tolist(), frame["neighbourhood"].tolist(), strict=True)
    choices = {f"{city}/{name}": f"{name}, {context.cities[city]}" for city, name in places}
    whole = {city: f"{name}, the whole city" for city, name in context.cities.items()}
    return {**whole, **choices}


def _list_places(context: ReportContext, _: Values) -> Mapping[str, str]:
    areas = _list_areas(context, _)
    return {ALL: "All cities, side by side", **areas} if len(context.cities) > 1 else areas


AREA = Choice("area", "Place", _list_areas)


def _split_place(context: ReportContext, value: str) -> tuple[dict[str, Any], str]:
    """Return the parameters of a query for a place such as "hartford/Frog Hollow", and its name."""
    city, _, neighbourhood = value.partition("/")
    if not neighbourhood:
        return {"city": city}, context.cities[city]
    return {"city": city, "neighbourhood": neighbourhood}, neighbourhood


def write_place_title(
    frame: pd.DataFrame, measure: str, name: str, begun: date | None, through: date
) -> str:
    """Return a title with the newest year's count of one place, and the most of the years before.

    `frame`: year, `measure`, complete (bool: whether the whole year is counted). `begun`: the day
    the data begin, if it is in the newest year; `through`: the last day counted.
    """
    last = frame.loc[frame["year"].idxmax()]
    year = int(last["year"])
    whole = frame[frame["complete"] & (frame["year"] < year)]
    facts: dict[str, Any] = {"years": None}
    if len(whole):
        facts = {
            words: dates.format_years(whole[column].min(), whole[column].max())
            for words, column in (("years", "year"), ("most", measure))
        }
    first, until = windows.span_year(year)
    until = until if last["complete"] else min(through + windows.DAY, until)
    during = wording.format_during(begun or first, until)
    clause = say_clause(measure, n=last[measure])
    return say("counted.one_place", facts, clause=clause, name=name, during=during)


def count_years(context: ReportContext, values: Values) -> Chart:
    """Chart the counts by year of a place, or of all cities side by side."""
    measure = values["measure"]
    if values["area"] == ALL:
        return _count_years_of_cities(context, measure)
    params, name = _split_place(context, values["area"])
    city = params["city"]
    through = context.find_last_day(city)
    answer = counting.count_calendar(context, "year", through, **params)
    if answer.frame.empty:
        few_placed = context.explain_few_placed(city, through) if len(params) > 1 else ""
        raise DataError(few_placed or say("absent.nothing_to_show", place=name))
    not_held = context.explain_absence(measure, city)
    if not_held:
        raise DataError(not_held)
    # Years in which few shootings could be placed are drawn, but not compared in the title.
    apart = _find_few_placed_years(context, measure, **params)
    is_compared = answer.frame["complete"] & ~answer.frame["year"].isin(apart)
    compared = answer.frame.assign(complete=is_compared)
    why = context.say(
        "where.years_apart",
        name=context.cities[city],
        noun=MEASURES[measure],
        years=dates.join_years(apart),
        least=round(100 * PLACED),
    )
    begun = context.find_late_starts_in(through.year).get(city)
    finding = write_place_title(compared, measure, name, begun, through)
    return chart_years(
        context,
        answer,
        answer.frame,
        measure,
        through,
        finding=finding,
        places=[name],
        sentence=why,
    )


def _find_few_placed_years(
    context: ReportContext, measure: str, city: str, neighbourhood: str = ""
) -> Collection[int]:
    """Return the years in which too few of a city's shootings could be placed in its areas.

    () for a whole city, whose counts need no place.
    """
    past = _read_past(context, TO_DATE, measure, city) if neighbourhood else None
    if past is None:
        return ()
    by_city = counting.count_calendar(context, "year", city=city).frame
    return placement.find_few_placed_years(past, by_city, measure)


def _count_years_of_cities(context: ReportContext, measure: str) -> Chart:
    """Chart the counts by year of all cities, side by side."""
    answer = counting.count_calendar(context, "year")
    counts = availability.select_known(answer.frame, measure)
    not_held = context.explain_absence(measure)
    if counts.empty:
        raise DataError(not_held or say("absent.nothing_to_show", place=translate("any city")))
    whole = counts[counts["complete"].astype(bool)]
    finding = write_newest_title(
        MEASURES[measure], whole, column="year", measure=measure, cities=context.cities
    )
    names = [context.cities[city] for city in context.cities if city in {*counts["city"]}]
    through = context.find_last_day()
    return chart_years(
        context, answer, counts, measure, through, finding=finding, places=names, sentence=not_held
    )


def _list_years(context: ReportContext, _: Values) -> Mapping[str, str]:
    return {"recent": "The last two years and this one", **list_periods_of_any(context, _)}


def write_busiest_hours_title(frame: pd.DataFrame, name: str) -> str:
    """Return a title with the three hours of the week that had most shootings, unless several tie.

    `frame`: as for `lay_hours`; `name`: of the place.
    """
    grid = lay_hours(frame)
    busiest = grid[grid["count"] == grid["count"].max()]
    facts = {"noun": MEASURES["incidents"], "name": name, "total": grid["count"].sum()}
    facts |= busiest.iloc[0].to_dict()
    return say(f"counted.hours{'_even' if len(busiest) > 1 else ''}", facts)


def _name_hour(hour: int) -> str:
    """Return an hour as people say it: "9 pm", "midnight"."""
    if hour % 12 == 0:
        return translate("midnight" if hour % 24 == 0 else "noon")
    return translate("{hour} am" if hour < 12 else "{hour} pm", hour=hour % 12)


def describe_hours(frame: pd.DataFrame) -> dict[str, Any]:
    """Return the facts for sentences about hours: how many shootings, and how many without one."""
    total, unknown = frame["incidents"].sum(), frame.loc[frame["hour"].isna(), "incidents"].sum()
    return {"noun": MEASURES["incidents"], "total": total, "unknown": unknown}


def lay_hours(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each weekday and block of three hours, with its count and colour.

    `frame`: weekday (ISO 1 to 7), hour (0 to 23, missing where unknown), incidents. Those without
    an hour are left out.
    """
    known = frame[frame["hour"].notna()]
    starts = known["hour"].astype("int64") // BLOCK * BLOCK
    counts = known.groupby([known["weekday"], starts])["incidents"].sum()
    every = pd.MultiIndex.from_product([range(1, 8), range(0, 24, BLOCK)], names=["at", "from"])
    grid = counts.reindex(every).fillna(0).astype("int64").rename("count").reset_index()
    strengths = (len(RAMP) * grid["count"] / max(1, grid["count"].max())).apply(math.ceil)
    start = grid["from"].map(_name_hour)
    return grid.assign(
        day=[get_day_names("wide", locale=find_locale())[at - 1] for at in grid["at"]],
        weekday=[get_day_names("abbreviated", locale=find_locale())[at - 1] for at in grid["at"]],
        start=start,
        until=(grid["from"] + BLOCK).map(_name_hour),
        hour=start.str.replace(" ", "<br>"),
        colour=[f"ramp:{strength}" for strength in strengths],
    )


def count_hours(context: ReportContext, values: Values) -> Chart:
    """Chart the shootings of a place by weekday and hour; DataError where no hour is known."""
    params, name = _split_place(context, values["area"])
    through = context.find_last_day(params["city"])
    first, last = through.year - YEARS_OF_HOURS, through.year
    if values["years"] != "recent":
        first, last = context.find_period(values["years"], params["city"]).years
    answer = context.ask(
        "incidents_by_hour_and_weekday", **params, year_from=first, year_until=last + 1
    )
    if not answer.frame.loc[answer.frame["hour"].notna(), "incidents"].sum():
        not_held = context.explain_absence("incidents", params["city"])
        few_placed = ""
        if len(params) > 1:
            few_placed = context.explain_few_placed(params["city"], date(first, 1, 1))
        unknown = context.say("counted.hours_unknown", total=answer.frame["incidents"].sum())
        raise DataError(not_held or few_placed or unknown)
    topic = context.say(
        "counted.hours_topic",
        noun=MEASURES["incidents"],
        name=name,
        years=dates.format_years(first, last),
        day=context.find_late_starts_in(first).get(params["city"]),
    )
    return make_chart(
        context,
        "hours-and-weekdays",
        lay_hours(answer.frame),
        answers=(answer,),
        facts={"topic": topic, **describe_hours(answer.frame)},
        table=answer.frame,
        finding=write_busiest_hours_title(answer.frame, name),
        topic=topic,
    )


PLACE = Choice("area", "Place", _list_places)
YEARS = Choice("years", "Years", _list_years)
