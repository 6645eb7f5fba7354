"""The sessions: how often call-ins are held, who spoke, and which of them nobody attended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from longevity.measures import call_ins, reach, wording

YEAR = pd.DateOffset(years=1)
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
            "Who spoke": [_spoke(row) for row in made.itertuples()],
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
    """The call-ins of `call_in_sessions` that nobody attended, a sentence each, newest first."""
    held = frame[(frame["status"] == "held") & frame["attended"].notna()]
    said = []
    for row in held.sort_values("held_on", ascending=False, kind="stable").itertuples():
        if row.attended:
            continue
        where = f"{cities.get(row.city, row.city)}, {wording.day(row.held_on.date())}"
        asked = wording.counted(int(row.invited), "member")
        if not row.invited:
            said.append(f"{where}: the call-in has no invitation on file.")
        elif row.attended_unknown:
            said.append(
                f"{where}: of {asked} invited nobody is known to have come; "
                f"{reach.missing('attendance', int(row.attended_unknown), int(row.invited))}."
            )
        else:
            said.append(f"{where}: {asked} invited, and nobody came.")
    return said


def prepared(frame: pd.DataFrame, cadence: pd.DataFrame) -> str:
    """Who spoke and what was prepared at the call-ins of the last twelve months.

    `frame`: rows of `call_in_sessions`; `cadence`: of `cadence_by_city`, for each
    city's last day.
    """
    through = frame["city"].map(cadence.set_index("city")["last_day"])
    held = frame[(frame["status"] == "held") & (frame["held_on"] > through - YEAR)]
    if held.empty:
        return ""
    count = len(held)
    said = []
    for column, words in VOICES.items():
        with_some = int((held[column].fillna(0) > 0).sum())
        unknown = int(held[column].isna().sum())
        said.append(
            f"{words} at {with_some} of {count}" + (f" ({unknown} not noted)" if unknown else "")
        )
    noted = held["cases_prepared"].dropna()
    cases = f" {wording.counted(int(noted.sum()), 'case')} prepared"
    if len(noted) < count:
        cases += f", not noted for {count - len(noted)} of {count} sessions"
    return f"Who spoke in the last twelve months: {wording.listed(said)} call-ins.{cases}."
