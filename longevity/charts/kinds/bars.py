"""Bars one below the other, made of parts side by side: each label above its bar, so that nothing
is cut on a phone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from longevity.charts.drawing import Drawing, Figure, Words
from longevity.charts.template.words import list_marks, measure_key, place_key, write_note
from longevity.charts.theme import (
    MARK_ROOM,
    Theme,
    build_layout,
    find_colour,
    find_edge,
    find_ink,
)
from longevity.language import translate
from longevity.measures import wording

ROW, LABEL, MIDDLE, BAR = 46, 12, 33, 22  # pixels: a row; from its top to its words, its bar; tall
HEADING = 30  # pixels a heading takes above a label
ROOM_FOR_A_DIGIT = 0.032  # of the width, so that a number stands inside its bar
TICKS = 26  # the scale below the bars, where there is one
QUARTERS = {0: "0", 0.25: "25%", 0.5: "50%", 0.75: "75%", 1: "<b>100%</b>"}


@dataclass(frozen=True)
class Part:
    """A part of a bar: what it stands for, how much (None: not told), in words, and its name;
    `number`: what is written in it.
    """

    kind: str
    amount: float | None
    words: str
    name: str
    number: str


@dataclass(frozen=True)
class Row:
    """One bar: its heading and label above it at the left, a note at the right.

    `place`: what it is of, in words.
    """

    parts: tuple[Part, ...]
    heading: str
    colour: str
    label: str
    note: str
    place: str


def draw_rows(
    frame: pd.DataFrame,
    drawing: Drawing,
    names: Words,
    *,
    parts: Mapping[str, str],
    of: str = "",
    on_paper: bool = False,
) -> Figure:
    """Draw a bar a row of its parts, one pixel to a step of its upright axis.

    `parts`: what each column stands for, as a colour names it; what is missing is not shown, and
    `COLUMN_words` says it in words where a number is not enough. A row may have a `label`, a `note`
    at the right, and a `heading` in place of its city's name, which is there where it changes.
    `of`: the column that parts are shares of, at which a line stands; together they are no more
    than all of it.
    """
    look, rows = drawing.theme, [*_list_rows(frame, drawing, names, parts, of)]
    tops, deep = _place_rows(rows)
    key = {kind: names[f"parts.{column}"] for column, kind in parts.items()}
    present = {part.kind for row in rows for part in row.parts if part.amount}
    kinds = [kind for kind in key if kind in present] or [*key][:1]
    notes = list_marks(drawing)
    for row, top in zip(rows, tops, strict=True):
        notes += _list_words(row, top, bool(of), look)
    ticks = TICKS if of else 0
    room = ticks + 12 + (measure_key([key[kind] for kind in kinds]) if len(kinds) > 1 else 0)
    most = max([1e-9, *(sum(part.amount or 0 for part in row.parts) for row in rows)])
    scale: Figure = {"range": [0, most * 1.001], "visible": False}
    if of:
        most = 1
        scale = {"range": [0, 1.04], "ticks": "outside", "zeroline": False, "tickformat": ".0%"}
        scale |= {"tickvals": [*QUARTERS], "ticktext": [*QUARTERS.values()]}
    line = {"color": look.ink, "width": 2.5}
    standard = {"type": "line", "x0": 1, "x1": 1, "y0": 0, "y1": 1, "yref": "paper", "line": line}
    traces = [_draw_kind(kind, key[kind], rows, tops, most, look) for kind in kinds]
    # PowerPoint's own bars have each row's name.
    upward = [-(top + MIDDLE) for top in reversed(tops)]
    words = [": ".join(filter(None, (row.place, row.note))) for row in reversed(rows)]
    named = {"tickvals": upward, "ticktext": words}
    return {
        "data": [trace for trace in traces if trace["x"]],
        "layout": build_layout(
            look,
            round(deep + room + MARK_ROOM),
            annotations=notes,
            shapes=[standard] if of else [],
            barmode="stack",
            showlegend=len(kinds) > 1,
            legend=place_key(8 + ticks, deep),
            xaxis=scale,
            yaxis={"range": [-deep, 0], "visible": False, "rangemode": "normal"} | named,
            margin={"l": 16, "r": 16, "t": MARK_ROOM, "b": room},
        ),
    }


def describe_rows(
    frame: pd.DataFrame,
    drawing: Drawing,
    names: Words,
    *,
    parts: Mapping[str, str],
    of: str = "",
) -> str:
    """Say each row in words; empty without any."""
    said = []
    for row in _list_rows(frame, drawing, names, parts, of):
        told = ", ".join(_name_parts(row.parts)) or row.note or translate("none")
        note = f" ({row.note})" if row.note and row.note not in told else ""
        said.append(f"{row.place}: {told}{note}")
    return translate("Bars. {rows}.", rows="; ".join(said)) if said else ""


def sort_by_city(frame: pd.DataFrame, drawing: Drawing) -> pd.DataFrame:
    """Return the rows in the order of cities, those of one and of none as they come."""
    if "city" not in frame:
        return frame
    order = {city: at for at, city in enumerate(drawing.cities)}
    return frame.sort_values(
        "city", key=lambda ids: ids.map(order).fillna(len(order)), kind="stable"
    )


def _list_rows(
    frame: pd.DataFrame,
    drawing: Drawing,
    names: Words,
    parts: Mapping[str, str],
    of: str,
) -> Iterator[Row]:
    before = ""
    for row in sort_by_city(frame, drawing).to_dict("records"):
        city, label = row.get("city", ""), row.get("label", "")
        usual = drawing.cities[city] if city and city != before else ""
        before, heading = city, row.get("heading", usual)
        made, room = [], 1.0
        for column, kind in parts.items():
            part = _make_part(row, column, kind, names)
            if of and part.amount is not None:
                whole = 0.0 if pd.isna(row[of]) else float(row[of])
                part = replace(part, amount=min(room, part.amount / whole) if whole else 0.0)
                room -= part.amount or 0
            made.append(part)
        yield Row(
            tuple(made),
            heading,
            drawing.name_colour(city) if city and heading else "ink",
            label,
            row.get("note", ""),
            ", ".join(filter(None, (drawing.cities.get(city, heading), label))),
        )


def _make_part(row: Mapping[str, Any], column: str, kind: str, names: Words) -> Part:
    amount = None if pd.isna(row[column]) else float(row[column])
    written = translate("not shown") if amount is None else wording.format_number(amount)
    words = row.get(f"{column}_words") or written
    return Part(kind, amount, words, names[f"parts.{column}"], written)


def _name_parts(parts: Sequence[Part]) -> list[str]:
    return [f"{part.words} {part.name}" for part in parts if part.amount != 0]


def _place_rows(rows: Sequence[Row]) -> tuple[list[float], float]:
    """Return how far down each row's label begins, in pixels, and how deep all of them go."""
    at, tops = 0.0, []
    for row in rows:
        at += HEADING if row.heading and row.label else 0
        tops.append(at)
        at += ROW
    return tops, max(at, float(ROW))


