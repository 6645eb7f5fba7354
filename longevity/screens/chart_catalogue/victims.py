"""Charts of the people shot by age, sex, race and so on, made of the public tables.

Those count closed years once, with small counts withheld. How the charts are drawn is declared in
`words/*.toml`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from longevity.base.errors import DataError
from longevity.charts.chart import Chart
from longevity.charts.theme import RAMP
from longevity.facts import age_bands
from longevity.facts.age_bands import AGE_BANDS
from longevity.screens.chart_catalogue.definition import explain_wait, make_chart
from longevity.screens.choice import Values
from longevity.screens.context import ReportContext
from longevity.screens.public_program import name_newest_year
from longevity.warehouse.warehouse import Answer
from longevity.words import wording
from longevity.words.absent import MISSING, WITHHELD, Absent, say_absence
from longevity.words.language import Spoken, translate
from longevity.words.say import say

# Values of a table that say why a city has none, and the word to show for them.
ABSENT = {"not_supplied": Absent.NOT_SUPPLIED, "not_counted": MISSING}
AGE = "age_band"
_BY = {AGE: "By age", "sex": "By sex", "race_ethnicity": "By race and ethnicity"}
ATTRIBUTES = Spoken(_BY)
PUBLIC_ATTRIBUTES = Spoken(_BY | {"gmi": "By involvement of a group"})
# What to call an attribute that a source does not give.
NOUNS = Spoken(
    {
        AGE: "age",
        "sex": "sex",
        "race_ethnicity": "race or ethnicity",
        "gmi": "whether a group was involved",
    }
)
WORDS = Spoken(
    {
        "unknown": "not known",
        "american_indian": "American Indian",
        "black": "Black",
        "hispanic": "Hispanic",
        "asian": "Asian",
        "none": "reviewed, no group",
        **{word: word for word in ("female", "male", "white", "other", "confirmed", "suspected")},
    }
)
NO_SUCH_BAND = "–"  # for an age band that a city's source does not have, which is not a zero


def say_none_yet() -> str:
    """Return the sentence that no table of people shot was made for the public yet."""
    return f"{say('who.none_yet')}."


def name_value(value: str) -> str:
    """Name a value of the contract: "18–24", "Black", "not known"."""
    if value[:1].isdigit() and value.endswith("+"):
        return translate("{age} and over", age=value[:-1])
    return WORDS.get(value, value.replace("-", "–"))


def list_public_attributes(frame: pd.DataFrame) -> dict[str, str]:
    """Return the attributes of a public table with their titles; none when nothing was frozen."""
    found = {*frame["attribute"]}
    return {name: title for name, title in PUBLIC_ATTRIBUTES.items() if name in found}


def name_absence(rows: pd.DataFrame) -> str:
    """Return the word in place of a city's values, "not supplied" or "missing"; else ""."""
    return next((say_absence(ABSENT[value]) for value in rows["value"] if value in ABSENT), "")


def find_never_given(rows: pd.DataFrame) -> list[str]:
    """Return the values that a city's source never has, though it has others: ["hispanic"].

    `rows`: value, victims_state, of one city and one attribute.
    """
    is_missing = rows["victims_state"] == MISSING
    return [] if is_missing.all() else rows.loc[is_missing, "value"].tolist()


def describe_attributes_not_supplied(
    frame: pd.DataFrame, attribute: str, cities: Mapping[str, str]
) -> list[str]:
    """Return a sentence for each city whose source does not have an attribute, or some values.

    `frame`: city, value, victims_state, and `whole` if it is a public table; for the public an
    attribute known of few people is not supplied either.
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
    """Return the age bands of each city that has any: {"hartford": ["0-17", "18+"]}."""
    known = frame[~frame["value"].isin([age_bands.UNKNOWN, *ABSENT])]
    by_city = known.groupby("city", sort=False)["value"]
    return {str(city): age_bands.sort_bands(bands) for city, bands in by_city}


def sort_values(frame: pd.DataFrame) -> list[str]:
    """Return the values of one attribute in order: age bands by their years, then the others."""
    values = [value for value in dict.fromkeys(frame["value"]) if value not in ABSENT]
    bands = age_bands.sort_bands(value for value in values if value[0].isdigit())
    return [*bands, *(value for value in values if value not in bands)]


def add_shares(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of one attribute with `whole`, the city's total, and `share` of it (0 to 1).

    A column `whole` that is there already, as in a public table, is taken. Else the total of a city
    with a withheld cell is missing, as it would give the cell away, and so are its shares.
    """
    if "whole" not in frame:
        hidden = frame["victims_state"] == WITHHELD
        by_city = frame.assign(hidden=hidden).groupby("city")
        whole = by_city["victims"].transform("sum", min_count=1)
        frame = frame.assign(whole=whole.mask(by_city["hidden"].transform("any")))
    counts = frame[["victims", "whole"]].astype("float64")
    return frame.assign(share=counts["victims"] / counts["whole"])


