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


def find_few_placed_years(by_area: pd.DataFrame, by_city: pd.DataFrame, measure: str) -> set[int]:
    """Return the years of a city of which too few were placed.

    `by_area`: date_from (January 1), counts, a row for each area; `by_city`: year, counts.
    """
    placed = by_area.groupby(by_area["date_from"].dt.year)[measure].sum(min_count=1)
    counts = pd.DataFrame({"placed": placed, "all": by_city.set_index("year")[measure]}).dropna()
    rows = zip(counts.index, counts["placed"], counts["all"], strict=True)
    return {int(year) for year, here, every in rows if has_few_placed(here, every - here)}
