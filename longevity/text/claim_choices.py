"""What each box of a claim's form offers, by how the form writes it, and what it is called.

A `#` in a code is a number that is given beside the box; OTHER_DATES are two days given there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from longevity.text import wording
from longevity.text.claims.form import (
    PROGRAM,
    VIOLENCE,
    Base,
    Names,
    Says,
    Way,
    complete_form,
    list_bases,
    parse_against,
    parse_says,
)
from longevity.text.claims.when import SEASONS, When, parse_when

NUMBER = "#"
OTHER_DATES = "#..#"
CHOOSE = ""  # a part that a text leaves open
OF_PROGRAM = {
    "attendance": "Came to a call-in",
    "services": "Began a service",
    "follow_up_30": "Follow-up in 30 days",
    "follow_up_60": "Follow-up in 60 days",
    "follow_up_90": "Follow-up in 90 days",
    "stopped": "Groups that stopped",
    "met_home": "Met coming home",
    "money": "Money spent",
}
SAYS = {
    "down": "Down",
    "up": "Up",
    "same": "As many",
    "no clear change": "No clear change",
    "not up": "Not up",
    "not down": "Not down",
    "down #%": "Down by … %",
    "up #%": "Up by … %",
    "down more than #%": "Down by more than … %",
    "up more than #%": "Up by more than … %",
    "down about 50%": "Halved",
    "up about 100%": "Doubled",
    "exactly #": "Exactly …",
    "fewer than #": "Fewer than …",
    "more than #": "More than …",
    "at least #": "At least …",
    "at most #": "At most …",
    "lowest": "The fewest",
    "highest": "The most",
}
SAYS_OF_PROGRAM = {
    "at least #%": "At least … %",
    "fewer than #%": "Less than … %",
    "exactly #%": "… %",
    "exactly #": "Exactly …",
    "at least #": "At least …",
    "up": "Up, as a share",
    "down": "Down, as a share",
}
SAYS_OF_PARTS = {
    "exactly #%": "… % of the state's",
    "at least #%": "At least … % of the state's",
}
AGAINST = {
    "each": "Each usual baseline",
    "last-year": "Same time a year before",
    "mean-3": "Mean of 3 years before",
    "mean-5": "Mean of 5 years before",
    "before": "Time just before",
    "pre-program": "Years before the program",
    "record": "Every year on record",
    "years-5": "The 5 years before",
    "years-10": "The 10 years before",
    "ever": "All time",
    "all-cities": "All cities",
    "all-areas": "All neighbourhoods",
    "number": "The number itself",
    "state": "The whole state",
}


def list_what() -> dict[str, str]:
    """Return what can be counted."""
    return {code: wording.start_sentence(noun) for code, noun in (VIOLENCE | OF_PROGRAM).items()}


def list_when(first: date, through: date, has_program: bool) -> dict[str, str]:
    """Return times, the newest first. `first`, `through`: the first and last day of the data."""
    years = range(through.year, max(first.year, through.year - 2) - 1, -1)
    codes = ["ytd", "last-week", "last-28-days", "last-month", "last-quarter", "last-365-days"]
    codes += [f"last-{NUMBER}-days", f"last-{NUMBER}-weeks", f"last-{NUMBER}-months", OTHER_DATES]
    codes += [str(year) for year in range(through.year - 1, first.year - 1, -1)]
    codes += [f"{year}-h{half}" for year in years for half in (2, 1)]
    codes += [f"{year}-q{quarter}" for year in years for quarter in (4, 3, 2, 1)]
    codes += [f"{year}-{season}" for year in years for season in reversed(SEASONS)]
    codes += [f"{year}-{month:02}" for year in years for month in range(12, 0, -1)]
    codes += ["since-launch", "all"] if has_program else ["all"]
    return {code: name_when(code) for code in codes if not _is_open(code, through)}


def _is_open(code: str, through: date) -> bool:
    """Return whether a time is not over on the last day of the data."""
    when = parse_when(code)
    return bool(when and when.year and when.resolve(through, [7], through)[1] > through)


def name_when(code: str) -> str:
    """Return what a time is called."""
    when = parse_when(code)
    fixed = {
        "ytd": "This year so far",
        "last-365-days": "Last 12 months",
        OTHER_DATES: "Other dates …",
        "since-launch": "Since the launch",
        "all": "So far (program)",
    }
    if code in fixed or when is None:
        return fixed.get(code) or wording.start_sentence(code.replace("-", " ").replace("#", "…"))
    if when.first:
        since = f"Since {wording.format_day(when.first)}"
        return since if when.last is None else _format_days(when)
    if when.year and when.month:
        return _name_months(when)
    return wording.start_sentence(code.replace("-", " "))


def _format_days(when: When) -> str:
    any_day = when.last or date(when.year or 1, 12, 31)  # of no matter: its days are its own
    return wording.format_period(*when.resolve(any_day, [7], any_day))


def _name_months(when: When) -> str:
    if (match := re.fullmatch("([0-9]{4})-([hq])([1-4])", str(when))) is not None:
        part = "half" if match[2] == "h" else "quarter"
        return f"{('First', 'Second', 'Third', 'Fourth')[int(match[3]) - 1]} {part} of {match[1]}"
    if when.months == 3 and when.month in SEASONS.values():
        season = next(name for name, month in SEASONS.items() if month == when.month)
        later = f"–{(when.year or 0) + 1}" if season == "winter" else ""
        return f"{season.capitalize()} {when.year}{later}"
    if when.months == 1:
        return f"{date(when.year or 1, when.month, 1):%B} {when.year}"
    return _format_days(when)


def list_says(what: str, where: str) -> dict[str, str]:
    """Return what can be said of such a count."""
    if what in PROGRAM:
        return SAYS_OF_PROGRAM
    return SAYS | SAYS_OF_PARTS if where == "together" and what == "homicides" else SAYS


def name_says(code: str) -> str:
    """Return what a claim says, where it is none of the usual."""
    return wording.start_sentence(code)


def can_be_against(code: str, codes: Mapping[str, str], names: Names) -> bool:
    """Return whether a claim of these parts can be held against this."""
    against = parse_against(code, names)
    return against is not None and against.base in _list_bases(codes, names)


def _list_bases(codes: Mapping[str, str], names: Names) -> tuple[Base, ...]:
    says = parse_says(codes["says"]) or Says(Way.DOWN)
    parts = {"what": codes["what"] or "victims", "where": codes["where"], "says": says}
    bases = list_bases(complete_form(parts, ""))
    return tuple(base for base in bases if names.has_program or base is not Base.PROGRAM)


def list_against(
    codes: Mapping[str, str], names: Names, first: date, through: date
) -> dict[str, str]:
    """Return what a claim of these parts can be held against. `codes`: the parts chosen so far."""
    bases = _list_bases(codes, names)
    result = {code: words for code, words in AGAINST.items() if can_be_against(code, codes, names)}
    years = range(through.year - 1, first.year - 1, -1)
    if Base.YEAR in bases:
        result |= {f"year-{year}": f"Same time of {year}" for year in years}
    if Base.SINCE in bases:
        result |= {f"since-{year}": f"Every year since {year}" for year in years}
    if Base.WHEN in bases:
        result[OTHER_DATES] = "Other dates …"
    if Base.PLACE in bases and codes["where"] not in ("together", "state"):
        result |= _list_other_places(codes["where"], names)
    if "/" not in codes["where"]:
        result = {code: words for code, words in result.items() if code != "all-areas"}
    return result


def _list_other_places(where: str, names: Names) -> dict[str, str]:
    """Return the places of the same kind, of the same city where it is a neighbourhood."""
    city = where.partition("/")[0]
    others = {
        place: name
        for place, name in names.places.items()
        if place != where
        and (place in names.cities if "/" not in where else place.startswith(f"{city}/"))
    }
    return {f"than:{place}": f"{name}" for place, name in others.items()}


def name_against(code: str, names: Names) -> str:
    """Return what something to be held against is called."""
    if code in AGAINST:
        return AGAINST[code]
    head, _, place = code.partition(":")
    if place in names.places:
        return f"{names.places[place]}{', per resident' if head == 'rate' else ''}"
    match = re.fullmatch("(year|since|years|mean)-([0-9]+)", code)
    if match:
        words = {
            "year": f"Same time of {match[2]}",
            "since": f"Every year since {match[2]}",
            "years": f"The {match[2]} years before",
            "mean": f"Mean of {match[2]} years before",
        }
        return words[match[1]]
    return name_when(code) if parse_when(code) else wording.start_sentence(code)
