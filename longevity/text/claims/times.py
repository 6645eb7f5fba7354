"""The phrases that say when, against what, and how far back."""

from __future__ import annotations

import re

from longevity.text.claims.claim import Against, Back, Base, Reach, Span, Window
from longevity.text.claims.normal import normalised
from longevity.text.claims.phrase import (
    DOWN,
    MONTHS,
    NUMBER,
    UP,
    YEAR,
    Item,
    Phrase,
    number,
    of,
    phrase,
)

INTO = "(?:in |during |for |of )?"
SPENT = "(?:in |during |for |over |within )?"
SAME_DAYS = "(?:the )?same (?:days|period|time|point)(?: (?:of|in))? "


def times() -> list[Phrase]:
    """When: "this year", "in 2024", "in the last 28 days"."""

    def days(match: re.Match[str]) -> list[Item]:
        weeks = match["unit"].startswith("week")
        return [Item("T", Window(Span.DAYS, int(number(match["number"])) * (7 if weeks else 1)))]

    def year(match: re.Match[str]) -> list[Item]:
        return [Item("T", Window(Span.YEAR, int(match["year"])))]

    def month(match: re.Match[str]) -> list[Item]:
        at = MONTHS.index(match["month"]) + 1
        return [Item("T", Window(Span.MONTH, at, int(match["year"])))]

    this = "this year(?: so far)?|so far this year|the year to date|year to date|so far|to date"
    return [
        of("T", f"{INTO}(?:{this}|this calendar year)(?:'s)?", Window()),
        of("T", f"{INTO}last year(?:'s)?", Window(Span.LAST_YEAR)),
        phrase(f"(?:so far )?{INTO}(?:the year )?(?P<year>{YEAR})(?:'s)?(?: so far)?", year),
        phrase(f"{SPENT}(?:the )?(?:last|past) (?P<number>{NUMBER}) (?P<unit>days?|weeks?)", days),
        of("T", f"{SPENT}(?:the )?past week|in the last week", Window(Span.DAYS, 7)),
        of("T", "last week(?:'s)?|during last week", Window(Span.WEEK)),
        of(
            "T",
            f"{SPENT}(?:the )?(?:last|past) (?:12|twelve) months|{SPENT}the (?:last|past) year|"
            f"{SPENT}past year",
            Window(Span.DAYS, 365),
        ),
        phrase(f"{INTO}(?P<month>{'|'.join(MONTHS)}) (?:of )?(?P<year>{YEAR})", month),
    ]


def baselines(program: str) -> list[Phrase]:
    """Against what: "since last year", "than the five-year average"."""
    than = (
        "(?:since|than in|than|compared (?:with|to)|in comparison (?:with|to)|against|versus|"
        "vs\\.?|from|over|on|relative to|as in|as) (?:in |that of |those of |those in )?"
    )
    before = "(?:the |a )?(?:year (?:before|earlier|ago)|previous year|prior year|preceding year)"
    mean = (
        f"(?:the |its )?(?:(?:last |past |previous |prior )?(?P<a>{NUMBER}) year (?:average|mean)|"
        f"(?:average|mean) (?:of|over) the (?:last|past|previous) (?P<b>{NUMBER}) years)"
    )
    began = "(?:began|begun|started|launched|was launched|start|launch|beginning|existed)"
    named = f"(?:the )?(?:program|programme|{re.escape(normalised(program))})(?:'s)?"
    of_it = f"(?:the )?(?:launch|start|beginning) of {named}"

    def year(match: re.Match[str]) -> list[Item]:
        return [Item("B", Base(Against.YEAR, int(match["year"])))]

    def average(match: re.Match[str]) -> list[Item]:
        years = int(number(match["a"] or match["b"]))
        side = {"below": [Item("D", DOWN)], "above": [Item("D", UP)]}
        return [*side.get(match["than"], []), Item("B", Base(Against.MEAN, years))]

    def both(match: re.Match[str]) -> list[Item]:
        first, last = int(match["first"]), int(match["last"])
        return [Item("B", Base(Against.YEAR, first)), Item("T", Window(Span.YEAR, last))]

    def previous(match: re.Match[str]) -> list[Item]:
        unit, said = match["unit"] or match["units"], match["n"] or match["m"]
        each = 7 if unit.startswith("week") else 1
        single = 7 if unit == "week" else 0  # "the days before" are as many as the claim's own
        return [Item("B", Base(Against.PREVIOUS, int(number(said)) * each if said else single))]

    return [
        of("B", f"{than}(?:{SAME_DAYS})?last year(?:'s)?", Base(Against.LAST_YEAR)),
        of("B", f"{than}(?:this time|at this time) last year", Base(Against.LAST_YEAR)),
        of("B", f"{than}(?:{SAME_DAYS})?{before}", Base(Against.YEAR_BEFORE)),
        of("B", "year (?:on|over) year", Base(Against.YEAR_BEFORE)),
        phrase(f"{than}(?:{SAME_DAYS})?(?P<year>{YEAR})(?:'s)?", year),
        phrase(f"(?:(?P<than>below|above) |{than}){mean}", average),
        phrase(f"(?:from|between) (?P<first>{YEAR}) (?:to|and) (?P<last>{YEAR})", both),
        of(
            "B",
            f"(?:since|after) (?:{named} (?:was )?{began}|{of_it})|"
            f"(?:than|compared (?:with|to)) before (?:{named}(?: {began})?|{of_it})",
            Base(Against.PROGRAM),
        ),
        phrase(
            f"{than}the (?:(?:previous|preceding|prior) (?:(?P<n>{NUMBER}) )?(?P<unit>days|weeks?)|"
            f"(?:(?P<m>{NUMBER}) )?(?P<units>days|weeks?) before)",
            previous,
        ),
        of("B", f"{than}the (?:same )?period before", Base(Against.PREVIOUS)),
    ]


def ranks() -> list[Phrase]:
    """The fewest or the most, and how far back: "lowest", "in ten years", "on record"."""

    def years(match: re.Match[str]) -> list[Item]:
        tens = match["unit"].startswith("decade")
        return [Item("R", Back(Reach.YEARS, int(number(match["number"])) * (10 if tens else 1)))]

    over = "(?:in|over|for|of) (?:the )?(?:(?:last|past) )?"
    return [
        of("S", "(?:the |its )?(?:lowest|fewest|smallest|least)", DOWN),
        of("S", "(?:the |its )(?:highest|most|largest|greatest)|highest|largest", UP),
        phrase(f"{over}(?P<number>{NUMBER}) (?P<unit>years|decades)", years),
        of("R", f"{over}(?:a )?decade", Back(Reach.YEARS, 10)),
        of("R", "on record|since records began|since the record began", Back(Reach.RECORD)),
        of("R", "ever|in history|of all time|all time", Back(Reach.EVER)),
        phrase(
            "(?:at )?(?:a )?record (?P<way>low|high)s?",
            lambda m: [
                Item("S", DOWN if m["way"] == "low" else UP),
                Item("R", Back(Reach.RECORD)),
            ],
        ),
    ]
