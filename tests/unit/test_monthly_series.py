"""Which months of a series are used for an evaluation, and why the others are not."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from longevity.stats import monthly_series
from longevity.stats.monthly_series import Span
from tests.factories import ascii_table
from tests.factories.ascii_table import assert_table

END = date(2019, 12, 1)


def frame(text: str) -> pd.DataFrame:
    """Counts by month from a table; an empty cell is not reported."""
    rows = [{name: (None if cell == "" else cell) for name, cell in row.items()} for row in ascii_table.rows(text)]
    made = pd.DataFrame(rows)
    for column in made.columns.difference(["month", "complete"]):
        made[column] = made[column].astype("Int64")
    if "complete" in made:
        made["complete"] = made["complete"] == "yes"
    return made


def test_a_month_not_reported_is_never_a_zero():
    counts = frame("""
        month      | count | complete
        2012-09-01 | 4     | no
        2012-10-01 |       | yes
        2013-01-01 | 0     | yes
        2013-02-01 | 3     | yes
        2013-03-01 | 9     | yes
    """)
    made = monthly_series.build_series(counts, "count", Span(date(2012, 12, 26), date(2013, 2, 1)))
    assert_table(
        made,
        """
        month      | days | count | after | used | why
        2012-09-01 | 30   | 4.0   | no    | no   | not_complete
        2012-10-01 | 31   |       | no    | no   | not_reported
        2012-11-01 | 30   |       | no    | no   | not_reported
        2012-12-01 | 31   |       | no    | no   | split
        2013-01-01 | 31   | 0.0   | yes   | yes  |
        2013-02-01 | 28   | 3.0   | yes   | yes  |
        """,
    )


def test_a_launch_on_the_first_of_a_month_splits_none():
    counts = pd.DataFrame({"month": pd.date_range("2014-03-01", periods=3, freq="MS"), "count": 1})
    for day, split in ((date(2014, 4, 1), []), (date(2014, 4, 2), [pd.Timestamp(2014, 4, 1)])):
        made = monthly_series.build_series(counts, "count", Span(day, END))
        assert made.loc[made["why"] == "split", "month"].tolist() == split


def test_a_quiet_month_is_judged_with_its_neighbours_and_never_across_the_launch():
    # January has 12 incidents and is judged alone: 9 of 12. February to April are judged
    # with each other: one open review of four would be 75% by itself. From May on, after
    # the launch, nothing was reviewed, and April does not see it.
    counts = frame("""
        month      | incidents | reviewed | confirmed
        2013-01-01 | 12        | 9        | 5
        2013-02-01 | 4         | 3        | 2
        2013-03-01 | 5         | 5        | 1
        2013-04-01 | 4         | 4        | 0
        2013-05-01 | 4         | 0        | 0
        2013-06-01 | 9         | 0        | 0
    """)
    made = monthly_series.build_series(counts, "confirmed", Span(date(2013, 5, 1), END), "reviewed")
    assert made["share"].round(3).tolist() == [0.75, 0.81, 0.923, 0.923, 0.0, 0.0]
    assert made["used"].tolist() == [False, True, True, True, False, False]
    assert set(made.loc[~made["used"], "why"]) == {monthly_series.Omission.NOT_REVIEWED}


def test_a_month_without_incidents_is_no_proof_of_reviews():
    counts = frame("""
        month      | incidents | reviewed | confirmed
        2013-01-01 | 6         | 0        | 0
        2013-02-01 | 0         | 0        | 0
        2013-03-01 | 7         | 0        | 0
        2013-04-01 | 0         | 0        | 0
    """)
    made = monthly_series.build_series(counts, "confirmed", Span(date(2013, 4, 1), END), "reviewed")
    assert not made["used"].any()


def test_two_rows_of_a_month_are_refused():
    twice = pd.DataFrame({"month": ["2013-01-01", "2013-01-01"], "count": [1, 2]})
    with pytest.raises(ValueError, match="two rows"):
        monthly_series.build_series(twice, "count", Span(date(2013, 1, 1), END))


LAST = {
    "early": pd.Timestamp(2018, 6, 1),
    "east": pd.Timestamp(2026, 10, 1),
    "west": pd.Timestamp(2025, 3, 1),
    "whole": pd.Timestamp(2024, 12, 1),
}


@pytest.mark.parametrize(
    ("city", "launched_on", "until"),
    [
        ("east", date(2012, 11, 26), date(2019, 12, 1)),
        ("east", date(2016, 12, 31), date(2019, 12, 1)),
        # From 2017 on: to the last December of all whose months reach beyond the launch.
        ("east", date(2017, 1, 1), date(2017, 12, 1)),
        ("east", date(2018, 6, 2), date(2024, 12, 1)),
        ("east", date(2025, 6, 1), date(2025, 12, 1)),
        ("east", date(2027, 3, 1), date(2025, 12, 1)),
        # Never a month that is not known.
        ("early", date(2012, 1, 1), date(2018, 6, 1)),
        ("west", date(2022, 1, 1), date(2024, 12, 1)),
        ("nowhere", date(2012, 1, 1), date(2019, 12, 1)),
        ("nowhere", date(2022, 1, 1), date(2022, 1, 1)),
        ("whole", date(2022, 1, 1), date(2024, 12, 1)),
    ],
)
def test_the_end_follows_from_the_launch_and_from_what_the_cities_have(city, launched_on, until):
    assert monthly_series.choose_end_month(LAST, city, launched_on) == until


def test_the_end_that_is_asked_holds_for_every_launch_as_far_as_months_are_known():
    for launched_on in (date(2012, 11, 26), date(2022, 1, 1)):
        asked = date(2024, 8, 1)
        assert monthly_series.choose_end_month(LAST, "east", launched_on, asked) == asked
        assert monthly_series.choose_end_month(LAST, "early", launched_on, asked) == date(2018, 6, 1)


def test_a_month_that_is_cut_or_not_told_is_not_known():
    counts = frame("""
        month      | incidents | complete
        2025-10-01 | 4         | yes
        2025-11-01 |           | yes
        2025-12-01 | 2         | no
    """).assign(city="east")
    assert monthly_series.find_last_months(counts.assign(month=pd.to_datetime(counts["month"]))) == {
        "east": pd.Timestamp(2025, 10, 1)
    }
