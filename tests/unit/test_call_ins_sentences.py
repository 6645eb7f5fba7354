"""The call-ins in words, against tables followed by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from longevity.text import call_in_sessions, call_ins, groups_with_notice, notifications
from longevity.text.call_ins import Stage
from tests.factories.ascii_table import read_frame

CITIES = {"east": "East", "west": "West"}
LAST = pd.Timestamp("2026-06-30")
MISSING = {"attended_aged_30", "intake_30", "attended_aged_90", "intake_aged_90"} | {
    "active_90",
    "completed_90",
    "active_unknown_90",
}


def funnel_rows(*rows: dict[str, Any]) -> pd.DataFrame:
    """Rows of `call_in_funnel`; what is not said is zero."""
    columns = [
        "invited",
        "reachable",
        "reachable_unknown",
        "attended",
        "attended_unknown",
        "attended_besides",
        *sorted(MISSING),
    ]
    made = pd.DataFrame([{**dict.fromkeys(columns, 0), **row} for row in rows])
    return made.assign(last_day=LAST).astype(dict.fromkeys(columns, "Int64"))


FUNNEL = funnel_rows(
    {
        "city": "east",
        "route": "voluntary",
        "invited": 50,
        "reachable": 40,
        "reachable_unknown": 3,
        "attended": 30,
        "attended_unknown": 4,
        "attended_besides": 1,
        "attended_aged_30": 24,
        "intake_30": 10,
        "attended_aged_90": 20,
        "intake_aged_90": 8,
        "active_90": 4,
        "completed_90": 1,
        "active_unknown_90": 1,
    },
    {"city": "east", "route": "in_custody", "invited": 5, "reachable": 4, "attended": 2,
     "attended_unknown": 1},
)  # fmt: skip
CADENCE = read_frame("""
    city | sessions_12_months | not_held_12_months | days_since | next_scheduled_for | last_day
    east | 4                  | 1                  | 14         | 2026-09-01         | 2026-06-30
