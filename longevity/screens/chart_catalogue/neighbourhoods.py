"""Charts of places: the map of a measure, the hours of the week, a neighbourhood's years."""

from __future__ import annotations

import calendar
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

import pandas as pd

from longevity import windows
from longevity.charts.chart import Chart, name_measure
from longevity.charts.kinds import area_maps
from longevity.charts.template.maps import Step
from longevity.charts.theme import RAMP
from longevity.checks.sql_files import PLACED
from longevity.errors import DataError
from longevity.findings import area_rates as rate_text
from longevity.findings import areas as area_changes
from longevity.findings import availability, counting, places
from longevity.findings.areas import CityAreas, find_areas
from longevity.measures import wording
from longevity.measures.nouns import MEASURES
from longevity.measures.say import say
from longevity.screens.chart_catalogue.declared import Prepare, Prepared
from longevity.screens.chart_catalogue.definition import (
    ALL,
    CITY,
    FINDING,
    MEASURE,
    PERIOD,
    PLACES,
    TOPIC,
    ChartAndAnswers,
    Entry,
    Parameter,
    Values,
    find_last_day,
    name_topic,
)
from longevity.screens.chart_catalogue.over_time import prepare_years, write_newest_title
from longevity.screens.context import Plain, ReportContext
from longevity.stats import placement, rates
from longevity.stats.periods import WHOLE, Period, find_first_whole_year
from longevity.warehouse.warehouse import Answer

T = TypeVar("T")
DAYS_28 = "28d"
THIS_YEAR = "ytd"
WINDOWS_A_YEAR = 13  # of 28 days
MOST_YEARS = 20  # as many as are asked about at once
YEARS_OF_HOURS = 2  # before this one
BLOCK = 3  # hours said as one: single hours are too thin for one neighbourhood
BY_HOUR = ("incidents", "victims")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BLOCK = 3  # hours in one cell: single hours are too thin for one neighbourhood
DRAWN = ["neighbourhood", "value", "state", "said"]  # of an area
SIZE = (1000, 560)
ALONE = (1000, 440)  # of one city on the screen, beside which a neighbourhood is opened
BESIDE = (300, 400)  # of each city, where they stand side by side


@dataclass(frozen=True)
class Shaded:
    """The areas of a map with their values, the key to its colours, and how it is to be read.

    `areas`: city, neighbourhood, value, state, said. `changes`: by city, whatever is shown.
    """

    areas: pd.DataFrame
    shades: area_maps.Key
    note: str
    mapped: Answer
    located: Answer
    changes: Mapping[str, CityAreas]


def _compute_for_all(context: ReportContext, function: Callable[..., T], *words: Plain) -> T:
    """Compute what reads the public record only, as the public: once for whoever looks."""
    return context.as_public().compute(function, *words)


def shade_areas(
    context: ReportContext, city: str | None, measure: str, period: Period, show: str
) -> Shaded:
    """Shade the areas of one city's map, or of all cities' (None), in a period."""
    located = context.count_areas(period, city)
    before = counting.count_areas(context, period.window, 1, city)
    slices = counting.count_slices(context, period.last, city=city, unit=counting.AREAS)
    changes = find_areas(
        before.frame,
        slices.frame,
        located.frame,
        measure,
        period.window,
        context.least_base,
    )
    changes = _withhold_where_few_placed(context, changes, city, measure, period)
    if show == area_changes.CHANGE:
        areas, key, note = _shade_changes(context, changes, measure, period)
        return Shaded(areas, key, note, before, located, changes)
    areas = _value_areas(before.frame, measure, show, windows_back=1)
    areas = areas.drop(columns=["back", "date_from", "date_until"])
    shades = _make_scale(context, measure, period.key, show, areas["value"].dropna().tolist())
    note = rate_text.warn_of_rates(areas, show, context.cities)
    return Shaded(areas, shades, note, located, located, changes)


