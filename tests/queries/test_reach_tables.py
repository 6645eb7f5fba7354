"""Each measure of reach on a table small enough to count by hand. As of June 30, 2024."""

from datetime import date, timedelta

import pandas as pd
import pytest

from tests.factories.ascii_table import Shown, rows

SESSIONS = """
    call_in_id | scheduled_for | held_on    | family_speakers | cases_prepared
    spring     | 2024-03-01    | 2024-03-01 | 2               | 4
    nobody     | 2024-06-20    | 2024-06-20 | 1               | 0
    dropped    | 2024-05-05    |            |                 |
    next       | 2024-08-01    |            |                 |
"""
INVITED = """
    call_in_id | person_id | route      | reachable | attended
    spring     | a         | voluntary  | yes       | attended
    spring     | b         | probation  | yes       | unknown
    spring     | c         | voluntary  | yes       | attended
    spring     | d         | voluntary  | no        | absent
    spring     | e         | in_custody | yes       | attended
    spring     | f         | voluntary  |           | attended
    nobody     | a         | voluntary  | yes       | absent
    nobody     | b         | voluntary  | yes       | excused
"""


def test_without_invitations_attendance_is_missing_and_not_zero(tell):
    frame = tell("call_in_sessions", call_ins=SESSIONS)
    assert frame["invited"].isna().all()
    assert set(frame["attended_state"]) == {"missing"}


def test_a_city_that_supplied_only_some_of_what_is_asked_about_has_no_row(tell):
    assert tell("call_in_funnel", call_ins=SESSIONS).empty  # nothing is known, which is not zero


def test_attendance_unknown_is_its_own_column_and_custody_its_own_line(tell):
    assert Shown(tell("call_in_funnel", call_ins=SESSIONS, invitations=INVITED)) == rows("""
        route      | invited | reachable | reachable_unknown | attended | absent | excused | attended_unknown | attended_besides
        parole     | 0       | 0         | 0                 | 0        | 0      | 0       | 0                | 0
        probation  | 1       | 1         | 0                 | 0        | 0      | 0       | 1                | 0
        voluntary  | 6       | 4         | 1                 | 2        | 1      | 1       | 0                | 1
        in_custody | 1       | 1         | 0                 | 1        | 0      | 0       | 0                | 0
    """)  # noqa: E501  # a table is read across


def test_sessions_before_the_invitations_begin_are_in_no_share(tell):
    tables = {"call_ins": SESSIONS, "invitations": INVITED}
    begins = {"invitations": date(2024, 4, 1)}
    since = {"since": date(2024, 1, 1)}
    routes = tell("call_in_funnel", begins=begins, params=since, **tables)
    assert (routes["invited"].sum(), routes["attended"].sum()) == (2, 0)
    # A part of twelve months is not shown as the whole.
    assert tell("call_in_funnel", begins=begins, **tables).empty
    sessions = tell("call_in_sessions", begins={"invitations": date(2024, 5, 6)}, **tables)
    answered = dict(zip(sessions["call_in_id"], sessions["invited"], strict=True))
    assert (answered["dropped"] is pd.NA, answered["next"] is pd.NA, answered["nobody"]) == (True, True, 2)


@pytest.mark.parametrize(("ends", "invited"), [(19, "<NA>"), (20, "0")])
def test_who_was_invited_after_the_file_of_invitations_ends_is_missing_and_not_zero(tell, ends, invited):
    of_spring = "".join(line for line in INVITED.splitlines(keepends=True) if "nobody" not in line)
    tables = {"call_ins": SESSIONS, "invitations": of_spring}
    sessions = tell("call_in_sessions", ends={"invitations": date(2024, 6, ends)}, **tables)
    assert str(sessions.set_index("call_in_id")["invited"]["nobody"]) == invited


SERVED = """
    person_id | offered_on | intake_on  | last_contact_on | completed_on
    a         | 2024-03-01 | 2024-03-31 | 2024-05-01      |
    a         | 2024-03-01 | 2024-03-05 | 2024-04-15      | 2024-04-15
    a         | 2024-03-01 | 2024-03-06 |                 |
    c         | 2024-03-01 | 2024-04-01 | 2024-06-01      |
    e         | 2024-03-01 | 2024-03-02 | 2024-05-25      | 2024-05-25
    e         | 2024-03-01 | 2024-03-03 |                 |
"""


