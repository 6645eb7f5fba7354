"""The maps of the map's screen, with the area opened next to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from longevity.charts.kinds import area_maps
from longevity.measures.wording import escape_markdown
from longevity.screens.chart_catalogue import neighbourhoods
from longevity.screens.map import MapScreen
from longevity.screens.report import Row
from longevity.ui import components, filters, report_page
from longevity.ui.figure_element import Picture
from longevity.ui.filters import ChosenArea
from longevity.ui.page_context import PageContext
from longevity.warehouse.provenance import Provenance
from longevity.warehouse.warehouse import Answer

ZOOMED = components.PLOTLY | {
    "displayModeBar": True,
    "modeBarButtons": [["zoomIn2d", "zoomOut2d", "resetScale2d"]],
}


@dataclass(frozen=True)
class Maps:
    """A map of each city, and the area opened beside them."""

    context: PageContext
    screen: MapScreen
    area: ChosenArea | None
    with_points: bool

    def draw(self, rows: Sequence[Row], sources: list[Provenance]) -> None:
        """Draw the maps, and beside them what is said of the area opened."""
        sources.append(self.screen.shaded.mapped.provenance)
        if self.area is None:
            self._draw_maps(sources)
            return
        left, right = st.columns([3, 2] if self.screen.city else [2, 1])
        with left:
            self._draw_maps(sources)
        with right, st.container(border=True, key="places.opened"):
            city = self.context.cities[self.area.city]
            st.subheader(escape_markdown(f"{self.area.neighbourhood}, {city}"))
            report_page.draw_rows(self.context, rows, [], border=False)

    def _draw_maps(self, sources: list[Provenance]) -> None:
        screen, shaded = self.screen, self.screen.shaded
        st.markdown(f"**{escape_markdown(screen.period.name)}**")
        said = [shaded.note, screen.describe_unlocated(), *screen.list_credits()]
        if not shaded.areas.empty:
            key = shaded.shades.list_key(set(shaded.areas["state"]))
            components.draw_colour_key(shaded.shades.unit, key, self.context.theme)
            said.append("Click a neighbourhood, or choose one above, to see its years and hours.")
        shootings = self._ask_shootings()
        for column, city in zip(st.columns(len(screen.cities)), screen.cities, strict=True):
            with column:
                self._draw_city(city, shootings)
        if self.with_points:
            none = pd.DataFrame({"city": [], "points_of_city": []})
            said += screen.describe_points(none if shootings is None else shootings.frame)
        for sentence in filter(None, said):
            st.caption(escape_markdown(sentence))
        values = self.context.name_cities(shaded.areas.drop(columns=["said"]))
        name = f"{screen.measure}-by-neighbourhood"
        components.draw_tools(name, values, shaded.mapped.provenance, "places.map")
        if shootings is not None and not shootings.frame.empty:
            sources.append(shootings.provenance)
            points = self.context.name_cities(shootings.frame.drop(columns=["points_of_city"]))
            name = components.name_answer_file(shootings)
            components.draw_tools(name, points, shootings.provenance, "places.points")

    def _ask_shootings(self) -> Answer | None:
        """Ask for the points there may be; None where there may be none."""
        if not self.with_points or not any(map(self.context.can_see, self.screen.cities)):
            return None
        start, until = self.screen.period.window
        return self.context.ask(
            "incident_points", city=self.screen.city, date_from=start, date_until=until
        )

    def _draw_city(self, city: str, shootings: Answer | None) -> None:
        screen, area = self.screen, self.area
        if city not in screen.shaded.areas["city"].values or not self.context.has_boundaries(city):
            st.markdown(f"**{escape_markdown(self.context.cities[city])}**")
            st.caption(escape_markdown(screen.explain_no_map(city)))
            return
        opened = area.neighbourhood if area and area.city == city else None
        size = neighbourhoods.ALONE if screen.city else neighbourhoods.BESIDE
        subject = (screen.city, screen.measure, screen.period, screen.show)
        drawn = self.context.compute(neighbourhoods.draw_map, *subject, city, opened, size)
        if shootings is not None and self.context.can_see(city):
            points = shootings.frame[shootings.frame["city"] == city]
            drawn = area_maps.add_points(drawn, area_maps.group_by_block(points))
        st.markdown(f"**{escape_markdown(drawn.title)}**")
        key = f"map.{city}"
        st.plotly_chart(
            Picture(drawn.figure, clicked=True),
            key=key,
            theme=None,
            config=ZOOMED,
            alt=drawn.alt,
            on_select=lambda: filters.follow_click(key, city),
            selection_mode="points",
        )
        shown = {"measure": screen.measure, "period": screen.period.key, "show": screen.show}
        components.link_to_press_desk("area-map", {"city": city, **shown})
