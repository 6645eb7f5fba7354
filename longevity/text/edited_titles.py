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
from longevity.text.change_wording import NO_CLEAR_CHANGE
from longevity.text.title_reading import TitleContent, read_title, tidy_text
from longevity.text.title_words import CAUSE, DENIAL, DOWN, LEAST, MOST, SURE, UP

LONGEST = 120
DIRECTIONS = (UP, DOWN)


@dataclass(frozen=True)
class Title:
    """The title that is used; `warnings` say what was refused of an edit, or that it was edited."""

    text: str
    edited: bool
    warnings: tuple[str, ...] = ()


def choose_title(finding: str, edit: str, places: Iterable[str] = ()) -> Title:
    """Return the title of a chart whose computed title is `finding`, for what somebody wrote.

    `places` are names that may stand in either: cities, neighbourhoods, groups of a table.
    """
    edit_text = tidy_text(edit)
    if not edit_text or edit_text == tidy_text(finding):
        return Title(finding, False)
    objections = _list_objections(finding, edit_text, list(places))
    if objections:
        return Title(finding, False, objections)
    return Title(edit_text, True, (f"The title was edited. The computed one is: {finding}",))


def write_subtitle(finding: str, subtitle: str) -> str:
    """Write the subtitle of a chart whose title was edited: the finding as computed leads it."""
    end = "" if finding.endswith((".", "!", "?")) else "."
    return f"As computed: {finding}{end} {subtitle}"


def _list_objections(finding: str, edit_text: str, places: list[str]) -> tuple[str, ...]:
    computed = read_title(finding, places)
    edit = read_title(edit_text, [*places, *computed.names])
    why = []
    if len(edit_text) > LONGEST:
        why.append(f"The title is longer than {LONGEST} signs.")
    if _find_foreign_letters(edit_text) - _find_foreign_letters(finding):
        why.append("The title has letters that only look like those of the finding.")
    why += (
        _check_numbers(edit, computed)
        + _check_places(edit, computed)
        + _check_kinds(edit, computed, finding, edit_text)
    )
    return tuple(f"{sentence} The computed title stays." for sentence in why)


def _find_foreign_letters(text: str) -> set[str]:
    """Return letters and digits that are not Latin: some cannot be told from those that are."""
    return {
        sign
        for sign in tidy_text(text)
        if sign.isalnum() and not sign.isascii() and "LATIN" not in unicodedata.name(sign, "")
    }


def _check_numbers(edit: TitleContent, computed: TitleContent) -> list[str]:
    """List the numbers that are not in the finding, stand elsewhere, or are written in words."""
    why = []
    computed_values = {number.value for number in computed.numbers}
    additions = sorted({one.value for one in edit.numbers if one.value not in computed_values})
    if additions:
        why.append(f"Not in the finding: {', '.join(additions)}.")
    moves = sorted(
        {one.text for one in edit.numbers - computed.numbers if one.value in computed_values}
    )
    if moves:
        why.append(
            f"The finding does not say it so: {', '.join(moves)}. A number stays with its place, "
            "its sign and its unit."
        )
    number_words = sorted({one for one, _ in edit.number_words - computed.number_words})
    if number_words:
        why.append(f"A number in words is not taken: {', '.join(number_words)}.")
    return why


def _check_places(edit: TitleContent, computed: TitleContent) -> list[str]:
    additions = sorted(edit.names - computed.names - computed.capitals)
    return [f"Not in the finding: {', '.join(additions)}."] if additions else []


def _check_kinds(
    edit: TitleContent, computed: TitleContent, finding: str, edit_text: str
) -> list[str]:
    why = []
    one_place = len(computed.names) < 2
    unclear = bool(computed.kinds.get(SURE)) or all(kind in computed.kinds for kind in DIRECTIONS)
    is_repeated = (
        one_place
        and NO_CLEAR_CHANGE in finding.casefold()
        and NO_CLEAR_CHANGE in edit_text.casefold()
    )
    for kind in (UP, DOWN, MOST, LEAST, DENIAL, CAUSE, SURE):
        edit_words = edit.kinds.get(kind, {})
        if is_repeated and kind in (SURE, DENIAL):
            edit_words = read_title(
                _remove_no_clear_change(edit_text), list(computed.names)
            ).kinds.get(kind, {})
        if not edit_words:
            continue
        quotation = f"(“{'”, “'.join(sorted(edit_words))}”)"
        if unclear and kind in (*DIRECTIONS, SURE):
            why.append(
                "The finding is not of one clear direction: nothing may be said of one "
                f"{quotation}."
            )
        elif kind not in computed.kinds:
            why.append(f"The finding does not tell of a {kind} {quotation}.")
        elif not one_place and _is_elsewhere(edit_words, computed.kinds[kind]):
            why.append(f"The finding tells of a {kind} {quotation} in another place.")
    if edit.denials - computed.denials and DENIAL in computed.kinds:
        why.append("The finding's “no” or “not” stands before another word.")
    if DENIAL in computed.kinds and DENIAL not in edit.kinds:
        why.append("The finding has a “no” or “not” that the title leaves out.")
    return why


def _is_elsewhere(edit_words: words.WordPlaces, computed_words: words.WordPlaces) -> bool:
    """Return whether something is said of a place that the finding does not say of it."""
    theirs = {place for places in computed_words.values() for place in places}
    return any(place and place not in theirs for places in edit_words.values() for place in places)


def _remove_no_clear_change(text: str) -> str:
    at = text.casefold().index(NO_CLEAR_CHANGE)
    return text[:at] + text[at + len(NO_CLEAR_CHANGE) :]
