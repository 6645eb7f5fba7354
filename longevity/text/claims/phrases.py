"""The phrases a claim is made of: what, where, how much. When is in `times`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from longevity.text.claims import refusals, times
from longevity.text.claims.claim import STATE, TOGETHER, Direction, Names, Size, Unit
from longevity.text.claims.normal import normalised
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
    bound,
    decimals,
    number,
    of,
    phrase,
)


@lru_cache(maxsize=8)
def _known(cities: tuple[tuple[str, str], ...], state: str, program: str) -> tuple[Phrase, ...]:
    return (
        *_measures(),
        *_places(cities, state),
        *_directions(),
        *_sizes(),
        *times.times(),
        *times.baselines(program),
        *times.ranks(),
        *_small(),
        *(of("U", words, reason) for reason, words in refusals.words(program)),
    )


def items(text: str, names: Names) -> Iterator[Item]:
    """The phrases of a normalised text, the longest first; a word unknown is an Item("?")."""
    known = _known(tuple(names.cities.items()), names.state, names.program)
    at = 0
    while at < len(text):
        if text[at] in " ,\":'()":
            at += 1
            continue
        found = [(match.end(), each, match) for each, match in _matches(known, text, at)]
        if not found:
            word = re.split(r"[\s,]", text[at:], maxsplit=1)[0]
            yield Item("?", None, word)
            at += len(word)
            continue
        # Of the longest, the first named: a measure or a place before a refusal.
        end, each, match = max(found, key=lambda one: one[0])
        for item in each.make(match):
            yield Item(item.letter, item.value, match.group())
        at = end


def _matches(
    known: tuple[Phrase, ...], text: str, at: int
) -> Iterator[tuple[Phrase, re.Match[str]]]:
    for each in known:
        match = each.pattern.match(text, at)
        if match:
            yield each, match


# --- what and where ------------------------------------------------------------------


def _measures() -> list[Phrase]:
    any_weapon = "(?: by any weapon| by any means| with any weapon)?"
    gun = "(?:guns?|gunfire|firearms?|a gun|a firearm)"
    return [
        of("M", "shootings?(?: incidents?)?|incidents of gunfire", "incidents"),
        of("M", "(?:shooting|gunshot) victims?|victims of (?:shootings|gunfire)", "victims"),
        of("M", "shot|hit by gunfire", "victims"),
        of("M", "(?:fatal|deadly) shootings?|fatal shooting victims?|fatally shot", "fatal"),
        of("M", "(?:gun|firearm|shooting|gunshot) (?:deaths?|homicides?|killings?|murders?)"),
        of("M", f"shot and killed|shot dead|shot to death|(?:killed|murdered) (?:by|with) {gun}"),
        of("M", "non ?fatal shootings?(?: victims?)?|nonfatally shot|non ?fatal victims?"),
        of("M", "shot and (?:wounded|survived|injured)|wounded by gunfire|shooting injuries"),
        of("M", f"(?:homicides?|murders?|killings?|slayings?)(?: victims?)?{any_weapon}"),
        of("M", f"(?:killed|murdered|slain){any_weapon}"),
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


def measure_of(item: Item) -> str:
    """Which count a measure phrase means."""
    if item.value:
        return str(item.value)
    return next(name for name, pattern in MEASURE_OF if re.search(pattern, item.text))


def _places(cities: tuple[tuple[str, str], ...], state: str) -> list[Phrase]:
    own = re.escape(normalised(state))
    into = "(?:(?:with)?in|for|across|throughout) "
    found = [
        of("P", f"(?:{into})?{re.escape(normalised(name))}(?:, {own})?(?:'s?)?", city)
        for city, name in cities
    ]
    count = next(word for word, value in WORDS.items() if value == min(len(cities), 20))
    some = f"(?:{count}|{len(cities)})"
    joined = "(?:together|combined|taken together)"
    all_of = f"(?:the |all |all the |all of the )?(?:{some} )?cities(?:'s?)?"
    found += [
        of("P", f"(?:{into})?{all_of} {joined}|{into}the (?:{some} )?cities", TOGETHER),
        of("P", f"the {some} cities(?:'s?)?|the cities(?:'s?)?", TOGETHER),
        of(
            "P",
            f"(?:{into})?(?:each|every|both|all)(?: of)?(?: the)?(?: {some})? cit(?:y|ies)",
            EACH,
        ),
        of("P", f"(?:{into})?(?:the state(?: of {own})?|{own}|the entire state)(?:'s?)?", STATE),
        of("P", "statewide|state wide", STATE),
        of("X", f"(?:than|as)(?: those| that)?(?= (?:in |of )?(?:{_any_city(cities)}))"),
    ]
    return found


def _any_city(cities: tuple[tuple[str, str], ...]) -> str:
    return "|".join(re.escape(normalised(name)) for _, name in cities)


# --- how much --------------------------------------------------------------------------


def _directions() -> list[Phrase]:
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
        of("D", f"(?:{up})", UP),
        of("D", f"(?:{down})", DOWN),
        of("D", same, Direction.SAME),
        of(
            "D",
            f"flat|stable|steady|no {clear} change|not changed? (?:significantly|clearly)|"
            "not significantly changed?|statistically unchanged",
            Direction.UNCLEAR,
        ),
        of("G", "(?:statistically )?significant(?:ly)?|clear(?:ly)?|by more than chance"),
        of(
            "Q",
            "safer|less (?:dangerous|violent|deadly)",
            DOWN,
        ),
        of("Q", "more (?:dangerous|violent|deadly)|deadlier|less safe", UP),
        of("K", "per (?:resident|capita|person|head|inhabitant)|rates?"),
        of("K", "per 100,?000(?: (?:residents|people|inhabitants))?|for its size"),
    ]


def _sizes() -> list[Phrase]:
    before = f"(?:by )?(?:(?P<bound>{BOUND}) )?"
    number_ = f"(?P<number>{NUMBER})"

    def percent(match: re.Match[str]) -> list[Item]:
        written = match["number"]
        sized = Size(number(written), Unit.PERCENT, bound(match["bound"]), False, decimals(written))
        return [Item("V", sized)]

    def share(match: re.Match[str]) -> list[Item]:
        return [Item("V", Size(SHARES[match["share"]], Unit.PERCENT, bound(match["bound"]), True))]

    def cases(match: re.Match[str]) -> list[Item]:
        return [Item("V", Size(number(match["number"]), Unit.CASES, bound(match["bound"])))]

    def count(match: re.Match[str]) -> list[Item]:
        return [Item("C", Size(number(match["number"]), Unit.CASES, bound(match["bound"])))]

    def level(match: re.Match[str]) -> list[Item]:
        return [Item("E", Size(number(match["number"]), Unit.LEVEL, bound(match["bound"])))]

    def from_to(match: re.Match[str]) -> list[Item]:
        first, last = number(match["first"]), number(match["last"])
        return [Item("L", Size(last, Unit.FROM_TO, start=first))]

    def times(direction: Direction, value: float) -> Callable[[re.Match[str]], list[Item]]:
        def make(match: re.Match[str]) -> list[Item]:
            sized = Size(value, Unit.PERCENT, bound(match["bound"]), True)
            return [Item("D", direction), Item("V", sized)]

        return make

    often = f"(?:(?P<bound>{BOUND}) )?"
    multiples = [
        (UP, 100.0, "doubled|doubling|twice as many|(?:twice|double) the(?: number of)?"),
        (UP, 200.0, "tripled|three times as many|(?:triple|three times) the(?: number of)?"),
        (UP, 300.0, "quadrupled|four times as many"),
        (DOWN, 50.0, "halved|(?:been )?cut in half|half as many|half the number of"),
    ]
    return [
        phrase(f"{before}(?P<number>{ANY_NUMBER}){PERCENT}", percent),
        phrase(f"{before}(?P<share>{SHARE})", share),
        phrase(f"by (?:(?P<bound>{BOUND}) )?{number_}(?: cases)?", cases),
        phrase(f"(?:(?P<bound>{BOUND}) )?{number_}", count),
        phrase(f"to (?:(?P<bound>{BOUND}) )?{number_}", level),
        phrase(f"from (?P<first>{NUMBER}) to (?P<last>{NUMBER})", from_to),
        *(phrase(often + f"(?:{words})", times(way, value)) for way, value, words in multiples),
    ]


def _small() -> list[Phrase]:
    none = "no one|nobody|not a single|not one|none"
    return [
        of("C", none, Size(0.0, Unit.CASES)),
        # "Rose only here" says more than "rose here"; "only 34 people" does not.
        of("F", f"(?:only|just)(?= (?:(?:{BOUND}) )?(?:{NUMBER}))"),
        of("O", "no"),
        of("N", "not"),
        of("&", "and|but|while|whereas|or|although|though|also|yet|plus|then|;|&"),
        of("&", r"\.(?= )"),
        of(
            "F",
            "a|an|the|of|in|is|are|was|were|be|been|being|has|have|had|having|did|do|does|saw|"
            "seen|see|there|it|its|number|count|total|totals|figure|figures|level|levels|people|"
            "persons?|currently|now|overall|reported|recorded|counted|happened|occurred|went|"
            "gone|came|come|stood|stands|remained|remains?|stayed|reached|at|there's|for|"
            "a total of|people who were|by any weapon|took place",
        ),
    ]
