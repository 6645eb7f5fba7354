"""Small drawings of the kinds of chart there are, to pick by; they hold no figure."""

from __future__ import annotations

from longevity.charts.theme import BORDER, RAMP, ZERO, Theme

WIDE, TALL = 132, 60


def draw_kind(kind: str, look: Theme) -> str:
    """The drawing of one kind (`entry.Kind`) as SVG; nothing in it for readers of the page."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="{TALL}" '
        f'viewBox="0 0 {WIDE} {TALL}" aria-hidden="true" focusable="false">'
        f"{SHAPES[kind](look)}</svg>"
    )


def _lines(look: Theme) -> str:
    paths = ("6,44 30,30 54,36 78,18 102,24 126,12", "6,52 30,46 54,50 78,38 102,42 126,34")
    return _axis(look) + "".join(
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="3"/>'
        for path, colour in zip(paths, look.cities, strict=False)
    )


def _bars(look: Theme) -> str:
    heights = (20, 32, 26, 44, 36, 24, 40, 30)
    return _axis(look) + "".join(
        _box(8 + 15 * at, TALL - 4 - height, 10, height, look.cities[0])
        for at, height in enumerate(heights)
    )


def _rows(look: Theme) -> str:
    return "".join(
        _box(6, 6 + 14 * at, wide, 9, look.cities[0])
        + _box(6 + wide, 6 + 14 * at, 118 - wide, 9, look.grid)
        for at, wide in enumerate((96, 70, 48, 30))
    )


def _intervals(look: Theme) -> str:
    marks = ((14, 52, 30), (40, 98, 64), (60, 124, 88))
    middle = f'<path d="M66 2V58" stroke="{look.quiet}" stroke-dasharray="3 3"/>'
    return middle + "".join(
        f'<path d="M{low} {12 + 18 * at}H{high}" stroke="{look.cities[at]}" stroke-width="3"/>'
        f'<circle cx="{value}" cy="{12 + 18 * at}" r="5" fill="{look.cities[at]}"/>'
        for at, (low, high, value) in enumerate(marks)
    )


def _points(look: Theme) -> str:
    places = ((16, 22), (28, 44), (44, 30), (60, 20), (76, 34), (92, 26), (112, 30), (52, 42))
    funnel = f'<path d="M8 4Q40 22 126 24M8 56Q40 38 126 36" stroke="{look.quiet}" fill="none"/>'
    return funnel + "".join(
        f'<circle cx="{x}" cy="{y}" r="4" fill="{look.cities[at % 3]}"/>'
        for at, (x, y) in enumerate(places)
    )


def _map(look: Theme) -> str:
    shapes = (
        "30,6 58,4 62,26 36,30",
        "58,4 92,8 88,28 62,26",
        "36,30 62,26 66,54 40,56",
        "62,26 88,28 98,50 66,54",
        "92,8 112,20 98,50 88,28",
    )
    return "".join(
        f'<polygon points="{shape}" fill="{RAMP[at]}" stroke="{BORDER}"/>'
        for at, shape in enumerate(shapes)
    )


def _grid(look: Theme) -> str:
    return "".join(
        _box(6 + 15 * x, 4 + 13 * y, 13, 11, (ZERO, *RAMP)[(x * x + 2 * y) % 6])
        for x in range(8)
        for y in range(4)
    )


def _axis(look: Theme) -> str:
    return f'<path d="M4 {TALL - 3}H{WIDE - 4}" stroke="{look.quiet}"/>'


def _box(x: float, y: float, wide: float, tall: float, colour: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{wide}" height="{tall}" fill="{colour}"/>'


SHAPES = {
    "lines": _lines,
    "bars": _bars,
    "rows": _rows,
    "intervals": _intervals,
    "points": _points,
    "map": _map,
    "grid": _grid,
}
