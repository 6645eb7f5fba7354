"""What was measured at each size, against the targets for speed and size.

What was not measured is said to be so, and never passes for met.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tools.table import write_table

Table = tuple[str, list[str], list[list[str]]]
# How a value is written: what it is multiplied by, and its decimals.
UNITS = {"ms": (1000, 0), "s": (1, 2), "×": (1, 1), "MiB": (2**-20, 1)}


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


def write_value(value: float, unit: str) -> str:
    """Return `61 ms` or `1.2×`, or a dash for what was not measured."""
    times, decimals = UNITS[unit]
    return "–" if math.isnan(value) else f"{value * times:,.{decimals}f} {unit}".replace(" ×", "×")


@dataclass(frozen=True)
class Target:
    """One target: the most a value may be, its unit, and the one size it is for."""

    asks: str
    name: str
    most: float
    unit: str
    only: str = ""
    most_of_the_demonstration: float | None = None

    def find_most(self, size: str) -> float:
        """Return the most it may be at a size."""
        small = self.most_of_the_demonstration
        return small if small is not None and size == "demonstration" else self.most


TARGETS = (
    Target("a filter change on the server, p95, asked first", "first", 0.300, "ms", "", 0.150),
    Target("… the slowest screen's p95", "first_worst", 0.300, "ms", "", 0.150),
    Target("… p95, asked before", "again", 0.030, "ms"),
    Target("a filter change in the browser, p95", "change", 0.300, "ms"),
    Target("a new visitor's first screen, of a bare page with a chart", "opening", 1.3, "×"),
    Target("… the server just started", "opening_cold", 1.3, "×"),
    Target("… the slowest screen, by its link, of a bare page", "slowest", 1.3, "×"),
    Target("a warm chart export", "export", 0.4, "s"),
    Target("… of a map", "export_map", 0.4, "s"),
    Target("a deck", "deck", 4.0, "s"),
    Target("the weekly PDF", "weekly", 2.0, "s"),
    Target("publish, at 10 million", "publish", 120.0, "s", "10m"),
    Target("… its memory", "publish_memory", 8 * 2**30, "MiB", "10m"),
)


def write_verdicts(found: Sequence[Figures]) -> str:
    """Return a table: each target, what was measured at each size, and whether it is met."""
    rows = []
    for target in TARGETS:
        most = [write_value(target.find_most(figures.size), target.unit) for figures in found]
        cells, misses = [], []
        for figures in found:
            value = figures.values.get(target.name, math.nan)
            judged = not math.isnan(value) and target.only in ("", figures.size)
            missed = judged and value > target.find_most(figures.size)
            misses += [missed] if judged else []
            cells.append(write_value(value, target.unit) + (" ✗" if missed else ""))
        verdict = ("MISSED" if any(misses) else "met") if misses else "not measured"
        rows.append([target.asks, f"≤ {', '.join(dict.fromkeys(most))}", *cells, verdict])
    return write_table(["what", "target", *(figures.size for figures in found), "verdict"], rows)
