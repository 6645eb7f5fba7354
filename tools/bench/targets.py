"""What was measured at each size, against the targets for speed and size.

What was not measured is said to be so, and never passes for met.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from tools.table import write_table

Table = tuple[str, list[str], list[list[str]]]


@dataclass
class Figures:
    """What was measured at one size: seconds, ratios or bytes by name, and tables to print."""

    size: str
    values: dict[str, float] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def find_percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of them do not exceed; not a number where there is none."""
    return float(np.quantile(values, share, method="inverted_cdf")) if values else math.nan


def write_milliseconds(seconds: float) -> str:
    """Return `61 ms`, or a dash for what was not measured."""
    return "–" if math.isnan(seconds) else f"{1000 * seconds:,.0f} ms"


def write_seconds(seconds: float) -> str:
    """Return `0.16 s`, or a dash for what was not measured."""
    return "–" if math.isnan(seconds) else f"{seconds:,.2f} s"


def write_times(ratio: float) -> str:
    """Return `0.8×`, or a dash for what was not measured."""
    return "–" if math.isnan(ratio) else f"{ratio:,.1f}×"


def write_size(count: float) -> str:
    """Return bytes as `1.2 MiB`, or a dash for what was not measured."""
    return "–" if math.isnan(count) else f"{count / 2**20:,.1f} MiB"


@dataclass(frozen=True)
class Target:
    """One target: the most a value may be, how it is written, and the one size it is for."""

    asks: str
    name: str
    most: float
    write: Callable[[float], str]
    only: str = ""
    most_of_the_demonstration: float | None = None

    def find_most(self, size: str) -> float:
        """Return the most it may be at a size."""
        small = self.most_of_the_demonstration
        return small if small is not None and size == "demonstration" else self.most


TARGETS = (
    Target(
        "a filter change, server side, p95 of all screens, asked first",
        "first", 0.300, write_milliseconds, most_of_the_demonstration=0.150,
    ),
    Target(
        "… the slowest screen's p95",
        "first_worst", 0.300, write_milliseconds, most_of_the_demonstration=0.150,
    ),
    Target("… p95 of all screens, asked before", "again", 0.030, write_milliseconds),
    Target("a filter change in the browser, p95 of all screens", "change", 0.300,
           write_milliseconds),
    Target("a new visitor's first screen, of a bare page with a chart", "opening", 1.3,
           write_times),
    Target("… the server just started", "opening_cold", 1.3, write_times),
    Target("… the slowest screen, by its link, of a bare page", "slowest", 1.3, write_times),
    Target("a warm chart export", "export", 0.4, write_seconds),
    Target("… of a map", "export_map", 0.4, write_seconds),
    Target("a deck", "deck", 4.0, write_seconds),
    Target("the weekly PDF", "weekly", 2.0, write_seconds),
    Target("publish, at 10 million", "publish", 120.0, write_seconds, only="10m"),
    Target("… its memory", "publish_memory", 8 * 2**30, write_size, only="10m"),
)  # fmt: skip


def write_verdicts(found: Sequence[Figures]) -> str:
    """Return a table: each target, what was measured at each size, and whether it is met."""
    rows = []
    for target in TARGETS:
        most = dict.fromkeys(target.write(target.find_most(figures.size)) for figures in found)
        cells, misses = [], []
        for figures in found:
            value = figures.values.get(target.name, math.nan)
            judged = not math.isnan(value) and target.only in ("", figures.size)
            if judged:
                misses.append(value > target.find_most(figures.size))
            cells.append(target.write(value) + (" ✗" if judged and misses[-1] else ""))
        verdict = ("MISSED" if any(misses) else "met") if misses else "not measured"
        rows.append([target.asks, f"≤ {', '.join(most)}", *cells, verdict])
    return write_table(["what", "target", *(figures.size for figures in found), "verdict"], rows)
