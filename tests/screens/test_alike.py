"""One fact is the same wherever it is said: a number of the same days, and a threshold of the configuration."""

import re
from datetime import date, timedelta

import pytest

from longevity import settings as configuration
from longevity.base.errors import DataError
from longevity.screens.briefing import build_briefing
from longevity.screens.chart_catalogue import chart_list, neighbourhoods
from tests.drivers import briefing_reader, screens
from tests.factories import configs, violence_release
from tests.factories.ascii_table import rows

# Where another city's data end earlier one city alone goes to its own last day: thirty days and more
# apart, within a year and across the turn of one.
WITHIN = {"east": date(2026, 6, 30), "west": date(2026, 5, 31)}
ACROSS = {"east": date(2026, 2, 3), "west": date(2025, 12, 21)}
KILLED = {"east": 2, "west": 1}  # on the last day of each month
MONTH_ENDS = [day - timedelta(days=1) for day in (date(2024 + at // 12, at % 12 + 1, 1) for at in range(1, 37))]


@pytest.fixture(scope="module", params=[WITHIN, ACROSS], ids=["within a year", "across years"])
def ends(request):
    return request.param


@pytest.fixture(scope="module")
def context(ends, tmp_path_factory):
    """People are killed in each city on the last day of each month that its data hold."""
    events = {city: [(day, 0, KILLED[city]) for day in MONTH_ENDS if day <= last] for city, last in ends.items()}
    folder = tmp_path_factory.mktemp("ends") / "home"
    return briefing_reader.context(violence_release.publish_release(folder, events, ("Hill", "Harbour"), through=ends))


def count_killed(city, first, last):
    return KILLED[city] * sum(first <= day <= last for day in MONTH_ENDS)


def draw(context, name, **values):
    return chart_list.find_entry(name).draw(context, values)


@pytest.mark.parametrize("period", ["ytd", "365d", "whole"])
def test_the_map_of_one_city_goes_to_its_own_last_day(period, context, ends):
    chosen = context.find_period(period, "east")
    drawn = draw(context, "area-map", city="east", measure="fatal", period=period)
    assert chosen.last == drawn.about.data_through == ends["east"]
    assert drawn.table["value"].sum() == count_killed("east", chosen.start, ends["east"])


def test_a_year_on_the_map_and_in_the_chart_of_years_is_as_long(context, ends):
    last = ends["east"]
    killed = count_killed("east", date(last.year, 1, 1), last)
    years = draw(context, "years", area="east", measure="fatal")
    assert years.table.set_index("year")["fatal"][last.year] == killed
    assert years.title.startswith(f"{killed} ")
    assert f" in East from January 1 to {last:%B} {last.day}, {last.year}" in years.title
    shaded = neighbourhoods.shade_areas(context, "east", "fatal", context.find_period("ytd", "east"), "count")
    assert shaded.areas["value"].sum() == killed
    hours = draw(context, "hours-and-weekdays", area="east", years="ytd")
    assert hours.table["incidents"].sum() == killed / KILLED["east"]


def test_a_year_that_is_over_in_one_city_alone_is_explained_for_the_other(context, ends):
    if ends is WITHIN:
        assert "2026" not in context.list_periods_of_any()
        return
    drawn = draw(context, "area-map", city="east", measure="fatal", period="2025")
    assert drawn.table["value"].sum() == 12 * KILLED["east"]
    with pytest.raises(DataError, match="West go to December 21, 2025: 2025 is not over"):
        draw(context, "hours-and-weekdays", area="west", years="2025")


def test_cities_that_are_compared_go_to_the_least_of_them(context, ends):
    begin = date(ends["west"].year, 1, 1)
    tiles = {tile.label.split(",")[0]: tile.value for tile in build_briefing(context, "fatal").tiles}
    for city in KILLED:
        assert tiles[city.title()] == str(count_killed(city, begin, ends["west"]))
    assert context.find_period("ytd").last == ends["west"]


# A threshold of the configuration reaches what is counted and every sentence about it
# Changed to what, where it is said, and how.
SAID = rows("""
name                      | value | page           | sentence
greeted_within_hours      | 24    | support        | within 24 hours
notified_within_days      | 2     | briefing       | warned within 48 hours
notified_within_days      | 2     | this_week      | within 48 hours
reviewed_within_days      | 9     | briefing       | reviewed after 9 days
promise_window_days       | 120   | follow_up      | day 120 belongs to
least_base_for_percentage | 99    | compare_cities | base of 99 or more
""")
# What is let in, withheld or judged changes with these; the figure itself is in no sentence here.
SILENT = {"withheld_up_to", "piled_rows", "largest_jump", "largest_loss", "stale_after_days"}
# How they are said as they ship. Cases are counted by 30, 60 and 90 days whatever the window is.
WAS = re.compile(
    r"72 hours|within (?:3|three) days|the 90 days before|day 90 belongs|of 90\b|after 7 days|base of 30\b"
)


@pytest.mark.audit
def test_screens_say_each_threshold_that_is_configured_and_none_that_was(monkeypatch, published, tmp_path):
    assert {row["name"] for row in SAID} | SILENT == set(published.thresholds.model_dump())
    path = configs.copy_of(published, tmp_path).config_path
    text = path.read_text(encoding="utf-8")
    for name, value in {row["name"]: row["value"] for row in SAID}.items():
        text, found = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
        assert found == 1
    path.write_text(text, encoding="utf-8")
    changed = configuration.load_settings(path, home=published.home, environment={})
    said = {}
    for page in {row["page"] for row in SAID}:
        app = screens.visit(monkeypatch, changed, page)
        assert not app.exception
        said[page] = " ".join(str(element.proto) for element in screens.list_elements(app))
    for row in SAID:
        assert row["sentence"] in said[row["page"]], row["name"]
    found = {
        where: [text[max(hit.start() - 60, 0) : hit.end()] for hit in WAS.finditer(text)]
        for where, text in said.items()
    }
    assert {where: hits for where, hits in found.items() if hits} == {}
