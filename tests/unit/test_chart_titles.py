"""Titles of charts: what tables followed by hand say, and never more."""

from __future__ import annotations

import pandas as pd
import pytest

from longevity.screens.chart_catalogue import compared_charts, neighbourhoods, over_time
from longevity.screens.chart_catalogue import victims as people
from tests.factories.ascii_table import read_frame

CITIES = {"east": "East", "west": "West"}


@pytest.mark.parametrize(
    ("low", "said"), [((60, 50), ": West above East"), ((40, 50), ": too close to rank the cities")]
)
def test_rates_are_ranked_only_where_their_intervals_are_apart(low, said):
    frame = pd.DataFrame(
        {
            "city": ["east", "west"],
            "rate": [45.0, 80.0],
            "rate_low": [30.0, low[0]],
            "rate_high": [float(low[1]), 100.0],
        }
    )
    title = compared_charts.write_cities_title(frame, "people shot", 365, CITIES)
    assert title.endswith(said)
    alone = compared_charts.write_cities_title(frame[:1], "people shot", 365, CITIES)
    assert alone.endswith("there is no second city with residents to compare with")


def test_the_newest_time_is_one_that_every_city_has():
    rows = [("east", 2024, 8), ("east", 2025, 9), ("west", 2025, 0), ("west", 2026, 4)]
    frame = pd.DataFrame(rows, columns=["city", "year", "victims"]).astype({"victims": "Int64"})

    def title(frame: pd.DataFrame) -> str:
        return over_time.write_newest_title("people shot", frame, "year", "victims", CITIES)

    assert title(frame) == "People shot, 2025 (2024): East 9 (8) and West 0"
    assert title(frame[frame["year"] != 2025]) == "People shot: no time is held whole by every city"
    missing = frame.assign(victims=frame["victims"].where(frame["city"] == "east"))
    assert title(missing) == "People shot, 2025 (2024): East 9 (8)"


def victims(*rows: tuple[str, int | None, str], whole: int | None = None) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["value", "victims", "victims_state"]).assign(city="east")
    frame["whole"] = whole
    return frame.astype({"victims": "Int64", "whole": "Int64"})


@pytest.mark.parametrize(
    ("rows", "whole", "said"),
    [
        ([("18-24", 30, "shown"), ("25-34", 20, "shown")], 50, "18–24 (30 of 50)"),
        ([("18-24", 20, "shown"), ("25-34", 20, "shown")], 40, "18–24 and 25–34 (20 of 40 each)"),
        # 25 are withheld: they may be more than 20.
        (
            [("18-24", 20, "shown"), ("25-34", None, "withheld"), ("55+", None, "withheld")],
            45,
            "of those shown 18–24 (20 of 45)",
        ),
        ([("18-24", 30, "shown"), ("55+", None, "withheld")], 45, "18–24 (30 of 45)"),
        ([("18-24", 30, "shown"), ("55+", None, "withheld")], None, "of those shown 18–24 (30)"),
        ([("18-24", None, "withheld"), ("unknown", 9, "shown")], None, "none of those shown"),
        ([("18-24", None, "withheld")] * 2, 4, "withheld"),
        ([("18-24", None, "missing")], None, "missing"),
        ([("18-24", 0, "zero"), ("unknown", 0, "zero")], 0, "none"),
        ([("18-24", 5, "shown"), ("unknown", 9, "shown")], 14, "18–24 (5 of 14)"),
    ],
)
def test_the_most_of_an_attribute_is_of_what_is_known_and_shown(rows, whole, said):
    title = people.write_attribute_title(victims(*rows, whole=whole), CITIES)
    assert title == f"Largest known group: East {said}"


def test_young_black_men_are_told_under_the_right_one_of_three_words():
    frame = read_frame("""
        city  | young_black_men | young_black_men_state | victims
        east  | 28              | shown                 | 80
        west  | 5               | shown                 |
        north |                 | missing               |
    """)
    assert people.write_young_black_men_title(frame, {**CITIES, "north": "North"}) == (
        "Known to be Black men under 30, of the people shot: East 28 of 80, West withheld and North missing"
    )


def hours(*rows: tuple[int, int | None, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["weekday", "hour", "incidents"])
    return frame.astype({"hour": "Int64"})


def test_the_busiest_hours_are_of_known_ones_and_a_tie_names_none():
    frame = hours((6, 21, 2), (6, 23, 3), (7, 0, 4), (1, None, 30))
    assert neighbourhoods.write_busiest_hours_title(frame, "East") == (
        "Shooting incidents in East: most on Saturday, 9 pm to midnight: 5 of 9 with a known hour"
    )
    even = hours((6, 21, 2), (7, 0, 2))
    said = neighbourhoods.write_busiest_hours_title(even, "East")
    assert "at most 2 of 4 with a known hour in any three hours" in said
