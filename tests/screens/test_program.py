"""What the program's screens say, of frames written by hand: unknown is never a no."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from longevity.screens import briefing_program, follow_up, money, public_program
from longevity.screens.call_ins import CallIns
from longevity.screens.city_screen import CityScreen
from longevity.screens.follow_up import FollowUp
from tests.factories.ascii_table import Shown, read_frame, rows
from tests.factories.contexts import CITIES, make_context

GROUPS = read_frame("""
    city | group_id | label  | reason         | last_told_on | last_shooting_on | last_suspected_on
    east | east-g9  | Cobalt | over_12_months | 2025-01-05   | 2026-06-01       | 2025-06-01
    east | east-g3  |        | no_notice      |              |                  | 2026-05-01
""").assign(
    listed=[20, 7],
    reachable=[13, 0],
    reach_unknown=[4, 6],
    in_custody=[0, 1],
    reachable_people=["east-p1, east-p2", None],
    last_day=pd.Timestamp(2026, 11, 22),
)
SUPPLIED = {name: ["east", "west"] for name in ("call_ins", "invitations", "groups", "memberships")}
HELD = pd.DataFrame({"city": ["east"], "next_scheduled_for": [pd.Timestamp(2026, 12, 1)], "days_since": [9]})
FUNNEL = read_frame("""
    city | route      | invited | reachable | reachable_unknown | attended | attended_unknown | attended_besides
    east | parole     | 50      | 40        | 3                 | 30       | 4                | 1
    east | probation  | 0       | 0         | 0                 | 0        | 0                | 0
    east | in_custody | 5       | 4         | 0                 | 2        | 1                | 0
    west | parole     | 2       | 2         | 0                 | 0        | 0                | 0
""").join(
    read_frame("""
        attended_aged_30 | intake_30 | intake_aged_90 | active_90 | completed_90 | active_unknown_90
        24               | 10        | 8              | 4         | 1            | 1
        0                | 0         | 0              | 0         | 0            | 0
        0                | 0         | 0              | 0         | 0            | 0
                         |           |                |           |              |
    """)
)
FUNNEL = FUNNEL.assign(attended_unserved=[3, 0, 0, 0], intake_unserved=0)


def call_ins(supplied=SUPPLIED | {"people": ["east"]}, **frames):
    context = make_context(**{"next_call_in": GROUPS, "cadence_by_city": HELD} | frames)
    return CallIns(replace(context, supplied=supplied), None)


def test_the_work_list_keeps_its_order_and_never_reads_unknown_as_out_of_reach():
    (groups,), (people,) = call_ins(SUPPLIED | {"people": ["east"], "supervision_spells": ["west"]}).next_session()
    assert groups.table[["Group", "Why", "Members we can reach"]].to_numpy().tolist() == [
        ["Cobalt", "shot 174 days ago; last warned Jan 5, 2025", "13 of 20, 4 unknown"],
        ["g3", "no shooting on file, suspected May 1, 2026; no warning on file", "0 of 7, 6 unknown, 1 in custody"],
    ]
    assert people.table["People"].tolist() == ["east-p1, east-p2"]
    assert groups.sentences == ("East: 9 days since the last call-in; next on December 1, 2026",)
    assert groups.alert.startswith("Not supplied by West: people. Missing")
    assert groups.alert.endswith("Who is in custody is not known.")


@pytest.mark.parametrize(
    ("supplied", "groups", "active", "said"),
    [
        (
            SUPPLIED,
            2,
            2,
            "2 groups to call in next: 1 with no warning on file, 1 last warned over 12 months ago; not known in West.",
        ),
        (SUPPLIED, 0, 2, "Every active group was warned in the twelve months to November 22, 2026; not known in West."),
        (SUPPLIED, 0, 0, "No active group is on file; not known in West."),
        ({}, 0, 0, "Not supplied by East and West: call-ins, invitations, groups"),
    ],
)
def test_a_city_that_supplied_too_little_is_not_one_in_which_every_group_was_warned(supplied, groups, active, said):
    people = {"people": ["east"]} if supplied else {}
    frames = {"next_call_in": GROUPS.head(groups), "group_coverage_grid": GROUPS.head(active)}
    assert call_ins(people | supplied, **frames).answer_next().startswith(said)


def test_the_way_to_services_keeps_those_in_custody_and_cities_without_services_apart():
    screen = call_ins(call_in_funnel=FUNNEL)
    ((chart, by_city),) = screen.attendance()
    assert chart.definition.startswith("1 more came although their invitation is not marked")
    assert by_city.table.to_numpy().tolist() == [
        ["East", 50, "40, 3 unknown", "30, 4 unknown", "10 of 24, 3 unknown", "4 of 8, 1 unknown"],
        ["West", 2, "2", "0", "not supplied", "not supplied"],
    ]
    assert screen.answer("attendance.headline", "route != 'in_custody'") == (
        "Members came to a call-in after 30 of 42 invitations that reached them in twelve months (unknown for 4)."
    )


def test_a_voice_that_was_not_noted_is_unknown():
    sessions = read_frame("""
        city | call_in_id | status | community_speakers | family_speakers | law_enforcement | service_providers
        west | w1         | held   |                    | 0               | 7               | 1
    """)
    counts = {"attended": 0, "attended_unknown": 2, "invited": 6, "reachable": 6, "in_custody": 0}
    held = pd.Timestamp(2026, 4, 2)
    table = make_context().tabulate("session", sessions.assign(**counts, cases_prepared=pd.NA, held_on=held, day=held))
    assert table["Who spoke"].tolist() == ["community unknown, family 0, law enforcement 7, service providers 1"]


PROMISES = read_frame("""
    city | window_days | episodes | kept | late | open | broken | unknown | elapsed | elapsed_kept | group_unknown
    east | 30          | 9        | 6    | 1    | 1    | 1      | 0       | 8       | 6            | 0
    west | 30          | 5        | 2    | 1    | 1    | 1      | 2       | 4       | 2            | 0
