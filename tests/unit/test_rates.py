"""Rates of neighbourhoods, by plain arithmetic."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longevity.findings.area_rates import add_hover_text
from longevity.stats import rates
from tests.factories import hypothesis_settings

AREA = st.tuples(st.integers(0, 500), st.none() | st.integers(0, 200_000))


def areas(*rows: tuple[int, int | None]) -> pd.DataFrame:
    frame = pd.DataFrame(
        [("east", f"Area {at}", n, people) for at, (n, people) in enumerate(rows)],
        columns=["city", "neighbourhood", "victims", "population"],
    )
    return frame.astype({"victims": "Int64", "population": "Int64"})


def add_texts(frame: pd.DataFrame, days: int, show: str = rates.COUNT) -> pd.DataFrame:
    shown = rates.compute_area_values(frame, "victims", days, show)
    return add_hover_text(shown, "victims", days, show)


@hypothesis_settings.some
@given(st.lists(AREA, min_size=1, max_size=8), st.integers(1, 8000))
def test_rates_are_those_of_a_plain_loop_and_always_finite(rows, days):
    shown = add_texts(areas(*rows), days, rates.RATE)
    for (count, people), line in zip(rows, shown.to_dict("records"), strict=True):
        if not people:
            assert line["state"] == "no_residents"
            assert math.isnan(line["value"])
            assert "no residents, so no rate" in line["said"]
        else:
            assert line["state"] == ("shown" if count else "zero")
            assert line["value"] == pytest.approx(count / people * 100_000 / (days / 365.25))
        assert "inf" not in line["said"]
        assert "nan" not in line["said"]


@hypothesis_settings.some
@given(st.lists(AREA, max_size=8))
def test_counts_are_shown_where_nobody_lives_too(rows):
    shown = add_texts(areas(*rows), 28)
    assert shown["value"].tolist() == [count for count, _ in rows]
    assert shown["state"].tolist() == ["shown" if count else "zero" for count, _ in rows]


def test_a_smoothed_rate_stands_beside_the_rate_itself_and_its_count():
    frame = areas((30, 4_000), (0, 900), (2, 30_000), (1, None))
    shown = add_texts(frame, 365, rates.SMOOTHED)
    assert shown["value"].tolist()[:3] == rates.smooth_rates(frame, "victims", 365).tolist()[:3]
    assert shown["state"].tolist() == ["shown", "shown", "shown", "no_residents"]
    assert "0.0 per 100,000 residents a year by itself" in shown["said"].iloc[1]
    assert shown["said"].iloc[1].endswith(" smoothed")
    assert "no residents, so no rate" in shown["said"].iloc[3]


def test_a_year_before_that_is_not_known_is_not_said():
    known = rates.compute_area_values(areas((3, 1000)), "victims", 365)
    said = [*add_hover_text(known, "victims", 365, before=[1200])["said"]]
    said += [*add_hover_text(known, "victims", 365, before=[pd.NA])["said"]]
    assert ["1,200 in the same days a year before" in each for each in said] == [True, False]
