"""The evaluation in pictures: what happened, what would be expected, and what could be wrong."""

from __future__ import annotations

from typing import Any

import pandas as pd

from longevity.charts.chart import Chart, Drawing, hand_drawn
from longevity.charts.theme import CHANGE_COLOURS, MARK_ROOM, layout
from longevity.stats.evaluation import Finding
from longevity.text import change_wording, evaluation_text
from longevity.text.effect_wording import format_amount, format_interval, name_measure
from longevity.text.evaluation_refusals import describe_finding_without_estimate

LEGEND = 46
ROW = 50  # pixels of an estimate with its words above it


def observed(found: Finding, drawing: Drawing, colour: str, name: str, title: str) -> Chart:
    """Counts by month, what the model expects, and what it would without the program.

    `found.compare_with_model()`: month, count, used, fitted, without, low, high. Months left out
    are hollow; from the launch on what is expected without the program is a dashed line in its
    band.
    """
    shown = evaluation_text.name_omissions(found.compare_with_model())
    after = shown[shown["after"]]
    theme = drawing.theme
    traces = [
        _edge(after, "low", theme.quiet),
        _edge(after, "high", theme.quiet) | {"fill": "tonexty", "fillcolor": _pale(theme.quiet)},
        _points(shown, colour),
        _line(shown, "fitted", "expected by the model", colour, "solid"),
        _line(after, "without", "expected without the program", theme.ink, "dash"),
    ]
    begins = found.span.first.isoformat()[:10]
    late = len(after) < len(shown) / 2
    figure = {
        "data": traces,
        "layout": layout(
            theme,
            380,
            annotations=[*drawing.marks(above=LEGEND), _begins(begins, late, theme.quiet)],
            shapes=[_at(begins, theme.quiet)],
            showlegend=True,
            legend={
                "orientation": "h",
                "x": 0,
                "y": 1,
                "yanchor": "bottom",
                "traceorder": "normal",
                "itemclick": False,
            },
            xaxis={"type": "date"},
            margin={"l": 8, "r": 8, "t": MARK_ROOM + LEGEND, "b": 8},
        ),
    }
    noun = name_measure(found.measure)
    told = (
        evaluation_text.describe_expectation(found.model, found.effect, noun, found.span)
        if found.model is not None and found.effect is not None
        else describe_finding_without_estimate(found)
    )
    return hand_drawn(
        drawing=drawing,
        name=name,
        title=title,
        subtitle=f"{noun.capitalize()} by month. The band: where the months before the "
        "launch, carried on, would lie (95 % interval). Hollow: months the model does not use.",
        figure=figure,
        alt=told,
        table=shown,
    )


def _points(shown: pd.DataFrame, colour: str) -> dict[str, Any]:
    known = shown[shown["count"].notna()]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": _days(known["month"]),
        "y": [int(count) for count in known["count"]],
        "name": "counted",
        "marker": {
            "size": 6,
            "color": colour,
            "symbol": ["circle" if used else "circle-open" for used in known["used"]],
            "opacity": 0.75,
        },
        "customdata": ["" if used else f" (left out: {why})" for used, why in _reasons(known)],
        "hovertemplate": "%{x|%B %Y}: %{y}%{customdata}<extra></extra>",
    }


def _reasons(known: pd.DataFrame) -> list[tuple[bool, str]]:
    return list(zip(known["used"], known["why"], strict=True))


def _line(shown: pd.DataFrame, column: str, name: str, colour: str, dash: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": _days(shown["month"]),
        "y": shown[column].round(3).tolist(),
        "name": name,
        "line": {"color": colour, "width": 2.2, "dash": dash},
        "hovertemplate": "%{x|%B %Y}: %{y:.1f}<extra>" + name + "</extra>",
    }


def _edge(after: pd.DataFrame, column: str, colour: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": _days(after["month"]),
        "y": after[column].round(3).tolist(),
        "line": {"width": 0, "color": colour},
        "showlegend": False,
        "hoverinfo": "skip",
    }


def estimates(frame: pd.DataFrame, drawing: Drawing, name: str, title: str, per: str) -> Chart:
    """Estimates one below the other, each with its words above and its interval.

    `frame`: label, value, low, high, told.
    """
    traces, notes, _ = _intervals(frame, drawing)
    ends = [0.0, *frame["low"].astype(float), *frame["high"].astype(float)]
    reach = max(map(abs, ends)) * 1.08 or 1.0
    return hand_drawn(
        drawing=drawing,
        name=name,
        title=title,
        subtitle=f"More or fewer a {per} than expected, with the 95 % interval. "
        f"{change_wording.explain_interval_that_holds(0)}",
        figure={
            "data": traces,
            "layout": layout(
                drawing.theme,
                ROW * max(1, len(frame)) + MARK_ROOM + 36,
                annotations=[*drawing.marks(), *notes],
                shapes=[_zero(drawing.theme.quiet)],
                xaxis={"range": [-reach, reach], "showgrid": True, "zeroline": False},
                yaxis={"range": [ROW * max(1, len(frame)), 0], "visible": False},
                margin={"l": 8, "r": 8, "t": MARK_ROOM, "b": 28},
            ),
        },
        alt="; ".join(
            f"{row.label}: {format_amount(row.value)} ({format_interval(row.low, row.high)})"
            for row in frame.itertuples()
        )
        or "No estimate.",
        table=frame,
    )


