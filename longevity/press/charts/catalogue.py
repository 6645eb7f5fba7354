"""Every chart there is, by name."""

from __future__ import annotations

from longevity.errors import UsageError
from longevity.press.charts import over_time
from longevity.press.charts.entry import Entry
from longevity.strict_toml import nearest

ENTRIES: dict[str, Entry] = {entry.name: entry for entry in (*over_time.ENTRIES,)}


def named(name: str) -> Entry:
    """The chart of this name; UsageError with the nearest one otherwise."""
    if name not in ENTRIES:
        raise UsageError(f"There is no chart '{name}'.", nearest(name, list(ENTRIES)))
    return ENTRIES[name]
