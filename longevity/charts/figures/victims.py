"""Who is hurt, and how much of it is known to involve a group: shares with what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from longevity.charts.chart import Chart, Drawing, hand_drawn
from longevity.charts.theme import MARK_ROOM, WITHHELD, city_colour, layout
from longevity.text import victim_attributes, wording

ROW = 26
HEADING = 26
Shares = Mapping[tuple[str, str], float | None]
UNTOLD = ("withheld", "missing")
NO_REVIEW = "no review supplied"
NO_SUCH_BAND = "–"  # of a city whose source gives others: no zero
GMI = ("confirmed", "suspected", "unknown", "not_gmi")
GMI_NAMES = {
    "confirmed": "confirmed",
    "suspected": "suspected",
    "unknown": "unknown",
    "not_gmi": "reviewed, no group",
}
GMI_PATTERNS = {"confirmed": "", "suspected": "/", "unknown": ".", "not_gmi": ""}
GMI_COLOURS = {
    "light": {
        "confirmed": "#A1271B",
        "suspected": "#B04A00",
        "unknown": "#5B5F97",
        "not_gmi": "#8A94A0",
    },
    "dark": {
        "confirmed": "#F0806F",
        "suspected": "#F58A4B",
        "unknown": "#A9ADE8",
        "not_gmi": "#5F6A74",
    },
}


def shares(frame: pd.DataFrame, attribute: str, drawing: Drawing, title: str, topic: str) -> Chart:
    """The victims by one attribute, cities side by side as bars of one row a value.

    `frame`: city, attribute, value, victims, victims_state; of one period. `topic`: by what,
    and of when. Where cities give ages in different bands, those each adds up to are drawn too.
    """
    own = frame[frame["attribute"] == attribute]
    said = victim_attributes.describe_attributes_not_supplied(own, attribute, drawing.cities)
    dashes = ""
    if attribute == victim_attributes.AGE:
        said += victim_attributes.describe_bands(own, drawing.cities)
        if not victim_attributes.has_same_bands(own):
            dashes = f" {NO_SUCH_BAND}: a band that the city's source does not have."
            own = victim_attributes.add_wider_bands(own)
    cities = [city for city in drawing.cities if city in set(own["city"])]
    values = victim_attributes.sort_values(own)
    wide = 1 / max(1, len(cities))
    told = victim_attributes.compute_shares(own)
    most = max([0.1, *(share or 0 for share in told.values())])
    traces, axes, notes = [], {}, drawing.marks(above=HEADING)
    for at, city in enumerate(cities):
        axis = "x" if at == 0 else f"x{at + 1}"
        instead = victim_attributes.name_absence(own[own["city"] == city])
        if instead:
            notes.append(_instead(instead, at * wide, drawing))
        else:
            traces.append(_bars(own, told, city, values, axis, drawing))
        axes["xaxis" if at == 0 else f"xaxis{at + 1}"] = {
            "domain": [at * wide, (at + 0.9) * wide],
            "range": [0, most * 1.5],
            "visible": False,
            "fixedrange": True,
        }
        notes.append(_heading(city, at * wide, drawing))
    return hand_drawn(
        drawing=drawing,
        name=f"victims-by-{attribute.replace('_', '-')}",
        title=title,
        subtitle=f"{topic}. Share of {'each' if len(cities) > 1 else 'the'} city's people shot; "
        f"the number beside a bar counts people.{dashes}",
        figure={
            "data": traces,
            "layout": layout(
                drawing.theme,
                ROW * len(values) + MARK_ROOM + HEADING + 10,
                annotations=notes,
                bargap=0.25,
                yaxis={
                    "type": "category",
                    "categoryorder": "array",
                    "categoryarray": [victim_attributes.name_value(value) for value in values][
                        ::-1
                    ],
                    "showgrid": False,
                    "zeroline": False,
                },
                margin={"l": 8, "r": 8, "t": MARK_ROOM + HEADING, "b": 8},
                **axes,
            ),
        },
        alt=_shares_alt(own, told, cities, values, drawing),
        table=own,
        said=tuple(said),
    )


def _bars(
    own: pd.DataFrame,
    told: Shares,
    city: str,
    values: list[str],
    axis: str,
    drawing: Drawing,
) -> dict[str, Any]:
    rows = own[own["city"] == city].set_index("value").reindex(values)
    states = rows["victims_state"].tolist()
    withheld = [state in UNTOLD for state in states]
    colour = city_colour(drawing.theme, drawing.position(city))
    return {
        "type": "bar",
        "orientation": "h",
        "xaxis": axis,
        "x": [told.get((city, value)) or 0 for value in values],
        "y": [victim_attributes.name_value(value) for value in values],
        "text": [
            NO_SUCH_BAND
            if pd.isna(state)
            else state
            if state in UNTOLD
            else wording.format_number(count)
            for state, count in zip(states, rows["victims"].fillna(0), strict=True)
        ],
        "textposition": "outside",
        "cliponaxis": False,
        "textfont": {"size": 12, "color": drawing.theme.ink},
        "marker": {
            "color": [WITHHELD if hidden else colour for hidden in withheld],
            "pattern": {
                # What is not known is no group of people: it is drawn apart.
                "shape": ["/" if value == "unknown" else "" for value in values],
                "fillmode": "overlay",
                "fgcolor": drawing.theme.ground,
                "size": 6,
            },
        },
        "hovertemplate": "%{y}: %{text}<extra>" + drawing.cities[city] + "</extra>",
    }


def _heading(city: str, x: float, drawing: Drawing) -> dict[str, Any]:
    return {
        "text": f"<b>{drawing.cities[city]}</b>",
        "xref": "paper",
        "yref": "paper",
        "x": x,
        "y": 1,
        "yshift": 6,
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 14, "color": city_colour(drawing.theme, drawing.position(city))},
    }


def _instead(word: str, x: float, drawing: Drawing) -> dict[str, Any]:
    """What stands where a city has no bars."""
    return {
        "text": word,
        "xref": "paper",
        "yref": "paper",
        "x": x,
        "y": 1,
        "xanchor": "left",
        "yanchor": "top",
        "showarrow": False,
        "font": {"size": 12, "color": drawing.theme.ink},
    }


def _shares_alt(
    own: pd.DataFrame, told: Shares, cities: list[str], values: list[str], drawing: Drawing
) -> str:
    parts = []
    for city in cities:
        shares = {value: told.get((city, value)) for value in values}
        untold = own.loc[own["city"] == city, "victims_state"].isin(UNTOLD)
        known = {value: share for value, share in shares.items() if share and value != "unknown"}
        name = drawing.cities[city]
        instead = victim_attributes.name_absence(own[own["city"] == city])
        if instead:
            parts.append(f"{name}: {instead}")
        elif untold.all():
            parts.append(f"{name}: all withheld or missing")
        elif known:
            most = max(known, key=lambda value: known[value])
            # What is withheld may be more than the most that is shown, but not than half.
            sure = not untold.any() or known[most] > 0.5
            among = "" if sure else "of those shown "
            parts.append(f"{name}: most {among}are {victim_attributes.name_value(most)}")
            if untold.any():
                parts[-1] += (
                    f", {wording.count_noun(int(untold.sum()), 'figure')} withheld or missing"
                )
    return f"Bars of people shot. {'; '.join(parts) or 'Nobody was shot'}."


def group_involvement(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """How much of the shooting involves a group: confirmed, suspected, unknown, none; a bar a city.

    `frame`: city, incidents, reviewed, confirmed, suspected, unknown, not_gmi. Where nothing was
    reviewed there is no bar: that would say unknown of what nobody looked at.
    """
    cities = [city for city in drawing.cities if city in set(frame["city"])]
    rows = frame.set_index("city").reindex(cities)
    looked_at = (rows["reviewed"] > 0) | (rows["incidents"] == 0)
    whole = rows["incidents"].astype("float64").where(looked_at & (rows["incidents"] > 0))
    labels = [drawing.cities[c] + ("" if looked_at[c] else f", {NO_REVIEW}") for c in cities]
    traces = []
    for part in GMI:
        share = (rows[part] / whole).fillna(0)
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "x": [100 * float(value) for value in share],
                "y": labels,
                "name": GMI_NAMES[part],
                "text": [
                    wording.format_number(count) if count and looked_at[city] else ""
                    for city, count in rows[part].items()
                ],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "textfont": {
                    "color": drawing.theme.ink if part == "not_gmi" else drawing.theme.ground
                },
                "marker": {
                    "color": GMI_COLOURS[drawing.theme.name][part],
                    "line": {"color": drawing.theme.ground, "width": 1.5},
                    "pattern": {
                        "shape": GMI_PATTERNS[part],
                        "fillmode": "overlay",
                        "fgcolor": drawing.theme.ground,
                        "size": 6,
                        "solidity": 0.2,
                    },
                },
                "hovertemplate": "%{y}: %{text} (%{x:.0f}\u00a0%)<extra>"
                + GMI_NAMES[part]
                + "</extra>",
            }
        )
    return hand_drawn(
        drawing=drawing,
        name="group-member-involved",
        title=title,
        subtitle="Share of shooting incidents by what the reviews found. Unknown is not none: the "
        "true share lies between the first part and the first three.",
        figure={
            "data": traces if cities else [],
            "layout": layout(
                drawing.theme,
                52 * max(1, len(cities)) + MARK_ROOM + 90,
                annotations=drawing.marks(),
                barmode="stack",
                bargap=0.35,
                showlegend=True,
                legend={
                    "orientation": "h",
                    "x": 0,
                    "y": -0.16,
                    "yanchor": "top",
                    "traceorder": "normal",
                },
                uniformtext={"mode": "hide", "minsize": 11},
                xaxis={
                    "range": [0, 100],
                    "ticksuffix": "\u00a0%",
                    "tickvals": [0, 25, 50, 75, 100],
                },
                yaxis={"autorange": "reversed", "showgrid": False, "zeroline": False},
                margin={"l": 8, "r": 14, "t": MARK_ROOM, "b": 8},
            ),
        },
        alt=" ".join(
            f"{drawing.cities[city]}: {wording.format_number(rows.loc[city, 'confirmed'])} "
            f"confirmed, {wording.format_number(rows.loc[city, 'suspected'])} suspected, "
            f"{wording.format_number(rows.loc[city, 'unknown'])} unknown of "
            f"{wording.format_number(rows.loc[city, 'incidents'])} incidents."
            if looked_at[city]
            else f"{drawing.cities[city]}: {NO_REVIEW}."
            for city in cities
        )
        or "No city has incidents.",
        table=frame,
    )
