"""The screen Map: where people were shot, one neighbourhood in detail, changes since last year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import pandas as pd

from longevity.charts.kinds import area_maps
from longevity.facts.counted import MEASURES, say_clause
from longevity.findings import areas as area_changes
from longevity.findings import counting, places
from longevity.geography.blocks import BLOCK_METRES
from longevity.screens.chart_catalogue import neighbourhoods
from longevity.screens.chart_catalogue.neighbourhoods import Shaded
from longevity.screens.choice import (
    AREA,
    CITY_OR_ALL,
    MEASURE,
    OPENED_AREA,
    PERIOD,
    POINTS,
    POINTS_SHOWN,
    SHOWN,
    Values,
    find_city,
)
from longevity.screens.context import ReportContext
from longevity.screens.report import Card, Report, Row, Tab
from longevity.screens.screen import Screen
from longevity.stats.periods import Period
from longevity.warehouse.warehouse import Answer
from longevity.words.language import translate
from longevity.words.say import say
from longevity.words.wording import format_during

NAME, MAP = "map", "map"  # the screen and its first tab
NO_MAP = "none"  # the first tab where no map is to be drawn
CLICK = "Click a neighbourhood, or choose one above, to see its years and hours."
# Pixels of the small charts of an area: all in one screenful.
YEAR_BARS, HOUR_CELLS = {"tall": 72}, {"tall": 16}


@dataclass(frozen=True)
class MapScreen:
    """The screen of one city, or of all (None), for a measure and a period.

    `show`: what the colours show: count, rate or change. `area`: the neighbourhood that is opened,
    "hartford/Frog Hollow", or "". `points`: whether shootings are shown as points, in the cities
    whose rows this viewer may read.
    """

    context: ReportContext
    city: str | None
    measure: str
    period: Period
    show: str
    area: str = ""
    points: bool = False

    @property
    def subject(self) -> tuple[str | None, str, Period, str]:
        """Return the arguments that tell what the maps show, as `shade_areas` takes them."""
        return self.city, self.measure, self.period, self.show

    @cached_property
    def shaded(self) -> Shaded:
        """Return every area with its value, and the classes of the colours."""
        return self.context.shared.compute(neighbourhoods.shade_areas, *self.subject)

    @cached_property
    def unlocated(self) -> Answer:
        """Return the counts of people and shootings that are in no neighbourhood."""
        return self.context.ask_period("unlocated_victims_by_city", self.period, city=self.city)

    @property
    def cities(self) -> dict[str, str]:
        """Return the cities on the screen, names by id."""
        return {c: name for c, name in self.context.cities.items() if self.city in (None, c)}

    @property
    def uncovered(self) -> dict[str, date]:
        """Return the cities on the screen whose data begin within the period, and the day."""
        late = self.context.find_late_starts(self.period.start)
        return {city: day for city, day in late.items() if city in self.cities}

    @cached_property
    def shootings(self) -> Answer | None:
        """Return the shootings to draw as points; None where they are off or not allowed."""
        if not self.points or not any(map(self.context.can_see, self.cities)):
            return None
        start, until = self.period.window
        return self.context.ask(
            "incident_points", city=self.city, date_from=start, date_until=until
        )

    def build(self) -> Report:
        """Return the screen as a report: the maps, and a table; alerts on what is not covered."""
        not_covered = places.describe_cities_not_covered(
            self.uncovered, self.cities, format_during(*self.period.window)
        )
        if {*self.cities} <= {*self.uncovered}:
            return Report(NAME, (Tab(NO_MAP, translate("Map"), lambda: not_covered, tuple),))
        # Where every source has the measure, such as people killed, it is still said which of them
        # do not list all people shot.
        absent = self.context.explain_absence(self.measure, self.city)
        absent = absent or self.context.explain_absence("victims", self.city)
        tabs = (
            Tab(MAP, translate("Map"), self.write_answer, self._build_maps),
            Tab("table", translate("Table"), self._write_change, self._build_table),
        )
        alerts = tuple(filter(None, (not_covered, absent)))
        return Report(NAME, tabs, alerts=alerts, not_for_release=self.points)

    def write_answer(self) -> str:
        """Return the tab's answer: where most were shot, or which areas changed clearly."""
        if self.show == area_changes.CHANGE:
            return self._write_change()
        return self.context.shared.compute(neighbourhoods.describe_where, *self.subject[:3])

    def _write_change(self) -> str:
        """Return a sentence on whether any area changed by more than chance."""
        too_long = area_changes.explain_too_long(self.period.window)
        said = area_changes.write_changes_title(self.shaded.changes, self.context.cities)
        return too_long or f"{said.removesuffix('.')}."

    def describe_unlocated(self) -> str:
        """Return a sentence on how many the map cannot show."""
        return places.describe_unlocated(
            self.shaded.located.frame, self.unlocated.frame, self.measure
        )

    def list_credits(self) -> list[str]:
        """Return credits for boundaries that were installed, not shipped with the program."""
        kinds = self.context.manifest["boundaries"]
        return [
            f"{name}. {self.context.credit_boundaries(city)}"
            for city, name in self.cities.items()
            if kinds[city]["kind"] == "installed"
        ]

    def explain_no_map(self, city: str) -> str:
        """Return a sentence on why there is no map of a city."""
        not_held = self.context.explain_absence(self.measure, city)
        return not_held or neighbourhoods.explain_no_map(self.context, city, self.period)

    def _build_maps(self) -> Sequence[Row]:
        """Return the cards of "Map": a map of each city, or with an area opened that city's map and
        the area's cards; below, how the maps are read.
        """
        if self.area:
            city, _ = self.area.split("/", 1)
            return [[self._build_map(city), self._build_area()], [self._build_notes()]]
        return [[*map(self._build_map, self.cities)], [self._build_notes()]]

    def _build_map(self, city: str) -> Card:
        """Return the card with the map of one city, or with why there is none."""
        context, name = self.context, self.context.cities[city]
        card = Card(f"map.{city}", name, width=3)
        if city not in self.shaded.areas["city"].values or not context.has_boundaries(city):
            return replace(card, note=self.explain_no_map(city))
        opened = self.area.partition("/")[-1] or None
        size = neighbourhoods.ALONE if self.city or opened else neighbourhoods.SIDE_BY_SIDE
        drawn = context.shared.compute(neighbourhoods.draw_map, *self.subject, city, opened, size)
        if self.shootings is not None and context.can_see(city):
            points = self.shootings.frame[self.shootings.frame["city"] == city]
            drawn = area_maps.add_points(drawn, area_maps.group_by_block(points))
        shown = {"measure": self.measure, "period": self.period.key, "show": self.show}
        return replace(
            card,
            picture=replace(drawn, table=context.name_cities(drawn.table)),
            answer=self.shaded.mapped,
            chart="area-map",
            values={"city": city, **shown},
            opens=city,
        )

    def _build_notes(self) -> Card:
        """Return the card on how to read the maps, what is not on them, and the points' rows."""
        click = "" if self.shaded.areas.empty else CLICK
        said = (self.shaded.note, self.describe_unlocated(), *self.list_credits(), click)
        card = Card("map.notes", note=" ".join(filter(None, said)))
        if not self.points:
            return card
        card = replace(card, sentences=tuple(self._describe_points()))
        if self.shootings is None:
            return card
        points = self.shootings.frame.drop(columns=["points_of_city"])
        rows = replace(self.shootings, frame=self.context.name_cities(points))
        return replace(card, answer=rows)

    def _build_area(self) -> Sequence[Card]:
        """Return the cards of the opened area: sentences, its years, its hours of the week."""
        city, name = self.area.split("/", 1)
        said, changed = self.describe_area()
        years = {"area": self.area, "measure": self.measure}
        hours = {"area": self.area, "years": self.period.key}
        return (
            Card("places.area", f"{name}, {self.context.cities[city]}", (said,), width=2),
            Card("places.years", chart="years", values=years, definition=changed, sizes=YEAR_BARS),
            Card("places.hours", chart="hours-and-weekdays", values=hours, sizes=HOUR_CELLS),
        )

    def describe_area(self) -> tuple[str, str]:
        """Return the sentences about the opened area, and the full words for how it changed."""
        city, name = self.area.split("/", 1)
        not_held = self.context.explain_absence(self.measure, city)
        if not_held:
            return not_held, ""
        located, changes = self.shaded.located.frame, self.shaded.changes[city]
        counts = located.set_index(["city", "neighbourhood"])[self.measure]
        shot = say_clause(self.measure, n=counts.get((city, name), 0))
        change, days = changes.areas[name], self.period.days
        facts = places.describe_area(located, self.unlocated.frame, change, city, days)
        verdict, changed = area_changes.describe_neighbourhood(changes, name)
        return f"{shot} {format_during(*self.period.window)}: {facts}. {verdict}", changed

    def _build_table(self) -> Sequence[Row]:
        """Return the cards of "Table": the areas' changes, and shootings without a place."""
        context, cards = self.context, []
        if self.shaded.areas.empty:
            why = [f"{name}: {self.explain_no_map(city)}" for city, name in self.cities.items()]
            cards.append(Card("places.none", sentences=tuple(why)))
        elif not area_changes.explain_too_long(self.period.window):
            cards.append(self._build_changes())
        answer, title = self.unlocated, translate("Without a place on the map")
        rows = context.tabulate("unlocated", answer.frame.query("incidents > 0"))
        card = Card("places.unlocated", title, answer=answer, folded=True)
        none = (say("unlocated.none"),)
        cards.append(replace(card, table=rows) if len(rows) else replace(card, sentences=none))
        return tuple((card,) for card in cards)

    def _build_changes(self) -> Card:
        """Return the card with each area's count next to that of a year before, and the verdict."""
        changes, window = self.shaded.changes, self.period.window
        noun, when = MEASURES[self.measure], area_changes.name_base(window)
        return Card(
            "places.changes",
            say("areas.table", noun=noun, during=format_during(*window), when=when),
            table=area_changes.build_changes_table(changes, self.context.cities),
            answer=counting.count_areas(self.context.shared, window, years=1, city=self.city),
            definition=f"{area_changes.explain_changes(self.measure)} {say('areas.caution')}",
        )

    def _describe_points(self) -> Iterator[str]:
        """Yield sentences on what a point is, and how many shootings have one."""
        visible = [city for city in self.cities if self.context.can_see(city)]
        if len(visible) < len(self.cities):
            yield say("points.own", names=[self.cities[city] for city in visible])
        if self.shootings is not None:
            points = self.shootings.frame
            # `points_of_city`: all there are of it, drawn or not.
            exact = int(points.groupby("city")["points_of_city"].first().sum())
            counts = pd.concat([self.shaded.located.frame, self.unlocated.frame])
            total = counts.loc[counts["city"].isin(visible), "incidents"].sum(skipna=False)
            yield say(
                f"points.{'known' if exact else 'none'}",
                metres=BLOCK_METRES,
                exact=exact,
                drawn=len(points) if len(points) < exact else None,
                total=None if pd.isna(total) else total,
            )


def _build_chosen(context: ReportContext, chosen: Values) -> Report:
    """Return the screen for what is chosen."""
    city = find_city(chosen)
    return MapScreen(
        context,
        city,
        chosen["measure"],
        context.find_period(chosen["period"], city),
        chosen["show"],
        chosen[AREA],
        chosen.get(POINTS) == "show",
    ).build()


SCREEN = Screen(
    "map",
    "Map",
    group="Violence",
    place=0,
    icon=":material/map:",
    help="Where people were shot. Click an area, or choose one from the list, to open its "
    "years and hours.",
    build=_build_chosen,
    choices=(
        CITY_OR_ALL,
        PERIOD,
        MEASURE,
        SHOWN,
        POINTS_SHOWN,
        OPENED_AREA,
    ),
)
