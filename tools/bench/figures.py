"""What was measured at each size, against the targets for speed and size.

What was not measured is said to be so, and never passes for met.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from tools.table import write_table

# How a value is written: what it is multiplied by, and its decimals.
UNITS = {"ms": (1000, 0), "s": (1, 2), "×": (1, 1), "MiB": (2**-20, 1)}


@dataclass
class Figures:
    """What was measured at one size: seconds or bytes by name, and tables to print."""

    size: str
    values: dict[str, float] = field(default_factory=dict)
    tables: dict[str, list[list[str]]] = field(default_factory=dict)  # the first row is the head
    failed: list[str] = field(default_factory=list)


def find_percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of them do not exceed; not a number where there is none."""
    return float(np.quantile(values, share, method="inverted_cdf")) if values else math.nan


def write_value(value: float, unit: str) -> str:
    """Return `61 ms`, or a dash for what was not measured."""
    times, decimals = UNITS[unit]
    return "–" if math.isnan(value) else f"{value * times:,.{decimals}f} {unit}".replace(" ×", "×")


class Target(NamedTuple):
    """The most a value may be, on the demonstration and on more; None: it is no target there."""

    asks: str
    name: str
    unit: str
    of_demonstration: float | None
    of_more: float | None


TARGETS = (
    Target("a filter change on the server, p95, asked first", "first", "ms", 0.150, 0.300),
    Target("… the slowest screen's p95", "first_worst", "ms", 0.150, 0.300),
    Target("… p95, asked before", "again", "ms", 0.030, 0.030),
    Target("a filter change in the browser, p95", "change", "ms", 0.300, 0.300),
    Target("a new visitor's first screen, of a bare page with a chart", "opening", "×", 1.3, 1.3),
    Target("… the server just started", "opening_cold", "×", 1.3, 1.3),
    Target("… the slowest screen, by its link, of a bare page", "slowest", "×", 1.3, 1.3),
    Target("a warm chart export", "export", "s", 0.4, 0.4),
    Target("… of a map", "export_map", "s", 0.4, 0.4),
    Target("a deck", "deck", "s", 4.0, 4.0),
    Target("the weekly PDF", "weekly", "s", 2.0, 2.0),
    Target("publish, for 10 million victims", "publish", "s", None, 120.0),
    Target("… its memory", "publish_memory", "MiB", None, 8 * 2**30),
)


def write_verdicts(found: Sequence[Figures]) -> str:
    """Return a table: each target, what was measured at each size, and whether it is met."""
    rows = []
    for target in TARGETS:
        cells, verdict = [], "not measured"
        for figures in found:
            is_small = figures.size == "demonstration"
            most = target.of_demonstration if is_small else target.of_more
            value = figures.values.get(target.name, math.nan)
            is_missed = most is not None and value > most
            if most is not None and not math.isnan(value):
                verdict = "MISSED" if is_missed or verdict == "MISSED" else "met"
            cells.append(write_value(value, target.unit) + (" ✗" if is_missed else ""))
        limits = (target.of_demonstration, target.of_more)
        most_of_each = [write_value(most, target.unit) for most in limits if most is not None]
        limit = f"≤ {', '.join(dict.fromkeys(most_of_each))}"
        rows.append([target.asks, limit, *cells, verdict])
    return write_table(["what", "target", *(figures.size for figures in found), "verdict"], rows)
