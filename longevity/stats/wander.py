"""How the level of monthly counts wanders, and a model of counts that allows for it.

Shootings rise and fall over years for reasons that no model here holds. A step is seen only
where it goes beyond that: the logarithm of the level is taken to be a random walk,
whose step a month is estimated from the series, and the further a level is carried on the less
is known of it. docs/evidence.md argues it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# What is believed of the standard deviation of the walk's step before a series is looked at, and
# the standard deviation of its logarithm. The state's homicides of forty years give 0.03,
# shootings in cities of it 0.07 to 0.13. Few months can hardly tell a level that keeps still
# from one that wanders so.
USUAL, SPREAD = 0.04, 0.4
_STEPS = np.geomspace(0.004, 0.4, 47)
_SCALES = np.geomspace(1, 8, 25)
_BELIEF = -(np.log(_STEPS / USUAL) ** 2) / (2 * SPREAD**2)

WHOLE_ROUNDS, MOST_ROUNDS = 10, 50  # where whole rounds go to and fro, half ones settle
TOLERANCE = 1e-9  # of a coefficient, from round to round
NEARLY = 1e-4  # the same, where the rounds are over


@dataclass(frozen=True)
class Noise:
    """What moves counts besides the model.

    `step`: the standard deviation of the walk's step a month, of the logarithm of the level;
    `scale`: the variance of a count over its mean, at least one.
    """

    step: float
    scale: float


@dataclass(frozen=True)
class WanderFit:
    """A fitted model.

    `bias`: of the coefficients, to second order; `mean`: what is expected of each row.
    """

    coefficients: Floats
    covariance: Floats
    bias: Floats
    mean: Floats


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
    variance = _SCALES[:, None, None] + (_STEPS**2)[None, :, None] * sums
    likelihood = -(np.log(variance) + found / variance).sum(axis=2) / 2 + _BELIEF
    scale, step = np.unravel_index(int(likelihood.argmax()), likelihood.shape)
    return Noise(float(_STEPS[step]), float(_SCALES[scale]))


def fit_counts(
    counts: Floats, design: Floats, offset: Floats, since: Floats, noise: Noise
) -> WanderFit | None:
    """Fit the model of `design` (rows × terms); None where it does not settle.

    What is carried on is the level just before the step: the nearer a month before it lies the
    more it says of that. Months after it count alike, so that those expected add up to those
    counted. `since`: months from the step to the middle of each, below zero before it.
    """
    try:
        with np.errstate(all="ignore"):
            return _iterate(counts, design, offset, since, noise)
    except np.linalg.LinAlgError:
        return None


def _iterate(
    counts: Floats, design: Floats, offset: Floats, since: Floats, noise: Noise
) -> WanderFit | None:
    start = np.log((counts + counts.mean()) / 2) - offset
    coefficients = np.linalg.lstsq(design, start, rcond=None)[0]
    walk = _walk_before(since, noise)
    for done in range(MOST_ROUNDS):
        mean = np.exp(design @ coefficients + offset)
        weights, spread = _weigh(design, mean, walk, noise)
        move = spread @ weights.T @ (counts / mean - 1)
        coefficients = coefficients + (move if done < WHOLE_ROUNDS else move / 2)
        if np.abs(move).max() < TOLERANCE:
            break
    covariance = estimate_covariance(design, mean, since, noise)
    if np.abs(move).max() >= NEARLY or not np.isfinite(covariance).all():
        return None
    leverage = ((design @ covariance) * design).sum(axis=1)
    return WanderFit(coefficients, covariance, -spread @ weights.T @ leverage / 2, mean)


def estimate_covariance(design: Floats, mean: Floats, since: Floats, noise: Noise) -> Floats:
    """Estimate the covariance of the coefficients where the level wanders."""
    weights, spread = _weigh(design, mean, _walk_before(since, noise), noise)
    walk = noise.step**2 * _relate_levels(since)
    varied = weights.T @ (noise.scale / mean[:, None] * weights + walk @ weights)
    covariance: Floats = spread @ varied @ spread
    return covariance


def _walk_before(since: Floats, noise: Noise) -> Floats:
    """Return the covariance of the walk in the months before the step."""
    before = since < 0
    result: Floats = noise.step**2 * _relate_levels(since) * np.outer(before, before)
    return result


def _weigh(design: Floats, mean: Floats, walk: Floats, noise: Noise) -> tuple[Floats, Floats]:
    """Return how each row weighs in each coefficient, and what undoes their sum."""
    weights = np.linalg.solve(walk + np.diag(noise.scale / mean), design).astype(float)
    spread = np.linalg.inv(weights.T @ design).astype(float)
    return weights, spread


def _relate_levels(since: Floats) -> Floats:
    """Return how many steps of the walk two months share, from the step on either way."""
    far = np.abs(since)
    same_side = np.equal.outer(since < 0, since < 0)
    result: Floats = np.where(same_side, np.minimum.outer(far, far), 0.0)
    return result