def _make_scale(
    context: ReportContext, measure: str, period_key: str, show: str, shown: Sequence[float] = ()
) -> area_maps.Scale:
    """Return the classes that stay the same whatever year or city is chosen; where there are none
    those of the values shown.
    """
    unit, decimals = rate_text.name_unit(measure, show), rate_text.choose_decimals(show)
    values = _compute_for_all(context, list_values, measure, period_key, show)
    if values:
        return area_maps.build_fixed_scale(values, unit, decimals)
    return area_maps.build_scale(shown, unit, decimals)


def _withhold_where_few_placed(
    context: ReportContext,
    changes: Mapping[str, CityAreas],
    city: str | None,
    measure: str,
    period: Period,
) -> dict[str, CityAreas]:
    """Return the changes, without a verdict in a city that placed too few then or now."""
    result = dict(changes)
    a_year_before = Period("", *windows.step_back(period.window, 1))
    for side, span in (("previous", a_year_before), ("current", period)):
        if not any(areas.tests for areas in result.values()):
            break
        unlocated = context.ask_period("unlocated_victims_by_city", span, city=city).frame
        for name, areas in result.items():
            placed = sum(getattr(of.tested, side) or 0 for of in areas.areas.values())
            unplaced = int(unlocated.loc[unlocated["city"] == name, measure].sum())
            if areas.tests and placement.has_few_placed(placed, unplaced):
                facts = {"placed": placed, "total": placed + unplaced, "noun": MEASURES[measure]}
                during = wording.format_during(*span.window)
                facts |= {"name": context.cities[name], "during": during}
                result[name] = areas.withhold(context.say("areas.few_placed", facts))
    return result


def _shade_changes(
    context: ReportContext, changes: Mapping[str, CityAreas], measure: str, period: Period
) -> tuple[pd.DataFrame, area_maps.Key, str]:
    """Return each area with its change, the key to the colours, and how to read it."""
    note = area_changes.explain_too_long(period.window)
    untold = area_changes.join_untold(changes)
    if not note and (not untold or any(each.tests for each in changes.values())):
        note = area_changes.explain_changes(measure)
    note = f"{untold} {note}".strip()
    areas = area_changes.build_map_frame(changes)
    differences = _compute_for_all(context, list_differences, measure, period.key)
    differences = differences or areas["value"].dropna().tolist()
    return areas, area_maps.build_change_key(MEASURES[measure], differences), note


def _value_areas(counts: pd.DataFrame, measure: str, show: str, windows_back: int) -> pd.DataFrame:
    """Return each area with its value, its state and what a hover says, in so many windows.

    `counts`: of `counting.count_areas`, with the window before the last of them, for what a hover
    says of a year before.
    """
    known = availability.select_known(counts, measure)
    is_shown = known["back"] < windows_back
    before = _find_before(known, measure)[is_shown]
    shown = known[is_shown]
    days = _count_days(shown)
    areas = rates.compute_area_values(shown, measure, days, show)
    return rate_text.add_hover_text(areas, measure, days, show, before)


def _find_before(counts: pd.DataFrame, measure: str, windows_back: int = 1) -> pd.Series:
    """Return what each row's area had so many windows before it; missing where not known."""
    place = ["city", "neighbourhood", "back"]
    earlier = counts.assign(back=counts["back"] - windows_back)[[*place, measure]]
    return counts[place].merge(earlier, on=place, how="left")[measure].set_axis(counts.index)


def describe_where(context: ReportContext, city: str | None, measure: str, period: Period) -> str:
    """Say where in one city, or in all (None), most were counted."""
    located = context.count_areas(period, city)
    unlocated = context.ask_period("unlocated_victims_by_city", period, city=city)
    during = wording.format_during(*period.window)
    return places.describe_where(located.frame, unlocated.frame, measure, context.cities, during)


