"""A claim as a form: what, where, when, against what, and what it says.

Each part is written in one word or a few: `victims`, `east`, `ytd`, `last-year`, `down 40%`
(docs/claim-check.md lists them; `form.toml` declares what the boxes offer). The screen's boxes, a
link, the command line and a text that is read all fill the same form.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from longevity.claims.when import TO_DATE, When, parse_when
from longevity.facts.counted import MEASURES
from longevity.findings.finding import TOGETHER

DECLARED = tomllib.loads(Path(__file__).with_name("form.toml").read_text(encoding="utf-8"))
# What each kind of claim can be held against.
BASES: Mapping[str, list[str]] = DECLARED["bases"]
# What follows a base behind a colon: a year, or how many years or days.
NUMBERS: Mapping[str, str] = DECLARED["numbers"]
PROGRAM: Mapping[str, Mapping[str, Any]] = DECLARED["program"]
NOUNS = {**MEASURES, **{what: declared["noun"] for what, declared in PROGRAM.items()}}
OF_NEIGHBOURHOODS = (
    "Of a neighbourhood say how many were shot. Whether it changed is judged together with all "
    "others of its city, on the screen Map."
)
PARTS = ("what", "where", "when", "against", "says")


class Bound(StrEnum):
    """How a number is meant; the value is how it is said."""

    EXACT = "exactly"
    ABOUT = "about"
    OVER = "more than"
    UNDER = "fewer than"
    AT_LEAST = "at least"
    AT_MOST = "at most"


class Amount(StrEnum):
    """What the number of a claim is: a percentage, a count, or the count that is reached."""

    PERCENT = "%"
    CASES = ""  # 40 people, or 40 fewer
    LEVEL = "to"  # down to 40


class Way(StrEnum):
    """What a claim says of a count: how it moved, its rank, or the number itself."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    LOWEST = "lowest"
    HIGHEST = "highest"
    IS = "is"  # a number, or a share


RANKS = (Way.LOWEST, Way.HIGHEST)


@dataclass(frozen=True)
class Says:
    """What a claim says, and by how much: "down 40%" is DOWN, PERCENT, 40.

    `amount` None: it says no size. `start`: the count it came from, where it names that ("down from
    50 to 40").
    """

    way: Way
    amount: Amount | None = None
    value: float = 0.0
    bound: Bound = Bound.EXACT
    start: float | None = None
    code: str = ""


class Base(StrEnum):
    """What a claim is compared with (*held against*): an earlier time, or other years."""

    EACH = "each"  # the claim names none: each of the usual baselines
    LAST_YEAR = "last-year"  # the same time a year before
    YEAR = "year"  # the same time of the year that is named
    MEAN = "mean"  # the mean of the same time of the 3 (say) years before
    PROGRAM = "pre-program"  # the mean of the years before the program
    BEFORE = "before"  # the time just before
    SINCE = "since"  # every year from the one named on
    RECORD = "record"  # every year on record


@dataclass(frozen=True)
class Comparator:
    """What a claim is held against: a base, and what that needs to know.

    `code`: how a form writes it ("mean:3"). `number`: the year of YEAR and SINCE, the number of
    years of MEAN, of days of BEFORE; else 0. `when`: the part of that year, where it names one.
    """

    code: str
    base: Base
    number: int = 0
    when: When | None = None


@dataclass(frozen=True)
class ClaimForm:
    """A claim, such as victims, east, ytd, last-year, down 40%: each part by its code."""

    what: str
    where: str
    when: When
    against: Comparator
    says: Says

    def write_codes(self) -> dict[str, str]:
        """Return the code of each part, as a form writes it."""
        codes = {"what": self.what, "where": self.where, "when": self.when.code}
        return codes | {"against": self.against.code, "says": self.says.code}

    @property
    def kind(self) -> str:
        """Whether it says a number, a rank or a change: not each can be held against every base."""
        if self.says.way is Way.IS:
            return "number"
        return "rank" if self.says.way in RANKS else "change"


