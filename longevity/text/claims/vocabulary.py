"""The phrases a claim is made of: what, where, how much. When is in `time_phrases`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from longevity.text.claims import refusals, time_phrases
from longevity.text.claims.claim import STATE, TOGETHER, Direction, Names, Size, Unit
from longevity.text.claims.normalise import normalise_text
from longevity.text.claims.phrase import (
    ANY_NUMBER,
    BOUND,
    DOWN,
    EACH,
    NUMBER,
    PERCENT,
    SHARE,
    SHARES,
    UP,
    WORDS,
    Item,
    Phrase,
    compile_phrase,
    count_decimals,
    make_phrase,
    parse_bound,
    parse_number,
)


@lru_cache(maxsize=8)
def _list_phrases(
    cities: tuple[tuple[str, str], ...], state: str, program: str
) -> tuple[Phrase, ...]:
    return (
        *_list_measure_phrases(),
        *_list_place_phrases(cities, state),
        *_list_direction_phrases(),
        *_list_size_phrases(),
        *time_phrases.list_time_phrases(),
        *time_phrases.list_baseline_phrases(program),
        *time_phrases.list_rank_phrases(),
        *_list_small_words(),
        *(
            make_phrase("U", words, reason)
            for reason, words in refusals.list_refusal_patterns(program)
        ),
    )


def find_items(text: str, names: Names) -> Iterator[Item]:
    """Yield a normalised text's phrases, the longest first; an unknown word is an Item("?")."""
    phrases = _list_phrases(tuple(names.cities.items()), names.state, names.program)
    at = 0
    while at < len(text):
        if text[at] in " ,\":'()":
            at += 1
            continue
        matches = [(match.end(), each, match) for each, match in _find_matches(phrases, text, at)]
        if not matches:
            word = re.split(r"[\s,]", text[at:], maxsplit=1)[0]
            yield Item("?", None, word)
            at += len(word)
            continue
        # Of the longest, the first named: a measure or a place before a refusal.
        end, each, match = max(matches, key=lambda one: one[0])
        for item in each.make(match):
            yield Item(item.letter, item.value, match.group())
        at = end


def _find_matches(
    phrases: tuple[Phrase, ...], text: str, at: int
) -> Iterator[tuple[Phrase, re.Match[str]]]:
    for each in phrases:
        match = each.pattern.match(text, at)
        if match:
            yield each, match


# --- what and where ------------------------------------------------------------------


def _list_measure_phrases() -> list[Phrase]:
    any_weapon = "(?: by any weapon| by any means| with any weapon)?"
    gun = "(?:guns?|gunfire|firearms?|a gun|a firearm)"
    return [
        make_phrase("M", "shootings?(?: incidents?)?|incidents of gunfire", "incidents"),
        make_phrase(
            "M", "(?:shooting|gunshot) victims?|victims of (?:shootings|gunfire)", "victims"
        ),
        make_phrase("M", "shot|hit by gunfire", "victims"),
        make_phrase(
            "M", "(?:fatal|deadly) shootings?|fatal shooting victims?|fatally shot", "fatal"
        ),
        make_phrase(
            "M", "(?:gun|firearm|shooting|gunshot) (?:deaths?|homicides?|killings?|murders?)"
        ),
        make_phrase(
            "M", f"shot and killed|shot dead|shot to death|(?:killed|murdered) (?:by|with) {gun}"
        ),
        make_phrase("M", "non ?fatal shootings?(?: victims?)?|nonfatally shot|non ?fatal victims?"),
        make_phrase(
            "M", "shot and (?:wounded|survived|injured)|wounded by gunfire|shooting injuries"
        ),
        make_phrase("M", f"(?:homicides?|murders?|killings?|slayings?)(?: victims?)?{any_weapon}"),
        make_phrase("M", f"(?:killed|murdered|slain){any_weapon}"),
    ]


