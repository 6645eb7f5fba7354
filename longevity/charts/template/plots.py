"""Plots: lines, bars, stacked bars and points, in one panel or several on one scale."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from longevity.charts.spec import Axis, Panel, Plot, Series, Value
from longevity.charts.template.words import (
    PAPER,
    PHONE,
    Made,
    draw_key_entry,
    draw_rule,
    list_marks,
    measure_key,
    measure_side,
    place_key,
    write_note,
)
from longevity.charts.theme import (
    MARK_ROOM,
    Theme,
    build_layout,
    find_colour,
    find_dash,
    find_edge,
    find_ink,
    find_symbol,
    make_pale,
)

FOOT = 33  # pixels under a plot for the axis
TITLE = 29  # pixels that its title takes
HEADING = 26  # above panels that stand side by side
OUTLINE = 1.5  # pixels round a bar that is hollow
BAND = 0.18
BARS = ("bar", "outline")
ROOM_OF_BOTH = 1.55  # times the most, for the words of a line over the numbers on bars
SLOT = 0.8  # of the way from one whole number to the next, that a bar is wide


def draw_plot(plot: Plot, look: Theme, synthetic: bool, on_paper: bool = False) -> Made:
    """Return the plot as a Plotly figure; on paper its key may take more room across."""
    count = max(1, len(plot.panels))
    unified = _is_unified(plot)
    traces, entries, notes, shapes, axes = [], [], [], [], {}
    keyed: list[str] = []
    for at, panel in enumerate(plot.panels):
        number = "" if at == 0 else str(at + 1)
        axis = f"{'x' if plot.lying else 'y'}{number}"
        for series in panel.series:
            if not len(series.x):
                continue
            first = plot.keyed and series.keyed and series.name not in keyed
            keyed += [series.name] if first else []
            apart = count > 1 and _is_in_panels_colour(series, panel)
            if first and apart:
                entries.append(_draw_entry(series, look))
            in_key = first and not apart
            traces += _draw_series(series, panel, plot, axis, look, unified, in_key)
        axes[f"{axis[0]}axis{number}"] = _draw_scale(plot, at, look)
        notes += _list_words(panel, plot, at, axis, look)
        shapes += _list_lines(panel, axis, look)
    key = measure_key(keyed, PAPER if on_paper else PHONE)
    wrapped = any("<br>" in words for words in plot.x.ticks.values())
    level = plot.y if plot.lying else plot.x
    foot = FOOT + TITLE * bool(level.title) + 22 * wrapped
    room = foot + (key + 4 if key else 0)
    top = MARK_ROOM + (HEADING if plot.lying and count > 1 else 0)
    tall = _measure_panels(plot)
    marks = list_marks(look, synthetic, plot.published, top - MARK_ROOM)
    layout = build_layout(
        look,
        round(tall + top + room),
        annotations=[*marks, *notes],
        shapes=shapes,
        showlegend=plot.keyed,
        legend=place_key(foot + 4, tall),
        margin={"l": _measure_side(plot), "r": plot.label_room, "t": top, "b": room},
        **axes,
    )
    along = "yaxis" if plot.lying else "xaxis"
    layout[along] |= _draw_axis(plot.x, look)
    if plot.lying:
        layout[along] |= {"showgrid": False, "zeroline": False}
        layout[along]["categoryarray"] = list(plot.x.names)[::-1]
    else:
        layout[along]["anchor"] = "y" if count <= 1 else f"y{count}"
    if any(series.kind in BARS for panel in plot.panels for series in panel.series):
        layout |= {"barmode": _choose_mode(plot), "bargap": 0.2}
    if plot.stacked:
        # A number that does not fit its part is left to the hover.
        layout["uniformtext"] = {"mode": "hide", "minsize": 11}
    if unified:
        layout |= {"hovermode": "x unified"} | ({"hoversubplots": "axis"} if count > 1 else {})
        ground = {"bgcolor": look.ground, "bordercolor": look.quiet}
        layout["hoverlabel"] |= ground
        layout["hoverlabel"]["font"] |= {"color": look.ink}
        layout[along]["unifiedhovertitle"] = {"text": _fill_words(plot.hover, plot)}
    return {"data": [*traces, *entries], "layout": layout}


def _is_in_panels_colour(series: Series, panel: Panel) -> bool:
    """Return whether each panel draws it in a colour of its own, so that the key has none."""
    return series.kind != "line" and series.colour == panel.colour != "ink"


def _draw_entry(series: Series, look: Theme) -> Made:
    """Return an entry of the key in ink."""
    symbol = "circle" if series.kind == "points" else "square"
    return draw_key_entry(series.name, look.ink, symbol, opacity=series.strength)


def _measure_panels(plot: Plot) -> int:
    """Return the pixels of all panels, without what stands around them."""
    if plot.lying:
        names = plot.x.names or {x for p in plot.panels for s in p.series for x in s.x}
        return plot.tall * max(1, len(names))
    return plot.tall * max(1, len(plot.panels))


def _measure_side(plot: Plot) -> int:
    """Return the pixels at the left that the words of the axis there take."""
    axis = plot.x if plot.lying else plot.y
    if not axis.visible:
        return 8
    words: list[str] = [*axis.ticks.values()] or [str(name) for name in axis.names]
    if not words and axis.kind == "number":
        words = [f"{axis.before}{_write_longest(plot)}{axis.after}"]
    return measure_side(words) + TITLE * bool(axis.title)


def _write_longest(plot: Plot) -> str:
    """Return the longest number of the axis of the amounts; up to five it has decimals."""
    if plot.y.form.endswith("s"):
        return "000k"
    amounts = [y for panel in plot.panels for one in panel.series for y in (*one.y, *one.low)]
    most = max([find_top(plot), *(abs(y) for y in amounts if isinstance(y, int | float))])
    least = "" if plot.y.zero else "−"
    return f"{least}{most:{',' if ',' in plot.y.form else ''}.{int(most < 5)}f}"


def _choose_mode(plot: Plot) -> str:
    if plot.stacked:
        return "stack"
    kinds = {series.kind for panel in plot.panels for series in panel.series}
    return "overlay" if "outline" in kinds else "group"


def _is_unified(plot: Plot) -> bool:
    """Return whether a hover tells of every line at one place of the axis at once.

    Lines whose own words name the place are told one by one.
    """
    hoverable = [s for panel in plot.panels for s in panel.series if s.hover]
    lines = [s for s in hoverable if s.kind == "line" and "{x}" not in s.hover]
    return (
        not plot.lying and len(lines) > 1 and all(s.kind in ("line", "points") for s in hoverable)
    )


def find_top(plot: Plot) -> float:
    """Return the largest amount of any panel, ends of intervals with it; 1 where there is none."""
    most = [1.0]
    for panel in plot.panels:
        piled: dict[Value, float] = defaultdict(float)
        for series in panel.series:
            for x, y in zip(series.x, series.y, strict=True):
                if plot.stacked:
                    piled[x] += float(y or 0)
                elif isinstance(y, int | float):
                    most.append(float(y))
            most += [float(y) for y in series.high if isinstance(y, int | float)]
        most += piled.values()
    return max(most)


def _draw_scale(plot: Plot, at: int, look: Theme) -> Made:
    """Return the axis of the amounts of one panel, alike for all."""
    axis, count = plot.y, len(plot.panels)
    scale: Made = build_layout(look, 0)["yaxis"] | _draw_axis(axis, look)
    headed = count > 1 or any(panel.heading for panel in plot.panels)
    worded = any(line.words for panel in plot.panels for line in panel.lines)
    labelled = any(series.labels for panel in plot.panels for series in panel.series)
    if axis.ends is None and (count > 1 or (worded and labelled)):
        room = ROOM_OF_BOTH if worded and labelled else 1.25 if worded else 1.08
        scale["range"] = [0, find_top(plot) * room]
    if not headed:
        return scale
    if plot.lying:
        wide = 1 / count
        return scale | {"domain": [at * wide, (at + 0.9) * wide]}
    tall, top = 1 / count, 1 - at / count
    if not axis.ticks:
        scale["nticks"] = axis.most_ticks or 4
    return scale | {"domain": [max(0.0, top - tall * 0.95), top - tall * 0.2]}


def _draw_axis(axis: Axis, look: Theme) -> Made:
    keys: Made = {} if axis.kind == "number" else {"type": "date"}
    if axis.kind == "name":
        keys = {"type": "category", "categoryorder": "array", "categoryarray": list(axis.names)}
    if axis.title:
        font = {"size": 13, "color": look.quiet}
        keys["title"] = {"text": axis.title, "font": font, "standoff": 8}
    for key, value in (
        ("tickformat", axis.form),
        ("hoverformat", axis.hover),
        ("tickprefix", axis.before),
        ("ticksuffix", axis.after),
        ("nticks", axis.most_ticks),
    ):
        if value:
            keys[key] = value
    if axis.ends is not None:
        keys["range"] = list(axis.ends)
    if axis.ticks:
        keys |= {"tickvals": list(axis.ticks), "ticktext": list(axis.ticks.values())}
        keys["tickangle"] = 0
    if axis.step is not None:
        keys |= {"dtick": axis.step, "tick0": axis.first}
    if not axis.zero:
        keys |= {"rangemode": "normal", "zeroline": True}
    if not axis.visible:
        keys["visible"] = False
    return keys


def _list_words(panel: Panel, plot: Plot, at: int, axis: str, look: Theme) -> list[Made]:
    """Return the words of one panel: its heading, those of its lines, and its labels."""
    notes = []
    place = {"x": at / len(plot.panels)} if plot.lying else {"y": 1 - at / len(plot.panels)}
    if panel.heading:
        colour = find_colour(look, panel.colour)
        above = {"yanchor": "bottom", "yshift": 6} if plot.lying else {}
        words = f"<b>{panel.heading}</b>"
        size = 13 if plot.lying else 15  # side by side they stand close
        notes.append(write_note(words, look, size=size, colour=colour, **place, **above))
    if panel.instead:
        notes.append(write_note(panel.instead, look, size=12, **place))
    for line in panel.lines:
        if line.words:
            side: Made = {"xanchor": "right" if line.leftward else "left", "yanchor": "top"}
            side |= {"xref": "x", "x": line.x, "yref": f"{axis} domain", "y": 1}
            side["xshift"] = -4 if line.leftward else 4
            notes.append(write_note(line.words, look, size=12, colour=look.quiet, **side))
    for label in panel.labels:
        where: Made = {"xref": "x", "x": label.x, "yref": axis, "y": label.y}
        if label.upright:
            where |= {"textangle": -90, "xanchor": "center", "yanchor": "bottom", "yshift": 3}
        else:
            where |= {"xshift": 9, "yanchor": "middle"}
        colour = find_colour(look, label.colour)
        notes.append(write_note(label.text, look, size=label.size, colour=colour, **where))
    return notes


def _list_lines(panel: Panel, axis: str, look: Theme) -> list[Made]:
    shapes = []
    for line in panel.lines:
        if line.x is not None:
            # Over bars, whose numbers it would strike through.
            foot = (
                1 / ROOM_OF_BOTH + 0.07
                if any(one.labels and one.kind in BARS for one in panel.series)
                else 0
            )
            ends: Made = {"x0": line.x, "x1": line.x, "y0": foot, "y1": 1}
            ends["yref"] = f"{axis} domain"
        else:
            ends = {"y0": line.y, "y1": line.y, "x0": 0, "x1": 1, "xref": "x domain", "yref": axis}
        shapes.append(draw_rule(look, **ends))
    return shapes


def _draw_series(
    series: Series,
    panel: Panel,
    plot: Plot,
    axis: str,
    look: Theme,
    unified: bool,
    keyed: bool,
) -> list[Made]:
    along, value = ("y", "x") if plot.lying else ("x", "y")
    colours = _find_colours(series, look)
    trace: Made = {
        "type": "bar" if series.kind in BARS else "scatter",
        along: list(series.x),
        # A part of nothing has no edge.
        value: [y or None for y in series.y] if plot.stacked else list(series.y),
        f"{value}axis": axis,
        "name": series.name,
        "showlegend": keyed,
        "legendgroup": series.name,
        **_write_hover(series, panel, plot, unified),
    }
    if plot.lying and series.kind in BARS:
        trace["orientation"] = "h"
    if series.kind in ("bar", "outline"):
        trace |= _draw_bars(series, plot, colours, look)
    elif series.kind == "words":
        font = {"size": 16, "color": colours}
        text = {"text": list(series.labels), "textposition": "top center", "textfont": font}
        trace |= {"mode": "text", **text}
    elif series.kind == "points":
        trace |= _draw_points(series, colours, look)
    else:
        alone = sum(each.kind == "line" for each in panel.series) == 1
        trace |= _draw_line(series, str(colours), alone)
        return [*_draw_band(series, trace, look), trace]
    if series.low and series.kind == "points":
        trace[f"error_{value}"] = _draw_errors(series) | {"color": colours}
    return [trace]


def _find_colours(series: Series, look: Theme) -> str | list[str]:
    if isinstance(series.colour, str):
        return find_colour(look, series.colour)
    return [find_colour(look, colour) for colour in series.colour]


def _draw_bars(series: Series, plot: Plot, colours: str | list[str], look: Theme) -> Made:
    marker: Made = {"color": colours}
    if series.kind == "outline":
        marker = {"color": "rgba(0,0,0,0)", "line": {"color": colours, "width": OUTLINE}}
    elif series.hollow:
        marker["color"] = [look.ground if hollow else colours for hollow in series.hollow]
        wide = [OUTLINE if hollow else 0 for hollow in series.hollow]
        marker["line"] = {"color": colours, "width": wide}
    elif plot.stacked:
        edge = find_edge(look, str(series.colour))
        marker["line"] = {"color": edge, "width": 1}
    if series.pale:
        each = [colours] * len(series.pale) if isinstance(colours, str) else colours
        pairs = [*zip(each, series.pale, strict=True)]
        marker["color"] = [make_pale(one, BAND) if pale else one for one, pale in pairs]
        marker["line"] = {"color": each, "width": [OUTLINE if pale else 0 for _, pale in pairs]}
    if series.strength < 1:
        marker["opacity"] = series.strength
    keys: Made = {"marker": marker}
    if plot.x.kind == "number" and not plot.lying:
        # Plotly takes the least way between the bars there are: years apart make wide ones.
        keys["width"] = SLOT
    if series.labels:
        inside = plot.stacked
        keys |= {
            "text": list(series.labels),
            "textposition": "inside" if inside else "outside",
            "textangle": 0,
            "cliponaxis": False,
            "textfont": {
                "size": 12,
                "color": find_ink(look, str(series.colour)) if inside else look.ink,
            },
        }
        if inside:
            keys["insidetextanchor"] = "middle"
    return keys


def _draw_points(series: Series, colours: str | list[str], look: Theme) -> Made:
    name = series.colour if isinstance(series.colour, str) else ""
    marker: Made = {
        "size": series.size,
        "symbol": series.symbol or find_symbol(name),
        "color": colours,
        "opacity": series.strength,
        "line": {"color": look.ground, "width": 1},
    }
    if series.hollow:
        marker["color"] = [look.ground if hollow else colours for hollow in series.hollow]
        marker["line"] = {"color": colours, "width": OUTLINE}
    return {"mode": "markers", "marker": marker}


def _draw_line(series: Series, colour: str, alone: bool) -> Made:
    """Return a line; where several share a panel each has its own dash."""
    name = str(series.colour)
    dash = series.dash or ("solid" if alone else find_dash(name))
    line: Made = {"color": colour, "width": series.width or 2.5, "dash": dash}
    if series.stepped:
        line["shape"] = "hv"
    keys: Made = {"mode": "lines", "connectgaps": False, "line": line}
    if series.markers:
        symbol = series.symbol or find_symbol(name)
        marker = {"size": series.size, "symbol": symbol, "color": colour}
        keys |= {"mode": "lines+markers", "marker": marker}
    return keys


def _draw_band(series: Series, trace: Made, look: Theme) -> list[Made]:
    """Return the lower and the upper edge of a line's interval, filled between."""
    if not series.low:
        return []
    colour = trace["line"]["color"]
    line = {"color": colour, "width": 0, "shape": trace["line"].get("shape", "linear")}
    edge = {key: trace[key] for key in ("type", "x", "yaxis", "name", "legendgroup")}
    edge |= {"mode": "lines", "line": line, "showlegend": False, "hoverinfo": "skip"}
    fill = {"fill": "tonexty", "fillcolor": make_pale(colour, BAND)}
    return [edge | {"y": list(series.low)}, edge | {"y": list(series.high)} | fill]


