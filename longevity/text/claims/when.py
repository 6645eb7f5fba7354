"""The time a claim is about: how it is written in a form, and which days it means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from longevity import windows
from longevity.windows import DAY, Window

SEASONS = {"spring": 3, "summer": 6, "autumn": 9}


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
    """A time, as a form says it: `code`.

    CALENDAR: `months` months from `month` of `year`; without a year of the one `back` years before
    the last day of the data, without a month the block of so many months `back` blocks before the
    one that day is in. TO_DATE with a `year` is that year so far. DAYS, MONTHS, LAUNCH: `number`.
    DATES: from `first` to `last`. `every`: each month (day, year) of it by itself.
    """

    code: str = "ytd"
    unit: Unit = Unit.TO_DATE
    year: int | None = None
    month: int = 0
    months: int = 0
    back: int = 0
    number: int = 0
    first: date | None = None
    last: date | None = None
    every: str = ""

    def resolve(self, clock: Clock) -> Window:
        """Return the days meant."""
        through, after = clock.through, clock.through + DAY
        if self.unit is Unit.CALENDAR:
            return self._find_months(through)
        if self.unit is Unit.WEEK:
            behind = 0
            if len(clock.week_ends) == 1:
                behind = (through.isoweekday() - min(clock.week_ends)) % 7
            return after - DAY * (behind + 7), after - DAY * behind
        if self.unit is Unit.LAUNCH:
            if clock.launched_on is None:
                raise ValueError("a time since the launch needs one")
            until = add_months(clock.launched_on, self.number) if self.number else after
            return clock.launched_on, until
        if self.unit is Unit.TO_DATE and self.year not in (None, through.year):
            return windows.span_year(self.year)
        first = self.first or date(through.year, 1, 1)
        if self.unit is Unit.DAYS:
            first = after - DAY * self.number
        elif self.unit is Unit.MONTHS:
            first = add_months(after, -self.number)
        return first, self.last + DAY if self.last else after

    def _find_months(self, through: date) -> Window:
        if self.month:
            year = through.year - self.back if self.year is None else self.year
            start = date(year, self.month, 1)
        else:
            block = (through.month - 1) // self.months * self.months + 1
            start = add_months(date(through.year, block, 1), -self.back * self.months)
        return start, add_months(start, self.months)

    def step_back(self, span: Window, years: int) -> Window:
        """Return the same days so many years before, of the days this means."""
        start, until = span
        if self.unit is Unit.CALENDAR:  # all of February, whatever its length
            return add_months(start, -12 * years), add_months(until, -12 * years)
        end = windows.step_back_years(until - DAY, years) + DAY
        if self.unit in (Unit.DAYS, Unit.WEEK):
            return end - (until - start), end
        return windows.step_back_years(start, years), end

    def find_before(self, span: Window) -> Window:
        """Return the time just before: as many months where it is made of months, else days."""
        start, until = span
        months = self.months or self.number
        if months and self.unit in (Unit.CALENDAR, Unit.MONTHS, Unit.LAUNCH):
            return add_months(start, -months), start
        return start - (until - start), start

    def split(self, span: Window) -> Iterator[tuple[When, Window]]:
        """Yield each day, month or year of its days by itself; the first and last may be parts."""
        start, until = span
        while start < until:
            year_after, month_after = date(start.year + 1, 1, 1), add_months(start, 1)
            ends = {"day": start + DAY, "month": month_after.replace(day=1), "year": year_after}
            end = min(ends[self.every], until)
            code = f"{start}..{end - DAY}"
            if (start.day, end.day) == (1, 1) and self.every != "day":
                is_year = (start.month, end.month) == (1, 1) and self.every == "year"
                code = f"{start:%Y}" if is_year else f"{start:%Y-%m}..{end - DAY:%m}"
            yield parse_when(code) or When(), (start, end)
            start = end


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later; the last of the month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))


_DAY = "((?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2})"
_NUMBER = "([1-9][0-9]{0,3})"
_YEAR = "(?:19|20)[0-9]{2}"
_MONTH = "0[1-9]|1[0-2]"
_CALENDAR = re.compile(
    f"(?P<year>{_YEAR}|this|last)(?:-(?:(?P<block>month|quarter|year|ytd)|h(?P<half>[12])|"
    f"q(?P<quarter>[1-4])|(?P<season>{'|'.join(SEASONS)})|"
    f"(?P<month>{_MONTH})(?:\\.\\.(?P<until>{_MONTH}))?))?"
)


def parse_when(code: str) -> When | None:
    """Parse how a form writes a time; None where it is no such thing."""
    time, _, every = code.partition("/")
    if every not in ("", "day", "month", "year") or code.endswith("/"):
        return None
    if time in (Unit.TO_DATE, Unit.WEEK, Unit.ALL):
        return When(code, Unit(time), every=every)
    if match := re.fullmatch(f"last-{_NUMBER}-(day|week|month|year)s", time):
        number = int(match[1]) * {"week": 7, "year": 12}.get(match[2], 1)
        unit = Unit.MONTHS if match[2] in ("month", "year") else Unit.DAYS
        return When(code, unit, number=number, every=every)
    if match := re.fullmatch(f"since-launch|launch\\+{_NUMBER}m", time):
        return When(code, Unit.LAUNCH, number=int(match[1] or 0), every=every)
    if match := re.fullmatch(f"(since|week)-{_DAY}|{_DAY}\\.\\.{_DAY}", time):
        return _parse_days(code, match[1], [*filter(None, match.groups()[1:])], every)
    match = _CALENDAR.fullmatch(time)
    return _parse_calendar(code, match, every) if match else None


def _parse_days(code: str, kind: str | None, texts: list[str], every: str) -> When | None:
    try:
        first, *last = map(date.fromisoformat, texts)
    except ValueError:
        return None
    until = last[0] if last else None
    if kind == "week":
        first, until = first - DAY * 6, first
    if until and until < first:
        return None
    return When(code, Unit.DATES, first=first, last=until, every=every)


def _parse_calendar(code: str, match: re.Match[str], every: str) -> When | None:
    """Parse a year, a part of one, or the month, quarter or year the last day is in or after."""
    relative = match["year"] in ("this", "last")
    year = None if relative else int(match["year"])
    back = int(match["year"] == "last")
    if match["block"]:
        months = {"month": 1, "quarter": 3, "year": 12}.get(match["block"])
        if not months:
            return When(code, year=year, every=every) if year else None
        block = When(code, Unit.CALENDAR, None, 0, months, back, every=every)
        return block if relative else None
    if match["month"]:
        month, last = int(match["month"]), int(match["until"] or match["month"])
        months = last - month + 1
    else:
        months = 6 if match["half"] else 3 if match["quarter"] or match["season"] else 12
        month = months * (int(match["half"] or match["quarter"] or 1) - 1) + 1
        month = SEASONS[match["season"]] if match["season"] else month
    if months < 1 or (relative and months == 12):
        return None
    return When(code, Unit.CALENDAR, year, month, months, back, every=every)
