"""Who was shot, in words and shares; what is withheld or not known stays so."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import chain
from typing import Any

import pandas as pd

from longevity import age_bands
from longevity.absent import Absent
from longevity.age_bands import AGE_BANDS
from longevity.measures.say import say
from longevity.stats.proportion import compute_wilson_interval
from longevity.text import wording
from longevity.warehouse.frames import MISSING, SHOWN, WITHHELD, ZERO

ATTRIBUTES = {"age_band": "By age", "sex": "By sex", "race_ethnicity": "By race and ethnicity"}
GMI_TITLE = "By involvement of a group"
# What a source that does not supply an attribute does not give.
NOUNS = {
    "age_band": "age",
    "sex": "sex",
    "race_ethnicity": "race or ethnicity",
    "gmi": "whether a group was involved",
}
AGE = "age_band"
NOT_SUPPLIED, NOT_COUNTED = "not_supplied", "not_counted"  # in place of a city's values
NO_FIGURE = (WITHHELD, MISSING)
YOUNG = ("Known to be, of people shot", "Share, 95% interval", "May be, unknown")
WORDS = {
    "unknown": "not known",
    "american_indian": "American Indian",
    "black": "Black",
    "hispanic": "Hispanic",
    "white": "white",
    "asian": "Asian",
    "none": "reviewed, no group",
}


def name_value(value: str) -> str:
    """Name a value of the contract: "18–24", "Black", "not known"."""
    if value[:1].isdigit() and value.endswith("+"):
        return f"{value[:-1]} and over"
    return WORDS.get(value, value.replace("-", "–"))


def list_public_attributes(frame: pd.DataFrame) -> dict[str, str]:
    """Return the attributes of a public table with their titles; none when nothing was frozen."""
    attributes = set(frame["attribute"])
    return {
        name: title
        for name, title in (ATTRIBUTES | {"gmi": GMI_TITLE}).items()
        if name in attributes
    }


def name_absence(rows: pd.DataFrame) -> str | None:
    """Return what stands in place of a city's values: "not supplied", "missing", or None.

    `own`: value, of one city and one attribute.
    """
    for value, word in ((NOT_SUPPLIED, Absent.NOT_SUPPLIED.value), (NOT_COUNTED, MISSING)):
        if (rows["value"] == value).any():
            return word
    return None


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
        if (rows["value"] == NOT_SUPPLIED).any():
            sentences.append(say("who.not_given", facts, values=[NOUNS[attribute]]))
        elif never := find_never_given(rows):
            sentences.append(say("who.never_given", facts, values=[*map(name_value, never)]))
    return sentences


def find_never_given(rows: pd.DataFrame) -> list[str]:
    """Return the values that a city's source never gives, beside others that it does.

    `rows`: value, victims_state, of one city and one attribute.
    """
    is_missing = rows["victims_state"] == MISSING
    return [] if is_missing.all() else rows.loc[is_missing, "value"].tolist()


def _is_total_hidden(rows: pd.DataFrame) -> bool:
    """Return whether the people of a city cannot be added up: one that is never given is nobody."""
    states = rows["victims_state"]
    return bool((states == WITHHELD).any() or (states == MISSING).all())


def _list_bands(frame: pd.DataFrame) -> dict[str, list[str]]:
    """Return the age bands of each city that gives any."""
    known_bands = frame[~frame["value"].isin([age_bands.UNKNOWN, NOT_SUPPLIED, NOT_COUNTED])]
    return {
        str(city): age_bands.sort_bands(rows["value"])
        for city, rows in known_bands.groupby("city", sort=False)
    }


def _find_common_bands(bands: Mapping[str, list[str]]) -> list[str]:
    """Return the bands every city has or adds up to; none where they have nothing but all ages."""
    shared = age_bands.find_common_bands(list(bands.values()))
    return shared if len(shared) > 1 else []


def has_same_bands(frame: pd.DataFrame) -> bool:
    """Return whether all cities that give ages use the same bands. `frame`: city, value."""
    lists = list(_list_bands(frame).values())
    return all(bands == lists[0] for bands in lists)


def add_totals(frame: pd.DataFrame) -> pd.DataFrame:
    """Return victims with `whole`, their city's total; missing where a figure would show it."""
    if "whole" in frame:
        return frame
    totals = {
        city: None if _is_total_hidden(rows) else int(rows["victims"].sum())
        for city, rows in frame.groupby("city", sort=False)
    }
    whole = [totals[city] for city in frame["city"]]
    return frame.assign(whole=pd.array(whole, dtype="Int64"))


