"""A text that fills a form: what it says of each part, and what it leaves to be chosen.

The phrases of a text make a word of letters, one a phrase (`vocabulary`). Where one of a few
patterns accepts it, each part is filled; else what was understood is filled all the same, and
what was not is said, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from longevity.text.claims import vocabulary
from longevity.text.claims.form import (
    PARTS,
    PROGRAM,
    STATE,
    TOGETHER,
    ClaimForm,
    Names,
    complete_form,
    find_conflict,
    parse_part,
)
from longevity.text.claims.refusals import Refusal
from longevity.text.claims.vocabulary import Item
from longevity.text.wording import join_words

# What one place can be than another; "up" and "fell" compare a place with itself.
COMPARATIVES = ("more", "fewer", "less", "higher", "lower")
LONGEST = 300
LONGEST_WORD = 30
WORDS_NAMED = 3

# A sentence that begins so asks.
ASKS = re.compile(r"(?:is|are|was|were|did|do|does|has|have|had|why|how|what|when|where|who)\b")
# Letters as in `vocabulary`; where, when and against what (P, T, B) may stand anywhere.
CHANGE = re.compile(r"MN?G?DG?[VCEL]?|MN?[VC]D|MG?DN?|N?[VC]?G?DM|N?G?DVM")
IS = re.compile(r"[CHV]M|M[CHV]")
# A rank that begins with "most" says of what, then since when: "most shootings since 2019
# were in …" is another claim.
RANK = re.compile(r"[PT]*(?:M[PT]*N?S|N?SM)[PT]*(?:[RW]|B)?[PT]*|[RB]M[PT]*N?S[PT]*")
PLACES = re.compile(r"PMN?[DQ]XP|PN?DMXP|PN?QXP|DMPXP|MPN?DXP|PN?KMXP")


@dataclass(frozen=True)
class Reading:
    """What a text says: the code of each part it fills, and `why` it is no claim yet.

    `default` is the place where it names none.
    """

    codes: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    form: ClaimForm | None = None

    @property
    def open_parts(self) -> tuple[str, ...]:
        """Return the parts to be chosen; of a text that was understood none is."""
        return tuple(part for part in PARTS if part not in self.codes) if self.why else ()


def read_text(text: str, names: Names, default: str | None = None) -> Reading:
    """Read the claim a text makes. `default`: the place, by its code, where it names none."""
    if len(text) > LONGEST:
        return Reading({}, f"{Refusal.TOO_LONG} It may have {LONGEST} signs.")
    plain = vocabulary.normalise_text(text)
    if not re.search(r"\w", plain):
        return Reading({}, Refusal.EMPTY)
    items = list(vocabulary.find_items(plain.rstrip(" .!?"), names))
    meant = _merge_places(_resolve_ambiguous([one for one in items if one.letter != "F"]))
    codes = _fill_codes(meant)
    parts = {part: parse_part(part, code, names) for part, code in codes.items()}
    known = {part: code for part, code in codes.items() if parts[part] is not None}
    asks = "?" in plain or ASKS.match(plain)
    why = Refusal.QUESTION if asks else _find_refusal(items) or _find_disorder(meant)
    if not why and len(known) < len(codes):
        part = next(part for part in codes if part not in known)
        why = f"It does not understand “{codes[part]}”: there is no such {part}."
    if why:
        return Reading(known, str(why))
    where = default or (TOGETHER if len(names.cities) > 1 else next(iter(names.cities)))
    form = complete_form(parts, where)
    conflict = find_conflict(form)
    return Reading(known, conflict, None if conflict else form)


# --- why it is no claim ----------------------------------------------------------------


def _find_refusal(items: Sequence[Item]) -> str:
    """Say why it cannot be answered or read, by the words it is made of."""
    reasons = [item.code for item in items if item.letter == "U"]
    if reasons:
        return Refusal[reasons[0]]
    unknown = [item.text for item in items if item.letter == "?"]
    if unknown:
        return _explain_unknown_words(unknown)
    if _has(items, "&"):
        return Refusal.TWO_CLAIMS
    return Refusal.EACH if any(item.code == "each" for item in items) else ""


def _explain_unknown_words(unknown: Sequence[str]) -> str:
    quotations = [
        f"“{word[:LONGEST_WORD]}{'…' if len(word) > LONGEST_WORD else ''}”" for word in unknown
    ]
    more = len(quotations) - WORDS_NAMED
    rest = [f"{more} more"] if more > 0 else []
    return f"It does not understand {join_words(quotations[:WORDS_NAMED] + rest)}."


def _find_disorder(items: list[Item]) -> str:
    """Say why words that are all known make no claim; empty where they make one."""
    places = [item.code for item in items if item.letter == "P"]
    if any("|" in place for place in places):
        return Refusal.WHICH_AREA
    if _has(items, "X"):
        return _find_disorder_of_places(items, places)
    if len(set(places)) > 1 and not _find_part_of_state(items):
        return Refusal.TWO_PLACES
    twice = any(sum(item.letter == letter for item in items) > 1 for letter in "MTBRSDCVELHW")
    if twice or _has(items, "K"):
        return Refusal.TWO_CLAIMS if twice else Refusal.RATE
    if _has(items, "S"):
        return _find_disorder_of_rank(items)
    return _find_disorder_of_count(items)


def _find_disorder_of_count(items: list[Item]) -> str:
    core = _join_letters(items, "PTB")
    why = ""
    if IS.fullmatch(core) and not _has(items, "B"):
        of_program = any(item.letter == "M" and item.code in PROGRAM for item in items)
        if not _has(items, "C") and not of_program and not _find_part_of_state(items):
            why = Refusal.SHARE
    elif CHANGE.fullmatch(core):
        why = Refusal.TWO_WAYS if _says_since(items) else ""
    elif not _has(items, "MQ"):
        why = Refusal.NO_MEASURE
    else:
        why = Refusal.APART if _has(items, "DSCVQH") else Refusal.NO_STATEMENT
    return why


def _find_disorder_of_places(items: list[Item], places: list[str]) -> str:
    if _has(items, "BVCELRSH"):
        return Refusal.TWO_COMPARISONS
    if len(places) != 2 or places[0] == places[1]:
        return Refusal.TWO_PLACES
    if TOGETHER in places or STATE in places:
        return "It compares a place with more than a city. Compare two cities."
    fits = PLACES.fullmatch(_join_letters(items, "TKG"))
    way = next((item for item in items if item.letter in "DQ"), None)
    if not fits or way is None or sum(item.letter == "T" for item in items) > 1:
        return Refusal.APART
    if way.letter == "D" and way.text not in COMPARATIVES:
        return "It says that two places are the same, which no count can bear out."
    return ""


def _find_disorder_of_rank(items: list[Item]) -> str:
    if not RANK.fullmatch(_join_letters(items, "")):
        return Refusal.APART if _has(items, "M") else Refusal.NO_MEASURE
    return "" if _has(items, "RBW") else Refusal.NO_RANGE


def _says_since(items: list[Item]) -> bool:
    """Return whether "since" says more than it does elsewhere.

    "Not been lower since 2019" means the lowest; "falling since 2019" means every year; "down
    since June 2024" may mean either of two times.
    """
    way = next(item.text for item in items if item.letter == "D")
    if not _has(items, "B"):
        return any(item.letter == "T" and item.code.startswith("since-") for item in items)
    base = next(item for item in items if item.letter == "B")
    since = base.text.startswith("since") and base.code.startswith("year-")
    return since and (way.endswith("ing") or (_has(items, "N") and way in COMPARATIVES))


# --- what it fills ---------------------------------------------------------------------


def _has(items: Sequence[Item], letters: str) -> bool:
    return any(item.letter in letters for item in items)


def _join_letters(items: Sequence[Item], without: str) -> str:
    return "".join(item.letter for item in items if item.letter not in without)


def _resolve_ambiguous(items: list[Item]) -> list[Item]:
    """Settle what two phrases mean, which depends on what stands around them.

    "No" before a measure is none of it; before anything else a negation. "Up to 40" before a
    measure is at most 40 of it; after it, a rise to 40.
    """
    result: list[Item] = []
    for at, item in enumerate(items):
        if item.letter == "C" and item.text.startswith("up to") and _has(result, "M"):
            result += [Item("D", "up", "up"), Item("E", f"to {item.code.split()[-1]}")]
        elif item.letter != "O":
            result.append(item)
        elif at + 1 < len(items) and items[at + 1].letter == "M":
            result.append(Item("C", "0", item.text))
        else:
            result.append(Item("N", "not", item.text))
    return result


def _merge_places(items: list[Item]) -> list[Item]:
    """Make one place of a neighbourhood and its city: "the Hill in East"."""
    cities = {item.code for item in items if item.letter == "P"}
    result = []
    for item in items:
        areas = item.code.split("|") if item.letter == "P" and "/" in item.code else []
        here = [area for area in areas if area.partition("/")[0] in cities]
        result.append(replace(item, code=here[0]) if len(here) == 1 else item)
    own = {
        item.code.partition("/")[0] for item in result if item.letter == "P" and "/" in item.code
    }
    return [item for item in result if item.letter != "P" or item.code not in own]


def _fill_codes(items: list[Item]) -> dict[str, str]:
    """Return the code of each part, as far as it is said once."""
    values: dict[str, list[str]] = {}
    for item in items:
        values.setdefault(item.letter, []).append(item.code)
    one = {letter: codes[0] for letter, codes in values.items() if len(set(codes)) == 1}
    places = [place for place in values.get("P", []) if place != "each" and "|" not in place]
    size = next((one[letter] for letter in "VCELH" if letter in one), "")
    way = one.get("S") or one.get("D") or one.get("Q") or ""
    words = [
        *(one[letter] for letter in "NG" if letter in one and way),
        way,
        size if "S" not in one else "",
    ]
    part = _find_part_of_state(items)
    is_pair = "X" in values and len(places) == 2
    codes = {
        "what": one.get("M") or ("victims" if "Q" in one else ""),
        "where": part or (places[0] if places and (len(set(places)) == 1 or is_pair) else ""),
        "when": one.get("T", ""),
        "against": one.get("W") or one.get("R") or _read_base(one),
        "says": ""
        if not way and size.startswith(("to", "from"))
        else " ".join(filter(None, words)),
    }
    if is_pair:
        codes["against"] = f"{'rate' if 'K' in values else 'than'}:{places[1]}"
    elif part:
        codes["against"] = STATE
    return {part: code for part, code in codes.items() if code}


def _read_base(one: Mapping[str, str]) -> str:
    """Return what it is held against; a rank "since 2019" is over all years from it on."""
    base = one.get("B", "last-year" if "L" in one else "")  # to come from a number: of a year ago
    if "S" in one:
        return base.replace("year-", "since-").replace("last-year", "years-1")
    return base


def _find_part_of_state(items: list[Item]) -> str:
    """Return the place that is said to have a part of the state's; empty where none is."""
    places = {item.code for item in items if item.letter == "P"}
    is_share = _has(items, "HV") and not _has(items, "DSQ")
    return next(iter(places - {STATE})) if is_share and STATE in places and len(places) == 2 else ""
