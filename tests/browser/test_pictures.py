"""Charts as Chromium draws them: read by others, the same bytes twice, with room for all their words.

And a browser that is killed is followed by another.
"""

import base64
import io
import json
import os
import re
import signal
import threading
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pandas as pd
import plotly
import pytest
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader

from longevity.charts import fonts
from longevity.charts.template.maps import AreaMap
from longevity.outputs import bundle
from longevity.outputs.browser import Browser, DrawingFailedError
from longevity.outputs.bundle import picture
from longevity.outputs.bundle.verify import FileOutcome
from longevity.screens.chart_catalogue import chart_list
from longevity.ui.figure_element import Picture
from tests.drivers import briefing_reader
from tests.factories import bundles

pytestmark = pytest.mark.browser
SVG = "{http://www.w3.org/2000/svg}"
PUBLIC = [name for name, entry in chart_list.ENTRIES.items() if not entry.why_not_public]
LONGEST = "Upper Westside of the Meadows and the Long Hill Reservation"


@pytest.mark.audit  # test_press_officer.py takes one chart in every format
@pytest.mark.parametrize("name", PUBLIC)
def test_every_format_of_a_chart_is_opened_by_others_and_holds_the_same_figures(name, published, tmp_path):
    drawn = bundles.draw_chart(published, name)
    # The picture itself is the same every time; what signs it is not.
    svg = picture.draw_svg(drawn, published.branding)
    assert svg == picture.draw_svg(drawn, published.branding)
    assert picture.draw_png(svg) == picture.draw_png(svg)
    written = bundle.write_bundle(bundle.make_bundle(drawn, published), tmp_path)
    for path in written:
        assert bundles.judge_file(path, published).outcome is FileOutcome.HOLDS, path.name
    files = {path.suffix: path for path in written}
    with Image.open(files[".png"]) as image:
        image.load()
        assert image.size == (4000, 2250)
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    check_picture(files[".svg"])
    reader = PdfReader(files[".pdf"])
    (page,) = reader.pages
    assert reader.metadata.author == published.program
    assert not page.images  # vectors
    text = page.extract_text()
    assert drawn.title.split(" ")[0] in text
    # A reader may join two labels that are side by side.
    seen = " ".join("".join(words.itertext()) for words in ET.parse(files[".svg"]).iter(f"{SVG}text"))
    assert [number for number in re.findall(r"\d+(?:[.,]\d+)*", seen) if number not in text] == []
    if ".pptx" in files:
        check_slide(files[".pptx"], files[".csv"])


def check_picture(path):
    """Text is text, and of 12 points at least at the size it is shown."""
    root = ET.parse(path).getroot()
    (inner,) = root.findall(f"{SVG}svg") or [root]
    box = [float(side) for side in inner.get("viewBox", "0 0 960 540").split()]
    shown = float(inner.get("width", "960").removesuffix("pt")) / box[2]
    styles = (words.get("style", "") for words in inner.iter(f"{SVG}text") if "".join(words.itertext()).strip())
    sizes = [float(size) * shown for style in styles for size in re.findall(r"font-size: ?([\d.]+)px", style)]
    assert min(sizes, default=12) >= 11.99, path.name


def check_slide(path, csv):
    """The native chart has the values of the CSV, each of them; the frame has alt text."""
    (slide,) = Presentation(str(path)).slides
    frame = next(shape for shape in slide.shapes if shape.name == "Chart")
    assert frame._element._nvXxPr.cNvPr.get("descr")
    if frame.has_chart:
        rows = pd.read_csv(csv).select_dtypes("number").astype(float).to_numpy().tolist()
        # A bar of a share is one count of a row over another.
        known = {round(cell, 3) for row in rows for cell in row}
        known |= {round(a / b, 3) for row in rows for a in row for b in row if b}
        for series in frame.chart.plots[0].series:
            assert {round(value, 3) for value in series.values if value is not None} <= known, series.name
    for shape in slide.shapes:
        if shape.has_text_frame:
            runs = [run for paragraph in shape.text_frame.paragraphs for run in paragraph.runs]
            assert all(run.font.size.pt >= 12 for run in runs), shape.name
    assert slide.notes_slide.notes_text_frame.text


