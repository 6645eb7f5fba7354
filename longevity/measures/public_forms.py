"""What a screen of people or of the program says to the public, from the lattice alone.

docs/lattice.md tells which tables there are. Zero, withheld and missing are three words
here, never one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from longevity.measures import wording

WHY = (
    "Counts of 1 to {} people, and whatever would give them back, are withheld, because in small "
    "numbers people can be recognised; the year was counted once, 90 days after it ended, and is "
    "never counted again. More is for the state and for each city about its own."
)
NOT_CUT = "no closed year"
NONE_YET = "No year of people shot is closed and counted for the public yet."
STEPS = {
    "invited": "Invited, not in custody",
    "reachable": "Reached by the invitation",
    "unreachable": "Not reached",
    "reachable_unknown": "Not known whether reached",
    "attended": "Came, of those reached",
    "stayed_away": "Did not come, of those reached",
    "attended_unknown": "Not known whether they came",
    "intake_30": "Began a service within 30 days, of those who came",
    "no_intake_30": "Began none within 30 days",
    "active_90": "Still active at 90 days, of those who began",
    "completed_90": "Completed by 90 days",
    "active_unknown_90": "Not known whether active at 90 days",
    "inactive_90": "Not active at 90 days",
}


def why(withheld_up_to: int) -> str:
    """Why figures are withheld, in words for the public."""
    return WHY.format(withheld_up_to)


def year(frame: pd.DataFrame) -> str:
    """The closed year an answer of the lattice is of; "no closed year" when it has none."""
    years = frame["year"].dropna()
    return str(int(years.max())) if len(years) else NOT_CUT


def cell(count: Any, state: str) -> str:
    """One figure: its number, "withheld", or "missing"."""
    return wording.number(int(count)) if state in ("shown", "zero") else state


def steps(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """The way from invitation to service as text: a row a step, a column a city.

    `frame`: city, step, members, members_state, of one year.
    """
    said = {
        name: {
            STEPS[row.step]: cell(row.members, row.members_state)
            for row in frame[frame["city"] == city].itertuples()
        }
        for city, name in names.items()
    }
    table = pd.DataFrame(said, dtype="str")
    return table.rename_axis(f"Members, call-ins of {year(frame)}").reset_index()


def came(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """How many came, of those reached, a city after another; what is not told is said.

    `frame`: city, step, members, members_state, of one year.
    """
    if frame.empty:
        return "No year of call-ins is closed and counted for the public yet."
    told: list[str] = []
    hidden: list[str] = []
    for city, name in names.items():
        own = frame[frame["city"] == city].set_index("step")
        states, members = own["members_state"], own["members"]
        attended, reached, unknown = (
            cell(members[step], states[step])
            for step in ("attended", "reachable", "attended_unknown")
        )
        if states["invited"] == "missing":
            told.append(f"{name}, missing")
            continue
        # No unknown may pass for a no: it is told beside, or said to be withheld.
        more = "" if unknown in ("0", "withheld") else f" (and perhaps {unknown} more)"
        told.append(f"{name}, {attended} of {reached}{more}")
        if unknown == "withheld":
            hidden.append(name)
    said = f"Came to the call-ins of {year(frame)}, of members reached and not in custody: "
    said += f"{'; '.join(told)}."
    if hidden:
        where = wording.listed(hidden)
        said += f" Of how many it is not known whether they came is withheld in {where}."
    return said


def promises(frame: pd.DataFrame) -> str:
    """How many closed promises were kept, in all cities together.

    `frame`: year, episodes, kept_30, kept_60, kept_90, not_kept.
    """
    known = frame[frame["episodes"].notna()]
    if known.empty:
        return "No year of promises is closed and counted for the public yet."
    row = known.iloc[-1]
    kept = int(row["kept_30"] + row["kept_60"] + row["kept_90"])
    return (
        f"Promises that came due in {int(row['year'])} because a group with notice shot, all "
        f"cities together: {wording.number(row['episodes'])}. {wording.number(kept)} were "
        f"answered within 90 days, {wording.number(row['kept_30'])} of them within 30; "
        f"{wording.number(row['not_kept'])} were not."
    )


PROMISES_COLUMNS = {
    "year": "Began in",
    "episodes": "Promises",
    "kept_30": "Answered within 30 days",
    "kept_60": "In 31 to 60 days",
    "kept_90": "In 61 to 90 days",
    "not_kept": "Not within 90 days",
}


def promises_by_year(frame: pd.DataFrame) -> pd.DataFrame:
    """Closed promises a year, newest first, with the words of the screen as columns."""
    return frame.drop(columns="cut_on").iloc[::-1].rename(columns=PROMISES_COLUMNS)


PROMISES_WHY = (
    "Only promises whose 90 days are long over are told, of all cities together: which are open, "
    "and which group they are about, is for the state and for each city about its own, because a "
    "list of open promises would tell a group that it was let off."
)
