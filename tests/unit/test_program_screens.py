"""What the program's screens say, of frames written by hand: unknown is never a no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from longevity.screens import briefing_program, follow_up, money, public_program
from longevity.screens.call_ins import CallIns
from longevity.screens.follow_up import FollowUp
from tests.factories.ascii_table import assert_table, read_frame
from tests.factories.contexts import CITIES, make_context

LAST = pd.Timestamp(2026, 11, 22)


# --- call-ins --------------------------------------------------------------------------

GROUPS = pd.DataFrame(
    {
        "city": ["east", "east"],
        "group_id": ["east-g9", "east-g3"],
        "label": ["Cobalt", None],
        "reason": ["over_12_months", "no_notice"],
        "last_told_on": pd.to_datetime(["2025-01-05", None]),
        "last_shooting_on": pd.to_datetime(["2026-06-01", None]),
        "last_suspected_on": pd.to_datetime(["2025-06-01", "2026-05-01"]),
        "listed": [20, 7],
        "reachable": [13, 0],
        "reach_unknown": [4, 6],
        "in_custody": [0, 1],
        "reachable_people": ["east-p1, east-p2", None],
        "last_day": LAST,
    }
)
SUPPLIED = {name: ["east", "west"] for name in ("call_ins", "invitations", "groups", "memberships")}
HELD = pd.DataFrame({"city": ["east"], "next_scheduled_for": [pd.Timestamp(2026, 12, 1)]}).assign(days_since=9)


def call_ins(
    supplied: Mapping[str, Sequence[str]] = SUPPLIED | {"people": ["east"]}, **frames: pd.DataFrame
) -> CallIns:
    context = make_context(**{"next_call_in": GROUPS, "cadence_by_city": HELD} | frames)
    return CallIns(replace(context, supplied=supplied), None, CITIES)


def test_the_work_list_keeps_its_order_and_never_reads_unknown_as_out_of_reach():
    (groups,), (people,) = call_ins().next_session()
    listed = groups.table[["Group", "Why", "Members we can reach"]]
    assert listed.to_numpy().tolist() == [
        ["Cobalt", "shot 174 days ago; last warned Jan 5, 2025", "13 of 20, 4 unknown"],
        [
            "g3",
            "no shooting on file, suspected May 1, 2026; never warned",
            "0 of 7, 6 unknown, 1 in custody",
        ],
    ]
    assert people.table["People"].tolist() == ["east-p1, east-p2"]
    assert groups.sentences == ("East: 9 days since the last call-in; next on December 1, 2026",)
    assert groups.alert.startswith("Not supplied by West: people. Missing")


def test_a_city_that_supplied_too_little_is_not_one_in_which_every_group_was_warned():
    assert call_ins().answer_next() == (
        "2 groups to call in next: 1 never warned, 1 last warned over 12 months ago; not known in West."
    )
    none = call_ins({"people": ["east"]} | SUPPLIED, next_call_in=GROUPS.head(0)).answer_next()
    assert none == "Every active group was warned in the last twelve months; not known in West."
    nothing = call_ins({}, next_call_in=GROUPS.head(0)).answer_next()
    assert nothing.startswith("Not supplied by East and West: call-ins, invitations, groups")


FUNNEL = pd.DataFrame(
    {
        "city": ["east", "east", "east", "west"],
        "route": ["parole", "probation", "in_custody", "parole"],
        "invited": [50, 0, 5, 2],
        "reachable": [40, 0, 4, 2],
        "reachable_unknown": [3, 0, 0, 0],
        "attended": [30, 0, 2, 0],
        "attended_unknown": [4, 0, 1, 0],
        "attended_besides": [1, 0, 0, 0],
        "attended_aged_30": pd.array([24, 0, 0, None], "Int64"),
        "intake_30": pd.array([10, 0, 0, None], "Int64"),
        "intake_aged_90": pd.array([8, 0, 0, None], "Int64"),
        "active_90": pd.array([4, 0, 0, None], "Int64"),
        "completed_90": pd.array([1, 0, 0, None], "Int64"),
        "active_unknown_90": pd.array([1, 0, 0, None], "Int64"),
    }
)


def test_the_way_to_services_keeps_those_in_custody_and_cities_without_services_apart():
    screen = call_ins(call_in_funnel=FUNNEL)
    ((chart, by_city),) = screen.attendance()
    assert chart.definition.startswith("1 more came although their invitation is not marked")
    assert by_city.table.to_numpy().tolist() == [
        ["East", 50, "40, 3 unknown", "30, 4 unknown", "10 of 24", "4 of 8, 1 unknown"],
        ["West", 2, "2", "0", "not supplied", "not supplied"],
    ]
    assert screen.answer("attendance.headline", "route != 'in_custody'") == (
        "Members came to a call-in after 30 of 42 invitations that reached them in twelve months (unknown for 4)."
    )


def test_a_voice_that_was_not_noted_is_unknown():
    held = pd.Timestamp(2026, 4, 2)
    voices = {"community_speakers": None, "family_speakers": 0, "law_enforcement": 7}
    counted = voices | {"service_providers": 1, "cases_prepared": None, "attended": 0}
    counted |= {"attended_unknown": 2, "invited": 6, "reachable": 6, "in_custody": 0}
    sessions = pd.DataFrame(
        {"city": "west", "call_in_id": "w1", "status": "held", "held_on": held, "day": held}, [0]
    ).assign(**{name: pd.array([count], "Int64") for name, count in counted.items()})
    table = make_context().tabulate("session", sessions)
    assert table["Who spoke"].tolist() == ["community unknown, family 0, law enforcement 7, service providers 1"]


# --- follow-up -------------------------------------------------------------------------

PROMISES = read_frame("""
    city | window_days | episodes | kept | late | open | broken | unknown | elapsed | elapsed_kept
    east | 30          | 9        | 6    | 1    | 1    | 1      | 0       | 8       | 6
    west | 30          | 5        | 2    | 1    | 1    | 1      | 2       | 4       | 2
