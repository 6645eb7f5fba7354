"""Estimates one below the other, each with its interval and its words."""

from __future__ import annotations

import math
from dataclasses import dataclass

from longevity.charts.spec import Estimate, Group, Intervals
from longevity.charts.template.words import Made, draw_rule, list_marks, write_note
from longevity.charts.theme import MARK_ROOM, Theme, build_layout, find_colour

RATIOS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)
WIDEST = 8.0  # an interval of ratios that reaches further is drawn to here
FOOT = 36  # pixels under the last one for the scale
INDENT = 4  # pixels, so that the line at nought does not cross the first letter
MOST_ABOVE = 8  # more of them on paper have their words beside them


@dataclass(frozen=True)
class _Steps:
    """How many pixels a heading, an estimate and the end of a group take.

    `words`: how far down an estimate its words begin; `line`: its interval. `beside`: of the
    width, what words at the left take, 0 where they stand above.
    """

    heading: int
    estimate: int
    end: int
    words: int
    line: int
    note_size: float


ABOVE = _Steps(heading=32, estimate=46, end=6, words=2, line=34, note_size=0)
BESIDE = _Steps(heading=22, estimate=22, end=8, words=11, line=11, note_size=0.48)


def draw_intervals(spec: Intervals, look: Theme, synthetic: bool) -> Made:
    """Return the estimates as a Plotly figure, words above each."""
    return _draw(spec, look, synthetic, ABOVE)


def draw_beside(spec: Intervals, look: Theme, synthetic: bool) -> Made | None:
    """Return the same for paper with words at the left; None where there are few."""
    many = sum(len(group.estimates) for group in spec.groups)
    return _draw(spec, look, synthetic, BESIDE) if many > MOST_ABOVE else None


def _draw(spec: Intervals, look: Theme, synthetic: bool, steps: _Steps) -> Made:
    traces, notes, at = [], list_marks(look, synthetic), 0.0
    middle = {"yanchor": "middle"} if steps.note_size else {}
    for group in spec.groups:
        if group.heading:
            down = at + (steps.heading / 2 if steps.note_size else 4)
            notes.append(_write_heading(group, look, y=down, yref="y", **middle))
            at += steps.heading
        for estimate in group.estimates:
            words = _write_words(estimate, look)
            notes.append(
                write_note(words, look, yref="y", y=at + steps.words, xshift=INDENT, **middle)
            )
            if estimate.low is not None:
                traces.append(_draw_line(estimate, at + steps.line, spec.ratio, look))
            at += steps.estimate
        at += steps.end
    deep = max(at, float(steps.estimate))
    middle_line = (
        [draw_rule(look, x0=spec.middle, x1=spec.middle, yref="paper", y0=0, y1=1)]
        if spec.middle is not None
        else []
    )
    return {
        "data": traces,
        "layout": build_layout(
            look,
            round(deep + MARK_ROOM + FOOT),
            annotations=notes,
            shapes=middle_line,
            xaxis=_scale(spec, traces)
            | ({"domain": [steps.note_size, 1], "anchor": "y"} if steps.note_size else {}),
            yaxis={"range": [deep, 0], "visible": False},
            margin={"l": 16, "r": 16, "t": MARK_ROOM, "b": FOOT},
        ),
    }


def _write_heading(group: Group, look: Theme, **place: object) -> Made:
    colour = find_colour(look, group.colour)
    return write_note(
        f"<b>{group.heading}</b>", look, size=15, colour=colour, xshift=INDENT, **place
    )


def _write_words(estimate: Estimate, look: Theme) -> str:
    if not estimate.sign:
        return estimate.words
    colour = find_colour(look, estimate.colour)
    return f"<span style='color:{colour}'><b>{estimate.sign}</b></span> {estimate.words}"


def find_ends(estimate: Estimate, ratio: bool) -> tuple[float, float, float]:
    """Return where an interval begins, its value and where it ends, as far as it is drawn.

    Without a value it is a line to its end: only a least one is known.
    """
    low = float(estimate.low or 0)
    high = math.inf if estimate.high is None else float(estimate.high)
    value = estimate.value
    if ratio:  # which has no place for nought
        value = None if value is None else float(value) or 1 / WIDEST
        low = min(max(low, min(1 / WIDEST, value or 1.0)), WIDEST)
        high = max(low, min(high, max(WIDEST, value or 1.0)))
    return low, high if value is None else float(value), high


def _draw_line(estimate: Estimate, y: float, ratio: bool, look: Theme) -> Made:
    colour = find_colour(look, estimate.colour)
    size = 1 if estimate.value is None else 11
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": estimate.name,
        "x": list(find_ends(estimate, ratio)),
        "y": [y] * 3,
        "line": {"color": colour, "width": 3},
        "marker": {"color": colour, "size": [1, size, 1], "symbol": estimate.symbol},
        "hovertemplate": f"{estimate.hover or estimate.words}<extra></extra>",
    }


def _scale(spec: Intervals, traces: list[Made]) -> Made:
    ends = [x for trace in traces for x in trace["x"]]
    if spec.ratio:
        least, most = min([0.5, *ends]), max([2.0, *ends])
        words = [spec.words if at == 1 and spec.words else f"{at:g}×" for at in RATIOS]
        return {
            "type": "log",
            "tickvals": list(RATIOS),
            "ticktext": words,
            "range": [math.log10(least * 0.85), math.log10(most * 1.15)],
            "showgrid": True,
        }
    if spec.middle is None:
        return {"rangemode": "tozero", "showgrid": True}
    reach = max([abs(x - spec.middle) for x in ends], default=1.0) * 1.08 or 1.0
    around = [spec.middle - reach, spec.middle + reach]
    return {"range": around, "showgrid": True, "zeroline": False}
