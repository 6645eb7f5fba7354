"""What a screen of people or of the program says to the public, from the public tables alone.

docs/public-tables.md tells which tables there are. Zero, withheld and missing are three words
here, never one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from longevity.privacy.public_tables import FEWEST_CITIES
from longevity.text import wording
from longevity.warehouse.count_states import WITHHELD

WHY = (
    "Counts of 1 to {}, and others that would give them away, are withheld to protect identities. "
    "The year was counted once, at least 90 days after it ended, and again only where that was "
    "wrong. "
    "More is for the state and for each city about its own."
)
HOW_A_YEAR_COMES = (
    "A year is counted for the public once, 90 days after it has ended, by the first release "
    "published after that day which holds {}. Until then there is nothing to show here."
)
FEW_CASES = f"fewer than {FEWEST_CITIES} cities had more than a few cases"
NO_YEAR = "no closed year"
NONE_YET = "No year of people shot is closed and counted for the public yet."
STEPS = {
    "invited": "Invited, not in custody",
    "reachable": "Reached by the invitation",
    "not_reached": "Not reached, or not known",
    "attended": "Came, of those reached",
    "not_come": "Did not come, or not known, of those reached",
    "intake_30": "Began a service within 30 days, of those who came",
    "no_intake_30": "Began none within 30 days",
}


def explain_withheld(withheld_up_to: int) -> str:
    """Say why figures are withheld, in words for the public."""
    return WHY.format(withheld_up_to)


def find_year(frame: pd.DataFrame) -> str:
    """Return the closed year an answer of a public table is of; NO_YEAR when it has none."""
    years = frame["year"].dropna()
    return str(int(years.max())) if len(years) else NO_YEAR


def format_cell(count: Any, state: str) -> str:
    """Return one figure: its number, "withheld", or "missing"."""
    return wording.format_number(int(count)) if state in ("shown", "zero") else state


def build_steps_table(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return the way from invitation to service as text: a row a step, a column a city.

    `frame`: city, step, members, members_state, of one year.
    """
    by_city = {
        name: {
            STEPS[row.step]: format_cell(row.members, row.members_state)
            for row in frame[frame["city"] == city].itertuples()
            if row.step in STEPS
        }
        for city, name in names.items()
    }
    table = pd.DataFrame(by_city, dtype="str")
    return table.rename_axis(f"Members, call-ins of {find_year(frame)}").reset_index()


def describe_attendance(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say how many came, of those reached, a city after another; what is not shown is named.

    `frame`: city, step, members, members_state, of one year.
    """
    if frame.empty:
        return "No year of call-ins is closed and counted for the public yet."
    parts: list[str] = []
    for city, name in names.items():
        rows = frame[frame["city"] == city].set_index("step")
        states, members = rows["members_state"], rows["members"]
        attended = format_cell(members["attended"], states["attended"])
        reached = format_cell(members["reachable"], states["reachable"])
        is_missing = states["invited"] == "missing"
        parts.append(f"{name}, missing" if is_missing else f"{name}, {attended} of {reached}")
    return (
        f"Came to the call-ins of {find_year(frame)}, of members reached and not in custody: "
        f"{'; '.join(parts)}. Of the others some did not come, and of some it is not known."
    )


def describe_still_active(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say how many were active in a service at 90 days, of those who began one, of two years.

    `frame`: city, year, began, active_90, active_90_state, of the later of the two years.
    """
    if frame.empty:
        return "No two years of services are closed and counted for the public yet."
    parts = []
    for city, name in names.items():
        (row,) = frame[frame["city"] == city].to_dict("records")
        base = "" if pd.isna(row["began"]) else f" of {wording.format_number(row['began'])}"
        active = format_cell(row["active_90"], row["active_90_state"])
        parts.append(f"{name}, {active}{'' if active == 'missing' else base}")
    last = int(frame["year"].max())
    return (
        f"Active in a service 90 days after the call-in, of those who came and began one within "
        f"30 days, {last - 1} and {last} together: {'; '.join(parts)}. The others had completed "
        "it, had stopped, or it is not known."
    )


def can_count_promises(cities: int) -> bool:
    """Return whether promises of so many cities are counted for the public at all."""
    return cities >= FEWEST_CITIES


def describe_promises(frame: pd.DataFrame, cities: int) -> str:
    """Say how often enforcement followed in closed cases, in all of so many cities together.

    `frame`: year, episodes, episodes_state, kept_30, kept_60, kept_90, not_kept.
    """
    known_years = frame[frame["episodes"].notna()]
    if known_years.empty and not can_count_promises(cities):
        cities_here = (
            "there is one" if cities == 1 else f"there are {wording.format_number(cities)}"
        )
        return (
            f"Follow-up is not counted for the public here: that takes {FEWEST_CITIES} cities, so "
            f"that none can subtract its own, and {cities_here}."
        )
    withheld = list_withheld_years(frame)
    if known_years.empty and withheld:
        return f"Follow-up of every closed year is withheld: {FEW_CASES}."
    if known_years.empty:
        return "No year of follow-up is closed and counted for the public yet."
    row = known_years.iloc[-1]
    newer = [str(year) for year in withheld if year > row["year"]]
    rest = f" Of {wording.join_words(newer)} it is withheld: {FEW_CASES}." if newer else ""
    answered = int(row["kept_30"] + row["kept_60"] + row["kept_90"])
    return (
        f"In {int(row['year'])} groups with notice that shot opened "
        f"{wording.count_noun(int(row['episodes']), 'case')}, all cities together. "
        "Enforcement followed within 90 days in "
        f"{wording.format_number(answered)}, in {wording.format_number(row['kept_30'])} of them "
        f"within 30; in {wording.format_number(row['not_kept'])} it did not.{rest}"
    )


def list_withheld_years(frame: pd.DataFrame) -> list[int]:
    """List the closed years of follow-up that are withheld. `frame`: year, episodes_state."""
    return [int(year) for year in frame.loc[frame["episodes_state"] == WITHHELD, "year"]]


def explain_promises(cities: int) -> str:
    """Say what the public is not shown of follow-up, and why."""
    beginning = "Only cases whose 90 days are long over are shown, of all cities together: which"
    return (
        f"{beginning if can_count_promises(cities) else 'Which'} are open, and which group they "
        "are about, is for the state and for each city about its own, because a list of open "
        "cases would tell a group that it was let off."
    )
