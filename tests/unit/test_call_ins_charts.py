"""Charts of the call-ins: what they draw is what the frame says, and the unknown is never a no."""

from __future__ import annotations

import plotly.graph_objects as go

from longevity.charts.chart import Chart
from longevity.screens.chart_catalogue import chart_list
from tests.factories.ascii_table import read_frame
from tests.factories.contexts import make_context
from tests.oracles import figure_checks

FUNNEL = read_frame("""
    route      | invited | reachable | reachable_unknown | attended | attended_unknown
    parole     | 50      | 40        | 3                 | 30       | 4
    in_custody | 5       | 4         | 0                 | 2        | 1
""").assign(
    attended_aged_30=24,
    intake_30=10,
    intake_aged_90=8,
    active_90=4,
    completed_90=1,
    active_unknown_90=1,
)


def drawn(chart: Chart) -> go.Figure:
    """The figure, accepted by Plotly and marked."""
    figure_checks.assert_valid(chart.figure)
    assert figure_checks.is_marked(chart.figure)
    assert chart.alt.endswith(".")
    return go.Figure(chart.figure)


def words(figure: go.Figure) -> str:
    return " ".join(note.text for note in figure.layout.annotations)


def lengths(figure: go.Figure) -> dict[str, list[float]]:
    """The lengths of each kind's parts by the key's words."""
    return {trace.name: [x for x in trace.x if x] for trace in figure.data}


def test_the_funnels_bars_add_up_and_name_each_loss_in_words():
    chart = chart_list.draw_chart(make_context(call_in_funnel=FUNNEL), "call-in-funnel", {}).chart
    figure = drawn(chart)
    assert lengths(figure) == {
        "went on": [40, 30, 10, 4, 2],
        "completed": [1],
        "unknown": [3, 4, 1, 1],
        "too recent": [6, 2],
        # In custody: one reached did not come, one was not reached.
        "lost here": [7, 6, 14, 2, 1, 1],
    }
    ends: dict[float, float] = {}
    for trace in figure.data:
        for y, x in zip(trace.y, trace.x, strict=True):
            ends[y] = ends.get(y, 0) + x
    assert [ends[y] for y in sorted(ends, reverse=True)] == [50, 40, 30, 10, 5]
    said = words(figure)
    for loss in ("7 not reached", "6 absent or excused", "14 began none in 30 days"):
        assert loss in said
    for unsure in ("3 unknown", "4 unknown"):
        assert unsure in said
    assert "In custody, counted apart: 5 invited" in said
    assert "14 began none in 30 days" in chart.alt
