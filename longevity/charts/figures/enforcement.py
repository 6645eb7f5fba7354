"""How soon a case is followed up, and how often groups shot before and after notice."""

from __future__ import annotations

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.frames import list_numbers
from longevity.charts.spec import Axis, Estimate, Group, Intervals, Panel, Plot, Series
from longevity.charts.theme import find_symbol
from longevity.measures import wording
from longevity.measures.say import say
from longevity.stats import survival

SHOWN_DAYS = 120  # late answers go on for years; a case is about its first 90 days


def draw_days_to_action(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw the share of cases followed up by each day, with its interval.

    `frame`: `time_to_enforcement`; drawn are steps of one minus the Kaplan–Meier survival.
    """
    curves = build_curves(frame)
    lines = [
        _draw_curve(curve, drawing.cities[city], drawing.name_colour(city))
        for city, curve in drawing.split_by_city(curves)
    ]
    return Chart(
        name="days-to-action",
        title=title,
        subtitle="Share of cases met by enforcement on the group by each day, with the "
        "95% interval (Kaplan–Meier; open cases are censored).",
        spec=Plot(
            (Panel(tuple(lines)),),
            x=Axis(
                title="days since the shooting",
                ticks={day: str(day) for day in (0, 30, 60, 90)},
                ends=(0, SHOWN_DAYS),
            ),
            y=Axis(ends=(0, 102), after="%", hover=".0f"),
            tall=270,
            keyed=True,
        ),
        drawing=drawing,
        alt=_describe_days(curves, drawing),
        table=curves,
    )


def build_curves(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the share followed up, 0 to 1, by day and city from day 0: city, day, answered, low,
    high. `frame`: `time_to_enforcement`.
    """
    parts = [pd.DataFrame(columns=["city", "day", "answered", "low", "high"])]
    for city, rows in frame.groupby("city", sort=False):
        steps = survival.estimate_curve(rows).steps
        answered = 1 - steps["waiting"]
        bounds = {
            "low": (1 - steps["high"]).fillna(answered),
            "high": (1 - steps["low"]).fillna(answered),
        }
        curve = pd.DataFrame({"day": steps["days"], "answered": answered, **bounds})
        start = pd.DataFrame({"day": [0], "answered": [0.0], "low": [0.0], "high": [0.0]})
        parts.append(pd.concat([start, curve]).assign(city=city))
    return pd.concat(parts[1:] or parts, ignore_index=True)[[*parts[0].columns]]


def _draw_curve(curve: pd.DataFrame, name: str, colour: str) -> Series:
    # The steps in sight and the next, to which the last one holds: the axis ends there.
    days = curve.head(int((curve["day"] <= SHOWN_DAYS).sum()) + 1)
    return Series(
        name,
        "line",
        days["day"].tolist(),
        list_numbers(100 * days["answered"]),
        colour,
        low=list_numbers(100 * days["low"]),
        high=list_numbers(100 * days["high"]),
        hover="{y}% followed up by day {x}",
        stepped=True,
    )


def _describe_days(curves: pd.DataFrame, drawing: Drawing) -> str:
    early = curves[curves["day"] <= 30]
    parts = [
        f"{drawing.cities[city]} {100 * curve['answered'].iloc[-1]:.0f}% by day 30"
        for city, curve in drawing.split_by_city(early)
    ]
    return f"Curves of cases followed up by day: {wording.join_words(parts)}."


def draw_before_and_after(rates: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw the rate of shootings after notice over that before, a city a line, with its interval.

    `rates`: `before_after.add_rate_ratios` (NaN for none). A city without a ratio is not drawn.
    """
    drawable = rates[rates["ratio"].notna() & (rates["ratio"] > 0)]
    estimates = [
        Estimate(
            drawing.cities[city],
            f"{drawing.cities[city]}: {row.ratio:.2f}",
            row.ratio,
            low,
            high,
            drawing.name_colour(city),
            find_symbol(drawing.name_colour(city)),
            hover=f"{drawing.cities[city]}: {row.ratio:.2f} times as often "
            f"({low:.2f} to {'more' if high is None else f'{high:.2f}'})",
        )
        for city, rows in drawing.split_by_city(drawable)
        for row in rows.itertuples()
        for low, high in [(row.low if pd.notna(row.low) else 0.0, _read_bound(row.high))]
    ]
    return Chart(
        name="shootings-before-and-after-notice",
        title=title,
        subtitle="Confirmed shootings by the group a week after notice, as a multiple of those "
        "before it; groups seen both before and after, with the exact 95% interval. "
        f"{say('change.holds', now=1)}",
        spec=Intervals(
            (Group(tuple(estimates)),), middle=1, words="as often as before", ratio=True
        ),
        drawing=drawing,
        alt=f"{title}. {'; '.join(estimate.hover for estimate in estimates)}.",
        table=rates,
    )


def _read_bound(value: float) -> float | None:
    return None if pd.isna(value) else value
