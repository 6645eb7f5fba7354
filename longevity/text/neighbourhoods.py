"""Sentences about places: where it happened, and one neighbourhood over time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import pandas as pd

from longevity.checks.sql_files import PLACED
from longevity.stats import rates
from longevity.text import availability, wording
from longevity.text.counts import describe_count

REASONS = {
    "no_coordinates": "no place was given",
    "city_precision": "the place is known only as the city",
    "outside": "the place lies outside every neighbourhood",
    "no_boundaries": "the city has no boundaries",
    "few_placed": "most others of these days could not be placed",
}

NOT_COVERED = "The data do not cover all of this period."
OF_THOSE_PLACED = "of those placed"
Area = tuple[str, str]  # city, neighbourhood


def describe_where(
    located: pd.DataFrame,
    unlocated: pd.DataFrame,
    measure: str,
    cities: Mapping[str, str],
    period: str,
) -> str:
    """Write the sentence a map opens on: how many, and which areas had most.

    `period` says when, as in "in 2016" or "from January 1 to March 31, 2018".
    `located`: city, neighbourhood, counts. `unlocated`: city, reason, counts.
    Located and unlocated make up all. A city with a row in neither, or without a count, is
    missing, not zero. A rank that those nobody could place might change is "of those placed".
    """
    located, unlocated = (
        availability.select_known(located, measure),
        availability.select_known(unlocated, measure),
    )
    in_areas = int(located[measure].sum())
    elsewhere = int(unlocated[measure].sum())
    total = in_areas + elsewhere
    names = [cities[c] for c in cities if c in set(located["city"]) | set(unlocated["city"])]
    if not names:
        return availability.state_nothing_supplied(f"that says what happened here {period}")
    sentence = f"{describe_count(measure, total)} in {wording.join_words(names)} {period}"
    if not total:
        return f"{sentence}."
    if not in_areas:
        none = "not" if total == 1 else "none of them"
        return f"{sentence}, {none} in a known neighbourhood."
    nowhere = set(unlocated.loc[unlocated[measure] > 0, "city"]) - set(located["city"])
    names_nowhere = [name for city, name in cities.items() if city in nowhere]
    rest = f" Where in {wording.join_words(names_nowhere)} is not known." if nowhere else ""
    top = _select_most(located, measure)
    if top.empty:
        least = wording.format_number(located[measure].max())
        of = f"{OF_THOSE_PLACED} " if elsewhere else ""
        return f"{sentence}, {of}at most {least} in any one neighbourhood.{rest}"
    unplaced = count_unplaced(unlocated, measure)
    # In a city without a neighbourhood to its name there may be one with all of its shootings.
    counts = {(city, ""): 0 for city in nowhere} | _count_areas(located, measure)
    of = "" if is_rank_sure(counts, list(_count_areas(top, measure)), unplaced) else OF_THOSE_PLACED
    most = [
        f"{row.neighbourhood}{'' if len(names) == 1 else ', ' + cities[row.city]} "
        f"({wording.format_number(getattr(row, measure))})"
        for row in top.itertuples()
    ]
    return f"{sentence}, {f'{of} ' if of else ''}most in {wording.join_phrases(most)}.{rest}"


def count_unplaced(unlocated: pd.DataFrame, measure: str) -> dict[str, int]:
    """Return how many of each city lie in no neighbourhood. `unlocated`: city, reason, counts."""
    known = availability.select_known(unlocated, measure)
    return {str(c): int(n) for c, n in known.groupby("city", observed=True)[measure].sum().items()}


def is_rank_sure(
    counts: Mapping[Area, int], said: Collection[Area], unplaced: Mapping[str, int]
) -> bool:
    """Return whether the areas said keep their place among all, wherever the unplaced were.

    `counts`: by area, of all; `unplaced`: by city. A tie is sure only where nobody is unplaced.
    """
    pairs = [(one, other) for one in said for other in counts if one != other]
    return not any(
        0 < unplaced.get(lower[0], 0) >= counts[higher] - counts[lower] >= 0
        for one, other in pairs
        for higher, lower in ((one, other), (other, one))
    )


def _count_areas(located: pd.DataFrame, measure: str) -> dict[Area, int]:
    known = availability.select_known(located, measure)
    rows = zip(known["city"], known["neighbourhood"], known[measure], strict=True)
    return {(str(city), str(name)): int(count) for city, name, count in rows}


def _select_most(located: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return at most three areas with more than every other: of a tie, all are named or none."""
    top = located[located[measure] > 0].nlargest(3, measure, keep="all")
    return top if len(top) <= 3 else top[top[measure] > top[measure].min()]


