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

from longevity.release.store import PUBLIC_TABLES, Store
from longevity.release.table_withdrawals import (
    Entry,
    Period,
    Withdrawals,
    find_period,
    find_periods,
    find_sound_tables,
    group_by_period,
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
    history, reached = TableHistory(), date.min
    unreadable: list[date] = []
    for release_id in reversed(store.list_newest_first()):
        manifest = store.read_manifest(release_id)
        if manifest and (manifest["kind"] != kind or PUBLIC_TABLES not in manifest["sha256"]):
            continue
        path = find_sound_tables(store.releases / release_id, manifest) if manifest else None
        if manifest and path:
            history = TableHistory(path, None, tuple(manifest["withdrawn"]))
            reached = _read_day(release_id)
        else:
            unreadable.append(_read_day(release_id))
    barred = max((day + _GRACE for day in unreadable if day >= reached), default=None)
    return replace(history, barred_until=barred)


def plan_withdrawals(
    store: Store, kind: str, withdrawals: Withdrawals, reason: str, today: date, settings: Settings
) -> TableHistory:
    """Read the history, with the periods that are to be withdrawn now.

    UsageError for what there is none of.
    """
    before = read_history(store, kind)
    had = group_by_period(read_rows(before.path)).keys() - before.withdrawn
    entries = [
        {"table": table, "city": city, "year": year, "reason": reason, "day": today.isoformat()}
        for table, city, year in sorted(find_periods(withdrawals, had, settings))
    ]
    return replace(before, entries=(*before.entries, *entries))


def _read_day(release_id: str) -> date:
    """Return the day a release's id begins with; of a folder named otherwise, the last there is."""
    try:
        return date.fromisoformat(release_id[:10])
    except ValueError:
        return date.max - _GRACE