def choose_steps(
    context: ReportContext, measure: str, period: Period, show: str, city: str | None = None
) -> tuple[Period, ...]:
    """Return the years one may step to from the map of a city or of all (None), the newest last.

    None where the map is not of a year, or of changes, or where colours would change their
    meaning from step to step.
    """
    is_year = period.key == THIS_YEAR or period.key.isdecimal()
    if not is_year or show == area_changes.CHANGE:
        return ()
    if not _compute_for_all(context, list_values, measure, period.key, show):
        return ()
    return _list_year_steps(context, city)


def _list_year_steps(context: ReportContext, city: str | None) -> tuple[Period, ...]:
    offered = context.list_periods(city)
    first, newest = context.find_span()[0], offered[THIS_YEAR].start.year
    years = map(str, range(find_first_whole_year(first), newest))
    return tuple(offered[key] for key in (*years, THIS_YEAR))


def list_steps(
    context: ReportContext, measure: str, show: str, city: str | None = None
) -> dict[tuple[str, str], pd.DataFrame]:
    """Return the areas (neighbourhood, value, state, said) by city and each year's key."""
    whole = _value_whole_years(context, measure, show)
    result = {}
    for step in _list_year_steps(context, city):
        areas = whole.get(step.key)
        if areas is None:
            located = counting.count_areas(context, step.window, 1, city)
            areas = _value_areas(located.frame, measure, show, windows_back=1)
        for each, of_city in areas[["city", *DRAWN]].groupby("city", observed=True):
            result[str(each), step.key] = of_city
    return result


def draw_steps(
    context: ReportContext, measure: str, show: str, city: str | None = None
) -> dict[str, tuple[Step, ...]]:
    """Return what one may step through on each map, in the colours of its key, where the map of
    `city` or of all (None) is open.
    """
    shades = _make_scale(context, measure, THIS_YEAR, show)
    frames = list_steps(context, measure, show, city)
    steps = _list_year_steps(context, city)
    drawn: dict[str, tuple[Step, ...]] = {}
    for each in context.cities:
        areas = {
            key: area_maps.list_areas(frame, shades)
            for (of, key), frame in frames.items()
            if of == each
        }
        # A year without counts must not keep the colours of the year one came from.
        unknown = area_maps.list_unknown({area.name for step in areas.values() for area in step})
        drawn[each] = tuple(
            Step(step.key, step.name, areas[step.key])
            if step.key in areas
            else Step(step.key, f"{step.name}: not known", unknown)
            for step in steps
        )
    return drawn


def _value_whole_years(context: ReportContext, measure: str, show: str) -> dict[str, pd.DataFrame]:
    """Return the areas of all cities by each year that all which have data of it cover, asked
    together: a slider over twenty years would ask forty questions.

    Not the first of MOST_YEARS, of which the year before is not among the answers.
    """
    counts = _read_past(context, THIS_YEAR, measure)
    if counts is None:
        return {}
    areas = _value_areas(counts, measure, show, MOST_YEARS)
    return {str(year): of_year for year, of_year in areas.groupby(areas["date_from"].dt.year)}


def list_values(context: ReportContext, measure: str, period_key: str, show: str) -> list[float]:
    """Return what areas of all cities have had in times as long as this period; empty without any.

    Classes made of them stay the same whatever year or city is chosen. Whatever is about as long
    as a year is seen in whole years; what has no equal, as all of the data together, in none.
    """
    counts = _read_past(context, period_key, measure)
    if counts is None:
        return []
    values = rates.compute_area_values(counts, measure, _count_days(counts), show)["value"]
    return [float(value) for value in values.dropna()]


def _read_past(
    context: ReportContext, period_key: str, measure: str, city: str | None = None
) -> pd.DataFrame | None:
    """Return the known counts of a city or of all (None) in times as long as a period; None where
    it has no equal.
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
    """Return how many days each row's period holds. `frame`: date_from, date_until."""
    return (frame["date_until"] - frame["date_from"]).dt.days


