"""What is counted over long lists, against the list it is of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import pytest

from longevity.auth.viewers import STATE
from tests.factories.ascii_table import assert_table
from tests.factories.promise_story import open_story
from tests.queries.test_promise_oracle import ORIGIN
from tests.queries.test_promise_oracle import drawn as promised

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
    return [len(own), len(still), longest]


def nobody(own: pd.DataFrame) -> list[int]:
    none = own[own["reachable"] == 0]
    never = int((own["reason"] == "no_notice").sum())
    return [len(own), never, len(none), int((none["reach_unknown"] > 0).sum())]


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
        *("open_promises", ["city"], waits),
        ["waiting", "open", "longest_open"],
    ),
    "help_offered_by_city": (
        "two_sided_ledger",
        ["city"],
        lambda own: [
            len(own),
            int(own["services_offered"].notna().sum()),
            int((own["services_offered"] > 0).sum()),
        ],
        ["with_notice", "known", "offered"],
    ),
    "notices_by_city": (
        "notices",
        ["city"],
        lambda own: [len(own), int((own["earlier_attendance_unknown"] > 0).sum())],
        ["with_notice", "unsure"],
    ),
    "next_call_in_by_city": (
        *("next_call_in", ["city"], nobody),
        ["groups", "no_notice", "nobody_reachable", "reach_unknown"],
    ),
    "coming_home_by_city": (
        *("coming_home", ["city"], expected_home),
        ["expected", "overdue", "first_expected_on", "first_days_ahead"],
    ),
    "unanswered_by_city": (
        "unanswered_requests",
        ["city"],
        lambda own: [
            *(len(own), int((own["days_unanswered"] <= 365).sum())),
            *(own["asked_on"].min(), own["days_unanswered"].max()),
        ],
        ["waiting", "within_a_year", "oldest_asked_on", "oldest_days"],
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
    quarters = warehouse.run("exits_by_quarter", {}, STATE).frame
    if len(quarters):
        began = quarters["quarter"].min()
        recent = exits[exits["released_on"] >= began]
        assert int(quarters["exits"].sum()) == len(recent)
        of = recent["released_on"].dt.to_period("Q").dt.start_time
        assert by(quarters, ["city", "quarter", "outcome"], lambda own: [own["exits"].iloc[0]]) == (
            by(recent.assign(quarter=of), ["city", "quarter", "outcome"], lambda own: [len(own)])
        )


def test_the_next_and_the_last_call_ins_are_those_of_the_list(warehouse):
    every = warehouse.run("call_in_sessions", {}, STATE).frame
    for city, own in every.groupby("city", sort=False):
        around = warehouse.run("call_ins_ahead_and_behind", {"city": city}, STATE).frame
        ahead = own[own["status"] == "scheduled"].sort_values("scheduled_for").head(2).iloc[::-1]
        behind = own[own["status"] != "scheduled"]
        last_held = behind[behind["status"] == "held"].head(1)
        shown = pd.concat([behind.head(4), last_held]).drop_duplicates("call_in_id")
        assert list(around["call_in_id"]) == [*ahead["call_in_id"], *shown["call_in_id"]]
        # However many were not held since, when the last one was is known.
        none = {"city": city, "next": 0, "last": 0}
        alone = warehouse.run("call_ins_ahead_and_behind", none, STATE).frame
        assert list(alone["call_in_id"]) == list(last_held["call_in_id"])


@pytest.mark.parametrize("seed", range(3))
def test_weeks_before_and_after_are_added_up_for_groups_seen_on_both_sides(tmp_path, seed):
    with open_story(tmp_path, promised(seed), ORIGIN) as warehouse:
        asked = {"as_of": date(ORIGIN.year + 1, 6, 1)}
        groups = warehouse.run("group_before_after", asked, STATE).frame
        both = (groups["weeks_before"] > 0) & (groups["weeks_after"] > 0)
        got = warehouse.run("before_after_by_city", asked, STATE).frame
        for row in got.itertuples():
            own = groups[both & (groups["city"] == row.city)]
            assert (row.incidents_before, row.incidents_after, row.groups) == (
                *(own["incidents_before"].sum(), own["incidents_after"].sum(), len(own)),
            )
            assert row.weeks_before == pytest.approx(own["weeks_before"].sum(), rel=1e-12)
            assert row.weeks_after == pytest.approx(own["weeks_after"].sum(), rel=1e-12)
            assert row.left_out == (groups["city"] == row.city).sum() - len(own)


SESSIONS = """
    call_in_id | scheduled_for | held_on    | community_speakers | family_speakers | cases_prepared
    old        | 2023-06-30    | 2023-06-30 | 9                  | 9               | 9
    spring     | 2024-03-01    | 2024-03-01 | 2                  | 0               | 4
    nobody     | 2024-06-20    | 2024-06-20 |                    | 1               |
    next       | 2024-08-01    |            |                    |                 |
"""
INVITED = """
    call_in_id | person_id | route     | reachable | attended
    spring     | a         | voluntary | yes       | attended
    nobody     | a         | voluntary | yes       | absent
    nobody     | b         | voluntary | yes       | unknown
"""


def test_who_spoke_is_counted_by_sessions_of_the_twelve_months(tell):
    assert_table(
        tell("call_ins_prepared", call_ins=SESSIONS, invitations=INVITED),
        """
        city | sessions | community_speakers | community_speakers_unknown | family_speakers | cases_noted | cases_prepared
        east | 2        | 1                  | 1                          | 1               | 1           | 4
        """,  # noqa: E501 - a table is read by its columns
    )
