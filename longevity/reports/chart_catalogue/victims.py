"""Charts of the people shot, from the tables that are counted once for the public."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from longevity.absent import Absent
from longevity.errors import DataError
from longevity.reports.chart_catalogue.declared import Prepare, Prepared
from longevity.reports.chart_catalogue.definition import WAIT, Values
from longevity.reports.context import ReportContext
from longevity.text import chart_titles, public_text, victim_attributes, wording
from longevity.text.offered_titles import FINDING, TOPIC
from longevity.warehouse.warehouse import Answer

UNTOLD = ("withheld", "missing")
NO_SUCH_BAND = "–"  # of a city whose source gives others: no zero


def _explain_nothing(context: ReportContext) -> DataError:
    """Say why there is no table of the people shot: none is due yet, or nobody holds them."""
    if "victims" in context.list_measures():
        return DataError(public_text.NONE_YET, WAIT)
    return DataError(context.explain_absence("victims"))


def _share_attribute(context: ReportContext, values: Values) -> Prepared:
    answer = context.ask("public_victims")
    titles = victim_attributes.list_public_attributes(answer.frame)
    attribute = values["attribute"]
    if attribute not in titles:
        raise _explain_nothing(context)
    counts = answer.frame[answer.frame["attribute"] == attribute]
    year, attribute_words = public_text.find_year(counts), titles[attribute]
    facts = {"attribute": f"{attribute_words[:1].lower()}{attribute_words[1:]}", "when": year}
    made = share_attribute(context, answer, attribute, f"{attribute_words}, {year}")
    if made.frame["instead"].notna().all():
        raise DataError(" ".join(made.sentences) or public_text.NONE_YET, WAIT)
    title = context.say("who.by", facts, value=made.titles[FINDING])
    return replace(made, titles={FINDING: title, TOPIC: context.say("who.topic", facts)})


def share_attribute(context: ReportContext, answer: Answer, attribute: str, by: str) -> Prepared:
    """Share the people shot by an attribute; of few people there is no percentage.

    `answer`: victims_by_attribute; `by`: by what, and of when. Where cities give ages in different
    bands, those each adds up to are there too.
    """
    counts = answer.frame[answer.frame["attribute"] == attribute]
    finding = chart_titles.write_attribute_title(counts, context.cities)
    sentences = victim_attributes.describe_attributes_not_supplied(
        counts, attribute, context.cities
    )
    bands_differ = False
    if attribute == victim_attributes.AGE:
        sentences += victim_attributes.describe_bands(counts, context.cities)
        bands_differ = not victim_attributes.has_same_bands(counts)
        counts = victim_attributes.add_wider_bands(counts) if bands_differ else counts
    values = victim_attributes.sort_values(counts)
    shares = victim_attributes.compute_shares(counts)
    drawn = [
        _share_city(context, city, rows, values, shares)
        for city, rows in context.make_drawing().split_by_city(counts)
    ]
    facts = {"by": by, "bands_differ": bands_differ, "file": attribute.replace("_", "-")}
    frame = pd.concat(drawn) if drawn else counts.assign(instead=None)
    return Prepared(frame, (answer,), facts, counts, {FINDING: finding}, tuple(sentences))


def _share_city(
    context: ReportContext,
    city: str,
    counts: pd.DataFrame,
    values: list[str],
    shares: Mapping[tuple[str, str], float | None],
) -> pd.DataFrame:
    """Return each value with its share, how its bar is drawn and what is written at it."""
    rows = counts.set_index("value").reindex(values)
    never_given = victim_attributes.find_never_given(counts)
    colour = context.make_drawing().name_colour(city)
    said = []
    for value, state, count in zip(values, rows["victims_state"], rows["victims"], strict=True):
        share = shares.get((city, value))
        if pd.isna(state):
            said.append(NO_SUCH_BAND)
        elif value in never_given:
            said.append(Absent.NOT_SUPPLIED.value)
        elif state in UNTOLD:
            said.append(state)
        elif share:
            whole = round(int(count) / share)
            said.append(wording.label_share(int(count), whole, context.least_base))
        else:
            said.append(wording.format_number(count))
    return pd.DataFrame(
        {
            "city": city,
            "name": [victim_attributes.name_value(value) for value in values],
            "share": [100 * (shares.get((city, value)) or 0) for value in values],
            "said": said,
            "colour": ["withheld" if s in UNTOLD else colour for s in rows["victims_state"]],
            # What is not known is no group of people: it is drawn apart.
            "is_unknown": [value == "unknown" for value in values],
            "instead": victim_attributes.name_absence(counts),
        }
    )


def _share_young_black_men(context: ReportContext, _values: Values) -> Prepared:
    answer = context.ask("public_young_black_men")
    if answer.frame.empty:
        raise _explain_nothing(context)
    rows, least = answer.frame, context.least_base
    when = public_text.find_year(rows)
    drawn = rows.assign(note=[*map(victim_attributes.name_absence_of_young, rows.itertuples())])
    for name, column in (("known", "young_black_men"), ("may", "may_be")):
        is_told = drawn["note"].isna() & rows[column].notna()
        whole = rows["victims"].where(is_told & (rows["victims"] > 0))
        drawn[name] = rows[column].astype("float64") / whole.astype("float64")
        drawn[f"{name}_words"] = [
            wording.label_share(count, of, least) if told else "withheld"
            for count, of, told in zip(rows[column], rows["victims"], is_told, strict=True)
        ]
    titles = {
        FINDING: chart_titles.write_young_black_men_title(rows, context.cities),
        TOPIC: context.say("who.young_topic", when=when),
    }
    table = rows.drop(columns="cut_on", errors="ignore")
    read = (context.say("who.young_read"),)
    return Prepared(drawn, (answer,), {"when": when}, table, titles, read)


def list_attributes(context: ReportContext) -> Mapping[str, str]:
    """Return the attributes the public table is about, all of them where it is about none."""
    frame = context.ask("public_victims").frame
    return victim_attributes.list_public_attributes(frame) or victim_attributes.ATTRIBUTES


PREPARED: dict[str, Prepare] = {
    "victims-by-attribute": _share_attribute,
    "young-black-men": _share_young_black_men,
}