def classify_28_days(context: ReportContext, measure: str) -> area_maps.Scale:
    """Return the classes of counts in 28 days, the same for every city and week."""
    values = _compute_for_all(context, list_values, measure, DAYS_28, rates.COUNT)
    return area_maps.build_fixed_scale(values, f"{MEASURES[measure]} in 28 days")


def list_differences(context: ReportContext, measure: str, period_key: str) -> list[float]:
    """Return by how many areas of all cities differed from a year before, as `list_values`."""
    counts = _read_past(context, period_key, measure)
    if counts is None:
        return []
    before = _find_before(counts, measure, WINDOWS_A_YEAR if period_key == DAYS_28 else 1)
    return [float(difference) for difference in (counts[measure] - before).dropna()]


def explain_no_map(context: ReportContext, city: str, period: Period) -> str:
    """Say why there is no map of a city in a period."""
    if city in context.find_late_starts(period.start):
        return context.say("where.not_covered")
    if not context.has_boundaries(city):
        return context.say("where.no_boundaries")
    return context.explain_few_placed(city, period.start) or context.say("where.not_supplied")


def _draw_map(context: ReportContext, values: Values) -> ChartAndAnswers:
    city, measure, show = values["city"], values["measure"], values["show"]
    period = context.find_period(values["period"], city)
    result = context.compute(shade_areas, city, measure, period, show)
    areas = result.areas[result.areas["city"] == city]
    if areas.empty or not context.has_boundaries(city):
        not_held = context.explain_absence(measure, city)
        raise DataError(not_held or explain_no_map(context, city, period))
    unlocated = context.ask_period("unlocated_victims_by_city", period, city=city)
    screen = _draw_areas(context, result, city, None, SIZE)
    of_city = unlocated.frame[unlocated.frame["city"] == city]
    note = places.describe_unlocated(select_located(result, city), of_city, measure)
    unit = f"{result.shades.unit[:1].upper()}{result.shades.unit[1:]}"
    topic = (
        f"{unit}, by neighbourhood, {context.cities[city]}, {wording.format_during(*period.window)}"
    )
    title = _write_finding(context, result, of_city, values, period)
    chart = replace(
        screen,
        name=f"{name_measure(measure)}-{show}-by-neighbourhood",
        title=title,
        subtitle=f"{unit}, by neighbourhood. {note} {context.describe_lines(city)}".rstrip(),
        alt=f"{title}. {context.describe_lines(city)}".rstrip(),
        table=areas.drop(columns=["said"]),
        sentences=(result.note,) if result.note else (),
    )
    return name_topic(chart, topic), (result.mapped, unlocated)


def _write_finding(
    context: ReportContext,
    result: Shaded,
    unlocated: pd.DataFrame,
    values: Values,
    period: Period,
) -> str:
    """Say what a map of one city shows; rates of small places name none as the most."""
    city, name, during = (
        values["city"],
        context.cities[values["city"]],
        wording.format_during(*period.window),
    )
    if values["show"] == rates.COUNT:
        areas = select_located(result, city)
        sentence = places.describe_where(
            areas, unlocated, values["measure"], context.cities, during
        )
        return sentence.removesuffix(".")
    if values["show"] == area_changes.CHANGE:
        of_city = {city: result.changes[city]}
        said = area_changes.write_changes_title(of_city, context.cities)
        return f"{name}, {result.shades.unit}, {during}: {said.removesuffix('.')}"
    areas = result.areas[result.areas["city"] == city]
    return write_rates_title(
        name, result.shades.unit, areas["value"], rate_text.choose_decimals(values["show"]), during
    )


