"""Sentences about counts, worked by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longevity.findings.finding import TOGETHER
from longevity.text import briefing, counts
from tests.factories import hypothesis_settings
from tests.factories.findings import find_years

CITIES = {"east": "East", "west": "West"}
THROUGH = date(2026, 11, 22)
MEASURES = ("incidents", "victims", "fatal", "nonfatal", "homicides")


def by_year(*rows: tuple[str, int, int, int], empty: bool = False) -> pd.DataFrame:
    """City, year, fatal, nonfatal; other measures from them, one more homicide than fatal."""
    made = [
        {
            "city": city,
            "year": year,
            "incidents": fatal + nonfatal,
            "victims": fatal + nonfatal,
            "fatal": fatal,
            "nonfatal": nonfatal,
            "homicides": fatal + 1,
        }
        for city, year, fatal, nonfatal in rows
    ]
    frame = pd.DataFrame(made, columns=["city", "year", *MEASURES])
    return frame.astype({"city": "str", "year": "Int64", **dict.fromkeys(MEASURES, "Int64")})


def describe(frame: pd.DataFrame, measure: str, through: date = THROUGH) -> str:
    """The briefing's sentence of the cities that have rows."""
    launches = dict.fromkeys(frame["city"], None)
    together = find_years(frame, through, launches, measure=measure)[TOGETHER].last_year
    now = frame[frame["year"] == through.year]
    killed = int(now["fatal"].sum()) if measure == "victims" else None
    return counts.describe_year_to_date(replace(together, measure=measure), killed, frame, CITIES)


