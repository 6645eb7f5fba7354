"""A figure as a chart PowerPoint has: kind, categories and series, from its own traces.

What PowerPoint has no kind for (maps, heat maps, bands, steps, several things on one
picture) is `None`, and stands on a slide as a picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from longevity.charts.chart import Figure
from longevity.charts.spec import Axis, Intervals, Panel, Plot, Raw, Row, Rows, Spec
from longevity.charts.spec import Series as Drawn
from longevity.charts.template.intervals import find_ends
from longevity.charts.template.plots import measure_ends
from longevity.charts.template.rows import list_kinds
from longevity.charts.theme import (
    CITY_DASHES,
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
    if isinstance(spec, Raw):
        return native(spec.figure)
    if isinstance(spec, Rows):
        return _build_rows(spec)
    if isinstance(spec, Intervals):
        return _build_intervals(spec)
    return _build_plot(spec) if isinstance(spec, Plot) else None


def _build_intervals(spec: Intervals) -> Native | None:
    """Return bars with error bars, from below; None for several groups and about a middle."""
    told = [each for group in spec.groups for each in group.estimates if each.low is not None]
    ends = [find_ends(each, spec.ratio) for each in told[::-1]]
    finer = spec.middle is not None or any(group.heading for group in spec.groups)
    if not told or finer or any(each.value is None for each in told):
        return None
    series = Series(
        "Value",
        tuple(value for _, value, _ in ends),
        colour=find_colour(LIGHT, told[0].colour),
        colours=tuple(find_colour(LIGHT, each.colour) for each in told[::-1]),
        above=tuple(high - value for _, value, high in ends),
        below=tuple(value - low for low, value, _ in ends),
    )
    names = tuple(each.name for each in told[::-1])
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
            tuple(_number(own.get(kind)) for own in amounts),
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
    told = [
        (_name_series(panel, series, len(plot.panels) > 1), series)
        for panel in plot.panels
        for series in panel.series
        if any(value is not None for value in series.y)
    ]
    if not _is_drawable(plot, told):
        return None
    categories = _sort_categories([series for _, series in told])
    kinds = {"bar": "bars" if plot.lying else "columns", "line": "lines", "points": "points"}
    made = Native(
        kinds[told[0][1].kind],
        tuple(_read_series(series, name, categories, len(told)) for name, series in told),
        tuple(_name_categories(categories, plot.x)),
        stacked=plot.stacked and len(told) > 1,
        labelled=any(series.labels for _, series in told),
        reversed=plot.lying,
        value_title=plot.y.title,
        category_title=plot.x.title,
        number_format=_read_format(plot.y),
    )
    if made.kind == "points" or (made.kind == "lines" and not _even(categories)):
        return _place_points(plot, made, told)
    many = len(told) > 1 and len(told) * len(categories) > MOST_COLUMNS
    if made.kind == "columns" and not made.stacked and many:
        # PowerPoint has no panels: so many columns side by side nobody can follow.
        dashes = [CITY_DASHES[at % len(CITY_DASHES)] for at in range(len(told))]
        lines = zip(made.series, dashes, strict=True)
        return replace(
            made, kind="lines", series=tuple(replace(one, dash=dash) for one, dash in lines)
        )
    return made


def _is_drawable(plot: Plot, told: Sequence[tuple[str, Drawn]]) -> bool:
    """Return whether PowerPoint has the kind, and a legend could tell its series apart."""
    kinds = {series.kind for _, series in told}
    names = {name for name, _ in told}
    finer = any(series.stepped or (series.kind == "line" and series.low) for _, series in told)
    panels = len(plot.panels) > 1 and (plot.lying or plot.stacked)
    told_apart = len(names) == len(told) and (len(told) == 1 or all(names))
    return (
        len(kinds) == 1
        and kinds <= {"bar", "line", "points"}
        and told_apart
        and not (finer or panels)
    )


def _place_points(plot: Plot, made: Native, told: Sequence[tuple[str, Drawn]]) -> Native | None:
    """Return the same as points at their places on a scale of numbers; None for other places."""
    placed = []
    for name, series in told:
        x = tuple(_number(one) for one in series.x)
        if None in x:
            return None
        placed.append(replace(_read_series(series, name, list(series.x), len(told)), x=x))
    return replace(
        made,
        kind="points",
        series=tuple(placed),
        categories=(),
        joined=made.kind == "lines",
        x_format=_read_format(plot.x),
    )


def _name_series(panel: Panel, series: Drawn, several: bool) -> str:
    heading = panel.heading
    return f"{heading}: {series.name}" if several and heading != series.name else series.name


def _sort_categories(told: Sequence[Drawn]) -> list[Any]:
    """Return every category once: numbers and days in order, names as they come."""
    names = list(dict.fromkeys(x for series in told for x in series.x))
    ordered = all(_number(one) is not None or _day(one) is not None for one in names)
    return sorted(names) if ordered and _one_kind(names) else names


def _name_categories(categories: Sequence[Any], axis: Axis) -> list[str]:
    if axis.ticks and all(one in axis.ticks for one in categories):
        return [_bare(axis.ticks[one]) for one in categories]
    return _words(categories)


def _read_series(series: Drawn, name: str, categories: Sequence[Any], of: int) -> Series:
    """Return a series with a value for each category, None where it has none."""
    places = {x: at for at, x in enumerate(series.x)}

    def place(values: Sequence[Any]) -> tuple[Any, ...]:
        found = [places.get(one) for one in categories]
        return tuple(None if at is None else values[at] for at in found) if len(values) else ()

    named = series.colour if isinstance(series.colour, str) else series.colour[0]
    colours = () if isinstance(series.colour, str) else place(series.colour)
    hollow = tuple(bool(each) for each in place(series.hollow))
    return Series(
        name=name or "Series 1",
        values=tuple(_number(each) for each in place(series.y)),
        colour=find_colour(LIGHT, named),
        colours=tuple(find_colour(LIGHT, each) if each else "" for each in colours),
        faint=hollow if any(hollow) else (),
        dash=series.dash or (find_dash(named) if of > 1 else "solid"),
        symbol=series.symbol or find_symbol(named),
        pattern=find_pattern(named),
        above=place(measure_ends(series.high, series.y)) if series.high else (),
        below=place(measure_ends(series.y, series.low)) if series.low else (),
    )


def _read_format(axis: Axis) -> str:
    """Return the number format of an axis, as spreadsheets write it."""
    return _format({"tickformat": axis.form, "tickprefix": axis.before, "ticksuffix": axis.after})


def native(figure: Figure) -> Native | None:
    """The figure as a chart PowerPoint has, or None."""
    traces = [
        trace for trace in figure["data"] if trace.get("visible") not in (False, "legendonly")
    ]
    traces = [trace for trace in traces if not _empty(trace)]
    if not traces or len({trace.get("xaxis", "x") for trace in traces}) > 1:
        return None
    if len(traces) > 1 and not all(trace.get("name") for trace in traces):
        return None  # a legend could not tell them apart
    kinds = {trace.get("type", "scatter") for trace in traces}
    if kinds == {"bar"}:
        return _bars(traces, figure["layout"])
    if kinds == {"scatter"}:
        intervals = _intervals(traces, figure["layout"])
        if intervals is not None:
            return intervals
        return _lines_or_points(traces, figure["layout"])
    return None


def _empty(trace: Figure) -> bool:
    """A trace that only puts an entry in the legend."""
    return all(one is None for one in _list(trace.get("x"))) and all(
        one is None for one in _list(trace.get("y"))
    )


def _bars(traces: Sequence[Figure], layout: Figure) -> Native | None:
    lying = {trace.get("orientation", "v") == "h" for trace in traces}
    mode = layout.get("barmode", "group")
    if len(lying) > 1 or any("base" in trace for trace in traces):
        return None
    if mode == "overlay" and len(traces) > 1 and not _in_rows(traces):
        return None
    flat = lying.pop()
    along, value = ("y", "x") if flat else ("x", "y")
    stacked = mode in ("stack", "relative") and len(traces) > 1
    if stacked and len({trace.get(f"{value}axis", value) for trace in traces}) > 1:
        return None  # bars of different rows do not stand on each other
    axis, other = layout.get(f"{value}axis", {}), layout.get(f"{along}axis", {})
    categories = _categories(traces, along)
    words = None if categories is None else _axis_words(categories, other)
    if categories is None or words is None:
        return None
    series = tuple(
        _series(trace, _placed(trace, along, categories), value, at)
        for at, trace in enumerate(traces)
    )
    kind = "bars" if flat else "columns"
    if not flat and not stacked and len(series) > 1 and len(series) * len(words) > MOST_COLUMNS:
        # PowerPoint has no panels: so many columns side by side nobody can follow.
        kind = "lines"
        series = tuple(
            replace(one, dash=CITY_DASHES[at % len(CITY_DASHES)]) for at, one in enumerate(series)
        )
    return Native(
        kind,
        series,
        tuple(words),
        stacked=stacked,
        labelled=any(_list(trace.get("text")) for trace in traces),
        reversed=other.get("autorange") == "reversed",
        value_title=_title(axis),
        category_title=_title(other),
        number_format=_format(axis),
    )


def _intervals(traces: Sequence[Figure], layout: Figure) -> Native | None:
    """Lying intervals, each low, middle and high on a row with a name, as bars with error bars."""
    axis, other = layout.get("xaxis", {}), layout.get("yaxis", {})
    named = dict(zip(_list(other.get("tickvals")), _list(other.get("ticktext")), strict=False))
    ends, names, colours = [], [], []
    down = _list(other.get("range"))
    # From below, as a slide's bars begin.
    from_below = len(down) == 2 and down[0] > down[1]
    for trace in reversed(traces) if from_below else traces:
        x = [_number(one) for one in _list(trace.get("x"))]
        row = set(_list(trace.get("y")))
        if len(x) != 3 or None in x or len(row) != 1 or not row <= set(named):
            return None
        ends.append([float(one) for one in x if one is not None])
        names.append(_bare(str(named[row.pop()])))
        colours.append(str(trace.get("line", {}).get("color", "")))
    if len(set(names)) < len(names):
        return None
    series = Series(
        _title(axis) or "Value",
        tuple(middle for _, middle, _ in ends),
        colour=colours[0],
        colours=tuple(colours),
        above=tuple(high - middle for _, middle, high in ends),
        below=tuple(middle - low for low, middle, _ in ends),
    )
    return Native(
        "bars",
        (series,),
        tuple(names),
        value_title=_title(axis),
        number_format="#,##0" if _format(axis) == "General" else _format(axis),
    )


def _in_rows(traces: Sequence[Figure]) -> bool:
    """Whether each trace has a row of its own."""
    return len({trace.get("yaxis", "y") for trace in traces}) == len(traces)


def _lines_or_points(traces: Sequence[Figure], layout: Figure) -> Native | None:
    modes = [str(trace.get("mode", "lines")) for trace in traces]
    if any(_not_plain(trace) for trace in traces):
        return None
    joined = [("lines" in mode) for mode in modes]
    if len(set(joined)) > 1 or any(not {"lines", "markers"} & set(m.split("+")) for m in modes):
        return None
    axis, other = layout.get("yaxis", {}), layout.get("xaxis", {})
    if joined[0]:
        categories = _categories(traces, "x")
        if categories is not None and _even(categories):
            series = tuple(
                _series(trace, _placed(trace, "x", categories), "y", at)
                for at, trace in enumerate(traces)
            )
            words = tuple(_words(categories))
            return Native(
                "lines",
                series,
                words,
                value_title=_title(axis),
                category_title=_title(other),
                number_format=_format(axis),
            )
    xs = [[_number(one) for one in _list(trace.get("x"))] for trace in traces]
    ys = [[_number(one) for one in _list(trace.get("y"))] for trace in traces]
    if any(x is None for row in xs for x in row) or any(y is None for row in ys for y in row):
        return None
    series = tuple(
        _series(trace, list(range(len(xs[at]))), "y", at, x=tuple(xs[at]))
        for at, trace in enumerate(traces)
    )
    return Native(
        "points",
        series,
        joined=joined[0],
        number_format=_format(axis),
        x_format=_format(other),
        value_title=_title(axis),
        category_title=_title(other),
    )


def _not_plain(trace: Figure) -> bool:
    """Bands, steps and areas, which PowerPoint's lines are not."""
    return trace.get("fill", "none") != "none" or trace.get("line", {}).get("shape", "") in (
        "hv",
        "vh",
        "hvh",
        "vhv",
    )


