"""Charts of the call-ins over time: attendance by quarter, and when sessions are held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from longevity.charts.chart import Chart, Drawing, hand_drawn
from longevity.charts.theme import MARK_ROOM, city_colour, layout
from longevity.stats.attendance import add_attendance_intervals, sum_attendance
from longevity.text import wording

ROW_HEIGHT = 150
STRIP = 54  # pixels a city takes in the strip of sessions
STRIP_YEARS = 3
LEAST_DAYS = 1000  # shown at least
DAY = 86_400_000  # milliseconds, as Plotly counts the width of a bar
PALE, DARK = 0.28, 0.75


def attendance(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Attendance by quarter, a row a city on one scale: the unknown a range, its interval around.

    `frame`: rows of `attendance_by_quarter`. A quarter that reached nobody has no
    mark at all; one that is not over is hollow.
    """
    shown = add_attendance_intervals(frame)
    cities = [city for city in drawing.cities if city in set(frame["city"])]
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    notes = drawing.marks()
    gap = 0.12 if len(cities) > 1 else 0.0
    tall = (1 - gap * (len(cities) - 1)) / max(1, len(cities))
    for row, city in enumerate(cities):
        top = 1 - row * (tall + gap)
        axis = "y" if row == 0 else f"y{row + 1}"
        traces += _quarter_marks(shown[shown["city"] == city], drawing, city, axis)
        axes["yaxis" if row == 0 else f"yaxis{row + 1}"] = {
            "domain": [max(0.0, top - tall), top],
            "range": [-4, 104],
            "tickvals": [0, 50, 100],
            "ticktext": ["0\u00a0%", "50\u00a0%", "100\u00a0%"],
            "gridcolor": drawing.theme.grid,
            "zeroline": False,
            "tickfont": {"size": 13, "color": drawing.theme.quiet},
            "fixedrange": True,
            "rangemode": "normal",
        }
        notes.append(_row_name(drawing, city, top))
    nobody = frame[frame["reachable"].astype(int) == 0]
    return hand_drawn(
        drawing=drawing,
        name="attendance-by-quarter",
        title=title,
        subtitle="Came ÷ reached, those in custody left out"
        + (", on the same scale for each city" if len(cities) > 1 else "")
        + ", with the 95 % interval (Wilson) around the whole range."
        + (f" A gap: nobody was reached ({_quarters(len(nobody))})." if len(nobody) else "")
        + " A hollow mark: a quarter that is not over.",
        figure={
            "data": [*traces, *_quarter_keys(drawing)],
            "layout": layout(
                drawing.theme,
                ROW_HEIGHT * max(1, len(cities)) + 90,
                annotations=notes,
                barmode="overlay",
                bargap=0,
                showlegend=True,
                legend=_key(ROW_HEIGHT * max(1, len(cities)), MARK_ROOM),
                xaxis={
                    "type": "date",
                    "anchor": "y" if len(cities) <= 1 else f"y{len(cities)}",
                    "range": _quarter_span(frame),
                },
                margin={"l": 8, "r": 8, "t": MARK_ROOM + 46, "b": 8},
                **axes,
            ),
        },
        alt=_attendance_alt(frame, drawing, cities),
        table=frame,
    )


def _quarters(count: int) -> str:
    return "one city's quarter" if count == 1 else f"{count} quarters of a city"


def _quarter_span(frame: pd.DataFrame) -> list[str]:
    """The quarters there are, and never so few that a bar fills the picture."""
    if frame.empty:
        return ["2000-01-01", "2001-01-01"]
    first, last = frame["quarter"].min().date(), frame["quarter"].max().date()
    return [
        min(first - timedelta(days=45), last - timedelta(days=LEAST_DAYS)).isoformat(),
        (last + timedelta(days=135)).isoformat(),
    ]


