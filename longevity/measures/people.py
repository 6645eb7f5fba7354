"""Who was shot, in words and shares; what is withheld or not known stays so."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from longevity.measures import reach, wording
from longevity.warehouse.disclosure import MISSING, WITHHELD

ATTRIBUTES = {"age_band": "By age", "sex": "By sex", "race_ethnicity": "By race and ethnicity"}
GMI_TITLE = "By involvement of a group"
WORDS = {
    "unknown": "not known",
    "american_indian": "American Indian",
    "black": "Black",
    "hispanic": "Hispanic",
    "white": "white",
    "asian": "Asian",
    "55+": "55 and over",
    "none": "reviewed, no group",
}


def words(value: str) -> str:
    """A value of the contract as it is read: "18–24", "Black", "not known"."""
    return WORDS.get(value, value.replace("-", "–"))


def told_to_the_public(frame: pd.DataFrame) -> dict[str, str]:
    """The attributes of an answer of the lattice, with their titles; none when nothing was cut."""
    told = set(frame["attribute"])
    return {
        name: title for name, title in (ATTRIBUTES | {"gmi": GMI_TITLE}).items() if name in told
    }


def shares(frame: pd.DataFrame) -> dict[tuple[str, str], float | None]:
    """The share (0 to 1) of a city's victims with each value of the one attribute in `frame`.

    `frame`: city, value, victims, victims_state; the answer is by (city, value). None where
    nobody was shot, and for a whole city where one of its cells is withheld: its total would
    give the cell away, and without a total there is no share. With a column `whole` the
    total is known, and each share is of that.
    """
    if "whole" in frame.columns:
        return {
            (str(row.city), str(row.value)): None
            if pd.isna(row.victims) or not row.whole
            else int(row.victims) / int(row.whole)
            for row in frame.itertuples()
        }
    found: dict[tuple[str, str], float | None] = {}
    for city, own in frame.groupby("city", sort=False):
        hidden = own["victims_state"].isin([WITHHELD, MISSING]).any()
        whole = 0 if hidden else int(own["victims"].sum())
        for value, count in zip(own["value"], own["victims"], strict=True):
            found[str(city), str(value)] = int(count) / whole if whole else None
    return found


def young_black_men(frame: pd.DataFrame, cities: Mapping[str, str], least_base: int) -> list[str]:
    """Young Black men among the people shot, a sentence a city, with the range of what is unknown.

    `frame`: city, young_black_men, may_be, victims with their states.
    """
    return [_young(row, cities.get(row.city, row.city), least_base) for row in frame.itertuples()]


def _young(row: object, name: str, least_base: int) -> str:
    count, may, whole = (getattr(row, c) for c in ("young_black_men", "may_be", "victims"))
    if getattr(row, "young_black_men_state", "") == MISSING:
        return f"{name}: missing; its year was not whole, is not counted yet, or was withdrawn."
    if pd.isna(whole) or pd.isna(count):
        return f"{name}: withheld, so that nobody can be told from so few."
    if not whole:
        return f"{name}: nobody was shot."
    interval = reach.wilson(int(count), int(whole))
    said = f"{name}: {wording.number(count)} of {wording.number(whole)} people shot"
    if whole >= least_base:
        said += (
            f" ({wording.share(int(count), int(whole), least_base)}; 95\u00a0% interval "
            f"{100 * (interval.low or 0):.0f} to {100 * (interval.high or 0):.0f}\u00a0%)"
        )
    said += " are known to be Black men under 30"
    if pd.isna(may):
        return f"{said}; how many more may be, as age, sex or race is not known, is withheld."
    if may:
        more = "one more may be" if may == 1 else f"{wording.number(may)} more may be"
        return f"{said}; {more}, as age, sex or race is not known."
    return f"{said}; age, sex and race are known wherever it matters."
