"""The evaluation as each viewer may see it, and where there can be none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from longevity.measures import evaluation
from longevity.settings import Settings
from tests import screens
from tests.small_release import released


def said(app: AppTest) -> str:
    assert not app.exception
    return " ".join(map(screens.seen, screens.texts(app)))


def test_the_public_is_given_all_shootings_and_told_what_is_left_out(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    app = screens.visit(monkeypatch, published, "evaluation", viewer="public")
    words = said(app)
    assert "what the reviews found is not shown here" in words
    assert "NOT FOR RELEASE" not in words
    # The wording of an effect is out of reach without the incidents that groups had a part in.
    assert "consistent with an effect" not in words


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
    state = said(screens.visit(monkeypatch, published, "evaluation"))
    app = screens.visit(monkeypatch, published, "evaluation")
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
    app = screens.visit(monkeypatch, released(tmp_path, events, cities=["east"]), "evaluation")
    assert screens.sentence(app) == "East: no estimate."
    assert "are needed" in said(app)


def test_a_city_without_data_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    events = {"east": [(date(2019, 1, 3), 1, 0)]}
    settings = released(tmp_path, events, cities=["east"])
    app = screens.visit(monkeypatch, settings, "evaluation", city="west")
    assert "no incidents and victims of West" in said(app)


def test_the_limits_name_what_else_is_on_record(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    words = said(screens.visit(monkeypatch, published, "evaluation"))
    assert "which part of the program did what is not told apart" in words
    assert evaluation.NOUNS["incidents"] in words
