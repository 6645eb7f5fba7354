"""The time a claim is about: how it is written in a form, and which days it means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial

from longevity import windows
from longevity.windows import DAY, Window

# A part of a year: its first month, and how many it has.
PARTS_OF_YEAR = {
    "": (1, 12),
    **{f"h{half}": (6 * half - 5, 6) for half in (1, 2)},
    **{f"q{quarter}": (3 * quarter - 2, 3) for quarter in (1, 2, 3, 4)},
    **{season: (month, 3) for season, month in {"spring": 3, "summer": 6, "autumn": 9}.items()},
}
# The month, quarter or year that the last day is in, or the one before it.
BLOCKS = {"month": 1, "quarter": 3, "year": 12}


class Unit(StrEnum):
    """What a time is made of."""

    TO_DATE = "ytd"  # January 1 to the last day of the data
    CALENDAR = "calendar"  # months of a year, from their first day to their last
    DAYS = "days"  # the newest so many
    MONTHS = "months"  # the newest so many, to the last day of the data
    WEEK = "last-week"  # the newest whole week of the city
    LAUNCH = "launch"  # so many months from the first day of the program; 0: to the last day
    DATES = "dates"  # from one day to another; without one to the last day of the data
    ALL = "all"  # all that is on record, for what the program counts


@dataclass(frozen=True)
class Clock:
    """What a time goes by: the last day of the data, and the first of the program if any.

    `week_ends`: ISO weekdays on which the cities end their weeks. Where they differ a week is the
    seven days to `through`.
    """

    through: date
    week_ends: frozenset[int]
    launched_on: date | None


@dataclass(frozen=True)
class When:
    """A time, as a form says it: `code`. `every`: each month (day, year) of it by itself.

    CALENDAR: `number` months from `month` of `year`; without a year of the one `back` years before
    the last day of the data, without a month the block of so many months `back` blocks before the
    one that day is in. TO_DATE with a `year` is that year so far. DAYS, MONTHS, LAUNCH: the newest
    or first `number`. DATES: from `first` to `last`.
    """

    code: str = "ytd"
    unit: Unit = Unit.TO_DATE
    year: int | None = None
    month: int = 0
    number: int = 0
    back: int = 0
    first: date | None = None
    last: date | None = None
    every: str = ""

    def resolve(self, clock: Clock) -> Window:
        """Return the days meant."""
        through, after = clock.through, clock.through + DAY
        first = self.first or date(through.year, 1, 1)
        until = self.last + DAY if self.last else after
        if self.unit is Unit.CALENDAR:
            first = self._find_first_month(through)
            until = add_months(first, self.number)
        elif self.unit is Unit.WEEK:
            is_alike = len(clock.week_ends) == 1
            behind = (through.isoweekday() - min(clock.week_ends)) % 7 if is_alike else 0
            first, until = after - DAY * (behind + 7), after - DAY * behind
        elif self.unit is Unit.LAUNCH:
            if clock.launched_on is None:
                raise ValueError("a time since the launch needs one")
            first = clock.launched_on
            until = add_months(first, self.number) if self.number else after
        elif self.unit is Unit.DAYS:
            first = after - DAY * self.number
        elif self.unit is Unit.MONTHS:
            first = add_months(after, -self.number)
        elif self.year not in (None, through.year):
            first, until = windows.span_year(self.year)
        return first, until

    def _find_first_month(self, through: date) -> date:
        if self.month:
            return date(self.year or through.year - self.back, self.month, 1)
        month = (through.month - 1) // self.number * self.number + 1
        return add_months(date(through.year, month, 1), -self.back * self.number)

    def step_back(self, span: Window, years: int) -> Window:
        """Return the same days so many years before, of the days this means."""
        start, until = span
        if self.unit is Unit.CALENDAR:  # all of February, whatever its length
            return add_months(start, -12 * years), add_months(until, -12 * years)
        first, end = windows.step_back(span, years)
        # So many days are as many over a leap day.
        return (end - (until - start) if self.unit in (Unit.DAYS, Unit.WEEK) else first), end

    def find_before(self, span: Window) -> Window:
        """Return the time just before: as many months where it is made of months, else days."""
        start, until = span
        if self.number and self.unit in (Unit.CALENDAR, Unit.MONTHS, Unit.LAUNCH):
            return add_months(start, -self.number), start
        return start - (until - start), start

    def split(self, span: Window) -> Iterator[tuple[When, Window]]:
        """Yield each day, month or year of its days by itself; the first and last may be parts."""
        start, until = span
        while start < until:
            ends = {
                "day": start + DAY,
                "month": add_months(start.replace(day=1), 1),
                "year": date(start.year + 1, 1, 1),
            }
            end = min(ends[self.every], until)
            is_months = self.every != "day" and start.day == end.day == 1
            code = f"{start:%Y-%m}..{end - DAY:%m}" if is_months else f"{start}..{end - DAY}"
            yield parse_when(code) or When(), (start, end)
            start = end


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later; the last of the month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - DAY
    return last.replace(day=min(day.day, last.day))


_DAY = "((?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2})"
_NUMBER = "([1-9][0-9]{0,3})"
_MONTH = "(0[1-9]|1[0-2])"


def parse_when(code: str) -> When | None:
    """Parse how a form writes a time; None where it is no such thing."""
    time, _, every = code.partition("/")
    if every not in ("", "day", "month", "year") or code.endswith("/"):
        return None
    make = partial(When, code, every=every)
    if time in (Unit.TO_DATE, Unit.WEEK, Unit.ALL):
        return make(Unit(time))
    if match := re.fullmatch(f"last-{_NUMBER}-(day|week|month|year)s", time):
        unit = Unit.DAYS if match[2] in ("day", "week") else Unit.MONTHS
        return make(unit, number=int(match[1]) * {"week": 7, "year": 12}.get(match[2], 1))
    if match := re.fullmatch(f"since-launch|launch\\+{_NUMBER}m", time):
        return make(Unit.LAUNCH, number=int(match[1] or 0))
    if match := re.fullmatch(f"(?:since|(week))-{_DAY}|{_DAY}\\.\\.{_DAY}", time):
        return _parse_days(match[1], [*filter(None, match.groups()[1:])], make)
    return _parse_calendar(time, make)


def _parse_days(week: str | None, written: list[str], make: partial[When]) -> When | None:
    try:
        first, *last = map(date.fromisoformat, written)
    except ValueError:
        return None
    if week:
        first, last = first - DAY * 6, [first]
    is_backward = last and last[0] < first
    until = last[0] if last else None
    return None if is_backward else make(Unit.DATES, first=first, last=until)


def _parse_calendar(time: str, make: partial[When]) -> When | None:
    """Parse a year, a part of one, or the month, quarter or year the last day is in or after."""
    match = re.fullmatch("((?:19|20)[0-9]{2}|this|last)(?:-(.+))?", time)
    if match is None:
        return None
    part, is_relative = match[2] or "", match[1] in ("this", "last")
    year = None if is_relative else int(match[1])
    back = int(match[1] == "last")
    if part == "ytd" and year:
        return make(year=year)
    if part in BLOCKS and is_relative:
        return make(Unit.CALENDAR, number=BLOCKS[part], back=back)
    if months := re.fullmatch(f"{_MONTH}(?:\\.\\.{_MONTH})?", part):
        month, number = int(months[1]), int(months[2] or months[1]) - int(months[1]) + 1
    else:
        month, number = PARTS_OF_YEAR.get(part, (0, 0))
    if number < 1 or (is_relative and number == 12):
        return None
    return make(Unit.CALENDAR, year, month, number, back)
