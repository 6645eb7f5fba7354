"""Each rule of the promise on a table small enough to follow by hand.

Day 0 of most tables is 2020-03-01; day 30 is 2020-03-31, day 90 is 2020-05-30.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from longevity.auth.viewers import STATE, Viewer, ViewerKind
from tests.factories.ascii_table import assert_table
from tests.factories.promise_story import THROUGH, open_story, read_story

ONE = """
    group | city
    a     | east
"""
NOTICED = """
    group | day
    a     | 2020-02-01
"""


def asked(
    folder: Path, query: str, *tables: str, enforcement: date = THROUGH, **params: Any
) -> pd.DataFrame:
    with open_story(folder, read_story(*tables), enforcement) as warehouse:
        return warehouse.run(query, params, STATE).frame


def test_an_action_on_the_day_of_the_violation_is_day_0(tmp_path):
    shot = """
        incident | group | day
        i1       | a     | 2020-03-01
    """
    acted = """
        action | group | day        | trigger
        x1     | a     | 2020-03-01 |
    """
    assert_table(
        asked(tmp_path, "episodes", ONE, NOTICED, shot, acted),
        """
        city | group_id | notice_on  | violated_on | first_action_on | days | state_30
        east | a        | 2020-02-01 | 2020-03-01  | 2020-03-01      | 0    | kept
        """,
    )


def test_a_shooting_on_the_day_of_notice_is_no_violation(tmp_path):
    shot = """
        incident | group | day
        i0       | a     | 2020-01-15
        i1       | a     | 2020-02-01
        i2       | a     | 2020-02-02
    """
    assert_table(
        asked(tmp_path, "episodes", ONE, NOTICED, shot),
        """
        group_id | violated_on | state_90
        a        | 2020-02-02  | broken
        """,
    )


def test_only_what_is_confirmed_and_by_the_group_is_a_violation(tmp_path):
    shot = """
        incident | group | day        | role    | status
        i1       | a     | 2020-03-01 | victim  | confirmed
        i2       | a     | 2020-03-02 | suspect | suspected
    """
    assert asked(tmp_path, "episodes", ONE, NOTICED, shot).empty


def test_an_incident_by_two_groups_opens_one_episode_for_each(tmp_path):
    groups = """
        group | city
        a     | east
        b     | east
    """
    notices = """
        group | day
        a     | 2020-02-01
        b     | 2020-02-01
    """
    shot = """
        incident | group | day
        i1       | a     | 2020-03-01
        i1       | b     | 2020-03-01
    """
    acted = """
        action | group | day        | trigger
        x1     | b     | 2020-03-11 | i1
    """
    assert_table(
        asked(tmp_path, "episodes", groups, notices, shot, acted),
        """
        group_id | violated_on | days | state_30
        a        | 2020-03-01  |      | broken
        b        | 2020-03-01  | 10   | kept
        """,
    )


def test_day_90_belongs_to_the_episode_and_day_91_does_not(tmp_path):
    shot = """
        incident | group | day
        i1       | a     | 2020-03-01
        i2       | a     | 2020-05-30
        i3       | a     | 2020-05-31
    """
    assert_table(
        asked(tmp_path, "episodes", ONE, NOTICED, shot),
        """
        violated_on | window_ends_on
        2020-03-01  | 2020-05-30
        2020-05-31  | 2020-08-29
        """,
    )


def test_an_action_on_day_90_keeps_and_on_day_91_is_late(tmp_path):
    shot = """
        incident | group | day
        i1       | a     | 2020-03-01
        i2       | a     | 2020-07-01
    """
    acted = """
        action | group | day        | trigger
        x1     | a     | 2020-05-30 |
        x2     | a     | 2020-09-30 |
    """
    assert_table(
        asked(tmp_path, "episodes", ONE, NOTICED, shot, acted),
        """
        violated_on | days | state_30 | state_60 | state_90
        2020-03-01  | 90   | late     | late     | kept
        2020-07-01  | 91   | late     | late     | late
        """,
    )


def test_a_shooting_on_the_day_of_the_answer_belongs_and_the_next_opens_anew(tmp_path):
    shot = """
        incident | group | day
        i1       | a     | 2020-03-01
        i2       | a     | 2020-03-11
        i3       | a     | 2020-03-12
    """
    acted = """
        action | group | day        | trigger
        x1     | a     | 2020-03-11 | i2
    """
    assert_table(
        asked(tmp_path, "episodes", ONE, NOTICED, shot, acted),
        """
        violated_on | first_action_on
        2020-03-01  | 2020-03-11
        2020-03-12  |
        """,
    )


EXPIRED_BESIDE_RUNNING = """
    incident | group | day
    i1       | a     | 2020-03-01
    i2       | a     | 2020-07-01
