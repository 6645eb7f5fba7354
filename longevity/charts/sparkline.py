"""A tile's line: how a number went over the years, small and without words, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

WIDE, TALL, ROOM = 100, 30, 1.5  # in units of the drawing, which is stretched to its place


def draw_sparkline(values: Sequence[float | None]) -> str:
    """Return a line through the values, the newest at the right; its foot is zero.

    It is a shape without a colour, to be filled with the colour of the page, and has a gap where
    a value is None. `values`: counts, two at least.
    """
    step = WIDE / (len(values) - 1)
    most = max((value for value in values if value is not None), default=0) or 1
    points = [
        None if value is None else f"{at * step:.1f},{_find_height(value / most):.1f}"
        for at, value in enumerate(values)
    ]
    lines = "".join(
        f'<polyline points="{" ".join(filter(None, line))}" vector-effect="non-scaling-stroke"/>'
        for is_gap, line in groupby(points, key=lambda point: point is None)
        if not is_gap
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {TALL}" '
        f'preserveAspectRatio="none" fill="none" stroke="#000" stroke-width="2">{lines}</svg>'
    )


def _find_height(share: float) -> float:
    return TALL - ROOM - share * (TALL - 2 * ROOM)