""")
OPEN = pd.DataFrame({"city": ["east", "west"], "open": [2, 1], "longest_open": pd.array([66, 3], "Int64")}).assign(
    missed_in_a_year=0
)


def followed(**frames: pd.DataFrame) -> FollowUp:
    answers = {"promises": PROMISES, "open_promises_by_city": OPEN} | frames
    return FollowUp(make_context(**answers), None, CITIES)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {},
            "In all years enforcement followed within 30 days in 8 of 12 cases; unknown for 2 more",
        ),
        (
            {"elapsed": 0, "elapsed_kept": 0},
            "Whether enforcement followed is not known of 2 cases: enforcement of that time is not on file",
        ),
    ],
)
def test_a_title_tells_what_is_not_known_from_what_did_not_happen(changed, said):
    context = make_context()
    rows = follow_up.select_window(PROMISES.assign(**changed), 30)
    assert context.say("follow_up.title", rows, days=30) == said


def test_the_oldest_open_case_is_of_all_cities_and_none_open_only_where_enforcement_is_known():
    def answer(cases: pd.DataFrame) -> str:
        return followed(open_promises_by_city=cases).answer_open().split(". ")[-1]

    assert answer(OPEN) == "3 are open, the oldest at day 66 of 90."
    assert answer(OPEN.tail(1)) == "1 is open at day 3 of 90."
    assert answer(OPEN.head(0)) == (
        "No case is known to be open; unknown for 2, as enforcement of that time is not on file."
    )


JUDGED = pd.DataFrame({"city": ["east"], "broke_restraint": [2], "actions": [3], "unjudged": [4]})
STOPPED = pd.DataFrame({"city": ["east"], "stopped": [4], "with_notice": [7]}).assign(
    stopped_no_longer_active=2, stopped_suspected=1
)


@pytest.mark.parametrize(
    ("judged", "stopped", "said"),
    [
        (
            JUDGED,
            STOPPED,
            "4 of 7 groups with notice have no confirmed shooting in 12 months; 2 of them no "
            "longer active; 1 suspected of one; not known in West. 2 of 3 actions were on a group "
            "that had not shot in the 90 days before; unknown for 4 more; not known in West.",
        ),
        (
            JUDGED.assign(city="west", actions=0, unjudged=0),
            STOPPED,
            "No action on a group with notice can be judged; not known in East.",
        ),
    ],
)
def test_restraint_names_where_it_is_not_known(judged, stopped, said):
    screen = followed(restraint=judged, groups_that_stopped=stopped)
    assert said in screen.answer_stopped()


def make_ledger() -> pd.DataFrame:
    """Five groups as `two_sided_ledger` answers: waiting, late, stopped, quiet, unknown."""
    rows = [
        ("east", "east-g2", "Schist", "2020-09-01", False, 2, "open", "2020-09-01", 41, 0, None),
        ("east", "east-g10", None, "2020-06-01", False, 1, "late", "2020-06-01", 95, 2, 12),
        ("west", "west-g1", "<b>Flint", "2019-05-01", True, 3, "broken", "2019-05-01", 500, 1, 0),
        ("west", "west-g3", "Gneiss", None, True, 0, "none", None, None, 0, 1),
        ("west", "west-g4", "Slate", None, None, 0, "none", None, None, None, 1),
    ]
    names = (
        "city group_id label last_violated_on stopped episodes response response_to days "
        "broke_restraint members_offered"
    )
    frame = pd.DataFrame(rows, columns=names.split())
    for column in ("last_violated_on", "response_to"):
        frame[column] = pd.to_datetime(frame[column])
    for column in ("days", "broke_restraint", "members_offered"):
        frame[column] = frame[column].astype("Int64")
    return frame.assign(
        stopped=frame["stopped"].astype("boolean"),
        notice_on=pd.Timestamp("2019-01-01"),
        active_until=pd.to_datetime([None, None, None, "2020-01-01", None]),
        last_broke_restraint_on=pd.to_datetime([None, "2020-03-04", "2019-11-05", None, None]),
    )


def test_the_ledger_in_words_holds_both_halves_and_the_help_offered():
    context = make_context(two_sided_ledger=make_ledger())
    shown = context.tabulate("ledger", make_ledger()).drop(columns=["City", "Notice", "Code"])
    assert_table(
        shown,
        """
        Group    | Shot last  | Cases | Stopped               | Enforcement               | Acted on though quiet | Members offered help
        Schist   | 2020-09-01 | 2     | no                    | open, 41 days             | 0                     | unknown
        g10      | 2020-06-01 | 1     | no                    | late, 95 days             | 2, last Mar 4, 2020   | 12
        <b>Flint | 2019-05-01 | 3     | yes                   | missed, since May 1, 2019 | 1, last Nov 5, 2019   | 0
        Gneiss   |            | 0     | yes; no longer active | nothing to answer         | 0                     | 1
        Slate    |            | 0     | unknown               | unknown                   | unknown               | 1
        """,  # noqa: E501 - a table is read by its columns
    )
    assert FollowUp(context, None, CITIES).answer_ledger() == (
        "3 of 5 groups with notice shot since; the last time enforcement was on time for 0, late "
        "for 1, missed for 1 and open for 1."
    )


# --- what needs attention --------------------------------------------------------------


@pytest.mark.parametrize(
    ("notified", "unknown", "said"),
    [
        (
            3,
            2,
            "After 4 of 9 group-involved shootings in twelve months no involved group was warned "
            "within 72 hours (unknown for 2, no group on file)",
        ),
        (7, 2, "After 0 of 9 group-involved shootings in twelve months no involved group was"),
        (9, 0, ""),
    ],
)
def test_a_shooting_without_a_group_on_file_is_not_one_without_warning(notified, unknown, said):
    window = pd.DataFrame({"city": ["east"], "incidents": [9], "notified": [notified], "group_unknown": [unknown]})
    found = make_context().say("warned_in_time.late", window)
    assert found.startswith(said)
    assert bool(found) is bool(said)


# --- money -----------------------------------------------------------------------------

BUDGET = pd.DataFrame(
    [
        ("east", 2023, 100.0, 90.6),
        ("east", 2023, 50.0, 50.0),
        ("east", 2024, 120.0, 80.0),
        ("east", 2024, 60.0, None),
        ("east", 2025, 130.0, None),
        ("west", 2023, None, 70.0),
    ],
    columns=["city", "fiscal_year", "allocated", "spent"],
)
BUDGET["spent_unknown"] = BUDGET["spent"].isna()


def test_spending_not_known_is_missing_and_never_nought():
    years = money.sum_by_fiscal_year(BUDGET, 7, date(2024, 6, 30))
    shown = years.astype(object).where(years.notna(), None).to_numpy().tolist()
    assert shown == [
        ["east", 2023, 150.0, 140.6, 2, 0, True],
        ["east", 2024, 180.0, 80.0, 2, 1, True],
        ["east", 2025, 130.0, None, 1, 1, False],
        ["west", 2023, None, 70.0, 1, 0, True],
    ]
    context = make_context()
    assert money.write_money_title(context, years) == (
        "Spent of what was allocated, fiscal year 2023: East $141 of $150"
    )
    assert money.write_money_title(context, years.tail(1)).startswith("No fiscal year is over")
    earlier = money.sum_by_fiscal_year(BUDGET, 7, date(2024, 6, 29))
    assert earlier["over"].tolist() == [True, False, False, True]


COST = read_frame("""
    city | fiscal_year | first_day  | last_day   | spent | sources_spent_unknown | reached | attendance_unknown | complete
    east | 2025        | 2024-07-01 | 2025-06-30 | 100.0 | 0                     | 2       | 0                  | yes
    west | 2025        | 2024-07-01 | 2025-06-30 | 300.0 | 0                     | 2       | 1                  | yes
    east | 2026        | 2025-07-01 | 2026-06-30 | 500.0 | 0                     | 5       | 0                  | yes
    west | 2026        | 2025-07-01 | 2026-06-30 |       | 1                     | 5       | 0                  | yes
