"""Each neighbourhood's change, tested in the knowledge of how many were looked at.

Of twenty areas in which nothing changed one is expected to look changed. Benjamini and
Hochberg's procedure says which changes to believe; intervals are widened to the same
level (Benjamini and Yekutieli), so that an area called changed has an interval without 1
and any other area has one with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from longevity.stats.comparison import LEVEL, Comparison, compare, judge_by
from longevity.stats.dispersion import Dispersion


@dataclass(frozen=True)
class AreaChanges:
    """`comparisons` by index of the frame, at the level all of them share.

    `tests`: how many could be compared; `changes`: how many of them changed.
    """

    comparisons: dict[object, Comparison]
    tests: int
    changes: int


def compare_areas(frame: pd.DataFrame, dispersion: Dispersion | None) -> AreaChanges:
    """Compare every row of `frame` (current, previous: counts), all at once.

    A row with a missing count is not looked at; one without any event is, and never
    changes. `dispersion` is best pooled over the areas (`dispersion.of_series`): one
    area's own history is short of events.
    """
    counts = {
        key: (_read_count(now), _read_count(before))
        for key, now, before in zip(frame.index, frame["current"], frame["previous"], strict=True)
    }

    def compare_at(level: float) -> dict[object, Comparison]:
        return {
            key: compare(now, before, 1.0, 1.0, dispersion, level)
            for key, (now, before) in counts.items()
        }

    p_values = [each.p_value for each in compare_at(LEVEL).values() if each.p_value is not None]
    changes = _count_rejected(p_values, 1 - LEVEL)
    shared_level = 1 - (1 - LEVEL) * max(changes, 1) / max(len(p_values), 1)
    return AreaChanges(compare_at(shared_level), len(p_values), changes)


def judge_areas_by(tested: AreaChanges, frame: pd.DataFrame) -> AreaChanges:
    """Return the counts of `frame` with the verdicts of the count chance was tested on."""
    return replace(
        tested,
        comparisons={
            key: judge_by(tested.comparisons[key], compare(_read_count(now), _read_count(before)))
            for key, now, before in zip(
                frame.index, frame["current"], frame["previous"], strict=True
            )
        },
    )


def withhold_verdicts(changes: AreaChanges) -> AreaChanges:
    """Return the counts alone, compared with nothing: what is not known has no verdict."""
    counts = {
        key: replace(each, ratio=None, low=None, high=None, p_value=None)
        for key, each in changes.comparisons.items()
    }
    return AreaChanges(counts, tests=0, changes=0)


def _read_count(value: object) -> int | None:
    return None if pd.isna(value) else int(value)  # type: ignore[call-overload]  # not missing: a number


def _count_rejected(p_values: list[float], alpha: float) -> int:
    """Count the tests Benjamini and Hochberg's procedure rejects."""
    share = alpha / max(len(p_values), 1)
    ranks = [n for n, p in enumerate(sorted(p_values), start=1) if p <= n * share]
    return max(ranks, default=0)
