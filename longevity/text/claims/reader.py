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

from longevity.errors import UsageError
from longevity.findings.finding import TOGETHER
from longevity.measures.wording import join_words
from longevity.text.claims.form import ClaimForm, Names, parse_form, parse_part

DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text("utf-8"))
WHY: Mapping[str, str] = DATA["refusals"]
WORDS: Mapping[str, Mapping[str, str]] = DATA["words"]
CODES = {word: code for words in WORDS.values() for word, code in words.items()}
GROUPS: Mapping[str, list[str]] = DATA["groups"]
PHRASES = [line.split(" | ", 1) for line in DATA["phrases"]["table"].splitlines() if " | " in line]
LONGEST = 300
WHERE, SAYING = {*GROUPS["where"]}, {*GROUPS["way"], *GROUPS["value"]}


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
        return Reading({}, WHY["TOO_LONG" if len(text) > LONGEST else "EMPTY"])
    items = [*_find_items(plain.rstrip(" .!?"), _compile_phrases(names))]
    unread = [item for item in items if item.part in ("unknown", "refused")]
    halves = [_settle(half) for half in _split([item for item in items if item.part != "filler"])]
    filled = [codes for half in halves for codes in _fill(half)]
    known = {p: c for p, c in filled[0].items() if parse_part(p, c, names) is not None}
    broken = [name for half in halves for name in _list_broken_rules(half)]
    refused = [item.code for item in unread if item.part == "refused"] or ([] if unread else broken)
    if "?" in plain or re.match(DATA["asks"], plain):
        refused = ["QUESTION"]
    why = WHY[refused[0]] if refused else _explain_unread(unread, names) if unread else ""
    # "Violence" counts nothing, and means people shot where nothing else is the matter.
    is_violence = {*refused, *(item.code for item in unread)} == {"VIOLENCE"} and not broken
    form = None
    if is_violence or not why:
        try:
            form = _build_form(filled, names, default)
        except UsageError as error:
            why = why or error.what
    parts = {item.part for half in halves for item in half}
    meant = form if is_violence or not parts & {"measure", "program"} else None
    return Reading(known, why, None if why else form, _mark(text, unread), meant)


def _build_form(
    filled: Sequence[Mapping[str, str]], names: Names, default: str | None
) -> ClaimForm:
    """Build the claim, and those made in the same breath; UsageError where a part is missing."""
    where = default or (TOGETHER if len(names.cities) > 1 else next(iter(names.cities)))
    first, *also = (parse_form(codes, names, where) for codes in filled)
    return replace(first, also=tuple(also))


def normalise_text(text: str) -> str:
    """Write a text in lower case, with single spaces, no contractions and no hyphen in a word."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    for signs, plain_sign in (("‐‑‒–—―−", "-"), ("‘’ʼ`´", "'"), ("“”„«»", '"')):
        plain = re.sub(f"[{signs}]", plain_sign, plain)
    plain = plain.replace("won't", "will not").replace("can't", "cannot").replace("n't", " not")
    return re.sub(r"(?<=[a-z0-9])-(?=[a-z])|\s+", " ", plain).strip()


# --- the phrases of a text -----------------------------------------------------------------


def _find_items(text: str, phrases: Sequence[tuple[re.Pattern[str], str]]) -> Iterator[Item]:
    """Yield a normalised text's phrases, the longest first; a word of none is unknown."""
    at = 0
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
        values = _read_values(match)
        for meaning in says.split(", "):
            part, _, code = meaning.partition(" ")
            yield Item(part, code.format_map(values), match.group())


def _read_values(match: re.Match[str]) -> dict[str, str]:
    """Return what the pattern of a phrase found, as a form writes it, and what is usual."""
    found = match.groupdict("").items()
    values = {name: CODES.get(text, text.replace(",", "")) for name, text in found if text}
    usual = {"bound": "", "day": "01", "number": values.get("n", "")}
    usual |= {"about": values.get("bound", "about ")}  # a half is about a half
    usual |= {"year2": values.get("year", ""), "until": values.get("month", "")}
    return usual | values


def _compile_phrases(names: Names) -> list[tuple[re.Pattern[str], str]]:
    """Compile the phrases of the file, with the names of places and program put in."""
    digits = {number: word for word, number in WORDS["word"].items()}
    count, days = str(len(names.cities)), f"{names.met_hours / 24:g}"
    within = f"{names.met_hours} hours|(?:{days}|{digits.get(days, days)}) days?"
    parts = DATA["parts"] | {
        **{name.upper(): "|".join(sorted(of, key=len, reverse=True)) for name, of in WORDS.items()},
        "PLACES": "|".join(map(_escape, (*names.cities.values(), *names.areas.values()))),
        "CITIES": f"(?:{digits.get(count, count)}|{count})",
        "STATE": _escape(names.state),
        "MET_WITHIN": f"(?:in time|within (?:{within}))",
        "PROGRAM": f"(?:the )?(?:program|programme|{_escape(names.program)})",
    }
    together = f"{join_words([*names.cities.values()])} together"
    table = [("together together", "<CITY>", {"NAME": _escape(together)})]
    table += [(f"place {code}", "<CITY>", {"NAME": _escape(n)}) for code, n in names.cities.items()]
    for code, name in names.areas.items():
        own = {"NAME": _escape(name), "CITY_NAME": _escape(names.name_city(code))}
        is_only = [*names.areas.values()].count(name) == 1
        table.append((f"place {code}", "<AREA_OF_CITY>", own))
        table.append((f"place {code}" if is_only else "refused WHICH_AREA", "<AREA>", own))
    table += [(says, pattern, {}) for says, pattern in PHRASES]
    # A phrase ends where a word or number ends, not inside 1e400 or 40.5.
    end = r"(?![\w%]|[.,][0-9])"
    return [
        (re.compile(f"(?:{_fill_pattern(pattern, parts | own)}){end}"), says)
        for says, pattern, own in table
    ]


