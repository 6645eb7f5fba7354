"""Files of documents: how they are named, and writing them whole or not at all."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from longevity.base.errors import DataError, describe_error, suggest_remedy
from longevity.base.files import atomic_write
from longevity.screens.marks import list_marks


def mark_name(name: str, public: bool, synthetic: bool) -> str:
    """Return a file's name with its marks in front: "NOT-FOR-RELEASE-SYNTHETIC-weekly.pdf"."""
    return "-".join([*(word.replace(" ", "-") for word in list_marks(public, synthetic)), name])


def make_slug(words: str) -> str:
    """Return words as they are written in a link or a file's name: "East Rock" is "east-rock"."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "none"


def write_document(out: Path, content: bytes, public: bool) -> None:
    """Write a file whole or not at all.

    One that is not public can be read by its owner and group alone. DataError, which names `out`,
    where it cannot be written; a file that was there then stays as it was.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(out, mode=0o666 if public else 0o640) as draft:
            draft.write_bytes(content)
    except OSError as error:
        raise DataError(
            f"{out} cannot be written: {describe_error(error)}.", suggest_remedy(error)
        ) from error
