"""Files of documents: a name that says what is in it, and writing whole or not at all."""

from __future__ import annotations

import re
from pathlib import Path

from longevity.errors import DataError, describe_error, suggest_remedy
from longevity.files import atomic_write
from longevity.reports.marks import NOT_FOR_RELEASE, SYNTHETIC, marks

IN_NAMES = {word: word.replace(" ", "-") for word in (NOT_FOR_RELEASE, SYNTHETIC)}
# What a name begins with already: a mark is a whole word, so "synthetics" is none.
SAID = re.compile(rf"(?:(?:{'|'.join(IN_NAMES.values())})(?![A-Z0-9])-?)*")


def marked(name: str, public: bool, synthetic: bool) -> str:
    """A file's name that begins with its marks, each once, whoever named it."""
    begins = SAID.match(name.upper())
    said = begins.group() if begins else ""
    missing = [IN_NAMES[word] for word in marks(public, synthetic) if IN_NAMES[word] not in said]
    return "-".join([*missing, name])


def write(out: Path, content: bytes, public: bool) -> None:
    """Write the file whole or not at all: a reader never finds half a page.

    What is not public may be read by its owner and group alone. DataError, which names `out`,
    where it cannot be written; a file that was there is then as it was.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(out, mode=0o666 if public else 0o640) as draft:
            draft.write_bytes(content)
    except OSError as error:
        raise DataError(
            f"{out} cannot be written: {describe_error(error)}.", suggest_remedy(error)
        ) from error
