"""The time a claim is about: how it is written in a form, and which days it means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import pandas as pd

from longevity import windows
from longevity.windows import DAY, Window

TO_DATE, WEEK, ALL = "ytd", "last-week", "all"
EVERY = "/month"  # after a time: each month of it by itself
# A part of a year: its first month, and how many it has.
PARTS_OF_YEAR = {
    "": (1, 12),
    **{f"h{half}": (6 * half - 5, 6) for half in (1, 2)},
    **{f"q{quarter}": (3 * quarter - 2, 3) for quarter in (1, 2, 3, 4)},
    **{season: (month, 3) for season, month in {"spring": 3, "summer": 6, "autumn": 9}.items()},
    **{f"{month:02}": (month, 1) for month in range(1, 13)},
    **{
        f"{month:02}..{last:02}": (month, last - month + 1)
        for month in range(1, 13)
        for last in range(month, 13)
    },
}
# The month, quarter or year that the last day is in, or the one before it.
BLOCKS = {"month": 1, "quarter": 3, "year": 12}
_NEWEST = re.compile("last-([1-9][0-9]{0,3})-(day|week|month|year)s")
_DAY = "((?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2})"
_DATES = re.compile(f"(?P<kind>since|week)-{_DAY}|{_DAY}\\.\\.{_DAY}")
_CALENDAR = re.compile("((?:19|20)[0-9]{2}|this|last)(?:-([a-z0-9.]+))?")


@dataclass(frozen=True)
class Clock:
    """What a time goes by: the last day of the data.

    `week_ends`: ISO weekdays on which the cities end their weeks. Where they differ a week is the
    seven days to `through`.
    """

    through: date
    week_ends: frozenset[int] = frozenset()


@dataclass(frozen=True)
class When:
    """A time as a form says it, or each month of a time."""

    code: str = TO_DATE

    @property
    def unit(self) -> str:
        """Return what the newest are so many of, "day" or "month"; or "calendar", for months from
        the first day to the last; or nothing.
        """
        if match := _NEWEST.fullmatch(self.code):
            return {"week": "day", "year": "month"}.get(match[2], match[2])
        if self.code == WEEK:
            return "day"
        is_to_date = self.code.endswith(TO_DATE)
        return "calendar" if _CALENDAR.fullmatch(self.code) and not is_to_date else ""

    def resolve(self, clock: Clock) -> Window:
        """Return the days meant; ValueError where the code means none."""
        time, through, after = self.code.removesuffix(EVERY), clock.through, clock.through + DAY
        if time == WEEK:
            is_alike = len(clock.week_ends) == 1
            behind = (through.isoweekday() - min(clock.week_ends)) % 7 if is_alike else 0
            return after - DAY * (behind + 7), after - DAY * behind
        if match := _NEWEST.fullmatch(time):
            number = int(match[1]) * {"week": 7, "year": 12}.get(match[2], 1)
            is_days = match[2] in ("day", "week")
            return after - DAY * number if is_days else add_months(after, -number), after
        if match := _DATES.fullmatch(time):
            first, *last = (date.fromisoformat(day) for day in match.groups()[1:] if day)
            if match["kind"] == "week":
                return first - DAY * 6, first + DAY
            return first, last[0] + DAY if last else after
        if time in (TO_DATE, ALL):
            return date(through.year, 1, 1), after
        return _resolve_calendar(time, through)

    def step_back(self, span: Window, years: int) -> Window:
        """Return the same days so many years before, of the days this means."""
        start, until = span
        first, end = windows.step_back(span, years)
        if self.unit == "calendar":  # all of February, whatever its length
            return first, windows.step_back_years(until, years)
        # So many days are as many over a leap day.
        return (end - (until - start) if self.unit == "day" else first), end

    def count_months(self, span: Window) -> int:
        """Return how many months it is long, of the days this means; 0 where it is made of days."""
        months = (span[1].year - span[0].year) * 12 + span[1].month - span[0].month
        return months if self.unit in ("month", "calendar") else 0

    def find_before(self, span: Window) -> Window:
        """Return the time just before: as many months where it is made of months, else days."""
        start, until = span
        months = self.count_months(span)
        return add_months(start, -months) if months else start - (until - start), start

    def split(self, span: Window) -> list[tuple[When, Window]]:
        """Return its days, or each month of them by itself; the first and last may be parts."""
        if not self.code.endswith(EVERY):
            return [(self, span)]
        months = windows.list_months(span[0], span[1] - DAY)
        return [(When(f"{at:%Y-%m}"), (max(at, span[0]), end)) for at, end in months]


def _resolve_calendar(time: str, through: date) -> Window:
    """Return a year, a part of one, or the month, quarter or year `through` is in or after."""
    match = _CALENDAR.fullmatch(time)
    year, part = match.groups() if match else ("this", "-")
    is_last, is_named = year == "last", year.isdecimal()
    first = date(int(year) if is_named else through.year - is_last, 1, 1)
    if part == TO_DATE and is_named:
        return first, min(add_months(first, 12), through + DAY)
    if part in BLOCKS and not is_named:
        months = BLOCKS[part]
        month = (through.month - 1) // months * months
        first = add_months(date(through.year, 1, 1), month - months * is_last)
        return first, add_months(first, months)
    month, months = PARTS_OF_YEAR.get(part or "", (0, 0))
    first = first.replace(month=month)  # ValueError where there is no such part
    return first, add_months(first, months)


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later; the last of the month where there is none."""
    later: date = (pd.Timestamp(day) + pd.DateOffset(months=months)).date()
    return later


def parse_when(code: str) -> When | None:
    """Parse how a form writes a time; None where it is no such thing."""
    when = When(code)
    try:
        start, until = when.resolve(Clock(date(2100, 12, 31)))
    except ValueError:
        return None
    return when if start < until else None
