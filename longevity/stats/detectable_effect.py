"""How large an effect must be for a series to show it."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import optimize, stats

from longevity.stats import interrupted_time_series
from longevity.stats.comparison import LEVEL
from longevity.stats.interrupted_time_series import Model

POWER = 0.80


def compute_power(model: Model, ratio: float, chance: float = 1 - LEVEL) -> float:
    """Return how often an effect of this `ratio` would be told from nothing.

    The errors are those this series would have with that effect: the same months, terms,
    dispersion and wandering level. `chance`: how often nothing at all is told as a change.
    """
    step = model.design[:, -1]
    # Where the effect is, the counts weigh so much less, and tell so much less.
    mean = model.fit.mean * np.exp(step * (math.log(ratio) - model.fit.coefficients[-1]))
    shift = math.log(ratio) / interrupted_time_series.estimate_step_error(model, mean)
    reach = stats.t.isf(chance / 2, model.freedom)
    return float(np.nansum(stats.nct.sf(reach, model.freedom, [shift, -shift])))


def find_detectable_fall(
    model: Model, months: pd.DataFrame, chance: float = 1 - LEVEL
) -> float | None:
    """Find the least fall a month told from nothing in 80 of 100 such series; None for none."""
    without = float(interrupted_time_series.predict_months(model, months)["without"].mean())

    def compute_excess(fall: float) -> float:
        return compute_power(model, 1 - fall / without, chance) - POWER

    seen_less = 0.0
    for fall in np.linspace(0.05, 0.95, 19) * without:
        if compute_excess(fall) >= 0:
            return float(optimize.brentq(compute_excess, seen_less, fall, xtol=1e-3))
        seen_less = float(fall)
    return None