MEASURE_OF = (
    # The first that is found in the phrase.
    ("nonfatal", r"\bnon ?fatal|wounded|survived|injur"),
    ("fatal", r"\bfatal|deadly|\b(?:gun|firearm|gunfire|guns)\b|gunshot (?!victim)|dead"),
    ("fatal", r"shot and killed|shot to death|shooting (?:death|homicide|killing|murder)"),
    ("victims", r"victims? of|shooting victim|gunshot victim|^shot$|hit by"),
    ("incidents", r"shooting|incidents of"),
    ("homicides", r""),
)


def find_measure(item: Item) -> str:
    """Return which count a measure phrase means."""
    if item.value:
        return str(item.value)
    return next(name for name, pattern in MEASURE_OF if re.search(pattern, item.text))


def _list_place_phrases(cities: tuple[tuple[str, str], ...], state: str) -> list[Phrase]:
    state_pattern = re.escape(normalise_text(state))
    into = "(?:(?:with)?in|for|across|throughout) "
    phrases = [
        make_phrase(
            "P", f"(?:{into})?{re.escape(normalise_text(name))}(?:, {state_pattern})?(?:'s?)?", city
        )
        for city, name in cities
    ]
    count = next(word for word, value in WORDS.items() if value == min(len(cities), 20))
    some = f"(?:{count}|{len(cities)})"
    together = "(?:together|combined|taken together)"
    all_of = f"(?:the |all |all the |all of the )?(?:{some} )?cities(?:'s?)?"
    phrases += [
        make_phrase("P", f"(?:{into})?{all_of} {together}|{into}the (?:{some} )?cities", TOGETHER),
        make_phrase("P", f"the {some} cities(?:'s?)?|the cities(?:'s?)?", TOGETHER),
        make_phrase(
            "P",
            f"(?:{into})?(?:each|every|both|all)(?: of)?(?: the)?(?: {some})? cit(?:y|ies)",
            EACH,
        ),
        make_phrase(
            "P",
            (
                f"(?:{into})?(?:the state(?: of {state_pattern})?|{state_pattern}|the entire "
                "state)(?:'s?)?"
            ),
            STATE,
        ),
        make_phrase("P", "statewide|state wide", STATE),
        make_phrase(
            "X", f"(?:than|as)(?: those| that)?(?= (?:in |of )?(?:{_match_any_city(cities)}))"
        ),
    ]
    return phrases


def _match_any_city(cities: tuple[tuple[str, str], ...]) -> str:
    return "|".join(re.escape(normalise_text(name)) for _, name in cities)


# --- how much --------------------------------------------------------------------------


def _list_direction_phrases() -> list[Phrase]:
    up = (
        "up|rose|risen|rise|rises|rising|increas(?:e|es|ed|ing)|gr(?:ew|own|ow|owing)|higher|more|"
        "climb(?:s|ed|ing)?|jump(?:s|ed)?|surg(?:e|es|ed|ing)|uptick"
    )
    down = (
        "down|fell|fallen|fall|falls|falling|drop(?:s|ped|ping)?|declin(?:e|es|ed|ing)|"
        "decreas(?:e|es|ed|ing)|lower|fewer|less|reduced|reduction|plunged?|plummeted|shrank|"
        "shrunk|not as many|cut"
    )
    same = "unchanged|no change|the same|same|as many|not changed?|the same number|no different"
    clear = "(?:clear|significant|real|statistically significant|meaningful|measurable)"
    return [
        make_phrase("D", f"(?:{up})", UP),
        make_phrase("D", f"(?:{down})", DOWN),
        make_phrase("D", same, Direction.SAME),
        make_phrase(
            "D",
            f"flat|stable|steady|no {clear} change|not changed? (?:significantly|clearly)|"
            "not significantly changed?|statistically unchanged",
            Direction.UNCLEAR,
        ),
        make_phrase("G", "(?:statistically )?significant(?:ly)?|clear(?:ly)?|by more than chance"),
        make_phrase(
            "Q",
            "safer|less (?:dangerous|violent|deadly)",
            DOWN,
        ),
        make_phrase("Q", "more (?:dangerous|violent|deadly)|deadlier|less safe", UP),
        make_phrase("K", "per (?:resident|capita|person|head|inhabitant)|rates?"),
        make_phrase("K", "per 100,?000(?: (?:residents|people|inhabitants))?|for its size"),
    ]


