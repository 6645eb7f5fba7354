"""Estimates one below the other, each with its interval and its words."""

from __future__ import annotations

import pandas as pd

from longevity.charts.drawing import Drawing, Shown, Words
from longevity.charts.kinds.rows import sort_by_city
from longevity.charts.spec import Estimate, Group, Intervals
from longevity.charts.theme import find_symbol


def show_intervals(
    frame: pd.DataFrame,
    drawing: Drawing,
    words: Words,
    *,
    value: str,
    low: str,
    high: str,
    label: str,
    said: str,
    heading: str = "",
    colour: str = "",
    symbol: str = "",
    sign: str = "",
    middle: float | None = None,
    ratio: bool = False,
) -> Shown:
    """Show each row's value between the ends of its interval, in the colour of its city.

    `label`: the words above it, after a `sign`; `said`: those on hover; `heading`: of a group of
    rows. Where `low` is missing nothing is drawn, where `high` is the interval has no end.
    `middle`: where a line stands, named `parts.middle` on the scale.
    """
    groups: dict[str, list[Estimate]] = {}
    headings = {}
    for row in sort_by_city(frame, drawing).to_dict("records"):
        ends = {
            name: None if pd.isna(row[column]) else float(row[column])
            for name, column in (("value", value), ("low", low), ("high", high))
        }
        city = drawing.name_colour(row["city"]) if row.get("city") in drawing.cities else "ink"
        head = row[heading] if heading else ""
        headings[head] = city if head else "ink"
        shade = row[colour] if colour else city
        estimate = Estimate(
            row["name"] if "name" in row else drawing.cities[row["city"]],
            row[label],
            **ends,
            colour=shade,
            symbol=row[symbol] if symbol else find_symbol(shade),
            sign=row[sign] if sign else "",
            hover=row[said],
        )
        groups.setdefault(head, []).append(estimate)
    shown = tuple(Group(tuple(each), head, headings[head]) for head, each in groups.items())
    spec = Intervals(shown or (Group(()),), middle, words.get("parts.middle", ""), ratio)
    return spec, "; ".join(frame[said])
