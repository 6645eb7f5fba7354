"""Who is hurt, and how much of it is known to involve a group: shares with what is not known."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from longevity import age_bands
from longevity.absent import Absent
from longevity.age_bands import AGE_BANDS
from longevity.charts.chart import Chart, Drawing
from longevity.charts.spec import Axis, Panel, Plot, Series
from longevity.measures import wording
from longevity.measures.say import say
from longevity.warehouse.frames import MISSING, WITHHELD

ROW = 26
LABEL_ROOM = 2.5  # as wide as the longest bar, so that a share and its count stand behind it
Shares = Mapping[tuple[str, str], float]
NO_FIGURE = (WITHHELD, MISSING)
# What stands in place of a city's values.
ABSENT = {"not_supplied": Absent.NOT_SUPPLIED.value, "not_counted": MISSING}
AGE = "age_band"
ATTRIBUTES = {AGE: "By age", "sex": "By sex", "race_ethnicity": "By race and ethnicity"}
PUBLIC_ATTRIBUTES = ATTRIBUTES | {"gmi": "By involvement of a group"}
# What a source that does not supply an attribute does not give.
NOUNS = {
    AGE: "age",
    "sex": "sex",
    "race_ethnicity": "race or ethnicity",
    "gmi": "whether a group was involved",
}
WORDS = {
    "unknown": "not known",
    "american_indian": "American Indian",
    "black": "Black",
    "hispanic": "Hispanic",
    "asian": "Asian",
    "none": "reviewed, no group",
}
NO_REVIEW = "no review supplied"
NO_SUCH_BAND = "–"  # of a city whose source gives others: no zero
GMI = ("confirmed", "suspected", "unknown", "not_gmi")


def name_value(value: str) -> str:
    """Name a value of the contract: "18–24", "Black", "not known"."""
    if value[:1].isdigit() and value.endswith("+"):
        return f"{value[:-1]} and over"
    return WORDS.get(value, value.replace("-", "–"))


def list_public_attributes(frame: pd.DataFrame) -> dict[str, str]:
    """Return the attributes of a public table with their titles; none when nothing was frozen."""
    found = {*frame["attribute"]}
    return {name: title for name, title in PUBLIC_ATTRIBUTES.items() if name in found}


def name_absence(rows: pd.DataFrame) -> str:
    """Return what stands in place of a city's values: "not supplied", "missing", or nothing."""
    return next((ABSENT[value] for value in rows["value"] if value in ABSENT), "")


def find_never_given(rows: pd.DataFrame) -> list[str]:
    """Return the values that a city's source never gives, beside others that it does.

    `rows`: value, victims_state, of one city and one attribute.
    """
    is_missing = rows["victims_state"] == MISSING
    return [] if is_missing.all() else rows.loc[is_missing, "value"].tolist()


def describe_attributes_not_supplied(
    frame: pd.DataFrame, attribute: str, cities: Mapping[str, str]
) -> list[str]:
    """Write a sentence for each city whose source does not give an attribute.

    `frame`: city, value of that attribute, and `whole` where it is the public's, for which what
    is known of a few counts as not given.
    """
    sentences = []
    for city, rows in frame.groupby("city", sort=False):
        facts = {"name": cities[str(city)], "is_public": "whole" in frame}
        if (rows["value"] == "not_supplied").any():
            sentences.append(say("who.not_given", facts, values=NOUNS[attribute]))
        elif never := find_never_given(rows):
            sentences.append(say("who.never_given", facts, values=[*map(name_value, never)]))
    return sentences


def _list_bands(frame: pd.DataFrame) -> dict[str, list[str]]:
    """Return the age bands of each city that gives any."""
    known = frame[~frame["value"].isin([age_bands.UNKNOWN, *ABSENT])]
    by_city = known.groupby("city", sort=False)["value"]
    return {str(city): age_bands.sort_bands(bands) for city, bands in by_city}


