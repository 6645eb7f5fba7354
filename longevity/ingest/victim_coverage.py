"""What sources hold of victims, where they do not hold all of them.

Many publish only those killed, or only those hit by a firearm. What a source does not
hold is not known, so no count that needs it is a zero: `find_known_counts` says which there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from longevity.errors import suggest_nearest
from longevity.ingest.contract import BY_NAME
from longevity.settings.toml_file import SettingError

# Key in `extracts.toml` and the manifest: the column of victims it speaks of.
COLUMNS = {"outcomes": "outcome", "weapons": "weapon"}
WORDS = {key: BY_NAME["victims"].column(name).choices for key, name in COLUMNS.items()}
# Which outcomes and which weapons a count needs; incidents are those with somebody shot.
_SHOT, _ANY_WEAPON = ("firearm",), tuple(word for word in WORDS["weapons"] if word != "unknown")
NEEDS = {
    "incidents": (WORDS["outcomes"], _SHOT),
    "victims": (WORDS["outcomes"], _SHOT),
    "fatal": (("fatal",), _SHOT),
    "nonfatal": (("nonfatal",), _SHOT),
    "homicides": (("fatal",), _ANY_WEAPON),
}

# By key and city the words that are held; a city of which nothing is said holds all.
VictimCoverage = Mapping[str, Mapping[str, tuple[str, ...]]]


def cover_everything() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the coverage of whom nothing is said."""
    return {key: {} for key in COLUMNS}


def list_words(coverage: VictimCoverage, key: str, city: str) -> tuple[str, ...]:
    """Return the words of a column that the sources of a city hold."""
    return tuple(coverage.get(key, {}).get(city, WORDS[key]))


def find_known_counts(coverage: VictimCoverage, city: str) -> dict[str, bool]:
    """Return for each count whether the sources of a city hold all that it counts."""
    outcomes, weapons = (set(list_words(coverage, key, city)) for key in COLUMNS)
    return {
        name: outcomes.issuperset(of_outcomes) and weapons.issuperset(of_weapons)
        for name, (of_outcomes, of_weapons) in NEEDS.items()
    }


def check_words(words: tuple[str, ...], key: str, *keys: str) -> tuple[str, ...]:
    """Return the words in the contract's order; SettingError, at `keys`, for another one."""
    for word in words:
        if word not in WORDS[key]:
            raise SettingError(f"holds '{word}'.", suggest_nearest(word, WORDS[key]), *keys)
    return tuple(word for word in WORDS[key] if word in words)


def list_zeros(coverage: VictimCoverage, city: str) -> dict[str, int | None]:
    """Return what each count of a city is where nothing happened: 0; None: it is not known."""
    return {
        name: 0 if is_known else None
        for name, is_known in find_known_counts(coverage, city).items()
    }


def read_manifest_coverage(manifest: Mapping[str, Any]) -> VictimCoverage:
    """Return what the sources of a release hold; one of an earlier version says nothing of it."""
    coverage: VictimCoverage = manifest.get("holds", {})
    return coverage