""")


def test_the_answer_has_its_day_its_base_its_unknown_and_those_in_custody_apart():
    assert call_ins.write_answer(FUNNEL, CADENCE, CITIES, 50) == (
        "In the twelve months to June 30, 2026, 4 call-ins were held in East, with 55 invitations "
        "to members on the list. 30 of 40 reached came; attendance unknown for 4 of 40. "
        "Of the invitations 5 went to members in custody, counted apart: 2 came."
    )


def test_without_a_session_or_an_extract_the_answer_says_which():
    none = CADENCE.assign(sessions_12_months=0)
    assert call_ins.write_answer(FUNNEL, none, CITIES, 30) == (
        "In the twelve months to June 30, 2026, no call-in was held in East."
    )
    assert call_ins.write_answer(FUNNEL.head(0), CADENCE, CITIES, 30).endswith(
        "4 call-ins were held in East; no invitations were supplied."
    )
    assert call_ins.write_answer(FUNNEL.head(0), CADENCE.head(0), CITIES, 30) == (
        "No call-ins were supplied for East and West."
    )


def test_cities_told_to_different_days_are_each_named():
    two = pd.DataFrame({"city": ["east", "west"], "last_day": [LAST, pd.Timestamp("2026-06-01")]})
    assert call_ins.format_as_of(two, CITIES) == "June 30, 2026 (East) and June 1, 2026 (West)"
    assert call_ins.format_as_of(two.head(1), CITIES) == "June 30, 2026"


def test_each_stage_begins_with_those_who_passed_the_one_before():
    assert call_ins.list_stages(FUNNEL) == [
        Stage("reachable", 50, 40, 0, 3, 0, 7),
        Stage("attended", 40, 30, 0, 4, 0, 6),
        Stage("intake_30", 30, 10, 0, 0, 6, 14),
        # Two began a service at sessions not 90 days old.
        Stage("active_90", 10, 4, 1, 1, 2, 2),
    ]
    for stage in call_ins.list_stages(FUNNEL):
        parts = (stage.after, stage.completed, stage.unknown, stage.recent, stage.loss)
        assert sum(parts) == stage.before
    assert call_ins.count_in_custody(FUNNEL) == (5, 4, 2, 1)
    assert call_ins.count_in_custody(FUNNEL.head(1)) is None


def test_the_largest_loss_leaves_out_whoever_it_is_too_recent_to_tell_of():
    assert call_ins.write_largest_loss_title(call_ins.list_stages(FUNNEL)) == (
        "The largest loss: 14 of 24 who came began no service in 30 days"
    )
    assert "nobody was lost" in call_ins.write_largest_loss_title(
        [Stage("reachable", 2, 2, 0, 0, 0, 0)]
    )


def test_a_city_without_services_ends_the_picture_at_attendance_and_is_named():
    west = funnel_rows({"city": "west", "route": "parole", "invited": 2, "reachable": 2})
    for column in MISSING:
        west[column] = pd.array([None], dtype="Int64")
    both = pd.concat([FUNNEL, west])
    assert [stage.name for stage in call_ins.list_stages(both)] == ["reachable", "attended"]
    assert "for West:" in call_ins.explain_missing_services(both, CITIES)
    assert call_ins.explain_missing_services(FUNNEL, CITIES) == ""
    told = call_ins.build_funnel_table(both, CITIES).set_index("City")
    assert told.loc["West", "Service in 30 days, of those who came"] == "not supplied"
    assert told.loc["East", "Came, of those reached"] == "30 of 40, 4 unknown"
    assert told.loc["East", "In custody, apart"] == 5


def test_who_came_without_being_marked_as_reached_is_said_and_in_no_share():
    assert call_ins.describe_unmarked_attendance(FUNNEL).startswith("1 more came")
    assert call_ins.describe_unmarked_attendance(FUNNEL.assign(attended_besides=0)) == ""


ROUTES = pd.DataFrame(
    {
        "city": ["east"] * 4,
        "route": ["parole", "probation", "voluntary", "in_custody"],
        "invited": [2, 0, 50, 5],
        "reachable": [2, 0, 40, 4],
        "attended": [1, 0, 30, 2],
        "absent": [0, 0, 4, 1],
        "excused": [0, 0, 2, 0],
        "attended_unknown": [1, 0, 4, 1],
    }
)


def test_a_route_has_a_range_a_fraction_or_the_words_that_nobody_was_reached():
    told = call_ins.build_routes_table(ROUTES, CITIES, 30).set_index("Route")
    assert told["Share of those reached"].tolist() == [
        "1 of 2, 1 unknown",
        "nobody reached",
        "75 to 85%",
        "2 of 4, 1 unknown",
    ]
    # Wilson for 30 and for 34 of 40.
    assert told.loc["Voluntary", "95% interval"] == "60 to 93%"
    assert told.loc["Parole", "95% interval"] == "under 30 reached"
    assert told.index[-1] == "In custody, apart"


def test_the_routes_stand_side_by_side_with_the_unknown_and_nobody_invited_is_no_zero():
    west = ROUTES.iloc[[2]].assign(city="west", attended=3, attended_unknown=0, reachable=7)
    told = call_ins.build_routes_by_city(pd.concat([ROUTES, west]), CITIES).set_index("Route")
    assert told["East"].tolist() == [
        "1 of 2, 1 unknown",
        "nobody reached",
        "30 of 40, 4 unknown",
        "2 of 4, 1 unknown",
    ]
    assert told["West"].tolist() == ["nobody invited", "nobody invited", "3 of 7", "nobody invited"]


def test_attendance_of_a_city_keeps_those_in_custody_apart():
    assert call_ins.describe_attendance(ROUTES, CITIES, 50) == [
        "East: 31 of 42 reached came; attendance unknown for 5 of 42. "
        "In custody, apart: 2 of 4 reached came, 1 unknown."
    ]


# --- sessions ------------------------------------------------------------------


def session_rows() -> pd.DataFrame:
    whole = {
        "community_speakers": [3, None, None, 1],
        "family_speakers": [0, None, None, 2],
        "law_enforcement": [7, None, None, 4],
        "service_providers": [2, 1, None, 5],
        "cases_prepared": [1, None, None, 2],
        "invited": [20, 6, 0, 18],
        "reachable": [16, 6, 0, 0],
        "in_custody": [0, 1, 0, 0],
        "attended": [12, 0, None, 0],
        "attended_unknown": [1, 2, None, 0],
    }
    return pd.DataFrame(
        {
            "city": ["east", "west", "east", "east"],
            "call_in_id": ["c3", "w1", "c4", "c1"],
            "status": ["held", "held", "scheduled", "held"],
            "scheduled_for": pd.to_datetime(
                ["2026-05-01", "2026-04-01", "2026-09-01", "2014-11-21"]
            ),
            "held_on": pd.to_datetime(["2026-05-01", "2026-04-02", None, "2014-11-21"]),
            **{name: pd.array(cells, "Int64") for name, cells in whole.items()},
        }
    )


def test_a_call_in_nobody_attended_is_told_from_one_of_which_it_is_not_known():
    assert call_in_sessions.describe_unattended(session_rows(), CITIES) == [
        "West, April 2, 2026: of 6 members invited nobody is known to have come; attendance "
        "unknown for 2 of 6.",
        "East, November 21, 2014: 18 members invited, and nobody came.",
    ]
    empty = session_rows().head(1).assign(invited=0, attended=0, attended_unknown=0)
    assert call_in_sessions.describe_unattended(empty, CITIES) == [
        "East, May 1, 2026: the call-in has no invitation on file."
    ]


def test_sessions_come_newest_first_and_what_is_to_come_has_no_zero():
    told = call_in_sessions.build_sessions_table(session_rows(), CITIES)
    assert told["Code"].tolist() == ["c4", "c3", "w1", "c1"]
    assert told["Session"].tolist() == ["to come", "held", "held", "held"]
    assert told["Invited"].isna().tolist() == [True, False, False, False]
    assert told["Who spoke"].tolist() == [
        "–",
        "community 3, family 0, law enforcement 7, service providers 2",
        "service providers 1; community, family and law enforcement not noted",
        "community 1, family 2, law enforcement 4, service providers 5",
    ]


def test_without_invitations_a_session_is_still_told():
    blank = pd.array([None] * 4, "Int64")
    names = ("invited", "reachable", "in_custody", "attended", "attended_unknown")
    bare = session_rows().assign(**dict.fromkeys(names, blank))
    assert call_in_sessions.build_sessions_table(bare, CITIES)["Invited"].isna().all()


def test_who_spoke_is_counted_and_what_was_not_noted_is_named():
    spoke = pd.DataFrame(
        {
            "sessions_12_months": [1, 1],
            **{name: [1, 0] for name in ("community_speakers", "law_enforcement")},
            "family_speakers": [0, 0],
            "service_providers": [1, 1],
            **{f"{name}_noted": [1, 0] for name in call_in_sessions.VOICES},
            "cases_noted": [1, 0],
            "cases_prepared": [1, 0],
        }
    ).assign(service_providers_noted=1)
    assert call_in_sessions.describe_preparation(spoke) == (
        "Who spoke in the last twelve months: community at 1 of 2 (1 not noted), family at 0 of 2 "
        "(1 not noted), law enforcement at 1 of 2 (1 not noted) and service providers at 2 of 2 "
        "call-ins. 1 case prepared, not noted for 1 of 2 sessions."
    )
    assert call_in_sessions.describe_preparation(spoke.head(0)) == ""


def test_the_clock_counts_days_and_says_when_nothing_is_scheduled():
    none = CADENCE.assign(days_since=pd.array([None], "Int64"), next_scheduled_for=pd.NaT)
    assert call_in_sessions.build_cards(pd.concat([CADENCE, none.assign(city="west")]), CITIES) == [
        ("East, since the last call-in", "14 days", "next on September 1, 2026"),
        ("West, since the last call-in", "none yet", "none scheduled"),
    ]
    assert call_in_sessions.describe_cadence(CADENCE, CITIES) == (
        "Call-ins held in the twelve months to June 30, 2026: East 4 (1 scheduled and not held)."
    )
    assert call_in_sessions.find_last_day(CADENCE) == LAST.date()
    with pytest.raises(ValueError, match="last day"):
        call_in_sessions.find_last_day(CADENCE.head(0))


def test_reviews_have_their_weeks_and_their_incidents():
    frame = read_frame("""
        city | incidents | reviewed_in_time | reviewed_later | not_reviewed | weeks | weeks_reviewed
        east | 64        | 38               | 24             | 2            | 51    | 46
        west | 3         | 3                | 0              | 0            | 50    | 50
    """)
    assert call_in_sessions.build_reviews_table(frame, CITIES).to_numpy().tolist() == [
        ["East", "46 of 51", "38 of 64", 24, 2],
        ["West", "50 of 50", "3 of 3", 0, 0],
    ]


# --- notifications -------------------------------------------------------------

MESSAGES = read_frame("""
    city | attempted | direct | collateral | no_contact | people_direct | group_unknown
    east | 40        | 10     | 20         | 10         | 9             | 2
    west | 0         | 0      | 0          | 0          | 0             | 0
