"""A comparison in words: arrow, colour, sentence and interval out of one object.

Nobody else words a comparison, so that no caption can say what the interval does not.
"""

from __future__ import annotations

from dataclasses import dataclass

from longevity.findings.finding import Finding
from longevity.stats.comparison import Comparison, Outcome
from longevity.text import wording

NO_CLEAR_CHANGE = "no clear change"
BY_CHANCE = "chance alone could explain the difference"
ARROWS = {
    Outcome.UP: "▲",
    Outcome.DOWN: "▼",
    Outcome.UNCLEAR: "–",
    Outcome.NONE: "0",
    Outcome.UNKNOWN: "?",
}
VERDICTS = {
    Outcome.UP: "clearly up",
    Outcome.DOWN: "clearly down",
    Outcome.UNCLEAR: NO_CLEAR_CHANGE,
    Outcome.NONE: "none in either",
    Outcome.UNKNOWN: "not known",
}
# The same where a column or a heading says what "up" means.
SHORT = {
    Outcome.UP: "up",
    Outcome.DOWN: "down",
    Outcome.UNCLEAR: NO_CLEAR_CHANGE,
    Outcome.NONE: "none in either",
    Outcome.UNKNOWN: "not known",
}
TOO_FEW = "too few to give a percentage"
TESTED_UNIT = "shooting incidents"  # what is tested where people are counted
IF_INDEPENDENT = "assuming independent events"
IF_IN_CLUSTERS = "allowing for events that come in clusters"
DEPENDS = "The answer depends on the baseline"
LEAST_RATIO = 0.005  # a ratio below it is "under 0.01"; as the only bound it bounds nothing
MOST_RATIO = 100.0  # an upper bound above it bounds nothing anyone would say


# What stands under a table of arrows.
KEY_TO_NO_CLEAR_CHANGE = f"{ARROWS[Outcome.UNCLEAR]} {NO_CLEAR_CHANGE}: {BY_CHANCE}."


def explain_interval_that_holds(value: int) -> str:
    """Say how to read an interval that holds the value of no change: 1 of a ratio, else 0."""
    return f"An interval that holds {value} is {NO_CLEAR_CHANGE}."


@dataclass(frozen=True)
class ChangeText:
    """One comparison as a screen shows it.

    `colour` names a state (up, down, unclear, none, unknown), not a colour. `percentage`
    is None on a base too small for one, `interval` empty where nothing is known.
    """

    outcome: Outcome
    arrow: str
    colour: str
    verdict: str
    counts: str
    difference: str
    percentage: str | None
    interval: str
    sentence: str


def describe_finding(finding: Finding) -> ChangeText:
    """Describe a finding: its comparison, with the days of its earlier time."""
    return describe_change(finding.tested, finding.against.days, finding.least_base)


def describe_change(comparison: Comparison, when: str, least_base: int) -> ChangeText:
    """Describe a comparison. `when` names the base: "the same days of 2025"."""
    outcome = comparison.outcome
    percentage = _format_percentage(comparison, least_base)
    return ChangeText(
        outcome,
        ARROWS[outcome],
        outcome.value,
        _choose_verdict(comparison),
        _describe_counts(comparison, when),
        format_difference(comparison),
        percentage,
        format_interval(comparison),
        _write_sentence(comparison, when, percentage),
    )


def _choose_verdict(comparison: Comparison) -> str:
    if comparison.outcome is Outcome.UNCLEAR and not comparison.difference:
        return NO_CLEAR_CHANGE
    return VERDICTS[comparison.outcome]


def _describe_counts(comparison: Comparison, when: str) -> str:
    """Return "36 against 20 in the same days of 2025", or what is not known."""
    if comparison.current is None:
        return "The count is not known"
    now = wording.format_number(comparison.current)
    if comparison.previous is None:
        return f"{now}; there is no count of {when}"
    if comparison.base is None:
        return f"{now}; there is nothing to measure it against in {when}"
    if comparison.outcome is Outcome.NONE:
        return f"None, as in {when}"
    return f"{now} against {_describe_base(comparison, comparison.base)} {when}"


