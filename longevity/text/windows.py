"""Which days are compared, and why, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from longevity.stats.windows import CommonDay, NewestWeeks
from longevity.text import wording


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


def describe_newest_weeks(weeks: NewestWeeks, names: Mapping[str, str]) -> str:
    """Return on which days the cities' weeks end, and whether they are the same days."""
    if weeks.by_city.empty:
        return "There is no city to compare."
    ends_iso = weeks.ends_iso
    days = {last: f"{date(2024, 1, last):%A}" for last in sorted(set(ends_iso.values()))}
    cities = {
        last: wording.join_words([names[city] for city, ends in ends_iso.items() if ends == last])
        for last in days
    }
    if len(days) == 1:
        ((last, day),) = days.items()
        week = weeks.by_city.iloc[0]
        return (
            f"Weeks end on {day} in {cities[last]}; the newest whole one is "
            f"{wording.format_period(week['date_from'], week['date_until'])}."
        )
    ends = [f"on {day} in {cities[last]}" for last, day in days.items()]
    return (
        f"Weeks end {wording.join_phrases(ends)}, so their weeks are not the same days. "
        f"Side by side stand the seven days {wording.format_period(*weeks.common)} of each."
    )
