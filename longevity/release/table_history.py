"""Which public tables a new release takes over from those before it, and never counts again.

Public tables (docs/public-tables.md) are frozen once and copied from release to release. They
come from the release of the same kind that was made last, served or not: after a rollback a
period that was once published must not be counted a second time. Where a newer release cannot
be read nobody knows what it had frozen; `barred_until` says through which day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from longevity.errors import DataError
from longevity.files import sha256
from longevity.release import manifest as manifests
from longevity.release.store import PUBLIC_TABLES, Release, Store
from longevity.release.table_corrections import (
    Corrections,
    Period,
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
    """The public tables to go on from, and what is to be corrected in them.

    `path`: their file, None when there is none. `barred_until`: whatever is not in it may have
    been frozen up to that day in a release that is lost. `refreeze`: its periods to be frozen
    again; `withdrawn`: those to be missing from now on. `releases`: the good ones of its kind,
    oldest first, which say who was counted then. `manifest`: of the release it comes from.
    """

    path: Path | None = None
    barred_until: date | None = None
    refreeze: frozenset[Period] = frozenset()
    withdrawn: frozenset[Period] = frozenset()
    releases: tuple[Release, ...] = ()
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def without_draws(self) -> frozenset[Period]:
        """Return its periods frozen by the first rule, which drew nothing (docs/public-tables.md).

        All of them where its manifest is from before there were draws.
        """
        periods = self.manifest.get("without_draws", group_by_period(read_rows(self.path)))
        return frozenset((table, city, year) for table, city, year in periods)


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
    # Withdrawn by a release that cannot be read any more: what replaced it is lost.
    withdrawals = frozenset(map(find_period, list_withdrawn(manifest)))
    barred = max(later) + _GRACE if later else None
    return TableHistory(
        store.releases / name / PUBLIC_TABLES, barred, withdrawn=withdrawals, manifest=manifest
    )


def plan_corrections(
    store: Store, kind: str, corrections: Corrections, settings: Settings
) -> TableHistory:
    """Read the history, with its periods that are to be frozen again or withdrawn.

    UsageError for what there is none of.
    """
    before = read_history(store, kind)
    had = group_by_period(read_rows(before.path))
    again = find_periods(corrections.refreeze, corrections.cities, had, settings)
    withdrawals = before.withdrawn | find_periods(
        corrections.withdraw, corrections.cities, had, settings
    )
    releases = _list_releases(store, kind) if again else ()
    return replace(before, refreeze=again - withdrawals, withdrawn=withdrawals, releases=releases)


def _list_releases(store: Store, kind: str) -> tuple[Release, ...]:
    """List the good releases of a kind that hold public tables, oldest first."""
    releases: list[Release] = []
    for release_id in reversed(store.list_newest_first()):
        try:
            release = store.open(release_id)
        except DataError:
            continue
        if release.kind == kind and release.has(PUBLIC_TABLES):
            releases.append(release)
    return tuple(releases)


def _read_day(release_id: str) -> date:
    """Return the day a release's id begins with; of a folder named otherwise, the last there is."""
    try:
        return date.fromisoformat(release_id[:10])
    except ValueError:
        return date.max - _GRACE
