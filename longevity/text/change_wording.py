"""A comparison in words: arrow, colour, sentence and interval out of one object.

Nobody else words a comparison, so that no caption can say what the interval does not.
"""

from __future__ import annotations

from dataclasses import dataclass

from longevity.stats.comparison import Comparison, Outcome
from longevity.text import wording

ARROWS = {
    Outcome.UP: "▲",
    Outcome.DOWN: "▼",
    Outcome.UNCLEAR: "≈",
    Outcome.NONE: "0",
    Outcome.UNKNOWN: "?",
}
VERDICTS = {
    Outcome.UP: "up, by more than chance would explain",
    Outcome.DOWN: "down, by more than chance would explain",
    Outcome.UNCLEAR: "no clear change, chance alone could explain the difference",
    Outcome.NONE: "none in either",
    Outcome.UNKNOWN: "not known",
}
# The same where a column or a heading says what "up" means.
SHORT = {
    Outcome.UP: "up",
    Outcome.DOWN: "down",
    Outcome.UNCLEAR: "no clear change",
    Outcome.NONE: "none in either",
    Outcome.UNKNOWN: "not known",
}
TOO_FEW = "too few to give a percentage"
ASSUMED = "assuming independent events"
CLUSTERED = "allowing for events that come in clusters"
DEPENDS = "The answer depends on the baseline"
LEAST_RATIO = 0.005  # a ratio below it is "under 0.01"; as the only bound it bounds nothing
NBSP = "\u00a0"


@dataclass(frozen=True)
class Told:
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


def tell(compared: Comparison, when: str, least_base: int) -> Told:
    """`compared` in words. `when` names the base: "the same days of 2025"."""
    outcome = compared.outcome
    percentage = _percentage(compared, least_base)
    return Told(
        outcome,
        ARROWS[outcome],
        outcome.value,
        _verdict(compared),
        _counts(compared, when),
        difference(compared),
        percentage,
        interval(compared),
        _sentence(compared, when, percentage),
    )


def _verdict(compared: Comparison) -> str:
    if compared.outcome is Outcome.UNCLEAR and not compared.difference:
        return "no clear change"
    return VERDICTS[compared.outcome]


def _counts(compared: Comparison, when: str) -> str:
    """ "36 against 20 in the same days of 2025", or what is not known."""
    if compared.current is None:
        return "The count is not known"
    now = wording.number(compared.current)
    if compared.previous is None:
        return f"{now}; there is no count of {when}"
    if compared.base is None:
        return f"{now}; there is nothing to measure it against in {when}"
    if compared.outcome is Outcome.NONE:
        return f"None, as in {when}"
    return f"{now} against {_base(compared, compared.base)} {when}"


def _base(compared: Comparison, base: float) -> str:
    """What is compared with, up to the word for when: a count, a mean, or a rate."""
    if compared.exposure == compared.exposure_before:
        return f"{_amount(base)} in"
    mean = compared.exposure == 1 and float(compared.exposure_before).is_integer()
    return f"{_amount(base)} {'on average in' if mean else 'at the rate of'}"


def _amount(value: float) -> str:
    """A count, or a mean to one decimal: 25, 25.3, 1,204.7; never 0.0 for what is not none."""
    if value == round(value):
        return wording.number(value)
    return "under 0.1" if value < 0.05 else f"{value:,.1f}"


def difference(compared: Comparison) -> str:
    """ "16 more", "2.7 fewer", "as many"; empty where nothing is known."""
    if compared.difference is None:
        return ""
    if compared.difference == 0:
        return "as many"
    word = "more" if compared.difference > 0 else "fewer"
    return f"{_amount(abs(compared.difference))} {word}"


def _percentage(compared: Comparison, least_base: int) -> str | None:
    if compared.current is None or compared.base is None:
        return None
    return wording.percentage_change(compared.current, compared.base, least_base)


def interval(compared: Comparison) -> str:
    """ "0.63 to 2.00 times as many", or the one bound there is; empty without any."""
    if compared.low is None or compared.outcome in (Outcome.NONE, Outcome.UNKNOWN):
        return ""
    if compared.high is None:
        if compared.low < LEAST_RATIO:
            return ""
        return f"at least {_times(compared.low)} times as many"
    if compared.high < LEAST_RATIO:
        return f"{_times(compared.high)} times as many"
    if compared.low == 0:
        return f"at most {_times(compared.high)} times as many"
    return f"{_times(compared.low)} to {_times(compared.high)} times as many"


def _times(value: float) -> str:
    """A ratio to two decimals, and to more where two would move it to or across 1."""
    if 0 < value < LEAST_RATIO:
        return "under 0.01"
    for decimals in range(2, 10):
        shown = round(value, decimals)
        if (shown > 1) == (value > 1) and (shown < 1) == (value < 1):
            return f"{value:,.{decimals}f}"
    return "just over 1" if value > 1 else "just under 1"


def _sentence(compared: Comparison, when: str, percentage: str | None) -> str:
    counts = _counts(compared, when)
    if compared.outcome in (Outcome.UNKNOWN, Outcome.NONE):
        return f"{counts}."
    change = difference(compared)
    if percentage is None:
        change = f"{change}, {TOO_FEW}"
    elif compared.difference:
        change = f"{change}, {percentage}"
    bounds = interval(compared)
    assumed = _assumed(compared)
    inside = f"{change}; {level(compared.level)} interval {bounds}" if bounds else change
    return f"{counts}: {_verdict(compared)} ({inside}{', ' + assumed if assumed else ''})."


def level(value: float) -> str:
    """ "95\u00a0%", with enough decimals that 99.95\u00a0% is not called 100\u00a0%."""
    decimals = 0
    while decimals < 6 and abs(round(100 * value, decimals) - 100 * value) > 0.005:
        decimals += 1
    return f"{100 * value:.{decimals}f}{NBSP}%"


def _assumed(compared: Comparison) -> str:
    if compared.dispersion is None:
        return ASSUMED
    return CLUSTERED if compared.dispersion.is_clustered else ""
