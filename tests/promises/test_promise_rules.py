"""Each rule of the promise on a story small enough to follow by hand.

Stories are as `promise_story.tell` takes them. Day 0 of most is March 1, 2020; day 30 is 03-31, day
90 is 05-30.
"""

import re
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from longevity.auth.viewers import STATE, Viewer, ViewerKind
from tests.factories.ascii_table import Shown, rows
from tests.factories.promise_story import THROUGH, on, open_story, tell


def asked(folder, query, story, enforcement=THROUGH, begins=None, **params):
    """What the state sees of a story; `begins` as `open_story` takes it."""
    with open_story(folder, story, enforcement, begins=begins) as warehouse:
        return warehouse.run(query, params, STATE).frame


def write_episode(row):
    """Group, violation, answer, days to it, and the state at 30, 60 and 90 days."""
    first = "-" if pd.isna(row.first_action_on) else f"{row.first_action_on:%m-%d}"
    days = "-" if pd.isna(row.days) else row.days
    states = f"{row.state_30} {row.state_60} {row.state_90}"
    return f"{row.group_id} {row.violated_on:%m-%d} {first} {days} {states}"


TWICE = "03-01 07-01"  # the first has expired when the second begins
# Of two groups both may have notice, and the one may become the other on April 1.
TWO = {"groups": "a b", "noticed": "a:02-01 b:02-01"}
PASSED_ON = {"groups": "a>b:03-31 b"}
OF_GROUPS = {"a": {}, "a b": TWO, "a>b": PASSED_ON, "a>b, b": TWO | PASSED_ON}
EPISODES = rows("""
    groups | shot                    | acted              | episodes
    # An action on the day of the violation is day 0.
    a      | 03-01                   | 03-01              | a 03-01 03-01 0 KEPT
    # A shooting on the day of notice is no violation.
    a      | 01-15 02-01 02-02       |                    | a 02-02 - - BROKEN
    # An incident by two groups opens one episode for each.
    a b    | ab:03-01                | b:03-11/i1         | a 03-01 - - BROKEN; b 03-01 03-11 10 KEPT
    # Day 90 belongs to the episode and day 91 does not.
    a      | 03-01 05-30 05-31       |                    | a 03-01 - - BROKEN; a 05-31 - - BROKEN
    # An action on day 90 keeps and on day 91 is late.
    a      | 03-01 07-01             | 05-30 09-30        | a 03-01 05-30 90 late late kept; a 07-01 09-30 91 LATE
    # A shooting on the day of the answer belongs and the next opens anew.
    a      | 03-01 03-11 03-12       | 03-11/i2           | a 03-01 03-11 10 KEPT; a 03-12 - - BROKEN
    # Beside an expired episode the trigger decides.
    a      | 03-01 07-01             | 07-11/i1           | a 03-01 07-11 132 LATE; a 07-01 - - BROKEN
    # Without a trigger the running one is answered.
    a      | 03-01 07-01             | 07-11              | a 03-01 - - BROKEN; a 07-01 07-11 10 KEPT
    # With nothing running the latest expired is late, one an action.
    a      | 03-01 07-01             | 11-01 11-02 11-03  | a 03-01 11-02 246 LATE; a 07-01 11-01 123 LATE
    # An action dated before its trigger does not answer it.
    a      | 03-10                   | 03-09/i1           | a 03-10 - - BROKEN
    # An open episode passes on and the successor is bound by it.
    a>b    | a:03-20 b:04-05 b:04-12 | b:04-10            | a 03-20 04-10 21 KEPT; b 04-12 - - BROKEN
    # Notice passes on from the day of the succession and not before.
    a>b    | b:03-31 b:04-01         |                    | b 04-01 - - BROKEN
    # Where a succession made two running episodes the oldest is answered.
    a>b, b | b:03-10 a:03-20         | b:04-10 b:04-15/i2 | b 03-10 04-10 31 late kept kept; a 03-20 04-15 26 KEPT
""")
STATES = {word.upper(): " ".join([word] * 3) for word in ("kept", "late", "broken")}


@pytest.mark.parametrize("case", EPISODES, ids=lambda case: case["episodes"])
def test_episodes(tmp_path, case):
    frame = asked(tmp_path, "episodes", tell(case["shot"], case["acted"], **OF_GROUPS[case["groups"]]))
    expected = re.sub("[A-Z]+", lambda found: STATES[found[0]], case["episodes"])
    assert "; ".join(write_episode(row) for row in frame.itertuples()) == expected


def test_only_what_is_confirmed_and_by_the_group_is_a_violation(tmp_path):
    story = tell("03-01 03-02")
    story.shootings[0]["role"] = "victim"
    story.shootings[1]["status"] = "suspected"
    assert asked(tmp_path, "episodes", story).empty


