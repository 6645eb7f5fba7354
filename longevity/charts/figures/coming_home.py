"""Charts of coming home: greeted, supervised, served; what was asked of us; lists for review."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.figures.panels import build_panels, note_one_scale
from longevity.charts.figures.rows import Column, draw_rows
from longevity.charts.spec import Axis, Plot, Series
from longevity.measures import wording

QUARTERS_DRAWN = 12
GREETED = (
    Column("greeted", "met in time", "yes"),
    Column("greeted_late", "met later", "late"),
    Column("not_greeted", "no meeting noted", "no"),
    Column("greeted_unknown", "unknown", "unknown"),
    Column("too_recent", "too recent to tell", "pending"),
)
CONTACTS = (
    Column("share", "contacts made", "yes"),
    Column("unsure", "result unknown, at most", "unknown"),
)
STANDS = (
    Column("completed", "completed", "yes"),
    Column("active", "active", "going"),
    Column("active_unknown", "begun, no contact noted", "unknown"),
    Column("ended", "begun, no contact for 30 days", "no"),
    Column("not_begun", "not begun so far", "pending"),
)
HELD = (
    Column("counted", "attendance counted", "yes"),
    Column("uncounted", "attendance unknown", "unknown"),
)
ASKED = (Column("answered", "answered", "yes"), Column("unanswered", "not answered", "no"))
LISTINGS = (
    Column("overdue", "overdue", "no"),
    Column("due", "due", "late"),
    Column("no_day", "no day of review", "unknown"),
)


def draw_greetings(quarters: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw exits by quarter and what became of each, one panel a city on one scale.

    `quarters`: as `count_by_quarter` gives it.
    """
    parts = [part for part in GREETED if quarters[part.column].sum() or part.kind == "yes"]
    panels = build_panels(
        quarters, drawing, lambda rows, _name, _colour: [_draw_part(rows, part) for part in parts]
    )
    ticks = _name_quarters(quarters)
    return Chart(
        name="greeted-by-quarter",
        title=title,
        subtitle="Members on the list who came home from custody, by quarter of the "
        f"release{note_one_scale(panels)}. A quarter without a bar has no exit on file.",
        spec=Plot(
            panels,
            x=Axis(kind="name", names=tuple(ticks), ticks=ticks),
            stacked=True,
            keyed=True,
        ),
        drawing=drawing,
        alt=f"Stacked bars by quarter. {title}.",
        table=quarters,
    )


