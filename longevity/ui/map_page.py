"""The parts of the map's screen: maps that are clicked, the area opened, tables of all areas."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial

import pandas as pd
import streamlit as st

from longevity.charts.kinds import area_maps
from longevity.errors import DataError
from longevity.findings import areas as area_changes
from longevity.findings import counting, places
from longevity.geography.blocks import BLOCK_METRES
from longevity.measures.nouns import MEASURES
from longevity.measures.say import say
from longevity.measures.wording import escape_markdown, format_during, start_sentence
from longevity.screens.chart_catalogue import neighbourhoods as drawn_places
from longevity.screens.chart_catalogue.neighbourhoods import Shaded
from longevity.screens.report import Row, Tab
from longevity.stats.periods import Period
from longevity.ui import components, expanders, filters
from longevity.ui.figure_element import Picture
from longevity.ui.filters import ChosenArea
from longevity.ui.page_context import PageContext
from longevity.warehouse.warehouse import Answer

# Pixels of the small charts of an area: all in one screenful.
YEAR_BARS, HOUR_CELLS = {"tall": 72, "alone": 72}, {"tall": 16}
ZOOMED = components.PLOTLY | {
    "displayModeBar": True,
    "modeBarButtons": [["zoomIn2d", "zoomOut2d", "resetScale2d"]],
}


@dataclass
class MapPage:
    """What is shown: one city or, with None, all; a period; what is counted."""

    context: PageContext
    city: str | None
    period: Period
    measure: str

    def __post_init__(self) -> None:
        """Draw the filters of this screen alone."""
        self.show = filters.choose_option("Show", "show", area_changes.VIEWS)
        self.with_points = filters.choose_points(self.context)
        self.located = self.context.count_areas(self.period, self.city)
        self.cities = [self.city] if self.city else list(self.context.cities)
        self.subject = (self.city, self.measure, self.period)

    @cached_property
    def unlocated(self) -> Answer:
        """Return the counts of those in no neighbourhood."""
        return self.context.ask_period("unlocated_victims_by_city", self.period, city=self.city)

    @cached_property
    def before(self) -> Answer:
        """Return the counts by neighbourhood, in the period and the same days a year before."""
        return counting.count_areas(self.context, self.period.window, 1, self.city)

    @cached_property
    def shaded(self) -> Shaded:
        """Return every area with its value and colour."""
        with components.show_placeholder():
            return self.context.compute(drawn_places.shade_areas, *self.subject, self.show)

    @property
    def uncovered(self) -> dict[str, date]:
        """Return which of the cities drawn begin after the period does, and when."""
        late = self.context.find_late_starts(self.period.start)
        return {city: day for city, day in late.items() if city in self.cities}

    def say_not_covered(self) -> str:
        """Say which of the cities drawn are not counted in the period, and why."""
        return places.describe_cities_not_covered(
            self.uncovered, self.context.cities, format_during(*self.period.window)
        )

    def is_outside(self) -> bool:
        """Return whether no city drawn has data of all of the period."""
        return set(self.cities) <= set(self.uncovered)

    def choose_area(self) -> ChosenArea | None:
        """Say what is missing, and ask for the area to open."""
        if self.with_points:
            components.mark_not_for_release()
        absent = self.context.explain_absence(self.measure, self.city)
        absent = absent or self.context.explain_absence("victims", self.city)
        for missing in ("" if self.is_outside() else self.say_not_covered(), absent):
            if missing:
                st.info(escape_markdown(missing))
        return filters.choose_area(self.context, self.located.frame)

    def list_tabs(self, area: ChosenArea | None) -> tuple[Tab, ...]:
        """Return the tabs of the screen."""
        return (
            Tab("map", "Map", self.write_answer, lambda: self.draw_map(area)),
            Tab("table", "Table", self.write_change, self.draw_table),
        )

    def write_answer(self) -> str:
        """Return where most were shot, or of a map of changes what is clear."""
        if self.show == area_changes.CHANGE:
            return self.write_change()
        return self.context.compute(drawn_places.describe_where, *self.subject)

    def write_change(self) -> str:
        """Return whether any area changed by more than chance."""
        too_long = area_changes.explain_too_long(self.period.window)
        said = area_changes.write_changes_title(self.shaded.changes, self.context.cities)
        return too_long or f"{said.removesuffix('.')}."

    def draw_map(self, area: ChosenArea | None) -> Sequence[Row]:
        """Draw the maps, and beside them the area opened."""
        if area is None:
            self._draw_maps(area)
        else:
            left, right = st.columns([3, 2] if self.city else [2, 1])
            with left:
                self._draw_maps(area)
            with right, st.container(border=True, key="places.opened"):
                self._draw_area(area)
        return ()

    def _draw_maps(self, area: ChosenArea | None) -> None:
        self._draw_key()
        shootings = self._ask_shootings()
        for column, city in zip(st.columns(len(self.cities)), self.cities, strict=True):
            with column:
                self._draw_city(city, area, shootings)
        if area is None and not self.shaded.areas.empty:
            st.caption("Click a neighbourhood, or choose one above, to see its years and hours.")
        if self.shaded.note:
            st.caption(escape_markdown(self.shaded.note))
        if self.with_points:
            self._explain_points(shootings)
        unlocated = places.describe_unlocated(
            self.located.frame, self.unlocated.frame, self.measure
        )
        st.caption(escape_markdown(unlocated))
        components.draw_footer(self.context, [self.shaded.mapped.provenance])

    def _draw_key(self) -> None:
        """Draw the slider over the years, else name the period; and the key to the colours.

        The year shown is written by `page.js`, which moves the maps: so it is the same element
        whatever year is shown, and who steps by keys stays at it.
        """
        areas, shades = self.shaded.areas, self.shaded.shades
        steps = drawn_places.choose_steps(
            self.context, self.measure, self.period, self.show, self.city
        )
        is_drawn = any(map(self.context.has_boundaries, areas["city"].unique()))
        with st.container(horizontal=True, vertical_alignment="center", key="longevity-map-key"):
            if len(steps) > 1 and is_drawn:
                st.html(
                    '<div class="longevity-years"><button type="button" '
                    'aria-label="Play the years">▶</button><input type="range" min="0" '
                    f'max="{len(steps) - 1}" step="1" aria-label="Year"><output></output></div>'
                )
            else:
                st.markdown(f"**{escape_markdown(self.period.name)}**", width="content")
            if not areas.empty:
                key = shades.list_key(set(areas["state"]))
                components.draw_colour_key(shades.unit, key, self.context.theme)

    def _ask_shootings(self) -> Answer | None:
        """Ask for the points there may be; None where there may be none."""
        if not self.with_points or not any(map(self.context.can_see, self.cities)):
            return None
        dates = {"date_from": self.period.start, "date_until": self.period.until}
        return self.context.ask("incident_points", city=self.city, **dates)

    def _draw_city(self, city: str, area: ChosenArea | None, shootings: Answer | None) -> None:
        own = self.shaded.areas[self.shaded.areas["city"] == city]
        if own.empty or not self.context.has_boundaries(city):
            self._say_why_empty(city)
            return
        opened = area.neighbourhood if area and area.city == city else None
        size = drawn_places.ALONE if self.city else drawn_places.BESIDE
        drawn = self.context.compute(
            drawn_places.draw_map, *self.subject, self.show, city, opened, size
        )
        if shootings is not None and self.context.can_see(city):
            points = shootings.frame[shootings.frame["city"] == city]
            drawn = area_maps.add_points(drawn, area_maps.group_by_block(points))
        self._head_city(city, drawn.title)
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
        shown = {"city": city, "measure": self.measure, "period": self.period.key}
        components.link_to_press_desk("area-map", {**shown, "show": self.show})

    def _head_city(self, city: str, title: str) -> None:
        """Name a city over its map, with a badge where it is not drawn by the outlines we ship."""
        about = self.context.warehouse.release.manifest["boundaries"][city]
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{escape_markdown(title)}**", width="content")
            if about["kind"] == "installed":
                label = escape_markdown(f"Lines from {about['credit']}")
                st.badge(label, icon=":material/draw:", color="blue")
            elif about["kind"] == "none":
                st.badge("No boundaries", icon=":material/block:", color="red")

    def _say_why_empty(self, city: str) -> None:
        self._head_city(city, self.context.cities[city])
        not_held = self.context.explain_absence(self.measure, city)
        without = drawn_places.explain_no_map(self.context, city, self.period)
        st.caption(escape_markdown(not_held or without))

    def _explain_points(self, shootings: Answer | None) -> None:
        """Say what the points on the maps are, and keep them as a table behind a button."""
        context = self.context
        cities = {city: context.cities[city] for city in self.cities}
        seen = [city for city in cities if context.can_see(city)]
        empty = pd.DataFrame({"city": [], "points_of_city": []})
        frame = empty if shootings is None else shootings.frame
        for sentence in describe_points(
            frame, self.located.frame, self.unlocated.frame, seen, cities
        ):
            st.caption(escape_markdown(sentence))
        if shootings is not None and not frame.empty:
            table = context.name_cities(frame.drop(columns=["points_of_city"]))
            components.draw_footer(context, [shootings.provenance])
            components.draw_tools(
                components.name_answer_file(shootings), table, shootings.provenance, "places.points"
            )

    def _draw_area(self, area: ChosenArea) -> None:
        place = f"{area.city}/{area.neighbourhood}"
        st.subheader(escape_markdown(f"{area.neighbourhood}, {self.context.cities[area.city]}"))
        self._describe_area(area)
        self._draw_small("years", YEAR_BARS, area=place, measure=self.measure)
        self._draw_small(
            "hours-and-weekdays",
            HOUR_CELLS,
            area=place,
            years=self.period.key,
            measure=drawn_places.choose_measure_by_hour(self.measure),
        )

    def _describe_area(self, area: ChosenArea) -> None:
        not_held = self.context.explain_absence(self.measure, area.city)
        if not_held:
            st.markdown(escape_markdown(not_held))
            return
        own = self.located.frame.set_index(["city", "neighbourhood"])[self.measure]
        count = own.get(tuple(area), 0)
        changes = self.shaded.changes[area.city]
        verdict, changed = area_changes.describe_neighbourhood(changes, area.neighbourhood)
        facts = places.list_facts(
            self.located.frame,
            self.unlocated.frame,
            changes.areas[area.neighbourhood],
            area.city,
            self.period.days,
        )
        shot = escape_markdown(self.context.say(f"{self.measure}.clause", n=count))
        said = escape_markdown(facts)
        st.markdown(f"**{shot}** {format_during(*self.period.window)}: {said}.")
        st.markdown(escape_markdown(verdict), help=escape_markdown(changed))

    def _draw_small(self, name: str, sizes: Mapping[str, int], **values: str) -> None:
        """Draw a chart of the catalogue small, or say why it cannot be.

        `sizes`: what its kind is given, in pixels.
        """
        try:
            with components.show_placeholder():
                drawn = self.context.draw(name, values)
        except DataError as error:
            st.info(escape_markdown(str(error)))
            return
        chart, key = drawn.chart, f"places.{name}"
        chart = replace(chart, draw=partial(chart.draw, **sizes))
        st.caption(escape_markdown(chart.title), help=escape_markdown(chart.subtitle))
        components.draw_chart(chart, key)
        components.write_sentences(chart.sentences)
        about = drawn.answers[0].provenance
        components.draw_tools(chart.name, chart.table, about, key, "", name, drawn.values)

    def draw_table(self) -> Sequence[Row]:
        """Draw every area as a row, and whether any changed by more than chance."""
        context, about = self.context, self.shaded.mapped.provenance
        place, buttons = st.container(), st.container(horizontal=True)
        if self.shaded.areas.empty:
            with place:
                for city in self.cities:
                    self._say_why_empty(city)
        elif not area_changes.explain_too_long(self.period.window):
            with place:
                table, definition = self._draw_changes()
            with buttons, st.container(key="tools.places.changes", width="content"):
                name, changed = components.name_answer_file(self.before), self.before.provenance
                expanders.offer_method(name, table, changed, "places.changes", definition)
        with buttons:
            name, key = f"{self.measure}-by-neighbourhood", "places.table"
            shown = context.name_cities(self.shaded.areas.drop(columns=["said"]))
            expanders.offer_method(name, shown, about, key, what="Map's data")
            expanders.offer_method(
                components.name_answer_file(self.unlocated),
                context.name_cities(self.unlocated.frame),
                self.unlocated.provenance,
                "places.unlocated",
                what="Without a place on the map",
            )
        components.draw_footer(context, [about])
        return ()

    def _draw_changes(self) -> tuple[pd.DataFrame, str]:
        """Draw the areas' counts beside those before; return all that was tested, and how."""
        table = drawn_places.build_changes_table(self.context, *self.subject, self.show)
        when = next((areas.when for areas in self.shaded.changes.values()), "before")
        short = area_changes.shorten_changes_table(table, self.period.name, when)
        st.caption(start_sentence(MEASURES[self.measure]))
        expanders.draw_table(short, self.before.provenance.question)
        reading = area_changes.explain_changes(self.measure)
        return table, f"{reading} {say('areas.caution')}"


def describe_points(
    points: pd.DataFrame,
    located: pd.DataFrame,
    unlocated: pd.DataFrame,
    visible: Collection[str],
    cities: Mapping[str, str],
) -> list[str]:
    """Say what a point is, how many shootings are points, and how many are not.

    `points`: city, points_of_city (all the points there are of it, drawn or not). `located`,
    `unlocated`: city, incidents. `visible`: the cities shown whose points this viewer may see;
    `cities`: all that are shown, id to name.
    """
    sentences = []
    if len(visible) < len(cities):
        names = [name for city, name in cities.items() if city in visible]
        sentences.append(say("points.own", names=names))
    if visible:
        exact = int(points.groupby("city")["points_of_city"].first().sum())
        counts = pd.concat([located, unlocated])
        total = counts.loc[counts["city"].isin([*visible]), "incidents"].sum(skipna=False)
        sentence = say(
            f"points.{'known' if exact else 'none'}",
            metres=BLOCK_METRES,
            exact=exact,
            drawn=len(points) if len(points) < exact else None,
            total=None if pd.isna(total) else total,
        )
        sentences.append(sentence)
    return sentences
