"""The weekly review's week, comparisons and words, from small frames."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from longevity.absent import Absent, Count
from longevity.errors import DataError, UsageError
from longevity.findings import week as held
from longevity.findings.counting import Counting
from longevity.findings.year_to_date import Compared
from longevity.screens import this_week
from longevity.screens.this_week import ThisWeek, choose_week
from longevity.stats.periods import Week, list_week_ends
from longevity.windows import Window
from tests.factories.ascii_table import read_frame
from tests.factories.contexts import make_context

FIRST, THROUGH = date(2015, 1, 1), date(2026, 11, 24)  # a Tuesday
SATURDAY = 6


def screen() -> ThisWeek:
    """Return the newest week of East, as far as its sentences go."""
    return ThisWeek(make_context(), "east", choose(None))


def choose(wanted: date | None, through: date | None = THROUGH, first: date | None = FIRST) -> Week:
    """Choose a week of East, whose data go from `first` through `through`."""
    east = SimpleNamespace(name="East", week_ends_iso=SATURDAY)
    context: Any = SimpleNamespace(
        settings=SimpleNamespace(city=lambda _: east),
        can_see=lambda _: True,
        spans={"east": (first, through)} if first and through else {},
    )
    return choose_week(context, "east", wanted)


@pytest.mark.parametrize(
    ("through", "ending"),
    [
        (date(2026, 11, 24), date(2026, 11, 21)),
        (date(2026, 11, 21), date(2026, 11, 21)),
        (date(2026, 11, 20), date(2026, 11, 14)),
    ],
)
def test_the_newest_whole_week_is_the_default(through, ending):
    assert choose(None, through).ending == ending


def test_what_follows_is_told_to_the_day_before_the_next_page_or_the_newest_there_is():
    assert choose(None).as_of == THROUGH
    old = choose(date(2026, 10, 3))
    assert (old.starts, old.until, old.as_of) == (
        date(2026, 9, 27),
        date(2026, 10, 4),
        date(2026, 10, 9),
    )


@pytest.mark.parametrize(
    ("wanted", "nearest"),
    [
        (date(2026, 11, 28), "2026-11-21"),
        (date(2027, 2, 6), "2026-11-21"),
        (date(2026, 11, 9), "2026-11-07"),
        (date(2026, 11, 11), "2026-11-14"),
        (date(2026, 11, 24), "2026-11-21"),
        (date(2010, 11, 6), "2015-01-10"),
        (date.min, "2015-01-10"),
        (date.max, "2026-11-21"),
    ],
)
def test_a_day_that_ends_no_whole_week_is_answered_with_the_nearest(wanted, nearest):
    span = "end on Saturday, from January 10, 2015 to November 21, 2026"
    with pytest.raises(UsageError, match=span) as refused:
        choose(wanted)
    assert nearest in str(refused.value)


def test_a_city_without_data_or_a_whole_week_has_no_page():
    with pytest.raises(DataError, match="no whole week"):
        choose(None, None, None)
    with pytest.raises(DataError, match="no whole week"):
        choose(None, first=date(2026, 11, 20))


def test_every_whole_week_can_be_chosen():
    first = THROUGH - timedelta(days=60)
    ends = list_week_ends(first, THROUGH, SATURDAY)
    assert len(ends) == 8
    for day in ends:
        assert choose(day, first=first).ending == day
    assert list_week_ends(date(2026, 11, 15), THROUGH, SATURDAY) == [date(2026, 11, 21)]
    assert list_week_ends(date(2026, 11, 16), THROUGH, SATURDAY) == []


@pytest.fixture(scope="module")
def daily():
    """Random days of one city, from FIRST to THROUGH."""
    draw = Random(7)
    days = pd.date_range(FIRST, THROUGH)
    frame = pd.DataFrame({"city": "east", "day": days})
    frame["incidents"] = [draw.choice([0, 0, 0, 1, 1, 2]) for _ in days]
    frame["fatal"] = [draw.choice([0, 0, 1]) for _ in days]
    frame["victims"] = frame["incidents"] + frame["fatal"]
    return frame


ENDING, LAUNCHED = date(2026, 11, 21), date(2019, 1, 1)


def count_days(daily: pd.DataFrame) -> Counting:
    """The way to count random days, all of which must be there."""

    def count(measure: str, window: Window) -> Count:
        first, until = map(pd.Timestamp, window)
        rows = daily[(daily["day"] >= first) & (daily["day"] < until)]
        is_whole = len(rows) == (until - first).days
        return int(rows[measure].sum()) if is_whole else Absent.NOT_COVERED

    return count


def build(daily: pd.DataFrame, launch: date | None = LAUNCHED) -> list[Compared]:
    first = daily["day"].min().date()
    return held.build_lines(count_days(daily), ENDING, first, launch, "victims", 30)


def read_cells(line: Compared) -> list[str]:
    """The cells of a line's baselines in the table."""
    return this_week.build_table([line]).iloc[0, 2:].tolist()