@pytest.mark.parametrize(
    ("through", "states"),
    [
        ("03-30", ["open", "open", "open"]),
        ("03-31", ["broken", "open", "open"]),
        ("04-30", ["broken", "broken", "open"]),
    ],
)
def test_what_enforcement_has_not_reported_yet_is_open_and_not_broken(tmp_path, through, states):
    frame = asked(tmp_path, "episodes", tell("03-01"), enforcement=on(through))
    assert frame["known_through"].dt.date.tolist() == [on(through)]
    assert frame[["state_30", "state_60", "state_90"]].to_numpy().tolist() == [states]
    # One counts in the share once its days are known, and is broken from then on.
    promises = asked(tmp_path / "share", "promises", tell("03-01"), on(through), city="east")
    assert promises["elapsed"].tolist() == [int(state == "broken") for state in states]
    assert promises["broken"].tolist() == promises["elapsed"].tolist()
    assert promises["open"].tolist() == [int(state == "open") for state in states]


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
def test_nothing_is_known_of_episodes_where_no_source_says_who_had_notice_or_who_shot(tmp_path, without, is_known):
    empty: dict[str, list[dict[str, Any]]] = {name: [] for name in ("call_ins", "invitations", "memberships")}
    with open_story(tmp_path, tell(), without=without, **empty) as warehouse:
        for query in ("promises", "groups_that_stopped", "restraint"):
            assert warehouse.run(query, {"city": "east"}, STATE).frame.empty != is_known
            # The other city hands over nothing of the program.
            assert set(warehouse.run(query, None, STATE).frame["city"]) <= {"east"}


def test_of_a_violation_before_enforcement_begins_nothing_is_known(tmp_path):
    frame = asked(tmp_path, "episodes", tell(TWICE, "03-21 07-21"), begins={"enforcement_actions": on("04-01")})
    assert [write_episode(row) for row in frame.itertuples()] == [
        "a 03-01 - - unknown unknown unknown",
        "a 07-01 07-21 20 kept kept kept",
    ]


@pytest.mark.parametrize(("begins_on", "judged"), [("05-02", (1, 1, 0)), ("05-03", (0, 0, 1))])
def test_no_action_is_judged_where_who_shot_is_not_known_for_its_90_days(tmp_path, begins_on, judged):
    begins = {"incident_groups": on(begins_on)}
    with open_story(tmp_path, tell("", "08-01"), begins=begins) as warehouse:
        (row,) = warehouse.run("restraint", {"city": "east"}, STATE).frame.itertuples()
        (group,) = warehouse.run("two_sided_ledger", {"city": "east"}, STATE).frame.itertuples()
    assert (row.actions, row.broke_restraint, row.unjudged) == judged
    assert pd.isna(group.broke_restraint) == bool(row.unjudged)


@pytest.mark.parametrize(
    ("shot", "acted", "begins_on", "judged"),
    [
        pytest.param("03-01", "08-01", "03-02", (0, 1), id="answers a violation before"),
        pytest.param("07-01", "06-30/i1 06-29", "07-01", (0, 0), id="is before itself"),
    ],
)
def test_no_action_is_judged_that_answers_what_was_before_enforcement_begins(tmp_path, shot, acted, begins_on, judged):
    begins = {"enforcement_actions": on(begins_on)}
    (row,) = asked(tmp_path, "restraint", tell(shot, acted), begins=begins, city="east").itertuples()
    assert (row.actions, row.unjudged) == judged


@pytest.mark.parametrize(
    ("begins_on", "ends_on", "none"),
    [("02-01", "02-01", (0, 0)), ("02-02", "03-01", (pd.NA, pd.NA)), ("01-01", "01-31", (pd.NA, 0))],
)
def test_none_on_file_is_none_where_the_file_goes_back_to_the_notice(tmp_path, begins_on, ends_on, none):
    begins = dict.fromkeys(("enforcement_actions", "services"), on(begins_on))
    with open_story(tmp_path, tell(), on(ends_on), begins=begins, services=[]) as warehouse:
        (group,) = warehouse.run("two_sided_ledger", {}, STATE).frame.itertuples()
    assert (group.broke_restraint, group.members_offered) == none


def test_no_shooting_is_seen_before_who_shot_is_on_file(tmp_path):
    begins = {"incident_groups": on("03-02")}
    frame = asked(tmp_path, "episodes", tell(TWICE), begins=begins)
    assert list(frame["violated_on"].dt.date) == [on("07-01")]


