"""The store: the releases kept under LONGEVITY_HOME, and which one is served.

`current.json` points at the release that is served. Whatever is read is first
proven to be what was published; a damaged release is refused whole and the newest good
one made before it, of the same kind, serves instead.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints

from longevity.base.errors import DataError, UsageError, suggest_nearest
from longevity.base.files import sha256
from longevity.release import known_remotes, lock
from longevity.release import manifest as manifests
from longevity.release.manifest import Manifest

POINTER = "current.json"
# What the public has of people (docs/public-tables.md). Releases of every version call it so.
PUBLIC_TABLES = "built/lattice.parquet"
RELEASES = "releases"
PICTURES = "pictures"  # of public charts, by release
KINDS = ("real", "synthetic")


@dataclass(frozen=True)
class Release:
    """A release that was proven whole. `notice` says why it serves in another's place."""

    id: str
    path: Path
    manifest: Manifest
    notice: str | None = None

    @property
    def kind(self) -> str:
        """Return `real` or `synthetic`."""
        return str(self.manifest["kind"])

    @property
    def synthetic(self) -> bool:
        """Return whether it is a demonstration."""
        return self.kind == "synthetic"

    @property
    def drawn_by(self) -> str:
        """Return the fingerprint of the secret that drew its public tables; "" if unknown."""
        return str(self.manifest.get("drawn_by", ""))

    def member(self, name: str) -> Path:
        """Return the path of a member such as `built/daily.parquet`; DataError when it has none."""
        if not self.has(name):
            raise DataError(
                f"The release {self.id} has no {name}: an older version made it.",
                "Publish again.",
            )
        return self.path / manifests.find_file(self.manifest, name)

    def has(self, name: str) -> bool:
        """Return whether the release has this member."""
        return name in self.manifest["sha256"] or name in self.manifest["named_sha256"]


@dataclass(frozen=True)
class Summary:
    """One line of the list of releases. `damage` says what is wrong with it, if anything."""

    id: str
    kind: str
    published_on: str
    damage: str | None


class Pointer(BaseModel):
    """Which release is served, and what is known of it though it be damaged.

    `sequence`: the number of its publish; an earlier version noted none.
    """

    release_id: Annotated[str, StringConstraints(pattern="^[^./][^/]*$")]  # a folder's name
    kind: Literal["real", "synthetic"]
    sequence: int = sys.maxsize