def said(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_briefing_by_hand():
    frame = by_year(
        ("east", 2025, 5, 30), ("east", 2026, 4, 20), ("west", 2025, 1, 4), ("west", 2026, 2, 6)
    )
    assert said(describe(frame, "victims")) == (
        "32 people were shot in East and West from January 1 to November 22, 2026: "
        "8 fewer than in the same days of 2025 (40; −20%). 6 of them were killed."
    )
    assert said(describe(frame, "homicides")) == (
        "8 people were killed, by any weapon, in East and West from January 1 to "
        "November 22, 2026: as many as in the same days of 2025."
    )
    assert said(describe(frame, "fatal")).endswith("as many as in the same days of 2025.")


@pytest.mark.parametrize(
    ("fatal", "nonfatal", "what"),
    [
        (0, 0, "0 people were shot in East from January 1 to November 22, 2026: "),
        (0, 1, "The person was not killed."),
        (1, 0, "The person was killed."),
        (0, 2, "None of them were killed."),
        (1, 1, "1 of them was killed."),
    ],
)
def test_the_briefing_agrees_in_number(fatal, nonfatal, what):
    frame = by_year(("east", 2025, 1, 1), ("east", 2026, fatal, nonfatal))
    assert what in describe(frame, "victims")


@pytest.mark.parametrize(
    ("through", "when"),
    [
        (date(2026, 1, 1), "in East on January 1, 2026"),
        (date(2026, 12, 31), "in East in 2026"),
        (date(2024, 2, 29), "in East from January 1 to February 29, 2024"),
    ],
)
def test_the_briefing_names_its_days(through, when):
    frame = by_year(("east", through.year - 1, 1, 1), ("east", through.year, 1, 2))
    sentence = describe(frame, "victims", through)
    assert f"{when}: " in sentence
    assert f"than in the same days of {through.year - 1} (2)" in sentence


def test_the_first_year_has_nothing_to_compare_with():
    frame = by_year(("east", 2026, 1, 2), ("west", 2026, 0, 0))
    assert describe(frame, "victims").endswith(
        "1 of them was killed. There is no earlier year to compare with."
    )


def test_a_city_without_the_year_before_is_not_compared_as_if_it_had_none():
    frame = by_year(("east", 2025, 1, 2), ("east", 2026, 1, 2), ("west", 2026, 3, 30))
    sentence = describe(frame, "victims")
    assert sentence.endswith("killed. The same days of 2025 are not known for West.")
    assert "more" not in sentence


def test_a_year_that_had_none_is_a_comparison_without_a_percentage():
    frame = by_year(("east", 2025, 0, 0), ("east", 2026, 0, 3))
    sentence = describe(frame, "victims")
    assert ": 3 more than in the same days of 2025 (0). " in sentence


def test_a_city_without_rows_is_missing_and_not_zero():
    frame = by_year(("east", 2025, 0, 1), ("east", 2026, 0, 3))
    assert counts.find_cities_with_rows(frame, CITIES) == {"east": "East"}
    assert (
        counts.describe_cities_without_rows(frame, CITIES)
        == "Nothing of West was supplied for these days."
    )
    both = "Nothing of East and West was supplied for these days."
    assert counts.describe_cities_without_rows(by_year(), CITIES) == both
    assert "West" not in describe(frame, "victims")


@pytest.mark.parametrize(
    ("shot", "through", "title"),
    [
        ({"East": 3, "West": 1200}, THROUGH, "2026 so far: West 1,200 and East 3"),
        ({"East": 3, "West": None}, THROUGH, "2026 so far: East 3 and West not known"),
        ({"East": 3}, date(2026, 12, 31), "2026: East 3"),
        ({}, THROUGH, "2026 so far: no data"),
    ],
)
def test_titles_rank_the_cities_and_call_only_a_whole_year_the_year(shot, through, title):
    assert counts.write_same_days_title(shot, through) == title


COUNT = st.integers(0, 400)


@hypothesis_settings.some
@given(COUNT, COUNT, COUNT, COUNT, st.sampled_from(MEASURES), st.dates(date(1999, 1, 1)))
def test_no_briefing_contradicts_its_numbers(
    before, now, before_killed, now_killed, measure, through
):
    year = through.year
    frame = by_year(("east", year - 1, before_killed, before), ("east", year, now_killed, now))
    sentence = describe(frame, measure, through)
    rows = {row["year"]: row[measure] for row in frame.to_dict("records")}
    difference = rows[year] - rows[year - 1]
    assert (" more than " in sentence) == (difference > 0)
    assert (" fewer than " in sentence) == (difference < 0)
    assert ("%" in sentence) <= (rows[year - 1] >= 30)
    assert not re.search(r"\b(inf|nan)\b", sentence, re.IGNORECASE)
    said_as_year = re.search(rf"in East in {year}", sentence) is not None
    assert said_as_year == ((through.month, through.day) == (12, 31))


def guns(*rows: tuple[str, int, int, int, bool]) -> pd.DataFrame:
    columns = ["city", "year", "firearm_homicides", "homicides", "complete"]
    return pd.DataFrame(rows, columns=columns).astype({"complete": "boolean"})


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            [("east", 2026, 3, 4, False), ("west", 2026, 30, 40, False)],
            "Homicides by firearm among all homicides, 2026 so far: East 3 of 4, West 75.0%.",
        ),
        (
            [("east", 2026, 0, 0, True)],
            "Homicides by firearm among all homicides, 2026: East no homicide.",
        ),
        ([("east", 2025, 3, 4, True)], "Nothing was supplied for 2026."),
        ([], "Nothing was supplied for 2026."),
    ],
)
def test_the_gun_share_by_hand(rows, sentence):
    assert said(counts.describe_gun_share(guns(*rows), 2026, CITIES, 30)) == sentence


def test_the_share_of_the_state_keeps_its_numerator_and_denominator():
    frame = pd.DataFrame({"year": [2011, 2012], "cities": [94, 3], "state": [129, 12]})
    told = frame.assign(source="https://courant.com/a")
    newest = "the newest year for which one source, courant.com, gives both."
    assert briefing.describe_share(told.head(1), "the cities", "Ohio", 30) == (
        f"In 2011, 94 of Ohio's 129 homicides were in the cities (72.9%): {newest}"
    )
    assert briefing.describe_share(told, "the city", "Ohio", 30) == (
        f"In 2012, 3 of Ohio's 12 homicides were in the city: {newest}"
    )
    assert briefing.describe_share(told.head(0), "the cities", "Ohio", 30) == (
        "No published source gives the homicides of both the cities and Ohio."
    )


@pytest.mark.parametrize(
    ("counted", "cities", "name"),
    [(2, 2, "Both cities"), (2, 3, "Two cities"), (3, 3, "Three cities"), (5, 6, "5 cities")],
)
def test_cities_counted_together_are_named_by_their_number(counted, cities, name):
    assert counts.name_together(counted, cities) == name
