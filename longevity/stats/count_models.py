"""Poisson models of counts with a log link, fitted many at a time.

Iteratively reweighted least squares as statsmodels' GLM does it (where it starts, when it
stops, which weights the errors come from), for designs that share their counts: an
evaluation fits sixty. A test holds it against statsmodels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MOST_STEPS = 12  # one that runs away takes twenty
TOLERANCE = 1e-8  # of the deviance, from step to step
MOST_INFLATED = 1e3  # of a coefficient's variance, by what the others could tell as well
LEAST_SHARE = 1e-4  # of the mean of all rows, that one may come to: less and it runs away
LEAST_MEAN = float(np.finfo(float).eps)


@dataclass(frozen=True)
class CountFit:
    """`information`: the covariance before it is scaled; `mean`: what is expected of each row."""

    coefficients: Floats
    information: Floats
    mean: Floats
    pearson: float


def fit_models(counts: Floats, designs: Floats, offset: Floats) -> list[CountFit | None]:
    """Fit the model of each of `designs` (designs × rows × columns), None where it cannot be so.

    Where it does not settle, or so nearly does not that rounding would show, is for the library
    to say.
    """
    try:
        with np.errstate(all="ignore"):
            return _fit_together(counts, designs, offset)
    except np.linalg.LinAlgError:
        if len(designs) == 1:
            return [None]
        # One that cannot be solved stops all of them.
        return [fit_models(counts, design[None], offset)[0] for design in designs]


def _fit_together(counts: Floats, designs: Floats, offset: Floats) -> list[CountFit | None]:
    fits: list[CountFit | None] = [None] * len(designs)
    at = np.arange(len(designs))
    mean = np.broadcast_to((counts + counts.mean()) / 2, designs.shape[:2])
    log_mean = np.log(mean)
    before = _compute_deviance(counts, mean)
    beta: Floats | None = None
    for _ in range(MOST_STEPS):
        above = np.maximum(mean, LEAST_MEAN)
        residual = (counts - mean) / above
        weighted = (designs * above[:, :, None]).transpose(0, 2, 1)
        information = weighted @ designs
        # From the second step on the step itself is solved for: what rounding costs shrinks
        # with it.
        aim = log_mean + residual - offset if beta is None else residual
        step = np.linalg.solve(information, weighted @ aim[:, :, None])[:, :, 0]
        beta = step if beta is None else beta + step
        log_mean = (designs @ beta[:, :, None])[:, :, 0] + offset
        mean = np.exp(log_mean)
        deviance = _compute_deviance(counts, mean)
        is_sound = np.isfinite(deviance) & np.isfinite(above).all(axis=1)
        is_settled = is_sound & (np.abs(deviance - before) <= TOLERANCE)
        for model in np.flatnonzero(is_settled):
            fits[at[model]] = _read_fit(counts, beta[model], mean[model], information[model])
        on = is_sound & ~is_settled
        if not on.any():
            break
        at, designs, beta, log_mean, mean = at[on], designs[on], beta[on], log_mean[on], mean[on]
        before = deviance[on]
    return fits


def _read_fit(counts: Floats, beta: Floats, mean: Floats, information: Floats) -> CountFit | None:
    covariance = np.linalg.inv(information).astype(float)
    inflation = np.diag(covariance) * np.diag(information)
    is_sound = (inflation < MOST_INFLATED).all() and mean.min() > LEAST_SHARE * mean.mean()
    if not is_sound:  # nor where it is no number
        return None
    above = np.maximum(mean, LEAST_MEAN)
    pearson = float(((counts - mean) ** 2 / above).sum())
    return CountFit(beta, covariance, mean, pearson)


def _compute_deviance(counts: Floats, mean: Floats) -> Floats:
    """Return twice the log likelihood lost against a mean that is each count, by row of `mean`."""
    # A mean that ran down to nothing makes this infinite or no number: it did not settle.
    loss = counts * np.log(np.maximum(counts / mean, LEAST_MEAN)) - (counts - mean)
    result: Floats = 2 * loss.sum(axis=1)
    return result
