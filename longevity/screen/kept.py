"""Long computations kept between visits, apart for every release, viewer and question."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd
import streamlit as st

from longevity.measures import clusters, evaluation, provisional
from longevity.measures.clusters import Clusters
from longevity.measures.evaluation import Evaluation
from longevity.measures.evaluation_checks import Other
from longevity.measures.provisional import Provisional
from longevity.screen.guard import Visit
from longevity.warehouse.warehouse import Answer

MOST = 32
MOST_MAPS = 128


def evaluated(visit: Visit, city: str, months: Answer) -> Evaluation:
    """The evaluation of one city from `months` (city, month, incidents, …, of every city)."""
    return _evaluated(
        months.provenance.release_id, _asked(visit, months), city, visit, months.frame
    )


def growth(visit: Visit, entered: Answer, through: date) -> dict[str, Provisional]:
    """How much each city's newest weeks still grow, by city.

    `entered`: city, day, recorded_on, incidents.
    """
    return _growth(
        entered.provenance.release_id, _asked(visit, entered), through, visit, entered.frame
    )


def _asked(visit: Visit, answer: Answer) -> str:
    """Who asked what: a part of every key."""
    about = answer.provenance
    return f"{about.query} as {visit.viewer} with {sorted(about.parameters.items())}"


@st.cache_resource(max_entries=MOST, show_spinner=False)
def _growth(
    release: str, asked: str, through: date, _visit: Visit, _frame: pd.DataFrame
) -> dict[str, Provisional]:
    least = _visit.settings.thresholds.least_base_for_percentage
    return {
        city.id: provisional.provisional(
            _frame[_frame["city"] == city.id], through, city.week_ends_iso, least
        )
        for city in _visit.settings.cities.values()
    }


@st.cache_resource(max_entries=MOST, show_spinner="Fitting the model and its checks …")
def _evaluated(
    release: str, asked: str, city: str, _visit: Visit, _frame: pd.DataFrame
) -> Evaluation:
    cities = _visit.settings.cities
    others = {
        each.name: Other(_frame[_frame["city"] == each.id], each.launched_on)
        for each in cities.values()
        if each.id != city and (_frame["city"] == each.id).any()
    }
    return evaluation.evaluate(
        _frame[_frame["city"] == city],
        cities[city].name,
        cities[city].launched_on,
        _visit.settings.thresholds.least_base_for_percentage,
        others,
    )


def clustered(visit: Visit, city: str, measure: str, located: Answer) -> Clusters:
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
    release: str, asked: str, city: str, measure: str, _visit: Visit, _frame: pd.DataFrame
) -> Clusters:
    features = _visit.boundaries(city)["features"]
    drawn = gpd.GeoDataFrame.from_features(features, crs="EPSG:4326")
    lines = drawn.to_crs(_visit.settings.projected_crs).set_index("neighbourhood").geometry
    return clusters.clusters(_frame, measure, lines)
