"""Charts as Chromium draws them: the same bytes twice, read by others, with room for all their words."""

import base64
import json
import os
import signal
from pathlib import Path

import plotly
import pytest
from PIL import Image
from pypdf import PdfReader

from longevity.charts import fonts
from longevity.charts.template.maps import AreaMap
from longevity.outputs import browser as drawing
from longevity.outputs import bundle
from longevity.outputs.bundle import picture
from longevity.outputs.bundle.verify import FileOutcome
from longevity.screens.chart_catalogue import chart_list
from longevity.ui.figure_element import Picture
from tests.drivers import briefing_reader
from tests.factories import bundles

pytestmark = pytest.mark.browser


def test_the_pictures_of_a_bundle_hold_and_are_read_by_others(published, tmp_path):
    drawn = bundles.draw_chart(published)
    svg = picture.draw_svg(drawn, published.branding)
    # The picture itself is the same every time; what signs it is not.
    assert svg == picture.draw_svg(drawn, published.branding)
    assert picture.draw_png(svg) == picture.draw_png(svg)
    made = bundle.make_bundle(drawn, published, ["png", "svg", "pdf"])
    files = {path.suffix: path for path in bundle.write_bundle(made, tmp_path)}
    for suffix in (".png", ".svg", ".pdf"):
        assert bundles.judge_file(files[suffix], published).outcome is FileOutcome.HOLDS, suffix
    with Image.open(files[".png"]) as image:
        assert image.size == (4000, 2250)
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    reader = PdfReader(files[".pdf"])
    (page,) = reader.pages
    assert reader.metadata.author == published.program
    assert not page.images  # vectors
    for city, own in drawn.chart.table.groupby("city"):
        newest = own.loc[own["year"].idxmax(), "victims"]
        assert f"{published.cities[str(city)].name} {newest}" in page.extract_text()


def test_a_figure_is_the_same_whatever_was_drawn_before_and_by_another_where_the_browser_is_gone():
    bars = {"data": [{"type": "bar", "x": [1, 2], "y": [3, 4], "uid": "t0"}], "layout": {}}
    started = drawing.Browser()
    try:
        first = started.draw_plot(bars, 300, 200)
        started.draw_plot({"data": bars["data"], "layout": {"title": "1"}}, 500, 100)
        assert started.draw_plot(bars, 300, 200) == first
        process = bundles.find_process(started)
        os.kill(process, signal.SIGKILL)
        assert started.draw_plot(bars, 300, 200) == first
        assert bundles.find_process(started) != process
        with pytest.raises(drawing.DrawingFailedError):
            started.draw_plot({"data": 7, "layout": {"xaxis": 1}}, 300, -1)
    finally:
        started.close()


# --- room for words: none is cut off, and a chart is not drawn twice for them ------------------

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


def test_no_words_are_cut_off_and_no_chart_is_drawn_again_to_find_room(browser, published):
    page = browser.new_page()
    page.add_script_tag(path=PLOTLY)
    face = base64.b64encode((fonts.find_folder() / "SourceSansPro-Regular.ttf").read_bytes())
    source = f"url(data:font/ttf;base64,{face.decode()})"
    page.add_style_tag(content=f"@font-face{{font-family:'Source Sans Pro';src:{source}}}")
    page.evaluate("document.fonts.load('14px Source Sans Pro')")
    context = briefing_reader.context(published, "state")
    for name, entry in chart_list.ENTRIES.items():
        chart = entry.draw(context, {}).chart
        if isinstance(chart.draw, AreaMap):  # whose names a script of the page fits
            continue
        figure = json.loads(Picture(chart.figure).to_json(validate=False))
        assert page.evaluate(DRAW, [figure, WIDE]) == [[], []], name
        assert page.evaluate(DRAW, [figure, PHONE])[1] == [], name
    page.close()