def add_wider_bands(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the victims by age, with a row for each wider band that every city adds up to.

    `frame`: city, value, victims, victims_state, and `whole` where it is told; with rows added
    `whole` is the city's total, missing where a figure of it is withheld, and `sum_of` names the
    bands a row adds up, so that nobody counts them twice. A sum of which a part is
    withheld is withheld. Where a city has no band within a wider one nobody of it is there, but
    not in the public's tables, in which rare bands count with the unknown.
    """
    if has_same_bands(frame):
        return frame
    bands = _list_bands(frame)
    rows = []
    for city, of_city in add_totals(frame).assign(sum_of=None).groupby("city", sort=False):
        rows.append(of_city)
        for wide in _find_common_bands(bands) if city in bands else []:
            within = [band for band in bands[city] if age_bands.is_within(band, wide)]
            parts = of_city[of_city["value"].isin(within)]
            if wide not in bands[city] and (len(parts) or "whole" not in frame):
                rows.append(_build_sum_row(of_city.iloc[:1], wide, parts))
    return pd.concat(rows, ignore_index=True).astype({"sum_of": "str"})


def _build_sum_row(like: pd.DataFrame, wide: str, parts: pd.DataFrame) -> pd.DataFrame:
    """Return a row like another one, of a wider band."""
    row = like.assign(value=wide, sum_of=" + ".join(parts["value"]) or "nobody")
    for count in (name for name in ("victims", "fatal", "nonfatal") if name in like):
        states = parts[f"{count}_state"]
        untold = [state for state in NO_FIGURE if (states == state).any()]
        total = None if untold else parts[count].sum()
        row[count] = pd.array([total], dtype="Int64")
        row[f"{count}_state"] = untold[0] if untold else SHOWN if total else ZERO
    return row


def sort_values(frame: pd.DataFrame) -> list[str]:
    """Return the values of one attribute in order: bands by their years, the wider first."""
    values = [v for v in dict.fromkeys(frame["value"]) if v not in (NOT_SUPPLIED, NOT_COUNTED)]
    if not any(value[0].isdigit() for value in values):
        return values

    def rank(value: str) -> tuple[float, float]:
        if value == age_bands.UNKNOWN:
            return math.inf, 0
        first, last = age_bands.parse_bounds(value)
        return first, -last

    return sorted(values, key=rank)


def describe_bands(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """Describe the cities' age bands: on which they are compared, which overlap.

    `frame`: city, value, and `whole` where it is the public's.
    """
    bands, sentences = _list_bands(frame), []
    if not has_same_bands(frame):
        common = [*map(name_value, _find_common_bands(bands))]
        sentences.append(say(f"who.bands{'' if common else '_apart'}", values=common))
    for city, of_city in bands.items():
        pairs = [
            f"{name_value(first)} and {name_value(other)}"
            for first, other in age_bands.find_overlaps(of_city)
        ]
        if pairs:
            sentences.append(say("who.overlap", name=cities[city], values=pairs))
    if "whole" in frame and not set(AGE_BANDS).issuperset(chain.from_iterable(bands.values())):
        sentences.append(say("who.rare_bands"))
    return sentences


def compute_shares(frame: pd.DataFrame) -> dict[tuple[str, str], float | None]:
    """Return the share (0 to 1) of a city's victims with each value of one attribute.

    `frame`: city, value, victims, victims_state; the answer is by (city, value). None where
    nobody was shot, and for a whole city where one of its cells is withheld: its total would
    give the cell away, and without a total there is no share. With a column `whole` the
    total is known, and each share is of that.
    """
    totalled = add_totals(frame)
    columns = (totalled[name].tolist() for name in ("city", "value", "victims", "whole"))
    return {
        (str(city), str(value)): None
        if pd.isna(count) or pd.isna(whole) or not whole
        else count / whole
        for city, value, count, whole in zip(*columns, strict=True)
    }


def build_young_table(
    frame: pd.DataFrame, cities: Mapping[str, str], least_base: int
) -> pd.DataFrame:
    """Return how many are known to be young Black men, and how many may be, a row a city.

    `frame`: city, young_black_men, may_be, victims with their states.
    """
    rows = [(cities[row.city], *_list_young(row, least_base)) for row in frame.itertuples()]
    return pd.DataFrame(rows, columns=["City", *YOUNG])


def _list_young(row: Any, least_base: int) -> tuple[str, str, str]:
    absence = name_absence_of_young(row)
    if absence or not row.victims:
        return absence or "none shot", "–", "–"
    count, whole = int(row.young_black_men), int(row.victims)
    share = "–"
    if whole >= least_base:
        interval = compute_wilson_interval(count, whole)
        share = (
            f"{wording.format_share(count, whole, least_base)}, "
            f"{100 * (interval.low or 0):.0f} to {100 * (interval.high or 0):.0f}%"
        )
    more = WITHHELD if pd.isna(row.may_be) else wording.format_number(row.may_be)
    return f"{wording.format_number(count)} of {wording.format_number(whole)}", share, more


def name_absence_of_young(row: Any) -> str | None:
    """Return why a row has no young Black men: "not supplied", "missing", "withheld"; or None.

    Where the people shot are known and the part is missing, the source does not give it.
    """
    if pd.notna(row.young_black_men) and pd.notna(row.victims):
        return None
    if getattr(row, "young_black_men_state", WITHHELD) != MISSING:
        return WITHHELD  # a total that is not told hides the part
    return MISSING if pd.isna(row.victims) else Absent.NOT_SUPPLIED.value