@dataclass(frozen=True)
class Names:
    """What places and the program are called. `areas`: a name by `city/neighbourhood`."""

    cities: Mapping[str, str]
    program: str
    areas: Mapping[str, str] = field(default_factory=dict)

    @property
    def places(self) -> dict[str, str]:
        """The name of every place a form can have, by the place's code."""
        together = {TOGETHER: "All cities together"} if len(self.cities) > 1 else {}
        areas = {
            code: f"{name}, {self.cities[code.partition('/')[0]]}"
            for code, name in self.areas.items()
        }
        return {**together, **self.cities, **areas}


def parse_against(code: str) -> Comparator | None:
    """Parse what a claim is held against, such as `mean:3` or `2019-q1`; None where it is none."""
    base, _, number = code.partition(":")
    if base in {*Base} and re.fullmatch(NUMBERS.get(base, ""), number):
        return Comparator(code, Base(base), int(number or 0))
    when = parse_when(code)
    if when and when.is_calendar and code[:4].isdecimal():
        return Comparator(code, base=Base.YEAR, number=int(code[:4]), when=when)
    return None


# "highest", "down 40%", "up from 30 to 40", "at least 12", each part by its name.
_SAYS = re.compile(
    f"(?P<alone>{'|'.join(way for way in Way if way is not Way.IS)})"
    "|(?:(?P<way>up|down) (?:(?:from (?P<start>[0-9]{1,9}) )?(?P<to>to ))?)?"
    f"(?:(?P<bound>{'|'.join(Bound)}) )?(?P<value>[0-9]{{1,12}})(?P<percent>%)?"
)


def parse_says(code: str) -> Says | None:
    """Parse what a claim says, such as `down 40%` or `highest`; None where it is none."""
    match = _SAYS.fullmatch(code.replace(",", ""))
    if match is None:
        return None
    said = match.groupdict("")
    if said["alone"]:
        return Says(Way(said["alone"]), code=code)
    amount = Amount.PERCENT if said["percent"] else Amount.LEVEL if said["to"] else Amount.CASES
    return Says(
        Way(said["way"] or Way.IS),
        amount,
        float(said["value"]),
        Bound(said["bound"] or Bound.EXACT),
        float(said["start"]) if said["start"] else None,
        code,
    )


def parse_part(part: str, code: str, names: Names) -> str | When | Comparator | Says | None:
    """Parse the code of one part of a form: `ytd` is a `when`; None where it is no such part."""
    if part in ("what", "where"):
        return code if code in (NOUNS if part == "what" else names.places) else None
    if part == "when":
        return parse_when(code)
    return parse_against(code) if part == "against" else parse_says(code)


def complete_form(parts: Mapping[str, Any], where: str) -> ClaimForm:
    """Return the form of some of its parts, the others as usual.

    Usual are the place `where`, this year so far, and each of the usual baselines.
    """
    # "Down from 50 to 40": the 50 are those of the year before.
    base = Base.EACH if parts["says"].start is None else Base.LAST_YEAR
    usual = {"where": where, "when": When(TO_DATE), "against": Comparator(base.value, base)}
    return ClaimForm(**{**usual, **parts})


def find_conflict(form: ClaimForm) -> str:
    """Say why the parts, each right by itself, make no claim together; "" where they do."""
    says, against, is_program = form.says, form.against, form.what in PROGRAM
    is_number, is_share = form.kind == "number", says.amount is Amount.PERCENT
    reasons = {
        "Of what the program counts say how many, or which share.": is_program and not is_number,
        "Of who was shot or killed say how many.": not is_program and is_number and is_share,
        OF_NEIGHBOURHOODS: "/" in form.where and (is_program or not is_number),
        f"“{says.code}” cannot be held against “{against.code}”.": (
            against.base not in BASES[form.kind]
        ),
    }
    return next((reason for reason, speaks in reasons.items() if speaks), "")
