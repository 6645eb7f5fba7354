"""The interrupted time series: monthly counts with and without a step at a date.

    log E(count) = log(days) + a + b · years + season + c · [from the step on]

A Poisson model whose errors are scaled by the dispersion of what it leaves (never below
one), with a trend or without; where the level may wander, `wander` has the errors. The model is
written out, and its choices argued, in docs/evaluation.md. Fitted by `count_models`, many dates
at a time; what hardly settles there is left to statsmodels.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from longevity.stats import count_models, effects, wander
from longevity.stats.count_models import CountFit
from longevity.stats.effects import Effect, EffectMonths, Estimates
from longevity.stats.wander import Noise

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

HARMONICS = 2  # of the year
MONTH = 365.25 / 12  # days; so that the constant is a rate of a common month
LEAST_MONTHS = 24  # a model needs on either side
LEAST_YEARS_BEFORE, LEAST_YEARS_AFTER = 10, 4
LEAST_COUNTED = 10  # incidents on either side


@dataclass(frozen=True)
class Terms:
    """What a model holds: `harmonics` of the year (0 of yearly counts), a trend, a bend of it."""

    harmonics: int = HARMONICS
    trend: bool = True
    bend: bool = False
    step: bool = True


@dataclass(frozen=True)
class Model:
    """A fitted model. `months` are those it saw; arrays have one row each of them.

    `noise`: how the level wanders, where that is in the errors.
    """

    months: pd.DataFrame
    step: pd.Timestamp
    terms: Terms
    coefficients: Floats
    covariance: Floats
    information: Floats  # the unscaled covariance
    bias: Floats  # of the coefficients, to second order
    fitted: Floats
    dispersion: float  # Pearson's, as it is; the errors take at least one
    freedom: int
    noise: Noise | None = None

    @property
    def quantile(self) -> float:
        """How many standard errors an interval reaches."""
        return effects.compute_quantile(self.freedom)

    @property
    def scale(self) -> float:
        """The dispersion the errors are scaled by."""
        return max(1.0, self.dispersion)

    def compute_p_value(self, at: int) -> float:
        """Return the two-sided p value of one coefficient."""
        error = math.sqrt(self.covariance[at, at])
        return float(2 * special.stdtr(self.freedom, -abs(self.coefficients[at]) / error))


def build_design(months: pd.Series, step: pd.Timestamp, terms: Terms) -> Floats:
    """Build a row a month: constant, years, season, the step last."""
    result: Floats = _build_designs(number_months(months), _number_dates([step]), terms)[0]
    return result


def number_months(months: pd.Series) -> Whole:
    """Number each month from 1970-01."""
    result: Whole = months.to_numpy().astype("datetime64[M]").astype(np.int64)
    return result


def _number_dates(months: Sequence[pd.Timestamp]) -> Whole:
    return np.array([(each.year - 1970) * 12 + each.month - 1 for each in months], dtype=np.int64)


def _count_months_since(at: Whole, steps: Whole, terms: Terms) -> Floats:
    """Count the months from each step to the middle of each month or year: steps × months."""
    middle = 0.5 if terms.harmonics else 6.0  # of a month, or of a year
    result: Floats = (at - steps[:, None]).astype(float) + middle
    return result


def _build_designs(at: Whole, steps: Whole, terms: Terms) -> Floats:
    """Build the design of each step: steps × months × terms."""
    years = (at - steps[:, None]) / 12
    columns: list[Floats] = [np.ones_like(years, dtype=np.float64)]
    if terms.trend:
        columns.append(years)
    for wave in range(1, terms.harmonics + 1):
        turn = 2 * np.pi * wave * (at % 12) / 12
        columns += [np.broadcast_to(each, years.shape) for each in (np.cos(turn), np.sin(turn))]
    if terms.bend:
        columns.append(years**2)
    if terms.step:
        columns.append((at >= steps[:, None]).astype(float))
    return np.stack(columns, axis=2)


def fit_model(months: pd.DataFrame, step: pd.Timestamp, terms: Terms | None = None) -> Model | None:
    """Fit the Poisson model of `months` (month, days, count), errors scaled by the dispersion.

    None where it cannot be: a side without incidents, too few months for its terms, or
    numbers that do not settle.
    """
    terms = terms or Terms()
    matrix = build_design(months["month"], step, terms)
    counts = months["count"].to_numpy(dtype=float)
    (fit,) = _solve_designs(counts, matrix[None], _compute_offset(months))
    if fit is None:
        return None
    freedom = counts.size - matrix.shape[1]
    dispersion = fit.pearson / freedom
    return Model(
        months=months,
        step=step,
        terms=terms,
        coefficients=fit.coefficients,
        covariance=fit.information * max(1.0, dispersion),
        information=fit.information,
        bias=_estimate_bias(matrix, fit, max(1.0, dispersion)),
        fitted=fit.mean,
        dispersion=dispersion,
        freedom=freedom,
    )


def let_level_wander(model: Model, noise: Noise | None = None) -> Model | None:
    """Fit the same terms where the level wanders, as `noise` says or else as the series does.

    None where it does not settle.
    """
    counts = model.months["count"].to_numpy(dtype=float)
    at, step = number_months(model.months["month"]), _number_dates([model.step])
    designs, since = (
        _build_designs(at, step, model.terms),
        _count_months_since(at, step, model.terms),
    )
    noise = noise or wander.estimate_noise(counts, model.fitted, designs[0], since[0])
    offset, start = _compute_offset(model.months), model.coefficients[None]
    (fit,) = wander.fit_models(counts, designs, offset, since, noise, start)
    if fit is None:
        return None
    return replace(
        model,
        coefficients=fit.coefficients,
        covariance=fit.covariance,
        bias=fit.bias,
        fitted=fit.mean,
        dispersion=noise.scale,
        noise=noise,
    )


def estimate_step_covariances(model: Model, means: Floats) -> Floats:
    """Estimate what the errors of the step would be, squared, had its months these means."""
    at, step = number_months(model.months["month"]), _number_dates([model.step])
    shape = (len(means), 1)
    designs = np.tile(_build_designs(at, step, model.terms), (*shape, 1))
    since = np.tile(_count_months_since(at, step, model.terms), shape)
    noise = model.noise or Noise(0.0, model.scale)
    result: Floats = wander.estimate_covariances(designs, means, since, noise)[:, -1, -1]
    return result


def _compute_offset(months: pd.DataFrame) -> Floats:
    offset: Floats = np.log(months["days"].to_numpy(dtype=float) / MONTH)
    return offset


def _estimate_bias(matrix: Floats, fit: CountFit, scale: float) -> Floats:
    """Estimate the bias of the coefficients of such counts (Cox and Snell, log link)."""
    leverage = scale * ((matrix @ fit.information) * matrix).sum(axis=1)
    bias: Floats = -fit.information @ (matrix.T @ (fit.mean * leverage)) / 2
    return bias


def _solve_designs(counts: Floats, matrices: Floats, offset: Floats) -> list[CountFit | None]:
    """Fit the model of each design; None where it cannot be told or does not settle."""
    rows, columns = matrices.shape[1:]
    if rows <= columns:
        return [None] * len(matrices)
    fits = count_models.fit_models(counts, matrices, offset)
    is_full_rank = np.linalg.matrix_rank(matrices) == columns
    return [
        (fit or _fit_by_library(counts, matrix, offset)) if solvable else None
        for fit, matrix, solvable in zip(fits, matrices, is_full_rank, strict=True)
    ]


def _fit_by_library(counts: Floats, matrix: Floats, offset: Floats) -> CountFit | None:
    """Fit the model by statsmodels where it hardly settles; None where it does not."""
    result = _fit_glm(counts, matrix, offset)
    if result is None:
        return None
    information, beta = np.asarray(result.normalized_cov_params), np.asarray(result.params)
    if not (np.isfinite(information).all() and np.isfinite(beta).all()):
        return None
    return CountFit(beta, information, np.asarray(result.fittedvalues), float(result.pearson_chi2))


def _fit_glm(counts: Floats, matrix: Floats, offset: Floats) -> Any:
    """Return what statsmodels finds, or None where the fit does not settle."""
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
            return GLM(counts, matrix, family=Poisson(), offset=offset).fit()
    except (ModelWarning, RuntimeWarning, np.linalg.LinAlgError, ValueError):
        return None


def predict_months(model: Model, months: pd.DataFrame) -> pd.DataFrame:
    """Return `months` (month, days) with what the model expects of each.

    fitted; without (had there been no step) and its interval low, high. After the step
    `without` is carried on from before: the exponential of an uncertain sum is too high on
    average, and is lowered by as much. The interval widens as a level that wanders is carried on.
    """
    matrix, without_step, offset = _build_both_designs(model, months)
    log_mean = without_step @ model.coefficients + offset
    variance = ((without_step @ model.covariance) * without_step).sum(axis=1)
    is_after = (months["month"] >= model.step).to_numpy()
    walked = model.noise.step**2 * _find_months_after(model, months) if model.noise else 0.0
    reach = model.quantile * np.sqrt(variance + walked)
    return months[["month", "days"]].assign(
        fitted=np.exp(matrix @ model.coefficients + offset),
        without=np.exp(
            log_mean - np.where(is_after, variance / 2 + without_step @ model.bias, 0.0)
        ),
        low=np.exp(log_mean - reach),
        high=np.exp(log_mean + reach),
    )


def _find_months_after(model: Model, months: pd.DataFrame) -> Floats:
    """Return how long after the step each month lies; 0 before it."""
    step = _number_dates([model.step])
    since = _count_months_since(number_months(months["month"]), step, model.terms)[0]
    result: Floats = np.maximum(since, 0.0)
    return result


def estimate_effect(model: Model, months: pd.DataFrame) -> Effect | None:
    """Estimate the mean over `months` (month, days) of expected with minus without the step.

    None where the numbers run away.
    """
    matrix, without_step, offset = _build_both_designs(model, months)
    all_months = np.ones((1, len(offset)), dtype=bool)
    estimates = Estimates(
        model.coefficients[None], model.bias[None], model.covariance[None], model.freedom
    )
    return effects.estimate_effects(
        estimates, EffectMonths(matrix[None], without_step[None], offset, all_months)
    )[0]


def estimate_effects_at(
    used: pd.DataFrame,
    series: pd.DataFrame,
    steps: Sequence[pd.Timestamp],
    terms: Terms,
    noise: Noise,
) -> list[Effect | None]:
    """Estimate the effect of each step, of a model of `used`, over `series` from the step on."""
    if not steps:
        return []
    at, used_months = _number_dates(steps), number_months(used["month"])
    matrices = _build_designs(used_months, at, terms)
    counts, offset = used["count"].to_numpy(dtype=float), _compute_offset(used)
    plain = _solve_designs(counts, matrices, offset)
    places = [place for place, fit in enumerate(plain) if fit is not None]
    result: list[Effect | None] = [None] * len(at)
    if not places:
        return result
    start = np.stack([fit.coefficients for fit in plain if fit is not None])
    since = _count_months_since(used_months, at[places], terms)
    fits = wander.fit_models(counts, matrices[places], offset, since, noise, start)
    places = [place for place, fit in zip(places, fits, strict=True) if fit is not None]
    settled = [fit for fit in fits if fit is not None]
    if not settled:
        return result
    models = Estimates(
        np.stack([each.coefficients for each in settled]),
        np.stack([each.bias for each in settled]),
        np.stack([each.covariance for each in settled]),
        counts.size - matrices.shape[2],
    )
    months = number_months(series["month"])
    with_step = _build_designs(months, at[places], terms)
    mask = months >= at[places][:, None]
    period = EffectMonths(with_step, _remove_step(with_step), _compute_offset(series), mask)
    for place, effect in zip(places, effects.estimate_effects(models, period), strict=True):
        result[place] = effect
    return result


def estimate_difference(parts: list[pd.DataFrame], step: pd.Timestamp) -> Effect | None:
    """Estimate the change of the first of `parts` (month, days, count) beyond that of the others.

    One Poisson model of all: each part its own level, trend and season, a change common to
    all, and one of the first alone. The effect is over the first's months after the step.
    None where it does not settle.
    """
    blocks = [build_design(part["month"], step, Terms(step=False)) for part in parts]
    width = sum(block.shape[1] for block in blocks)
    matrix = np.zeros((sum(len(part) for part in parts), width + 2))
    row = column = 0
    for at, (part, block) in enumerate(zip(parts, blocks, strict=True)):
        rows = slice(row, row + len(part))
        matrix[rows, column : column + block.shape[1]] = block
        after = (part["month"] >= step).to_numpy().astype(float)
        matrix[rows, width] = after
        matrix[rows, width + 1] = after if at == 0 else 0.0
        row, column = row + len(part), column + block.shape[1]
    together = pd.concat(parts, ignore_index=True)
    counts, offset = together["count"].to_numpy(dtype=float), _compute_offset(together)
    (fit,) = _solve_designs(counts, matrix[None], offset)
    if fit is None:
        return None
    freedom = counts.size - matrix.shape[1]
    scale = max(1.0, fit.pearson / freedom)
    bias = _estimate_bias(matrix, fit, scale)
    is_first = matrix[:, width + 1] > 0
    without_step = matrix[is_first].copy()
    without_step[:, width + 1] = 0.0
    estimates = Estimates(
        fit.coefficients[None], bias[None], fit.information[None] * scale, freedom
    )
    all_months = np.ones((1, len(without_step)), dtype=bool)
    return effects.estimate_effects(
        estimates,
        EffectMonths(matrix[is_first][None], without_step[None], offset[is_first], all_months),
    )[0]


def _build_both_designs(model: Model, months: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Return the design with the step, the same without it, and the offset."""
    matrix = build_design(months["month"], model.step, model.terms)
    return matrix, _remove_step(matrix), _compute_offset(months)


def _remove_step(matrix: Floats) -> Floats:
    result = matrix.copy()
    result[..., -1] = 0.0
    return result
