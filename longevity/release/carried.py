"""What a new release takes over from those before it, and never counts again.

The public lattice (docs/lattice.md) is cut once and carried. It is taken from the
release of the same kind that was made last, served or not: after a rollback a period
that was once published must not be counted a second time. Where a newer release cannot
be read nobody knows what it had cut; `barred` says through which day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from longevity.errors import DataError
from longevity.release import manifest as manifests
from longevity.release.store import LATTICE, Release, Store
from longevity.settings import Settings

# A city's own data may go further than the day in a release's id.
_GRACE = timedelta(days=31)


@dataclass(frozen=True)
class Carried:
    """The lattice to go on from, None when there is none, and the day up to which
    whatever is not in it may have been cut elsewhere."""

    path: Path | None = None
    barred: date | None = None


# Given the staged release, the settings and what is carried, writes the new lattice to a path.
Cut = Callable[[Release, Settings, Carried, Path], None]


def lattice(store: Store, kind: str) -> Carried:
    """What the releases kept say of this kind; nothing is proven but the lattice itself."""
    good: list[tuple[int, str, Path]] = []
    lost: list[date] = []
    for folder in sorted(store.folders()):
        try:
            said = manifests.read(folder)
        except DataError:
            lost.append(_day(folder.name))
            continue
        if said["kind"] != kind or LATTICE not in said["sha256"]:
            continue
        path = folder / LATTICE
        if path.is_file() and manifests.sha256(path) == said["sha256"][LATTICE]:
            good.append((int(said["sequence"]), folder.name, path))
        else:
            lost.append(_day(folder.name))
    if not good:
        return Carried(None, max(lost) + _GRACE if lost else None)
    _, name, path = max(good)
    later = [day for day in lost if day >= _day(name)]
    return Carried(path, max(later) + _GRACE if later else None)


def _day(release_id: str) -> date:
    """The day a release's id begins with; of a folder named otherwise, the last there is."""
    try:
        return date.fromisoformat(release_id[:10])
    except ValueError:
        return date.max - _GRACE
