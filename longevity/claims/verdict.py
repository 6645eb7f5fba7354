"""How a claim fares against each thing it is held against (`Fit`), and the verdict of all these.

The rules are explained in docs/claim-check.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd

from longevity.claims.form import RANKS, Amount, Bound, Says, Way
from longevity.findings.change_wording import describe_finding
from longevity.findings.finding import Finding
from longevity.stats.comparison import Comparison, Outcome
from longevity.words import wording
from longevity.words.say import say

BY_CHANCE = say("change.by_chance")
# Of "about 40%", or "halved": how far the ratio may be from the one that is said.
WORD_TOLERANCE = 0.025
SLIGHT = 1e-9  # less than any two counts or shares differ by
CLEAR = {Way.UP: Outcome.UP, Way.DOWN: Outcome.DOWN}


class NoAnswerError(Exception):
    """These data cannot answer the claim; the message is the sentence that says why."""


class Fit(StrEnum):
    """How a claim fares against one baseline; the value is how it is said."""

    HOLDS = "it holds"
    MISSING = "there is no count to compare with"
    OPPOSITE = "it is the other way"
    EQUAL = "there are as many"
    CHANCE = BY_CHANCE
    FEW = say("change.too_few")
    UNKNOWN = "it depends on those of whom it is not known"
    NUMBER = "it is another number"
    SIZE = "the direction is right, the size is not"
    DIFFERS = "there are not as many"


def find_fit(says: Says, tested: Comparison, least_base: int) -> Fit:
    """Return how the claim fares against one comparison: direction first, then size, then chance.

    `least_base`: the smallest count a percentage is given on. The rules: docs/claim-check.md.
    """
    difference, way = tested.difference, says.way
    if difference is None or tested.outcome is Outcome.UNKNOWN:
        return Fit.MISSING
    if way is Way.SAME:
        return Fit.DIFFERS if difference else Fit.HOLDS
    ahead = difference if way in (Way.UP, Way.HIGHEST) else -difference
    if ahead <= 0:
        return Fit.OPPOSITE if ahead else Fit.EQUAL
    fit = _find_fit_of_size(says, tested, ahead, least_base)
    # A rank compares counts alone; a rise or a fall must also be more than chance.
    is_clear = way in RANKS or tested.outcome is CLEAR[way]
    return Fit.CHANCE if fit is Fit.HOLDS and not is_clear else fit


def _find_fit_of_size(says: Says, tested: Comparison, ahead: float, least_base: int) -> Fit:
    """Return whether the size is right of a claim whose direction is.

    `ahead`: how far the count moved in that direction, above zero.
    """
    base, current = tested.base or 0.0, tested.current or 0
    observed, slack, about = float(current), SLIGHT, None
    if says.amount is None:
        return Fit.HOLDS
    if says.amount is Amount.PERCENT:
        if not base or base < least_base:
            return Fit.FEW
        # 40% is from 39.5 to 40.5; a count is a count.
        observed, slack = 100 * ahead / base, 0.5 + SLIGHT
        # Said roughly: the ratio within so much of the one it says.
        about = WORD_TOLERANCE * (100 + (1 if current >= base else -1) * says.value)
    elif says.amount is Amount.CASES:
        # A mean is not whole: the number is what it rounds to.
        observed, slack = ahead, SLIGHT if base == round(base) else 0.5
    comes_from = says.start in (None, base)
    return Fit.HOLDS if comes_from and is_number_match(says, observed, slack, about) else Fit.SIZE


def is_number_match(
    says: Says, observed: float, slack: float = SLIGHT, about: float | None = None
) -> bool:
    """Return whether a count, or a change in percent (above zero), is the one that is claimed.

    `slack`: how far it may be from what is said exactly; `about`: from what is said roughly.
    """
    near = WORD_TOLERANCE * says.value if about is None else about
    least, most = {
        Bound.EXACT: (-slack, slack),
        Bound.ABOUT: (-near, near),
        Bound.OVER: (SLIGHT, math.inf),
        Bound.UNDER: (-math.inf, -SLIGHT),
        Bound.AT_LEAST: (0, math.inf),
        Bound.AT_MOST: (-math.inf, 0),
    }[says.bound]
    return least <= observed - says.value <= most


# --- what a claim is held against, and the answer -----------------------------------------


class Verdict(StrEnum):
    """The five verdicts on a claim; the value is how each is said."""

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
    to know with it, `errors` what was wrong with the data and accepted.
    """

    verdict: Verdict
    reading: str
    why: str
    safe: str = ""
    figures: pd.DataFrame = field(default_factory=pd.DataFrame)
    remarks: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tally:
    """A count (`part`): of people shot, or of a program's `whole`: 94 who came of 129 invited.

    `unknown`: how many more may belong to the part, as it is not known whether they do.
    """

    part: int
    whole: int | None = None
    unknown: int = 0

    def find_fit(self, says: Says) -> Fit:
        """Return how a claim of a number fares, if it does so whatever is true of the unknown."""
        fits = {self._is_match(says, self.part + more) for more in range(self.unknown + 1)}
        return Fit.UNKNOWN if len(fits) > 1 else Fit.HOLDS if True in fits else Fit.NUMBER

    def _is_match(self, says: Says, part: int) -> bool:
        is_share = says.amount is Amount.PERCENT
        observed = 100 * part / (self.whole or 1) if is_share else part
        return is_number_match(says, observed, slack=0.5 if is_share else SLIGHT)

    def __str__(self) -> str:
        """Return "110", "94 of 129 (72.9%)"."""
        more = f" to {self.part + self.unknown:,}" if self.unknown else ""
        if self.whole is None:
            return f"{self.part:,}{more}"
        share = wording.format_share(self.part, self.whole, 1)
        return f"{self.part:,}{more} of {self.whole:,} ({share})"


@dataclass(frozen=True)
class Held:
    """How a claim fares against one thing it is compared with, whose `name` is "last year", say.

    `counts`: what is counted on both sides, "60 against 100 in the same days of 2023; −40%".
    """

    name: str
    fit: Fit
    counts: str
    finding: Finding | None = None

    @property
    def count(self) -> int:
        """The count of the earlier time; 0 where there is none."""
        return (self.finding and self.finding.tested.previous) or 0

    @property
    def verdict(self) -> str:
        """Whether the two counts differ by more than chance, in the words of every screen."""
        return describe_finding(self.finding).verdict if self.finding else ""


def judge_finding(says: Says, finding: Finding) -> Held:
    """Return how a claim fares against the earlier time of a finding."""
    fit, words = find_fit(says, finding.tested, finding.least_base), describe_finding(finding)
    percentage = "" if fit is Fit.EQUAL else words.percentage
    counts = "; ".join(filter(None, (words.counts, percentage)))
    return Held(finding.against.name, fit, counts, finding)


def judge(fits: Iterable[Fit]) -> Verdict:
    """Return the verdict of all fits: against some baselines a claim may hold, and not others."""
    every = {*fits} - {Fit.MISSING}
    if every == {Fit.HOLDS}:
        return Verdict.SUPPORTED
    if every <= {Fit.UNKNOWN}:
        return Verdict.CANNOT
    if every <= {Fit.HOLDS, Fit.CHANCE}:
        return Verdict.BY_COUNT
    # So against one, by the count at least, and not against another.
    return Verdict.DEPENDS if every & {Fit.HOLDS, Fit.CHANCE} else Verdict.NOT_SUPPORTED
