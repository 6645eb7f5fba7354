"""What the parts of a folder say together for `extracts.toml`: days, holdings, refused rows."""

from __future__ import annotations

from datetime import date
from typing import Any

from longevity.facts import windows
from longevity.ingest import victim_coverage
from longevity.ingest.contract import BY_NAME
from longevity.ingest.extracts_file import ExtractsFile
from longevity.ingest.importing.part import Part

FirstDays = dict[str, dict[str, dict[str, date]]]  # of the rows, by extract, part and city


def merge_parts(parts: list[Part], firsts: FirstDays) -> ExtractsFile:
    """Return what parts say together of every extract that they bring."""
    result = ExtractsFile()
    for name in BY_NAME:
        brought = [
            part.model_copy(update={"first_event": firsts.get(name, {}).get(part.name, {})})
            for part in parts
            if name in part.rows
        ]
        if not brought:
            continue
        through = sorted({city for part in brought for city in part.data_through})
        result.data_through[name] = {city: merge_data_through(brought, city) for city in through}
        result.data_from[name] = _merge_data_from(brought)
        refused = [part.quarantined for part in brought if part.primary == name]
        if refused:
            result.quarantined[name] = sum(refused)
        if name == "victims":
            result.holds = merge_holdings(brought)
    return result


def update_extracts_file(
    current: ExtractsFile, previous: ExtractsFile, incoming: ExtractsFile
) -> list[str]:
    """Put what the parts say now (`incoming`) into the `current` file, in place of the `previous`.

    What differs from that was written by hand and stays; returned as "data_from of victims (east)".
    """
    by_hand = []
    for key in ("data_through", "data_from", "holds"):
        written, before, now = (getattr(content, key) for content in (current, previous, incoming))
        for name in {**before, **now}:
            days: dict[str, Any] = written.pop(name, {})
            old, new = before.get(name, {}), now.get(name, {})
            kept = {city: value for city, value in days.items() if value != old.get(city)}
            if kept or new or key == "holds":
                written[name] = dict(sorted((new | kept).items()))
            cities = [city for city, value in kept.items() if value != new.get(city)]
            by_hand += [f"{key} of {name} ({', '.join(cities)})"] if cities else []
    for name in previous.quarantined:
        current.quarantined.pop(name, None)
    current.quarantined |= incoming.quarantined
    return by_hand


def merge_data_through(parts: list[Part], city: str) -> date:
    """Return the last day that the sources of a city are complete for, taken together.

    Of sources for the same time it is the earliest of their last days. A source that another one
    continues, beginning after it ends, does not count.
    """
    parts = [part for part in parts if city in part.data_through]
    return min(
        part.data_through[city]
        for part in parts
        if not any(
            min(other.data_through[city], other.find_begin(city)) > part.data_through[city]
            for other in parts
        )
    )


def _merge_data_from(parts: list[Part]) -> dict[str, date]:
    """Return the first complete day by city: the first that a part states.

    None where a part that states nothing has rows of the city before it, which another's day does
    not cut off.
    """
    stated: dict[str, list[date]] = {}
    for part in parts:
        for city, day in part.data_from.items():
            stated.setdefault(city, []).append(day)
    return {
        city: min(days)
        for city, days in sorted(stated.items())
        if all(
            city in part.data_from or part.first_event.get(city, date.max) >= min(days)
            for part in parts
        )
    }


def merge_holdings(parts: list[Part]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return which victims the sources of each city list: {"outcomes": {"east": ("fatal",)}}.

    A city that is not named has all. Sources for the same time add up: one of those killed, one of
    those wounded. What is listed for only some of the time is left out, or the rest would show a
    zero.
    """
    result = victim_coverage.cover_everything()
    for city in sorted({city for part in parts for city in part.cities}):
        parts_of_city = [part for part in parts if city in part.cities]
        coverings = [
            [part for part in parts_of_city if part.covers(city, day)]
            for day in _list_turns(parts_of_city, city)
        ]
        held = [_hold_together(covering) for covering in coverings if covering]
        for key, words in victim_coverage.WORDS.items():
            together = set(words).intersection(*(by_key[key] for by_key in held))
            if together != set(words):
                result[key][city] = tuple(word for word in words if word in together)
    return result


def _hold_together(parts: list[Part]) -> dict[str, set[str]]:
    """Return which outcomes and weapons sources for the same time list together, by key.

    An outcome counts where a source lists those shot with it; a weapon, where a source lists those
    killed by it: who was wounded by another weapon is in no count.
    """
    words = victim_coverage.WORDS
    listed = [{key: {*part.holds.get(key, words[key])} for key in words} for part in parts]
    if len(listed) == 1:
        return listed[0]
    shot = [by_key["outcomes"] for by_key in listed if "firearm" in by_key["weapons"]]
    outcomes = set[str]().union(*shot)
    deadly = [
        by_key["weapons"]
        for by_key in listed
        if "fatal" in by_key["outcomes"] or "fatal" not in outcomes
    ]
    return {"outcomes": outcomes, "weapons": set[str]().union(*deadly)}


def _list_turns(parts: list[Part], city: str) -> set[date]:
    """List the days on which other parts than the day before may cover a city, until its last day.

    A part begins, or the last day of another was the day before.
    """
    turns = {part.find_begin(city) for part in parts}
    ends = {part.data_through[city] for part in parts if city in part.data_through}
    if ends:
        last = merge_data_through(parts, city)
        turns |= {end + windows.DAY for end in ends if end < last}
    return turns