def sort_values(frame: pd.DataFrame) -> list[str]:
    """Return the values of one attribute in order, bands by their years."""
    values = [value for value in dict.fromkeys(frame["value"]) if value not in ABSENT]
    bands = age_bands.sort_bands(value for value in values if value[0].isdigit())
    return [*bands, *(value for value in values if value not in bands)]


def add_totals(frame: pd.DataFrame) -> pd.DataFrame:
    """Return victims with `whole`, their city's total; missing where a figure would show it.

    One that is never given is nobody.
    """
    if "whole" in frame:
        return frame
    known = frame.assign(hidden=frame["victims_state"] == WITHHELD)
    by_city = known.groupby("city")
    whole = by_city["victims"].transform("sum", min_count=1)
    return frame.assign(whole=whole.mask(by_city["hidden"].transform("any")))


def compute_shares(frame: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Return the share (0 to 1) of a city's victims with each value of one attribute.

    `frame`: city, value, victims, victims_state; the answer is by (city, value). There is none
    where nobody was shot, and for a whole city where one of its cells is withheld: its total
    would give the cell away. With a column `whole` the total is known, and each share is of that.
    """
    rows = add_totals(frame).set_index(["city", "value"])
    shares = rows["victims"].astype("float64") / rows["whole"].astype("float64")
    return {(str(city), str(value)): share for (city, value), share in shares.dropna().items()}


def draw_shares(
    frame: pd.DataFrame, attribute: str, drawing: Drawing, title: str, topic: str, least_base: int
) -> Chart:
    """Draw the victims by one attribute, cities side by side as bars of one row a value.

    `frame`: city, attribute, value, victims, victims_state; of one period. `topic`: by what,
    and of when. `least_base`: of fewer people no percentage is written.
    """
    subset = frame[frame["attribute"] == attribute]
    bands = _list_bands(subset) if attribute == AGE else {}
    is_alike = len({*map(tuple, bands.values())}) < 2
    dashes = "" if is_alike else f" {NO_SUCH_BAND}: a band that the city's source does not have."
    sentences = describe_attributes_not_supplied(subset, attribute, drawing.cities)
    if not is_alike:
        sentences.append(say("who.bands"))
    # To the public a band that few people ever were in is none.
    if "whole" in frame and set().union(*bands.values()).difference(AGE_BANDS):
        sentences.append(say("who.rare_bands"))
    split = drawing.split_by_city(subset)
    values = sort_values(subset)
    shares = compute_shares(subset)
    most = max([10.0, *(100 * share for share in shares.values())])
    panels = [
        Panel(
            () if instead else (_draw_city(rows, shares, city, values, drawing, least_base),),
            drawing.cities[city],
            drawing.name_colour(city),
            instead=instead or "",
        )
        for city, rows in split
        for instead in [name_absence(rows)]
    ]
    return Chart(
        name=f"people-shot-by-{attribute.replace('_', '-')}",
        title=title,
        subtitle=f"{topic}. Share of {'each' if len(split) > 1 else 'the'} city's people shot, "
        f"and how many people these are.{dashes}",
        spec=Plot(
            tuple(panels),
            x=Axis(kind="name", names=tuple(map(name_value, values))),
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
    never_given = find_never_given(frame)
    labels = [
        NO_SUCH_BAND
        if pd.isna(state)
        else Absent.NOT_SUPPLIED.value
        if value in never_given
        else state
        if state in NO_FIGURE
        else _label_bar(int(count), shares.get((city, value)), least_base)
        for value, state, count in zip(values, states, rows["victims"], strict=True)
    ]
    return Series(
        drawing.cities[city],
        "bar",
        [name_value(value) for value in values],
        [100 * shares.get((city, value), 0) for value in values],
        ["withheld" if state in NO_FIGURE else colour for state in states],
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
                WORDS["none"] if part == "not_gmi" else part,
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
