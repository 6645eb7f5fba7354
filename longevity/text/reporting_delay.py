"""How much the newest weeks still grow, in words."""

from __future__ import annotations

import pandas as pd

from longevity.measures.say import say
from longevity.stats.reporting_delay import ReportingDelay


def describe_growth(delay: ReportingDelay) -> str:
    """Return how many are reported late and where the newest week is likely to end, or why not
    known.
    """
    if delay.lack is not None:
        return say(f"growth.{delay.lack.value}", incidents=delay.incidents)
    week, complete = delay.weeks.iloc[0], delay.completeness.iloc[0]["complete"]
    facts = {"n": week["counted"], "day": week["week_ending"], "late": round(100 * (1 - complete))}
    if pd.isna(week["high"]):
        return say("growth.open", facts)
    return say("growth.expected", facts, low=week["low"], high=week["high"])