def _series(
    trace: Figure, places: Sequence[int | None], value: str, at: int, x: tuple[Number, ...] = ()
) -> Series:
    """The series of one trace; `places` gives, for each category, the trace's own point."""
    marker, line = trace.get("marker", {}), trace.get("line", {})
    given = _list(trace.get(value))

    def told(values: Any) -> tuple[Any, ...]:
        own = _list(values)
        return tuple(own[i] if i is not None and i < len(own) else None for i in places)

    colour = marker.get("color", line.get("color", ""))
    colours = told(colour) if not isinstance(colour, str) else ()
    outline = marker.get("line", {})
    faint = tuple(bool(wide) for wide in told(outline.get("width")))
    if any(faint):  # outlined bars are hollow: the colour of all is that of the line
        colour, colours = outline["color"], ()
    above, below = _errors(trace.get(f"error_{value}", {}))
    shape = marker.get("pattern", {}).get("shape", "")
    symbol = marker.get("symbol", "circle")
    # Cells may be numbers of a ramp rather than colours.
    named = tuple(c if isinstance(c, str) else "" for c in colours)
    return Series(
        name=str(trace.get("name") or f"Series {at + 1}"),
        values=tuple(_number(given[i]) if i is not None else None for i in places),
        x=x,
        colour=colour if isinstance(colour, str) else next((c for c in named if c), ""),
        colours=named if len(set(named)) > 1 else (),
        faint=faint if any(faint) else (),
        dash=str(line.get("dash", "solid")),
        symbol=symbol if isinstance(symbol, str) else "circle",
        pattern=shape if isinstance(shape, str) else "",
        above=tuple(_number(one) for one in told(above)) if above else (),
        below=tuple(_number(one) for one in told(below)) if below else (),
    )


