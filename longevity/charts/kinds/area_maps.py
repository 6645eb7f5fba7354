"""A city's neighbourhoods as a map: the colour of each, the key to the colours, and points.

A number is coloured by the class it falls in, "6–10". An area without a number, such as a rate per
resident where nobody lives, has a colour of its own, so that it is not taken for zero.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from longevity.charts.chart import Chart
from longevity.charts.drawing import Drawing
from longevity.charts.template.maps import Area, AreaMap
from longevity.charts.theme import RAMP
from longevity.facts.counted import say_clause
from longevity.words import wording
from longevity.words.language import Spoken, translate
from longevity.words.say import say_rows

EXACT_BELOW = 20  # decimals say nothing on larger rates
LARGEST = 22.0  # pixels across of a point where many were shot, at most
LEAST = 5.0  # pixels across of a point of one shooting
# The same in both themes: the areas under them are.
KILLED, WOUNDED = "#16191D", "#1D5FA8"
# Areas in one of these states are coloured by the state and not by their value: nobody lives there,
# or the map shows changes, and the state is the verdict. "none", where nothing happened in either
# period, is coloured and named as "unclear".
STATE_COLOURS = {
    "no_residents": "ramp:no_residents",
    "down": "difference:down",
    "unclear": "difference:unclear",
    "none": "difference:unclear",
    "up": "difference:up",
    "unknown": "difference:unknown",
}
STATES = Spoken(
    {
        "no_residents": "no residents",
        "down": "clearly fewer",
        "unclear": "no clear change",
        "up": "clearly more",
        "unknown": "not known",
    }
)


@dataclass(frozen=True)
class Key:
    """What the colours of a map mean; maps side by side share one key.

    `classes`: from the least up, each with the most a value in it may be, its words and its colour:
    `((0, "none", "ramp:0"), (5, "1–5", "ramp:1"))`. A map of changes has none: its colours are
    verdicts. `unit`: what the numbers are; `decimals`: how they are written. A value is rounded as
    it is written before its class is found, so that without decimals 4.4 is in the class "1–4".
    """

    unit: str
    classes: tuple[tuple[float, str, str], ...] = ()
    decimals: int = 0

    def find_colour(self, value: float, state: str) -> str:
        """Return the name of an area's colour: its state's, where it has one, else its value's."""
        if state in STATE_COLOURS:
            return STATE_COLOURS[state]
        bounds = [most for most, *_ in self.classes[:-1]]
        # What rounds to 0 and is more is not in the class "none".
        return self.classes[bisect_left(bounds, round(value, self.decimals) or value)][2]

    def list_key(self, states: Collection[str]) -> list[tuple[str, str]]:
        """Return words and colour of each line of the key: classes, then `states` that occur."""
        found = {"unclear" if state == "none" else state for state in states}
        apart = [(words, STATE_COLOURS[of]) for of, words in STATES.items() if of in found]
        return [*((words, colour) for _, words, colour in self.classes), *apart]


def build_scale(values: Sequence[float], unit: str, decimals: int = 0) -> Key:
    """Return a key whose classes are "none" and at most five more, with round borders.

    The last class has no upper border: "40 or more". `values`: what areas of all cities have, in
    earlier periods too, so that a darker area has more wherever two maps are compared. `decimals`:
    0 for whole numbers, else how many they are written with, where they are small enough for
    decimals to matter.
    """
    known = [value for value in values if math.isfinite(value)]
    most = max(known, default=0)
    count, digits = len(RAMP), decimals if most < EXACT_BELOW else 0
    if decimals == 0 and most <= count:
        edges = [float(n) for n in range(1, max(1, int(most)) + 1)]
    else:  # finer below, where most areas are
        edges = sorted({_round_up(most * (n / count) ** 2, digits) for n in range(1, count + 1)})
    while len(edges) > 1 and edges[-2] >= round(most, digits):
        edges.pop()
    words = _name_classes(edges, digits)
    if decimals:  # there is something between 0 and 1
        words[0] = translate("up to {number}", number=f"{edges[0]:,.{digits}f}")
    low = f"{edges[-2] + 10**-digits:,.{digits}f}" if len(edges) > 1 else ""
    words[-1] = translate("{number} or more", number=low) if low else translate("any")
    above = [
        (edge, said, f"ramp:{at}")
        for at, (edge, said) in enumerate(zip(edges, words, strict=True), start=1)
    ]
    return Key(unit, classes=((0, translate("none"), "ramp:0"), *above), decimals=digits)


