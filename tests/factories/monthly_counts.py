"""Monthly counts of a place, made for tests of the evaluation."""

from datetime import date

import numpy as np
import pandas as pd

from longevity.findings import evaluation_text
from longevity.stats import evaluation
from longevity.stats.evaluation import Check, Evaluation
from longevity.stats.judged_series import JudgedSeries
from longevity.stats.monthly_series import Span, select_without_program

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


def other(seed: int, levels: tuple[float, float] = (12.0, 12.0)) -> pd.DataFrame:
    """Another place, until the program reached it two years later."""
    frame = counts(seed, groups=levels, rest=(0.1, 0.1))
    return select_without_program(frame, date(2015, 1, 10))


def evaluate_here(frame: pd.DataFrame, others: dict[str, pd.DataFrame] | None = None) -> Evaluation:
    """Evaluate a place called Here, with a quiet place beside it."""
    beside = {"There": other(5)} if others is None else others
    return evaluation.evaluate_place(frame, "Here", SPAN, beside)


def text_of_check(found: Evaluation, check: Check) -> str:
    """Return what one check says."""
    return evaluation_text.describe_check(found, check)


def text_of(found: Evaluation | JudgedSeries) -> str:
    """Return what an evaluation opens on, or what one series says."""
    if isinstance(found, JudgedSeries):
        return evaluation_text.describe_estimate(found, LEAST_BASE)
    return evaluation_text.describe_evaluation(found, LEAST_BASE)
