"""Words of an evaluation, and how published ones are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from longevity.findings import evaluation_text
from longevity.findings.evaluation_text import format_decimal, format_interval
from longevity.settings import ROOT
from longevity.stats.evaluation import ALL, GMI, Check, Evaluation
from longevity.stats.evaluation_checks import State
from longevity.stats.interrupted_time_series import Effect
from longevity.stats.judged_series import JudgedSeries
from longevity.stats.monthly_series import Span
from tests.factories.contexts import make_context


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "0.0"), (0.01, "under 0.1"), (-0.04, "under 0.1"), (0.05, "0.1"), (-4.61, "4.6")],
)
def test_what_is_not_nothing_is_never_written_as_nothing(value, said):
    assert format_decimal(value) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-7.5, -1.7, "1.7 to 7.5 fewer"),
        (-7.5, -0.01, "under 0.1 to 7.5 fewer"),
        (0.3, 2.0, "0.3 to 2.0 more"),
        (-3.1, 0.9, "from 3.1 fewer to 0.9 more"),
    ],
)
def test_an_interval_says_its_directions(low, high, said):
    assert format_interval(low, high) == said


def test_published_evaluations_the_null_one_too():
    published = pd.read_csv(ROOT / "data" / "reference" / "evaluations.csv")
    table = make_context().tabulate("published_evaluation", published)
    assert table["Result"].str.contains("No significant change").any()
    for row, cells in zip(published.to_dict("records"), table.to_dict("records"), strict=True):
        assert (row["study"], row["place"]) == (cells["Study"], cells["Place"])
        assert "nan" not in " ".join(cells.values()).lower()
        if pd.notna(row["effect"]):
            assert cells["Result"].startswith(f"{abs(float(row['effect'])):g}")


def judged(place: str, value: float, low: float, high: float) -> Evaluation:
    """An evaluation of one place until December 2019 with this estimate a month."""
    span = Span(date(2013, 1, 1), date(2019, 12, 31))
    series = pd.DataFrame({"month": [pd.Timestamp(2019, 12, 1)]})
    effect = Effect(value, low, high, 1.0, 1.0, 1.0, 10.0, 84)
    found = JudgedSeries(ALL, span, series, effect=effect)
    return Evaluation(place, span, found, JudgedSeries(GMI, span, series))


FELL = judged("East", -6.8, -11.3, -3.7)
ROSE = judged("West", 3.0, 1.0, 5.0)


def test_a_published_result_without_an_effect_is_no_fall():
    frame = pd.DataFrame({"effect": [-4.6, -31.5, None, 12.0]})
    assert evaluation_text.count_published(frame) == (
        "Of 4 published results of this strategy, here and elsewhere, 2 found a fall, 1 a rise and 1 no clear change."
    )


def test_where_no_check_was_run_none_is_called_quiet():
    states = {Check.PLACEBO_DATES: State.RAISED, Check.PRE_TREND: State.QUIET}
    found = [replace(FELL, states=states), replace(ROSE, states={Check.REVIEWS: State.UNTESTED})]
    assert evaluation_text.write_checks_headline(found) == ("Checks in doubt: 1 of 2 in East and none run in West.")


def test_a_rise_is_said_as_a_rise_and_a_missing_value_as_what_was_found():
    row = {"place": "A place", "program": "A program", "began": None, "outcome": "shootings"}
    row |= {"method": "a trial", "study": "Somebody 2020", "effect": 3.0, "unit": "percent"}
    unclear = row | {"effect": float("nan"), "unit": "No clear result"}
    table = make_context().tabulate("published_evaluation", pd.DataFrame([row, unclear]))
    assert table["Result"].tolist() == ["3% higher", "No clear result"]
