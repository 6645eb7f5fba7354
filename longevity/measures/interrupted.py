"""The interrupted time series: monthly counts with and without a step at a date.

    log E(count) = log(days) + a + b · years + season + c · [from the step on]

A Poisson model whose errors are scaled by the dispersion of what it leaves (never below
one). The model is written out, and its choices argued, in docs/evaluation.md.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

Floats = npt.NDArray[np.float64]

LEVEL = 0.95
HARMONICS = 2  # of the year
MONTH = 365.25 / 12  # days; so that the constant is a rate of a common month
LEAST_BEFORE, LEAST_AFTER = 24, 12  # months a model needs on either side
LEAST_YEARS_BEFORE, LEAST_YEARS_AFTER = 10, 4
LEAST_COUNTED = 10  # incidents on either side
DIRECTIONS = 720  # of the ellipse an interval is read from


@dataclass(frozen=True)
class Terms:
    """What a model holds: `harmonics` of the year, a change of slope, a bend of the trend."""

    harmonics: int = HARMONICS
    slope: bool = False
    bend: bool = False
    step: bool = True


@dataclass(frozen=True)
class Model:
    """A fitted model. `months` are those it saw; arrays have one row each of them."""

    months: pd.DataFrame
    step: pd.Timestamp
    terms: Terms
    origin: pd.Timestamp
    coefficients: Floats
    covariance: Floats
    information: Floats  # the unscaled covariance
    bias: Floats  # of the coefficients, to second order
    fitted: Floats
    dispersion: float  # Pearson's, as it is; the errors take at least one
    freedom: int
    alpha: float = 0.0  # of the negative binomial; 0 for Poisson

    @property
    def quantile(self) -> float:
        """How many standard errors an interval reaches."""
        return float(stats.t.ppf((1 + LEVEL) / 2, self.freedom))

    @property
    def scale(self) -> float:
        """The dispersion the errors are scaled by."""
        return max(1.0, self.dispersion)

    def chance(self, at: int) -> float:
        """The two-sided p value of one coefficient."""
        error = math.sqrt(self.covariance[at, at])
        return float(2 * stats.t.sf(abs(self.coefficients[at]) / error, self.freedom))


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
        return self.high < 0 or self.low > 0

    @property
    def sign(self) -> int:
        """-1 fewer, 1 more, 0 where the interval does not tell."""
        return (self.low > 0) - (self.high < 0)


def design(months: pd.Series, step: pd.Timestamp, origin: pd.Timestamp, terms: Terms) -> Floats:
    """One row a month: constant, years, season, and the step last but for a change of slope."""
    at = months.to_numpy().astype("datetime64[M]").astype(np.int64)
    years = (at - _number(origin)) / 12
    columns = [np.ones(at.size), years]
    for wave in range(1, terms.harmonics + 1):
        turn = 2 * np.pi * wave * (at % 12) / 12
        columns += [np.cos(turn), np.sin(turn)]
    if terms.bend:
        columns.append(years**2)
    if terms.step:
        after = (at >= _number(step)).astype(float)
        columns.append(after)
        if terms.slope:
            columns.append(after * (at - _number(step)) / 12)
    return np.column_stack(columns).astype(float)


def _number(month: pd.Timestamp) -> int:
    """Months since 1970-01."""
    return int((month.year - 1970) * 12 + month.month - 1)


def fit(
    months: pd.DataFrame, step: pd.Timestamp, terms: Terms | None = None, origin: Any = None
) -> Model | None:
    """The Poisson model of `months` (month, days, count), errors scaled by the dispersion.

    None where it cannot be: a side without incidents, too few months for its terms, or
    numbers that do not settle.
    """
    return _fit(months, step, terms or Terms(), origin, alpha=0.0)


def negative_binomial(model: Model) -> Model | None:
    """The same terms with a variance of mean + alpha · mean², alpha by moments.

    None where the counts vary no more than Poisson counts do.
    """
    counts = model.months["count"].to_numpy(dtype=float)
    excess = float(((counts - model.fitted) ** 2 - model.fitted).sum())
    share = counts.size / model.freedom
    alpha = excess * share / float((model.fitted**2).sum())
    if alpha <= 0:
        return None
    return _fit(model.months, model.step, model.terms, model.origin, alpha)


def _fit(
    months: pd.DataFrame, step: pd.Timestamp, terms: Terms, origin: Any, alpha: float
) -> Model | None:
    begun = step if origin is None else origin
    matrix = design(months["month"], step, begun, terms)
    counts = months["count"].to_numpy(dtype=float)
    freedom = counts.size - matrix.shape[1]
    if freedom < 1 or np.linalg.matrix_rank(matrix) < matrix.shape[1]:
        return None
    found = _settled(counts, matrix, months["days"].to_numpy(dtype=float), alpha)
    if found is None:
        return None
    dispersion = float(found.pearson_chi2) / freedom
    information = np.asarray(found.normalized_cov_params, dtype=float)
    if not np.isfinite(information).all() or not np.isfinite(found.params).all():
        return None
    fitted = np.asarray(found.fittedvalues, dtype=float)
    return Model(
        months=months,
        step=step,
        terms=terms,
        origin=begun,
        coefficients=np.asarray(found.params, dtype=float),
        covariance=information * max(1.0, dispersion),
        information=information,
        bias=_bias(matrix, fitted / (1 + alpha * fitted), information, max(1.0, dispersion)),
        fitted=fitted,
        dispersion=dispersion,
        freedom=freedom,
        alpha=alpha,
    )


def _bias(matrix: Floats, weights: Floats, information: Floats, scale: float) -> Floats:
    """How far the coefficients of such counts lie off on average (Cox and Snell, log link)."""
    leverage = scale * np.einsum("ij,jk,ik->i", matrix, information, matrix)
    found: Floats = -information @ (matrix.T @ (weights * leverage)) / 2
    return found


def _settled(counts: Floats, matrix: Floats, days: Floats, alpha: float, **errors: Any) -> Any:
    """What statsmodels finds, or None where the fit does not settle."""
    from statsmodels.genmod.families import NegativeBinomial, Poisson
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.sm_exceptions import ModelWarning, PerfectSeparationWarning

    family = NegativeBinomial(alpha=alpha) if alpha else Poisson()
    try:
        with warnings.catch_warnings():
            # Where the numbers do not settle there is no estimate. That counts are fitted
            # exactly is no failure; a side without incidents was refused before.
            warnings.simplefilter("error", ModelWarning)
            warnings.simplefilter("ignore", PerfectSeparationWarning)
            warnings.simplefilter("error", RuntimeWarning)
            return GLM(counts, matrix, family=family, offset=np.log(days / MONTH)).fit(**errors)
    except (ModelWarning, RuntimeWarning, np.linalg.LinAlgError, ValueError):
        return None


def with_newey_west(model: Model) -> Model | None:
    """The same model with Newey–West errors; months left out are passed over.

    Lags: 4 · (n / 100)^(2/9), the usual rule.
    """
    counts = model.months["count"].to_numpy(dtype=float)
    lags = int(4 * (counts.size / 100) ** (2 / 9))
    found = _settled(
        counts,
        design(model.months["month"], model.step, model.origin, model.terms),
        model.months["days"].to_numpy(dtype=float),
        model.alpha,
        cov_type="HAC",
        cov_kwds={"maxlags": lags, "use_correction": True},
    )
    if found is None:
        return None
    return Model(**{**vars(model), "covariance": np.asarray(found.cov_params(), dtype=float)})


def expected(model: Model, months: pd.DataFrame) -> pd.DataFrame:
    """`months` (month, days) with what the model expects of each.

    fitted; without (had there been no step) and its interval low, high. After the step
    `without` is carried on from before: the exponential of an uncertain sum is too high on
    average, and is lowered by as much.
    """
    matrix, plain, offset = _both(model, months)
    logged = plain @ model.coefficients + offset
    variance = np.einsum("ij,jk,ik->i", plain, model.covariance, plain)
    reach = model.quantile * np.sqrt(variance)
    carried = (months["month"] >= model.step).to_numpy()
    return months[["month", "days"]].assign(
        fitted=np.exp(matrix @ model.coefficients + offset),
        without=np.exp(logged - np.where(carried, variance / 2 + plain @ model.bias, 0.0)),
        low=np.exp(logged - reach),
        high=np.exp(logged + reach),
    )


def effect(model: Model, months: pd.DataFrame) -> Effect | None:
    """The mean over `months` (month, days) of expected with minus without the step.

    None where the numbers run away. The interval: of all coefficients no further from
    those found than the 95 % point of t, the least and the largest effect (read from the
    two that matter, the log ratio and the log mean without).
    """
    matrix, plain, offset = _both(model, months)
    return _between(
        model.coefficients, model.bias, model.covariance, model.quantile, (matrix, plain, offset)
    )


def _between(
    beta: Floats,
    bias: Floats,
    spread: Floats,
    reach: float,
    both: tuple[Floats, Floats, Floats],
) -> Effect | None:
    """The mean expected by the first of `both` minus the second's, with its interval."""
    matrix, plain, offset = both
    with np.errstate(over="ignore"):
        there = np.exp(matrix @ beta + offset)
        absent = np.exp(plain @ beta + offset)
    if not (np.isfinite(there).all() and np.isfinite(absent).all()):
        return None
    variance = np.einsum("ij,jk,ik->i", plain, spread, plain)
    corrected = float((absent * np.exp(-variance / 2 - plain @ bias)).mean())
    to_with = there @ matrix / there.sum()
    to_without = absent @ plain / absent.sum()
    edge = _ellipse(
        math.log(there.mean() / absent.mean()),
        math.log(absent.mean()),
        to_with - to_without,
        to_without,
        spread,
        reach,
    )
    if edge is None:
        return None
    change, level = edge
    with np.errstate(over="ignore"):
        amounts = np.exp(level) * np.expm1(change)
    if not np.isfinite(amounts).all() or corrected <= 0:
        return None
    return Effect(
        value=float(there.mean()) - corrected,
        low=float(amounts.min()),
        high=float(amounts.max()),
        ratio=float(there.mean()) / corrected,
        ratio_low=float(np.exp(change.min())),
        ratio_high=float(np.exp(change.max())),
        without=corrected,
        months=len(offset),
    )


