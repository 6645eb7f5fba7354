"""Notice by call-in, the two-sided ledger, and shootings before and after notice, by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from longevity.auth.viewers import STATE
from tests.factories import extracts
from tests.factories.ascii_table import assert_table, rows
from tests.factories.promise_story import open_story, tell

GROUPS = "a b c>:05-31"
SESSIONS = {"s1": date(2020, 2, 1), "s2": date(2020, 3, 1), "s3": None}


def called_in(text: str) -> dict[str, list[dict[str, Any]]]:
    """Invitations from a table; the sessions they are to. s3 was not held."""
    return {
        "call_ins": [
            extracts.row("call_ins", n, "east", call_in_id=code, held_on=day)
            for n, (code, day) in enumerate(SESSIONS.items())
        ],
        "invitations": [
            extracts.row(
                *("invitations", n, "east"),
                call_in_id=row["session"],
                person_id=row["person"],
                attended=row["attended"],
            )
            for n, row in enumerate(rows(text))
        ],
    }


def test_notice_is_from_the_first_session_a_member_attended(tmp_path):
    more = called_in("""
        session | person | attended
        s1      | p-a    | unknown
        s2      | p-a    | attended
        s1      | p-b    | absent
        s2      | p-b    | unknown
        s3      | p-c    | attended
    """)
    story = tell(groups=GROUPS, noticed="a:04-01 b:05-01")
    with open_story(tmp_path, story, **more) as warehouse:
        assert_table(
            warehouse.run("notices", None, STATE).frame,
            """
            city | group_id | notice_on  | how                 | earlier_attendance_unknown
            east | a        | 2020-03-01 | call_in             | 1
            east | b        | 2020-05-01 | custom_notification | 1
            """,
        )


def test_a_person_in_two_groups_gives_notice_to_both(tmp_path):
    more = called_in("""
        session | person | attended
        s2      | p-a    | attended
    """)
    story = tell(groups=GROUPS, noticed="")
    more["memberships"] = [
        extracts.row("memberships", n, "east", person_id="p-a", group_id=g, from_on=on, until_on=to)
        for n, (g, on, to) in enumerate(
            [
                ("a", date(2020, 1, 1), date(2020, 3, 1)),
                ("b", date(2020, 3, 1), None),
                ("c", date(2020, 1, 1), date(2020, 2, 29)),
            ]
        )
    ]
    with open_story(tmp_path, story, **more) as warehouse:
        frame = warehouse.run("notices", None, STATE).frame
    # The first and the last day of a membership count; c was left the day before.
    assert list(frame["group_id"]) == ["a", "b"]


NOTICED = "a:02-01 b:02-01 c:02-01"
SHOT = "01-20 03-01 07-01 b:03-01 c:02-01"


def test_the_ledger_has_a_line_a_group_with_both_sides_of_the_bargain(tmp_path):
    offers = [
        extracts.row("services", n, "east", person_id=person, offered_on=on)
        for n, (person, on) in enumerate(
            [
                ("p-a", date(2020, 1, 31)),
                ("p-a", date(2020, 2, 1)),
                ("p-a", date(2020, 6, 1)),
                ("p-c", date(2020, 6, 1)),
                ("p-b", date(2020, 9, 1)),
            ]
        )
    ]
    story = tell(SHOT, "03-11 b:08-01 c:05-01", GROUPS, NOTICED)
    with open_story(tmp_path, story, services=offers) as warehouse:
        frame = warehouse.run("two_sided_ledger", {"as_of": "2020-08-10", "months": 3}, STATE).frame
    assert_table(
        frame[["group_id", "last_violated_on", "stopped", "episodes", "response", "days"]],
        """
        group_id | last_violated_on | stopped | episodes | response | days
        a        | 2020-07-01       | no      | 2        | open     | 40
        b        | 2020-03-01       | yes     | 1        | late     | 153
        c        |                  | yes     | 0        | none     |
        """,
    )
    assert_table(
        frame,
        """
        group_id | active_until | broke_restraint | members_known | services_offered
        a        |              | 0               | 1             | 2
        b        |              | 0               | 1             | 0
        c        | 2020-05-31   | 1               | 1             | 1
        """,
    )


# Succession, membership and notice follow one rule, whichever query tells of them

# Old became Heir on January 1, 2024. Person a is in two groups, in South to March 31; b was in
# Old to its last day and so is in Heir; c had left.
TABLES = {
    "groups": """
        group_id | label | audited_on | active_from | active_until | succeeded_by
        old      | Old   | 2022-01-01 | 2020-01-01  | 2023-12-31   | heir
        heir     | Heir  | 2024-01-01 | 2024-01-01  |              |
        north    | North | 2022-01-01 | 2020-01-01  |              |
        south    | South | 2022-01-01 | 2020-01-01  |              |
        quiet    | Quiet | 2022-01-01 | 2020-01-01  |              |
    """,
    "memberships": """
        person_id | group_id | from_on    | until_on
        a         | north    | 2022-01-01 |
        a         | south    | 2022-01-01 | 2024-03-31
        b         | old      | 2022-01-01 | 2023-12-31
        c         | old      | 2022-01-01 | 2023-06-30
        d         | quiet    | 2022-01-01 |
    """,
    "people": """
        person_id | listed_on
        a         | 2022-01-01
        b         | 2022-01-01
        c         | 2022-01-01
        d         | 2022-01-01
    """,
    # The first names no group: it speaks to each the person was in that day.
    "custom_notifications": """
        person_id | group_id | attempted_on | contact
        a         |          | 2024-03-31   | direct
        b         | old      | 2023-03-01   | direct
        d         | quiet    | 2024-02-01   | collateral
    """,
    "call_ins": """
        call_in_id | held_on
        autumn     | 2022-10-01
        winter     | 2024-02-01
    """,
    "invitations": """
        call_in_id | person_id | attended
        autumn     | d         | unknown
        winter     | b         | attended
        winter     | c         | attended
    """,
}


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (
            "2023-12-31",
            """
            group_id | notice_on  | last_attended_on
            north    |            |
            old      | 2023-03-01 |
            quiet    |            |
            south    |            |
            """,
        ),
        (
            "2024-03-30",
            """
            group_id | notice_on  | last_attended_on
            heir     | 2023-03-01 | 2024-02-01
            north    |            |
            quiet    |            |
            south    |            |
            """,
        ),
        (
            "2024-06-30",
            """
            group_id | notice_on  | last_attended_on
            heir     | 2023-03-01 | 2024-02-01
            north    | 2024-03-31 |
            quiet    |            |
            south    | 2024-03-31 |
            """,
        ),
    ],
    ids=["before the succession", "the day before the notification", "after both"],
)
def test_notice_in_the_grid_by_hand(tell, as_of, expected):
    asked = {"as_of": as_of}
    grid = tell("group_coverage_grid", params=asked, **TABLES)
    assert_table(grid.sort_values("group_id"), expected)
    assert held(tell("notices", params=asked, **TABLES)) == held(grid)


@pytest.mark.parametrize(
    ("as_of", "told"),
    [("2023-12-31", "old | | \n was | 2023-06-01 |"), ("2024-06-30", "heir | | \n is | 2023-06-01 |")],
)
def test_a_group_passes_on_with_those_who_stayed_by_the_successors_first_day(tell, as_of, told):
    frame = tell(
        "group_coverage_grid",
        params={"as_of": as_of},
        groups="""
            group_id | audited_on | active_from | active_until | succeeded_by
            was      | 2022-01-01 | 2020-01-01  |              | is
            is       | 2024-02-01 | 2024-01-01  |              |
            old      | 2021-01-01 | 2020-01-01  | 2023-12-31   | is
            old      | 2022-01-01 | 2020-01-01  | 2023-12-31   | heir
            heir     | 2024-01-01 | 2024-01-01  |              |
        """,
        memberships="""
            person_id | group_id | from_on    | until_on
            a         | was      | 2022-01-01 |
            c         | old      | 2022-01-01 | 2023-06-30
            d         | old      | 2022-01-01 | 2023-12-31
            d         | heir     | 2024-03-01 |
        """,
        custom_notifications="""
            person_id | group_id | attempted_on | contact
            a         | was      | 2023-06-01   | direct
        """,
        call_ins="call_in_id | held_on\n winter | 2024-02-01",
        # c had left; d, whom the heir lists itself, was not there yet.
        invitations="""
            call_in_id | person_id | attended
            winter     | c         | attended
            winter     | d         | attended
        """,
    )
    expected = f"group_id | notice_on | last_attended_on\n {told}"
    assert_table(frame.sort_values("group_id"), expected)


def test_a_succession_of_which_no_day_is_known_was_so_from_the_first(tell):
    frame = tell(
        "group_coverage_grid",
        groups="""
            group_id | label | audited_on | active_from | succeeded_by
            was      | Was   |            |             | is
            is       | Is    |            |             |
        """,
        memberships="""
            person_id | group_id | from_on
            a         | was      | 2022-01-01
        """,
        custom_notifications="""
            person_id | group_id | attempted_on | contact
            a         | was      | 2023-03-01   | direct
        """,
        call_ins="call_in_id | held_on\n s | 2024-02-01",
        invitations="call_in_id | person_id | attended\n s | a | attended",
    )
    assert_table(
        frame,
        """
        group_id | audited | notice_on  | last_attended_on
        is       | no      | 2023-03-01 | 2024-02-01
        """,
    )


def held(frame: pd.DataFrame) -> dict[str, date]:
    """The groups with notice, each with its day."""
    known = frame.dropna(subset=["notice_on"])
    return dict(zip(known["group_id"], known["notice_on"].dt.date, strict=True))
