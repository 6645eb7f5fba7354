"""Each chart leaves room for its own words: none is cut off, and it is not drawn twice for them."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import plotly
import pytest

from longevity.auth import viewers
from longevity.charts import fonts
from longevity.charts.template.maps import AreaMap
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.context import ReportContext
from longevity.ui.figure_element import Picture
from tests.conftest import TODAY

pytestmark = pytest.mark.browser

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
  const boxes = [...place.querySelectorAll('text')].map((words) => words.getBoundingClientRect());
  const over = boxes.some((one, at) => boxes.slice(at + 1).some((other) => one.width && other.width
    && one.left < other.right - 1 && other.left < one.right - 1
    && one.top < other.bottom - 4 && other.top < one.bottom - 4));
  Plotly.purge(place);
  place.remove();
  return [grown, cut, over];
}
"""


@pytest.fixture(scope="module")
def figures(warehouse, published):
    """Every chart but maps, whose names a script of the page fits, as the state sees them."""
    context = ReportContext(published, viewers.STATE, warehouse, TODAY)
    drawn = {name: entry.draw(context, {}).chart for name, entry in chart_list.ENTRIES.items()}
    return {
        name: json.loads(Picture(chart.figure).to_json(validate=False))
        for name, chart in drawn.items()
        if not isinstance(chart.draw, AreaMap)
    }


@pytest.fixture(scope="module")
def page(browser):
    """An empty page with plotly.js and the typeface of the screens."""
    page = browser.new_page()
    page.add_script_tag(path=PLOTLY)
    face = base64.b64encode((fonts.find_folder() / "SourceSansPro-Regular.ttf").read_bytes())
    source = f"url(data:font/ttf;base64,{face.decode()})"
    page.add_style_tag(content=f"@font-face{{font-family:'Source Sans Pro';src:{source}}}")
    page.evaluate("document.fonts.load('14px Source Sans Pro')")
    return page


def test_no_words_are_cut_off(page, figures):
    for width in (WIDE, PHONE):
        cut = {name: page.evaluate(DRAW, [figure, width])[1] for name, figure in figures.items()}
        assert {name: words for name, words in cut.items() if words} == {}, width


def test_no_chart_is_drawn_again_to_find_room(page, figures):
    grown = {name: page.evaluate(DRAW, [figure, WIDE])[0] for name, figure in figures.items()}
    assert {name: sides for name, sides in grown.items() if sides} == {}
