"""A claim as a form: what, where, when, against what, and what it says.

Each part is written in one word or a few: `victims`, `east`, `ytd`, `last-year`, `down 40%`
(docs/claims.md lists them). The screen's boxes, a link, the command line and a text that is read
all fill the same form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar

from longevity.errors import UsageError
from longevity.text.claims.when import Unit, When, parse_when

TOGETHER, STATE = "together", "state"
VIOLENCE = {
    "victims": "people shot",
    "incidents": "shooting incidents",
    "fatal": "people shot and killed",
    "nonfatal": "people shot and wounded",
    "homicides": "homicides by any weapon",
}
PROGRAM = {
    "attendance": "people reached who came to a call-in",
    "services": "people at a call-in who began a service within 30 days",
    "follow_up_30": "group shootings followed by enforcement within 30 days",
    "follow_up_60": "group shootings followed by enforcement within 60 days",
    "follow_up_90": "group shootings followed by enforcement within 90 days",
    "stopped": "groups with notice that stopped shooting for a year",
    "met_home": "people coming home from custody who were met in time",
    "money": "dollars spent",
}
NOUNS = VIOLENCE | PROGRAM
PARTS = ("what", "where", "when", "against", "says")
T = TypeVar("T")


def require_part(value: T | None) -> T:
    """Return a part that a claim of this kind always has; ValueError without it."""
    if value is None:
        raise ValueError("a claim of this kind must have this part")
    return value


class Bound(StrEnum):
    """How a number is meant; the value is how it is said."""

    EXACT = "exactly"
    ABOUT = "about"
    NEARLY = "nearly"
    OVER = "more than"
    UNDER = "fewer than"
    AT_LEAST = "at least"
    AT_MOST = "at most"


class Amount(StrEnum):
    """What a number counts."""

    PERCENT = "%"
    CASES = ""  # so many, or by so many
    LEVEL = "to"
    OF = "of"  # so many of so many


@dataclass(frozen=True)
class Size:
    """How much: `value` of the kind `amount`.

    `decimals` are those written; `other` is the count it came from for LEVEL, where that is said,
    and the whole for OF.
    """

    value: float
    amount: Amount = Amount.CASES
    bound: Bound = Bound.EXACT
    decimals: int = 0
    other: float | None = None

    def __str__(self) -> str:
        """Return "more than 40%", "to 38", "from 50 to 38", "94 of 129"."""
        value = f"{self.value:,.{self.decimals}f}"
        bound = "" if self.bound is Bound.EXACT else f"{self.bound.value} "
        if self.amount is Amount.OF:
            return f"{bound}{value} of {self.other:,.0f}"
        if self.amount is Amount.LEVEL:
            start = f"from {self.other:,.0f} " if self.other is not None else ""
            return f"{start}to {bound}{value}"
        return f"{bound}{value}{self.amount.value}"


class Way(StrEnum):
    """What is said of a count."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    UNCLEAR = "no clear change"  # chance could explain the difference
    LOWEST = "lowest"
    HIGHEST = "highest"
    IS = "is"  # a number, or a share


@dataclass(frozen=True)
class Says:
    """What a claim says. `is_negated`: that it is not so; `beyond_chance`: by more than chance."""

    way: Way
    size: Size | None = None
    is_negated: bool = False
    beyond_chance: bool = False

    def __str__(self) -> str:
        """Return how a form writes it: "not up", "down 40%", "fewer than 34"."""
        if self.way is Way.IS:
            size = require_part(self.size)
            exact = size.bound is Bound.EXACT and size.amount is not Amount.OF
            return f"exactly {size}" if exact else str(size)
        words = ["not" if self.is_negated else "", "clearly" if self.beyond_chance else ""]
        return " ".join(filter(None, [*words, self.way.value, str(self.size or "")]))


class Base(StrEnum):
    """What a claim is held against."""

    EACH = "each"  # each of the usual ones: none is named
    LAST_YEAR = "last-year"  # the same time a year before
    YEAR = "year"  # the same time of that year
    MEAN = "mean"  # the mean of the same time of so many years before
    PROGRAM = "pre-program"  # the mean of the years before the program
    BEFORE = "before"  # the time just before
    WHEN = "when"  # another time
    SINCE = "since"  # every year from that one on
    YEARS = "years"  # every one of so many years before
    RECORD = "record"  # every year on record
    EVER = "ever"
    PLACE = "than"  # another place, by count and per resident
    RATE = "rate"  # another place, per resident
    CITIES = "all-cities"
    AREAS = "all-areas"  # every neighbourhood of the city
    WHOLE = "state"  # the whole state, of which it is a part
    NUMBER = "number"  # the number that is said


