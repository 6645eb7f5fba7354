"""A part of a folder of extracts: what one import brought, and what it doubted."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel


class Doubt(BaseModel):
    """What looks wrong with a source, which only its import can see (`doubts.py`).

    `do`: what to do about it; `rows`: some of the source's rows, "rows 3, 9", for the person who
    runs the import; in no release.
    """

    rule: str
    extract: str
    count: int
    sentence: str
    do: str
    rows: str = ""


class Part(BaseModel):
    """A part of a folder of extracts: what one import brought, as in its `part.json`.

    `primary`: the extract of which each source row is a row; `rows`: their number by extract;
    `data_through`, `data_from`: the days the source is complete to and from, by city;
    `first_event`: the day of the first row, by city.
    """

    name: str  # "<mapping>/<part>"
    primary: str
    source: str = ""  # the file's name
    rows_in: int = 0
    quarantined: int = 0
    rows: dict[str, int] = {}
    data_through: dict[str, date] = {}
    data_from: dict[str, date] = {}
    first_event: dict[str, date] = {}
    holds: dict[str, tuple[str, ...]] = {}  # which victims it lists, {"outcomes": ("fatal",)}
    doubts: list[Doubt] = []

    @property
    def accepted(self) -> int:
        """The rows that were not refused."""
        return self.rows_in - self.quarantined

    @property
    def cities(self) -> list[str]:
        """The cities that this part has rows of, or is declared complete for."""
        return sorted({*self.first_event, *self.data_through})

    def find_begin(self, city: str) -> date:
        """Return the first day it covers of a city, as stated, else January 1 of its first year."""
        return self.data_from.get(city, self.find_first(city).replace(month=1, day=1))

    def find_first(self, city: str) -> date:
        """Return the day of the first row of a city; where it has none, of any city."""
        return self.first_event.get(city, min(self.first_event.values(), default=date.min))

    def covers(self, city: str, day: date) -> bool:
        """Return whether this part covers a day of a city."""
        return self.find_begin(city) <= day <= self.data_through.get(city, day)
