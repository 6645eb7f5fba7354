"""The grid of groups: one cell a group, with notice and how long since a member came."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from longevity.charts.chart import Chart, Drawing, Figure, hand_drawn
from longevity.charts.theme import COVERAGE_COLOURS, MARK_ROOM, city_colour, layout
from longevity.text import groups_with_notice, wording

COLUMNS = 5
CELL = 50  # pixels a row of cells takes
HEAD = 30  # pixels for a city's name
RECENT_DAYS = 92
LONGEST = 11  # letters of a code name that fit a cell on a telephone

CLASSES = ("recent", "year", "older", "never", "no_notice")
NAMES = {
    "recent": "within 3 months",
    "year": "3 to 12 months",
    "older": "over 12 months",
    "never": "notice, nobody yet",
    "no_notice": "no notice",
}
INKS = {
    "light": {"recent": "#FFFFFF"},
    "dark": {"recent": "#0E1117"},
}


@dataclass(frozen=True)
class Cell:
    """One group's cell: where it stands, what it says."""

    city: str
    kind: str
    name: str
    line: str
    hover: str
    audited: bool
    column: int
    top: int


def kind_of(row: Any) -> str:
    """The class of a row of `group_coverage_grid`."""
    if pd.notna(row.days_since_attended):
        if row.days_since_attended <= RECENT_DAYS:
            return "recent"
        return "year" if row.covered else "older"
    return "never" if pd.notna(row.notice_on) else "no_notice"


