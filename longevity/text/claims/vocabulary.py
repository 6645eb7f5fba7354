"""The phrases a sentence is made of, and how a form writes what each says: `phrases.txt`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from longevity.text.claims.form import Bound, Names

FILE = Path(__file__).with_name("phrases.txt")
# fmt: off
WORDS = {word: str(value) for value, word in enumerate((
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", "twenty",
))} | {"a hundred": "100", "hundred": "100", "a dozen": "12", "thirty": "30", "forty": "40",
       "fifty": "50"}
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)
# fmt: on
ORDER = ("first", "second", "third", "fourth")
BOUNDS = {
    Bound.ABOUT: "about|around|roughly|approximately|some",
    Bound.NEARLY: "nearly|almost|close to",
    Bound.OVER: "more than|over|greater than|above",
    Bound.UNDER: "less than|fewer than|under|below",
    Bound.AT_LEAST: "at least|no fewer than|no less than|not less than|not fewer than",
    Bound.AT_MOST: "at most|up to|no more than|not more than",
}
_ANY = (
    f"(?:{'|'.join(sorted(WORDS, key=len, reverse=True))}|"
    r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(?:\.[0-9]{1,3})?)"
)
_LAST = "(?:last |past |previous |prior )?"
# What <NAME> stands for in a pattern, in the order in which they are put in.
PARTS_OF_PATTERNS = {
    "BEGAN": "(?:<PROGRAM>(?:'s)? (?:was )?(?:began|begun|started|launched|existed)|"
    "(?:the )?(?:launch|start|beginning)(?: of <PROGRAM>)?)",
    "MEAN": f"(?:the |its )?(?:{_LAST}<NUMBER> year (?:average|mean)|"
    "(?:average|mean) (?:of|over) the (?:last|past|previous) (?P<n><COUNT>) years)",
    "OF_YEAR": "(?:,| of| in)? (?:(?P<year><YEAR>)|(?P<relative>this|last) year)",
    "THAN": "(?:since|than in|than|compared (?:with|to)|in comparison (?:with|to)|against|versus|"
    r"vs\.?|from|over|on|relative to|as in|as) (?:in |that of |those of |those in )?",
    "SAME_DAYS": "(?:(?:the )?same (?:days|period|time|point)(?: (?:of|in))? )?",
    "IN": "(?:in |during |for |of |over |within )?",
    "INTO": "(?:(?:(?:with)?in|for|across|throughout) )?",
    "OVER": "(?:in|over|for|of) (?:the )?(?:(?:last|past) )?",
    "BOUND": f"(?:(?P<bound>{'|'.join(BOUNDS.values())}) )?",
    "NUMBER": "(?P<number><COUNT>)",
    # Four digits that begin so are a year, never a count; before a percent sign they are no year.
    "COUNT": f"(?:(?!<YEAR>(?![0-9,.])){_ANY})",
    "ANY": _ANY,
    "YEAR": "(?:19|20)[0-9]{2}",
    "MONTH": "|".join(MONTHS),
}


@dataclass(frozen=True)
class Item:
    """One phrase: its part in the sentence and the code of what it says."""

    letter: str
    code: str = ""
    text: str = ""


def normalise_text(text: str) -> str:
    """Write a text in lower case, with single spaces, no contractions and no hyphen in a word."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    for signs, plain_sign in (("‐‑‒–—―−", "-"), ("‘’ʼ`´", "'"), ("“”„«»", '"')):
        plain = plain.translate(dict.fromkeys(map(ord, signs), plain_sign))
    plain = plain.replace("won't", "will not").replace("can't", "cannot").replace("n't", " not")
    plain = re.sub(r"(?<=[a-z])-(?=[a-z])|(?<=[0-9])-(?=[a-z])", " ", plain)
    return re.sub(r"\s+", " ", plain).strip()


def find_items(text: str, names: Names) -> Iterator[Item]:
    """Yield a normalised text's phrases, the longest first; an unknown word is an Item("?")."""
    phrases = _compile_phrases(
        tuple(names.cities.items()),
        tuple(names.areas.items()),
        names.state,
        names.program,
        names.met_within,
    )
    at = 0
    while at < len(text):
        if text[at] in " ,\":'()":
            at += 1
            continue
        matches = [(match, one) for one in phrases if (match := one.pattern.match(text, at))]
        if not matches:
            word = re.split(r"[\s,]", text[at:], maxsplit=1)[0]
            yield Item("?", "", word)
            at += len(word)
            continue
        # Of the longest, the first named: a measure or a place before a refusal.
        match, phrase = max(matches, key=lambda one: one[0].end())
        groups = _format_groups(match)
        for letter, code in phrase.meanings:
            yield Item(letter, code.format_map(groups), match.group())
        at = match.end()


def _format_groups(match: re.Match[str]) -> dict[str, str]:
    """Return what a pattern found as a form writes it; what it did not find is the usual."""
    groups = {name: text for name, text in match.groupdict().items() if text}
    year = groups.get("year") or groups.get("relative") or groups.get("then") or "this"
    result = {"bound": "", "about": "about ", "year": year, "day": "01", "year2": year}
    for name, text in groups.items():
        if name in ("number", "n", "whole", "start"):
            result["number" if name == "n" else name] = WORDS.get(text, text.replace(",", ""))
        elif name in ("month", "until"):
            result[name] = f"{MONTHS.index(text) + 1:02}"
        elif name in ("day", "last"):
            result[name] = text.zfill(2)
        elif name == "bound":
            said = next(key for key, words in BOUNDS.items() if text in words.split("|"))
            result["bound"] = result["about"] = f"{said} "
        elif name == "order":
            result[name] = str(ORDER.index(text) + 1)
        else:
            result[name] = text.replace("fall", "autumn")
    result.setdefault("until", result.get("month", ""))
    result["months"] = result.get("number", "").zfill(2)
    return result


@dataclass(frozen=True)
class Phrase:
    """A pattern, and the letter and code of each part that it says."""

    pattern: re.Pattern[str]
    meanings: tuple[tuple[str, str], ...]


Pairs = tuple[tuple[str, str], ...]


@lru_cache(maxsize=8)
def _compile_phrases(
    cities: Pairs, areas: Pairs, state: str, program: str, met_within: tuple[str, ...]
) -> tuple[Phrase, ...]:
    """Compile the phrases of the file, with these names of places and program put in."""
    of_count = {number: word for word, number in WORDS.items()}
    count = of_count.get(str(len(cities)), str(len(cities)))
    names = {
        "PLACES": "|".join(re.escape(normalise_text(name)) for _, name in (*cities, *areas)),
        "CITIES": f"(?:{count}|{len(cities)})",
        "STATE": re.escape(normalise_text(state)),
        "MET_WITHIN": f"(?:{'|'.join(map(re.escape, ('in time', *met_within)))})",
        "PROGRAM": f"(?:the )?(?:program|programme|{re.escape(normalise_text(program))})",
    }
    lines = FILE.read_text(encoding="utf-8").splitlines()
    written = [line.partition(" | ") for line in lines if line and line[0] != "#"]
    of_places = [(f"P {code}", _match_city(name)) for code, name in cities]
    by_name: dict[str, list[str]] = {}
    for code, name in areas:
        by_name.setdefault(name, []).append(code)
    of_places += [(f"P {'|'.join(codes)}", _match_area(name)) for name, codes in by_name.items()]
    return tuple(
        _compile_phrase(meaning, pattern, PARTS_OF_PATTERNS | names)
        for said, of_form in [*of_places, *((each[0], each[2]) for each in written)]
        for meaning, pattern in _spread(said, of_form)
    )


def _match_city(name: str) -> str:
    return f"<INTO>{re.escape(normalise_text(name))}(?:, <STATE>)?(?:'s?)?"


def _match_area(name: str) -> str:
    return f"<INTO>(?:the )?{re.escape(normalise_text(name))}(?: (?:neighbou?rhood|area))?(?:'s)?"


def _spread(meaning: str, pattern: str) -> Iterator[tuple[str, str]]:
    """Yield a phrase, and a time on the calendar as two: when, and than when."""
    if not meaning.startswith("TB "):
        yield meaning, pattern
        return
    yield meaning.replace("TB", "T", 1), f"<IN>(?:{pattern})"
    yield meaning.replace("TB", "B", 1), f"<THAN>(?:{pattern})"


def _compile_phrase(meaning: str, pattern: str, parts: Mapping[str, str]) -> Phrase:
    """Compile one phrase: it ends where a word or number ends, not inside 1e400 or 40.5."""
    for name, text in (*parts.items(), *parts.items()):
        pattern = pattern.replace(f"<{name}>", text)
    meanings = tuple(
        (letter, code) for letter, _, code in (one.partition(" ") for one in meaning.split(", "))
    )
    return Phrase(re.compile(rf"(?:{pattern})(?![\w%]|[.,][0-9])"), meanings)