WORDS_OF_BASES = {
    *(Base.EACH, Base.LAST_YEAR, Base.PROGRAM, Base.RECORD, Base.EVER, Base.CITIES, Base.AREAS),
    *(Base.WHOLE, Base.NUMBER),
}
PLACES_OF_RANK = (Base.CITIES, Base.AREAS)
TIMES = (Base.EACH, Base.LAST_YEAR, Base.YEAR, Base.MEAN, Base.PROGRAM, Base.BEFORE, Base.WHEN)


@dataclass(frozen=True)
class Comparator:
    """What a claim is held against. `number`: a year, or how many years, days or months."""

    base: Base = Base.EACH
    number: int = 0
    when: When | None = None
    place: str = ""

    def __str__(self) -> str:
        """Return how a form writes it: `mean-5`, `than:east`, `2024-q3`."""
        if self.base is Base.WHEN:
            return str(self.when)
        if self.base in (Base.PLACE, Base.RATE):
            return f"{self.base}:{self.place}"
        return f"{self.base}-{self.number}" if self.number else self.base.value


@dataclass(frozen=True)
class ClaimForm:
    """One claim.

    `where` is a city's id, `city/neighbourhood`, TOGETHER or STATE.
    """

    what: str
    where: str
    when: When
    against: Comparator
    says: Says

    def write_codes(self) -> dict[str, str]:
        """Return how each part is written."""
        return {part: str(getattr(self, part)) for part in PARTS}

    @property
    def city(self) -> str:
        """Return the city it is about, where it is about one or an area of one."""
        return self.where.partition("/")[0]


@dataclass(frozen=True)
class Names:
    """What places and the program are called. `areas`: a name by `city/neighbourhood`.

    `met_within`: how a claim can call the time in which somebody who comes home is to be met.
    `has_program`: a program has begun in one of them.
    """

    cities: Mapping[str, str]
    state: str
    program: str
    areas: Mapping[str, str] = field(default_factory=dict)
    met_within: tuple[str, ...] = ()
    has_program: bool = True

    @property
    def places(self) -> dict[str, str]:
        """Return every place a form can name, by how it writes it."""
        some = {TOGETHER: "All cities together"} if len(self.cities) > 1 else {}
        areas = {
            code: f"{name}, {self.cities[code.partition('/')[0]]}"
            for code, name in self.areas.items()
        }
        return {**some, **self.cities, STATE: self.state, **areas}


def parse_against(code: str, names: Names) -> Comparator | None:
    """Parse how a form writes what it is held against; None where it is no such thing."""
    head, _, place = code.partition(":")
    if place:
        known = head in (Base.PLACE, Base.RATE) and place in names.places
        return Comparator(Base(head), place=place) if known else None
    if match := re.fullmatch("(year|since)-((?:19|20)[0-9]{2})|(mean|years)-([1-9][0-9]?)", code):
        return Comparator(Base(match[1] or match[3]), int(match[2] or match[4]))
    if match := re.fullmatch("before(?:-([0-9]{1,4}))?(?:-(day|week|month|quarter)s?)?", code):
        length = {"week": 7, "quarter": 3}.get(match[2], 1)
        return Comparator(
            Base.BEFORE, length * int(match[1] or bool(match[2] in ("week", "quarter")))
        )
    if code in WORDS_OF_BASES:
        return Comparator(Base(code))
    when = parse_when(code)
    return Comparator(Base.WHEN, when=when) if when else None


_BOUND = f"(?:(?P<bound>{'|'.join(Bound)}) )?"
_VALUE = r"(?P<value>[0-9][0-9,]{0,12}(?:\.(?P<decimals>[0-9]{1,3}))?)"
_SIZE = f"(?:from (?P<start>[0-9,]{{1,9}}) )?(?P<to>to )?{_BOUND}{_VALUE}(?P<percent> ?%)?"
_CHANGE = re.compile(
    f"(?P<negated>not )?(?P<beyond>clearly )?"
    f"(?P<way>{'|'.join(way for way in Way if way is not Way.IS)})(?: {_SIZE})?"
)
_IS = re.compile(f"{_BOUND}{_VALUE}(?P<percent> ?%)?(?: of (?P<whole>[0-9,]{{1,12}}))?")


def parse_says(code: str) -> Says | None:
    """Parse how a form writes what a claim says; None where it is no such thing."""
    if match := _IS.fullmatch(code):
        if match["whole"] and match["percent"]:
            return None
        kind = Amount.OF if match["whole"] else Amount.CASES
        return Says(Way.IS, _parse_size(match, kind, match["whole"]))
    match = _CHANGE.fullmatch(code)
    if match is None or (match["value"] and match["start"] and not match["to"]):
        return None
    kind = Amount.LEVEL if match["to"] else Amount.CASES
    size = _parse_size(match, kind, match["start"]) if match["value"] else None
    return Says(Way(match["way"]), size, bool(match["negated"]), bool(match["beyond"]))


