"""The periods one can choose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Period:
    """A half-open period [start, until) under the key it is chosen by."""

    key: str
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


def list_periods(first: date, through: date) -> dict[str, Period]:
    """Return the periods one can choose, for data from `first` through `through`."""
    after = through + timedelta(days=1)
    this_year = date(through.year, 1, 1)
    offered = [
        Period("ytd", this_year, after),
        Period("28d", after - timedelta(days=28), after),
        Period("365d", after - timedelta(days=365), after),
    ]
    offered += [
        Period(str(y), date(y, 1, 1), date(y + 1, 1, 1))
        for y in range(through.year - 1, first.year - 1, -1)
    ]
    whole = Period("whole", date(first.year, 1, 1), after)
    return {period.key: period for period in [*offered, whole]}