def _draw_kind(
    kind: str, name: str, rows: Sequence[Row], tops: list[float], most: float, look: Theme
) -> Figure:
    """Draw the parts of one kind, each with its number. `most`: of all bars."""
    parts = [
        (row, part, top)
        for row, top in zip(rows, tops, strict=True)
        for part in row.parts
        if part.kind == kind and part.amount is not None
    ]
    # A bar of nothing has no edge, and first of its kind would leave the key without one.
    parts.sort(key=lambda each: each[1].amount == 0)
    edges = [1 if part.amount else 0 for _, part, _ in parts]
    colour = f"done:{kind}"
    numbers = [part.number for _, part, _ in parts]
    # One that does not fit its part is left to the hover.
    room = [(part.amount or 0) / most / ROOM_FOR_A_DIGIT - 0.6 for _, part, _ in parts]
    written = [words if len(words) <= at else "" for words, at in zip(numbers, room, strict=True)]
    number = {
        "texttemplate": written,
        "textposition": "inside",
        "insidetextanchor": "middle",
        "constraintext": "none",
        "textangle": 0,
        "textfont": {"size": 13, "color": find_ink(look, colour)},
    }
    return {
        "type": "bar",
        "orientation": "h",
        "x": [part.amount for _, part, _ in parts],
        "y": [-(top + MIDDLE) for *_, top in parts],
        "width": BAR,
        "name": name,
        "marker": {
            "color": find_colour(look, colour),
            "line": {"color": find_edge(look, colour), "width": edges},
        },
        "customdata": [[row.label or row.heading, part.words] for row, part, _ in parts],
        "hovertemplate": f"%{{customdata[0]}}: %{{customdata[1]}}<extra>{name}</extra>",
        **number,
    }


def _list_words(row: Row, top: float, before_line: bool, look: Theme) -> list[Figure]:
    """Return heading, label and note; a note ends before a standard's line."""
    notes = []
    middle = {"yref": "y", "yanchor": "middle"}
    if row.heading:
        up = top - HEADING / 2 + LABEL / 3 if row.label else top + LABEL
        colour = find_colour(look, row.colour)
        words = f"<b>{row.heading}</b>"
        notes.append(write_note(words, look, size=15, colour=colour, y=-up, **middle))
    if row.label:
        notes.append(write_note(row.label, look, size=14, y=-(top + LABEL), **middle))
    if row.note:
        place = {"xref": "x", "x": 0.985} if before_line else {"x": 1}
        place |= {"xanchor": "right", "y": -(top + LABEL), **middle}
        notes.append(write_note(row.note, look, colour=look.quiet, **place))
    return notes
