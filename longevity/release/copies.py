"""Copies: the releases of one home, pushed to a remote and pulled by other machines.

Files go first, the entry of the journal that names them last: a machine that pulls sees the whole
of an entry or nothing. What a purge destroyed goes before anything else, as an entry that names the
files which are gone: a machine that has read it serves none of them, whatever follows.

Each entry names the one before by its hash. What does not lead back to the entry that a home has
seen is no news: it is not pulled, and the next push is written past it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import duckdb

from longevity.base import append_log, private_files
from longevity.base.errors import DataError, UsageError, count_noun
from longevity.base.files import atomic_write, sync_folder, sync_tree
from longevity.base.progress import Progress, ignore_progress
from longevity.base.scratch import open_scratch
from longevity.release import (
    known_remotes,
    lock,
    purge,
    signing,
    table_withdrawals,
    tombstones,
)
from longevity.release import manifest as manifests
from longevity.release.known_remotes import KnownRemotes
from longevity.release.manifest import Manifest
from longevity.release.purge import PurgeReport
from longevity.release.remote import DESTROYED, GIVEN_OUT, Remote, RemoteState
from longevity.release.store import POINTER, RELEASES, Store, hash_member
from longevity.settings import Settings

FETCHED = "fetched"  # what a pull has fetched and not put in place yet, in `remote/`
# Records that only grow: the lines of both machines are kept.
RECORDS = (DESTROYED, GIVEN_OUT)

Source = tuple[str, str, Path | bytes]  # what is pushed: its path in the home, its hash, itself


# --- push --------------------------------------------------------------------------------


def push(
    settings: Settings,
    address: str,
    is_public: bool = False,
    progress: Progress = ignore_progress,
) -> int:
    """Push every sound release of this home, and which one is served.

    Returned is the number of the entry in the remote's journal: 1 for the first push.

    `is_public`: without the files that hold a group's or person's code, for a machine that serves
    the public alone. DataError where another machine pushed what this home has not seen; or what
    another secret drew (signing).
    """
    store = Store(settings.home)
    with lock.hold_lock(settings.home):
        remote, known = Remote(address), known_remotes.read_known(settings.home)
        before = remote.read_state()
        if before.number and before.is_public != is_public:
            holds = "only what the public may see" if before.is_public else "rows with codes too"
            raise UsageError(
                f"{address} holds {holds}.", "Keep the two apart: push to another folder."
            )
        is_continued = _is_continued(remote, known, before)
        if not is_continued:
            progress(f"{address} does not continue what this home has seen: it is written past.")
        seen = known.numbers.get(address, 0)
        sources = [*_list_sources(store, is_public, progress)]
        contents = {digest: content for _, digest, content in sources}
        files = {path: digest for path, digest, _ in sources}
        drawn_by = store.current().drawn_by
        after = RemoteState(
            number=max(before.number, seen) + 1,
            before=before.digest if is_continued else known.entries.get(address, ""),
            files=files,
            is_public=is_public,
            drawn_by=drawn_by,
        )
        # What this home pushed last; or the same files again, of a push killed before its end.
        is_seen = not is_continued or before.number == seen or before.files == files
        after.destroyed = before.destroyed | _find_destroyed(before, files, is_seen)
        # This is said even where the rest is refused, and nobody else's files are touched by it.
        # What continues nothing is not said again with it.
        if is_continued and after.destroyed != before.destroyed:
            said = after.model_copy(update={"files": before.files, "drawn_by": before.drawn_by})
            remote.add_state(said)
            after.number, after.before = said.number + 1, said.digest
            if is_seen:  # a push that is killed here goes on
                _note_entry(known, address, said)
                known.write(settings.home)
            progress("Said to every machine: which files are of people who were destroyed.")
        signing.refuse_another(address, before.drawn_by, drawn_by)
        if before.number and not is_seen:
            raise DataError(
                f"{address} holds what another machine pushed, and this home has not seen it.",
                f"Run `python -m longevity releases pull {address}` first.",
            )
        _put_members(remote, contents, progress)
        remote.add_state(after)
        # A push of another machine may have dropped meanwhile what only this entry names.
        _put_members(remote, contents, ignore_progress)
        if remote.read_state().number == after.number:
            remote.drop_members(remote.list_members() - contents.keys())
        # A machine that pushes is no copy any more: no one tells it of a purge.
        known_remotes.note_reached(settings.home, None)
        _note_entry(known, address, after)
        known.write(settings.home)
        return after.number


def _is_continued(remote: Remote, known: KnownRemotes, state: RemoteState) -> bool:
    """Return whether a state is what this home has seen last of a remote, or came after it."""
    number = known.numbers.get(remote.address, 0)
    entry = known.entries.get(remote.address)
    return state.number >= number and (not entry or remote.leads_back(state, number, entry))


def _note_entry(known: KnownRemotes, address: str, state: RemoteState) -> None:
    # An entry of an earlier version may be followed by another that names none before it.
    entry = state.before and state.digest
    known.note_entry(address, state.number, entry)


def _list_sources(store: Store, is_public: bool, progress: Progress) -> Iterator[Source]:
    """Yield what is pushed: of each sound release every file, the records, the pointer."""
    served = store.current()
    if served.id != store.read_current_id():
        raise DataError(served.notice or f"{POINTER} is damaged.", "Publish anew, then push.")
    # Those who were purged are unknown to a machine that has no rows of people.
    records = [store.home / record for record in (RECORDS[1:] if is_public else RECORDS)]
    # Read once, as a record may grow while it is pushed.
    small = {path: path.read_bytes() for path in (*records, store.home / POINTER) if path.is_file()}
    for release_id in store.list_ids():
        try:
            release = store.open(release_id)
        except DataError as error:
            progress(f"{error.what} It is not pushed.")
            continue
        members = {**release.manifest["sha256"], **release.manifest["named_sha256"]}
        for member, digest in members.items():
            if not (is_public and manifests.is_named(member)):
                path = release.member(member)
                yield path.relative_to(store.home).as_posix(), digest, path
        path = release.path / manifests.NAME
        small[path] = manifests.render_public(release.manifest) if is_public else path.read_bytes()
    for path, content in small.items():
        digest = hashlib.sha256(content).hexdigest()
        yield path.relative_to(store.home).as_posix(), digest, content


def _find_destroyed(before: RemoteState, files: Mapping[str, str], is_seen: bool) -> set[str]:
    """Return the hashes of files that a purge here did away with, and the remote still names.

    A purge adds to the record of who was destroyed, and writes the files of a release with their
    codes anew. A release that was purged elsewhere, and is behind here, is none of them. Where
    this home had seen all there is (`is_seen`), those of a release that it pruned since are.
    """
    own, named = _list_named(files), _list_named(before.files)
    behind = {release_id for release_id, digest in own if digest in before.destroyed}
    purged = {release_id for release_id, _ in own} - behind
    if is_seen and files.get(DESTROYED) not in (None, before.files.get(DESTROYED)):
        purged |= {release_id for release_id, _ in named}
    gone = {digest for release_id, digest in named if release_id in purged}
    return gone.difference(files.values())


def _list_named(files: Mapping[str, str]) -> set[tuple[str, str]]:
    """Return release and hash of the files with a group's or person's code."""
    return {
        (path.split("/")[1], digest)
        for path, digest in files.items()
        if f"/{manifests.NAMED}/" in path
    }


def _put_members(remote: Remote, contents: Mapping[str, Path | bytes], progress: Progress) -> None:
    """Write the files that the remote lacks, each under its hash."""
    lacking = sorted(contents.keys() - remote.list_members())
    for at, digest in enumerate(lacking, start=1):
        remote.put_member(digest, contents[digest])
        progress(f"{at} of {count_noun(len(lacking), 'file')} pushed.")


# --- pull --------------------------------------------------------------------------------


def pull(
    settings: Settings,
    address: str,
    now: datetime,
    replaces: bool = False,
    progress: Progress = ignore_progress,
) -> int:
    """Take over what a remote holds, and serve what it serves; the number of its newest entry.

    `replaces`: what this home alone has is dropped; without it DataError says what that is.
    """
    store = Store(settings.home)
    with lock.hold_lock(settings.home) as staging:
        remote, known = Remote(address), known_remotes.read_known(settings.home)
        state = remote.read_state()
        _refuse_state(store, known, remote, state, replaces)
        had = known.numbers.get(address, 0)
        if state.destroyed != known.destroyed:
            # Before anything is fetched: from here on what was destroyed is not served.
            known.destroyed |= state.destroyed
            known.write(settings.home)
            for folder in _list_holding(store, state.destroyed):
                # A running dashboard opens the release anew.
                (folder / manifests.NAME).touch()
        known_remotes.note_reached(settings.home, now)
        is_purger = tombstones.has_key(settings.home)
        if state.destroyed & set(state.files.values()) and not is_purger:
            raise _make_unended(address)
        # Records are not compared: they grow.
        is_whole = _list_lacking(store, state).keys() <= {*RECORDS}
        if had != state.number or is_purger or not is_whole:
            fetched = _fetch(store, remote, state, progress)
            with open_scratch(staging) as connection:
                if is_purger:
                    # Not served either, until they are without those who come back in them.
                    known.destroyed |= _find_returned(connection, store.home, state, fetched)
                    known.write(settings.home)
                _take_over(store, state, fetched)
                if is_purger:
                    again = purge.destroy_returning(settings, connection, now.date())
                    if again.people:
                        progress(_describe_again(again, address))
            _note_entry(known, address, state)
            known.pulled = state.list_releases()
            known.write(settings.home)
        if _list_holding(store, state.destroyed):
            raise _make_unended(address)
        return state.number


def _describe_again(report: PurgeReport, address: str) -> str:
    return (
        f"{count_noun(report.rows, 'row')} of people who were destroyed here came back, and went "
        f"again: run `python -m longevity releases push {address}` now."
    )


def _make_unended(address: str) -> DataError:
    return DataError(
        f"{address} names files of people who were destroyed: its push did not end.",
        "Push again from the machine that publishes. What holds them is not served here.",
    )


def _refuse_state(
    store: Store, known: KnownRemotes, remote: Remote, state: RemoteState, replaces: bool
) -> None:
    """Raise DataError for a remote that is empty, goes back, or lacks what this home alone has."""
    address = remote.address
    if not state.number:
        raise DataError(f"Nothing was pushed to {address} yet.", "Push from a home first.")
    if not _is_continued(remote, known, state):
        raise DataError(
            f"{address} does not continue what this home has seen of it: its journal lost an "
            "entry, or an older state was put in the place of a newer one.",
            "Push again from the machine that publishes. If this home had missed its last push, "
            "pull into an empty home.",
        )
    own = set(store.list_ids()) - state.list_releases() - known.pulled
    if own and not replaces:
        raise DataError(
            f"This home has releases that {address} lacks: {', '.join(sorted(own))}.",
            "Push them, or drop them with `releases pull --replace`.",
        )


def _list_holding(store: Store, destroyed: set[str]) -> list[Path]:
    """Return the folders of the releases that hold what was destroyed."""
    contents = {release_id: store.read_manifest(release_id) for release_id in store.list_ids()}
    return [
        store.releases / release_id
        for release_id, content in contents.items()
        if content and destroyed & set(content["named_sha256"].values())
    ]


def _fetch(store: Store, remote: Remote, state: RemoteState, progress: Progress) -> Path:
    """Fetch what is lacking, each file under its hash into the folder that is returned."""
    fetched = store.home / known_remotes.FOLDER / FETCHED
    private_files.make_private_folder(fetched)
    lacking = {*_list_lacking(store, state).values()}
    for at, digest in enumerate(sorted(lacking), start=1):
        if hash_member(fetched / digest) != digest:
            remote.fetch_member(digest, fetched / digest)
        progress(f"{at} of {count_noun(len(lacking), 'file')} fetched.")
    return fetched


def _list_lacking(store: Store, state: RemoteState) -> dict[str, str]:
    """Return the hashes of the files that a state names and that are not here, by path."""
    return {
        path: digest
        for path, digest in state.files.items()
        if hash_member(store.home / path) != digest
    }


def _find_returned(
    connection: duckdb.DuckDBPyConnection, home: Path, state: RemoteState, fetched: Path
) -> set[str]:
    """Return which of the fetched files hold people who were destroyed here."""
    return {
        digest
        for path, digest in state.files.items()
        if f"/{manifests.NAMED}/" in path and (fetched / digest).exists()
        # `people.parquet`, and after a purge `people.0123456789ab.parquet`
        for rows in [(Path(path).name.partition(".")[0], fetched / digest)]
        if tombstones.search_files(connection, home, [rows])
    }


def _take_over(store: Store, state: RemoteState, fetched: Path) -> None:
    """Place each release of what was fetched, set the pointer, drop the others."""
    lacking, had = _list_lacking(store, state), store.read_manifests()
    for release_id in sorted(state.list_releases()):
        _place_release(store, state, release_id, fetched, had)
    for record in RECORDS:
        if record in lacking:
            _add_lines(store.home / record, fetched / lacking[record])
    if POINTER in lacking:
        _place(fetched / lacking[POINTER], store.home / POINTER)
    for release_id in set(store.list_ids()) - state.list_releases():
        store.drop(release_id)
    shutil.rmtree(fetched)


def _place_release(
    store: Store,
    state: RemoteState,
    release_id: str,
    fetched: Path,
    had: Mapping[str, Manifest],
) -> None:
    """Bring one release to what a state says: a new one whole, a changed one by its manifest.

    `had`: the manifests of the releases that were here before.
    """
    below = f"{RELEASES}/{release_id}/"
    files = {
        path.removeprefix(below): digest
        for path, digest in state.files.items()
        if path.startswith(below)
    }
    target = store.releases / release_id
    is_new = not target.exists()
    folder = store.releases / f".{release_id}.pulled" if is_new else target
    changed = {name for name, digest in files.items() if hash_member(folder / name) != digest}
    for name in sorted(changed - {manifests.NAME}):
        _place(fetched / files[name], folder / name)
    # The manifest last: it takes the release from what it was to what it is now.
    if manifests.NAME in changed:
        content = _keep_withdrawn(fetched / files[manifests.NAME], had)
        manifests.write_manifest(folder, content)
        store.drop_pictures(release_id)
    if is_new:
        sync_tree(folder)
        folder.rename(target)
        sync_folder(store.releases)
        return
    for name in {*manifests.list_members(target)} - files.keys():
        (target / name).unlink()


def _keep_withdrawn(source: Path, had: Mapping[str, Manifest]) -> Manifest:
    """Read a manifest that was fetched; what was withdrawn here stays so in it."""
    content = manifests.read_manifest(source.parent, source.name)
    own = (found for found in had.values() if found.get("kind") == content["kind"])
    entries = (entry for found in own for entry in found["withdrawn"])
    return table_withdrawals.add_entries(content, entries)


def _place(source: Path, target: Path) -> None:
    """Put a file in place in one step; two releases may share it, as no release's is written to."""
    private_files.make_private_folder(target.parent)
    with atomic_write(target, only_writer=True, sync_name=True) as draft:
        os.link(source, draft)


def _add_lines(record: Path, fetched: Path) -> None:
    """Add the lines of another machine's record that this one lacks."""
    had = append_log.read_lines(record)
    for line in append_log.read_lines(fetched):
        if line not in had:
            append_log.append_line(record, line)
