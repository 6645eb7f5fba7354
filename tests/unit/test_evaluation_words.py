"""Words of an evaluation, and how published ones are told."""

from __future__ import annotations

import csv

import pytest

from longevity.measures import evaluation_words as words
from longevity.measures.evaluation_words import amount, between, decimal, percent
from longevity.settings import ROOT


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "0.0"), (0.01, "under 0.1"), (-0.04, "under 0.1"), (0.05, "0.1"), (-4.61, "4.6")],
)
def test_what_is_not_nothing_is_never_written_as_nothing(value: float, said: str) -> None:
    assert decimal(value) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-7.5, -1.7, "1.7 to 7.5 fewer"),
        (-7.5, -0.01, "under 0.1 to 7.5 fewer"),
        (0.3, 2.0, "0.3 to 2.0 more"),
        (-3.1, 0.9, "from 3.1 fewer to 0.9 more"),
        (-3.1, 0.0, "from 3.1 fewer to no more and no fewer"),
    ],
)
def test_an_interval_says_its_directions(low: float, high: float, said: str) -> None:
    assert between(low, high) == said


def test_amounts_and_percentages() -> None:
    assert amount(-4.6) == "4.6 fewer"
    assert amount(0.26) == "0.3 more"
    assert amount(0.0) == "no more and no fewer"
    assert percent(0.34) == "−66\u00a0%"
    assert percent(1.114) == "+11\u00a0%"
    assert percent(0.997) == "under 1\u00a0% fewer"
    assert percent(1.0) == "0\u00a0%"


def test_published_evaluations_the_null_one_too() -> None:
    with (ROOT / "data" / "reference" / "evaluations.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    said = [words.published(row) for row in rows]
    assert len(said) == 6
    assert any("a month: 4.6 incidents a month lower (time series (ARIMA)" in s for s in said)
    assert any("38.6\u00a0% lower" in s for s in said)
    (null,) = [s for s in said if "No significant change" in s]
    assert "No significant change in gunshot admissions to the trauma centre" in null
    assert "Boyle and others 2010" in null
    assert ", from" not in null  # when it began is not given
    for row, sentence in zip(rows, said, strict=True):
        assert row["study"] in sentence
        assert row["place"] in sentence
        assert "nan" not in sentence.lower()
        if row["effect"]:
            assert f"{abs(float(row['effect'])):g}" in sentence


def test_a_rise_is_told_as_a_rise_and_a_missing_value_as_what_was_found() -> None:
    row = {
        "place": "A place", "program": "A program", "began": float("nan"), "outcome": "shootings",
        "effect": 3.0, "unit": "percent", "method": "a trial", "study": "Somebody 2020",
    }  # fmt: skip
    assert words.published(row) == (
        "A place, A program. Shootings: 3\u00a0% higher (a trial; Somebody 2020)."
    )
    assert "No clear result in shootings" in words.published(
        {**row, "effect": float("nan"), "unit": "no clear result"}
    )
