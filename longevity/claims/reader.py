"""A text that fills a form: what it says of each part, and what it leaves to be chosen.

`phrases.toml` has the phrases and what each says, and the rules of their order. Where no rule
speaks against it the form is whole; else what was understood is filled and the rest is marked,
never guessed. Parts joined by "and" are a claim each.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from longevity.claims.form import ClaimForm, Names, parse_form, parse_part
from longevity.errors import UsageError
from longevity.measures.wording import join_words

DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text("utf-8"))
WHY: Mapping[str, str] = DATA["refusals"]
WORDS: Mapping[str, Mapping[str, str]] = DATA["words"]
CODES = {word: code for words in WORDS.values() for word, code in words.items()}
GROUPS: Mapping[str, list[str]] = DATA["groups"]
PHRASES = [line.split(" | ", 1) for line in DATA["phrases"]["table"].splitlines() if " | " in line]
LONGEST = 300
WHERE, TIMES, RANGES = ({*GROUPS[name]} for name in ("where", "times", "ranges"))


class Item(NamedTuple):
    """One phrase: which part of a sentence it is, the code of what it says, and its words."""

    part: str
    code: str = ""
    text: str = ""


@dataclass(frozen=True)
class Reading:
    """What a text says by part, `why` it is no claim yet, and it with what was not read marked.

    `meant`: the claim it probably makes, where its words are not a measure's own.
    """

    codes: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    form: ClaimForm | None = None
    marked: str = ""
    meant: ClaimForm | None = None


def read_text(text: str, names: Names, default: str | None = None) -> Reading:
    """Read the claim a text makes. `default`: the place, by its code, where it names none."""
    plain = normalise_text(text)
    if len(text) > LONGEST or not re.search(r"\w", plain):
        return Reading(why=WHY["TOO_LONG" if len(text) > LONGEST else "EMPTY"])
    items = [*_find_items(plain.rstrip(" .!?"), names)]
    unread = [item for item in items if item.part in ("unknown", "refused")]
    halves = _split([item for item in items if item.part != "filler"])
    filled = [codes for half in halves for codes in _fill(half)]
    broken = [why for half in halves for why in _list_broken_rules(half)]
    problems = [item.code for item in unread] or broken
    if "?" in plain or re.match(DATA["asks"], plain):
        problems = ["QUESTION"]
    refused = [*filter(None, problems)]
    why = WHY[refused[0]] if refused else _explain_unread(unread, names) if unread else ""
    # "Violence" counts nothing, and means people shot where nothing else is the matter.
    is_violence = {*problems} == {"VIOLENCE"} and not broken
    form = None
    if is_violence or not why:
        try:
            first, *also = (
                parse_form(codes, names, default or next(iter(names.places))) for codes in filled
            )
            form = replace(first, also=tuple(also))
        except UsageError as error:
            why = why or error.what
    is_meant = is_violence or not {"measure", "program"} & {i.part for half in halves for i in half}
    for phrase in dict.fromkeys(item.text for item in unread):
        pattern = r"[\s-]+".join(map(re.escape, phrase.split()))
        text = re.sub(rf"(?<!\w){pattern}(?!\w)", r"[\g<0>]", text, flags=re.IGNORECASE)
    known = {p: c for p, c in filled[0].items() if parse_part(p, c, names) is not None}
    return Reading(known, why, None if why else form, text, form if is_meant else None)


def normalise_text(text: str) -> str:
    """Write a text in lower case, with single spaces, no contractions and no hyphen in a word."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    for signs, plain_sign in (("‐‑‒–—―−", "-"), ("‘’ʼ`´", "'"), ("“”„«»", '"')):
        plain = re.sub(f"[{signs}]", plain_sign, plain)
    plain = plain.replace("won't", "will not").replace("can't", "cannot").replace("n't", " not")
    return re.sub(r"(?<=[a-z0-9])-(?=[a-z])|\s+", " ", plain).strip()


# --- the phrases of a text -----------------------------------------------------------------


def _find_items(text: str, names: Names) -> Iterator[Item]:
    """Yield a normalised text's phrases, the longest first; a word of none is unknown."""
    places, at = _name_places(names), 0
    phrases = _compile_phrases(names, places)
    while at < len(text):
        if text[at] in " ,\":'()":
            at += 1
            continue
        found = [(match, says) for pattern, says in phrases if (match := pattern.match(text, at))]
        if not found:
            word = re.split(r"[\s,]", text[at:], maxsplit=1)[0]
            yield Item("unknown", "", word)
            at += len(word)
            continue
        # Of the longest, the first named: a measure or a place before a refusal.
        match, says = max(found, key=lambda phrase: phrase[0].end())
        at = match.end()
        said = {name: of for name, of in match.groupdict().items() if of}
        values = {n: places.get(n, CODES).get(of, of.replace(",", "")) for n, of in said.items()}
        usual = {
            "bound": "",
            "about": values.get("bound", "about "),  # a half is about a half
            "day": "01",
            "number": values.get("n"),
            "until": values.get("month"),
            "year2": values.get("year"),
        }
        for meaning in says.split(", "):
            part, _, code = meaning.partition(" ")
            yield Item(part, code.format_map(usual | values), match.group())


def _name_places(names: Names) -> dict[str, dict[str, str]]:
    """Return what a place is called, and its code: a neighbourhood with its city, or by itself
    where no other city has one of that name.
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
) -> list[tuple[re.Pattern[str], str]]:
    """Compile the phrases of the file, with the names of places and program put in."""
    digits = {number: word for word, number in WORDS["word"].items()}
    count, days = str(len(names.cities)), f"{names.met_hours / 24:g}"
    within = f"{names.met_hours} hours|(?:{days}|{digits.get(days, days)}) days?"
    state, program = (re.escape(normalise_text(n)) for n in (names.state, names.program))
    together = normalise_text(f"{join_words([*names.cities.values()])} together")
    parts = DATA["parts"] | {
        **{name.upper(): _list_ways(of) for name, of in WORDS.items()},
        **{name.upper(): f"(?P<{name}>{_list_ways(of)})" for name, of in places.items()},
        "PLACES": _list_ways([*places["city"], *places["area"]]),
        "ALL_CITIES": re.escape(together),
        "CITIES": f"(?:{digits.get(count, count)}|{count})",
        "STATE": state,
        "MET_WITHIN": f"(?:in time|within (?:{within}))",
        "PROGRAM": f"(?:the )?(?:program|programme|{program})",
    }

    def fill(pattern: str) -> str:
        return re.sub("<([A-Z_]+)>", lambda name: fill(parts[name[1]]), pattern)

    # A phrase ends where a word or number ends, not inside 1e400 or 40.5.
    end = r"(?![\w%]|[.,][0-9])"
    return [(re.compile(f"(?:{fill(pattern)}){end}"), says) for says, pattern in PHRASES]


def _list_ways(words: Collection[str]) -> str:
    """Return the words as a pattern, the longest first; of none what nothing matches."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"


def _explain_unread(unread: Sequence[Item], names: Names) -> str:
    """Say what was not read, with the nearest names of places."""
    words = [item.text for item in unread]
    quoted = [f"“{word[:30]}{'…' * (len(word) > 30)}”" for word in words[:3]]
    places = {normalise_text(n): n for n in (*names.cities.values(), *names.areas.values())}
    tried = [*words, *map(" ".join, pairwise(words))]
    near = [places[n] for word in tried for n in difflib.get_close_matches(word, places, 1, 0.75)]
    meant = f" Do you mean {join_words([*dict.fromkeys(near)])}?" if near else ""
    return f"It does not understand {join_words(quoted)}.{meant}"


# --- the order of the parts ----------------------------------------------------------------


@cache
def _compile_order(order: str) -> re.Pattern[str]:
    """Compile a row of parts and groups, each with ?, * or nothing behind it."""

    def spell(names: re.Match[str]) -> str:
        every = [part for name in names[0].split("|") for part in GROUPS.get(name, [name])]
        return rf"(?:\b(?:{'|'.join(every)}) )"

    return re.compile("".join(re.sub("[a-z_|]+", spell, word) for word in order.split()))


def _list_broken_rules(items: Sequence[Item]) -> Iterator[str]:
    """Yield why the order of these parts is no claim, by each rule that speaks of it."""
    parts = [item.part for item in items if item.part != "refused"]
    for rule in DATA["rules"]:
        ignored = {part for name in rule.get("ignoring", []) for part in GROUPS.get(name, [name])}
        line = "".join(f"{part} " for part in parts if part not in ignored)
        has, lacks = (
            [bool(_compile_order(order).search(line)) for order in rule.get(key, [])]
            for key in ("has", "lacks")
        )
        if all(has) and not any(lacks):
            yield rule["why"]


def _split(items: list[Item]) -> list[list[Item]]:
    """Cut at "and", and give each half what it takes from the first; else leave the whole."""
    halves: list[list[Item]] = [[]]
    for item in items:
        halves[-1].append(item) if item.part != "and" else halves.append([])
    is_counted = "measure" in {item.part for item in items}
    first, *rest = halves = [_settle(half, is_counted) for half in halves]
    named = [{item.part for item in half} for half in halves]
    if rest and named[-1] <= {"number", "place", "time"} and "time" not in named[0]:
        # "30 people were shot in East and 20 in West in 2024": the year is of both.
        first += [item for item in rest[-1] if item.part == "time"]
    if rest and named[0] <= {"measure", *WHERE} and "measure" in named[1]:
        # "Shootings and homicides are down": the first takes what is said of the second.
        own = {"measure", *(WHERE if named[0] & WHERE else ())}
        first += [item for item in rest[0] if item.part not in own]
    said = {*GROUPS["way"], *GROUPS["value"]}
    if all(said & {item.part for item in half} for half in halves):
        return [first, *(_complete_half(first, half) for half in rest)]
    return [_settle(items, is_counted)]


def _complete_half(first: Sequence[Item], half: Sequence[Item]) -> list[Item]:
    """Give a half the measure, the place and the times of the first that it does not say itself."""
    given, own = ({item.part for item in of} for of in (first, half))
    kept = own | (WHERE if own & WHERE else set())
    kept |= RANGES if own & {*RANGES, "rank"} else set()
    taken = ({"measure", "program"} | TIMES | WHERE) - kept
    # What only one of them is compared with, or the time of the last, could be meant of both.
    is_apart = ("than" in own) != ("than" in given)
    marks = [Item("apart")] * bool(own & TIMES - given) + [Item("and")] * is_apart
    return [*(item for item in first if item.part in taken), *half, *marks]


def _settle(items: list[Item], is_counted: bool) -> list[Item]:
    """Settle what two phrases mean together: "in East, the Hill" is one place."""
    parts, cities = (
        {item.part for item in items},
        {item.code.partition("/")[0] for item in items if "/" in item.code},
    )
    result: dict[tuple[str, ...], Item] = {}
    for at, item in enumerate(items):
        part, code = item.part, item.code
        if part == "ended" and not is_counted:
            part = "measure"  # who died, of no others
        elif part == "range" and "none" in parts:  # no one … in three years
            part, code = "time", re.sub("^years-(.*)", r"last-\1-years", code)
        is_once = part in ("measure", "program")
        if part != "place" or code not in cities:
            result.setdefault((part, code, "" if is_once else str(at)), Item(part, code, item.text))
    return [*result.values()]


# --- what the parts say --------------------------------------------------------------------


def _fill(items: Sequence[Item]) -> Iterator[dict[str, str]]:
    """Yield the code of each part, as far as it is said once; of two measures one after another."""
    said: dict[str, dict[str, None]] = {}
    for item in items:
        said.setdefault(item.part, {})[item.code] = None
    once = {part: next(iter(codes)) for part, codes in said.items() if len(codes) == 1}

    def find(name: str) -> str:
        return next((once[part] for part in GROUPS.get(name, [name]) if part in once), "")

    places = [*dict.fromkeys(item.code for item in items if item.part in WHERE)]
    where = places[0] if len(places) == 1 else ""
    what = find("counted") or ("victims" if "safety" in once else "")
    way, size, against = find("way"), find("value"), find("against")
    is_share = size.endswith("%") or " of " in size
    if "than_any" in once:
        way = {"down": "lowest", "up": "highest"}.get(way, way)
    elif way in ("lowest", "highest"):
        against = against.replace("year-", "since-").replace("last-year", "years-1")
    elif "than" in said and places:
        where, against = places[0], f"{'rate' if 'rate' in said else 'than'}:{places[-1]}"
    elif is_share and "ended" in once:
        # "12 of the 80 shootings died" gives 80 for what no one counts by.
        is_people = size.endswith("%") or what == "victims"
        what = once["ended"].replace("homicides", "fatal") if is_people else ""
        against = "of:victims"
    elif is_share and {"state", "together"} & {*once} and len(places) == 2 and not way:
        whole = once.get("state") or once["together"]
        where = next(place for place in places if place != whole)
        against = "state" if "state" in once else f"of:{whole}"
    elif "from_to" in once and not against:
        against = "last-year"  # to come from a number: of a year ago
    denied = "not" if "not" in once and way else ""
    codes = {
        "where": where,
        "when": "/".join(filter(None, [find("when") or "ytd" * ("every" in once), find("every")])),
        "against": against,
        "says": " ".join(filter(None, [denied, way, "" if "rank" in once else size])),
    }
    for measure in what.split("&"):
        yield {part: code for part, code in {"what": measure, **codes}.items() if code}
