"""A chart's title as somebody edits it: shorter or plainer, never another finding.

Only what the computed title says may be said: an edit that adds a number, a direction or a
denial, or drops the direction's own word for its opposite, leaves the computed title in
place and says why. Docs/charts.md lists the words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 120
UP, DOWN, MOST, LEAST, DENIED, CAUSE = "rise", "fall", "most", "least", "denial", "cause"
WORDS = {
    UP: "up more rise rises rising rose risen increase increases increased increasing grow grows "
    "grew grown growing growth higher surge surges surged soar soars soared soaring jump jumps "
    "jumped climb climbs climbed double doubles doubled triple tripled worse worsened above "
    "spike spikes spiked record",
    DOWN: "down fewer less fall falls falling fell fallen decrease decreases decreased decline "
    "declines declined declining drop drops dropped dropping lower plunge plunges plunged halve "
    "halved half improve improved improves better below safer shrink shrank reduced reduces "
    "reduction cut cuts",
    MOST: "most highest largest worst top peak greatest biggest deadliest first",
    LEAST: "least lowest smallest fewest best last safest",
    DENIED: "no not never none nobody nothing without neither",
    CAUSE: "because caused causes thanks due works worked success successful failed fails failure "
    "prevented saved proves proven",
}
CLASSES = {word: kind for kind, words in WORDS.items() for word in words.split()}
SPELLED = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
}
NUMBER = re.compile(r"\d[\d,.\u00a0\u202f]*\d|\d")
WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Title:
    """The title that is used; `warnings` say what was refused of an edit, or that it was edited."""

    text: str
    edited: bool
    warnings: tuple[str, ...] = ()


def settled(finding: str, edit: str) -> Title:
    """The title of a chart whose computed title is `finding`, for what somebody wrote instead."""
    wanted = _tidy(edit)
    if not wanted or wanted == _tidy(finding):
        return Title(finding, False)
    refused = _refused(finding, wanted)
    if refused:
        return Title(finding, False, refused)
    return Title(wanted, True, (f"The title was edited. The computed one is: {finding}",))


def _refused(finding: str, wanted: str) -> tuple[str, ...]:
    why = []
    if len(wanted) > LONGEST:
        why.append(f"The title is longer than {LONGEST} signs.")
    added = _numbers(wanted) - _numbers(finding)
    if added:
        why.append(f"Not in the finding: {', '.join(sorted(added))}.")
    said, found = _kinds(wanted), _kinds(finding)
    for kind in (UP, DOWN, MOST, LEAST, DENIED, CAUSE):
        words = sorted(said.get(kind, set()))
        if words and kind not in found:
            why.append(f"The finding does not tell of a {kind} (“{'”, “'.join(words)}”).")
    if DENIED in found and DENIED not in said:
        why.append("The finding has a “no” or “not” that the title leaves out.")
    return tuple(f"{sentence} The computed title stays." for sentence in why)


def _tidy(text: str) -> str:
    """One line, without signs that cannot be seen or that turn the text round."""
    flat = unicodedata.normalize("NFKC", text)
    seen = "".join(
        " " if sign.isspace() else sign
        for sign in flat
        if sign.isspace() or unicodedata.category(sign)[0] != "C"
    )
    return " ".join(seen.split())


def _numbers(text: str) -> set[str]:
    told = {re.sub(r"[,\s\u00a0\u202f]", "", found) for found in NUMBER.findall(_tidy(text))}
    return told | {SPELLED[word] for word in _words(text) if word in SPELLED}


def _words(text: str) -> list[str]:
    return WORD.findall(_tidy(text).casefold())


def _kinds(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for word in _words(text):
        if word in CLASSES:
            found.setdefault(CLASSES[word], set()).add(word)
    return found
