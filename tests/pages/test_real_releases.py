"""Screens on small real releases: what is missing, quiet, or named to do harm."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from longevity import settings as configuration
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.chart_catalogue.definition import EVALUATED
from longevity.ui import page_context
from tests.drivers import briefing_reader, screens
from tests.factories import configs, launch_release

PAGES = screens.pages()


@pytest.mark.parametrize("page", PAGES)
def test_without_any_release_a_screen_says_how_to_make_one(monkeypatch, tmp_path, page):
    path = configs.write(tmp_path)
    settings = configuration.load_settings(path, home=tmp_path / "home", environment={})
    app = screens.visit(monkeypatch, settings, page)
    assert not app.exception
    assert "No release has been published yet" in app.info[0].value
    assert "longevity publish" in " ".join(screens.texts(app))


def broken(path: Path) -> None:
    path.write_text("[program]\nname = 3\n", encoding="utf-8")


def test_a_configuration_broken_under_a_running_app_leaves_the_last_good_one(monkeypatch, tmp_path, published, caplog):
    settings = configs.copy_of(published, tmp_path)
    app = screens.visit(monkeypatch, settings, "claim_check", viewer="state")
    before = screens.sentence(app)
    broken(settings.config_path)
    screens.forget()
    app.run()
    assert not app.exception
    assert not app.error
    assert screens.sentence(app) == before
    assert f"{settings.config_path}: 'cities' is missing." in caplog.text


def test_a_configuration_that_never_held_is_a_sentence_without_a_path(monkeypatch, tmp_path, published, caplog):
    app = screens.visit(monkeypatch, published, "claim_check")
    path = tmp_path / "never good.toml"
    broken(path)
    monkeypatch.setenv("LONGEVITY_CONFIG", str(path))
    screens.forget()
    app.run()
    assert not app.exception
    assert app.info[0].value == page_context.NOT_NOW
    assert str(tmp_path) not in " ".join(screens.texts(app))
    assert str(path) in caplog.text


def test_charts_of_a_city_that_begins_this_year_say_from_when(world):
    context = briefing_reader.context(world("late west"))
    draw = {
        name: chart_list.find_entry(name).draw(context, values).chart
        for name, values in (
            ("years", {"area": "west"}),
            ("hours-and-weekdays", {"area": "west"}),
        )
    }
    assert draw["years"].title == "4 people were shot in West from May 1 to June 30, 2026"
    assert ", 2024 to 2026, known from May 1, 2026" in draw["hours-and-weekdays"].subtitle


# The evaluation as each viewer may see it, and where there can be none


def said(app: AppTest) -> str:
    assert not app.exception
    tables = [frame.to_string() for frame in screens.tables(app)]
    return " ".join([*map(screens.as_read, screens.texts(app)), *tables])


def test_what_reviews_found_is_for_the_state_and_the_city_itself(monkeypatch, published):
    own, other, *_ = published.cities
    app = screens.visit(monkeypatch, published, "evidence", city=own)
    # In one session, so that nothing that is kept crosses from viewer to viewer.
    for viewer in ("state", "public", f"city:{own}", f"city:{other}", "state", "public"):
        app.sidebar.selectbox(key="guard.viewer").set_value(viewer).run()
        words = said(screens.unfold(app))
        may_see = viewer in ("state", f"city:{own}")
        for sign in ("Share reviewed", "With group members", "NOT FOR RELEASE"):
            assert (sign in words) is may_see, (viewer, sign)
        assert may_see or "what the reviews found is not shown here" in words


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with a release of East and West, from 2008 on, and of North, from June 2021 on."""
    folder = tmp_path_factory.mktemp("launched")
    launch_release.publish_release(folder)
    return folder


@pytest.mark.parametrize(
    ("city", "launched_on", "until", "last"),
    [
        ("east", date(2012, 1, 1), "", "December 2019"),
        ("east", date(2016, 12, 1), "", "December 2019"),
        ("east", date(2017, 1, 1), "", "December 2025"),
        ("east", date(2022, 1, 1), "", "December 2025"),
        ("east", date(2012, 1, 1), "2024-06", "June 2024"),
        ("west", date(2022, 1, 1), "2030-01", "March 2026"),
        ("north", date(2024, 1, 1), "", "December 2025"),
    ],
)
def test_every_statement_says_to_which_month_it_is(monkeypatch, home, city, launched_on, until, last):
    settings = launch_release.configure(home, {city: launched_on}, until)
    app = screens.visit(monkeypatch, settings, "evidence", city=city)
    name = city.title()
    assert screens.sentence(app).startswith(f"{name}, until {last}: ")
    words = said(app)
    assert re.search(f"to {last} (there were|these data cannot tell)", words)
    assert f"after it, to {last}; later months are not in it" in words
    titles = [words for words in map(screens.as_read, screens.texts(app)) if f"{name}, " in words]
    assert sum(f"{name}, until {last}: " in title for title in titles) >= 2  # and the chart
    assert len(screens.figures(app)) == 1


@pytest.mark.parametrize(
    ("city", "launched_on", "until", "why"),
    [
        ("east", date(2025, 6, 1), "", "only 7 months after the launch, to December 2025,"),
        ("east", date(2024, 2, 1), "", "only 23 months after the launch, to December 2025,"),
        ("east", date(2012, 1, 1), "2013-11", "only 23 months after the launch"),
        ("west", date(2022, 1, 1), "2020-12", "only 0 months after the launch, to December 2020,"),
        ("east", date(2026, 2, 1), "", "only 0 months after the launch, to December 2025,"),
        ("east", date(2005, 1, 1), "", "only 0 months before the launch"),
        ("north", date(2022, 9, 1), "", "only 15 months before the launch"),
    ],
)
def test_with_under_two_years_on_a_side_nothing_looks_like_an_estimate(
    monkeypatch, home, city, launched_on, until, why
):
    settings = launch_release.configure(home, {city: launched_on}, until)
    app = screens.visit(monkeypatch, settings, "evidence", city=city)
    assert screens.sentence(app) == f"{city.title()}: these data cannot tell."
    words = said(app)
    assert why in words
    assert "takes 24 whole months" in words
    assert screens.figures(app) == []
    assert not re.search(r"95.%|expected|until [A-Z]", words)


def test_no_press_chart_is_drawn_of_what_cannot_be_told(monkeypatch, home):
    settings = launch_release.configure(home, {"east": date(2025, 6, 1)})
    for entry in (e for e in chart_list.list_entries(settings) if e.subject == EVALUATED):
        app = screens.visit(monkeypatch, settings, "press_desk", chart=entry.name, city="east")
        assert "only 7 months after the launch, to December 2025, can be used" in said(app)
        assert "Download everything (ZIP)" not in [each.label for each in app.download_button]


def test_without_a_launch_no_chart_asks_whether_it_changed(world):
    subjects = [{entry.subject for entry in chart_list.list_entries(world(name))} for name in ("counts", "no launch")]
    assert subjects[0] - subjects[1] == {EVALUATED}
