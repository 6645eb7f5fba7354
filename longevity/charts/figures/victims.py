"""Who is hurt, and how much of it is known to involve a group: shares with what is not known."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from longevity.absent import Absent
from longevity.charts.chart import Chart, Drawing
from longevity.charts.spec import Axis, Panel, Plot, Series
from longevity.text import victim_attributes, wording

ROW = 26
LABEL_ROOM = 2.5  # as wide as the longest bar, so that a share and its count stand behind it
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


def draw_shares(
    frame: pd.DataFrame, attribute: str, drawing: Drawing, title: str, topic: str, least_base: int
) -> Chart:
    """Draw the victims by one attribute, cities side by side as bars of one row a value.

    `frame`: city, attribute, value, victims, victims_state; of one period. `topic`: by what,
    and of when. `least_base`: of fewer people no percentage is written. Where cities give ages
    in different bands, those each adds up to are drawn too.
    """
    subset = frame[frame["attribute"] == attribute]
    sentences = victim_attributes.describe_attributes_not_supplied(
        subset, attribute, drawing.cities
    )
    dashes = ""
    if attribute == victim_attributes.AGE:
        sentences += victim_attributes.describe_bands(subset, drawing.cities)
        if not victim_attributes.has_same_bands(subset):
            dashes = f" {NO_SUCH_BAND}: a band that the city's source does not have."
            subset = victim_attributes.add_wider_bands(subset)
    split = drawing.split_by_city(subset)
    values = victim_attributes.sort_values(subset)
    shares = victim_attributes.compute_shares(subset)
    most = max([10.0, *(100 * (share or 0) for share in shares.values())])
    panels = [
        Panel(
            () if instead else (_draw_city(rows, shares, city, values, drawing, least_base),),
            drawing.cities[city],
            drawing.name_colour(city),
            instead=instead or "",
        )
        for city, rows in split
        for instead in [victim_attributes.name_absence(rows)]
    ]
    return Chart(
        name=f"people-shot-by-{attribute.replace('_', '-')}",
        title=title,
        subtitle=f"{topic}. Share of {'each' if len(split) > 1 else 'the'} city's people shot, "
        f"and how many people these are.{dashes}",
        spec=Plot(
            tuple(panels),
            x=Axis(kind="name", names=tuple(map(victim_attributes.name_value, values))),
            y=Axis(ends=(0, most * LABEL_ROOM), after="%", hover=".0f", visible=False),
            lying=True,
            tall=ROW,
        ),
        drawing=drawing,
        alt=f"{title}.",
        table=subset,
        sentences=tuple(sentences),
    )


def _draw_city(
    frame: pd.DataFrame,
    shares: Shares,
    city: str,
    values: list[str],
    drawing: Drawing,
    least_base: int,
) -> Series:
    rows = frame.set_index("value").reindex(values)
    states = rows["victims_state"].tolist()
    colour = drawing.name_colour(city)
    never_given = victim_attributes.find_never_given(frame)
    labels = [
        NO_SUCH_BAND
        if pd.isna(state)
        else Absent.NOT_SUPPLIED.value
        if value in never_given
        else state
        if state in UNTOLD
        else _label_bar(int(count), shares.get((city, value)), least_base)
        for value, state, count in zip(values, states, rows["victims"], strict=True)
    ]
    return Series(
        drawing.cities[city],
        "bar",
        [victim_attributes.name_value(value) for value in values],
        [100 * (shares.get((city, value)) or 0) for value in values],
        ["withheld" if state in UNTOLD else colour for state in states],
        # What is not known is no group of people: it is drawn apart.
        hatched=[value == "unknown" for value in values],
        labels=labels,
        hover="{x}: {0}",
        details=labels,
    )


def _label_bar(count: int, share: float | None, least_base: int) -> str:
    """Write what a bar is as long as, and its count; the count alone where there is no share."""
    if not share:
        return wording.format_number(count)
    return wording.label_share(count, round(count / share), least_base)


def draw_group_involvement(frame: pd.DataFrame, drawing: Drawing, least_base: int) -> Chart:
    """Draw how much of it involves a group: confirmed, suspected, unknown, none; a bar a city.

    `frame`: city, incidents, reviewed, confirmed, suspected, unknown, not_gmi. Where nothing was
    reviewed there is no bar: that would say unknown of what nobody looked at.
    """
    cities = [city for city in drawing.cities if city in set(frame["city"])]
    rows = frame.set_index("city").reindex(cities)
    looked_at = (rows["reviewed"] > 0) | (rows["incidents"] == 0)
    whole = rows["incidents"].astype("float64").where(looked_at & (rows["incidents"] > 0))
    labels = [drawing.cities[c] + ("" if looked_at[c] else f", {NO_REVIEW}") for c in cities]
    bars = []
    for part in GMI:
        said = [
            wording.label_share(count, rows["incidents"][city], least_base)
            if count and looked_at[city]
            else ""
            for city, count in rows[part].items()
        ]
        bars.append(
            Series(
                GMI_NAMES[part],
                "bar",
                labels,
                [100 * float(share) for share in (rows[part] / whole).fillna(0)],
                f"gmi:{part}",
                labels=said,
                hover="{x}: {0}",
                details=said,
            )
        )
    return Chart(
        name="group-member-involved",
        title="How much of it involves a group",
        subtitle="Share of shooting incidents by what the reviews found; unknown is not none. The "
        "true share lies between the first part and the first three.",
        spec=Plot(
            (Panel(tuple(bars) if cities else ()),),
            x=Axis(kind="name", names=tuple(labels)),
            y=Axis(
                ends=(0, 100),
                ticks={at: f"{at}%" for at in (0, 25, 50, 75, 100)},
                after="%",
                hover=".0f",
            ),
            stacked=True,
            lying=True,
            tall=52,
            keyed=True,
            label_room=28,
        ),
        drawing=drawing,
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
