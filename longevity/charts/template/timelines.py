"""Timelines: tracks one below the other, with bars and marks on the days they are of."""

from __future__ import annotations

import re

from longevity.charts.spec import Marks, Spans, Timeline, Track
from longevity.charts.template.plots import draw_pattern
from longevity.charts.template.words import (
    Made,
    draw_key_entry,
    draw_rule,
    list_marks,
    measure_key,
    measure_side,
    place_key_above,
    write_note,
)
from longevity.charts.theme import MARK_ROOM, Theme, build_layout, find_colour, find_pattern

MANY = 12  # tracks; more have the years over them as well as under them
DAY = 86_400_000  # milliseconds, as Plotly counts the length of a bar
FOOT = 30


def draw_timeline(spec: Timeline, look: Theme, synthetic: bool) -> Made:
    """Return the timeline as a Plotly figure; a row is left free above each heading's track."""
    rows = _place_tracks(spec.tracks)
    deepest = rows[-1] if rows else 0
    names = [spans.name for spans in spec.spans] + [marks.name for marks in spec.marks]
    above = measure_key(names)
    head = 1 if len(rows) > MANY else 0
    deep = spec.tall * (deepest + 1.3 + head)
    traces = [
        *([_draw_waiting(spec, rows, look)] if any(track.since for track in spec.tracks) else []),
        *(_draw_spans(spans, rows, look) for spans in spec.spans),
        *(_draw_marks(marks, rows, look) for marks in spec.marks),
        *([_draw_on_years_above(spec, look)] if head else []),
        *(
            draw_key_entry(
                marks.name,
                look.ink,
                marks.symbol,
                size=11,
                line={"width": marks.thick, "color": look.ink},
            )
            for marks in spec.marks
            if marks.colours
        ),
    ]
    line = {"x0": spec.through, "x1": spec.through, "yref": "paper", "y0": 0, "y1": 1}
    labels = [_write_label(track, look) for track in spec.tracks]
    return {
        "data": traces,
        "layout": build_layout(
            look,
            round(deep + MARK_ROOM + above + FOOT),
            annotations=[*list_marks(look, synthetic), *_list_headings(spec, rows, look)],
            shapes=[draw_rule(look, **line)] if spec.line else [],
            barmode="overlay",
            showlegend=True,
            legend=place_key_above(MARK_ROOM, deep),
            xaxis={"type": "date", "range": list(spec.ends), "showgrid": True},
            **({"xaxis2": _write_years_above(spec, look)} if head else {}),
            yaxis={
                "range": [deepest + 0.7, -0.6 - head],
                "showgrid": False,
                "zeroline": False,
                "tickfont": {"size": 12},
                "tickmode": "array",
                "tickvals": rows,
                "ticktext": labels,
            },
            margin={"l": measure_side(labels), "r": 8, "t": MARK_ROOM + above, "b": FOOT},
        ),
    }


def _write_years_above(spec: Timeline, look: Theme) -> Made:
    """Return an axis whose labels stand on the first line of the plot."""
    return {
        "type": "date",
        "matches": "x",
        "tickmode": "auto",  # else as many as below, a day beside them
        "overlaying": "x",
        "side": "top",
        "ticklabelposition": "inside",
        "tickfont": {"color": look.quiet},
        "showline": False,
        "showgrid": False,
    }


def _draw_on_years_above(spec: Timeline, look: Theme) -> Made:
    """Return a trace that is not seen: an axis is drawn where something stands on it."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [spec.through],
        "y": [0],
        "xaxis": "x2",
        "marker": {"opacity": 0, "color": look.ink},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _place_tracks(tracks: tuple[Track, ...]) -> list[int]:
    """Return the row of each track, counted downwards from 0."""
    row, rows = -1, []
    for track in tracks:
        row += 2 if track.heading else 1
        rows.append(row)
    return rows


def _write_label(track: Track, look: Theme) -> str:
    label = f"<span style='color:{look.ink}'>{track.label}</span>"
    colour = find_colour(look, track.colour)
    return label + (f" <span style='color:{colour}'>{track.note}</span>" if track.note else "")


def _list_headings(spec: Timeline, rows: list[int], look: Theme) -> list[Made]:
    return [
        write_note(
            f"<b>{track.heading}</b>",
            look,
            size=14,
            colour=find_colour(look, track.heading_colour),
            yref="y",
            y=row - 1,
            yanchor="middle",
        )
        for track, row in zip(spec.tracks, rows, strict=True)
        if track.heading
    ]


def _draw_waiting(spec: Timeline, rows: list[int], look: Theme) -> Made:
    """Return a thin line on each track from the day it begins."""
    x: list[str | None] = []
    y: list[int | None] = []
    for track, row in zip(spec.tracks, rows, strict=True):
        if track.since:
            x += [track.since, spec.through, None]
            y += [row, row, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": look.grid, "width": 2},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _draw_spans(spans: Spans, rows: list[int], look: Theme) -> Made:
    return {
        "type": "bar",
        "orientation": "h",
        "width": 0.6,
        "base": list(spans.starts),
        "x": [days * DAY for days in spans.days],
        "y": [rows[track] for track in spans.tracks],
        "name": spans.name,
        "marker": {
            "color": find_colour(look, spans.colour),
            "pattern": draw_pattern(find_pattern(spans.colour), look) | {"size": 5},
        },
        "customdata": list(spans.details),
        "hovertemplate": f"{_fill(spans.hover)}<extra>{spans.name}</extra>",
    }


def _draw_marks(marks: Marks, rows: list[int], look: Theme) -> Made:
    colours = [find_colour(look, colour) for colour in marks.colours] or look.ink
    size = marks.sizes if isinstance(marks.sizes, int | float) else list(marks.sizes)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(marks.days),
        "y": [rows[track] for track in marks.tracks],
        "name": marks.name,
        "marker": {
            "symbol": marks.symbol,
            "size": size,
            "color": colours,
            "line": {"width": marks.thick, "color": colours},
        },
        "customdata": list(marks.details),
        "hovertemplate": f"{_fill(marks.hover)}<extra></extra>",
        "showlegend": not marks.colours,
    }


def _fill(words: str) -> str:
    words = words.replace("{x}", "%{x|%b %-d, %Y}")
    return re.sub(r"(?<!%)\{(\d)\}", r"%{customdata[\1]}", words)
