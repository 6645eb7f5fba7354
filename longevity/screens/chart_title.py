"""The title a chart leaves under: one of those it offers, or a signed-in user's own words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from longevity.auth.viewers import Viewer, ViewerKind
from longevity.errors import AccessError, UsageError
from longevity.screens.chart_catalogue.definition import FINDING, Drawn

OWN = "own"  # the kind of a title in a user's own words
BY_USER = "Title by the user"
LONGEST = 120  # characters
NOT_THE_PUBLIC = "Only the state or a city that is signed in may put its own words over a chart."
# Latin letters, digits and plain punctuation: no sign that only looks like another, or is unseen.
PLAIN = re.compile(r"[0-9A-Za-zÀ-ÖØ-öø-ɏ .,;:!?'’\"“”()/%&+$–—-]*")


@dataclass(frozen=True)
class Title:
    """The title used, and its kind: one of `definition.KINDS`, or OWN."""

    text: str
    kind: str = FINDING

    @property
    def note(self) -> str:
        """Return what every file says of a title that was not computed; empty for one that was."""
        return BY_USER if self.kind == OWN else ""


def may_use_own_words(viewer: Viewer) -> bool:
    """Return whether this viewer may word a title: a city or the state, nobody else."""
    return viewer.kind is not ViewerKind.PUBLIC


def settle_title(drawn: Drawn, kind: str, words: str, viewer: Viewer) -> Title:
    """Return the title of this kind, or `words` as a title where there are any.

    Raises as `choose_title` and `word_title` do.
    """
    return word_title(words, viewer) if words.strip() else choose_title(drawn, kind)


def choose_title(drawn: Drawn, kind: str = FINDING) -> Title:
    """Return the title of this kind; UsageError names one that the chart does not offer."""
    offered = drawn.titles
    if kind not in offered:
        raise UsageError(
            f"'{drawn.entry.name}' offers no title '{kind}'.", f"It offers {', '.join(offered)}."
        )
    return Title(offered[kind], kind)


def word_title(words: str, viewer: Viewer) -> Title:
    """Return a viewer's own words as a title.

    AccessError where that is the public; UsageError for what is not one line of plain text.
    """
    if not may_use_own_words(viewer):
        raise AccessError(
            NOT_THE_PUBLIC,
            "Take one of the titles that are offered, or sign in.",
        )
    text = unicodedata.normalize("NFC", words).strip()
    if len(text) > LONGEST:
        raise UsageError(f"The title is longer than {LONGEST} characters.", "Shorten it.")
    wrong = sorted({sign for sign in text if not PLAIN.fullmatch(sign)})
    if wrong:
        raise UsageError(
            f"A title cannot have {', '.join(_name_sign(sign) for sign in wrong)}.",
            "Use letters, digits and plain punctuation on one line.",
        )
    if not any(sign.isalpha() for sign in text):
        raise UsageError("The title has no word.", "Write one.")
    return Title(re.sub(" +", " ", text), OWN)


def _name_sign(sign: str) -> str:
    """Return a sign as a message can show it: one that nobody sees by its name."""
    name = unicodedata.name(sign, f"U+{ord(sign):04X}").lower()
    return f"“{sign}” ({name})" if sign.isprintable() and not sign.isspace() else f"a {name}"