"""


@pytest.mark.parametrize(
    ("trigger", "of_first", "of_second"),
    [("i1", "2020-07-11", ""), ("i2", "", "2020-07-11"), ("", "", "2020-07-11")],
)
def test_beside_an_expired_episode_the_trigger_decides_else_the_running_one(
    tmp_path, trigger, of_first, of_second
):
    acted = f"""
        action | group | day        | trigger
        x1     | a     | 2020-07-11 | {trigger}
    """
    assert_table(
        asked(tmp_path, "episodes", ONE, NOTICED, EXPIRED_BESIDE_RUNNING, acted),
        f"""
        violated_on | first_action_on
        2020-03-01  | {of_first}
        2020-07-01  | {of_second}
        """,
    )


def test_with_nothing_running_the_latest_expired_is_answered_late_one_an_action(tmp_path):
    acted = """
        action | group | day        | trigger
        x1     | a     | 2020-11-01 |
        x2     | a     | 2020-11-02 |
        x3     | a     | 2020-11-03 |
    """
    tables = (ONE, NOTICED, EXPIRED_BESIDE_RUNNING, acted)
    assert_table(
        asked(tmp_path / "episodes", "episodes", *tables),
        """
        violated_on | first_action_on | state_90
        2020-03-01  | 2020-11-02      | late
        2020-07-01  | 2020-11-01      | late
        """,
    )
    # The third answers nothing, and the last violation lies 125 days back.
    assert_table(
        asked(tmp_path / "restraint", "restraint_actions", *tables),
        """
        action_id | quiet_days | broke_restraint
        x3        | 125        | yes
        x2        | 124        | no
        x1        | 123        | no
        """,
    )


def test_an_action_dated_before_its_trigger_does_not_answer_it(tmp_path):
    shot = """
        incident | group | day
        i1       | a     | 2020-03-10
    """
    acted = """
        action | group | day        | trigger
        x1     | a     | 2020-03-09 | i1
    """
    tables = (ONE, NOTICED, shot, acted)
    assert_table(
        asked(tmp_path / "episodes", "episodes", *tables),
        """
        violated_on | first_action_on
        2020-03-10  |
        """,
    )
    assert_table(
        asked(tmp_path / "restraint", "restraint", *tables, city="east"),
        """
        city | broke_restraint | actions | answering | dated_before_trigger | group_unknown
        east | 1               | 1       | 0         | 1                    | 0
        """,
    )


SUCCEEDED = """
    group | city | until      | after
    a     | east | 2020-03-31 | b
    b     | east |            |
