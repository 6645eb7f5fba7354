"""Reads a claim that is written as a sentence: it fills a form, or says why it cannot.

`phrases.toml` has the phrases and what each says. Every word must have a meaning, and no part may
be said twice; else what was understood is kept, the rest is named, and nothing is guessed.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from longevity.claims.form import PARTS, RANKS, ClaimForm, Names, complete_form, parse_part
from longevity.facts.counted import COUNTED
from longevity.findings.finding import TOGETHER
from longevity.words.wording import join_words

DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text("utf-8"))
WHY: Mapping[str, str] = DATA["refusals"]
WORDS: Mapping[str, Mapping[str, str]] = DATA["words"]
CODES = {word: code for words in WORDS.values() for word, code in words.items()}
PHRASES = [
    *([f"what {name}", count.claimed] for name, count in COUNTED.items()),
    *(line.split(" | ", 1) for line in DATA["phrases"]["table"].splitlines() if " | " in line),
]
LONGEST = 300
UNKNOWN = "unknown"
NEEDED = {"what": "NO_MEASURE", "says": "NO_STATEMENT"}  # what a claim cannot be without


class Phrase(NamedTuple):
    """A phrase: the part it fills, the code it fills in, its words: when, ytd, "this year"."""

    part: str
    code: str
    words: str


@dataclass(frozen=True)
class Reading:
    """What a text says, a code by part: `{"when": "ytd"}`; the form, or `why` it is none yet."""

    codes: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    form: ClaimForm | None = None
    text: str = ""


def read_text(text: str, names: Names, default: str | None = None) -> Reading:
    """Read the claim a text makes. `default`: the place, by its code, where it names none."""
    plain = normalise_text(text)
    if len(text) > LONGEST or not re.search(r"\w", plain):
        return Reading(why=WHY["TOO_LONG" if len(text) > LONGEST else "EMPTY"], text=text)
    said: dict[str, list[Phrase]] = {}
    for phrase in _find_phrases(plain, names):
        said.setdefault(phrase.part, []).append(phrase)
    codes = {part: said[part][0].code for part in PARTS if len(said.get(part, ())) == 1}
    # "The highest since 2019" is of all years from it on, not against that year alone.
    if codes.get("says") in RANKS and "against" in codes:
        codes["against"] = codes["against"].replace("year:", "since:")
    if why := _explain_refusal(plain, said):
        return Reading(codes, why=why, form=None, text=text)
    parts = {part: parse_part(part, code, names) for part, code in codes.items()}
    return Reading(codes, why="", form=complete_form(parts, default or TOGETHER), text=text)


def _explain_refusal(plain: str, said: Mapping[str, Sequence[Phrase]]) -> str:
    """Say why a text makes no claim: the first reason of several, or "".

    `said`: the phrases found, by part, with those that are `refused` or of no meaning.
    """
    if "?" in plain or re.match(DATA["asks"], plain):
        return WHY["QUESTION"]
    for phrase in said.get("refused", ()):
        return WHY[phrase.code].format(words=phrase.words)
    if UNKNOWN in said:
        words = [phrase.words for phrase in said[UNKNOWN]]
        quoted = [f"“{word[:30]}{'…' * (len(word) > 30)}”" for word in words[:3]]
        return WHY["UNREAD"].format(words=join_words(quoted))
    for part in PARTS:
        if len(said.get(part, ())) > 1:
            quoted = [f"“{phrase.words.strip()}”" for phrase in said[part]]
            return WHY["TWICE"].format(words=join_words(quoted))
    return next((WHY[why] for part, why in NEEDED.items() if part not in said), "")


def normalise_text(text: str) -> str:
    """Write a text in lower case, with single spaces, no contractions, accents or hyphens."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(sign for sign in parts if not unicodedata.combining(sign))
    for signs, plain_sign in (("‐‑‒–—―−", "-"), ("‘’ʼ`´", "'"), ("“”„«»", '"')):
        plain = re.sub(f"[{signs}]", plain_sign, plain)
    plain = plain.replace("won't", "will not").replace("can't", "cannot").replace("n't", " not")
    return re.sub(r"(?<=[a-z0-9])-(?=[a-z])|\s+", " ", plain).strip()


