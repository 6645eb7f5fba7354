"""What is wrong with the data supplied, said without the data.

A finding of a check (not of a screen) names the file, the rows, the column and the rule; never the
value itself, because a log outlives the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from longevity.base.labels import make_printable
from longevity.words.language import join_words

Severity = Literal["error", "warning"]
ACCEPT = "If it is right, publish with --accept {} and --reason TEXT."
ROWS_NAMED = 5
Days = tuple[date, date]  # the first and the last


@dataclass(frozen=True)
class CheckFinding:
    """One rule broken in one column of one file, `count` times.

    `what` is wrong, and `advice` on what to do. `rows`: the first few that break it, counted from
    1; empty when it concerns the file as a whole. `acceptable`: an error that may be the truth, so
    that `publish --accept` passes it. `origin`: the same rows in the file they were imported from,
    where that is known; it is in no release. `city`, `days`: which counts are wrong by it, for
    screens to say; empty: any city's, any day's.
    """

    file: str
    rule: str
    what: str
    advice: str = ""
    severity: Severity = "error"
    column: str | None = None
    rows: tuple[int, ...] = ()
    count: int = 1
    acceptable: bool = False
    origin: str = ""
    city: str = ""
    days: tuple[Days, ...] = ()

    @property
    def names(self) -> list[str]:
        """What `publish --accept` may call it, the exact one last: its rule, `jumps:hartford`."""
        return [self.rule, f"{self.rule}:{self.city}"] if self.city else [self.rule]

    @property
    def sentence(self) -> str:
        """Where and what is wrong: `victims.parquet, row 3, column sex: …`."""
        where = [make_printable(self.file)]
        if self.rows:
            where.append(name_rows(self.rows, self.count))
        if self.column:
            where.append(f"column {make_printable(self.column)}")
        return f"{', '.join(where)}: {self.what}"

    @property
    def do(self) -> str:
        """What to do about it; of one that is `acceptable`, also how to accept it."""
        return f"{self.advice} {ACCEPT.format(self.names[-1])}" if self.acceptable else self.advice

    @property
    def line(self) -> str:
        """The finding as one line of a terminal."""
        origin = f"In the source: {self.origin}." if self.origin else ""
        return " ".join(filter(None, (f"{self.severity}:", self.sentence, self.do, origin)))


def name_rows(rows: tuple[int, ...], count: int) -> str:
    """Return `row 3`, `rows 3 and 7`, `rows 3, 7, 9, 12, 20 and 41 more`."""
    if count == 1:
        return f"row {rows[0]}"
    more = [f"{count - len(rows)} more"] if count > len(rows) else []
    return f"rows {join_words([*map(str, rows), *more])}"


def select_errors(findings: Iterable[CheckFinding]) -> list[CheckFinding]:
    """Return the errors: they stop a publish, unless each is accepted by its name."""
    return [finding for finding in findings if finding.severity == "error"]