def _intervals(
    frame: pd.DataFrame, drawing: Drawing
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int]:
    traces, notes = [], []
    for at, row in enumerate(frame.itertuples()):
        colour = _colour(row, drawing)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": [row.low, row.value, row.high],
                "y": [ROW * at + 36] * 3,
                "line": {"color": colour, "width": 3},
                "marker": {"color": colour, "size": [1, 10, 1]},
                "hovertemplate": f"{format_amount(row.value)} "
                f"({format_interval(row.low, row.high)})<extra></extra>",
            }
        )
        notes.append(
            {
                "text": f"{row.label}: {format_amount(row.value)}",
                "xref": "paper",
                "x": 0,
                "y": ROW * at + 4,
                "xanchor": "left",
                "yanchor": "top",
                "showarrow": False,
                "borderpad": 0,
                "font": {"size": 13, "color": drawing.theme.ink},
            }
        )
    return traces, notes, len(frame)


def over_time(
    frame: pd.DataFrame, drawing: Drawing, name: str, title: str, subtitle: str, alt: str
) -> Chart:
    """Estimates at a row of dates, each with its interval, round the line of no change.

    `frame`: month, value, low, high, told.
    """
    traces = [
        {
            "type": "scatter",
            "mode": "markers",
            "x": _days(part["month"]),
            "y": part["value"].astype(float).tolist(),
            "name": "excludes no change" if told else "holds no change",
            "marker": {
                "size": 9,
                "symbol": "diamond" if told else "circle-open",
                "color": drawing.theme.ink if told else drawing.theme.quiet,
            },
            "error_y": {
                "type": "data",
                "symmetric": False,
                "array": (part["high"] - part["value"]).astype(float).tolist(),
                "arrayminus": (part["value"] - part["low"]).astype(float).tolist(),
                "thickness": 1.5,
                "width": 3,
            },
            "hovertemplate": "%{x|%B %Y}: %{y:.1f}<extra></extra>",
        }
        for told in (False, True)
        if len(part := frame[frame["told"].astype(bool) == told])
    ]
    return hand_drawn(
        drawing=drawing,
        name=name,
        title=title,
        subtitle=subtitle,
        figure={
            "data": traces,
            "layout": layout(
                drawing.theme,
                300,
                annotations=drawing.marks(above=LEGEND // 2),
                showlegend=True,
                legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
                xaxis={"type": "date"},
                yaxis={"rangemode": "normal", "zeroline": True, "zerolinewidth": 2},
                margin={"l": 8, "r": 8, "t": MARK_ROOM + LEGEND // 2, "b": 8},
            ),
        },
        alt=alt,
        table=frame,
    )


def residuals(frame: pd.DataFrame, drawing: Drawing, title: str, alt: str) -> Chart:
    """What the model leaves unexplained, by month. `frame`: month, residual (in deviations)."""
    return hand_drawn(
        drawing=drawing,
        name="evaluation-residuals",
        title=title,
        subtitle="Each month above or below what the model expects, in standard deviations. Chance "
        "leaves no pattern and puts 19 of 20 between the dotted lines.",
        figure={
            "data": [
                {
                    "type": "bar",
                    "x": _days(frame["month"]),
                    "y": frame["residual"].round(3).tolist(),
                    "marker": {"color": drawing.theme.quiet},
                    "hovertemplate": "%{x|%B %Y}: %{y:.1f}<extra></extra>",
                }
            ]
            if len(frame)
            else [],
            "layout": layout(
                drawing.theme,
                260,
                annotations=drawing.marks(),
                shapes=[_level(side, drawing.theme.quiet) for side in (-2, 2)],
                xaxis={"type": "date"},
                yaxis={"rangemode": "normal", "zeroline": True},
                margin={"l": 8, "r": 8, "t": MARK_ROOM, "b": 8},
            ),
        },
        alt=alt,
        table=frame,
    )


def _colour(row: Any, drawing: Drawing) -> str:
    outcome = ("up" if row.value > 0 else "down") if row.told else "unclear"
    return CHANGE_COLOURS[drawing.theme.name][outcome]


def _days(months: pd.Series) -> list[str]:
    return [month.isoformat()[:10] for month in months]


def _pale(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, 0.22)"


def _begins(day: str, late: bool, colour: str) -> dict[str, Any]:
    """The words at the launch, on the side that has room for them on a phone."""
    return {
        "text": "program begins",
        "x": day,
        "y": 1,
        "yref": "paper",
        "xanchor": "right" if late else "left",
        "yanchor": "top",
        "xshift": -4 if late else 4,
        "showarrow": False,
        "font": {"size": 12, "color": colour},
    }


def _at(day: str, colour: str) -> dict[str, Any]:
    line = {"color": colour, "width": 1.5, "dash": "dot"}
    return {"type": "line", "x0": day, "x1": day, "yref": "paper", "y0": 0, "y1": 1, "line": line}


def _zero(colour: str) -> dict[str, Any]:
    line = {"color": colour, "width": 1.5, "dash": "dot"}
    return {"type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1, "line": line}


def _level(value: float, colour: str) -> dict[str, Any]:
    line = {"color": colour, "width": 1.2, "dash": "dot"}
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": value,
        "y1": value,
        "line": line,
    }
