"""The periods one can choose, in words."""

from __future__ import annotations

from longevity.stats.periods import WHOLE, Period
from longevity.text import wording

NAMES = {
    "ytd": "This year so far",
    "28d": "Last 28 days",
    "365d": "Last 365 days",
    WHOLE: "All years",
}


def name_period(period: Period) -> str:
    """Return the name a period is chosen by; a year is its number."""
    return NAMES.get(period.key, period.key)


def describe_during(period: Period) -> str:
    """Return the period to follow a clause: "in 2016"."""
    return wording.format_during(period.start, period.until)
