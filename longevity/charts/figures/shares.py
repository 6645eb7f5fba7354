"""Parts of a whole that the public may have: by firearm, promises answered, steps of call-ins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.figures import panels, stacked
from longevity.charts.figures.stacked import Part
from longevity.charts.theme import DONE_COLOURS, DONE_PATTERNS, MARK_ROOM, city_colour, layout
from longevity.text import public_text, victim_attributes, wording

FAINT = 0.35
ANSWERED = {
    "kept_30": ("answered within 30 days", "yes"),
    "kept_60": ("in 31 to 60 days", "going"),
    "kept_90": ("in 61 to 90 days", "late"),
    "not_kept": ("not within 90 days", "no"),
}
STEPS_DRAWN = ("invited", "reachable", "attended", "intake_30")


def by_firearm(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Homicides by year, those by firearm full and the others faint; a panel a city.

    `frame`: city, year, firearm_homicides, homicides, complete (bool).
    """
    cities = [city for city in drawing.cities if city in set(frame["city"])]
    most = panels.highest(frame["homicides"])
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    notes = drawing.marks()
    said = []
    for _, city, top, axis, name in panels.places(cities):
        own = frame[frame["city"] == city].sort_values("year")
        guns = [int(count) for count in own["firearm_homicides"]]
        rest = [int(count) - gun for count, gun in zip(own["homicides"], guns, strict=True)]
        colour = city_colour(drawing.theme, drawing.position(city))
        years = [int(year) for year in own["year"]]
        traces += [
            _bars(years, guns, axis, "by firearm", colour, 1.0, drawing.cities[city]),
            _bars(years, rest, axis, "by other means", colour, FAINT, drawing.cities[city]),
        ]
        axes[name] = panels.scale(drawing, top, len(cities), most)
        notes.append(panels.heading(city, top, drawing))
        said.append(
            f"{drawing.cities[city]}: {wording.format_number(guns[-1])} of "
            f"{wording.format_number(guns[-1] + rest[-1])} by firearm in {years[-1]}"
        )
    cut = sorted({int(year) for year in frame.loc[~frame["complete"].astype(bool), "year"]})
    part = f" Not whole: {wording.join_words([str(year) for year in cut])}." if cut else ""
    return Chart(
        name="homicides-by-firearm",
        title=title,
        subtitle="Homicides by year: by firearm full, by other means faint"
        f"{panels.alike(cities)}.{part}",
        figure={
            "data": traces,
            "layout": layout(
                drawing.theme,
                panels.PANEL * max(1, len(cities)) + MARK_ROOM + 40,
                annotations=notes,
                barmode="stack",
                bargap=0.25,
                xaxis={
                    "tickformat": "d",
                    "nticks": 8,
                    "anchor": "y" if len(cities) <= 1 else f"y{len(cities)}",
                },
                margin={"l": 8, "r": 8, "t": MARK_ROOM, "b": 30},
                **axes,
            ),
        },
        alt=f"Bars of homicides by year. {'; '.join(said) or 'No data'}.",
        table=frame,
    )


def _bars(
    years: list[int],
    counts: list[int],
    axis: str,
    name: str,
    colour: str,
    opacity: float,
    city: str,
) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": years,
        "y": counts,
        "yaxis": axis,
        "name": f"{city}, {name}",
        "marker": {"color": colour, "opacity": opacity},
        "hovertemplate": f"%{{x}}, {name}: %{{y}}<extra>{city}</extra>",
    }