@pytest.mark.audit
def test_a_figure_is_the_same_whatever_was_drawn_before_and_by_another_where_the_browser_is_gone():
    bars = {"data": [{"type": "bar", "x": [1, 2], "y": [3, 4], "uid": "t0"}], "layout": {}}
    with closing(Browser()) as drawing:
        first = drawing.draw_plot(bars, 300, 200)
        drawing.draw_plot({"data": bars["data"], "layout": {"title": "1"}}, 500, 100)
        assert drawing.draw_plot(bars, 300, 200) == first
        process = bundles.find_process(drawing)
        os.killpg(process, signal.SIGKILL)
        assert drawing.draw_plot(bars, 300, 200) == first
        assert bundles.find_process(drawing) != process
        with pytest.raises(DrawingFailedError):
            drawing.draw_plot({"data": 7, "layout": {"xaxis": 1}}, 300, -1)


@pytest.mark.audit
def test_twenty_at_once_are_all_right_though_the_browser_is_killed_meanwhile():
    def draw(at):
        figure = {"data": [], "layout": {"annotations": [{"text": f"number {at}", "x": 1, "y": 1}]}}
        return drawing.draw_plot(figure, 90, 90)

    with closing(Browser()) as drawing:
        draw(0)
        first = bundles.find_process(drawing)
        killer = threading.Timer(0.4, os.killpg, (first, signal.SIGKILL))
        killer.start()
        with ThreadPoolExecutor(20) as threads:
            found = list(threads.map(draw, range(20)))
        killer.join()
        assert all(f">number {at}<" in svg for at, svg in enumerate(found))
        assert ">number 3<" in draw(3)
        assert bundles.find_process(drawing) != first


# Room for words: none is cut off, and a chart is not drawn twice for them
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
WIDE, PHONE = 1100, 350  # pixels of a card
# The margins Plotly ends with beyond the declared ones, and the words beyond the picture.
DRAW = """
async ([figure, width]) => {
  const place = document.createElement('div');
  document.body.append(place);
  await Plotly.newPlot(place, figure.data, {...figure.layout, width}, {displayModeBar: false});
  const [had, got] = [figure.layout.margin, place._fullLayout._size];
  const grown = ['l', 'r', 't', 'b'].filter((side) => got[side] > had[side] + 0.5);
  const {left, right, top, bottom} = place.querySelector('.main-svg').getBoundingClientRect();
  const cut = [...place.querySelectorAll('text')].filter((words) => {
    const box = words.getBoundingClientRect();
    return box.width && (box.left < left - 1 || box.right > right + 1
      || box.top < top - 1 || box.bottom > bottom + 1);
  }).map((words) => words.textContent);
  Plotly.purge(place);
  place.remove();
  return [grown, cut];
}
"""


@pytest.mark.audit
def test_no_words_are_cut_off_and_no_chart_is_drawn_again_to_find_room(browser, published):
    page = browser.new_page()
    page.add_script_tag(path=PLOTLY)
    face = base64.b64encode((fonts.find_folder() / "SourceSansPro-Regular.ttf").read_bytes())
    source = f"url(data:font/ttf;base64,{face.decode()})"
    page.add_style_tag(content=f"@font-face{{font-family:'Source Sans Pro';src:{source}}}")
    page.evaluate("document.fonts.load('14px Source Sans Pro')")
    context = briefing_reader.context(published, "state")
    for name, entry in chart_list.ENTRIES.items():
        chart = entry.draw(context, {})
        if isinstance(chart.kind, AreaMap):  # whose names a script of the page fits
            continue
        figure = json.loads(Picture(chart.figure).to_json(validate=False))
        assert page.evaluate(DRAW, [figure, WIDE]) == [[], []], name
        assert page.evaluate(DRAW, [figure, PHONE])[1] == [], name
    page.close()


@pytest.mark.audit
def test_the_longest_name_and_the_largest_number_are_not_clipped(published):
    drawn = bundles.draw_chart(published)
    title = f"{LONGEST}: 1,234,567 people shot, of them 987,654 in {LONGEST} alone"
    long = replace(drawn, title=title, subtitle=f"{title}. {title}")
    with Image.open(io.BytesIO(picture.draw_png(picture.draw_svg(long, published.branding)))) as image:
        edge = image.convert("L").crop((image.width - 60, 0, image.width, image.height))
        assert edge.getextrema() == (255, 255), "something runs over the edge"
