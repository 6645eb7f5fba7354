"""Check: what the rows of a folder say together, on small files; publish --accept passes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from longevity.ingest.validation.coverage import Silence, find_holes, find_longest_silence

from longevity.app.publish import publish_release as publish
from longevity.checks.findings import Finding
from longevity.ingest.contract import BY_NAME
from longevity.release.crosscheck import check_against_served
from longevity.release.stage import RefusedError
from longevity.release.store import Store
from longevity.settings import Settings
from longevity.text import sources
from tests.conftest import TODAY
from tests.drivers.checking import Check, Rows
from tests.factories import extracts

EAST = "new_haven"
RULES = (
    *("no_nonfatal", "no_weapon", "ends_early", "gap_before_newest", "hole", "there_twice"),
    *("no_victims", "never_filled", "begins_late", "many_refused", "shifted_hours"),
    *("gap_after_oldest", "unfilled_stretch", "only_yes", "nobody_invited", "grown_year"),
)
START = date(2025, 1, 6)
WEEKS = [START + timedelta(weeks=n) for n in range(98)]  # to November 16, 2026


def shot(days: list[date], nonfatal: int = 1, fatal: int = 0) -> tuple[Rows, Rows]:
    return extracts.incidents_and_victims({EAST: [(day, nonfatal, fatal) for day in days]})


class Found(Check):
    """The findings of this kind in incidents, victims and `program`, more extracts."""

    def find(
        self, rows: tuple[Rows, Rows], program: Mapping[str, Rows] | None = None, **said: Any
    ) -> list[Finding]:
        given = {"incidents": rows[0], "victims": rows[1], **(program or {})}
        findings = self(given, RULES, **said)
        assert all(one.severity == "error" and one.acceptable for one in findings)
        assert all("--accept" in one.do for one in findings)
        return findings


@pytest.fixture
def check(tmp_path: Path, settings: Settings) -> Found:
    return Found(tmp_path, settings)


def stated(day: date) -> dict[str, dict[str, date]]:
    return {"incidents": {EAST: day}, "victims": {EAST: day}}


def test_a_sound_file_has_none(check: Found) -> None:
    assert check.find(shot(WEEKS), data_through=stated(WEEKS[-1])) == []


# --- victims ------------------------------------------------------------------------


@pytest.mark.parametrize(("incidents", "findings"), [(5, 1), (4, 0)])
def test_a_city_without_any_victim(check: Found, incidents: int, findings: int) -> None:
    rows, victims = extracts.incidents_and_victims(
        {EAST: [(day, 1, 0) for day in WEEKS[:incidents]], "hartford": [(WEEKS[0], 1, 0)]}
    )
    hartford = [one for one in victims if one["city"] == "hartford"]
    told = check.find((rows, hartford))
    assert [(one.rule, one.count) for one in told] == [("no_victims", 5)] * findings


def test_more_incidents_in_which_nobody_was_hurt_are_no_gap(check: Found) -> None:
    """Shots that hit nobody are listed from 2026 on."""
    incidents, victims = shot(WEEKS)
    missed = [
        one | {"incident_id": f"{one['incident_id']}-{how}", "clearance": how}
        for one in incidents[52:]
        for how in ("open", "exceptional", "unknown")
    ]
    assert check.find(([*incidents, *missed], victims)) == []


def test_nobody_wounded_beside_the_killed(check: Found) -> None:
    (one,) = check.find(shot(WEEKS[:3], 0, 1))
    assert (one.rule, one.count) == ("no_nonfatal", 3)
    assert "in New Haven 3 people were killed by a firearm and nobody was wounded by one, in" in (
        one.sentence
    )
    assert 'holds = ["fatal"]' in one.do
    assert "[holds.outcomes]" in one.do


def test_who_says_that_only_the_killed_are_held_has_no_finding(check: Found) -> None:
    holds = {"outcomes": {EAST: ("fatal",)}, "weapons": {}}
    assert check.find(shot(WEEKS[:3], 0, 1), holds=holds) == []


def test_a_year_without_wounded_among_years_with(check: Found) -> None:
    in_2025, in_2026 = WEEKS[:5], WEEKS[60:65]
    incidents, victims = extracts.incidents_and_victims(
        {EAST: [*((day, 0, 1) for day in in_2025), *((day, 1, 1) for day in in_2026)]}
    )
    (one,) = check.find((incidents, victims))
    assert (one.rule, one.count) == ("no_nonfatal", 5)
    assert one.sentence.endswith("in 2025.")


@pytest.mark.parametrize(("known", "severities"), [(0, ["error"]), (1, ["error"]), (2, [])])
def test_weapons_that_are_unknown(check: Found, known: int, severities: list[str]) -> None:
    """Of ten of 2025, and of none of 2026: all, nine or eight unknown."""
    incidents, victims = shot([*WEEKS[:10], *WEEKS[60:]])
    for victim in victims[known:10]:
        victim["weapon"] = "unknown"
    told = check({"incidents": incidents, "victims": victims}, ["no_weapon"])
    assert [one.severity for one in told] == severities
    if told:
        assert (
            f"the weapon of {10 - known} of 10 victims of New Haven in 2025 is unknown"
            in told[0].sentence
        )


def test_no_weapon_of_any_victim(check: Found) -> None:
    incidents, victims = shot(WEEKS[:10])
    for victim in victims:
        victim["weapon"] = "unknown"
    (one,) = check.find((incidents, victims))
    assert one.rule == "no_weapon"
    assert "the weapon of 10 of 10 victims of New Haven is unknown" in one.sentence


@pytest.mark.parametrize(("placed", "findings"), [(0, 1), (41, 1), (45, 0)])
def test_a_year_of_which_few_have_a_place_is_warned_of(
    check: Found, placed: int, findings: int
) -> None:
    incidents, victims = shot(WEEKS)
    bare = {"neighbourhood": None, "longitude": None, "latitude": None}
    for at, one in enumerate(incidents):  # 52 of 2025, then those of 2026
        one.update(bare | ({"neighbourhood": "Hill"} if at < placed or at >= 52 else {}))
    told = check({"incidents": incidents, "victims": victims}, ["few_placed"])
    assert [one.severity for one in told] == ["warning"] * findings
    if told:
        assert f"other than the city in 2025 ({placed} of 52): of a year" in told[0].sentence


# --- the program's work ---------------------------------------------------------------


def asked(many: int, answered: int) -> dict[str, Rows]:
    """So many requests of the community, of which so many were answered."""
    rows = [
        extracts.row("community_requests", n, EAST)
        | {"answered_on": WEEKS[-1] if n < answered else None}
        for n in range(many)
    ]
    return {"community_requests": rows}


@pytest.mark.parametrize(("many", "answered", "findings"), [(20, 0, 1), (20, 1, 0), (19, 0, 0)])
def test_a_day_that_no_row_gives(check: Found, many: int, answered: int, findings: int) -> None:
    told = check.find(shot(WEEKS), asked(many, answered))
    assert [one.rule for one in told] == ["never_filled"] * findings
    if told:
        assert told[0].sentence.endswith(
            "no row of New Haven gives answered_on, so that screens would tell all 20 as not "
            "answered."
        )
        assert "leave community_requests out" in told[0].do


@pytest.mark.parametrize(
    ("extract", "silent", "yes"),
    [
        ("incident_groups", {"role": "victim"}, {"role": "suspect"}),
        ("enforcement_actions", {"group_id": None}, {"group_id": "g1"}),
        (
            "enforcement_actions",
            {"group_id": None, "scope": "individual"},
            {"group_id": "g1", "scope": "group"},
        ),
        ("incident_groups", {"status": "suspected", "role": "suspect"}, {"status": "confirmed"}),
        ("call_ins", {"held_on": None}, {"held_on": WEEKS[0]}),
        ("services", {"intake_on": None}, {"intake_on": WEEKS[-1]}),
        (
            "releases_from_custody",
            {"released_on": WEEKS[0], "greeted_on": None},
            {"greeted_by": "office"},
        ),
        ("releases_from_custody", {"released_on": None}, {}),
        ("invitations", {"attended": "absent"}, {"attended": "attended"}),
        ("invitations", {"attended": "unknown"}, {}),
        (
            "invitations",
            {"reachable": False, "attended": "unknown"},
            {"reachable": True},
        ),
        ("custom_notifications", {"contact": "none"}, {"contact": "direct"}),
        ("supervision_contacts", {"result": "attempted"}, {"result": "made"}),
    ],
)
def test_what_is_told_as_a_no_where_no_row_says_yes(
    check: Found, extract: str, silent: dict[str, Any], yes: dict[str, Any]
) -> None:
    rows = [program_row(extract, n) | silent for n in range(20)]
    program = held_for(extract, WEEKS[:1]) | {extract: rows}
    told = check.find(shot(WEEKS), program)
    assert [one.rule for one in told] == (["never_filled"] if yes else [])
    rows[0] |= yes
    assert check.find(shot(WEEKS), program) == []


# Each with what says no, and yes, in the row of a week.
NO_AND_YES = {
    "incident_groups": ({"role": "victim"}, {"role": "suspect"}),
    "enforcement_actions": (
        {"scope": "individual", "group_id": None},
        {"scope": "group", "group_id": "g1"},
    ),
    "services": ({"intake_on": None}, {"intake_on": WEEKS[-1]}),
    "community_requests": ({"answered_on": None}, {"answered_on": WEEKS[-1]}),
    "invitations": ({"attended": "absent"}, {"attended": "attended"}),
    "custom_notifications": ({"contact": "none"}, {"contact": "direct"}),
    "supervision_contacts": ({"result": "attempted"}, {"result": "made"}),
    "releases_from_custody": ({"greeted_on": None}, {"greeted_on": WEEKS[-1]}),
}


def program_row(extract: str, number: int) -> dict[str, Any]:
    """A row of the incident, or of the call-in, of this number of `shot` and `held_for`."""
    row = extracts.row(extract, number, EAST)
    if extract == "incident_groups":
        row["incident_id"] = f"{EAST}-{number + 1:05d}"
    return row


def held_for(extract: str, days: list[date]) -> dict[str, Rows]:
    """The call-ins that invitations are for, one a day; none where it is of others."""
    if extract != "invitations":
        return {}
    held = [extracts.row("call_ins", n, EAST) | {"held_on": day} for n, day in enumerate(days)]
    return {"call_ins": held}


def weekly(extract: str, yes: list[bool]) -> dict[str, Rows]:
    """A row of this extract a week: whether it says yes."""
    event = BY_NAME[extract].event
    at = {} if event in (None, "attributed_on") else {event: WEEKS[0]}
    rows = [
        program_row(extract, n) | dict.fromkeys(at, WEEKS[n]) | NO_AND_YES[extract][said]
        for n, said in enumerate(yes)
    ]
    return held_for(extract, WEEKS) | {extract: rows}


@pytest.mark.parametrize("extract", NO_AND_YES)
def test_what_no_row_says_any_more(check: Found, extract: str) -> None:
    incidents, victims = shot(WEEKS)
    rows = [one | {"gmi": "confirmed", "reviewed_on": TODAY} for one in incidents], victims
    # Every other week, and none of the last 26, or of the last 25: that is less than half a year.
    for silent, findings in ((27, 1), (25, 0)):
        yes = [n % 2 == 0 and n < len(WEEKS) - silent for n in range(len(WEEKS))]
        told = check.find(rows, weekly(extract, yes))
        assert [one.rule for one in told] == ["unfilled_stretch"] * findings
    (one,) = check.find(rows, weekly(extract, yes[:71] + [False] * 27))
    assert one.count in (27, 28)
    through = {extract: {EAST: WEEKS[70]}}
    kept = check.find(rows, weekly(extract, yes[:71] + [False] * 27), data_through=through)
    assert kept == []


@pytest.mark.parametrize(
    ("silent", "findings"), [(range(20, 75), 1), (range(20, 50), 0), (range(68, 98), 1)]
)
def test_a_stretch_within_the_file_is_held_to_more(
    check: Found, silent: range, findings: int
) -> None:
    yes = [n % 3 == 1 and n not in silent for n in range(len(WEEKS))]
    told = check.find(shot(WEEKS), weekly("community_requests", yes))
    assert [one.rule for one in told] == ["unfilled_stretch"] * findings
    if silent.stop == 75:
        assert "from May 26, 2025 to June 15, 2026 gives answered_on" in told[0].sentence


def test_shootings_before_the_first_reviewed_week_are_no_stretch(check: Found) -> None:
    incidents, victims = shot(WEEKS)
    rows = (
        [one | {"reviewed_on": TODAY if n >= 50 else None} for n, one in enumerate(incidents)],
        victims,
    )
    for week, findings in ((WEEKS[50], 0), (WEEKS[0], 1)):
        held = [extracts.row("shooting_reviews", 1, EAST) | {"week_ending": week, "held_on": week}]
        told = check.find(rows, {"shooting_reviews": held})
        assert [one.rule for one in told] == ["unfilled_stretch"] * findings


@pytest.mark.parametrize(("last", "findings"), [(40, 1), (90, 0)])
def test_memberships_none_of_which_ends_any_more(check: Found, last: int, findings: int) -> None:
    rows = [
        extracts.row("memberships", n, EAST)
        | {"from_on": WEEKS[n], "until_on": WEEKS[n] if n < last else None}
        for n in range(len(WEEKS))
    ]
    told = check.find(shot(WEEKS), {"memberships": rows})
    assert [(one.rule, one.column) for one in told] == [("unfilled_stretch", "until_on")] * findings


@pytest.mark.parametrize(("lasting", "findings"), [(0, 1), (1, 0)])
@pytest.mark.parametrize(
    ("extract", "begun", "ended"),
    [
        ("memberships", "from_on", "until_on"),
        ("people", "listed_on", "delisted_on"),
        ("supervision_spells", "from_on", "until_on"),
    ],
)
def test_all_of_them_ended_by_the_newest_incident(
    check: Found, extract: str, begun: str, ended: str, lasting: int, findings: int
) -> None:
    rows = [
        extracts.row(extract, n, EAST) | {begun: WEEKS[n], ended: WEEKS[-1 if n < lasting else 90]}
        for n in range(20)
    ]
    told = check.find(shot(WEEKS), {extract: rows})
    assert [(one.rule, one.column) for one in told] == [("never_filled", ended)] * findings


# --- successes only -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("extract", "severity"),
    [
        ("services", "error"),
        ("invitations", "error"),
        ("custom_notifications", "error"),
        ("community_requests", "warning"),
        ("releases_from_custody", "warning"),
    ],
)
def test_a_list_of_successes_only(check: Found, extract: str, severity: str) -> None:
    incidents, victims = shot(WEEKS)
    for failures, findings in ((0, 1), (1, 0)):
        program = weekly(extract, [n >= failures for n in range(len(WEEKS))])
        told = check({"incidents": incidents, "victims": victims, **program}, ["only_yes"])
        assert [one.severity for one in told] == [severity] * findings


def test_a_list_that_came_to_hold_successes_only(check: Found) -> None:
    """Not of requests: those asked long ago may all have been answered."""
    yes = [n % 2 == 0 or n > 60 for n in range(len(WEEKS))]
    (one,) = check.find(shot(WEEKS), weekly("invitations", yes))
    assert (one.rule, one.count) == ("only_yes", 38)
    assert check.find(shot(WEEKS), weekly("community_requests", yes)) == []


def test_who_may_have_come_is_no_success(check: Found) -> None:
    program = weekly("invitations", [True] * len(WEEKS))
    program["invitations"][50] |= {"attended": "unknown"}
    assert check.find(shot(WEEKS), program) == []


@pytest.mark.parametrize(("silent", "findings"), [(2, 1), (1, 0)])
def test_call_ins_to_which_nobody_was_invited(check: Found, silent: int, findings: int) -> None:
    program = weekly("invitations", [n % 2 == 0 for n in range(30)])
    program["call_ins"] = program["call_ins"][: 30 + silent]
    told = check.find(shot(WEEKS), program)
    assert [(one.rule, one.count) for one in told] == [("nobody_invited", 2)] * findings
    through = {"invitations": {EAST: WEEKS[29]}}
    assert check.find(shot(WEEKS), program, data_through=through) == []
    program["call_ins"] = [
        one | {"held_on": None, "scheduled_for": one["held_on"]} if n >= 30 else one
        for n, one in enumerate(program["call_ins"])
    ]
    assert check.find(shot(WEEKS), program) == []


@pytest.mark.parametrize(
    ("extract", "begun", "ended"),
    [
        ("memberships", "from_on", "until_on"),
        ("people", "listed_on", "delisted_on"),
        ("supervision_spells", "from_on", "until_on"),
    ],
)
@pytest.mark.parametrize(("old", "findings"), [(20, 1), (19, 0)])
def test_what_never_ended_in_five_years(
    check: Found, extract: str, begun: str, ended: str, old: int, findings: int
) -> None:
    rows = [
        extracts.row(extract, n, EAST)
        | {begun: date(2021, 11, 2) if n < old else date(2026, 11, 2), ended: None}
        for n in range(25)
    ]
    told = check.find(shot(WEEKS), {extract: rows})
    assert [(one.rule, one.count) for one in told] == [("never_filled", old)] * findings
    rows[0][ended] = date(2022, 1, 3)
    assert check.find(shot(WEEKS), {extract: rows}) == []


@pytest.mark.parametrize(("reviewed", "severity"), [(0, "warning"), (1, "error")])
def test_no_group_said_of_what_nobody_reviewed(check: Found, reviewed: int, severity: str) -> None:
    incidents, victims = shot(WEEKS)
    for at, one in enumerate(incidents):
        day = one["occurred_at"].date()
        one |= {"gmi": "none", "reviewed_on": day if at < reviewed else None}
    told = check({"incidents": incidents, "victims": victims}, ["unreviewed_none"])
    assert [(one.severity, one.acceptable, one.count) for one in told] == [
        (severity, bool(reviewed), len(WEEKS) - reviewed)
    ]


@pytest.mark.parametrize(("came", "findings"), [(0, 1), (1, 0)])
def test_a_call_in_to_which_nobody_came(check: Found, came: int, findings: int) -> None:
    sessions = [extracts.row("call_ins", n, EAST) | {"held_on": WEEKS[n]} for n in range(2)]
    rows = [
        extracts.row("invitations", n, EAST)
        | {
            "call_in_id": sessions[n % 2]["call_in_id"],
            "attended": "attended" if n % 2 or n < 2 * came else "absent",
        }
        for n in range(20)
    ]
    incidents, victims = shot(WEEKS)
    given = {"incidents": incidents, "victims": victims, "invitations": rows}
    told = check(given | {"call_ins": sessions}, ["nobody_came"])
    assert [(one.severity, one.count) for one in told] == [("warning", 10)] * findings
    later = [sessions[0] | {"held_on": None}, sessions[1]]
    assert not check(given | {"call_ins": later}, ["nobody_came"])  # it was not held


def test_incidents_without_a_review_matter_only_to_a_city_that_tells_of_its_reviews(
    check: Found,
) -> None:
    incidents, victims = shot(WEEKS)
    rows = [one | {"reviewed_on": None} for one in incidents], victims
    assert check.find(rows) == []
    held = {"shooting_reviews": [extracts.row("shooting_reviews", 1, EAST)]}
    (one,) = check.find(rows, held)
    assert (one.rule, one.count) == ("never_filled", len(WEEKS))


@pytest.mark.parametrize(
    ("extract", "event"),
    [
        ("enforcement_actions", "acted_on"),
        ("custom_notifications", "attempted_on"),
        ("shooting_reviews", "held_on"),
        ("services", "offered_on"),
        ("supervision_contacts", "contacted_on"),
        ("call_ins", "held_on"),
        ("releases_from_custody", "released_on"),
        ("community_requests", "asked_on"),
        ("community_events", "held_on"),
    ],
)
def test_work_that_ends_long_before_the_day_stated_would_be_told_as_not_done(
    check: Found, extract: str, event: str
) -> None:
    rows = [
        extracts.row(extract, n, EAST)
        | {event: day, "group_id": "g1"}
        | dict.fromkeys(("intake_on", "greeted_on", "answered_on"), day)
        for n, day in enumerate(WEEKS[:-11])
    ]
    rows[0] |= {"contact": "none", "intake_on": None, "greeted_on": None, "answered_on": None}
    known = {column.name for column in BY_NAME[extract].columns}
    counted = shot(WEEKS)
    counted[0][0]["reviewed_on"] = WEEKS[0]
    rows = [{name: value for name, value in row.items() if name in known} for row in rows]
    told = check.find(counted, {extract: rows}, data_through={extract: {EAST: WEEKS[-1]}})
    assert [(one.rule, one.file) for one in told] == [("ends_early", f"{extract}.parquet")]
    assert check.find(counted, {extract: rows}) == []
    del rows[40:60]
    (hole,) = check.find(counted, {extract: rows})
    assert (hole.rule, hole.column) == ("hole", event)
    assert "from October 7, 2025 to March 1, 2026. Each of these days would be told" in (
        hole.sentence
    )
    begins = {extract: {EAST: WEEKS[60]}}
    assert check.find(counted, {extract: rows}, data_from=begins) == []


def test_enforcement_pasted_twice_under_new_codes(check: Found) -> None:
    rows = [
        extracts.row("enforcement_actions", n, EAST) | {"acted_on": WEEKS[n % 40], "group_id": "g1"}
        for n in range(80)
    ]
    (one,) = check.find(shot(WEEKS), {"enforcement_actions": rows})
    assert (one.rule, one.count) == ("there_twice", 80)


@pytest.mark.parametrize(("days", "findings"), [(366, 1), (365, 0)])
def test_enforcement_that_begins_long_after_the_program(
    check: Found, days: int, findings: int
) -> None:
    first = WEEKS[0] + timedelta(days=days)
    program = {
        "call_ins": [extracts.row("call_ins", 1, EAST) | {"held_on": WEEKS[0]}],
        "enforcement_actions": [
            extracts.row("enforcement_actions", n, EAST)
            | {"acted_on": first + timedelta(days=n), "group_id": "g1"}
            for n in range(20)
        ],
    }
    told = check.find(shot(WEEKS), program)
    assert [one.rule for one in told] == ["begins_late"] * findings
    said = {"enforcement_actions": {EAST: first}}
    assert check.find(shot(WEEKS), program, data_from=said) == []


# --- days -----------------------------------------------------------------------------


@pytest.mark.parametrize(("weeks", "findings"), [(10, 0), (11, 1)])
def test_a_newest_row_long_before_the_day_stated(check: Found, weeks: int, findings: int) -> None:
    """One a week: longer than ten times that is longer than a silence gets."""
    rows = WEEKS[: len(WEEKS) - weeks]
    told = check.find(shot(rows), data_through=stated(WEEKS[-1]))
    assert [one.rule for one in told] == ["ends_early"] * findings
    if told:
        assert "is of August 31, 2026, 77 days before the day it is said to be complete" in (
            told[0].sentence
        )
        assert "it never went more than 7 days without one" in told[0].sentence


def test_victims_that_end_before_their_incidents(check: Found) -> None:
    incidents, victims = shot(WEEKS)
    (one,) = check.find((incidents, victims[:-11]), data_through=stated(WEEKS[-1]))
    assert (one.file, one.rule) == ("victims.parquet", "ends_early")


@pytest.mark.parametrize(("weeks", "findings"), [(19, 0), (20, 1)])
def test_a_stretch_missing_within_a_file(check: Found, weeks: int, findings: int) -> None:
    """One a week: a hole is longer than twenty times that."""
    rows = [*WEEKS[:40], *WEEKS[40 + weeks :]]
    told = check.find(shot(rows), data_through=stated(WEEKS[-1]))
    assert [one.rule for one in told] == ["hole"] * findings
    if told:
        assert "no incidents from October 7, 2025 to March 1, 2026. Each" in told[0].sentence


def test_victims_of_a_stretch_that_are_missing(check: Found) -> None:
    incidents, victims = shot(WEEKS)
    some = [*victims[:40], *victims[60:]]
    (one,) = check.find((incidents, some), data_through=stated(WEEKS[-1]))
    assert (one.file, one.rule) == ("victims.parquet", "hole")
    assert "New Haven has no victims from October 7, 2025" in one.sentence


def test_what_is_missing_before_the_data_are_complete_is_no_hole(check: Found) -> None:
    rows = [*WEEKS[:40], *WEEKS[60:]]
    assert check.find(shot(rows), data_from={"incidents": {EAST: WEEKS[60]}}) == []


def test_every_hole_of_a_city_is_counted_in_one_finding(check: Found) -> None:
    rows = [*WEEKS[:30], *WEEKS[51:60], *WEEKS[81:]]
    (one,) = check.find(shot(rows), data_through=stated(WEEKS[-1]))
    assert one.count == 2
    assert ", nor in 1 more stretch. Each" in one.sentence


def test_years_with_few_shootings_are_no_hole(check: Found) -> None:
    slow = [date(2020, 1, 1) + timedelta(days=100 * n) for n in range(20)]
    assert check.find(shot([*slow, *WEEKS[35:]])) == []


def test_dates_of_months_only_have_no_hole() -> None:
    months = {date(2024 + at // 12, 1 + at % 12, 1): 30 for at in range(30)}
    assert find_holes(months) == []
    quarter = [date(2025, month, 1) for month in (4, 5, 6)]
    left = {day: many for day, many in months.items() if day not in quarter}
    assert find_holes(left) == [(date(2025, 3, 2), date(2025, 6, 30))]


@pytest.mark.parametrize("day", [None, date(2026, 11, 22)])
def test_a_mistyped_date_is_named_with_its_row(check: Found, day: date | None) -> None:
    days = [*WEEKS[:50], date(2026, 11, 20), *WEEKS[50:80]]
    through = {} if day is None else stated(day)
    (one,) = check.find(shot(days), data_through=through)
    assert (one.rule, one.rows) == ("gap_before_newest", (51,))
    assert "nothing for 130 days before November 20, 2026, and only 1 row from then" in one.sentence


def test_a_few_days_long_before_the_rest(check: Found) -> None:
    rows = shot([date(2024, 6, 3), *WEEKS])
    (one,) = check.find(rows)
    assert one.rule == "gap_after_oldest"
    assert "on 1 day up to June 3, 2024, and then none for 217 days" in one.sentence
    assert "never went more than 7 days without one" in one.sentence
    assert "data_from = 2025-01-06" in one.do
    for day in (WEEKS[0], date(2024, 6, 3)):  # also where it says that the quiet was true
        since = {"incidents": {EAST: day}}
        assert check.find(rows, data_from=since) == []


def test_publish_refuses_a_city_that_lies_elsewhere(check: Found) -> None:
    rows = shot(WEEKS)
    for at, one in enumerate(rows[0]):  # points of their own, forty kilometres east of New Haven
        one["longitude"], one["latitude"] = -72.6734 + at * 0.00037, 41.3083 - at * 0.00023
        one["location_precision"] = "block"
    assert check.find(rows) == []
    with pytest.raises(RefusedError, match="most coordinates lie in no area of the city"):
        publish(check.folder, check.settings, TODAY)
    report = publish(check.folder, check.settings, TODAY, accept="The lines are of a town nearby.")
    assert [one for one in report.accepted if "most coordinates" in one]


@pytest.mark.parametrize(("morning", "findings"), [(49, 0), (50, 1)])
def test_hours_of_another_zone(check: Found, morning: int, findings: int) -> None:
    rows = shot(WEEKS)
    for at, one in enumerate(rows[0]):
        hour = 5 + at % 5 if at < morning else 13 + at % 5
        one["occurred_at"] = datetime.combine(one["occurred_at"], time(hour, at % 60))
    told = check.find(rows)
    assert [one.rule for one in told] == ["shifted_hours"] * findings


@pytest.mark.parametrize(("noon", "findings"), [(32, 0), (33, 1)])
def test_hours_of_local_times_taken_for_utc(check: Found, noon: int, findings: int) -> None:
    """Fewer after midnight than around noon, by more than chance: 33 and 17, not 32 and 18."""
    rows = shot(WEEKS)
    for at, one in enumerate(rows[0]):
        hour = 10 + at % 5 if at < noon else at % 5 if at < 50 else 20
        one["occurred_at"] = datetime.combine(one["occurred_at"], time(hour, at % 60))
    told = check.find(rows)
    assert [one.rule for one in told] == ["shifted_hours"] * findings
    if told:
        assert "to 3 in the afternoon (33) than from midnight to 5 (17)." in told[0].sentence


def test_a_silence_is_held_against_the_three_years_before_it() -> None:
    # A hole of long ago does not hide one of today.
    old = {date(2015, 1, 1) + timedelta(weeks=n): 1 for n in range(10)}
    events = old | dict.fromkeys(WEEKS[:60], 1)
    newest, end = WEEKS[59], WEEKS[59] + timedelta(days=71)
    assert find_longest_silence(events, end) == Silence(newest, end, longest=7, later=0)
    assert find_longest_silence(events, end - timedelta(days=1)) is None
    # Twice as many events on the same days: half as long is enough.
    assert find_longest_silence(dict.fromkeys(events, 2), newest + timedelta(days=36)) is not None


@pytest.mark.parametrize(("later", "told"), [(3, True), (4, False)])
def test_a_silence_is_told_while_only_a_few_days_with_events_follow_it(
    later: int, told: bool
) -> None:
    newest, again = WEEKS[59], WEEKS[59] + timedelta(days=90)
    events = dict.fromkeys([*WEEKS[:60], *(again + timedelta(n) for n in range(later))], 1)
    silence = Silence(newest, again, longest=7, later=later)
    assert find_longest_silence(events, None) == (silence if told else None)


def test_too_few_events_say_nothing() -> None:
    assert find_longest_silence(dict.fromkeys(WEEKS[:5], 1), date(2026, 11, 22)) is None
    assert find_longest_silence(dict.fromkeys(WEEKS[:6], 1), date(2026, 11, 22)) is not None
    assert find_longest_silence({}, date(2026, 11, 22)) is None


def test_synthetic_data_are_whole(check: Found) -> None:
    rows = shot(WEEKS[:3], 0, 1)
    assert check.find(rows, kind="synthetic") == []


# --- copies -----------------------------------------------------------------------------


@pytest.mark.parametrize(("times", "word"), [(2, "twice"), (3, "three times")])
def test_a_file_pasted_again_under_new_keys(check: Found, times: int, word: str) -> None:
    (one,) = check.find(shot(WEEKS[:12] * times))
    assert (one.file, one.rule, one.count) == ("incidents.parquet", "there_twice", 12 * times)
    assert f"{12 * times} of {12 * times} rows of New Haven are there {word}" in one.sentence


def test_victims_pasted_again_under_their_incidents(check: Found) -> None:
    (one,) = check.find(shot(WEEKS[:12], 2))
    assert (one.file, one.rule, one.count) == ("victims.parquet", "there_twice", 24)


@pytest.mark.parametrize(("many", "findings"), [(29, 0), (30, 1)])
def test_one_year_pasted_again(check: Found, many: int, findings: int) -> None:
    """Of three years; and so of its victims alone, under their incidents."""
    days = [date(2024, 1, 1) + timedelta(days=4 * n) for n in range(260)]
    year = [day for day in days if day.year == 2025][:many]
    rest = [day for day in days if day.year != 2025]
    told = check.find(shot(sorted([*rest, *year * 2])))
    copied = [one for one in told if one.rule == "there_twice"]
    assert [(one.file, one.count) for one in copied] == [("incidents.parquet", 2 * many)] * findings
    if copied:
        assert "60 of 60 rows of New Haven in 2025 are there twice" in copied[0].sentence
    rows = extracts.incidents_and_victims(
        {EAST: [(day, 1 + (day in year), 0) for day in sorted([*rest, *year])]}
    )
    copied = [one for one in check.find(rows) if one.rule == "there_twice"]
    assert [(one.file, one.count) for one in copied] == [("victims.parquet", 2 * many)] * findings


def test_rows_alike_by_nature_are_no_copies(check: Found) -> None:
    """Days with one, two and three incidents of which nothing else is known."""
    days = [day for at, day in enumerate(WEEKS[:20]) for _ in range(1 + at % 3)]
    assert check.find(shot(days)) == []


@pytest.mark.parametrize(("refused", "findings"), [(19, 0), (20, 1)])
def test_an_import_that_refused_many_rows(check: Found, refused: int, findings: int) -> None:
    told = check.find(shot(WEEKS), quarantined={"incidents": refused})
    assert [(one.rule, one.count) for one in told] == [("many_refused", refused)] * findings


@pytest.mark.parametrize(("again", "findings"), [(51, 0), (52, 1)])
def test_a_year_twice_as_large_as_both_years_next_to_it(
    check: Found, again: int, findings: int
) -> None:
    """A person a week in 2023 and in 2025; 2024, with as many and as many more, has twice that."""
    weeks = [date(2023, 1, 2) + timedelta(weeks=n) for n in range(156)]
    more = [day + timedelta(days=2) for day in weeks if day.year == 2024][:again]
    assert sum(day.year == 2024 for day in weeks) == 53
    assert sum(day.year == 2023 for day in weeks) == 52
    told = [one.rule for one in check.find(shot([*weeks, *more]))]
    assert told.count("grown_year") == findings


def test_a_year_is_not_held_against_a_few_weeks_of_the_next(check: Found) -> None:
    """100 in 2024, 52 in 2023, and of 2025 the first three months only, at the pace of 2024."""
    weeks = [date(2023, 1, 2) + timedelta(weeks=n) for n in range(118)]
    more = [day + timedelta(days=2) for day in weeks if day.year >= 2024]
    told = [one.rule for one in check.find(shot([*weeks, *more]))]
    assert "grown_year" not in told


# --- publish ------------------------------------------------------------------------------


def test_a_reason_passes_them_and_stands_on_sources(check: Found) -> None:
    (one,) = check.find(shot(WEEKS[:3], 0, 1))
    with pytest.raises(RefusedError) as refused:
        publish(check.folder, check.settings, TODAY)
    assert one.sentence in refused.value.what
    assert "--accept" in refused.value.do
    assert publish(check.folder, check.settings, TODAY, "nobody was").accepted == [one.sentence]
    manifest = Store(check.settings.home).current().manifest
    assert (manifest["accepted"], manifest["objections"]) == ("nobody was", [one.sentence])
    assert sources.describe_acceptance(manifest).endswith("nobody was")
    assert sources.list_objections(manifest) == [one.sentence]


def test_no_reason_passes_another_error(check: Found) -> None:
    incidents, victims = shot(WEEKS[:3], 0, 1)
    victims[0]["weapon"] = "cannon"
    check.find((incidents, victims))
    with pytest.raises(RefusedError, match=r"[12] errors?\."):
        publish(check.folder, check.settings, TODAY, "nobody was")


# --- against the release before -------------------------------------------------------------


def objected(check: Found, rows: tuple[Rows, Rows]) -> list[str]:
    """What check and publish object to, alike, after the whole of WEEKS was published."""
    check.find(shot(WEEKS), data_through=stated(WEEKS[-1]))
    publish(check.folder, check.settings, TODAY)
    check.find(rows, data_through=stated(WEEKS[-1]))
    findings = check_against_served(check.folder, check.settings)
    assert all(one.severity == "error" and one.acceptable for one in findings)
    said = [one.sentence.partition(": ")[2] for one in findings]
    if said:
        with pytest.raises(RefusedError) as refused:
            publish(check.folder, check.settings, TODAY)
        assert refused.value.what.split("\n")[-len(said) :] == said
    return said


def test_a_closed_year_that_is_gone(check: Found) -> None:
    """52 of 2025, 46 of 2026; one early row keeps the beginning where it was."""
    incidents, victims = shot([WEEKS[0], *WEEKS[52:]])
    victims = victims[1:]
    said = objected(check, (incidents, victims))
    assert said[-1] == (
        "Victims of New Haven are gone from weeks that were complete: all 52 of 2025. "
        "At most 5% of a year is expected."
    )


@pytest.mark.parametrize(("gone", "said"), [(4, []), (5, ["5 of 46 of 2026 (11%)"])])
def test_weeks_that_are_gone(check: Found, gone: int, said: list[str]) -> None:
    """Others came late in their place: the sum of the year says nothing of it."""
    days = [*WEEKS[:60], *WEEKS[60 + gone :], *[WEEKS[70]] * gone]
    told = objected(check, shot(sorted(days)))
    assert [one for one in told if all(words in one for words in said)] == told
    assert len(told) == len(said)


def test_nothing_is_compared_without_a_release(check: Found) -> None:
    check.find(shot(WEEKS[:5]))
    assert check_against_served(check.folder, check.settings) == []
