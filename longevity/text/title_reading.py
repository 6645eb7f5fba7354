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
    def text(self) -> str:
        """Return the number as a sentence names it."""
        unit = "" if not self.unit else f" {self.unit}"
        return f"{self.value}{unit} ({self.place.title()})" if self.place else f"{self.value}{unit}"


@dataclass
class TitleContent:
    """What a title says; `capitals` are further words in capitals, `denials` what “no” denies."""

    names: set[str] = field(default_factory=set)
    capitals: set[str] = field(default_factory=set)
    numbers: set[Number] = field(default_factory=set)
    number_words: set[tuple[str, str]] = field(default_factory=set)
    denials: set[tuple[str, str]] = field(default_factory=set)
    kinds: dict[str, words.WordPlaces] = field(default_factory=dict)


def tidy_text(text: str) -> str:
    """Return one line, without signs that cannot be seen or that turn the text round."""
    flat = unicodedata.normalize("NFKC", text).replace("−", "-").replace("’", "'")
    visible = "".join(
        " " if sign.isspace() else sign
        for sign in flat
        if sign.isspace() or unicodedata.category(sign)[0] != "C"
    )
    return " ".join(visible.split())


def read_title(text: str, places: Sequence[str]) -> TitleContent:
    """Read what a title says, where `places` are names known to be such."""
    flat = re.sub(r"n't\b", " not", tidy_text(text))
    flat = re.sub(r"\bper cent\b", "%", flat)
    places_found = _find_places(flat, places)
    content = TitleContent(names={name for _, _, name in places_found})
    content.capitals = {match.casefold() for match in WORD.findall(flat) if match[:1].isupper()}
    for match in NUMBER.finditer(flat):
        content.numbers.add(_read_number(flat, match, places_found))
    words_in_order = [(match[0].casefold(), match) for match in WORD.finditer(flat)]
    for at, (word, match) in enumerate(words_in_order):
        after = words_in_order[at + 1][0] if at + 1 < len(words_in_order) else ""
        if any(start <= match.start() < end for start, end, _ in places_found):
            continue
        if word in words.NUMBER_WORDS:
            content.number_words.add((word, after))
        kind = words.find_kind(word)
        if kind == words.DENIAL:
            content.denials.add((word, after))
        if kind:
            place = _find_place_of(flat, match.start(), match.end(), places_found)
            content.kinds.setdefault(kind, {}).setdefault(word, set()).add(place)
    return content


def _find_places(text: str, places: Sequence[str]) -> list[tuple[int, int, str]]:
    """Return where each name begins and ends, and the name in small letters; in order."""
    spots: list[tuple[int, int, str]] = []
    for name in sorted({tidy_text(one) for one in places if one.strip()}, key=len, reverse=True):
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
            _add_place(spots, match.start(), match.end(), name)
    for match in CAPITALS.finditer(text):
        start, run = match.start(), match[0]
        first = run.split()[0]
        if first.casefold() in words.SMALL and run != first:
            # "In Old Town", where a sentence begins.
            start, run = start + len(first) + 1, run[len(first) + 1 :]
        words_of_run = [word.casefold() for word in WORD.findall(run)]
        begins = start == 0 or text[:start].rstrip().endswith((".", "!", "?", "–", "—"))
        alone = begins and len(words_of_run) == 1 and not FIGURE.match(text[start + len(run) :])
        alone = alone or words_of_run[0] in words.COUNT_WORDS
        if not alone and not any(
            word in words.NO_NAMES or words.find_kind(word) for word in words_of_run
        ):
            _add_place(spots, start, start + len(run), run)
    return sorted(spots)


def _add_place(spots: list[tuple[int, int, str]], start: int, end: int, name: str) -> None:
    if all(end <= other or start >= until for other, until, _ in spots):
        spots.append((start, end, name.casefold()))


def _find_place_of(text: str, start: int, end: int, spots: list[tuple[int, int, str]]) -> str:
    """Return the place something is said of: the one after "in", else the one before; "" for none.

    Of two places at once it is both, which is neither.
    """
    earlier = [at for at, spot in enumerate(spots) if spot[1] <= start]
    later = [at for at, spot in enumerate(spots) if spot[0] >= end]
    before = _join_names(text, spots, earlier[-1], -1) if earlier else ""
    if not later or not LINK.fullmatch(text[end : spots[later[0]][0]]):
        return before
    after = _join_names(text, spots, later[0], 1)
    headed = bool(earlier) and HEADS.fullmatch(text[spots[earlier[-1]][1] : start])
    return after if not headed or before == after else f"{before}, {after}"


def _join_names(text: str, spots: list[tuple[int, int, str]], at: int, step: int) -> str:
    """Return the name at a spot, with those that “and” joins to it without a number between."""
    names = [spots[at][2]]
    while 0 <= at + step < len(spots):
        one, other = sorted((spots[at], spots[at + step]))
        joins = JOINS_BEFORE if step < 0 else JOINS_AFTER
        if not joins.fullmatch(text[one[1] : other[0]]):
            break
        at += step
        names.append(spots[at][2])
    return ", ".join(sorted(names))


def _read_number(text: str, match: re.Match[str], spots: list[tuple[int, int, str]]) -> Number:
    value = match["value"]
    if GROUPED.fullmatch(value):
        value = re.sub(r"[,\s]", "", value)
    word = (match["unit"] or "").strip().casefold()
    unit = words.UNITS.get(word, "")
    number = f"{match['sign'] or ''}{match['money'] or ''}{value}"
    if not unit and not match["sign"] and not match["money"] and _is_year(text, match, word):
        return Number("", number)
    rate = RATE.match(text[match.end("value") :])
    place = _find_place_of(text, match.start(), match.end("value"), spots)
    return Number(place, number, unit, rate[1] if rate else "")


def _is_year(text: str, match: re.Match[str], after: str) -> bool:
    """Return whether a number is a year: it looks like one and does not stand as a count."""
    if not YEAR.fullmatch(match["value"]) or after in words.COUNT_WORDS:
        return False
    before = text[: match.start("value")].rstrip()
    last = WORD.findall(before)
    if not before or before[-1] in "-–—,(:;/0123456789":
        return True
    return bool(last) and last[-1].casefold() in words.BEFORE_YEAR
