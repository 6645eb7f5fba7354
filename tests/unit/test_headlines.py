"""The first sentence of a screen: what it claims, and what it never claims."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import pytest

from longevity.text import attention, headlines, money_bought
from tests.factories.ascii_table import read_frame

CITIES = {"east": "East", "west": "West"}


@pytest.mark.parametrize(("unknown", "said"), [(0, ""), (2, " (unknown for 2 more)")])
def test_follow_up_names_what_is_unknown(unknown, said):
    promises = pd.DataFrame(
        {"window_days": [30], "elapsed": [10], "elapsed_kept": [6], "unknown": [unknown]}
    )
    waiting = pd.DataFrame({"open": [1], "longest_open": [66]})
    assert headlines.follow_up_headline(promises, waiting, 90) == (
        f"In all years enforcement followed within 30 days in 6 of 10{said}; 1 is open, at day 66 "
        "of 90."
    )


def test_the_oldest_open_case_is_that_of_all_cities():
    promises = pd.DataFrame(
        {"window_days": [30, 30], "elapsed": [6, 4], "elapsed_kept": [4, 2], "unknown": [0, 0]}
    )
    waiting = pd.DataFrame({"open": [2, 1, 0], "longest_open": [66, 12, None]})
    assert headlines.follow_up_headline(promises, waiting, 90).endswith(
        "; 3 are open, the oldest at day 66 of 90."
    )


def test_follow_up_tells_of_twelve_months_first_and_of_no_case_that_is_too_new():
    def count(elapsed: int, on_time: int) -> pd.DataFrame:
        return pd.DataFrame(
            {"window_days": [30], "elapsed": [elapsed], "elapsed_kept": [on_time], "unknown": [0]}
        )

    none = pd.DataFrame({"open": [0], "longest_open": [0]})
    through = date(2026, 11, 22)
    told = headlines.follow_up_headline(count(10, 6), none, 90, count(4, 1), through)
    assert re.findall(r"\d+ of \d+", told) == ["1 of 4", "6 of 10"]
    assert "the twelve months to November 22, 2026" in told
    told = headlines.follow_up_headline(count(10, 6), none, 90, count(0, 0), through)
    assert re.findall(r"\d+ of \d+", told) == ["6 of 10"]


def test_what_needs_nothing_is_no_line():
    none = pd.DataFrame({"incidents": [4], "notified": [4], "group_unknown": [0]})
    assert attention.late_notices(none, 72) == ""
    late = pd.DataFrame({"incidents": [4, 1], "notified": [1, 1], "group_unknown": [0, 0]})
    assert attention.late_notices(late, 72) == (
        "After 3 of 5 group-involved shootings in twelve months no involved group was told "
        "within 72 hours"
    )
    assert attention.overdue_reviews(pd.DataFrame({"overdue": [0]})) == ""


@pytest.mark.parametrize(
    ("waiting", "missed", "said"),
    [
        (2, 0, "2 cases not yet followed up (oldest day 66 of 90)"),
        (2, 3, "2 cases not yet followed up (oldest day 66 of 90); 3 missed in twelve months"),
        (0, 1, "1 case missed in twelve months"),
        (0, 0, ""),
    ],
)
def test_a_case_that_ran_out_of_days_is_told_beside_those_that_wait(waiting, missed, said):
    longest = [66 if waiting else None]
    told = pd.DataFrame({"open": [waiting], "longest_open": longest, "missed_in_a_year": [missed]})
    assert attention.open_follow_ups(told, 90) == said


@pytest.mark.parametrize(
    ("notified", "said"),
    [
        (
            3,
            "After 4 of 9 group-involved shootings in twelve months no involved group was told "
            "within 72 hours; unknown for 2, no group on file",
        ),
        (7, "Whether a group was told within 72 hours: unknown for 2, no group on file"),
    ],
)
def test_a_shooting_without_a_group_on_file_is_not_one_without_notice(notified, said):
    told = pd.DataFrame({"incidents": [9], "notified": [notified], "group_unknown": [2]})
    assert attention.late_notices(told, 72) == said


COST = read_frame("""
    city | fiscal_year | first_day  | spent | sources_spent_unknown | reached | attendance_unknown | complete
    east | 2025        | 2024-07-01 | 100.0 | 0                     | 2       | 0                  | yes
    west | 2025        | 2024-07-01 | 300.0 | 0                     | 2       | 1                  | yes
    east | 2026        | 2025-07-01 | 500.0 | 0                     | 5       | 0                  | yes
    west | 2026        | 2025-07-01 |       | 1                     | 5       | 0                  | yes
""")  # noqa: E501 - a table is read by its columns


def test_a_year_in_which_one_city_s_cost_is_unknown_is_not_added_up():
    spending = money_bought.sum_spending(COST, CITIES)
    assert spending is not None
    assert spending.figures == (("Spent", "$400"), ("People reached", "4"), ("Per person", "$100"))
    assert spending.begins == date(2024, 7, 1)
    assert spending.unknown == "Attendance is unknown for 1 invitation, not counted."
    assert money_bought.name_left_out(COST, CITIES) == ""
    assert money_bought.sum_spending(COST.iloc[:0], CITIES) is None


def test_a_city_that_supplied_no_money_is_named_and_not_waited_for():
    west = COST.iloc[[1]]
    spending = money_bought.sum_spending(west, CITIES)
    assert spending is not None
    assert spending.figures[0] == ("Spent", "$300")
    assert money_bought.name_left_out(west, CITIES) == (
        "Not supplied, and not in these figures: East."
    )
