"""Timelines: tracks one below the other, with bars and marks on the days they are of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from longevity.charts.drawing import Drawing, Figure, Words
from longevity.charts.kinds.bars import sort_by_city
from longevity.charts.template.words import (
    draw_key_entry,
    draw_rule,
    list_marks,
    measure_key,
    measure_side,
    place_key_above,
    write_note,
)
from longevity.charts.theme import MARK_ROOM, Theme, build_layout, find_colour, find_edge

MANY = 12  # tracks; more have the years over them as well as under them
DAY = 86_400_000  # milliseconds, as Plotly counts the length of a bar
FOOT = 30
MARK, THICK = 11, 2.5  # pixels across, and of its lines
COLUMNS = ("city", "track", "note", "shade", "since", "part", "day", "days", "said")
ENDS = ("first", "last", "through")
PLACE = ["city", "track"]
UNSEEN = {"hoverinfo": "skip", "showlegend": False}
# An axis whose labels stand on the first line of the plot.
YEARS_ABOVE = {
    "type": "date",
    "matches": "x",
    "tickmode": "auto",  # else as many as below, a day beside them
    "overlaying": "x",
    "side": "top",
    "ticklabelposition": "inside",
    "showline": False,
    "showgrid": False,
}


def draw_timeline(
    frame: pd.DataFrame,
    drawing: Drawing,
    words: Words,
    *,
    kinds: Mapping[str, Any],
    line: bool = False,
    headed: bool = False,
    tall: int = 24,
    on_paper: bool = False,
) -> Figure:
    """Draw each row as a bar (days) or a mark on its track; without a part as the track alone.

    `frame`: COLUMNS, and `first`, `last`, `through`, the same in every row. `note`: how a track
    stands, in its `shade`; `since`: from when it is a thin line. `kinds`: of a bar the name of its
    colour, of a mark its looks, `by_city` in the colour of its city. `line`: one stands at the last
    day of the data. `headed`: the name of the city stands over its tracks, where a row is free.
    """
    look = drawing.theme
    rows = sort_by_city(frame.reindex(columns=[*COLUMNS, *ENDS]), drawing)
    tracks = rows.drop_duplicates(PLACE)
    is_first = ~tracks["city"].duplicated()
    tracks = tracks.assign(row=(1 + (is_first & headed)).cumsum() - 1)
    events = rows.merge(tracks[[*PLACE, "row"]], on=PLACE)
    ends = {name: _write_day(day) for name in ENDS for day in rows[name].head(1)}
    used = {part: drawn for part, drawn in kinds.items() if part in {*rows["part"]}}
    names = {part: words[f"parts.{part}"] for part in used}
    deepest = int(tracks["row"].max()) if len(tracks) else 0
    above = measure_key([*names.values()])
    head = 1 if len(tracks) > MANY else 0
    deep = tall * (deepest + 1.3 + head)
    labels = [_write_label(track, look) for track in tracks.itertuples()]
    through = ends.get("through")
    traces = [
        *(
            _draw_part(events[events["part"] == part], drawn, names[part], drawing)
            for part, drawn in used.items()
        ),
        *([_draw_on_years_above(through, look)] if head else []),
        *(
            draw_key_entry(
                names[part],
                look.ink,
                mark["symbol"],
                size=MARK,
                line={"width": mark.get("thick", THICK), "color": look.ink},
            )
            for part, mark in used.items()
            if not isinstance(mark, str) and mark.get("by_city")
        ),
    ]
    last_day = {"x0": through, "x1": through, "yref": "paper", "y0": 0, "y1": 1}
    waiting = [
        {
            **{"type": "line", "layer": "below", "line": {"color": look.grid, "width": 2}},
            **{"x0": _write_day(track.since), "x1": through, "y0": track.row, "y1": track.row},
        }
        for track in tracks[tracks["since"].notna()].itertuples()
    ]
    headings = [
        write_note(
            f"<b>{drawing.cities[track.city]}</b>",
            look,
            size=14,
            colour=find_colour(look, drawing.name_colour(track.city)),
            **{"yref": "y", "y": track.row - 1, "yanchor": "middle"},
        )
        for track in tracks[is_first & headed].itertuples()
    ]
    days = {"range": [ends["first"], ends["last"]]} if ends else {}
    return {
        "data": traces,
        "layout": build_layout(
            look,
            round(deep + MARK_ROOM + above + FOOT),
            annotations=[*list_marks(drawing), *headings],
            shapes=[*waiting, *([draw_rule(look, **last_day)] if line else [])],
            barmode="overlay",
            showlegend=True,
            legend=place_key_above(MARK_ROOM, deep),
            xaxis={"type": "date", "showgrid": True, **days},
            **({"xaxis2": YEARS_ABOVE | {"tickfont": {"color": look.quiet}}} if head else {}),
            yaxis={
                "range": [deepest + 0.7, -0.6 - head],
                "showgrid": False,
                "zeroline": False,
                "tickfont": {"size": 12},
                "tickvals": tracks["row"].tolist(),
                "ticktext": labels,
            },
            margin={"l": measure_side(labels), "r": 8, "t": MARK_ROOM + above, "b": FOOT},
        ),
    }


def _draw_on_years_above(through: str | None, look: Theme) -> Figure:
    """Return a trace that is not seen: an axis is drawn where something stands on it."""
    marker = {"opacity": 0, "color": look.ink}
    return {"type": "scatter", "mode": "markers", "x": [through], "y": [0], "xaxis": "x2"} | {
        "marker": marker,
        **UNSEEN,
    }


def _write_label(track: Any, look: Theme) -> str:
    label = f"<span style='color:{look.ink}'>{track.track}</span>"
    if pd.isna(track.note):
        return label
    return f"{label} <span style='color:{find_colour(look, track.shade)}'>{track.note}</span>"


def _draw_part(events: pd.DataFrame, drawn: Any, name: str, drawing: Drawing) -> Figure:
    """Return the events of a kind as bars, or as marks."""
    look, days = drawing.theme, [*map(_write_day, events["day"])]
    words = {"name": name, "text": events["said"].tolist(), "y": events["row"].tolist()}
    if isinstance(drawn, str):
        outline = find_edge(look, drawn)  # the ground's would hide what is thin on a phone
        edge = {"color": outline, "width": 0 if outline == look.ground else 1}
        return {
            "type": "bar",
            "orientation": "h",
            "width": 0.6,
            "base": days,
            "x": [int(length) * DAY for length in events["days"]],
            "marker": {"color": find_colour(look, drawn), "line": edge},
            "hovertemplate": f"%{{text}}<extra>{name}</extra>",
            "textposition": "none",
            **words,
        }
    by_city = drawn.get("by_city", False)
    colours = [find_colour(look, drawing.name_colour(city)) for city in events["city"]]
    colour = colours if by_city else look.ink
    return {
        "type": "scatter",
        "mode": "markers",
        "x": days,
        "marker": {
            "symbol": drawn["symbol"],
            "size": drawn.get("size", MARK),
            "color": colour,
            "line": {"width": drawn.get("thick", THICK), "color": colour},
        },
        "hovertemplate": "%{text}<extra></extra>",
        "showlegend": not by_city,
        **words,
    }


def _write_day(day: pd.Timestamp) -> str:
    return str(day)[:10]
