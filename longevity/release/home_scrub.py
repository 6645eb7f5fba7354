"""What else in LONGEVITY_HOME may hold a person's code: refused rows, logs, imported extracts.

Lines of the quarantine and of logs that hold a code go; so do rows of extracts that were
imported into the home, and words in the pointer's history. The project did not write any other
file that is there, and cannot say what is in it: those are listed, never read or changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import duckdb

from longevity.auth import signed_out
from longevity.files import atomic_write
from longevity.geography import installed_boundaries
from longevity.ingest import extracts_file, generator_mark
from longevity.ingest.contract import BY_NAME
from longevity.ingest.importing import one_file, source_parts
from longevity.release import lock, signing, stage, tombstones
from longevity.release.person_references import Codes
from longevity.release.store import POINTER, RELEASES

# Folders of the project's own that hold no row of a person, or are purged by themselves.
OWN_FOLDERS = (
    *(RELEASES, stage.STAGING, tombstones.FOLDER, signing.FOLDER, signed_out.FOLDER),
    *(installed_boundaries.FOLDER, "reference"),
)
OWN_FILES = (*(lock.NAME, one_file.KEY_FILE, extracts_file.NAME, generator_mark.NAME, "README.md"),)
LINES = (".jsonl", ".log", ".ndjson")


def list_files(home: Path) -> tuple[list[Path], list[Path]]:
    """List what the project wrote that may hold a code, and every other file; both sorted.

    Of links only where they are is said: they may lead out of the home. So of what cannot be read.
    """
    written: list[Path] = []
    others: list[Path] = []

    def note_unread(error: OSError) -> None:
        others.append(Path(str(error.filename)))

    for at, below, names in os.walk(home, onerror=note_unread):
        folder = Path(at)
        if folder == home:
            below[:] = [name for name in below if name not in OWN_FOLDERS]
        others += [folder / name for name in below if (folder / name).is_symlink()]
        for path in (folder / name for name in names):
            if path.is_symlink():
                others.append(path)
            elif _is_extract(path) or path.suffix in LINES or path == home / POINTER:
                written.append(path)
            elif path.name not in OWN_FILES:
                others.append(path)
    return sorted(written), sorted(others)


def has_code(connection: duckdb.DuckDBPyConnection, codes: Codes, path: Path) -> bool:
    """Return whether a file the project wrote holds a code.

    Raises OSError or duckdb.Error for one that is not what its name says.
    """
    if _is_extract(path):
        return bool(codes.find_in_parquet(connection, path, path.stem))
    if path.suffix in LINES:
        return any(codes_of_line for _, codes_of_line in _read_lines(codes, path))
    return bool(codes.find_in_text(path.read_text(encoding="utf-8")))


def remove_codes(connection: duckdb.DuckDBPyConnection, codes: Codes, path: Path) -> int:
    """Take the codes out of a file the project wrote; how many lines or rows went."""
    if _is_extract(path):
        return tombstones.rewrite_without_codes(connection, codes, path, path.stem, path)
    if path.suffix in LINES:
        return _remove_lines(codes, path)
    pointer = json.loads(path.read_text(encoding="utf-8"))
    for entry in pointer.get("history", ()):
        entry["how"] = codes.remove_from(str(entry["how"]))
    with atomic_write(path, only_writer=True, sync_name=True) as draft:
        draft.write_text(json.dumps(pointer, indent=1) + "\n", encoding="utf-8")
    return 1


def _is_extract(path: Path) -> bool:
    return path.suffix == ".parquet" and path.stem in BY_NAME


def _read_lines(codes: Codes, path: Path) -> Iterator[tuple[bytes, frozenset[str]]]:
    # A refused row holds what the sender wrote, from which the import makes the code.
    look = codes.find_meant_in if path.parent.name == source_parts.QUARANTINE else codes.find_in
    with path.open("rb") as file:
        for line in file:
            text = line.decode("utf-8", errors="replace")
            try:
                yield line, look(json.loads(text))
            except (ValueError, RecursionError):
                yield line, look(text)


def _remove_lines(codes: Codes, path: Path) -> int:
    removals = 0
    with atomic_write(path, only_writer=True, sync_name=True) as draft:
        with draft.open("wb") as out:
            for line, codes_of_line in _read_lines(codes, path):
                if codes_of_line:
                    removals += 1
                else:
                    out.write(line)
        draft.chmod(path.stat().st_mode & 0o777)
    return removals