def promises(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Closed promises by the year they began in, in the parts they were answered in.

    `frame`: year, episodes, kept_30, kept_60, kept_90, not_kept; a missing year has no bar.
    """
    known = frame[frame["episodes"].notna()]
    years = [int(year) for year in known["year"]]
    traces = [
        {
            "type": "bar",
            "x": years,
            "y": [int(count) for count in known[column]],
            "name": name,
            "text": [wording.format_number(count) if count else "" for count in known[column]],
            "textposition": "inside",
            "textangle": 0,
            "insidetextfont": {"color": drawing.theme.ground, "size": 12},
            "marker": {
                "color": DONE_COLOURS[drawing.theme.name][done],
                "pattern": {
                    "shape": DONE_PATTERNS[done],
                    "fillmode": "overlay",
                    "fgcolor": drawing.theme.ground,
                    "size": 6,
                    "solidity": 0.2,
                },
            },
            "hovertemplate": f"%{{x}}, {name}: %{{y}}<extra></extra>",
        }
        for column, (name, done) in ANSWERED.items()
    ]
    return Chart(
        name="promises-by-year",
        title=title,
        subtitle="Closed promises of all cities together, by the year they began in and how soon "
        "the police answered.",
        figure={
            "data": traces if years else [],
            "layout": layout(
                drawing.theme,
                380,
                annotations=drawing.marks(),
                barmode="stack",
                bargap=0.25,
                showlegend=True,
                legend=panels.below(250, 34),
                xaxis={"tickformat": "d", "nticks": 12},
                margin={"l": 8, "r": 8, "t": MARK_ROOM, "b": 86},
            ),
        },
        alt=public_text.describe_promises(frame, len(drawing.cities)),
        table=frame.drop(columns="cut_on", errors="ignore"),
    )


def steps(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """From invitation to service, a bar a step and city; what is withheld is said, not drawn.

    `frame`: city, step, members, members_state, of one year.
    """
    rows: list[dict[str, Any]] = []
    for city in [city for city in drawing.cities if city in set(frame["city"])]:
        own = frame[frame["city"] == city].set_index("step")
        for at, step in enumerate(step for step in STEPS_DRAWN if step in own.index):
            told = own.loc[step]
            shown = told["members_state"] in ("shown", "zero")
            rows.append(
                {
                    "label": public_text.STEPS[step],
                    "note": public_text.format_cell(told["members"], told["members_state"]),
                    "city": city if at == 0 else "",
                    # A bar of nothing would say zero.
                    "members": float(told["members"]) if shown else None,
                }
            )
    framed = pd.DataFrame(rows, columns=["label", "note", "city", "members"])
    framed["members"] = framed["members"].astype("float64")
    figure = stacked.bars(framed, [Part("members", "members", "yes")], drawing)
    return Chart(
        name="call-in-steps",
        title=title,
        subtitle=f"From invitation to service, call-ins of {public_text.find_year(frame)}. Members "
        "not in custody, counted once an invitation. Withheld: a count of few people, or one that "
        "would give it back.",
        figure=figure if len(framed) else {"data": [], "layout": figure["layout"]},
        alt="; ".join(f"{row['label']}: {row['note']}" for row in rows) or public_text.NONE_YET,
        table=frame.drop(columns="cut_on", errors="ignore"),
    )


def young_black_men(
    frame: pd.DataFrame, drawing: Drawing, title: str, said: Mapping[str, str]
) -> Chart:
    """Young Black men among the people shot, and how many more may be; a bar a city.

    `frame`: city, young_black_men, may_be, victims with their states. `said`: a sentence a city.
    """
    rows: list[dict[str, Any]] = []
    for row in frame.itertuples():
        untold = victim_attributes.name_absence_of_young(row)
        may = "withheld" if pd.isna(row.may_be) else wording.format_number(row.may_be)
        note = (
            f"{wording.format_number(row.young_black_men)} of "
            f"{wording.format_number(row.victims)}; not known: {may}"
            if untold is None
            else untold
        )
        rows.append(
            {
                "label": "Black men under 30, of the people shot",
                "note": note,
                "city": row.city,
                "known": float(row.young_black_men) if untold is None else None,
                "may": float(row.may_be) if untold is None and pd.notna(row.may_be) else None,
            }
        )
    framed = pd.DataFrame(rows, columns=["label", "note", "city", "known", "may"])
    framed[["known", "may"]] = framed[["known", "may"]].astype("float64")
    parts = [Part("known", "known to be", "yes"), Part("may", "may be", "unknown")]
    figure = stacked.bars(framed, parts, drawing)
    return Chart(
        name="young-black-men-shot",
        title=title,
        subtitle=f"Young Black men, {public_text.find_year(frame)}. People shot who are known to "
        "be Black men under 30, and those who may be, as age, sex or race is not known, or not "
        "closely enough.",
        figure=figure if len(framed) else {"data": [], "layout": figure["layout"]},
        alt=" ".join(said.values()) or public_text.NONE_YET,
        table=frame.drop(columns="cut_on", errors="ignore"),
        said=tuple(said.values()),
    )


def attributes(frame: pd.DataFrame) -> Mapping[str, str]:
    """Return the attributes a public table is about, all of them where it is about none."""
    return victim_attributes.list_public_attributes(frame) or dict(victim_attributes.ATTRIBUTES)