def _quarter_marks(
    own: pd.DataFrame, drawing: Drawing, city: str, axis: str
) -> list[dict[str, Any]]:
    colour = city_colour(drawing.theme, drawing.position(city))
    middles = [(day.date() + timedelta(days=45)).isoformat() for day in own["quarter"]]

    def bar(low: str, high: str, width: int, opacity: float) -> dict[str, Any]:
        return {
            "type": "bar",
            "x": middles,
            "base": [100 * value for value in own[low]],
            "y": [100 * (b - a) for a, b in zip(own[low], own[high], strict=True)],
            "width": width * DAY,
            "yaxis": axis,
            "marker": {"color": colour, "opacity": opacity, "line": {"width": 0}},
            "hoverinfo": "skip",
            "showlegend": False,
        }

    point = {
        "type": "scatter",
        "mode": "markers",
        "x": middles,
        "y": [100 * value for value in own["least"]],
        "yaxis": axis,
        "name": drawing.cities[city],
        "marker": {
            "color": [
                colour if whole else drawing.theme.ground for whole in own["complete"].astype(bool)
            ],
            "size": 6,
            "line": {"color": colour, "width": 1.5},
        },
        "showlegend": False,
        "customdata": [
            [
                _quarter(row.quarter),
                int(row.attended),
                int(row.reachable),
                int(row.attended_unknown),
            ]
            for row in own.itertuples()
        ],
        "hovertemplate": "%{customdata[0]}: %{customdata[1]} of %{customdata[2]} reached came, "
        f"%{{customdata[3]}} unknown<extra>{drawing.cities[city]}</extra>",
    }
    return [bar("low", "high", 74, PALE), bar("least", "most", 46, DARK), point]


def _quarter_keys(drawing: Drawing) -> list[dict[str, Any]]:
    """The key, in one neutral colour: each city has its own."""
    ink = drawing.theme.ink

    def entry(name: str, symbol: str, size: int, opacity: float) -> dict[str, Any]:
        return {
            "type": "scatter",
            "mode": "markers",
            "x": [None],
            "y": [None],
            "name": name,
            "marker": {"symbol": symbol, "size": size, "color": ink, "opacity": opacity},
            "hoverinfo": "skip",
            "showlegend": True,
        }

    return [
        entry("known to have come", "circle", 8, 1.0),
        entry("with the unknown", "square", 12, DARK),
        entry("interval", "square", 14, PALE),
    ]


def _key(plot: int, above: int) -> dict[str, Any]:
    """A key that lies `above` pixels over a plot about this high."""
    return {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": 1 + above / plot,
        "yanchor": "bottom",
        "itemclick": False,
        "itemdoubleclick": False,
        "font": {"size": 13},
    }


def _quarter(day: pd.Timestamp) -> str:
    return f"{day:%B} to {day + pd.DateOffset(months=2):%B %Y}"


def _row_name(drawing: Drawing, city: str, top: float) -> dict[str, Any]:
    return {
        "text": f"<b>{drawing.cities[city]}</b>",
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": top,
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 14, "color": city_colour(drawing.theme, drawing.position(city))},
    }


def _attendance_alt(frame: pd.DataFrame, drawing: Drawing, cities: Sequence[str]) -> str:
    parts = []
    for city in cities:
        own = frame[frame["city"] == city].tail(4)
        found = sum_attendance(own)
        parts.append(
            f"{drawing.cities[city]}: {found.attended} of {found.whole} reached came in its last "
            f"{wording.count_noun(len(own), 'quarter')}, {found.unknown} unknown"
        )
    return f"Attendance by quarter with its range and interval. {'; '.join(parts)}."


KINDS = (
    ("held", "held", "circle", 1.0),
    ("not_held", "not held", "x-thin", 2.5),
    ("scheduled", "to come", "circle-open", 2.0),
)
MARK, LARGEST = 11, 24  # pixels across


def cadence(frame: pd.DataFrame, drawing: Drawing, through: date, title: str) -> Chart:
    """A line a city with a mark for each session: held, not held, to come.

    `frame`: rows of `recent_call_ins`, the last three years to `through` and what is scheduled.
    """
    days = frame["held_on"].fillna(frame["scheduled_for"]).dt.date.tolist()
    marks = [
        (status, city, day, 1, "")
        for status, city, day in zip(frame["status"], frame["city"], days, strict=True)
    ]
    said = f"Each session since {_start(through):%B %Y}."
    return _strip(marks, frame, drawing, through, title, said)


