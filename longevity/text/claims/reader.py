"""A text that fills a form: what it says of each part, and what it leaves to be chosen.

The phrases of a text make a word of letters (`phrases.toml`). Where no rule there speaks against
their order the form is whole; else what was understood is filled and the rest is marked, never
guessed. Parts joined by "and" are a claim each.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from longevity.errors import UsageError
from longevity.findings.finding import TOGETHER
from longevity.text.claims.form import ClaimForm, Names, parse_form, parse_part
from longevity.text.wording import join_words

DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text("utf-8"))
WHY: Mapping[str, str] = DATA["refusals"]
WORDS: Mapping[str, Mapping[str, str]] = DATA["words"]
VALUES = {word: code for words in WORDS.values() for word, code in words.items()}
RULES = [[*map(str.strip, line.split("|", 2))] for line in DATA["rules"]["table"].splitlines()]
PHRASES = [line.split(" | ", 1) for line in DATA["phrases"]["table"].splitlines() if " | " in line]
LONGEST = 300
PLACE, TIMES, RANGES = {*"Pstea"}, {*"TyBbRWAJZ"}, {*"BbRWA"}
TAKEN, SAID = {*"Mm"} | TIMES | PLACE, {*"DdiSVCELHQ0"}


class Item(NamedTuple):
    """One phrase: its part in the sentence and the code of what it says."""

    letter: str
    code: str = ""
    text: str = ""


@dataclass(frozen=True)
class Reading:
    """What a text says by part, `why` it is no claim yet, and it with what was not read marked."""

    codes: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    form: ClaimForm | None = None
    marked: str = ""


def read_text(text: str, names: Names, default: str | None = None) -> Reading:
    """Read the claim a text makes. `default`: the place, by its code, where it names none."""
    plain = normalise_text(text)
    if len(text) > LONGEST or not re.search(r"\w", plain):
        return Reading({}, WHY["TOO_LONG" if len(text) > LONGEST else "EMPTY"])
    items = [*_find_items(plain.rstrip(" .!?"), _compile(names))]
    unread = [item for item in items if item.letter in "?U"]
    halves = [_settle(half) for half in _split([item for item in items if item.letter != "F"])]
    filled = [codes for half in halves for codes in _fill(half)]
    known = {p: c for p, c in filled[0].items() if parse_part(p, c, names) is not None}
    is_question = "?" in plain or re.match(DATA["asks"], plain)
    refused = ["QUESTION"] if is_question else [i.code for i in unread if i.letter == "U"]
    why = _explain_unread(unread, names) if unread else ""
    refused += [] if why else [name for half in halves for name in _list_broken_rules(half)]
    why = WHY[refused[0]] if refused else why
    form = None
    try:
        if not why:
            where = default or (TOGETHER if len(names.cities) > 1 else next(iter(names.cities)))
            first, *also = (parse_form(codes, names, where) for codes in filled)
            form = replace(first, also=tuple(also))
    except UsageError as error:
        why = error.what
    return Reading(known, why, form, _mark(text, unread))


def normalise_text(text: str) -> str:
    """Write a text in lower case, with single spaces, no contractions and no hyphen in a word."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    for signs, plain_sign in (("‐‑‒–—―−", "-"), ("‘’ʼ`´", "'"), ("“”„«»", '"')):
        plain = re.sub(f"[{signs}]", plain_sign, plain)
    plain = plain.replace("won't", "will not").replace("can't", "cannot").replace("n't", " not")
    return re.sub(r"(?<=[a-z0-9])-(?=[a-z])|\s+", " ", plain).strip()


def _find_items(text: str, phrases: Sequence[tuple[re.Pattern[str], str]]) -> Iterator[Item]:
    """Yield a normalised text's phrases, the longest first; an unknown word is an Item("?")."""
    at = 0
    while at < len(text):
        found = [(m, said) for pattern, said in phrases if (m := pattern.match(text, at))]
        if text[at] in " ,\":'()":
            at += 1
        elif not found:
            word = re.split(r"[\s,]", text[at:], maxsplit=1)[0]
            yield Item("?", "", word)
            at += len(word)
        else:
            # Of the longest, the first named: a measure or a place before a refusal.
            match, said = max(found, key=lambda one: one[0].end())
            groups = {g: VALUES.get(t, t.replace(",", "")) for g, t in match.groupdict("").items()}
            usual = {"number": groups.get("n", ""), "about": groups.get("bound") or "about "}
            usual |= {"bound": "", "day": "01"}
            usual |= {"year2": groups.get("year", ""), "until": groups.get("month", "")}
            groups = {**usual, **{group: code for group, code in groups.items() if code}}
            for meaning in said.split(", "):
                letter, _, code = meaning.partition(" ")
                yield Item(letter, code.format_map(groups), match.group())
            at = match.end()


def _compile(names: Names) -> list[tuple[re.Pattern[str], str]]:
    """Compile the phrases of the file, with the names of places and program put in."""
    digits = {number: word for word, number in WORDS["word"].items()}
    count, (days, rest) = str(len(names.cities)), divmod(names.met_hours, 24)
    within = [f"{names.met_hours} hours"]
    within += [] if rest else [f"{days} days?", f"{digits.get(str(days))} days?"]
    parts = DATA["parts"] | {
        **{name.upper(): "|".join(sorted(of, key=len, reverse=True)) for name, of in WORDS.items()},
        "PLACES": "|".join(map(_escape, (*names.cities.values(), *names.areas.values()))),
        "CITIES": f"(?:{digits.get(count, count)}|{count})",
        "STATE": _escape(names.state),
        "MET_WITHIN": f"(?:in time|within (?:{'|'.join(within)}))",
        "PROGRAM": f"(?:the )?(?:program|programme|{_escape(names.program)})",
    }

    def fill(pattern: str, **own: str) -> str:
        find = parts | own
        return re.sub("<([A-Z_]+)>", lambda name: fill(find[name[1]], **own), pattern)

    table = [(f"P {code}", fill("<CITY>", NAME=_escape(n))) for code, n in names.cities.items()]
    for code, name in names.areas.items():
        own = {"NAME": _escape(name), "CITY_NAME": _escape(names.name_city(code))}
        said = f"P {code}" if [*names.areas.values()].count(name) == 1 else "U WHICH_AREA"
        table += [(f"P {code}", fill("<AREA_OF_CITY>", **own)), (said, fill("<AREA>", **own))]
    table += [(said, fill(pattern)) for said, pattern in PHRASES]
    # A phrase ends where a word or number ends, not inside 1e400 or 40.5.
    return [(re.compile(rf"(?:{pattern})(?![\w%]|[.,][0-9])"), said) for said, pattern in table]


def _escape(name: str) -> str:
    return re.escape(normalise_text(name))


def _explain_unread(unread: Sequence[Item], names: Names) -> str:
    """Say what was not read, with the nearest names of places."""
    words = [item.text for item in unread]
    quoted = [f"“{word[:30]}{'…' * (len(word) > 30)}”" for word in words[:3]]
    places = {normalise_text(n): n for n in (*names.cities.values(), *names.areas.values())}
    tried = [*words, *map(" ".join, pairwise(words))]
    near = [places[n] for word in tried for n in difflib.get_close_matches(word, places, 1, 0.75)]
    meant = f" Do you mean {join_words([*dict.fromkeys(near)])}?" if near else ""
    return f"It does not understand {join_words(quoted)}.{meant}"


def _mark(text: str, unread: Sequence[Item]) -> str:
    """Put what was not read into brackets."""
    for phrase in dict.fromkeys(item.text for item in unread):
        pattern = r"[\s-]+".join(map(re.escape, phrase.split()))
        text = re.sub(rf"(?<!\w){pattern}(?!\w)", r"[\g<0>]", text, flags=re.IGNORECASE)
    return text


def _list_broken_rules(items: Sequence[Item]) -> list[str]:
    return [name for name, gone, pattern in RULES if re.search(pattern, _join(items, gone))]


def _join(items: Sequence[Item], without: str = "") -> str:
    return "".join(item.letter for item in items if item.letter not in without)


def _split(items: list[Item]) -> list[list[Item]]:
    """Cut at "and", and give each half what it takes from the other; else leave the whole."""
    cuts = [at for at, item in enumerate(items) if item.letter == "&"]
    ends = zip([0, *(at + 1 for at in cuts)], [*cuts, len(items)], strict=True)
    first, *rest = ([*items[start:end]] for start, end in ends)
    own = {*_join(first)}
    if rest and "T" not in own and {*_join(rest[-1])} <= {*"CPT"}:
        # "30 people were shot in East and 20 in West in 2024": the year is of both.
        first += [item for item in rest[-1] if item.letter == "T"]
    if rest and own <= {"M", *PLACE} and "M" in _join(rest[0]):
        # "Shootings and homicides are down": the first takes what is said of the second.
        gone = {"M", *(PLACE if own & PLACE else "")}
        first += [item for item in rest[0] if item.letter not in gone]
    if not all(SAID.intersection(_join(half)) for half in (first, *rest)):
        return [items]
    result, given = [first], {*_join(first)}
    for half in rest:
        own = {*_join(half)}
        kept = own | (PLACE if own & PLACE else set()) | (RANGES if own & {*RANGES, "S"} else set())
        # What only one of them is compared with could be meant of both.
        apart = [Item("!")] * bool(own & TIMES - given) + [Item("&")] * ("X" in own ^ given)
        result.append([*(item for item in first if item.letter in TAKEN - kept), *half, *apart])
    return result


def _settle(items: list[Item]) -> list[Item]:
    """Settle what two phrases mean together: "in East, the Hill" is one place."""
    result: list[Item] = []
    for item in items:
        found = item
        if item.letter == "Y" and "M" not in _join(items):
            found = item._replace(letter="M")  # who died, of no others
        elif item.letter == "R" and "0" in _join(items):  # no one … in three years
            found = Item("T", re.sub("^years-(.*)", r"last-\1-years", item.code))
        if found.letter not in "Mm" or found[:2] not in [other[:2] for other in result]:
            result.append(found)
    own = {item.code.partition("/")[0] for item in result if "/" in item.code}
    return [item for item in result if item.letter != "P" or item.code not in own]


def _fill(items: Sequence[Item]) -> Iterator[dict[str, str]]:
    """Yield the code of each part, as far as it is said once; of two measures one after another."""
    values: dict[str, list[str]] = {}
    for item in items:
        values.setdefault(item.letter, []).append(item.code)
    one = {letter: codes[0] for letter, codes in values.items() if len({*codes}) == 1}

    def find(letters: str) -> str:
        return next((one[letter] for letter in letters if letter in one), "")

    places = [*dict.fromkeys(item.code for item in items if item.letter in PLACE)]
    way, size = find("SDdiQ"), find("VCELH0")
    where, what, base = places[0] if len(places) == 1 else "", find("Mm"), find("AZWRBb")
    wholes = [*values.get("s", []), *values.get("t", [])]
    if "A" in one:
        way = {"down": "lowest", "up": "highest"}.get(way, way)
    elif way in ("lowest", "highest"):
        base = base.replace("year-", "since-").replace("last-year", "years-1")
    elif "X" in values and places:
        where, base = places[0], f"{'rate' if 'K' in values else 'than'}:{places[-1]}"
    elif size[-1:] == "%" or " of " in size:
        if "Y" in one:
            what, base = one["Y"].replace("homicides", "fatal"), "of:victims"
        elif wholes and len(places) == 2 and not way:
            where = next(place for place in places if place != wholes[0])
            base = "state" if "s" in one else f"of:{wholes[0]}"
    elif "L" in one and not base:
        base = "last-year"  # to come from a number: of a year ago
    said = [*(one[mark] for mark in "NG" if mark in one and way), way, "" if "S" in one else size]
    codes = {
        "where": where,
        "when": "/".join(filter(None, [find("Ty") or ("J" in one) * "ytd", find("J")])),
        "against": base,
        "says": " ".join(filter(None, said)),
    }
    for measure in (what or ("victims" if "Q" in one else "")).split("&"):
        yield {part: code for part, code in {"what": measure, **codes}.items() if code}
