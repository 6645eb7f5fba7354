"""The time a claim is about: how it is written in a form, and which days it means."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from longevity.facts import windows
from longevity.facts.windows import DAY, Window

TO_DATE, LAST_WEEK, LAST_YEAR = "ytd", "last-week", "last-year"
YEAR = "(?:19|20)[0-9]{2}"
_NEWEST = re.compile("last-([1-9][0-9]{0,3})-days")
_DATES = re.compile(rf"({YEAR}-[0-9]{{2}}-[0-9]{{2}})\.\.({YEAR}-[0-9]{{2}}-[0-9]{{2}})")
CALENDAR = re.compile(f"({YEAR})(?:-(?:h([12])|q([1-4])|(0[1-9]|1[0-2])))?")
MONTHS = (6, 3, 1)  # how long a half-year, a quarter and a month are


@dataclass(frozen=True)
class When:
    """A time as a form writes it: `ytd`, `last-week`, `last-28-days`, `2024`, `2024-q1`."""

    code: str = TO_DATE

    @property
    def is_days(self) -> bool:
        """Whether the time is a number of days up to the last, the same number in every year."""
        return self.code == LAST_WEEK or bool(_NEWEST.fullmatch(self.code))

    @property
    def is_newest(self) -> bool:
        """Whether the time goes to today, which is only known as far as the newest day."""
        return self.is_days or self.code == TO_DATE

    @property
    def is_calendar(self) -> bool:
        """Whether the time is made of whole months."""
        return self.code == LAST_YEAR or bool(CALENDAR.fullmatch(self.code))

    def resolve(self, through: date, today: date, week_ends: Collection[int] = ()) -> Window:
        """Return the days meant, given the last day of the data; ValueError where there are none.

        Last year is the one before today's, however old the data are. `week_ends`: the ISO weekdays
        on which the cities end their weeks. Where they differ a week is the seven days to the last.
        """
        after = through + DAY
        if self.code == TO_DATE:
            return windows.span_year_to_date(through, through.year)
        if self.code == LAST_YEAR:
            return windows.span_year(today.year - 1)
        if self.code == LAST_WEEK:
            is_alike = len({*week_ends}) == 1
            behind = (through.isoweekday() - min(week_ends)) % 7 if is_alike else 0
            return windows.span_last_days(through - DAY * behind, 7)
        if match := _NEWEST.fullmatch(self.code):
            return after - DAY * int(match[1]), after
        if match := _DATES.fullmatch(self.code):
            first, last = map(date.fromisoformat, match.groups())
            return first, last + DAY
        if match := CALENDAR.fullmatch(self.code):
            parts = zip(MONTHS, match.groups()[1:], strict=True)
            months, at = next(((size, int(part)) for size, part in parts if part), (12, 1))
            first = add_months(date(int(match[1]), 1, 1), months * (at - 1))
            return first, add_months(first, months)
        raise ValueError(f"{self.code} is no time")

    def step_back(self, span: Window, years: int) -> Window:
        """Return the same days that many years before; `span`: the days that `resolve` returned."""
        start, until = span
        first, end = windows.step_back(span, years)
        if self.is_calendar:  # all of February, whatever its length
            return first, windows.step_back_years(until, years)
        # So many days are as many over a leap day.
        return (end - (until - start) if self.is_days else first), end


def add_months(first: date, months: int) -> date:
    """Return the first day of a month so many months later."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def parse_when(code: str) -> When | None:
    """Return the time of a form's code; None where it means no days."""
    # Read on a day late enough that no time is in the future: only the code itself is judged.
    when, day = When(code), date(2100, 12, 31)
    try:
        start, until = when.resolve(day, day)
    except ValueError:
        return None
    return when if start < until else None