def write_rates_title(
    name: str, unit: str, values: pd.Series[Any], decimals: int, during: str
) -> str:
    """Say from where to where the rates of a city's areas go; none is named as the most.

    Small places have the largest and the smallest rates by chance alone.
    """
    known = values.dropna()
    low, high = (f"{value:,.{decimals}f}" for value in (known.min(), known.max()))
    facts = {"name": name, "noun": unit, "during": during, "areas": len(known)}
    return say(f"counted.rates{'' if len(known) else '_none'}", facts, low=low, high=high)


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
    """Draw one city's map beside the others' on the screen: `map_city`, the area opened marked.

    What one may step through is in it, and the streets under it where they are configured.
    """
    result = context.compute(shade_areas, city, measure, period, show)
    chart = _draw_areas(context, result, map_city, opened, size)
    if choose_steps(context, measure, period, show, city):
        # Where all cities end together the steps of one are those of all, drawn once.
        own = city if context.ends_apart else None
        steps = _compute_for_all(context, draw_steps, measure, show, own)
        chart = area_maps.add_steps(chart, steps[map_city], period.key)
    return area_maps.add_basemap(chart, context.settings.basemap)


def _draw_areas(
    context: ReportContext, result: Shaded, city: str, opened: str | None, size: tuple[int, int]
) -> Chart:
    return area_maps.draw_areas(
        result.areas[result.areas["city"] == city],
        context.read_boundaries(city),
        context.make_drawing(),
        result.shades,
        opened,
        context.cities[city],
        size,
    )


def build_changes_table(
    context: ReportContext, city: str | None, measure: str, period: Period, show: str
) -> pd.DataFrame:
    """Return every area's change as text."""
    result = context.compute(shade_areas, city, measure, period, show)
    return area_changes.build_changes_table(result.changes, context.cities)


def select_located(result: Shaded, city: str) -> pd.DataFrame:
    """Return the counts of one city's areas."""
    frame = result.located.frame
    return frame[frame["city"] == city]


def _list_areas(context: ReportContext) -> Mapping[str, str]:
    frame = context.ask("areas").frame
    places = zip(frame["city"].tolist(), frame["neighbourhood"].tolist(), strict=True)
    choices = {f"{city}/{name}": f"{name}, {context.cities[city]}" for city, name in places}
    whole = {city: f"{name}, the whole city" for city, name in context.cities.items()}
    return {**whole, **choices}


def _list_places(context: ReportContext) -> Mapping[str, str]:
    areas = _list_areas(context)
    return {ALL: "All cities, side by side", **areas} if len(context.cities) > 1 else areas


AREA = Parameter("area", "Place", _list_areas)


def _split_place(context: ReportContext, value: str) -> tuple[dict[str, Any], str]:
    """Return what a query is asked for a place, and the place in words."""
    city, _, neighbourhood = value.partition("/")
    if not neighbourhood:
        return {"city": city}, context.cities[city]
    return {"city": city, "neighbourhood": neighbourhood}, neighbourhood


def _explain_few_placed(context: ReportContext, params: Mapping[str, Any], day: date) -> str:
    return context.explain_few_placed(params["city"], day) if "neighbourhood" in params else ""


def write_place_title(
    frame: pd.DataFrame, measure: str, name: str, begun: date | None, through: date
) -> str:
    """Write the newest year of one place, and what the whole years before it had.

    `frame`: year, `measure`, complete (bool). `begun`: the day in it on which the data begin;
    `through`: the last day counted.
    """
    last = frame.loc[frame["year"].idxmax()]
    year = int(last["year"])
    whole = frame[frame["complete"] & (frame["year"] < year)]
    facts: dict[str, Any] = {"years": None}
    if len(whole):
        facts = {
            words: wording.format_years(whole[column].min(), whole[column].max())
            for words, column in (("years", "year"), ("most", measure))
        }
    first, until = windows.span_year(year)
    until = until if last["complete"] else min(through + windows.DAY, until)
    during = wording.format_during(begun or first, until)
    clause = say(f"{measure}.clause", n=last[measure])
    return say("counted.one_place", facts, clause=clause, name=name, during=during)


