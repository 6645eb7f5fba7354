"""Which week: one that ended on the city's own day and is over in the data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from longevity.errors import DataError, UsageError
from longevity.measures import wording
from longevity.measures.say import say
from longevity.windows import DAY, WEEK

MOST_WEEKS = 52


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
        return self.ending - WEEK + DAY

    @property
    def until(self) -> date:
        """Return the day after the last."""
        return self.ending + DAY

    @property
    def words(self) -> str:
        """Return the days in words."""
        return wording.format_period(self.starts, self.until)

    def describe(self) -> str:
        """Say on which day the week ended, and to which what followed it is counted.

        Of an earlier week the shootings are those known now, some of them reported after it.
        """
        known = "" if self.is_newest else "the shootings are those known now, "
        return (
            f"The week ended on {self.ending:%A}; {known}what followed is counted to "
            f"{wording.format_day(self.as_of)}."
        )


def find_last_week_end(through: date, ends_iso: int) -> date:
    """Return the last week end (ISO weekday, Monday 1) on or before `through`."""
    return through - timedelta(days=(through.isoweekday() - ends_iso) % 7)


def list_week_ends(first: date, through: date, ends_iso: int) -> list[date]:
    """Return the week ends one can choose, the newest first; each whole week since `first`."""
    last = find_last_week_end(through, ends_iso)
    every = [last - at * WEEK for at in range(MOST_WEEKS)]
    return [day for day in every if day - WEEK + DAY >= first]


def choose_week(
    wanted_day: date | None, first: date | None, through: date | None, ends_iso: int, name: str
) -> Week:
    """Return the wanted week, or the newest. `first`, `through`: the days the city has counts for.

    UsageError, with the nearest week there is, for a day that ends no week, or a week that
    is not wholly in the data; DataError where the city has no data or no whole week.
    """
    if first is None or through is None:
        none = say("absent.none_supplied", what="incidents and victims", place=name)
        raise DataError(
            f"{none}, so there is no week to show.",
            "Publish a folder that holds them: see README.md.",
        )
    last = find_last_week_end(through, ends_iso)
    earliest = find_last_week_end(first + WEEK + WEEK - DAY - DAY, ends_iso)
    if earliest > last:
        raise DataError(f"The data of {name} hold no whole week yet.", "Publish again next week.")
    ending = last if wanted_day is None else wanted_day
    ends_on = f"{date(2024, 1, ends_iso):%A}"
    if ending > through:
        raise UsageError(
            f"The week to {wording.format_day(ending)} is not over in the data of {name}, which go "
            f"to {wording.format_day(through)}.",
            f"The newest whole week ends on {last.isoformat()}.",
        )
    # Before any day is counted from it: the first days a calendar has have none before them.
    if ending < earliest:
        raise UsageError(
            f"The data of {name} begin on {wording.format_day(first)}, after the week to "
            f"{wording.format_day(ending)} began.",
            f"The first whole week ends on {earliest.isoformat()}.",
        )
    if ending.isoweekday() != ends_iso:
        before = find_last_week_end(ending, ends_iso)
        near = before if (ending - before).days <= 3 or before + WEEK > last else before + WEEK
        raise UsageError(
            f"Weeks of {name} end on {ends_on}, and {wording.format_day(ending)} is a {ending:%A}.",
            f"The nearest week ends on {near.isoformat()}.",
        )
    return Week(ending, min(through, ending + WEEK - DAY), ending == last)
