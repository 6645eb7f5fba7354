"""What is wrong with the data supplied, said without the data.

A finding of a check (not of a screen) names the file, the rows, the column, the rule and the kind
of value it met; never the value itself, because a log outlives the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
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

    `kind_of_value`: what was met there, in words, such as "a name" or "a column". `rows`: the
    first few that break it, counted from 1; empty when it concerns the file as a whole. `sentence`
    says where and what, `do` what to do about it. `acceptable`: an error that may be the
    truth, so that `publish --accept` passes it. `origin`: the same rows in the file they were
    imported from, where that is known; it is in no release. `city`, `days`: which counts are wrong
    by it, for screens to say; empty: any city's, any day's.
    """

    file: str
    column: str | None
    rule: str
    severity: Severity
    kind_of_value: str
    sentence: str
    do: str
    count: int = 1
    rows: tuple[int, ...] = ()
    acceptable: bool = False
    origin: str = ""
    city: str = ""
    days: tuple[Days, ...] = ()

    @property
    def names(self) -> list[str]:
        """What `publish --accept` may call it, the exact one last: its rule, `jumps:hartford`."""
        return [self.rule, f"{self.rule}:{self.city}"] if self.city else [self.rule]

    @property
    def line(self) -> str:
        """The finding as one line of a terminal."""
        origin = f"In the source: {self.origin}." if self.origin else ""
        return " ".join(
            part for part in (f"{self.severity}:", self.sentence, self.do, origin) if part
        )


def make_finding(
    file: str,
    rule: str,
    what: str,
    do: str = "",
    *,
    severity: Severity = "error",
    column: str | None = None,
    kind_of_value: str = "",
    rows: Iterable[int] = (),
    count: int = 1,
    acceptable: bool = False,
    city: str = "",
    days: Iterable[Days] = (),
) -> CheckFinding:
    """Return a finding whose sentence begins with the place: `victims.parquet, row 3: …`.

    One that is `acceptable` ends with how to accept it.
    """
    examples = tuple(rows)
    where = [make_printable(file)]
    if examples:
        where.append(name_rows(examples, count))
    if column:
        where.append(f"column {make_printable(column)}")
    finding = CheckFinding(
        file=make_printable(file),
        column=make_printable(column) if column else None,
        rule=rule,
        severity=severity,
        kind_of_value=kind_of_value,
        sentence=f"{', '.join(where)}: {what}",
        do=do,
        count=count,
        rows=examples,
        acceptable=acceptable,
        city=city,
        days=tuple(days),
    )
    accept = ACCEPT.format(finding.names[-1])
    return replace(finding, do=f"{do} {accept}") if acceptable else finding


def name_rows(rows: tuple[int, ...], count: int) -> str:
    """Return `row 3`, `rows 3 and 7`, `rows 3, 7, 9, 12, 20 and 41 more`."""
    if count == 1:
        return f"row {rows[0]}"
    more = [f"{count - len(rows)} more"] if count > len(rows) else []
    return f"rows {join_words([*map(str, rows), *more])}"


def select_errors(findings: Iterable[CheckFinding]) -> list[CheckFinding]:
    """Return the errors: they stop a publish, unless each is accepted by its name."""
    return [finding for finding in findings if finding.severity == "error"]
