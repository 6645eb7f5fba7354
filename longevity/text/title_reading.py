"""What a title says: its places, and its numbers and words of direction with the place of each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from longevity.text import title_words as words

NUMBER = re.compile(
    r"(?:(?<![\w])(?P<sign>[-+±~<>≤≥]))?(?P<money>[$€£])?"
    r"(?P<value>\d{1,3}(?:[,\s]\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)*)"
    r"(?P<unit>\s?[%×]|\s?-?[A-Za-z]+)?"
)
RATE = re.compile(r"(?:\s+[a-z]+){0,3}?\s+(?:a|an|per|each|every)\s+([a-z]+)")
WORD = re.compile(r"[^\W\d_]+")
CAPITALS = re.compile(r"[A-Z][^\W\d_]*(?:[ ’'-][A-Z][^\W\d_]*)*")
# A place said after: "34 in Northtown"; nothing but small words between.
LINK = re.compile(r"(?:\s+(?!and\b|or\b|but\b)[a-z]+){0,5}?\s+(?:in|for|of|at)\s+(?:the\s+)?$")
# A place before a figure heads it, as in "Northtown: 82"; several are joined.
HEADS = re.compile(r"[:\s(–—]*")
JOINS_BEFORE = re.compile(r"\s*(?:,|,? and|,? or|&|/|\+)\s*(?:in )?")
JOINS_AFTER = re.compile(r"\s*(?:and|or|&|/|\+)\s*(?:in )?")
GROUPED = re.compile(r"\d{1,3}(?:[,\s]\d{3})+(?:\.\d+)?")
FIGURE = re.compile(r":?\s+\(?\d")
YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Number:
    """A number with the place it is told of, its unit and what it is a rate by."""

    place: str
    value: str
    unit: str = ""
    rate: str = ""

    @property
    def told(self) -> str:
        """The number as a sentence names it."""
        unit = "" if not self.unit else f" {self.unit}"
        return f"{self.value}{unit} ({self.place.title()})" if self.place else f"{self.value}{unit}"


@dataclass
class Said:
    """What a title says; `capitals` are further words in capitals, `denied` what “no” denies."""

    names: set[str] = field(default_factory=set)
    capitals: set[str] = field(default_factory=set)
    numbers: set[Number] = field(default_factory=set)
    spelled: set[tuple[str, str]] = field(default_factory=set)
    denied: set[tuple[str, str]] = field(default_factory=set)
    kinds: dict[str, words.Told] = field(default_factory=dict)


def tidy(text: str) -> str:
    """One line, without signs that cannot be seen or that turn the text round."""
    flat = unicodedata.normalize("NFKC", text).replace("−", "-").replace("’", "'")
    seen = "".join(
        " " if sign.isspace() else sign
        for sign in flat
        if sign.isspace() or unicodedata.category(sign)[0] != "C"
    )
    return " ".join(seen.split())


def read(text: str, places: Sequence[str]) -> Said:
    """What a title says, where `places` are names known to be such."""
    flat = re.sub(r"n't\b", " not", tidy(text))
    flat = re.sub(r"\bper cent\b", "%", flat)
    spots = _spots(flat, places)
    said = Said(names={name for _, _, name in spots})
    said.capitals = {found.casefold() for found in WORD.findall(flat) if found[:1].isupper()}
    for found in NUMBER.finditer(flat):
        said.numbers.add(_number(flat, found, spots))
    listed = [(found[0].casefold(), found) for found in WORD.finditer(flat)]
    for at, (word, found) in enumerate(listed):
        after = listed[at + 1][0] if at + 1 < len(listed) else ""
        if any(start <= found.start() < end for start, end, _ in spots):
            continue
        if word in words.SPELLED:
            said.spelled.add((word, after))
        kind = words.kind_of(word)
        if kind == words.DENIED:
            said.denied.add((word, after))
        if kind:
            place = _place(flat, found.start(), found.end(), spots)
            said.kinds.setdefault(kind, {}).setdefault(word, set()).add(place)
    return said


def _spots(text: str, places: Sequence[str]) -> list[tuple[int, int, str]]:
    """Where each name begins and ends, and the name in small letters; in order."""
    spots: list[tuple[int, int, str]] = []
    for name in sorted({tidy(one) for one in places if one.strip()}, key=len, reverse=True):
        for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
            _add(spots, found.start(), found.end(), name)
    for found in CAPITALS.finditer(text):
        start, run = found.start(), found[0]
        first = run.split()[0]
        if first.casefold() in words.SMALL and run != first:
            # "In Old Town", where a sentence begins.
            start, run = start + len(first) + 1, run[len(first) + 1 :]
        listed = [word.casefold() for word in WORD.findall(run)]
        begins = start == 0 or text[:start].rstrip().endswith((".", "!", "?", "–", "—"))
        alone = begins and len(listed) == 1 and not FIGURE.match(text[start + len(run) :])
        alone = alone or listed[0] in words.COUNTED
        if not alone and not any(word in words.NO_NAMES or words.kind_of(word) for word in listed):
            _add(spots, start, start + len(run), run)
    return sorted(spots)


def _add(spots: list[tuple[int, int, str]], start: int, end: int, name: str) -> None:
    if all(end <= other or start >= until for other, until, _ in spots):
        spots.append((start, end, name.casefold()))


def _place(text: str, start: int, end: int, spots: list[tuple[int, int, str]]) -> str:
    """The place something is said of: the one after "in", else the one before; "" for none.

    Of two places at once it is both, which is neither.
    """
    earlier = [at for at, spot in enumerate(spots) if spot[1] <= start]
    later = [at for at, spot in enumerate(spots) if spot[0] >= end]
    before = _joined(text, spots, earlier[-1], -1) if earlier else ""
    if not later or not LINK.fullmatch(text[end : spots[later[0]][0]]):
        return before
    after = _joined(text, spots, later[0], 1)
    headed = bool(earlier) and HEADS.fullmatch(text[spots[earlier[-1]][1] : start])
    return after if not headed or before == after else f"{before}, {after}"


def _joined(text: str, spots: list[tuple[int, int, str]], at: int, step: int) -> str:
    """The name at a spot, with those that “and” joins to it without a number between."""
    names = [spots[at][2]]
    while 0 <= at + step < len(spots):
        one, other = sorted((spots[at], spots[at + step]))
        joins = JOINS_BEFORE if step < 0 else JOINS_AFTER
        if not joins.fullmatch(text[one[1] : other[0]]):
            break
        at += step
        names.append(spots[at][2])
    return ", ".join(sorted(names))


def _number(text: str, found: re.Match[str], spots: list[tuple[int, int, str]]) -> Number:
    value = found["value"]
    if GROUPED.fullmatch(value):
        value = re.sub(r"[,\s]", "", value)
    word = (found["unit"] or "").strip().casefold()
    unit = words.UNITS.get(word, "")
    told = f"{found['sign'] or ''}{found['money'] or ''}{value}"
    if not unit and not found["sign"] and not found["money"] and _year(text, found, word):
        return Number("", told)
    rate = RATE.match(text[found.end("value") :])
    place = _place(text, found.start(), found.end("value"), spots)
    return Number(place, told, unit, rate[1] if rate else "")


def _year(text: str, found: re.Match[str], after: str) -> bool:
    """Whether a number is a year: it looks like one and does not stand as a count."""
    if not YEAR.fullmatch(found["value"]) or after in words.COUNTED:
        return False
    before = text[: found.start("value")].rstrip()
    last = WORD.findall(before)
    if not before or before[-1] in "-–—,(:;/0123456789":
        return True
    return bool(last) and last[-1].casefold() in words.BEFORE_YEAR
