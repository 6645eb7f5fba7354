"""Charts of coming home: greeted, supervised, served; what was asked of us; lists for review."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.figures.panels import build_panels, note_one_scale
from longevity.charts.figures.rows import Column, build_rows
from longevity.charts.spec import Axis, Plot, Series
from longevity.text import budget_and_reviews, coming_home, community, frames, wording

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

    `quarters`: as `text.coming_home.count_by_quarter` gives it.
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
        alt=f"Stacked bars. {title}. {_each_city(quarters, drawing, _greeted_words)}.",
        table=quarters,
    )


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


def _greeted_words(rows: pd.DataFrame) -> str:
    words = [
        f"{wording.format_number(rows[part.column].sum())} {part.name}"
        for part in GREETED
        if part.kind == "yes" or rows[part.column].sum()
    ]
    return wording.join_words(words)


def _each_city(frame: pd.DataFrame, drawing: Drawing, words: Callable[[pd.DataFrame], str]) -> str:
    """Words for each city's rows, by its name."""
    return "; ".join(
        f"{name}: {words(rows)}" for name, rows in frames.split_by_city(frame, drawing.cities)
    )


def draw_supervision(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw contacts made toward the standard, a bar a city and kind, the standard a line.

    `frame`: `supervision_contacts`.
    """
    shares = coming_home.compute_supervision_shares(frame).to_dict("records")
    order = [row for city in drawing.cities for row in shares if row["city"] == city]
    rows = []
    for before, row in zip([None, *order], order, strict=False):
        share = (
            f"{wording.format_number(row['made_toward'])} of "
            f"{wording.format_number(row['required'])}"
        )
        rows.append(
            {
                **row,
                "label": str(row["kind"]).capitalize(),
                "note": share,
                "words_share": share,
                "words_unsure": f"{wording.format_number(row['result_unknown'])} contacts",
                "city": row["city"] if before is None or before["city"] != row["city"] else "",
            }
        )
    words = [
        f"{drawing.cities[row['city']]}, {row['kind']}: {row['made_toward']} of {row['required']}"
        for row in order
    ]
    return Chart(
        name="supervision-against-its-standard",
        title=title,
        subtitle="Contacts made toward the standard ÷ contacts it asks for, in whole months of a "
        "spell. The line is the standard. More than asked for in one month makes up for no other.",
        spec=build_rows(rows, CONTACTS, drawing, shares=True),
        drawing=drawing,
        alt=f"Bars against a line at 100%. {'; '.join(words)}.",
        table=frame,
    )


def _list_lines(
    sums: pd.DataFrame, name: str, write_note: Callable[[dict[Any, Any]], str]
) -> list[dict[Any, Any]]:
    """Return a line of `build_rows` a row of `sums`, labelled by its column `name`."""
    return [
        {**row, "label": str(row[name]).capitalize(), "note": write_note(row), "city": ""}
        for row in sums.to_dict("records")
    ]


def draw_services(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw where each offer of a service stands, a bar a kind. `frame`: `service_uptake`."""
    rows = _list_lines(
        coming_home.sum_services_by_kind(frame),
        "kind",
        lambda row: f"begun in 30 days: {row['intake_30']} of {row['offers_aged_30']}",
    )
    words = [
        f"{row['kind']}: {row['offers']} offered, {row['not_begun']} not begun, "
        f"{row['active']} active, {row['completed']} completed"
        for row in rows
    ]
    return Chart(
        name="services-from-offer-to-active",
        title=title,
        subtitle="Offers of the twelve months by kind and where each stands now. Active: begun, "
        "not completed, with a contact in the last 30 days.",
        spec=build_rows(rows, STANDS, drawing),
        drawing=drawing,
        alt=f"Stacked bars. {'; '.join(words)}.",
        table=frame,
    )


def draw_events(frame: pd.DataFrame, drawing: Drawing) -> Chart:
    """Draw events by kind, those of unknown attendance apart. `frame`: `community_events`."""
    rows = _list_lines(
        community.sum_events(frame),
        "kind",
        lambda row: community.describe_attendance(
            row["events"], row["attendance"], row["uncounted"]
        ),
    )
    title = community.write_events_title(frame)
    words = [f"{row['kind']}: {row['events']}, {row['note']}" for row in rows]
    return Chart(
        name="community-events",
        title=title,
        subtitle="Events of the twelve months by kind; at the right how many people came, as "
        "counted at the events: somebody who came twice is counted twice.",
        spec=build_rows(rows, HELD, drawing),
        drawing=drawing,
        alt=f"Bars. {'; '.join(words)}.",
        table=frame,
    )


def draw_requests(frame: pd.DataFrame, drawing: Drawing) -> Chart:
    """Draw requests by topic, answered and not. `frame`: `community_requests`."""
    sums = community.sum_requests(frame)
    rows = _list_lines(sums, "topic", lambda row: f"{row['answered']} of {row['asked']}")
    title = community.write_requests_title(frame)
    words = [f"{row['topic']}: {row['note']}" for row in rows]
    return Chart(
        name="community-requests",
        title=title,
        subtitle="What the community asked of us in the twelve months, by topic, and whether it "
        "has been answered.",
        spec=build_rows(rows, ASKED, drawing),
        drawing=drawing,
        alt=f"Stacked bars of answered of asked. {'; '.join(words)}.",
        table=frame,
    )


def draw_reviews(frame: pd.DataFrame, drawing: Drawing, days: int) -> Chart:
    """Draw listings overdue and due for review, a bar a city. `frame`: `lists_due_by_city`."""
    counts = frame[["city", *budget_and_reviews.REVIEWS, "longest_overdue"]]
    rows = [
        {
            **row,
            "label": "",
            "note": f"longest overdue: {wording.count_noun(row['longest_overdue'], 'day')}"
            if row["longest_overdue"]
            else "none overdue",
        }
        for row in counts.to_dict("records")
    ]
    title = budget_and_reviews.write_reviews_title(counts, days)
    words = [
        f"{drawing.cities[row['city']]}: {row['overdue']} overdue, {row['due']} due, "
        f"{row['no_day']} without a day"
        for row in rows
    ]
    return Chart(
        name="lists-due-for-review",
        title=title,
        subtitle="Persons on the list now. 28 CFR 23 asks that each listing be reviewed within "
        "five years.",
        spec=build_rows(rows, LISTINGS, drawing),
        drawing=drawing,
        alt=f"Stacked bars. {'; '.join(words)}.",
        table=counts,
    )