"""


def test_an_open_episode_passes_on_and_the_successor_is_bound_by_it(tmp_path):
    shot = """
        incident | group | day
        i1       | a     | 2020-03-20
        i2       | b     | 2020-04-05
        i3       | b     | 2020-04-12
    """
    acted = """
        action | group | day        | trigger
        x1     | b     | 2020-04-10 |
    """
    assert_table(
        asked(tmp_path, "episodes", SUCCEEDED, NOTICED, shot, acted),
        """
        group_id | notice_on  | violated_on | first_action_on
        a        | 2020-02-01 | 2020-03-20  | 2020-04-10
        b        | 2020-02-01 | 2020-04-12  |
        """,
    )


def test_notice_passes_on_from_the_day_of_the_succession_and_not_before(tmp_path):
    shot = """
        incident | group | day
        i1       | b     | 2020-03-31
        i2       | b     | 2020-04-01
    """
    assert_table(
        asked(tmp_path / "episodes", "episodes", SUCCEEDED, NOTICED, shot),
        """
        group_id | violated_on
        b        | 2020-04-01
        """,
    )
    assert_table(
        asked(tmp_path / "before", "notices", SUCCEEDED, NOTICED, as_of="2020-03-31"),
        """
        group_id | notice_on  | how                 | inherited_from
        a        | 2020-02-01 | custom_notification |
        """,
    )
    assert_table(
        asked(tmp_path / "after", "notices", SUCCEEDED, NOTICED, as_of="2020-04-01"),
        """
        group_id | notice_on  | how                 | inherited_from
        b        | 2020-02-01 | custom_notification | a
        """,
    )


def test_where_a_succession_made_two_running_episodes_the_oldest_is_answered(tmp_path):
    notices = """
        group | day
        a     | 2020-02-01
        b     | 2020-02-01
    """
    shot = """
        incident | group | day
        i1       | b     | 2020-03-10
        i2       | a     | 2020-03-20
    """
    acted = """
        action | group | day        | trigger
        x1     | b     | 2020-04-10 |
        x2     | b     | 2020-04-15 | i2
    """
    assert_table(
        asked(tmp_path, "episodes", SUCCEEDED, notices, shot, acted),
        """
        group_id | violated_on | first_action_on
        b        | 2020-03-10  | 2020-04-10
        a        | 2020-03-20  | 2020-04-15
        """,
    )


def test_what_enforcement_has_not_reported_yet_is_open_and_not_broken(tmp_path):
    shot = """
        incident | group | day
        i1       | a     | 2020-03-01
    """
    for through, state_30, state_60 in (
        ("2020-03-30", "open", "open"),
        ("2020-03-31", "broken", "open"),
        ("2020-04-30", "broken", "broken"),
    ):
        assert_table(
            asked(
                *(tmp_path / through, "episodes", ONE, NOTICED, shot),
                enforcement=date.fromisoformat(through),
            ),
            f"""
            known_through | state_30   | state_60   | state_90
            {through}     | {state_30} | {state_60} | open
            """,
        )


@pytest.mark.parametrize(
    ("without", "is_known"),
    [
        ((), True),
        (("custom_notifications",), True),
        (("call_ins", "invitations"), True),
        (("custom_notifications", "call_ins"), False),
        (("custom_notifications", "invitations"), False),
        (("custom_notifications", "memberships"), False),
        (("incident_groups",), False),
    ],
)
def test_nothing_is_known_of_episodes_where_nobody_said_who_was_told_or_who_shot(
    tmp_path, without, is_known
):
    empty: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("call_ins", "invitations", "memberships")
    }
    story = read_story(ONE, NOTICED)
    with open_story(tmp_path, story, without=without, **empty) as warehouse:
        for query in ("promises", "groups_that_stopped", "restraint"):
            assert warehouse.run(query, {"city": "east"}, STATE).frame.empty != is_known


def test_of_a_violation_before_enforcement_begins_nothing_is_known(tmp_path):
    shot = """
        incident | group | day
        i1       | a     | 2020-03-01
        i2       | a     | 2020-07-01
    """
    acted = """
        action | group | day        | trigger
        x1     | a     | 2020-03-21 |
        x2     | a     | 2020-07-21 |
    """
    story, begins = read_story(ONE, NOTICED, shot, acted), {"enforcement_actions": date(2020, 4, 1)}
    with open_story(tmp_path, story, begins=begins) as warehouse:
        assert_table(
            warehouse.run("episodes", {}, STATE).frame,
            """
            violated_on | first_action_on | state_30
            2020-03-01  |                 | unknown
            2020-07-01  | 2020-07-21      | kept
            """,
        )


@pytest.mark.parametrize(
    ("begins_on", "judged"), [("2020-05-02", (1, 1, 0)), ("2020-05-03", (0, 0, 1))]
)
def test_no_action_is_judged_where_who_shot_is_not_known_for_its_90_days(
    tmp_path, begins_on, judged
):
    acted = """
        action | group | day        | trigger
        x1     | a     | 2020-08-01 |
    """
    story = read_story(ONE, NOTICED, "", acted)
    begins = {"incident_groups": date.fromisoformat(begins_on)}
    with open_story(tmp_path, story, begins=begins) as warehouse:
        (row,) = warehouse.run("restraint", {"city": "east"}, STATE).frame.itertuples()
        (group,) = warehouse.run("two_sided_ledger", {"city": "east"}, STATE).frame.itertuples()
    assert (row.actions, row.broke_restraint, row.unjudged) == judged
    assert pd.isna(group.broke_restraint) == bool(row.unjudged)


def test_no_action_is_judged_that_answers_a_violation_before_enforcement_begins(tmp_path):
    shot = """
        incident | group | day
        i1       | a     | 2020-03-01
    """
    acted = """
        action | group | day        | trigger
        x1     | a     | 2020-08-01 |
    """
    story, begins = read_story(ONE, NOTICED, shot, acted), {"enforcement_actions": date(2020, 3, 2)}
    with open_story(tmp_path, story, begins=begins) as warehouse:
        (row,) = warehouse.run("restraint", {"city": "east"}, STATE).frame.itertuples()
    assert (row.actions, row.unjudged) == (0, 1)


def test_an_action_before_enforcement_begins_answers_nothing(tmp_path):
    shot = """
        incident | group | day
        i1       | a     | 2020-07-01
    """
    acted = """
        action | group | day        | trigger
        x1     | a     | 2020-06-30 | i1
        x2     | a     | 2020-06-29 |
    """
    story, begins = read_story(ONE, NOTICED, shot, acted), {"enforcement_actions": date(2020, 7, 1)}
    with open_story(tmp_path, story, begins=begins) as warehouse:
        (row,) = warehouse.run("restraint", {"city": "east"}, STATE).frame.itertuples()
    assert (row.actions, row.unjudged) == (0, 0)


@pytest.mark.parametrize(("begins_on", "is_known"), [("2020-02-01", True), ("2020-02-02", False)])
def test_none_on_file_is_none_where_the_file_goes_back_to_the_notice(tmp_path, begins_on, is_known):
    begins = dict.fromkeys(("enforcement_actions", "services"), date.fromisoformat(begins_on))
    with open_story(tmp_path, read_story(ONE, NOTICED), begins=begins, services=[]) as warehouse:
        (group,) = warehouse.run("two_sided_ledger", {}, STATE).frame.itertuples()
    told = (group.broke_restraint, group.services_offered, group.members_offered)
    assert told == ((0, 0, 0) if is_known else (pd.NA, pd.NA, pd.NA))


def test_no_shooting_is_seen_before_who_shot_is_on_file(tmp_path):
    shot = """
        incident | group | day
        i1       | a     | 2020-03-01
        i2       | a     | 2020-07-01
    """
    begins = {"incident_groups": date(2020, 3, 2)}
    with open_story(tmp_path, read_story(ONE, NOTICED, shot), begins=begins) as warehouse:
        frame = warehouse.run("episodes", {}, STATE).frame
    assert list(frame["violated_on"].dt.date) == [date(2020, 7, 1)]


@pytest.mark.parametrize(("begins_on", "is_known"), [("2020-01-01", True), ("2020-01-02", False)])
def test_that_a_group_stopped_is_known_where_who_shot_is_known_so_far_back(
    tmp_path, begins_on, is_known
):
    begins = {"incident_groups": date.fromisoformat(begins_on)}
    asked_of = {"city": "east", "as_of": "2021-01-01"}
    with open_story(tmp_path, read_story(ONE, NOTICED), begins=begins) as warehouse:
        assert warehouse.run("groups_that_stopped", asked_of, STATE).frame.empty != is_known
        (group,) = warehouse.run("two_sided_ledger", asked_of, STATE).frame.itertuples()
    assert pd.notna(group.stopped) == is_known


def test_what_nobody_knows_to_be_open_is_not_listed_as_open(tmp_path):
    shot = """
        incident | group | day
        i1       | a     | 2020-03-01
    """
    story = read_story(ONE, NOTICED, shot)
    with open_story(tmp_path, story, without=["enforcement_actions"]) as warehouse:
        frame = warehouse.run("episodes", {"as_of": "2020-03-02"}, STATE).frame
    assert list(frame["state"]) == ["unknown"]
    assert frame["members_acted_on"].isna().all()


def test_an_action_after_enforcements_data_through_is_not_seen(tmp_path):
    shot = """
        incident | group | day
        i1       | a     | 2020-03-01
    """
    acted = """
        action | group | day        | trigger
        x1     | a     | 2020-03-21 |
    """
    frame = asked(
        *(tmp_path, "promises", ONE, NOTICED, shot, acted),
        enforcement=date(2020, 3, 20),
        city="east",
    )
    assert_table(
        frame,
        """
        window_days | episodes | kept | late | open | broken | unknown | elapsed | elapsed_kept
        30          | 1        | 0    | 0    | 1    | 0      | 0       | 0       | 0
        60          | 1        | 0    | 0    | 1    | 0      | 0       | 0       | 0
        90          | 1        | 0    | 0    | 1    | 0      | 0       | 0       | 0
        """,
    )


@pytest.mark.parametrize(("day", "elapsed"), [(29, [0, 0]), (30, [1, 0]), (31, [1, 0])])
def test_an_episode_counts_in_the_share_once_day_30_is_known(tmp_path, day, elapsed):
    shot = """
        incident | group | day
        i1       | a     | 2020-03-01
    """
    known_through = date(2020, 3, 1) + timedelta(days=day)
    frame = asked(tmp_path, "promises", ONE, NOTICED, shot, enforcement=known_through, city="east")
    assert list(frame["elapsed"])[:2] == elapsed
    # Nothing answered it: it is open until it counts, and broken from then on.
    assert list(frame["open"])[:2] == [1 - n for n in elapsed]
    assert list(frame["broken"])[:2] == elapsed


def test_a_kept_promise_counts_in_the_share_only_with_the_days_behind_it(tmp_path):
    shot = """
        incident | group | day
        i1       | a     | 2020-03-01
        i2       | a     | 2020-06-01
    """
    acted = """
        action | group | day        | trigger
        x1     | a     | 2020-06-05 |
    """
    assert_table(
        asked(
            *(tmp_path, "promises", ONE, NOTICED, shot, acted),
            city="east",
            as_of="2020-06-10",
        ),
        """
        window_days | episodes | kept | late | open | broken | elapsed | elapsed_kept
        30          | 2        | 1    | 0    | 0    | 1      | 1       | 0
        60          | 2        | 1    | 0    | 0    | 1      | 1       | 0
        90          | 2        | 1    | 0    | 0    | 1      | 1       | 0
        """,
    )


def test_after_day_90_an_action_turns_broken_into_late_as_of_its_day(tmp_path):
    acted = """
        action | group | day        | trigger
        x1     | a     | 2020-11-01 |
    """
    shot = """
        incident | group | day
        i1       | a     | 2020-03-01
    """
    for as_of, state in (("2020-10-31", "broken"), ("2020-11-01", "late")):
        assert_table(
            asked(tmp_path / as_of, "episodes", ONE, NOTICED, shot, acted, as_of=as_of),
            f"""
            violated_on | state_90
            2020-03-01  | {state}
            """,
        )


def test_the_list_is_oldest_first_over_all_cities_and_says_which_are_open(tmp_path):
    groups = """
        group | city
        a     | east
        b     | west
        c     | west
    """
    notices = """
        group | day
        a     | 2020-02-01
        b     | 2020-02-01
        c     | 2020-02-01
    """
    shot = """
        incident | group | day
        i1       | c     | 2020-03-01
        i2       | a     | 2020-06-20
        i3       | b     | 2020-06-10
    """
    with open_story(tmp_path, read_story(groups, notices, shot)) as warehouse:
        frame = warehouse.run("episodes", {"as_of": "2020-07-01"}, STATE).frame
    assert_table(
        frame,
        """
        city | group_id | violated_on | days_unanswered | state
        west | c        | 2020-03-01  | 122             | broken
        west | b        | 2020-06-10  | 21              | open
        east | a        | 2020-06-20  | 11              | open
        """,
    )


def test_members_acted_on_leaves_out_what_was_dismissed_or_not_prosecuted(tmp_path):
    groups = """
        group | city | until      | after
        a     | east |            |
        b     | east | 2020-02-10 | a
        c     | east | 2020-02-10 | a
        d     | east | 2020-02-10 | a
        e     | east | 2020-02-10 | a
    """
    shot = """
        incident | group | day
        i1       | a     | 2020-03-01
    """
    # Members passed on with their groups, so that the one group has five.
    acted = """
        action | group | day        | trigger | person | scope      | disposition
        x1     |       | 2020-03-05 |         | p-a    | individual | convicted
        x2     |       | 2020-03-05 |         | p-b    | individual | dismissed
        x3     |       | 2020-03-05 |         | p-c    | individual | nolle
        x4     |       | 2020-05-30 |         | p-d    | individual |
        x5     |       | 2020-05-31 |         | p-e    | individual | convicted
    """
    assert_table(
        asked(tmp_path, "episodes", groups, NOTICED, shot, acted),
        """
        group_id | members_known | members_acted_on | state_90
        a        | 5             | 2                | broken
        """,
    )


def test_a_group_scope_action_answers_even_when_it_was_dismissed(tmp_path):
    shot = """
        incident | group | day
        i1       | a     | 2020-03-01
    """
    acted = """
        action | group | day        | trigger | person | disposition
        x1     | a     | 2020-03-05 |         | p-a    | dismissed
    """
    assert_table(
        asked(tmp_path, "episodes", ONE, NOTICED, shot, acted),
        """
        state_30 | members_known | members_acted_on
        kept     | 1             | 0
        """,
    )


def test_restraint_is_broken_after_90_quiet_days_only_and_only_with_notice(tmp_path):
    shot = """
        incident | group | day
        i1       | a     | 2020-03-01
    """
    acted = """
        action | group | day        | trigger
        x0     | a     | 2020-01-31 |
        x1     | a     | 2020-02-01 |
        x2     | a     | 2020-03-02 |
        x3     | a     | 2020-05-30 |
        x4     | a     | 2020-05-31 |
    """
    tables = (ONE, NOTICED, shot, acted)
    assert_table(
        asked(tmp_path / "list", "restraint_actions", *tables),
        """
        action_id | last_violated_on | quiet_days | answers_violation_on | broke_restraint
        x4        | 2020-03-01       | 91         |                      | yes
        x3        | 2020-03-01       | 90         |                      | no
        x2        | 2020-03-01       | 1          | 2020-03-01           | no
        x1        |                  |            |                      | yes
        """,
    )
    assert_table(
        asked(tmp_path / "city", "restraint", *tables),
        """
        city | broke_restraint | actions | answering | dated_before_trigger | group_unknown
        east | 2               | 4       | 1         | 0                    | 0
        """,
    )


def test_an_action_on_a_group_that_names_no_group_is_counted_apart(tmp_path):
    acted = """
        action | group | day        | trigger
        x1     |       | 2020-05-31 |
    """
    assert_table(
        asked(tmp_path, "restraint", ONE, NOTICED, "", acted),
        """
        city | broke_restraint | actions | answering | group_unknown
        east | 0               | 0       | 0         | 1
        """,
    )


def test_groups_that_stopped_have_notice_and_twelve_quiet_months(tmp_path):
    groups = """
        group | city
        a     | east
        b     | east
        c     | east
        d     | west
    """
    notices = """
        group | day
        a     | 2020-02-01
        b     | 2020-02-01
    """
    shot = """
        incident | group | day
        i1       | a     | 2020-03-01
        i2       | b     | 2020-03-02
        i3       | c     | 2020-03-02
    """
    assert_table(
        asked(tmp_path, "groups_that_stopped", groups, notices, shot, as_of="2021-03-01"),
        """
        city | stopped | with_notice | stopped_notice_newer | stopped_no_longer_active
        east | 1       | 2           | 0                    | 0
        west | 0       | 0           | 0                    | 0
        """,
    )


def test_a_group_that_stopped_may_be_suspected_also_under_the_code_it_had_before(tmp_path):
    groups = """
        group | city | until      | after
        a     | east |            |
        b     | east |            |
        old   | east | 2020-06-30 |
        new   | east |            | old
    """
    notices = """
        group | day
        a     | 2019-02-01
        b     | 2019-02-01
        old   | 2019-02-01
    """
    shot = """
        incident | group | day        | role    | status
        i1       | a     | 2020-02-29 | suspect | suspected
        i2       | b     | 2020-03-05 | victim  | suspected
        i3       | old   | 2020-03-05 | suspect | suspected
    """
    frame = asked(tmp_path, "groups_that_stopped", groups, notices, shot, as_of="2021-03-01")
    assert_table(
        frame,
        """
        city | stopped | with_notice | stopped_suspected
        east | 3       | 3           | 1
        """,
    )


def test_a_city_without_program_data_has_no_rows(tmp_path):
    with open_story(tmp_path, read_story(ONE, NOTICED)) as warehouse:
        for query in ("promises", "restraint", "groups_that_stopped"):
            assert set(warehouse.run(query, None, STATE).frame["city"]) == {"east"}


def test_days_are_censored_at_the_last_day_enforcement_is_known(tmp_path):
    shot = """
        incident | group | day
        i1       | a     | 2020-03-01
        i2       | a     | 2020-06-01
    """
    acted = """
        action | group | day        | trigger
        x1     | a     | 2020-03-13 |
    """
    assert_table(
        asked(
            *(tmp_path, "time_to_enforcement", ONE, NOTICED, shot, acted),
            enforcement=date(2020, 6, 21),
        ),
        """
        city | days | answered | episodes
        east | 12   | yes      | 1
        east | 20   | no       | 1
        """,
    )


def test_the_timeline_of_the_page(tmp_path):
    """The worked example of docs/follow-up.md; its day 0 is 2020-02-01."""

    def on(days: int) -> str:
        return (date(2020, 2, 1) + timedelta(days=days)).isoformat()

    shot = "incident | group | day\n" + "\n".join(
        f"i{days} | a | {on(days)}" for days in (0, 10, 30, 70, 100)
    )
    acted = "action | group | day | trigger\n" + "\n".join(
        f"x{days} | a | {on(days)} |" for days in (50, 241)
    )
    states = {}
    with open_story(tmp_path, read_story(ONE, NOTICED, shot, acted)) as warehouse:
        for days in (99, 100, 130, 160, 241):
            frame = warehouse.run("episodes", {"as_of": on(days)}, STATE).frame
            first, second = frame[["state_30", "state_60", "state_90"]].to_numpy().tolist()
            assert first == ["late", "kept", "kept"]
            states[days] = second
        assert list(frame["days"]) == [40, 171]
    assert states == {
        99: ["open", "open", "open"],
        100: ["broken", "open", "open"],
        130: ["broken", "broken", "open"],
        160: ["broken", "broken", "broken"],
        241: ["late", "late", "late"],
    }


def test_a_successor_in_another_city_or_a_code_of_no_group_breaks_nothing(tmp_path):
    groups = """
        group | city | until      | after
        a     | east | 2020-03-31 | b
        b     | west |            |
    """
    shot = """
        incident | group | day
        i1       | a     | 2020-03-01
        i2       | zz    | 2020-03-01
    """
    with open_story(tmp_path, read_story(groups, NOTICED, shot)) as warehouse:
        of_state = warehouse.run("episodes", {"city": "east"}, STATE).frame
        own = warehouse.run("episodes", None, Viewer(ViewerKind.CITY, "east")).frame
    assert list(of_state["group_id"]) == ["a"]
    pd.testing.assert_frame_equal(of_state, own)
