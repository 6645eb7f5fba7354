"""A row of the calibration table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A share found by simulation beside the one promised.

    `nominal` is the least share (`at_least`, a coverage) or the most (a false-alarm rate);
    None where nothing is promised and the row is told for comparison.
    """

    what: str
    data: str
    hits: int
    runs: int
    nominal: float | None
    at_least: bool = False

    @property
    def share(self) -> float:
        """The share found."""
        return self.hits / self.runs

    @property
    def error(self) -> float:
        """The simulation's own standard error, at the nominal share where there is one."""
        share = self.share if self.nominal is None else self.nominal
        return math.sqrt(share * (1 - share) / self.runs)

    @property
    def worse(self) -> bool:
        """Whether it misses the nominal share by more than chance in the simulation."""
        if self.nominal is None:
            return False
        short = self.nominal - self.share if self.at_least else self.share - self.nominal
        return short > 2.576 * self.error


def printed(row: Row) -> str:
    """One line of it."""
    sign = "≥" if row.at_least else "≤"
    promised = "" if row.nominal is None else f"{sign} {100 * row.nominal:.1f} %"
    mark = " **off**" if row.worse else ""
    return (
        f"| {row.what} | {row.data} | {100 * row.share:.1f} %{mark} | {promised} | {row.runs:,} |"
    )


def lines(rows: Iterable[Row]) -> Iterator[str]:
    """The table as Markdown, a line as soon as it is known."""
    yield "| what | data | found | promised | runs |"
    yield "|---|---|---|---|---|"
    for row in rows:
        yield printed(row)
