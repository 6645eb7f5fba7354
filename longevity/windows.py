"""Fair windows: the same days for all, no later than the last day every city has.

A window of earlier years is stepped back by whole years, and February 29 becomes 28, as
the queries do it. A window not wholly covered by what was supplied has no count:
missing, not zero.
"""

from __future__ import annotations

from datetime import date, timedelta

Window = tuple[date, date]  # half-open
WEEK = timedelta(days=7)
DAY = timedelta(days=1)


def step_back_years(day: date, years: int) -> date:
    """Return the same day so many years before; February 28 for 29 where there is none."""
    year = day.year - years
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def span_year(year: int) -> Window:
    """Return a calendar year."""
    return date(year, 1, 1), date(year + 1, 1, 1)


def span_year_to_date(through: date, year: int) -> tuple[date, date]:
    """Return January 1 of `year` to the month and day of `through`, half-open."""
    return date(year, 1, 1), step_back_years(through, through.year - year) + DAY


def span_last_days(through: date, days: int, years: int = 0) -> tuple[date, date]:
    """Return the `days` days that end on `through`, or on that day `years` years before."""
    until = step_back_years(through, years) + DAY
    return until - timedelta(days=days), until


def step_back(window: Window, years: int) -> Window:
    """Return the same days so many years before."""
    first, until = window
    return step_back_years(first, years), step_back_years(until - DAY, years) + DAY


def list_years(first: int, through: date) -> list[Window]:
    """Return calendar years from one to that of `through`, which ends the newest."""
    return [
        (date(year, 1, 1), min(date(year + 1, 1, 1), through + DAY))
        for year in range(first, through.year + 1)
    ]


def list_months(first: date, through: date) -> list[Window]:
    """Return calendar months from the one `first` is in to that of `through`, which ends it."""
    starts = [
        date(year, month, 1)
        for year in range(first.year, through.year + 1)
        for month in range(1, 13)
    ]
    after = [*starts[1:], date(through.year + 1, 1, 1)]
    return [
        (start, min(until, through + DAY))
        for start, until in zip(starts, after, strict=True)
        if until > first and start <= through
    ]


def list_days(first: date, through: date) -> list[Window]:
    """Return every day from one to another."""
    days = (through - first).days + 1
    return [(first + DAY * at, first + DAY * (at + 1)) for at in range(days)]


def list_same_days(through: date, first: int) -> list[Window]:
    """Return January 1 to the day of `through`, of its year and of each back to `first`."""
    return [span_year_to_date(through, year) for year in range(through.year, first - 1, -1)]


def list_last_days(through: date, days: int, windows: int) -> list[Window]:
    """Return so many windows of `days` days, the newest first, each up to where the last began."""
    ends = [through + DAY - timedelta(days=days) * back for back in range(windows)]
    return [(until - timedelta(days=days), until) for until in ends]
