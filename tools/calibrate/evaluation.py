"""What is no effect of a program: how often the evaluation calls it one.

Steps in what the reviews of incidents confirm, without any change in the shootings; and a launch
of 2022 with nothing but the years from 2020 on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd

from longevity.stats import evaluation
from longevity.stats.evaluation import Verdict
from longevity.stats.monthly_series import Span
from tools.calibrate import titles
from tools.calibrate.draw import Floats, Ints, negative_binomial
from tools.calibrate.table import Row

MOST = 200  # series a row: each is an evaluation
SIDES, A_MONTH, PHI, CONFIRMED = (60, 84), 10, 1.8, 0.7
# By name, the share of incidents that are reviewed before and after the launch, and the share of
# those that are confirmed.
STEPS = {
    "reviews began at the launch": (0.0, 1.0, CONFIRMED, CONFIRMED),
    "reviews grew at the launch": (0.84, 1.0, CONFIRMED, CONFIRMED),
    "incidents were named otherwise from the launch on": (1.0, 1.0, CONFIRMED, 0.6 * CONFIRMED),
}


def rows(runs: int, seed: int) -> Iterator[Row]:
    """Each step, then the wave."""
    some = min(runs, MOST)
    for name in STEPS:
        called = sum(_step_is_called(name, [seed, run]) for run in range(some))
        yield Row("no change in shootings: called an effect", name, called, some, 0.0)
    called = sum(_wave_is_called([seed, run, 2020]) for run in range(some))
    # No rule keeps chance out altogether: two in a hundred.
    what = "nothing but the years from 2020 on: called an effect"
    yield Row(what, "a launch of 2022", called, some, 0.02)


def _review(
    dice: np.random.Generator, counts: Ints, reviewed: float | Floats, confirmed: float | Floats
) -> dict[str, Ints]:
    seen = dice.binomial(counts, reviewed)
    return {"incidents": counts, "reviewed": seen, "confirmed": dice.binomial(seen, confirmed)}


def _step_is_called(name: str, seed: list[int]) -> bool:
    """Say whether a step in what the reviews confirm is called an effect."""
    dice = np.random.default_rng(seed)
    frame = titles.draw_series(dice, titles.Kind("", titles.keep_level, PHI), SIDES, A_MONTH)
    launched_on = frame["month"].iloc[SIDES[0]].date()
    before = np.arange(len(frame)) < SIDES[0]
    reviewed_before, reviewed, confirmed_before, confirmed = STEPS[name]
    reviews = _review(
        dice,
        frame["incidents"].to_numpy(),
        np.where(before, reviewed_before, reviewed),
        np.where(before, confirmed_before, confirmed),
    )
    span = Span(launched_on, frame["month"].max().date())
    found = evaluation.evaluate_place(frame.assign(**reviews), "Here", span)
    return found.verdict is Verdict.CONSISTENT


def _wave_is_called(seed: list[int]) -> bool:
    """Say whether years of half as many again, and back, are called an effect."""
    dice = np.random.default_rng(seed)
    span = Span(date(2022, 1, 1), date(2025, 12, 1))
    months = pd.date_range("2015-01-01", "2025-12-01", freq="MS")
    month = months.month.to_numpy()
    years = months.year.to_numpy() + (month - 1) / 12
    season = np.exp(0.25 * np.cos(2 * np.pi * (month - 7) / 12))
    mean = 8 * season * np.interp(years, [2020.25, 2020.6, 2022.0, 2024.5], [1, 1.5, 1.5, 1])

    def draw_place() -> pd.DataFrame:
        counts = negative_binomial(dice, mean, PHI, len(months))
        return pd.DataFrame({"month": months, **_review(dice, counts, 1.0, CONFIRMED)})

    others = {name: draw_place() for name in ("There", "Yonder")}
    found = evaluation.evaluate_place(draw_place(), "Here", span, others)
    return found.verdict is Verdict.CONSISTENT
