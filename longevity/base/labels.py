"""What a label may hold: a name or words from a city's file that are shown on a screen.

A label is one line of ordinary text, not too long. Control characters, line breaks and invisible
characters could make a screen show something else than the file says, and a letter of another
alphabet could make one name look like another, so they are refused.
"""

from __future__ import annotations

import re

LONGEST = 200
# As the inside of a class of a regular expression: control characters, line breaks, and all that
# Unicode calls a format (Cf, such as marks of direction) or ignorable where it is shown.
UNSEEN_SIGNS = (
    r"\x00-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2"
    r"\u115f-\u1160\u17b4-\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Letters that look like others: Latin, and Greek, Cyrillic, Armenian or Cherokee. Between two of a
# word may be accents, digits and apostrophes.
_LATIN = r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"
_ALIKE = r"[\u0370-\u058f\u13a0-\u13ff\u1c80-\u1c8f\u1f00-\u1fff\uab70-\uabbf]"
_BETWEEN = r"[0-9'\u2018\u2019\u02bb\u02bc\u0300-\u036f]*"
_MIXED = f"{_LATIN}{_BETWEEN}{_ALIKE}|{_ALIKE}{_BETWEEN}{_LATIN}"
UNSEEN, MIXED = re.compile(f"[{UNSEEN_SIGNS}]"), re.compile(_MIXED)
# DuckDB writes a code point in its own way.
IN_DUCKDB = re.sub(r"\\[xuU](\w+)", r"\\x{\1}", f"[{UNSEEN_SIGNS}]|{_MIXED}")


def find_label_problem(label: str, longest: int = LONGEST) -> str:
    """Return why a text is no label, "is longer than 200 characters"; "" when it is one.

    The words follow the label's name in a sentence.
    """
    if len(label) > longest:
        return f"is longer than {longest} characters"
    if UNSEEN.search(label):
        return "holds control characters, line breaks or invisible characters"
    if MIXED.search(label):
        return "holds letters of two alphabets in one word"
    return ""


def make_printable(name: str, longest: int = 60) -> str:
    """Return a name from an untrusted file, fit for one line of a log: "?" for what is unseen."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in name)
    return printable if len(printable) <= longest else printable[: longest - 1] + "…"
