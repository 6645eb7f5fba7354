"""Bars one below the other: each label above its bar, so that nothing is cut on a phone."""

from __future__ import annotations

from longevity.charts.spec import Row, Rows
from longevity.charts.template.words import (
    Made,
    list_marks,
    measure_key,
    place_key,
    write_note,
)
from longevity.charts.theme import (
    MARK_ROOM,
    Theme,
    build_layout,
    find_colour,
    find_edge,
    find_ink,
)

ROW, LABEL, MIDDLE, BAR = 46, 12, 33, 22  # pixels: a row; from its top to its words, its bar; tall
HEADING = 30  # pixels a heading takes above a label
LINE = 17  # pixels a line of words below takes
TICKS = 26  # the scale below the bars, where there is one
ROOM_FOR_A_DIGIT = 0.032  # of the width, so that a number stands inside its bar
QUARTERS = {0: "0", 0.25: "25%", 0.5: "50%", 0.75: "75%", 1: "<b>100%</b>"}


def draw_rows(spec: Rows, look: Theme, synthetic: bool) -> Made:
    """Return the bars as a Plotly figure, one pixel to a step of its upright axis."""
    tops, deep = _place_rows(spec.rows)
    kinds = list_kinds(spec)
    end = 1.0 if spec.shares else max([1e-9, *(sum_parts(row) for row in spec.rows)])
    notes = list_marks(look, synthetic)
    for row, top in zip(spec.rows, tops, strict=True):
        notes += _list_words(row, top, spec.shares, look)
        notes += [] if spec.shares else _list_numbers(row, top, end, look)
    traces = [_draw_kind(kind, spec, tops, look) for kind in kinds]
    key = measure_key([spec.kinds[kind] for kind in kinds]) if len(kinds) > 1 else 0
    ticks = TICKS if spec.shares else 0
    below = ticks + 12 + key
    scale: Made = {"range": [0, end * 1.001], "visible": False}
    if spec.shares:
        scale = {"range": [0, 1.04], "ticks": "outside", "zeroline": False}
        scale |= {"tickvals": list(QUARTERS), "ticktext": list(QUARTERS.values())}
    return {
        "data": [trace for trace in traces if trace["x"]],
        "layout": build_layout(
            look,
            round(deep + below + MARK_ROOM),
            annotations=notes,
            shapes=[_draw_standard(look)] if spec.shares else [],
            barmode="stack",
            showlegend=len(kinds) > 1,
            legend=place_key(8 + ticks, deep),
            xaxis=scale,
            yaxis={"range": [-deep, 0], "visible": False, "rangemode": "normal"},
            margin={"l": 16, "r": 16, "t": MARK_ROOM, "b": below},
        ),
    }


def list_kinds(spec: Rows) -> list[str]:
    """Return the kinds of part there is any of, the first where there is none."""
    present = {part.kind for row in spec.rows for part in row.parts if part.amount}
    return [kind for kind in spec.kinds if kind in present] or list(spec.kinds)[:1]


def sum_parts(row: Row) -> float:
    """Return how much all parts of a bar are that are told."""
    return sum(part.amount or 0.0 for part in row.parts)


def _place_rows(rows: tuple[Row, ...]) -> tuple[list[float], float]:
    """Return how far down each row's label begins, in pixels, and how deep all of them go."""
    at, tops = 0.0, []
    for row in rows:
        at += HEADING if row.heading and row.label else 0
        tops.append(at)
        at += ROW + (LINE * len(row.below) + 16 if row.below else 0)
    return tops, max(at, float(ROW))


def _draw_kind(kind: str, spec: Rows, tops: list[float], look: Theme) -> Made:
    name = spec.kinds[kind]
    parts = [
        (row, part, top)
        for row, top in zip(spec.rows, tops, strict=True)
        for part in row.parts
        if part.kind == kind
    ]
    # A bar of nothing would have an edge, and first of its kind leave the key without one.
    parts = [part for part in parts if part[1].amount] or parts
    return {
        "type": "bar",
        "orientation": "h",
        "x": [part.amount for _, part, _ in parts],
        "y": [-(top + MIDDLE) for *_, top in parts],
        "width": BAR,
        "name": name,
        "marker": {
            "color": find_colour(look, kind),
            "line": {"color": find_edge(look, kind), "width": 1},
        },
        "customdata": [[row.label or row.heading, part.words] for row, part, _ in parts],
        "hovertemplate": f"%{{customdata[0]}}: %{{customdata[1]}}<extra>{name}</extra>",
    }


def _list_words(row: Row, top: float, before_line: bool, look: Theme) -> list[Made]:
    """Return heading, label, note and the words below; a note ends before a standard's line."""
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
    if row.below:
        place = {"yref": "y", "y": -(top + MIDDLE + BAR / 2 + 4), "align": "left"}
        notes.append(write_note("<br>".join(row.below), look, colour=look.quiet, **place))
    return notes


def _list_numbers(row: Row, top: float, end: float, look: Theme) -> list[Made]:
    """Return the amount inside each part wide enough to hold it."""
    notes, start = [], 0.0
    for part in row.parts:
        amount = part.amount or 0.0
        text = f"{amount:,.0f}"
        if amount and amount / end >= ROOM_FOR_A_DIGIT * (len(text) + 0.6):
            place = {"xref": "x", "x": start + amount / 2, "xanchor": "center"}
            place |= {"yref": "y", "y": -(top + MIDDLE), "yanchor": "middle"}
            notes.append(write_note(text, look, colour=find_ink(look, part.kind), **place))
        start += amount
    return notes


def _draw_standard(look: Theme) -> Made:
    line = {"color": look.ink, "width": 2.5}
    return {"type": "line", "x0": 1, "x1": 1, "y0": 0, "y1": 1, "yref": "paper", "line": line}
