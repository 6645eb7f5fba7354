"""A claim as a form: what, where, when, against what, and what it says.

Each part is written in one word or a few: `victims`, `east`, `ytd`, `last-year`, `down 40%`
(docs/claim-check.md lists them; `form.toml` declares what the boxes offer). The screen's boxes, a
link, the command line and a text that is read all fill the same form.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from longevity.claims.when import ALL, EVERY, When, parse_when
from longevity.errors import UsageError
from longevity.findings.finding import TOGETHER
from longevity.measures.nouns import MEASURES

STATE, EACH = "state", "each"
DECLARED = tomllib.loads(Path(__file__).with_name("form.toml").read_text(encoding="utf-8"))
# What each kind of claim can be held against, the usual first.
BASES: Mapping[str, list[str]] = DECLARED["bases"]
PROGRAM: Mapping[str, Mapping[str, Any]] = DECLARED["program"]
NOUNS = {**MEASURES, **{what: declared["noun"] for what, declared in PROGRAM.items()}}
PARTS = ("what", "where", "when", "against", "says")
WHICH = "docs/claim-check.md lists what each part can be."
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
    """What a claim says, and by how much: `value` of the kind `amount`; None: it says no size.

    `is_negated`: that it is not so. `rounded`: half of the last digit that was written, where it is
    rounded to that; `other` is the count it came from for LEVEL, where that is said, and the whole
    for OF.
    """

    way: Way
    amount: Amount | None = None
    value: float = 0.0
    bound: Bound = Bound.EXACT
    rounded: float = 0.0
    other: float | None = None
    is_negated: bool = False
    code: str = ""


class ClaimKind(StrEnum):
    """Which rules a claim is judged by."""

    CHANGE = "change"
    RANK = "rank"
    NUMBER = "number"
    SHARE = "share"


class Base(StrEnum):
    """What a claim is held against."""

    EACH = "each"  # each of the usual ones: none is named
    LAST_YEAR = "last-year"  # the same time a year before
    YEAR = "year"  # the same time of that year
    MEAN = "mean"  # the mean of the same time of so many years before
    PROGRAM = "pre-program"  # the mean of the years before the program
    BEFORE = "before"  # the time just before
    ROW = "row"  # the year before, so many years in a row
    WHEN = "when"  # another time
    SINCE = "since"  # every year from that one on
    YEARS = "years"  # every one of so many years before
    RECORD = "record"  # every year on record
    EVER = "ever"
    MONTHS = "months"  # every other month of its year
    PLACE = "than"  # another place, by count and per resident
    RATE = "rate"  # another place, per resident
    CITIES = "all-cities"
    AREAS = "all-areas"  # every neighbourhood of the city
    WHOLE = "state"  # the whole state, of which it is a part
    OF = "of"  # another whole: a place, or people shot
    NUMBER = "number"  # the number that is said


@dataclass(frozen=True)
class Comparator:
    """What a claim is held against. `number`: a year, or how many years, days or months.

    `place`: another place, or for OF another measure.
    """

    code: str = "each"
    base: Base = Base.EACH
    number: int = 0
    place: str = ""
    when: When | None = None

    @property
    def is_place(self) -> bool:
        """Whether it is another place."""
        return self.base in (Base.PLACE, Base.RATE)

    def find_first_year(self, year: int) -> int | None:
        """Return the year that a rank of a year names as the first, where it names one."""
        return {Base.SINCE: self.number, Base.YEARS: year - self.number}.get(self.base)


@dataclass(frozen=True)
class ClaimForm:
    """A claim. `also`: other claims made in the same breath, all of which must be so."""

    what: str
    where: str
    when: When
    against: Comparator
    says: Says
    also: tuple[ClaimForm, ...] = ()

    def write_codes(self) -> dict[str, str]:
        """Return each part as a form writes it."""
        codes = {"what": self.what, "where": self.where, "when": self.when.code}
        return codes | {"against": self.against.code, "says": self.says.code}

    @property
    def city(self) -> str:
        """Return the city it is about, where it is about one or an area of one."""
        return self.where.partition("/")[0]

    @property
    def is_number(self) -> bool:
        """Return whether it says how many, or which share."""
        return self.says.way is Way.IS

    @property
    def kind(self) -> ClaimKind:
        """Return which kind of claim it is."""
        if not self.is_number:
            is_rank = self.says.way in (Way.LOWEST, Way.HIGHEST)
            return ClaimKind.RANK if is_rank else ClaimKind.CHANGE
        is_share = self.says.amount in (Amount.PERCENT, Amount.OF)
        return ClaimKind.SHARE if is_share and self.what in MEASURES else ClaimKind.NUMBER


@dataclass(frozen=True)
class Names:
    """What places and the program are called. `areas`: a name by `city/neighbourhood`.

    `met_hours`: within how many hours somebody who comes home is to be met.
    `has_program`: a program has begun in one of them.
    """

    cities: Mapping[str, str]
    state: str
    program: str
    areas: Mapping[str, str] = field(default_factory=dict)
    met_hours: int = 0
    has_program: bool = True

    @property
    def places(self) -> dict[str, str]:
        """Return every place a form can name, by how it writes it."""
        some = {TOGETHER: "All cities together", EACH: "Each city"} if len(self.cities) > 1 else {}
        areas = {
            code: f"{name}, {self.cities[code.partition('/')[0]]}"
            for code, name in self.areas.items()
        }
        return {**some, **self.cities, STATE: self.state, **areas}


def parse_against(code: str, names: Names) -> Comparator | None:
    """Parse how a form writes what it is held against; None where it is no such thing."""
    for base in Base:
        if match := re.fullmatch(DECLARED["codes"].get(base, base), code):
            said = match.groupdict()
            unit, place = said.get("unit", ""), said.get("place", "")
            if place not in ({*names.places, "victims"} - {EACH} if place else {""}):
                return None
            # "The week before" is of seven days, "the days before" of as many as there are now.
            number = int(said.get("number") or unit in ("week", "quarter"))
            return Comparator(code, base, number * {"week": 7, "quarter": 3}.get(unit, 1), place)
    when = parse_when(code)
    return Comparator(code, Base.WHEN, when=when) if when and not code.endswith(EVERY) else None


_WAYS = "|".join(way for way in Way if way is not Way.IS)
# After a way "to 38", "from 50 to 38" can follow, else "94 of 129".
_SAYS = re.compile(
    f"(?:(?P<negated>not )?(?P<way>{_WAYS})(?: (?=.)|$))?"
    "(?:(?(way)(?:(?:from (?P<start>[0-9][0-9,]{0,8}) )?(?P<to>to ))?)"
    f"(?:(?P<bound>{'|'.join(Bound)}) )?"
    r"(?P<value>[0-9][0-9,]{0,12}(?:\.(?P<decimals>[0-9]{1,3}))?)(?P<million> million)?"
    "(?:(?P<percent> ?%)|(?(way)(?!)| of (?P<whole>[0-9][0-9,]{0,11})))?)?"
)


def parse_says(code: str) -> Says | None:
    """Parse how a form writes what a claim says; None where it is no such thing."""
    match = _SAYS.fullmatch(code)
    if match is None or not code:
        return None
    said = match.groupdict("")
    is_percent, is_plain = said["percent"], not (said["way"] or said["whole"] or said["bound"])
    amount = Amount.LEVEL if said["to"] else Amount.OF if said["whole"] else Amount.CASES
    value, other = (
        float(number.replace(",", "") or 0)
        for number in (said["value"], said["start"] or said["whole"])
    )
    # 40% is from 39.5 to 40.5, $1.2 million from 1.15 to 1.25; a count is a count.
    scale = 1e6 if said["million"] else 1.0
    last_digit = scale * 10.0 ** -len(said["decimals"])
    return Says(
        Way(said["way"] or Way.IS),
        (Amount.PERCENT if is_percent else amount) if said["value"] else None,
        scale * value,
        Bound(said["bound"] or Bound.EXACT),
        last_digit / 2 if is_percent or said["million"] else 0.0,
        other if said["start"] or said["whole"] else None,
        bool(said["negated"]),
        f"exactly {code}" if is_plain else code,
    )


def parse_part(part: str, code: str, names: Names) -> str | When | Comparator | Says | None:
    """Parse one part of a form; None where the code is no such part."""
    if part in ("what", "where"):
        return code if code in (NOUNS if part == "what" else names.places) else None
    if part == "when":
        return parse_when(code)
    return parse_against(code, names) if part == "against" else parse_says(code)


def complete_form(parts: Mapping[str, Any], where: str) -> ClaimForm:
    """Fill what is left out by the usual: the place, the year to date, the usual baseline."""
    so_far = PROGRAM.get(parts["what"], {}).get("of") == "now"
    when = When(ALL) if so_far else When()
    form = ClaimForm(**{"where": where, "when": when, "against": Comparator(), **parts})
    usual = Base(BASES[form.kind][0])
    return form if "against" in parts else replace(form, against=Comparator(usual.value, usual))


def parse_form(codes: Mapping[str, str], names: Names, where: str) -> ClaimForm:
    """Parse a form from its parts; UsageError names one that is wrong, or that is missing."""
    parts = {part: parse_part(part, codes[part], names) for part in PARTS if part in codes}
    for part in PARTS:
        if part in ("what", "says") and part not in codes:
            raise UsageError(f"A claim needs its '{part}'.", WHICH)
        if part in codes and parts[part] is None:
            raise UsageError(f"'{codes[part]}' is no '{part}' of a claim.", WHICH)
    return complete_form(parts, where)


def find_conflict(form: ClaimForm) -> str:
    """Say why the parts make no claim together; empty where they do."""
    says, against, has_size = form.says, form.against, form.says.amount is not None
    is_same = says.way in (Way.SAME, Way.UNCLEAR)
    why = ""
    if form.what in PROGRAM and form.kind is not ClaimKind.NUMBER:
        why = "Of what the program counts say how many, or which share."
    elif against.base not in BASES[form.kind]:
        why = f"“{says.code}” cannot be held against “{against.code}”."
    elif (has_size and (says.is_negated or is_same)) or (
        says.is_negated and says.way not in (Way.UP, Way.DOWN)
    ):
        why = "It says what it is not. Say what it is, and it is checked."
    elif against.is_place and (is_same or (has_size and against.base is Base.RATE)):
        why = "Of two places say which has more, or fewer."
    elif says.way is Way.DOWN and says.amount is Amount.PERCENT and says.value > 100:
        why = "Nothing can fall by more than all of it."
    elif form.what in MEASURES and form.when.code == ALL:
        why = "“all” is for what the program counts. Say a time."
    return why
