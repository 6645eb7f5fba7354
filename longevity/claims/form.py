"""A claim as a form: what, where, when, against what, and what it says.

Each part is written in one word or a few: `victims`, `east`, `ytd`, `last-year`, `down 40%`
(docs/claim-check.md lists them; `form.toml` declares what the boxes offer). The screen's boxes, a
link, the command line and a text that is read all fill the same form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from longevity.base.toml_file import Table, read_toml
from longevity.claims.when import CALENDAR, LAST_YEAR, TO_DATE, YEAR, When, parse_when
from longevity.facts.counted import MEASURES
from longevity.findings.finding import TOGETHER


class ProgramShare(Table):
    """A part of a whole that the program counts; `form.toml` says what each field means."""

    label: str
    noun: str
    query: str
    by_city: bool = False
    part: list[str]
    whole: str


class Offers(Table):
    """What the boxes of the form offer, by the code of each: `{"ytd": "This year so far"}`."""

    program: dict[str, ProgramShare]
    says: dict[Literal["violence", "program"], dict[str, str]]
    when: dict[str, str]
    against: dict[str, str]


OFFERS = read_toml(Path(__file__).with_suffix(".toml")).check(Offers)
PROGRAM = OFFERS.program
NOUNS = {**MEASURES, **{what: share.noun for what, share in PROGRAM.items()}}
EACH = "each"  # the claim names none: every usual time, or every year
BEFORE = "before"  # the time just before
PRE_PROGRAM = "pre-program"  # the mean of the years before the program
# What each kind of claim can be held against: the year of `year` and `since`, the years of `mean`,
# and the days of `before` follow a colon.
AGAINST = {
    "number": re.compile(EACH),
    "rank": re.compile(f"{EACH}|record|since:{YEAR}"),
    "change": re.compile(
        f"{EACH}|{LAST_YEAR}|{PRE_PROGRAM}|{BEFORE}(?::[1-9][0-9]{{0,3}})?|mean:[1-9][0-9]?"
        f"|year:{YEAR}|{CALENDAR.pattern}"
    ),
}
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


@dataclass(frozen=True)
class ClaimForm:
    """A claim, such as victims, east, ytd, last-year, down 40%: each part by its code."""

    what: str
    where: str
    when: When
    against: str
    says: Says

    def write_codes(self) -> dict[str, str]:
        """Return the code of each part, as a form writes it."""
        codes = {"what": self.what, "where": self.where, "when": self.when.code}
        return codes | {"against": self.against, "says": self.says.code}

    @property
    def kind(self) -> str:
        """Whether it says a number, a rank or a change: each can be held against other things."""
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


def parse_part(part: str, code: str, names: Names) -> str | When | Says | None:
    """Parse the code of one part of a form: `ytd` is a `when`; None where it is no such part."""
    if part in ("what", "where"):
        return code if code in (NOUNS if part == "what" else names.places) else None
    if part == "when":
        return parse_when(code)
    if part == "against":
        return code if any(written.fullmatch(code) for written in AGAINST.values()) else None
    return parse_says(code)


def complete_form(parts: Mapping[str, Any], where: str) -> ClaimForm:
    """Return the form of some of its parts, the others as usual.

    Usual are the place `where`, this year so far, and each of the usual baselines.
    """
    # "Down from 50 to 40": the 50 are those of the year before.
    against = EACH if parts["says"].start is None else LAST_YEAR
    usual = {"where": where, "when": When(TO_DATE), "against": against}
    return ClaimForm(**{**usual, **parts})


def find_conflict(form: ClaimForm) -> str:
    """Say why the parts, each right by itself, make no claim together; "" where they do."""
    is_program = form.what in PROGRAM
    is_number = form.kind == "number"
    if is_program and not is_number:
        return "Of what the program counts say how many, or which share."
    if not is_program and is_number and form.says.amount is Amount.PERCENT:
        return "Of who was shot or killed say how many."
    if "/" in form.where and (is_program or not is_number):
        return OF_NEIGHBOURHOODS
    if not AGAINST[form.kind].fullmatch(form.against):
        return f"“{form.says.code}” cannot be held against “{form.against}”."
    return ""
