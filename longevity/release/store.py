"""The store: the releases kept under LONGEVITY_HOME, and which one is served.

`current.json` points at the release that is served. Whatever is read is first
proven to be what was published; a damaged release is refused whole and the good
one before it, of the same kind, serves instead.
"""

from __future__ import annotations

import json
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path

from longevity.errors import DataError, UsageError, describe_error, suggest_nearest, suggest_remedy
from longevity.files import atomic_write, sha256
from longevity.release import manifest as manifests
from longevity.release.manifest import Manifest

POINTER = "current.json"
# What the public has of people (docs/public-tables.md). Releases of every version call it so.
PUBLIC_TABLES = "built/lattice.parquet"
RELEASES = "releases"
KINDS = ("real", "synthetic")
ROLLED_BACK = "rolled back"  # in the history of the pointer
_HISTORY_KEPT = 100

_proven: dict[tuple[str, int, int], str] = {}
_proving = threading.Lock()


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

    def member(self, name: str) -> Path:
        """Return the path of a member such as `built/daily.parquet`; DataError when it has none."""
        if name not in self.manifest["sha256"] and name not in self.manifest["named_sha256"]:
            raise DataError(f"The release {self.id} has no {name}.")
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
    data_through: str
    incidents: int
    victims: int
    current: bool
    damage: str | None


@dataclass(frozen=True)
class Pointer:
    """What `current.json` says."""

    release_id: str
    kind: str
    history: tuple[dict[str, str], ...] = ()


