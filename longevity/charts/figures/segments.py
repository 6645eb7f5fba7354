"""Bars made of named parts: what a whole divides into; the unknown hatched, the lost hollow.

Each bar has its name above it and its parts in words below it, so that it reads
on a telephone and without colours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from longevity.charts.chart import Drawing, Figure
from longevity.charts.theme import MARK_ROOM, STEP_COLOURS, STEP_PATTERNS, layout
from longevity.text import wording

PASSED, ALSO, UNKNOWN, RECENT, LOST = "passed", "also", "unknown", "recent", "lost"
KINDS = (PASSED, ALSO, UNKNOWN, RECENT, LOST)
DIGIT = 0.025  # of a telephone's width, what a digit takes
WITH_NUMBER = (PASSED, LOST)  # on a pattern a number cannot be read
LINE = 17  # pixels of a line of words
BAR = 24
KEYS = 3  # entries of the key that fit a line on a telephone
WIDE = 46  # characters that fit a line on a telephone


@dataclass(frozen=True)
class Part:
    """One part of a bar: its kind, how many, and the words for them after the number."""

    kind: str
    count: int
    words: str


@dataclass(frozen=True)
class Bar:
    """One bar: its heading, its parts in order, and what its whole is."""

    heading: str
    parts: tuple[Part, ...]

    @property
    def whole(self) -> int:
        """How many the parts add up to."""
        return sum(part.count for part in self.parts)


def figure(bars: Sequence[Bar], drawing: Drawing, names: Mapping[str, str]) -> Figure:
    """The bars one below the other on one scale, with a key of the kinds in use.

    `names` gives the key's words for each kind that may occur, in their order.
    """
    words = [_wrapped(_said(bar)) for bar in bars]
    tops = _tops(words)
    height = tops[-1]
    longest = max([bar.whole for bar in bars] + [1])
    middles = [-(top + LINE + 6 + BAR / 2) for top in tops[:-1]]
    used = [k for k in names if any(p.kind == k and p.count for bar in bars for p in bar.parts)]
    notes = drawing.marks()
    for bar, top, lines in zip(bars, tops, words, strict=False):
        notes.append(_note(f"<b>{bar.heading}</b>", -top, drawing.theme.ink, 14))
        notes.append(_note("<br>".join(lines), -(top + LINE + BAR + 12), drawing.theme.quiet, 13))
    key = 25 * -(-len(used) // KEYS)
    return {
        "data": [_trace(kind, bars, middles, names[kind], drawing, longest) for kind in used],
        "layout": layout(
            drawing.theme,
            height + MARK_ROOM + key + 8,
            annotations=notes,
            barmode="stack",
            bargap=0,
            showlegend=bool(used),
            # A number that does not fit its part is left to the words below.
            uniformtext={"mode": "hide", "minsize": 11},
            legend={
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 1 + MARK_ROOM / (height + 8),  # above the mark of synthetic data
                "yanchor": "bottom",
                "itemclick": False,
                "itemdoubleclick": False,
                "traceorder": "normal",
                "font": {"size": 13},
            },
            xaxis={"range": [0, longest * 1.01], "visible": False},
            yaxis={"range": [-height - 8, 0], "visible": False, "rangemode": "normal"},
            margin={"l": 2, "r": 2, "t": MARK_ROOM + key, "b": 0, "autoexpand": False},
        ),
    }


def _tops(words: Sequence[Sequence[str]]) -> list[int]:
    """Where each bar's heading begins, in pixels from the top, and where the last ends."""
    tops = [0]
    for lines in words:
        tops.append(tops[-1] + LINE + BAR + 12 + LINE * len(lines) + 16)
    return tops


def _said(bar: Bar) -> list[str]:
    return [f"{wording.format_number(part.count)} {part.words}" for part in bar.parts if part.count]


def _wrapped(parts: Sequence[str]) -> list[str]:
    """The parts in lines that a telephone can show, none broken in two."""
    lines: list[str] = []
    for at, part in enumerate(parts):
        ended = part if at + 1 == len(parts) else f"{part};"
        if lines and len(lines[-1]) + 1 + len(ended) <= WIDE:
            lines[-1] += f" {ended}"
        else:
            lines.append(ended)
    return lines or ["none"]


def _note(text: str, y: float, colour: str, size: int) -> dict[str, Any]:
    return {
        "text": text,
        "xref": "paper",
        "yref": "y",
        "x": 0,
        "y": y,
        "xanchor": "left",
        "yanchor": "top",
        "align": "left",
        "showarrow": False,
        "borderpad": 0,
        "font": {"size": size, "color": colour},
    }


def _trace(
    kind: str,
    bars: Sequence[Bar],
    middles: Sequence[float],
    name: str,
    drawing: Drawing,
    longest: int,
) -> dict[str, Any]:
    found = [
        (bar, part, middle)
        for bar, middle in zip(bars, middles, strict=True)
        for part in bar.parts
        if part.kind == kind and part.count
    ]
    return {
        "type": "bar",
        "orientation": "h",
        "x": [part.count for _, part, _ in found],
        "y": [middle for _, _, middle in found],
        "width": BAR,
        "name": name,
        "marker": _marker(kind, drawing),
        "text": [_number(kind, part.count, longest) for _, part, _ in found],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {
            "size": 13,
            "color": drawing.theme.ground if kind == PASSED else drawing.theme.ink,
        },
        "customdata": [
            [
                bar.heading,
                f"{wording.format_number(part.count)} of {wording.format_number(bar.whole)}",
                part.words,
            ]
            for bar, part, _ in found
        ],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]} %{customdata[2]}<extra></extra>",
    }


def _number(kind: str, count: int, longest: int) -> str:
    """The number written in a part, where it fits one on a telephone."""
    said = wording.format_number(count)
    fits = count >= DIGIT * (1 + len(said)) * longest
    return said if kind in WITH_NUMBER and fits else ""


def _marker(kind: str, drawing: Drawing) -> dict[str, Any]:
    """How a kind is filled: those lost are hollow, they are no longer there."""
    colour = STEP_COLOURS[drawing.theme.name][kind]
    hollow = kind == LOST
    return {
        "color": drawing.theme.ground if hollow else colour,
        "line": {"color": colour if hollow else drawing.theme.ground, "width": 1.5},
        "pattern": {
            "shape": STEP_PATTERNS[kind],
            "fillmode": "overlay",
            "fgcolor": drawing.theme.ground,
            "size": 6,
            "solidity": 0.35,
        },
    }
