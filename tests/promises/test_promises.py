"""Notice and the ledger by hand; episodes, states and restraint by a walk of the calendar, and as planted."""

import random
from collections import Counter, defaultdict
from contextlib import closing
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from longevity import demo as generator
from longevity import settings as configuration
from longevity.app import publish
from longevity.auth.viewers import STATE
from longevity.release.store import Store
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import UNTIL, quiet
from tests.factories import ascii_table
from tests.factories.ascii_table import Shown
from tests.factories.promise_story import ORIGIN, Row, Story, open_story, tell
from tests.factories.reach_release import rows
from tests.oracles import demonstration_counts

GROUPS = "a b c>:05-31"
SESSIONS = """
    call_in_id | held_on
    s1         | 2020-02-01
    s2         | 2020-03-01
    s3         |
"""


def test_notice_is_from_the_first_session_a_member_attended(tmp_path):
    invitations = """
        call_in_id | person_id | attended
        s1         | p-a       | unknown
        s2         | p-a       | attended
        s1         | p-b       | absent
        s2         | p-b       | unknown
        s3         | p-c       | attended
    """
    story = tell(groups=GROUPS, noticed="a:04-01 b:05-01")
    with open_story(tmp_path, story, **rows(call_ins=SESSIONS, invitations=invitations)) as warehouse:
        assert Shown(warehouse.run("two_sided_ledger", None, STATE).frame) == ascii_table.rows("""
            city | group_id | notice_on  | how
            east | a        | 2020-03-01 | call_in
            east | b        | 2020-05-01 | custom_notification
        """)


@pytest.mark.parametrize(
    "told",
    [
        {"call_ins": SESSIONS, "invitations": "call_in_id | person_id | attended\n s2 | p-a | attended"},
        # Of no group that is named: it is for those the person is in that day.
        {"custom_notifications": "person_id | group_id | attempted_on | contact\n p-a | | 2020-03-01 | direct"},
    ],
    ids=" and ".join,
)
def test_a_person_in_two_groups_gives_notice_to_both(tmp_path, told):
    # The first and the last day of a membership count; c was left the day before.
    memberships = """
        person_id | group_id | from_on    | until_on
        p-a       | a        | 2020-01-01 | 2020-03-01
        p-a       | b        | 2020-03-01 |
        p-a       | c        | 2020-01-01 | 2020-02-29
    """
    more = rows(memberships=memberships, **told)
    with open_story(tmp_path, tell(groups=GROUPS, noticed=""), **more) as warehouse:
        frame = warehouse.run("two_sided_ledger", None, STATE).frame
    assert list(frame["group_id"]) == ["a", "b"]


@pytest.mark.parametrize(
    ("began", "first", "newest", "bound"),
    # From b's first day; from the audit that says so, as b was there before; never, as a is itself again.
    [("2020-02-25", "", "b", ["b"]), ("2015-01-01", "", "b", []), ("2020-02-25", "b", "", [])],
)
def test_a_group_is_bound_by_what_its_successor_heard_once_it_is_that_group(tmp_path, began, first, newest, bound):
    audits = f"""
        group_id | audited_on | active_from | active_until | succeeded_by
        a        | 2019-01-01 | 2016-01-01  |              | {first}
        a        | 2021-01-01 | 2016-01-01  |              | {newest}
        b        | 2018-01-01 | {began}     | 2018-06-01   |
        b        | 2019-01-01 | {began}     |              |
    """
    with open_story(tmp_path, tell("03-01", groups="a b", noticed="b:02-01"), **rows(groups=audits)) as warehouse:
        assert [*warehouse.run("episodes", None, STATE).frame["group_id"]] == bound
        (ledger,) = warehouse.run("two_sided_ledger", None, STATE).frame.itertuples()
    assert pd.isna(ledger.active_until)  # by the newest audit


NOTICED = "a:02-01 b:02-01 c:02-01"
SHOT = "01-20 03-01 07-01 b:03-01 c:02-01"


