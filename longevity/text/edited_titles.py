"""A chart's title as somebody edits it: shorter or plainer, never another finding.

Only what the computed title says may be said: an edit that moves a number or a direction to
another place, adds one, denies or blames leaves the computed title in its place and says
why. Docs/charts.md lists the rules; `text/title_words.py` holds the words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from longevity.text import title_words as words
from longevity.text.title_reading import Said, read, tidy
from longevity.text.title_words import CAUSE, DENIED, DOWN, LEAST, MOST, SURE, UP

LONGEST = 120
UNCLEAR = "no clear change"
TURNED = (UP, DOWN)


@dataclass(frozen=True)
class Title:
    """The title that is used; `warnings` say what was refused of an edit, or that it was edited."""

    text: str
    edited: bool
    warnings: tuple[str, ...] = ()


def settled(finding: str, edit: str, places: Iterable[str] = ()) -> Title:
    """The title of a chart whose computed title is `finding`, for what somebody wrote instead.

    `places` are names that may stand in either: cities, neighbourhoods, groups of a table.
    """
    wanted = tidy(edit)
    if not wanted or wanted == tidy(finding):
        return Title(finding, False)
    refused = _refused(finding, wanted, list(places))
    if refused:
        return Title(finding, False, refused)
    return Title(wanted, True, (f"The title was edited. The computed one is: {finding}",))


def computed_first(finding: str, subtitle: str) -> str:
    """The subtitle of a chart whose title was edited: the finding as computed leads it."""
    end = "" if finding.endswith((".", "!", "?")) else "."
    return f"As computed: {finding}{end} {subtitle}"


def _refused(finding: str, wanted: str, places: list[str]) -> tuple[str, ...]:
    found = read(finding, places)
    said = read(wanted, [*places, *found.names])
    why = []
    if len(wanted) > LONGEST:
        why.append(f"The title is longer than {LONGEST} signs.")
    if _foreign(wanted) - _foreign(finding):
        why.append("The title has letters that only look like those of the finding.")
    why += _numbers(said, found) + _places(said, found) + _kinds(said, found, finding, wanted)
    return tuple(f"{sentence} The computed title stays." for sentence in why)


def _foreign(text: str) -> set[str]:
    """Letters and digits that are not Latin: some cannot be told from those that are."""
    return {
        sign
        for sign in tidy(text)
        if sign.isalnum() and not sign.isascii() and "LATIN" not in unicodedata.name(sign, "")
    }


def _numbers(said: Said, found: Said) -> list[str]:
    """Each number under the same place, with the same sign, unit and rate; none in words."""
    why = []
    known = {number.value for number in found.numbers}
    added = sorted({one.value for one in said.numbers if one.value not in known})
    if added:
        why.append(f"Not in the finding: {', '.join(added)}.")
    moved = sorted({one.told for one in said.numbers - found.numbers if one.value in known})
    if moved:
        why.append(
            f"The finding does not say it so: {', '.join(moved)}. A number stays with its place, "
            "its sign and its unit."
        )
    spelled = sorted({one for one, _ in said.spelled - found.spelled})
    if spelled:
        why.append(f"A number in words is not taken: {', '.join(spelled)}.")
    return why


def _places(said: Said, found: Said) -> list[str]:
    added = sorted(said.names - found.names - found.capitals)
    return [f"Not in the finding: {', '.join(added)}."] if added else []


def _kinds(said: Said, found: Said, finding: str, wanted: str) -> list[str]:
    why = []
    one_place = len(found.names) < 2
    unclear = bool(found.kinds.get(SURE)) or all(kind in found.kinds for kind in TURNED)
    kept = one_place and UNCLEAR in finding.casefold() and UNCLEAR in wanted.casefold()
    for kind in (UP, DOWN, MOST, LEAST, DENIED, CAUSE, SURE):
        told = said.kinds.get(kind, {})
        if kept and kind in (SURE, DENIED):
            told = read(_without(wanted), list(found.names)).kinds.get(kind, {})
        if not told:
            continue
        quoted = f"(“{'”, “'.join(sorted(told))}”)"
        if unclear and kind in (*TURNED, SURE):
            why.append(
                f"The finding is not of one clear direction: nothing may be said of one {quoted}."
            )
        elif kind not in found.kinds:
            why.append(f"The finding does not tell of a {kind} {quoted}.")
        elif not one_place and _elsewhere(told, found.kinds[kind]):
            why.append(f"The finding tells of a {kind} {quoted} in another place.")
    if said.denied - found.denied and DENIED in found.kinds:
        why.append("The finding's “no” or “not” stands before another word.")
    if DENIED in found.kinds and DENIED not in said.kinds:
        why.append("The finding has a “no” or “not” that the title leaves out.")
    return why


def _elsewhere(told: words.Told, found: words.Told) -> bool:
    """Whether something is said of a place that the finding does not say of it."""
    theirs = {place for places in found.values() for place in places}
    return any(place and place not in theirs for places in told.values() for place in places)


def _without(text: str) -> str:
    at = text.casefold().index(UNCLEAR)
    return text[:at] + text[at + len(UNCLEAR) :]
