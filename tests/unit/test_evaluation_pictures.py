"""The pictures of an evaluation agree with its numbers, and its short answer with its verdict."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from longevity.charts.chart import Drawing
from longevity.charts.figures import evaluation as drawn
from longevity.charts.theme import LIGHT
from longevity.stats import evaluation
from longevity.stats.evaluation import Evaluation, Verdict
from longevity.stats.monthly_series import Span
from longevity.text import evaluation_text
from tests.oracles import figure_checks

SPAN = Span(date(2013, 1, 1), date(2018, 12, 1))
DRAWING = Drawing(LIGHT, {"east": "East"}, True)


@pytest.fixture(scope="module")
def halved() -> Evaluation:
    """Ten years of about twelve a month, halved at the launch; everything reviewed."""
    dice = np.random.default_rng(3)
    months = pd.date_range("2008-01-01", periods=132, freq="MS")
    mean = np.where(months < pd.Timestamp("2013-01-01"), 12.0, 6.0)
    incidents = dice.poisson(mean)
    confirmed = dice.binomial(incidents, 0.7)
    frame = pd.DataFrame(
        {
            "month": months,
            "incidents": incidents,
            "reviewed": incidents,
            "confirmed": confirmed,
            "complete": True,
        }
    )
    return evaluation.evaluate_place(frame, "East", SPAN)


def test_without_an_estimate_the_answer_claims_none():
    frame = pd.DataFrame(
        {"month": pd.date_range("2012-01-01", periods=20, freq="MS"), "incidents": 3}
    )
    found = evaluation.evaluate_place(frame, "East", SPAN)
    assert found.verdict is Verdict.CANNOT_TELL
    assert evaluation_text.write_opening(found) == "East: these data cannot tell."


def test_estimates_at_other_dates_are_told_from_those_that_hold_no_change(halved):
    frame = halved.placebos.assign(told=halved.placebos.index < 3)
    chart = drawn.draw_placebos(frame, DRAWING, "Title", "Alt")
    figure_checks.assert_valid(chart.figure)
    shown = {trace["name"]: len(trace["x"]) for trace in chart.figure["data"]}
    assert shown["excludes no change"] == 3
    assert shown["holds no change"] == len(frame) - 3
