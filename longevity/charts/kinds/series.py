"""Lines, bars, stacks and points along years, days or names: one panel, or a panel a city."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from longevity.charts.drawing import Drawing, Shown, Words
from longevity.charts.spec import Axis, Label, Panel, Plot, ReferenceLine, Series, Value

DIGITS = 3  # of what is drawn
FEW_YEARS = 8
APART = 0.075  # of the scale, that words at the ends of lines take
FIXED = ("dash", "keyed", "symbol", "markers", "stepped", "strength", "size", "width")
Mark = Mapping[str, Any]  # a series, with the names of columns for its values


def show_plot(
    frame: pd.DataFrame,
    drawing: Drawing,
    words: Words,
    *,
    x: str,
    marks: Sequence[Mark] = (),
    parts: Mapping[str, str] | None = None,
    along: str = "years",
    cities: str = "panels",
    axis: Mapping[str, Any] | None = None,
    scale: Mapping[str, Any] | None = None,
    ticks: str = "",
    rule: str = "",
    absent: str = "",
    instead: str = "",
    levels: Sequence[float] = (),
    reach: float = 0,
    apart: float = APART,
    stacked: bool = False,
    tall: int = 150,
    alone: int = 0,
    **plot: Any,
) -> Shown:
    """Show the marks of each city, or of all rows.

    `marks`: each a `spec.Series` with columns for its values, and `part`, what it is of; `whole`:
    whether it is no part of a period; `end`: the words at its end, or `at` those points; `each`: a
    series a value of these. `parts`: stacked bars, by what each stands for. `along`: of what `x`
    is: years, days, numbers or names, written as `ticks`. `cities`: each has a panel ("panels"), a
    series in one ("series"), or none of its own (""). `axis`, `scale`: what else there is to say of
    the axes. `rule`: a column of the day, or the place among years, that a line stands at.
    `absent`: why a place has no bar, `instead` why a city has none. `levels`: where lines lie.
    `reach`: how far the scale goes, as a multiple of the most. `alone`: pixels of a panel that is
    alone, and has no heading.
    """
    every = [*marks]
    for at, (column, kind) in enumerate((parts or {}).items()):
        if not at or frame[column].sum():
            written = f"{column}_words"
            of_bars = {"labels": written, "said": "said" if "said" in frame else written}
            told = {key: name for key, name in of_bars.items() if name in frame}
            every.append({"kind": "bar", "y": column, "colour": f"done:{kind}", **told})
    split = drawing.split_by_city(frame) if cities else [("", frame)]
    if cities == "series":
        split = [("", frame[frame["city"].isna()]), *split]
    single = bool(alone) and len(split) == 1
    panels = []
    for city, rows in split:
        name, colour = drawing.cities.get(city, ""), drawing.name_colour(city) if city else "ink"
        series = [
            _build_series(run, mark, x, along, group, (name, colour), words)
            for mark in every
            for group, run in _list_runs(rows, mark, along)
        ]
        labels = [
            *_list_ends(rows, every, x, colour if cities == "series" else "ink"),
            *_list_absent(rows, every, x, absent),
        ]
        known = tuple(one for one in series if any(y is not None for y in one.y))
        lines = *_list_rules(rows, x, rule, words), *(ReferenceLine(y=level) for level in levels)
        none = str(rows[instead].iloc[0] or "") if instead else ""
        panels.append(
            Panel(() if none else known, name * (not single), colour, lines, tuple(labels), none)
        )
    if cities == "series":
        together = chain.from_iterable(panel.series for panel in panels)
        said = chain.from_iterable(panel.labels for panel in panels)
        panels = [Panel(tuple(together), labels=tuple(said))]
    most = _find_most(panels)
    ends = {"ends": (0, most * reach)} if reach else {}
    plotted = Plot(
        tuple(panels),
        x=_build_axis(frame, x, along, ticks, {"title": words.get("axis", ""), **(axis or {})}),
        y=Axis(**_read_axis({**ends, **(scale or {})})),
        stacked=stacked or bool(parts),
        tall=alone if single else tall,
        hover=words.get("place", "{x}"),
        **plot,
    )
    return replace(plotted, panels=_spread_labels(panels, apart * most)), ""


def _list_runs(rows: pd.DataFrame, mark: Mark, along: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the rows of each series of a mark, with its name where a column has it."""
    if "each" in mark:
        for keys, run in rows.groupby(mark["each"], sort=True):
            yield str(keys[0]), run
    elif along == "years" and "low" in mark:
        # A band over a year without a figure would say that there is one.
        known = rows[rows[mark["y"]].notna()]
        for _, run in known.groupby((known["year"].diff() != 1).cumsum()):
            yield "", run
    else:
        # What is missing is a gap in a line, and no point.
        whole = mark["kind"] != "points" and "low" not in mark
        yield "", rows if whole else rows[rows[mark["y"]].notna()]


