"""The published record: what others printed, one line a source, gaps left as gaps."""

from __future__ import annotations

from typing import Any

import pandas as pd

from longevity.charts.chart import Chart, Drawing, hand_drawn
from longevity.charts.figures import panels
from longevity.charts.theme import CITY_DASHES, CITY_SYMBOLS, MARK_ROOM, layout
from longevity.text import published_record, wording

LINE, ACROSS = 18, 3  # pixels a line of the key takes; sources side by side on paper


def published(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Published counts of one metric, a panel a city; a line joins one source's years only.

    `frame`: city, year, value, source (its site), source_url, of one metric. Two sources of
    one year stand beside each other: neither is averaged or chosen.
    """
    cities = [city for city in drawing.cities if city in set(frame["city"])]
    most = panels.highest(frame["value"]) * 1.15
    sources = sorted(frame["source"].unique())
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    notes = drawing.published()
    seen: set[str] = set()
    for _, city, top, axis, name in panels.places(cities):
        own = frame[frame["city"] == city]
        # The key names sites; only what one page of a site gives is joined.
        for (source, _), rows in own.groupby(["source", "source_url"], sort=True):
            traces.append(_line(rows, str(source), sources, axis, str(source) not in seen, drawing))
            seen.add(str(source))
        axes[name] = panels.scale(drawing, top, len(cities), most)
        notes.append(panels.heading(city, top, drawing))
    height = panels.PANEL * max(1, len(cities))
    room = panels.LEGEND + LINE * len(sources)  # on a phone each source takes a line
    look = layout(
        drawing.theme,
        height + MARK_ROOM + room,
        annotations=notes,
        showlegend=True,
        legend=panels.below(height, 34),
        xaxis={
            "tickformat": "d",
            "nticks": 8,
            "anchor": "y" if len(cities) <= 1 else f"y{len(cities)}",
        },
        margin={"l": 8, "r": 8, "t": MARK_ROOM, "b": room},
        **axes,
    )
    return hand_drawn(
        drawing=drawing,
        name="published-record",
        title=title,
        subtitle="As others published it. A line joins years of one source that follow each other; "
        "a year without a point has no published figure here.",
        figure={"data": traces, "layout": look},
        print_figure={"data": traces, "layout": _on_paper(look, len(sources))},
        alt=_alt(frame, cities, drawing),
        table=frame,
    )


def _on_paper(look: dict[str, Any], sources: int) -> dict[str, Any]:
    """The layout for files: paper is wide, so the key takes few lines and the panels the rest."""
    room = panels.LEGEND + LINE * -(-sources // ACROSS)
    height = look["height"] - look["margin"]["b"] + room
    return {**look, "height": height, "margin": {**look["margin"], "b": room}}


def _line(
    rows: pd.DataFrame,
    source: str,
    sources: list[str],
    axis: str,
    first: bool,
    drawing: Drawing,
) -> dict[str, Any]:
    x, y = published_record.insert_gaps(rows)
    look = sources.index(source)
    colour = drawing.theme.cities[look % len(drawing.theme.cities)]
    shape = (look + look // len(CITY_SYMBOLS)) % len(CITY_SYMBOLS)  # no two look the same
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": x,
        "y": y,
        "yaxis": axis,
        "connectgaps": False,
        "name": source,
        "legendgroup": source,
        "showlegend": first,
        "line": {"color": colour, "width": 1.8, "dash": CITY_DASHES[shape]},
        "marker": {"size": 9, "symbol": CITY_SYMBOLS[shape], "color": colour},
        "hovertemplate": "%{x}: %{y}<extra>" + source + "</extra>",
    }


def _alt(frame: pd.DataFrame, cities: list[str], drawing: Drawing) -> str:
    parts = []
    for city in cities:
        own = frame[frame["city"] == city]
        years = wording.count_noun(own["year"].nunique(), "year")
        number = wording.count_noun(own["source"].nunique(), "source")
        parts.append(f"{drawing.cities[city]}: {years} from {number}")
    return f"Published figures. {'; '.join(parts) or 'None'}."