def _name_classes(edges: Sequence[float], digits: int) -> list[str]:
    """Return the words of classes that end at these edges, the first above 0: "1–5", "6–10"."""
    step = 10**-digits
    lows = [step, *(edge + step for edge in edges[:-1])]
    return [
        f"{low:,.{digits}f}" + (f"–{edge:,.{digits}f}" if edge - low > step / 2 else "")
        for low, edge in zip(lows, edges, strict=True)
    ]


def _round_up(value: float, decimals: int) -> float:
    """Return the next round number, written with so many decimals: 37 becomes 40.

    Round are 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 and 10 times a power of ten.
    """
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
) -> Chart:
    """Draw one city's neighbourhoods, each in its colour, with the `selected` one outlined.

    `frame`: neighbourhood, value (NaN where there is none), state (shown, zero or one of
    STATE_COLOURS), said (what a hover says). `shades`: the key to the colours. `boundaries` and
    `size`: as `AreaMap` has them.
    """
    columns = (frame[name].tolist() for name in ("neighbourhood", "value", "state", "said"))
    areas = tuple(
        Area(name, shades.find_colour(value, state), state, words=said, highlight=name == selected)
        for name, value, state, said in zip(*columns, strict=True)
    )
    key = tuple(shades.list_key({*frame["state"]}))
    counted = wording.count_noun(len(frame), "neighbourhood")
    return Chart(
        name="area-map",
        title=title,
        subtitle=shades.unit,
        kind=AreaMap(drawing, boundaries, areas, key, shades.unit, size),
        alt=f"Map of {counted}. {title}.",
        table=frame,
    )


def add_counts(chart: Chart, counts: Mapping[str, int], meaning: str) -> Chart:
    """Return the map with a count written after the name of each area that has one.

    `counts`: by neighbourhood. `meaning` begins the sentence for those who do not see the map.
    """
    drawn: Any = chart.kind
    areas = tuple(
        replace(area, label=f"{area.name}: {counts[area.name]}") if counts.get(area.name) else area
        for area in drawn.areas
    )
    said = ", ".join(area.label for area in areas if area.label) or "none"
    return _add(chart, f"{meaning} {said}.", areas=areas)


def group_by_block(points: pd.DataFrame) -> pd.DataFrame:
    """Return one row a block (a square of 100 m): where it is, what happened there, and its words.

    Columns: city, longitude, latitude, neighbourhood, incidents, fatal, said (on hover). `points`:
    a row a shooting, the newest first: city, occurred_on, neighbourhood, longitude, latitude,
    victims, fatal. A block on the border of two areas is in that of its newest shooting.
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
    clauses = ["" if pd.isna(n) else say_clause("victims", n=n) for n in blocks["victims"]]
    blocks["said"] = say_rows("points.block", blocks.assign(clause=clauses))
    return blocks.drop(columns=["victims", "day"])


def add_points(chart: Chart, blocks: pd.DataFrame) -> Chart:
    """Return the map with a point a block, where there is any.

    A click on a point means the area it lies in. `blocks`: longitude, latitude, neighbourhood,
    incidents, fatal, said; a row a block.
    """
    if blocks.empty:
        return chart
    # The busiest last, so that it lies on top.
    ordered = blocks.sort_values(["incidents", "longitude", "latitude"])
    dots = ordered.assign(
        size=(LEAST * ordered["incidents"].astype("float64") ** 0.5).clip(upper=LARGEST),
        colour=[KILLED if dead else WOUNDED for dead in ordered["fatal"]],
    )
    counted = wording.count_noun(len(blocks), "block")
    return _add(chart, f"Over it points: {counted} with shootings.", dots=dots)


def _add(chart: Chart, said: str, **parts: Any) -> Chart:
    """Return the map with these fields of its `AreaMap`; `said` is added to its alt text."""
    drawn: Any = chart.kind
    return replace(chart, kind=replace(drawn, **parts), alt=f"{chart.alt} {said}")
