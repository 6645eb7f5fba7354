"""How often a title of *Evidence* says there is a change: where nothing began, and where it did.

Each kind is a way in which the level of real series moves without a program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from longevity.stats import evaluation, judged_series
from longevity.stats.monthly_series import Span
from tools.calibrate import draw
from tools.calibrate.table import Row

FIRST = pd.Timestamp(2005, 1, 1)
PROMISED, PLANTED, SEEN = 0.05, 0.6, 0.80
ENOUGH = 48  # months on either side, from which the planted fall is to be seen
MOST = 400  # series a row: each is an evaluation
# Months before and after, and how many incidents a month.
SIDES = ((36, 36), (48, 48), (60, 84), (120, 120))
MEANS = (4, 10, 30)

LevelPath = Callable[[np.random.Generator, int], np.ndarray]


def keep_level(_: np.random.Generator, months: int) -> np.ndarray:
    return np.zeros(months)


def _wander(step: float) -> LevelPath:
    return lambda dice, months: np.cumsum(dice.normal(0, step, months))


def _follow(link: float, spread: float) -> LevelPath:
    """High months that follow high ones: so much of each is kept in the next."""

    def path(dice: np.random.Generator, months: int) -> np.ndarray:
        moves = dice.normal(0, spread * np.sqrt(1 - link**2), months)
        level = np.empty(months)
        level[0] = dice.normal(0, spread)
        for month in range(1, months):
            level[month] = link * level[month - 1] + moves[month]
        return level

    return path


def _wave(least: float, most: float) -> LevelPath:
    """A quarter more and a quarter less, from crest to crest so many months, anywhere in it."""

    def path(dice: np.random.Generator, months: int) -> np.ndarray:
        turn = 2 * np.pi * np.arange(months) / dice.uniform(least, most)
        return np.log1p(0.25 * np.sin(turn + dice.uniform(0, 2 * np.pi)))

    return path


@dataclass(frozen=True)
class Kind:
    """A way the logarithm of a level moves; `phi`: the variance of a count over its mean."""

    name: str
    path: LevelPath
    phi: float = 1.0


FLAT = Kind("flat", keep_level)
KINDS = (
    FLAT,
    Kind("flat, several on a night (φ 1.8)", keep_level, 1.8),
    Kind("level wanders by 1 % a month", _wander(0.01)),
    Kind("level wanders by 2 % a month", _wander(0.02)),
    Kind("months follow one another (0.3, ±20 %)", _follow(0.3, 0.2)),
    Kind("months follow one another (0.6, ±20 %)", _follow(0.6, 0.2)),
    Kind("months follow one another (0.6, ±40 %)", _follow(0.6, 0.4)),
    Kind("waves of ±25 %, 2 to 5 years", _wave(24, 60)),
    Kind("waves of ±25 %, 5 to 10 years", _wave(60, 120)),
    Kind("waves of ±25 %, 10 to 20 years", _wave(120, 240)),
)


def draw_series(
    dice: np.random.Generator, kind: Kind, sides: tuple[int, int], mean: float, ratio: float = 1.0
) -> pd.DataFrame:
    """Draw a series, a third more in summer; from the launch on its level is `ratio` of before."""
    before, after = sides
    months = pd.date_range(FIRST, periods=before + after, freq="MS")
    season = draw.SUMMER * np.cos(2 * np.pi * (months.month.to_numpy() - 7) / 12)
    level = np.exp(kind.path(dice, before + after) + season)
    expected = mean * level * np.where(np.arange(before + after) < before, 1.0, ratio)
    counts = draw.negative_binomial(dice, expected, kind.phi, before + after)
    return pd.DataFrame({"month": months, "incidents": counts})


def says_change(frame: pd.DataFrame, span: Span) -> bool:
    """Say whether the title does; never where the interval by itself does not, which is quicker."""
    effect = judged_series.judge_series(frame, evaluation.ALL, span).effect
    if effect is None or not effect.excludes_zero:
        return False
    return evaluation.evaluate_place(frame, "Here", span).direction != 0


def count_changes(
    kind: Kind, sides: tuple[int, int], mean: float, runs: int, seed: int, ratio: float = 1.0
) -> int:
    """Count of how many such series the title says that there is a change."""
    launched_on = (FIRST + pd.DateOffset(months=sides[0])).date()
    found = 0
    for run in range(runs):
        dice = np.random.default_rng([seed, run, *sides, int(10 * mean), len(kind.name)])
        frame = draw_series(dice, kind, sides, mean, ratio)
        found += says_change(frame, Span(launched_on, frame["month"].max().date()))
    return found


def rows(runs: int, seed: int) -> Iterator[Row]:
    """The table: nothing began, then a fall of 40 % in flat series."""
    some = min(runs, MOST)
    cases = [
        (sides, mean, f"{sides[0]} and {sides[1]} months, {mean} a month")
        for sides in SIDES
        for mean in MEANS
    ]
    for kind in KINDS:
        for sides, mean, data in cases:
            found = count_changes(kind, sides, mean, some, seed)
            yield Row(kind.name, data, found, some, PROMISED)
    for sides, mean, data in cases:
        found = count_changes(FLAT, sides, mean, some, seed, PLANTED)
        promised = SEEN if min(sides) >= ENOUGH and mean >= 10 else None
        yield Row("flat, then a fall of 40 %", data, found, some, promised, at_least=True)
