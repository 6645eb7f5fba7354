"""One number is one number: whatever tells of the same place, days and measure tells the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from longevity.auth import viewers
from longevity.findings.year_to_date import format_days_of_year
from longevity.release.store import Store
from longevity.screens.briefing import build_briefing
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.context import ReportContext
from longevity.screens.report import Report, Tile
from longevity.screens.this_week import ThisWeek, choose_week
from longevity.settings import Settings
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY, UNTIL
from tests.factories import violence_release


@pytest.fixture(scope="module")
def context(published: Settings, warehouse: Warehouse) -> ReportContext:
    return ReportContext(published, viewers.STATE, warehouse, TODAY)


def _list_tiles(report: Report) -> dict[str, Tile]:
    return {tile.label: tile for tile in report.tiles}


def _tell(tile: Tile) -> tuple[str, ...]:
    """Return what a tile tells: the count, the change, what it was and the verdict."""
    return (tile.value, tile.change, tile.base, tile.verdict)


def test_briefing_and_this_week_tell_the_same_of_the_same_days(context):
    tiles, alike = _list_tiles(build_briefing(context)), 0
    for city, name in context.cities.items():
        week = ThisWeek(context, city, choose_week(context, city))
        days = format_days_of_year(week.week.ending)
        own = _list_tiles(week.build())[f"People shot, {days}"]
        # The row of the page on paper is that of the tile.
        rows = week.compared().table.set_index("")
        assert rows.loc[f"People shot, {days}", "Now"] == own.value
        assert rows.loc[f"People shot, {days}", "Last year"] == own.base.split(" in ")[0]
        if week.week.ending == UNTIL:
            alike += 1
            assert _tell(tiles[f"{name}, {days}"]) == _tell(own)
        else:
            assert f"{name}, {days}" not in tiles
    assert alike


THROUGH = date(2026, 6, 30)
NO_CLEAR = "– no clear change"


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReportContext]:
    """A third of the shootings of last year, and more people shot in them."""
    last, this = date(2025, 1, 5), date(2026, 1, 5)
    events = {
        "east": [
            *((last + timedelta(days=at // 2), 1, 0) for at in range(120)),
            *((this + timedelta(days=at // 2 * 3), 4, 0) for at in range(40)),
        ],
        "west": [(last, 1, 0), (this, 1, 0)],
    }
    folder = tmp_path_factory.mktemp("apart") / "home"
    settings = violence_release.publish_release(folder, events)
    warehouse = Warehouse(Store(settings.home).current(), settings)
    yield ReportContext(settings, viewers.PUBLIC, warehouse, TODAY)
    warehouse.close()


def test_no_verdict_is_told_that_the_count_beside_it_contradicts(apart):
    (tile,) = (one for one in build_briefing(apart).tiles if one.label.startswith("East"))
    assert (tile.value, tile.change, tile.verdict) == ("160", "+33%", NO_CLEAR)
    assert "40 against 120" in tile.help  # what it was tested on
    assert "clearly down" in tile.help
    drawn = chart_list.find_entry("baselines").draw(apart, {"measure": "victims"}).chart
    (trace, *_), notes = drawn.figure["data"], drawn.figure["layout"]["annotations"]
    assert round(trace["x"][1], 2) == 1.33
    assert "<b>–</b>" in next(note["text"] for note in notes if "span" in note["text"])
    assert "down" not in drawn.title
