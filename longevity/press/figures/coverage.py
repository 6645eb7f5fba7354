"""The grid of groups: one cell a group, with notice and how long since a member came."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

import pandas as pd

from longevity.measures import groups_told, wording
from longevity.press.chart import Chart, Drawing
from longevity.press.style import MARK_ROOM, city_colour, layout

COLUMNS = 5
CELL = 50  # pixels a row of cells takes
HEAD = 30  # pixels for a city's name
RECENT_DAYS = 92
LONGEST = 11  # letters of a code name that fit a cell on a telephone

# The stronger the blue, the more recently told; the ink on each is chosen for contrast.
CLASSES = ("recent", "year", "older", "never", "no_notice")
NAMES = {
    "recent": "within 3 months",
    "year": "3 to 12 months",
    "older": "over 12 months",
    "never": "notice, nobody yet",
    "no_notice": "no notice",
}
FILLS = {
    "light": {
        "recent": "#00517F",
        "year": "#8FC1E3",
        "older": "#F6D9A8",
        "never": "#C8C2BC",
        "no_notice": "#FFFFFF",
    },
    "dark": {
        "recent": "#8FD0F5",
        "year": "#1F6391",
        "older": "#6B4A12",
        "never": "#4A3357",
        "no_notice": "#0E1117",
    },
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
    cells, heads, height = _placed(frame, drawing)
    used = [kind for kind in CLASSES if any(cell.kind == kind for cell in cells)]
    notes = drawing.marks()
    for city, top, words in heads:
        notes.append(_head(city, top, words, drawing))
    counts = pd.Series([cell.kind for cell in cells], dtype="str").value_counts()
    said = ", ".join(f"{NAMES[kind]} {int(counts.get(kind, 0))}" for kind in used)
    key = 26 * ((len(used) + 1) // 2)
    return Chart(
        name="group-coverage",
        title=title,
        subtitle="One cell an active group: how many days ago a member last came to a call-in, or "
        "that the group has no notice. A broken outline: no audit date.",
        figure={
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
        },
        alt=f"Grid of {wording.counted(len(cells), 'active group')} by how long ago a member "
        f"came: {said or 'none'}.",
        table=frame,
    )


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
    name = groups_told.name_of(row.label, row.group_id)
    line = {"no_notice": "no notice", "never": "nobody yet"}.get(kind) or (
        wording.counted(int(row.days_since_attended), "day")
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
        "fillcolor": FILLS[drawing.theme.name][cell.kind],
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
                "color": FILLS[drawing.theme.name][kind],
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
