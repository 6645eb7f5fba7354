"""Tables of coming home: who was met by quarter, supervision against its standard, services."""

from __future__ import annotations

from datetime import date

import pandas as pd

from longevity.text import frames

QUARTERS = 12
OUTCOMES = ("greeted", "greeted_late", "not_greeted", "greeted_unknown", "too_recent")
STANDS = ("completed", "active", "active_unknown", "ended", "not_begun")


def find_first_quarter(through: date) -> date:
    """Return the first day of the quarter eleven before that of `through`."""
    quarter = through.year * 4 + (through.month - 1) // 3 - (QUARTERS - 1)
    return date(quarter // 4, quarter % 4 * 3 + 1, 1)


def count_by_quarter(exits: pd.DataFrame, cities: pd.DataFrame, first: date) -> pd.DataFrame:
    """Count exits by city and quarter, a column an outcome; a quarter without any is zero.

    `exits`: `exits_by_quarter`; what came before `first`, the first day of a quarter, is left
    out. `cities`: city and last_day, a row each city that handed exits over. Columns: city, quarter
    (its first day), OUTCOMES, complete: whether the quarter is over.
    """
    of_cities = zip(cities["city"], cities["last_day"], strict=True)
    quarters = pd.DataFrame(
        [
            (city, quarter, quarter + pd.offsets.QuarterEnd() <= last)
            for city, last in of_cities
            for quarter in pd.date_range(first, last, freq="QS")
        ],
        columns=["city", "quarter", "complete"],
    )
    outcomes = exits.pivot(index=["city", "quarter"], columns="outcome", values="exits")
    rows = pd.MultiIndex.from_frame(quarters[["city", "quarter"]])
    counts = outcomes.reindex(rows, columns=[*OUTCOMES]).fillna(0).astype("int64")
    columns = ["city", "quarter", *OUTCOMES, "complete"]
    return quarters.join(counts.reset_index(drop=True))[columns]


def compute_supervision_shares(frame: pd.DataFrame) -> pd.DataFrame:
    """Return contacts toward the standard as shares, a row a city and kind with a standard.

    Adds share: made toward ÷ required, and unsure: what contacts of unknown result
    could add to it, never past the standard.
    """
    rows = frame[frame["required"].astype(int) > 0].copy()
    required = rows["required"].astype(float)
    rows["share"] = rows["made_toward"].astype(float) / required
    most = (rows["made_toward"] + rows["result_unknown"]).astype(float) / required
    rows["unsure"] = most.clip(upper=1.0) - rows["share"]
    return rows


def sum_services_by_kind(frame: pd.DataFrame) -> pd.DataFrame:
    """Sum offers by kind over the cities, and where each stands; kinds never offered left out.

    Columns: kind, offers, offers_aged_30, intake_30, STANDS, most offered first.
    """
    names = ["offers", "offers_aged_30", "intake_30", "intake", *STANDS[:-1]]
    sums = frames.sum_by(frame, "kind", names)
    sums["not_begun"] = sums["offers"] - sums["intake"]
    return sums.drop(columns="intake")
