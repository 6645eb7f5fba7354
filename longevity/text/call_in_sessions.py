"""The sessions: how often call-ins are held, who spoke, and which of them nobody attended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from longevity.text import call_ins, frames, reach, wording

STATUS = {"held": "held", "scheduled": "to come", "not_held": "not held"}
VOICES = {
    "community_speakers": "community",
    "family_speakers": "family",
    "law_enforcement": "law enforcement",
    "service_providers": "service providers",
}


def build_cards(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return a card a city of `cadence_by_city`: its name, the days since, the next one."""
    cards = []
    for row in frame.itertuples():
        since = "none yet"
        if pd.notna(row.days_since):
            since = wording.count_noun(int(row.days_since), "day")
        following = "none scheduled"
        if pd.notna(row.next_scheduled_for):
            following = f"next on {wording.format_day(row.next_scheduled_for.date())}"
        name = cities.get(str(row.city), str(row.city))
        cards.append((f"{name}, since the last call-in", since, following))
    return cards


def describe_cadence(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """Say how many call-ins the cities of `cadence_by_city` held in twelve months, and missed."""
    parts = []
    for row in frame.itertuples():
        part = f"{cities.get(str(row.city), str(row.city))} {row.sessions_12_months}"
        if row.not_held_12_months:
            part += f" ({row.not_held_12_months} scheduled and not held)"
        parts.append(part)
    return (
        f"Call-ins held in the twelve months to {call_ins.format_as_of(frame, cities)}: "
        f"{wording.join_words(parts)}."
    )


def find_last_day(frame: pd.DataFrame) -> date:
    """Return the earliest last day of a frame (last_day); ValueError on an empty one."""
    if frame.empty:
        raise ValueError("no city has a last day")
    day: date = frame["last_day"].min().date()
    return day


def build_reviews_table(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return the weekly reviews of `shooting_reviews` for reading, a row a city."""
    return pd.DataFrame(
        [
            {
                "City": name,
                "Weeks reviewed": f"{row.weeks_reviewed} of {row.weeks}",
                "Incidents reviewed in time": f"{row.reviewed_in_time} of {row.incidents}",
                "Later": row.reviewed_later,
                "Not reviewed": row.not_reviewed,
            }
            for name, rows in frames.split_by_city(frame, cities)
            for row in rows.head(1).itertuples()
        ]
    )


def build_sessions_table(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return `call_in_sessions` as a table, the newest first; what was not noted stays empty.

    `Came` counts everybody who came, in custody or not marked as reached too.
    """
    table = frame.assign(
        day=frame["held_on"].fillna(frame["scheduled_for"]),
        city=frame["city"].map(cities).fillna(frame["city"]),
        status=frame["status"].map(STATUS).fillna(frame["status"]),
    ).sort_values("day", ascending=False, kind="stable")
    # Before a session is held nobody can be invited in vain: no zero is written there.
    is_known = (table["status"] == STATUS["held"]) | (table["invited"].fillna(0) > 0)
    return pd.DataFrame(
        {
            "City": table["city"],
            "Day": table["day"],
            "Session": table["status"],
            "Invited": table["invited"].where(is_known),
            "Reached": table["reachable"].where(is_known),
            "Came": table["attended"],
            "Unknown": table["attended_unknown"],
            "Cases prepared": table["cases_prepared"],
            "Who spoke": [
                _describe_speakers(row) for row in table[["held_on", *VOICES]].itertuples()
            ],
            "In custody": table["in_custody"].where(is_known),
            "Code": table["call_in_id"],
        }
    )


def _describe_speakers(row: Any) -> str:
    """Say how many of each kind spoke; a kind nobody noted is said to be so."""
    if pd.isna(row.held_on):
        return "–"
    counts = {words: getattr(row, column) for column, words in VOICES.items()}
    parts = [f"{words} {count}" for words, count in counts.items() if pd.notna(count)]
    unknown = [words for words, count in counts.items() if pd.isna(count)]
    text = ", ".join(parts)
    if not unknown:
        return text
    return f"{text}{'; ' if text else ''}{wording.join_words(unknown)} not noted"


def describe_unattended(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """Describe the call-ins nobody is known to have come to; `frame`: `call_in_sessions`."""
    sentences = []
    for row in frame[(frame["status"] == "held") & (frame["attended"] == 0)].itertuples():
        where = f"{cities.get(row.city, row.city)}, {wording.format_day(row.held_on.date())}"
        members = wording.count_noun(int(row.invited), "member")
        if not row.invited:
            sentences.append(f"{where}: the call-in has no invitation on file.")
        elif row.attended_unknown:
            unknown = reach.describe_unknown(
                "attendance", int(row.attended_unknown), int(row.invited)
            )
            sentences.append(
                f"{where}: of {members} invited nobody is known to have come; {unknown}."
            )
        else:
            sentences.append(f"{where}: {members} invited, and nobody came.")
    return sentences


def describe_preparation(frame: pd.DataFrame) -> str:
    """Say who spoke and what was prepared in twelve months. `frame`: `cadence_by_city`."""
    count = int(frame["sessions_12_months"].sum())
    if not count:
        return ""
    parts = []
    for column, words in VOICES.items():
        with_some, noted = frames.sum_columns(frame, column, f"{column}_noted")
        unknown = count - noted
        spoke = f"{words} at {wording.format_number(with_some)} of {wording.format_number(count)}"
        parts.append(spoke + (f" ({wording.format_number(unknown)} not noted)" if unknown else ""))
    sessions_with_cases = int(frame["cases_noted"].sum())
    cases = f" {wording.count_noun(int(frame['cases_prepared'].sum()), 'case')} prepared"
    if sessions_with_cases < count:
        rest = wording.format_number(count - sessions_with_cases)
        cases += f", not noted for {rest} of {wording.format_number(count)} sessions"
    return f"Who spoke in the last twelve months: {wording.join_words(parts)} call-ins.{cases}."