class Store:
    """The releases under one LONGEVITY_HOME. Reading needs no permission to write."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.releases = home / RELEASES

    def current(self, kind: str | None = None) -> Release:
        """Return the release that is served, proven whole.

        With `kind`, the newest good one of that kind when the served one is of the
        other. A damaged release is passed over, with a notice, for the newest good one
        before it of the same kind. DataError when there is none.
        """
        pointer, trouble = self._read_pointer()
        if not self.list_ids():
            raise DataError(
                "No release has been published yet.",
                "Make one with `python -m longevity demo --out DIR` and "
                "`python -m longevity publish DIR`.",
            )
        if pointer is not None and kind in (None, pointer.kind):
            kind = pointer.kind
            names = [pointer.release_id, *self._list_candidates(pointer)]
        else:
            # A release that cannot be read may have been real: synthetic never stands in for it.
            kind = kind or ("real" if self.is_real_served() else "synthetic")
            names = self._list_kind(kind)
        for name in names:
            try:
                release = self._prove_whole(name)
            except DataError as error:
                trouble = trouble or error.what
                continue
            notice = f"{trouble} The release {name} is served instead." if trouble else None
            return replace(release, notice=notice)
        raise DataError(
            f"There is no good {kind} release. {trouble}".rstrip(),
            "Publish one: `python -m longevity publish DIR`.",
        )

    def read_current_id(self) -> str | None:
        """Return the id the pointer names, whole or not; None without a readable pointer.

        Cheap enough to ask every second: nothing is proven.
        """
        pointer, _ = self._read_pointer()
        return pointer.release_id if pointer else None

    def is_rolled_back(self, release_id: str) -> bool:
        """Return whether an earlier release than this one is served."""
        pointer, _ = self._read_pointer()
        sequence = (self.read_manifest(release_id) or {}).get("sequence", 0)
        return pointer is not None and sequence > pointer.sequence

    def is_real_served(self) -> bool:
        """Return whether real data are served; without a pointer, whether any release is real.

        What cannot be read may have been real.
        """
        pointer, _ = self._read_pointer()
        if pointer is not None:
            return pointer.kind == "real"
        return any(found.get("kind") != "synthetic" for found in self.read_manifests().values())

    def open(self, release_id: str) -> Release:
        """Return one release by its id, proven whole. UsageError for an id that is not kept."""
        names = self.list_ids()
        if release_id not in names:
            raise UsageError(
                f"There is no release '{release_id}'.", suggest_nearest(release_id, names)
            )
        return self._prove_whole(release_id)

    def read_stamp(self, release_id: str) -> tuple[int, int]:
        """Return what changes when a purge or a withdrawn table changed the release; cheap.

        DataError when it is not there.
        """
        try:
            state = (self.releases / release_id / manifests.NAME).stat()
        except OSError as error:
            raise DataError(f"The release {release_id} is not there.") from error
        return state.st_mtime_ns, state.st_ino

    def list_releases(self) -> list[Summary]:
        """Return every release kept, newest first, damaged ones too."""
        found = []
        for release_id, manifest in self.read_manifests().items():
            damage = None
            try:
                self._prove_whole(release_id)
            except DataError as error:
                damage = error.what
            kind = manifest.get("kind", "unknown")
            found.append(Summary(release_id, kind, manifest.get("published_on", ""), damage))
        return found

    def rollback(self, release_id: str) -> Release:
        """Serve an older release again. It is proven whole first; UsageError for an unknown id."""
        with lock.hold_lock(self.home):
            release = self.open(release_id)
            self.point_to(release)
            return release

    def point_to(self, release: Release) -> None:
        """Serve a release: the pointer names it. Under the lock."""
        about = {name: release.manifest[name] for name in ("kind", "sequence")}
        manifests.write_json(self.home / POINTER, {"release_id": release.id, **about})

    def find_pictures(self, release_id: str) -> Path:
        """Return the folder in which the pictures of a release are kept, if any are."""
        return self.home / PICTURES / release_id

    def drop_pictures(self, release_id: str = "", besides: Collection[str] = ()) -> None:
        """Drop the pictures kept of a release, or of all: they are drawn again when asked for.

        `besides`: the folders of a release's pictures that stay.
        """
        folder = self.find_pictures(release_id)
        for path in [path for path in folder.glob("*") if path.name not in besides]:
            shutil.rmtree(path)

    def prune(self, keep: int) -> list[str]:
        """Drop all but the newest `keep` releases; the ids of those dropped, newest first.

        Never the served one nor its fallback, nor the newest good one of a kind, nor the newest of
        each kind, whose public tables the next release takes over: dropped, what it froze
        would be frozen a second time.
        """
        if keep < 1:
            raise UsageError("At least one release must be kept.")
        with lock.hold_lock(self.home):
            spared = self._find_spared()
            dropped = [name for name in self.list_newest_first()[keep:] if name not in spared]
            for release_id in dropped:
                self.drop(release_id)
            for folder in self.list_half_removed():
                shutil.rmtree(folder)
            return dropped

    def drop(self, release_id: str) -> None:
        """Drop a release and its pictures, under the lock of `publish`."""
        # Renamed first: a name that starts with a dot is no release, even half removed.
        going = self.releases / f".{release_id}"
        shutil.rmtree(going, ignore_errors=True)
        (self.releases / release_id).rename(going)
        shutil.rmtree(self.find_pictures(release_id), ignore_errors=True)
        shutil.rmtree(going)

    def _find_spared(self) -> set[str]:
        """Return the ids that `prune` never drops; every one while it is not known what serves."""
        pointer, _ = self._read_pointer()
        if pointer is None:
            return set(self.list_ids())
        spared = {pointer.release_id}
        # Of each kind the newest, which has the public tables, down to the newest good one.
        for names in (self._list_candidates(pointer), *map(self._list_kind, KINDS)):
            for name in names:
                spared.add(name)
                with suppress(DataError):
                    self._prove_whole(name)
                    break
        return spared

    def list_half_removed(self) -> list[Path]:
        """Return the folders that a killed prune left of releases it was dropping."""
        return sorted(path for path in self.releases.glob(".*") if path.is_dir())

    def find_baseline(self, kind: str) -> Release | None:
        """Return the good release of a kind a new one is compared with; None without one."""
        try:
            return self.current(kind)
        except DataError:
            return None

    def find_next_sequence(self) -> int:
        """Return the number of the next publish; the order in which releases were made."""
        numbers = (found.get("sequence", 0) for found in self.read_manifests().values())
        return 1 + max(numbers, default=0)

    # --- what is on the disk --------------------------------------------------

    def list_ids(self) -> list[str]:
        """Return the ids of every release kept, damaged ones too, sorted."""
        # An id begins with a day; what is being moved or removed, with a dot.
        return sorted(path.name for path in self.releases.glob("[0-9]*-*-*-*") if path.is_dir())

    def read_manifest(self, release_id: str) -> Manifest | None:
        """Return a release's manifest; None where it is missing or not what was written."""
        try:
            return manifests.read_manifest(self.releases / release_id)
        except DataError:
            return None

    def read_manifests(self) -> dict[str, Manifest]:
        """Map the id of every release kept, the one published last first, to its manifest.

        One that cannot be read is empty, and comes last.
        """
        found = {name: self.read_manifest(name) or {} for name in reversed(self.list_ids())}
        newest = sorted(found, key=lambda name: found[name].get("sequence", 0), reverse=True)
        return {name: found[name] for name in newest}

    def list_newest_first(self) -> list[str]:
        """Return the ids of every release kept, damaged ones too, the one published last first."""
        return [*self.read_manifests()]

    def _list_kind(self, kind: str) -> list[str]:
        """Return the ids of the releases of one kind, newest first."""
        return [name for name, found in self.read_manifests().items() if found.get("kind") == kind]

    def _read_pointer(self) -> tuple[Pointer | None, str]:
        """Return the pointer and ""; or None, and what is wrong with it."""
        try:
            return Pointer.model_validate_json((self.home / POINTER).read_bytes()), ""
        except FileNotFoundError:
            return None, "It is not recorded which release is served."
        except (OSError, ValueError):
            return None, f"{POINTER} is damaged."

    # --- what may be served ---------------------------------------------------

    def _prove_whole(self, release_id: str) -> Release:
        """Return a release each of whose files is what was published; DataError otherwise."""
        folder = self.releases / release_id
        if not folder.is_dir():
            raise DataError(f"The release {release_id} is not there.")
        manifest = manifests.read_manifest(folder)
        # A number may stand behind the id: `publish` says when.
        content = manifests.make_release_id(manifest)
        if manifest["release_id"] != release_id or not release_id.startswith(content):
            raise DataError(f"The release {release_id} is not what was published.")
        if known_remotes.read_known(self.home).destroyed & set(manifest["named_sha256"].values()):
            raise DataError(
                f"The release {release_id} holds rows of people who were destroyed elsewhere.",
                "Run `python -m longevity releases pull` with the address it came from.",
            )
        members = manifest["sha256"] | manifest["named_sha256"]
        for member, expected in sorted(members.items()):
            if hash_member(folder / manifests.find_file(manifest, member)) != expected:
                raise DataError(
                    f"The release {release_id} is damaged: {member} is not what was published."
                )
        return Release(release_id, folder, manifest)

    def _list_candidates(self, pointer: Pointer) -> list[str]:
        """Return what may serve in place of a release, newest first: those made before it, then
        the others. A rollback to it meant that what came after it was wrong.
        """
        names = [name for name in self._list_kind(pointer.kind) if name != pointer.release_id]
        return sorted(names, key=self.is_rolled_back)


def hash_member(path: Path) -> str | None:
    """Return a member's hash, computed once a process for each size and time of change.

    None where it cannot be read.
    """
    try:
        state = path.stat()
        return _hash_version(path, state.st_size, state.st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=10_000)
def _hash_version(path: Path, size: int, changed: int) -> str:
    return sha256(path)
