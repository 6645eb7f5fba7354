"""Several runs of one piece of work, and the words for what they took."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Taken:
    """What several runs of the same work took, in seconds."""

    median: float
    least: float
    most: float
    runs: int


def several(work: Callable[[], Any], runs: int) -> Taken:
    """Do the work once to warm it, then time `runs` of it."""
    work()
    gc.collect()
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return Taken(statistics.median(seconds), min(seconds), max(seconds), runs)


def milliseconds(seconds: float) -> str:
    """`0.42 ms`, `61 ms`, `2,310 ms`."""
    value = seconds * 1000
    return f"{value:,.0f} ms" if value >= 10 else f"{value:.2f} ms"


def times(ratio: float) -> str:
    """`0.8×`, `14×`."""
    return f"{ratio:,.0f}×" if ratio >= 10 else f"{ratio:.1f}×"
