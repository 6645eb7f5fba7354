"""What the sources of the cities hold, in words.

Where a source holds only people killed, `{"outcomes": {"east": ("fatal",)}}`, it is not known how
many were shot. A count that is not held is missing, never zero, and so is a sum over cities that
needs it; screens leave it out and say why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from longevity.ingest import victim_coverage
from longevity.ingest.victim_coverage import VictimCoverage
from longevity.words import wording
from longevity.words.language import Spoken, translate, translate_fact
from longevity.words.say import say

# (): no outcome is listed for all years, as where sources of different years were put together.
_WHO = Spoken(
    {
        ("fatal",): "people killed",
        ("nonfatal",): "people wounded",
        (): "some victims of some years",
    }
)
_SHOT = Spoken(
    {
        ("fatal",): "people shot and killed",
        ("nonfatal",): "people shot and wounded",
        (): "people shot",
    }
)


def select_known(frame: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return the rows of `frame` that have a count of `measure`."""
    return frame[frame[measure].notna()]


def list_measures(
    holds: VictimCoverage, cities: Sequence[str], measures: Iterable[str]
) -> list[str]:
    """Return those of `measures` that some city holds, first those that all of `cities` hold."""
    by_city = [victim_coverage.find_known_counts(holds, city) for city in cities]
    by_all = [m for m in measures if all(counts[m] for counts in by_city)]
    by_some = [m for m in measures if m not in by_all and any(counts[m] for counts in by_city)]
    return by_all + by_some


def describe_source(holds: VictimCoverage, city: str) -> str:
    """Say whom a city's source holds: "people shot and killed"; "" where that is everybody."""
    outcomes, weapons = (
        victim_coverage.list_words(holds, key, city) for key in victim_coverage.COLUMNS
    )
    everybody = set(outcomes) == set(victim_coverage.WORDS["outcomes"])
    any_weapon = {*weapons, "unknown"} == set(victim_coverage.WORDS["weapons"])
    if everybody and any_weapon:
        return ""
    who = translate("victims") if everybody else _WHO[outcomes]
    if any_weapon:
        return who
    if weapons == ("firearm",):
        return _SHOT.get(outcomes, _SHOT[()])
    by = wording.join_words([*map(translate_fact, weapons)])
    return translate("{people} by {weapons}", people=who, weapons=by)


def explain_missing(
    holds: VictimCoverage, measure: str, noun: str, cities: Mapping[str, str]
) -> str:
    """Say why a count is missing for some of `cities` (id to name); "" where all of them have it.

    `noun` is what is counted: "people shot".
    """
    without = {
        city: name
        for city, name in cities.items()
        if not victim_coverage.find_known_counts(holds, city)[measure]
    }
    of_kind = _group_by_source(holds, without)
    return " ".join(
        say("source.missing", kind=kind, names=names, noun=noun) for kind, names in of_kind.items()
    )


def describe_sources(holds: VictimCoverage, cities: Mapping[str, str]) -> str:
    """Say what the source of each city holds, where some do not hold everybody; else empty."""
    of_kind = {kind: names for kind, names in _group_by_source(holds, cities).items() if kind}
    said = [say("source.holds", kind=kind, names=names) for kind, names in of_kind.items()]
    return " ".join([*said, say("source.never_zero")] if said else ())


def _group_by_source(holds: VictimCoverage, cities: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the names of cities by whom their sources hold: `{"people killed": ["East"]}`."""
    of_kind: dict[str, list[str]] = {}
    for city, name in cities.items():
        of_kind.setdefault(describe_source(holds, city), []).append(name)
    return of_kind
