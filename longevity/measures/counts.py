"""Counts of a period against others, and the sentences that state them.

Counts only: whether a change is more than chance is a question of its own and
is not answered here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from longevity.measures import wording

COUNTED = ("incidents", "victims", "fatal", "nonfatal", "homicides")


@dataclass(frozen=True)
class Change:
    """A count, the one it is compared with, and in words since when."""

    current: int
    previous: int
    when: str

    @property
    def signed(self) -> str:
        """The difference with its sign and base: "−12 on 299"."""
        return f"{wording.signed(self.current, self.previous)} on {wording.number(self.previous)}"


def together(frame: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The cities added up: `frame`'s counts summed over `by`, one row a group."""
    columns = [c for c in COUNTED if c in frame.columns]
    return frame.groupby(by, as_index=False)[columns].sum()


def year_to_date(frame: pd.DataFrame, measure: str, through: date, city: str | None) -> Change:
    """This year to `through` against the same days of the year before.

    `frame`: city, year and counts, each year cut at the same month and day.
    `city` None adds the cities up.
    """
    own = frame if city is None else frame[frame["city"] == city]
    by_year = own.groupby("year")[measure].sum()
    return Change(
        int(by_year.get(through.year, 0)),
        int(by_year.get(through.year - 1, 0)),
        f"the same days of {through.year - 1}",
    )


def briefing(
    frame: pd.DataFrame, measure: str, through: date, cities: Mapping[str, str], least_base: int
) -> str:
    """The sentence the briefing opens on, for the cities together."""
    change = year_to_date(frame, measure, through, None)
    days = f"from 1 January to {wording.day(through)}"
    what = happened(measure, change.current)
    if measure == "victims":
        killed = year_to_date(frame, "fatal", through, None).current
        what += f" in {wording.listed(list(cities.values()))} {days}, {wording.number(killed)} of "
        what += "them killed"
    else:
        what += f" in {wording.listed(list(cities.values()))} {days}"
    if change.previous == 0 and frame["year"].min() > through.year - 1:
        return f"{what}. There is no earlier year to compare with."
    compared = wording.compared(change.current, change.previous, f"in {change.when}", least_base)
    return f"{what}: {compared}."


def happened(measure: str, value: int) -> str:
    """The measure as a clause: "12 people were shot", "1 shooting happened"."""
    person = "1 person was" if value == 1 else f"{wording.number(value)} people were"
    clauses = {
        "victims": f"{person} shot",
        "fatal": f"{person} shot and killed",
        "nonfatal": f"{person} shot and wounded",
        "homicides": f"{person} killed, by any weapon,",
        "incidents": f"{wording.counted(value, 'shooting incident')} happened",
    }
    return clauses[measure]


def same_days_title(
    frame: pd.DataFrame, measure: str, through: date, cities: Mapping[str, str]
) -> str:
    """The finding of a chart of the same days of each year: where most, and how many."""
    values = {
        name: year_to_date(frame, measure, through, city).current for city, name in cities.items()
    }
    ranked = sorted(values.items(), key=lambda item: -item[1])
    said = [f"{name} {wording.number(value)}" for name, value in ranked]
    return f"{through.year} so far: {wording.listed(said)}"


def months_title(frame: pd.DataFrame, measure: str, cities: Mapping[str, str]) -> str:
    """The finding of a chart by month: the largest month. `frame`: city, month, counts."""
    if frame.empty or not frame[measure].max():
        return "None in these months"
    most = frame.loc[frame[measure].idxmax()]
    return f"Most in one month: {int(most[measure])} in {cities[most['city']]}, " + (
        f"{most['month']:%B %Y}"
    )


def windows(frame: pd.DataFrame, measure: str, cities: Mapping[str, str]) -> pd.DataFrame:
    """Rolling windows as a table, one row a city and one for all together.

    `frame`: city, years_back, windows_back, date_from, date_until, counts. The
    columns name the days they count.
    """
    rows = []
    for years_back, windows_back in ((0, 0), (0, 1), (1, 0)):
        part = frame[(frame["years_back"] == years_back) & (frame["windows_back"] == windows_back)]
        if part.empty:
            continue
        first = part.iloc[0]
        days = wording.period(first["date_from"].date(), first["date_until"].date())
        values = {cities[row.city]: int(getattr(row, measure)) for row in part.itertuples()}
        values["Together"] = sum(values.values())
        rows.append(pd.Series(values, name=days))
    table = pd.DataFrame(rows).T
    table.insert(0, "City", table.index)
    return table.reset_index(drop=True)


def gun_share(frame: pd.DataFrame, year: int, cities: Mapping[str, str], least_base: int) -> str:
    """How many of a year's homicides were by firearm, a city at a time, in words.

    `frame`: city, year, firearm_homicides, homicides.
    """
    parts = []
    for city, name in cities.items():
        own = frame[(frame["city"] == city) & (frame["year"] == year)]
        if len(own):
            guns, all_weapons = int(own["firearm_homicides"].iloc[0]), int(own["homicides"].iloc[0])
            said = "none" if all_weapons == 0 else wording.share(guns, all_weapons, least_base)
            parts.append(f"{name} {said}")
    return f"Homicides by firearm among all homicides, {year}: {', '.join(parts)}."


def share_of_state(frame: pd.DataFrame, state: str) -> list[str]:
    """One sentence a row of `frame`: year, cities, state, source."""
    return [
        f"In {row.year}, {wording.number(row.cities)} of {state}'s {wording.number(row.state)} "
        f"homicides ({100 * row.cities / row.state:.1f}\u00a0%) happened in these cities together."
        for row in frame.itertuples()
        if row.state
    ]
