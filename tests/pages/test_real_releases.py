"""Screens on small real releases: what is missing, quiet, or named to do harm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from longevity import settings as configuration
from longevity.app import publish
from longevity.auth import viewers
from longevity.geography.installed_boundaries import install_boundaries
from longevity.ingest.contract import EXTRACTS
from longevity.reports.chart_catalogue import catalogue
from longevity.settings import Settings
from longevity.ui import live_settings, page_context
from tests.conftest import TODAY, quiet
from tests.drivers import briefing_reader, screens
from tests.factories import configs
from tests.factories.violence_release import USUAL, publish_release
from tests.oracles import figure_checks

PAGES = screens.pages()
HOSTILE = ("<script>alert(1)</script>", "**bold** [x](http://x) $x$", "# A :red[B] & C, D")


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Only incidents and victims, of both cities."""
    yield publish_release(tmp_path_factory.mktemp("usual"), USUAL)


@pytest.mark.parametrize("page", screens.screens_alike_for_all())
def test_real_data_are_shown_as_the_public_sees_them_and_nobody_can_switch(
    monkeypatch: pytest.MonkeyPatch, usual: Settings, page: str
) -> None:
    app = screens.visit(monkeypatch, usual, page)
    assert not app.exception
    assert page_context.VIEWER not in [box.key for box in app.selectbox]
    shown = " ".join(screens.texts(app))
    assert "SYNTHETIC" not in shown
    assert screens.holes(app) == []
    assert screens.unread(app) == []
    assert shown.count("a newer release is due") == 1
    assert not any(figure_checks.is_marked(figure) for figure in screens.figures(app))
    parameters = [text for text in map(screens.as_read, screens.texts(app)) if "viewer = " in text]
    assert parameters
    assert all("viewer = public;" in text for text in parameters)


@pytest.mark.parametrize("page", PAGES)
def test_a_viewer_smuggled_into_the_link_or_session_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, usual: Settings, page: str
) -> None:
    app = screens.visit(monkeypatch, usual, page)
    before = screens.texts(app)
    app.session_state[page_context.VIEWER] = "state"
    app.query_params[page_context.VIEWER] = "state"
    app.run()
    assert not app.exception
    assert screens.texts(app) == before


def test_the_briefing_of_the_usual_release(
    monkeypatch: pytest.MonkeyPatch, usual: Settings
) -> None:
    app = screens.visit(monkeypatch, usual)
    assert screens.sentence(app) == (
        "3 more people shot in the two cities than a year ago; no clear change, together or alone."
    )
    shown = {metric.label: (metric.value, metric.delta) for metric in app.metric}
    assert shown == {
        "Both cities, Jan 1 to Jun 30": ("5", "+3"),
        "East, Jan 1 to Jun 30": ("4", "+2"),
        "West, Jan 1 to Jun 30": ("1", "+1"),
    }


def test_where_of_the_usual_release(monkeypatch: pytest.MonkeyPatch, usual: Settings) -> None:
    app = screens.visit(monkeypatch, usual, "neighbourhoods")
    # East's third incident lies in its first area; West's says no place.
    assert screens.sentence(app) == (
        "5 people were shot in East and West from January 1 to June 30, 2026, most in "
        "Hill, East (4). Where in West is not known."
    )
    said = " ".join(map(screens.as_read, screens.texts(app)))
    assert (
        "1 counted for the city but on no map: no place was given for 1. It is in the totals."
        in said
    )
    assert "No boundaries" in said


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


@pytest.mark.parametrize("page", ["neighbourhoods", "sources_and_checks"])
def test_a_file_of_lines_that_somebody_brought_is_named(
    monkeypatch: pytest.MonkeyPatch, of_made_up_lines: Settings, page: str
) -> None:
    app = screens.visit(monkeypatch, of_made_up_lines, page)
    said = " ".join(map(screens.as_read, screens.texts(app)))
    assert "made_up.geojson" in said