@pytest.mark.parametrize(("begins_on", "is_known"), [("01-01", True), ("01-02", False)])
def test_that_a_group_stopped_is_known_where_who_shot_is_known_so_far_back(tmp_path, begins_on, is_known):
    begins = {"incident_groups": on(begins_on)}
    asked_of = {"city": "east", "as_of": "2021-01-01"}
    with open_story(tmp_path, tell(), begins=begins) as warehouse:
        assert warehouse.run("groups_that_stopped", asked_of, STATE).frame.empty != is_known
        (group,) = warehouse.run("two_sided_ledger", asked_of, STATE).frame.itertuples()
    assert pd.notna(group.stopped) == is_known


def test_where_who_shot_ends_actions_are_judged_and_groups_stopped_up_to_there(tmp_path):
    with open_story(tmp_path, tell("03-01", "08-01 08-02"), who_shot=on("08-01")) as warehouse:
        (row,) = warehouse.run("restraint", {"city": "east"}, STATE).frame.itertuples()
        (city,) = warehouse.run("groups_that_stopped", {"city": "east"}, STATE).frame.itertuples()
    assert (row.actions, row.unjudged) == (1, 1)
    # The last day is December 31, 2021; of the twelve months to it nothing is on file.
    assert (city.stopped, city.with_notice, city.who_shot_ends_on.date()) == (0, 1, on("08-01"))


@pytest.mark.parametrize("known", [{"without": ["enforcement_actions"]}, {"enforcement": on("02-29")}])
def test_what_is_not_known_to_be_open_is_not_listed_as_open(tmp_path, known):
    with open_story(tmp_path, tell("03-01"), **known) as warehouse:
        frame = warehouse.run("episodes", {"as_of": "2020-03-02"}, STATE).frame
    assert list(frame["state"]) == ["unknown"]
    assert frame[["members_acted_on", "days_unanswered"]].isna().all(axis=None)


def test_a_kept_promise_counts_in_the_share_only_with_the_days_behind_it(tmp_path):
    story = tell("03-01 06-01", "06-05")
    frame = asked(tmp_path, "promises", story, city="east", as_of="2020-06-10")
    counts = ["episodes", "kept", "late", "open", "broken", "elapsed", "elapsed_kept"]
    assert frame[counts].to_numpy().tolist() == [[2, 1, 0, 0, 1, 1, 0]] * 3


@pytest.mark.parametrize(("as_of", "state"), [("10-31", "broken"), ("11-01", "late")])
def test_after_day_90_an_action_turns_broken_into_late_as_of_its_day(tmp_path, as_of, state):
    frame = asked(tmp_path, "episodes", tell("03-01", "11-01"), as_of=f"2020-{as_of}")
    assert frame["state_90"].tolist() == [state]


def test_the_list_is_oldest_first_over_all_cities_and_says_which_are_open(tmp_path):
    noticed = "a:02-01 b:02-01 c:02-01"
    story = tell("c:03-01 a:06-20 b:06-10", groups="a b c", noticed=noticed)
    for group in story.groups[1:]:
        group["city"] = "west"
    assert Shown(asked(tmp_path / "list", "episodes", story, as_of="2020-07-01")) == rows("""
        city | group_id | violated_on | days_unanswered | state
        west | c        | 2020-03-01  | 122             | broken
        west | b        | 2020-06-10  | 21              | open
        east | a        | 2020-06-20  | 11              | open
    """)
    # Of those missed, whose 90 days ended within the year: c's on May 30.
    for at, (as_of, east, west) in enumerate(
        (
            ("2020-07-01", "1    | 11           | 0 ", "1    | 21           | 1"),
            ("2021-05-29", "0    |              | 1 ", "0    |              | 2"),
            ("2021-05-30", "0    |              | 1 ", "0    |              | 1"),
        )
    ):
        assert Shown(asked(tmp_path / str(at), "open_promises_by_city", story, as_of=as_of)) == rows(f"""
            city | open | longest_open | missed_in_a_year
            east | {east}
            west | {west}
        """)


def test_members_acted_on_leaves_out_what_was_dismissed_or_not_prosecuted(tmp_path):
    # Members passed on with their groups, so that the one group has five.
    groups = "a b>a:02-10 c>a:02-10 d>a:02-10 e>a:02-10"
    story = tell("03-01", "03-05 03-05 03-05 05-30 05-31", groups=groups)
    for action, person, disposition in zip(
        story.actions, "abcde", ("convicted", "dismissed", "nolle", None, "convicted"), strict=True
    ):
        own = {"group": None, "person": f"p-{person}", "scope": "individual"}
        action |= {**own, "disposition": disposition}
    story.groups[2]["listed"], story.groups[1]["listed"] = on("03-01"), on("03-02")
    assert Shown(asked(tmp_path, "episodes", story)) == rows("""
        group_id | members_known | members_acted_on | state_90
        a        | 4             | 2                | broken
    """)


