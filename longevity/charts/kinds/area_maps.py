"""Maps of neighbourhoods, coloured by class so that zero, withheld and no residents differ."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from longevity.charts.chart import Chart
from longevity.charts.drawing import Drawing
from longevity.charts.template.maps import Area, AreaMap
from longevity.charts.theme import HATCHED, RAMP
from longevity.measures import wording
from longevity.measures.say import say, say_rows

EXACT_BELOW = 20  # decimals say nothing on larger rates
LARGEST = 22.0  # pixels a point takes at most
# The more blocks the smaller each, or a busy year is one blot: (up to so many, pixels).
SIZES = ((60, 7.0), (200, 5.5), (10**9, 4.0))
# The same in both themes: the areas under them are.
KILLED, WOUNDED = "#16191D", "#1D5FA8"


@dataclass(frozen=True)
class Scale:
    """Class borders shared by every map that stands side by side.

    `edges` are upper bounds, inclusive, of the classes above zero; `unit` is
    what the numbers are; `decimals` how they are written; `whole` says that
    there is nothing between 0 and 1. A value belongs where it is written: with
    no decimals 4.4 is 4, so that it falls in the class whose words hold it. `endless`: the
    last class has no upper bound, as values may come that no class was made of.
    """

    edges: tuple[float, ...]
    unit: str
    decimals: int
    whole: bool = True
    endless: bool = False

    def find_colour(self, value: float | None, state: str) -> str:
        """The name of the colour of an area with this value and state."""
        if state == "no_residents":
            return "apart:no_residents"
        if state == "withheld" or value is None:
            return "apart:withheld"
        if value <= 0:
            return "ramp:0"
        place = bisect_left(self.edges, round(value, self.decimals))
        return f"ramp:{min(place, len(self.edges) - 1) + 1}"

    def list_labels(self) -> list[str]:
        """The words of the legend for the classes above zero, least first."""
        step = 10**-self.decimals
        words: list[str] = []
        low = step
        for edge in self.edges:
            if not words and not self.whole:
                words.append(f"up to {edge:,.{self.decimals}f}")
                low = edge + step
                continue
            span = f"{low:,.{self.decimals}f}"
            if edge - low > step / 2:
                span += f"–{edge:,.{self.decimals}f}"
            words.append(span)
            low = edge + step
        if self.endless:
            words[-1] = f"{re.split('–| ', words[-1])[0]} or more" if len(words) > 1 else "any"
        return words

    def list_key(self, states: Collection[str]) -> list[tuple[str, str]]:
        """What the key says of each colour: the classes, then the states that occur."""
        entries = [("none", "ramp:0")] if "zero" in states or self.endless else []
        entries += [(words, f"ramp:{at}") for at, words in enumerate(self.list_labels(), start=1)]
        apart = ("no_residents", "withheld")
        return entries + [(s.replace("_", " "), f"apart:{s}") for s in apart if s in states]


@dataclass(frozen=True)
class Differences:
    """How many fewer or more there were in classes that are alike both ways.

    `edges`: the most of the first and of the second class, the third has no end. An area's
    state is its verdict (`neighbourhood_changes.build_map_frame`).
    """

    unit: str
    edges: tuple[int, int]

    def find_colour(self, value: float | None, state: str) -> str:
        """Return the name of the colour of an area that had so many more, or below zero fewer."""
        if value is None:
            return "difference:unknown"
        size = math.ceil(abs(value))
        place = 0 if not size else 1 + bisect_left(self.edges, size)
        return f"difference:{int(math.copysign(place, value)) if place else 0}"

    def list_key(self, states: Collection[str]) -> list[tuple[str, str]]:
        """Return what the key says of each colour, and of hatching and what is not known if any."""
        not_known = ("not known", "difference:unknown")
        if set(states) == {"unknown"}:
            return [not_known]
        first, second = self.edges
        sizes = [(3, f"{second + 1}+"), (2, _name_span(first + 1, second))]
        sizes.append((1, _name_span(1, first)))
        fewer = [(f"{words} fewer", f"difference:-{at}") for at, words in sizes]
        more = [(f"{words} more", f"difference:{at}") for at, words in reversed(sizes)]
        entries = [*fewer, ("as many", "difference:0"), *more]
        if {"more", "fewer"}.intersection(states):
            entries.append(("hatched: chance could explain it", HATCHED))
        return entries + [not_known] * ("unknown" in states)


Key = Scale | Differences


def _name_span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"


def build_change_key(noun: str, differences: Sequence[float]) -> Differences:
    """Return the key of a map of changes. `noun`: what is counted.

    `differences`: those there have been, which make the classes: half of them lie in the first,
    and all but a tenth in the first two.
    """
    sizes = np.array([abs(each) for each in differences if each and math.isfinite(each)])
    first, second = np.quantile(sizes, (0.5, 0.9)) if len(sizes) else (1, 2)
    edge = math.ceil(_round_up(first, 0))
    return Differences(
        f"{noun} against a year before",
        (edge, max(edge + 1, math.ceil(_round_up(second, 0)))),
    )


def build_fixed_scale(values: Sequence[float], unit: str, decimals: int = 0) -> Scale:
    """Classes that stay: of all values there have been, the last for whatever may yet come."""
    return replace(build_scale(values, unit, decimals), endless=True)


def build_scale(values: Sequence[float], unit: str, decimals: int = 0) -> Scale:
    """Five or fewer classes up to the largest value, with round borders.

    `decimals` 0 says that the values are whole numbers, else how many decimals
    they are written with, where they are small enough for decimals to matter.
    The same scale serves all cities side by side, so that a darker area is
    always one with more.
    """
    most = max([v for v in values if v is not None and math.isfinite(v)], default=0)
    count = len(RAMP)
    whole = decimals == 0
    if whole and most <= count:
        return Scale(tuple(float(n) for n in range(1, max(1, int(most)) + 1)), unit, 0)
    digits = decimals if most < EXACT_BELOW else 0
    if _is_lopsided(values):
        edges = sorted({_round_up(most * (n / count) ** 2, digits) for n in range(1, count + 1)})
    else:
        width = _round_up(most / count, digits)
        edges = [round(width * n, digits) for n in range(1, count + 1)]
    while len(edges) > 1 and edges[-2] >= round(most, digits):
        edges.pop()
    return Scale(tuple(edges), unit, digits, whole)


def _is_lopsided(values: Sequence[float]) -> bool:
    """Whether one area stands far above the others: classes are then finer below."""
    above = sorted(v for v in values if v is not None and math.isfinite(v) and v > 0)
    return bool(above) and above[-1] > 3 * above[len(above) // 2]


def _round_up(value: float, decimals: int) -> float:
    """Return the next of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10 × 10ⁿ written with so many decimals."""
    power = 10 ** math.floor(math.log10(value)) if value > 0 else 1
    steps = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    rounded = next(step * power for step in steps if value <= step * power * (1 + 1e-9))
    step = 10**-decimals
    return float(round(math.ceil(rounded / step - 1e-9) * step, decimals))


def draw_areas(
    frame: pd.DataFrame,
    boundaries: dict[str, Any],
    drawing: Drawing,
    shades: Key,
    selected: str | None,
    title: str,
    size: tuple[int, int],
    **more: Any,
) -> Chart:
    """Draw one city's neighbourhoods.

    `frame`: neighbourhood, value (NaN where there is none), state (shown, zero,
    withheld, no_residents), said (what a hover says). `boundaries`, `size` and `more`: as
    `AreaMap` has them.
    """
    areas = list_areas(frame, shades, selected)
    key = tuple(shades.list_key(set(frame["state"])))
    many = wording.count_noun(len(frame), "neighbourhood")
    return Chart(
        name="map",
        title=title,
        subtitle=shades.unit,
        draw=AreaMap(drawing, boundaries, areas, key, shades.unit, size, **more),
        alt=f"Map of {many}. {title}.",
        table=frame,
    )


def list_areas(frame: pd.DataFrame, shades: Key, selected: str | None = None) -> tuple[Area, ...]:
    """Return each neighbourhood in its colour. `frame`: as `draw_areas` takes it."""
    columns = (frame[name].tolist() for name in ("neighbourhood", "value", "state", "said"))
    return tuple(
        Area(
            name,
            shades.find_colour(None if pd.isna(value) else float(value), state),
            state,
            said,
            name == selected,
        )
        for name, value, state, said in zip(*columns, strict=True)
    )


def list_unknown(names: Collection[str]) -> tuple[Area, ...]:
    """Return each neighbourhood as one of which nothing is known."""
    return tuple(
        Area(name, "apart:no_residents", "unknown", f"{name}: not known") for name in sorted(names)
    )


def add_rings(chart: Chart, counts: Mapping[str, int], meaning: str) -> Chart:
    """Return the map with a count in a ring over each area that has any; `meaning`: of what."""
    rings = {name: str(count) for name, count in counts.items() if count}
    shown = [area.name for area in require_map(chart).areas if area.name in rings]
    said = ", ".join(f"{name} {rings[name]}" for name in shown) or "none"
    return _add(chart, f"{meaning} {said}.", rings=rings)


def group_by_block(points: pd.DataFrame) -> pd.DataFrame:
    """Return one row a block: city, longitude, latitude, neighbourhood, incidents, fatal, said.

    `points`: city, occurred_on, neighbourhood, longitude, latitude, victims, fatal, a row a
    shooting, the newest first. A block on the border of two areas is in that of its newest.
    `said` is what a hover says.
    """
    blocks = (
        points.groupby(["city", "longitude", "latitude"], sort=False)
        .agg(
            neighbourhood=("neighbourhood", "first"),
            incidents=("victims", "size"),
            victims=("victims", lambda counts: counts.sum(skipna=False)),
            fatal=("fatal", "sum"),
            day=("occurred_on", "max"),
        )
        .reset_index()
    )
    # Of a source that holds those killed alone it is not known how many were shot.
    clauses = ["" if pd.isna(n) else say("victims.clause", n=n) for n in blocks["victims"]]
    blocks["said"] = say_rows("points.block", blocks.assign(clause=clauses))
    return blocks.drop(columns=["victims", "day"])


def add_points(chart: Chart, blocks: pd.DataFrame) -> Chart:
    """Return the map with a point a block, where there is any.

    A click on a point means the area it lies in. `blocks`: longitude, latitude, neighbourhood,
    incidents, fatal, said; a row a block. TypeError where the chart is no map.
    """
    if blocks.empty:
        return chart
    # The busiest last, so that it lies on top.
    ordered = blocks.sort_values(["incidents", "longitude", "latitude"])
    least = next(size for most, size in SIZES if len(blocks) <= most)
    dots = ordered.assign(
        size=(least * ordered["incidents"].astype("float64") ** 0.5).clip(upper=LARGEST),
        colour=[KILLED if dead else WOUNDED for dead in ordered["fatal"]],
    )
    many = wording.count_noun(len(blocks), "block")
    return _add(chart, f"Over it points: {many} with shootings.", dots=dots)


def _add(chart: Chart, said: str, **parts: Any) -> Chart:
    """Return the map with more on it, which `said` tells those who do not see it."""
    return replace(chart, draw=replace(require_map(chart), **parts), alt=f"{chart.alt} {said}")


def require_map(chart: Chart) -> AreaMap:
    """Return the map that a chart is; TypeError where it is another chart."""
    if not isinstance(chart.draw, AreaMap):
        raise TypeError(type(chart.draw))
    return chart.draw
