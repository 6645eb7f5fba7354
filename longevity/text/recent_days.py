"""The newest days against the same days a year before: a row a city, with its verdict."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from longevity.stats.baselines import TOGETHER, estimate_dispersions
from longevity.stats.comparison import compare
from longevity.text import wording
from longevity.text.city_comparison import find_test_measure
from longevity.text.counts import format_count
from longevity.text.headlines import Change

Counts = Mapping[tuple[str, int], int | None]  # by city and years back


def build_recent_table(
    windows: Mapping[int, pd.DataFrame],
    slices: pd.DataFrame,
    measure: str,
    names: Mapping[str, str],
    least_base: int,
) -> pd.DataFrame:
    """Return a row a city, then all together: the count, that of a year before, the change.

    `windows`: by number of days, `rolling_by_city` (city, years_back, windows_back, counts); one
    without rows has no columns. `slices`: the same query's answer to `dispersion.IN_SLICES`. The
    verdict is that of the test, on incidents where people are counted.
    """
    table: dict[str, dict[str, str]] = {}
    known = {city for frame in windows.values() for city in frame["city"]}
    cities = [city for city in names if city in known]
    for days, frame in windows.items():
        newest = frame[frame["windows_back"] == 0]
        if newest.empty:
            continue
        for change in _list_changes(newest, slices, measure, cities, names, least_base):
            row = table.setdefault(change.name, {"City": change.name})
            verdict = ", ".join(filter(None, (change.chip, change.amount)))
            row[f"{days} days"] = format_count(change.current)
            row[f"{days} days, a year before"] = format_count(change.previous)
            row[f"{days} days, change"] = verdict or "not known"
    return pd.DataFrame(list(table.values()))


def describe_windows(windows: Mapping[int, pd.DataFrame], through: date) -> list[str]:
    """Say which days each window holds, or that the data do not reach back over it."""
    sentences = []
    for days, frame in windows.items():
        newest = frame[(frame["windows_back"] == 0) & (frame["years_back"] == 0)]
        if newest.empty:
            sentences.append(
                f"The data do not reach back over the whole of the {days} days to "
                f"{wording.format_day(through)}."
            )
            continue
        start, until = newest["date_from"].iloc[0].date(), newest["date_until"].iloc[0].date()
        sentences.append(f"{days} days: {wording.format_period(start, until)}.")
    return sentences


def _list_changes(
    newest: pd.DataFrame,
    slices: pd.DataFrame,
    measure: str,
    cities: list[str],
    names: Mapping[str, str],
    least_base: int,
) -> list[Change]:
    counts, tested = _count(newest, measure), _count(newest, find_test_measure(measure))
    chance = estimate_dispersions(slices, find_test_measure(measure), cities)
    changes = [
        Change(
            names[city],
            counts.get((city, 0)),
            counts.get((city, 1)),
            compare(tested.get((city, 0)), tested.get((city, 1)), dispersion=chance[city]).outcome,
            least_base,
        )
        for city in cities
    ]
    if len(cities) > 1:
        sums = _sum(tested, cities, 0), _sum(tested, cities, 1)
        outcome = compare(*sums, dispersion=chance[TOGETHER]).outcome
        sums = _sum(counts, cities, 0), _sum(counts, cities, 1)
        changes.append(Change(names[TOGETHER], *sums, outcome, least_base))
    return changes


def _count(newest: pd.DataFrame, measure: str) -> Counts:
    rows = zip(*(newest[name].tolist() for name in ("city", "years_back", measure)), strict=True)
    return {(city, back): None if pd.isna(many) else int(many) for city, back, many in rows}


def _sum(counts: Counts, cities: list[str], back: int) -> int | None:
    """Add the cities up; None where one of them is not known."""
    values = [counts.get((city, back)) for city in cities]
    return None if None in values else sum(value or 0 for value in values)
