"""What a label may hold: the names and words from outside that stand on a screen.

A label is a line of ordinary text. Signs that no one sees and that turn the direction
of the text around them, control signs and line breaks have no place in one, nor has
a text so long that it is no label.
"""

from __future__ import annotations

import re

LONGEST = 200
# Control signs and line breaks; marks, embeddings, overrides and isolates of direction.
_RANGES = (
    (0x00, 0x1F),
    (0x7F, 0x9F),
    (0x61C, 0x61C),
    (0x200E, 0x200F),
    (0x2028, 0x202E),
    (0x2066, 0x2069),
)
# As a class of a regular expression; Python's and DuckDB's each write a sign in their own way.
IN_DUCKDB = "[" + "".join(f"\\x{{{a:x}}}-\\x{{{b:x}}}" for a, b in _RANGES) + "]"
UNSEEN = re.compile("[" + "".join(f"\\u{a:04x}-\\u{b:04x}" for a, b in _RANGES) + "]")


def find_label_problem(label: str, longest: int = LONGEST) -> str:
    """Return why a text is no label, to follow its name in a sentence; empty when it is one."""
    if len(label) > longest:
        return f"is longer than {longest} characters"
    if UNSEEN.search(label):
        return "holds control characters, line breaks or marks that turn the direction of text"
    return ""


def make_printable(name: str, longest: int = 60) -> str:
    """Return a name from a file that is not trusted, fit for one line of a log."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in name)
    return printable if len(printable) <= longest else printable[: longest - 1] + "…"
