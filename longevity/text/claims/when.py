"""The time a claim is about: how it is written in a form, and which days it means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from longevity import windows
from longevity.windows import DAY

Span = tuple[date, date]  # half-open
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
LONGEST = 9999  # days or months


class Unit(StrEnum):
    """What a time is made of."""

    TO_DATE = "ytd"  # January 1 to the last day of the data
    CALENDAR = "calendar"  # months of a year, from their first day to their last
    DAYS = "days"  # the newest so many
    MONTHS = "months"  # the newest so many, to the last day of the data
    WEEK = "last-week"  # the newest whole week of the city
    SINCE = "since"  # a day, to the last day of the data
    LAUNCH = "launch"  # so many months from the first day of the program; 0: to the last day
    DATES = "dates"
    ALL = "all"  # all that is on record, for what the program counts


@dataclass(frozen=True)
class When:
    """A time, as a form says it.

    CALENDAR: `months` months from `month` of `year`; without a year of the one `back` years before
    the last day of the data, without a month the block of so many months `back` blocks before the
    one that day is in. TO_DATE with a `year` is that year so far. DAYS, MONTHS, LAUNCH: `number`.
    DATES: from `first` to `last`; SINCE: from `first` on.
    """

    unit: Unit = Unit.TO_DATE
    year: int | None = None
    month: int = 0
    months: int = 0
    back: int = 0
    number: int = 0
    first: date | None = None
    last: date | None = None

    def resolve(self, through: date, week_ends: Sequence[int], launched_on: date | None) -> Span:
        """Return the days meant. `week_ends`: ISO weekdays on which the cities end their weeks.

        Where they differ a week is the seven days to `through`. `launched_on` is needed where it
        goes by the program's first day.
        """
        after = through + DAY
        if self.unit is Unit.CALENDAR:
            return self._find_months(through)
        if self.unit is Unit.WEEK:
            ends = set(week_ends)
            behind = (through.isoweekday() - ends.pop()) % 7 if len(ends) == 1 else 0
            return after - DAY * (behind + 7), after - DAY * behind
        if self.unit is Unit.LAUNCH:
            if launched_on is None:
                raise ValueError("a time since the launch needs one")
            until = add_months(launched_on, self.number) if self.number else after
            return launched_on, until
        if self.unit is Unit.TO_DATE and self.year not in (None, through.year):
            return date(self.year, 1, 1), date(self.year + 1, 1, 1)
        first = {
            Unit.DAYS: lambda: after - DAY * self.number,
            Unit.MONTHS: lambda: add_months(after, -self.number),
        }.get(self.unit, lambda: self.first or date(through.year, 1, 1))()
        return first, (self.last + DAY if self.last else after)

    def _find_months(self, through: date) -> Span:
        if self.month:
            year = through.year - self.back if self.year is None else self.year
            if self.month == SEASONS["winter"] and self.year is None and through.month < 12:
                year -= 1
            start = date(year, self.month, 1)
        else:
            block = (through.month - 1) // self.months * self.months + 1
            start = add_months(date(through.year, block, 1), -self.back * self.months)
        return start, add_months(start, self.months)

    def step_back(self, span: Span, years: int) -> Span:
        """Return the same days so many years before, of the days this means."""
        start, until = span
        if self.unit is Unit.CALENDAR:  # all of February, whatever its length
            return add_months(start, -12 * years), add_months(until, -12 * years)
        end = windows.step_back_years(until - DAY, years) + DAY
        if self.unit in (Unit.DAYS, Unit.WEEK):
            return end - (until - start), end
        return windows.step_back_years(start, years), end

    def find_before(self, span: Span) -> Span:
        """Return the time just before: as many months where it is made of months, else days."""
        start, until = span
        months = self.months if self.unit is Unit.CALENDAR else self.number
        if months and self.unit in (Unit.CALENDAR, Unit.MONTHS, Unit.LAUNCH):
            return add_months(start, -months), start
        return start - (until - start), start

    def __str__(self) -> str:
        """Return how a form writes it: `2024-q3`, `last-28-days`, `2024-01-01..2024-03-31`."""
        if self.unit is Unit.CALENDAR:
            return _format_calendar(self)
        launch = f"launch+{self.number}m" if self.number else "since-launch"
        to_date = f"{self.year}-ytd" if self.year else self.unit.value
        codes = {
            Unit.DAYS: f"last-{self.number}-days",
            Unit.MONTHS: f"last-{self.number}-months",
            Unit.LAUNCH: launch,
            Unit.SINCE: f"since-{self.first}",
            Unit.DATES: f"{self.first}..{self.last}",
        }
        return codes.get(self.unit, to_date)


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later; the last of the month where there is none."""
    at = day.year * 12 + day.month - 1 + months
    year, month = divmod(at, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))


