"""Long computations kept between visits, apart for every release and scope."""

from __future__ import annotations


import pandas as pd
import streamlit as st

from longevity.measures import evaluation
from longevity.measures.evaluation import Evaluation
from longevity.measures.evaluation_checks import Other
from longevity.screen.guard import Visit

MOST = 32


def evaluated(visit: Visit, city: str, scope: str, frame: pd.DataFrame) -> Evaluation:
    """The evaluation of one city from `frame` (city, month, incidents, …), all cities of `scope`."""
    return _evaluated(visit.warehouse.release.id, scope, city, visit, frame)


@st.cache_resource(max_entries=MOST, show_spinner="Fitting the model and its checks …")
def _evaluated(
    release: str, scope: str, city: str, _visit: Visit, _frame: pd.DataFrame
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
