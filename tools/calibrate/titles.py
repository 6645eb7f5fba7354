"""How often a title of *Evidence* reports a change: where nothing began, and where something did.

Each kind is a way in which the level of real series moves without a program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from longevity.stats import evaluation, judged_series
from longevity.stats.monthly_series import Span
from tools.calibrate import draw
from tools.calibrate.row import Promise, Row

FIRST = pd.Timestamp(2005, 1, 1)
PLANTED, PROMISED, SEEN = 0.6, Promise(0.05), Promise(0.80, at_least=True)
ENOUGH = 48  # months on either side, from which the planted fall is to be seen
MOST = 400  # series a row: each is an evaluation
# Months before and after, and how many incidents a month.
SIDES = ((36, 36), (48, 48), (60, 84), (120, 120))
MEANS = (4, 10, 30)

LevelPath = Callable[[np.random.Generator, int], np.ndarray]


def _keep_level(_: np.random.Generator, months: int) -> np.ndarray:
    return np.zeros(months)


def _wander(step: float, dice: np.random.Generator, months: int) -> np.ndarray:
    return np.cumsum(dice.normal(0, step, months))


def _follow(link: float, spread: float, dice: np.random.Generator, months: int) -> np.ndarray:
    """High months that follow high ones: so much of each is kept in the next."""
    moves = dice.normal(0, spread * np.sqrt(1 - link**2), months)
    moves[0] = dice.normal(0, spread)
    for month in range(1, months):
        moves[month] += link * moves[month - 1]
    return moves


def _wave(least: float, most: float, dice: np.random.Generator, months: int) -> np.ndarray:
    """A quarter more and a quarter less, from crest to crest so many months, anywhere in it."""
    turn = 2 * np.pi * np.arange(months) / dice.uniform(least, most)
    return np.log1p(0.25 * np.sin(turn + dice.uniform(0, 2 * np.pi)))


@dataclass(frozen=True)
class Kind:
    """A way the logarithm of a level moves; `phi`: the variance of a count over its mean."""

    name: str
    path: LevelPath
    phi: float = 1.0


FLAT = Kind("flat", _keep_level)
KINDS = (
    FLAT,
    Kind("flat, several on a night (φ 1.8)", _keep_level, 1.8),
    Kind("level wanders by 1 % a month", partial(_wander, 0.01)),
    Kind("level wanders by 2 % a month", partial(_wander, 0.02)),
    Kind("months follow one another (0.3, ±20 %)", partial(_follow, 0.3, 0.2)),
    Kind("months follow one another (0.6, ±20 %)", partial(_follow, 0.6, 0.2)),
    Kind("months follow one another (0.6, ±40 %)", partial(_follow, 0.6, 0.4)),
    Kind("waves of ±25 %, 2 to 5 years", partial(_wave, 24, 60)),
    Kind("waves of ±25 %, 5 to 10 years", partial(_wave, 60, 120)),
    Kind("waves of ±25 %, 10 to 20 years", partial(_wave, 120, 240)),
)


def rows(runs: int, seed: int) -> Iterator[Row]:
    """Series in which nothing began, then flat ones with a fall of 40 %."""
    some = min(runs, MOST)
    for kind, what, ratio in (
        *((kind, kind.name, 1.0) for kind in KINDS),
        (FLAT, "flat, then a fall of 40 %", PLANTED),
    ):
        for sides in SIDES:
            for mean in MEANS:
                reported = count_reported(kind, sides, mean, some, seed, ratio)
                promised: Promise | None = PROMISED
                if ratio != 1:
                    promised = SEEN if min(sides) >= ENOUGH and mean >= 10 else None
                data = f"{sides[0]} and {sides[1]} months, {mean} a month"
                yield Row(what, data, reported, some, promised)


def count_reported(
    kind: Kind, sides: tuple[int, int], mean: float, runs: int, seed: int, ratio: float = 1.0
) -> int:
    """Count of how many such series the title reports a change."""
    launched_on = (FIRST + pd.DateOffset(months=sides[0])).date()
    reported = 0
    for run in range(runs):
        dice = np.random.default_rng([seed, run, *sides, int(10 * mean), len(kind.name)])
        frame = _draw_series(dice, kind, sides, mean, ratio)
        span = Span(launched_on, frame["month"].max().date())
        # Where the interval tells of no change no title does: that is quicker to ask.
        effect = judged_series.judge_series(frame, evaluation.ALL, span).effect
        if effect is not None and effect.excludes_zero:
            reported += evaluation.evaluate_place(frame, "Here", span).direction != 0
    return reported


def _draw_series(
    dice: np.random.Generator, kind: Kind, sides: tuple[int, int], mean: float, ratio: float
) -> pd.DataFrame:
    """Draw a series, a third more in summer; from the launch on its level is `ratio` of before."""
    months = pd.date_range(FIRST, periods=sum(sides), freq="MS")
    season = draw.SUMMER * np.cos(2 * np.pi * (months.month.to_numpy() - 7) / 12)
    level = np.exp(kind.path(dice, sum(sides)) + season)
    expected = mean * level * np.repeat([1.0, ratio], sides)
    counts = draw.negative_binomial(dice, expected, kind.phi, sum(sides))
    return pd.DataFrame({"month": months, "incidents": counts})