def _explain_nothing(context: ReportContext) -> DataError:
    """Return the error for no table of people shot: none is due yet, or no source has them."""
    if "victims" in context.list_measures():
        return DataError(say_none_yet(), explain_wait())
    return DataError(context.explain_absence("victims"))


def share_public_attribute(context: ReportContext, values: Values) -> Chart:
    """Chart the public table of people shot by one attribute, of the newest year in it."""
    answer = context.ask("public_victims")
    titles = list_public_attributes(answer.frame)
    attribute = values["attribute"]
    if attribute not in titles:
        raise _explain_nothing(context)
    counts = answer.frame[answer.frame["attribute"] == attribute]
    year, attribute_words = name_newest_year(counts), titles[attribute]
    facts = {"attribute": f"{attribute_words[:1].lower()}{attribute_words[1:]}", "when": year}
    if all(name_absence(rows) for _, rows in counts.groupby("city")):
        said = describe_attributes_not_supplied(counts, attribute, context.cities)
        raise DataError(" ".join(said) or say_none_yet(), explain_wait())
    return share_attribute(
        context,
        answer,
        attribute,
        by=f"{attribute_words}, {year}",
        finding=context.say("who.by", facts, value=write_attribute_title(counts, context.cities)),
        topic=context.say("who.topic", facts),
    )


def share_attribute(
    context: ReportContext,
    answer: Answer,
    attribute: str,
    by: str,
    finding: str = "",
    topic: str = "",
) -> Chart:
    """Chart the shares of people shot by an attribute, a panel for each city.

    Few people have no percentage. `answer`: rows of city, attribute, value, victims; `by`: words
    for the attribute and the time, "By age, 2024"; `finding`: the title, by default the value that
    most had.
    """
    counts = answer.frame[answer.frame["attribute"] == attribute]
    sentences = describe_attributes_not_supplied(counts, attribute, context.cities)
    bands = _list_bands(counts) if attribute == AGE else {}
    bands_differ = len({*map(tuple, bands.values())}) > 1
    # A public table leaves out a city's own bands that few people ever were in: say so.
    if "whole" in counts and set().union(*bands.values()).difference(AGE_BANDS):
        sentences.append(context.say("who.rare_bands"))
    values = sort_values(counts)
    drawn = [
        _share_city(context.cities[city], rows, values, context.least_base)
        for city, rows in context.make_drawing().split_by_city(add_shares(counts))
    ]
    frame = pd.concat(drawn) if drawn else counts.assign(instead=None)
    facts = {"by": by, "bands_differ": bands_differ, "panels": len(drawn)}
    facts["file"] = attribute.replace("_", "-")
    return make_chart(
        context,
        "victims-by-attribute",
        frame,
        answers=(answer,),
        facts=facts,
        table=counts,
        finding=finding or write_attribute_title(counts, context.cities),
        topic=topic,
        sentences=tuple(sentences),
    )


def _share_city(place: str, rows: pd.DataFrame, values: list[str], least: int) -> pd.DataFrame:
    """Return a row for each value of an attribute, which the kind "grid" draws as one cell.

    `place`: the city's name; `least`: the smallest total that a percentage is given of.
    """
    of_values = rows.set_index("value").reindex(values)
    # `instead` is "not supplied" or "missing" where the city as a whole has nothing of the
    # attribute: then every cell says that. It is "" for a city with values.
    never_given, instead = find_never_given(rows), name_absence(rows)
    said = [
        say_absence(Absent.NOT_SUPPLIED) if row.Index in never_given else _write_figure(row, least)
        for row in of_values.itertuples()
    ]
    # "Unknown" is no group of people, so it gets no colour; nor does a share that is not shown.
    is_unknown = of_values.index == "unknown"
    shares = of_values["share"].mask(is_unknown)
    return pd.DataFrame(
        {
            "place": place,
            "name": [name_value(value) for value in values],
            "said": [instead or words for words in said],  # the words in the cell
            # "ramp:0" for a share of 0, then a shade stronger for each further step up to all;
            # "ground", the colour of the paper, where no share is shown.
            "colour": [
                "ground" if pd.isna(share) else f"ramp:{math.ceil(len(RAMP) * share)}"
                for share in shares
            ],
            "broken": is_unknown,  # its outline is dashed
            "instead": instead,
        }
    )