def test_every_count_and_mean_is_that_of_a_plain_loop(daily):
    ending = ENDING
    for line in build(daily):
        by_day = dict(zip(daily["day"].dt.date, daily[line.last_year.measure], strict=True))

        def total(last: date, days: int, counts: dict[date, int] = by_day) -> int:
            return sum(counts[last - timedelta(days=back)] for back in range(days))

        def so_far(year: int, counts: dict[date, int] = by_day) -> int:
            return sum(n for d, n in counts.items() if date(year, 1, 1) <= d <= date(year, 11, 21))

        if "Jan 1" in line.name:
            now, before = so_far(2026), sum(so_far(y) for y in range(2015, 2019)) / 4
            years = [so_far(2026 - back) for back in range(1, 6)]
        else:
            days = int(line.name.split(", ")[1].split()[0])
            now, before = total(ending, days), total(ending - timedelta(days=days), days)
            years = [total(date(2026 - back, 11, 21), days) for back in range(1, 6)]
        expected = [before, years[0], sum(years[:3]) / 3, sum(years) / 5]
        assert line.last_year.now == now
        assert [found.before for found in line.against.values()] == pytest.approx(expected)


def test_what_the_data_do_not_cover_is_not_known_rather_than_zero(daily):
    short = daily[daily["day"] >= "2026-06-01"]
    lines = build(short)
    assert read_cells(lines[0])[1:] == ["not known"] * 3
    assert lines[2].last_year.now is Absent.NOT_COVERED
    count = count_days(short[short["day"] > "2026-11-18"])
    counted = held.count_week(count, ENDING)
    words = held.write_headline("East", "a week", counted)
    assert words == "East, a week: not every day of the week is known."


@pytest.mark.parametrize(
    ("incidents", "victims", "fatal", "sentence"),
    [
        (0, 0, 0, "no one was shot."),
        (1, 1, 1, "1 person was shot in 1 shooting; 1 was killed."),
        (2, 3, 0, "3 people were shot in 2 shootings; none was killed."),
    ],
)
def test_the_headline_agrees_with_its_counts(incidents, victims, fatal, sentence):
    counted = (incidents, victims, fatal)
    assert held.write_headline("East", "W", counted) == f"East, W: {sentence}"


def test_unknown_is_said_and_never_counted_as_no():
    frame = read_frame("""
        gmi       | notified
        confirmed | notified
        confirmed | not_notified
        confirmed | unknown
        confirmed | too_recent
        unknown   | unknown
        none      | not_due
    """)
    assert screen().say_messages(frame) == (
        "1 of 4 confirmed followed by a message in time; unknown for 1; time not over for 1. "
        "Whether a group was involved is not settled for 1 more."
    )


def test_a_case_whose_days_are_over_though_enforcement_is_not_known_so_far_is_said():
    waiting = read_frame("""
        days_unanswered | window_ends_on | known_through
        89              | 2026-11-22     | 2026-11-21
        65              | 2026-12-16     | 2026-11-21
    """)
    said = screen().say_open(waiting)
    assert said == (
        "2 cases not yet followed up, the oldest at day 89 of 90; the days of 1 are over by now. "
        "Enforcement is known through November 21, 2026."
    )