def _fill_pattern(pattern: str, parts: Mapping[str, str]) -> str:
    return re.sub("<([A-Z_]+)>", lambda name: _fill_pattern(parts[name[1]], parts), pattern)


def _escape(name: str) -> str:
    return re.escape(normalise_text(name))


# --- what was not read ---------------------------------------------------------------------


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
        is_allowed = any(_compile_order(order).fullmatch(line) for order in rule.get("orders", []))
        if all(has) and not any(lacks) and not is_allowed:
            yield rule["why"]


def _name_parts(items: Sequence[Item]) -> set[str]:
    return {item.part for item in items}


def _select(items: Sequence[Item], parts: Collection[str]) -> list[Item]:
    return [item for item in items if item.part in parts]


def _split(items: list[Item]) -> list[list[Item]]:
    """Cut at "and", and give each half what it takes from the first; else leave the whole."""
    halves: list[list[Item]] = [[]]
    for item in items:
        halves[-1].append(item) if item.part != "and" else halves.append([])
    first, *rest = halves
    if rest and _name_parts(rest[-1]) <= {"number", "place", "time"}:
        # "30 people were shot in East and 20 in West in 2024": the year is of both.
        first += _select(rest[-1], {"time"} - _name_parts(first))
    subject = _name_parts(first)
    if rest and subject <= {"measure", *WHERE} and "measure" in _name_parts(rest[0]):
        # "Shootings and homicides are down": the first takes what is said of the second.
        own = {"measure", *(WHERE if subject & WHERE else ())}
        first += _select(rest[0], _name_parts(rest[0]) - own)
    if not all(SAYING & _name_parts(half) for half in halves):
        return [items]
    return [first, *(_complete_half(first, half) for half in rest)]


def _complete_half(first: Sequence[Item], half: Sequence[Item]) -> list[Item]:
    """Give a half the measure, the place and the times of the first that it does not say itself."""
    given, own = _name_parts(first), _name_parts(half)
    times, ranges = {*GROUPS["times"]}, {*GROUPS["reach"], "than_any"}
    kept = own | (WHERE if own & WHERE else set()) | (ranges if own & {*ranges, "rank"} else set())
    taken = _select(first, ({"measure", "program"} | times | WHERE) - kept)
    # What only one of them is compared with could be meant of both.
    is_late = bool(own & times - given)
    is_apart = ("than" in own) != ("than" in given)
    return [*taken, *half, *[Item("apart")] * is_late, *[Item("and")] * is_apart]


def _settle(items: list[Item]) -> list[Item]:
    """Settle what two phrases mean together: "in East, the Hill" is one place."""
    parts = _name_parts(items)
    result: list[Item] = []
    for item in items:
        found = item
        if item.part == "ended" and "measure" not in parts:
            found = item._replace(part="measure")  # who died, of no others
        elif item.part == "range" and "none" in parts:  # no one … in three years
            found = Item("time", re.sub("^years-(.*)", r"last-\1-years", item.code))
        is_again = found[:2] in [other[:2] for other in result]
        if not (is_again and found.part in ("measure", "program")):
            result.append(found)
    cities = {item.code.partition("/")[0] for item in result if "/" in item.code}
    return [item for item in result if item.part != "place" or item.code not in cities]


# --- what the parts say --------------------------------------------------------------------


def _fill(items: Sequence[Item]) -> Iterator[dict[str, str]]:
    """Yield the code of each part, as far as it is said once; of two measures one after another."""
    said: dict[str, dict[str, None]] = {}
    for item in items:
        said.setdefault(item.part, {})[item.code] = None
    once = {part: next(iter(codes)) for part, codes in said.items() if len(codes) == 1}

    def find(*parts: str) -> str:
        return next((once[part] for part in parts if part in once), "")

    places = [*dict.fromkeys(item.code for item in _select(items, WHERE))]
    where = places[0] if len(places) == 1 else ""
    what = find("measure", "program") or ("victims" if "safety" in once else "")
    way = find("rank", "change", "compared", "trend", "safety")
    size = find("percent", "number", "level", "from_to", "part", "none")
    against = find("than_any", "row", "of_all", "range", "baseline", "since_year")
    if "than_any" in once:
        way = {"down": "lowest", "up": "highest"}.get(way, way)
    elif way in ("lowest", "highest"):
        against = against.replace("year-", "since-").replace("last-year", "years-1")
    elif "than" in said and places:
        where, against = places[0], f"{'rate' if 'rate' in said else 'than'}:{places[-1]}"
    elif size.endswith("%") or " of " in size:
        wholes = [*said.get("state", ()), *said.get("together", ())]
        if "ended" in once:
            # "12 of the 80 shootings died" gives 80 for what no one counts by.
            is_people = size.endswith("%") or what == "victims"
            what = once["ended"].replace("homicides", "fatal") if is_people else ""
            against = "of:victims"
        elif wholes and len(places) == 2 and not way:
            where = next(place for place in places if place != wholes[0])
            against = "state" if "state" in once else f"of:{wholes[0]}"
    elif "from_to" in once and not against:
        against = "last-year"  # to come from a number: of a year ago
    signs = [once[sign] for sign in ("not", "clearly") if sign in once and way]
    says = [*signs, way, "" if "rank" in once else size]
    when = [find("time", "since") or ("ytd" if "every" in once else ""), find("every")]
    codes = {
        "where": where,
        "when": "/".join(filter(None, when)),
        "against": against,
        "says": " ".join(filter(None, says)),
    }
    for measure in what.split("&"):
        yield {part: code for part, code in {"what": measure, **codes}.items() if code}