def test_the_funnel_counts_intake_to_day_30_and_activity_at_day_90(tell):
    # Day 30 is March 31, day 90 is May 30; in contact means on or after April 30. Of several
    # services one that goes on tells, then one completed, and none without a contact.
    frame = tell("call_in_funnel", call_ins=SESSIONS, invitations=INVITED, services=SERVED)
    assert Shown(frame) == rows("""
        route      | sessions | invited | reachable | attended | attended_unknown | attended_aged_30 | intake_30 | attended_aged_90 | active_90 | completed_90 | active_unknown_90
        parole     | 0        | 0       | 0         | 0        | 0                | 0                | 0         | 0                | 0         | 0            | 0
        probation  | 1        | 1       | 1         | 0        | 1                | 0                | 0         | 0                | 0         | 0            | 0
        voluntary  | 2        | 6       | 4         | 2        | 0                | 2                | 1         | 2                | 1         | 0            | 0
        in_custody | 1        | 1       | 1         | 1        | 0                | 1                | 1         | 1                | 0         | 1            | 0
    """)  # noqa: E501  # a table is read across


@pytest.mark.parametrize(
    ("served_to", "aged"),
    [("2024-03-30", "0 0 2 0"), ("2024-03-31", "2 0 0 1"), ("2024-05-29", "2 0 0 1"), ("2024-05-30", "2 2 0 0")],
)
def test_a_stage_counts_only_sessions_that_old_in_the_record_of_services(tell, served_to, aged):
    frame = tell(
        "call_in_funnel",
        ends={"services": date.fromisoformat(served_to)},
        call_ins=SESSIONS,
        invitations=INVITED,
        services=SERVED,
    ).set_index("route")
    # The others of sessions old enough by the day asked of are unknown, and not too recent.
    columns = ["attended_aged_30", "attended_aged_90", "attended_unserved", "intake_unserved"]
    assert " ".join(map(str, frame.loc["voluntary", columns])) == aged


# Days after the session on which one who came began a service, was last in contact and completed it.
ONE_SERVED = rows("""
    intake | contact | completed | intake_30 | active_90 | completed_90 | active_unknown_90
    -1     |         |           | 0         | 0         | 0            | 0
    0      |         |           | 1         | 0         | 0            | 1
    30     |         |           | 1         | 0         | 0            | 1
    31     |         |           | 0         | 0         | 0            | 0
    30     | 59      |           | 1         | 0         | 0            | 0
    30     | 60      |           | 1         | 1         | 0            | 0
    30     | 61      |           | 1         | 1         | 0            | 0
    4      | 90      | 90        | 1         | 0         | 1            | 0
    4      | 90      | 91        | 1         | 1         | 0            | 0
""")


@pytest.mark.parametrize("case", ONE_SERVED, ids=lambda case: " ".join(case.values()))
def test_intake_to_day_30_contact_from_day_60_on_and_what_goes_on_after_day_90(tell, case):
    intake, contact, completed = (
        case[name] and date(2024, 3, 1) + timedelta(days=int(case[name])) for name in ("intake", "contact", "completed")
    )
    served = f"""
        person_id | offered_on | intake_on | last_contact_on | completed_on
        a         | 2024-02-01 | {intake}  | {contact}       | {completed}
    """
    frame = tell("call_in_funnel", call_ins=SESSIONS, invitations=INVITED, services=served)
    for name in ("intake_30", "active_90", "completed_90", "active_unknown_90"):
        assert frame[name].sum() == int(case[name]), name


@pytest.mark.parametrize(("held_on", "invited"), [("2023-06-30", 0), ("2023-07-01", 1)])
def test_twelve_months_begin_on_the_day_after_the_year_before(tell, held_on, invited):
    frame = tell(
        "call_in_funnel",
        call_ins=f"call_in_id | held_on\n s | {held_on}",
        invitations="call_in_id | person_id | route | attended\n s | a | parole | absent",
    )
    assert frame["invited"].sum() == invited


def test_who_came_before_services_are_on_file_is_in_no_later_stage(tell):
    frame = tell(
        "call_in_funnel", begins={"services": date(2024, 3, 2)}, call_ins=SESSIONS, invitations=INVITED, services=SERVED
    )
    assert (frame["attended"].sum(), frame["attended_aged_30"].sum()) == (3, 0)


