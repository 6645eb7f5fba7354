"""Charts of the call-ins over time: attendance by quarter, and when sessions are held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from longevity.charts.chart import Chart, Drawing, hand_drawn
from longevity.charts.frames import are_part, list_numbers
from longevity.charts.spec import Axis, Panel, Plot, Series
from longevity.charts.theme import MARK_ROOM, city_colour, layout
from longevity.stats.attendance import add_attendance_intervals, sum_attendance
from longevity.text import wording

STRIP = 54  # pixels a city takes in the strip of sessions
STRIP_YEARS = 3
LEAST_DAYS = 1000  # shown at least
PALE, DARK = 0.28, 0.75


def draw_attendance(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw attendance by quarter, a panel a city: the unknown a range, its interval around.

    `frame`: rows of `attendance_by_quarter`. A quarter that reached nobody has no
    mark at all; one that is not over is hollow.
    """
    split = drawing.split_by_city(frame)
    shown = add_attendance_intervals(frame)
    panels = [
        Panel(_draw_quarters(shown[shown["city"] == city], name, colour), name, colour)
        for city, _ in split
        for name, colour in [(drawing.cities[city], drawing.name_colour(city))]
    ]
    nobody = frame[frame["reachable"].astype(int) == 0]
    return Chart(
        name="attendance-by-quarter",
        title=title,
        subtitle="Came ÷ reached, those in custody left out"
        + (", on the same scale for each city" if len(split) > 1 else "")
        + ", with the 95 % interval (Wilson) around the whole range."
        + (f" A gap: nobody was reached ({_quarters(len(nobody))})." if len(nobody) else "")
        + " A hollow mark: a quarter that is not over.",
        spec=Plot(
            tuple(panels),
            x=Axis(kind="day", ends=_quarter_span(frame)),
            y=Axis(ends=(-4, 104), ticks={at: f"{at}\u00a0%" for at in (0, 50, 100)}),
            hover="",
            keyed=True,
        ),
        drawing=drawing,
        alt=_attendance_alt(frame, drawing, [city for city, _ in split]),
        table=frame,
    )


def _quarters(count: int) -> str:
    return "one city's quarter" if count == 1 else f"{count} quarters of a city"


def _quarter_span(frame: pd.DataFrame) -> tuple[str, str]:
    """The quarters there are, and never so few that a bar fills the picture."""
    if frame.empty:
        return "2000-01-01", "2001-01-01"
    first, last = frame["quarter"].min().date(), frame["quarter"].max().date()
    begins = min(first - timedelta(days=45), last - timedelta(days=LEAST_DAYS))
    return begins.isoformat(), (last + timedelta(days=135)).isoformat()


def _draw_quarters(own: pd.DataFrame, name: str, colour: str) -> tuple[Series, ...]:
    """Return the interval, the range of the unknown, and who is known to have come."""
    middles = [(day.date() + timedelta(days=45)).isoformat() for day in own["quarter"]]
    told = [
        [_quarter(row.quarter), int(row.attended), int(row.reachable), int(row.attended_unknown)]
        for row in own.itertuples()
    ]
    ranges = [
        Series(
            words,
            "range",
            middles,
            list_numbers(100 * own[high]),
            colour,
            low=list_numbers(100 * own[low]),
            high=list_numbers(100 * own[high]),
            hover="",
            strength=strength,
            width=width,
        )
        for words, low, high, strength, width in (
            ("interval", "low", "high", PALE, 74),
            ("with the unknown", "least", "most", DARK, 46),
        )
    ]
    came = Series(
        "known to have come",
        "points",
        middles,
        list_numbers(100 * own["least"]),
        colour,
        hollow=are_part(own["complete"]),
        hover="{0}: {1} of {2} reached came, {3} unknown",
        told=told,
        symbol="circle",
        size=6,
    )
    return (*ranges, came)


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
