"""Words in a picture: notes, the mark of made-up data, the words of axes, and the key (legend)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from longevity.charts.drawing import Drawing, Figure
from longevity.charts.fonts import measure_width
from longevity.charts.theme import Theme
from longevity.words.language import translate

SYNTHETIC = "SYNTHETIC"
KEY_LINE = 20  # pixels that one line of a key takes
KEY_EDGE = 18  # pixels over and under the lines of a key
PHONE = 350  # pixels that a picture on a phone is wide
ENTRY, LETTER = 44, 7.2  # pixels an entry of a key takes, and each of its letters
TICK = 13  # pixels of the type of an axis
AXIS_GAP = 16  # pixels between the words of an axis and the plot, and over to the edge


def list_marks(drawing: Drawing, **place: Any) -> list[Figure]:
    """Return the mark "SYNTHETIC" of a picture whose data are made up; nothing where they are real.

    It is above the plot at the right, where MARK_ROOM is left for it, unless `place` says another.
    """
    look, word = drawing.theme, translate(SYNTHETIC)
    if not drawing.synthetic:
        return []
    box = {"bordercolor": look.quiet, "borderwidth": 1, "borderpad": 4, "bgcolor": look.ground}
    usual = {"x": 1, "xanchor": "right", "yanchor": "bottom", "yshift": 4, "opacity": 0.85}
    return [write_note(word, look, colour=look.quiet, **box, **(usual | place))]


def write_note(text: str, look: Theme, **more: Any) -> Figure:
    """Return words at a place of the picture: its upper left corner, unless `more` says another.

    `colour`, `size`: of the type; everything else as Plotly has it.
    """
    font = {"size": more.pop("size", 13), "color": more.pop("colour", look.ink)}
    place = {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "xanchor": "left", "yanchor": "top"}
    return {"text": text, **place, "showarrow": False, "borderpad": 0, "font": font, **more}


def measure_side(words: Iterable[str]) -> int:
    """Return the pixels to leave next to a plot for the words of its axis.

    Plotly can find room for them by itself, but then draws the whole picture twice: half of what a
    chart costs a browser.
    """
    lines = (line for word in words for line in re.sub("<(?!br)[^>]*>", "", word).split("<br>"))
    return round(AXIS_GAP + max((1.1 * measure_width(line, TICK) for line in lines), default=0))


def measure_key(names: Sequence[str]) -> int:
    """Return how high the key of these names is on a phone, in pixels; 0 where there are none."""
    wide = [ENTRY + LETTER * len(name) for name in names]
    # Plotly makes every column as wide as the widest name.
    columns = len(wide) if sum(wide) <= PHONE else max(1, int(PHONE // max(wide)))
    return KEY_LINE * -(-len(wide) // columns) + KEY_EDGE if wide else 0


def place_key(below: float, tall: float) -> Figure:
    """Return the settings of a key (legend) `below` pixels under a plot that is so `tall`."""
    return {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": -below / max(1.0, tall),
        "yanchor": "top",
        "traceorder": "normal",
        "itemclick": False,
        "itemdoubleclick": False,
        "font": {"size": 13},
    }


def draw_key_entry(name: str, colour: str, symbol: str = "square", **more: Any) -> Figure:
    """Return a trace that draws nothing but its line in the key (legend)."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [None],
        "y": [None],
        "name": name,
        "marker": {"symbol": symbol, "size": 13, "color": colour, **more},
        "hoverinfo": "skip",
        "showlegend": True,
    }


def draw_rule(look: Theme, **place: Any) -> Figure:
    """Return a dotted line; `place`: Plotly's x0, x1, y0 and y1."""
    line = {"color": look.quiet, "width": 1.5, "dash": "dot"}
    return {"type": "line", "layer": "below", "line": line, **place}
