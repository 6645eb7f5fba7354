"""What sentences are true of a folder of extracts, by plain loops; no code shared with claims."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tests.oracles.demonstration_counts import naive_victims

CITIES = {"new_haven": "New Haven", "hartford": "Hartford", "bridgeport": "Bridgeport"}
ALL = tuple(CITIES)
MEASURES = ("victims", "incidents", "fatal", "nonfatal", "homicides")
DAY = timedelta(1)


@dataclass(frozen=True)
class Event:
    """A victim: where, when, in which incident, by what and with which end."""

    city: str
    day: date
    incident: str
    shot: bool
    dead: bool


class Counts:
    """Every victim that counts, in one list that is walked anew for each count."""

    def __init__(self, folder: Path, through: date) -> None:
        self.through = through
        self.events = [
            Event(city, day, row["incident_id"], row["weapon"] == "firearm", row["outcome"] == "fatal")
            for city, day, row in naive_victims(folder)
        ]

    def count(self, where: str | Iterable[str], what: str, first: date, last: date) -> int:
        """Count by walking the list, first and last day included."""
        cities = (where,) if isinstance(where, str) else tuple(where)
        number, incidents = 0, set()
        for one in self.events:
            if one.city not in cities or not first <= one.day <= last:
                continue
            if what == "homicides":
                number += one.dead
            elif what == "incidents" and one.shot:
                incidents.add(one.incident)
            elif what == "victims":
                number += one.shot
            elif what == "fatal":
                number += one.shot and one.dead
            elif what == "nonfatal":
                number += one.shot and not one.dead
        return number + len(incidents)

    def year(self, where: str | Iterable[str], what: str, year: int, back_to: date | None = None) -> int:
        """Count a year, or its days up to the month and day of `back_to`."""
        last = date(year, 12, 31) if back_to is None else same_day(back_to, year)
        return self.count(where, what, date(year, 1, 1), last)


def same_day(day: date, year: int) -> date:
    """Return the same month and day of another year; February 28 for 29."""
    leap = (day.month, day.day) == (2, 29) and year % 4
    return date(year, 2, 28) if leap else day.replace(year=year)