def _find_phrases(text: str, names: Names) -> Iterator[Phrase]:
    """Yield the phrases of a normalised text, from its start, each as long as can be.

    A word that begins none is a phrase of the part UNKNOWN.
    """
    places, at = _name_places(names), 0
    patterns = [*_compile_phrases(names, places)]
    while text[at:].strip(" .!?"):
        if text[at] in " ,\":'()":
            at += 1
            continue
        found = [(match, says) for pattern, says in patterns if (match := pattern.match(text, at))]
        if not found:
            word = re.split(r"[\s,]", text[at:], maxsplit=1)[0]
            yield Phrase(UNKNOWN, code="", words=word)
            at += len(word)
            continue
        # Of the longest, the first named: a measure or a place before a refusal.
        match, says = max(found, key=lambda phrase: phrase[0].end())
        at = match.end()
        yield from _read_phrase(match, says, names, places)


def _read_phrase(
    match: re.Match[str], says: str, names: Names, places: Mapping[str, Mapping[str, str]]
) -> Iterator[Phrase]:
    """Yield what a phrase of the text says, a Phrase for each part of the form.

    "up by 1,200" is found by a pattern that says `says up {bound}{number}{percent}`: the part is
    `says`, the code `up 1200`.
    """
    # As codes of a form: of "three" 3, of "may" 05, of "mill" its name; of "1,200" 1200.
    values = {
        name: places.get(name, CODES).get(words, words.replace(",", ""))
        for name, words in match.groupdict().items()
        if words
    }
    usual = {  # what a phrase's code says where its pattern found nothing
        "bound": "",
        "percent": "",
        "about": values.get("bound", "about "),  # "halved" means about a half
        "until": values.get("month"),
        "since": values.get("year"),
    }
    for meaning in says.split(", "):
        part, _, code = meaning.partition(" ")
        code = code.format_map(usual | values)
        # February 30 is no time, and nothing is guessed in its place.
        is_known = part not in PARTS or parse_part(part, code, names) is not None
        yield Phrase(part if is_known else UNKNOWN, code=code, words=match.group())


def _name_places(names: Names) -> dict[str, dict[str, str]]:
    """Return what places are called, in lower case, and the codes they mean, by kind of place.

    `{"city": {"east": "east"}, "area": {"mill": "Mill"}, "only": {"mill": "east/mill"}}`: an `area`
    is named with its city, one that no other city has (`only`) may be named by itself, and a
    `shared` one may not.
    """
    areas = [normalise_text(name) for name in names.areas.values()]
    codes = [(normalise_text(name), code) for code, name in names.areas.items()]
    return {
        "city": {normalise_text(name): code for code, name in names.cities.items()},
        "area": dict(zip(areas, names.areas.values(), strict=True)),
        "only": {name: code for name, code in codes if areas.count(name) == 1},
        "shared": {name: code for name, code in codes if areas.count(name) > 1},
    }


def _compile_phrases(
    names: Names, places: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[re.Pattern[str], str]]:
    """Yield each phrase of the file as a pattern, with what it says: `when ytd`.

    A pattern names others, `<MONTH>`, and those of the places and the program, which are put in. A
    time has two patterns, as it may be the claim's own or the one it is held against ("than last
    year").
    """
    count = str(len(names.cities))
    counted = [word for word, number in WORDS["word"].items() if number == count]
    groups = {**WORDS, **places, "until": WORDS["month"]}
    together = normalise_text(f"{join_words([*names.cities.values()])} together")
    parts = DATA["parts"] | {
        **{name.upper(): f"(?P<{name}>{_list_ways(of)})" for name, of in groups.items()},
        "COUNTED": _list_ways(WORDS["word"]),
        "ALL_CITIES": re.escape(together),
        "CITIES": f"(?:{_list_ways([count, *counted])})",
        "PROGRAM": f"(?:the )?(?:program|{re.escape(normalise_text(names.program))})",
    }

    def fill(pattern: str) -> str:
        return re.sub("<([A-Z_]+)>", lambda name: fill(parts[name[1]]), pattern)

    def compile_phrase(pattern: str) -> re.Pattern[str]:
        # A phrase ends where a word or number ends, not inside 1e400 or 40.5.
        return re.compile(rf"(?:{fill(pattern)})(?![\w%]|[.,][0-9])")

    for says, pattern in PHRASES:
        part, _, code = says.partition(" ")
        if part != "time":
            yield compile_phrase(pattern), says
            continue
        yield compile_phrase(f"(?:on |in |during )?(?:{pattern})"), f"when {code}"
        yield compile_phrase(f"<THAN>(?:{pattern})"), f"against {code}"


def _list_ways(words: Collection[str]) -> str:
    """Return the words as a pattern that matches any, the longest first; of none, nothing."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"
