"""Rows of each extract as dictionaries, and the last day each source is complete for.

What the oracles count, without a database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

Row = dict[str, Any]


@dataclass
class World:
    """All that was supplied, each row under its extract."""

    rows: dict[str, list[Row]]
    through: dict[str, dict[str, date]]  # extract, city
    cities: dict[str, int]  # city to the ISO day its week ends on

    def of(self, extract: str, city: str) -> list[Row]:
        return [row for row in self.rows.get(extract, []) if row["city"] == city]

    def told(self, as_of: date, *extracts: str) -> Iterator[tuple[str, date]]:
        """The cities that supplied all of these, each with the day it is told as of."""
        for city in self.cities:
            days = [self.through.get(extract, {}).get(city) for extract in extracts]
            if None not in days:
                yield city, min([as_of, *[day for day in days if day]])
