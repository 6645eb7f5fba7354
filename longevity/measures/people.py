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


def share(frame: pd.DataFrame, city: str, value: str) -> float | None:
    """The share (0 to 1) of a city's victims with this value of the one attribute in `frame`.

    `frame`: city, value, victims, victims_state. None where it is withheld, or nobody was
    shot, or where one of the city's cells is withheld and the whole is not known. With a
    column `whole` it is known, and a share is of that.
    """
    own = frame[frame["city"] == city]
    if "whole" in frame.columns:
        cell = own[own["value"] == value].iloc[0]
        if pd.isna(cell["victims"]) or not cell["whole"]:
            return None
        return int(cell["victims"]) / int(cell["whole"])
    if own["victims_state"].isin([WITHHELD, MISSING]).any():
        return None
    whole = int(own["victims"].sum())
    if not whole:
        return None
    return int(own.loc[own["value"] == value, "victims"].sum()) / whole


def young_black_men(frame: pd.DataFrame, cities: Mapping[str, str], least_base: int) -> list[str]:
    """Young Black men among the people shot, a sentence a city, with the range of what is unknown.

    `frame`: city, young_black_men, may_be, victims with their states.
    """
    return [_young(row, cities.get(row.city, row.city), least_base) for row in frame.itertuples()]


def _young(row: object, name: str, least_base: int) -> str:
    count, may, whole = (getattr(row, c) for c in ("young_black_men", "may_be", "victims"))
    if getattr(row, "young_black_men_state", "") == MISSING:
        return f"{name}: missing; its year was not whole or is not counted yet."
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
