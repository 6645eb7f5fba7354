"""The evaluation as each viewer may see it, and where there can be none."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from longevity.screens.chart_catalogue import chart_list
from longevity.screens.chart_catalogue.definition import EVALUATED
from tests.drivers import screens
from tests.factories import launch_release


def said(app: AppTest) -> str:
    assert not app.exception
    tables = [frame.to_string() for frame in screens.tables(app)]
    return " ".join([*map(screens.as_read, screens.texts(app)), *tables])


def test_what_reviews_found_is_for_the_state_and_the_city_itself(monkeypatch, published):
    own, other, *_ = published.cities
    both = said(screens.unfold(screens.visit(monkeypatch, published, "evidence", viewer="state")))
    assert f"With group members. {published.cities[other].name}" in both  # why it has no estimate
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
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
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
def test_every_statement_says_to_which_month_it_is(
    monkeypatch, home, city, launched_on, until, last
):
    settings = launch_release.configure(home, {city: launched_on}, until)
    app = screens.visit(monkeypatch, settings, "evidence", city=city)
    name = city.title()
    assert screens.sentence(app).startswith(f"{name}, until {last}: ")
    words = said(app)
    assert re.search(f"to {last} (there were|these data cannot tell)", words)
    assert f"With this series, until {last}," in words
    titles = [words for words in map(screens.as_read, screens.texts(app)) if f"{name}, " in words]
    assert sum(f"{name}, until {last}: " in title for title in titles) >= 4  # and three charts
    assert any(f"{name}, before {launched_on:%B %Y}: " in title for title in titles)
    assert len(screens.figures(app)) == 4


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
    assert not re.search(r"95.%|expected|usually be missed|until [A-Z]", words)


def test_no_press_chart_is_drawn_of_what_cannot_be_told(monkeypatch, home):
    settings = launch_release.configure(home, {"east": date(2025, 6, 1)})
    for entry in (e for e in chart_list.list_entries(settings) if e.subject == EVALUATED):
        app = screens.visit(monkeypatch, settings, "press_desk", chart=entry.name, city="east")
        assert "only 7 months after the launch, to December 2025, can be used" in said(app)
        assert "Download everything (ZIP)" not in [each.label for each in app.download_button]


def test_without_a_launch_no_chart_asks_whether_it_changed(world):
    subjects = [
        {entry.subject for entry in chart_list.list_entries(world(name))}
        for name in ("counts", "no launch")
    ]
    assert subjects[0] - subjects[1] == {EVALUATED}
