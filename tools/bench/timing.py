"""Percentiles, and the words for what something took."""

from __future__ import annotations

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of them do not exceed (nearest rank); not a number of none."""
    ordered = sorted(values)
    if not ordered:
        return math.nan
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def milliseconds(seconds: float) -> str:
    """`0.42 ms`, `61 ms`, `2,310 ms`; a dash for what was not measured."""
    if math.isnan(seconds):
        return "–"
    value = seconds * 1000
    return f"{value:,.0f} ms" if value >= 10 else f"{value:.2f} ms"


def seconds_of(value: float) -> str:
    """`0.16 s`, `12.4 s`; a dash for what was not measured."""
    if math.isnan(value):
        return "–"
    return f"{value:,.1f} s" if value >= 10 else f"{value:.2f} s"


def times(ratio: float) -> str:
    """`0.8×`, `14×`; a dash for what was not measured."""
    if math.isnan(ratio):
        return "–"
    return f"{ratio:,.0f}×" if ratio >= 10 else f"{ratio:.1f}×"


def size(count: float) -> str:
    """Bytes as `812 B`, `64 KiB` or `1.2 MiB`."""
    if count < 1024:
        return f"{count:,.0f} B"
    return f"{count / 1024:,.0f} KiB" if count < 2**20 else f"{count / 2**20:,.1f} MiB"
