"""What is counted over long lists, against the list it is of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from longevity.auth.viewers import STATE
from tests.factories.ascii_table import assert_table

Counts = dict[Any, Any]


def by(frame: pd.DataFrame, keys: list[str], count: Callable[[pd.DataFrame], Any]) -> Counts:
    """What `count` says of each group of rows."""
    if frame.empty:
        return {}
    grouped = frame.groupby(keys, sort=False, dropna=False)
    return {tuple(str(k) for k in key): tuple(str(v) for v in count(own)) for key, own in grouped}


def waits(own: pd.DataFrame) -> list[Any]:
    still = own[own["state"] == "open"]
    longest = still["days_unanswered"].max() if len(still) else pd.NA
    missed = own[own["state"] == "broken"]
    year_before = missed["known_through"] - pd.DateOffset(years=1)
    return [len(still), longest, int((missed["window_ends_on"] > year_before).sum())]


def expected_home(own: pd.DataFrame) -> list[Any]:
    ahead = own[own["status"] == "expected"]
    first = ahead["expected_on"].min() if len(ahead) else pd.NaT
    days = ahead["days_ahead"].min() if len(ahead) else pd.NA
    return [len(ahead), int((own["status"] == "overdue").sum()), first, days]


def due(own: pd.DataFrame) -> list[int]:
    late = own.loc[own["status"] == "overdue", "days_left"]
    counts = [int((own["status"] == name).sum()) for name in ("overdue", "due", "no_day")]
    return [*counts, -int(late.min()) if len(late) else 0]


@pytest.mark.parametrize(
    ("name", "day", "newest_first"),
    [
        ("next_call_in", "last_shooting_on", True),
        ("exits_from_custody", "released_on", True),
        ("coming_home", "expected_on", False),
        ("lists_due_for_review", "review_by", False),
    ],
)
def test_a_list_is_in_the_order_its_title_says_over_all_cities(warehouse, name, day, newest_first):
    days = warehouse.run(name, {}, STATE).frame[day].dropna()
    assert list(days) == sorted(days, reverse=newest_first)


# Of which list, what is counted, by what, into which columns.
COUNTED: dict[str, tuple[str, list[str], Callable[[pd.DataFrame], Any], list[str]]] = {
    "open_promises_by_city": (
        *("episodes", ["city"], waits),
        ["open", "longest_open", "missed_in_a_year"],
    ),
    "coming_home_by_city": (
        *("coming_home", ["city"], expected_home),
        ["expected", "overdue", "first_expected_on", "first_days_ahead"],
    ),
    "lists_due_by_city": (
        *("lists_due_for_review", ["city"], due),
        ["overdue", "due", "no_day", "longest_overdue"],
    ),
    "exits_met_by": (
        "exits_from_custody",
        ["city", "greeted_by"],
        lambda own: [int(own["outcome"].isin(["greeted", "greeted_late"]).sum())],
        ["exits"],
    ),
}


@pytest.mark.parametrize("name", COUNTED)
def test_what_is_counted_over_a_list_is_what_its_rows_say(warehouse, name):
    base, keys, count, columns = COUNTED[name]
    wanted = by(warehouse.run(base, {}, STATE).frame, keys, count)
    if name == "exits_met_by":
        wanted = {key: row for key, row in wanted.items() if row != ("0",)}
    frame = warehouse.run(name, {}, STATE).frame
    got = by(frame, keys, lambda own: own[columns].iloc[0])
    assert got == wanted


def test_quarters_of_exits_are_those_of_the_list(warehouse):
    exits = warehouse.run("exits_from_custody", {"since": "1900-01-01"}, STATE).frame
    quarters = warehouse.run("exits_by_quarter", {"since": "1900-01-01"}, STATE).frame
    if len(quarters):
        began = quarters["quarter"].min()
        recent = exits[exits["released_on"] >= began]
        assert int(quarters["exits"].sum()) == len(recent)
        of = recent["released_on"].dt.to_period("Q").dt.start_time
        assert by(quarters, ["city", "quarter", "outcome"], lambda own: [own["exits"].iloc[0]]) == (
            by(recent.assign(quarter=of), ["city", "quarter", "outcome"], lambda own: [len(own)])
        )


SESSIONS = """
    call_in_id | scheduled_for | held_on    | community_speakers | family_speakers | cases_prepared
    old        | 2023-06-30    | 2023-06-30 | 9                  | 9               | 9
    spring     | 2024-03-01    | 2024-03-01 | 2                  | 0               | 4
    nobody     | 2024-06-20    | 2024-06-20 |                    | 1               |
    next       | 2024-08-01    |            |                    |                 |
"""


def test_who_spoke_is_counted_by_sessions_of_the_twelve_months(tell):
    assert_table(
        tell("cadence_by_city", call_ins=SESSIONS),
        """
        city | sessions_12_months | community_speakers | community_speakers_noted | family_speakers | cases_noted | cases_prepared
        east | 2                  | 1                  | 1                        | 1               | 1           | 4
        """,  # noqa: E501 - a table is read by its columns
    )
