"""Charts of the call-ins over time: attendance by quarter, and when sessions are held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.figures.panels import build_panels
from longevity.charts.frames import are_part, list_numbers
from longevity.charts.spec import Axis, Marks, Plot, Series, Timeline, Track
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
    panels = build_panels(
        frame,
        drawing,
        lambda rows, _name, colour: _draw_quarters(add_attendance_intervals(rows), colour),
    )
    nobody = frame[frame["reachable"].astype(int) == 0]
    return Chart(
        name="attendance-by-quarter",
        title=title,
        subtitle="Came ÷ reached, those in custody left out; hollow: a quarter that is not over"
        + (f"; a gap: nobody was reached ({_count_quarters(len(nobody))})" if len(nobody) else "")
        + ". The 95% interval (Wilson) is around the whole range.",
        spec=Plot(
            panels,
            x=Axis(kind="day", ends=_find_quarter_span(frame)),
            y=Axis(ends=(-4, 104), ticks={at: f"{at}%" for at in (0, 50, 100)}),
            hover="",
            keyed=True,
        ),
        drawing=drawing,
        alt=_describe_attendance(frame, drawing, [city for city, _ in split]),
        table=frame,
    )


def _count_quarters(count: int) -> str:
    return "one city's quarter" if count == 1 else f"{count} quarters of a city"


def _find_quarter_span(frame: pd.DataFrame) -> tuple[str, str]:
    """The quarters there are, and never so few that a bar fills the picture."""
    if frame.empty:
        return "2000-01-01", "2001-01-01"
    first, last = frame["quarter"].min().date(), frame["quarter"].max().date()
    begins = min(first - timedelta(days=45), last - timedelta(days=LEAST_DAYS))
    return begins.isoformat(), (last + timedelta(days=135)).isoformat()


def _draw_quarters(rows: pd.DataFrame, colour: str) -> tuple[Series, ...]:
    """Return the interval, the range of the unknown, and who is known to have come."""
    middles = [(day.date() + timedelta(days=45)).isoformat() for day in rows["quarter"]]
    details = [
        [
            _name_quarter(row.quarter),
            int(row.attended),
            int(row.reachable),
            int(row.attended_unknown),
        ]
        for row in rows.itertuples()
    ]
    ranges = [
        Series(
            words,
            "range",
            middles,
            list_numbers(100 * rows[high]),
            colour,
            low=list_numbers(100 * rows[low]),
            high=list_numbers(100 * rows[high]),
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
        list_numbers(100 * rows["least"]),
        colour,
        hollow=are_part(rows["complete"]),
        hover="{0}: {1} of {2} reached came, {3} unknown",
        details=details,
        symbol="circle",
        size=6,
    )
    return (*ranges, came)


def _name_quarter(day: pd.Timestamp) -> str:
    return f"{day:%B} to {day + pd.DateOffset(months=2):%B %Y}"


def _describe_attendance(frame: pd.DataFrame, drawing: Drawing, cities: Sequence[str]) -> str:
    parts = []
    for city in cities:
        rows = frame[frame["city"] == city].tail(4)
        sums = sum_attendance(rows)
        parts.append(
            f"{drawing.cities[city]}: {sums.attended} of {sums.whole} reached came in its last "
            f"{wording.count_noun(len(rows), 'quarter')}, {sums.unknown} unknown"
        )
    return f"Attendance by quarter with its range and interval. {'; '.join(parts)}."


KINDS = (
    ("held", "held", "circle", 1.0),
    ("not_held", "not held", "x-thin", 2.5),
    ("scheduled", "to come", "circle-open", 2.0),
)
MARK = 11  # pixels across


def draw_cadence(frame: pd.DataFrame, drawing: Drawing, through: date, title: str) -> Chart:
    """Draw a line a city with a mark for each session of three years: held, not held, to come.

    `frame`: rows of `call_in_sessions`.
    """
    start = date(through.year - STRIP_YEARS, through.month, 1)
    days = frame["held_on"].fillna(frame["scheduled_for"])
    recent = frame[days >= pd.Timestamp(start)]
    sessions = recent.assign(day=days.dt.date)
    cities = [city for city, _ in drawing.split_by_city(recent)]
    last = max([through, *sessions["day"]]) + timedelta(days=60)
    counts = Counter(sessions["status"])
    return Chart(
        name="call-in-cadence",
        title=title,
        subtitle=f"Each session since {start:%B %Y}. The line marks the last day the data cover.",
        spec=Timeline(
            tuple(Track(drawing.cities[city]) for city in cities),
            (),
            tuple(
                _draw_status(
                    sessions[sessions["status"] == status], cities, drawing, words, symbol, thick
                )
                for status, words, symbol, thick in KINDS
            ),
            ends=(start.isoformat(), last.isoformat()),
            through=through.isoformat(),
            line=True,
            tall=STRIP,
        ),
        drawing=drawing,
        alt="Strip of call-ins by city: "
        + ", ".join(f"{wording.format_number(counts[s])} {words}" for s, words, *_ in KINDS)
        + f" since {start:%B %Y}.",
        table=recent,
    )


def _draw_status(
    rows: pd.DataFrame, cities: list[str], drawing: Drawing, words: str, symbol: str, thick: float
) -> Marks:
    """Return the marks of one status."""
    return Marks(
        words,
        symbol,
        [cities.index(city) for city in rows["city"]],
        [day.isoformat() for day in rows["day"]],
        hover=f"{{0}}, {{x}}: {words}",
        details=[[drawing.cities[city]] for city in rows["city"]],
        colours=[drawing.name_colour(city) for city in rows["city"]] or ["ink"],
        sizes=MARK,
        thick=thick,
    )