def test_without_services_the_later_stages_are_missing(tell):
    frame = tell("call_in_funnel", call_ins=SESSIONS, invitations=INVITED)
    assert set(frame["intake_30_state"]) == {"missing"}
    assert int(frame["attended"].sum()) == 3


GROUPS = """
    group_id | label | audited_on | members | active_from | active_until | succeeded_by
    one      | One   | 2023-05-01 | 9       | 2020-01-01  |              |
    one      | One   | 2024-05-01 | 7       | 2020-01-01  |              |
    two      | Two   |            |         | 2020-01-01  |              |
    two      | Two   | 2023-06-01 | 5       | 2020-01-01  |              |
    bare     | Bare  |            |         | 2020-01-01  |              |
    old      | Old   | 2022-01-01 | 4       | 2020-01-01  | 2023-12-31   | heir
    heir     | Heir  | 2024-01-01 | 4       | 2024-01-01  |              |
    later    | Later | 2024-07-05 | 3       | 2024-07-01  |              |
"""
# Person a is in two groups; h came as a member of a group that became another.
MEMBERS = """
    person_id | group_id | from_on    | until_on
    a         | one      | 2023-01-01 |
    a         | two      | 2024-03-01 | 2024-03-31
    b         | bare     | 2023-01-01 |
    g         | two      | 2024-03-02 |
    h         | old      | 2022-01-01 | 2023-12-31
    h         | heir     | 2024-01-01 |
"""
HELD = """
    call_in_id | scheduled_for | held_on
    early      | 2023-06-30    | 2023-06-30
    spring     | 2024-03-01    | 2024-03-01
"""
CAME = """
    call_in_id | person_id | route     | reachable | attended
    spring     | a         | voluntary | yes       | attended
    spring     | b         | voluntary | yes       | unknown
    spring     | g         | voluntary | yes       | attended
    early      | h         | voluntary | yes       | attended
"""


INVOLVED = {
    "incidents": """
        incident_id | occurred_at
        i           | 2024-05-01
        later       | 2024-05-02
    """,
    "incident_groups": """
        incident_id | group_id | role    | status
        i           | heir     | suspect | confirmed
        i           | bare     | victim  | confirmed
        later       | bare     | suspect | suspected
    """,
}


def test_coverage_takes_a_person_in_two_groups_for_both_and_sets_unaudited_groups_apart(tell):
    tables = {"groups": GROUPS, "memberships": MEMBERS, "call_ins": HELD, "invitations": CAME}
    # June 30, 2023 is one day before the twelve months; notice is passed on to the heir.
    grid = tell("group_coverage_grid", **tables, **INVOLVED)
    assert Shown(grid) == rows("""
        group_id | audited | members | notice_on  | last_attended_on | days_since_attended | covered | covered_unknown | last_shooting_on
        bare     | no      |         |            |                  |                     | no      | yes             |
        heir     | yes     | 4       | 2023-06-30 | 2023-06-30       | 366                 | no      | no              | 2024-05-01
        one      | yes     | 7       | 2024-03-01 | 2024-03-01       | 121                 | yes     | no              |
        two      | yes     | 5       | 2024-03-01 | 2024-03-01       | 121                 | yes     | no              |
    """)  # noqa: E501  # a table is read across


@pytest.mark.parametrize(
    ("as_of", "answered"),
    [("2023-12-31", "old | | \n was | 2023-06-01 |"), ("2024-06-30", "heir | | \n is | 2023-06-01 |")],
)
def test_a_group_passes_on_with_those_who_stayed_by_the_successors_first_day(tell, as_of, answered):
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
    expected = f"group_id | notice_on | last_attended_on\n {answered}"
    assert Shown(frame.sort_values("group_id")) == rows(expected)