def describe_unlocated(frame: pd.DataFrame, measure: str, cities: Mapping[str, str]) -> str:
    """Say what the map cannot show, and why.

    `frame`: city, reason, counts; empty: nothing is known.
    """
    frame = availability.select_known(frame, measure)
    if frame.empty:
        return "Of places that are on no map nothing is known either."
    total = int(frame[measure].sum())
    if not total:
        return "Everything counted here lies in a neighbourhood."
    by_reason = frame.groupby("reason", sort=False)[measure].sum()
    why = [f"{REASONS[r]} for {wording.format_number(n)}" for r, n in by_reason.items() if n]
    return (
        f"{wording.format_number(total)} counted for the city but on no map: "
        f"{wording.join_words(why)}. {'It is' if total == 1 else 'They are'} in the totals."
    )


def describe_cities_not_covered(
    begun: Mapping[str, date], cities: Mapping[str, str], period: str, has_part: bool = False
) -> str:
    """Name the cities that are not counted in a period; else an empty string.

    `begun`: by city, the day its data begin, of those where that is after the period does.
    `period` says when, as in "in 2016". `has_part`: the days since then are counted.
    """
    if not begun:
        return ""
    days = [(f"{cities[city]}'s", wording.format_day(day)) for city, day in begun.items()]
    (whose, first_day), *others = days
    starts = [f"{whose} data begin on {first_day}", *(f"{whose} on {day}" for whose, day in others)]
    why = wording.join_words(starts)
    if has_part:
        return f"{why}, so {period} only the days since are counted."
    are = "they are" if others else "it is"
    return f"{why}, so {are} not counted {period}. That is not zero."


def explain_few_placed(city: str, placed_from: date | None) -> str:
    """Say since when a city's neighbourhoods can be told of; None: they cannot."""
    when = f"Before {wording.format_day(placed_from)} most" if placed_from else "Most"
    return (
        f"{when} shootings in {city} could not be placed in a neighbourhood, so nothing is told of "
        "one: unknown, not zero."
    )


def explain_untold_changes(city: str, placed: int, counted: int, noun: str, during: str) -> str:
    """Say that too few were placed to compare areas. `during`: as in "in 2016"."""
    return (
        f"Only {wording.format_number(placed)} of {wording.format_number(counted)} {noun} in "
        f"{city} {during} could be placed in a neighbourhood: changes by neighbourhood are not "
        "told."
    )


def explain_years_apart(city: str, years: Collection[int], noun: str) -> str:
    """Say of which years of a city too few were placed to set an area's beside others, if any."""
    if not years:
        return ""
    return (
        f"Fewer than {100 * PLACED:.0f} of 100 {noun} in {city} in {wording.join_years(years)} "
        "could be placed in a neighbourhood: too few to set an area's count beside other years."
    )


def explain_no_map(is_covered: bool, has_boundaries: bool, few_placed: str) -> str:
    """Say why there is no map of a city. `is_covered`: its data cover the period.

    `few_placed`: that most of the period could not be placed, in words; empty where they could.
    """
    if not is_covered:
        return NOT_COVERED
    if has_boundaries and few_placed:
        return few_placed
    if has_boundaries:
        return availability.state_nothing_supplied("for this city, which is not zero")
    return (
        "No boundaries are installed for this city, so it has no map. Its areas are those that its "
        "rows name: see the table. `boundaries install CITY FILE` gives it a map: "
        "docs/boundaries.md."
    )


