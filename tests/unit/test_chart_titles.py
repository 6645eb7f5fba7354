"""Titles of charts: what tables followed by hand say, and never more."""

from __future__ import annotations

import pandas as pd
import pytest

from longevity.stats import funnel_plot
from longevity.text import chart_titles
from longevity.text.funnel_plot import describe_funnel
from tests.factories.ascii_table import read_frame

CITIES = {"east": "East", "west": "West"}


def places(**counts: int) -> pd.DataFrame:
    return pd.DataFrame(
        [("east", name, count, 10_000) for name, count in counts.items()],
        columns=["city", "name", "victims", "population"],
    )


def test_a_funnel_names_the_places_outside_while_there_are_few():
    few = funnel_plot.build_funnel(
        places(Hill=40, **{f"P{at}": 3 for at in range(9)}), "victims", 365
    )
    assert chart_titles.write_funnel_title(few) == (
        "Of 10 places, Hill lies above the common rate, further than chance would explain"
    )
    many = funnel_plot.build_funnel(
        places(**{f"H{at}": 90 for at in range(5)}, **{f"P{at}": 3 for at in range(5)}),
        "victims",
        365,
    )
    assert chart_titles.write_funnel_title(many) == (
        "Of 10 places, 5 lie above the common rate and 5 lie below the common rate, "
        "further than chance would explain"
    )
    alike = funnel_plot.build_funnel(places(Hill=4, Dale=5), "victims", 365)
    assert chart_titles.write_funnel_title(alike) == (
        "None of 2 places lies further from the common rate than chance would explain"
    )
    # What the title has said is not said again.
    assert (
        chart_titles.find_text_beyond_title(
            describe_funnel(alike), chart_titles.write_funnel_title(alike)
        )
        == ()
    )
    assert chart_titles.find_text_beyond_title(
        describe_funnel(many), chart_titles.write_funnel_title(many)
    ) == (describe_funnel(many),)


def twelve(*rows: tuple[str, str, int | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["city", "month", "victims"])
    return frame.astype({"month": "datetime64[ns]", "victims": "Int64"})


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [("east", "2026-01-01", 8), ("east", "2026-02-01", 9), ("west", "2026-02-01", 12)],
            "Twelve months to February 2026: West 12 and East 9",
        ),
        # A month that is not whole is not the newest.
        (
            [("east", "2026-01-01", 8), ("east", "2026-02-01", None), ("west", "2026-02-01", 0)],
            "The newest twelve months: East 8 (to January 2026) and West 0 (to February 2026)",
        ),
        ([("east", "2026-01-01", None)], "No twelve months in a row are known whole"),
    ],
)
def test_twelve_months_name_their_last_month(rows, said):
    assert chart_titles.write_twelve_months_title(twelve(*rows), "victims", CITIES) == said


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
        ([("18-24", 0, "zero"), ("unknown", 0, "zero")], 0, "nobody"),
        ([("18-24", 5, "shown"), ("unknown", 9, "shown")], 14, "18–24 (5 of 14)"),
    ],
)
def test_the_most_of_an_attribute_is_of_what_is_known_and_shown(rows, whole, said):
    title = chart_titles.write_attribute_title(victims(*rows, whole=whole), CITIES)
    assert title == f"Largest known group: East {said}"


def test_young_black_men_are_told_under_the_right_one_of_three_words():
    frame = read_frame("""
        city  | young_black_men | young_black_men_state | victims
        east  | 28              | shown                 | 80
        west  | 5               | shown                 |
        north |                 | missing               |
    """)
    assert chart_titles.write_young_black_men_title(frame, {**CITIES, "north": "North"}) == (
        "Known to be Black men under 30, of the people shot: East 28 of 80, West withheld and "
        "North missing"
    )


def hours(*rows: tuple[int, int | None, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["weekday", "hour", "incidents"])
    return frame.astype({"hour": "Int64"})


def test_the_busiest_hours_are_of_known_ones_and_a_tie_names_none():
    frame = hours((6, 21, 2), (6, 23, 3), (7, 0, 4), (1, None, 30))
    assert chart_titles.write_busiest_hours_title(frame, "East") == (
        "East: most on Saturday, hours 21 to 24: 5 of 9 with a known hour"
    )
    assert chart_titles.write_busiest_hours_title(hours((6, 21, 2), (7, 0, 2)), "East") == (
        "East: at most 2 in any three hours of the week, of 4 with a known hour"
    )


def test_a_year_that_is_not_whole_is_told_as_so_far():
    frame = pd.DataFrame(
        {"year": [2024, 2025, 2026], "victims": [7, 9, 3], "complete": [True, True, False]}
    )
    assert chart_titles.write_years_title(frame, "victims", "Hill") == (
        "3 people were shot in Hill in 2026 so far; between 7 and 9 a year in the whole years "
        "2024 to 2025"
    )


def test_a_call_in_is_told_with_what_is_withheld_and_what_is_zero():
    steps = {"invited": 50, "reachable": 40, "not_reached": 10, "attended": None, "intake_30": 0}
    frame = pd.DataFrame({"step": list(steps), "members": pd.array(list(steps.values()), "Int64")})
    frame["members_state"] = ["shown", "shown", "shown", "withheld", "zero"]
    assert chart_titles.write_call_in_title(frame, "East") == (
        "East: 50 invited, 40 reached, came: withheld, 0 began a service within 30 days"
    )
    assert (
        chart_titles.write_call_in_title(frame.assign(members_state="missing"), "East")
        == "East: missing"
    )


def test_promises_are_those_of_the_newest_closed_year():
    frame = read_frame("""
        year | episodes | kept_30 | kept_60 | kept_90 | not_kept
        2023 | 30       | 20      | 5       | 1       | 4
        2024 | 12       | 5       | 2       | 1       | 4
        2025 |          | 0       | 0       | 0       | 0
    """)
    assert chart_titles.write_promises_title(frame) == (
        "Of 12 cases that began in 2024, 8 were followed up within 90 days, 5 of them within "
        "30; 4 not"
    )


def test_rates_are_told_from_where_to_where_and_no_place_is_the_most():
    values = pd.Series([12.04, None, 240.0, 0.0])
    said = chart_titles.write_rates_title("East", "people shot per 100,000", values, 1, "in 2025")
    assert said == "East, people shot per 100,000, in 2025: between 0.0 and 240.0 in 3 areas"
    none = chart_titles.write_rates_title(
        "East", "rate", pd.Series([None], dtype="float"), 1, "in 2025"
    )
    assert none == "East, rate, in 2025: no area has one"
