"""Maps of neighbourhoods, coloured by class so that zero, withheld and no residents differ."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from longevity.charts.chart import Chart
from longevity.charts.drawing import Drawing
from longevity.charts.template.maps import Area, AreaMap
from longevity.charts.theme import RAMP
from longevity.language import Spoken, translate
from longevity.measures import wording
from longevity.measures.say import say, say_rows

EXACT_BELOW = 20  # decimals say nothing on larger rates
LARGEST = 22.0  # pixels a point takes at most
# The more blocks the smaller each, or a busy year is one blot: (up to so many, pixels).
SIZES = ((60, 7.0), (200, 5.5), (10**9, 4.0))
# The same in both themes: the areas under them are.
KILLED, WOUNDED = "#16191D", "#1D5FA8"


@dataclass(frozen=True)
class Key:
    """The classes of a map, shared by every map that stands side by side: the most a value of each
    may be, its words and the name of its colour, least first.

    `unit` is what the numbers are, `decimals` how they are written. A value belongs where it is
    written: with no decimals 4.4 is 4, so that it falls in the class whose words hold it. `apart`:
    by state the colour of what has no class, a missing value the last of them.
    `endless`: values may come that no class was made of, as none.
    """

    unit: str
    classes: tuple[tuple[float, str, str], ...]
    apart: tuple[tuple[str, str], ...]
    decimals: int = 0
    endless: bool = True

    def find_colour(self, value: float | None, state: str) -> str:
        """Return the name of the colour of an area with this value and state."""
        for of, colour in self.apart:
            if of == state:
                return colour
        if value is None:
            return self.apart[-1][1]
        if state in UNCLEAR:
            value = 0
        bounds = [most for most, *_ in self.classes[:-1]]
        return self.classes[bisect_left(bounds, round(value, self.decimals) or value)][2]

    def list_key(self, states: Collection[str]) -> list[tuple[str, str]]:
        """Return what the key says of each colour: the classes, then the states that occur."""
        apart = [(STATES[state], colour) for state, colour in self.apart if state in states]
        if set(states) == {"unknown"}:
            return apart
        entries = [(words, colour) for _, words, colour in self.classes]
        without_none = 0 if self.endless or "zero" in states else 1
        return [*entries[without_none:], *apart]


# What has no class is told by its state: of a value, and of how many more or fewer there were.
NO_VALUE = (("no_residents", "apart:no_residents"), ("withheld", "apart:withheld"))
UNCLEAR = ("more", "fewer")  # by a number that chance could explain
NO_DIFFERENCE = (("unknown", "difference:unknown"),)
STATES = Spoken({"no_residents": "no residents", "withheld": "withheld", "unknown": "not known"})


def build_change_key(noun: str, differences: Sequence[float]) -> Key:
    """Return the key of a map of changes, in classes that are alike both ways. `noun`: what is
    counted.

    `differences`: those there have been, which make the classes: half of them lie in the first,
    and all but a tenth in the first two.
    """
    sizes = np.array([abs(each) for each in differences if each and math.isfinite(each)])
    usual, large = np.quantile(sizes, (0.5, 0.9)) if len(sizes) else (1, 2)
    first = math.ceil(_round_up(usual, 0))
    second = max(first + 1, math.ceil(_round_up(large, 0)))
    lows, mosts = (1, first + 1, second + 1), (first, second, math.inf)
    words = *_name_classes([first, second], 0), f"{second + 1}+"
    classes: list[tuple[float, str, str]] = [(0, "no clear change", "difference:0")]
    for at, (low, most, said) in enumerate(zip(lows, mosts, words, strict=True), start=1):
        fewer, more = f"difference:-{at}", f"difference:{at}"
        classes = [(-low, f"{said} fewer", fewer), *classes, (most, f"{said} more", more)]
    return Key(f"{noun} against a year before", tuple(classes), NO_DIFFERENCE)


def build_scale(
    values: Sequence[float], unit: str, decimals: int = 0, endless: bool = False
) -> Key:
    """Five or fewer classes up to the largest value, with round borders.

    `decimals` 0 says that the values are whole numbers, else how many decimals
    they are written with, where they are small enough for decimals to matter.
    The same scale serves all cities side by side, so that a darker area is
    always one with more. `endless`: the values are all there have been, and the last class is for
    whatever may yet come.
    """
    known = [value for value in values if math.isfinite(value)]
    most = max(known, default=0)
    count, digits = len(RAMP), decimals if most < EXACT_BELOW else 0
    if decimals == 0 and most <= count:
        edges = [float(n) for n in range(1, max(1, int(most)) + 1)]
    elif _is_lopsided(known):
        edges = sorted({_round_up(most * (n / count) ** 2, digits) for n in range(1, count + 1)})
    else:
        width = _round_up(most / count, digits)
        edges = [round(width * n, digits) for n in range(1, count + 1)]
    while len(edges) > 1 and edges[-2] >= round(most, digits):
        edges.pop()
    words = _name_classes(edges, digits)
    if decimals:  # there is something between 0 and 1
        words[0] = f"up to {edges[0]:,.{digits}f}"
    if endless:
        low = f"{edges[-2] + 10**-digits:,.{digits}f}" if len(edges) > 1 else ""
        words[-1] = translate("{number} or more", number=low) if low else translate("any")
    above = [
        (edge, said, f"ramp:{at}")
        for at, (edge, said) in enumerate(zip(edges, words, strict=True), start=1)
    ]
    return Key(unit, ((0, translate("none"), "ramp:0"), *above), NO_VALUE, digits, endless)


def _name_classes(edges: Sequence[float], digits: int) -> list[str]:
    """Return the words of the classes up to these edges, the first above nought."""
    step = 10**-digits
    lows = [step, *(edge + step for edge in edges[:-1])]
    return [
        f"{low:,.{digits}f}" + (f"–{edge:,.{digits}f}" if edge - low > step / 2 else "")
        for low, edge in zip(lows, edges, strict=True)
    ]


def _is_lopsided(values: Sequence[float]) -> bool:
    """Whether one area stands far above the others: classes are then finer below."""
    above = sorted(value for value in values if value > 0)
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
