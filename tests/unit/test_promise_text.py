"""Sentences of the bargain against tables followed by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd
import plotly.graph_objects as go
import pytest

from longevity.charts.chart import Drawing
from longevity.charts.figures import enforcement, shares
from longevity.charts.figures import promise as drawn
from longevity.charts.spec import Rows
from longevity.charts.theme import LIGHT, STATE_COLOURS, STATES
from longevity.stats import rate_ratio
from longevity.text import promise_text
from tests.factories import ascii_table
from tests.factories.ascii_table import read_frame

CITIES = {"east": "East", "west": "West"}
PROMISES = read_frame("""
    city | window_days | episodes | kept | late | open | broken | unknown | elapsed | elapsed_kept
    east | 30          | 9        | 6    | 1    | 1    | 1      | 0       | 8       | 6
    west | 30          | 5        | 2    | 1    | 1    | 1      | 0       | 4       | 2
""")
WAITING = pd.DataFrame(
    {"city": ["east", "west"], "open": [2, 1], "longest_open": pd.array([41, 3], dtype="Int64")}
)
STOPPED = pd.DataFrame({"city": ["east"], "stopped": [4], "with_notice": [7]}).assign(
    stopped_no_longer_active=2, stopped_suspected=1
)


NOT_ON_FILE = "enforcement of that time is not on file."


@pytest.mark.parametrize(
    ("promises", "waiting", "said"),
    [
        (
            PROMISES,
            WAITING,
            "12 of 14 cases have 30 days behind them; enforcement followed within 30 in 8; "
            "3 are open, the oldest for 41 days.",
        ),
        (
            PROMISES.head(1).assign(episodes=1, elapsed=1, elapsed_kept=0),
            WAITING.tail(1),
            "1 of 1 case has 30 days behind them; enforcement followed within 30 in 0; "
            "1 is open, for 3 days.",
        ),
        # What is missed is not called open, and without a case there is nothing to answer.
        (PROMISES, WAITING.assign(open=0, longest_open=pd.NA), "none is known to be open."),
        (PROMISES.assign(episodes=0), WAITING, "there is nothing to follow up."),
        # Without enforcement on file nothing is open or left alone; without a row nothing is known.
        (
            PROMISES.assign(open=0, broken=0, unknown=[9, 5], elapsed=0, elapsed_kept=0),
            WAITING.head(0),
            f"Whether enforcement followed is not known of any of 14 cases: {NOT_ON_FILE}",
        ),
        (
            PROMISES.assign(open=0, broken=0, unknown=1, elapsed=0, elapsed_kept=0),
            WAITING.head(0),
            f"none is known to be open; of 2 it is unknown, as {NOT_ON_FILE}",
        ),
        (PROMISES.head(0), WAITING.head(0), "Whether enforcement followed is not known"),
    ],
)
def test_the_answer_counts_what_is_old_enough_what_was_kept_and_what_waits(promises, waiting, said):
    assert said in promise_text.write_answer(promises, waiting)


def test_none_listed_as_open_is_none_only_where_enforcement_is_known():
    known = pd.DataFrame({"window_days": [30, 90], "unknown": [0, 0]})
    assert promise_text.explain_none_open(known) == "No follow-up is known to be open."
    assert promise_text.explain_none_open(known.assign(unknown=2)) == (
        f"No follow-up is known to be open; of 2 cases it is unknown, as {NOT_ON_FILE}"
    )


JUDGED = read_frame("""
    city | broke_restraint | actions | unjudged
    east | 2               | 3       | 0
