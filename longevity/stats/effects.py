"""What a step in a model of counts comes to over some months, with its interval.

For many models at a time that differ in where their step is: an evaluation tries sixty dates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from longevity.stats.comparison import LEVEL

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

DIRECTIONS = 720  # of the ellipse an interval is read from
WIDEST = 20  # standard error of a log ratio: beyond it nothing is known
_TURN = np.linspace(0, 2 * np.pi, DIRECTIONS, endpoint=False)
_COS, _SIN = np.cos(_TURN), np.sin(_TURN)


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


@dataclass(frozen=True)
class Estimates:
    """Coefficients of models of one kind: a row each, and `freedom`, which they share."""

    coefficients: Floats
    bias: Floats
    covariance: Floats
    freedom: int


@dataclass(frozen=True)
class EffectMonths:
    """The months an effect is over: designs with the step and without (models × months × terms).

    `mask`: which months of them are each model's own.
    """

    with_step: Floats
    without_step: Floats
    offset: Floats
    mask: Bools


def compute_quantile(freedom: int) -> float:
    """Return how many standard errors an interval reaches."""
    return float(special.stdtrit(freedom, (1 + LEVEL) / 2))


def estimate_effects(models: Estimates, period: EffectMonths) -> list[Effect | None]:
    """Estimate the effect of each model; None where the numbers run away.

    The interval: of all coefficients no further from those found than the 95% point of t,
    the least and the largest effect (read from the two that matter, the log ratio and the
    log mean without).
    """
    with np.errstate(all="ignore"):
        return _estimate_each(models, period)


def _estimate_each(models: Estimates, period: EffectMonths) -> list[Effect | None]:
    coefficients, covariance = models.coefficients, models.covariance
    months = period.mask.sum(axis=1)
    with_step = _predict_months(period.with_step, coefficients, period)
    without_step = _predict_months(period.without_step, coefficients, period)
    finite = np.isfinite(with_step).all(axis=1) & np.isfinite(without_step).all(axis=1)
    variance = ((period.without_step @ covariance) * period.without_step).sum(axis=2)
    shift = variance / 2 + (period.without_step @ models.bias[:, :, None])[:, :, 0]
    corrected = np.where(period.mask, without_step * np.exp(-shift), 0.0).sum(axis=1) / months
    total_with, total_without = with_step.sum(axis=1), without_step.sum(axis=1)
    to_level = (without_step[:, None, :] @ period.without_step)[:, 0] / total_without[:, None]
    to_change = (with_step[:, None, :] @ period.with_step)[:, 0] / total_with[:, None] - to_level
    change, level, is_known = _trace_ellipses(
        np.log(total_with / total_without),
        np.log(total_without / months),
        to_change,
        to_level,
        covariance,
        compute_quantile(models.freedom),
    )
    amounts = np.exp(level) * np.expm1(change)
    is_known &= finite & np.isfinite(amounts).all(axis=1) & (corrected > 0)
    mean = total_with / months
    columns = {
        "value": mean - corrected,
        "low": amounts.min(axis=1),
        "high": amounts.max(axis=1),
        "ratio": mean / corrected,
        "ratio_low": np.exp(change.min(axis=1)),
        "ratio_high": np.exp(change.max(axis=1)),
        "without": corrected,
        "months": months,
    }
    values_of = {name: column.tolist() for name, column in columns.items()}
    return [
        Effect(**{name: values[at] for name, values in values_of.items()}) if is_finite else None
        for at, is_finite in enumerate(is_known)
    ]


def _predict_months(design: Floats, coefficients: Floats, period: EffectMonths) -> Floats:
    """Return what is expected of each month; nothing of those that are not a model's own."""
    logged = (design @ coefficients[:, :, None])[:, :, 0] + period.offset
    return np.where(period.mask, np.exp(logged), 0.0)


def _trace_ellipses(
    change: Floats,
    level: Floats,
    to_change: Floats,
    to_level: Floats,
    covariance: Floats,
    reach: float,
) -> tuple[Floats, Floats, Bools]:
    """Trace the ellipses of log ratio and log level; return of which models they are one.

    The first point of each is the extreme of one.
    """
    weighted = (to_change[:, None, :] @ covariance)[:, 0]
    error = np.sqrt(np.maximum((weighted * to_change).sum(axis=1), 0.0))
    along = (weighted * to_level).sum(axis=1) / error
    upright = ((to_level[:, None, :] @ covariance)[:, 0] * to_level).sum(axis=1)
    across = np.sqrt(np.maximum(upright - along**2, 0.0))
    return (
        change[:, None] + reach * error[:, None] * _COS,
        level[:, None] + reach * (along[:, None] * _COS + across[:, None] * _SIN),
        (error > 0) & (error < WIDEST),
    )