""")
OPEN = read_frame("""
    city | open | longest_open | missed_in_a_year
    east | 2    | 66           | 0
    west | 1    | 3            | 0
""")


def followed(**frames):
    return FollowUp(make_context(**{"promises": PROMISES, "open_promises_by_city": OPEN} | frames), None)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "In all years enforcement followed within 30 days in 8 of 12 cases; unknown for 2 more"),
        (
            {"elapsed": 0, "elapsed_kept": 0},
            "Whether enforcement followed is not known of 2 cases: enforcement of that time is not on file",
        ),
    ],
)
def test_a_title_tells_what_is_not_known_from_what_did_not_happen(changed, said):
    rows = follow_up.select_window(PROMISES.assign(**changed), 30)
    assert make_context().say("follow_up.title", rows, days=30) == said


@pytest.mark.parametrize(
    ("cases", "said"),
    [
        (OPEN, "3 are open, the oldest at day 66 of 90; unknown for 2 more."),  # of all cities
        (OPEN.tail(1), "1 is open at day 3 of 90; unknown for 2 more."),
        (OPEN.head(0), "No case is known to be open; unknown for 2, as enforcement of that time is not on file."),
    ],
)
def test_none_is_open_only_where_enforcement_is_known(cases, said):
    assert followed(open_promises_by_city=cases).answer_open().endswith(f". {said}")


@pytest.mark.parametrize(("begins", "is_said"), [("2025-11-23", True), ("2025-11-24", False)])
def test_of_twelve_months_is_spoken_where_they_are_on_file_to_their_first_day(begins, is_said):
    """They end on November 22, 2026."""
    screen = followed()
    context = replace(screen.context, begins={"incident_groups": {"east": begins}})
    assert bool(FollowUp(context, None).say_twelve_months()) == is_said


@pytest.mark.parametrize(
    ("judged", "said"),
    [
        (
            {},
            "4 of 7 groups with notice have no confirmed shooting in 12 months; 2 of them no longer active; "
            "1 suspected of one; who shot is known through March 31, 2026 only; not known in West. 2 of 3 actions "
            "answered no case and fell on a group that had not shot in the 90 days before; unknown for 4 more; not "
            "known in West.",
        ),
        (
            {"city": "west", "actions": 0, "unjudged": 0, "group_unknown": 0},
            "No action on a group with notice can be judged; not known in East.",
        ),
    ],
)
def test_restraint_names_where_it_is_not_known(judged, said):
    restraint = pd.DataFrame(
        [{"city": "east", "broke_restraint": 2, "actions": 3, "unjudged": 3, "group_unknown": 1} | judged]
    )
    stopped = {"city": "east", "stopped": 4, "with_notice": 7, "stopped_no_longer_active": 2, "stopped_suspected": 1}
    stopped["who_shot_ends_on"] = pd.Timestamp(2026, 3, 31)
    assert said in followed(restraint=restraint, groups_that_stopped=pd.DataFrame([stopped])).answer_stopped()


def test_the_ledger_in_words_holds_both_halves_and_the_help_offered():
    ledger = read_frame("""
        city | group_id | label    | last_shot_on | stopped | episodes | response | response_to | days
        east | east-g2  | Schist   | 2020-09-01       | no      | 2        | open     | 2020-09-01  | 41
        east | east-g10 |          | 2020-06-01       | no      | 1        | late     | 2020-06-01  | 95
        west | west-g1  | <b>Flint | 2019-05-01       | yes     | 3        | broken   | 2019-05-01  | 500
        west | west-g3  | Gneiss   |                  | yes     | 0        | none     |             |
        west | west-g4  | Slate    |                  |         | 0        | none     |             |
    """).join(
        read_frame("""
            broke_restraint | unjudged | members_offered | active_until | last_broke_restraint_on | who_shot_ends_on
            0               | 0        |                 |              |                         |
            2               | 1        | 12              |              | 2020-03-04              |
            1               | 0        | 0               |              | 2019-11-05              | 2020-11-30
            0               | 0        | 1               | 2020-01-01   |                         |
                            | 1        | 1               |              |                         | 2020-11-30
        """)
    )
    ledger["notice_on"] = pd.Timestamp(2019, 1, 1)
    context = make_context(two_sided_ledger=ledger, restraint=pd.DataFrame({"city": [], "group_unknown": []}))
    assert Shown(context.tabulate("ledger", ledger).drop(columns=["City", "Notice", "Code"])) == rows("""
        Group    | Shot last  | Cases | Stopped                 | Enforcement               | Acted on though quiet                   | Members offered help
        Schist   | 2020-09-01 | 2     | no                      | open, 41 days             | 0                                       | unknown
        g10      | 2020-06-01 | 1     | no                      | late, 95 days             | 2, last Mar 4, 2020; unknown for 1 more | 12
        <b>Flint | 2019-05-01 | 3     | yes, as of Nov 30, 2020 | missed, since May 1, 2019 | 1, last Nov 5, 2019                     | 0
        Gneiss   |            | 0     | yes; no longer active   | nothing to answer         | 0                                       | 1
        Slate    |            | 0     | unknown                 | unknown                   | unknown                                 | 1
    """)  # noqa: E501 - a table is read by its columns
    assert FollowUp(context, None).answer_ledger() == (
        "3 of 5 groups with notice shot since; the last time enforcement was on time for 0, late "
        "for 1, missed for 1 and open for 1."
    )


LATE = "After {} of 9 group-involved shootings in twelve months no involved group was warned within 72 hours"


@pytest.mark.parametrize(
    ("notified", "unknown", "said"),
    [(3, 2, f"{LATE.format(4)} (unknown for 2, no group on file)"), (7, 2, LATE.format(0)), (9, 0, "")],
)
def test_a_shooting_without_a_group_on_file_is_not_one_without_warning(notified, unknown, said):
    window = pd.DataFrame({"city": ["east"], "incidents": [9], "notified": [notified], "group_unknown": [unknown]})
    found = make_context().say("warned_in_time.late", window)
    assert found.startswith(said)
    assert bool(found) is bool(said)


BUDGET = read_frame("""
    city | fiscal_year | allocated | spent | spent_unknown
    east | 2023        | 100.0     | 90.6  | no
    east | 2023        | 50.0      | 50.0  | no
    east | 2024        | 120.0     | 80.0  | no
    east | 2024        | 60.0      |       | yes
    east | 2025        | 130.0     |       | yes
    west | 2023        |           | 70.0  | no
