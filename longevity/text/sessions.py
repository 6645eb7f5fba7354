"""The sessions: how often call-ins are held, who spoke, and which of them nobody attended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from longevity.text import call_ins, list_pages, reach, wording

STATUS = {"held": "held", "scheduled": "to come", "not_held": "not held"}
VOICES = {
    "community_speakers": "community",
    "family_speakers": "family",
    "law_enforcement": "law enforcement",
    "service_providers": "service providers",
}


def clocks(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """A card a city of `cadence_by_city`: its name, the days since, the next one."""
    cards = []
    for row in frame.itertuples():
        since = "none yet"
        if pd.notna(row.days_since):
            since = wording.counted(int(row.days_since), "day")
        following = "none scheduled"
        if pd.notna(row.next_scheduled_for):
            following = f"next on {wording.day(row.next_scheduled_for.date())}"
        name = cities.get(str(row.city), str(row.city))
        cards.append((f"{name}, since the last call-in", since, following))
    return cards


def held(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """How many call-ins the cities of `cadence_by_city` held in the twelve months, and missed."""
    said = []
    for row in frame.itertuples():
        one = f"{cities.get(str(row.city), str(row.city))} {row.sessions_12_months}"
        if row.not_held_12_months:
            one += f" ({row.not_held_12_months} scheduled and not held)"
        said.append(one)
    return f"Held in the twelve months to {call_ins.as_of(frame, cities)}: {wording.listed(said)}."


def last_day(frame: pd.DataFrame) -> date:
    """The least day the cities of a frame (last_day) are told to; ValueError on an empty one."""
    if frame.empty:
        raise ValueError("no city has a last day")
    day: date = frame["last_day"].min().date()
    return day


def reviews(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """The weekly reviews of `shooting_reviews`, a sentence a city."""
    said = []
    for city, name in cities.items():
        own = frame[frame["city"] == city]
        if own.empty:
            continue
        row = own.iloc[0]
        sentence = (
            f"{name}: {row.weeks_reviewed} of {row.weeks} weeks reviewed; "
            f"{row.reviewed_in_time} of {row.incidents} shooting incidents reviewed within 7 days"
        )
        more = []
        if row.reviewed_later:
            more.append(f"{row.reviewed_later} later")
        if row.not_reviewed:
            more.append(f"{row.not_reviewed} not reviewed")
        said.append(f"{sentence}{', ' if more else ''}{wording.listed(more)}.")
    return said


def sessions(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """`call_in_sessions` as a table, the newest first; what was not noted stays empty.

    `Came` counts everybody who came, in custody or not marked as reached too.
    """
    made = frame.assign(
        day=frame["held_on"].fillna(frame["scheduled_for"]),
        city=frame["city"].map(cities).fillna(frame["city"]),
        status=frame["status"].map(STATUS).fillna(frame["status"]),
    ).sort_values("day", ascending=False, kind="stable")
    # Before a session is held nobody can be invited in vain: no zero is written there.
    told = (made["status"] == STATUS["held"]) | (made["invited"].fillna(0) > 0)
    return pd.DataFrame(
        {
            "City": made["city"],
            "Day": made["day"],
            "Session": made["status"],
            "Invited": made["invited"].where(told),
            "Reached": made["reachable"].where(told),
            "Came": made["attended"],
            "Unknown": made["attended_unknown"],
            "Cases prepared": made["cases_prepared"],
            "Who spoke": [_spoke(row) for row in made[["held_on", *VOICES]].itertuples()],
            "In custody": made["in_custody"].where(told),
            "Code": made["call_in_id"],
        }
    )


def _spoke(row: Any) -> str:
    """How many of each kind spoke; a kind nobody noted is said to be so."""
    if pd.isna(row.held_on):
        return "–"
    counts = {words: getattr(row, column) for column, words in VOICES.items()}
    said = [f"{words} {count}" for words, count in counts.items() if pd.notna(count)]
    unknown = [words for words, count in counts.items() if pd.isna(count)]
    told = ", ".join(said)
    if not unknown:
        return told
    return f"{told}{'; ' if told else ''}{wording.listed(unknown)} not noted"


def nobody_came(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """The call-ins of `call_ins_nobody_came`, a sentence each, newest first; then how many more."""
    said = []
    for row in frame.itertuples():
        where = f"{cities.get(row.city, row.city)}, {wording.day(row.held_on.date())}"
        asked = wording.counted(int(row.invited), "member")
        if not row.invited:
            said.append(f"{where}: the call-in has no invitation on file.")
        elif row.attended_unknown:
            unknown = reach.describe_unknown(
                "attendance", int(row.attended_unknown), int(row.invited)
            )
            said.append(f"{where}: of {asked} invited nobody is known to have come; {unknown}.")
        else:
            said.append(f"{where}: {asked} invited, and nobody came.")
    more = list_pages.of_all(frame) - len(frame)
    if more:
        calls = wording.counted(more, "earlier call-in", "earlier call-ins")
        said.append(f"And {calls} to which nobody is known to have come.")
    return said


def prepared(frame: pd.DataFrame) -> str:
    """Who spoke and what was prepared in the last twelve months. `frame`: `call_ins_prepared`."""
    count = int(frame["sessions"].sum())
    if not count:
        return ""
    said = []
    for column, words in VOICES.items():
        with_some, unknown = int(frame[column].sum()), int(frame[f"{column}_unknown"].sum())
        spoke = f"{words} at {wording.number(with_some)} of {wording.number(count)}"
        said.append(spoke + (f" ({wording.number(unknown)} not noted)" if unknown else ""))
    noted = int(frame["cases_noted"].sum())
    cases = f" {wording.counted(int(frame['cases_prepared'].sum()), 'case')} prepared"
    if noted < count:
        left = wording.number(count - noted)
        cases += f", not noted for {left} of {wording.number(count)} sessions"
    return f"Who spoke in the last twelve months: {wording.listed(said)} call-ins.{cases}."
