"""Long computations kept between visits, apart for every release, viewer and question."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import geopandas as gpd
import pandas as pd
import streamlit as st

from longevity.bounded import Bounded
from longevity.measures import clusters
from longevity.measures.clusters import Clusters
from longevity.measures.evaluation import Evaluation
from longevity.measures.provisional import Provisional
from longevity.press import computed
from longevity.press.charts.entry import Drawn, Entry
from longevity.press.desk import Desk
from longevity.settings import Settings
from longevity.warehouse.warehouse import Answer, Warehouse

MOST = 32
MOST_MAPS = 128
# Of charts, by their release: some hundreds. All charts of all cities and viewers need less.
CHART_BYTES = 48 * 1024 * 1024
AS_OBJECTS = 5  # a figure takes about so many times the bytes it is written with

T = TypeVar("T")
_charts: WeakKeyDictionary[Warehouse, tuple[Settings, Bounded]] = WeakKeyDictionary()
_finding = threading.Lock()


def drawn(visit: Desk, entry: Entry, values: Mapping[str, str]) -> Drawn:
    """A chart of the catalogue, drawn once for a viewer, theme, day and these values.

    Kept with the open release, and so forgotten with it, as after a purge; and drawn anew
    once the configuration changed.
    """
    key = (entry.name, *sorted(values.items()))
    return _kept(visit, key, lambda: entry.draw(visit, values), _size)


def _kept(visit: Desk, key: tuple[Any, ...], make: Callable[[], T], size: Callable[[T], int]) -> T:
    with _finding:
        settings, charts = _charts.get(visit.warehouse, (None, None))
        if charts is None or (settings is not visit.settings and settings != visit.settings):
            charts = Bounded(CHART_BYTES)
        _charts[visit.warehouse] = (visit.settings, charts)
    whole = (visit.viewer, visit.theme.name, visit.today, *key)
    return charts.once(whole, make, size)


def _size(made: Drawn) -> int:
    table = int(made.chart.table.memory_usage(deep=True).sum())
    return AS_OBJECTS * len(repr(made.chart.figure)) + table


def evaluated(visit: Desk, city: str, months: Answer) -> Evaluation:
    """The evaluation of one city from `months` (city, month, incidents, …, of every city)."""
    return _evaluated(
        months.provenance.release_id, _asked(visit, months), city, visit, months.frame
    )


def growth(visit: Desk, entered: Answer, through: date) -> dict[str, Provisional]:
    """How much each city's newest weeks still grow, by city.

    `entered`: city, day, recorded_on, incidents.
    """
    return _growth(
        entered.provenance.release_id, _asked(visit, entered), through, visit, entered.frame
    )


def _asked(visit: Desk, answer: Answer) -> str:
    """Who asked what: a part of every key."""
    about = answer.provenance
    return f"{about.query} as {visit.viewer} with {sorted(about.parameters.items())}"


@st.cache_resource(max_entries=MOST, show_spinner=False)
def _growth(
    release: str, asked: str, through: date, _visit: Desk, _frame: pd.DataFrame
) -> dict[str, Provisional]:
    return computed.growth(_visit.settings, _frame, through)


@st.cache_resource(max_entries=MOST, show_spinner="Fitting the model and its checks …")
def _evaluated(
    release: str, asked: str, city: str, _visit: Desk, _frame: pd.DataFrame
) -> Evaluation:
    return computed.evaluated(_visit.settings, city, _frame)


def clustered(visit: Desk, city: str, measure: str, located: Answer) -> Clusters:
    """The clusters among one city's neighbourhoods, in the period of `located`.

    `located`: city, neighbourhood, counts, population. Who touches whom is read from the lines
    as drawn, which share their borders; official ones as installed may miss each other.
    """
    about = located.provenance
    dates = "to".join(str(about.parameters[name]) for name in ("date_from", "date_until"))
    frame = located.frame[located.frame["city"] == city]
    asked = f"{about.query} {dates} as {visit.viewer}"
    return _clustered(about.release_id, asked, city, measure, visit, frame)


@st.cache_resource(max_entries=MOST_MAPS, show_spinner="Looking for clusters …")
def _clustered(
    release: str, asked: str, city: str, measure: str, _visit: Desk, _frame: pd.DataFrame
) -> Clusters:
    features = _visit.boundaries(city)["features"]
    drawn = gpd.GeoDataFrame.from_features(features, crs="EPSG:4326")
    lines = drawn.to_crs(_visit.settings.projected_crs).set_index("neighbourhood").geometry
    return clusters.clusters(_frame, measure, lines)