""")  # noqa: E501 - a table is read by its columns


def test_money_is_divided_only_where_all_of_it_is_known_and_the_year_is_over():
    found = money.add_cost_per_person(COST)["per_person"]
    assert found.isna().tolist() == [False, False, False, True]
    assert found.tolist()[:3] == [50.0, 150.0, 100.0]
    running = money.add_cost_per_person(COST.assign(complete=False))
    assert running["per_person"].isna().all()
    assert money.write_cost_title(make_context(), running).endswith("is not known")


def test_a_year_in_which_one_city_s_cost_is_unknown_is_not_the_newest():
    newest = money.find_newest_year(COST, CITIES)
    assert newest["fiscal_year"].unique().tolist() == [2025]
    assert money.find_newest_year(COST.iloc[:0], CITIES).empty
    assert money.find_newest_year(COST.iloc[[1]], CITIES)["city"].tolist() == ["west"]


def test_the_chain_from_money_to_shootings_is_of_the_same_cities_and_leaves_out_what_is_missing():
    context = make_context(call_in_funnel=FUNNEL, promises=PROMISES)
    east, _ = money.follow_money(context, money.find_newest_year(COST.iloc[[0]], CITIES))
    assert [tile.value for tile in east] == ["$100", "50", "30", "10", "9"]
    both, _ = money.follow_money(context, money.find_newest_year(COST, CITIES))
    assert [tile.label for tile in both] == ["Spent", "Invitations", "Came", "Shot again"]


# --- Briefing's table ------------------------------------------------------------------


@pytest.mark.parametrize(("unknown", "said"), [(0, "46 of 80"), (81, "46 of 80; unknown for 81")])
def test_the_program_in_a_table_says_what_was_not_supplied(unknown, said):
    routes = read_frame("""
        city | route      | attended | attended_unknown | reachable
        east | parole     | 3        | 1                | 7
        east | in_custody | 9        | 0                | 9
    """)
    cases = {"city": "east", "window_days": 30, "elapsed": 80, "elapsed_kept": 46}
    promises = pd.DataFrame([cases | {"unknown": unknown}])
    empty = pd.DataFrame({"city": [], "days_since": []})
    shown = briefing_program.build_program_table(make_context(), routes, empty, promises, empty)
    assert shown["East"].tolist() == ["3 of 7; 1 unknown", "not supplied", said, "not supplied"]
    assert set(shown["West"]) == {"not supplied"}


# --- what the public reads -------------------------------------------------------------


def funnel(**members: tuple[int | None, str]) -> pd.DataFrame:
    rows = [("east", 2025, step, count, state) for step, (count, state) in members.items()]
    rows += [("west", 2025, step, None, "missing") for step in members]
    frame = pd.DataFrame(rows, columns=["city", "year", "step", "members", "members_state"])
    return frame.astype({"members": "Int64"})


def test_zero_withheld_and_missing_are_three_words_and_the_rest_is_no_no():
    steps = funnel(
        invited=(50, "shown"),
        reachable=(40, "shown"),
        attended=(30, "shown"),
        not_come=(None, "withheld"),
        intake_30=(0, "zero"),
    )
    context = make_context(public_funnel=steps)
    by_city = steps.groupby("city")
    cells = {city: public_program.read_steps(rows) for city, rows in by_city}
    assert [*cells["east"].values()] == ["50", "40", "30", "withheld", "0"]
    assert {*cells["west"].values()} == {"missing"}
    said = public_program.say_attendance(context)
    assert "East, 30 of 40; and West, missing." in said
    assert said.endswith("The rest did not come or we do not know.")
    none = make_context(public_funnel=steps.head(0))
    assert public_program.say_attendance(none).startswith("No year of call-ins is")


CLOSED = pd.DataFrame(
    {
        "year": [2023, 2024, 2025],
        "episodes": pd.array([30, 12, None], "Int64"),
        "episodes_state": ["shown", "shown", "withheld"],
        "kept_30": pd.array([20, 5, None], "Int64"),
        "kept_60": pd.array([5, 2, None], "Int64"),
        "kept_90": pd.array([1, 1, None], "Int64"),
        "not_kept": pd.array([4, 4, None], "Int64"),
    }
)
THREE = {**CITIES, "north": "North"}


def test_follow_up_of_the_newest_closed_year_and_of_what_is_withheld():
    newest = (
        "In 2024 warned groups of all cities opened 12 cases by shooting again; enforcement "
        "followed within 90 days in 8, in 5 of them within 30."
    )

    def say(frame: pd.DataFrame, cities: dict[str, str] = THREE) -> str:
        return public_program.say_follow_up(make_context(cities, public_promises=frame))

    few = "withheld: fewer than 3 cities had more than a few cases."
    assert say(CLOSED.head(2)) == newest
    assert say(CLOSED) == f"{newest} Of 2025 it is {few}"
    assert say(CLOSED.tail(1)).endswith(few)
    assert say(CLOSED.head(0)).startswith("No year of follow-up")
    # Of two cities each could subtract its own: they are never counted together.
    assert say(CLOSED.head(0), CITIES).endswith("and there are 2.")
    assert say(CLOSED.head(0), {"east": "East"}).endswith("and there is 1.")