def _write_figure(row: Any, least: int) -> str:
    """Return the words for a value: its share and count, or why there is no count.

    `row`: victims, victims_state, share, whole.
    """
    if pd.isna(row.victims_state):
        return NO_SUCH_BAND
    if row.victims_state in (WITHHELD, MISSING):
        return say_absence(row.victims_state)
    if row.share > 0:
        return wording.label_share(int(row.victims), int(row.whole), least)
    return wording.format_number(row.victims)


def write_attribute_title(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """Return a title with the value that most people shot had, city by city.

    `frame`: city, value, victims, victims_state and, where it is known, `whole`. Of a city where a
    count that is not shown might be the largest it says that it cannot be said.
    """
    by_city = dict([*add_shares(frame).groupby("city")])
    named = {cities[city]: _name_most_frequent(by_city[city]) for city in cities if city in by_city}
    if not named:
        return say("who.none_yet")
    parts = [say("who.city", name=name, value=value) for name, value in named.items() if value]
    unsure = [name for name, value in named.items() if not value]
    return say(f"who.{'most' if parts else 'most_none'}", parts="; ".join(parts), unsure=unsure)


def _name_most_frequent(rows: pd.DataFrame) -> str:
    """Return words for the most frequent value of one city's rows, or for why there is none.

    "" where a count that is not shown might be as large: what is not shown of the whole.
    """
    if instead := name_absence(rows):
        return instead
    # A value that the source never has counts no one, so it cannot be the largest.
    rows = rows[~rows["value"].isin(find_never_given(rows))]
    shown = rows[rows["victims"].notna()]
    known, whole = shown[shown["value"] != "unknown"], rows["whole"].iloc[0]
    most = max(known["victims"], default=0)
    rest = math.inf if pd.isna(whole) else whole - shown["victims"].sum()
    if (rows["victims_state"] == MISSING).all():
        return say_absence(MISSING)
    if len(shown) < len(rows) and rest >= most:
        return ""
    if not most:
        return name_value("unknown") if shown["victims"].any() else say("who.none_shown")
    facts = {"most": most, "whole": None if pd.isna(whole) else whole}
    values = known.loc[known["victims"] == most, "value"]
    return say("who.value", facts, values=[*map(name_value, values)])


def write_young_black_men_title(frame: pd.DataFrame, cities: Mapping[str, str], when: str) -> str:
    """Return a title with how many people shot are known to be young Black men, city by city.

    `frame`: city, young_black_men, victims with their states; `when`: the year.
    """
    parts = [
        say(
            "who.city",
            name=cities[row.city],
            value=name_absence_of_young(row)
            or say("who.part", most=row.young_black_men, whole=row.victims),
        )
        for row in frame.itertuples()
    ]
    return say("who.young", parts=parts, when=when)


def name_absence_of_young(row: Any) -> str:
    """Return the word in place of a missing count: "not supplied", "missing", "withheld"; else "".

    Where the number of people shot is known and the count is missing, the source does not give it.
    """
    if pd.notna(row.young_black_men) and pd.notna(row.victims):
        return ""
    if getattr(row, "young_black_men_state", WITHHELD) != MISSING:
        return say_absence(WITHHELD)  # a total that is not shown hides the part
    return say_absence(MISSING if pd.isna(row.victims) else Absent.NOT_SUPPLIED)


def share_young_black_men(context: ReportContext, _values: Values) -> Chart:
    """Chart how many of the people shot are known to be young Black men, and how many may be."""
    answer = context.ask("public_young_black_men")
    rows = answer.frame
    if rows.empty:
        raise _explain_nothing(context)
    when = name_newest_year(rows)
    drawn = rows.assign(note=[*map(name_absence_of_young, rows.itertuples())])
    for column in ("young_black_men", "may_be"):
        is_shown = (drawn["note"] == "") & rows[column].notna()
        drawn[f"{column}_words"] = [
            wording.label_share(count, whole, context.least_base)
            if shown
            else say_absence(WITHHELD)
            for count, whole, shown in zip(rows[column], rows["victims"], is_shown, strict=True)
        ]
    return make_chart(
        context,
        "young-black-men",
        drawn,
        answers=(answer,),
        facts={"when": when},
        table=rows.drop(columns="cut_on"),
        finding=write_young_black_men_title(rows, context.cities, when),
        topic=context.say("who.young_topic", when=when),
        sentences=(context.say("who.young_read"),),
    )


def list_attributes(context: ReportContext, _: Values) -> Mapping[str, str]:
    """Return the attributes that have a public table, or all where none has one yet."""
    frame = context.ask("public_victims").frame
    return list_public_attributes(frame) or ATTRIBUTES
