"""How the level of monthly counts wanders, and models of counts that allow for it.

Shootings rise and fall over years for reasons that no model here holds. A step is told from
nothing only where it goes beyond that: the logarithm of the level is taken to be a random walk,
whose step a month is estimated from the series, and the further a level is carried on the less
is known of it. docs/evaluation.md argues it.
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
    """What moves counts beside the model.

    `step`: the standard deviation of the walk's step a month, of the logarithm of the level;
    `scale`: the variance of a count over its mean, at least one.
    """

    step: float
    scale: float


@dataclass(frozen=True)
class WanderingFit:
    """`bias`: of the coefficients, to second order; `mean`: what is expected of each row."""

    coefficients: Floats
    covariance: Floats
    bias: Floats
    mean: Floats


def estimate_noise(counts: Floats, mean: Floats, design: Floats, since: Floats) -> Noise:
    """Estimate how much the level wanders, and how much counts vary about it.

    The likeliest of what a model leaves (restricted: what its terms could explain tells
    nothing), together with what is believed beforehand. `mean`: as fitted without a walk;
    `since`: months from the step, as `fit_models` has them.
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


def fit_models(
    counts: Floats, designs: Floats, offset: Floats, since: Floats, noise: Noise, start: Floats
) -> list[WanderingFit | None]:
    """Fit the model of each of `designs` (models × rows × terms); None where it does not settle.

    What is carried on is the level just before the step: the nearer a month before it lies the
    more it says of that. Months after it count alike, so that those expected add up to those
    counted. `since` (models × rows): months from the step to the middle of each, below zero
    before it. `start`: coefficients to begin from, as without a walk.
    """
    try:
        with np.errstate(all="ignore"):
            return _fit_together(counts, designs, offset, since, noise, start)
    except np.linalg.LinAlgError:
        return [None] * len(designs)


def _fit_together(
    counts: Floats, designs: Floats, offset: Floats, since: Floats, noise: Noise, start: Floats
) -> list[WanderingFit | None]:
    coefficients = start
    for done in range(MOST_ROUNDS):
        mean = np.exp((designs @ coefficients[:, :, None])[:, :, 0] + offset)
        weights, spread = _weigh(designs, mean, since, noise)
        gradient = weights.transpose(0, 2, 1) @ (counts / mean - 1)[:, :, None]
        move = (spread @ gradient)[:, :, 0]
        coefficients = coefficients + (move if done < WHOLE_ROUNDS else move / 2)
        if np.abs(move).max() < TOLERANCE:
            break
    covariance = estimate_covariances(designs, mean, since, noise)
    leverage = ((designs @ covariance) * designs).sum(axis=2)
    bias = -(spread @ weights.transpose(0, 2, 1) @ leverage[:, :, None])[:, :, 0] / 2
    return [
        WanderingFit(*each) if np.isfinite(each[1]).all() and last < NEARLY else None
        for last, *each in zip(
            np.abs(move).max(axis=1).tolist(), coefficients, covariance, bias, mean, strict=True
        )
    ]


def estimate_covariances(designs: Floats, mean: Floats, since: Floats, noise: Noise) -> Floats:
    """Estimate the covariance of the coefficients of each model where the level wanders."""
    weights, spread = _weigh(designs, mean, since, noise)
    walk = noise.step**2 * _relate_levels(since)
    turned = weights.transpose(0, 2, 1)
    varied = turned @ (noise.scale / mean[:, :, None] * weights) + turned @ (walk @ weights)
    covariance: Floats = spread @ varied @ spread
    return covariance


def _weigh(designs: Floats, mean: Floats, since: Floats, noise: Noise) -> tuple[Floats, Floats]:
    """Return how each row weighs in each coefficient, and what undoes their sum."""
    is_before = since < 0
    walk = _relate_levels(since) * (is_before[:, :, None] & is_before[:, None, :])
    variance = noise.step**2 * walk
    rows = np.arange(mean.shape[1])
    variance[:, rows, rows] += noise.scale / mean
    weights = np.linalg.solve(variance, designs).astype(float)
    spread = np.linalg.inv(weights.transpose(0, 2, 1) @ designs).astype(float)
    return weights, spread


def _relate_levels(since: Floats) -> Floats:
    """Return how many steps of the walk two months share, from the step on either way."""
    far = np.abs(since)
    shared = np.minimum(far[..., :, None], far[..., None, :])
    same_side = (since[..., :, None] < 0) == (since[..., None, :] < 0)
    result: Floats = np.where(same_side, shared, 0.0)
    return result
