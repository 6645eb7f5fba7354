"""Fair windows: the same days for all, no later than the last day every city has.

A window of earlier years is stepped back by whole years, and February 29 becomes 28, as
the queries do it. A window not wholly covered by what was supplied has no count:
missing, not zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from longevity.text import wording

Whole = npt.NDArray[np.int64]
WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Fair:
    """The last day every compared city has (None without any), and what it costs.

    `compared` and `left_out` are city ids, in the order given.
    """

    through: date | None
    compared: tuple[str, ...]
    left_out: tuple[str, ...]
    sentence: str


def fair(data_through: Mapping[str, date | None], names: Mapping[str, str]) -> Fair:
    """The least common last day of `data_through` (by city; None: nothing supplied)."""
    known = {city: day for city, day in data_through.items() if day is not None}
    missing = tuple(city for city in data_through if city not in known)
    if not known:
        return Fair(None, (), missing, "Nothing was handed over, so nothing is compared.")
    least = min(known.values())
    return Fair(least, tuple(known), missing, _fair_sentence(known, missing, least, names))


def _fair_sentence(
    known: Mapping[str, date], missing: Iterable[str], least: date, names: Mapping[str, str]
) -> str:
    limits = [names[city] for city, day in known.items() if day == least]
    later = [
        f"{names[city]} has until {wording.format_day(day)}"
        for city, day in known.items()
        if day > least
    ]
    said = f"{'All are counted' if len(names) > 1 else 'Counted'} to {wording.format_day(least)}"
    if later:
        said += (
            f", the last day {wording.join_words(limits)} {_has(limits)}; "
            f"{wording.join_words(later)}"
        )
    gone = [names[city] for city in missing]
    if gone:
        said += f". Nothing was handed over for {wording.join_words(gone)}, which is not zero"
    return f"{said}."


def _has(names: list[str]) -> str:
    return "has" if len(names) == 1 else "have"


def years_back(day: date, years: int) -> date:
    """The same month and day so many years before; February 28 for 29 where there is none."""
    year = day.year - years
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def to_date(through: date, year: int) -> tuple[date, date]:
    """January 1 of `year` to the month and day of `through`, half-open."""
    return date(year, 1, 1), years_back(through, through.year - year) + DAY


def last_days(through: date, days: int, years: int = 0) -> tuple[date, date]:
    """The `days` days that end on `through`, or on the same day `years` years before."""
    until = years_back(through, years) + DAY
    return until - timedelta(days=days), until


class Running:
    """Running totals of the days of each city: any window is then a difference of two.

    `daily`: city, day, counts, complete (bool), at most one row a city and day. Only days that
    are complete are in it.
    """

    def __init__(self, daily: pd.DataFrame) -> None:
        complete = daily["complete"].to_numpy(dtype=bool, na_value=False)
        codes, named = pd.factorize(daily["city"])
        days = daily["day"].to_numpy().astype("datetime64[D]")
        self._daily = daily
        self._rows: dict[str, npt.NDArray[np.intp]] = {}
        self._days: dict[str, npt.NDArray[np.datetime64]] = {}
        self._totals: dict[tuple[str, str], tuple[Whole, Whole]] = {}
        for code in dict.fromkeys(codes[complete].tolist()):
            if code >= 0:
                rows = np.flatnonzero((codes == code) & complete)
                self._rows[named[code]] = rows[np.argsort(days[rows], kind="stable")]
                self._days[named[code]] = np.sort(days[rows])

    @property
    def cities(self) -> list[str]:
        """Those with a complete day, in the order they come."""
        return list(self._rows)

    def count(self, city: str, measure: str, span: tuple[date, date]) -> int | None:
        """The count of a half-open span; None where a day of it is not there or has none."""
        if city not in self._rows:
            return None
        first, after = np.searchsorted(self._days[city], np.array(span, dtype="datetime64[D]"))
        known, totals = self._running(city, measure)
        days = (span[1] - span[0]).days
        if after - first != days or known[after] - known[first] != days:
            return None
        return int(totals[after] - totals[first])

    def _running(self, city: str, measure: str) -> tuple[Whole, Whole]:
        """Up to each day how many days have a count, and the counts."""
        if (city, measure) not in self._totals:
            own = self._daily[measure].take(self._rows[city])
            there = own.notna().to_numpy(dtype=np.int64)
            counts = own.to_numpy(dtype=np.float64, na_value=0.0).astype(np.int64)
            known, totals = (np.insert(each.cumsum(), 0, 0) for each in (there, counts))
            self._totals[city, measure] = known, totals
        return self._totals[city, measure]


def counted(
    daily: pd.DataFrame, measure: str, spans: Mapping[str, tuple[date, date]]
) -> pd.DataFrame:
    """Counts of half-open `spans` (by label) in each city of `daily`: city, span, days, count.

    `daily`: city, day, a count, complete (bool), at most one row a city and day. The count
    is missing where a day of the span is not there or not complete.
    """
    running = Running(daily)
    rows = [
        (city, label, (until - start).days, running.count(city, measure, (start, until)))
        for city in running.cities
        for label, (start, until) in spans.items()
    ]
    frame = pd.DataFrame(rows, columns=["city", "span", "days", "count"])
    return frame.astype({"count": "Int64", "days": "int64"})


def year_to_date(
    daily: pd.DataFrame, measure: str, through: date, years: Iterable[int]
) -> pd.DataFrame:
    """City, year and the count from January 1 to the month and day of `through`.

    A city's year with a day missing or not complete is left out.
    """
    spans = {str(year): to_date(through, year) for year in years}
    found = counted(daily, measure, spans).dropna(subset=["count"])
    return pd.DataFrame(
        {
            "city": found["city"],
            "year": found["span"].astype("int64"),
            measure: found["count"].astype("int64"),
        }
    ).reset_index(drop=True)


def months_to_date(monthly: pd.DataFrame, measure: str, month: int) -> pd.DataFrame:
    """City, year and the count of January to `month`, from published months.

    `monthly`: city, year, month and a count, blank where it was not reported. A year with
    one of the months blank or not there is left out: not reported is not zero.
    """
    within = monthly[(monthly["month"] <= month) & monthly[measure].notna()]
    by_year = within.groupby(["city", "year"], sort=False, observed=True)
    found = by_year.agg(months=("month", "nunique"), count=(measure, "sum")).reset_index()
    whole = found[found["months"] == month].reset_index(drop=True)
    return pd.DataFrame(
        {
            "city": whole["city"],
            "year": whole["year"].astype("int64"),
            measure: whole["count"].astype("int64"),
        }
    )


@dataclass(frozen=True)
class Weeks:
    """Newest weeks to compare: each city's own, and the seven days that are the same for all.

    `own`: city, date_from, date_until (half-open), behind: days between the week's end and
    the last common day.
    """

    own: pd.DataFrame
    common: tuple[date, date]
    sentence: str


def newest_weeks(through: date, ends_iso: Mapping[str, int], names: Mapping[str, str]) -> Weeks:
    """The newest whole week of each city by its own last day (ISO weekday, Monday 1).

    Where cities end their weeks on different days the weeks are not the same days;
    `common` is: the seven days to `through`. The sentence says which is which.
    """
    rows = []
    for city, last in ends_iso.items():
        behind = (through.isoweekday() - last) % 7
        until = through - timedelta(days=behind) + DAY
        rows.append((city, until - WEEK, until, behind))
    own = pd.DataFrame(rows, columns=["city", "date_from", "date_until", "behind"])
    common = (through + DAY - WEEK, through + DAY)
    return Weeks(own, common, _weeks_sentence(own, common, ends_iso, names))


def _weeks_sentence(
    own: pd.DataFrame,
    common: tuple[date, date],
    ends_iso: Mapping[str, int],
    names: Mapping[str, str],
) -> str:
    if own.empty:
        return "There is no city to compare."
    days = {last: f"{date(2024, 1, last):%A}" for last in sorted(set(ends_iso.values()))}
    of_day = {
        last: [names[city] for city, ends in ends_iso.items() if ends == last] for last in days
    }
    if len(days) == 1:
        ((last, cities),) = of_day.items()
        week = own.iloc[0]
        return (
            f"Weeks end on {days[last]} in {wording.join_words(cities)}; the newest whole one is "
            f"{wording.format_period(week['date_from'], week['date_until'])}."
        )
    said = [f"on {days[last]} in {wording.join_words(cities)}" for last, cities in of_day.items()]
    return (
        f"Weeks end {wording.join_phrases(said)}, so their weeks are not the same days. "
        f"Side by side stand the seven days {wording.format_period(*common)} of each."
    )