def make_months(year: int | None, month: int, months: int = 1, back: int = 0) -> When:
    """Make the time of whole months."""
    return When(Unit.CALENDAR, year, month, months, back)


def _format_calendar(when: When) -> str:
    if not when.month:
        block = {1: "month", 3: "quarter", 12: "year"}[when.months]
        return f"{'last' if when.back else 'this'}-{block}"
    year = ("last" if when.back else "this") if when.year is None else str(when.year)
    return f"{year}-{_format_part(when.month, when.months)}".removesuffix("-")


def _format_part(month: int, months: int) -> str:
    if (month, months) == (1, 12):
        return ""
    season = next((name for name, first in SEASONS.items() if first == month), "")
    if months == 3 and season:
        return season
    if months in (3, 6) and (month - 1) % months == 0:
        return f"{'q' if months == 3 else 'h'}{(month - 1) // months + 1}"
    return f"{month:02}" if months == 1 else f"{month:02}..{month + months - 1:02}"


_DAY = "(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}"
_NUMBER = "[1-9][0-9]{0,3}"
_YEAR = "(?:19|20)[0-9]{2}"
_CALENDAR = re.compile(
    f"(?P<year>{_YEAR}|this|last)(?:-(?:(?P<block>month|quarter|year|ytd)|h(?P<half>[12])|q(?P<quarter>[1-4])|"
    f"(?P<season>{'|'.join(SEASONS)})|(?P<month>0[1-9]|1[0-2])(?:\\.\\.(?P<until>0[1-9]|1[0-2]))?))?"
)


def parse_when(code: str) -> When | None:
    """Parse how a form writes a time; None where it is no such thing."""
    if code in (Unit.TO_DATE, Unit.WEEK, Unit.ALL):
        return When(Unit(code))
    if match := re.fullmatch(f"last-({_NUMBER})-(days|weeks|months)", code):
        number = int(match[1]) * (7 if match[2] == "weeks" else 1)
        return When(Unit.MONTHS if match[2] == "months" else Unit.DAYS, number=number)
    if match := re.fullmatch(f"since-launch|launch\\+({_NUMBER})m", code):
        return When(Unit.LAUNCH, number=int(match[1] or 0))
    if match := re.fullmatch(f"since-({_DAY})|({_DAY})\\.\\.({_DAY})", code):
        return _parse_days(*match.groups())
    match = _CALENDAR.fullmatch(code)
    return _parse_calendar(match) if match else None


def _parse_days(since: str | None, first: str | None, last: str | None) -> When | None:
    try:
        if since:
            return When(Unit.SINCE, first=date.fromisoformat(since))
        days = [date.fromisoformat(each) for each in (first, last) if each]
    except ValueError:
        return None
    return When(Unit.DATES, first=days[0], last=days[1]) if days[0] <= days[1] else None


def _parse_calendar(match: re.Match[str]) -> When | None:
    """Parse a year, a part of one, or the month, quarter or year the last day is in or after."""
    relative = match["year"] in ("this", "last")
    year = None if relative else int(match["year"])
    back = int(match["year"] == "last")
    if match["block"]:
        months = {"month": 1, "quarter": 3, "year": 12}.get(match["block"])
        if not months:
            return When(year=year) if year else None
        return make_months(None, 0, months, back) if relative else None
    if match["month"]:
        first, last = int(match["month"]), int(match["until"] or match["month"])
        return make_months(year, first, last - first + 1, back) if first <= last else None
    part = int(match["half"] or match["quarter"] or 1)
    months = 6 if match["half"] else 3 if match["quarter"] or match["season"] else 12
    month = SEASONS[match["season"]] if match["season"] else months * (part - 1) + 1
    return None if relative and months == 12 else make_months(year, month, months, back)
