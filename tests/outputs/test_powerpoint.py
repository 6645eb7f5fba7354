"""What PowerPoint has a chart for is one with the figure's values; the rest is a picture."""

import pandas as pd
import pytest
from pptx.enum.chart import XL_CHART_TYPE

from longevity.charts.drawing import Drawing
from longevity.charts.kinds import KINDS
from longevity.charts.theme import LIGHT, STATES
from longevity.outputs.bundle import powerpoint_chart, slides
from longevity.outputs.bundle.powerpoint_chart import build_native
from longevity.screens.chart_catalogue import chart_list
from tests.charts.test_kinds import DRAWN
from tests.conftest import TODAY
from tests.factories.contexts import make_context

DRAWING = Drawing(LIGHT, {"east": "East", "west": "West"}, False)
YEARS = pd.DataFrame({"year": [2021, 2022, 2023], "shot": [1, 2, 3], "killed": [1, 1, 1]})
CITIES = pd.concat([YEARS.assign(city="east"), YEARS.assign(city="west")])
LINE, BARS = ({"kind": kind, "y": "shot"} for kind in ("line", "bar"))


def plot(frame, *marks, **more):
    options = {"x": "year", "cities": "", "marks": marks} | more
    names = {"parts.shot": "shot", "parts.killed": "killed"}
    return build_native(KINDS["plot"](frame, DRAWING, names, on_paper=True, **options))


def add(settings, native):
    """The chart on a slide, as python-pptx reads it."""
    deck = slides.create_deck(settings, "Shootings", TODAY)
    slide = deck.slides.add_slide(deck.slide_layouts[slides.TITLE_LAYOUT])
    return powerpoint_chart.add_chart(slide, native, (0, 0, 9_000_000, 5_000_000)).chart


def test_columns_are_a_series_each_with_a_gap_where_nothing_is_known(settings):
    frame = pd.DataFrame({"month": pd.to_datetime(["2026-01-01", "2026-02-01"])})
    frame["shot"], frame["killed"] = pd.array([4, None], "Int64"), [0, 1]
    native = plot(frame, x="month", along="days", parts={"shot": "yes", "killed": "no"})
    drawn = add(settings, native)
    assert native.categories == ("Jan 2026", "Feb 2026")
    assert [list(series.values) for series in drawn.plots[0].series] == [[4, None], [0, 1]]
    assert drawn.chart_type == XL_CHART_TYPE.COLUMN_STACKED


@pytest.mark.parametrize("kind", STATES["light"])
def test_a_part_that_looks_like_the_ground_has_an_outline(settings, kind):
    frame = pd.DataFrame({"label": ["East"], "of": [2], "rest": [3]})
    parts, names = {"of": kind, "rest": "yes"}, {"parts.of": kind, "parts.rest": "yes"}
    native = build_native(KINDS["rows"](frame, DRAWING, names, parts=parts, on_paper=True))
    part = add(settings, native).plots[0].series[0].format
    assert {str(part.fill.fore_color.rgb), str(part.line.color.rgb)} != {LIGHT.ground.removeprefix("#")}


PICTURES = {
    **{kind: build_native(DRAWN[kind](on_paper=True)) for kind in ("intervals", "grid", "map")},
    "band": plot(YEARS, LINE | {"low": "killed", "high": "year"}),
    "steps": plot(YEARS, LINE | {"look": {"line": {"shape": "hv"}}}),
    "a part of a period, which is hollow": plot(YEARS.assign(whole=[True, True, False]), BARS | {"whole": "whole"}),
    "two kinds": plot(YEARS, LINE, {"kind": "bar", "y": "killed"}),
    "under each other": plot(CITIES, LINE, cities="panels"),
    "what a legend cannot tell apart": plot(YEARS, LINE, LINE),
    "a line that would be bent": plot(YEARS.assign(year=[2000, 2021, 2022]), LINE),
    "nothing": plot(YEARS.head(0), LINE),
}


@pytest.mark.parametrize("native", PICTURES.values(), ids=PICTURES)
def test_what_powerpoint_has_no_chart_for_is_a_picture(native):
    assert native is None
    assert plot(YEARS, LINE).kind == "lines"


def test_a_withheld_step_is_no_bar_of_nothing_on_a_slide():
    steps = ["invited", "reachable", "attended"]
    frame = pd.DataFrame({"city": "east", "year": 2025, "step": steps})
    frame["members"] = pd.array([9, None, 0], dtype="Int64")
    frame["members_state"] = ["shown", "withheld", "zero"]
    context = make_context({"east": "East"}, public_funnel=frame)
    chart = build_native(chart_list.draw_chart(context, "call-in-steps", {}).chart.printed)
    assert (chart.kind, chart.series[0].values) == ("bars", (9, None, 0))
    assert chart.categories[1] == "East, Reached by the invitation: withheld"
