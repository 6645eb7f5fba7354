"""A tile's line: how a number went over the years, small and without words, as SVG."""

from __future__ import annotations

from collections.abc import Sequence

WIDE, TALL, ROOM = 100, 30, 1.5  # in units of the drawing, which is stretched to its place


def draw_sparkline(values: Sequence[float]) -> str:
    """Return a line through the values, the newest at the right; its foot is zero.

    It is a shape without a colour, to be filled with the colour of the page. `values`: counts, two
    at least.
    """
    step, most = WIDE / (len(values) - 1), max(*values, 1)
    points = " ".join(
        f"{at * step:.1f},{TALL - ROOM - value / most * (TALL - 2 * ROOM):.1f}"
        for at, value in enumerate(values)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {TALL}" '
        f'preserveAspectRatio="none"><polyline points="{points}" fill="none" stroke="#000" '
        'stroke-width="2" vector-effect="non-scaling-stroke"/></svg>'
    )