def grid(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """A cell a group, by city; those without an audit date apart and with a broken outline.

    `frame`: rows of `group_coverage_grid`. Each cell says in words what its
    colour says.
    """
    placed = _placed(frame, drawing)
    counts = Counter(cell.kind for cell in placed[0])
    return hand_drawn(
        drawing=drawing,
        name="group-coverage",
        title=title,
        subtitle="One cell an active group: how many days ago a member last came to a call-in, or "
        "that the group has no notice. A broken outline: no audit date.",
        figure=_figure(*placed, drawing),
        alt=f"Grid of {wording.count_noun(len(placed[0]), 'active group')} by how long ago a "
        f"member came: {_said(counts)}.",
        table=frame,
    )


def classes(counts: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """A cell a class, by city, where there are more groups than cells can be told apart.

    `counts`: rows of `group_coverage_counts`. Each cell says how many groups it stands for.
    """
    placed = _classes_placed(counts, drawing)
    by_kind: Counter[str] = Counter()
    for kind, groups in zip(counts["kind"], counts["groups"], strict=True):
        by_kind[kind] += int(groups)
    many = wording.count_noun(by_kind.total(), "active group")
    return hand_drawn(
        drawing=drawing,
        name="group-coverage",
        title=title,
        subtitle=f"{many}, counted by how long ago a member last came to a call-in, since they "
        "are too many for a cell each. A broken outline: no audit date.",
        figure=_figure(*placed, drawing),
        alt=f"{many} by how long ago a member came: {_said(by_kind)}.",
        table=counts,
    )


def _said(counts: Mapping[str, int]) -> str:
    """How many there are of each class, in words."""
    used = [kind for kind in CLASSES if counts.get(kind)]
    return (
        ", ".join(f"{NAMES[kind]} {wording.format_number(counts[kind])}" for kind in used) or "none"
    )


def _figure(
    cells: list[Cell], heads: list[tuple[str, int, str]], height: int, drawing: Drawing
) -> Figure:
    """The cells under their cities' names, with the key to their colours."""
    used = [kind for kind in CLASSES if any(cell.kind == kind for cell in cells)]
    key = 26 * ((len(used) + 1) // 2)
    notes = [*drawing.marks(), *(_head(city, top, words, drawing) for city, top, words in heads)]
    return {
        "data": [*_keys(used, drawing), _texts(cells, drawing)],
        "layout": layout(
            drawing.theme,
            height + MARK_ROOM + key + 8,
            annotations=notes,
            shapes=[_shape(cell, drawing) for cell in cells],
            showlegend=True,
            legend={
                "orientation": "h",
                "x": 0,
                "y": 1 + MARK_ROOM / max(1, height),
                "yanchor": "bottom",
                "itemclick": False,
                "itemdoubleclick": False,
                "font": {"size": 13},
            },
            xaxis={"range": [0, COLUMNS], "visible": False},
            yaxis={"range": [-height, 0], "visible": False, "rangemode": "normal"},
            margin={"l": 2, "r": 2, "t": MARK_ROOM + key, "b": 8, "autoexpand": False},
        ),
    }


def _classes_placed(
    counts: pd.DataFrame, drawing: Drawing
) -> tuple[list[Cell], list[tuple[str, int, str]], int]:
    """A row of cells a city: CLASSES from left to right, each in its own column."""
    cells: list[Cell] = []
    heads: list[tuple[str, int, str]] = []
    top = 0
    records = counts.to_dict("records")
    for city in drawing.cities:
        for audited, words in ((True, ""), (False, "no audit date")):
            own = [r for r in records if r["city"] == city and bool(r["audited"]) == audited]
            if not own:
                continue
            many = sum(int(row["groups"]) for row in own)
            heads.append((city, top, f"{words}{', ' if words else ''}{many:,} groups"))
            top += HEAD
            for row in own:
                groups, kind = int(row["groups"]), row["kind"]
                hover = f"{NAMES[kind]}: {groups:,} of {wording.count_noun(many, 'group')}"
                column = CLASSES.index(kind)
                cells.append(
                    Cell(city, kind, f"{groups:,}", f"of {many:,}", hover, audited, column, top)
                )
            top += CELL + 10
    return cells, heads, max(top, CELL)


def _placed(
    frame: pd.DataFrame, drawing: Drawing
) -> tuple[list[Cell], list[tuple[str, int, str]], int]:
    """Cells, the headings (city, pixels from the top, words after its name), the height."""
    cells: list[Cell] = []
    heads: list[tuple[str, int, str]] = []
    top = 0
    for city in [c for c in drawing.cities if c in set(frame["city"])]:
        own = frame[frame["city"] == city]
        for audited, words in ((True, ""), (False, "no audit date")):
            part = own[own["audited"].astype(bool) == audited].sort_values(
                ["days_since_attended", "group_id"], na_position="last"
            )
            if part.empty:
                continue
            heads.append((city, top, words))
            top += HEAD
            for at, row in enumerate(part.itertuples()):
                cells.append(_cell(row, city, audited, at % COLUMNS, top + CELL * (at // COLUMNS)))
            top += CELL * (1 + (len(part) - 1) // COLUMNS) + 10
    return cells, heads, max(top, CELL)


def _cell(row: Any, city: str, audited: bool, column: int, top: int) -> Cell:
    kind = kind_of(row)
    name = groups_with_notice.name_group(row.label, row.group_id)
    line = {"no_notice": "no notice", "never": "nobody yet"}.get(kind) or (
        wording.count_noun(int(row.days_since_attended), "day")
    )
    notice = "no notice" if pd.isna(row.notice_on) else f"notice {row.notice_on.date()}"
    came = "" if pd.isna(row.last_attended_on) else f", last came {row.last_attended_on.date()}"
    audit = f"audited {row.audited_on.date()}" if pd.notna(row.audited_on) else "no audit date"
    return Cell(
        city,
        kind,
        html.escape(_short(name), quote=False),
        line,
        html.escape(f"{name} ({row.group_id}): {notice}{came}; {audit}", quote=False),
        audited,
        column,
        top,
    )


def _short(name: str) -> str:
    """A name that fits a cell, by its beginning; the whole is in the table and on hover."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _ink(kind: str, drawing: Drawing) -> str:
    return INKS[drawing.theme.name].get(kind, drawing.theme.ink)


def _shape(cell: Cell, drawing: Drawing) -> dict[str, Any]:
    return {
        "type": "rect",
        "x0": cell.column + 0.03,
        "x1": cell.column + 0.97,
        "y0": -cell.top,
        "y1": -(cell.top + CELL - 6),
        "fillcolor": COVERAGE_COLOURS[drawing.theme.name][cell.kind],
        "line": {
            "color": drawing.theme.quiet,
            "width": 1 if cell.audited else 2,
            "dash": "solid" if cell.audited else "dash",
        },
        "layer": "below",
    }


def _texts(cells: list[Cell], drawing: Drawing) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "text",
        "x": [cell.column + 0.5 for cell in cells],
        "y": [-(cell.top + (CELL - 6) / 2) for cell in cells],
        "text": [f"<b>{cell.name}</b><br>{cell.line}" for cell in cells],
        "textfont": {"size": 11.5, "color": [_ink(cell.kind, drawing) for cell in cells]},
        "hovertext": [cell.hover for cell in cells],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
    }


def _keys(used: list[str], drawing: Drawing) -> list[dict[str, Any]]:
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [None],
            "y": [None],
            "name": NAMES[kind],
            "marker": {
                "symbol": "square",
                "size": 14,
                "color": COVERAGE_COLOURS[drawing.theme.name][kind],
                "line": {"color": drawing.theme.quiet, "width": 1},
            },
            "hoverinfo": "skip",
            "showlegend": True,
        }
        for kind in used
    ]


def _head(city: str, top: int, words: str, drawing: Drawing) -> dict[str, Any]:
    name = drawing.cities[city]
    return {
        "text": f"<b>{name}</b>" + (f", {words}" if words else ""),
        "xref": "paper",
        "yref": "y",
        "x": 0,
        "y": -(top + 4),
        "xanchor": "left",
        "yanchor": "top",
        "showarrow": False,
        "font": {
            "size": 14,
            "color": city_colour(drawing.theme, drawing.position(city)),
        },
    }
