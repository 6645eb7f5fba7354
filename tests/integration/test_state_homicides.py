"""Homicides of the whole state: on Briefing, in the deck and at the press desk."""

from __future__ import annotations

from longevity.auth import viewers
from longevity.outputs.bundle import powerpoint_chart
from longevity.screens import briefing_violence
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.context import ReportContext
from tests.conftest import TODAY


def test_the_states_homicides_are_a_bar_a_year(warehouse, published):
    context = ReportContext(published, viewers.PUBLIC, warehouse, TODAY)
    drawn = chart_list.draw_chart(context, "state-homicides", {})
    rows = context.ask("state_homicides").frame
    (bars,) = drawn.chart.figure["data"]
    assert bars["x"] == rows["year"].tolist()
    assert bars["y"] == rows["homicides"].tolist()
    assert not drawn.entry.why_not_public
    assert powerpoint_chart.build_native(drawn.chart.printed) is not None
    assert briefing_violence.share_of_state(context).chart == "state-homicides"
    slides = briefing_violence.list_slides(context, "victims")
    assert "state-homicides" in [card.chart for card in slides]