@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [(22, 30, "unknown none, notified none, too_recent unknown"), (1, 20, "unknown none, unknown unknown")],
)
def test_a_message_that_may_be_in_no_file_is_unknown_as_is_a_case_by_who_is_suspected(tell, begins, ends, said):
    frame = tell(
        "shootings_one_by_one",
        begins={"custom_notifications": date(2024, 6, begins)},
        ends={"custom_notifications": date(2024, 6, ends)},
        also=("enforcement_actions", "memberships"),
        params={"date_from": "2024-06-20"},
        groups="group_id | audited_on\n a | 2022-01-01\n b | 2022-01-01",
        incidents="incident_id | occurred_at | gmi\n"
        + "".join(f"{d} | 2024-06-{d} | confirmed\n" for d in (20, 21, 29)),
        victims="incident_id\n 20\n 21\n 29",
        incident_groups="incident_id | group_id | role | status\n 20 | a | suspect | confirmed\n"
        "21 | b | suspect | confirmed\n 29 | a | suspect | confirmed\n 29 | b | suspect | suspected",
        custom_notifications="person_id | group_id | attempted_on | contact\n p | b | 2024-06-24 | direct",
    )
    assert ", ".join(frame["notified"] + " " + frame["promise"]).startswith(said)  # b had notice of the last


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
    assert Shown(frame) == rows("""
        group_id | audited | notice_on  | last_attended_on
        is       | no      | 2023-03-01 | 2024-02-01
    """)


PEOPLE = """
    person_id | listed_on  | review_by  | delisted_on
    a         | 2022-01-01 | 2024-06-29 |
    b         | 2022-01-01 | 2024-09-28 |
    c         | 2022-01-01 | 2024-09-29 |
    g         | 2022-01-01 |            |
    h         | 2022-01-01 | 2024-06-30 |
    x         | 2022-01-01 | 2024-01-01 | 2024-06-30
    v         | 2022-01-01 |            | 2024-04-30
    y         | 2024-07-01 | 2024-07-02 |
"""


def test_the_next_call_in_is_for_groups_never_warned_or_not_for_a_year(tell):
    # Of eight more in bare i is in custody, j came home on the day, k is off the list, l was not
    # reached, of m nothing is known, n was reached the second time, of o it is not known whether
    # they were, and y was listed a day later.
    frame = tell(
        "next_call_in",
        groups=GROUPS,
        memberships=MEMBERS + "".join(f"    {who} | bare | 2023-01-01 |\n" for who in "ijklmnoy"),
        call_ins=HELD
        + """
            after | 2024-03-02 | 2024-03-02
            later | 2024-07-01 | 2024-07-01
        """,
        invitations=CAME
        + """
            later  | l | voluntary | yes | absent
            spring | i | voluntary | yes | absent
            spring | j | voluntary | yes | absent
            spring | l | voluntary | no  | absent
            spring | n | voluntary | no  | absent
            after  | n | voluntary | yes | absent
            spring | o | voluntary | yes | absent
            after  | o | voluntary |     | absent
        """,
        people=PEOPLE
        + "".join(f"    {who} | 2022-01-01 | |\n" for who in "ijlmno")
        + "    k | 2022-01-01 | | 2024-06-30\n",
        supervision_spells="""
            person_id | kind       | from_on    | until_on
            i         | in_custody | 2024-01-01 |
            j         | in_custody | 2024-01-01 | 2024-06-30
            m         | probation  | 2024-01-01 |
        """,
        **INVOLVED,
    )
    assert Shown(frame) == rows("""
        group_id | reason         | last_told_on | last_shooting_on | last_suspected_on | listed | reachable | reach_unknown | not_reached | in_custody | reachable_people
        heir     | over_12_months | 2023-06-30   | 2024-05-01       |                   | 1      | 1         | 0             | 0           | 0          | h
        bare     | no_notice      |              |                  | 2024-05-02        | 7      | 3         | 2             | 1           | 1          | b, j, n
    """)  # noqa: E501  # a table is read across


NOTIFIED = """
    person_id | group_id | attempted_on | contact    | trigger_incident_id
    a         | one      | 2024-05-04   | direct     | i
    b         | one      | 2024-05-14   | direct     |
    c         | two      | 2024-05-21   | none       |
    c         |          | 2024-05-21   | collateral |
"""


