"""Press charts: always the public's, whoever asks; an edit never turns the finding round."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from longevity.press.bundle import browser
from longevity.settings import Settings
from tests import screens

PAGE = "press_charts"


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.download_button]


def test_a_link_shows_the_exact_picture_and_its_files(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    app = screens.visit(
        monkeypatch, published, PAGE, viewer="state", chart="months", measure="fatal"
    )
    assert not app.exception
    assert app.selectbox(key="chart").value == "months"
    assert app.selectbox(key="measure").value == "fatal"
    assert len(app.get("image")) > 1  # the tiles and the picture
    wanted = ["Download everything (ZIP)", "PNG, slide, 16:9", "SVG", "PDF", "PowerPoint", "CSV"]
    assert labels(app)[: len(wanted)] == wanted
    told = " ".join(map(screens.seen, screens.texts(app)))
    assert "NOT FOR RELEASE" not in told
    # The public record is the same for all: only as whom it was asked tells the two apart.
    assert "viewer = public" in told
    assert "viewer = state" not in told
    finding = app.text_input[0].placeholder
    app.text_input[0].set_value("Shootings fell to 3").run()
    assert not app.exception
    warned = " ".join(screens.seen(warning.value) for warning in app.warning)
    assert "fall" in warned
    assert "computed title stays" in warned
    assert finding == app.text_input[0].placeholder


def test_a_chart_that_stays_inside_says_why_and_what_to_take(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    app = screens.visit(monkeypatch, published, PAGE, viewer="state", chart="ledger")
    assert not app.exception
    assert any("names groups" in screens.seen(warning.value) for warning in app.warning)
    assert not labels(app)
    app.button(key="press.tile.promises-by-year").click().run()
    assert not app.exception
    assert app.selectbox(key="chart").value == "promises-by-year"
    assert "Download everything (ZIP)" in labels(app)


def test_without_a_browser_slides_and_rows_can_still_be_had(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    browser.BROWSER.close()
    monkeypatch.setitem(browser._kept, "path", None)
    monkeypatch.setenv("LONGEVITY_CHROMIUM", "/nowhere/chromium")
    # A measure no other test draws: what was drawn already is kept.
    app = screens.visit(monkeypatch, published, PAGE, chart="year-to-date", measure="nonfatal")
    assert not app.exception
    assert any("Install" in screens.seen(warning.value) for warning in app.warning)
    assert len(screens.figures(app)) == 1
    assert labels(app)[:3] == ["Download everything (ZIP)", "PowerPoint", "CSV"]


def test_every_chart_of_a_screen_leads_here_with_its_parameters(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    app = screens.visit(monkeypatch, published, "state_briefing", measure="fatal")
    links = [
        link.proto.query_string
        for link in app.get("page_link")
        if link.proto.label == "Take this chart with you"
    ]
    assert len(links) == len(screens.figures(app))
    assert any("chart=year-to-date" in link and "measure=fatal" in link for link in links)
