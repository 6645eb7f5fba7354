"""Sentences and tables of the bargain: promises kept on both sides.

Groups are counted, people are "members on the list". A promise unanswered is
said as plainly as an action on a group that had stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from longevity.measures import survival, wording

WINDOWS = (30, 60, 90)


def answer(promises: pd.DataFrame, waiting: pd.DataFrame, window: int = 30) -> str:
    """The sentence the screen opens on.

    `promises`: city, window_days, episodes, elapsed, elapsed_kept. `waiting`:
    days_unanswered, of the promises nobody has answered, oldest first.
    """
    own = promises[promises["window_days"] == window]
    episodes, elapsed = int(own["episodes"].sum()), int(own["elapsed"].sum())
    if not episodes:
        return "No group with notice has shot: there is no promise to answer."
    kept = int(own["elapsed_kept"].sum())
    verb = "has" if elapsed == 1 else "have"
    sentence = (
        f"{wording.number(elapsed)} of {wording.counted(episodes, 'episode')} {verb} {window} days "
        f"behind them; {wording.number(kept)} met enforcement in {window}"
    )
    still = waiting[waiting["state"] == "open"]
    if still.empty:
        return f"{sentence}; none is open."
    oldest = wording.counted(int(still["days_unanswered"].max()), "day")
    verb, each = ("is", "") if len(still) == 1 else ("are", "the oldest ")
    return f"{sentence}; {len(still)} {verb} open, {each}for {oldest}."


def restraint(frame: pd.DataFrame, stopped: pd.DataFrame) -> str:
    """The other half. `frame`: broke_restraint, actions; `stopped`: stopped, with_notice."""
    broke, actions = int(frame["broke_restraint"].sum()), int(frame["actions"].sum())
    quiet, noticed = int(stopped["stopped"].sum()), int(stopped["with_notice"].sum())
    of_groups = (
        f"{wording.number(quiet)} of {wording.counted(noticed, 'group')} with notice "
        "have not shot for 12 months"
    )
    if not actions:
        return f"{of_groups}; there was no enforcement on a group with notice."
    return (
        f"{of_groups}. Of {wording.counted(actions, 'action')} on groups with notice, "
        f"{wording.number(broke)} came without a shooting in the 90 days before."
    )


def by_window(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Promises as a table, a row a city and window, in words."""
    rows = []
    for row in frame.itertuples():
        rows.append(
            {
                "City": cities.get(row.city, row.city),
                "Answered within": f"{row.window_days} days",
                "Episodes": row.episodes,
                "Kept": row.kept,
                "Late": row.late,
                "Open": row.open,
                "Broken": row.broken,
                "Unknown": row.unknown,
                "Kept, of those that old": f"{row.elapsed_kept} of {row.elapsed}",
            }
        )
    return pd.DataFrame(rows)


def curves(frame: pd.DataFrame) -> pd.DataFrame:
    """The answered share by day and city, from day 0. `frame`: city, days, answered, episodes."""
    parts = []
    for city, own in frame.groupby("city", sort=False):
        steps = survival.curve(own).steps
        start = pd.DataFrame({"day": [0], "answered": [0.0], "low": [0.0], "high": [0.0]})
        part = pd.DataFrame(
            {
                "day": steps["days"],
                "answered": 1 - steps["waiting"],
                "low": (1 - steps["high"]).fillna(1 - steps["waiting"]),
                "high": (1 - steps["low"]).fillna(1 - steps["waiting"]),
            }
        )
        parts.append(pd.concat([start, part]).assign(city=city))
    if not parts:
        return pd.DataFrame(columns=["city", "day", "answered", "low", "high"])
    return pd.concat(parts)[["city", "day", "answered", "low", "high"]].reset_index(drop=True)


def medians(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """The median days to enforcement, a city at a time, with its interval."""
    said = []
    for city, own in frame.groupby("city", sort=False):
        found = survival.curve(own)
        name = cities.get(str(city), str(city))
        if found.median.days is None:
            said.append(f"{name}: under half of {found.episodes} answered so far")
            continue
        low, high = found.median.low, found.median.high
        low_words = "no lower end" if low is None else str(low)
        high_words = "no upper end" if high is None else str(high)
        said.append(
            f"{name}: {wording.counted(found.median.days, 'day')} "
            f"({low_words} to {high_words}; {found.answered} of {found.episodes} answered)"
        )
    return "; ".join(said) + "." if said else ""


def covered(frame: pd.DataFrame) -> str:
    """How many known members met enforcement. `frame`: window_days, members_*, per city."""
    own = frame[frame["window_days"] == max(WINDOWS)]
    known, acted = int(own["members_known"].sum()), int(own["members_acted_on"].sum())
    if not known:
        return "No member on the list is known for these groups."
    return (
        f"{wording.number(acted)} of {wording.number(known)} members on the list of these groups, "
        "counted once an episode, had an action of their own within 90 days. Actions dismissed or "
        "nolle are not counted against a person."
    )


def stated(state: str) -> str:
    """What became of an episode at day 90, drawn as open while nobody knows."""
    return "open" if state == "unknown" else state


def as_of(frame: pd.DataFrame) -> date | None:
    """The day enforcement is known to. `frame`: known_through."""
    days = frame["known_through"].dropna() if "known_through" in frame else pd.Series(dtype=object)
    return days.min().date() if len(days) else None