def _errors(bars: Figure) -> tuple[list[Any], list[Any]]:
    above = _list(bars.get("array"))
    symmetric = bars.get("symmetric", "arrayminus" not in bars)
    return above, (above if symmetric else _list(bars.get("arrayminus")))


def _categories(traces: Sequence[Figure], along: str) -> list[Any] | None:
    """Every category once: numbers and days in order, names as they come; None if one repeats."""
    found: dict[Any, None] = {}
    for trace in traces:
        own = _list(trace.get(along))
        if any(isinstance(one, list | tuple) for one in own) or len(set(own)) < len(own):
            return None
        found.update(dict.fromkeys(own))
    names = list(found)
    ordered = all(_number(one) is not None or _day(one) is not None for one in names)
    return sorted(names) if ordered and _one_kind(names) else names


def _one_kind(names: Sequence[Any]) -> bool:
    return len({isinstance(one, str) for one in names}) == 1


def _placed(trace: Figure, along: str, categories: Sequence[Any]) -> list[int | None]:
    own = {one: at for at, one in enumerate(_list(trace.get(along)))}
    return [own.get(one) for one in categories]


def _even(categories: Sequence[Any]) -> bool:
    """Whether steps between categories are alike, so that a line over them is not bent."""
    numbers = [_number(one) for one in categories]
    if all(one is not None for one in numbers):
        values = [float(one) for one in numbers if one is not None]
    else:
        days = [_day(one) for one in categories]
        if any(day is None for day in days):
            return all(isinstance(one, str) for one in categories)
        values = [float(day.toordinal()) for day in days if day is not None]
    steps = [b - a for a, b in pairwise(values)]
    # Months and quarters are not equally long.
    return not steps or max(steps) <= 1.15 * min(steps) or (min(steps) >= 28 and max(steps) <= 31)


