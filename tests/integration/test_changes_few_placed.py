"""Where fewer than 85 of 100 were placed then or now, no neighbourhood is said to have changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd
import pytest

from longevity.auth.viewers import PUBLIC
from longevity.findings import areas as neighbourhood_changes
from longevity.findings.areas import CHANGE
from longevity.screens.chart_catalogue import chart_list, compared_charts
from longevity.screens.chart_catalogue import neighbourhoods as drawn_places
from longevity.screens.context import ReportContext
from longevity.stats.comparison import Outcome
from longevity.stats.rates import COUNT
from longevity.stats.safety_gap import NoGap
from longevity.warehouse.warehouse import Warehouse
from tests.factories import claim_record
from tests.factories.tiny_release import Incident
from tests.oracles import figure_checks

STARTS, THROUGH = date(2021, 1, 1), date(2025, 6, 30)
FEW, MOST, A_YEAR = 56, 96, 100
# By city and year: how many of a hundred were placed.
PLACED = {
    "east": {2021: FEW, 2022: FEW, 2023: MOST, 2024: MOST},
    "west": dict.fromkeys(range(2021, 2025), MOST),
}
AREAS = {city: [f"{city.capitalize()} {at}" for at in range(12)] for city in PLACED}
WHY = (
    "Only 56 of 100 people shot in East in 2022 could be placed in a neighbourhood: too few "
    "to say what changed in one."
)


def incidents(city: str, placed: dict[int, int]) -> list[Incident]:
    """A hundred in each year; of those placed half lie in the first area, the others in turn."""
    return [
        Incident(
            city,
            date(year, 1, 2) + timedelta(days=at * 3),
            20,
            AREAS[city][at % 12 if at % 2 else 0] if at * 37 % 100 < count else None,
            None if at * 37 % 100 < count else "no_coordinates",
            0,
            1,
        )
        for year, count in placed.items()
        for at in range(A_YEAR)
    ]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """As many are shot every year; East could place few until 2023."""
    rows = [row for city, placed in PLACED.items() for row in incidents(city, placed)]
    # A week of three, of which one has no place.
    rows += [Incident("east", date(2025, 6, 25), 20, "East 1", None, 0, 1)] * 2
    rows += [Incident("east", date(2025, 6, 25), 20, None, "no_coordinates", 0, 1)]
    folder = tmp_path_factory.mktemp("few")
    opened = claim_record.open_warehouse(folder, rows, AREAS, THROUGH, STARTS)
    lines = folder / "release" / "built" / "boundaries.geojson"
    collection = figure_checks.squares(AREAS["east"])
    for feature in collection["features"]:
        feature["properties"]["city"] = "east"
    lines.write_text(json.dumps(collection))
    opened.release.manifest["boundaries"] = {
        city: {"kind": "shipped", "credit": ""} for city in AREAS
    }
    yield opened
    opened.close()


@pytest.fixture
def context(warehouse: Warehouse) -> ReportContext:
    return ReportContext(warehouse.settings, PUBLIC, warehouse, THROUGH)


def test_no_area_is_called_changed_where_one_of_the_years_placed_few(context):
    shown = drawn_places.shade_areas(context, None, "victims", context.find_period("2023"), CHANGE)
    east, west = shown.changes["east"], shown.changes["west"]
    assert (east.untold, west.untold) == (WHY, "")
    assert {each.tested.outcome for each in east.areas.values()} == {Outcome.UNKNOWN}
    assert Outcome.UNKNOWN not in {each.tested.outcome for each in west.areas.values()}
    states = shown.areas.groupby("city")["state"].agg(set)
    assert states["east"] == {"unknown"}
    assert "unknown" not in states["west"]
    assert shown.note.startswith(f"{WHY} ")
    # With no year before there is nothing to withhold.
    first = drawn_places.shade_areas(
        context, "east", "victims", context.find_period("2021"), CHANGE
    )
    assert first.changes["east"].untold == ""


def test_words_and_tables_keep_the_counts_and_say_why(context):
    period = context.find_period("2023")
    shown = drawn_places.shade_areas(context, "east", "victims", period, CHANGE)
    assert neighbourhood_changes.write_changes_title(shown.changes, context.cities) == WHY
    told = neighbourhood_changes.describe_neighbourhood(shown.changes["east"], "East 0")
    rows = incidents("east", PLACED["east"])
    now, before = (
        sum(row.day.year == year and row.area == "East 0" for row in rows) for year in (2023, 2022)
    )
    assert now > 1.5 * before > 0
    assert told == (WHY, f"People shot: {now}; {before} in 2022.")
    table = drawn_places.build_changes_table(context, "east", "victims", period, COUNT)
    first = table.set_index("Neighbourhood").loc["East 0"]
    assert (first["Now"], first["Before"], first["Change"]) == (now, before, "? not known")


@pytest.mark.parametrize(("period", "withheld"), [("2022", True), ("2023", True), ("2024", False)])
def test_a_change_is_told_where_both_years_were_placed(context, period, withheld):
    shown = drawn_places.shade_areas(context, "east", "victims", context.find_period(period), COUNT)
    assert bool(shown.changes["east"].untold) == withheld


def test_years_of_few_placed_are_drawn_and_set_beside_no_other(context):
    few = chart_list.find_entry("years").draw(context, {"area": "east/East 0"}).chart
    assert isinstance(few.table, pd.DataFrame)
    assert few.table["year"].tolist() == [2021, 2022, 2023, 2024, 2025]
    assert few.sentences == (
        "Fewer than 85 of 100 people shot in East in 2021 to 2022 could be placed in a "
        "neighbourhood: too few to compare an area's count with other years.",
    )
    assert "2023 to 2024" in few.title or "since 2023" in few.title
    assert not any("2022" in words for kind, words in few.titles.items() if kind != "topic")
    for area in ("east", "west/West 0"):
        assert chart_list.find_entry("years").draw(context, {"area": area}).chart.sentences == ()


def test_a_year_of_few_placed_has_no_safety_gap(context):
    found, _ = compared_charts.measure_safety_gaps(context)
    reasons = {city: set(gap.years.values()) for city, gap in found.items()}
    assert [found["east"].years[year] for year in (2021, 2022)] == [NoGap.FEW_PLACED] * 2
    assert found["east"].years[2023] is not NoGap.FEW_PLACED
    assert NoGap.FEW_PLACED not in reasons["west"]
