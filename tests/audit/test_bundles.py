"""Every chart in every format, opened by readers of others; and a browser that is killed."""

import io
import os
import re
import signal
import threading
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader

from longevity.outputs import bundle
from longevity.outputs.browser import Browser
from longevity.outputs.bundle import picture
from longevity.outputs.bundle.verify import FileOutcome
from longevity.outputs.chromium import FLAGS, NO_SANDBOX
from longevity.screens.chart_catalogue import chart_list
from tests.factories import bundles
from tools import chromium

pytestmark = [pytest.mark.audit, pytest.mark.browser]
PUBLIC = [name for name, entry in chart_list.ENTRIES.items() if not entry.why_not_public]
SVG = "{http://www.w3.org/2000/svg}"

LONGEST = "Upper Westside of the Meadows and the Long Hill Reservation"


@pytest.fixture(scope="module", autouse=True)
def _needs_a_browser():
    if chromium.find_browser() is None:
        pytest.skip("no Chromium starts here")


def test_the_browser_that_draws_knows_no_secret_and_has_its_sandbox(monkeypatch):
    found = chromium.find_browser()
    assert found is not None
    monkeypatch.setenv("LONGEVITY_SIGN_IN_COOKIE_SECRET", "a secret of this test")
    drawing = Browser()
    try:
        drawing.draw_plot({"data": [], "layout": {}}, 72, 72)
        group = bundles.find_process(drawing)
        started = [process for process in Path("/proc").glob("[0-9]*") if _group(process) == group]
        given = [(process / "environ").read_bytes() for process in started]
        said = [(process / "cmdline").read_bytes().split(b"\0") for process in started]
    finally:
        drawing.close()
    assert any(b"--headless" in words for words in said)
    assert b"PATH=" in b"".join(given)
    assert b"a secret of this test" not in b"".join(given)
    # Root may have no sandbox; who else has one has it here too.
    without = NO_SANDBOX in found.flags
    assert without is (os.geteuid() == 0 or not chromium.can_start(found.path, FLAGS))
    assert any(NO_SANDBOX.encode() in words for words in said) is without


def _group(process):
    """The group a process is of; None where it has ended."""
    try:
        return os.getpgid(int(process.name))
    except ProcessLookupError:
        return None


def _numbers(text):
    return set(re.findall(r"\d+(?:[.,]\d+)*", text))


@pytest.mark.parametrize("name", PUBLIC)
def test_every_format_of_a_chart_is_opened_by_others_and_holds_the_same_figures(name, published, tmp_path):
    drawn = bundles.draw_chart(published, name)
    svg = picture.draw_svg(drawn, published.branding)
    assert svg == picture.draw_svg(drawn, published.branding)
    assert picture.draw_png(svg) == picture.draw_png(svg)
    files = bundle.make_bundle(drawn, published)
    for path in bundle.write_bundle(files, tmp_path):
        assert bundles.judge_file(path, published).outcome is FileOutcome.HOLDS, path.name
        if path.suffix == ".png":
            with Image.open(path) as image:
                image.load()
                assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
                assert image.size == (4000, 2250)
        if path.suffix == ".svg":
            _assert_legible(path)
        if path.suffix == ".pdf":
            text = PdfReader(path).pages[0].extract_text()
            first = drawn.chart.title.split(" ")[0]
            assert first in text
            assert not PdfReader(path).pages[0].images
            _assert_same_figures(ET.parse(path.with_suffix(".svg")), text)
        if path.suffix == ".pptx":
            _assert_deck(path, tmp_path)


def _assert_same_figures(svg, text):
    """The page holds every number the picture holds."""
    root = svg.getroot()
    seen = " ".join("".join(one.itertext()) for one in root.iter(f"{SVG}text"))
    # A reader may join two labels that are side by side.
    assert [number for number in _numbers(seen) if number not in text] == []


def _assert_legible(path):
    """Text is text, and of 12 points at least at the size it is shown."""
    root = ET.parse(path).getroot()
    (inner,) = root.findall(f"{SVG}svg") or [root]
    box = [float(side) for side in inner.get("viewBox", "0 0 960 540").split()]
    shown = float(inner.get("width", "960").removesuffix("pt")) / box[2]
    sizes = []
    for text in inner.iter(f"{SVG}text"):
        found = re.search(r"font-size: ?([\d.]+)px", text.get("style", ""))
        if found and "".join(text.itertext()).strip():
            sizes.append(float(found[1]) * shown)
    assert min(sizes, default=12) >= 11.99, path.name


def _assert_deck(path, folder):
    """The native chart has the values of the CSV, each of them; the frame has alt text."""
    slide = Presentation(str(path)).slides[0]
    frame = next(shape for shape in slide.shapes if shape.name == "Chart")
    assert frame._element._nvXxPr.cNvPr.get("descr")
    csv = pd.read_csv(next(folder.glob("*.csv")))
    if frame.has_chart:
        rows = csv.select_dtypes("number").astype(float).to_numpy().tolist()
        known = {round(cell, 3) for row in rows for cell in row}
        # A bar of a share is one count of a row over another.
        known |= {round(a / b, 3) for row in rows for a in row for b in row if b}
        for series in frame.chart.plots[0].series:
            values = [value for value in series.values if value is not None]
            assert {round(value, 3) for value in values} <= known, series.name
    for shape in slide.shapes:
        if shape.has_text_frame:
            for paragraph in shape.text_frame.paragraphs:
                assert all(run.font.size.pt >= 12 for run in paragraph.runs), shape.name
    assert slide.notes_slide.notes_text_frame.text


def test_the_longest_name_and_the_largest_number_are_not_clipped(published):
    drawn = bundles.draw_chart(published)
    title = f"{LONGEST}: 1,234,567 people shot, of them 987,654 in {LONGEST} alone"
    long = replace(drawn, chart=replace(drawn.chart, title=title, subtitle=f"{title}. {title}"))
    shot = picture.draw_png(picture.draw_svg(long, published.branding))
    with Image.open(io.BytesIO(shot)) as image:
        edge = image.convert("L").crop((image.width - 60, 0, image.width, image.height))
        assert edge.getextrema() == (255, 255), "something runs over the edge"


def test_twenty_at_once_are_all_right_and_a_killed_browser_is_followed_by_another():
    browser = Browser()

    def draw(at):
        figure = {"data": [], "layout": {"annotations": [{"text": f"number {at}", "x": 1, "y": 1}]}}
        return browser.draw_plot(figure, 90, 90)

    def kill():
        time.sleep(0.4)
        process = bundles.find_process(browser)
        os.killpg(process, signal.SIGKILL)

    try:
        draw(0)
        first = bundles.find_process(browser)
        killer = threading.Thread(target=kill)
        killer.start()
        with ThreadPoolExecutor(20) as threads:
            found = list(threads.map(draw, range(20)))
        killer.join()
        assert all(f">number {at}<" in svg for at, svg in enumerate(found))
        assert ">number 3<" in draw(3)
        assert bundles.find_process(browser) != first
    finally:
        browser.close()
