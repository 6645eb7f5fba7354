"""Maps of neighbourhoods, coloured by class so that zero, withheld and no residents differ.

Drawn for the screen with Choroplethmap on an empty ground: nothing is fetched.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from longevity.charts.chart import Chart, Drawing, Figure
from longevity.charts.spec import Raw
from longevity.charts.theme import (
    BORDER,
    CLUSTER_FILLS,
    HATCHED_PATCHES,
    NO_RESIDENTS,
    OUTCOME_FILLS,
    RAMP,
    WITHHELD,
    ZERO,
    layout,
)
from longevity.stats.clusters import Cluster
from longevity.text import change_wording, wording
from longevity.text.clusters import CLUSTERS

MOST_TOLD = 3  # areas named in words
EXACT_BELOW = 20  # decimals say nothing on larger rates
KEY_HEIGHT = 118  # a line for the unit and, on a phone, three for the classes
PATTERNS = tuple(CLUSTER_FILLS)[:4]


@dataclass(frozen=True)
class Scale:
    """Class borders shared by every map that stands side by side.

    `edges` are upper bounds, inclusive, of the classes above zero; `unit` is
    what the numbers are; `decimals` how they are written; `whole` says that
    there is nothing between 0 and 1. A value belongs where it is written: with
    no decimals 4.4 is 4, so that it falls in the class whose words hold it.
    """

    edges: tuple[float, ...]
    unit: str
    decimals: int
    whole: bool = True

    def colour(self, value: float | None, state: str) -> str:
        """The colour of an area with this value and state."""
        if state == "no_residents":
            return NO_RESIDENTS
        if state == "withheld" or value is None:
            return WITHHELD
        if value <= 0:
            return ZERO
        place = int(np.searchsorted(self.edges, round(value, self.decimals)))
        return RAMP[min(place, len(self.edges) - 1)]

    def labels(self) -> list[str]:
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
        return words

    def key(self, states: Collection[str]) -> list[tuple[str, str]]:
        """What the key says of each colour: the classes, then the states that occur."""
        entries = [("none", ZERO)] if "zero" in states else []
        entries += list(zip(self.labels(), RAMP, strict=False))
        apart = (("no_residents", NO_RESIDENTS), ("withheld", WITHHELD))
        return entries + [(s.replace("_", " "), colour) for s, colour in apart if s in states]

    def finding(self, frame: pd.DataFrame) -> str:
        """What the map shows in words: most, and how many of each state."""
        states = frame["state"].tolist()
        shown = np.array([at for at, state in enumerate(states) if state == "shown"], dtype=int)
        values = frame["value"].to_numpy(dtype=float, na_value=np.nan)[shown]
        # From the last on, so that of those alike the first is named first.
        largest = shown[::-1][values[::-1].argsort()][::-1][:MOST_TOLD]
        names = frame["neighbourhood"].tolist()
        told_of = zip(largest, np.sort(values)[::-1], strict=False)
        top = ", ".join(f"{names[at]} {value:,.{self.decimals}f}" for at, value in told_of)
        told = [f"{states.count('zero')} with none"]
        for state, words in (("no_residents", "without residents"), ("withheld", "withheld")):
            count = states.count(state)
            told += [f"{count} {words}"] if count else []
        most = f"Most: {top}." if top else "None above zero."
        return f"{most} {', '.join(told)}."


@dataclass(frozen=True)
class Kinds:
    """What an area is, of a few kinds: a colour and words for each, by the state's name.

    The words of those in `named` stand in the map's alt text with the areas' names.
    """

    unit: str
    colours: Mapping[str, str]
    words: Mapping[str, str]
    named: Collection[str]

    def colour(self, value: float | None, state: str) -> str:
        """The colour of an area of this kind."""
        return self.colours[state]

    def key(self, states: Collection[str]) -> list[tuple[str, str]]:
        """What the key says of each colour: the kinds that occur."""
        return [(self.words[kind], self.colours[kind]) for kind in self.words if kind in states]

    def finding(self, frame: pd.DataFrame) -> str:
        """What the map shows in words: which areas are of the kinds named, how many of others."""
        states = list(zip(frame["neighbourhood"].tolist(), frame["state"].tolist(), strict=True))
        told = []
        for kind, words in self.words.items():
            own = [name for name, state in states if state == kind]
            if own:
                which = wording.join_phrases(own) if kind in self.named else str(len(own))
                told.append(f"{words[:1].upper()}{words[1:]}: {which}.")
        return " ".join(told)


Key = Scale | Kinds

CHANGES = {outcome.value: words for outcome, words in change_wording.SHORT.items()}


def changes(noun: str) -> Kinds:
    """The key of a map of changes. `noun`: what is counted."""
    unit = f"{noun} against a year before"
    return Kinds(unit, OUTCOME_FILLS, CHANGES, ("up", "down"))


def clusters() -> Kinds:
    """The key of a map of areas beside their neighbours."""
    words = {kind: CLUSTERS[Cluster(kind)] for kind in CLUSTER_FILLS}
    return Kinds("a neighbourhood's rate, among its neighbours'", CLUSTER_FILLS, words, PATTERNS)


def scale(values: Sequence[float], unit: str, decimals: int = 0) -> Scale:
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
    written = decimals if most < EXACT_BELOW else 0
    if _lopsided(values):
        edges = sorted({_round_up(most * (n / count) ** 2, written) for n in range(1, count + 1)})
    else:
        width = _round_up(most / count, written)
        edges = [round(width * n, written) for n in range(1, count + 1)]
    while len(edges) > 1 and edges[-2] >= round(most, written):
        edges.pop()
    return Scale(tuple(edges), unit, written, whole)


def _lopsided(values: Sequence[float]) -> bool:
    """Whether one area stands far above the others: classes are then finer below."""
    above = sorted(v for v in values if v is not None and math.isfinite(v) and v > 0)
    return bool(above) and above[-1] > 3 * above[len(above) // 2]


def _round_up(value: float, decimals: int) -> float:
    """The next of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10 times a power of ten that can be written
    with so many decimals.
    """
    power = 10 ** math.floor(math.log10(value)) if value > 0 else 1
    steps = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    rounded = next(step * power for step in steps if value <= step * power * (1 + 1e-9))
    step = 10**-decimals
    return float(round(math.ceil(rounded / step - 1e-9) * step, decimals))


def areas(
    frame: pd.DataFrame,
    boundaries: dict[str, Any],
    drawing: Drawing,
    shades: Key,
    selected: str | None,
    title: str,
    size: tuple[int, int],
) -> Chart:
    """One city's neighbourhoods.

    `frame`: neighbourhood, value (NaN where there is none), state (shown, zero,
    withheld, no_residents; or one of the kinds), said (what a hover says). `boundaries`: a GeoJSON
    FeatureCollection whose features have `properties.neighbourhood`. `size` is
    the width and height in pixels it will be seen at.
    """
    colours = [
        shades.colour(None if pd.isna(v) else float(v), s)
        for v, s in zip(frame["value"], frame["state"], strict=True)
    ]
    palette = sorted(set(colours)) or [ZERO]
    steps = max(1, len(palette) - 1)
    chosen = [name == selected for name in frame["neighbourhood"]]
    lon, lat, zoom = _view(boundaries, size)
    trace = {
        "type": "choroplethmap",
        "geojson": boundaries,
        "featureidkey": "properties.neighbourhood",
        "locations": frame["neighbourhood"].tolist(),
        "z": [palette.index(colour) for colour in colours],
        "zmin": 0,
        "zmax": steps,
        "colorscale": _stepped(palette),
        "showscale": False,
        "marker": {
            "line": {
                "color": [drawing.theme.ink if c else BORDER for c in chosen],
                "width": [4 if c else 0.8 for c in chosen],
            }
        },
        # A selection never dims the others: the page follows, the map stays whole.
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
        "text": frame["said"].tolist(),
        "hovertemplate": "%{text}<extra></extra>",
    }
    figure: Figure = {
        "data": [trace],
        "layout": layout(
            drawing.theme,
            size[1],
            annotations=drawing.marks(inside=True),
            margin={"l": 0, "r": 0, "t": 0, "b": 0},
            map={
                "style": "white-bg",
                "layers": _ground(drawing, (lon, lat)),
                "center": {"lon": lon, "lat": lat},
                "zoom": zoom,
            },
            clickmode="event+select",
        ),
    }
    alt = _alt(frame, title, shades)
    return Chart("map", title, shades.unit, Raw(figure), drawing, alt, frame)


def _stepped(palette: list[str]) -> list[list[Any]]:
    """A colour scale that shows exactly these colours at 0, 1, 2, …"""
    if len(palette) == 1:
        return [[0, palette[0]], [1, palette[0]]]
    last = len(palette) - 1
    return [[i / last, colour] for i, colour in enumerate(palette)]


def _ground(drawing: Drawing, view: tuple[float, float]) -> list[dict[str, Any]]:
    """A plain ground in the theme's colour, under the areas.

    Drawn as a layer over `white-bg`: with a style of its own the map draws but
    takes no clicks.
    """
    lon, lat = view
    corners = [(-2, -2), (2, -2), (2, 2), (-2, 2), (-2, -2)]
    ring = [[lon + x, max(-84.0, min(84.0, lat + y))] for x, y in corners]
    return [
        {
            "sourcetype": "geojson",
            "source": {"type": "Polygon", "coordinates": [ring]},
            "type": "fill",
            "color": drawing.theme.ground,
            "below": "traces",
        }
    ]


def _view(boundaries: dict[str, Any], size: tuple[int, int]) -> tuple[float, float, float]:
    """The centre and zoom at which the areas fill a picture of this size."""
    points = np.array(list(_corners(boundaries)) or [(0.0, 0.0)])
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    low, high = (math.log(math.tan(math.pi / 4 + math.radians(v) / 2)) for v in (south, north))
    wide = max(1e-6, (east - west) / 360)
    tall = max(1e-6, (high - low) / (2 * math.pi))
    fill = 0.92 / 512
    zoom = min(math.log2(size[0] * fill / wide), math.log2(size[1] * fill / tall))
    middle = math.degrees(2 * math.atan(math.exp((low + high) / 2)) - math.pi / 2)
    return float((west + east) / 2), float(middle), float(zoom)


def _corners(boundaries: dict[str, Any]) -> Any:
    for feature in boundaries["features"]:
        geometry = feature["geometry"]
        polygons = geometry["coordinates"]
        if geometry["type"] == "Polygon":
            polygons = [polygons]
        for polygon in polygons:
            for ring in polygon:
                yield from ((x, y) for x, y, *_ in ring)


def _alt(frame: pd.DataFrame, title: str, shades: Key) -> str:
    many = wording.count_noun(len(frame), "neighbourhood")
    return f"Map of {many}. {title}. {shades.finding(frame)}"


def legend(shades: Key, drawing: Drawing, states: set[str]) -> Figure:
    """The key to the colours as a figure of its own, for what is printed."""
    traces = [
        {
            "type": "scatter",
            "x": [None],
            "y": [None],
            "mode": "markers",
            "name": name,
            "marker": {
                "symbol": HATCHED_PATCHES.get(name.replace(" ", "_"), "square"),
                "size": 16,
                "color": colour,
                "line": {"color": BORDER, "width": 1},
            },
        }
        for name, colour in shades.key(states)
    ]
    hidden = {"visible": False, "fixedrange": True}
    return {
        "data": traces,
        "layout": layout(
            drawing.theme,
            KEY_HEIGHT,
            showlegend=True,
            legend={
                "orientation": "h",
                "x": 0,
                "y": 1,
                "yanchor": "top",
                "font": {"size": 14, "color": drawing.theme.ink},
                "title": {"text": shades.unit, "side": "top"},
                "itemclick": False,
                "itemdoubleclick": False,
            },
            xaxis=hidden,
            yaxis=hidden,
            margin={"l": 0, "r": 0, "t": 0, "b": 0},
        ),
    }