def test_the_ledger_has_a_line_a_group_with_both_sides_of_the_bargain(tmp_path):
    offers = """
        person_id | offered_on
        p-a       | 2020-01-31
        p-a       | 2020-02-01
        p-a       | 2020-06-01
        p-c       | 2020-06-01
        p-b       | 2020-01-31
        p-b       | 2020-09-01
    """
    story = tell(SHOT, "03-11 b:08-01 c:05-01", GROUPS, NOTICED)
    with open_story(tmp_path, story, **rows(services=offers)) as warehouse:
        frame = warehouse.run("two_sided_ledger", {"as_of": "2020-08-10", "months": 3}, STATE).frame
    assert Shown(frame) == ascii_table.rows("""
        group_id | last_shot_on | stopped | episodes | response | days | active_until | broke_restraint
        a        | 2020-07-01   | no      | 2        | open     | 40   |              | 0
        b        | 2020-03-01   | yes     | 1        | late     | 153  |              | 0
        c        | 2020-02-01   | yes     | 0        | none     |      | 2020-05-31   | 0
    """)
    assert frame[["members_known", "members_offered"]].to_numpy().tolist() == [[1, 1], [1, 0], [1, 1]]


# Episodes, states and restraint against an oracle that walks the calendar, and as planted. The walk shares no
# code with the queries.
def walk_calendar(story, as_of, enforcement, window=90):
    """Walk the calendar to the episodes, restraint and notice as of a day."""
    calendar = _Calendar(story, window)
    day = ORIGIN
    while day <= as_of:
        calendar.pass_on(day)
        calendar.shoot(day)
        if day <= enforcement:
            calendar.act(day)
        day += timedelta(days=1)
    for episode in calendar.every:
        for asked in WINDOWS:
            episode[f"state_{asked}"] = _state(episode, asked, min(as_of, enforcement))
    return {"episodes": calendar.every, "restraint": calendar.restraint, "notice": calendar.notice}


class _Calendar:
    """What each group has today, a successor in the place of its predecessors."""

    def __init__(self, story, window):
        self.story, self.window = story, window
        self.now = {row["group"]: row["group"] for row in story.groups}
        self.notice: dict[str, date] = {}
        self.mine: dict[str, list[Row]] = defaultdict(list)
        self.shot: dict[str, list[date]] = defaultdict(list)
        self.every: list[Row] = []
        self.restraint: dict[str, Any] = {"actions": 0, "broke": []}

    def pass_on(self, day):
        for row in self.story.groups:
            if not row.get("after") or row["until"] + timedelta(days=1) != day:
                continue
            old, new = self.now[row["group"]], self.now[row["after"]]
            self.now = {code: new if held == old else held for code, held in self.now.items()}
            self.mine[new] = sorted(
                self.mine[new] + self.mine.pop(old, []), key=lambda e: (e["violated_on"], e["group_id"])
            )
            self.shot[new] += self.shot.pop(old, [])
            if old in self.notice:
                self.notice[new] = min(self.notice.pop(old), self.notice.get(new, date.max))
        for row in self.story.notices:
            if row["day"] == day:
                self.notice.setdefault(self.now[row["group"]], day)

    def shoot(self, day):
        for row in self.story.shootings:
            group = self.now[row["group"]]
            if row["day"] != day:
                continue
            self.shot[group].append(day)
            if self.notice.get(group, date.max) >= day:
                continue
            running = [
                e for e in self.mine[group] if (day - e["violated_on"]).days <= self.window and not e["first_action_on"]
            ]
            for episode in running:
                episode["incidents"].add(row["incident"])
            if not running:
                opened_today = {
                    "group_id": group,
                    "notice_on": self.notice[group],
                    "violated_on": day,
                    "first_action_on": None,
                    "incidents": {row["incident"]},
                }
                self.mine[group].append(opened_today)
                self.every.append(opened_today)

    def act(self, day):
        today = [row for row in self.story.actions if row["day"] == day]
        for row in sorted(today, key=lambda r: (r["trigger"] is None, r["action"])):
            group = self.now[row["group"]]
            if self.notice.get(group, date.max) > day:
                continue
            self.restraint["actions"] += 1
            found = _answers(row, self.mine[group], day, self.window)
            if found:
                found["first_action_on"] = found["first_action_on"] or day
            elif all((day - shot).days > self.window for shot in self.shot[group]):
                self.restraint["broke"].append(row["action"])