def _build_series(
    rows: pd.DataFrame,
    mark: Mark,
    x: str,
    along: str,
    group: str,
    city: tuple[str, str],
    words: Words,
) -> Series:
    """Return a mark of a city's rows, in its colour and under its name unless it has its own."""
    part = mark.get("part", mark["y"])
    name = group or words.get(f"parts.{part}", city[0])
    hover = words.get(f"hover.{part}", words.get("hover", "{y}")).replace("{part}", name)
    more: dict[str, Any] = {
        key: list_numbers(rows[mark[key]]) for key in ("low", "high") if key in mark
    }
    more |= {key: rows[mark[key]].tolist() for key in ("pale", "labels") if key in mark}
    if "said" in mark:
        more["details"] = rows[mark["said"]].tolist()
    if "whole" in mark:
        more["hollow"] = [not whole for whole in rows[mark["whole"]].astype(bool)]
    more |= {"markers": len(rows) == 1, **{key: mark[key] for key in FIXED if key in mark}}
    return Series(
        name,
        mark["kind"],
        list_places(rows[x], along),
        list_numbers(rows[mark["y"]]),
        rows[mark["colours"]].tolist() if "colours" in mark else mark.get("colour", city[1]),
        hover=hover,
        **more,
    )


def list_places(column: pd.Series, along: str) -> list[Value]:
    """Return where values of an axis are: days as ISO text, whole numbers, or names."""
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


def _list_ends(rows: pd.DataFrame, marks: Sequence[Mark], x: str, colour: str) -> Iterator[Label]:
    """Yield the words at the end of each line, or at the points that have some."""
    for mark in marks:
        known = rows[rows[mark["y"]].notna()] if "end" in mark else rows[:0]
        said = known[known[mark["at"]].astype(bool)] if "at" in mark else known.tail(1)
        for row in said.to_dict("records"):
            place = row[x], float(row[mark["y"]])
            ink = "ink" if "at" in mark else colour
            yield Label(row[mark["end"]], *place, ink, mark.get("end_size", 12))


def _list_absent(rows: pd.DataFrame, marks: Sequence[Mark], x: str, absent: str) -> Iterator[Label]:
    """Yield the words that stand in the place of a bar."""
    for row in rows[rows[marks[0]["y"]].isna()].to_dict("records") if absent else ():
        yield Label(row[absent], row[x], 0, "quiet", upright=True)


def _list_rules(rows: pd.DataFrame, x: str, rule: str, words: Words) -> Iterator[ReferenceLine]:
    """Yield the line on a day, its words on the side that has room on a phone."""
    for at in rows[rule].dropna()[:1] if rule else ():
        is_late = (rows[x] >= at).sum() < len(rows) / 2
        place = at if isinstance(at, float) else at.isoformat()[:10]
        yield ReferenceLine(x=place, words=words["rule"], leftward=is_late)


def _find_most(panels: Sequence[Panel]) -> float:
    """Return the most that is drawn, ends of intervals with it and limits not; 1 at least."""
    series = chain.from_iterable(panel.series for panel in panels)
    amounts = chain.from_iterable((*one.y, *one.high) for one in series if one.keyed)
    return max([1.0, *(float(amount) for amount in amounts if amount)])


def _spread_labels(panels: Sequence[Panel], least: float) -> tuple[Panel, ...]:
    """Return the panels with the words at the ends of lines moved apart."""
    spread = []
    for panel in panels:
        placed: list[Label] = [label for label in panel.labels if label.upright]
        floor = least / 2  # above the axis, which would strike them through
        for label in sorted(panel.labels, key=lambda label: label.y):
            if not label.upright:
                placed.append(replace(label, y=max(label.y, floor)))
                floor = placed[-1].y + least
        spread.append(replace(panel, labels=tuple(placed)))
    return tuple(spread)


def _build_axis(
    frame: pd.DataFrame, x: str, along: str, ticks: str, more: Mapping[str, Any]
) -> Axis:
    """Return the axis. Of few years each is named, as ticks between would have names too."""
    given = _read_axis(more)
    if along == "days":
        return Axis(**{"kind": "day", "hover": "%B %Y", **given})
    if along == "names":
        written = dict.fromkeys(frame[x], "")
        for name, words in zip(frame[x], frame[ticks], strict=True) if ticks else ():
            # Of what cities write in two ways the longer: that a quarter is not over.
            written[name] = max(written[name], words, key=len)
        return Axis(kind="name", names=tuple(written), ticks=written if ticks else {}, **given)
    if along == "numbers":
        return Axis(**given)
    years = sorted({int(year) for year in frame[x].dropna()}) or [0]
    margin, each = given.pop("margin", None), given.pop("each", False)
    ends = None if margin is None else (years[0] - margin, years[-1] + margin)
    step = 1 if each or years[-1] - years[0] < FEW_YEARS else None
    return Axis(**{"form": "d", "step": step, "first": years[0], "ends": ends, **given})


def _read_axis(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of an axis; `ticks` are the only numbers that are named."""
    read = dict(given)
    if "ticks" in read:
        read["ticks"] = {at: f"{at}{read.get('after', '')}" for at in read["ticks"]}
    return read
