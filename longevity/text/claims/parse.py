"""Text to claim: every word must have a meaning, and their order must make one claim.

The phrases of a text make a word of letters, one a phrase; a claim is a word that one of
a few patterns accepts. What no pattern accepts is not guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from longevity.text.claims import vocabulary
from longevity.text.claims.claim import (
    TOGETHER,
    Against,
    Back,
    Base,
    Bound,
    Claim,
    Direction,
    Kind,
    Names,
    Reach,
    Size,
    Unit,
    UnreadableText,
    Window,
)
from longevity.text.claims.normalise import normalise_text
from longevity.text.claims.phrase import EACH, Item
from longevity.text.claims.refusals import Refusal
from longevity.text.claims.vocabulary import find_measure
from longevity.text.wording import join_words

# What one city can be than another; "up" and "fell" compare a city with itself.
COMPARATIVES = ("more", "fewer", "less", "higher", "lower")
LONGEST = 300
LONGEST_WORD = 30
WORDS_NAMED = 3

# A sentence that begins so asks.
ASKS = re.compile(r"(?:is|are|was|were|did|do|does|has|have|had|why|how|what|when|where|who)\b")
# Letters as in `phrase`; where, when and against what (P, T, B) may stand anywhere.
CHANGE = re.compile(r"MN?G?DG?[VCEL]?|MN?[VC]D|MG?DN?|N?[VC]?G?DM|N?G?DVM")
COUNT = re.compile(r"CM|MC")
# A rank that begins with "most" says of what, then since when: "most shootings since 2019
# were in …" is another claim.
RANK = re.compile(r"[PT]*(?:M[PT]*N?S|N?SM)[PT]*(?:R|B)?T?|[BR]M[PT]*N?S[PT]*")
CITIES = re.compile(r"PMN?[DQ]XP|PN?DMXP|PN?QXP|DMPXP|MPN?DXP|PN?KMXP")


def parse_claim(text: str, names: Names, default: str | None = None) -> Claim | UnreadableText:
    """Parse the claim a text makes. `default`: the city's id where the text names no place."""
    if len(text) > LONGEST:
        return UnreadableText(f"{Refusal.TOO_LONG} It may have {LONGEST} signs.")
    plain = normalise_text(text)
    if not re.search(r"\w", plain):
        return UnreadableText(Refusal.EMPTY)
    if "?" in plain or ASKS.match(plain):
        return UnreadableText(Refusal.QUESTION)
    items = list(vocabulary.find_items(plain.rstrip(" .!"), names))
    refusal = _find_refusal(items)
    if refusal:
        return UnreadableText(refusal)
    meaningful = _resolve_ambiguous([item for item in items if item.letter != "F"])
    claim = (
        _parse_city_pair(meaningful)
        if any(item.letter == "X" for item in meaningful)
        else _parse_one_place(meaningful)
    )
    if isinstance(claim, UnreadableText) or not default or claim.has_place:
        return claim
    return replace(claim, place=default)


def _find_refusal(items: Sequence[Item]) -> str:
    """Say why it cannot be answered or read, by the words it is made of."""
    reasons = [item.value for item in items if item.letter == "U"]
    if reasons:
        return str(reasons[0].value)
    unknown = [item.text for item in items if item.letter == "?"]
    if unknown:
        return _explain_unknown_words(unknown)
    if any(item.letter == "&" for item in items):
        return Refusal.TWO_CLAIMS
    if any(item.letter == "P" and item.value == EACH for item in items):
        return Refusal.EACH
    return ""


def _explain_unknown_words(unknown: Sequence[str]) -> str:
    quotations = [
        f"“{word[:LONGEST_WORD]}{'…' if len(word) > LONGEST_WORD else ''}”" for word in unknown
    ]
    more = len(quotations) - WORDS_NAMED
    rest = [f"{more} more"] if more > 0 else []
    return f"It does not understand {join_words(quotations[:WORDS_NAMED] + rest)}."


def _resolve_ambiguous(items: list[Item]) -> list[Item]:
    """Settle what two phrases mean, which depends on what stands around them.

    "No" before a measure is none of it; before anything else a negation. "Up to 40" before a
    measure is at most 40 of it; after it, a rise to 40.
    """
    result: list[Item] = []
    for at, item in enumerate(items):
        if item.letter == "C" and item.text.startswith("up to") and _select_items(result, "M"):
            result.append(Item("D", Direction.UP, "up"))
            result.append(Item("E", replace(item.value, unit=Unit.LEVEL, bound=Bound.EXACT)))
        elif item.letter != "O":
            result.append(item)
        elif at + 1 < len(items) and items[at + 1].letter == "M":
            result.append(Item("C", Size(0.0, Unit.CASES), item.text))
        else:
            result.append(Item("N", None, item.text))
    return result


def _select_items(items: Sequence[Item], letter: str) -> list[Item]:
    return [item for item in items if item.letter == letter]


def _join_letters(items: Sequence[Item], without: str) -> str:
    return "".join(item.letter for item in items if item.letter not in without)


def _find_repetition(items: Sequence[Item]) -> str:
    """Refuse a text that has two of what a claim has one of; else return an empty string."""
    if len({item.value for item in _select_items(items, "P")}) > 1:
        return Refusal.TWO_PLACES
    if any(len(_select_items(items, letter)) > 1 for letter in "MTBRSDCVEL"):
        return Refusal.TWO_CLAIMS
    return ""


