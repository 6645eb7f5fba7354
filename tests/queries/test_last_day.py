"""Where another city's data end earlier one city alone goes to its own last day."""

from datetime import date, timedelta

import pytest

from longevity.auth import viewers
from longevity.auth.viewers import PUBLIC
from longevity.errors import DataError
from longevity.findings.year_to_date import format_days_of_year
from longevity.release.store import Store
from longevity.screens import briefing
from longevity.screens.briefing import build_briefing
from longevity.screens.chart_catalogue import chart_list, neighbourhoods
from longevity.screens.context import ReportContext
from longevity.screens.this_week import ThisWeek, choose_week
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY, UNTIL
from tests.factories import violence_release

AREAS = ("Hill", "Harbour")
# Thirty days and more apart, within a year and across the turn of one.
WITHIN = {"east": date(2026, 6, 30), "west": date(2026, 5, 31)}
ACROSS = {"east": date(2026, 2, 3), "west": date(2025, 12, 21)}
KILLED = {"east": 2, "west": 1}  # on the last day of each month


def _list_events(through):
    """Let people be killed in each city on the last day of each month that its data hold."""
    days = [date(2024, 1, 1) + timedelta(days=at) for at in range(3 * 365)]
    return {
        city: [(day, 0, KILLED[city]) for day in days if (day + timedelta(days=1)).day == 1 and day <= last]
        for city, last in through.items()
    }


@pytest.fixture(scope="module", params=[WITHIN, ACROSS], ids=["within a year", "across years"])
def ends(request):
    return dict(request.param)


@pytest.fixture(scope="module")
def context(ends, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ends") / "home"
    settings = violence_release.publish_release(folder, _list_events(ends), AREAS, through=ends)
    warehouse = Warehouse(Store(settings.home).current(), settings)
    yield ReportContext(settings, PUBLIC, warehouse, TODAY)
    warehouse.close()


def _count_killed(city, first, last):
    """Count by hand: so many on the last day of each month."""
    days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    return KILLED[city] * sum((day + timedelta(days=1)).day == 1 for day in days)


def _draw(context, name, **values):
    return chart_list.find_entry(name).draw(context, values)


@pytest.mark.parametrize("period", ["ytd", "365d", "whole"])
def test_the_map_of_one_city_goes_to_its_own_last_day(period, context, ends):
    chosen = context.find_period(period, "east")
    assert chosen.last == ends["east"]
    drawn = _draw(context, "area-map", city="east", measure="fatal", period=period)
    killed = _count_killed("east", chosen.start, ends["east"])
    assert drawn.chart.table["value"].sum() == killed
    assert drawn.about.data_through == ends["east"]


def test_a_year_on_the_map_and_in_the_chart_of_years_is_as_long(context, ends):
    year = ends["east"].year
    killed = _count_killed("east", date(year, 1, 1), ends["east"])
    years = _draw(context, "years", area="east", measure="fatal")
    by_year = years.chart.table.set_index("year")["fatal"]
    assert by_year[year] == killed
    assert years.chart.title.startswith(f"{killed} ")
    assert f" in East from January 1 to {ends['east']:%B} {ends['east'].day}, {year}" in years.chart.title
    period = context.find_period("ytd", "east")
    shaded = neighbourhoods.shade_areas(context, "east", "fatal", period, "count")
    assert shaded.areas["value"].sum() == killed
    hours = _draw(context, "hours-and-weekdays", area="east", years="ytd")
    assert hours.chart.table["incidents"].sum() == killed / KILLED["east"]


def test_a_year_that_is_over_in_one_city_alone_is_explained_for_the_other(context, ends):
    if ends["east"].year == ends["west"].year:
        assert "2026" not in context.list_periods_of_any()
        return
    drawn = _draw(context, "area-map", city="east", measure="fatal", period="2025")
    assert drawn.chart.table["value"].sum() == 12 * KILLED["east"]
    with pytest.raises(DataError, match="West go to December 21, 2025: 2025 is not over"):
        _draw(context, "hours-and-weekdays", area="west", years="2025")


def test_cities_that_are_compared_go_to_the_least_of_them(context, ends):
    last = ends["west"]
    begin = date(last.year, 1, 1)
    tiles = {tile.label.split(",")[0]: tile for tile in briefing.build_briefing(context, "fatal").tiles}
    assert tiles["East"].value == str(_count_killed("east", begin, last))
    assert tiles["West"].value == str(_count_killed("west", begin, last))
    assert context.find_period("ytd").last == last


# One number is one number: whatever tells of the same place, days and measure tells the same


@pytest.fixture(scope="module")
def demonstrated(published, warehouse):
    return ReportContext(published, viewers.STATE, warehouse, TODAY)


def list_tiles(report):
    return {tile.label: tile for tile in report.tiles}


def test_briefing_and_this_week_tell_the_same_of_the_same_days(demonstrated):
    tiles, alike = list_tiles(build_briefing(demonstrated)), 0
    for city, name in demonstrated.cities.items():
        week = ThisWeek(demonstrated, city, choose_week(demonstrated, city))
        days = format_days_of_year(week.week.ending)
        own = list_tiles(week.build())[f"People shot, {days}"]
        # The row of the page on paper is that of the tile.
        rows = week.compared().table.set_index("")
        assert rows.loc[f"People shot, {days}", "Now"] == own.value
        before = rows.loc[f"People shot, {days}", "Last year"]
        assert before.split(" ")[0] == own.base.split(" in ")[0]
        assert before.endswith(own.verdict)
        if week.week.ending == UNTIL:
            alike += 1
            tile = tiles[f"{name}, {days}"]
            told = [(each.value, each.change, each.base, each.verdict) for each in (tile, own)]
            assert told[0] == told[1]
        else:
            assert f"{name}, {days}" not in tiles
    assert alike


THROUGH = date(2026, 6, 30)
NO_CLEAR = "– no clear change"


@pytest.fixture(scope="module")
def apart(tmp_path_factory):
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
    assert "no clear change" in tile.help
    assert "0.23 to 0.48 times as many shooting incidents" in tile.help  # what it was tested on
    drawn = chart_list.find_entry("baselines").draw(apart, {"measure": "victims"}).chart
    (trace, *_), notes = drawn.figure["data"], drawn.figure["layout"]["annotations"]
    assert round(trace["x"][1], 2) == 1.33
    assert "<b>–</b>" in next(note["text"] for note in notes if "span" in note["text"])
    assert "down" not in drawn.title
