"""What a chart shows, as plain data: what is counted, in which place, how sure, how complete.

Nothing here knows how a chart is drawn. `draw` makes a picture of a spec for the screen,
and `outputs` makes PowerPoint's own charts of it, so that both show the same.

A colour is named by what it stands for (`theme.find_colour`): `city:0`, `done:late`, `ink`.
Words to be shown on hover may have `{x}` and `{y}`, written as the axis says, and `{0}` for what
the series tells of each point (`details`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from longevity.settings import Basemap

Value = float | int | str | None  # a number, a day as ISO text, or a name; None: not known
Kind = Literal["line", "bar", "outline", "points", "words"]


@dataclass(frozen=True)
class Axis:
    """One axis.

    `form`: how numbers or days are written, in the signs of d3; `hover`: the same in hovers.
    `ends`: where it begins and ends, else as the data ask. `ticks`: words by place, nothing
    else. `names`: the order of names. `step`, `first`: a tick every so many from there.
    Bars along numbers are of whole ones, as years: each has the room of one.
    `room`: pixels beside it for words at the ends of lines. `zero`: it begins at nought.
    """

    title: str = ""
    kind: Literal["number", "day", "name"] = "number"
    form: str = ""
    hover: str = ""
    before: str = ""
    after: str = ""
    ends: tuple[Value, Value] | None = None
    ticks: Mapping[Any, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    step: float | None = None
    first: float = 0
    most_ticks: int = 0
    zero: bool = True
    visible: bool = True


@dataclass(frozen=True)
class Series:
    """What is drawn in one way: a line, bars, outlines of bars, points or words.

    `x`, `y` and, unless empty, `low`, `high` (an interval around y, in its unit), `hollow` (a
    part of a period), `pale` (not all of it known), `labels` and `details` have one entry a
    point. `colour`: one for all, or one a point. `width`: of a line.
    `keyed`: its name stands in the key.
    """

    name: str
    kind: Kind
    x: Sequence[Value]
    y: Sequence[Value]
    colour: str | Sequence[str] = "ink"
    low: Sequence[Value] = ()
    high: Sequence[Value] = ()
    hollow: Sequence[bool] = ()
    pale: Sequence[bool] = ()
    labels: Sequence[str] = ()
    hover: str = "{y}"
    details: Sequence[Any] = ()
    dash: str = ""
    symbol: str = ""
    markers: bool = False
    stepped: bool = False
    strength: float = 1.0
    size: float = 8
    width: float = 0
    keyed: bool = True


@dataclass(frozen=True)
class ReferenceLine:
    """A line across at one place of the x axis or of the y axis, with words at its end."""

    x: Value = None
    y: float | None = None
    words: str = ""
    leftward: bool = False


@dataclass(frozen=True)
class Label:
    """Words at the right of a point; `upright`: on it, as high as they are long."""

    text: str
    x: Value
    y: float
    colour: str = "ink"
    size: int = 12
    upright: bool = False


@dataclass(frozen=True)
class Panel:
    """One of several pictures on one scale. `instead`: words where nothing is drawn."""

    series: tuple[Series, ...]
    heading: str = ""
    colour: str = "ink"
    lines: tuple[ReferenceLine, ...] = ()
    labels: tuple[Label, ...] = ()
    instead: str = ""


@dataclass(frozen=True)
class Plot:
    """Lines, bars, stacked bars, points: amounts (y) along an axis (x), panels on one scale.

    `lying`: amounts go to the right, and panels stand side by side. `tall`: pixels of a panel,
    or of a row where bars lie. `hover`: what a hover says of the place on the axis.
    `label_room`: pixels at the right for words at the ends of lines.
    """

    panels: tuple[Panel, ...]
    x: Axis = Axis()
    y: Axis = Axis()
    stacked: bool = False
    lying: bool = False
    tall: int = 150
    hover: str = "{x}"
    keyed: bool = False
    label_room: int = 8
    published: bool = False


@dataclass(frozen=True)
class BarPart:
    """A part of a bar: its kind, which names its colour, how much (None: not told), and in words.

    `words` are what a hover says.
    """

    kind: str
    amount: float | None
    words: str


@dataclass(frozen=True)
class Row:
    """One bar: its heading and label above it at the left, a note at the right, words below."""

    parts: tuple[BarPart, ...]
    heading: str = ""
    colour: str = "ink"
    label: str = ""
    note: str = ""
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rows:
    """Bars one below the other, made of parts side by side.

    `kinds`: the words of the key by kind of part, in their order. `shares`: amounts are
    shares, and a line stands at 1.
    """

    rows: tuple[Row, ...]
    kinds: Mapping[str, str]
    shares: bool = False


@dataclass(frozen=True)
class Intervals:
    """Estimates one below the other: heading, label, sign, value, low, high, colour, symbol, said.

    `ratio`: around a line at 1, which is called `words`.
    """

    estimates: pd.DataFrame
    words: str = ""
    ratio: bool = False


@dataclass(frozen=True)
class Timeline:
    """What happened on each track: `events` are as `kinds.timeline` takes them, with
    the `row` of their track.

    `kinds`: of a bar the name of its colour, of a mark its looks, `by_city` in the colour of its
    city. `ends`: where the days begin and end, and where the data do; a `line` stands there.
    """

    events: pd.DataFrame
    kinds: Mapping[str, Any]
    names: Mapping[str, str]
    cities: Mapping[str, tuple[str, str]]  # the name of each, and that of its colour
    ends: Mapping[str, str]
    line: bool
    headed: bool
    tall: int


@dataclass(frozen=True)
class Grid:
    """Cells: heading, words and shade of a block, column, row, colour, text, said, broken.

    `columns`, `rows`: their names, `title` what the columns are. `key`: words by colour, of those
    in use. `tall`: pixels of a cell.
    """

    cells: pd.DataFrame
    columns: list[str]
    rows: list[str]
    title: str
    key: Mapping[str, str]
    tall: int


@dataclass(frozen=True)
class Area:
    """One area of a map: its colour, its state (`theme.HATCHES`), and what a hover says."""

    name: str
    colour: str
    state: str
    words: str
    highlight: bool = False


@dataclass(frozen=True)
class Step:
    """The same areas in one of several periods: its key in a link, its name, the areas then."""

    key: str
    name: str
    areas: tuple[Area, ...]


@dataclass(frozen=True)
class AreaMap:
    """A map of areas, with its key: words and a colour each, and what is counted (`unit`).

    `boundaries`: a GeoJSON FeatureCollection whose features have `properties.neighbourhood`.
    `size`: the width and the height in pixels it will be seen at. `steps`: what a reader may
    step through on the screen, oldest first, of which the map shows the one with the key `step`.
    `basemap`: what lies under it on the screen. `dots`: discs over it, the last on top (longitude,
    latitude, size, colour, neighbourhood, said); `rings`: what stands in a ring over an area.
    """

    boundaries: dict[str, Any]
    areas: tuple[Area, ...]
    key: tuple[tuple[str, str], ...]
    unit: str
    size: tuple[int, int]
    dots: pd.DataFrame | None = None
    rings: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    step: str = ""
    basemap: Basemap | None = None


Spec = Plot | Rows | Intervals | Timeline | Grid | AreaMap
