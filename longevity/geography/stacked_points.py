"""Coordinates that mean "somewhere in the city": many rows piled on one point.

A geocoder that cannot find an address answers with the middle of the city.
Left alone such a point becomes the worst corner of the map.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from longevity.settings import Thresholds

FOLDER = Path(__file__).parent
PILES = FOLDER / "piles.sql"

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


def write_piles_sql(thresholds: Thresholds) -> str:
    """Return SQL of the points of the table `incidents` on which rows are piled.

    Its columns are city, longitude and latitude.
    """
    limits = {"piled_rows": thresholds.piled_rows, "piled_within_years": PILED_WITHIN_YEARS}
    sql = PILES.read_text(encoding="utf-8")
    for name, limit in limits.items():
        sql = sql.replace(f"${name}", str(limit))
    return sql


def find_addressed(frame: pd.DataFrame) -> pd.Series:
    """Return which rows have an address that says their point is one place, and no pile.

    `frame`: city, longitude, latitude, `_address`. They are the rows of a point at which half or
    more give one exact address, more than once: a geocoder that does not find an address puts many
    different ones on one point, and "the city" is the address of no place.
    """
    address = frame["_address"].str.strip().str.casefold().str.replace(r"\s+", " ", regex=True)
    street = address.str.contains(STREET, na=False) & address.str.contains(CROSSING, na=False)
    exact = street | address.str.contains(f"{NUMBERED}|{BLOCK}", na=False)
    point = [frame["city"], frame["longitude"], frame["latitude"]]
    alike = address.where(exact).groupby([*point, address]).transform("count").fillna(0)
    here = frame["city"].groupby(point).transform("size")
    most = alike.groupby(point).transform("max")
    return ((most > 1) & (2 * most >= here)).fillna(False).astype(bool)