def test_what_was_not_handed_over_is_named_with_the_way_to_supply_it(
    monkeypatch: pytest.MonkeyPatch, usual: Settings
) -> None:
    app = screens.visit(monkeypatch, usual, "sources_and_checks")
    (said,) = [info.value for info in app.info if "Not supplied" in info.value]
    for extract in EXTRACTS:
        name = extract.name.replace("_", "[ -]")
        assert bool(re.search(name, said)) == (extract.name not in ("incidents", "victims"))
    assert "There is no earlier release of this kind" in " ".join(screens.texts(app))


@pytest.fixture(scope="module")
def of_east(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The same of East alone."""
    only = {"east": USUAL["east"]}
    return publish_release(tmp_path_factory.mktemp("of-east"), only, cities=["east"])


@pytest.mark.parametrize("page", screens.screens_alike_for_all())
def test_a_city_without_any_row_is_missing_and_never_a_zero(
    monkeypatch: pytest.MonkeyPatch, of_east: Settings, page: str
) -> None:
    app = screens.visit(monkeypatch, of_east, page)
    assert not app.exception
    if page == "evaluation":
        assert screens.sentence(app) == "These data cannot tell of East and West."
    elif page == "claim_check":
        why = "No incidents and victims were supplied for West: missing, not zero."
        claim = screens.visit(monkeypatch, of_east, page, claim="People shot are down")
        assert screens.sentence(claim) == why
    else:
        assert "West" not in screens.sentence(app)
    if page == "state_briefing":
        said = "Nothing of West was supplied for these days."
        told = [info.value for info in app.info]
        assert said in told
        assert not [words for words in told if "West" in words and words != said]
        assert not [metric for metric in app.metric if "West" in metric.label]
    if page == "neighbourhoods":
        alone = screens.visit(monkeypatch, of_east, page, city="west")
        assert not alone.exception
        assert screens.sentence(alone).startswith("Nothing was supplied that says")
        assert any("boundaries" in c.value or "not zero" in c.value for c in alone.caption)
        assert not screens.figures(alone)


@pytest.fixture(scope="module")
def quiet_year(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Both cities, and nothing happened this year."""
    before = {city: [e for e in events if e[0].year < 2026] for city, events in USUAL.items()}
    return publish_release(tmp_path_factory.mktemp("quiet-year"), before)


# The operational ones are shut on a real release: nothing of it is on them.
@pytest.mark.parametrize("page", screens.screens_for_the_public())
def test_a_year_in_which_nothing_happened_is_a_zero(
    monkeypatch: pytest.MonkeyPatch, quiet_year: Settings, page: str
) -> None:
    app = screens.visit(monkeypatch, quiet_year, page)
    assert not app.exception
    written = " ".join([*screens.texts(app), *map(str, screens.figures(app))])
    assert "NaN" not in written
    if page == "state_briefing":
        assert screens.sentence(app) == (
            "2 fewer people shot in the two cities than a year ago; "
            "no clear change, together or alone."
        )
    if page == "neighbourhoods":
        assert screens.sentence(app).startswith("0 people were shot in East and West from ")


def test_an_area_without_anything_opens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = publish_release(tmp_path, {"east": USUAL["east"][:1]}, cities=["east"])
    app = screens.visit(monkeypatch, settings, "neighbourhoods", area="east/Harbour")
    assert not app.exception
    said = screens.as_read(" ".join(screens.texts(app)))
    assert "**0 people were shot** from January 1 to June 30, 2026: " in said
    assert "No shooting incident in these years." in " ".join(info.value for info in app.info)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_made_to_be_read_as_markup_is_only_a_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    settings = publish_release(tmp_path, {"east": USUAL["east"]}, areas=[name], cities=["east"])
    app = screens.visit(monkeypatch, settings, "neighbourhoods", area=f"east/{name}")
    assert not app.exception
    escaped = re.sub(r"[^\w\s(),./]", lambda sign: "\\" + sign[0], name)
    assert f"{name}, East" in [screens.as_read(header.value) for header in app.subheader]
    shown = [text for text in screens.texts(app) if name in screens.as_read(text)]
    assert len(shown) >= 4  # sentence, heading, its own sentence, parameters
    assert all(escaped in text and name not in text for text in shown)
    hovers = [
        said
        for figure in screens.figures(app)
        for trace in figure["data"]
        if trace.get("hoveron") == "fills"
        for said in [trace["text"]]
    ]
    assert hovers
    assert all("<script" not in said for said in hovers)
    assert not any(getattr(element.proto, "allow_html", False) for element in app.markdown)


@pytest.mark.parametrize("page", PAGES)
def test_without_any_release_a_screen_says_how_to_make_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, page: str
) -> None:
    path = configs.write(tmp_path)
    settings = configuration.load_settings(path, home=tmp_path / "home", environment={})
    app = screens.visit(monkeypatch, settings, page)
    assert not app.exception
    assert "No release has been published yet" in app.info[0].value
    assert "longevity publish" in " ".join(screens.texts(app))
    assert app.button(key="guard.again")


