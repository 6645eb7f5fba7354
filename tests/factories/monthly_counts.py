"""Monthly counts of a place, made for tests of the evaluation."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from longevity.stats import evaluation
from longevity.stats.evaluation import Evaluation, Flag
from longevity.stats.evaluation_checks import Other
from longevity.stats.monthly_series import Span

LAUNCH = date(2012, 11, 26)
FIRST = pd.Timestamp(2012, 12, 1)
SPAN = Span(LAUNCH, date(2019, 12, 1))
LEAST_BASE = 30


def counts(
    seed: int = 1,
    groups: tuple[float, float] = (8.0, 8.0),
    rest: tuple[float, float] = (4.0, 4.0),
    reviewed: tuple[float, float] = (1.0, 1.0),
    start: str = "2008-01-01",
    until: str = "2019-12-01",
) -> pd.DataFrame:
    """month, incidents, reviewed, confirmed, complete: means a month before and after.

    A share `reviewed` of the incidents is reviewed; only those can be confirmed.
    """
    dice = np.random.default_rng(seed)
    months = pd.date_range(start, until, freq="MS")
    after = (months >= FIRST).astype(int)
    kind, other = (dice.poisson(np.array(mean)[after]) for mean in (groups, rest))
    confirmed = dice.binomial(kind, np.array(reviewed)[after])
    settled = dice.binomial(other, np.array(reviewed)[after])
    return pd.DataFrame(
        {
            "month": months,
            "incidents": kind + other,
            "reviewed": confirmed + settled,
            "confirmed": confirmed,
            "complete": True,
        }
    )


def other(seed: int, levels: tuple[float, float] = (12.0, 12.0)) -> Other:
    """Another place, reached by the program two years later."""
    return Other(counts(seed, groups=levels, rest=(0.1, 0.1)), date(2015, 1, 10))


def evaluate_here(frame: pd.DataFrame, others: dict[str, Other] | None = None) -> Evaluation:
    """Evaluate a place called Here, with a quiet place beside it."""
    beside = {"There": other(5)} if others is None else others
    return evaluation.evaluate(frame, "Here", SPAN, LEAST_BASE, beside)


def flag(found: Evaluation, name: str) -> Flag:
    """One check by its name."""
    return next(each for each in found.flags if each.name == name)
