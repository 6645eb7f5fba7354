"""How a claim fares against what it is held against, and its verdict: docs/claim-check.md."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd

from longevity.claims.form import Amount, Bound, Says, Way, require_part
from longevity.findings.finding import Finding
from longevity.measures import wording
from longevity.measures.say import say
from longevity.stats.comparison import Comparison, Outcome

BY_CHANCE, TOO_FEW = say("change.by_chance"), say("change.too_few")
# "About", or a word ("halved", "a third"): the ratio within this much of the one it says.
WORD_TOLERANCE = 0.025
SLIGHT = 1e-9  # less than any two counts or shares differ by
CLEAR = {
    Way.UP: Outcome.UP,
    Way.DOWN: Outcome.DOWN,
    Way.HIGHEST: Outcome.UP,
    Way.LOWEST: Outcome.DOWN,
}


class NoAnswerError(Exception):
    """These data cannot answer the claim; the message is the sentence that says why."""


class Fit(StrEnum):
    """How a claim fares against one baseline."""

    HOLDS = "it holds"
    MISSING = "there is no count to compare with"
    OPPOSITE = "it is the other way"
    SLIGHTLY_OPPOSITE = f"it is the other way, though {BY_CHANCE}"
    EQUAL = "there are as many"
    CHANCE = BY_CHANCE
    FEW = TOO_FEW
    UNKNOWN = "it depends on those of whom it is not known"
    NUMBER = "it is another number"
    RATE = "the two times are not as long, so only a direction or a percentage can be said"
    SIZE = "the direction is right, the size is not"
    DIFFERS = "there are not as many"
    CLEAR = "the difference is more than chance would explain"
    OPEN = "these counts cannot show that nothing changed"


def find_fit(says: Says, comparison: Comparison, least_base: int, unchanged_within: float) -> Fit:
    """Return how the claim fares against one comparison. The rules: docs/claim-check.md."""
    difference, way = comparison.difference, says.way
    if difference is None or comparison.outcome is Outcome.UNKNOWN:
        return Fit.MISSING
    is_of_counts = way is Way.SAME or says.amount not in (None, Amount.PERCENT)
    if comparison.exposure != 1 and is_of_counts:
        return Fit.RATE
    if way is Way.SAME:
        return Fit.DIFFERS if difference else Fit.HOLDS
    if way is Way.UNCLEAR:
        return _find_fit_of_no_change(comparison, unchanged_within)
    ahead = difference if CLEAR[way] is Outcome.UP else -difference
    is_clear = comparison.outcome is CLEAR[way]
    if says.is_negated:  # not up: there are not more, chance or not
        opposite = Fit.OPPOSITE if is_clear else Fit.SLIGHTLY_OPPOSITE
        return Fit.HOLDS if ahead <= 0 else opposite
    fit = Fit.OPPOSITE if ahead else Fit.EQUAL
    if ahead > 0:
        fit = _find_fit_of_size(says, comparison, ahead, least_base)
    # A rank is of the counts alone.
    is_chance = fit is Fit.HOLDS and not is_clear and way in (Way.UP, Way.DOWN)
    return Fit.CHANCE if is_chance else fit


def _find_fit_of_no_change(comparison: Comparison, within: float) -> Fit:
    """Return how "no clear change" fares: it must be shown.

    That no change is seen shows none where few are counted. The interval, and what was counted,
    have to leave out a change of more than `within`, a share.
    """
    if comparison.outcome in CLEAR.values():
        return Fit.CLEAR
    ratios = (comparison.low, comparison.high, comparison.ratio)
    is_shown = all(ratio is not None and abs(ratio - 1) <= within for ratio in ratios)
    return Fit.HOLDS if is_shown else Fit.OPEN


def _find_fit_of_size(says: Says, comparison: Comparison, ahead: float, least_base: int) -> Fit:
    if says.amount is None:
        return Fit.HOLDS
    base, current = require_part(comparison.base), require_part(comparison.current)
    observed, slack, about = float(current), 0.0, None
    if says.amount is Amount.PERCENT:
        if not base or base < least_base:
            return Fit.FEW
        observed = 100 * ahead / base
        # Said roughly: the ratio within so much of the one it says.
        about = WORD_TOLERANCE * (100 + (1 if current >= base else -1) * says.value)
    elif says.amount is Amount.CASES:
        # A mean is not whole: the number is what it rounds to.
        observed, slack = ahead, 0.0 if base == round(base) else 0.5
    comes_from = says.amount is not Amount.LEVEL or says.other in (None, base)
    return Fit.HOLDS if comes_from and is_number_match(says, observed, slack, about) else Fit.SIZE


def is_number_match(
    says: Says, observed: float, slack: float = 0.0, about: float | None = None
) -> bool:
    """Return whether a count, or a change in percent (above zero), is the one that is claimed.

    `slack`: how far a mean may be from a whole number; `about`: how far what is said roughly.
    """
    near = max(slack, WORD_TOLERANCE * says.value if about is None else about)
    exact = max(slack, says.rounded) + SLIGHT
    least, most = {
        Bound.EXACT: (-exact, exact),
        Bound.ABOUT: (-near, near),
        Bound.NEARLY: (-near, 0),
        Bound.OVER: (SLIGHT, math.inf),
        Bound.UNDER: (-math.inf, -SLIGHT),
        Bound.AT_LEAST: (0, math.inf),
        Bound.AT_MOST: (-math.inf, 0),
    }[says.bound]
    return least <= observed - says.value <= most


# --- what a claim is held against, and the answer -----------------------------------------


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

    @property
    def introduction(self) -> str:
        """Say what was counted, where the words were not a measure's, before what is offered."""
        return f"{self.meant} Say it so:".strip()


