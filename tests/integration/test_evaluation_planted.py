"""The evaluation of the published demonstration: what was planted is found, and nothing else."""

from __future__ import annotations

import pandas as pd

from longevity.auth.viewers import STATE
from longevity.settings import City
from longevity.stats import evaluation
from longevity.stats.evaluation import Verdict
from longevity.stats.monthly_series import Span
from longevity.text.evaluation_check_text import describe_refusal
from longevity.warehouse.warehouse import Warehouse
from tools.calibrate import evaluation as calibration


def asked(warehouse: Warehouse, city: str) -> pd.DataFrame:
    frame = warehouse.run("incidents_by_month_gmi", {"city": city}, STATE).frame
    return frame[frame["month"] < "2020-01-01"]


def span(city: City) -> Span:
    return Span(city.require_launch(), calibration.UNTIL)


def test_the_published_demonstration_is_judged(warehouse, settings):
    for city in settings.cities.values():
        found = evaluation.evaluate_place(
            asked(warehouse, city.id),
            city.name,
            span(city),
        )
        truth = city.demonstration.effect_gmi_incidents_a_month
        if city.demonstration.audited_back_to:
            assert found.gmi.effect is not None
            assert found.gmi.effect.low < truth < found.gmi.effect.high
        else:
            assert found.gmi.effect is None
            assert "may be the reviews starting" in describe_refusal(found.gmi)
            assert found.verdict is not Verdict.CONSISTENT
