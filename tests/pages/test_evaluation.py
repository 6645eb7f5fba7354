"""The evaluation as each viewer may see it, and where there can be none."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from longevity.reports.chart_catalogue import evaluation as evaluated
from longevity.settings import Settings
from longevity.text import effect_wording
from tests.drivers import screens
from tests.factories import launch_release
from tests.factories.violence_release import publish_release


def said(app: AppTest) -> str:
    assert not app.exception
    tables = [frame.to_string() for frame in screens.tables(app)]
    return " ".join([*map(screens.as_read, screens.texts(app)), *tables])


def test_the_public_is_given_all_shootings_and_told_what_is_left_out(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    city = next(iter(published.cities))
    app = screens.visit(monkeypatch, published, "evaluation", viewer="public", city=city)
    words = said(app)
    assert "what the reviews found is not shown here" in words
    assert "NOT FOR RELEASE" not in words
    # The wording of an effect is out of reach without the incidents that groups had a part in.
    assert "consistent with an effect" not in words


def test_the_answer_is_the_same_for_everybody_and_that_of_groups_for_some(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    own = next(iter(published.cities))
    for query in ({}, {"city": own}):
        state, city, public = (
            screens.visit(monkeypatch, published, "evaluation", viewer=viewer, **query)
            for viewer in ("state", f"city:{own}", "public")
        )
        assert screens.sentence(state) == screens.sentence(city) == screens.sentence(public)
        assert "consistent with an effect" not in screens.sentence(state)
        assert "With group members" in said(state)
        assert "With group members" not in said(public)


def test_a_city_is_evaluated_with_its_own_reviews_and_without_the_others(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    own, other, *_ = published.cities
    app = screens.visit(monkeypatch, published, "evaluation", viewer=f"city:{own}", city=own)
    assert "NOT FOR RELEASE" in said(app)
    app = screens.visit(monkeypatch, published, "evaluation", viewer=f"city:{own}", city=other)
    words = said(app)
    assert "what the reviews found is not shown here" in words
    assert "NOT FOR RELEASE" not in words


def test_what_is_kept_never_crosses_viewers(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    city = next(iter(published.cities))
    state = said(screens.visit(monkeypatch, published, "evaluation", city=city))
    app = screens.visit(monkeypatch, published, "evaluation", city=city)
    for viewer, shown in (("public", False), ("state", True), ("public", False)):
        app.sidebar.selectbox(key="guard.viewer").set_value(viewer).run()
        assert ("Share reviewed" in said(screens.unfold(app))) is shown
    assert "Share reviewed" in state


def test_published_evaluations_stand_beside_ours_the_null_one_too(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    words = said(screens.visit(monkeypatch, published, "evaluation"))
    assert "No significant change in gunshot admissions" in words
    assert "4.6 incidents a month lower" in words


def test_a_short_series_is_refused_with_a_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    events = {"east": [(date(2019, month, 3), 1, 0) for month in range(1, 13)]}
    settings = publish_release(tmp_path, events, cities=["east"])
    app = screens.visit(monkeypatch, settings, "evaluation", city="east")
    assert screens.sentence(app) == "East: these data cannot tell."
    assert "are needed" in said(app)


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
    monkeypatch: pytest.MonkeyPatch, home: Path, city: str, launched_on: date, until: str, last: str
) -> None:
    settings = launch_release.configure(home, {city: launched_on}, until)
    app = screens.visit(monkeypatch, settings, "evaluation", city=city)
    name = city.title()
    assert screens.sentence(app).startswith(f"{name}, until {last}: ")
    words = said(app)
    assert re.search(f"to {last} (there were|these data cannot tell)", words)
    assert f"With this series, until {last}," in words
    titles = [words for words in map(screens.as_read, screens.texts(app)) if f"{name}, " in words]
    assert sum(f"{name}, until {last}: " in title for title in titles) >= 5  # and four charts
    assert any(f"{name}, before {launched_on:%B %Y}: " in title for title in titles)
    assert len(screens.figures(app)) == 5


@pytest.mark.parametrize(
    ("city", "launched_on", "until", "why"),
    [
        ("east", date(2025, 6, 1), "", "only 7 months after the launch, to December 2025,"),
        ("east", date(2024, 2, 1), "", "only 23 months after the launch, to December 2025,"),
        ("east", date(2012, 1, 1), "2013-11", "only 23 months after the launch"),
        ("west", date(2022, 1, 1), "2020-12", "the months judged end in December 2020, before"),
        ("east", date(2026, 2, 1), "", "the months judged end in December 2025, before"),
        ("east", date(2005, 1, 1), "", "only 0 months before the launch"),
        ("north", date(2022, 9, 1), "", "only 15 months before the launch"),
    ],
)
def test_with_under_two_years_on_a_side_nothing_looks_like_an_estimate(
    monkeypatch: pytest.MonkeyPatch, home: Path, city: str, launched_on: date, until: str, why: str
) -> None:
    settings = launch_release.configure(home, {city: launched_on}, until)
    app = screens.visit(monkeypatch, settings, "evaluation", city=city)
    assert screens.sentence(app) == f"{city.title()}: these data cannot tell."
    words = said(app)
    assert why in words
    assert "takes 24 whole months" in words
    assert screens.figures(app) == []
    assert not re.search(r"95.%|expected|usually be missed|until [A-Z]", words)


def test_no_press_chart_is_drawn_of_what_cannot_be_told(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    settings = launch_release.configure(home, {"east": date(2025, 6, 1)})
    for entry in evaluated.ENTRIES:
        app = screens.visit(monkeypatch, settings, "press_charts", chart=entry.name, city="east")
        assert "only 7 months after the launch, to December 2025, can be used" in said(app)
        assert "Download everything (ZIP)" not in [each.label for each in app.download_button]


def test_a_city_without_data_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    events = {"east": [(date(2019, 1, 3), 1, 0)]}
    settings = publish_release(tmp_path, events, cities=["east"])
    app = screens.visit(monkeypatch, settings, "evaluation", city="west")
    assert "no incidents and victims of West" in said(app)


def test_the_limits_name_what_else_is_on_record(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    city = next(iter(published.cities))
    words = said(screens.visit(monkeypatch, published, "evaluation", city=city))
    assert "which part of the program did what is not told apart" in words
    assert effect_wording.NOUNS["incidents"] in words