def _parse_size(match: re.Match[str], amount: Amount, other: str | None) -> Size:
    return Size(
        float(match["value"].replace(",", "")),
        Amount.PERCENT if match["percent"] else amount,
        Bound(match["bound"] or Bound.EXACT),
        len(match["decimals"] or ""),
        float(other.replace(",", "")) if other else None,
    )


def parse_part(part: str, code: str, names: Names) -> str | When | Comparator | Says | None:
    """Parse one part of a form; None where the code is no such part."""
    if part == "what":
        return code if code in NOUNS else None
    if part == "where":
        return code if code in names.places else None
    if part == "when":
        return parse_when(code)
    return parse_against(code, names) if part == "against" else parse_says(code)


def complete_form(parts: Mapping[str, Any], where: str) -> ClaimForm:
    """Fill what is left out by the usual: the place, the year to date, the usual baseline."""
    so_far = parts["what"] == "stopped" or parts["what"].startswith("follow_up")
    when = When(Unit.ALL) if so_far else When()
    usual = {"where": where, "when": when, "against": Comparator()}
    form = ClaimForm(**{part: parts.get(part, usual.get(part)) for part in PARTS})
    bases = list_bases(form)
    if "against" not in parts and bases and form.against.base not in bases:
        form = replace(form, against=Comparator(bases[0]))
    return form


def parse_form(codes: Mapping[str, str], names: Names, where: str) -> ClaimForm:
    """Parse a form from its parts; UsageError names one that is wrong, or that is missing."""
    parts = {}
    for part in PARTS:
        if part not in codes and part in ("what", "says"):
            raise UsageError(f"A claim needs its '{part}'.", _list_choices(part, names))
        if part in codes:
            parts[part] = parse_part(part, codes[part], names)
            if parts[part] is None:
                what = f"'{codes[part]}' is no '{part}' of a claim."
                raise UsageError(what, _list_choices(part, names))
    return complete_form(parts, where)


def _list_choices(part: str, names: Names) -> str:
    choices = {
        "what": ", ".join(NOUNS),
        "where": f"{', '.join([TOGETHER, *names.cities, STATE])}, city/neighbourhood",
        "when": "ytd, 2024, 2024-h1, 2024-q3, 2024-10, 2024-summer, last-28-days, last-3-months, "
        "since-2024-06-01, 2024-01-01..2024-05-31",
        "against": "each, last-year, year-2019, mean-5, before, pre-program, a time, since-2019, "
        "record, than:city, all-cities, all-areas, state, number",
        "says": "down, up, same, not up, no clear change, down 40%, up more than 10%, down 12, "
        "exactly 34, fewer than 34, 94 of 129, lowest, highest",
    }
    return f"Say one such as: {choices[part]}."


def find_conflict(form: ClaimForm) -> str:
    """Say why the parts make no claim together; empty where they do."""
    says, base = form.says, form.against.base
    is_rank = says.way in (Way.LOWEST, Way.HIGHEST)
    is_same = says.way in (Way.SAME, Way.UNCLEAR)
    falls_by = says.size if says.way is Way.DOWN and says.size else Size(0)
    why = ""
    if base not in list_bases(form):
        why = f"“{says}” cannot be held against “{form.against}”."
    elif says.size and (says.is_negated or is_same):
        why = "It says how much it is not. Say what it is, and it is checked."
    elif says.is_negated and (is_rank or is_same):
        why = "It says what it is not. Say what it is, and it is checked."
    elif falls_by.amount is Amount.PERCENT and falls_by.value > 100:
        why = "Nothing can fall by more than all of it."
    elif says.size and form.what in PROGRAM and says.way is not Way.IS:
        why = "By how much a share rose can mean points or percent. Say up or down, or the share."
    elif base is Base.WHOLE and form.where == STATE:
        why = "It is all of the state: say which part of it."
    elif form.when.unit is Unit.ALL and form.what in VIOLENCE:
        why = "“all” is for what the program counts. Say a time."
    return why


def list_bases(form: ClaimForm) -> tuple[Base, ...]:
    """Return what such a claim can be held against, the usual first."""
    way, size = form.says.way, form.says.size
    if form.what in PROGRAM:
        if way is Way.IS:
            return (Base.NUMBER,)
        return (Base.LAST_YEAR, Base.BEFORE, Base.WHEN) if way in (Way.UP, Way.DOWN) else ()
    if way is Way.IS:
        is_share = size is not None and size.amount in (Amount.PERCENT, Amount.OF)
        return (Base.WHOLE,) if is_share else (Base.NUMBER,)
    if way in (Way.LOWEST, Way.HIGHEST):
        return (Base.RECORD, Base.SINCE, Base.YEARS, Base.EVER, *PLACES_OF_RANK)
    places = (Base.PLACE, Base.RATE) if way in (Way.UP, Way.DOWN) and size is None else ()
    return (*TIMES, *places)
