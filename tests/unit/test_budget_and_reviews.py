"""Money and lists due for review, in sentences and pictures, by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from longevity.charts.chart import Drawing
from longevity.charts.figures import money
from longevity.charts.theme import LIGHT
from longevity.text import budget_and_reviews
from tests.factories.ascii_table import read_frame

CITIES = {"east": "East", "west": "West"}
BUDGET = pd.DataFrame(
    [
        ("east", 2023, "state", 100.0, 90.6),
        ("east", 2023, "city", 50.0, 50.0),
        ("east", 2024, "state", 120.0, 80.0),
        ("east", 2024, "city", 60.0, None),
        ("east", 2025, "state", 130.0, None),
        ("west", 2023, "state", None, 70.0),
    ],
    columns=["city", "fiscal_year", "source", "allocated", "spent"],
)
BUDGET["spent_unknown"] = BUDGET["spent"].isna()
THROUGH = date(2024, 6, 30)


@pytest.mark.parametrize(
    ("year", "month", "last"),
    [
        (2024, 7, date(2024, 6, 30)),
        (2024, 1, date(2024, 12, 31)),
        (2024, 3, date(2024, 2, 29)),
        (2023, 10, date(2023, 9, 30)),
    ],
)
def test_a_fiscal_year_is_named_by_the_year_it_ends_in(year, month, last):
    assert budget_and_reviews.find_fiscal_year_end(year, month) == last


def test_spending_not_known_is_missing_and_never_nought():
    years = budget_and_reviews.sum_by_fiscal_year(BUDGET, 7, THROUGH).astype(object)
    shown = years.where(years.notna(), None).to_numpy().tolist()
    assert shown == [
        ["east", 2023, 150.0, 140.6, 2, 0, True],
        ["east", 2024, 180.0, 80.0, 2, 1, True],
        ["east", 2025, 130.0, None, 1, 1, False],
        ["west", 2023, None, 70.0, 1, 0, True],
    ]


def test_only_cities_with_a_budget_are_given_money():
    east = BUDGET[BUDGET["city"] == "east"]
    years = budget_and_reviews.sum_by_fiscal_year(east, 7, THROUGH)
    assert budget_and_reviews.find_cities_with_budget(years, CITIES) == {"east": "East"}


def test_the_last_day_of_the_year_ends_it():
    before = budget_and_reviews.sum_by_fiscal_year(BUDGET, 7, date(2024, 6, 29))
    assert before["over"].tolist() == [True, False, False, True]


def test_the_finding_is_of_a_year_whose_money_is_all_known():
    years = budget_and_reviews.sum_by_fiscal_year(BUDGET, 7, THROUGH)
    assert budget_and_reviews.write_money_title(years, CITIES) == (
        "Spent of what was allocated, fiscal year 2023: East $141 of $150"
    )
    assert budget_and_reviews.write_money_title(years.tail(1), CITIES).startswith(
        "No fiscal year is over"
    )
    assert budget_and_reviews.write_money_notes(years, CITIES) == (
        "Not over: fiscal year 2025. Spending of fiscal year 2024 is unknown for East (1 of 2 "
        "sources). Spending of fiscal year 2025 is unknown for East (1 of 1 source)."
    )
    assert budget_and_reviews.write_money_notes(years.head(1), CITIES).startswith(
        "Spending is known"
    )


COSTS = pd.DataFrame(
    [
        ("east", 2023, 140.6, 2, 0, 4, 1, True),
        ("east", 2024, 80.0, 2, 1, 3, 0, True),
        ("east", 2025, None, 1, 1, 2, 0, False),
        ("west", 2023, 70.0, 1, 0, 0, 0, True),
    ],
    columns=[
        *("city", "fiscal_year", "spent", "sources", "sources_spent_unknown", "reached"),
        *("attendance_unknown", "complete"),
    ],
).astype({"reached": "Int64", "complete": "boolean"})


def test_money_is_divided_only_where_it_can_be():
    found = budget_and_reviews.add_cost_per_person(COSTS)
    assert found["per_person"].tolist()[0] == pytest.approx(35.15)
    assert found["per_person"].isna().tolist() == [False, True, True, True]
    assert budget_and_reviews.write_cost_title(found, CITIES) == (
        "Spent for each person reached, fiscal year 2023: East $35"
    )
    assert budget_and_reviews.write_cost_title(found.tail(1), CITIES).startswith(
        "Nothing can be said"
    )


def test_the_last_whole_year_and_the_running_one_are_said():
    assert budget_and_reviews.describe_latest_cost(COSTS, CITIES) == [
        "East, fiscal year 2024: $80 spent so far as known, 1 source unknown; 3 people reached.",
        "East, fiscal year 2025 so far: what was spent is not known; 2 people reached.",
        "West, fiscal year 2023: $70 spent; nobody reached.",
    ]
    first = budget_and_reviews.describe_latest_cost(COSTS.head(1), CITIES)
    assert first == [
        "East, fiscal year 2023: $35 for each person reached: $141, 4 people. Attendance unknown "
        "for 1 invitation, not counted as reached."
    ]


def test_a_year_that_cannot_be_divided_is_a_gap():
    chart = money.draw_cost_per_person(
        budget_and_reviews.add_cost_per_person(COSTS), Drawing(LIGHT, CITIES, True)
    )
    east, west = chart.figure["data"]
    assert east["y"] == [pytest.approx(35.15), None, None]
    assert west["y"] == [None]
    assert east["connectgaps"] is False


def test_a_published_figure_keeps_its_source_beside_it():
    frame = pd.DataFrame(
        {
            "place": ["Both cities"],
            "year": [2012],
            "value": [500_000],
            "note": ["about $500,000 to expand"],
            "definition": ["state budget, as reported"],
            "source_url": ["https://example.org/x"],
        }
    )
    assert budget_and_reviews.list_published_amounts(frame) == [
        "Published, not from this release: $500,000, Both cities, 2012: about $500,000 to expand "
        "(state budget, as reported). Source: https://example.org/x."
    ]
    assert budget_and_reviews.list_published_amounts(frame.head(0)) == []


LISTED = read_frame("""
    city | overdue | due | no_day | longest_overdue
    east | 2       | 1   | 0      | 400
    west | 0       | 0   | 1      | 0
""")


def test_the_finding_counts_what_is_overdue_due_and_without_a_day():
    assert budget_and_reviews.write_reviews_title(LISTED, 90) == (
        "2 listings are overdue for review, 1 more due within 90 days; 1 without a day of review"
    )
    assert budget_and_reviews.write_reviews_title(LISTED.head(0), 90) == (
        "No listing is overdue or due for review within 90 days"
    )
