"""The evaluation in pictures: what happened, what was expected, and what could be wrong."""

from __future__ import annotations

from typing import Any

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.frames import list_days, list_numbers
from longevity.charts.spec import Axis, Estimate, Group, Intervals, Line, Panel, Plot, Series
from longevity.stats.evaluation import Finding
from longevity.text import change_wording, evaluation_text
from longevity.text.effect_wording import format_amount, format_interval, name_measure
from longevity.text.evaluation_refusals import describe_finding_without_estimate

MONTHS = Axis(kind="day", hover="%B %Y")
EITHER_WAY = Axis(zero=False, hover=".1f")
LARGE = 2  # standard deviations, between which chance puts 19 of 20


def draw_observed(finding: Finding, drawing: Drawing, colour: str, name: str, title: str) -> Chart:
    """Draw counts by month, what the model expects, and what it would without the program.

    `found.compare_with_model()`: month, count, used, fitted, without, low, high. Months left out
    are hollow; from the launch on what is expected without the program is a dashed line in its
    band. `colour`: its name, as a spec has it.
    """
    months = evaluation_text.name_omissions(finding.compare_with_model())
    after, counts = months[months["after"]], months[months["count"].notna()]
    reasons = ["" if row.used else f" (left out: {row.why})" for row in counts.itertuples()]
    without = Series(
        "expected without the program",
        "line",
        list_days(after["month"]),
        list_numbers(after["without"], 3),
        low=list_numbers(after["low"], 3),
        high=list_numbers(after["high"], 3),
        dash="dash",
    )
    line = Series(
        "counted",
        "points",
        list_days(counts["month"]),
        counts["count"].astype(int).tolist(),
        colour,
        hollow=[not used for used in counts["used"]],
        hover="{0}{1}",
        details=list(zip(counts["count"].astype(int).tolist(), reasons, strict=True)),
        symbol="circle",
        size=6,
        strength=0.75,
    )
    fitted = Series(
        "expected by the model",
        "line",
        list_days(months["month"]),
        list_numbers(months["fitted"], 3),
        colour,
        dash="solid",
    )
    late = len(after) < len(months) / 2  # on a phone words have room on one side only
    launch = Line(x=finding.span.first.isoformat()[:10], words="program begins", leftward=late)
    noun = name_measure(finding.measure)
    sentences = (
        evaluation_text.describe_expectation(finding.model, finding.effect, noun, finding.span)
        if finding.model is not None and finding.effect is not None
        else describe_finding_without_estimate(finding)
    )
    return Chart(
        name=name,
        title=title,
        subtitle=f"{noun.capitalize()} by month, and in the band the months before the launch "
        "carried on (95% interval); hollow: not in the model.",
        spec=Plot(
            (Panel((without, line, fitted), lines=(launch,)),),
            x=MONTHS,
            y=Axis(hover=".1f"),
            tall=270,
            keyed=True,
        ),
        drawing=drawing,
        alt=sentences,
        table=months,
    )


def draw_estimates(
    frame: pd.DataFrame, drawing: Drawing, name: str, title: str, unit: str
) -> Chart:
    """Draw estimates one below the other, each with its words above and its interval.

    `frame`: label, value, low, high, told.
    """
    rows = list(frame.itertuples())
    amounts = [f"{row.label}: {format_amount(row.value)}" for row in rows]
    intervals = [format_interval(row.low, row.high) for row in rows]
    estimates = [
        Estimate(
            row.label,
            words,
            row.value,
            row.low,
            row.high,
            _name_colour(row),
            hover=f"{words} ({span})",
        )
        for row, words, span in zip(rows, amounts, intervals, strict=True)
    ]
    parts = [f"{words} ({span})" for words, span in zip(amounts, intervals, strict=True)]
    return Chart(
        name=name,
        title=title,
        subtitle=f"More or fewer a {unit} than expected, with the 95% interval. "
        f"{change_wording.explain_interval_that_holds(0)}",
        spec=Intervals((Group(tuple(estimates)),), middle=0),
        drawing=drawing,
        alt="; ".join(parts) or "No estimate.",
        table=frame,
    )


def _name_colour(row: Any) -> str:
    return f"change:{('up' if row.value > 0 else 'down') if row.told else 'unclear'}"


def draw_over_dates(
    frame: pd.DataFrame, drawing: Drawing, name: str, title: str, subtitle: str, alt: str
) -> Chart:
    """Draw estimates at a row of dates, each with its interval, round the line of no change.

    `frame`: month, value, low, high, told.
    """
    has_estimate = frame["told"].astype(bool)
    kinds = (
        ("holds no change", frame[~has_estimate], "circle", "quiet"),
        ("excludes no change", frame[has_estimate], "diamond", "ink"),
    )
    points = [
        Series(
            words,
            "points",
            list_days(rows["month"]),
            list_numbers(rows["value"]),
            colour,
            low=list_numbers(rows["low"]),
            high=list_numbers(rows["high"]),
            hollow=[symbol == "circle"] * len(rows),
            symbol=symbol,
            size=9,
        )
        for words, rows, symbol, colour in kinds
    ]
    return Chart(
        name=name,
        title=title,
        subtitle=subtitle,
        spec=Plot((Panel(tuple(points)),), x=MONTHS, y=EITHER_WAY, tall=220, keyed=True),
        drawing=drawing,
        alt=alt,
        table=frame,
    )


def draw_residuals(frame: pd.DataFrame, drawing: Drawing, title: str, alt: str) -> Chart:
    """Draw what the model leaves unexplained. `frame`: month, residual (in deviations)."""
    days, residuals = list_days(frame["month"]), list_numbers(frame["residual"], 3)
    bars = Series("residual", "bar", days, residuals, "quiet")
    bounds = tuple(Line(y=side) for side in (-LARGE, LARGE))
    return Chart(
        name="evaluation-residuals",
        title=title,
        subtitle="Each month above or below what the model expects, in standard deviations. Chance "
        "leaves no pattern and puts 19 of 20 between the dotted lines.",
        spec=Plot((Panel((bars,), lines=bounds),), x=MONTHS, y=EITHER_WAY, tall=200),
        drawing=drawing,
        alt=alt,
        table=frame,
    )
