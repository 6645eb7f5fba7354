"""Who was shot, in words: what is withheld or not known is never a share."""

from __future__ import annotations

import pandas as pd
import pytest

from longevity.measures import people
from longevity.press.chart import Drawing
from longevity.press.figures import hurt
from longevity.press.style import LIGHT
from tests import charts

CITIES = {"east": "East", "west": "West"}
SEX = pd.DataFrame(
    {
        "city": ["east"] * 3 + ["west"] * 3,
        "attribute": "sex",
        "value": ["female", "male", "unknown"] * 2,
        "victims": pd.array([3, 16, 1, None, None, 0], dtype="Int64"),
        "victims_state": ["shown"] * 3 + ["withheld", "withheld", "zero"],
    }
)


def test_a_share_is_of_all_the_citys_victims_the_unknown_with_them() -> None:
    assert people.shares(SEX)["east", "male"] == 16 / 20


def test_a_city_with_a_withheld_cell_has_no_shares_at_all() -> None:
    # The whole would give the cell away, and without it no share can be told.
    assert people.shares(SEX)["west", "unknown"] is None


def test_nobody_shot_is_no_share() -> None:
    nobody = SEX.assign(victims=0, victims_state="zero")
    assert people.shares(nobody)["east", "male"] is None


@pytest.mark.parametrize(
    ("count", "may", "whole", "said"),
    [
        (
            26,
            4,
            89,
            "East: 26 of 89 people shot (29.2\u00a0%; 95\u00a0% interval 21 to 39\u00a0%) are",
        ),
        (3, 1, 9, "East: 3 of 9 people shot are known to be Black men under 30; one more may be"),
        (3, 0, 9, "age, sex and race are known wherever it matters."),
        (0, 0, 0, "East: nobody was shot."),
        (None, None, 12, "East: withheld"),
    ],
)
def test_young_black_men_are_told_with_the_range_of_what_is_unknown(
    count: int | None, may: int | None, whole: int, said: str
) -> None:
    frame = pd.DataFrame(
        {
            "city": ["east"],
            "young_black_men": pd.array([count], dtype="Int64"),
            "may_be": pd.array([may], dtype="Int64"),
            "victims": pd.array([whole], dtype="Int64"),
        }
    )
    (sentence,) = people.young_black_men(frame, CITIES, 30)
    assert said in sentence


def test_the_picture_of_shares_says_withheld_and_draws_the_unknown_apart() -> None:
    chart = hurt.shares(SEX, "sex", Drawing(LIGHT, CITIES, True), "Title", "By sex")
    charts.assert_valid(chart.figure)
    east, west = chart.figure["data"]
    assert east["text"] == ["3", "16", "1"]
    assert west["text"] == ["withheld", "withheld", "0"]
    assert east["marker"]["pattern"]["shape"] == ["", "", "/"]
    assert "East: most are male" in chart.alt
    assert "West" not in chart.alt


def test_group_involvement_adds_up_to_all_incidents() -> None:
    frame = pd.DataFrame(
        {
            "city": ["east", "west"],
            "incidents": [20, 0],
            "reviewed": [17, 0],
            "confirmed": [8, 0],
            "suspected": [2, 0],
            "unknown": [3, 0],
            "not_gmi": [7, 0],
        }
    )
    chart = hurt.group_involvement(frame, Drawing(LIGHT, CITIES, True), "GMI")
    charts.assert_valid(chart.figure)
    assert sum(trace["x"][0] for trace in chart.figure["data"]) == pytest.approx(100)
    assert sum(trace["x"][1] for trace in chart.figure["data"]) == 0
    assert "8 confirmed, 2 suspected, 3 unknown of 20 incidents" in chart.alt