def test_a_group_scope_action_answers_even_when_it_was_dismissed(tmp_path):
    story = tell("03-01", "03-05")
    story.actions[0] |= {"person": "p-a", "disposition": "dismissed"}
    assert Shown(asked(tmp_path, "episodes", story)) == rows("""
        state_30 | members_known | members_acted_on
        kept     | 1             | 0
    """)


def test_restraint_is_broken_after_90_quiet_days_only_and_only_with_notice(tmp_path):
    story = tell("01-20 03-01 07-03", "01-31 02-01 03-02 05-30 05-31 10-01/i3 10-02")
    story.shootings[2]["status"] = "suspected"
    assert Shown(asked(tmp_path / "list", "restraint_actions", story)) == rows("""
        action_id | last_shot_on | quiet_days | broke_restraint
        x7        | 2020-03-01   | 215        | yes
        x6        | 2020-03-01   | 214        |
        x5        | 2020-03-01   | 91         | yes
        x4        | 2020-03-01   | 90         | no
        x3        | 2020-03-01   | 1          | no
        x2        | 2020-01-20   | 12         | no
    """)
    story.actions.append({"action": "x8", "group": None, "day": on("05-31"), "trigger": None})
    assert Shown(asked(tmp_path / "city", "restraint", story)) == rows("""
        city | broke_restraint | actions | unjudged | group_unknown
        east | 2               | 5       | 1        | 1
    """)
    # It may have answered the case, from its day on.
    for since, unnamed in (("2020-05-31", 1), ("2020-06-01", 0)):
        cases = asked(tmp_path / since, "promises", story, city="east", since=since)
        assert set(cases["group_unknown"]) == {unnamed}


def test_groups_that_stopped_have_notice_and_twelve_quiet_months(tmp_path):
    # Both a and b are gone since; b shot in these months.
    story = tell("a:03-01 b:03-02 c:03-02", groups="a>:12-31 b>:12-31 c d", noticed="a:02-01 b:02-01 c:03-03")
    story.groups[3]["city"] = "west"
    assert Shown(asked(tmp_path, "groups_that_stopped", story, as_of="2021-03-01")) == rows("""
        city | stopped | with_notice | stopped_no_longer_active
        east | 1       | 3           | 1
        west | 0       | 0           | 0
    """)


def test_a_group_that_stopped_may_be_suspected_also_under_the_code_it_had_before(tmp_path):
    noticed = "a:02-01 b:02-01 old:02-01"
    story = tell("a:02-29 b:03-05", groups="a b old>new:06-30 new", noticed=noticed)
    story.shootings.append({"incident": "i3", "group": "old", "day": on("03-05")})
    for shooting, role in zip(story.shootings, ("suspect", "victim", "suspect"), strict=True):
        shooting |= {"role": role, "status": "suspected"}
    for notice in story.notices:
        notice["day"] = date(2019, 2, 1)
    assert Shown(asked(tmp_path, "groups_that_stopped", story, as_of="2021-03-01")) == rows("""
        city | stopped | with_notice | stopped_suspected
        east | 3       | 3           | 1
    """)


def test_days_are_censored_at_the_last_day_enforcement_is_known(tmp_path):
    story = tell("03-01 06-01", "03-13")
    assert Shown(asked(tmp_path, "time_to_enforcement", story, on("06-21"))) == rows("""
        city | days | answered | episodes
        east | 12   | yes      | 1
        east | 20   | no       | 1
    """)


def test_the_timeline_of_the_page(tmp_path):
    """The worked example of docs/follow-up.md; its day 0 is 2020-02-01."""

    def day(days):
        return f"{on('02-01') + timedelta(days=days):%m-%d}"

    story = tell(" ".join(map(day, (0, 10, 30, 70, 100))), " ".join(map(day, (50, 241))))
    states = {}
    with open_story(tmp_path, story) as warehouse:
        for days in (99, 100, 130, 160, 241):
            frame = warehouse.run("episodes", {"as_of": f"2020-{day(days)}"}, STATE).frame
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
    story = tell("a:03-01 z:03-01", groups="a>b:03-31 b")
    story.groups[1]["city"] = "west"
    with open_story(tmp_path, story) as warehouse:
        of_state = warehouse.run("episodes", {"city": "east"}, STATE).frame
        own = warehouse.run("episodes", None, Viewer(ViewerKind.CITY, "east")).frame
    assert list(of_state["group_id"]) == ["a"]
    pd.testing.assert_frame_equal(of_state, own)