""")
COST = read_frame("""
    city | fiscal_year | first_day  | last_day   | spent | sources_spent_unknown | reached | attendance_unknown | complete
    east | 2025        | 2024-07-01 | 2025-06-30 | 100.0 | 0                     | 2       | 0                  | yes
    west | 2025        | 2024-07-01 | 2025-06-30 | 300.0 | 0                     | 2       | 1                  | yes
    east | 2026        | 2025-07-01 | 2026-06-30 | 500.0 | 0                     | 5       | 0                  | yes
    west | 2026        | 2025-07-01 | 2026-06-30 |       | 1                     | 5       | 0                  | yes
""")  # noqa: E501 - a table is read by its columns


def test_spending_not_known_is_missing_and_never_nought():
    years = money.sum_by_fiscal_year(BUDGET, 7, date(2024, 6, 30))
    assert years.astype(object).where(years.notna(), None).to_numpy().tolist() == [
        ["east", 2023, 150.0, 140.6, 2, 0, True],
        ["east", 2024, 180.0, 80.0, 2, 1, True],
        ["east", 2025, 130.0, None, 1, 1, False],
        ["west", 2023, None, 70.0, 1, 0, True],
    ]
    context = make_context()
    assert money.write_money_title(context, years) == "Spent of what was allocated, fiscal year 2023: East $141 of $150"
    assert money.write_money_title(context, years.tail(1)).startswith("No fiscal year is over")
    earlier = money.sum_by_fiscal_year(BUDGET, 7, date(2024, 6, 29))
    assert earlier["over"].tolist() == [True, False, False, True]


def test_money_is_divided_only_where_all_of_it_is_known_and_the_year_is_over():
    found = money.add_cost_per_person(COST)["per_person"]
    assert found.isna().tolist() == [False, False, False, True]
    assert found.tolist()[:3] == [50.0, 150.0, 100.0]
    running = money.add_cost_per_person(COST.assign(complete=False))
    assert running["per_person"].isna().all()
    assert money.write_cost_title(make_context(), running).endswith("is not known")


def test_money_is_followed_in_the_newest_year_that_is_known_of_every_city_and_through_the_same_cities():
    newest = money.find_newest_year(COST, CITIES)
    assert newest["fiscal_year"].unique().tolist() == [2025]
    assert money.find_newest_year(COST.iloc[:0], CITIES).empty
    assert money.find_newest_year(COST.iloc[[1]], CITIES)["city"].tolist() == ["west"]
    context = make_context(call_in_funnel=FUNNEL, promises=PROMISES)
    east, _ = money.follow_money(context, money.find_newest_year(COST.iloc[[0]], CITIES))
    assert [tile.value for tile in east] == ["$100", "50", "30", "10", "9"]
    # Of who shot in a part of the year alone no number is given as the year's.
    ended = replace(context, supplied={"incident_groups": {"east": date(2025, 6, 29)}})
    short, _ = money.follow_money(ended, money.find_newest_year(COST.iloc[[0]], CITIES))
    assert [tile.value for tile in short] == ["$100", "50", "30", "10"]
    both, _ = money.follow_money(context, newest)
    assert [tile.label for tile in both] == ["Spent", "Invitations", "Came", "Shot again"]  # what is missing left out


@pytest.mark.parametrize(("unknown", "said"), [(0, "46 of 80"), (81, "46 of 80; unknown for 81")])
def test_the_program_in_a_table_says_what_was_not_supplied(unknown, said):
    routes = read_frame("""
        city | route      | attended | attended_unknown | reachable
        east | parole     | 3        | 1                | 7
        east | in_custody | 9        | 0                | 9
    """)
    cases = {"city": "east", "window_days": 30, "elapsed": 80, "elapsed_kept": 46, "unknown": unknown}
    cases["group_unknown"] = 0
    empty = pd.DataFrame({"city": [], "days_since": []})
    context = make_context(
        call_in_funnel=routes, cadence_by_city=empty, promises=pd.DataFrame([cases]), reentry_greeting=empty
    )
    context = replace(context, supplied={"releases_from_custody": ["west"], "people": ["west"]})
    shown = briefing_program.build_program_table(CityScreen(context, None))
    assert shown["East"].tolist() == ["3 of 7; 1 unknown", "not supplied", said, "not supplied"]
    # West's file of those who come home begins too late.
    assert shown["West"].tolist() == [*["not supplied"] * 3, "not covered"]


def test_zero_withheld_and_missing_are_three_words_and_the_rest_is_no_no():
    steps = read_frame("""
        city | year | step      | members | members_state
        east | 2025 | invited   | 50      | shown
        east | 2025 | reachable | 40      | shown
        east | 2025 | attended  | 30      | shown
        east | 2025 | not_come  |         | withheld
        east | 2025 | intake_30 | 0       | zero
        west | 2025 | invited   |         | missing
        west | 2025 | reachable |         | missing
        west | 2025 | attended  |         | missing
        west | 2025 | not_come  |         | missing
        west | 2025 | intake_30 |         | missing
    """)
    cells = {city: [*public_program.read_steps(rows).values()] for city, rows in steps.groupby("city")}
    assert cells == {"east": ["50", "40", "30", "withheld", "0"], "west": ["missing"] * len(cells["west"])}
    said = public_program.say_attendance(make_context(public_funnel=steps))
    assert "East, 30 of 40; and West, missing." in said
    assert said.endswith("The rest did not come or we do not know.")
    none = make_context(public_funnel=steps.head(0))
    assert public_program.say_attendance(none).startswith("No year of call-ins is")


CLOSED = read_frame("""
    year | episodes | episodes_state | kept_30 | kept_60 | kept_90 | not_kept
    2023 | 30       | shown          | 20      | 5       | 1       | 4
    2024 | 12       | shown          | 5       | 2       | 1       | 4
    2025 |          | withheld       |         |         |         |
""")
NEWEST = (
    "In 2024 warned groups of all cities opened 12 cases by shooting again; enforcement "
    "followed within 90 days in 8, in 5 of them within 30."
)
NEWER = f"{NEWEST} The 2025 figure is not published: too few cases."
FEW = "not published of any closed year: too few cases."


@pytest.mark.parametrize(
    ("years", "cities", "said"),
    [
        (CLOSED.head(2), 3, NEWEST),
        (CLOSED, 3, NEWER),
        (CLOSED.tail(1), 3, FEW),
        (CLOSED.tail(2).assign(episodes=pd.NA, episodes_state=["missing", "withheld"]), 3, "No year of follow-up"),
        (CLOSED.head(0), 3, "No year of follow-up"),
        # Of two cities each could subtract its own: they are never counted together.
        (CLOSED.head(0), 2, "and there are 2."),
        (CLOSED.head(0), 1, "and there is 1."),
    ],
)
def test_follow_up_of_the_newest_closed_year_and_of_what_is_withheld(years, cities, said):
    three = {**CITIES, "north": "North"}
    context = make_context(dict([*three.items()][:cities]), public_promises=years)
    found = public_program.say_follow_up(context)
    assert found == said if said in (NEWEST, NEWER) else said in found