def _parse_one_place(items: list[Item]) -> Claim | UnreadableText:
    refusal = _find_repetition(items)
    if refusal:
        return UnreadableText(refusal)
    if _select_items(items, "K"):
        return UnreadableText(Refusal.RATE)
    if _select_items(items, "S"):
        return _parse_rank(items)
    core = _join_letters(items, "PTB")
    if COUNT.fullmatch(core) and not _select_items(items, "B"):
        return _build_claim(items, Kind.COUNT, size=_select_items(items, "C")[0].value)
    if CHANGE.fullmatch(core):
        return _parse_change(items)
    return UnreadableText(_explain_missing(items))


def _explain_missing(items: Sequence[Item]) -> str:
    """Say what a text of known words lacks, or that they do not come together."""
    if not _select_items(items, "M") and not _select_items(items, "Q"):
        return (
            "It does not say what is counted: shooting incidents, people shot, people shot and "
            "killed, or homicides."
        )
    if not any(_select_items(items, letter) for letter in "DSCVQ"):
        return "It says nothing that could be so or not: up, down, the fewest since, or how many."
    return "It knows the words, but not what they say together."


def _parse_change(items: list[Item]) -> Claim | UnreadableText:
    direction: Direction = _select_items(items, "D")[0].value
    sizes = [item.value for letter in "VCEL" for item in _select_items(items, letter)]
    is_negated = bool(_select_items(items, "N"))
    size: Size | None = sizes[0] if sizes else None
    free = direction in (Direction.SAME, Direction.UNCLEAR)
    if is_negated and (size or free):
        return UnreadableText(Refusal.NEGATED_SIZE)
    if _is_idiom(items, is_negated):
        return UnreadableText(Refusal.TWO_WAYS)
    if size and free:
        return UnreadableText("It knows the words, but not what they say together.")
    if size and size.unit is Unit.PERCENT and direction is Direction.DOWN and size.value > 100:
        return UnreadableText("Nothing can fall by more than all of it.")
    base: Base | None = next((item.value for item in _select_items(items, "B")), None)
    if base is None and size and size.unit is Unit.FROM_TO:
        base = Base(Against.YEAR_BEFORE)  # a number to come from is that of one year
    return _build_claim(
        items,
        Kind.CHANGE,
        direction=direction,
        is_negated=is_negated,
        beyond_chance=bool(_select_items(items, "G")),
        size=size,
        base=base,
    )


def _is_idiom(items: Sequence[Item], is_negated: bool) -> bool:
    """Return whether "since" says more than it does elsewhere.

    "Not been lower since 2019" means the lowest; "falling since 2019" means every year.
    """
    since = any(
        item.text.startswith("since") and item.value.against is Against.YEAR
        for item in _select_items(items, "B")
    )
    way = _select_items(items, "D")[0].text
    return since and (way.endswith("ing") or (is_negated and way in COMPARATIVES))


def _parse_rank(items: list[Item]) -> Claim | UnreadableText:
    if not RANK.fullmatch(_join_letters(items, "")):
        return UnreadableText(_explain_missing(items))
    if _select_items(items, "N"):
        return UnreadableText(Refusal.NEGATED_SIZE)
    reach = [item.value for item in _select_items(items, "R")]
    for base in (item.value for item in _select_items(items, "B")):
        back = _parse_reach(base)
        if back is None:
            return UnreadableText(Refusal.RANK_OF_PROGRAM)
        reach.append(back)
    if len(reach) != 1:
        return UnreadableText(Refusal.TWO_CLAIMS if reach else Refusal.NO_RANGE)
    way: Direction = _select_items(items, "S")[0].value
    return _build_claim(items, Kind.RANK, direction=way, back=reach[0])


def _parse_reach(base: Base) -> Back | None:
    if base.against is Against.YEAR:
        return Back(Reach.SINCE, base.number)
    return Back(Reach.YEARS, 1) if base.against is Against.LAST_YEAR else None


def _parse_city_pair(items: list[Item]) -> Claim | UnreadableText:
    """Parse a claim of two cities against each other."""
    if any(_select_items(items, letter) for letter in "BVCELRS"):
        return UnreadableText(Refusal.TWO_COMPARISONS)
    places = [item.value for item in _select_items(items, "P")]
    if len(places) != 2 or places[0] == places[1]:
        return UnreadableText(Refusal.TWO_PLACES)
    if any(place in (TOGETHER, "state") for place in places):
        return UnreadableText("It compares a city with more than a city. Compare two cities.")
    if not CITIES.fullmatch(_join_letters(items, "TKG")) or len(_select_items(items, "T")) > 1:
        return UnreadableText(_explain_missing(items))
    direction_item = [*_select_items(items, "D"), *_select_items(items, "Q")][0]
    if direction_item.letter == "D" and direction_item.text not in COMPARATIVES:
        return UnreadableText("It says that two cities are the same, which no count can bear out.")
    claim = _build_claim(
        items,
        Kind.CITIES,
        direction=direction_item.value,
        is_negated=bool(_select_items(items, "N")),
        beyond_chance=bool(_select_items(items, "G")),
        per_resident=bool(_select_items(items, "K")),
    )
    return replace(claim, place=places[0], other=places[1])


def _build_claim(items: Sequence[Item], kind: Kind, **parts: object) -> Claim:
    places, times, measures = (_select_items(items, letter) for letter in "PTM")
    return Claim(
        kind=kind,
        measure=find_measure(measures[0]) if measures else "victims",
        place=places[0].value if places else TOGETHER,
        window=times[0].value if times else Window(),
        has_place=bool(places),
        has_time=bool(times),
        **parts,  # type: ignore[arg-type]  # each kind gives the fields it has
    )
