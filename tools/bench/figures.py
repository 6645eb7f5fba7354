"""The figures of a bench: what was measured, and the aims it is held against.

What was not measured is said to be so, and never passes for met.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tools.table import write_table

# How a value is written: what it is multiplied by, and its decimals.
UNITS = {"ms": (1000, 0), "s": (1, 2), "×": (1, 1), "MiB": (2**-20, 1)}


@dataclass
class Figures:
    """What was measured at one size of data: seconds, or bytes, by name, and tables to print.

    `failed`: what could not be measured, and why.
    """

    size: str
    values: dict[str, float] = field(default_factory=dict)
    tables: dict[str, list[list[str]]] = field(default_factory=dict)  # the first row is the head
    failed: list[str] = field(default_factory=list)


def write_value(value: float, unit: str) -> str:
    """Return `61 ms`, or a dash for what was not measured."""
    times, decimals = UNITS[unit]
    return "–" if math.isnan(value) else f"{value * times:,.{decimals}f} {unit}".replace(" ×", "×")


class Aim(NamedTuple):
    """What is asked (in words), the name of its value, and the most that may be; None: no limit."""

    asks: str
    name: str
    unit: str
    most: float | None = None


AIMS = (  # what is asked, its name, its unit, the most that may be
    Aim("a bare page with a chart, for a new visitor", "bare", "s"),
    Aim("a new visitor's first screen, of a bare page", "opening", "×", 1.3),
    Aim("… the slowest screen, by its link", "slowest", "×", 1.3),
    Aim("a change of a filter, p95 of all screens", "change", "ms", 300 / 1000),
    Aim("a press picture as it opens", "picture", "ms", 100 / 1000),
    Aim("a press file of another choice, warm", "export", "s", 0.5),
    Aim("… of a map", "export_map", "s", 0.5),
    Aim("… by a command", "command", "s", 3.0),
    Aim("the deck for the public", "deck_public", "s", 0.4),
    Aim("the deck for the state", "deck", "s", 2.0),
    Aim("the weekly PDF by a command", "weekly", "s"),
    Aim("fifty viewers, an act of theirs, p50", "load", "ms"),
    Aim("… p95", "load_slow", "ms", 500 / 1000),
    Aim("… p95 during the publish", "load_publishing", "ms"),
    Aim("… the server's memory", "load_memory", "MiB", 2**30),
    Aim("the rows of this size, drawn", "demo", "s"),
    Aim("publish, with its pictures", "publish", "s"),
    Aim("… its memory", "publish_memory", "MiB", 8 * 2**30),
)


def write_verdicts(found: Sequence[Figures]) -> str:
    """Return a table: each aim, what was measured at each size, and whether it is met."""
    rows = []
    for aim in AIMS:
        values = [figures.values.get(aim.name, math.nan) for figures in found]
        known = [value for value in values if not math.isnan(value)]
        verdict = "met" if known else "not measured"
        if known and aim.most is not None and max(known) > aim.most:
            verdict = "MISSED"
        limit = "" if aim.most is None else f"≤ {write_value(aim.most, aim.unit)}"
        cells = [write_value(value, aim.unit) for value in values]
        rows.append([aim.asks, limit, *cells, verdict if limit or not known else ""])
    return write_table(["what", "aim", *(figures.size for figures in found), "verdict"], rows)
