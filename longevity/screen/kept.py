"""Long computations kept between visits, apart for every release, viewer and question."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from longevity.measures import evaluation
from longevity.measures.evaluation import Evaluation
from longevity.measures.evaluation_checks import Other
from longevity.screen.guard import Visit
from longevity.warehouse.warehouse import Answer

MOST = 32


def evaluated(visit: Visit, city: str, months: Answer) -> Evaluation:
    """The evaluation of one city from `months` (city, month, incidents, …, of every city)."""
    about = months.provenance
    asked = f"{about.query} as {visit.viewer} with {sorted(about.parameters.items())}"
    return _evaluated(about.release_id, asked, city, visit, months.frame)


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
