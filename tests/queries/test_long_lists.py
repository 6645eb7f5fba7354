"""Pages of long lists, and what is counted over them, against the whole list they are of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from longevity.auth.viewers import STATE
from longevity.warehouse import catalogue
from longevity.warehouse.warehouse import Warehouse
from tests.factories import reach_release, tiny_release
from tests.factories.ascii_table import assert_table
from tests.factories.promise_story import open_story
from tests.factories.reach_release import Tell
from tests.queries.test_promise_oracle import ORIGIN
from tests.queries.test_promise_oracle import drawn as promised

PAGES = [name for name in catalogue.load_queries() if name.endswith("_page")]
Counts = dict[Any, Any]


@pytest.fixture(scope="module", params=["demonstration", 0, 1, 2])
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, warehouse: Warehouse
) -> Iterator[Warehouse]:
    """The demonstration, and small worlds of groups and people drawn at random."""
    if request.param == "demonstration":
        yield warehouse
        return
    folder = tmp_path_factory.mktemp("lists")
    world = reach_release.draw_world(request.param)
    release = reach_release.write(folder / "release", world.rows, world.through)
    small = Warehouse(release, tiny_release.settings(folder / "config"))
    yield small
    small.close()


def same(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """Rows to compare, whatever stands for a missing value."""
    return [tuple(str(v) for v in row) for row in frame.itertuples(index=False)]


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_of_a_list_are_the_list_and_each_says_how_long_it_is(
    told: Warehouse, name: str
) -> None:
    base = name.removesuffix("_page")
    whole = told.run(base, {}, STATE).frame
    rows = max(1, len(whole) // 3)
    pages, page = [], 1
    while True:
        frame = told.run(name, {"rows": min(1000, rows), "page": page}, STATE).frame
        if frame.empty:
            break
        assert set(frame["of_all"]) == {len(whole)}
        pages.append(frame)
        page += 1
    order = {row: at for at, row in enumerate(same(whole))}
    seen = [[order[row] for row in same(each[list(whole)])] for each in pages]
    assert sorted(at for each in seen for at in each) == list(range(len(whole)))
    assert all(each == sorted(each) for each in seen)  # within a page as in the whole list
    one = told.run(name, {"rows": 1000}, STATE).frame
    if len(whole) <= 1000:
        assert same(one[list(whole)]) == same(whole)


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
def test_a_list_is_in_the_order_its_title_says_over_all_cities(
    told: Warehouse, name: str, day: str, newest_first: bool
) -> None:
    days = told.run(name, {}, STATE).frame[day].dropna()
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
    "group_coverage_counts": (
        "group_coverage_grid",
        ["city", "audited"],
        lambda own: [len(own), int(own["covered"].sum()), int(own["notice_on"].isna().sum())],
        ["groups", "covered", "without_notice"],
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
def test_what_is_counted_over_a_list_is_what_its_rows_say(told: Warehouse, name: str) -> None:
    base, keys, count, columns = COUNTED[name]
    wanted = by(told.run(base, {}, STATE).frame, keys, count)
    if name == "exits_met_by":
        wanted = {key: row for key, row in wanted.items() if row != ("0",)}
    frame = told.run(name, {}, STATE).frame
    if name == "group_coverage_counts" and len(frame):  # its classes together
        frame = frame.groupby(keys, sort=False, as_index=False)[columns].sum()
    got = by(frame, keys, lambda own: own[columns].iloc[0])
    assert got == wanted


def test_quarters_of_exits_and_months_of_sessions_are_those_of_the_lists(
    told: Warehouse,
) -> None:
    exits = told.run("exits_from_custody", {"since": "1900-01-01"}, STATE).frame
    quarters = told.run("exits_by_quarter", {}, STATE).frame
    if len(quarters):
        began = quarters["quarter"].min()
        recent = exits[exits["released_on"] >= began]
        assert int(quarters["exits"].sum()) == len(recent)
        of = recent["released_on"].dt.to_period("Q").dt.start_time
        assert by(quarters, ["city", "quarter", "outcome"], lambda own: [own["exits"].iloc[0]]) == (
            by(recent.assign(quarter=of), ["city", "quarter", "outcome"], lambda own: [len(own)])
        )
    sessions = told.run("recent_call_ins", {"rows": 1000}, STATE).frame
    months = told.run("call_ins_by_month", {}, STATE).frame
    assert int(months["sessions"].sum()) == len(sessions)
    every = told.run("call_in_sessions", {}, STATE).frame
    days = every["held_on"].fillna(every["scheduled_for"])
    if len(months):
        assert (days >= months["month"].min()).sum() == len(sessions)


def test_the_last_and_the_empty_call_ins_are_those_of_the_list(told: Warehouse) -> None:
    every = told.run("call_in_sessions", {}, STATE).frame
    held = every[every["status"] == "held"].sort_values("held_on", kind="stable")
    nobody_came = held[held["attended"].fillna(1) == 0].sort_values(
        "held_on", ascending=False, kind="stable"
    )
    empty = told.run("call_ins_nobody_came", {"rows": 1000}, STATE).frame
    assert sorted(empty["call_in_id"]) == sorted(nobody_came["call_in_id"])
    for city, own in every.groupby("city", sort=False):
        around = told.run("call_ins_ahead_and_behind", {"city": city}, STATE).frame
        ahead = own[own["status"] == "scheduled"].sort_values("scheduled_for").head(2).iloc[::-1]
        behind = own[own["status"] != "scheduled"]
        last_held = behind[behind["status"] == "held"].head(1)
        shown = pd.concat([behind.head(4), last_held]).drop_duplicates("call_in_id")
        assert list(around["call_in_id"]) == [*ahead["call_in_id"], *shown["call_in_id"]]
        # However many were not held since, when the last one was is known.
        none = {"city": city, "next": 0, "last": 0}
        alone = told.run("call_ins_ahead_and_behind", none, STATE).frame
        assert list(alone["call_in_id"]) == list(last_held["call_in_id"])


@pytest.mark.parametrize("seed", range(6))
def test_the_ledgers_marks_are_the_episodes_and_actions_of_the_lines_drawn(
    tmp_path: Path, seed: int
) -> None:
    with open_story(tmp_path, promised(seed), ORIGIN) as warehouse:
        asked = {"as_of": date(ORIGIN.year + 1, 6, 1)}
        episodes = warehouse.run("episodes", asked, STATE).frame
        broke = warehouse.run("restraint_actions", asked, STATE).frame
        drawn = warehouse.run("ledger_episodes", {**asked, "rows": 1000}, STATE).frame
        marked = warehouse.run("ledger_restraint", {**asked, "rows": 1000}, STATE).frame
        assert same(drawn[list(episodes)]) == same(episodes)
        assert same(marked[["action_id"]]) == same(broke[["action_id"]])
        ledger = warehouse.run("two_sided_ledger", asked, STATE).frame
        lines = set(ledger["group_id"]) | set(episodes["group_id"]) | set(broke["group_id"])
        assert set(drawn["lines_of_all"]) | set(marked["lines_of_all"]) <= {len(lines)}
        page = warehouse.run("two_sided_ledger_page", {**asked, "rows": 1}, STATE).frame
        few = warehouse.run("ledger_episodes", {**asked, "rows": 1}, STATE).frame
        first = set(page["group_id"])
        assert same(few[list(episodes)]) == same(episodes[episodes["group_id"].isin(first)])


@pytest.mark.parametrize("seed", range(6))
def test_weeks_before_and_after_are_added_up_for_groups_seen_on_both_sides(
    tmp_path: Path, seed: int
) -> None:
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


def test_who_spoke_is_counted_by_sessions_of_the_twelve_months(tell: Tell) -> None:
    assert_table(
        tell("call_ins_prepared", call_ins=SESSIONS, invitations=INVITED),
        """
        city | sessions | community_speakers | community_speakers_unknown | family_speakers | cases_noted | cases_prepared
        east | 2        | 1                  | 1                          | 1               | 1           | 4
        """,  # noqa: E501 - a table is read by its columns
    )


def test_a_call_in_nobody_is_known_to_have_come_to_is_listed(tell: Tell) -> None:
    assert_table(
        tell("call_ins_nobody_came", call_ins=SESSIONS, invitations=INVITED),
        """
        call_in_id | invited | attended_unknown | of_all
        nobody     | 2       | 1                | 2
        old        | 0       | 0                | 2
        """,
    )
