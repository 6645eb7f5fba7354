"""Sentences of the bargain against tables followed by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd
import plotly.graph_objects as go
import pytest

from longevity.measures import bargain
from longevity.press import bargain as drawn
from longevity.press.chart import Drawing
from longevity.press.style import LIGHT, STATE_COLOURS, STATES

CITIES = {"east": "East", "west": "West"}
PROMISES = pd.DataFrame(
    {
        "city": ["east", "west"],
        "window_days": [30, 30],
        "episodes": [9, 5],
        "kept": [6, 2],
        "late": [1, 1],
        "open": [1, 1],
        "broken": [1, 1],
        "unknown": [0, 0],
        "elapsed": [8, 4],
        "elapsed_kept": [6, 2],
    }
)
WAITING = pd.DataFrame({"days_unanswered": [41, 12, 3], "state": ["open"] * 3})


def test_the_answer_counts_what_is_old_enough_what_was_kept_and_what_waits() -> None:
    assert bargain.answer(PROMISES, WAITING) == (
        "12 of 14 episodes have 30 days behind them; 8 met enforcement in 30; "
        "3 are open, the oldest for 41 days."
    )


def test_one_of_each_agrees_in_number() -> None:
    one = PROMISES.head(1).assign(episodes=1, elapsed=1, elapsed_kept=0)
    assert bargain.answer(one, WAITING.tail(1)) == (
        "1 of 1 episode has 30 days behind them; 0 met enforcement in 30; 1 is open, for 3 days."
    )


def test_what_is_broken_is_not_called_open() -> None:
    assert bargain.answer(PROMISES, WAITING.assign(state="broken")).endswith("; none is open.")


def test_without_an_episode_there_is_nothing_to_answer() -> None:
    assert "no promise to answer" in bargain.answer(PROMISES.assign(episodes=0), WAITING)


@pytest.mark.parametrize(("actions", "said"), [(0, "no enforcement"), (3, "2 came without")])
def test_restraint_is_said_as_plainly(actions: int, said: str) -> None:
    frame = pd.DataFrame({"broke_restraint": [2 if actions else 0], "actions": [actions]})
    stopped = pd.DataFrame({"stopped": [4], "with_notice": [7]})
    sentence = bargain.restraint(frame, stopped)
    assert sentence.startswith("4 of 7 groups with notice")
    assert said in sentence


def test_the_curve_of_answers_rises_from_zero_and_keeps_its_interval_around_it() -> None:
    days = pd.DataFrame(
        {
            "city": ["east"] * 4,
            "days": [0, 10, 20, 30],
            "answered": [True, True, False, True],
            "episodes": [1, 2, 3, 1],
        }
    )
    found = bargain.curves(days)
    # 7 watched; 1 answered on day 0, 2 on day 10, then 3 leave, the last on day 30.
    assert found["answered"].tolist() == pytest.approx([0, 1 / 7, 3 / 7, 3 / 7, 1])
    assert (found["low"] <= found["answered"] + 1e-12).all()
    assert (found["high"] >= found["answered"] - 1e-12).all()


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


def test_the_ledger_draws_every_group_and_episode_once() -> None:
    groups = pd.DataFrame(
        {
            "city": ["east", "east"],
            "group_id": ["east-g2", "east-g10"],
            "notice_on": pd.to_datetime(["2019-01-01", "2019-02-01"]),
        }
    )
    none = _episodes().head(0).rename(columns={"violated_on": "acted_on"})
    chart = drawn.ledger(
        groups, _episodes(), none, Drawing(LIGHT, CITIES, True), date(2020, 12, 1), "Ledger"
    )
    figure = go.Figure(chart.figure)
    bars = [trace for trace in figure.data if trace.type == "bar"]
    assert [bar.name for bar in bars] == list(STATES)
    assert sorted(y for bar in bars for y in bar.y) == ["east-g10", "east-g2", "west-g1"]
    # By city, then by number, from the top; the group without a notice has its line too.
    assert list(figure.layout.yaxis.categoryarray)[::-1] == ["east-g2", "east-g10", "west-g1"]
    kept = bars[STATES.index("kept")]
    assert kept.x[0] == 10 * 86_400_000
    assert kept.marker.color == STATE_COLOURS["light"]["kept"]
    assert any(note.text == "SYNTHETIC" for note in figure.layout.annotations)
