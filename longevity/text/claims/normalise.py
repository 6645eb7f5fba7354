"""Text brought into one form before it is read."""

from __future__ import annotations

import re
import unicodedata

DASHES = "‐‑‒–—―−"
APOSTROPHES = "‘’ʼ`´"
QUOTES = "“”„«»"


def normalise_text(text: str) -> str:
    """Write a text in lower case, with single spaces, no contractions and no hyphen in a word."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = plain.translate(
        {ord(sign): "-" for sign in DASHES}
        | {ord(sign): "'" for sign in APOSTROPHES}
        | {ord(sign): '"' for sign in QUOTES}
    )
    plain = plain.replace("won't", "will not").replace("can't", "cannot").replace("n't", " not")
    plain = re.sub(r"(?<=[a-z])-(?=[a-z])|(?<=[0-9])-(?=[a-z])", " ", plain)
    return re.sub(r"\s+", " ", plain).strip()
