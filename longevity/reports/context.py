"""Where charts and documents are made: one viewer, one release, one day."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Self, TypeVar

from longevity.auth import viewers
from longevity.auth.viewers import Viewer
from longevity.charts.chart import MEASURES, Drawing
from longevity.charts.theme import LIGHT, Theme
from longevity.ingest import holdings
from longevity.ingest.holdings import Holdings
from longevity.reports import computed
from longevity.settings import Settings
from longevity.stats import clusters
from longevity.stats.clusters import Clusters
from longevity.stats.evaluation import Evaluation
from longevity.stats.reporting_delay import ReportingDelay
from longevity.text import availability
from longevity.warehouse import prefetch
from longevity.warehouse.prefetch import Question
from longevity.warehouse.warehouse import Answer, Warehouse

RELEASES_KEPT = 3
CITIES_KEPT = 8
T = TypeVar("T")


@dataclass(frozen=True)
class Desk:
    """What a screen, an export and a document ask and draw with."""

    settings: Settings
    viewer: Viewer
    warehouse: Warehouse
    today: date
    theme: Theme = field(default=LIGHT, kw_only=True)
    told: dict[tuple[Any, ...], Answer] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def synthetic(self) -> bool:
        """Whether the release is a demonstration."""
        return bool(self.warehouse.release.manifest["kind"] == "synthetic")

    @property
    def cities(self) -> dict[str, str]:
        """City ids and names, in the configuration's order."""
        return {city.id: city.name for city in self.settings.cities.values()}

    @property
    def holds(self) -> Holdings:
        """What the sources of this release hold of victims."""
        return holdings.holdings_of_manifest(self.warehouse.release.manifest)

    def measures(self, city: str | None = None) -> list[str]:
        """The measures there are counts of, of one city or of any; the first is the usual one.

        Those that every city with data holds come first, so that what a screen opens on is whole.
        """
        told = self.warehouse.release.manifest.get("data_through", {}).get("incidents", {})
        asked = [one for one in self.cities if one in told and city in (None, one)]
        return availability.list_measures(self.holds, asked or [*self.cities], MEASURES)

    def why_not(self, measure: str, city: str | None = None) -> str:
        """Which cities' sources do not hold a measure, in a sentence; empty where all do."""
        asked = {one: name for one, name in self.cities.items() if city in (None, one)}
        return availability.explain_missing(self.holds, measure, MEASURES[measure], asked)

    def sees(self, city: str) -> bool:
        """Whether this viewer may read this city's own rows."""
        return self.viewer.named_scope in (city, viewers.STATE_SCOPE)

    def ask(self, query: str, **parameters: Any) -> Answer:
        """The answer to a named question, as this viewer; asked once at one desk."""
        asked = (query, *sorted((name, str(value)) for name, value in parameters.items()))
        if asked not in self.told:
            self.told[asked] = self.warehouse.run(query, parameters, self.viewer)
        return self.told[asked]

    def ask_all(self, questions: Mapping[str, Question]) -> dict[str, Answer]:
        """The answers to several questions by the names given here, asked on two processors."""

        def ask(query: str, parameters: Mapping[str, Any]) -> object:
            return self.warehouse.run(query, parameters, self.viewer)

        with prefetch.asked(ask, [*questions.values()]):
            return {
                name: self.ask(query, **parameters)
                for name, (query, parameters) in questions.items()
            }

    def made(self, make: Callable[..., T], *given: Any) -> T:
        """What `make` makes of these; of an Answer it takes the frame."""
        return make(*(each.frame if isinstance(each, Answer) else each for each in given))

    def span(self) -> tuple[date, date]:
        """The first day there is data for and the last that all cities cover."""
        answer = self.ask("cities")
        through = self.ask("year_to_date_by_city").provenance.data_through or self.today
        starts = answer.frame["starts_on"].dropna()
        return (starts.min().date() if len(starts) else through), through

    def boundaries(self, city: str) -> dict[str, Any]:
        """The drawn boundaries of a city, as a GeoJSON FeatureCollection."""
        release = self.warehouse.release
        return _boundaries(release.id, str(release.member("built/boundaries.geojson"))).get(
            city, {"type": "FeatureCollection", "features": []}
        )

    def touching(self, city: str) -> clusters.Adjacency:
        """Which neighbourhoods of a city touch, by name, as the lines are drawn."""
        release = self.warehouse.release
        drawn = str(release.member("built/boundaries.geojson"))
        return _touching(release.id, drawn, city, self.settings.projected_crs)

    def has_boundaries(self, city: str) -> bool:
        """Whether the release draws any neighbourhood of a city."""
        return bool(self.boundaries(city)["features"])

    def lines_said(self, city: str) -> str:
        """What is said beside a city's lines where no badge stands: nothing of official ones."""
        kind = self.warehouse.release.manifest["boundaries"][city]["kind"]
        return "Boundaries are approximate." if kind == "approximate" else ""

    def drawing(self) -> Drawing:
        """What charts are drawn with."""
        return Drawing(self.theme, self.cities, self.synthetic)

    def growth(self, entered: Answer, through: date) -> dict[str, ReportingDelay]:
        """How much each city's newest weeks still grow. `entered`: incidents_by_day_recorded."""
        return self.made(computed.growth, self.settings, entered, through)

    def evaluated(self, city: str, months: Answer) -> Evaluation:
        """The evaluation of one city. `months`: city, month, incidents, … of every city."""
        return self.made(computed.evaluated, self.settings, city, months)

    def clustered(self, located: Answer, city: str, measure: str) -> Clusters:
        """The clusters among one city's neighbourhoods. `located`: victims_by_neighbourhood.

        Who touches whom is read from the lines as drawn, which share their borders; official
        ones as installed may miss each other.
        """
        return self.made(computed.clustered, self, located, city, measure)

    def public(self) -> Self:
        """The same release as anybody may see it, on white: what leaves the building."""
        return type(self)(self.settings, viewers.PUBLIC, self.warehouse, self.today)


@lru_cache(maxsize=RELEASES_KEPT * CITIES_KEPT)
def _touching(release_id: str, path: str, city: str, crs: str) -> clusters.Adjacency:
    """Who touches whom in one city of one release; public, so the same for every viewer."""
    import geopandas as gpd

    features = _boundaries(release_id, path).get(city, {"features": []})["features"]
    if not features:
        return {}
    drawn = gpd.GeoDataFrame.from_features(features, crs="EPSG:4326")
    return clusters.find_touching(drawn.to_crs(crs).set_index("neighbourhood").geometry)


@lru_cache(maxsize=RELEASES_KEPT)
def _boundaries(release_id: str, path: str) -> dict[str, dict[str, Any]]:
    """The boundaries of one release, a city at a time; public, so the same for every viewer."""
    cities: dict[str, dict[str, Any]] = {}
    for feature in json.loads(Path(path).read_text(encoding="utf-8"))["features"]:
        own = cities.setdefault(
            feature["properties"]["city"], {"type": "FeatureCollection", "features": []}
        )
        own["features"].append(feature)
    return cities