def count_in_neighbourhood(located: pd.DataFrame, measure: str, city: str, name: str) -> int:
    """Return the count of one neighbourhood. `located`: city, neighbourhood, counts."""
    rows = located[(located["city"] == city) & (located["neighbourhood"] == name)]
    return int(rows[measure].sum())


def list_facts(
    located: pd.DataFrame,
    unlocated: pd.DataFrame,
    before: pd.DataFrame,
    measure: str,
    city: str,
    name: str,
    days: int,
) -> list[str]:
    """List what one neighbourhood had in `days`: a year before, its rate, its rank in its city.

    `located`: city, neighbourhood, counts, population. `unlocated`: city, reason, counts.
    `before`: city, neighbourhood, back (in years), counts. What is not known is left out; areas
    alike have the first rank of theirs.
    """
    areas = located[located["city"] == city].set_index("neighbourhood")
    facts = []
    earlier = before[before["back"] == 1].set_index(["city", "neighbourhood"])[measure]
    count = earlier.get((city, name))
    if count is not None and pd.notna(count):
        facts.append(f"{wording.format_number(count)} in the same days a year before")
    rate = rates.compute_rates(areas, measure, days).get(name)
    if rate is not None and pd.notna(rate):
        facts.append(f"{rate:,.1f} per 100,000 residents a year")
    more = int((areas[measure] > areas.at[name, measure]).sum())
    counts = _count_areas(located[located["city"] == city], measure)
    sure = is_rank_sure(counts, [(city, name)], count_unplaced(unlocated, measure))
    of = "" if sure else f"{OF_THOSE_PLACED} "
    facts.append(f"{of}number {more + 1} of {len(areas)} neighbourhoods")
    return facts


def describe_neighbourhood(
    frame: pd.DataFrame, measure: str, name: str, count: int, period: str, year: int
) -> str:
    """Describe one neighbourhood's `count` in a period, and whole years before `year`.

    `frame`: year, counts, complete (bool): a year the data hold only in part is
    never told as a year. `period` says when, as in "in 2016".
    """
    sentence = f"{describe_count(measure, count)} in {name} {period}"
    earlier = frame[frame["complete"] & (frame["year"] < year)]
    whole = earlier.groupby("year")[measure].sum()
    if whole.empty or (len(whole) == 1 and period == f"in {whole.index.min()}"):
        return f"{sentence}."
    least, most = int(whole.min()), int(whole.max())
    if least == most:
        if len(whole) == 1:
            return f"{sentence}; {wording.format_number(least)} in {whole.index.min()}."
        return (
            f"{sentence}; {wording.format_number(least)} in each whole year since "
            f"{whole.index.min()}."
        )
    return (
        f"{sentence}; between {wording.format_number(least)} and {wording.format_number(most)} a "
        f"year in the whole years {whole.index.min()} to {whole.index.max()}."
    )


def explain_no_hours(frame: pd.DataFrame) -> str:
    """Say why there is no picture of the week. `frame`: hour, incidents."""
    total = int(frame["incidents"].sum())
    if not total:
        return "No shooting incident in these years."
    if total == 1:
        return "The hour of the one shooting incident is not known."
    return (
        f"The hour is not known for any of the {wording.format_number(total)} shooting incidents."
    )


def add_years_to_title(title: str, years: tuple[int, int], begun: date | None) -> str:
    """Return a title with the calendar years it covers; `begun`: the day they are known from."""
    first, last = years
    title = f"{title}, {first}" if first == last else f"{title}, {first} to {last}"
    return f"{title}, known from {wording.format_day(begun)}" if begun else title
