"""Whether the cities supplied what an answer needs, and the sentence where they did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from longevity.measures import wording
from longevity.measures.say import say
from longevity.screens.report import Card
from longevity.warehouse.warehouse import Answer

HOW = "To supply it, see docs/data-contract.md and docs/import.md."


class Supply(NamedTuple):
    """Whether anything was supplied, and what is said of what was not."""

    any: bool
    alert: str


def where_supplied(supplied: Supply, title: str, card: Card) -> Card:
    """Return the card with what is said of cities that supplied nothing; alone where none did.

    `title`: what stands over that sentence where there is no card to show.
    """
    if supplied.any:
        return replace(card, alert=supplied.alert)
    return Card(card.key, title, alert=supplied.alert, width=card.width)


def absent_extracts(answer: Answer) -> str:
    """Return which extracts the answer needed and the release lacks; "" where it has all."""
    if not answer.provenance.absent:
        return ""
    names = ", ".join(name.replace("_", " ") for name in answer.provenance.absent)
    return (
        f"This release does not hold: {names}. Figures that need them are missing here, not zero. "
        f"{HOW}"
    )


def say_none_supplied(what: str) -> str:
    """Return the answer of a tab that is about something not supplied."""
    return say("absent.nothing_known", what=say("absent.none_supplied", what=what, place=""))


def supply(
    answer: Answer, cities: Mapping[str, str], what: Sequence[str], by_rows: bool = True
) -> Supply:
    """Return whether any of `cities` supplied all of `what`, and what is said of the others.

    A city without rows supplied nothing; without `by_rows`, for an answer that lists what there
    is and may have nothing to list, one its sources say nothing of.
    """
    absent = absent_extracts(answer)
    silent = set(answer.provenance.without_data)
    there = set(answer.frame["city"].unique()) if by_rows else set(cities) - silent
    if answer.provenance.absent and not (by_rows and there):
        return Supply(False, absent)
    if there.issuperset(cities):
        return Supply(bool(there), absent)
    names = wording.join_words([name for city, name in cities.items() if city not in there])
    listed = wording.join_words(list(what))
    others = (
        f"No {listed} supplied for {names}."
        if len(what) == 1
        else f"Not all supplied for {names}: {listed}."
    )
    said = f"{others} To supply them, see docs/data-contract.md."
    return Supply(bool(there), " ".join(filter(None, (absent, said))))
