"""Whether enough of a city could be placed in its neighbourhoods to compare them over time.

Where half of the people shot were placed before and nearly all are now, every neighbourhood
doubles though nothing changed. A map of one time shows the same gap everywhere, and says so.
"""

from __future__ import annotations

import pandas as pd

from longevity.checks.sql_files import PLACED

# Of three shot in a week one without a place says nothing; of twenty, which is what `check`
# judges a year by, PLACED leaves three.
LEAST_UNPLACED = 4


def has_few_placed(placed: int, unplaced: int) -> bool:
    """Return whether too few were placed for neighbourhoods to be compared with another time."""
    return unplaced >= LEAST_UNPLACED and placed < PLACED * (placed + unplaced)


def find_few_placed_years(
    by_area: pd.DataFrame, by_city: pd.DataFrame, measure: str
) -> dict[str, set[int]]:
    """Return by city the whole years of which too few were placed.

    `by_area`: city, date_from (January 1), counts; `by_city`: city, year, counts.
    """
    of_year = [by_area["city"], by_area["date_from"].dt.year]
    placed = by_area[measure].groupby(of_year, observed=True).sum(min_count=1)
    years: dict[str, set[int]] = {}
    for city, year, every in zip(*(by_city[c] for c in ("city", "year", measure)), strict=True):
        here = placed.get((city, year))
        if not pd.isna(here) and not pd.isna(every) and has_few_placed(here, every - here):
            years.setdefault(str(city), set()).add(int(year))
    return years
