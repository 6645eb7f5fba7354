"""How large an effect must be for a series to show it."""

from __future__ import annotations

import math

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
    without = float(interrupted.expected(model, months)["without"].mean())
    ratio = 1 + change / without
    if ratio <= 0:
        return 0.0
    seen = interrupted.design(model.months["month"], model.step, model.origin, model.terms)
    bare = seen.copy()
    bare[:, -1] = 0.0
    days = np.log(model.months["days"].to_numpy(dtype=float) / interrupted.MONTH)
    # Where the effect is, the counts weigh so much less, and tell so much less.
    weight = np.exp(bare @ model.coefficients + days) * np.where(seen[:, -1] > 0, ratio, 1.0)
    information = seen.T @ (weight[:, None] * seen)
    error = math.sqrt(model.scale * float(np.linalg.inv(information)[-1, -1]))
    shift = math.log(ratio) / error
    beyond = stats.nct.sf(model.quantile, model.freedom, [shift, -shift])
    return float(np.nansum(beyond))


def detectable(model: Model, months: pd.DataFrame) -> float | None:
    """The least fall a month that is told from nothing in 80 of 100 such series; None for none."""
    without = float(interrupted.expected(model, months)["without"].mean())
    least = 0.0
    for fall in np.linspace(0.05, 0.95, 19) * without:
        if power(model, months, -fall) >= POWER:
            break
        least = float(fall)
    else:
        return None
    return float(
        optimize.brentq(lambda by: power(model, months, -by) - POWER, least, float(fall), xtol=1e-3)
    )