EXITS = """
    custody_release_id | person_id | expected_on | released_on | greeted_on | greeted_by
    gate               | a         | 2024-05-01  | 2024-05-01  | 2024-05-01 | office
    third              | b         | 2024-05-01  | 2024-05-01  | 2024-05-04 | office
    fourth             | c         | 2024-05-01  | 2024-05-01  | 2024-05-05 | office
    undated            | g         | 2024-05-01  | 2024-05-01  |            | office
    nobody             | h         | 2024-05-01  | 2024-05-01  |            |
    fresh              | a         | 2024-06-28  | 2024-06-28  |            |
    early              | b         | 2024-06-28  | 2024-06-28  | 2024-06-28 | office
    early_undated      | c         | 2024-06-28  | 2024-06-28  |            | office
    stranger           | z         | 2024-05-01  | 2024-05-01  |            |
    no_longer          | v         | 2024-05-01  | 2024-05-01  |            |
    not_yet            | y         | 2024-05-01  | 2024-05-01  |            |
    soon               | b         | 2024-08-25  |             |            |
    far                | b         | 2024-08-26  |             |            |
    overdue            | c         | 2024-06-30  |             |            |
    off_the_list       | x         | 2024-08-01  |             |            |
"""


QUARTERS = """
    custody_release_id | person_id | expected_on | released_on | greeted_on | greeted_by
    last               | a         | 2024-03-31  | 2024-03-31  | 2024-03-31 | office
    first              | b         | 2024-04-01  | 2024-04-01  | 2024-04-01 | police
    late               | c         | 2024-04-01  | 2024-04-01  | 2024-04-05 | police
    early              | g         | 2024-06-29  | 2024-06-29  | 2024-06-29 | office
"""


def test_a_meeting_after_the_day_is_not_known_on_it(tell):
    # As of May 4: fourth was met on the 5th, and gate's three days are over.
    frame = tell("exits_from_custody", params={"as_of": date(2024, 5, 4)}, releases_from_custody=EXITS, people=PEOPLE)
    fourth = frame[frame["custody_release_id"] == "fourth"]
    assert fourth["outcome"].tolist() == ["not_greeted"]
    assert fourth["greeted_by"].isna().all()


def test_who_has_come_home_since_was_expected_before(tell):
    asked = {"as_of": date(2024, 4, 20), "weeks": 2}
    expected = tell("coming_home", params=asked, releases_from_custody=EXITS, people=PEOPLE)
    assert {*expected["custody_release_id"]} == {"gate", "third", "fourth", "undated", "nobody", "no_longer"}


def test_services_from_offer_to_completion(tell):
    frame = tell(
        "service_uptake",
        services="""
            person_id | kind    | offered_on | intake_on  | last_contact_on | completed_on
            a         | housing | 2024-03-01 | 2024-03-31 | 2024-05-31      |
            b         | housing | 2024-03-01 | 2024-04-01 | 2024-05-30      |
            c         | housing | 2024-03-01 | 2024-03-02 |                 |
            d         | housing | 2024-03-01 | 2024-03-02 | 2024-04-01      | 2024-04-01
            e         | housing | 2024-06-01 |            |                 |
            f         | housing | 2024-03-01 | 2024-07-01 | 2024-07-01      |
        """,
    )
    assert Shown(frame[frame["kind"] == "housing"]) == rows("""
        kind    | offers | offers_aged_30 | intake_30 | intake | active | completed | ended | active_unknown | not_begun
        housing | 6      | 5              | 3         | 4      | 1      | 1         | 1     | 1              | 2
    """)


def test_community_events_and_requests(tell):
    events = tell(
        "community_events",
        community_events="""
            held_on    | kind  | attendance
            2024-06-01 | vigil | 40
            2024-06-02 | vigil |
            2023-06-30 | vigil | 99
        """,
    )
    assert Shown(events[events["kind"] == "vigil"]) == rows("""
        kind  | events | attendance | attendance_known | attendance_unknown
        vigil | 2      | 40         | 1                | 1
    """)
    asked = tell(
        "community_requests",
        community_requests="""
            asked_on   | topic | answered_on
            2024-06-01 | youth | 2024-06-05
            2024-06-01 | youth | 2024-06-11
            2024-06-20 | youth |
            2024-06-29 | other | 2024-07-01
        """,
    )
    assert Shown(asked[asked["topic"].isin(["all", "other"])]) == rows("""
        topic | asked | answered | unanswered
        all   | 4     | 2        | 2
        other | 1     | 0        | 1
    """)


REVIEWED = """
    incident_id | occurred_at | gmi       | reviewed_on
    seventh     | 2024-06-03  | confirmed | 2024-06-10
    eighth      | 2024-06-03  | suspected | 2024-06-11
    never       | 2024-06-03  | unknown   |
    young       | 2024-06-25  | none      |
    undated     | 2024-06-03  | none      |
    tomorrow    | 2024-06-20  | confirmed | 2024-07-01
"""
SHOT = "\n".join(["incident_id", "seventh", "eighth", "never", "young", "undated", "tomorrow"])