""")
BOTH = pd.concat([STOPPED, STOPPED.assign(city="west")])


@pytest.mark.parametrize(
    ("judged", "stopped", "said"),
    [
        (JUDGED.assign(broke_restraint=0, actions=0), STOPPED, "no enforcement"),
        (
            JUDGED,
            STOPPED,
            "2 of 3 actions were on a group that had not shot in the 90 days before.",
        ),
        (JUDGED, BOTH, "in the 90 days before; enforcement was not supplied for West."),
        (JUDGED.assign(unjudged=4), BOTH, "days before (unknown for 4 more);"),
        (
            JUDGED.assign(city="west"),
            STOPPED,
            "supplied for East; who shot is not known 12 months back in West.",
        ),
        (JUDGED.head(0), STOPPED, "whether they were left alone is unknown."),
    ],
)
def test_restraint_is_said_as_plainly_and_names_where_it_is_not_known(judged, stopped, said):
    sentence = promise_text.describe_restraint(judged, stopped, CITIES, 90)
    groups = "4 of 7 groups" if len(stopped) == 1 else "8 of 14 groups"
    assert sentence.startswith(f"{groups} with notice have no confirmed shooting in 12 months")
    assert said in sentence
    assert promise_text.describe_restraint(judged, stopped.head(0), CITIES, 90) == ""


def _episodes() -> pd.DataFrame:
    when = pd.to_datetime(["2020-01-01", "2020-06-01", "2020-09-01"])
    return pd.DataFrame(
        {
            "city": ["east", "east", "west"],
            "group_id": ["east-g2", "east-g10", "west-g1"],
            "violated_on": when,
            "first_action_on": pd.to_datetime(["2020-01-11", None, None]),
            "state": ["kept", "broken", "open"],
        }
    )


def _ledger() -> pd.DataFrame:
    """Four groups as `two_sided_ledger` answers: waiting, answered, stopped, unknown."""
    day = pd.Timestamp
    rows = [
        ("east", "east-g2", "Schist", "2020-09-01", False, 2, "open", "2020-09-01", 41, 0, None),
        ("east", "east-g10", None, "2020-06-01", False, 1, "late", "2020-06-01", 95, 2, 12),
        ("west", "west-g1", "<b>Flint", "2019-05-01", True, 3, "broken", "2019-05-01", 500, 1, 0),
        ("west", "west-g3", "Gneiss", None, True, 0, "none", None, None, 0, 1),
    ]
    names = (
        "city group_id label last_violated_on stopped episodes response response_to days "
        "broke_restraint services_offered"
    )
    frame = pd.DataFrame(rows, columns=names.split())
    for column in ("last_violated_on", "response_to"):
        frame[column] = pd.to_datetime(frame[column])
    for column in ("days", "services_offered"):
        frame[column] = frame[column].astype("Int64")
    return frame.assign(
        notice_on=day("2019-01-01"),
        active_until=pd.Series([pd.NaT, pd.NaT, pd.NaT, day("2020-01-01")]),
        last_broke_restraint_on=pd.Series([pd.NaT, day("2020-03-04"), day("2019-11-05"), pd.NaT]),
        members_offered=frame["services_offered"],
    )


def test_the_ledger_in_words_holds_both_halves_and_the_help_offered():
    shown = promise_text.build_ledger_table(_ledger(), CITIES).drop(
        columns=["City", "Notice", "Code"]
    )
    ascii_table.assert_table(
        shown,
        """
        Group    | Shot last  | Cases | Stopped                | Enforcement                | Acted on though quiet | Members offered help
        Schist   | 2020-09-01 | 2     | no                     | open, 41 days              | never                   | unknown
        g10      | 2020-06-01 | 1     | no                     | late, 95 days              | 2, last Mar 4, 2020     | 12
        <b>Flint | 2019-05-01 | 3     | yes                    | missed, since May 1, 2019  | 1, last Nov 5, 2019     | none
        Gneiss   |            | 0     | yes; no longer active  | nothing to answer          | never                   | 1
        """,  # noqa: E501 - a table is read by its columns
    )


def test_restraint_is_unknown_without_enforcement_handed_over():
    frame = _ledger().assign(broke_restraint=pd.array([None] * 4, dtype="Int64"))
    assert set(promise_text.build_ledger_table(frame, CITIES)["Acted on though quiet"]) == {
        "unknown"
    }


def test_a_group_that_stopped_stands_at_that_whatever_came_before():
    assert promise_text.add_group_status(_ledger())["today"].tolist() == [
        "waits 41 d",
        "answered",
        "stopped",
        "stopped",
    ]


def test_of_a_group_nobody_watched_so_long_nothing_is_said_to_be_over():
    unseen = _ledger().tail(1).assign(stopped=pd.array([None], dtype="boolean"))
    assert promise_text.add_group_status(unseen)["today"].tolist() == ["unknown"]
    (row,) = promise_text.build_ledger_table(unseen, CITIES).to_dict("records")
    assert (row["Stopped"], row["Enforcement"]) == ("unknown; no longer active", "unknown")


def test_help_is_counted_only_where_services_were_handed_over():
    told = pd.DataFrame({"services_offered": pd.array([None, 0, 4, 1], "Int64")})
    assert promise_text.describe_help(told) == (
        "Members of 2 of 3 groups with notice were offered help."
    )
    assert "unknown" in promise_text.describe_help(told.head(1))
    assert promise_text.describe_help(told.head(0)) == ""


def test_an_open_follow_up_is_told_by_code_name_and_the_day_of_its_window():
    waiting = pd.DataFrame(
        {
            "city": ["east", "west"],
            "group_id": ["east-g2", "west-g9"],
            "label": ["Schist", None],
            "violated_on": pd.to_datetime(["2020-09-01", "2020-10-11"]),
            "window_ends_on": pd.to_datetime(["2020-11-30", "2021-01-09"]),
            "notice_on": pd.to_datetime(["2019-01-01", "2019-02-01"]),
            "days_unanswered": [41, 65],
            "members_known": [13, 1],
            "members_acted_on": [0, 1],
        }
    )
    table = promise_text.build_open_table(waiting, CITIES)
    names = ["City", "Group", "Day", "Members with an action", "Code"]
    assert table[names].to_numpy().tolist() == [
        ["East", "Schist", "41 of 90", "0 of 13", "east-g2"],
        ["West", "g9", "65 of 90", "1 of 1", "west-g9"],
    ]
    assert list(promise_text.build_open_table(waiting.head(0), CITIES)) == list(table)


def test_an_action_before_its_trigger_and_one_without_a_group_are_said():
    frame = pd.DataFrame(
        {"city": ["east", "west"], "dated_before_trigger": [1, 0], "group_unknown": [0, 2]}
    )
    first, second = promise_text.describe_odd_actions(frame, CITIES)
    assert first.startswith("East: 1 action is dated before the shooting")
    assert second.startswith("West: 2 actions on a group without saying")
    assert (
        promise_text.describe_odd_actions(frame.assign(dated_before_trigger=0).head(1), CITIES)
        == []
    )


def test_unknown_attendance_makes_a_notice_unsure():
    notices = pd.DataFrame({"earlier_attendance_unknown": [0, 1]})
    assert promise_text.describe_unsure_notice(notices).startswith(
        "1 group of 2 may have had notice earlier"
    )
    assert promise_text.describe_unsure_notice(notices.head(1)) == ""


@pytest.mark.parametrize(
    ("before", "after", "said", "chance"),
    [
        (40, 10, "0.25 times as often as before", False),
        (4, 3, "0.75 times as often as before", True),
        (0, 3, "none before, so no ratio", False),
    ],
)
def test_before_and_after_is_told_with_its_counts_and_whether_chance_would_do(
    before, after, said, chance
):
    group = pd.DataFrame(
        {
            "city": ["east"],
            "incidents_before": [before],
            "weeks_before": [100.0],
            "incidents_after": [after],
            "weeks_after": [100.0],
            "groups": [1],
            "left_out": [0],
        }
    )
    rates = rate_ratio.add_rate_ratios(group)
    (sentence,) = promise_text.describe_before_after(rates, CITIES)
    assert said in sentence
    assert ("chance alone" in sentence) is chance
    drawn_again = enforcement.draw_before_and_after(rates, Drawing(LIGHT, CITIES, True), "Ratio")
    assert ("0 times" in drawn_again.alt or "No city" in drawn_again.alt) is (before == 0)


def test_the_ledger_draws_every_group_and_episode_once():
    groups = promise_text.add_group_status(_ledger())
    none = _episodes().head(0).rename(columns={"violated_on": "acted_on"})
    chart = drawn.draw_ledger(
        groups, _episodes(), none, Drawing(LIGHT, CITIES, True), date(2020, 12, 1), "Ledger"
    )
    figure = go.Figure(chart.figure)
    bars = [trace for trace in figure.data if trace.type == "bar"]
    assert [bar.name for bar in bars] == ["on time", "late", "open", "missed"]
    # By city, in the ledger's own order, a row free above each city for its name.
    assert [text.split(">")[1].split("<")[0] for text in figure.layout.yaxis.ticktext] == [
        "Schist",
        "g10",
        "&lt;b&gt;Flint",
        "Gneiss",
    ]
    assert list(figure.layout.yaxis.tickvals) == [1, 2, 4, 5]
    assert sorted(y for bar in bars for y in bar.y) == [1, 2, 4]
    kept = bars[STATES.index("kept")]
    assert kept.x[0] == 10 * 86_400_000
    assert kept.marker.color == STATE_COLOURS["light"]["kept"]
    # Of which nobody knows is drawn as unknown and not as open.
    doubtful = _episodes().assign(state=["kept", "unknown", "open"])
    chart = drawn.draw_ledger(
        groups, doubtful, none, Drawing(LIGHT, CITIES, True), date(2020, 12, 1), "Ledger"
    )
    assert "1 open, 0 missed, 1 unknown" in chart.alt


def test_a_group_that_passed_on_keeps_its_line_after_the_others():
    gone = _episodes().head(1).assign(group_id="east-g0")
    none = gone.head(0).rename(columns={"violated_on": "acted_on"})
    chart = drawn.draw_ledger(
        promise_text.add_group_status(_ledger()),
        gone,
        none,
        Drawing(LIGHT, CITIES, False),
        date(2020, 12, 1),
        "Ledger",
    )
    said = chart.figure["layout"]["yaxis"]["ticktext"][2]
    assert ">g0<" in said
    assert "passed on" in said


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "In all years enforcement followed within 30 days in 8 of 12 cases"),
        (
            {"unknown": 2},
            "In all years enforcement followed within 30 days in 8 of 12 cases; unknown for 4 more",
        ),
        (
            {"unknown": 7, "elapsed": 0, "elapsed_kept": 0},
            "Whether enforcement followed is not known of any of 14 cases",
        ),
        ({"elapsed": 0, "elapsed_kept": 0}, "No case is 30 days old"),
    ],
)
def test_a_title_tells_what_is_not_known_from_what_did_not_happen(changed, said):
    assert promise_text.write_follow_up_title(PROMISES.assign(**changed)) == said


def test_the_bars_of_follow_up_add_up_with_what_is_unknown():
    frame = PROMISES.assign(episodes=[11, 7], unknown=2)
    chart = shares.draw_follow_up(frame, Drawing(LIGHT, CITIES, synthetic=False), "")
    assert isinstance(chart.spec, Rows)
    drawn_parts = [sum(part.amount or 0 for part in row.parts) for row in chart.spec.rows]
    assert drawn_parts == [11, 7]
    assert "2 unknown" in chart.alt


def test_on_time_is_told_of_the_cases_with_so_many_days_behind_them():
    # Some were followed up at once, and their days are not over: in no number yet.
    frame = PROMISES.assign(elapsed=[9, 0], elapsed_kept=[5, 0])
    chart = shares.draw_follow_up(frame, Drawing(LIGHT, CITIES, synthetic=False), "")
    assert isinstance(chart.spec, Rows)
    notes = [row.note for row in chart.spec.rows]
    assert notes == ["5 of 9 on time", ""]
    assert [row.parts[0].amount for row in chart.spec.rows] == [5, 0]


def test_the_ledgers_headline_counts_groups_that_shot_and_how_it_ended():
    def write(*responses: str) -> str:
        return promise_text.write_ledger_headline(pd.DataFrame({"response": responses}))

    assert write("none", "none") == "Of 2 groups with notice none is known to have shot since."
    assert write("none", "kept", "kept", "late", "broken", "open", "unknown") == (
        "Of 7 groups with notice 6 shot since; the last time enforcement was on time for 2, late "
        "for 1, missed for 1, open for 1 and unknown for 1."
    )
