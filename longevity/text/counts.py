"""Counts of a period against others, and the sentences that state them.

Counts only: whether a change is more than chance is a question of its own and
is not answered here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from longevity.findings.finding import Finding
from longevity.text import availability, wording


def find_cities_with_rows(frame: pd.DataFrame, cities: Mapping[str, str]) -> dict[str, str]:
    """Return the cities that `frame` (city, …) has rows of: others are missing, not zero."""
    ids = set(frame["city"])
    return {city: name for city, name in cities.items() if city in ids}


def name_together(counted: int, cities: int) -> str:
    """Return what the cities that are counted are called: "Both cities" only of two in all."""
    if counted == cities == 2:
        return "Both cities"
    words = {2: "Two", 3: "Three", 4: "Four"}
    return f"{words.get(counted, wording.format_number(counted))} cities"


def describe_cities_without_rows(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """Name the cities without a row for these days; else an empty string. `frame`: city, …"""
    ids = set(frame["city"])
    names = [name for city, name in cities.items() if city not in ids]
    if not names:
        return ""
    return availability.state_nothing_supplied("for these days", place=wording.join_words(names))


def describe_year_to_date(
    finding: Finding, killed: int | None, frame: pd.DataFrame, cities: Mapping[str, str]
) -> str:
    """Write the sentence the briefing opens on, for the cities with data together.

    `finding`: of all of them, against last year; its count is known. `killed`: of the people shot,
    where they are what is counted. `frame`: city, year, …, to say of whom a year is not known.
    """
    now, before = finding.now or 0, finding.before
    where = wording.join_words(
        list(find_cities_with_rows(frame, cities).values()) or list(cities.values())
    )
    days = wording.format_during(*finding.window)
    what = f"{describe_count(finding.measure, now)} in {where} {days}"
    # A sentence of its own, so that no comparison seems to be about those killed.
    dead = "" if killed is None else _describe_killed(killed, now)
    if before is None:
        year = finding.window[0].year - 1
        return f"{what}. {dead}{_explain_no_comparison(frame, year, cities)}"
    when = f"in {finding.against.days}"
    difference = wording.describe_difference(now, int(before), when, finding.least_base)
    return f"{what}: {difference}. {dead}".rstrip()


def _explain_no_comparison(frame: pd.DataFrame, year: int, cities: Mapping[str, str]) -> str:
    ids = set(frame.loc[frame["year"] == year, "city"])
    without = [
        name for city, name in find_cities_with_rows(frame, cities).items() if city not in ids
    ]
    if not ids:
        return "There is no earlier year to compare with."
    return f"The same days of {year} are not known for {wording.join_words(without)}."


def _describe_killed(killed: int, victims: int) -> str:
    """Say how many of the people shot were killed, as a sentence with a space after it."""
    if victims == 0:
        return ""
    if victims == 1:
        return "The person was killed. " if killed else "The person was not killed. "
    verb = "was" if killed == 1 else "were"
    return f"{wording.format_number(killed) if killed else 'None'} of them {verb} killed. "


def describe_count(measure: str, value: int) -> str:
    """Return the measure as a clause: "12 people were shot", "1 shooting happened"."""
    person = "1 person was" if value == 1 else f"{wording.format_number(value)} people were"
    clauses = {
        "victims": f"{person} shot",
        "fatal": f"{person} shot and killed",
        "nonfatal": f"{person} shot and wounded",
        "homicides": f"{person} killed, by any weapon,",
        "incidents": f"{wording.count_noun(value, 'shooting incident')} happened",
    }
    return clauses[measure]


def write_same_days_title(counts: Mapping[str, int | None], through: date) -> str:
    """Write where most were counted this year so far, and how many. `counts`: by city's name."""
    ranked = sorted(counts.items(), key=lambda item: (item[1] is None, -(item[1] or 0)))
    parts = [f"{name} {format_count(value)}" for name, value in ranked]
    return f"{format_year_so_far(through)}: {wording.join_words(parts) or 'no data'}"


def format_count(value: float | None) -> str:
    """Return a count as it is shown; one that nobody knows is said to be so."""
    return "not known" if value is None else wording.format_number(value)


def format_year_so_far(through: date) -> str:
    """Return the year a count runs through: "2026 so far", or "2026" on its last day."""
    over = (through + timedelta(days=1)).year > through.year
    return str(through.year) if over else f"{through.year} so far"


def format_days_of_year(through: date) -> str:
    """Name the days a count of the year holds, short enough for a tile: "Jan 1 to Nov 22"."""
    first, last = (f"{day:%b} {day.day}" for day in (date(through.year, 1, 1), through))
    return first if first == last else f"{first} to {last}"


def describe_gun_share(
    frame: pd.DataFrame, year: int, cities: Mapping[str, str], least_base: int
) -> str:
    """Say how many of a year's homicides were by firearm, a city at a time, in words.

    `frame`: city, year, firearm_homicides, homicides, complete.
    """
    parts = []
    # Of all homicides where all are held: else every one would be by firearm.
    whole = frame["homicides"].notna() & frame["firearm_homicides"].notna()
    of_year = frame[frame["year"] == year]
    if of_year.empty:
        return availability.state_nothing_supplied(f"for {year}")
    for city, name in cities.items():
        rows = of_year[(of_year["city"] == city) & whole.loc[of_year.index]]
        if len(rows):
            guns, all_weapons = (
                int(rows["firearm_homicides"].iloc[0]),
                int(rows["homicides"].iloc[0]),
            )
            share = (
                "no homicide"
                if all_weapons == 0
                else wording.format_share(guns, all_weapons, least_base)
            )
            parts.append(f"{name} {share}")
    days = str(year) if of_year["complete"].all() else f"{year} so far"
    if not parts:
        return f"Of all homicides, {days}, how many were by firearm is not known."
    return f"Homicides by firearm among all homicides, {days}: {', '.join(parts)}."
