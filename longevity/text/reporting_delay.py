"""How much the newest weeks still grow, in words."""

from __future__ import annotations

import pandas as pd

from longevity.stats.reporting_delay import Lack, ReportingDelay
from longevity.text import wording

CANNOT_TELL = "so it cannot be told how much the newest weeks still grow."
NOT_RECORDED = f"The source does not give when incidents were recorded, {CANNOT_TELL}"
NO_INCIDENTS = f"There are no incidents, {CANNOT_TELL}"


def describe_growth(delay: ReportingDelay) -> str:
    """Return how complete the newest week is and where it is likely to end, or why not known."""
    if delay.lack is Lack.NO_INCIDENTS:
        return NO_INCIDENTS
    if delay.lack is Lack.NOT_RECORDED:
        return NOT_RECORDED
    if delay.lack is Lack.TOO_FEW:
        return (
            "Too few incidents are old enough to tell how much a week still grows "
            f"({delay.incidents})."
        )
    week, share = delay.weeks.iloc[0], delay.completeness.iloc[0]
    sentence = (
        f"{wording.count_noun(int(week['counted']), 'incident')} so far in the week to "
        f"{wording.format_day(week['week_ending'])}"
    )
    earlier = (
        f"weeks this new held {_format_percent(share['complete'])} "
        f"({_format_percent(share['low'])}–{_format_percent(share['high'])}) of what was known "
        f"{delay.horizon} weeks later"
    )
    if pd.isna(week["high"]):
        return f"{sentence}; {earlier}, too little to say where it will end."
    low, high = int(week["low"]), int(week["high"])
    if low == high:
        return f"{sentence}; it is likely to stay: {earlier}."
    expected = f"{wording.format_number(low)}–{wording.format_number(high)}"
    return f"{sentence}; late reports usually add, expect {expected}: {earlier}."


def _format_percent(share: float) -> str:
    """Return a share in percent; what is not all is never 100%, nor what is not nothing 0%."""
    if 0.99 < share < 1:
        return "over 99%"
    if 0 < share < 0.01:
        return "under 1%"
    return f"{100 * share:.0f}%"
