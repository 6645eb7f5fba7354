"""The grid of groups: one cell a group, with notice and how long since a member came."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.frames import name_groups
from longevity.charts.spec import Block, Cell, Grid
from longevity.measures import wording

COLUMNS = 5
RECENT_DAYS = 92
LONGEST = 11  # letters of a code name that fit a cell on a phone
CLASSES = ("recent", "year", "older", "never", "no_notice")
NAMES = {
    "recent": "within 3 months",
    "year": "3 to 12 months",
    "older": "over 12 months",
    "never": "notice, none came yet",
    "no_notice": "no notice",
}
KEY = {f"coverage:{kind}": words for kind, words in NAMES.items()}


def find_kind(row: Any) -> str:
    """Return the class of a row of `group_coverage_grid`."""
    if pd.notna(row.days_since_attended):
        if row.days_since_attended <= RECENT_DAYS:
            return "recent"
        return "year" if row.covered else "older"
    return "never" if pd.notna(row.notice_on) else "no_notice"


def draw_groups(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw a cell a group, by city; those without an audit date apart, with a broken outline.

    `frame`: rows of `group_coverage_grid`. Each cell says in words what its
    colour says.
    """
    blocks = []
    for city, audited, part in _split_by_audit(frame, drawing):
        ordered = part.sort_values(["days_since_attended", "group_id"], na_position="last")
        ordered = ordered.assign(name=name_groups(ordered))
        cells = [_build_cell(row, at, audited) for at, row in enumerate(ordered.itertuples())]
        words = "" if audited else "no audit date"
        colour = drawing.name_colour(city)
        blocks.append(Block(tuple(cells), drawing.cities[city], words, colour))
    counts = Counter(find_kind(row) for row in frame.itertuples())
    many = wording.count_noun(len(frame), "active group")
    return Chart(
        name="group-coverage",
        title=title,
        subtitle="One cell an active group: how many days ago a member last came to a call-in, or "
        "that the group has no notice. A broken outline: no audit date.",
        spec=Grid(tuple(blocks), columns=("",) * COLUMNS, key=KEY),
        drawing=drawing,
        alt=f"Grid of {many} by how long ago a member came: {_describe_classes(counts)}.",
        table=frame,
    )


def _split_by_audit(
    frame: pd.DataFrame, drawing: Drawing
) -> Iterator[tuple[str, bool, pd.DataFrame]]:
    """Yield the rows of each city, those with an audit date first."""
    for city, rows in drawing.split_by_city(frame):
        for audited in (True, False):
            part = rows[rows["audited"].astype(bool) == audited]
            if len(part):
                yield city, audited, part


def _describe_classes(counts: Mapping[str, int]) -> str:
    """Return how many there are of each class, in words."""
    used = [kind for kind in CLASSES if counts.get(kind)]
    return (
        ", ".join(f"{NAMES[kind]} {wording.format_number(counts[kind])}" for kind in used) or "none"
    )


def _build_cell(row: Any, at: int, audited: bool) -> Cell:
    kind = find_kind(row)
    name = row.name
    line = {"no_notice": "no notice", "never": "none yet"}.get(kind) or (
        wording.count_noun(int(row.days_since_attended), "day")
    )
    notice = "no notice" if pd.isna(row.notice_on) else f"notice {row.notice_on.date()}"
    came = "" if pd.isna(row.last_attended_on) else f", last came {row.last_attended_on.date()}"
    audit = f"audited {row.audited_on.date()}" if pd.notna(row.audited_on) else "no audit date"
    return Cell(
        at % COLUMNS,
        at // COLUMNS,
        f"coverage:{kind}",
        f"<b>{html.escape(_shorten_name(name), quote=False)}</b><br>{line}",
        html.escape(f"{name}: {notice}{came}; {audit}", quote=False),
        not audited,
    )


def _shorten_name(name: str) -> str:
    """Return a name that fits a cell, by its beginning; the whole is in the table and on hover."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
