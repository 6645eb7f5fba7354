"""The kind "plot": lines, bars and points along years, days or names, in a panel or one a city.

A *mark* is one column drawn one way ("the counts, as bars"); with the rows of one city it becomes a
*series*, one trace of Plotly's. (The mark that `list_marks` writes is another: "SYNTHETIC".)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from longevity.charts.drawing import Figure, Kind, Words
from longevity.charts.template.words import (
    draw_rule,
    list_marks,
    measure_key,
    place_key,
    write_note,
)
from longevity.charts.theme import (
    MARK_ROOM,
    build_layout,
    find_colour,
    find_dash,
    find_edge,
    find_ink,
    find_symbol,
    merge,
)
from longevity.words.language import translate

DIGITS = 3  # decimals of the numbers that Plotly gets
FEW_YEARS = 8  # years on an axis; where there are fewer each is named
TALL, TALL_ALONE = 160, 270  # pixels of each panel of several, and of the only one
APART = 0.075  # of the scale, that words at the ends of lines take
END = 14  # the size of these words
SIDE = 50  # pixels at the left for the numbers of a scale
FOOT = 33  # pixels under a plot for the axis
SMALLEST = 9  # of numbers at bars, which are smaller where bars are narrow
OUTLINE = 1.5  # pixels round a bar that is hollow
BAND = "2E"  # the strength of the colour of a line's interval, of FF
SLOT = 0.8  # how wide a bar is, of the way from one year to the next
Mark = Mapping[str, Any]  # how a column is drawn: {"kind": "line", "y": "count"}
Value = float | int | str | None  # a number, a day as ISO text, or a name; None: not known


@dataclass(frozen=True)
class Series:
    """Rows that become one trace: drawn by one mark, in one colour, under one name in the key.

    `x` and `y` are what Plotly takes of the rows: numbers, days as text, names.
    """

    mark: Mark
    rows: pd.DataFrame
    name: str
    colour: str
    x: list[Value]
    y: list[Value]

    def list_fills(self, ground: str, colour: str) -> list[str] | str:
        """Return the fill of each bar or point, or one for all; what is not whole is hollow.

        Not whole is a year that is not over, or a group of people who are not known.
        """
        if "whole" not in self.mark:
            return colour
        whole = self.rows[self.mark["whole"]].astype(bool)
        return [colour if is_whole else ground for is_whole in whole]


@dataclass(frozen=True)
class Panel:
    """One of several pictures on one scale, below each other; `groups`: cities with their rows."""

    groups: list[tuple[str, pd.DataFrame]]
    series: list[Series]
    heading: str


@dataclass(frozen=True)
class Plot(Kind):
    """A chart of marks along an axis, as its TOML declares it: the fields are its keys.

        marks = [{ kind = "bar", y = "count", whole = "complete", labels = "label" }]

    `frame`: the rows, with the columns that other fields name; on hover its column `said` is shown
    (as `customdata`). `words`: the chart's sentences in one language, by name.
    `marks`: each a `kind` (line, bar, points) and names of columns: `y`, the amounts; `low` and
    `high`, the interval of a line; `labels`, the numbers at bars; `whole`, false where a bar or
    point is hollow; `end`, the words at a line's end. `look`: more keys of Plotly's.
    `parts`: stacked bars in place of marks: a column of counts, and what it means, which gives the
    colour (`done:yes` of the theme): {"passed": "yes", "gone": "no"}.
    `x`: the column along the axis. `along`: what that holds: years, days or names. `ticks`: the
    column of the words to write at names.
    `cities`: "panels": a panel for each city; "series": one panel, with a series for each city;
    "": one panel for all rows, whatever their city.
    `rule`: the column that says where an upright line is drawn ("program begins"): a day, or on an
    axis of years a number such as 2012.9. `absent`: the column of words for why a bar is missing.
    `scale`: Plotly's keys of the amounts' axis; `reach`: how far it goes, as a multiple of the
    largest amount.
    `alone`: whether the only panel goes without its city's name. `keyed`: whether there is a key.
    `tall`: pixels of a panel; `label_room`: pixels at the right for words at the ends of lines.
    """

    frame: pd.DataFrame
    words: Words
    x: str
    marks: Sequence[Mark] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    along: str = "years"
    cities: str = "panels"
    scale: Mapping[str, Any] = field(default_factory=dict)
    ticks: str = ""
    rule: str = ""
    absent: str = ""
    reach: float = 1.08
    alone: bool = False
    tall: int = 0
    keyed: bool = False
    label_room: int = 8

    @cached_property
    def every(self) -> list[Mark]:
        """Every mark: those that `marks` declares, and one for each column of `parts`."""
        every = [*self.marks]
        for column, kind in self.parts.items():
            mark = {"kind": "bar", "y": column, "colour": f"done:{kind}"}
            written = f"{column}_words"
            every += [mark | ({"labels": written} if written in self.frame else {})]
        return every

    @cached_property
    def panels(self) -> list[Panel]:
        """The panels: one for each city, unless all cities share one."""
        groups = self.drawing.split_by_city(self.frame) if self.cities else [("", self.frame)]
        if self.cities == "series":
            groups = [("", self.frame[self.frame["city"].isna()]), *groups]
            together = [series for group in groups for series in self._list_series(*group)]
            return [Panel(groups, series=together, heading="")]
        panels = []
        for city, rows in groups:
            is_single = self.alone and len(groups) == 1
            heading = "" if is_single else self.drawing.cities.get(city, "")
            series = [*self._list_series(city, rows)]
            panels.append(Panel([(city, rows)], series, heading))
        return panels

    def _colour(self, city: str) -> str:
        return self.drawing.name_colour(city) if city else "ink"

    def _list_series(self, city: str, rows: pd.DataFrame) -> Iterator[Series]:
        """Yield the series of a city's rows, for each mark; one with nothing to draw is left out.

        A series is called as its mark is in the words (`parts.count`), else as its city.
        """
        for mark in self.every:
            name = self.words.get(f"parts.{mark['y']}") or self.drawing.cities.get(city, "")
            colour = mark.get("colour", self._colour(city))
            for run in self._list_runs(rows, mark):
                x, y = list_places(run[self.x], self.along), list_numbers(run[mark["y"]])
                if any(y) or (not self.parts and any(amount is not None for amount in y)):
                    yield Series(mark, run, name, colour, x, y)

    def _list_runs(self, rows: pd.DataFrame, mark: Mark) -> Iterator[pd.DataFrame]:
        """Yield the rows of a mark: all as one series, or several where a gap must stay a gap."""
        known = rows[rows[mark["y"]].notna()]
        if "low" in mark:
            # A band over a year without a figure would say that there is one.
            yield from (run for _, run in known.groupby((known[self.x].diff() != 1).cumsum()))
        elif self.parts:
            # The longest first: the key is outlined as the first bar is, and an empty part is not.
            yield rows.sort_values(mark["y"], ascending=False, kind="stable")
        else:
            # What is missing is a gap in a line, and no point.
            yield known if mark["kind"] == "points" else rows

    @cached_property
    def top(self) -> float:
        """The largest amount that is drawn (of stacked bars, the highest bar); 1 at least."""
        shown = [mark["y"] for mark in self.every if mark.get("keyed", True)]
        amounts = self.frame[shown].to_numpy("float64", na_value=np.nan)
        return float(np.nanmax(np.nansum(amounts, axis=1) if self.parts else amounts, initial=1))

    def draw(self, *, on_paper: bool = False) -> Figure:
        """Return the plot as a Plotly figure: traces, axes, words and lines of all its panels."""
        traces: list[Figure] = []
        axes = {}
        notes = list_marks(self.drawing)
        shapes: list[Figure] = []
        keyed: list[str] = []
        # Panels share the axis below; each has its own for amounts, called y, y2, y3 …
        for at, panel in enumerate(self.panels):
            number = "" if at == 0 else str(at + 1)
            axis = f"y{number}"
            for series in panel.series:
                first = self.keyed and series.mark.get("keyed", True) and series.name not in keyed
                keyed += [series.name] if first else []
                traces += self._draw_series(series, panel, axis, keyed=first)
            axes[f"yaxis{number}"] = self._draw_scale(at)
            words, line = self._draw_rule(panel, axis)
            notes += [*self._write_heading(panel, at), *words, *self._list_labels(panel, axis)]
            shapes += line
        layout = self._lay_out(keyed, annotations=notes, shapes=shapes, **axes)
        return {"data": traces, "layout": layout}

    def _lay_out(self, keyed: list[str], **parts: Any) -> Figure:
        """Return the layout: how tall it is, its margins, the axis below and the key.

        `keyed`: the names in the key; `parts`: other parts of the layout, such as `shapes`.
        """
        count, level, key = max(1, len(self.panels)), self._draw_axis(), measure_key(keyed)
        # Words in two lines under the axis need room for the second.
        foot = FOOT + 22 * any("<br>" in words for words in level.get("ticktext", ()))
        room = foot + (key + 4 if key else 0)
        tall = (self.tall or (TALL if count > 1 else TALL_ALONE)) * count
        layout = build_layout(
            self.drawing.theme,
            round(tall + MARK_ROOM + room),
            showlegend=self.keyed,
            legend=place_key(foot + 4, tall),
            margin={"l": SIDE, "r": self.label_room, "t": MARK_ROOM, "b": room},
            **parts,
        )
        layout["xaxis"] = merge(layout["xaxis"], level)
        layout["xaxis"]["anchor"] = "y" if count <= 1 else f"y{count}"
        return layout | {
            "barmode": "stack" if self.parts else "group",
            "bargap": 0.2,
            # A number that has no room at its bar is left to the hover.
            "uniformtext": {"mode": "hide", "minsize": SMALLEST},
        }

    def _draw_scale(self, at: int) -> Figure:
        """Return the axis of the amounts of one panel; all panels have the same range."""
        count = len(self.panels)
        own = {"range": [0, self.top * self.reach], "hoverformat": ",.0f", **self.scale}
        scale: Figure = build_layout(self.drawing.theme, 0)["yaxis"] | own
        if not any(panel.heading for panel in self.panels):
            return scale
        tall, top = 1 / count, 1 - at / count
        scale.setdefault("nticks", 4)
        return scale | {"domain": [max(0.0, top - tall * 0.95), top - tall * 0.2]}

    def _draw_axis(self) -> Figure:
        """Return the axis that days, names or years are along.

        Of few years each is named, as Plotly would write names at ticks between them too.
        """
        column = self.frame[self.x]
        if self.along == "days":
            return {"type": "date", "hoverformat": translate("%B %Y")}
        if self.along == "names":
            written = dict.fromkeys(column, "")
            for name, words in zip(column, self.frame[self.ticks], strict=True):
                # Where cities write a name in two ways, the longer: a quarter is "not over".
                written[name] = max(written[name], words, key=len)
            return {
                "type": "category",
                "categoryorder": "array",
                "categoryarray": [*written],
                "tickvals": [*written],
                "ticktext": [*written.values()],
                "tickangle": 0,
            }
        first, last = (
            (int(year) for year in (column.min(), column.max())) if len(column) else (0, 0)
        )
        few = {"dtick": 1} if last - first < FEW_YEARS else {}
        return {"tickformat": "d", "range": [first - 0.5, last + 0.5], **few}

    def _write_heading(self, panel: Panel, at: int) -> list[Figure]:
        """Return the heading of one panel, where it has one."""
        if not panel.heading:
            return []
        look, place = self.drawing.theme, {"y": 1 - at / len(self.panels)}
        colour = find_colour(look, self._colour(panel.groups[0][0]))
        return [write_note(f"<b>{panel.heading}</b>", look, size=15, colour=colour, **place)]

    def _draw_rule(self, panel: Panel, axis: str) -> tuple[list[Figure], list[Figure]]:
        """Return the words and the shape of a panel's upright line, such as "program begins".

        The panel's first row says where it is; its words are on the side with room on a phone.
        """
        look, rows = self.drawing.theme, panel.groups[0][1]
        days = rows[self.rule].dropna().tolist() if self.rule else []
        if not days:
            return [], []
        day = days[0]
        x = day if isinstance(day, float) else day.isoformat()[:10]
        anchor, shift = "left", 4
        if (rows[self.x] >= day).sum() < len(rows) / 2:
            anchor, shift = "right", -4
        place = {"xref": "x", "x": x, "yref": f"{axis} domain", "xanchor": anchor, "xshift": shift}
        note = write_note(self.words["rule"], look, size=12, colour=look.quiet, **place)
        # The line begins above the bars, as it would strike through their numbers.
        labelled = any("labels" in series.mark for series in panel.series)
        foot = 1 / self.reach + 0.07 if labelled else 0
        return [note], [draw_rule(look, x0=x, x1=x, y0=foot, y1=1, yref=f"{axis} domain")]

    def _list_labels(self, panel: Panel, axis: str) -> Iterator[Figure]:
        """Yield the words at the ends of lines, moved apart, and upright ones in place of a bar."""
        look, labels = self.drawing.theme, []
        for city, rows in panel.groups:
            for mark in self.every:
                known = rows[rows[mark["y"]].notna()] if "end" in mark else rows[:0]
                ink = self._colour(city) if self.cities == "series" else "ink"
                for row in known.tail(1).to_dict("records"):
                    labels.append((float(row[mark["y"]]), row[mark["end"]], row[self.x], ink))
        least = APART * self.top
        floor = least / 2  # above the axis, which would strike them through
        # From the lowest up, each at least so far above the one before.
        for y, words, x, ink in sorted(labels, key=lambda label: label[0]):
            place = {"xref": "x", "x": x, "yref": axis, "y": max(y, floor), "yanchor": "middle"}
            colour = find_colour(look, ink)
            yield write_note(words, look, size=END, colour=colour, xshift=9, **place)
            floor = max(y, floor) + least
        rows = panel.groups[0][1] if self.absent else self.frame[:0]
        for row in rows[rows[self.every[0]["y"]].isna()].to_dict("records"):
            place = {"xref": "x", "x": row[self.x], "yref": axis, "y": 0, "yanchor": "bottom"}
            upright = {"textangle": -90, "xanchor": "center", "yshift": 3, "colour": look.quiet}
            yield write_note(row[self.absent], look, size=12, **place, **upright)

    def _draw_series(self, series: Series, panel: Panel, axis: str, keyed: bool) -> list[Figure]:
        """Return the traces of a series: first those of its interval, where it has one."""
        colour = find_colour(self.drawing.theme, series.colour)
        draw = {"line": self._draw_line, "bar": self._draw_bars, "points": self._draw_points}
        trace: Figure = {
            "type": "bar" if series.mark["kind"] == "bar" else "scatter",
            "x": series.x,
            "y": series.y,
            "yaxis": axis,
            "name": series.name,
            "showlegend": keyed,
            "legendgroup": series.name,
            **self._write_hover(series, panel),
            **draw[series.mark["kind"]](series, panel, colour),
        }
        trace = merge(trace, series.mark.get("look", {}))
        if "low" not in series.mark:
            return [trace]
        low, high = (list_numbers(series.rows[series.mark[end]]) for end in ("low", "high"))
        return [*_draw_band(trace, low, high), trace]

    def _draw_bars(self, series: Series, _panel: Panel, colour: str) -> Figure:
        """Return the keys of a trace of bars: fills, edges, and the numbers at or in them."""
        look, labels = self.drawing.theme, series.mark.get("labels")
        fills = series.list_fills(look.ground, colour)
        edge: Figure = {"color": colour, "width": OUTLINE}
        if self.parts:
            wide = [1 if amount else 0 for amount in series.y]
            edge = {"color": find_edge(look, series.colour), "width": wide}
        keys: Figure = {"marker": {"color": fills, "line": edge}}
        if self.along == "years":
            # Plotly takes the least way between the bars there are: years apart make wide ones.
            keys["width"] = SLOT
        if labels:
            ink = find_ink(look, series.colour) if self.parts else look.ink
            keys |= {
                "text": series.rows[labels].tolist(),
                "textposition": "inside" if self.parts else "outside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "cliponaxis": False,
                "textfont": {"size": 12, "color": ink},
            }
        return keys

    def _draw_points(self, series: Series, _panel: Panel, colour: str) -> Figure:
        """Return the keys of a trace of points."""
        fills = series.list_fills(self.drawing.theme.ground, colour)
        marker = {"size": 8, "symbol": find_symbol(series.colour), "color": fills}
        return {"mode": "markers", "marker": marker | {"line": {"color": colour, "width": OUTLINE}}}

    def _draw_line(self, series: Series, panel: Panel, colour: str) -> Figure:
        """Return the keys of a trace that is a line, with markers where it asks for them."""
        marked = series.mark.get("markers") or len(series.rows) == 1
        # Where several lines share a panel each has its own dash.
        is_alone = sum(other.mark["kind"] == "line" for other in panel.series) == 1
        dash = "solid" if is_alone else find_dash(series.colour)
        return {
            "mode": "lines+markers" if marked else "lines",
            "connectgaps": False,
            "line": {"color": colour, "width": 2.5, "dash": dash},
            "marker": {"size": 8, "symbol": find_symbol(series.colour), "color": colour},
        }

    def _write_hover(self, series: Series, panel: Panel) -> Figure:
        """Return a trace's words on hover, in which Plotly fills in a point's `%{x}` and `%{y}`."""
        words = self.words.get(f"hover.{series.mark['y']}", self.words.get("hover", "%{x}: %{y}"))
        if not words:
            return {"hoverinfo": "skip"}
        details = {"customdata": series.rows["said"].tolist()} if "said" in series.rows else {}
        name = panel.heading or series.name
        return {"hovertemplate": f"{words}<extra>{name}</extra>", **details}


def _draw_band(trace: Figure, low: list[Value], high: list[Value]) -> list[Figure]:
    """Return the lower and the upper edge of a line's interval, filled between."""
    colour = trace["line"]["color"]
    line = {"color": colour, "width": 0, "shape": trace["line"].get("shape", "linear")}
    edge = {key: trace[key] for key in ("type", "x", "yaxis", "name", "legendgroup")}
    edge |= {"mode": "lines", "line": line, "showlegend": False, "hoverinfo": "skip"}
    fill = {"fill": "tonexty", "fillcolor": f"{colour}{BAND}"}
    return [edge | {"y": low}, edge | {"y": high} | fill]


def list_places(column: pd.Series, along: str) -> list[Value]:
    """Return values along an axis as Plotly takes them: days as ISO text, numbers, or names."""
    if along == "days":
        days = np.datetime_as_string(column.to_numpy("datetime64[D]"))
        return [None if day == "NaT" else day for day in days.tolist()]
    return [str(name) for name in column] if along == "names" else list_numbers(column)


def list_numbers(column: pd.Series) -> list[Value]:
    """Return the numbers of a column, whole ones as they are, None for what is missing."""
    return [
        None
        if pd.isna(value)
        else value
        if isinstance(value, int)
        else int(value)
        if float(value).is_integer()
        else round(float(value), DIGITS)
        for value in column.tolist()
    ]