def difference(parts: list[pd.DataFrame], step: pd.Timestamp) -> Effect | None:
    """The change of the first of `parts` (month, days, count) at `step` beyond that of the others.

    One Poisson model of all: each part its own level, trend and season, a change common to
    all, and one of the first alone. The effect is over the first's months after the step.
    None where it does not settle.
    """
    blocks = [design(part["month"], step, step, Terms(step=False)) for part in parts]
    wide = sum(block.shape[1] for block in blocks)
    matrix = np.zeros((sum(len(part) for part in parts), wide + 2))
    row = column = 0
    for at, (part, block) in enumerate(zip(parts, blocks, strict=True)):
        rows = slice(row, row + len(part))
        matrix[rows, column : column + block.shape[1]] = block
        after = (part["month"] >= step).to_numpy().astype(float)
        matrix[rows, wide] = after
        matrix[rows, wide + 1] = after if at == 0 else 0.0
        row, column = row + len(part), column + block.shape[1]
    together = pd.concat(parts, ignore_index=True)
    counts, days = together["count"].to_numpy(dtype=float), together["days"].to_numpy(dtype=float)
    freedom = counts.size - matrix.shape[1]
    if freedom < 1 or np.linalg.matrix_rank(matrix) < matrix.shape[1]:
        return None
    found = _settled(counts, matrix, days, alpha=0.0)
    if found is None:
        return None
    information = np.asarray(found.normalized_cov_params, dtype=float)
    scale = max(1.0, float(found.pearson_chi2) / freedom)
    bias = _bias(matrix, np.asarray(found.fittedvalues, dtype=float), information, scale)
    mine = matrix[:, wide + 1] > 0
    plain = matrix[mine].copy()
    plain[:, wide + 1] = 0.0
    offset = np.log(days[mine] / MONTH)
    reach = float(stats.t.ppf((1 + LEVEL) / 2, freedom))
    beta = np.asarray(found.params, dtype=float)
    return _between(beta, bias, information * scale, reach, (matrix[mine], plain, offset))


def _ellipse(
    change: float, level: float, to_change: Floats, to_level: Floats, spread: Floats, reach: float
) -> tuple[Floats, Floats] | None:
    """The edge of the ellipse of log ratio and log level; its first point is the extreme of one."""
    error = math.sqrt(max(float(to_change @ spread @ to_change), 0.0))
    if not 0 < error < 20:
        return None
    along = float(to_change @ spread @ to_level) / error
    across = math.sqrt(max(float(to_level @ spread @ to_level) - along**2, 0.0))
    turn = np.linspace(0, 2 * np.pi, DIRECTIONS, endpoint=False)
    with np.errstate(over="ignore"):
        return (
            change + reach * error * np.cos(turn),
            level + reach * (along * np.cos(turn) + across * np.sin(turn)),
        )


def _both(model: Model, months: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """The design with the step, the same without it, and the offset."""
    matrix = design(months["month"], model.step, model.origin, model.terms)
    plain = matrix.copy()
    last = 2 if model.terms.slope else 1
    plain[:, -last:] = 0.0
    return matrix, plain, np.log(months["days"].to_numpy(dtype=float) / MONTH)