def _draw_errors(series: Series) -> Made:
    return {
        "type": "data",
        "symmetric": False,
        "array": measure_ends(series.high, series.y),
        "arrayminus": measure_ends(series.y, series.low),
        "thickness": 1.5,
        "width": 3,
    }


def measure_ends(upper: Sequence[Value], lower: Sequence[Value]) -> list[float | None]:
    """Return how far each of the one is above the other, None where either is not known."""
    return [
        None if a is None or b is None else float(a) - float(b)
        for a, b in zip(upper, lower, strict=True)
    ]


def _write_hover(series: Series, panel: Panel, plot: Plot, unified: bool) -> Made:
    """Return what a hover says: of which place, how much, and under which name."""
    if not series.hover:
        return {"hoverinfo": "skip"}
    words = series.hover
    if plot.hover and not unified and "{x}" not in words:
        words = f"{plot.hover}: {words}"
    words = _fill_words(words, plot)
    name = panel.heading or series.name
    details = {"customdata": list(series.details)} if series.details else {}
    return {"hovertemplate": f"{words}<extra>{name}</extra>", **details}


def _fill_words(words: str, plot: Plot) -> str:
    """Return the words with Plotly's signs for the point's own values."""
    for axis, sign, letter in ((plot.x, "x", "yx"), (plot.y, "y", "xy")):
        variable = letter[0] if plot.lying else letter[1]
        form = f"|{axis.hover}" if axis.kind == "day" else f":{axis.hover}"
        words = words.replace(f"{{{sign}}}", f"%{{{variable}{form if axis.hover else ''}}}")
    return words.replace("{0}", "%{customdata}")
