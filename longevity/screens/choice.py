"""What a viewer can choose for a screen or a chart, such as the city; with the usual choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from longevity.facts.counted import MEASURES
from longevity.findings.areas import VIEWS
from longevity.screens.context import ReportContext

ALL, CITY, AREA, POINTS, WEEK = "all", "city", "area", "points", "week"
Values = Mapping[str, str]  # what is chosen, by the name of the choice: {"city": "hartford"}


@dataclass(frozen=True)
class Choice:
    """One choice, in links under its `name`, on screens under its `label`.

    `list_values` returns the values with their words, {"hartford": "Hartford"}, for a context and
    what was chosen before; the first is the default. None are listed where there is nothing to
    choose. `by_viewer`: not every viewer is offered the same values.
    """

    name: str
    label: str
    list_values: Callable[[ReportContext, Values], Mapping[str, str]]
    by_viewer: bool = False

    def offer(self, context: ReportContext, chosen: Values | None = None) -> Mapping[str, str]:
        """Return the values offered after those that are `chosen` already."""
        return self.list_values(context, chosen or {})


def find_city(chosen: Values) -> str | None:
    """Return the chosen city; None for all."""
    city = chosen.get(CITY, ALL)
    return None if city == ALL else city


def _or_all(cities: Mapping[str, str]) -> Mapping[str, str]:
    """Return the cities with "All cities" first; one city alone is that city."""
    return cities if len(cities) == 1 else {ALL: "All cities", **cities}


def _list_measures(context: ReportContext, chosen: Values) -> Mapping[str, str]:
    """Return the measures that are known of the chosen city, or of any."""
    return {name: MEASURES[name].capitalize() for name in context.list_measures(find_city(chosen))}


def _list_periods(context: ReportContext, chosen: Values) -> Mapping[str, str]:
    """Return the periods of the chosen city's data, or of all cities'."""
    return {key: period.name for key, period in context.list_periods(find_city(chosen)).items()}


def list_periods_of_any(context: ReportContext, _chosen: Values) -> Mapping[str, str]:
    """Return the periods that any city's data have."""
    return {key: period.name for key, period in context.list_periods_of_any().items()}


def _list_areas(context: ReportContext, chosen: Values) -> Mapping[str, str]:
    """Return the neighbourhoods that can be opened: "hartford/Frog Hollow", or "" for none."""
    city = find_city(chosen)
    areas = context.count_areas(context.find_period(chosen["period"], city), city).frame
    return {"": "No area opened"} | {
        f"{row.city}/{row.neighbourhood}": f"{row.neighbourhood}, {context.cities[row.city]}"
        for row in areas.itertuples()
    }


def _list_points(context: ReportContext, _chosen: Values) -> Mapping[str, str]:
    """Return whether shootings are shown as points, by block; {} for those who may not see them."""
    return {} if context.is_public else {"hide": "Points hidden", "show": "Points shown"}


ANY_CITY = Choice(CITY, "City", lambda context, _: context.cities)
CITY_OR_ALL = Choice(CITY, "City", lambda context, _: _or_all(context.cities))
# Of those whose program is shown in full to the viewer.
OWN_CITY = Choice(CITY, "City", lambda context, _: context.own_cities)
OWN_CITY_OR_ALL = Choice(CITY, "City", lambda context, _: _or_all(context.own_cities))
MEASURE = Choice("measure", "What is counted", _list_measures)
MEASURE_OF_ANY = Choice(
    "measure", "What is counted", lambda context, _: _list_measures(context, {})
)
PERIOD = Choice("period", "Period", _list_periods)
PERIOD_OF_ANY = Choice("period", "Period", list_periods_of_any)
SHOWN = Choice("show", "Show", lambda _context, _chosen: VIEWS)
OPENED_AREA = Choice(AREA, "Neighbourhood", _list_areas)
POINTS_SHOWN = Choice(POINTS, "Points", _list_points)
