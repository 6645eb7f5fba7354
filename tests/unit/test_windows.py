"""Fair windows, against the calendar walked day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from longevity import windows
from longevity.text.windows import describe_common_day

NAMES = {"east": "East", "west": "West", "north": "North"}


def daily(city: str, start: date, until: date) -> pd.DataFrame:
    """A city in which as many happen on a day as its day of the month says."""
    days = [start + timedelta(days=k) for k in range((until - start).days)]
    return pd.DataFrame(
        {
            "city": city,
            "day": pd.to_datetime(days),
            "incidents": [day.day for day in days],
        }
    )


@pytest.mark.parametrize("through", [date(2024, 2, 29), date(2026, 2, 28), date(2026, 12, 31)])
@pytest.mark.parametrize("year", [2020, 2023, 2024])
def test_to_date_holds_the_days_a_person_would_count(through: date, year: int) -> None:
    start, until = windows.span_year_to_date(through, year)
    held = [start + timedelta(days=k) for k in range((until - start).days)]
    day, expected = date(year, 1, 1), []
    while day.year == year and (day.month, day.day) <= (through.month, through.day):
        expected.append(day)
        day += timedelta(days=1)
    assert held == expected


def test_the_last_days_of_a_leap_day_a_year_before() -> None:
    assert windows.span_last_days(date(2024, 2, 29), 7, 1) == (date(2023, 2, 22), date(2023, 3, 1))
    assert windows.span_last_days(date(2026, 3, 3), 7) == (date(2026, 2, 25), date(2026, 3, 4))


def test_a_hole_is_missing_and_not_zero() -> None:
    frame = daily("east", date(2026, 1, 1), date(2026, 2, 1))
    whole, past = (date(2026, 1, 1), date(2026, 1, 8)), (date(2026, 1, 30), date(2026, 2, 6))
    counted = windows.RunningTotals(frame)
    assert [counted.count("east", "incidents", span) for span in (whole, past)] == [28, None]
    holed = windows.RunningTotals(frame[frame["day"] != pd.Timestamp(2026, 1, 4)])
    assert [holed.count("east", "incidents", span) for span in (whole, past)] == [None, None]


def test_the_least_common_day_is_told_with_what_it_costs() -> None:
    found = windows.find_common_day(
        {"east": date(2026, 11, 22), "west": date(2026, 9, 20), "north": None}
    )
    assert (found.through, found.cities, found.left_out) == (
        date(2026, 9, 20),
        ("east", "west"),
        ("north",),
    )
    assert describe_common_day(found, NAMES) == (
        "All are counted to September 20, 2026, the last day West has; East has until "
        "November 22, 2026. Nothing was supplied for North, which is not zero."
    )
    assert windows.find_common_day({"east": None}).through is None
    same = windows.find_common_day({"east": date(2026, 9, 20), "west": date(2026, 9, 20)})
    assert describe_common_day(same, NAMES) == "All are counted to September 20, 2026."
