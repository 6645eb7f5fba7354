"""Shares and losses on the way to services, held by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from longevity.stats.attendance import count_losses
from longevity.stats.proportion import compute_wilson_interval


def by_hand(part: int, whole: int) -> tuple[float, float]:
    """Wilson's bounds from his formula."""
    z = 1.959963984540054
    share, spread = part / whole, z * z / whole
    centre = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / whole + spread / whole / 4) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


@pytest.mark.parametrize(
    ("part", "whole"), [(p, w) for w in (1, 2, 7, 164) for p in {0, 1, w // 2, w}]
)
def test_the_interval_is_wilsons(part, whole):
    found = compute_wilson_interval(part, whole)
    assert (found.low, found.high) == pytest.approx(by_hand(part, whole), abs=1e-12)
    assert found.share == part / whole


def test_a_share_of_nobody_is_missing_and_a_part_is_never_more_than_its_whole():
    assert compute_wilson_interval(0, 0).share is None
    with pytest.raises(ValueError, match="cannot be a part"):
        compute_wilson_interval(3, 2)


FUNNEL = pd.DataFrame(
    {
        "invited": [10, 2],
        "reachable": [7, 1],
        "reachable_unknown": [1, 0],
        "attended": [5, 0],
        "attended_unknown": [1, 0],
        "attended_aged_30": [4, 0],
        "intake_30": [3, 0],
        "attended_aged_90": [3, 0],
        "intake_aged_90": [3, 0],
        "active_90": [1, 0],
        "completed_90": [1, 0],
        "active_unknown_90": [0, 0],
    }
).astype("Int64")


def test_the_unknown_the_completed_and_the_too_recent_are_no_loss():
    lost = count_losses(FUNNEL)
    assert lost.to_numpy().tolist() == [
        ["reachable", 12, 0, 8, 1, 0, 3],
        ["attended", 8, 0, 5, 1, 0, 2],
        ["intake_30", 5, 1, 3, 0, 0, 1],
        ["active_90", 3, 0, 1, 0, 1, 1],
    ]


def test_without_services_the_funnel_ends_at_attendance():
    later = ["attended_aged_30", "intake_30", "intake_aged_90", "active_90", "active_unknown_90"]
    without = FUNNEL.assign(**{name: pd.array([None, None], dtype="Int64") for name in later})
    assert count_losses(without)["stage"].tolist() == ["reachable", "attended"]