def _count_years(context: ReportContext, values: Values) -> Prepared:
    measure = values["measure"]
    if values["area"] == ALL:
        return _count_years_of_cities(context, measure)
    params, name = _split_place(context, values["area"])
    through = find_last_day(context, params["city"])
    answer = counting.count_years(context, through=through, **params)
    if answer.frame.empty:
        few_placed = _explain_few_placed(context, params, through)
        raise DataError(few_placed or say("absent.nothing_to_show", place=name))
    not_held = context.explain_absence(measure, params["city"])
    if not_held:
        raise DataError(not_held)
    begun = context.find_late_starts_in(through.year).get(params["city"])
    # What is said sets years beside each other: those of which few were placed are drawn only.
    apart = _find_few_placed_years(context, measure, **params)
    beside = answer.frame["complete"] & ~answer.frame["year"].isin(apart)
    told = answer.frame.assign(complete=beside)
    why = context.say(
        "where.years_apart",
        name=context.cities[params["city"]],
        noun=MEASURES[measure],
        years=wording.join_years(apart),
        least=round(100 * PLACED),
    )
    titles = {
        FINDING: write_place_title(told, measure, name, begun, through),
        TOPIC: _describe_years(context, told, measure, [name]),
    }
    return prepare_years(
        context, answer.frame, measure, through, answer, titles=titles, sentences=(why,)
    )


def _describe_years(
    context: ReportContext, frame: pd.DataFrame, measure: str, names: Sequence[str]
) -> str:
    years = wording.format_years(frame["year"].min(), frame["year"].max())
    return context.say("counted.years", noun=MEASURES[measure], places=names, years=years)


def _find_few_placed_years(
    context: ReportContext, measure: str, city: str, neighbourhood: str = ""
) -> Collection[int]:
    """Return the years of an area in which too few of its city were placed; a city has none."""
    past = _read_past(context, THIS_YEAR, measure, city) if neighbourhood else None
    if past is None:
        return ()
    by_city = counting.count_years(context, city=city).frame
    return placement.find_few_placed_years(past, by_city, measure).get(city, ())


def _count_years_of_cities(context: ReportContext, measure: str) -> Prepared:
    answer = counting.count_years(context)
    counts = availability.select_known(answer.frame, measure)
    not_held = context.explain_absence(measure)
    if counts.empty:
        raise DataError(not_held or say("absent.nothing_to_show", place="any city"))
    whole = counts[counts["complete"].astype(bool)]
    names = [context.cities[city] for city in context.cities if city in {*counts["city"]}]
    titles = {
        FINDING: write_newest_title(MEASURES[measure], whole, "year", measure, context.cities),
        TOPIC: _describe_years(context, counts, measure, names),
    }
    through = find_last_day(context)
    return prepare_years(
        context, counts, measure, through, answer, titles=titles, sentences=(not_held,)
    )


def _list_years(context: ReportContext) -> Mapping[str, str]:
    return {"recent": "The last two years and this one", **PERIOD.choices(context)}


def _list_measures_by_hour(_context: ReportContext) -> Mapping[str, str]:
    # By hour nothing else is counted. Incidents first: signed files of this chart say no measure.
    return {name: MEASURES[name].capitalize() for name in BY_HOUR}


def choose_measure_by_hour(measure: str) -> str:
    """Return the measure that is counted by hour where this one is chosen."""
    return measure if measure in BY_HOUR else BY_HOUR[0]


def write_busiest_hours_title(frame: pd.DataFrame, name: str, measure: str) -> str:
    """Name the three hours of the week with most of a measure; none of a tie.

    `frame`: weekday (ISO 1 to 7), hour (0 to 23, missing where unknown), `measure`.
    """
    known = frame[frame["hour"].notna()]
    block = known["hour"].astype("int64") // BLOCK * BLOCK
    cells = known.groupby(["weekday", block])[measure].sum()
    most = cells.max()
    facts = {"noun": MEASURES[measure], "name": name, "total": cells.sum(), "most": most}
    if (cells == most).sum() > 1:
        return say("counted.hours_even", facts)
    weekday, hour = cells.idxmax()
    start, until = (_name_hour(at) for at in (hour, hour + BLOCK))
    day = calendar.day_name[weekday - 1]
    return say("counted.hours", facts, {"from": start}, day=day, until=until)


