"""The parts of the map's screen: maps that are clicked, the area opened, tables of all areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from longevity.charts.figures import maps
from longevity.findings import counting
from longevity.measures.nouns import MEASURES
from longevity.reports.chart_catalogue import neighbourhoods as drawn_places
from longevity.reports.chart_catalogue.neighbourhoods import Shaded
from longevity.reports.report import Row, Tab
from longevity.stats.periods import Period
from longevity.text import neighbourhood_changes, neighbourhoods, shooting_points
from longevity.text.periods import describe_during, name_period
from longevity.text.wording import escape_markdown, start_sentence
from longevity.ui import components, expanders, filters
from longevity.ui.filters import Area
from longevity.ui.page_context import PageContext
from longevity.warehouse.warehouse import Answer

YEAR_BARS, HOUR_CELLS = 72, 16  # pixels of the small charts of an area: all in one screenful


@dataclass
class MapPage:
    """What is shown: one city or, with None, all; a period; what is counted."""

    context: PageContext
    city: str | None
    period: Period
    measure: str

    @cached_property
    def dates(self) -> Mapping[str, Any]:
        """Return the period as queries take it."""
        return {"date_from": self.period.start, "date_until": self.period.until}

    @cached_property
    def located(self) -> Answer:
        """Return the counts by neighbourhood."""
        return self.context.count_areas(self.period, self.city)

    @cached_property
    def unlocated(self) -> Answer:
        """Return the counts of those in no neighbourhood."""
        return self.context.ask_period("unlocated_victims_by_city", self.period, city=self.city)

    @cached_property
    def cities(self) -> Sequence[str]:
        """Return the cities drawn."""
        return [self.city] if self.city else list(self.context.cities)

    @cached_property
    def uncovered(self) -> Mapping[str, date]:
        """Return the cities whose data begin after the period does, and when they begin."""
        return self.context.find_late_starts(self.period.start)

    @property
    def not_covered(self) -> str:
        """Say which of the cities drawn are not counted in the period, and why."""
        late = {city: day for city, day in self.uncovered.items() if city in self.cities}
        return neighbourhoods.describe_cities_not_covered(
            late, self.context.cities, describe_during(self.period)
        )

    @cached_property
    def show(self) -> str:
        """Return what the colours stand for: counts, rates or changes."""
        return filters.choose_option("Show", "show", neighbourhood_changes.VIEWS)

    @cached_property
    def with_points(self) -> bool:
        """Return whether shootings are drawn as points."""
        return filters.choose_points(self.context)

    @cached_property
    def shaded(self) -> Shaded:
        """Return every area with its value and colour."""
        with components.show_placeholder():
            return self.context.compute(drawn_places.shade_areas, *self.subject, self.show)

    @property
    def subject(self) -> tuple[str | None, str, Period]:
        """Return what the drawings are of."""
        return (self.city, self.measure, self.period)

    def write_answer(self) -> str:
        """Return where most were shot, or of a map of changes what is clear."""
        if self.show == neighbourhood_changes.CHANGE:
            return self.write_change()
        return self.context.compute(drawn_places.describe_where, *self.subject)

    def write_change(self) -> str:
        """Return whether any area changed by more than chance."""
        too_long = neighbourhood_changes.explain_too_long(self.period.start, self.period.until)
        said = neighbourhood_changes.write_changes_title(self.shaded.changes, self.context.cities)
        return too_long or f"{said.removesuffix('.')}."

    def choose_area(self) -> Area | None:
        """Draw the remaining filters, and say what is missing; return the area opened."""
        _ = self.show
        if self.with_points:
            components.mark_not_for_release(self.context)
        if not self.is_outside():
            components.say_what_is_missing(self.not_covered)
        components.say_what_is_missing(
            self.context.explain_absence(self.measure, self.city)
            or self.context.explain_absence("victims", self.city)
        )
        return filters.choose_area(self.context, self.located.frame)

    def is_outside(self) -> bool:
        """Return whether no city drawn has data of all of the period."""
        return set(self.cities) <= set(self.uncovered)

    def list_tabs(self, area: Area | None) -> tuple[Tab, ...]:
        """Return the tabs of the screen."""
        return (
            Tab("map", "Map", self.write_answer, lambda: self.draw_map(area)),
            Tab("table", "Table", self.write_change, self.draw_table),
        )

    def draw_map(self, area: Area | None) -> Sequence[Row]:
        """Draw the maps, and beside them the area opened."""
        if area is None:
            self._draw_maps(area)
            return ()
        left, right = st.columns([3, 2] if self.city else [2, 1])
        with left:
            self._draw_maps(area)
        with right:
            self._draw_area(area)
        return ()

    def _draw_maps(self, area: Area | None) -> None:
        seen = [one for one in self.cities if self.with_points and self.context.can_see(one)]
        shootings = (
            self.context.ask("incident_points", city=self.city, **self.dates) if seen else None
        )
        with st.container(horizontal=True, vertical_alignment="center", key="longevity-map-key"):
            self._name_period()
            if not self.shaded.areas.empty:
                shades = self.shaded.shades
                key = shades.list_key(set(self.shaded.areas["state"]))
                components.draw_colour_key(shades.unit, key, self.context.theme)
        for column, one in zip(st.columns(len(self.cities)), self.cities, strict=True):
            with column:
                self._draw_city(one, area, shootings if one in seen else None)
        if area is None and not self.shaded.areas.empty:
            st.caption("Click a neighbourhood, or choose one above, to see its years and hours.")
        if self.shaded.note:
            st.caption(escape_markdown(self.shaded.note))
        if self.with_points:
            components.explain_points(
                self.context, shootings, self.located, self.unlocated, list(self.cities)
            )
        unlocated = neighbourhoods.describe_unlocated(
            self.located.frame, self.unlocated.frame, self.measure
        )
        st.caption(escape_markdown(unlocated))
        components.draw_footer(self.context, [self.shaded.mapped.provenance])

    def _name_period(self) -> None:
        """Draw the slider over the years, else name the period."""
        steps = drawn_places.choose_steps(
            self.context, self.measure, self.period, self.show, self.city
        )
        is_drawn = any(map(self.context.has_boundaries, self.shaded.areas["city"].unique()))
        if len(steps) > 1 and is_drawn:
            components.draw_year_slider(len(steps))
        else:
            st.markdown(f"**{escape_markdown(name_period(self.period))}**", width="content")

    def _draw_city(self, city: str, area: Area | None, shootings: Answer | None) -> None:
        own = self.shaded.areas[self.shaded.areas["city"] == city]
        if own.empty or not self.context.has_boundaries(city):
            self._say_why_empty(city)
            return
        opened = area.neighbourhood if area and area.city == city else None
        size = drawn_places.ALONE if self.city else drawn_places.BESIDE
        drawn = self.context.compute(
            drawn_places.draw_map, *self.subject, self.show, city, opened, size
        )
        if shootings is not None:
            frame = shootings.frame
            drawn = maps.add_points(
                drawn, shooting_points.group_by_block(frame[frame["city"] == city])
            )
        components.draw_map(drawn, city, self.context)
        shown = {"city": city, "measure": self.measure, "period": self.period.key}
        components.link_to_press_desk("area-map", {**shown, "show": self.show})

    def _say_why_empty(self, city: str) -> None:
        st.markdown(f"**{escape_markdown(self.context.cities[city])}**")
        components.draw_boundary_badge(self.context, city)
        not_held = escape_markdown(self.context.explain_absence(self.measure, city))
        without = drawn_places.explain_no_map(self.context, city, self.period)
        st.caption(not_held or escape_markdown(without))

    def _draw_area(self, area: Area) -> None:
        context, measure = self.context, self.measure
        with st.container(border=True, key="places.opened"):
            st.subheader(escape_markdown(f"{area.neighbourhood}, {context.cities[area.city]}"))
            opened = f"{area.city}/{area.neighbourhood}"
            self._describe_area(area)
            components.draw_small_chart(
                context, "years", "places.years", YEAR_BARS, area=opened, measure=measure
            )
            components.draw_small_chart(
                context,
                "hours-and-weekdays",
                "places.hours",
                HOUR_CELLS,
                area=opened,
                years=self.period.key,
                measure=drawn_places.choose_measure_by_hour(measure),
            )

    def _describe_area(self, area: Area) -> None:
        context, measure = self.context, self.measure
        not_held = context.explain_absence(measure, area.city)
        if not_held:
            st.markdown(escape_markdown(not_held))
            return
        own = self.located.frame.set_index(["city", "neighbourhood"])[measure]
        count = own.get((area.city, area.neighbourhood), 0)
        changes = self.shaded.changes[area.city]
        verdict, changed = neighbourhood_changes.describe_neighbourhood(changes, area.neighbourhood)
        before = counting.count_areas(context, self.period.window, 1, self.city)
        facts = neighbourhoods.list_facts(
            self.located.frame,
            self.unlocated.frame,
            before.frame,
            measure,
            area.city,
            area.neighbourhood,
            self.period.days,
        )
        shot = escape_markdown(context.say(f"{measure}.clause", n=count))
        said = escape_markdown(facts)
        st.markdown(f"**{shot}** {describe_during(self.period)}: {said}.")
        st.markdown(escape_markdown(verdict), help=escape_markdown(changed))

    def draw_table(self) -> Sequence[Row]:
        """Draw every area as a row, and whether any changed by more than chance."""
        context = self.context
        place, buttons = st.container(), st.container(horizontal=True)
        if self.shaded.areas.empty:
            with place:
                for city in self.cities:
                    self._say_why_empty(city)
        elif not neighbourhood_changes.explain_too_long(self.period.start, self.period.until):
            self._draw_changes(place, buttons)
        shown = context.name_cities(self.shaded.areas.drop(columns=["said"]))
        about = self.shaded.mapped.provenance
        unlocated = context.name_cities(self.unlocated.frame)
        with buttons:
            expanders.offer_method(
                f"{self.measure}-by-neighbourhood", shown, about, "places.table", what="Map's data"
            )
            name = components.name_answer_file(self.unlocated)
            about = self.unlocated.provenance
            expanders.offer_method(
                name, unlocated, about, "places.unlocated", what="Without a place on the map"
            )
        components.draw_footer(self.context, [self.shaded.mapped.provenance])
        return ()

    def _draw_changes(self, place: DeltaGenerator, buttons: DeltaGenerator) -> None:
        """Draw the areas' counts beside those before, and behind a button all that was tested."""
        context, changes = self.context, self.shaded.changes
        noun = MEASURES[self.measure]
        reading = neighbourhood_changes.explain_changes(self.measure)
        before = counting.count_areas(context, self.period.window, 1, self.city)
        table = drawn_places.build_changes_table(context, *self.subject, self.show)
        when = next((each.when for each in changes.values()), "before")
        short = neighbourhood_changes.shorten_changes_table(table, name_period(self.period), when)
        place.caption(start_sentence(noun))
        with place:
            expanders.draw_table(short, "places.changes.shown", before.provenance.question)
        with buttons, st.container(key="tools.places.changes", width="content"):
            expanders.offer_method(
                components.name_answer_file(before),
                table,
                before.provenance,
                "places.changes",
                definition=f"{reading} {neighbourhood_changes.CAUTION}",
            )
