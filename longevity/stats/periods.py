"""The periods that can be chosen on a screen or for a chart: 2026 to May 1, 2024, all days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from longevity.words import dates
from longevity.words.language import translate

TO_DATE, DAYS_28, DAYS_365 = "ytd", "28d", "365d"
WHOLE = "whole"  # all the days there are


@dataclass(frozen=True)
class Period:
    """A half-open period [start, until) under the key it is chosen by."""

    key: str
    start: date
    until: date

    @property
    def name(self) -> str:
        """The words for the period in a choice, true on any later day: "2026 to Nov 22"."""
        if self.key == WHOLE:
            return translate("All years")
        if self.key == TO_DATE:
            day = dates.shorten_day_of_year(self.last)
            return translate("{year} to {day}", year=self.last.year, day=day)
        if self.key in (DAYS_28, DAYS_365):
            day = dates.format_short(self.last)
            return translate("{days} days to {day}", days=self.key.rstrip("d"), day=day)
        return self.key

    @property
    def days(self) -> int:
        """How many days the period holds."""
        return (self.until - self.start).days

    @property
    def window(self) -> tuple[date, date]:
        """The first day, and the day after the last."""
        return self.start, self.until

    @property
    def last(self) -> date:
        """The last day."""
        return self.until - timedelta(days=1)

    @property
    def years(self) -> tuple[int, int]:
        """The first and the last calendar year it touches."""
        return self.start.year, self.last.year


def list_periods(first: date, through: date) -> dict[str, Period]:
    """Return the periods one can choose, for data from `first` through `through`.

    None begins before the data do, and only years they cover from the first day are offered.
    """
    after = through + timedelta(days=1)
    newest = {
        TO_DATE: date(through.year, 1, 1),
        DAYS_28: after - timedelta(days=28),
        DAYS_365: after - timedelta(days=365),
    }
    offered = [Period(key, max(start, first), after) for key, start in newest.items()]
    offered += [
        Period(str(y), date(y, 1, 1), date(y + 1, 1, 1))
        for y in range(through.year - 1, find_first_whole_year(first) - 1, -1)
    ]
    return {period.key: period for period in [*offered, Period(WHOLE, first, after)]}


def find_first_whole_year(first: date) -> int:
    """Return the first calendar year that data from this day on cover from its first day."""
    return (first - timedelta(days=1)).year + 1


@dataclass(frozen=True)
class Week:
    """The seven days that end on `ending`, and the day the rest is counted to.

    What follows a shooting (the review, the message, enforcement) happens after the week:
    it is counted to the last day before the next week ends, or the newest day there is.
    `is_newest`: whether no later week is whole in the data.
    """

    ending: date
    as_of: date
    is_newest: bool

    @property
    def starts(self) -> date:
        """Return the first day."""
        return self.ending - timedelta(days=6)

    @property
    def until(self) -> date:
        """Return the day after the last."""
        return self.ending + timedelta(days=1)


def list_week_ends(first: date, through: date, ends_iso: int) -> list[date]:
    """Return the last day (an ISO weekday, Monday 1) of each whole week, the newest first."""
    last = through - timedelta(days=(through.isoweekday() - ends_iso) % 7)
    weeks = (last - first + timedelta(days=1)).days // 7
    return [last - timedelta(weeks=back) for back in range(weeks)]
