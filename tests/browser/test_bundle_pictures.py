"""One chart as pictures: the same bytes before they are signed, read by others, an edit found."""

from __future__ import annotations

import os
import signal

import pytest
from PIL import Image
from pypdf import PdfReader

from longevity.outputs import bundle
from longevity.outputs.bundle import browser, picture
from longevity.outputs.bundle.verify import FileOutcome
from tests.factories import bundles
from tools import chromium

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def files(published, tmp_path_factory):
    """The slide's pictures of one chart, by suffix."""
    if chromium.find_browser() is None:
        pytest.skip("no Chromium starts here")
    drawn = bundles.draw_chart(published)
    svg = picture.draw_svg(drawn, published.branding)
    # The picture itself is the same every time; what signs it is not.
    assert svg == picture.draw_svg(drawn, published.branding)
    assert picture.draw_png(svg) == picture.draw_png(svg)
    made = bundle.make_bundle(drawn, published, ["png", "svg", "pdf"])
    written = bundle.write_bundle(made, tmp_path_factory.mktemp("pictures"))
    return {path.suffix: path for path in written}


def test_pictures_hold_and_are_read_by_others(files, published):
    for suffix in (".png", ".svg", ".pdf"):
        assert bundles.judge_file(files[suffix], published).outcome is FileOutcome.HOLDS, suffix
    with Image.open(files[".png"]) as image:
        assert image.size == (4000, 2250)
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    reader = PdfReader(files[".pdf"])
    assert reader.metadata is not None
    assert reader.metadata.author == published.program
    page = reader.pages[0]
    drawn = bundles.draw_chart(published)
    for city, own in drawn.chart.table.groupby("city"):
        name = published.cities[str(city)].name
        assert f"{name} {own.loc[own['year'].idxmax(), 'victims']}" in page.extract_text()
    assert not page.images  # vectors


@pytest.fixture
def drawing():
    started = browser.Browser()
    yield started
    started.close()


BARS = {"data": [{"type": "bar", "x": [1, 2], "y": [3, 4], "uid": "t0"}], "layout": {}}


def test_a_figure_is_the_same_whatever_was_drawn_before_it(drawing):
    first = drawing.draw_plot(BARS, 300, 200)
    drawing.draw_plot({"data": BARS["data"], "layout": {"title": "1"}}, 500, 100)
    assert drawing.draw_plot(BARS, 300, 200) == first


def test_where_the_browser_is_gone_another_draws(drawing):
    drawing.draw_plot(BARS, 300, 200)
    first = bundles.find_process(drawing)
    os.kill(first, signal.SIGKILL)
    assert "<svg" in drawing.draw_plot(BARS, 300, 200)
    assert bundles.find_process(drawing) != first


def test_what_cannot_be_drawn_is_said(drawing):
    with pytest.raises(browser.DrawingFailedError):
        drawing.draw_plot({"data": 7, "layout": {"xaxis": 1}}, 300, -1)
