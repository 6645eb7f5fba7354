"""When call-ins are held, missed and to come."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.spec import Marks, Timeline, Track
from longevity.text import wording

STRIP = 54  # pixels a city takes in the strip of sessions
STRIP_YEARS = 3


KINDS = (
    ("held", "held", "circle", 1.0),
    ("not_held", "not held", "x-thin", 2.5),
    ("scheduled", "to come", "circle-open", 2.0),
)
MARK, LARGEST, SMALLEST = 11, 24, 5  # pixels across


def draw_cadence(frame: pd.DataFrame, drawing: Drawing, through: date, title: str) -> Chart:
    """Draw a line a city with a mark for each session: held, not held, to come.

    `frame`: rows of `recent_call_ins`, the last three years to `through` and what is scheduled.
    """
    sessions = frame.assign(
        day=frame["held_on"].fillna(frame["scheduled_for"]).dt.date, sessions=1, words=""
    )
    subtitle = f"Each session since {_find_start(through):%B %Y}."
    return _draw_strip(sessions, frame, drawing, through, title, subtitle)


def draw_cadence_by_month(
    frame: pd.DataFrame, drawing: Drawing, through: date, title: str
) -> Chart:
    """Draw the same with a mark a month, the larger the more sessions it stands for.

    `frame`: rows of `call_ins_by_month`.
    """
    sessions = frame.assign(
        day=[month.date().replace(day=15) for month in frame["month"]],
        words=[
            f"{int(many):,} in {month:%B %Y}"
            for many, month in zip(frame["sessions"], frame["month"], strict=True)
        ],
    )
    subtitle = (
        f"Each month since {_find_start(through):%B %Y}, since the sessions are too many for a "
        "mark each: the larger the mark, the more of them."
    )
    return _draw_strip(sessions, frame, drawing, through, title, subtitle)


def _find_start(through: date) -> date:
    return date(through.year - STRIP_YEARS, through.month, 1)


def _draw_strip(
    sessions: pd.DataFrame,
    frame: pd.DataFrame,
    drawing: Drawing,
    through: date,
    title: str,
    subtitle: str,
) -> Chart:
    """Return the strip. `sessions`: city, status, day, sessions, words (of a month, else empty)."""
    start = _find_start(through)
    cities = [city for city, _ in drawing.split_by_city(frame)]
    last = max([through, *sessions["day"]]) + timedelta(days=60)
    counts = sessions.groupby("status")["sessions"].sum().to_dict()
    most = int(sessions["sessions"].max()) if len(sessions) else 1
    marks = [
        _draw_status(
            sessions[sessions["status"] == status], cities, most, drawing, words, symbol, thick
        )
        for status, words, symbol, thick in KINDS
    ]
    return Chart(
        name="call-in-cadence",
        title=title,
        subtitle=f"{subtitle} The line marks the last day the data cover.",
        spec=Timeline(
            tuple(Track(drawing.cities[city]) for city in cities),
            (),
            tuple(marks),
            ends=(start.isoformat(), last.isoformat()),
            through=through.isoformat(),
            line=True,
            tall=STRIP,
        ),
        drawing=drawing,
        alt="Strip of call-ins by city: "
        + ", ".join(f"{wording.format_number(counts.get(s, 0))} {words}" for s, words, *_ in KINDS)
        + f" since {start:%B %Y}.",
        table=frame,
    )


def _draw_status(
    rows: pd.DataFrame,
    cities: list[str],
    most: int,
    drawing: Drawing,
    words: str,
    symbol: str,
    thick: float,
) -> Marks:
    """Return the marks of one status."""
    by_month = bool((rows["words"] != "").any())
    sizes = [max(SMALLEST, round(LARGEST * (many / most) ** 0.5, 1)) for many in rows["sessions"]]
    return Marks(
        words,
        symbol,
        [cities.index(city) for city in rows["city"]],
        [day.isoformat() for day in rows["day"]],
        hover=f"{{0}}, {'{1}' if by_month else '{x}'}: {words}",
        details=[
            [drawing.cities[city], month]
            for city, month in zip(rows["city"], rows["words"], strict=True)
        ],
        colours=[drawing.name_colour(city) for city in rows["city"]] or ["ink"],
        sizes=sizes if by_month else MARK,
        thick=thick,
    )