def find_first_quarter(through: date) -> date:
    """Return the first day of the quarter eleven before that of `through`."""
    quarter = through.year * 4 + (through.month - 1) // 3 - (QUARTERS_DRAWN - 1)
    return date(quarter // 4, quarter % 4 * 3 + 1, 1)


def count_by_quarter(exits: pd.DataFrame, cities: pd.DataFrame, first: date) -> pd.DataFrame:
    """Count exits by city and quarter, a column an outcome; a quarter without any is zero.

    `exits`: `exits_by_quarter`; what came before `first`, the first day of a quarter, is left
    out. `cities`: city and last_day, a row each city that handed exits over. Columns: city, quarter
    (its first day), those of GREETED, complete: whether the quarter is over.
    """
    days = cities.set_index("city")["last_day"]
    rows = pd.MultiIndex.from_tuples(
        [
            (city, quarter)
            for city, last in days.items()
            for quarter in pd.date_range(first, last, freq="QS")
        ],
        names=["city", "quarter"],
    )
    outcomes = exits.pivot(index=["city", "quarter"], columns="outcome", values="exits")
    names = [part.column for part in GREETED]
    counts = outcomes.reindex(rows, columns=names).fillna(0).astype("int64").reset_index()
    ends = counts["quarter"] + pd.offsets.QuarterEnd()
    return counts.assign(complete=ends <= counts["city"].map(days))


def _name_quarters(quarters: pd.DataFrame) -> dict[str, str]:
    """Return each quarter's words: the year under its first, "so far" under one not over."""
    words = {}
    for day, complete in quarters.groupby("quarter")["complete"].all().items():
        name = _name_quarter(day)
        below = name[3:] if name[:2] == "Q1" else ""
        lines = [name[:2], *filter(None, [below, "" if complete else "so far"])]
        words[name] = "<br>".join(lines)
    return words


def _name_quarter(day: pd.Timestamp) -> str:
    return f"Q{day.quarter} {day.year}"


def _draw_part(rows: pd.DataFrame, part: Column) -> Series:
    return Series(
        part.name,
        "bar",
        [_name_quarter(day) for day in rows["quarter"]],
        rows[part.column].astype(int).tolist(),
        f"done:{part.kind}",
        hover=f"{{x}}{{0}}, {part.name}: {{y}}",
        details=["" if over else " (not over)" for over in rows["complete"]],
    )


def compute_supervision_shares(frame: pd.DataFrame) -> pd.DataFrame:
    """Return contacts toward the standard as shares, a row a city and kind with a standard.

    Adds share: made toward ÷ required, and unsure: what contacts of unknown result
    could add to it, never past the standard.
    """
    rows = frame[frame["required"] > 0].astype({"required": "float64"})
    share = rows["made_toward"] / rows["required"]
    most = share + rows["result_unknown"] / rows["required"]
    return rows.assign(share=share, unsure=most.clip(upper=1) - share)


def draw_supervision(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw contacts made toward the standard, a bar a city and kind, the standard a line.

    `frame`: `supervision_contacts`.
    """
    shares = compute_supervision_shares(frame).to_dict("records")
    order = [row for city in drawing.cities for row in shares if row["city"] == city]
    lines = []
    for before, row in zip([None, *order], order, strict=False):
        made, required, unsure = (
            wording.format_number(row[name])
            for name in ("made_toward", "required", "result_unknown")
        )
        line = {
            "label": str(row["kind"]).capitalize(),
            "note": f"{made} of {required}",
            "words_share": f"{made} of {required}",
            "words_unsure": unsure,
            "city": row["city"] if before is None or before["city"] != row["city"] else "",
        }
        lines.append({**row, **line})
    return draw_rows(
        "supervision-against-its-standard",
        title,
        "Contacts made toward the standard ÷ contacts it asks for, in whole months of a spell. The "
        "line is the standard. More than asked for in one month makes up for no other.",
        lines,
        CONTACTS,
        drawing,
        frame,
        shares=True,
    )


def _sum_by(frame: pd.DataFrame, key_column: str, names: Sequence[str]) -> pd.DataFrame:
    """Sum columns by the values of `key_column`, most of the first first, those of none left out.

    What is missing adds nothing.
    """
    sums = frame.groupby(key_column, observed=True)[[*names]].sum().astype("int64").reset_index()
    order = [names[0], key_column]
    found = sums[sums[names[0]] > 0].sort_values(order, ascending=[False, True])
    return found.reset_index(drop=True)


def _list_lines(sums: pd.DataFrame, name: str, notes: Iterable[str]) -> list[dict[Any, Any]]:
    """Return a line of `build_rows` a row of `sums`, labelled by its column `name`."""
    return [
        {**row, "label": str(row[name]).capitalize(), "note": note, "city": ""}
        for row, note in zip(sums.to_dict("records"), notes, strict=True)
    ]


def sum_services_by_kind(frame: pd.DataFrame) -> pd.DataFrame:
    """Sum offers by kind over the cities, and where each stands; kinds never offered left out.

    Columns: kind, offers, offers_aged_30, intake_30, intake, those of STANDS, most offered first.
    """
    names = ["offers", "offers_aged_30", "intake_30", "intake"]
    sums = _sum_by(frame, "kind", [*names, *(part.column for part in STANDS[:-1])])
    return sums.assign(not_begun=sums["offers"] - sums["intake"])


def draw_services(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw what became of each offer of a service, a bar a kind. `frame`: `service_uptake`."""
    sums = sum_services_by_kind(frame)
    notes = [
        f"begun in 30 days: {begun} of {offers}"
        for begun, offers in zip(sums["intake_30"], sums["offers_aged_30"], strict=True)
    ]
    return draw_rows(
        "services-from-offer-to-active",
        title,
        "Offers of the twelve months by kind and what became of each. Active: begun, not "
        "completed, with a contact in the last 30 days.",
        _list_lines(sums, "kind", notes),
        STANDS,
        drawing,
        frame,
    )


def draw_events(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw events by kind, those of unknown attendance apart. `frame`: `community_events`."""
    sums = _sum_by(frame, "kind", ["events", "attendance", "attendance_unknown"])
    sums = sums.rename(columns={"attendance_unknown": "uncounted"})
    sums["counted"] = sums["events"] - sums["uncounted"]
    notes = [
        f"{wording.format_number(came)} came" if counted else "attendance unknown"
        for came, counted in zip(sums["attendance"], sums["counted"], strict=True)
    ]
    return draw_rows(
        "community-events",
        title,
        "Events of the twelve months by kind; at the right how many people came, as counted at the "
        "events: somebody who came twice is counted twice.",
        _list_lines(sums, "kind", notes),
        HELD,
        drawing,
        frame,
    )


def draw_requests(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw requests by topic, answered and not. `frame`: `community_requests`."""
    rows = frame[frame["topic"] != "all"]
    sums = _sum_by(rows, "topic", ["asked", "answered", "unanswered"])
    notes = [f"{done} of {of}" for done, of in zip(sums["answered"], sums["asked"], strict=True)]
    return draw_rows(
        "community-requests",
        title,
        "What the community asked of us in the twelve months, by topic, and whether it has been "
        "answered.",
        _list_lines(sums, "topic", notes),
        ASKED,
        drawing,
        frame,
    )


def draw_reviews(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw listings overdue and due for review, a bar a city. `frame`: `lists_due_by_city`."""
    counts = frame[["city", *(column.column for column in LISTINGS), "longest_overdue"]]
    lines = [
        {
            **row,
            "label": "",
            "note": f"longest overdue: {wording.count_noun(row['longest_overdue'], 'day')}"
            if row["longest_overdue"]
            else "none overdue",
        }
        for row in counts.to_dict("records")
    ]
    return draw_rows(
        "lists-due-for-review",
        title,
        "Persons on the list now. 28 CFR 23 asks that each listing be reviewed within five years.",
        lines,
        LISTINGS,
        drawing,
        counts,
    )
