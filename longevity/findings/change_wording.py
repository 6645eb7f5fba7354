"""A comparison of two counts in words: its arrow, verdict, sentence and interval.

Nothing else words a comparison, so that no caption can say what the interval does not. The
sentences are those of `change` in `words/violence.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from longevity.findings.finding import Finding
from longevity.stats.comparison import Comparison, Outcome
from longevity.words import wording
from longevity.words.absent import Absent
from longevity.words.language import Spoken, translate
from longevity.words.say import say

ARROWS = {
    Outcome.UP: "▲",
    Outcome.DOWN: "▼",
    Outcome.UNCLEAR: "–",
    Outcome.NONE: "0",
    Outcome.UNKNOWN: "?",
}
NOTHING = (Outcome.NONE, Outcome.UNKNOWN)  # outcomes of which no change is said
VERDICTS = Spoken({outcome: f"change.{outcome.value}" for outcome in Outcome}, say)
LEAST_RATIO = 0.005  # a bound below it bounds nothing anyone would say
MOST_RATIO = 100.0  # nor does one above it


@dataclass(frozen=True)
class ChangeText:
    """One comparison as a screen shows it: "▼", "clearly down", "60 against 100 in …", "40 fewer".

    `percentage` is None on a base too small for one, `interval` empty where nothing is known;
    `sentence` has them all.
    """

    outcome: Outcome
    arrow: str
    verdict: str
    counts: str
    difference: str
    percentage: str | None
    interval: str
    sentence: str


def describe_finding(finding: Finding) -> ChangeText:
    """Describe a finding: its comparison, with the days of its earlier time."""
    return describe_change(finding.tested, finding.against.days, finding.least_base)


def list_cells(finding: Finding) -> dict[str, str]:
    """Return a finding as cells of a table, by heading; an empty one is not known."""
    words = describe_finding(finding)
    few = "" if finding.difference is None else say("change.too_few")
    return {
        "Change": f"{words.arrow} {words.verdict}",
        "Counts": words.counts,
        "Difference": words.difference,
        "In percent": words.percentage or few,
        "Interval": words.interval,
    }


def describe_change(comparison: Comparison, when: str, least_base: int) -> ChangeText:
    """Put a comparison into words.

    `when` names the earlier time: "the same days of 2025". `least_base`: the smallest count a
    percentage is given on.
    """
    outcome, percent = comparison.outcome, _format_percentage(comparison, least_base)
    counts = say(
        f"change.{_choose_counts(comparison)}",
        now=comparison.current,
        before=comparison.previous,
        base=_format_amount(comparison.base or 0),
        when=when,
    )
    facts: dict[str, Any] = {
        "verdict": VERDICTS[outcome],
        "counts": counts,
        "difference": _format_difference(comparison),
        "percentage": percent,
        "interval": format_interval(comparison),
    }
    name = "sentence_few" if outcome is Outcome.UNCLEAR and percent is None else "sentence"
    sentence = say(
        f"change.{'sentence_counts' if outcome in NOTHING else name}",
        facts,
        level=format_level(comparison.level),
        is_independent=comparison.dispersion is None,
        is_same=not comparison.difference,
    )
    return ChangeText(outcome, ARROWS[outcome], **facts, sentence=sentence)


def _choose_counts(comparison: Comparison) -> str:
    """Return the name of the sentence that gives both counts, or says which is not known."""
    if comparison.current is None:
        return "counts_unknown"
    if comparison.previous is None:
        return "counts_no_base"
    if comparison.base is None:
        return "counts_untested"
    if comparison.outcome is Outcome.NONE:
        return "counts_none"
    return "counts_mean" if comparison.exposure_before > 1 else "counts"


def _format_amount(value: float) -> str:
    """Format a count, or a mean to one decimal: 25, 25.3, 1,204.7; never 0.0 for some."""
    if value == round(value):
        return wording.format_number(value)
    return translate("under {number}", number=0.1) if value < 0.05 else f"{value:,.1f}"


def _format_difference(comparison: Comparison) -> str:
    """Return "16 more", "as many"; "" where it is not known.

    The difference from an average is rounded to a whole number.
    """
    difference = comparison.difference
    if difference is None:
        return ""
    if not difference:
        return say("change.as_many")
    size = int(abs(difference) + 0.5) or translate("under {number}", number=1)
    return say(f"change.{'more' if difference > 0 else 'fewer'}", size=size)


def _format_percentage(comparison: Comparison, least_base: int) -> str | None:
    if comparison.current is None or comparison.base is None:
        return None
    return wording.format_percentage_change(comparison.current, comparison.base, least_base)


def format_interval(comparison: Comparison) -> str:
    """Return "0.63 to 2.00 times as many", or the one bound there is; "" without any.

    It says on what chance was tested, where that is not what was counted: people shot are tested by
    shootings.
    """
    if comparison.low is None or comparison.outcome in NOTHING:
        return ""
    has_low = comparison.low >= LEAST_RATIO
    has_high = comparison.high is not None and comparison.high <= MOST_RATIO
    if not has_low and not has_high:
        return ""
    name = "interval" if has_low and has_high else f"interval_{'least' if has_low else 'most'}"
    low, high = (
        wording.format_ratio(max(bound or 0, 0.01), 2)
        for bound in (comparison.low, comparison.high)
    )
    return say(f"change.{name}", low=low, high=high, apart=comparison.tested_apart)


def format_level(value: float) -> str:
    """Return "95%", with so many decimals that 99.95% is not called 100%."""
    return f"{min(round(100 * value, 2), 99.99):g}%"


def write_tile(finding: Finding) -> dict[str, Any]:
    """Return what a tile says of a finding: its change ("−17%", "+9"), its base and its verdict.

    Nothing where there is nothing to compare.
    """
    now, before, difference = finding.now, finding.before, finding.difference
    if isinstance(now, Absent) or isinstance(before, Absent) or difference is None:
        return {}
    words = describe_finding(finding)
    outcome = finding.verdict
    is_few = outcome is Outcome.UNCLEAR and words.percentage is None
    return {
        "change": format_change(finding),
        "base": say("change.base", before=before, when=finding.against.days),
        "verdict": f"{ARROWS[outcome]} {say('change.few') if is_few else VERDICTS[outcome]}",
    }


def format_change(finding: Finding) -> str:
    """Return a known change in percent, or as a count on a small base: "−17%", "+9"."""
    difference = finding.difference or 0
    if not difference:
        return say("change.as_many")
    sign = wording.MINUS if difference < 0 else "+"
    percent = _format_percentage(finding.tested, finding.least_base)
    return percent or f"{sign}{wording.format_number(abs(difference))}"
