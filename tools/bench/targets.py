"""The lines of the design's speed and size, each against what was measured.

A line says what it asks, what was measured at every size, and whether that is met. What
was not measured is said to be so, and never passes for met.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from longevity.ui.navigation import SCREENS
from tools.bench.results import SizeResults
from tools.bench.timing import milliseconds, percentile, seconds_of, times

MET, MISSED, NOT_MEASURED = "met", "MISSED", "not measured"
SERVER_SIDE = {"demonstration": 0.150, "1m": 0.300, "10m": 0.300}  # seconds, asked first
ASKED_BEFORE = 0.030
IN_THE_BROWSER = 0.300
FIRST_SCREEN = 1.3  # of a bare page
EXPORT, DECK, WEEKLY = 0.4, 4.0, 2.0
SMALLER = ("demonstration", "1m")
PUBLISH, PUBLISH_BYTES = 120.0, 8 * 2**30
GROWTH = 1.5  # ours: what two runs of one size differ by on a machine shared with others


@dataclass(frozen=True)
class Line:
    """One line: what is asked, the measured value at each size, and the verdict at each."""

    asks: str
    target: str
    measured: dict[str, str]
    verdicts: dict[str, str]

    @property
    def verdict(self) -> str:
        """Missed where any size misses; met where all that were measured meet it."""
        found = [one for one in self.verdicts.values() if one != NOT_MEASURED]
        if MISSED in found:
            return MISSED
        return MET if found else NOT_MEASURED


def lines(sizes: Mapping[str, SizeResults]) -> list[Line]:
    """Every line, over the sizes that were measured."""
    return [
        _of_sizes("a filter change, server side, p95 of all screens, asked first", sizes, "first"),
        _of_sizes("… the slowest screen's p95", sizes, "first_worst"),
        _of_sizes("… p95 of all screens, asked before", sizes, "again"),
        _growth(sizes),
        _of_sizes("a filter change in the browser, p95 of all screens", sizes, "change"),
        _of_sizes("a new visitor's first screen, of a bare page with a chart", sizes, "opening"),
        _of_sizes("… the server just started", sizes, "opening_cold"),
        _of_sizes("… the slowest screen, by its link, of a bare page", sizes, "slowest"),
        _of_sizes("a warm chart export", sizes, "export"),
        _of_sizes("… of a map", sizes, "export_map"),
        _of_sizes("a deck", sizes, "deck"),
        _of_sizes("the weekly PDF", sizes, "weekly"),
        _publish(sizes),
    ]


def value(name: str, sized: SizeResults) -> float:
    """One measured value, in seconds or as a ratio; not a number where it was not measured."""
    screens, waited, taken = sized.screens, sized.waited, sized.documents
    changes = [second for seen in waited.screens.values() for second in seen.changes]
    opening = waited.screens.get(SCREENS[0].file)
    bare = percentile(waited.bare.first, 0.5)
    charts = {name: took for name, took in taken.charts.items() if name != "area-map"}
    values = {
        "first": percentile([c.seconds for one in screens for c in one.first], 0.95),
        "first_worst": max(
            (percentile([c.seconds for c in one.first], 0.95) for one in screens if one.first),
            default=math.nan,
        ),
        "again": percentile([c.seconds for one in screens for c in one.again], 0.95),
        "change": percentile(changes, 0.95),
        "opening": percentile(opening.first if opening else [], 0.5) / bare,
        "opening_cold": waited.cold / waited.cold_bare,
        "slowest": max((ratio for ratio in sized.of_bare().values()), default=math.nan),
        "export": percentile(list(charts.values()), 0.5),
        "export_map": taken.charts.get("area-map", math.nan),
        "deck": taken.deck,
        "weekly": taken.weekly,
    }
    return values[name]


def _limits(name: str, size: str) -> tuple[float, Any]:
    """The most a value may be, and how it is written."""
    if name in ("first", "first_worst"):
        return SERVER_SIDE.get(size, SERVER_SIDE["10m"]), milliseconds
    return {
        "again": (ASKED_BEFORE, milliseconds),
        "change": (IN_THE_BROWSER, milliseconds),
        "opening": (FIRST_SCREEN, times),
        "opening_cold": (FIRST_SCREEN, times),
        "slowest": (FIRST_SCREEN, times),
        "export": (EXPORT, seconds_of),
        "export_map": (EXPORT, seconds_of),
        "deck": (DECK, seconds_of),
        "weekly": (WEEKLY, seconds_of),
    }[name]


def _of_sizes(asks: str, sizes: Mapping[str, SizeResults], name: str) -> Line:
    measured, verdicts, targets = {}, {}, []
    for size, sized in sizes.items():
        most, words = _limits(name, size)
        found = value(name, sized)
        measured[size] = words(found)
        verdicts[size] = judge(found, most)
        targets.append(words(most))
    return Line(asks, "≤ " + ", ".join(dict.fromkeys(targets)), measured, verdicts)


def judge(found: float, most: float) -> str:
    """Say whether it is met, missed or not measured."""
    if math.isnan(found):
        return NOT_MEASURED
    return MET if found <= most else MISSED


def _growth(sizes: Mapping[str, SizeResults]) -> Line:
    """A change costs the same however long the history: against the smallest size measured."""
    measured, verdicts, least = {}, {}, None
    for size, sized in sizes.items():
        found = value("first", sized)
        least = found if least is None else least
        ratio = found / least
        measured[size] = times(ratio) if len(sizes) > 1 else times(math.nan)
        verdicts[size] = judge(ratio, GROWTH) if len(sizes) > 1 else NOT_MEASURED
    return Line(
        "… against the smallest size", f"does not grow (≤ {GROWTH}×, ours)", measured, verdicts
    )


def _publish(sizes: Mapping[str, SizeResults]) -> Line:
    measured, verdicts = {}, {}
    for size, sized in sizes.items():
        step = sized.made.step("publish")
        if step is None:
            measured[size], verdicts[size] = "–", NOT_MEASURED
            continue
        measured[size] = f"{seconds_of(step.seconds)}, {step.peak_bytes / 2**30:.1f} GiB"
        both = (judge(step.seconds, PUBLISH), judge(step.peak_bytes, PUBLISH_BYTES))
        verdicts[size] = MISSED if MISSED in both else MET
        if size in SMALLER:  # the line is of ten million
            verdicts[size] = NOT_MEASURED
    target = f"≤ {PUBLISH:.0f} s within {PUBLISH_BYTES / 2**30:.0f} GiB at 10 million"
    return Line("publish", target, measured, verdicts)
