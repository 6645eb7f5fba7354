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

import duckdb

from longevity.auth import signed_out
from longevity.files import atomic_write
from longevity.geography import installed_boundaries
from longevity.ingest import extracts_file, generator_mark
from longevity.ingest.contract import BY_NAME
from longevity.ingest.importing import one_file, parts
from longevity.release import lock, manifest, seen, signing, tombstones
from longevity.release.person_references import Codes
from longevity.release.store import PICTURES, POINTER

# Folders of the project's own that hold no row of a person.
OWN_FOLDERS = (
    *(tombstones.FOLDER, signing.FOLDER, signed_out.FOLDER, installed_boundaries.FOLDER),
    *("reference", PICTURES, seen.FOLDER),
)
OWN_FILES = (
    *(lock.NAME, one_file.KEY_FILE, extracts_file.NAME, generator_mark.NAME),
    "README.md",
)
LINES = (".jsonl", ".log", ".ndjson")


def search_home(codes: Codes, home: Path, known: Collection[Path]) -> tuple[list[Path], list[Path]]:
    """List which files of the project's own hold a code, and which it did not write.

    `known`: files and folders that are left aside. What cannot be read is not as the project
    wrote it, and a link may lead out of the home.
    """
    holding: list[Path] = []
    others: list[Path] = []
    for path in sorted(_list_files(home, known)):
        try:
            if path.is_symlink() or not _is_written(home, path):
                others.append(path)
            elif _holds(codes, path):
                holding.append(path)
        except (OSError, duckdb.Error):
            others.append(path)
    return holding, others


def _list_files(home: Path, known: Collection[Path]) -> Iterator[Path]:
    """Yield files, links to folders, and folders that cannot be read; none that holds no row."""
    unread: list[OSError] = []
    aside = {*known, *(home / name for name in OWN_FOLDERS)}
    for at, below, names in os.walk(home, onerror=unread.append):
        folder = Path(at)
        below[:] = [name for name in below if folder / name not in aside]
        yield from (folder / name for name in below if (folder / name).is_symlink())
        for path in (folder / name for name in names):
            if path not in aside and (path.is_symlink() or path.name not in OWN_FILES):
                yield path
    yield from (Path(str(error.filename)) for error in unread)


def _is_written(home: Path, path: Path) -> bool:
    is_extract = path.suffix == ".parquet" and path.stem in BY_NAME
    return is_extract or path.suffix in LINES or path == home / POINTER


def _holds(codes: Codes, path: Path) -> bool:
    if path.suffix == ".parquet":
        return codes.is_in_extract(path, path.stem)
    return any(is_found for _, is_found in _read_lines(codes, path))


def remove_codes(codes: Codes, path: Path) -> int:
    """Take the codes out of a file that holds some; how many rows or lines went."""
    if path.suffix == ".parquet":
        return codes.rewrite_extract(path, path.stem, path)
    if path.name == POINTER:
        return _remove_from_reasons(codes, path)
    removals = 0
    with atomic_write(path, only_writer=True, sync_name=True) as draft:
        with draft.open("wb") as out:
            for line, is_found in _read_lines(codes, path):
                removals += is_found
                out.write(b"" if is_found else line)
        draft.chmod(path.stat().st_mode & 0o777)
    return removals


def _remove_from_reasons(codes: Codes, path: Path) -> int:
    """Take the codes out of the reasons in the pointer's history; a damaged one goes whole."""
    try:
        pointer = json.loads(path.read_bytes())
        for entry in pointer["history"]:
            entry["how"] = codes.remove_from(entry["how"])
    except (ValueError, LookupError, TypeError, AttributeError):
        path.unlink()
        return 1
    manifest.write_json(path, pointer)
    return 1


def _read_lines(codes: Codes, path: Path) -> Iterator[tuple[bytes, bool]]:
    """Yield each line, of the pointer the whole, and whether it holds a code."""
    # A refused row holds what the sender wrote, from which the import makes the code.
    look = codes.is_meant_in if parts.QUARANTINE in path.parts else codes.is_in
    with path.open("rb") as file:
        for line in [file.read()] if path.name == POINTER else file:
            text = line.decode("utf-8", errors="replace")
            try:
                yield line, look(json.loads(text))
            except (ValueError, RecursionError):
                # Torn JSON has an end of a line as two signs, the second a letter before a code.
                yield line, look(text.replace("\\n", " "))