def _answers(row, episodes, day, window):
    holding = [e for e in episodes if row["trigger"] in e["incidents"]]
    for episode in holding:
        if not episode["first_action_on"]:
            return episode
    if holding:
        return holding[0]
    waiting = [e for e in episodes if not e["first_action_on"]]
    for episode in waiting:
        if (day - episode["violated_on"]).days <= window:
            return episode
    return waiting[-1] if waiting else None


def _state(episode, asked, known):
    last = episode["violated_on"] + timedelta(days=asked)
    if episode["first_action_on"]:
        return "kept" if episode["first_action_on"] <= last else "late"
    if known < episode["violated_on"]:
        return "unknown"
    return "open" if known < last else "broken"


CODES = "abcdefgh"


def drawn(seed):
    """Groups that feud, are answered and not, and become one another."""
    dice = random.Random(seed)

    def some_day(most=560):
        return ORIGIN + timedelta(days=dice.randint(1, most))

    groups = []
    for at, code in enumerate(CODES):
        row = {"group": code, "city": "east" if at < 6 else "west", "until": None, "after": None}
        # A group may become any later one of its city: chains, and two that become one.
        later = [c for c in CODES[:6] if c > code]
        if at < 6 and later and dice.random() < 0.6:
            row |= {"until": some_day(), "after": dice.choice(later)}
        groups.append(row)
    notices = [{"group": code, "day": some_day(250)} for code in CODES for _ in range(dice.choice([0, 1, 1, 2]))]
    shootings = []
    for n in range(dice.randint(30, 70)):
        day = some_day()
        near = [row["day"] for row in shootings + notices]
        if near and dice.random() < 0.4:  # on one day, on day 90, on the day after it
            day = dice.choice(near) + timedelta(days=dice.choice([0, 0, 1, 90, 91]))
        for code in dice.sample(CODES[:6], dice.choice([1, 1, 1, 2])):
            shootings.append({"incident": f"i{n}", "group": code, "day": day})
    actions = []
    for n in range(dice.randint(20, 50)):
        shot = dice.choice(shootings)
        after = dice.choice([-1, 0, 0, 5, 30, 60, 90, 91, dice.randint(0, 200)])
        actions.append(
            {
                "action": f"x{n:02d}",
                "group": shot["group"] if dice.random() < 0.9 else dice.choice(CODES),
                "day": max(shot["day"] + timedelta(days=after), ORIGIN),
                "trigger": shot["incident"] if dice.random() < 0.5 else None,
            }
        )
    return Story(groups, notices, shootings, actions)


def day_of(value):
    return None if pd.isna(value) else value.date()  # type: ignore[call-overload, attr-defined]  # a day or missing


COLUMNS = ("group_id", "notice_on", "violated_on", "first_action_on")
WINDOWS = (30, 60, 90)
STATES = tuple(f"state_{days}" for days in WINDOWS)


@pytest.mark.parametrize("seed", [pytest.param(n, marks=() if n < 3 else pytest.mark.audit) for n in range(40)])
def test_as_an_oracle_that_walks_the_calendar(tmp_path, seed):
    story = drawn(seed)
    enforcement = ORIGIN + timedelta(days=500)
    seen = 0
    with open_story(tmp_path, story, enforcement) as warehouse:
        for days in (200, 377, 499, 530, 700):
            as_of = ORIGIN + timedelta(days=days)
            expected = walk_calendar(story, as_of, enforcement)
            frame = warehouse.run("episodes", {"as_of": as_of}, STATE).frame
            got = sorted(
                (row.group_id, *map(day_of, row[2:5]), *(getattr(row, s) for s in STATES))
                for row in frame[["city", *COLUMNS, *STATES]].itertuples(index=False)
            )
            wanted = [tuple(e[c] for c in (*COLUMNS, *STATES)) for e in expected["episodes"]]
            assert got == sorted(wanted), as_of
            restraint = warehouse.run("restraint", {"as_of": as_of}, STATE).frame
            counted = expected["restraint"]
            assert int(restraint["actions"].sum()) == counted["actions"]
            actions = warehouse.run("restraint_actions", {"as_of": as_of}, STATE).frame
            broke = actions[actions["broke_restraint"].fillna(False)]
            assert sorted(broke["action_id"]) == sorted(counted["broke"])
            assert int(restraint["broke_restraint"].sum()) == len(counted["broke"])
            notices = warehouse.run("two_sided_ledger", {"as_of": as_of}, STATE).frame
            known = dict(zip(notices["group_id"], notices["notice_on"].dt.date, strict=True))
            assert known == expected["notice"]
            seen += len(wanted)
    assert seen


