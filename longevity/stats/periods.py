"""The periods one can choose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from longevity.text import wording


@dataclass(frozen=True)
class Period:
    """A half-open period [start, until) under the name it was chosen by."""

    key: str
    name: str
    start: date
    until: date

    @property
    def days(self) -> int:
        """How many days it holds."""
        return (self.until - self.start).days

    @property
    def last(self) -> date:
        """The last day."""
        return self.until - timedelta(days=1)

    @property
    def years(self) -> tuple[int, int]:
        """The first and the last calendar year it touches."""
        return self.start.year, self.last.year

    @property
    def during(self) -> str:
        """The period to follow a clause: "in 2016"."""
        return wording.format_during(self.start, self.until)


def periods(first: date, through: date) -> dict[str, Period]:
    """The periods one can choose, for data from `first` through `through`."""
    after = through + timedelta(days=1)
    this_year = date(through.year, 1, 1)
    offered = [
        Period("ytd", "This year so far", this_year, after),
        Period("28d", "Last 28 days", after - timedelta(days=28), after),
        Period("365d", "Last 365 days", after - timedelta(days=365), after),
    ]
    offered += [
        Period(str(y), str(y), date(y, 1, 1), date(y + 1, 1, 1))
        for y in range(through.year - 1, first.year - 1, -1)
    ]
    whole = Period("whole", "All years", date(first.year, 1, 1), after)
    return {period.key: period for period in [*offered, whole]}