def broken(path: Path) -> None:
    path.write_text("[program]\nname = 3\n", encoding="utf-8")


@pytest.mark.parametrize("viewer", ["state", "public", "city"])
def test_a_configuration_broken_under_a_running_app_leaves_the_last_good_one(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    published: Settings,
    caplog: pytest.LogCaptureFixture,
    viewer: str,
) -> None:
    settings = configs.copy_of(published, tmp_path)
    own = f"city:{next(iter(settings.cities))}"
    app = screens.visit(monkeypatch, settings, viewer=own if viewer == "city" else viewer)
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
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    published: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = screens.visit(monkeypatch, published)
    path = tmp_path / "never good.toml"
    broken(path)
    monkeypatch.setenv("LONGEVITY_CONFIG", str(path))
    screens.forget()
    app.run()
    assert not app.exception
    assert "does not hold" in app.error[0].value
    assert str(tmp_path) not in " ".join(screens.texts(app))
    assert str(path) in caplog.text


@pytest.fixture(scope="module")
def uneven(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """East's data begin two years before West's."""
    events = {"east": [(date(2022, 1, 5), 3, 0)], "west": [(date(2024, 6, 1), 1, 0)]}
    yield publish_release(tmp_path_factory.mktemp("uneven"), events)


def test_a_year_one_city_does_not_cover_is_told_of_the_other(
    monkeypatch: pytest.MonkeyPatch, uneven: Settings
) -> None:
    app = screens.visit(monkeypatch, uneven, "neighbourhoods", period="2022")
    assert not app.exception
    assert screens.sentence(app).startswith("3 people were shot in East in 2022")
    shown = [screens.as_read(text) for text in screens.texts(app)]
    assert any("of West nothing in this period" in text for text in shown)
    late = "West's data begin on June 1, 2024, so it is not counted in 2022. "
    assert any(late in text for text in shown)
    assert "The data do not cover all of this period." in shown


def test_a_year_one_city_covers_in_part_is_told_of_the_other(
    monkeypatch: pytest.MonkeyPatch, uneven: Settings
) -> None:
    app = screens.visit(monkeypatch, uneven, "neighbourhoods", period="2024")
    assert screens.sentence(app) == "0 people were shot in East in 2024."
    shown = [screens.as_read(text) for text in screens.texts(app)]
    assert any(
        "West's data begin on June 1, 2024, so it is not counted in 2024" in one for one in shown
    )


def test_all_days_of_a_city_are_those_its_own_data_cover(
    monkeypatch: pytest.MonkeyPatch, uneven: Settings
) -> None:
    app = screens.visit(monkeypatch, uneven, "neighbourhoods", city="west", period="whole")
    assert screens.sentence(app).startswith("1 person was shot in West from June 1, 2024 to ")


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """West's data begin in May of this year, East's two years before."""
    events = {
        "east": [(date(2024, 1, 5), 2, 0), (date(2025, 3, 1), 1, 0), (date(2026, 2, 1), 4, 1)],
        "west": [(date(2026, 5, 3), 3, 1)],
    }
    yield publish_release(tmp_path_factory.mktemp("newcomer"), events)


LATE = "West's data begin on May 1, 2026, so it is not counted in 2026 so far."


def test_a_city_that_begins_this_year_is_in_no_count_of_this_year(
    monkeypatch: pytest.MonkeyPatch, newcomer: Settings
) -> None:
    app = screens.visit(monkeypatch, newcomer)
    assert [(one.label, one.value) for one in app.metric] == [("East, Jan 1 to Jun 30", "5")]
    shown = " ".join(map(screens.as_read, screens.texts(app)))
    assert LATE in shown
    assert "West 4" not in shown


def test_charts_of_a_city_that_begins_this_year_say_from_when(newcomer: Settings) -> None:
    context = briefing_reader.context(newcomer)
    draw = {
        name: catalogue.find_entry(name).draw(context, values).chart
        for name, values in (
            ("years", {"area": "west"}),
            ("hours-and-weekdays", {"area": "west"}),
            ("gun-share", {}),
            ("funnel", {}),
        )
    }
    assert draw["years"].title == "4 people were shot in West since May 1, 2026"
    assert ", 2024 to 2026, known from May 1, 2026" in draw["hours-and-weekdays"].subtitle
    assert "East" in draw["gun-share"].title
    assert "West" not in draw["gun-share"].title
    assert "west" not in set(draw["funnel"].table["city"])


def test_the_bar_says_that_the_day_is_of_every_city_where_they_end_apart(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    through = {"east": date(2026, 6, 30), "west": date(2026, 3, 31)}
    apart = publish_release(tmp_path, USUAL, through=through)
    shown = " ".join(map(screens.as_read, screens.texts(screens.visit(monkeypatch, apart))))
    assert "data of every city through March 31, 2026" in shown


def test_guns_of_this_year_are_counted_to_the_day_all_cities_have(tmp_path: Path) -> None:
    events = {
        "east": [(date(2025, 1, 5), 0, 2), (date(2026, 2, 1), 0, 1), (date(2026, 6, 1), 0, 4)],
        "west": [(date(2025, 1, 5), 0, 1), (date(2026, 2, 1), 0, 1)],
    }
    through = {"east": date(2026, 6, 30), "west": date(2026, 3, 31)}
    context = briefing_reader.context(publish_release(tmp_path, events, through=through))
    chart = catalogue.find_entry("gun-share").draw(context).chart
    assert chart.title.endswith("2026 so far: East 1 of 1, West 1 of 1")
    newest = chart.table[chart.table["year"] == 2026]
    assert newest["homicides"].tolist() == [1, 1]


def test_this_year_of_one_city_is_counted_to_its_own_day_and_no_further(tmp_path: Path) -> None:
    events = {
        "east": [(date(2025, 1, 5), 0, 2), (date(2026, 2, 1), 0, 1), (date(2026, 6, 1), 0, 4)],
        # Later than the day it is complete through, so not counted at all.
        "west": [(date(2025, 1, 5), 0, 1), (date(2026, 2, 1), 0, 1), (date(2026, 5, 1), 0, 8)],
    }
    through = {"east": date(2026, 6, 30), "west": date(2026, 3, 31)}
    context = briefing_reader.context(publish_release(tmp_path, events, through=through))
    to_date = context.ask_year_to_date().frame
    for city, shot in (("east", "5 people were"), ("west", "1 person was")):
        chart = catalogue.find_entry("years").draw(context, {"area": city}).chart
        day = f"to {through[city]:%B} {through[city].day}"
        assert chart.title.startswith(f"{shot} shot in {city.title()} in 2026 {day}")
        assert chart.subtitle.endswith(f"2026 ({day}) is not whole and drawn hollow.")
        newest = to_date[(to_date["city"] == city) & (to_date["year"] == 2026)]
        assert newest["victims"].tolist() == [1]
    left_out = replace(context, viewer=viewers.STATE).ask("uncounted_by_circumstance").frame
    assert left_out[["city", "circumstance", "victims"]].to_numpy().tolist() == [
        ["west", "after_data_through", 8]
    ]


def test_a_year_the_city_does_not_cover_is_said_and_not_drawn_as_zero(
    monkeypatch: pytest.MonkeyPatch, uneven: Settings
) -> None:
    app = screens.visit(monkeypatch, uneven, "neighbourhoods", city="west", period="2022")
    assert not app.exception
    assert screens.sentence(app) == (
        "West's data begin on June 1, 2024, so it is not counted in 2022. That is not zero."
    )
    # No map, no key and no table of what is not known.
    assert not screens.figures(app)
    assert not screens.tables(app)
