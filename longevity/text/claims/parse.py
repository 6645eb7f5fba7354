"""Text to claim: every word must have a meaning, and their order must make one claim.

The phrases of a text make a word of letters, one a phrase; a claim is a word that one of
a few patterns accepts. What no pattern accepts is not guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from longevity.text.claims import phrases
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
    Unread,
    Window,
)
from longevity.text.claims.normal import normalised
from longevity.text.claims.phrase import EACH, Item
from longevity.text.claims.phrases import measure_of
from longevity.text.claims.refusals import Why
from longevity.text.wording import listed

# What one city can be than another; "up" and "fell" compare a city with itself.
COMPARATIVES = ("more", "fewer", "less", "higher", "lower")
LONGEST = 300
LONGEST_WORD = 30
WORDS_NAMED = 3

# A sentence that begins so asks.
ASKS = re.compile(r"(?:is|are|was|were|did|do|does|has|have|had|why|how|what|when|where|who)\b")
# Letters as in `phrases`; where, when and against what (P, T, B) may stand anywhere.
CHANGE = re.compile(r"MN?G?DG?[VCEL]?|MN?[VC]D|MG?DN?|N?[VC]?G?DM|N?G?DVM")
COUNT = re.compile(r"CM|MC")
# A rank that begins with "most" says of what, then since when: "most shootings since 2019
# were in …" is another claim.
RANK = re.compile(r"[PT]*(?:M[PT]*N?S|N?SM)[PT]*(?:R|B)?T?|[BR]M[PT]*N?S[PT]*")
CITIES = re.compile(r"PMN?[DQ]XP|PN?DMXP|PN?QXP|DMPXP|MPN?DXP|PN?KMXP")


def read(text: str, names: Names, default: str | None = None) -> Claim | Unread:
    """The claim a text makes. `default`: the city's id where the text names no place."""
    if len(text) > LONGEST:
        return Unread(f"{Why.TOO_LONG} It may have {LONGEST} signs.")
    plain = normalised(text)
    if not re.search(r"\w", plain):
        return Unread(Why.EMPTY)
    if "?" in plain or ASKS.match(plain):
        return Unread(Why.QUESTION)
    found = list(phrases.items(plain.rstrip(" .!"), names))
    refused = _refused(found)
    if refused:
        return Unread(refused)
    kept = _settled([item for item in found if item.letter != "F"])
    claim = _cities(kept) if any(item.letter == "X" for item in kept) else _one_place(kept)
    if isinstance(claim, Unread) or not default or claim.named_place:
        return claim
    return replace(claim, place=default)


def _refused(found: Sequence[Item]) -> str:
    """Why it cannot be answered or read, by the words it is made of."""
    reasons = [item.value for item in found if item.letter == "U"]
    if reasons:
        return str(reasons[0].value)
    unknown = [item.text for item in found if item.letter == "?"]
    if unknown:
        return _not_understood(unknown)
    if any(item.letter == "&" for item in found):
        return Why.TWO_CLAIMS
    if any(item.letter == "P" and item.value == EACH for item in found):
        return Why.EACH
    return ""


def _not_understood(unknown: Sequence[str]) -> str:
    shown = [
        f"“{word[:LONGEST_WORD]}{'…' if len(word) > LONGEST_WORD else ''}”" for word in unknown
    ]
    more = len(shown) - WORDS_NAMED
    rest = [f"{more} more"] if more > 0 else []
    return f"It does not understand {listed(shown[:WORDS_NAMED] + rest)}."


def _settled(found: list[Item]) -> list[Item]:
    """What two phrases mean depends on what stands around them.

    "No" before a measure is none of it; before anything else a negation. "Up to 40" before a
    measure is at most 40 of it; after it, a rise to 40.
    """
    settled: list[Item] = []
    for at, item in enumerate(found):
        if item.letter == "C" and item.text.startswith("up to") and _values(settled, "M"):
            settled.append(Item("D", Direction.UP, "up"))
            settled.append(Item("E", replace(item.value, unit=Unit.LEVEL, bound=Bound.EXACT)))
        elif item.letter != "O":
            settled.append(item)
        elif at + 1 < len(found) and found[at + 1].letter == "M":
            settled.append(Item("C", Size(0.0, Unit.CASES), item.text))
        else:
            settled.append(Item("N", None, item.text))
    return settled


def _values(found: Sequence[Item], letter: str) -> list[Item]:
    return [item for item in found if item.letter == letter]


def _word(found: Sequence[Item], without: str) -> str:
    return "".join(item.letter for item in found if item.letter not in without)


def _repeated(found: Sequence[Item]) -> str:
    """Two of what a claim has one of."""
    if len({item.value for item in _values(found, "P")}) > 1:
        return Why.TWO_PLACES
    if any(len(_values(found, letter)) > 1 for letter in "MTBRSDCVEL"):
        return Why.TWO_CLAIMS
    return ""


