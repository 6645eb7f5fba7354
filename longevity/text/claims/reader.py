"""A text that fills a form: what it says of each part, and what it leaves to be chosen.

The phrases of a text make a word of letters, one a phrase (`phrases.toml`). Where no rule there
speaks against their order, each part is filled; else what was understood is filled all the same,
and what was not is marked, never guessed. Parts joined by "and" are a claim each.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from longevity.findings.finding import TOGETHER
from longevity.text.claims.form import (
    PARTS,
    ClaimForm,
    Names,
    complete_form,
    find_conflict,
    parse_part,
)
from longevity.text.wording import join_words

DATA = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8"))
WHY: Mapping[str, str] = DATA["refusals"]
NUMBERS: Mapping[str, int] = {word: at for at, word in enumerate(DATA["numbers"])} | DATA["tens"]
RULES: list[list[str]] = [
    line.split(" | ") for line in DATA["rules"]["table"].replace("| |", "|  |").splitlines()
]
PHRASES = [line.partition(" | ") for line in DATA["phrases"]["table"].splitlines()]
LONGEST = 300
MOST_WORDS = 3  # of those not understood that are named
PLACE, SAID = "Pstea", "DdiSVCELHQ0"


class Item(NamedTuple):
    """One phrase: its part in the sentence and the code of what it says."""

    letter: str
    code: str = ""
    text: str = ""


@dataclass(frozen=True)
class Reading:
    """What a text says: the code of each part it fills, and `why` it is no claim yet.

    `marked`: the text with what was not read in brackets.
    """

    codes: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    form: ClaimForm | None = None
    marked: str = ""

    @property
    def open_parts(self) -> tuple[str, ...]:
        """Return the parts to be chosen; of a text that was understood none is."""
        return tuple(part for part in PARTS if part not in self.codes) if self.why else ()


def read_text(text: str, names: Names, default: str | None = None) -> Reading:
    """Read the claim a text makes. `default`: the place, by its code, where it names none."""
    if len(text) > LONGEST:
        return Reading({}, f"{WHY['TOO_LONG']} It may have {LONGEST} signs.")
    plain = normalise_text(text)
    if not re.search(r"\w", plain):
        return Reading({}, WHY["EMPTY"])
    items = [*_find_items(plain.rstrip(" .!?"), names)]
    unread = [item for item in items if item.letter in "?U"]
    halves = [_settle(half) for half in _split([item for item in items if item.letter != "F"])]
    filled = [
        codes | {"what": what} if what else codes
        for half in halves
        for codes in [_fill(half)]
        for what in codes.get("what", "").split("&")
    ]
    parts = [{p: parse_part(p, code, names) for p, code in codes.items()} for codes in filled]
    known = {part: code for part, code in filled[0].items() if parts[0][part] is not None}
    asks = "?" in plain or re.match(DATA["asks"], plain)
    why = WHY["QUESTION"] if asks else _explain_unread(unread, names)
    why = why or next((WHY[name] for half in halves if (name := _find_rule(half))), "")
    if not why and len(known) < len(filled[0]):
        wrong = join_words([code for part, code in filled[0].items() if part not in known])
        why = f"It does not understand “{wrong}”."
    form = None
    if not why:
        where = default or (TOGETHER if len(names.cities) > 1 else next(iter(names.cities)))
        first, *also = (complete_form(each, where) for each in parts)
        why = next(filter(None, map(find_conflict, (first, *also))), "")
        form = None if why else replace(first, also=tuple(also))
    return Reading(known, why, form, _mark(text, unread))


def normalise_text(text: str) -> str:
    """Write a text in lower case, with single spaces, no contractions and no hyphen in a word."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    for signs, plain_sign in (("‐‑‒–—―−", "-"), ("‘’ʼ`´", "'"), ("“”„«»", '"')):
        plain = plain.translate(dict.fromkeys(map(ord, signs), plain_sign))
    plain = plain.replace("won't", "will not").replace("can't", "cannot").replace("n't", " not")
    plain = re.sub(r"(?<=[a-z])-(?=[a-z])|(?<=[0-9])-(?=[a-z])", " ", plain)
    return re.sub(r"\s+", " ", plain).strip()


def _find_items(text: str, names: Names) -> Iterator[Item]:
    """Yield a normalised text's phrases, the longest first; an unknown word is an Item("?")."""
    at = 0
    while at < len(text):
        found = [(m, said) for pattern, said in _compile(names) if (m := pattern.match(text, at))]
        if text[at] in " ,\":'()":
            at += 1
        elif not found:
            word = re.split(r"[\s,]", text[at:], maxsplit=1)[0]
            yield Item("?", "", word)
            at += len(word)
        else:
            # Of the longest, the first named: a measure or a place before a refusal.
            match, said = max(found, key=lambda one: one[0].end())
            groups = _format_groups(match)
            for meaning in said.split(", "):
                letter, _, code = meaning.partition(" ")
                yield Item(letter, code.format_map(groups), match.group())
            at = match.end()


def _format_groups(match: re.Match[str]) -> dict[str, str]:
    """Return what a pattern found as a form writes it; what it did not find is the usual."""
    groups = {name: text for name, text in match.groupdict().items() if text}
    year = groups.get("year") or groups.get("relative") or groups.get("then") or "this"
    result = {"bound": "", "about": "about ", "year": year, "day": "01", "year2": year}
    for name, text in groups.items():
        value = text.replace("fall", "autumn")
        if name in ("number", "n", "whole", "start"):
            value = str(NUMBERS.get(text, text.replace(",", "")))
        elif name in ("month", "until"):
            value = f"{DATA['months'].index(text) + 1:02}"
        elif name in ("day", "last"):
            value = text.zfill(2)
        elif name == "bound":
            bounds = DATA["bounds"].items()
            value = next(f"{bound} " for bound, words in bounds if text in words.split("|"))
            result["about"] = value
        elif name == "order":
            value = str(DATA["order"].index(text) + 1)
        result["number" if name == "n" else name] = value
    result.setdefault("until", result.get("month", ""))
    return result | {"months": result.get("number", "").zfill(2)}


def _compile(names: Names) -> list[tuple[re.Pattern[str], str]]:
    of_areas: dict[str, list[str]] = {}
    for code, name in names.areas.items():
        of_areas.setdefault(name, []).append(code)
    places = [(code, name) for code, name in names.cities.items()]
    areas = [("|".join(codes), name) for name, codes in of_areas.items()]
    return _compile_phrases(
        tuple(places), tuple(areas), names.state, names.program, names.met_hours
    )


Pairs = tuple[tuple[str, str], ...]


@lru_cache(maxsize=8)
def _compile_phrases(
    cities: Pairs, areas: Pairs, state: str, program: str, met_hours: int
) -> list[tuple[re.Pattern[str], str]]:
    """Compile the phrases of the file, with these names of places and program put in."""
    words = {str(number): word for word, number in NUMBERS.items()}
    count, (days, rest) = str(len(cities)), divmod(met_hours, 24)
    met = f"in time|within {met_hours} hours"
    if not rest:
        met += f"|within (?:{days}|{words.get(str(days))}) day{'s' * (days != 1)}"
    named = {name: re.escape(normalise_text(name)) for _, name in (*cities, *areas)}
    parts = DATA["parts"] | {
        "BOUNDS": "|".join(DATA["bounds"].values()),
        "WORDS": "|".join(sorted(NUMBERS, key=len, reverse=True)),
        "MONTHS": "|".join(DATA["months"]),
        "PLACES": "|".join(named.values()),
        "CITIES": f"(?:{words.get(count, count)}|{count})",
        "STATE": re.escape(normalise_text(state)),
        "MET_WITHIN": f"(?:{met})",
        "PROGRAM": f"(?:the )?(?:program|programme|{re.escape(normalise_text(program))})",
    }
    table = [(f"P {code}", parts["CITY"].replace("<NAME>", named[name])) for code, name in cities]
    table += [(f"P {code}", parts["AREA"].replace("<NAME>", named[name])) for code, name in areas]
    for said, bar, pattern in PHRASES:
        # A time on the calendar is also what another is compared with.
        both = [("T", "<IN>"), ("B", "<THAN>")] if said.startswith("TB ") else []
        table += [(letter + said[2:], f"{joint}(?:{pattern})") for letter, joint in both]
        table += [(said, pattern)] if bar and said[0] != "#" and not both else []
    return [(_fill_pattern(pattern, parts), said) for said, pattern in table]


def _fill_pattern(pattern: str, parts: Mapping[str, str]) -> re.Pattern[str]:
    """Compile a phrase: it ends where a word or number ends, not inside 1e400 or 40.5."""
    while (filled := re.sub("<([A-Z_]+)>", lambda name: parts[name[1]], pattern)) != pattern:
        pattern = filled
    return re.compile(rf"(?:{pattern})(?![\w%]|[.,][0-9])")


def _explain_unread(unread: Sequence[Item], names: Names) -> str:
    """Say what was not read, with the nearest name of a place; a reason why comes first."""
    reasons = [WHY[item.code] for item in unread if item.letter == "U"]
    words = [item.text for item in unread]
    if reasons or not words:
        return reasons[0] if reasons else ""
    quoted = [f"“{word[:30]}{'…' * (len(word) > 30)}”" for word in words[:MOST_WORDS]]
    more = [f"{len(words) - MOST_WORDS} more"] if len(words) > MOST_WORDS else []
    places = {normalise_text(n): n for n in (*names.cities.values(), *names.areas.values())}
    near = [places[n] for w in words for n in difflib.get_close_matches(w, places, 1, 0.75)]
    meant = f" Do you mean {near[0]}?" if near else ""
    return f"It does not understand {join_words(quoted + more)}.{meant}"


def _mark(text: str, unread: Sequence[Item]) -> str:
    """Put what was not read into brackets."""
    for phrase in dict.fromkeys(item.text for item in unread if item.text):
        pattern = r"[\s-]+".join(map(re.escape, phrase.split()))
        text = re.sub(rf"(?<!\w){pattern}(?!\w)", lambda m: f"[{m[0]}]", text, flags=re.IGNORECASE)
    return text


def _join_letters(items: Sequence[Item]) -> str:
    return "".join("?" if "|" in item.code else item.letter for item in items)


def _find_rule(items: Sequence[Item]) -> str:
    """Return the name of the first rule that speaks against an order of letters, if any."""
    letters = _join_letters(items)
    for name, without, pattern in RULES:
        if re.search(
            pattern, re.sub(f"[{without.strip()}]" if without.strip() else "$^", "", letters)
        ):
            return name
    same = "X" in letters and len({item.code for item in items if item.letter == "P"}) < 2
    return "TWO_PLACES" if same else ""


def _split(items: Sequence[Item]) -> list[list[Item]]:
    """Cut at "and", and give each half what it takes from the other; else leave the whole."""
    halves: list[list[Item]] = [[]]
    for item in items:
        halves = [*halves, []] if item.letter == "&" else [*halves[:-1], [*halves[-1], item]]
    first, *rest = halves
    if rest and set(_join_letters(first)) <= {*"MPste"} and "M" in _join_letters(rest[0]):
        # "Shootings and homicides are down": the first takes what is said of the second.
        own = PLACE if set(_join_letters(first)) & {*PLACE} else ""
        first = [*first, *(item for item in rest[0] if item.letter not in f"M{own}")]
    if not all(set(_join_letters(half)) & {*SAID} for half in (first, *rest)):
        return [[*items]]
    result = [first]
    for half in rest:
        own = _join_letters(half)
        own += PLACE * bool(set(own) & {*PLACE}) + "BbRWA" * bool(set(own) & {*"BbRWAS"})
        late = (
            [Item("!")]
            if set(own) & {*"TyBbRWAJZ"} - {*_join_letters(first)} & set(_join_letters(half))
            else []
        )
        taken = [
            item for item in first if item.letter in "MmTyBbRWAPstea" and item.letter not in own
        ]
        result.append([*taken, *half, *late])
    return result


def _settle(items: list[Item]) -> list[Item]:
    """Settle what two phrases mean together.

    "The Hill in East" is one place; who died, of no others, a measure; "no one … in three years"
    is of that time.
    """
    letters = _join_letters(items)
    cities = {item.code for item in items if item.letter == "P"}
    result: list[Item] = []
    for item in items:
        letter, code = item.letter, item.code
        here = [area for area in code.split("|") if area.partition("/")[0] in cities]
        if letter == "P" and "/" in code and len(here) == 1:
            code = here[0]
        elif letter == "Y" and "M" not in letters:
            letter = "M"
        elif letter == "R" and "0" in letters and code[0] in "yl":
            years = re.sub("years-(.*)", lambda found: f"last-{12 * int(found[1])}-months", code)
            letter, code = "T", years
        if letter != "M" or ("M", code) not in [one[:2] for one in result]:
            result.append(Item(letter, code, item.text))
    own = {item.code.partition("/")[0] for item in result if "/" in item.code}
    return [item for item in result if item.letter != "P" or item.code not in own]


def _fill(items: Sequence[Item]) -> dict[str, str]:
    """Return the code of each part, as far as it is said once."""
    values: dict[str, list[str]] = {}
    for item in items:
        values.setdefault(item.letter, []).append(item.code)
    one = {letter: codes[0] for letter, codes in values.items() if len(set(codes)) == 1}

    def find(letters: str) -> str:
        return next((one[letter] for letter in letters if letter in one), "")

    places = [*dict.fromkeys(i.code for i in items if i.letter in PLACE and "|" not in i.code)]
    way, size = find("SDdiQ"), find("VCELH0")
    where, what, base = places[0] if len(places) == 1 else "", find("Mm"), find("AZWRBb")
    if "A" in one:
        way = {"down": "lowest", "up": "highest"}.get(way, way)
    elif way in ("lowest", "highest"):
        base = base.replace("year-", "since-").replace("last-year", "years-1")
    elif "X" in values and len(places) == 2:
        where, base = places[0], f"{'rate' if 'K' in values else 'than'}:{places[1]}"
    elif "V" in one or "H" in one:
        wholes = [code for letter in "st" for code in values.get(letter, [])]
        if "Y" in one:
            what, base = one["Y"].replace("homicides", "fatal"), "of:victims"
        elif wholes and len(places) == 2 and not way:
            where = next(place for place in places if place != wholes[0])
            base = "state" if "s" in one else f"of:{wholes[0]}"
    elif "L" in one and not base:
        base = "last-year"  # to come from a number: of a year ago
    marks = [one[mark] for mark in "NG" if mark in one and way]
    said = [*marks, way, "" if "S" in one else size]
    is_open = not way and size.startswith(("to", "from"))
    codes = {
        "what": what or ("victims" if "Q" in one else ""),
        "where": where,
        "when": "/".join(filter(None, [find("Ty") or ("J" in one) * "ytd", find("J")])),
        "against": base,
        "says": "" if is_open else " ".join(filter(None, said)),
    }
    return {part: code for part, code in codes.items() if code}
