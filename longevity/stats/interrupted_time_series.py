"""The interrupted time series: monthly counts with and without a step at a date.

    log E(count) = log(days) + a + season + c · [from the step on]

Fitted by `wander`, with a level that wanders or, as a Poisson model whose errors are scaled by the
dispersion of what it leaves (never below one), with one that keeps still. Either may have a trend.
The model is written out, and its choices argued, in docs/evidence.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from longevity.stats import wander
from longevity.stats.comparison import LEVEL
from longevity.stats.wander import Noise, WanderFit

Floats = npt.NDArray[np.float64]

HARMONICS = 2  # of the year
MONTH = 365.25 / 12  # days; so that the constant is a rate of a common month
DIRECTIONS = 720  # of the ellipse an interval is read from
WIDEST = 20  # standard error of a log ratio: beyond it nothing is known
_TURN = np.linspace(0, 2 * np.pi, DIRECTIONS, endpoint=False)


@dataclass(frozen=True)
class Terms:
    """What a model has besides level and season: a trend, a bend of it, the step (always last)."""

    trend: bool = False
    bend: bool = False
    step: bool = True


@dataclass(frozen=True)
class Model:
    """A fitted model. `months` (month, days, count) are those it saw, a row of `design` each."""

    months: pd.DataFrame
    step: pd.Timestamp
    terms: Terms
    design: Floats
    fit: WanderFit
    noise: Noise

    @property
    def freedom(self) -> int:
        """The months beyond those that the terms take."""
        return int(self.design.shape[0] - self.design.shape[1])

    @property
    def quantile(self) -> float:
        """How many standard errors an interval reaches."""
        return float(special.stdtrit(self.freedom, (1 + LEVEL) / 2))

    def compute_p_value(self) -> float:
        """Return the two-sided p value of the last coefficient."""
        error = math.sqrt(self.fit.covariance[-1, -1])
        return float(2 * special.stdtr(self.freedom, -abs(self.fit.coefficients[-1]) / error))


@dataclass(frozen=True)
class Effect:
    """Expected with minus expected without the step, over `months`.

    `value`, `low`, `high` a month; `ratio` and its ends as a factor on `without`, the
    expected mean a month had there been no step. The ends of both come from one ellipse, so
    that both exclude nothing or neither does.
    """

    value: float
    low: float
    high: float
    ratio: float
    ratio_low: float
    ratio_high: float
    without: float
    months: int

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies wholly on one side of nothing."""
        return self.sign != 0

    @property
    def sign(self) -> int:
        """-1 fewer, 1 more, 0 where the interval does not tell."""
        return (self.low > 0) - (self.high < 0)


def build_design(months: pd.Series, step: pd.Timestamp, terms: Terms) -> Floats:
    """Build a row a month: constant, trend, season, bend, the step last."""
    since = _measure_since(months, step)
    years = (since - 0.5) / 12
    month = _number_months(months) % 12  # January is 0
    turns = [2 * np.pi * wave * month / 12 for wave in range(1, HARMONICS + 1)]
    season = [wave for turn in turns for wave in (np.cos(turn), np.sin(turn))]
    return np.column_stack(
        [
            np.ones(len(months)),
            *([years] if terms.trend else []),
            *season,
            *([years**2] if terms.bend else []),
            *([since > 0] if terms.step else []),
        ]
    )


def _measure_since(months: pd.Series, step: pd.Timestamp) -> Floats:
    """Measure how many months lie between the step and the middle of each; below zero before it."""
    since: Floats = _number_months(months) - 12 * (step.year - 1970) - (step.month - 1) + 0.5
    return since


def _number_months(months: pd.Series) -> npt.NDArray[np.int64]:
    """Number months from January 1970 on: placebo dates ask often, and a Series takes long."""
    numbers: npt.NDArray[np.int64] = months.to_numpy("datetime64[M]").astype(np.int64)
    return numbers


def _compute_offset(months: pd.DataFrame) -> Floats:
    offset: Floats = np.log(months["days"].to_numpy(dtype=float) / MONTH)
    return offset


