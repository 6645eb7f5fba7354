"""How large an effect must be for a series to show it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import optimize, stats

from longevity.stats import interrupted_time_series
from longevity.stats.effects import Floats
from longevity.stats.interrupted_time_series import Model

POWER = 0.80


def compute_power(model: Model, months: pd.DataFrame, change: float) -> float:
    """Return how often an effect of `change` a month would be told from nothing.

    The errors are those this series would have with that effect: the same months, terms,
    dispersion and wandering level. `change` at or below minus what is expected without is 0.
    """
    return float(_prepare_power(model, months)[0](np.array([change]))[0])


def _prepare_power(
    model: Model, months: pd.DataFrame, chance: float | None = None
) -> tuple[Callable[[Floats], Floats], float]:
    """Return the power as a function of the change, and the count a month expected without."""
    without = float(interrupted_time_series.predict_months(model, months)["without"].mean())
    matrix = interrupted_time_series.build_design(model.months["month"], model.step, model.terms)
    without_step = matrix.copy()
    without_step[:, -1] = 0.0
    days = np.log(model.months["days"].to_numpy(dtype=float) / interrupted_time_series.MONTH)
    expected = np.exp(without_step @ model.coefficients + days)
    after = matrix[:, -1] > 0
    reach = model.quantile if chance is None else stats.t.isf(chance / 2, model.freedom)

    def power_of(changes: Floats) -> Floats:
        ratios = 1 + changes / without
        possible = ratios > 0
        ratio = np.where(possible, ratios, 1.0)
        # Where the effect is, the counts weigh so much less, and tell so much less.
        means = expected * np.where(after, ratio[:, None], 1.0)
        error = np.sqrt(interrupted_time_series.estimate_step_covariances(model, means))
        shift = np.log(ratio) / error
        beyond = stats.nct.sf(reach, model.freedom, [shift, -shift])
        return np.where(possible, np.nansum(beyond, axis=0), 0.0)

    return power_of, without


def find_detectable_fall(
    model: Model, months: pd.DataFrame, chance: float | None = None
) -> float | None:
    """Find the least fall a month told from nothing in 80 of 100 such series; None for none.

    `chance`: how often nothing at all is told as a change; that of the intervals if not given.
    """
    power_of, without = _prepare_power(model, months, chance)
    falls = np.linspace(0.05, 0.95, 19) * without
    enough = np.flatnonzero(power_of(-falls) >= POWER)
    if not enough.size:
        return None
    first = int(enough[0])
    least = float(falls[first - 1]) if first else 0.0
    fall = optimize.brentq(
        lambda size: float(power_of(np.array([-size]))[0]) - POWER,
        least,
        float(falls[first]),
        xtol=1e-3,
    )
    return float(fall)
