"""Sentences for the public about the program, made of the public tables alone.

Those are counts of closed years, with small ones withheld (docs/public-tables.md). A count can be
zero, withheld or missing, and the sentences never mix these up.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from longevity.privacy.public_tables import FEWEST_CITIES
from longevity.screens.context import ReportContext
from longevity.words import wording
from longevity.words.absent import MISSING, WITHHELD, say_absence
from longevity.words.language import Spoken, translate

STEPS = Spoken(
    {
        "invited": "Invited, not in custody",
        "reachable": "Reached by the invitation",
        "attended": "Came, of those reached",
        "intake_30": "Of them, began a service in 30 days",
    }
)


def name_newest_year(frame: pd.DataFrame) -> str:
    """Return the newest year in an answer of a public table, or words that it has none."""
    years = frame["year"].dropna()
    return str(int(years.max())) if len(years) else translate("no closed year")


def format_cell(count: Any, state: str) -> str:
    """Return a count as a number, or "withheld" or "missing" by its state."""
    return wording.format_number(count) if state in ("shown", "zero") else say_absence(state)


def say_attendance(context: ReportContext) -> str:
    """Return a sentence on how many came to call-ins, of those reached, city by city."""
    frame = context.ask("public_funnel").frame
    if frame.empty:
        return context.say("public_call_ins.none_yet")
    parts = []
    for city, name in context.cities.items():
        cells = read_steps(frame[frame["city"] == city])
        sentence = "city_missing" if cells["invited"] == say_absence(MISSING) else "city"
        parts.append(context.say(f"public_call_ins.{sentence}", cells, city=name))
    return context.say("public_call_ins.headline", year=name_newest_year(frame), cities=parts)


def read_steps(rows: pd.DataFrame) -> dict[str, str]:
    """Return the count of each step in words: {"invited": "40", "attended": "withheld"}.

    `rows`: step, members, members_state, of one city.
    """
    cells = zip(rows["step"], rows["members"], rows["members_state"], strict=True)
    return {step: format_cell(members, state) for step, members, state in cells}


def say_still_active(context: ReportContext) -> str:
    """Return a sentence on how many who began a service were active after 90 days, of two years."""
    frame = context.ask("public_still_active").frame
    if frame.empty:
        return context.say("public_active.none_yet")
    cells = zip(frame["active_90"], frame["active_90_state"], strict=True)
    figures = frame.assign(figure=[format_cell(*cell) for cell in cells])
    parts = context.say_rows("public_active.city", figures)
    return context.say("public_active.headline", cities=parts, last=frame["year"].max())


def say_follow_up(context: ReportContext) -> str:
    """Return a sentence on how often enforcement followed violations, in all cities together.

    Or on why nothing can be said: too few cities, withheld, or no closed year yet.
    """
    frame = context.ask("public_promises").frame
    known, facts = frame[frame["episodes"].notna()], {"fewest": FEWEST_CITIES}
    withheld = [int(year) for year in frame.loc[frame["episodes_state"] == WITHHELD, "year"]]
    if len(known):
        newer = [str(year) for year in withheld if year > known["year"].max()]
        rest = context.say("public_follow_up.newer", facts, newer=newer) if newer else ""
        return f"{say_newest_year(context)}.{rest}"
    if not can_count_follow_up(context):
        return context.say("public_follow_up.few_cities", facts, cities=len(context.cities))
    all_withheld = withheld and len(withheld) == len(frame)
    return context.say(f"public_follow_up.{'withheld' if all_withheld else 'none_yet'}", facts)


def list_closed_years(context: ReportContext) -> pd.DataFrame:
    """Return the rows of `public_promises` that are shown, with `acted`: cases within 90 days."""
    frame = context.ask("public_promises").frame
    known = frame[frame["episodes"].notna()]
    return known.assign(acted=known[["kept_30", "kept_60", "kept_90"]].sum(axis=1))


def say_newest_year(context: ReportContext) -> str:
    """Return a sentence on how often enforcement followed in the newest year that is shown."""
    (said,) = context.say_rows("public_follow_up.title", list_closed_years(context).tail(1))
    return said


def can_count_follow_up(context: ReportContext) -> bool:
    """Return whether there are enough cities for follow-up to be published at all."""
    return len(context.cities) >= FEWEST_CITIES
