"""Screens on small real releases: what is missing, quiet, or named to do harm."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from longevity import settings as configuration
from longevity.app import publish
from longevity.geography.installed_boundaries import install_boundaries
from longevity.screens.chart_catalogue import chart_list
from longevity.settings import Settings
from longevity.ui import live_settings
from tests.conftest import TODAY, quiet
from tests.drivers import briefing_reader, screens
from tests.factories import configs
from tests.factories.violence_release import USUAL, publish_release

PAGES = screens.pages()


@pytest.fixture(scope="module")
def of_made_up_lines(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The same, with a file of lines of East that somebody drew."""
    folder = tmp_path_factory.mktemp("of-made-up-lines")
    settings = publish_release(folder, USUAL)
    drawn = shapely.box([-111.91, -111.89], 40.74, [-111.89, -111.87], 40.76)
    lines = gpd.GeoDataFrame({"name": ["Hill", "Harbour"]}, geometry=drawn, crs="EPSG:4326")
    lines.to_file(folder / "made_up.geojson", driver="GeoJSON")
    install_boundaries(settings, "east", folder / "made_up.geojson", None, TODAY)
    publish.publish_release(folder / "extracts", settings, TODAY, "made up", quiet)
    return settings


@pytest.mark.parametrize("page", ["map", "sources"])
def test_a_file_of_lines_that_somebody_brought_is_named(monkeypatch, of_made_up_lines, page):
    app = screens.visit(monkeypatch, of_made_up_lines, page)
    said = " ".join(map(screens.as_read, screens.texts(app)))
    assert "made_up.geojson" in said


@pytest.mark.parametrize("page", PAGES)
def test_without_any_release_a_screen_says_how_to_make_one(monkeypatch, tmp_path, page):
    path = configs.write(tmp_path)
    settings = configuration.load_settings(path, home=tmp_path / "home", environment={})
    app = screens.visit(monkeypatch, settings, page)
    assert not app.exception
    assert "No release has been published yet" in app.info[0].value
    assert "longevity publish" in " ".join(screens.texts(app))
    assert app.button(key="guard.again")


def broken(path: Path) -> None:
    path.write_text("[program]\nname = 3\n", encoding="utf-8")


@pytest.mark.parametrize(
    "viewer", ["city", *(pytest.param(one, marks=pytest.mark.audit) for one in ("state", "public"))]
)
def test_a_configuration_broken_under_a_running_app_leaves_the_last_good_one(
    monkeypatch, tmp_path, published, caplog, viewer
):
    settings = configs.copy_of(published, tmp_path)
    own = f"city:{next(iter(settings.cities))}"
    as_whom = own if viewer == "city" else viewer
    app = screens.visit(monkeypatch, settings, "claim_check", viewer=as_whom)
    before = screens.sentence(app)
    broken(settings.config_path)
    screens.forget()
    app.run()
    assert not app.exception
    assert screens.sentence(app) == before
    shown = [screens.as_read(error.value) for error in app.error]
    if viewer == "state":
        said = "longevity.toml: 'cities' is missing."
        assert shown == [f"{live_settings.LAST_GOOD} {said}"]
    else:
        assert shown == []
    assert f"{settings.config_path}: 'cities' is missing." in caplog.text
    configs.copy_of(published, tmp_path)  # put right again
    screens.forget()
    app.run()
    assert not app.error


def test_a_configuration_that_never_held_is_a_sentence_without_a_path(
    monkeypatch, tmp_path, published, caplog
):
    app = screens.visit(monkeypatch, published, "claim_check")
    path = tmp_path / "never good.toml"
    broken(path)
    monkeypatch.setenv("LONGEVITY_CONFIG", str(path))
    screens.forget()
    app.run()
    assert not app.exception
    assert "does not hold" in app.error[0].value
    assert str(tmp_path) not in " ".join(screens.texts(app))
    assert str(path) in caplog.text


def test_charts_of_a_city_that_begins_this_year_say_from_when(world):
    context = briefing_reader.context(world("late west"))
    draw = {
        name: chart_list.find_entry(name).draw(context, values).chart
        for name, values in (
            ("years", {"area": "west"}),
            ("hours-and-weekdays", {"area": "west"}),
            ("gun-share", {}),
            ("funnel", {}),
        )
    }
    assert draw["years"].title == "4 people were shot in West from May 1 to June 30, 2026"
    assert ", 2024 to 2026, known from May 1, 2026" in draw["hours-and-weekdays"].subtitle
    assert "East" in draw["gun-share"].title
    assert "West" not in draw["gun-share"].title
    assert "west" not in set(draw["funnel"].table["city"])


def test_guns_of_this_year_are_counted_to_the_day_all_cities_have(tmp_path):
    events = {
        "east": [(date(2025, 1, 5), 0, 2), (date(2026, 2, 1), 0, 1), (date(2026, 6, 1), 0, 4)],
        "west": [(date(2025, 1, 5), 0, 1), (date(2026, 2, 1), 0, 1)],
    }
    through = {"east": date(2026, 6, 30), "west": date(2026, 3, 31)}
    context = briefing_reader.context(publish_release(tmp_path, events, through=through))
    chart = chart_list.find_entry("gun-share").draw(context).chart
    assert chart.title.endswith(", 2025 (2024): East 2 of 2 and West 1 of 1")
    newest = chart.table[chart.table["year"] == 2026]
    assert newest["homicides"].tolist() == [1, 1]
