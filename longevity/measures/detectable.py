"""How large an effect must be for a series to show it."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import optimize, stats

from longevity.measures import interrupted
from longevity.measures.interrupted import Model

POWER = 0.80


def power(model: Model, months: pd.DataFrame, change: float) -> float:
    """How often an effect of `change` a month would be told from nothing, with this series.

    The errors are those this series would have with that effect: the same months, trend,
    season and dispersion. `change` at or below minus what is expected without is 0.
    """
    return _powers(model, months)[0](change)


def _powers(model: Model, months: pd.DataFrame) -> tuple[Callable[[float], float], float]:
    """The power by the change, and the count a month expected without."""
    without = float(interrupted.expected(model, months)["without"].mean())
    seen = interrupted.design(model.months["month"], model.step, model.origin, model.terms)
    bare = seen.copy()
    bare[:, -1] = 0.0
    days = np.log(model.months["days"].to_numpy(dtype=float) / interrupted.MONTH)
    expected = np.exp(bare @ model.coefficients + days)

    def power_of(change: float) -> float:
        ratio = 1 + change / without
        if ratio <= 0:
            return 0.0
        # Where the effect is, the counts weigh so much less, and tell so much less.
        weight = expected * np.where(seen[:, -1] > 0, ratio, 1.0)
        information = seen.T @ (weight[:, None] * seen)
        error = math.sqrt(model.scale * float(np.linalg.inv(information)[-1, -1]))
        shift = math.log(ratio) / error
        beyond = stats.nct.sf(model.quantile, model.freedom, [shift, -shift])
        return float(np.nansum(beyond))

    return power_of, without


def detectable(model: Model, months: pd.DataFrame) -> float | None:
    """The least fall a month that is told from nothing in 80 of 100 such series; None for none."""
    power_of, without = _powers(model, months)
    least = 0.0
    for fall in np.linspace(0.05, 0.95, 19) * without:
        if power_of(-fall) >= POWER:
            break
        least = float(fall)
    else:
        return None
    return float(optimize.brentq(lambda by: power_of(-by) - POWER, least, float(fall), xtol=1e-3))