BUDGET = """
    fiscal_year | source | allocated | spent
    2023        | state  | 100.0     | 90.0
    2024        | state  | 100.0     | 80.0
    2024        | grant  | 50.0      |
    2025        | state  | 100.0     |
"""
SPENT_ON = {
    "budget": BUDGET,
    "call_ins": HELD,
    "invitations": CAME,
    # d on the first day of the fiscal year of 2024.
    "custom_notifications": NOTIFIED + "    d | one | 2023-07-01 | direct |",
}


def test_money_and_people_reached_each_once_in_a_fiscal_year(tell):
    frame = tell("cost_per_person_reached", **SPENT_ON)
    # 2024: a, g came; a, b and d were told directly. h came on the last day of 2023.
    assert Shown(frame) == rows("""
        fiscal_year | spent | sources | sources_spent_unknown | reached | attended | attendance_unknown | complete
        2023        | 90.0  | 1       | 0                     | 1       | 1        | 0                  | yes
        2024        | 80.0  | 2       | 1                     | 4       | 2        | 1                  | yes
    """)
    late = tell(
        "cost_per_person_reached",
        begins={"invitations": date(2022, 7, 2)},  # a day after the fiscal year of 2023 began
        params={"as_of": "2024-05-10"},  # before b was told
        **SPENT_ON,
    )
    assert late[["fiscal_year", "reached"]].to_numpy().tolist() == [[2024, 3]]
    # A fiscal year that begins in January is the calendar's: h and d in 2023; a, b and g in half of 2024.
    calendar = tell("cost_per_person_reached", params={"fiscal_month": 1}, **SPENT_ON)
    assert Shown(calendar) == rows("""
        fiscal_year | first_day  | last_day   | reached | complete
        2023        | 2023-01-01 | 2023-12-31 | 2       | yes
        2024        | 2024-01-01 | 2024-06-30 | 3       | no
    """)
    assert Shown(tell("budget_by_city", budget=BUDGET, params={"fiscal_year": 2024})) == rows("""
        city | fiscal_year | source | allocated | spent | spent_unknown
        east | 2024        | grant  | 50.0      |       | yes
        east | 2024        | state  | 100.0     | 80.0  | no
    """)


def test_cadence(tell):
    assert Shown(tell("cadence_by_city", call_ins=SESSIONS)) == rows("""
        city | sessions | sessions_12_months | not_held_12_months | days_since | next_scheduled_for
        east | 2        | 2                  | 1                  | 10         | 2024-08-01
    """)
    # A city that supplied call-ins and held none has a row without a day.
    assert Shown(tell("cadence_by_city", also=("call_ins",))) == rows("""
        city | sessions | days_since | next_scheduled_for
        east | 0        |            |
    """)
    # How many there were in twelve months is not known where the file begins within them.
    assert Shown(tell("cadence_by_city", call_ins=SESSIONS, begins={"call_ins": date(2024, 1, 15)})) == rows("""
        city | sessions_12_months | not_held_12_months | days_since
        east |                    |                    | 10
    """)
    # What came after the day is not known on it.
    assert Shown(tell("cadence_by_city", call_ins=SESSIONS, params={"as_of": "2024-06-19"})) == rows("""
        city | sessions | days_since | next_scheduled_for
        east | 1        | 110        | 2024-06-20
    """)


class Given:
    """Tables that are handed over, and what a question answers of them."""

    def __init__(self, **tables):
        self.tables = tables

    def answers(self, table):
        self.answered = rows(table)
        return self


