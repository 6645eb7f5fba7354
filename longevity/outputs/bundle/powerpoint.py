"""A spec as a chart PowerPoint has: kind, categories and series.

What PowerPoint has no kind for (maps, grids, bands, steps, several things on one
picture) is `None`, and stands on a slide as a picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise, zip_longest
from typing import Any

from longevity.charts.spec import Axis, Intervals, Panel, Plot, Row, Rows, Spec
from longevity.charts.spec import Series as SpecSeries
from longevity.charts.template.intervals import find_ends
from longevity.charts.template.plots import measure_ends
from longevity.charts.template.rows import list_kinds
from longevity.charts.theme import (
    LIGHT,
    find_colour,
    find_dash,
    find_pattern,
    find_symbol,
)

Number = float | int | None
MOST_COLUMNS = 60  # side by side on a slide


@dataclass(frozen=True)
class Series:
    """One series: a number a category (None where missing), or a number a point of `x`.

    `colours` and `faint` have one entry a point, or none when the points are alike.
    `above` and `below` are the lengths of error bars, when there are any.
    """

    name: str
    values: tuple[Number, ...]
    x: tuple[Number, ...] = ()
    colour: str = ""
    colours: tuple[str, ...] = ()
    faint: tuple[bool, ...] = ()
    dash: str = "solid"
    symbol: str = "circle"
    pattern: str = ""
    above: tuple[Number, ...] = ()
    below: tuple[Number, ...] = ()


@dataclass(frozen=True)
class Native:
    """A chart of `kind` bars, columns, lines or points; `categories` is empty for points."""

    kind: str
    series: tuple[Series, ...]
    categories: tuple[str, ...] = ()
    stacked: bool = False
    joined: bool = False
    labelled: bool = False
    reversed: bool = False
    value_title: str = ""
    category_title: str = ""
    number_format: str = "General"
    x_format: str = "General"


def build_native(spec: Spec) -> Native | None:
    """Return the chart PowerPoint has of a spec; None where it has none."""
    if isinstance(spec, Rows):
        return _build_rows(spec)
    if isinstance(spec, Intervals):
        return _build_intervals(spec)
    return _build_plot(spec) if isinstance(spec, Plot) else None


def build_panels(spec: Spec) -> tuple[tuple[str, Native], ...]:
    """Return the charts PowerPoint has of a spec, each with its heading; empty where it has none.

    One, but for columns of several panels that side by side nobody could follow: there one each.
    """
    many = isinstance(spec, Plot) and not spec.stacked and not spec.lying and len(spec.panels) > 1
    if many and isinstance(spec, Plot):
        panels = [panel for panel in spec.panels if any(each.y for each in panel.series)]
        columns = sum(len(each.x) for panel in panels for each in panel.series)
        kinds = {each.kind for panel in panels for each in panel.series}
        if kinds == {"bar"} and columns > MOST_COLUMNS:
            each = [
                (each_panel.heading, build_native(replace(spec, panels=(each_panel,))))
                for each_panel in panels
            ]
            return tuple((heading, native) for heading, native in each if native is not None)
    native = build_native(spec)
    return (("", native),) if native is not None else ()


def round_above(values: Sequence[float]) -> float:
    """Return a round number above every value."""
    most = max([1.0, *(float(value) for value in values)])
    unit: float = 10.0 ** math.floor(math.log10(most))
    return next(unit * step for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if unit * step >= most)


def list_ends(native: Native) -> list[float]:
    """Return how far each bar reaches, its error bar counted."""
    return [
        (value or 0) + (more or 0)
        for series in native.series
        for value, more in zip_longest(series.values, series.above)
    ]


def _build_intervals(spec: Intervals) -> Native | None:
    """Return bars with error bars, from below; None for several groups and about a middle."""
    estimates = [each for group in spec.groups for each in group.estimates if each.low is not None]
    ends = [find_ends(each, spec.ratio) for each in estimates[::-1]]
    finer = spec.middle is not None or any(group.heading for group in spec.groups)
    if not estimates or finer or any(each.value is None for each in estimates):
        return None
    series = Series(
        "Value",
        tuple(value for _, value, _ in ends),
        colour=find_colour(LIGHT, estimates[0].colour),
        colours=tuple(find_colour(LIGHT, each.colour) for each in estimates[::-1]),
        above=tuple(high - value for _, value, high in ends),
        below=tuple(value - low for low, value, _ in ends),
    )
    names = tuple(each.name for each in estimates[::-1])
    return Native("bars", (series,), names, number_format="#,##0")


def _build_rows(spec: Rows) -> Native | None:
    """Return bars of parts, from below as PowerPoint begins; None where words stand below each."""
    if not spec.rows or any(row.below for row in spec.rows):
        return None
    names, kinds = _name_rows(spec.rows)[::-1], list_kinds(spec)
    amounts = [{part.kind: part.amount for part in row.parts} for row in spec.rows[::-1]]
    series = tuple(
        Series(
            spec.kinds[kind],
            tuple(_read_number(amount_of.get(kind)) for amount_of in amounts),
            colour=find_colour(LIGHT, kind),
            pattern=find_pattern(kind),
        )
        for kind in kinds
    )
    form = "0%" if spec.shares else "General"
    return Native("bars", series, tuple(names), stacked=len(kinds) > 1, number_format=form)


def _name_rows(rows: Sequence[Row]) -> list[str]:
    """Return each row in words: its heading where there are several, its label, and its note."""
    several = sum(row.heading != "" for row in rows) > 1
    # What is said of every row alike stands over the chart.
    alike = several and len({row.label for row in rows}) == 1
    heading, names = "", []
    for row in rows:
        heading = row.heading or heading
        name = heading if several or not row.label else ""
        words = (name, "" if alike else row.label, row.note)
        names.append(": ".join(word for word in words if word))
    return names


def _build_plot(plot: Plot) -> Native | None:
    """Return bars, lines or points; None for bands, steps, ranges, and several things at once."""
    named_series = [
        (_name_series(panel, series, len(plot.panels) > 1), series)
        for panel in plot.panels
        for series in panel.series
        if any(value is not None for value in series.y)
    ]
    if not _is_drawable(plot, named_series):
        return None
    categories = _sort_categories([series for _, series in named_series])
    kinds = {"bar": "bars" if plot.lying else "columns", "line": "lines", "points": "points"}
    native = Native(
        kinds[named_series[0][1].kind],
        tuple(
            _read_series(series, name, categories, len(named_series))
            for name, series in named_series
        ),
        tuple(_name_categories(categories, plot)),
        stacked=plot.stacked and len(named_series) > 1,
        labelled=any(series.labels for _, series in named_series),
        reversed=plot.lying,
        value_title=plot.y.title,
        category_title=plot.x.title,
        number_format=_read_format(plot.y),
    )
    if native.kind == "points" or (native.kind == "lines" and not _are_even(categories)):
        return _place_points(plot, native, named_series)
    return native


def _is_drawable(plot: Plot, named_series: Sequence[tuple[str, SpecSeries]]) -> bool:
    """Return whether PowerPoint has the kind, and a legend could tell its series apart."""
    kinds = {series.kind for _, series in named_series}
    names = {name for name, _ in named_series}
    finer = any(
        series.stepped or (series.kind == "line" and series.low) for _, series in named_series
    )
    panels = len(plot.panels) > 1 and (plot.lying or plot.stacked)
    told_apart = len(names) == len(named_series) and (len(named_series) == 1 or all(names))
    return (
        len(kinds) == 1
        and kinds <= {"bar", "line", "points"}
        and told_apart
        and not (finer or panels)
    )


def _place_points(
    plot: Plot, native: Native, named_series: Sequence[tuple[str, SpecSeries]]
) -> Native | None:
    """Return the same as points at their places on a scale of numbers; None for other places."""
    placed = []
    for name, series in named_series:
        x = tuple(_read_number(value) for value in series.x)
        if None in x:
            return None
        placed.append(replace(_read_series(series, name, list(series.x), len(named_series)), x=x))
    return replace(
        native,
        kind="points",
        series=tuple(placed),
        categories=(),
        joined=native.kind == "lines",
        x_format=_read_format(plot.x),
    )


def _name_series(panel: Panel, series: SpecSeries, several: bool) -> str:
    heading = panel.heading
    return f"{heading}: {series.name}" if several and heading != series.name else series.name


def _sort_categories(every: Sequence[SpecSeries]) -> list[Any]:
    """Return every category once: numbers and days in order, names as they come."""
    names = list(dict.fromkeys(x for series in every for x in series.x))
    ordered = all(_read_number(name) is not None or _read_day(name) is not None for name in names)
    return sorted(names) if ordered and _are_alike(names) else names


def _name_categories(categories: Sequence[Any], plot: Plot) -> list[str]:
    """Return the name of each category, and what an upright label says instead of a bar."""
    ticks = plot.x.ticks
    if ticks and all(category in ticks for category in categories):
        return [_strip_markup(ticks[category]) for category in categories]
    instead = {n.x: f" {n.text}" for panel in plot.panels for n in panel.labels if n.upright}
    names = _write_categories(categories)
    return [f"{name}{instead.get(x, '')}" for name, x in zip(names, categories, strict=True)]


def _read_series(series: SpecSeries, name: str, categories: Sequence[Any], count: int) -> Series:
    """Return a series with a value for each category, None where it has none."""
    places = {x: at for at, x in enumerate(series.x)}

    def place_values(values: Sequence[Any]) -> tuple[Any, ...]:
        positions = [places.get(category) for category in categories]
        return tuple(None if at is None else values[at] for at in positions) if len(values) else ()

    colour = series.colour if isinstance(series.colour, str) else series.colour[0]
    colours = () if isinstance(series.colour, str) else place_values(series.colour)
    hollow = tuple(bool(each) for each in place_values(series.hollow))
    return Series(
        name=name or "Series 1",
        values=tuple(_read_number(each) for each in place_values(series.y)),
        colour=find_colour(LIGHT, colour),
        colours=tuple(find_colour(LIGHT, each) if each else "" for each in colours),
        faint=hollow if any(hollow) else (),
        dash=series.dash or (find_dash(colour) if count > 1 else "solid"),
        symbol=series.symbol or find_symbol(colour),
        pattern=find_pattern(colour),
        above=place_values(measure_ends(series.high, series.y)) if series.high else (),
        below=place_values(measure_ends(series.y, series.low)) if series.low else (),
    )


def _are_alike(names: Sequence[Any]) -> bool:
    return len({isinstance(name, str) for name in names}) == 1


def _are_even(categories: Sequence[Any]) -> bool:
    """Return whether steps between categories are alike: a line over them is not bent."""
    numbers = [_read_number(category) for category in categories]
    if all(category is not None for category in numbers):
        values = [float(category) for category in numbers if category is not None]
    else:
        days = [_read_day(category) for category in categories]
        if any(day is None for day in days):
            return all(isinstance(category, str) for category in categories)
        values = [float(day.toordinal()) for day in days if day is not None]
    steps = [b - a for a, b in pairwise(values)]
    # Months and quarters are not equally long.
    return not steps or max(steps) <= 1.15 * min(steps) or (min(steps) >= 28 and max(steps) <= 31)


def _write_categories(categories: Sequence[Any]) -> list[str]:
    """Write categories as text: `Jan 2026` where all are first days of a month."""
    days = [_read_day(category) for category in categories]
    if days and all(day is not None for day in days):
        dates = [day for day in days if day is not None]
        months = all(day.day == 1 for day in dates)
        return [f"{day:%b %Y}" if months else day.isoformat() for day in dates]
    return [_strip_markup(str(category)) for category in categories]


def _read_format(axis: Axis) -> str:
    """Return the number format of an axis, as spreadsheets write it."""
    digits = axis.form.partition(".")[2][:1]
    places = "." + "0" * int(digits) if digits.isdigit() and int(digits) else ""
    if axis.before or axis.after:
        return f'"{axis.before}"{"#,##0" + places}"{axis.after}"'.replace('""', "")
    return f"#,##0{places}" if axis.form else "General"


def _strip_markup(text: str) -> str:
    """Return a label without the line breaks and bold signs of Plotly."""
    for sign, instead in (("<br>", " "), ("<b>", ""), ("</b>", ""), ("<i>", ""), ("</i>", "")):
        text = text.replace(sign, instead)
    return text.strip()


def _read_number(value: Any) -> Number:
    """Return a number as it stands in the spec, None when it is missing or no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) else None


def _read_day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if len(str(value)) >= 10 else None
    except ValueError:
        return None
