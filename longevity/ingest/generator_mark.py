"""Recognise synthetic extracts: the generator of made-up data keeps their hashes in `planted.json`.

Everybody may read synthetic data. So a folder counts as synthetic not because `extracts.toml` says
so, but only if each of its files is one that the generator wrote, byte for byte.
"""

from __future__ import annotations

import json
from pathlib import Path

from longevity.base.files import sha256

NAME = "planted.json"
MARK = "sha256"


def hash_extracts(directory: Path) -> dict[str, str]:
    """Return the SHA-256 of each extract in a folder, by file name; "" of one that cannot be
    read.
    """
    return {path.name: _hash_file(path) for path in sorted(directory.glob("*.parquet"))}


def _hash_file(path: Path) -> str:
    try:
        return sha256(path)
    except OSError:
        return ""


def find_foreign(directory: Path) -> list[str]:
    """Return the extracts in a folder that the generator did not write, sorted."""
    try:
        content = json.loads((directory / NAME).read_text(encoding="utf-8"))
        hashes = dict(content[MARK])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        hashes = {}
    return [name for name, digest in hash_extracts(directory).items() if hashes.get(name) != digest]
