"""The numbers of an evaluation as words: amounts, intervals, percentages, months.

Every direction comes from the number it is about.
"""

from __future__ import annotations

import pandas as pd

from longevity.measures import wording
from longevity.stats.evaluation import ALL, GMI
from longevity.stats.interrupted_time_series import Effect

NOUNS = {ALL: "shooting incidents", GMI: "group-member-involved shooting incidents"}


def name_measure(measure: str) -> str:
    """Return the noun of what is counted; the column's name where it has none of its own."""
    return NOUNS.get(measure, measure)


def format_month(month: pd.Timestamp) -> str:
    """Return "December 2012"."""
    return f"{month:%B %Y}"


def format_decimal(value: float) -> str:
    """Return one decimal, never a zero for what is not nothing: "4.6", "under 0.1"."""
    size = abs(value)
    return "under 0.1" if 0 < size < 0.05 else f"{size:,.1f}"


def format_amount(value: float) -> str:
    """Return "4.6 fewer", "0.3 more", "no more and no fewer"."""
    if value == 0:
        return "no more and no fewer"
    return f"{format_decimal(value)} {'more' if value > 0 else 'fewer'}"


def format_interval(low: float, high: float) -> str:
    """Return "1.7 to 7.5 fewer", "from 3.1 fewer to 0.9 more"."""
    if low > 0 or high < 0:
        near, far = sorted((abs(low), abs(high)))
        return f"{format_decimal(near)} to {format_decimal(far)} {'more' if low > 0 else 'fewer'}"
    return f"from {format_amount(low)} to {format_amount(high)}"


def format_ratio(ratio: float) -> str:
    """Return a factor as a change in percent: "−66%", "+4%", "under 1%"."""
    change = 100 * (ratio - 1)
    if round(change) == 0:
        return f"under 1% {'more' if change > 0 else 'fewer'}" if change else "0%"
    return f"{'+' if change > 0 else wording.MINUS}{abs(change):,.0f}%"


def format_percent_change(effect: Effect, least_base: int) -> str:
    """Return "−66%, interval −76% to −47%", or that too few were expected for a percentage."""
    base = effect.without * effect.months
    if base < least_base:
        return f"too few expected for a percentage, {format_decimal(base)}"
    ends = f"{format_ratio(effect.ratio_low)} to {format_ratio(effect.ratio_high)}"
    return f"{format_ratio(effect.ratio)}, interval {ends}"
