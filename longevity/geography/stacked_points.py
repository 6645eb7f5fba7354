"""Coordinates that stand for "somewhere in the city": many rows piled on one point.

A geocoder that cannot find an address answers with the middle of the city.
Left alone such a point becomes the worst corner of the map.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from longevity.settings import Thresholds

Point = tuple[str, float, float]
# The centres of three real cities hold 26 to 45 rows of so many years, their true corners 7.
PILED_WITHIN_YEARS = 6
# One place begins with a number (012XX W LAKE ST), or is a block or a crossing of streets.
NUMBERED = r"^\d[\dx]*(?:-[\dx]+)?[a-z]?\s+\S*[a-z]"
BLOCK = r"\d.*\bbl(?:oc)?k\b|\bbl(?:oc)?k\b.*\d"
CROSSING = r"&|/|@|\band\b|\bat\b"
STREET = (
    r"\b(?:st|street|ave?|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|pl|place|ct|court|"
    r"ter|terrace|pkwy|parkway|hwy|highway|way|sq|square)\b"
)


def find_piles(frame: pd.DataFrame, thresholds: Thresholds) -> set[Point]:
    """Return the coordinates on which rows are piled, as (city, longitude, latitude).

    `frame` has columns city, longitude and latitude in degrees, occurred_at, and may have
    place_confirmed; a row is an incident, and missing and infinite coordinates are left aside. A
    coordinate is a pile where `piled_rows` rows or more that no address places there lie on it
    within any six years: a busy corner does not reach that.
    """
    point = ["city", "longitude", "latitude"]
    rows = frame.loc[_has_point(frame) & ~is_addressed(frame), [*point, "occurred_at"]]
    if rows.empty:
        return set()
    rows = rows.astype({"longitude": float, "latitude": float}).sort_values("occurred_at")
    moments = rows.groupby(point, observed=True, sort=False)["occurred_at"]
    first = moments.shift(thresholds.piled_rows - 1)
    on = rows[rows["occurred_at"] < first + pd.DateOffset(years=PILED_WITHIN_YEARS)]
    piles = on[point].drop_duplicates().itertuples(index=False)
    return {(str(city), float(x), float(y)) for city, x, y in piles}


def is_on_pile(frame: pd.DataFrame, piles: set[Point]) -> pd.Series:
    """Return whether each row of `frame` lies on one of `piles`: booleans on its index."""
    on = pd.Series(False, index=frame.index, dtype=bool)
    longitude = pd.to_numeric(frame["longitude"], errors="coerce")
    latitude = pd.to_numeric(frame["latitude"], errors="coerce")
    for city, x, y in piles:
        on |= ((frame["city"] == city) & (longitude == x) & (latitude == y)).fillna(False)
    return on.astype(bool) & ~is_addressed(frame)


def is_addressed(frame: pd.DataFrame) -> pd.Series:
    """Return whether an address places each row at its point."""
    if "place_confirmed" not in frame:
        return pd.Series(False, index=frame.index, dtype=bool)
    return frame["place_confirmed"].astype("boolean").fillna(False).astype(bool)


def find_addressed(frame: pd.DataFrame) -> pd.Series:
    """Return the rows whose address says that their point is one place.

    `frame` has columns city, longitude, latitude and `_address`. Half of the rows on the point or
    more give one address, more than once: a geocoder that does not find an address puts
    many different ones on one point, and "the city" is the address of no place.
    """
    address = frame["_address"].str.strip().str.casefold().str.replace(r"\s+", " ", regex=True)
    street = address.str.contains(STREET, na=False) & address.str.contains(CROSSING, na=False)
    exact = street | address.str.contains(f"{NUMBERED}|{BLOCK}", na=False)
    point = [frame["city"], frame["longitude"], frame["latitude"]]
    alike = address.where(exact).groupby([*point, address]).transform("count").fillna(0)
    here = frame["city"].groupby(point).transform("size")
    most = alike.groupby(point).transform("max")
    return ((most > 1) & (2 * most >= here)).fillna(False).astype(bool)


def _has_point(frame: pd.DataFrame) -> pd.Series:
    longitude = pd.to_numeric(frame["longitude"], errors="coerce").astype(float)
    latitude = pd.to_numeric(frame["latitude"], errors="coerce").astype(float)
    return longitude.abs().lt(np.inf) & latitude.abs().lt(np.inf)
