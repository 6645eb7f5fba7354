"""What each box of a claim's form offers, by how the form writes it, and what it is called.

`form.toml` declares it; the years and places are those of a release. A `#` in a code is a number
that is given next to the box; OTHER_DATES are two days given there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from longevity import windows
from longevity.findings.finding import TOGETHER
from longevity.measures.nouns import MEASURES
from longevity.text import wording
from longevity.text.claims.form import (
    BASES,
    DECLARED,
    EACH,
    PROGRAM,
    STATE,
    Base,
    Names,
    complete_form,
    parse_against,
    parse_part,
)
from longevity.text.claims.when import Clock, parse_when

NUMBER = "#"
OTHER_DATES = "#..#"
CHOOSE = ""  # a part that a text leaves open
OF_LAUNCH = ("since-launch", "all")


def list_choices(
    part: str, codes: Mapping[str, str], names: Names, first: date, through: date
) -> dict[str, str]:
    """Return what a part of a claim can be. `codes`: the parts chosen so far; `first`, `through`:
    the first and the last day of the data.
    """
    if part == "what":
        of_program = {what: declared["label"] for what, declared in PROGRAM.items()}
        nouns = {what: wording.start_sentence(noun) for what, noun in MEASURES.items()}
        return nouns | of_program
    if part == "where":
        return dict(names.places)
    if part == "when":
        return _list_times(names, first, through)
    if part == "says":
        kind = "program" if codes["what"] in PROGRAM else "violence"
        return dict(DECLARED["says"][kind])
    return _list_against(codes, names, first, through)


def _list_times(names: Names, first: date, through: date) -> dict[str, str]:
    """Return times, the newest first, that are over on the last day of the data."""
    declared = DECLARED["when"]
    result = {code: declared[code] for code in declared if code not in OF_LAUNCH}
    result |= {str(year): str(year) for year in range(through.year - 1, first.year - 1, -1)}
    months = windows.list_months(max(first, date(through.year - 1, 1, 1)), through)
    whole = [month for month, until in reversed(months) if until.day == 1]
    result |= {f"{month:%Y-%m}": f"{month:%B %Y}" for month in whole}
    launched = OF_LAUNCH if names.has_program else OF_LAUNCH[1:]
    return result | {code: declared[code] for code in launched}


def _list_against(
    codes: Mapping[str, str], names: Names, first: date, through: date
) -> dict[str, str]:
    result = {}
    for code, label in DECLARED["against"].items():
        years = range(through.year - 1, first.year - 1, -1) if code.endswith("-#") else [0]
        for year in years:
            result[code.replace("-#", f"-{year}")] = label.replace("#", str(year))
    where = codes["where"]
    if where not in (TOGETHER, STATE, EACH):
        kind = names.areas if "/" in where else names.cities
        city = where.partition("/")[0]
        near = [p for p in kind if p != where and ("/" not in where or p.startswith(f"{city}/"))]
        result |= {f"than:{place}": names.places[place] for place in near}
    dates = {OTHER_DATES: f"{first}..{through}"}
    return {
        code: label
        for code, label in result.items()
        if can_be_against(dates.get(code, code), codes, names)
    }


def can_be_against(code: str, codes: Mapping[str, str], names: Names) -> bool:
    """Return whether a claim of these parts can be held against this."""
    against = parse_against(code, names)
    says = codes["says"].replace(NUMBER, "1") or "down"
    given = {"what": codes["what"] or "victims", "where": codes["where"], "says": says}
    parts = {part: parse_part(part, written, names) for part, written in given.items()}
    if against is None or None in parts.values():
        return False
    is_of_none = against.base is Base.PROGRAM and not names.has_program
    is_of_city = against.base is Base.AREAS and "/" in codes["where"]
    lacks = is_of_none or (against.base is Base.AREAS and not is_of_city)
    return not lacks and against.base in BASES[complete_form(parts, "").kind]


def name_choice(part: str, code: str, names: Names) -> str:
    """Return what a code from a link or a sentence is called, where it is none of the usual."""
    declared = DECLARED.get(part, {}).get(code)
    head, _, place = code.partition(":")
    when = parse_when(code) if part in ("when", "against") else None
    if declared:
        return str(declared)
    if place in names.places:
        return f"{names.places[place]}{', per resident' if head == 'rate' else ''}"
    if when and when.year and not when.every:
        any_day = date(when.year, 12, 31)  # of no matter: its days are its own
        return wording.format_period(*when.resolve(Clock(any_day, frozenset(), None)))
    return wording.start_sentence(code.replace("-", " ") if part in ("when", "against") else code)
