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

from longevity.intake.contract import BY_NAME
from longevity.intake.importing import quarantine
from longevity.release import manifest as manifests
from longevity.release import mentions, tombstones
from longevity.release.mentions import Codes
from longevity.release.store import POINTER, PREPARED, RELEASES

OURS = (RELEASES, PREPARED, tombstones.FOLDER)  # purged by themselves
LINES = (".jsonl", ".log", ".ndjson")
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")
_BLOCK = 1 << 20


def files(home: Path) -> list[Path]:
    """Every file of the home outside the releases and what is prepared of them, sorted."""
    found = []
    for folder, below, names in os.walk(home):
        if Path(folder) == home:
            below[:] = [name for name in below if name not in OURS]
        found += [Path(folder) / name for name in names]
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def holds(connection: duckdb.DuckDBPyConnection, codes: Codes, path: Path) -> frozenset[str]:
    """The codes a file holds, so far as it can be read."""
    if path.suffix == ".parquet" and path.stem in BY_NAME:
        try:
            return codes.in_parquet(connection, path, path.stem)
        except duckdb.Error:
            return frozenset()  # not an extract, whatever it is called
    if path.suffix in LINES or ".log." in path.name:
        return frozenset[str]().union(*(said for _, said in _lines(codes, path)))
    return raw(codes, path)


def rewrite(connection: duckdb.DuckDBPyConnection, codes: Codes, path: Path, home: Path) -> int:
    """Take the codes out of a file where that is ours to do; how many lines or rows went."""
    if path.suffix == ".parquet" and path.stem in BY_NAME:
        gone = tombstones.rewrite(connection, codes, path, path.stem, path)
        _synced(path)
        return gone
    if path.suffix in LINES or ".log." in path.name:
        return _without_lines(codes, path)
    if path == home / POINTER:
        said = json.loads(path.read_text(encoding="utf-8"))
        for entry in said.get("history", ()):
            entry["how"] = codes.without(str(entry["how"]))
        manifests.written(path, json.dumps(said, indent=1) + "\n")
        return 1
    return 0


def raw(codes: Codes, path: Path) -> frozenset[str]:
    """The codes that stand in a file as plain text, in any of ENCODINGS.

    Short ones stand in everything, and are not looked for.
    """
    wanted = {
        code.encode(encoding): code
        for code in codes.codes
        if len(code) >= mentions.LEAST_WITHIN_TEXT
        for encoding in ENCODINGS
    }
    if not wanted:
        return frozenset()
    overlap = max(map(len, wanted)) + 4
    found: set[str] = set()
    kept = b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            window = kept + block
            for needle, code in wanted.items():
                if code not in found and needle in window:
                    # In bytes as in text: `p1` is not found in `p10`.
                    said = window.decode("utf-8", errors="replace").replace("\x00", "")
                    wide = window.replace(b"\x00", b"").decode("utf-8", errors="replace")
                    found |= codes.found(said) | codes.found(wide)
            kept = window[-overlap:]
    return frozenset(found)


def _lines(codes: Codes, path: Path) -> Iterator[tuple[bytes, frozenset[str]]]:
    # A refused row holds what the sender wrote, from which the import makes the code.
    look = codes.meant_in if path.parent.name == quarantine.FOLDER else codes.found_in
    with path.open("rb") as file:
        for line in file:
            text = line.decode("utf-8", errors="replace")
            try:
                yield line, look(json.loads(text))
            except (ValueError, RecursionError):
                yield line, look(text)


def _without_lines(codes: Codes, path: Path) -> int:
    gone = 0
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as out:
        for line, said in _lines(codes, path):
            if said:
                gone += 1
            else:
                out.write(line)
        out.flush()
        os.fsync(out.fileno())
    beside.chmod(path.stat().st_mode & 0o777)
    beside.replace(path)
    manifests.sync_folder(path.parent)
    return gone


def _synced(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
    manifests.sync_folder(path.parent)