def fit_model(
    months: pd.DataFrame,
    step: pd.Timestamp,
    terms: Terms | None = None,
    noise: Noise | None = None,
) -> Model | None:
    """Fit the model of `months` (month, days, count): with `noise` where the level wanders so.

    None where it cannot be: a side without incidents, too few months for its terms, or numbers
    that do not settle.
    """
    terms = terms or Terms()
    design = build_design(months["month"], step, terms)
    rows, columns = design.shape
    if rows <= columns or np.linalg.matrix_rank(design) < columns:
        return None
    counts, since = months["count"].to_numpy(dtype=float), _measure_since(months["month"], step)
    used = noise or Noise(0.0, 1.0)
    fit = wander.fit_counts(counts, design, _compute_offset(months), since, used)
    if fit is not None and noise is None:
        pearson = float(((counts - fit.mean) ** 2 / fit.mean).sum())
        used = Noise(0.0, max(1.0, pearson / (rows - columns)))
        bias = fit.bias * used.scale
        fit = WanderFit(fit.coefficients, fit.covariance * used.scale, bias, fit.mean)
    return None if fit is None else Model(months, step, terms, design, fit, used)


def let_level_wander(steady: Model) -> Model | None:
    """Fit a model again with the noise that its months show."""
    counts = steady.months["count"].to_numpy(dtype=float)
    since = _measure_since(steady.months["month"], steady.step)
    noise = wander.estimate_noise(counts, steady.fit.mean, steady.design, since)
    return fit_model(steady.months, steady.step, steady.terms, noise)


def predict_months(model: Model, months: pd.DataFrame) -> pd.DataFrame:
    """Return `months` (month, days) with what the model expects of each.

    fitted; without (had there been no step) and its interval low, high. After the step
    `without` is carried on from before: the exponential of an uncertain sum is too high on
    average (carried), and is lowered by as much. The interval widens as a level that wanders is
    carried on.
    """
    return months[["month", "days"]].assign(**_predict_columns(model, months))


def _predict_columns(model: Model, months: pd.DataFrame) -> dict[str, Floats]:
    """Predict as arrays: placebo dates ask often, and a frame takes longer than its numbers."""
    fit, design = model.fit, build_design(months["month"], model.step, model.terms)
    without_step, offset = _remove_step(design), _compute_offset(months)
    log_mean = without_step @ fit.coefficients + offset
    variance = ((without_step @ fit.covariance) * without_step).sum(axis=1)
    since = _measure_since(months["month"], model.step)
    reach = model.quantile * np.sqrt(variance + model.noise.step**2 * np.maximum(since, 0.0))
    lowered = np.where(since > 0, variance / 2 + without_step @ fit.bias, 0.0)
    return {
        "fitted": np.exp(design @ fit.coefficients + offset),
        "carried": np.exp(log_mean),
        "without": np.exp(log_mean - lowered),
        "low": np.exp(log_mean - reach),
        "high": np.exp(log_mean + reach),
    }


def _remove_step(design: Floats) -> Floats:
    result = design.copy()
    result[:, -1] = 0.0
    return result


def estimate_effect(model: Model | None, months: pd.DataFrame) -> Effect | None:
    """Estimate the mean over `months` (month, days) of expected with minus without the step.

    The interval: of all coefficients no further from those found than the 95% point of t,
    the least and the largest effect (read from the two that matter, the log ratio and the
    log mean without). None without a model, and where the numbers run away.
    """
    if model is None:
        return None
    design, covariance = (
        build_design(months["month"], model.step, model.terms),
        model.fit.covariance,
    )
    with np.errstate(all="ignore"):
        expected = _predict_columns(model, months)
        fitted, carried = expected["fitted"], expected["carried"]
        mean, without = float(fitted.mean()), float(expected["without"].mean())
        to_level = carried @ _remove_step(design) / carried.sum()
        to_change = fitted @ design / fitted.sum() - to_level
        # The ellipse of log ratio and log level.
        error = math.sqrt(max(to_change @ covariance @ to_change, 0.0))
        along = to_change @ covariance @ to_level / error if error else math.nan
        across = math.sqrt(max(to_level @ covariance @ to_level - along**2, 0.0))
        reach_cos, reach_sin = model.quantile * np.cos(_TURN), model.quantile * np.sin(_TURN)
        change = np.log(fitted.sum() / carried.sum()) + error * reach_cos
        level = np.log(carried.mean()) + along * reach_cos + across * reach_sin
        amounts, ratios = np.exp(level) * np.expm1(change), np.exp(change)
    if not (0 < error < WIDEST and np.isfinite(amounts).all() and without > 0):
        return None
    return Effect(
        value=mean - without,
        low=float(amounts.min()),
        high=float(amounts.max()),
        ratio=mean / without,
        ratio_low=float(ratios.min()),
        ratio_high=float(ratios.max()),
        without=without,
        months=len(months),
    )