def _name_hour(hour: int) -> str:
    """Return an hour as people say it: "9 pm", "midnight"."""
    names = {0: "midnight", 12: "noon", 24: "midnight"}
    return names.get(hour, f"{hour % 12 or 12} {'am' if hour < 12 else 'pm'}")


def _write_hour(hour: int) -> str:
    """Write an hour in two lines, as three cities stand side by side."""
    return f"{hour % 12 or 12}<br>{'am' if hour < 12 else 'pm'}"


def describe_hours(frame: pd.DataFrame, measure: str) -> dict[str, Any]:
    """Return what is said of a measure by hour: of how many the hour is not known too."""
    file = measure if measure == "incidents" else name_measure(measure)
    total, unknown = frame[measure].sum(), frame.loc[frame["hour"].isna(), measure].sum()
    return {"noun": MEASURES[measure], "file": file, "total": total, "unknown": unknown}


def lay_hours(frame: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Count by weekday and three hours, a row each, in colours from none to the most.

    What has no hour is in no row.
    """
    known = frame[frame["hour"].notna()]
    blocks = known["hour"].astype("int64") // BLOCK
    counts = known.groupby([known["weekday"], blocks])[measure].sum()
    every = pd.MultiIndex.from_product([range(1, 8), range(24 // BLOCK)], names=["day", "block"])
    grid = counts.reindex(every).fillna(0).astype("int64").rename("count").reset_index()
    strengths = (len(RAMP) * grid["count"] / max(1, grid["count"].max())).apply(math.ceil)
    return grid.assign(
        weekday=[DAYS[day - 1] for day in grid["day"]],
        hour=[_write_hour(block * BLOCK) for block in grid["block"]],
        start=[_name_hour(block * BLOCK) for block in grid["block"]],
        until=[_name_hour((block + 1) * BLOCK) for block in grid["block"]],
        colour=[f"ramp:{strength}" for strength in strengths],
    )


def _count_hours(context: ReportContext, values: Values) -> Prepared:
    params, name = _split_place(context, values["area"])
    through = find_last_day(context, params["city"])
    first, last = through.year - YEARS_OF_HOURS, through.year
    if values["years"] != "recent":
        first, last = context.find_period(values["years"], params["city"]).years
    answer = context.ask(
        "incidents_by_hour_and_weekday", **params, year_from=first, year_until=last + 1
    )
    if not answer.frame.loc[answer.frame["hour"].notna(), "incidents"].sum():
        not_held = context.explain_absence("incidents", params["city"])
        few_placed = _explain_few_placed(context, params, date(first, 1, 1))
        unknown = context.say("counted.hours_unknown", total=answer.frame["incidents"].sum())
        raise DataError(not_held or few_placed or unknown)
    measure = values["measure"]
    topic = context.say(
        "counted.hours_topic",
        noun=MEASURES[measure],
        name=name,
        years=wording.format_years(first, last),
        day=context.find_late_starts_in(first).get(params["city"]),
    )
    return Prepared(
        lay_hours(answer.frame, measure),
        (answer,),
        {"topic": topic, **describe_hours(answer.frame, measure)},
        answer.frame,
        {
            FINDING: write_busiest_hours_title(answer.frame, name, measure),
            TOPIC: topic,
        },
    )


PLACE = Parameter("area", "Place", _list_places)
YEARS = Parameter("years", "Years", _list_years)
BY_HOUR_MEASURE = Parameter("measure", "What is counted", _list_measures_by_hour)
PREPARED: dict[str, Prepare] = {"years": _count_years, "hours-and-weekdays": _count_hours}
MAP = Entry(
    "area-map",
    "Map of a city's neighbourhoods",
    (
        CITY,
        MEASURE,
        PERIOD,
        Parameter("show", "Show", lambda context: area_changes.VIEWS),
    ),
    _draw_map,
    subject=PLACES,
)
