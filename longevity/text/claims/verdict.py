"""What becomes of a claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd

from longevity.absent import Absent
from longevity.findings.finding import Finding
from longevity.text import wording
from longevity.text.change_wording import ChangeText, describe_finding
from longevity.text.claims.change_fit import Fit, is_number_match
from longevity.text.claims.form import Amount, Size, require_part


class Verdict(StrEnum):
    """The five answers; the value is how it is said."""

    SUPPORTED = "supported"
    BY_COUNT = "true by the count, chance could explain it"
    NOT_SUPPORTED = "not supported"
    DEPENDS = "depends on the baseline"
    CANNOT = "cannot be answered from these data"


@dataclass(frozen=True)
class ClaimAnswer:
    """The answer to one claim.

    `reading` is how it was understood, empty where it was not; `why` the reason for the
    verdict, `safe` what can be said instead, `figures` the rows behind it, `remarks` what
    to know with it, `errors` what was wrong with the data and accepted, `sources` the
    addresses of the published figures that were used;
    `from_release` is false where nothing but those was. `truths` are sentences that are so of
    the same counts, `offered` the first of them that is supported; `meant` says what was counted
    where the words were not a measure's.
    """

    verdict: Verdict
    reading: str
    why: str
    safe: str = ""
    figures: pd.DataFrame = field(default_factory=pd.DataFrame)
    remarks: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    from_release: bool = True
    errors: tuple[str, ...] = ()
    truths: tuple[str, ...] = ()
    meant: str = ""
    offered: str = ""


@dataclass(frozen=True)
class Tally:
    """How many, or how many of how many, by one source; of `unknown` more it is not known.

    `days` says which time it is of, as the words of a sentence; `is_public` whether anybody may
    know it; `hours` within how many it had to be, where the configuration says that; `address`
    where it was published, empty for the release.
    """

    part: int
    whole: int | None = None
    unknown: int = 0
    days: str = ""
    is_public: bool = False
    hours: int | None = None
    address: str = ""

    def find_fit(self, size: Size) -> Fit:
        """Return how a claim of a number fares, whatever is unknown."""
        if self.whole == 0:
            return Fit.MISSING
        fits = {self._is_match(size, self.part + more) for more in range(self.unknown + 1)}
        return Fit.UNKNOWN if len(fits) > 1 else Fit.HOLDS if True in fits else Fit.NUMBER

    def _is_match(self, size: Size, part: int) -> bool:
        if size.amount is Amount.OF:
            return (part, self.whole) == (size.value, size.other)
        is_share = size.amount is Amount.PERCENT
        return is_number_match(size, 100 * part / require_part(self.whole) if is_share else part)

    def __str__(self) -> str:
        """Return "110", "94 of 129 (72.9%)"."""
        more = f" to {self.part + self.unknown:,}" if self.unknown else ""
        if self.whole is None:
            return f"{self.part:,}{more}"
        share = wording.format_share(self.part, self.whole, 1)
        return f"{self.part:,}{more} of {self.whole:,} ({share})"


@dataclass(frozen=True)
class Held:
    """What a claim is held against, and how it fares there.

    `name`: an earlier time, another place, a source; `counts`: what is counted on both sides.
    `is_arguable`: of a rank, what may or may not be meant, as the first year of "since 2019";
    `address`: where it was published.
    """

    name: str
    fit: Fit
    counts: str = ""
    finding: Finding | None = None
    is_arguable: bool = False
    count: int = 0
    address: str = ""

    @property
    def text(self) -> ChangeText | None:
        """Return its finding in words, where it has one."""
        return describe_finding(self.finding) if self.finding else None

    @property
    def summary(self) -> str:
        """Return "279 against 337, down 17%"."""
        finding = self.finding
        if not finding or isinstance(finding.now, Absent) or isinstance(finding.before, Absent):
            return self.counts
        now, before = (wording.format_number(n) for n in (finding.now, finding.before))
        percent = self.text.percentage if self.text else ""
        way = "up" if percent and percent.startswith("+") else "down"
        size = f", {way} {percent.strip('+−')}" if percent and percent[0] in "+−" else ""
        return f"{now} against {before}{size}"


def judge(fits: Iterable[Fit]) -> Verdict:
    """Return the verdict by how the claim fares against each that there is a count of."""
    every = {*fits}
    if every == {Fit.HOLDS}:
        return Verdict.SUPPORTED
    if every <= {Fit.OPEN, Fit.RATE, Fit.UNKNOWN, Fit.MISSING}:
        return Verdict.CANNOT
    if every <= {Fit.HOLDS, Fit.CHANCE}:
        return Verdict.BY_COUNT
    # So against one, by the count at least, and not against another.
    return Verdict.DEPENDS if every & {Fit.HOLDS, Fit.CHANCE} else Verdict.NOT_SUPPORTED


def judge_rank(rivals: Sequence[Held]) -> Verdict:
    """Return the verdict on a rank: what may not be meant can make it depend, never deny it."""
    firm = [held.fit for held in rivals if held.fit is not Fit.HOLDS and not held.is_arguable]
    return judge(firm or [held.fit for held in rivals])
