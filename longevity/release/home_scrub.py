"""What else in LONGEVITY_HOME may hold a person's code: refused rows, logs, imported extracts.

Lines of the quarantine and of logs that hold a code go; so do rows of extracts that
were imported into the home, and words in the pointer's history. Other files are
the user's: they are named, never changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import duckdb

from longevity.files import atomic_write
from longevity.ingest.contract import BY_NAME
from longevity.ingest.importing import quarantine
from longevity.release import file_search, tombstones
from longevity.release.file_search import SearchResult
from longevity.release.person_references import Codes
from longevity.release.store import POINTER, PREPARED, RELEASES

OURS = (RELEASES, PREPARED, tombstones.FOLDER)  # purged by themselves
LINES = (".jsonl", ".log", ".ndjson")
PACKED = (".gz", ".bz2", ".xz", ".zst", ".lz4", ".zip")


def list_files(home: Path, but: frozenset[Path]) -> tuple[list[Path], list[tuple[Path, str]]]:
    """Return every file and folder of the home, sorted, but what is in the folders `but`.

    And what was not looked into, each with why: a folder that cannot be read, a link that
    leads out of the home.
    """
    paths: list[Path] = []
    unread: list[tuple[Path, str]] = []

    def note_refusal(error: OSError) -> None:
        unread.append((Path(str(error.filename)), f"it cannot be read ({error.strerror})"))

    inside = home.resolve()
    for at, below, names in os.walk(home, onerror=note_refusal):
        folder = Path(at)
        below[:] = [name for name in below if folder / name not in but]
        for path in (folder / name for name in (*below, *names)):
            if path.is_symlink() and not path.resolve().is_relative_to(inside):
                unread.append((path, "it is a link that leads out of LONGEVITY_HOME"))
            else:
                paths.append(path)
    return sorted(paths), unread


def find_codes(
    connection: duckdb.DuckDBPyConnection, codes: Codes, path: Path, spill: Path
) -> SearchResult:
    """Return the codes a file holds, and why something of it was not looked into."""
    if path.is_symlink() or not path.is_file():
        return SearchResult()
    result = file_search.search_file(codes, path, spill)
    try:
        if _is_extract(path):
            # Short codes too: its columns say which of them are people's.
            result.codes |= codes.find_in_parquet(connection, path, path.stem)
        elif _is_lines(path):
            result.codes |= frozenset[str]().union(
                *(codes_of_line for _, codes_of_line in _read_lines(codes, path))
            )
    except (OSError, duckdb.Error):
        return result  # not an extract whatever it is called, or one that is unread already
    return result


def remove_codes(
    connection: duckdb.DuckDBPyConnection, codes: Codes, path: Path, home: Path
) -> int:
    """Take the codes out of a file where that is ours to do; how many lines or rows went."""
    if path.relative_to(home).parts[0] in OURS or path.is_symlink() or not path.is_file():
        return 0
    if _is_extract(path):
        try:
            return tombstones.rewrite_without_codes(connection, codes, path, path.stem, path)
        except (duckdb.BinderException, duckdb.ParserException, duckdb.InvalidInputException):
            return 0  # not an extract, whatever it is called: it is named
    if _is_lines(path):
        return _remove_lines(codes, path)
    if path == home / POINTER:
        pointer = json.loads(path.read_text(encoding="utf-8"))
        for entry in pointer.get("history", ()):
            entry["how"] = codes.remove_from(str(entry["how"]))
        with atomic_write(path, only_writer=True, sync_name=True) as draft:
            draft.write_text(json.dumps(pointer, indent=1) + "\n", encoding="utf-8")
        return 1
    return 0


def _is_extract(path: Path) -> bool:
    return path.suffix == ".parquet" and path.stem in BY_NAME


def _is_lines(path: Path) -> bool:
    """Return whether it is JSON lines or a log, as it was written: a packed one is not."""
    return path.suffix in LINES or (".log." in path.name and path.suffix not in PACKED)


def _read_lines(codes: Codes, path: Path) -> Iterator[tuple[bytes, frozenset[str]]]:
    # A refused row holds what the sender wrote, from which the import makes the code.
    look = codes.find_meant_in if path.parent.name == quarantine.FOLDER else codes.find_in
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
