"""The press desk: always the public's charts, whoever asks, under a title that is offered."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from longevity.outputs.bundle import browser, picture
from longevity.screens.chart_catalogue import chart_list
from tests.drivers import screens

PAGE = "press_desk"


def tiles(app: AppTest) -> list[str]:
    return [button.label for button in app.button if str(button.key).startswith("press.tile.")]


def labels(app: AppTest) -> list[str]:
    """The files that are offered, but for the rows as the screen has them."""
    return [one.label for one in app.download_button if one.label != "Download CSV"]


def test_a_link_shows_the_exact_picture_and_its_files(monkeypatch, published):
    app = screens.visit(monkeypatch, published, PAGE, viewer="state", chart="twelve-months", measure="fatal")
    assert not app.exception
    assert app.selectbox(key="chart").value == "twelve-months"
    assert app.selectbox(key="measure").value == "fatal"
    assert len(app.get("image")) == 1
    assert len(tiles(app)) == len([e for e in chart_list.ENTRIES.values() if not e.why_not_public])
    wanted = ["Download everything (ZIP)", "PNG", "SVG", "PDF", "PowerPoint", "CSV"]
    assert labels(app)[: len(wanted)] == wanted
    told = " ".join(map(screens.as_read, screens.texts(app)))
    assert "NOT FOR RELEASE" not in told
    # The public record is the same for all: only as whom it was asked tells the two apart.
    assert "viewer = public" in told
    assert "viewer = state" not in told


def test_a_title_is_chosen_by_a_link_and_its_words_are_those_of_the_chart(monkeypatch, published):
    app = screens.visit(monkeypatch, published, PAGE, "public", title="topic")
    assert app.selectbox(key="title").value == "topic"
    assert app.selectbox(key="title").options[0].startswith("People shot, January 1 to ")
    app.button(key="press.tile.rates").click().run()
    assert app.selectbox(key="title").value == "topic"
    assert app.selectbox(key="title").options[1].startswith("People shot per 100,000 residents")
    assert not app.warning


def test_another_choice_is_another_picture_and_one_that_is_kept_is_not_drawn(monkeypatch, published):
    app = screens.visit(monkeypatch, published, PAGE, chart="years")
    (first,) = app.get("image")
    app.selectbox(key="measure").set_value("fatal").run()
    (second,) = app.get("image")
    assert first.proto != second.proto
    monkeypatch.setattr(picture, "draw_svg", lambda *_: pytest.fail("it is kept"))
    again = screens.visit(monkeypatch, published, PAGE, chart="years")
    assert not again.exception
    assert len(again.get("image")) == 1


def test_a_chart_that_stays_inside_is_not_offered(monkeypatch, published):
    app = screens.visit(monkeypatch, published, PAGE, viewer="state", chart="ledger")
    assert not app.exception
    assert any("That is not offered here" in warning.value for warning in app.warning)
    assert app.selectbox(key="chart").value != "ledger"


def test_without_a_browser_the_page_says_so_and_shows_the_chart(monkeypatch, published):
    browser.BROWSER.close()
    monkeypatch.setenv("LONGEVITY_CHROMIUM", "/nowhere/chromium")
    # A measure no other test draws: what was drawn already is kept.
    app = screens.visit(monkeypatch, published, PAGE, chart="year-to-date", measure="nonfatal")
    assert not app.exception
    assert any("Install" in screens.as_read(warning.value) for warning in app.warning)
    assert len(screens.figures(app)) == 1
    assert "CSV" in labels(app)


def test_every_chart_of_a_screen_leads_here_with_its_parameters(monkeypatch, published):
    app = screens.visit(monkeypatch, published, "compare_cities", measure="fatal")
    links = [link.proto.query_string for link in app.get("page_link") if link.proto.label == "Export"]
    assert len(links) >= 3
    assert any("chart=twelve-months" in link and "measure=fatal" in link for link in links)