def cadence_by_month(frame: pd.DataFrame, drawing: Drawing, through: date, title: str) -> Chart:
    """The same with a mark a month, the larger the more sessions it stands for.

    `frame`: rows of `call_ins_by_month`.
    """
    rows = zip(frame["status"], frame["city"], frame["month"], frame["sessions"], strict=True)
    marks = [
        (status, city, month.date().replace(day=15), int(many), f"{int(many):,} in {month:%B %Y}")
        for status, city, month, many in rows
    ]
    said = (
        f"Each month since {_start(through):%B %Y}, since the sessions are too many for a mark "
        "each: the larger the mark, the more of them."
    )
    return _strip(marks, frame, drawing, through, title, said)


def _start(through: date) -> date:
    return date(through.year - STRIP_YEARS, through.month, 1)


Mark = tuple[str, str, date, int, str]  # status, city, day, how many sessions, words for a month


def _strip(
    marks: list[Mark],
    frame: pd.DataFrame,
    drawing: Drawing,
    through: date,
    title: str,
    said: str,
) -> Chart:
    start = _start(through)
    cities = [city for city in drawing.cities if city in set(frame["city"])]
    names = [drawing.cities[city] for city in cities]
    last = max([through, *(day for _, _, day, *_ in marks)]) + timedelta(days=60)
    most = max((many for *_, many, _ in marks), default=1)
    traces = []
    for status, words, symbol, width in KINDS:
        own = [mark for mark in marks if mark[0] == status]
        traces += [
            _sessions(own, words, symbol, width, most, drawing),
            _session_key(names[0] if names else "", words, symbol, width, drawing),
        ]
    counts = Counter[str]()
    for status, _, _, many, _ in marks:
        counts[status] += many
    return hand_drawn(
        drawing=drawing,
        name="call-in-cadence",
        title=title,
        subtitle=f"{said} The line marks the last day the data cover.",
        figure={
            "data": traces,
            "layout": layout(
                drawing.theme,
                STRIP * max(1, len(cities)) + 110,
                annotations=drawing.marks(),
                shapes=[_today(through, drawing)],
                showlegend=True,
                legend=_key(STRIP * max(1, len(cities)), MARK_ROOM),
                xaxis={"type": "date", "range": [start.isoformat(), last.isoformat()]},
                yaxis={
                    "type": "category",
                    "categoryorder": "array",
                    "categoryarray": names[::-1],
                    "showgrid": True,
                    "range": [-0.6, len(names) - 0.4],
                },
                margin={"l": 8, "r": 8, "t": MARK_ROOM + 28, "b": 8},
            ),
        },
        alt="Strip of call-ins by city: "
        + ", ".join(f"{wording.format_number(counts[s])} {words}" for s, words, *_ in KINDS)
        + f" since {start:%B %Y}.",
        table=frame,
    )


def _sessions(
    own: list[Mark], words: str, symbol: str, width: float, most: int, drawing: Drawing
) -> dict[str, Any]:
    """The marks of one status."""
    colours = [city_colour(drawing.theme, drawing.position(city)) for _, city, *_ in own]
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers",
        "x": [day.isoformat() for _, _, day, *_ in own],
        "y": [drawing.cities[city] for _, city, *_ in own],
        "name": words,
        "marker": {
            "symbol": symbol,
            "size": MARK,
            "color": colours or drawing.theme.ink,
            "line": {"width": width, "color": colours or drawing.theme.ink},
        },
        "hovertemplate": f"%{{y}}, %{{x|%b %-d, %Y}}: {words}<extra></extra>",
        "showlegend": False,
    }
    if any(month for *_, month in own):
        sizes = [max(5, round(LARGEST * (many / most) ** 0.5, 1)) for *_, many, _ in own]
        trace["marker"]["size"] = sizes
        trace["customdata"] = [month for *_, month in own]
        trace["hovertemplate"] = f"%{{y}}, %{{customdata}}: {words}<extra></extra>"
    return trace


def _session_key(
    name: str, words: str, symbol: str, width: float, drawing: Drawing
) -> dict[str, Any]:
    """The key is drawn in one neutral colour: the city is told by its line."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [None],
        "y": [name],
        "name": words,
        "marker": {
            "symbol": symbol,
            "size": MARK,
            "color": drawing.theme.ink,
            "line": {"width": width, "color": drawing.theme.ink},
        },
        "hoverinfo": "skip",
        "showlegend": True,
    }


def _today(through: date, drawing: Drawing) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": through.isoformat(),
        "x1": through.isoformat(),
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": drawing.theme.quiet, "width": 1, "dash": "dot"},
    }