def _one_place(found: list[Item]) -> Claim | Unread:
    refused = _repeated(found)
    if refused:
        return Unread(refused)
    if _values(found, "K"):
        return Unread(Why.RATE)
    if _values(found, "S"):
        return _rank(found)
    core = _word(found, "PTB")
    if COUNT.fullmatch(core) and not _values(found, "B"):
        return _claim(found, Kind.COUNT, size=_values(found, "C")[0].value)
    if CHANGE.fullmatch(core):
        return _change(found)
    return Unread(_missing(found))


def _missing(found: Sequence[Item]) -> str:
    """What a text of known words lacks, or that they do not come together."""
    if not _values(found, "M") and not _values(found, "Q"):
        return (
            "It does not say what is counted: shooting incidents, people shot, people shot and "
            "killed, or homicides."
        )
    if not any(_values(found, letter) for letter in "DSCVQ"):
        return "It says nothing that could be so or not: up, down, the fewest since, or how many."
    return "It knows the words, but not what they say together."


def _change(found: list[Item]) -> Claim | Unread:
    direction: Direction = _values(found, "D")[0].value
    sized = [item.value for letter in "VCEL" for item in _values(found, letter)]
    negated = bool(_values(found, "N"))
    size: Size | None = sized[0] if sized else None
    free = direction in (Direction.SAME, Direction.UNCLEAR)
    if negated and (size or free):
        return Unread(Why.NEGATED_SIZE)
    if _is_idiom(found, negated):
        return Unread(Why.TWO_WAYS)
    if size and free:
        return Unread("It knows the words, but not what they say together.")
    if size and size.unit is Unit.PERCENT and direction is Direction.DOWN and size.value > 100:
        return Unread("Nothing can fall by more than all of it.")
    base: Base | None = next((item.value for item in _values(found, "B")), None)
    if base is None and size and size.unit is Unit.FROM_TO:
        base = Base(Against.YEAR_BEFORE)  # a number to come from is that of one year
    return _claim(
        found,
        Kind.CHANGE,
        direction=direction,
        negated=negated,
        beyond_chance=bool(_values(found, "G")),
        size=size,
        base=base,
    )


def _is_idiom(found: Sequence[Item], negated: bool) -> bool:
    """ "Not been lower since 2019" means the lowest; "falling since 2019" means every year."""
    since = any(
        item.text.startswith("since") and item.value.against is Against.YEAR
        for item in _values(found, "B")
    )
    way = _values(found, "D")[0].text
    return since and (way.endswith("ing") or (negated and way in COMPARATIVES))


def _rank(found: list[Item]) -> Claim | Unread:
    if not RANK.fullmatch(_word(found, "")):
        return Unread(_missing(found))
    if _values(found, "N"):
        return Unread(Why.NEGATED_SIZE)
    reach = [item.value for item in _values(found, "R")]
    for base in (item.value for item in _values(found, "B")):
        back = _since(base)
        if back is None:
            return Unread(Why.RANK_OF_PROGRAM)
        reach.append(back)
    if len(reach) != 1:
        return Unread(Why.TWO_CLAIMS if reach else Why.NO_RANGE)
    way: Direction = _values(found, "S")[0].value
    return _claim(found, Kind.RANK, direction=way, back=reach[0])


def _since(base: Base) -> Back | None:
    if base.against is Against.YEAR:
        return Back(Reach.SINCE, base.number)
    return Back(Reach.YEARS, 1) if base.against is Against.LAST_YEAR else None


def _cities(found: list[Item]) -> Claim | Unread:
    """Two cities against each other."""
    if any(_values(found, letter) for letter in "BVCELRS"):
        return Unread(Why.TWO_COMPARISONS)
    places = [item.value for item in _values(found, "P")]
    if len(places) != 2 or places[0] == places[1]:
        return Unread(Why.TWO_PLACES)
    if any(place in (TOGETHER, "state") for place in places):
        return Unread("It compares a city with more than a city. Compare two cities.")
    if not CITIES.fullmatch(_word(found, "TKG")) or len(_values(found, "T")) > 1:
        return Unread(_missing(found))
    said = [*_values(found, "D"), *_values(found, "Q")][0]
    if said.letter == "D" and said.text not in COMPARATIVES:
        return Unread("It says that two cities are the same, which no count can bear out.")
    claim = _claim(
        found,
        Kind.CITIES,
        direction=said.value,
        negated=bool(_values(found, "N")),
        beyond_chance=bool(_values(found, "G")),
        resident=bool(_values(found, "K")),
    )
    return replace(claim, place=places[0], other=places[1])


def _claim(found: Sequence[Item], kind: Kind, **said: object) -> Claim:
    places, times, measures = (_values(found, letter) for letter in "PTM")
    return Claim(
        kind=kind,
        measure=measure_of(measures[0]) if measures else "victims",
        place=places[0].value if places else TOGETHER,
        window=times[0].value if times else Window(),
        named_place=bool(places),
        named_time=bool(times),
        **said,  # type: ignore[arg-type]  # each kind gives the fields it has
    )


def is_bounded(size: Size) -> bool:
    """Whether a number is a bound rather than the number itself."""
    return size.bound not in (Bound.EXACT, Bound.ABOUT, Bound.NEARLY)
