"""The interrupted time series: monthly counts with and without a step at a date.

    log E(count) = log(days) + a + season + c · [from the step on]

Where the level may wander `wander` fits it; else it is a Poisson model, fitted by statsmodels,
whose errors are scaled by the dispersion of what it leaves (never below one). Either may have a
trend. The model is written out, and its choices argued, in docs/evidence.md.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import linalg, special

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
    """What a model holds beside level and season: a trend, a bend of it, the step (always last)."""

    trend: bool = False
    bend: bool = False
    step: bool = True


@dataclass(frozen=True)
class Model:
    """A fitted model. `months` (month, days, count) are those it saw, a row of `design` each.

    `noise`: how the level wanders, where that is in the errors. `dispersion`: as it is, also
    below one.
    """

    months: pd.DataFrame
    step: pd.Timestamp
    terms: Terms
    design: Floats
    fit: WanderFit
    dispersion: float
    noise: Noise | None = None

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
    columns = [np.ones(years.size)]
    if terms.trend:
        columns.append(years)
    for wave in range(1, HARMONICS + 1):
        turn = 2 * np.pi * wave * (months.dt.month.to_numpy() - 1) / 12
        columns += [np.cos(turn), np.sin(turn)]
    if terms.bend:
        columns.append(years**2)
    if terms.step:
        columns.append((since > 0).astype(float))
    return np.column_stack(columns)


def _measure_since(months: pd.Series, step: pd.Timestamp) -> Floats:
    """Measure how many months lie between the step and the middle of each; below zero before it."""
    years, within = months.dt.year - step.year, months.dt.month - step.month
    since: Floats = (12 * years + within).to_numpy() + 0.5
    return since


def _compute_offset(months: pd.DataFrame) -> Floats:
    offset: Floats = np.log(months["days"].to_numpy(dtype=float) / MONTH)
    return offset


def fit_model(
    months: pd.DataFrame,
    step: pd.Timestamp,
    terms: Terms | None = None,
    noise: Noise | None = None,
    design: Floats | None = None,
) -> Model | None:
    """Fit the model of `months` (month, days, count): with `noise` where the level wanders so.

    `design`: of several places together. None where it cannot be: a side without incidents, too
    few months for its terms, or numbers that do not settle.
    """
    terms = terms or Terms()
    if design is None:
        design = build_design(months["month"], step, terms)
    rows, columns = design.shape
    if rows <= columns or np.linalg.matrix_rank(design) < columns:
        return None
    counts, offset = months["count"].to_numpy(dtype=float), _compute_offset(months)
    if noise is None:
        fit, dispersion = _fit_poisson(counts, design, offset)
    else:
        since = _measure_since(months["month"], step)
        fit, dispersion = wander.fit_counts(counts, design, offset, since, noise), noise.scale
    return None if fit is None else Model(months, step, terms, design, fit, dispersion, noise)


def _fit_poisson(counts: Floats, design: Floats, offset: Floats) -> tuple[WanderFit | None, float]:
    """Return what statsmodels finds, and the dispersion; None where the fit does not settle."""
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.sm_exceptions import ModelWarning, PerfectSeparationWarning

    try:
        with warnings.catch_warnings():
            # Where the numbers do not settle there is no estimate. That counts are fitted
            # exactly is no failure; a side without incidents was refused before.
            warnings.simplefilter("error", ModelWarning)
            warnings.simplefilter("ignore", PerfectSeparationWarning)
            warnings.simplefilter("error", RuntimeWarning)
            found = GLM(counts, design, family=Poisson(), offset=offset).fit()
    except (ModelWarning, RuntimeWarning, np.linalg.LinAlgError, ValueError):
        return None, math.nan
    dispersion = float(found.pearson_chi2 / found.df_resid)
    information, mean = found.normalized_cov_params, found.fittedvalues
    covariance = information * max(1.0, dispersion)
    # The bias of the coefficients of such counts (Cox and Snell, log link).
    leverage = ((design @ covariance) * design).sum(axis=1)
    bias = -information @ (design.T @ (mean * leverage)) / 2
    fit = WanderFit(found.params, covariance, bias, mean)
    return (fit if np.isfinite(covariance).all() else None), dispersion


def let_level_wander(steady: Model) -> Model | None:
    """Fit a model again with the noise that its months show."""
    counts = steady.months["count"].to_numpy(dtype=float)
    since = _measure_since(steady.months["month"], steady.step)
    noise = wander.estimate_noise(counts, steady.fit.mean, steady.design, since)
    return fit_model(steady.months, steady.step, steady.terms, noise)


def estimate_step_error(model: Model, mean: Floats) -> float:
    """Estimate what the standard error of the step would be, had its months these means."""
    since = _measure_since(model.months["month"], model.step)
    noise = model.noise or Noise(0.0, max(1.0, model.dispersion))
    return math.sqrt(wander.estimate_covariance(model.design, mean, since, noise)[-1, -1])


def predict_months(model: Model, months: pd.DataFrame) -> pd.DataFrame:
    """Return `months` (month, days) with what the model expects of each.

    fitted; without (had there been no step) and its interval low, high. After the step
    `without` is carried on from before: the exponential of an uncertain sum is too high on
    average, and is lowered by as much. The interval widens as a level that wanders is carried on.
    """
    design = build_design(months["month"], model.step, model.terms)
    without_step, offset = _remove_step(design), _compute_offset(months)
    log_mean = without_step @ model.fit.coefficients + offset
    variance = ((without_step @ model.fit.covariance) * without_step).sum(axis=1)
    since = _measure_since(months["month"], model.step)
    walked = model.noise.step**2 * np.maximum(since, 0.0) if model.noise else 0.0
    reach = model.quantile * np.sqrt(variance + walked)
    lowered = np.where(since > 0, variance / 2 + without_step @ model.fit.bias, 0.0)
    return months[["month", "days"]].assign(
        fitted=np.exp(design @ model.fit.coefficients + offset),
        without=np.exp(log_mean - lowered),
        low=np.exp(log_mean - reach),
        high=np.exp(log_mean + reach),
    )


def _remove_step(design: Floats) -> Floats:
    result = design.copy()
    result[:, -1] = 0.0
    return result


def estimate_effect(
    model: Model | None, months: pd.DataFrame, design: Floats | None = None
) -> Effect | None:
    """Estimate the mean over `months` (month, days) of expected with minus without the step.

    The interval: of all coefficients no further from those found than the 95% point of t,
    the least and the largest effect (read from the two that matter, the log ratio and the
    log mean without). None without a model, and where the numbers run away.
    """
    if model is None:
        return None
    if design is None:
        design = build_design(months["month"], model.step, model.terms)
    fit, offset, without_step = model.fit, _compute_offset(months), _remove_step(design)
    with np.errstate(all="ignore"):
        with_mean = np.exp(design @ fit.coefficients + offset)
        without_mean = np.exp(without_step @ fit.coefficients + offset)
        variance = ((without_step @ fit.covariance) * without_step).sum(axis=1)
        lowered = np.exp(-variance / 2 - without_step @ fit.bias)
        corrected = float((without_mean * lowered).mean())
        to_level = without_mean @ without_step / without_mean.sum()
        to_change = with_mean @ design / with_mean.sum() - to_level
        # The ellipse of log ratio and log level.
        error = math.sqrt(max(to_change @ fit.covariance @ to_change, 0.0))
        along = to_change @ fit.covariance @ to_level / error if error else math.nan
        across = math.sqrt(max(to_level @ fit.covariance @ to_level - along**2, 0.0))
        reach_cos, reach_sin = model.quantile * np.cos(_TURN), model.quantile * np.sin(_TURN)
        change = np.log(with_mean.sum() / without_mean.sum()) + error * reach_cos
        level = np.log(without_mean.mean()) + along * reach_cos + across * reach_sin
        amounts = np.exp(level) * np.expm1(change)
    if not (0 < error < WIDEST and np.isfinite(amounts).all() and corrected > 0):
        return None
    mean = float(with_mean.mean())
    ratios = np.exp(change)
    return Effect(
        value=mean - corrected,
        low=float(amounts.min()),
        high=float(amounts.max()),
        ratio=mean / corrected,
        ratio_low=float(ratios.min()),
        ratio_high=float(ratios.max()),
        without=corrected,
        months=len(months),
    )


def estimate_difference(parts: list[pd.DataFrame], step: pd.Timestamp) -> Effect | None:
    """Estimate the change of the first of `parts` (month, days, count) beyond that of the others.

    One Poisson model of all: each part its own level, trend and season, a change common to
    all, and one of the first alone. The effect is over the first's months after the step.
    None where it does not settle.
    """
    terms = Terms(trend=True, step=False)
    together = pd.concat(parts, ignore_index=True)
    after = (together["month"] >= step).to_numpy(dtype=float)
    is_first = np.arange(len(together)) < len(parts[0])
    own = linalg.block_diag(*(build_design(part["month"], step, terms) for part in parts))
    design = np.column_stack([own, after, after * is_first])
    model, rows = fit_model(together, step, terms, design=design), design[:, -1] > 0
    return estimate_effect(model, together[rows], design[rows])
