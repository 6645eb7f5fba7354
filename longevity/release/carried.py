"""What a new release takes over from those before it, and never counts again.

The public lattice (docs/lattice.md) is cut once and carried. It is taken from the
release of the same kind that was made last, served or not: after a rollback a period
that was once published must not be counted a second time. Where a newer release cannot
be read nobody knows what it had cut; `barred` says through which day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from longevity.errors import DataError
from longevity.release import manifest as manifests
from longevity.release import recut
from longevity.release.recut import Period, Wish
from longevity.release.store import PUBLIC_TABLES, Release, Store
from longevity.settings import Settings

# A city's own data may go further than the day in a release's id.
_GRACE = timedelta(days=31)


@dataclass(frozen=True)
class Carried:
    """The lattice to go on from, None when there is none, and the day up to which
    whatever is not in it may have been cut elsewhere.

    `again` are its periods to be cut again, `gone` those to be missing from now on; `kept` the
    good releases of its kind, oldest first, which tell who was counted then. `manifest`: of
    the release it is carried from.
    """

    path: Path | None = None
    barred: date | None = None
    again: frozenset[Period] = frozenset()
    gone: frozenset[Period] = frozenset()
    kept: tuple[Release, ...] = ()
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def without_draws(self) -> frozenset[Period]:
        """Its periods cut by the rule of before, which drew nothing (docs/lattice.md).

        All of them where its manifest is from before there were draws.
        """
        said = self.manifest.get("without_draws", recut.by_period(recut.rows(self.path)))
        return frozenset((table, city, year) for table, city, year in said)


# Given the staged release, the settings and what is carried, writes the new lattice to a path.
Cut = Callable[[Release, Settings, Carried, Path], None]


def lattice(store: Store, kind: str) -> Carried:
    """What the releases kept say of this kind; nothing is proven but the lattice itself."""
    good: list[tuple[int, str, dict[str, Any]]] = []
    lost: list[date] = []
    for folder in sorted(store.folders()):
        try:
            said = manifests.read(folder)
        except DataError:
            lost.append(_day(folder.name))
            continue
        if said["kind"] != kind or PUBLIC_TABLES not in said["sha256"]:
            continue
        path = folder / PUBLIC_TABLES
        if path.is_file() and manifests.sha256(path) == said["sha256"][PUBLIC_TABLES]:
            good.append((int(said["sequence"]), folder.name, said))
        else:
            lost.append(_day(folder.name))
    if not good:
        return Carried(None, max(lost) + _GRACE if lost else None)
    _, name, said = max(good, key=lambda one: one[:2])
    later = [day for day in lost if day >= _day(name)]
    # Withdrawn by a release that cannot be read any more: what replaced it is lost.
    gone = frozenset((one["table"], one["city"], one["year"]) for one in recut.gone(said))
    barred = max(later) + _GRACE if later else None
    return Carried(store.releases / name / PUBLIC_TABLES, barred, gone=gone, manifest=said)


def wished(store: Store, kind: str, wish: Wish, settings: Settings) -> Carried:
    """What is carried, with the periods of it that are to be cut again or withdrawn.

    UsageError for what there is none of.
    """
    before = lattice(store, kind)
    had = recut.by_period(recut.rows(before.path))
    again = recut.periods(wish.recut, wish.cities, had, settings)
    gone = before.gone | recut.periods(wish.withdraw, wish.cities, had, settings)
    kept = _kept(store, kind) if again else ()
    return replace(before, again=again - gone, gone=gone, kept=kept)


def _kept(store: Store, kind: str) -> tuple[Release, ...]:
    """The good releases of a kind that hold a lattice, oldest first."""
    found: list[Release] = []
    for release_id in reversed(store.newest_first()):
        try:
            release = store.open(release_id)
        except DataError:
            continue
        if release.kind == kind and release.has(PUBLIC_TABLES):
            found.append(release)
    return tuple(found)


def _day(release_id: str) -> date:
    """The day a release's id begins with; of a folder named otherwise, the last there is."""
    try:
        return date.fromisoformat(release_id[:10])
    except ValueError:
        return date.max - _GRACE