def _list_size_phrases() -> list[Phrase]:
    before = f"(?:by )?(?:(?P<bound>{BOUND}) )?"
    number_pattern = f"(?P<number>{NUMBER})"

    def read_percent(match: re.Match[str]) -> list[Item]:
        text = match["number"]
        size = Size(
            parse_number(text),
            Unit.PERCENT,
            parse_bound(match["bound"]),
            False,
            count_decimals(text),
        )
        return [Item("V", size)]

    def read_share(match: re.Match[str]) -> list[Item]:
        return [
            Item("V", Size(SHARES[match["share"]], Unit.PERCENT, parse_bound(match["bound"]), True))
        ]

    def read_cases(match: re.Match[str]) -> list[Item]:
        return [
            Item("V", Size(parse_number(match["number"]), Unit.CASES, parse_bound(match["bound"])))
        ]

    def read_count(match: re.Match[str]) -> list[Item]:
        return [
            Item("C", Size(parse_number(match["number"]), Unit.CASES, parse_bound(match["bound"])))
        ]

    def read_level(match: re.Match[str]) -> list[Item]:
        return [
            Item("E", Size(parse_number(match["number"]), Unit.LEVEL, parse_bound(match["bound"])))
        ]

    def read_from_to(match: re.Match[str]) -> list[Item]:
        first, last = parse_number(match["first"]), parse_number(match["last"])
        return [Item("L", Size(last, Unit.FROM_TO, start=first))]

    def read_multiple(direction: Direction, value: float) -> Callable[[re.Match[str]], list[Item]]:
        def read(match: re.Match[str]) -> list[Item]:
            size = Size(value, Unit.PERCENT, parse_bound(match["bound"]), True)
            return [Item("D", direction), Item("V", size)]

        return read

    often = f"(?:(?P<bound>{BOUND}) )?"
    multiples = [
        (UP, 100.0, "doubled|doubling|twice as many|(?:twice|double) the(?: number of)?"),
        (UP, 200.0, "tripled|three times as many|(?:triple|three times) the(?: number of)?"),
        (UP, 300.0, "quadrupled|four times as many"),
        (DOWN, 50.0, "halved|(?:been )?cut in half|half as many|half the number of"),
    ]
    return [
        compile_phrase(f"{before}(?P<number>{ANY_NUMBER}){PERCENT}", read_percent),
        compile_phrase(f"{before}(?P<share>{SHARE})", read_share),
        compile_phrase(f"by (?:(?P<bound>{BOUND}) )?{number_pattern}(?: cases)?", read_cases),
        compile_phrase(f"(?:(?P<bound>{BOUND}) )?{number_pattern}", read_count),
        compile_phrase(f"to (?:(?P<bound>{BOUND}) )?{number_pattern}", read_level),
        compile_phrase(f"from (?P<first>{NUMBER}) to (?P<last>{NUMBER})", read_from_to),
        *(
            compile_phrase(often + f"(?:{words})", read_multiple(way, value))
            for way, value, words in multiples
        ),
    ]


def _list_small_words() -> list[Phrase]:
    none = "no one|nobody|not a single|not one|none"
    return [
        make_phrase("C", none, Size(0.0, Unit.CASES)),
        # "Rose only here" says more than "rose here"; "only 34 people" does not.
        make_phrase("F", f"(?:only|just)(?= (?:(?:{BOUND}) )?(?:{NUMBER}))"),
        make_phrase("O", "no"),
        make_phrase("N", "not"),
        make_phrase("&", "and|but|while|whereas|or|although|though|also|yet|plus|then|;|&"),
        make_phrase("&", r"\.(?= )"),
        make_phrase(
            "F",
            "a|an|the|of|in|is|are|was|were|be|been|being|has|have|had|having|did|do|does|saw|"
            "seen|see|there|it|its|number|count|total|totals|figure|figures|level|levels|people|"
            "persons?|currently|now|overall|reported|recorded|counted|happened|occurred|went|"
            "gone|came|come|stood|stands|remained|remains?|stayed|reached|at|there's|for|"
            "a total of|people who were|by any weapon|took place",
        ),
    ]
