"""Each neighbourhood's change, tested in the knowledge of how many were looked at.

Of twenty areas in which nothing changed one is expected to look changed. Benjamini and
Hochberg's procedure says which changes to believe; intervals are widened to the same
level (Benjamini and Yekutieli), so that an area called changed has an interval without 1
and any other area has one with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from longevity.stats.comparison import LEVEL, Comparison, Outcome, compare
from longevity.stats.dispersion import Dispersion
from longevity.text import change_wording, wording
from longevity.text.change_wording import ChangeText


@dataclass(frozen=True)
class AreaChanges:
    """`comparisons` by index of the frame given, at the level all of them share."""

    comparisons: dict[object, Comparison]
    looked_at: int
    changed: int
    sentence: str

    def told(self, when: str, least_base: int) -> dict[object, ChangeText]:
        """Each area's comparison in words."""
        return {
            key: change_wording.describe_change(each, when, least_base)
            for key, each in self.comparisons.items()
        }


def area_changes(
    frame: pd.DataFrame,
    exposure: float = 1.0,
    exposure_before: float = 1.0,
    dispersion: Dispersion | None = None,
    level: float = LEVEL,
) -> AreaChanges:
    """Every row of `frame` (current, previous: counts) compared, all at once.

    A row with a missing count is not looked at; one without any event is, and never
    changes. `dispersion` is best pooled over the areas (`dispersion.of_series`): one
    area's own history is short of events.
    """
    counts = {
        key: (_count(now), _count(before))
        for key, now, before in zip(frame.index, frame["current"], frame["previous"], strict=True)
    }

    def at(level: float) -> dict[object, Comparison]:
        return {
            key: compare(now, before, exposure, exposure_before, dispersion, level)
            for key, (now, before) in counts.items()
        }

    p_values = [each.p_value for each in at(level).values() if each.p_value is not None]
    changed = _rejected(p_values, 1 - level)
    shared = 1 - (1 - level) * max(changed, 1) / max(len(p_values), 1)
    comparisons = at(shared)
    return AreaChanges(
        comparisons, len(p_values), changed, _sentence(list(comparisons.values()), len(p_values))
    )


def _count(value: object) -> int | None:
    return None if pd.isna(value) else int(value)  # type: ignore[call-overload]  # not missing: a number


def _rejected(p_values: list[float], alpha: float) -> int:
    """How many tests Benjamini and Hochberg's procedure rejects."""
    some = alpha / max(len(p_values), 1)
    passed = [n for n, p in enumerate(sorted(p_values), start=1) if p <= n * some]
    return max(passed, default=0)


def _sentence(comparisons: list[Comparison], looked_at: int) -> str:
    """ "2 of 17 neighbourhoods changed more than chance would explain, …" """
    if not looked_at:
        return "There is nothing to compare the neighbourhoods with."
    outcomes = [each.outcome for each in comparisons]
    up, down = outcomes.count(Outcome.UP), outcomes.count(Outcome.DOWN)
    several = "neighbourhood" if looked_at == 1 else "neighbourhoods"
    said = (
        f"{wording.format_number(up + down) if up + down else 'None'} of "
        f"{wording.format_number(looked_at)} "
        f"{several} changed more than chance would explain, given how many we looked at"
    )
    ways = [f"{wording.format_number(n)} {way}" for n, way in ((up, "up"), (down, "down")) if n]
    return f"{said}{': ' + wording.join_words(ways) if ways else ''}."
