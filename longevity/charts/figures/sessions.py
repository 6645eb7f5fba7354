"""When call-ins are held, missed and to come."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.spec import Marks, Timeline, Track
from longevity.measures import wording

STRIP = 54  # pixels a city takes in the strip of sessions
STRIP_YEARS = 3

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