class Store:
    """The releases under one LONGEVITY_HOME. Reading needs no permission to write."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.releases = home / RELEASES

    def current(self, kind: str | None = None) -> Release:
        """Return the release that is served, proven whole.

        With `kind`, the newest good one of that kind when the served one is of the
        other. A damaged release is passed over, with a notice, for the good one
        before it of the same kind. DataError when there is none.
        """
        pointer, trouble = self._read_pointer()
        if pointer is None:
            return self._open_without_pointer(kind, trouble)
        if kind is not None and kind != pointer.kind:
            return self._open_newest(kind, None)
        try:
            return self._prove_whole(pointer.release_id, pointer.kind)
        except DataError as error:
            return self._open_before(pointer, error.what)

    def read_current_id(self) -> str | None:
        """Return the id the pointer names, whole or not; None without a readable pointer.

        Cheap enough to ask every second: nothing is proven.
        """
        pointer, _ = self._read_pointer()
        return pointer.release_id if pointer else None

    def is_rolled_back(self, release_id: str) -> bool:
        """Return whether an earlier release than this one is served because of a rollback."""
        pointer, _ = self._read_pointer()
        if pointer is None or pointer.release_id == release_id or not pointer.history:
            return False
        back = pointer.history[-1].get("how") == ROLLED_BACK
        return back and self._read_sequence(release_id) > self._read_sequence(pointer.release_id)

    def is_real_served(self) -> bool:
        """Return whether real data are served, or would be: without a pointer any real release
        stands.

        What cannot be read may have been real.
        """
        pointer, _ = self._read_pointer()
        if pointer is not None:
            return pointer.kind == "real"
        return any(
            manifest is None or manifest["kind"] == "real"
            for manifest in map(self._read_manifest, self.list_ids())
        )

    def open(self, release_id: str) -> Release:
        """Return one release by its id, proven whole. UsageError for an id that is not kept."""
        self._refuse_unknown(release_id)
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
        served = self.read_current_id()
        return [
            self._summarise_release(release_id, served) for release_id in self.list_newest_first()
        ]

    def rollback(self, release_id: str) -> Release:
        """Serve an older release again. It is proven whole first."""
        release = self.open(release_id)
        self.point_to(release, ROLLED_BACK)
        return release

    def point_to(self, release: Release, how: str) -> None:
        """Flip the pointer to a release, and note how in the pointer's history."""
        pointer, _ = self._read_pointer()
        history = [*(pointer.history if pointer else ()), {"release_id": release.id, "how": how}]
        content = {
            "release_id": release.id,
            "kind": release.kind,
            "history": history[-_HISTORY_KEPT:],
        }
        try:
            with atomic_write(self.home / POINTER, only_writer=True, sync_name=True) as draft:
                draft.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise DataError(
                f"{self.home / POINTER} cannot be written: {describe_error(error)}.",
                f"The release that was served is still served. {suggest_remedy(error)}".rstrip(),
            ) from error

    def prune(self, keep: int) -> list[str]:
        """Drop all but the newest `keep` releases; the ids of those dropped, newest first.

        Never the served one nor its fallback, nor the newest good real one, nor the one of
        each kind whose public tables the next release takes over: dropped, what it froze
        would be frozen a second time. Under the lock of `publish`: `purge.prune`.
        """
        if keep < 1:
            raise UsageError("At least one release must be kept.")
        order = self.list_newest_first()
        spared = set(order[:keep]) | self._list_spared() | self._find_carried(order)
        dropped = [release_id for release_id in order if release_id not in spared]
        for release_id in dropped:
            # Renamed first: a name that starts with a dot is no release, even half removed.
            going = self.releases / f".{release_id}"
            shutil.rmtree(going, ignore_errors=True)
            (self.releases / release_id).rename(going)
            shutil.rmtree(going)
        for folder in self.list_half_removed():
            shutil.rmtree(folder)
        return dropped

    def list_half_removed(self) -> list[Path]:
        """Return what a killed prune left of the releases it dropped."""
        return sorted(path for path in self.releases.glob(".*") if path.is_dir())

    def find_baseline(self, kind: str) -> Release | None:
        """Return the good release of a kind a new one is compared with; None without one."""
        try:
            return self.current(kind)
        except DataError:
            return None

    def find_next_sequence(self) -> int:
        """Return the number of the next publish; the order in which releases were made."""
        return 1 + max((self._read_sequence(name) for name in self.list_ids()), default=0)

    def list_folders(self) -> list[Path]:
        """Return the folder of every release kept, damaged ones too."""
        return [self.releases / name for name in self.list_ids()]

    # --- what is on the disk --------------------------------------------------

    def list_ids(self) -> list[str]:
        """Return the ids of every release kept, damaged ones too, sorted."""
        if not self.releases.is_dir():
            return []
        return sorted(
            path.name
            for path in self.releases.iterdir()
            if path.is_dir() and not path.name.startswith(".")
        )

    def _refuse_unknown(self, release_id: str) -> None:
        names = self.list_ids()
        if release_id not in names:
            raise UsageError(
                f"There is no release '{release_id}'.", suggest_nearest(release_id, names)
            )

    def _read_manifest(self, release_id: str) -> Manifest | None:
        try:
            return manifests.read_manifest(self.releases / release_id)
        except DataError:
            return None

    def _read_sequence(self, release_id: str) -> int:
        manifest = self._read_manifest(release_id)
        return int(manifest["sequence"]) if manifest else 0

    def list_newest_first(self) -> list[str]:
        """Return the ids of every release kept, damaged ones too, the one published last first."""
        return sorted(
            self.list_ids(), key=lambda name: (self._read_sequence(name), name), reverse=True
        )

    def _read_pointer(self) -> tuple[Pointer | None, str]:
        path = self.home / POINTER
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            pointer = Pointer(
                str(content["release_id"]), str(content["kind"]), tuple(content.get("history", ()))
            )
        except FileNotFoundError:
            return None, "It is not recorded which release is served."
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None, f"{POINTER} is damaged."
        # An id from a damaged pointer must not lead out of the folder of releases.
        if pointer.kind not in KINDS or pointer.release_id != Path(pointer.release_id).name:
            return None, f"{POINTER} is damaged."
        return pointer, ""

    # --- what may be served ---------------------------------------------------

    def _prove_whole(self, release_id: str, kind: str | None = None) -> Release:
        folder = self.releases / release_id
        if not folder.is_dir():
            raise DataError(f"The release {release_id} is not there.")
        manifest = manifests.read_manifest(folder)
        hashes, of_people = manifest["sha256"], manifest["named_sha256"]
        content = manifests.hash_content(manifest["kind"], hashes)[:12]
        if manifest["release_id"] != release_id or content not in release_id:
            raise DataError(f"The release {release_id} is not what was published.")
        if kind is not None and manifest["kind"] != kind:
            raise DataError(f"The release {release_id} is not {kind}.")
        for member, expected in sorted((hashes | of_people).items()):
            if _hash_member(folder / manifests.find_file(manifest, member)) != expected:
                raise DataError(
                    f"The release {release_id} is damaged: {member} is not what was published."
                )
        return Release(release_id, folder, manifest)

    def _open_before(self, pointer: Pointer, why: str) -> Release:
        for release_id in self._list_candidates(pointer):
            try:
                release = self._prove_whole(release_id, pointer.kind)
            except DataError:
                continue
            return _add_notice(release, why)
        raise DataError(why, "No good release of its kind is left: publish again.")

    def _list_candidates(self, pointer: Pointer) -> list[str]:
        """Return the chain of `previous`, then whatever else is kept, newest first."""
        chain: list[str] = []
        manifest = self._read_manifest(pointer.release_id)
        while manifest and manifest["previous"] and manifest["previous"] not in chain:
            chain.append(manifest["previous"])
            manifest = self._read_manifest(manifest["previous"])
        others = [name for name in self.list_newest_first() if name not in chain]
        return [name for name in chain + others if name != pointer.release_id]

    def _open_newest(self, kind: str, why: str | None) -> Release:
        trouble = why
        for release_id in self.list_newest_first():
            manifest = self._read_manifest(release_id)
            if manifest is None or manifest["kind"] != kind:
                continue
            try:
                release = self._prove_whole(release_id, kind)
            except DataError as error:
                trouble = trouble or error.what
                continue
            return _add_notice(release, trouble) if trouble else release
        raise DataError(
            f"There is no good {kind} release. {trouble or ''}".strip(),
            "Publish one: `python -m longevity publish DIR`.",
        )

    def _open_without_pointer(self, kind: str | None, trouble: str) -> Release:
        if not self.list_ids():
            raise DataError(
                "No release has been published yet.",
                "Make one with `python -m longevity demo --out DIR` and "
                "`python -m longevity publish DIR`.",
            )
        if kind is not None:
            return self._open_newest(kind, trouble)
        manifests_read = [self._read_manifest(name) for name in self.list_ids()]
        # A release that cannot be read may have been real: synthetic never stands in for it.
        if all(
            manifest is not None and manifest["kind"] == "synthetic" for manifest in manifests_read
        ):
            return self._open_newest("synthetic", trouble)
        return self._open_newest("real", trouble)

    def _list_spared(self) -> set[str]:
        pointer, _ = self._read_pointer()
        if pointer is None:
            return set(self.list_ids())
        spared = {pointer.release_id}
        for release_id in self._list_candidates(pointer):
            try:
                spared.add(self._prove_whole(release_id, pointer.kind).id)
            except DataError:
                continue
            break
        real = self.find_baseline("real")
        return spared | ({real.id} if real else set())

    def _find_carried(self, newest_first: list[str]) -> set[str]:
        """Return the newest release of each kind that holds public tables."""
        newest: dict[str, str] = {}
        for release_id in newest_first:
            manifest = self._read_manifest(release_id)
            if manifest is not None and PUBLIC_TABLES in manifest["sha256"]:
                newest.setdefault(manifest["kind"], release_id)
        return set(newest.values())

    def _summarise_release(self, release_id: str, served: str | None) -> Summary:
        manifest = self._read_manifest(release_id)
        if manifest is None:
            return Summary(
                release_id, "unknown", "", "", 0, 0, release_id == served, "no good manifest"
            )
        try:
            self._prove_whole(release_id)
            damage = None
        except DataError as error:
            damage = error.what
        through = [entry["day"] for entry in manifest["data_through"].get("incidents", {}).values()]
        return Summary(
            id=release_id,
            kind=manifest["kind"],
            published_on=manifest["published_on"],
            data_through=min(through, default=""),
            incidents=manifest["rows"].get("incidents", 0),
            victims=manifest["rows"].get("victims", 0),
            current=release_id == served,
            damage=damage,
        )


def _add_notice(release: Release, why: str) -> Release:
    notice = f"{why} The release {release.id} is served instead."
    return Release(release.id, release.path, release.manifest, notice)


def _hash_member(path: Path) -> str | None:
    """Return a member's hash, computed once a process for each size and time of change."""
    try:
        state = path.stat()
        key = (str(path), state.st_size, state.st_mtime_ns)
        with _proving:
            digest = _proven.get(key)
        if digest is not None:
            return digest
        fresh = sha256(path)
    except OSError:
        return None
    with _proving:
        _proven[key] = fresh
    return fresh