def assert_planted(warehouse, folder):
    planted = demonstration_counts.truths(folder)
    episodes = warehouse.run("episodes", None, STATE).frame
    got = sorted(
        (
            *(r.city, r.group_id),
            *map(_iso, (r.notice_on, r.violated_on, r.first_action_on)),
            *(r.state_30, r.state_60, r.state_90),
        )
        for r in episodes.itertuples()
    )
    wanted = [
        (city, *(episode[column] for column in COLUMNS), *_states(episode, planted["enforcement_through"]))
        for city, truths in planted["cities"].items()
        for episode in truths["episodes"]
    ]
    assert got == sorted(wanted)
    promises = warehouse.run("promises", None, STATE).frame
    for row in promises.itertuples():
        own = [episode for episode in wanted if episode[0] == row.city]
        states = Counter(episode[1 + len(COLUMNS) + WINDOWS.index(row.window_days)] for episode in own)
        counted = {name: getattr(row, name) for name in ("kept", "late", "open", "broken", "unknown")}
        assert counted == {name: states[name] for name in counted}
        assert row.episodes == len(own)
        assert row.elapsed_kept + row.late + row.not_over + row.broken + row.unknown == row.episodes
    restraint = warehouse.run("restraint", None, STATE).frame.set_index("city")
    actions = warehouse.run("restraint_actions", None, STATE).frame
    broke = actions[actions["broke_restraint"].fillna(False)]
    unplanned = {*actions.loc[actions["broke_restraint"].isna() | (actions["quiet_days"] <= 90), "action_id"]}
    notices = warehouse.run("two_sided_ledger", None, STATE).frame
    known = {group: _iso(day) for group, day in zip(notices["group_id"], notices["notice_on"], strict=True)}
    for city, counted in planted["cities"].items():
        said = counted["restraint"]
        of_city = sorted(broke.loc[broke["city"] == city, "action_id"])
        if city in restraint.index:
            assert restraint.loc[city, ["actions", "unjudged"]].sum() == said["actions_on_groups_with_notice"]
            assert restraint.loc[city, "broke_restraint"] == len(of_city)
        else:
            assert not counted["groups"]
        # The plan does not look at shootings before notice, nor at suspected ones.
        assert of_city == sorted({*said["broke_restraint_ids"]} - unplanned)
        for group in counted["groups"]:
            if group["succeeded_by"] is None:
                assert known.get(group["group_id"]) == group["notice_on"]


def _states(planted, through):
    """The states of a planted episode, whose days are text."""
    days = {column: planted[column] and date.fromisoformat(planted[column]) for column in COLUMNS[2:]}
    return tuple(_state(days, asked, date.fromisoformat(through)) for asked in WINDOWS)


def _iso(value):
    day = day_of(value)
    return day.isoformat() if day else None


def test_the_planted_promises_and_restraint_come_back(warehouse, demonstration):
    assert_planted(warehouse, demonstration)


DRAWN = [
    (2, date(2016, 2, 29)),
    (0, date(2015, 12, 1)),  # a case open over the turn of a year
    (149060, date(2022, 5, 8)),  # a group passed on before its successor had notice
    *((100 + at, UNTIL - timedelta(days=97 * at)) for at in range(20)),
]


@pytest.mark.audit
@pytest.mark.parametrize(("seed", "until"), DRAWN)
def test_the_planted_come_back_on_another_seed_and_day(tmp_path, seed, until):
    loaded = configuration.load_settings(home=tmp_path / "home", environment={})
    out = tmp_path / "extracts"
    generator.write_demonstration(out, loaded, until, 1, seed, quiet)
    publish.publish_release(out, loaded, until + timedelta(days=1), None, quiet)
    with closing(Warehouse(Store(loaded.home).current(), loaded)) as warehouse:
        assert_planted(warehouse, out)
    demonstration_counts.assert_homicides(out, demonstration_counts.truths(out))