# By query: what is given, and what is answered.
BY_HAND = {
    # A call-in to which nobody came is a zero; before it is held no one invited is no count.
    "call_in_sessions": Given(call_ins=SESSIONS, invitations=INVITED).answers("""
        city | call_in_id | status    | family_speakers | cases_prepared | invited | reachable | reachable_unknown | in_custody | attended | absent | excused | attended_unknown
        east | next       | scheduled |                 |                |         |           |                   |            |          |        |         |
        east | nobody     | held      | 1               | 0              | 2       | 2         | 0                 | 0          | 0        | 1      | 1       | 0
        east | dropped    | not_held  |                 |                |         |           |                   |            |          |        |         |
        east | spring     | held      | 2               | 4              | 6       | 4         | 1                 | 1          | 4        | 1      | 0       | 1
    """),  # noqa: E501 - a table is read by its columns
    # September 28 is 90 days ahead, September 29 91; who is off the list is not due.
    "lists_due_for_review": Given(people=PEOPLE).answers("""
        person_id | status  | review_by  | days_left
        g         | no_day  |            |
        a         | overdue | 2024-06-29 | -1
        h         | due     | 2024-06-30 | 0
        b         | due     | 2024-09-28 | 90
    """),
    "custom_notifications": Given(custom_notifications=NOTIFIED + "    a | one | 2024-05-05 | direct |").answers("""
        city | attempted | direct | collateral | no_contact | people | people_direct | group_unknown
        east | 5         | 3      | 1          | 1          | 3      | 2             | 1
    """),
    # i: day 3 counts; late: day 4 does not; tried: contact none; heirs: what old did is heir's;
    # n, fresh: of the shooting, or of an attempt after it, no group is known; named: but it is the
    # trigger of one; new: the three days are not over.
    "retaliation_window": Given(
        custom_notifications=NOTIFIED.replace("c         |          | 2024-05-21", "c | | 2024-05-24")
        + "    h | heir | 2024-05-21 | direct |\n    c | | 2024-06-12 | direct | named",
        groups=GROUPS,
        incidents="""
            incident_id | occurred_at | gmi
            i           | 2024-05-01  | confirmed
            late        | 2024-05-10  | confirmed
            tried       | 2024-05-20  | confirmed
            heirs       | 2024-05-20  | confirmed
            n           | 2024-05-20  | confirmed
            fresh       | 2024-05-22  | confirmed
            named       | 2024-06-11  | confirmed
            new         | 2024-06-28  | confirmed
            u           | 2024-05-20  | unknown
        """,
        victims="\n".join(["incident_id", "i", "late", "tried", "heirs", "n", "fresh", "named", "new", "u"]),
        incident_groups="""
            incident_id | group_id | role    | status
            i           | one      | victim  | confirmed
            late        | one      | suspect | confirmed
            tried       | two      | suspect | suspected
            heirs       | old      | suspect | confirmed
            fresh       | bare     | suspect | confirmed
            named       | two      | suspect | confirmed
        """,
    ).answers("""
        incidents | notified | attempted_only | group_unknown | none_warned | suspected | gmi_unknown | last_day
        7         | 3        | 1              | 2             | 1           | 0         | 1           | 2024-06-27
    """),
    "reentry_greeting": Given(releases_from_custody=EXITS, people=PEOPLE).answers("""
        city | exits | greeted | at_the_gate | greeted_late | greeted_unknown | not_greeted | greeted_early | too_recent | off_the_list
        east | 5     | 2       | 1           | 1            | 1               | 1           | 1             | 2          | 3
    """),  # noqa: E501  # a table is read across
    "exits_from_custody": Given(releases_from_custody=EXITS, people=PEOPLE).answers("""
        custody_release_id | person_id | outcome         | greeted_by | days
        early              | b         | greeted         | office     | 0
        early_undated      | c         | greeted_unknown | office     |
        fresh              | a         | too_recent      |            |
        fourth             | c         | greeted_late    | office     | 4
        gate               | a         | greeted         | office     | 0
        nobody             | h         | not_greeted     |            |
        third              | b         | greeted         | office     | 3
        undated            | g         | greeted_unknown | office     |
    """),
    # They wait however long ago they were asked.
    "unanswered_requests": Given(
        community_requests="""
            request_id | asked_on   | topic | answered_on
            old        | 2019-06-30 | youth |
            done       | 2024-06-01 | youth | 2024-06-30
            later      | 2024-06-20 | other | 2024-07-01
            future     | 2024-07-01 | other |
        """
    ).answers("""
        request_id | topic | days_unanswered
        old        | youth | 1827
        later      | other | 10
    """),
    # In eight weeks.
    "coming_home": Given(releases_from_custody=EXITS, people=PEOPLE, memberships=MEMBERS).answers("""
        custody_release_id | person_id | group_ids | status   | days_ahead
        overdue            | c         |           | overdue  | 0
        soon               | b         | bare      | expected | 56
    """),
    # Who is expected on two days is one.
    "coming_home_by_city": Given(
        releases_from_custody=EXITS + "    again | b | 2024-08-24 | | |", people=PEOPLE, memberships=MEMBERS
    ).answers("""
        city | expected | overdue | first_expected_on
        east | 1        | 1       | 2024-08-24
    """),
    "lists_due_by_city": Given(people=PEOPLE).answers("""
        city | overdue | due | no_day | longest_overdue
        east | 1       | 2   | 1      | 1
    """),
    "exits_by_quarter": Given(releases_from_custody=QUARTERS, people=PEOPLE).answers("""
        city | quarter    | complete | exits | met | greeted | greeted_late | not_greeted | greeted_early | too_recent
        east | 2023-07-01 | yes      | 0     | 0   | 0       | 0            | 0           | 0             | 0
        east | 2023-10-01 | yes      | 0     | 0   | 0       | 0            | 0           | 0             | 0
        east | 2024-01-01 | yes      | 1     | 1   | 1       | 0            | 0           | 0             | 0
        east | 2024-04-01 | yes      | 2     | 2   | 1       | 1            | 0           | 1             | 0
    """),
    # Contacts begin in January, so February is the first month shown. a: May only in part; c: the
    # larger of two standards; w: off the list before the month ends.
    "supervision_contacts": Given(
        people=PEOPLE + "    w | 2022-01-01 | | 2024-06-29",
        supervision_spells="""
            person_id | kind      | from_on    | until_on   | required_contacts_a_month
            a         | probation | 2024-01-01 | 2024-05-30 | 2
            b         | probation | 2024-06-01 |            |
            c         | parole    | 2024-06-01 |            | 1
            c         | parole    | 2024-05-15 |            | 2
            w         | parole    | 2024-06-01 |            | 1
        """,
        supervision_contacts="""
            person_id | contacted_on | result
            a         | 2024-01-05   | made
            a         | 2024-02-01   | made
            a         | 2024-02-29   | made
            a         | 2024-02-29   | made
            a         | 2024-03-05   | unknown
            a         | 2024-03-31   | made
            a         | 2024-05-01   | made
            c         | 2024-06-30   | attempted
        """,
    ).answers("""
        kind      | person_months | months_met | required | made | made_toward | attempted | result_unknown | standard_unknown
        parole    | 1             | 0          | 2        | 0    | 0           | 1         | 0              | 0
        probation | 3             | 1          | 6        | 4    | 3           | 0         | 1              | 1
    """),  # noqa: E501  # a table is read across
    # East's week ends on Sunday: 9, 16 and June 23 have seven days behind them.
    "shooting_reviews": Given(
        incidents=REVIEWED,
        victims=SHOT,
        shooting_reviews="""
            held_on    | week_ending
            2024-06-11 | 2024-06-09
            2024-06-25 | 2024-06-22
            2024-07-01 | 2024-06-16
        """,
    ).answers("""
        incidents | reviewed_in_time | reviewed_later | not_reviewed | review_day_unknown | weeks | weeks_reviewed
        5         | 1                | 1              | 2            | 1                  | 3     | 2
    """),
    # A review of tomorrow is not known.
    "gmi_share": Given(incidents=REVIEWED, victims=SHOT).answers("""
        city | incidents | reviewed | looked_at | confirmed | suspected | not_gmi | unknown
        east | 6         | 4        | 6         | 1         | 1         | 2       | 2
    """),
}


def test_a_listing_and_a_request_are_judged_by_the_day_asked_of_and_not_by_the_end_of_their_file(tell):
    ended = dict.fromkeys(("people", "community_requests"), date(2024, 3, 1))
    due = tell("lists_due_for_review", ends=ended, people=PEOPLE)
    assert due["status"].tolist() == ["no_day", "overdue", "due", "due"]
    asked = "request_id | asked_on | topic | answered_on\nq | 2024-03-01 | youth | 2024-03-04"
    assert tell("unanswered_requests", ends=ended, community_requests=asked).empty


@pytest.mark.parametrize("query", BY_HAND)
def test_by_hand(tell, query):
    assert Shown(tell(query, **BY_HAND[query].tables)) == BY_HAND[query].answered
