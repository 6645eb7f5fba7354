"""The interrupted time series: monthly counts with and without a step at a date.

    log E(count) = log(days) + a + season + c · [from the step on]

Shootings rise and fall over years for reasons that no model here holds. A step is seen only
where it goes beyond that: the logarithm of the level is taken to be a random walk, whose move a
month is estimated from the series, and the further a level is carried on the less is known of it.
docs/evidence.md writes the model out and argues its choices.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, special

from longevity.stats.comparison import LEVEL

Floats = npt.NDArray[np.float64]

HARMONICS = np.array([1, 2])  # waves a year, of which the season is made
MONTH = 365.25 / 12  # days; so that the constant is a rate of a common month
WIDEST = 20  # standard error of a log ratio: beyond it nothing is known
TOLERANCE = 1e-9  # how little a coefficient moves when a fit is done
_TURN = np.linspace(0, 2 * np.pi, 720, endpoint=False)  # of the ellipse an interval is read from

# What is believed of the standard deviation of the walk's move before a series is looked at, and
# the standard deviation of its logarithm. The state's homicides of forty years give 0.03,
# shootings in cities of it 0.07 to 0.13. Few months can hardly tell a level that keeps still
# from one that wanders so.
USUAL, SPREAD = 0.04, 0.4
_MOVES = np.geomspace(0.004, 0.4, 47)
_SCALES = np.geomspace(1, 8, 25)
_BELIEF = -(np.log(_MOVES / USUAL) ** 2) / (2 * SPREAD**2)

Term = Literal["trend", "bend", "step"]  # the effect is the step's; a bent trend is for checks


@dataclass(frozen=True)
class Noise:
    """What moves the counts besides what the model has terms for.

    `move`: the standard deviation of the walk's move a month, of the logarithm of the level;
    `scale`: the variance of a count over its mean, at least one.
    """

    move: float
    scale: float


@dataclass(frozen=True)
class Model:
    """A fitted model. `months` (month, days, count) are those it saw, a row of `design` each.

    `since`: months from the step, as `fit_counts` has them; `mean`: what is expected of each row;
    `bias`: by how much the coefficients are off on average, which an effect is freed from.
    """

    months: pd.DataFrame
    step: pd.Timestamp
    terms: Sequence[Term]
    noise: Noise
    design: Floats
    since: Floats
    coefficients: Floats
    mean: Floats
    covariance: Floats
    bias: Floats

    @property
    def freedom(self) -> int:
        """The months beyond those that the terms take."""
        return int(self.design.shape[0] - self.design.shape[1])

    @property
    def quantile(self) -> float:
        """How many standard errors an interval reaches to either side."""
        return float(special.stdtrit(self.freedom, (1 + LEVEL) / 2))

    def compute_p_value(self) -> float:
        """Return the two-sided p value of the last coefficient."""
        error = math.sqrt(self.covariance[-1, -1])
        return float(2 * special.stdtr(self.freedom, -abs(self.coefficients[-1]) / error))


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


def build_design(
    months: pd.DataFrame, step: pd.Timestamp, terms: Sequence[Term]
) -> tuple[Floats, Floats, Floats]:
    """Build a row for each of `months` (month, days): constant, season, then the terms.

    Returned with how many months lie between the step and the middle of each, below zero before
    it, and the logarithm of its length.
    """
    # In numpy: placebo dates ask often, and a Series takes long.
    number = months["month"].to_numpy("datetime64[M]").astype(np.int64)  # from January 1970 on
    since = number - 12 * (step.year - 1970) - (step.month - 1) + 0.5
    turns = np.outer(number % 12, 2 * np.pi * HARMONICS / 12)
    years = (since - 0.5) / 12
    moves = {"trend": years, "bend": years**2, "step": since > 0}
    season = (np.cos(turns), np.sin(turns))
    columns = [np.ones(since.size), *season, *(moves[term] for term in terms)]
    return np.column_stack(columns), since, np.log(months["days"].to_numpy() / MONTH)


def fit_model(
    months: pd.DataFrame,
    step: pd.Timestamp,
    noise: Noise | None = None,
    terms: Sequence[Term] = ("step",),
) -> Model | None:
    """Fit the model of `months` (month, days, count), where the level wanders as `noise` says.

    Without `noise` it keeps still, and counts vary by what the model leaves. None where it cannot
    be: a side without incidents, too few months for its terms, or numbers that do not settle.
    """
    design, since, offset = build_design(months, step, terms)
    rows, columns = design.shape
    if rows <= columns or np.linalg.matrix_rank(design) < columns:
        return None
    counts = months["count"].to_numpy(dtype=float)
    coefficients = fit_counts(counts, design, offset, since, noise or Noise(0.0, 1.0))
    if coefficients is None:
        return None
    mean = np.exp(design @ coefficients + offset)
    if noise is None:
        noise = Noise(0.0, max(1.0, ((counts - mean) ** 2 / mean).sum() / (rows - columns)))
    covariance, bias = estimate_errors(design, mean, since, noise)
    if not np.isfinite(covariance).all():
        return None
    return Model(months, step, terms, noise, design, since, coefficients, mean, covariance, bias)


def fit_counts(
    counts: Floats, design: Floats, offset: Floats, since: Floats, noise: Noise
) -> Floats | None:
    """Fit the coefficients of `design` (rows × terms); None where they do not settle.

    What is carried on is the level just before the step: the nearer a month before it lies the
    more it says of that. Months after it count alike, so that those expected add up to those
    counted. `since`: months from the step to the middle of each, below zero before it.
    """

    def miss(coefficients: Floats) -> tuple[Floats, Floats]:
        """Return what the weighted months add up to beyond what is expected, and its slopes."""
        mean = np.exp(design @ coefficients + offset)
        weights = _weigh(design, mean, since, noise)
        return weights.T @ (counts / mean - 1), -weights.T @ design

    start = np.linalg.lstsq(design, np.log((counts + counts.mean()) / 2) - offset)[0]
    try:
        with np.errstate(all="ignore"):
            found = optimize.root(miss, start, jac=True, tol=TOLERANCE)
    except np.linalg.LinAlgError:
        return None
    return found.x if found.success else None


def estimate_errors(
    design: Floats, mean: Floats, since: Floats, noise: Noise
) -> tuple[Floats, Floats]:
    """Estimate the covariance of the coefficients where the level wanders, and their bias."""
    weights = _weigh(design, mean, since, noise)
    spread = np.linalg.inv(weights.T @ design)
    walk = noise.move**2 * _relate_levels(since)
    varied = weights.T @ (noise.scale / mean[:, None] * weights + walk @ weights)
    covariance = spread @ varied @ spread
    leverage = ((design @ covariance) * design).sum(axis=1)
    return covariance, -spread @ weights.T @ leverage / 2


def _weigh(design: Floats, mean: Floats, since: Floats, noise: Noise) -> Floats:
    """Return how each month weighs in each coefficient: before the step less the further off."""
    is_before = np.outer(since < 0, since < 0)
    walk = noise.move**2 * _relate_levels(since) * is_before
    return np.linalg.solve(walk + np.diag(noise.scale / mean), design).astype(float)


def _relate_levels(since: Floats) -> Floats:
    """Return how many of the walk's moves two months share, counted off from the model's step."""
    far = np.abs(since)
    same_side = np.equal.outer(since < 0, since < 0)
    return np.where(same_side, np.minimum.outer(far, far), 0.0)


def let_level_wander(steady: Model) -> Model | None:
    """Fit a model again with the noise that its months show."""
    counts = steady.months["count"].to_numpy(dtype=float)
    noise = estimate_noise(counts, steady.mean, steady.design, steady.since)
    return fit_model(steady.months, steady.step, noise, steady.terms)


def estimate_noise(counts: Floats, mean: Floats, design: Floats, since: Floats) -> Noise:
    """Estimate how much the level wanders, and how much counts vary about it.

    The likeliest of what a model leaves (restricted: what its terms could explain tells
    nothing), together with what is believed beforehand. `mean`: as fitted without a walk;
    `since`: months from the step, as `fit_counts` has them.
    """
    root = np.sqrt(mean)
    base = np.linalg.qr(design * root[:, None])[0]
    rest = np.eye(mean.size) - base @ base.T
    sums, directions = np.linalg.eigh(rest @ (_relate_levels(since) * np.outer(root, root)) @ rest)
    is_rest = ((directions.T @ base) ** 2).sum(axis=1) < 0.5  # not what the terms explain
    sums = np.maximum(sums[is_rest], 0.0)
    found = ((directions.T[is_rest] @ ((counts - mean) / root)) ** 2)[None, None, :]
    variance = _SCALES[:, None, None] + (_MOVES**2)[None, :, None] * sums
    likelihood = -(np.log(variance) + found / variance).sum(axis=2) / 2 + _BELIEF
    scale, move = np.unravel_index(int(likelihood.argmax()), likelihood.shape)
    return Noise(float(_MOVES[move]), float(_SCALES[scale]))


def predict_months(model: Model, months: pd.DataFrame) -> dict[str, Floats]:
    """Predict what the model expects of each of `months` (month, days).

    fitted; without (had there been no step). After the step `without` is carried on from before:
    the exponential of an uncertain sum is too high on average (carried), and is lowered by as much.
    """
    design, since, offset = build_design(months, model.step, model.terms)
    same = np.column_stack([design[:, :-1], np.zeros(len(design))])
    carried = np.exp(same @ model.coefficients + offset)
    variance = ((same @ model.covariance) * same).sum(axis=1)
    lowered = np.where(since > 0, variance / 2 + same @ model.bias, 0.0)
    fitted = np.exp(design @ model.coefficients + offset)
    return {"fitted": fitted, "carried": carried, "without": carried * np.exp(-lowered)}


def estimate_effect(model: Model | None, months: pd.DataFrame) -> Effect | None:
    """Estimate the mean over `months` (month, days) of expected with minus without the step.

    The interval: of all coefficients no further from those found than the 95% point of t,
    the least and the largest effect (read from the two that matter, the log ratio and the
    log mean without). None without a model, and where the numbers run away.
    """
    if model is None:
        return None
    design, _, _ = build_design(months, model.step, model.terms)
    with np.errstate(all="ignore"):
        fitted, carried, expected = predict_months(model, months).values()
        mean, without = float(fitted.mean()), float(expected.mean())
        to_level = carried @ design / carried.sum()
        to_level[-1] = 0.0  # the step is no part of it
        to_change = fitted @ design / fitted.sum() - to_level
        both = np.stack([to_change, to_level])
        try:
            axes = np.linalg.cholesky(both @ model.covariance @ both.T)
        except np.linalg.LinAlgError:
            return None
        # The ellipse of log ratio and log level.
        reach = model.quantile * axes @ [np.cos(_TURN), np.sin(_TURN)]
        change = np.log(fitted.sum() / carried.sum()) + reach[0]
        amounts = carried.mean() * np.exp(reach[1]) * np.expm1(change)
    if not (axes[0, 0] < WIDEST and np.isfinite(amounts).all() and without > 0):
        return None
    return Effect(
        value=mean - without,
        low=float(amounts.min()),
        high=float(amounts.max()),
        ratio=mean / without,
        ratio_low=math.exp(change.min()),
        ratio_high=math.exp(change.max()),
        without=without,
        months=len(months),
    )
