"""The weekly review's week, comparisons and words, from small frames, and its screen."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from types import SimpleNamespace

import pandas as pd
import pytest

from longevity.base.errors import DataError, UsageError
from longevity.findings import week as held
from longevity.screens import this_week
from longevity.screens.report import list_cards
from longevity.screens.this_week import ThisWeek, choose_week
from longevity.stats.periods import list_week_ends
from longevity.words.absent import Absent
from tests.drivers import briefing_reader
from tests.factories.ascii_table import read_frame
from tests.factories.contexts import make_context

FIRST, THROUGH = date(2015, 1, 1), date(2026, 11, 24)  # a Tuesday
ENDING, SATURDAY = date(2026, 11, 21), 6


def choose(wanted=None, through=THROUGH, first=FIRST):
    """Choose a week of East, whose data go from `first` through `through`."""
    east = SimpleNamespace(name="East", week_ends_iso=SATURDAY)
    context = SimpleNamespace(
        settings=SimpleNamespace(city=lambda _: east),
        can_see=lambda _: True,
        spans={"east": (first, through)} if first and through else {},
    )
    return choose_week(context, "east", wanted)


def test_the_newest_whole_week_is_the_default_and_every_one_can_be_chosen():
    for through, ending in ((24, 21), (21, 21), (20, 14)):
        assert choose(through=date(2026, 11, through)).ending == date(2026, 11, ending)
    assert choose().as_of == THROUGH
    old = choose(date(2026, 10, 3))
    # What follows is said up to the day before the next page.
    assert (old.starts, old.until, old.as_of) == (date(2026, 9, 27), date(2026, 10, 4), date(2026, 10, 9))
    first = THROUGH - timedelta(days=60)
    ends = list_week_ends(first, THROUGH, SATURDAY)
    assert len(ends) == 8
    assert [choose(day, first=first).ending for day in ends] == ends
    assert list_week_ends(date(2026, 11, 15), THROUGH, SATURDAY) == [ENDING]
    assert list_week_ends(date(2026, 11, 16), THROUGH, SATURDAY) == []


@pytest.mark.parametrize(
    ("wanted", "nearest"),
    [
        (date(2026, 11, 28), "2026-11-21"),
        (date(2026, 11, 9), "2026-11-07"),
        (date(2026, 11, 11), "2026-11-14"),
        (date(2026, 11, 24), "2026-11-21"),
        (date(2010, 11, 6), "2015-01-10"),
        (date.min, "2015-01-10"),
        (date.max, "2026-11-21"),
    ],
)
def test_a_day_that_ends_no_whole_week_is_answered_with_the_nearest(wanted, nearest):
    with pytest.raises(UsageError, match="No whole week of East ends on") as refused:
        choose(wanted)
    assert nearest in str(refused.value)


def test_a_city_without_data_or_a_whole_week_has_no_page():
    for span in ({"through": None, "first": None}, {"first": date(2026, 11, 20)}):
        with pytest.raises(DataError, match="no whole week"):
            choose(**span)


@pytest.fixture(scope="module")
def daily():
    draw = Random(7)
    days = pd.date_range(FIRST, THROUGH)
    frame = pd.DataFrame({"city": "east", "day": days})
    frame["incidents"] = [draw.choice([0, 0, 0, 1, 1, 2]) for _ in days]
    frame["fatal"] = [draw.choice([0, 0, 1]) for _ in days]
    return frame.assign(victims=frame["incidents"] + frame["fatal"])


def count_days(daily):
    """The way to count days, all of which must be there."""

    def count(measure, window):
        first, until = map(pd.Timestamp, window)
        rows = daily[(daily["day"] >= first) & (daily["day"] < until)]
        return int(rows[measure].sum()) if len(rows) == (until - first).days else Absent.NOT_COVERED

    return count


def build_lines(daily, launch=date(2019, 1, 1)):
    return held.build_lines(count_days(daily), ENDING, daily["day"].min().date(), launch, "victims", 30)


def test_every_count_and_mean_is_that_of_a_plain_loop(daily):
    for line in build_lines(daily):
        by_day = dict(zip(daily["day"].dt.date, daily[line.last_year.measure], strict=True))

        def total(last, days, counts=by_day):
            return sum(counts[last - timedelta(days=back)] for back in range(days))

        def so_far(year, counts=by_day):
            return sum(n for d, n in counts.items() if date(year, 1, 1) <= d <= date(year, 11, 21))

        if "Jan 1" in line.name:
            now, before = so_far(2026), sum(so_far(y) for y in range(2015, 2019)) / 4
            before_is = "Before the program"
            years = [so_far(2026 - back) for back in range(1, 6)]
        else:
            days = int(line.name.split(", ")[1].split()[0])
            now, before = total(ENDING, days), total(ENDING - timedelta(days=days), days)
            before_is = "Days before"
            years = [total(date(2026 - back, 11, 21), days) for back in range(1, 6)]
        assert line.last_year.now == now
        expected = {before_is: before, "Last year": years[0], "3-year average": sum(years[:3]) / 3}
        found = {held.COLUMNS[of]: finding.before for of, finding in line.against.items()}
        assert found == pytest.approx(expected | {"5-year average": sum(years) / 5})


def test_the_years_before_the_program_have_a_column_of_their_own_where_there_is_a_program(daily):
    table = this_week.build_table(build_lines(daily)).set_index("")
    assert [*table.columns[1:3]] == ["Days before", "Last year"]
    assert table.columns[-1] == "Before the program"
    assert (table["Days before"] == "").tolist() == [False, False, True]
    assert (table["Before the program"] == "").tolist() == [True, True, False]
    without = this_week.build_table(build_lines(daily, launch=None))
    assert [*without.columns] == ["", "Now", *table.columns[1:-1]]


def test_what_the_data_do_not_cover_is_not_known_rather_than_zero(daily):
    short = daily[daily["day"] >= "2026-06-01"]
    lines = build_lines(short)
    assert this_week.build_table([lines[0]]).iloc[0, 3:].tolist() == ["not known"] * 3
    assert lines[2].last_year.now is Absent.NOT_COVERED
    counted = held.count_week(count_days(short[short["day"] > "2026-11-18"]), ENDING)
    words = held.write_headline("East", "a week", counted)
    assert words == "East, a week: not every day of the week is known."


@pytest.mark.parametrize(
    ("counted", "sentence"),
    [
        ((0, 0, 0), "no one was shot."),
        ((1, 1, 1), "1 person was shot in 1 shooting; 1 was killed."),
        ((2, 3, 0), "3 people were shot in 2 shootings; none was killed."),
    ],
)
def test_the_headline_agrees_with_its_counts(counted, sentence):
    assert held.write_headline("East", "W", counted) == f"East, W: {sentence}"


def test_unknown_is_said_and_never_counted_as_no():
    screen = ThisWeek(make_context(), "east", choose())
    warned = read_frame("""
        gmi       | notified
        confirmed | notified
        confirmed | not_notified
        confirmed | unknown
        confirmed | too_recent
        unknown   | unknown
        none      | not_due
    """)
    assert screen.say_messages(warned) == (
        "1 of 4 confirmed followed by a message in time; unknown for 1; time not over for 1. "
        "Whether a group was involved is not settled for 1 more."
    )
    # Days that are over though enforcement is not known so far.
    waiting = read_frame("""
        days_unanswered | window_ends_on | known_through
        89              | 2026-11-22     | 2026-11-21
        65              | 2026-12-16     | 2026-11-21
    """)
    assert screen.say_open(waiting) == (
        "2 cases not yet followed up, the oldest at day 89 of 90; the days of 1 are over by now. "
        "Enforcement is known through November 21, 2026."
    )


@pytest.mark.parametrize("has_program", [True, False])
def test_a_city_without_a_program_has_no_rows_of_one(published, has_program):
    context, city = briefing_reader.context(published, "state"), next(iter(published.cities))
    if not has_program:
        cities = {**published.cities, city: published.cities[city].model_copy(update={"launched_on": None})}
        context = replace(context, settings=replace(published, cities=cities))
    report = ThisWeek(context, city, choose_week(context, city)).build()
    keys = [card.key for tab in report.tabs for card in list_cards(tab)]
    program = {f"weekly.{key}" for key in ("promises", "messages", "home", "call_ins")}
    assert program & {*keys} == (program if has_program else set())
    assert {"weekly.shootings", "weekly.notes", "weekly.compared"} <= {*keys}


def test_who_was_met_at_the_gate_yesterday_was_met():
    came = read_frame("""
        outcome         | time_over
        greeted         | no
        greeted         | yes
        greeted_unknown | yes
        too_recent      | no
    """)
    context = make_context(exits_from_custody=came, coming_home=pd.DataFrame())
    said = ThisWeek(context, "east", choose()).say_who_comes_home()
    assert "Of 4 who came home since November 15, 2026, 2 met in time, unknown or too recent for 2." in said