@dataclass(frozen=True)
class Tally:
    """How many, or how many of how many, by one source; of `unknown` more it is not known.

    `days` says which time it is of, as the words of a sentence; `is_public` whether anybody may
    know it; `address` where it was published, empty for the release.
    """

    part: int
    whole: int | None = None
    unknown: int = 0
    days: str = ""
    is_public: bool = False
    address: str = ""

    def find_fit(self, says: Says) -> Fit:
        """Return how a claim of a number fares, whatever is unknown."""
        if self.whole == 0:
            return Fit.MISSING
        fits = {self._is_match(says, self.part + more) for more in range(self.unknown + 1)}
        return Fit.UNKNOWN if len(fits) > 1 else Fit.HOLDS if True in fits else Fit.NUMBER

    def _is_match(self, says: Says, part: int) -> bool:
        if says.amount is Amount.OF:
            return (part, self.whole) == (says.value, says.other)
        is_share = says.amount is Amount.PERCENT
        return is_number_match(says, 100 * part / require_part(self.whole) if is_share else part)

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
    percentage: str = ""
    interval: str = ""
    finding: Finding | None = None
    is_arguable: bool = False
    count: int = 0
    address: str = ""

    @property
    def is_chance(self) -> bool:
        """Return whether chance could explain the difference."""
        return self.finding is not None and self.finding.tested.outcome is Outcome.UNCLEAR

    @property
    def summary(self) -> str:
        """Return "60 against 100 in the same days of 2023; −40%"."""
        return f"{self.counts}; {self.percentage}" if self.percentage else self.counts


def judge(fits: Iterable[Fit]) -> Verdict:
    """Return the verdict by how the claim fares against each that there is a count of."""
    every = {*fits} - {Fit.MISSING}
    if every == {Fit.HOLDS}:
        return Verdict.SUPPORTED
    if every <= {Fit.OPEN, Fit.RATE, Fit.UNKNOWN}:
        return Verdict.CANNOT
    if every <= {Fit.HOLDS, Fit.CHANCE}:
        return Verdict.BY_COUNT
    # So against one, by the count at least, and not against another.
    return Verdict.DEPENDS if every & {Fit.HOLDS, Fit.CHANCE} else Verdict.NOT_SUPPORTED
