"""Which victims a city's sources list at all, and so which counts are known.

Many cities publish only those killed, or only those hit by a firearm. The number of wounded is then
not known, and never zero. In code a source *holds* the victims that it lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from longevity.base.errors import suggest_nearest
from longevity.base.toml_file import SettingError
from longevity.facts.counted import COUNTED
from longevity.ingest.contract import BY_NAME

# The keys under `holds` in `extracts.toml` and the manifest, and the columns of victims they name.
COLUMNS = {"outcomes": "outcome", "weapons": "weapon"}
WORDS = {key: BY_NAME["victims"].column(name).choices for key, name in COLUMNS.items()}
# {"outcomes": {"east": ("fatal",)}}: what the sources of a city list; all for a city not named.
VictimCoverage = Mapping[str, Mapping[str, tuple[str, ...]]]


def cover_everything() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the coverage that names no city: the sources of every city list all victims."""
    return {key: {} for key in COLUMNS}


def list_words(coverage: VictimCoverage, key: str, city: str) -> tuple[str, ...]:
    """Return what the sources of a city list, under the key "outcomes": ("fatal",)."""
    return tuple(coverage.get(key, {}).get(city, WORDS[key]))


def find_known_counts(coverage: VictimCoverage, city: str) -> dict[str, bool]:
    """Return for each count whether a city's sources list all it counts: {"fatal": True, …}."""
    outcomes = set(list_words(coverage, "outcomes", city))
    weapons = set(list_words(coverage, "weapons", city))
    return {
        name: outcomes.issuperset(count.needs.outcomes) and weapons.issuperset(count.needs.weapons)
        for name, count in COUNTED.items()
    }


def check_words(words: tuple[str, ...], key: str, *keys: str) -> tuple[str, ...]:
    """Return the words in the contract's order; SettingError at `keys` for one it does not have."""
    for word in words:
        if word not in WORDS[key]:
            raise SettingError(f"holds '{word}'.", suggest_nearest(word, WORDS[key]), *keys)
    return tuple(word for word in WORDS[key] if word in words)


def list_zeros(coverage: VictimCoverage, city: str) -> dict[str, int | None]:
    """Return each count's value on days without rows: 0, or None where the count is not known."""
    return {
        name: 0 if is_known else None
        for name, is_known in find_known_counts(coverage, city).items()
    }


def read_manifest_coverage(manifest: Mapping[str, Any]) -> VictimCoverage:
    """Return the coverage in a release's manifest; older manifests have none, which means all."""
    coverage: VictimCoverage = manifest.get("holds", {})
    return coverage
