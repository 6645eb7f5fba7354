"""What a label may hold: a name or words from a city's file that are shown on a screen.

A label is one line of ordinary text, not too long. Control characters, line breaks and the
invisible characters that turn the direction of text could make a screen show something else than
the file says, so they are refused.
"""

from __future__ import annotations

import re

LONGEST = 200
# Control characters and line breaks; Unicode's marks, embeddings, overrides and isolates of
# direction.
_RANGES = (
    (0x00, 0x1F),
    (0x7F, 0x9F),
    (0x61C, 0x61C),
    (0x200E, 0x200F),
    (0x2028, 0x202E),
    (0x2066, 0x2069),
)
# As a class of a regular expression; Python and DuckDB each write a code point in their own way.
IN_DUCKDB = "[" + "".join(f"\\x{{{a:x}}}-\\x{{{b:x}}}" for a, b in _RANGES) + "]"
UNSEEN = re.compile("[" + "".join(f"\\u{a:04x}-\\u{b:04x}" for a, b in _RANGES) + "]")


def find_label_problem(label: str, longest: int = LONGEST) -> str:
    """Return why a text is no label, "is longer than 200 characters"; "" when it is one.

    The words follow the label's name in a sentence.
    """
    if len(label) > longest:
        return f"is longer than {longest} characters"
    if UNSEEN.search(label):
        return "holds control characters, line breaks or marks that turn the direction of text"
    return ""


def make_printable(name: str, longest: int = 60) -> str:
    """Return a name from an untrusted file, fit for one line of a log: "?" for what is unseen."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in name)
    return printable if len(printable) <= longest else printable[: longest - 1] + "…"
