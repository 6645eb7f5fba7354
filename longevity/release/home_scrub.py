"""What else in LONGEVITY_HOME may hold a person's code: refused rows, logs, imported extracts.

Lines of the quarantine and of logs that hold a code go; so do rows of extracts that were
imported into the home, and words of the pointer's history. The project did not write any other
file that is there, and cannot say what is in it: those are listed, never read or changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator
from pathlib import Path

from longevity.auth import signed_out
from longevity.files import atomic_write
from longevity.geography import installed_boundaries
from longevity.ingest import extracts_file, generator_mark
from longevity.ingest.contract import BY_NAME
from longevity.ingest.importing import one_file, quarantine
from longevity.release import lock, signing, tombstones
from longevity.release.person_references import Codes
from longevity.release.store import POINTER

# Folders of the project's own that hold no row of a person.
OWN_FOLDERS = (
    *(tombstones.FOLDER, signing.FOLDER, signed_out.FOLDER, installed_boundaries.FOLDER),
    "reference",
)
OWN_FILES = (
    *(lock.NAME, one_file.KEY_FILE, extracts_file.NAME, generator_mark.NAME),
    "README.md",
)
LINES = (".jsonl", ".log", ".ndjson")


def list_files(home: Path, known: Collection[Path]) -> tuple[list[Path], list[Path]]:
    """List what the project wrote that may hold a code, and every other file; both sorted.

    `known`: files and folders that are left aside. Of links only where they are is said: they may
    lead out of the home. So of what cannot be read.
    """
    written: list[Path] = []
    others: list[Path] = []

    def note_unread(error: OSError) -> None:
        others.append(Path(str(error.filename)))

    for at, below, names in os.walk(home, onerror=note_unread):
        folder = Path(at)
        below[:] = [
            name
            for name in below
            if folder / name not in known and not (folder == home and name in OWN_FOLDERS)
        ]
        others += [folder / name for name in below if (folder / name).is_symlink()]
        for path in (folder / name for name in names):
            if path.is_symlink():
                others.append(path)
            elif (
                path.suffix in LINES
                or (path.suffix == ".parquet" and path.stem in BY_NAME)
                or path == home / POINTER
            ):
                written.append(path)
            elif path.name not in OWN_FILES:
                others.append(path)
    return (sorted({*written}.difference(known)), sorted({*others}.difference(known)))


def has_code(codes: Codes, path: Path) -> bool:
    """Return whether a line of a file holds a code."""
    return any(is_found for _, is_found in _read_lines(codes, path))


def remove_from_text(codes: Codes, path: Path) -> int:
    """Take the codes out of a text, as of the reasons in the pointer's history."""
    text = codes.remove_from(path.read_text(encoding="utf-8"))
    with atomic_write(path, only_writer=True, sync_name=True) as draft:
        draft.write_text(text, encoding="utf-8")
    return 1


def remove_lines(codes: Codes, path: Path) -> int:
    """Take the lines that hold a code out of a file; how many went."""
    removals = 0
    with atomic_write(path, only_writer=True, sync_name=True) as draft:
        with draft.open("wb") as out:
            for line, is_found in _read_lines(codes, path):
                removals += is_found
                out.write(b"" if is_found else line)
        draft.chmod(path.stat().st_mode & 0o777)
    return removals


def _read_lines(codes: Codes, path: Path) -> Iterator[tuple[bytes, bool]]:
    # A refused row holds what the sender wrote, from which the import makes the code.
    look = codes.is_meant_in if path.parent.name == quarantine.FOLDER else codes.is_in
    with path.open("rb") as file:
        for line in file:
            text = line.decode("utf-8", errors="replace")
            try:
                yield line, look(json.loads(text))
            except (ValueError, RecursionError):
                yield line, look(text)
