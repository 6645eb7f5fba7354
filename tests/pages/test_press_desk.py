"""The press desk: always the public's charts, whoever asks, under a title that is offered."""

from __future__ import annotations

import threading

import pytest
from streamlit.testing.v1 import AppTest

from longevity.outputs.bundle import browser
from longevity.reports.chart_catalogue import catalogue
from longevity.ui import chart_export
from tests.drivers import screens

PAGE = "press_desk"


def tiles(app: AppTest) -> list[str]:
    return [button.label for button in app.button if str(button.key).startswith("press.tile.")]


def labels(app: AppTest) -> list[str]:
    """The files that are offered, but for the rows as the screen has them."""
    return [one.label for one in app.download_button if one.label != "Download CSV"]


def test_a_link_shows_the_exact_picture_and_its_files(monkeypatch, published):
    app = screens.visit(
        monkeypatch, published, PAGE, viewer="state", chart="twelve-months", measure="fatal"
    )
    assert not app.exception
    assert app.selectbox(key="chart").value == "twelve-months"
    assert app.selectbox(key="measure").value == "fatal"
    assert len(app.get("image")) == 1
    assert len(tiles(app)) == len([e for e in catalogue.ENTRIES.values() if not e.why_not_public])
    wanted = ["Download everything (ZIP)", "PNG, slide, 16:9", "SVG", "PDF", "PowerPoint", "CSV"]
    assert labels(app)[: len(wanted)] == wanted
    told = " ".join(map(screens.as_read, screens.texts(app)))
    assert "NOT FOR RELEASE" not in told
    # The public record is the same for all: only as whom it was asked tells the two apart.
    assert "viewer = public" in told
    assert "viewer = state" not in told


@pytest.mark.parametrize("viewer", ["public", "city:hartford", "state"])
def test_own_words_are_for_who_is_signed_in_and_in_no_link(monkeypatch, published, viewer):
    with monkeypatch.context() as unwaited:
        unwaited.setattr(screens, "await_drawing", lambda app: app)  # no picture is needed
        is_public = viewer == "public"
        app = screens.visit(
            monkeypatch,
            published,
            PAGE,
            None if is_public else viewer,
            claims={} if is_public else None,  # nobody signed in
            chart="twelve-months",
            title="topic",
        )
        if is_public:
            assert not app.text_input
            return
        app.text_input[0].set_value("Fewer shot ↑").run()
        assert any("upwards arrow" in screens.as_read(one.value) for one in app.warning)
        app.text_input[0].set_value("Fewer shot").run()
        assert not app.warning
        app.selectbox(key="title").set_value("finding").run()
        assert not app.text_input[0].value  # another title takes the words away
    assert not app.exception
    assert not app.warning


def test_a_title_is_chosen_by_a_link_and_its_words_are_those_of_the_chart(monkeypatch, published):
    with monkeypatch.context() as unwaited:
        unwaited.setattr(screens, "await_drawing", lambda app: app)
        app = screens.visit(monkeypatch, published, PAGE, "public", title="topic")
        assert app.selectbox(key="title").value == "topic"
        assert app.selectbox(key="title").options[0].startswith("People shot, January 1 to ")
        app.button(key="press.tile.rates").click().run()
    assert app.selectbox(key="title").value == "topic"
    assert app.selectbox(key="title").options[1].startswith("People shot per 100,000 residents")
    assert not app.warning


def test_the_screen_answers_before_its_picture_is_drawn_and_shows_no_other(monkeypatch, published):
    go_on = threading.Event()
    draw = chart_export._draw_preview

    def slowly(pressed: chart_export.Pressed, size: str) -> str:
        go_on.wait(screens.WAIT)
        return draw(pressed, size)

    monkeypatch.setattr(chart_export, "_draw_preview", slowly)
    with monkeypatch.context() as unwaited:
        unwaited.setattr(screens, "await_drawing", lambda app: app)
        # Parameters no other test draws: what was drawn already is kept.
        app = screens.visit(monkeypatch, published, PAGE, chart="years", measure="homicides")
    assert not app.get("image")
    assert app.get("skeleton")
    assert app.selectbox(key="title").value
    assert "PDF" in labels(app)
    go_on.set()
    screens.await_drawing(app)
    assert not app.exception
    assert len(app.get("image")) == 1
    # Another chart: the picture of before is gone with the run that asks for the next.
    go_on.clear()
    app.selectbox(key="measure").set_value("fatal").run()
    assert app.get("skeleton")
    assert not app.get("image")
    go_on.set()
    assert len(screens.await_drawing(app).get("image")) == 1


def test_a_chart_that_stays_inside_says_why_and_what_to_take(monkeypatch, published):
    app = screens.visit(monkeypatch, published, PAGE, viewer="state", chart="ledger")
    assert not app.exception
    assert any("names groups" in screens.as_read(warning.value) for warning in app.warning)
    assert not labels(app)
    app.button(key="press.tile.promises-by-year").click().run()
    assert not app.exception
    assert app.selectbox(key="chart").value == "promises-by-year"
    assert "Download everything (ZIP)" in labels(app)


def test_without_a_browser_slides_and_rows_can_still_be_had(monkeypatch, published):
    browser.BROWSER.close()
    monkeypatch.setattr(browser, "_works", [])
    monkeypatch.setattr(chart_export, "_without_browser", threading.Event())
    monkeypatch.setenv("LONGEVITY_CHROMIUM", "/nowhere/chromium")
    # A measure no other test draws: what was drawn already is kept.
    app = screens.visit(monkeypatch, published, PAGE, chart="year-to-date", measure="nonfatal")
    assert not app.exception
    assert any("Install" in screens.as_read(warning.value) for warning in app.warning)
    assert len(screens.figures(app)) == 1
    assert {"PowerPoint", "CSV"} <= {*labels(app)}
    # Of the next picture it is known before that was tried.
    tried = threading.Event()

    def fail_slowly(*_: object) -> str:
        tried.wait(screens.WAIT)
        raise browser.NoBrowserError

    monkeypatch.setattr(chart_export, "_draw_preview", fail_slowly)
    monkeypatch.setattr(screens, "await_drawing", lambda app: app)
    app = screens.visit(monkeypatch, published, PAGE, chart="baselines", measure="nonfatal")
    tried.set()
    assert {"PDF", "SVG"}.isdisjoint(labels(app))


def test_every_chart_of_a_screen_leads_here_with_its_parameters(monkeypatch, published):
    app = screens.visit(monkeypatch, published, "compare_cities", measure="fatal")
    links = [
        link.proto.query_string for link in app.get("page_link") if link.proto.label == "Export"
    ]
    assert len(links) >= 3
    assert any("chart=twelve-months" in link and "measure=fatal" in link for link in links)
