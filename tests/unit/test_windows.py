"""Fair windows, against the calendar walked day by day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from longevity import windows
from longevity.screens.city_comparison import describe_last_days
from longevity.windows import DAY

NAMES = {"east": "East", "west": "West", "north": "North"}


@pytest.mark.parametrize("through", [date(2024, 2, 29), date(2026, 2, 28), date(2026, 12, 31)])
@pytest.mark.parametrize("year", [2020, 2023, 2024])
def test_to_date_holds_the_days_a_person_would_count(through, year):
    start, until = windows.span_year_to_date(through, year)
    held = [start + timedelta(days=k) for k in range((until - start).days)]
    day, expected = date(year, 1, 1), []
    while day.year == year and (day.month, day.day) <= (through.month, through.day):
        expected.append(day)
        day += timedelta(days=1)
    assert held == expected


def test_the_last_days_of_a_leap_day_a_year_before():
    assert windows.span_last_days(date(2024, 2, 29), 7, 1) == (date(2023, 2, 22), date(2023, 3, 1))
    assert windows.span_last_days(date(2026, 3, 3), 7) == (date(2026, 2, 25), date(2026, 3, 4))


def test_windows_follow_one_another_and_end_on_the_last_day():
    last = date(2026, 11, 22)
    assert windows.list_years(2025, last) == [
        (date(2025, 1, 1), date(2026, 1, 1)),
        (date(2026, 1, 1), date(2026, 11, 23)),
    ]
    months = windows.list_months(date(2025, 11, 20), last)
    assert (months[0][0], months[-1]) == (date(2025, 11, 1), (date(2026, 11, 1), last + DAY))
    days = windows.list_days(date(2026, 11, 1), last)
    slices = windows.list_last_days(last, 28, 3)[::-1]
    for of in (months, days, slices):
        assert all(until == first for (_, until), (first, _) in pairwise(of))
        assert of[-1][1] == last + DAY


def test_the_same_days_of_a_leap_year_end_on_28_february_before():
    assert windows.list_same_days(date(2024, 2, 29), 2023) == [
        (date(2024, 1, 1), date(2024, 3, 1)),
        (date(2023, 1, 1), date(2023, 3, 1)),
    ]
    assert windows.step_back((date(2024, 2, 1), date(2024, 3, 1)), 1) == (
        date(2023, 2, 1),
        date(2023, 3, 1),
    )


def test_the_least_common_day_is_told_with_what_it_costs():
    last_days = {"east": date(2026, 11, 22), "west": date(2026, 9, 20)}
    said = describe_last_days(last_days, NAMES)
    assert said.startswith("All are counted to September 20, 2026, the last day West has; East has")
    assert "Nothing was supplied for North, which is not" in said
