"""The time a claim is about: how it is written in a form, and which days it means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from longevity import windows
from longevity.windows import DAY, Window

TO_DATE, WEEK, LAUNCH, ALL = "ytd", "last-week", "since-launch", "all"
EVERY = "/month"  # after a time: each month of it by itself
# A part of a year: its first month, and how many it has.
PARTS_OF_YEAR = {
    "": (1, 12),
    **{f"h{half}": (6 * half - 5, 6) for half in (1, 2)},
    **{f"q{quarter}": (3 * quarter - 2, 3) for quarter in (1, 2, 3, 4)},
    **{season: (month, 3) for season, month in {"spring": 3, "summer": 6, "autumn": 9}.items()},
}
# The month, quarter or year that the last day is in, or the one before it.
BLOCKS = {"month": 1, "quarter": 3, "year": 12}
_NEWEST = re.compile("last-([1-9][0-9]{0,3})-(day|week|month|year)s")
_DAY = "((?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2})"
_DATES = re.compile(f"(?P<kind>since|week)-{_DAY}|{_DAY}\\.\\.{_DAY}")
_MONTHS = re.compile("(0[1-9]|1[0-2])(?:\\.\\.(0[1-9]|1[0-2]))?")
_CALENDAR = re.compile("(?:((?:19|20)[0-9]{2})|this|(last))(?:-([a-z0-9]+(?:\\.\\.[0-9]{2})?))?")


@dataclass(frozen=True)
class Clock:
    """What a time goes by: the last day of the data, and the first of the program if any.

    `week_ends`: ISO weekdays on which the cities end their weeks. Where they differ a week is the
    seven days to `through`.
    """

    through: date
    week_ends: frozenset[int] = frozenset()
    launched_on: date | None = None


@dataclass(frozen=True)
class When:
    """A time as a form says it, or each month of a time."""

    code: str = TO_DATE

    @property
    def is_newest(self) -> bool:
        """Return whether it is the newest so many days, weeks or months."""
        return self.code == WEEK or _NEWEST.fullmatch(self.code) is not None

    @property
    def is_days(self) -> bool:
        """Return whether it is the newest so many days or weeks."""
        return self.is_newest and self.code.endswith(("week", "weeks", "days"))

    @property
    def is_calendar(self) -> bool:
        """Return whether it is months of the calendar, from the first day to the last."""
        is_other = self.code == WEEK or self.code.endswith("ytd")
        return not is_other and _CALENDAR.fullmatch(self.code) is not None

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
        if time in (TO_DATE, LAUNCH, ALL):
            begins = clock.launched_on if time == LAUNCH else None
            return begins or date(through.year, 1, 1), after
        return _resolve_calendar(time, through)

    def step_back(self, span: Window, years: int) -> Window:
        """Return the same days so many years before, of the days this means."""
        start, until = span
        if self.is_calendar:  # all of February, whatever its length
            return add_months(start, -12 * years), add_months(until, -12 * years)
        first, end = windows.step_back(span, years)
        # So many days are as many over a leap day.
        return (end - (until - start) if self.is_days else first), end

    def count_months(self, span: Window) -> int:
        """Return how many months it is long, of the days this means; 0 where it is made of days."""
        months = (span[1].year - span[0].year) * 12 + span[1].month - span[0].month
        return months if self.is_calendar or (self.is_newest and not self.is_days) else 0

    def find_before(self, span: Window) -> Window:
        """Return the time just before: as many months where it is made of months, else days."""
        start, until = span
        months = self.count_months(span)
        return add_months(start, -months) if months else start - (until - start), start

    def split(self, span: Window) -> list[tuple[When, Window]]:
        """Return its days, or each month of them by itself; the first and last may be parts."""
        if not self.code.endswith(EVERY):
            return [(self, span)]
        first, until = span
        months = [
            (max(start, first), end) for start, end in windows.list_months(first, until - DAY)
        ]
        return [(When(f"{start:%Y-%m}"), (start, end)) for start, end in months]


def _resolve_calendar(time: str, through: date) -> Window:
    """Return a year, a part of one, or the month, quarter or year `through` is in or after."""
    match = _CALENDAR.fullmatch(time)
    year, is_last, part = match.groups() if match else (None, None, "-")
    if part == "ytd" and year:
        first, until = windows.span_year(int(year))
        return first, min(until, through + DAY)
    if part in BLOCKS and not year:
        number = BLOCKS[part]
        first = date(through.year, (through.month - 1) // number * number + 1, 1)
        first = add_months(first, -number if is_last else 0)
    else:
        month, number = PARTS_OF_YEAR.get(part or "", (0, 0))
        if months := _MONTHS.fullmatch(part or ""):
            month, last = int(months[1]), int(months[2] or months[1])
            number = last - month + 1
        first = date(int(year or through.year - bool(is_last)), month, 1)
    return first, add_months(first, number)


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later; the last of the month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - DAY
    return last.replace(day=min(day.day, last.day))


def parse_when(code: str) -> When | None:
    """Parse how a form writes a time; None where it is no such thing."""
    when = When(code)
    try:
        start, until = when.resolve(Clock(date(2100, 12, 31)))
    except ValueError:
        return None
    return when if start < until else None