def _describe_base(comparison: Comparison, base: float) -> str:
    """Say what is compared with, up to the word for when: a count, a mean, or a rate."""
    if comparison.exposure == comparison.exposure_before:
        return f"{_format_amount(base)} in"
    mean = comparison.exposure == 1 and float(comparison.exposure_before).is_integer()
    return f"{_format_amount(base)} {'on average in' if mean else 'at the rate of'}"


def _format_amount(value: float) -> str:
    """Format a count, or a mean to one decimal: 25, 25.3, 1,204.7; never 0.0 for some."""
    if value == round(value):
        return wording.format_number(value)
    return "under 0.1" if value < 0.05 else f"{value:,.1f}"


def format_difference(comparison: Comparison) -> str:
    """Return "16 more", "as many"; from an average to the next whole; empty where not known."""
    if comparison.difference is None:
        return ""
    if comparison.difference == 0:
        return "as many"
    word = "more" if comparison.difference > 0 else "fewer"
    whole = int(abs(comparison.difference) + 0.5)
    return f"{wording.format_number(whole)} {word}" if whole else f"under 1 {word}"


def _format_percentage(comparison: Comparison, least_base: int) -> str | None:
    if comparison.current is None or comparison.base is None:
        return None
    return wording.format_percentage_change(comparison.current, comparison.base, least_base)


def format_interval(comparison: Comparison) -> str:
    """Return "0.63 to 2.00 times as many", or the one bound there is; empty without any.

    What chance was tested on is named where it is not what was counted.
    """
    bounds = _format_bounds(comparison)
    return f"{bounds} {TESTED_UNIT}" if bounds and comparison.tested_apart else bounds


def _format_bounds(comparison: Comparison) -> str:
    if comparison.low is None or comparison.outcome in (Outcome.NONE, Outcome.UNKNOWN):
        return ""
    if comparison.high is None or comparison.high > MOST_RATIO:
        if comparison.low < LEAST_RATIO:
            return ""
        return f"at least {_format_ratio(comparison.low)} times as many"
    if comparison.high < LEAST_RATIO:
        return f"{_format_ratio(comparison.high)} times as many"
    if comparison.low == 0:
        return f"at most {_format_ratio(comparison.high)} times as many"
    return f"{_format_ratio(comparison.low)} to {_format_ratio(comparison.high)} times as many"


def _format_ratio(value: float) -> str:
    """Return a ratio to two decimals, and to more where two would move it to or across 1."""
    if 0 < value < LEAST_RATIO:
        return "under 0.01"
    for decimals in range(2, 10):
        text = round(value, decimals)
        if (text > 1) == (value > 1) and (text < 1) == (value < 1):
            return f"{value:,.{decimals}f}"
    return "just over 1" if value > 1 else "just under 1"


def _write_sentence(comparison: Comparison, when: str, percentage: str | None) -> str:
    counts = _describe_counts(comparison, when)
    if comparison.outcome in (Outcome.UNKNOWN, Outcome.NONE):
        return f"{counts}."
    change = format_difference(comparison)
    if percentage is None:
        change = f"{change}, {TOO_FEW}"
    elif comparison.difference:
        change = f"{change}, {percentage}"
    bounds = format_interval(comparison)
    assumption = _state_assumption(comparison)
    inside = f"{change}; {format_level(comparison.level)} interval {bounds}" if bounds else change
    return (
        f"{counts}: {_choose_verdict(comparison)} "
        f"({inside}{', ' + assumption if assumption else ''})."
    )


def format_level(value: float) -> str:
    """Return "95%", with enough decimals that 99.95% is not called 100%."""
    decimals = 0
    while decimals < 6 and abs(round(100 * value, decimals) - 100 * value) > 0.005:
        decimals += 1
    return f"{100 * value:.{decimals}f}%"


def _state_assumption(comparison: Comparison) -> str:
    if comparison.dispersion is None:
        return IF_INDEPENDENT
    return IF_IN_CLUSTERS if comparison.dispersion.is_clustered else ""
