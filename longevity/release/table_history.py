"""Which public tables a new release takes over from those before it, and never counts again.

Public tables (docs/public-tables.md) are frozen once and copied from release to release. They
come from the release of the same kind that was made last, served or not: after a rollback a
period that was once published must not be counted a second time. Where a newer release cannot
be read nobody knows what it had frozen; `barred_until` says through which day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from longevity.errors import DataError
from longevity.files import sha256
from longevity.release import manifest as manifests
from longevity.release.store import PUBLIC_TABLES, Store
from longevity.release.table_withdrawals import (
    Entry,
    Period,
    Withdrawals,
    build_entries,
    find_period,
    find_periods,
    group_by_period,
    list_withdrawn,
    read_rows,
)
from longevity.settings import Settings

# A city's own data may go further than the day in a release's id.
_GRACE = timedelta(days=31)


@dataclass(frozen=True)
class TableHistory:
    """The public tables to go on from, and which of them are withdrawn.

    `path`: their file, None when there is none. `barred_until`: whatever is not in it may have
    been frozen up to that day in a release that is lost. `entries`: what the manifest says of
    those withdrawn, before and now.
    """

    path: Path | None = None
    barred_until: date | None = None
    entries: tuple[Entry, ...] = ()

    @property
    def withdrawn(self) -> frozenset[Period]:
        """Return the periods that are to be missing from now on."""
        return frozenset(map(find_period, self.entries))


def read_history(store: Store, kind: str) -> TableHistory:
    """Read the newest good public tables of a kind; nothing else of their release is proven."""
    good: list[tuple[int, str, dict[str, Any]]] = []
    unreadable_days: list[date] = []
    for folder in sorted(store.list_folders()):
        try:
            manifest = manifests.read_manifest(folder)
        except DataError:
            unreadable_days.append(_read_day(folder.name))
            continue
        if manifest["kind"] != kind or PUBLIC_TABLES not in manifest["sha256"]:
            continue
        path = folder / PUBLIC_TABLES
        if path.is_file() and sha256(path) == manifest["sha256"][PUBLIC_TABLES]:
            good.append((int(manifest["sequence"]), folder.name, manifest))
        else:
            unreadable_days.append(_read_day(folder.name))
    if not good:
        return TableHistory(None, max(unreadable_days) + _GRACE if unreadable_days else None)
    _, name, manifest = max(good, key=lambda entry: entry[:2])
    later = [day for day in unreadable_days if day >= _read_day(name)]
    barred = max(later) + _GRACE if later else None
    entries = tuple(list_withdrawn(manifest))
    return TableHistory(store.releases / name / PUBLIC_TABLES, barred, entries)


def plan_withdrawals(
    store: Store, kind: str, withdrawals: Withdrawals, reason: str, today: date, settings: Settings
) -> TableHistory:
    """Read the history, with the periods that are to be withdrawn now.

    UsageError for what there is none of.
    """
    before = read_history(store, kind)
    had = group_by_period(read_rows(before.path)).keys() - before.withdrawn
    periods = find_periods(withdrawals, had, settings)
    entries = build_entries(periods, reason, today.isoformat())
    return replace(before, entries=(*before.entries, *entries))


def _read_day(release_id: str) -> date:
    """Return the day a release's id begins with; of a folder named otherwise, the last there is."""
    try:
        return date.fromisoformat(release_id[:10])
    except ValueError:
        return date.max - _GRACE
