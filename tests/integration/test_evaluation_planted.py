"""The evaluation of the published demonstration: what was planted is found, and nothing else."""

from __future__ import annotations

from longevity.auth.viewers import STATE
from longevity.findings.evaluation_text import describe_refusal
from longevity.stats import evaluation
from longevity.stats.evaluation import EvaluationVerdict
from longevity.stats.monthly_series import Span
from tools.calibrate import evaluation as calibration


def test_the_published_demonstration_is_judged(warehouse, settings):
    for city in settings.cities.values():
        months = warehouse.run("incidents_by_month_gmi", {"city": city.id}, STATE).frame
        months = months[months["month"] < "2020-01-01"]
        span = Span(city.require_launch(), calibration.UNTIL)
        found = evaluation.evaluate_place(months, city.name, span)
        truth = city.demonstration.effect_gmi_incidents_a_month
        if city.demonstration.audited_back_to:
            assert found.gmi.effect is not None
            assert found.gmi.effect.low < truth < found.gmi.effect.high
        else:
            assert found.gmi.effect is None
            assert "may be the reviews starting" in describe_refusal(found.gmi)
            assert found.verdict is not EvaluationVerdict.CONSISTENT
