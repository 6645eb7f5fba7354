"""What a screen of the program says to the public, from the public tables alone.

docs/public-tables.md tells which tables there are. Zero, withheld and missing are three words
here, never one.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from longevity.absent import MISSING, WITHHELD, say_absence
from longevity.language import Spoken, translate
from longevity.measures import wording
from longevity.privacy.public_tables import FEWEST_CITIES
from longevity.screens.context import ReportContext

STEPS = Spoken(
    {
        "invited": "Invited, not in custody",
        "reachable": "Reached by the invitation",
        "attended": "Came, of those reached",
        "intake_30": "Of them, began a service in 30 days",
    }
)


def find_year(frame: pd.DataFrame) -> str:
    """Return the closed year an answer of a public table is of, or that it has none."""
    years = frame["year"].dropna()
    return str(int(years.max())) if len(years) else translate("no closed year")


def format_cell(count: Any, state: str) -> str:
    """Return one figure: its number, "withheld", or "missing"."""
    return wording.format_number(count) if state in ("shown", "zero") else say_absence(state)


def say_attendance(context: ReportContext) -> str:
    """Say how many came, of those reached, a city after another; what is not shown is named."""
    frame = context.ask("public_funnel").frame
    if frame.empty:
        return context.say("public_call_ins.none_yet")
    parts = []
    for city, name in context.cities.items():
        cells = read_steps(frame[frame["city"] == city])
        sentence = "city_missing" if cells["invited"] == say_absence(MISSING) else "city"
        parts.append(context.say(f"public_call_ins.{sentence}", cells, city=name))
    return context.say("public_call_ins.headline", year=find_year(frame), cities=parts)


def read_steps(rows: pd.DataFrame) -> dict[str, str]:
    """Return each step of one city in words. `rows`: step, members, members_state."""
    cells = zip(rows["step"], rows["members"], rows["members_state"], strict=True)
    return {step: format_cell(members, state) for step, members, state in cells}


def say_still_active(context: ReportContext) -> str:
    """Say how many were active in a service at 90 days, of those who began one, of two years."""
    frame = context.ask("public_still_active").frame
    if frame.empty:
        return context.say("public_active.none_yet")
    cells = zip(frame["active_90"], frame["active_90_state"], strict=True)
    figures = frame.assign(figure=[format_cell(*cell) for cell in cells])
    parts = context.say_rows("public_active.city", figures)
    return context.say("public_active.headline", cities=parts, last=frame["year"].max())


def say_follow_up(context: ReportContext) -> str:
    """Say how often enforcement followed in closed cases, in all cities together."""
    frame = context.ask("public_promises").frame
    known, facts = frame[frame["episodes"].notna()], {"fewest": FEWEST_CITIES}
    withheld = [int(year) for year in frame.loc[frame["episodes_state"] == WITHHELD, "year"]]
    if len(known):
        newer = [str(year) for year in withheld if year > known["year"].max()]
        rest = context.say("public_follow_up.newer", facts, newer=newer) if newer else ""
        return f"{say_newest_year(context)}.{rest}"
    if not can_count_follow_up(context):
        return context.say("public_follow_up.few_cities", facts, cities=len(context.cities))
    return context.say(f"public_follow_up.{'withheld' if withheld else 'none_yet'}", facts)


def list_closed_years(context: ReportContext) -> pd.DataFrame:
    """Return `public_promises` of the years that are shown, with `acted`: within 90 days."""
    frame = context.ask("public_promises").frame
    known = frame[frame["episodes"].notna()]
    return known.assign(acted=known[["kept_30", "kept_60", "kept_90"]].sum(axis=1))


def say_newest_year(context: ReportContext) -> str:
    """Say how often enforcement followed in the newest year that is shown."""
    (said,) = context.say_rows("public_follow_up.title", list_closed_years(context).tail(1))
    return said


def can_count_follow_up(context: ReportContext) -> bool:
    """Return whether follow-up of so many cities is counted for the public at all."""
    return len(context.cities) >= FEWEST_CITIES
