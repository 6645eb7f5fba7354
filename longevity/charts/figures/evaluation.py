"""The evaluation in pictures: what happened, what was expected, and what could be wrong."""

from __future__ import annotations

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.frames import list_days, list_numbers
from longevity.charts.spec import Axis, Line, Panel, Plot, Series
from longevity.findings import evaluation_text
from longevity.stats import evaluation_checks
from longevity.stats.judged_series import JudgedSeries

MONTHS = Axis(kind="day", hover="%B %Y")
EITHER_WAY = Axis(zero=False, hover=".1f")
LARGE = 2  # standard deviations, between which chance puts 19 of 20


def draw_observed(judged: JudgedSeries, drawing: Drawing, colour: str, title: str) -> Chart:
    """Draw counts by month, what the model expects, and what it would without the program.

    Months left out are hollow; from the launch on what is expected without the program is a dashed
    line in its band. `colour`: its name, as a spec has it.
    """
    months = judged.compare_with_model()
    months["why"] = months["why"].map(evaluation_text.OMISSIONS).fillna("")
    after, counted = months[months["after"]], months[months["count"].notna()]
    counts = counted["count"].astype(int).tolist()
    reasons = [f" (left out: {why})" if why else "" for why in counted["why"]]
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
        list_days(counted["month"]),
        counts,
        colour,
        hollow=[not used for used in counted["used"]],
        hover="{0}{1}",
        details=list(zip(counts, reasons, strict=True)),
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
    launch = Line(x=judged.span.first.isoformat()[:10], words="program begins", leftward=late)
    noun = evaluation_text.NOUNS[judged.measure].capitalize()
    return Chart(
        name=f"evaluation-{judged.measure}",
        title=title,
        subtitle=f"{noun} by month, and in the band the months before the launch "
        "carried on (95% interval); hollow: not in the model.",
        spec=Plot(
            (Panel((without, line, fitted), lines=(launch,)),),
            x=MONTHS,
            y=Axis(hover=".1f"),
            tall=270,
            keyed=True,
        ),
        drawing=drawing,
        alt=evaluation_text.describe_expectation(judged),
        table=months,
    )


def draw_placebos(frame: pd.DataFrame, drawing: Drawing, title: str, alt: str) -> Chart:
    """Draw estimates at dates on which nothing began, each with its interval, round no change.

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
        name="evaluation-placebo-dates",
        title=title,
        subtitle="The same arithmetic at dates before the launch. It should find nothing.",
        spec=Plot((Panel(tuple(points)),), x=MONTHS, y=EITHER_WAY, tall=220, keyed=True),
        drawing=drawing,
        alt=alt,
        table=frame,
    )


def draw_residuals(judged: JudgedSeries, drawing: Drawing, title: str, alt: str) -> Chart:
    """Draw what a level that keeps still leaves unexplained, by month, in standard deviations."""
    steady = judged.steady
    if steady is None:
        raise ValueError("a series without a model leaves nothing unexplained")
    residuals = evaluation_checks.compute_residuals(steady)
    frame = steady.months[["month"]].assign(fitted=steady.fit.mean, residual=residuals)
    days, values = list_days(frame["month"]), list_numbers(residuals, 3)
    bars = Series("residual", "bar", days, values, "quiet")
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