""")


def test_a_message_is_direct_through_family_or_met_nobody():
    assert notifications.describe_notifications(MESSAGES, CITIES, 30) == [
        "East: 10 of 40 attempted were direct (25.0%), 20 through family, 10 met nobody; "
        "9 members spoken to directly; the group is not on file for 2.",
        "West: no custom notification was attempted in the twelve months.",
    ]
    assert notifications.write_notifications_title(MESSAGES) == (
        "10 of 40 attempted notifications spoke to the member"
    )


WINDOW = pd.DataFrame(
    {
        "city": ["east", "west"],
        "incidents": [22, 0],
        "notified": [4, 0],
        "attempted_only": [1, 0],
        "group_unknown": [3, 0],
        "suspected": [5, 0],
        "suspected_notified": [1, 0],
        "gmi_unknown": [2, 0],
    }
)


def test_a_shooting_without_a_group_on_file_is_unknown_and_not_missed():
    assert notifications.describe_notice_in_time(WINDOW, CITIES) == [
        "East: after 4 of 22 group-member-involved shootings an involved group was notified in time"
        "; for 3 no group is on file, so it is unknown; after 1 an attempt met nobody; "
        "5 more are only suspected and counted apart (1 notified); involvement is unknown for "
        "2 more.",
        "West: no shooting confirmed as group-member-involved.",
    ]
    assert notifications.write_window_title(WINDOW) == (
        "A group was told in time of 4 of 22 group-member-involved shootings; unknown for 3"
    )


# --- groups --------------------------------------------------------------------


def test_groups_without_an_audit_date_are_named_and_a_group_without_a_label_by_its_code():
    grid = read_frame("""
        city | group_id | label | audited | covered | notice_on
        east | e1       | Slate | no      | no      |
        east | e2       |       | no      | no      |
        west | w1       | Chalk | yes     | yes     | 2025-01-01
    """)
    assert groups_with_notice.describe_unaudited_groups(grid, CITIES).startswith(
        "Without an audit date, and so in no share: Slate (East) and e2 (East)."
    )
    assert groups_with_notice.describe_unaudited_groups(grid.tail(1), CITIES) == ""
    assert groups_with_notice.write_coverage_title(grid) == (
        "1 of 1 audited group had a member at a call-in in twelve months; 0 have no notice"
    )


def next_rows() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "city": ["east", "east"],
            "group_id": ["e9", "e3"],
            "label": ["Cobalt", "Slate"],
            "reason": ["over_12_months", "no_notice"],
            "last_told_on": pd.to_datetime(["2025-01-05", None]),
            "last_shooting_on": pd.to_datetime(["2026-06-01", None]),
            "last_suspected_on": pd.to_datetime(["2025-06-01", "2026-05-01"]),
            "listed": [20, 7],
            "reachable": [13, 0],
            "reach_unknown": [4, 6],
            "not_reached": [3, 0],
            "in_custody": [0, 1],
            "reachable_people": ["p1, p2", None],
        }
    )


def test_the_sheet_keeps_the_order_and_never_reads_unknown_as_out_of_reach():
    sheet = groups_with_notice.build_next_call_in_table(next_rows(), CITIES)
    assert "no invitation on file: not known" in sheet.columns[2]
    assert sheet.to_numpy().tolist() == [
        [
            "Cobalt, East",
            "Told Jan 5, 2025; shot Jun 1, 2026",
            "13 of 20 reachable: p1, p2; 4 not known; 3 not reached",
            "e9",
        ],
        [
            "Slate, East",
            "No notice on file; no confirmed shooting on file; suspected May 1, 2026",
            "0 of 7 reachable; 6 not known; 1 in custody",
            "e3",
        ],
    ]


def test_a_city_without_such_a_group_is_told_from_one_that_handed_over_too_little():
    extracts = pd.DataFrame(
        {
            "extract": [*groups_with_notice.PREREQUISITES, *groups_with_notice.PREREQUISITES],
            "city": ["east"] * 5 + ["west"] * 5,
            "data_through": [LAST] * 9 + [pd.NaT],
        }
    )
    told = read_frame("""
        city | reason         | reachable | reach_unknown
        east | no_notice      | 0         | 1
        east | over_12_months | 2         | 0
    """)
    east, west = groups_with_notice.describe_next_call_in(told, extracts, CITIES)
    assert east == (
        "East: 2 groups to call in next, 1 without notice on file and 1 told over 12 months ago; "
        "for 1 of them no member is known to be reachable (unknown for 1: members with no "
        "invitation on file)."
    )
    assert west.startswith("West: not known, since")
    quiet, _ = groups_with_notice.describe_next_call_in(told.head(0), extracts, CITIES)
    assert quiet == ("East: every active group has notice and was told in the last twelve months.")
    write = groups_with_notice.write_next_headline
    assert write(pd.concat([told, told]), extracts, CITIES) == (
        "4 groups to call in next, 2 without notice on file and 2 told over 12 months ago; "
        "not known in West."
    )
    # A city that supplied too little is not one in which every group was told.
    assert write(told.head(0), extracts, CITIES).endswith("twelve months; not known in West.")
    assert write(told, extracts.head(0), CITIES).startswith("Which groups to call in next is not")