def _words(categories: Sequence[Any]) -> list[str]:
    """Categories as text: `Jan 2026` where all are first days of a month."""
    days = [_day(one) for one in categories]
    if days and all(day is not None for day in days):
        known = [day for day in days if day is not None]
        months = all(day.day == 1 for day in known)
        return [f"{day:%b %Y}" if months else day.isoformat() for day in known]
    return [_bare(str(one)) for one in categories]


def _axis_words(categories: Sequence[Any], axis: Figure) -> list[str] | None:
    """Categories as the axis names them; None for places on it that have no name."""
    named = dict(zip(_list(axis.get("tickvals")), _list(axis.get("ticktext")), strict=False))
    if named and all(one in named for one in categories):
        return [_bare(str(named[one])) for one in categories]
    numbers = [_number(one) for one in categories]
    if any(one is not None and one != int(one) for one in numbers):
        return None
    return _words(categories)


def _bare(text: str) -> str:
    """A label without the line breaks and bold signs of Plotly."""
    for sign, instead in (("<br>", " "), ("<b>", ""), ("</b>", ""), ("<i>", ""), ("</i>", "")):
        text = text.replace(sign, instead)
    return text.strip()


def _title(axis: Figure) -> str:
    title = axis.get("title", {})
    return _bare(str(title.get("text", "") if isinstance(title, dict) else title))


def _format(axis: Figure) -> str:
    """The number format of an axis, as spreadsheets write it."""
    given = str(axis.get("tickformat", ""))
    digits = given.split(".")[1][0] if "." in given and given.split(".")[1][:1].isdigit() else "0"
    places = "." + "0" * int(digits) if int(digits) else ""
    if given.endswith("%"):
        return f"0{places}%"
    shown = f"#,##0{places}" if given else "General"
    before, after = str(axis.get("tickprefix", "")), str(axis.get("ticksuffix", ""))
    if before or after:
        shown = f'"{before}"{"#,##0" + places}"{after}"'.replace('""', "")
    return shown


def _list(values: Any) -> list[Any]:
    if values is None or isinstance(values, str | int | float | dict):
        return []
    return list(values)


def _number(value: Any) -> Number:
    """A number as it stands in the figure, None when it is missing or no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        item = getattr(value, "item", None)
        value = item() if item is not None else None
    if value is None or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) else None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if len(str(value)) >= 10 else None
    except ValueError:
        return None
