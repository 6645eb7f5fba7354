"""Windows: spans of days to count over, made so that a comparison of two is of the same days.

`through` is always the last day to count, the last one that every city's data have. A window of an
earlier year is the same days of that year; February 29 becomes 28, as in the queries.
"""

from __future__ import annotations

from datetime import date, timedelta

Window = tuple[date, date]  # half-open: the first day, and the day after the last
DAY = timedelta(days=1)


def step_back_years(day: date, years: int) -> date:
    """Return the same day `years` years before; February 28 for 29 where there is none."""
    year = day.year - years
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def span_year(year: int) -> Window:
    """Return a calendar year as a window."""
    return date(year, 1, 1), date(year + 1, 1, 1)


def span_year_to_date(through: date, year: int) -> tuple[date, date]:
    """Return January 1 of `year` to the month and day of `through`, as a window."""
    return date(year, 1, 1), step_back_years(through, through.year - year) + DAY


def span_last_days(through: date, days: int, years: int = 0) -> tuple[date, date]:
    """Return the window of `days` days that end on `through`, or on that day `years` before."""
    until = step_back_years(through, years) + DAY
    return until - timedelta(days=days), until


def step_back(window: Window, years: int) -> Window:
    """Return the window of the same days `years` years before."""
    first, until = window
    return step_back_years(first, years), step_back_years(until - DAY, years) + DAY


def list_years(first: int, through: date) -> list[Window]:
    """Return calendar years from `first` to the year of `through`, which ends on `through`."""
    return [
        (date(year, 1, 1), min(date(year + 1, 1, 1), through + DAY))
        for year in range(first, through.year + 1)
    ]


def list_months(first: date, through: date) -> list[Window]:
    """Return calendar months from the month of `first` on; the newest ends on `through`."""
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
    """Return a window for every day from `first` to `through`, both included."""
    days = (through - first).days + 1
    return [(first + DAY * at, first + DAY * (at + 1)) for at in range(days)]


def list_same_days(through: date, first: int) -> list[Window]:
    """Return January 1 to the month and day of `through`, for its year and each back to `first`."""
    return [span_year_to_date(through, year) for year in range(through.year, first - 1, -1)]


def list_last_days(through: date, days: int, windows: int) -> list[Window]:
    """Return windows of `days` days in a row, newest first, of which that ends on `through`."""
    ends = [through + DAY - timedelta(days=days) * back for back in range(windows)]
    return [(until - timedelta(days=days), until) for until in ends]
