"""What each box of a claim's form offers, by how the form writes it, and what it is called.

`form.toml` declares it; the years and places are those of a release. A `#` in a code is a number
that is given next to the box; OTHER_DATES are two days given there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from longevity import windows
from longevity.claims.form import (
    DECLARED,
    EACH,
    PROGRAM,
    STATE,
    ClaimKind,
    Names,
    complete_form,
    parse_part,
)
from longevity.claims.when import ALL
from longevity.findings.finding import TOGETHER
from longevity.measures import wording
from longevity.measures.nouns import MEASURES

NUMBER = "#"
OTHER_DATES = "#..#"
CHOOSE = ""  # a part that a text leaves open


def list_choices(
    part: str, codes: Mapping[str, str], names: Names, first: date, through: date
) -> dict[str, str]:
    """Return what a part of a claim can be. `codes`: the parts chosen so far; `first`, `through`:
    the first and the last day of the data.
    """
    if part == "what":
        of_program = {what: declared["label"] for what, declared in PROGRAM.items()}
        return {what: wording.start_sentence(noun) for what, noun in MEASURES.items()} | of_program
    if part == "where":
        return names.places
    if part == "when":
        return _list_times(first, through)
    if part == "says":
        return dict(DECLARED["says"]["program" if codes["what"] in PROGRAM else "violence"])
    return _list_against(codes, names)


def _list_times(first: date, through: date) -> dict[str, str]:
    """Return times, the newest first, that are over on the last day of the data."""
    times = dict(DECLARED["when"])
    of_program = {ALL: times.pop(ALL)}
    years = {str(year): str(year) for year in range(through.year - 1, first.year - 1, -1)}
    months = windows.list_months(max(first, date(through.year - 1, 1, 1)), through)
    whole = {f"{at:%Y-%m}": f"{at:%B %Y}" for at, until in reversed(months) if until.day == 1}
    return times | years | whole | of_program


def _list_against(codes: Mapping[str, str], names: Names) -> dict[str, str]:
    where, kind = codes["where"], find_kind(codes, names)
    gone = [] if "/" in where else ["all-areas"]
    gone += [] if names.has_program else ["pre-program"]
    offered: Mapping[str, str] = DECLARED["against"][kind]
    result = {code: label for code, label in offered.items() if code not in gone}
    if kind is ClaimKind.CHANGE and where not in (TOGETHER, STATE, EACH):
        city, _, area = where.partition("/")
        near = [p for p in names.areas if p.startswith(f"{city}/")] if area else names.cities
        others = {place: names.places[place] for place in near if place != where}
        result |= {f"than:{place}": name for place, name in others.items()}
        result |= {f"rate:{place}": f"{name}, per resident" for place, name in others.items()}
    return result


def find_kind(codes: Mapping[str, str], names: Names) -> ClaimKind:
    """Return which kind of claim these parts make; that of a change where they make none yet."""
    says = parse_part("says", codes["says"].replace(NUMBER, "1"), names)
    return (
        complete_form({"what": codes["what"], "says": says}, "").kind if says else ClaimKind.CHANGE
    )
