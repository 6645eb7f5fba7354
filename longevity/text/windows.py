"""Which days are compared, and why, in words."""

from __future__ import annotations

from collections.abc import Mapping

from longevity.text import wording
from longevity.windows import CommonDay


def describe_common_day(common: CommonDay, names: Mapping[str, str]) -> str:
    """Return to which day all are counted, which city sets it, and which has nothing."""
    if common.through is None:
        return "Nothing was supplied, so nothing is compared."
    limits = [names[city] for city, day in common.last_days.items() if day == common.through]
    later = [
        f"{names[city]} has until {wording.format_day(day)}"
        for city, day in common.last_days.items()
        if day > common.through
    ]
    scope = "All are counted" if len(names) > 1 else "Counted"
    text = f"{scope} to {wording.format_day(common.through)}"
    if later:
        verb = "has" if len(limits) == 1 else "have"
        text += f", the last day {wording.join_words(limits)} {verb}; {wording.join_words(later)}"
    missing = [names[city] for city in common.left_out]
    if missing:
        text += f". Nothing was supplied for {wording.join_words(missing)}, which is not zero"
    return f"{text}."
