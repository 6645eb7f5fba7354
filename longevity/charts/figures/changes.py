"""Changes as a picture: the ratio of now to before, with its interval, a line a baseline."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from longevity.charts.chart import Chart, Drawing, Figure, hand_drawn
from longevity.charts.theme import CHANGE_COLOURS, CHANGE_SYMBOLS, MARK_ROOM, city_colour, layout
from longevity.stats.baselines import BaselineComparison, YearToDate
from longevity.stats.comparison import Outcome
from longevity.text import baselines, change_wording

LINE = 44  # pixels a baseline takes: its words above its interval
HEADING = 34
RATIOS = (0.1, 0.2, 0.5, 1, 2, 5, 10)
WIDEST = 8.0  # an interval that reaches further is drawn to here
PRINTED_LINE = 22  # on paper a baseline's words stand beside its interval, not above it
PRINTED_WORDS = 0.48  # of the width, so that the longest words fit the narrowest picture


def against_baselines(
    told: Sequence[YearToDate],
    names: Mapping[str, str],
    drawing: Drawing,
    least_base: int,
    title: str,
) -> Chart:
    """Every city against every baseline: now as a multiple of it, with its interval.

    `names`: a name for each of `told`. Arrow, colour and words of a line come from one
    comparison, so that they cannot contradict each other.
    """
    lines: list[tuple[BaselineComparison, float]] = []
    notes = drawing.marks()
    at = 0.0
    for city in told:
        notes.append(_heading(city.city, names[city.city], at, drawing))
        at += HEADING
        for against in city.against:
            notes.append(_words(against, at, drawing, least_base))
            lines.append((against, at + LINE * 0.72))
            at += LINE
        at += 6
    traces = [trace for against, y in lines for trace in _line(against, y, drawing)]
    figure = {"data": traces, "layout": _layout(traces, notes, at, drawing)}
    return hand_drawn(
        drawing=drawing,
        name="year-to-date-against-every-baseline",
        title=title,
        subtitle="This year so far as a multiple of each baseline, with its 95 % interval. "
        f"{change_wording.explain_interval_that_holds(1)}",
        figure=figure,
        alt=" ".join(
            f"{names[city.city]}: {baselines.describe_year_to_date(city)}" for city in told
        ),
        table=baselines.build_baseline_table(told, names, least_base),
        print_figure=_printed(told, names, drawing, least_base),
    )


def _printed(
    told: Sequence[YearToDate], names: Mapping[str, str], drawing: Drawing, least_base: int
) -> Figure:
    """The same lines for a picture that is not tall: words at the left, intervals at the right."""
    lines: list[tuple[BaselineComparison, float]] = []
    notes: list[dict[str, Any]] = []
    at = 0.5
    for city in told:
        notes.append(_heading(city.city, names[city.city], at, drawing))
        for against in city.against:
            at += 1
            notes.append(_words(against, at, drawing, least_base))
            lines.append((against, at))
        at += 1.2
    notes = [*drawing.marks(), *(note | {"yanchor": "middle"} for note in notes)]
    traces = [trace for against, y in lines for trace in _line(against, y, drawing)]
    made = _layout(traces, notes, max(1.0, at - 0.6), drawing)
    made["height"] = round(at * PRINTED_LINE) + MARK_ROOM + 40
    made["xaxis"] |= {"domain": [PRINTED_WORDS, 1], "anchor": "y"}
    return {"data": traces, "layout": made}


def _heading(city: str, name: str, at: float, drawing: Drawing) -> dict[str, Any]:
    known = city in drawing.cities
    colour = city_colour(drawing.theme, drawing.position(city)) if known else drawing.theme.ink
    return _note(f"<b>{name}</b>", at, 15, colour)


def _words(
    against: BaselineComparison, at: float, drawing: Drawing, least_base: int
) -> dict[str, Any]:
    words = baselines.describe_comparison(against, least_base)
    colour = CHANGE_COLOURS[drawing.theme.name][words.colour]
    return _note(
        f"<span style='color:{colour}'><b>{words.arrow}</b></span> "
        f"{baselines.BASELINES[against.baseline]}: {words.difference or words.verdict}",
        at,
        13,
        drawing.theme.ink,
    )


def _note(text: str, at: float, size: int, colour: str) -> dict[str, Any]:
    return {
        "text": text,
        "xref": "paper",
        "x": 0,
        "y": at,
        "xanchor": "left",
        "yanchor": "top",
        "showarrow": False,
        "borderpad": 0,
        "font": {"size": size, "color": colour},
    }


def _line(against: BaselineComparison, y: float, drawing: Drawing) -> list[dict[str, Any]]:
    """The interval and the ratio on it; nothing where nothing is known."""
    compared = against.comparison
    if compared.low is None or compared.outcome is Outcome.NONE:
        return []
    low = min(max(compared.low, 1 / WIDEST), WIDEST)
    high = max(low, min(compared.high if compared.high is not None else WIDEST, WIDEST))
    outcome = compared.outcome.value
    colour = CHANGE_COLOURS[drawing.theme.name][outcome]
    # Where nothing happened before there is no ratio, only a least one: a line without a mark.
    ratio = compared.ratio
    middle = high if ratio is None else min(max(ratio, 1 / WIDEST), WIDEST)
    name = baselines.BASELINES[against.baseline]
    said = "no ratio" if ratio is None else f"{ratio:.2f} times {name}"
    return [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": [low, middle, high],
            "y": [y] * 3,
            "line": {"color": colour, "width": 3},
            "marker": {
                "color": colour,
                "size": [1, 1 if ratio is None else 11, 1],
                "symbol": CHANGE_SYMBOLS[outcome],
            },
            "hovertemplate": f"{said}<extra></extra>",
        }
    ]


def _layout(
    traces: Sequence[dict[str, Any]],
    notes: list[dict[str, Any]],
    deep: float,
    drawing: Drawing,
) -> dict[str, Any]:
    ends = [0.5, 2.0, *(x for trace in traces for x in trace["x"])]
    return layout(
        drawing.theme,
        round(deep + MARK_ROOM + 40),
        annotations=notes,
        shapes=[
            {
                "type": "line",
                "x0": 1,
                "x1": 1,
                "yref": "paper",
                "y0": 0,
                "y1": 1,
                "layer": "below",
                "line": {"color": drawing.theme.quiet, "width": 1.5, "dash": "dot"},
            }
        ],
        xaxis={
            "type": "log",
            "tickvals": list(RATIOS),
            "ticktext": ["as many" if value == 1 else f"{value:g}×" for value in RATIOS],
            "range": [math.log10(min(ends) * 0.85), math.log10(max(ends) * 1.15)],
            "showgrid": True,
        },
        yaxis={"range": [deep, 0], "visible": False},
        margin={"l": 8, "r": 8, "t": MARK_ROOM, "b": 30},
    )
