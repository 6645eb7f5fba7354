"""Every chart there is, by name."""

from __future__ import annotations

from longevity.errors import UsageError
from longevity.reports.chart_catalogue import (
    city_comparison,
    evaluation,
    neighbourhoods,
    over_time,
    program_inside,
    program_public,
    victims,
)
from longevity.reports.chart_catalogue.definition import SUBJECTS, Entry
from longevity.strict_toml import suggest_nearest

_ALL = (
    *over_time.ENTRIES,
    *neighbourhoods.ENTRIES,
    *city_comparison.ENTRIES,
    *victims.ENTRIES,
    *evaluation.ENTRIES,
    *program_public.ENTRIES,
    *program_inside.ENTRIES,
)
ENTRIES: dict[str, Entry] = {
    entry.name: entry for subject in SUBJECTS for entry in _ALL if entry.subject == subject
}


def find_entry(name: str) -> Entry:
    """Find the chart of this name; UsageError with the nearest one otherwise."""
    if name not in ENTRIES:
        raise UsageError(f"There is no chart '{name}'.", suggest_nearest(name, list(ENTRIES)))
    return ENTRIES[name]
