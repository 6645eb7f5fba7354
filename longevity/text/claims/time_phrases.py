"""The phrases that say when, against what, and how far back."""

from __future__ import annotations

import re

from longevity.text.claims.claim import Against, Back, Base, Reach, Span, Window
from longevity.text.claims.normalise import normalise_text
from longevity.text.claims.phrase import (
    DOWN,
    MONTHS,
    NUMBER,
    UP,
    YEAR,
    Item,
    Phrase,
    compile_phrase,
    make_phrase,
    parse_number,
)

INTO = "(?:in |during |for |of )?"
SPENT = "(?:in |during |for |over |within )?"
SAME_DAYS = "(?:the )?same (?:days|period|time|point)(?: (?:of|in))? "


def list_time_phrases() -> list[Phrase]:
    """List the phrases that say when: "this year", "in 2024", "in the last 28 days"."""

    def read_days(match: re.Match[str]) -> list[Item]:
        weeks = match["unit"].startswith("week")
        return [
            Item("T", Window(Span.DAYS, int(parse_number(match["number"])) * (7 if weeks else 1)))
        ]

    def read_year(match: re.Match[str]) -> list[Item]:
        return [Item("T", Window(Span.YEAR, int(match["year"])))]

    def read_month(match: re.Match[str]) -> list[Item]:
        at = MONTHS.index(match["month"]) + 1
        return [Item("T", Window(Span.MONTH, at, int(match["year"])))]

    this = "this year(?: so far)?|so far this year|the year to date|year to date|so far|to date"
    return [
        make_phrase("T", f"{INTO}(?:{this}|this calendar year)(?:'s)?", Window()),
        make_phrase("T", f"{INTO}last year(?:'s)?", Window(Span.LAST_YEAR)),
        compile_phrase(
            f"(?:so far )?{INTO}(?:the year )?(?P<year>{YEAR})(?:'s)?(?: so far)?", read_year
        ),
        compile_phrase(
            f"{SPENT}(?:the )?(?:last|past) (?P<number>{NUMBER}) (?P<unit>days?|weeks?)", read_days
        ),
        make_phrase("T", f"{SPENT}(?:the )?past week|in the last week", Window(Span.DAYS, 7)),
        make_phrase("T", "last week(?:'s)?|during last week", Window(Span.WEEK)),
        make_phrase(
            "T",
            f"{SPENT}(?:the )?(?:last|past) (?:12|twelve) months|{SPENT}the (?:last|past) year|"
            f"{SPENT}past year",
            Window(Span.DAYS, 365),
        ),
        compile_phrase(f"{INTO}(?P<month>{'|'.join(MONTHS)}) (?:of )?(?P<year>{YEAR})", read_month),
    ]


def list_baseline_phrases(program: str) -> list[Phrase]:
    """List the phrases that say against what: "since last year", "than the five-year average"."""
    than = (
        "(?:since|than in|than|compared (?:with|to)|in comparison (?:with|to)|against|versus|"
        "vs\\.?|from|over|on|relative to|as in|as) (?:in |that of |those of |those in )?"
    )
    before = "(?:the |a )?(?:year (?:before|earlier|ago)|previous year|prior year|preceding year)"
    mean = (
        f"(?:the |its )?(?:(?:last |past |previous |prior )?(?P<a>{NUMBER}) year (?:average|mean)|"
        f"(?:average|mean) (?:of|over) the (?:last|past|previous) (?P<b>{NUMBER}) years)"
    )
    began_pattern = "(?:began|begun|started|launched|was launched|start|launch|beginning|existed)"
    program_pattern = f"(?:the )?(?:program|programme|{re.escape(normalise_text(program))})(?:'s)?"
    of_it = f"(?:the )?(?:launch|start|beginning) of {program_pattern}"

    def read_year(match: re.Match[str]) -> list[Item]:
        return [Item("B", Base(Against.YEAR, int(match["year"])))]

    def read_average(match: re.Match[str]) -> list[Item]:
        years = int(parse_number(match["a"] or match["b"]))
        side = {"below": [Item("D", DOWN)], "above": [Item("D", UP)]}
        return [*side.get(match["than"], []), Item("B", Base(Against.MEAN, years))]

    def read_both_years(match: re.Match[str]) -> list[Item]:
        first, last = int(match["first"]), int(match["last"])
        return [Item("B", Base(Against.YEAR, first)), Item("T", Window(Span.YEAR, last))]

    def read_previous(match: re.Match[str]) -> list[Item]:
        unit, number_text = match["unit"] or match["units"], match["n"] or match["m"]
        each = 7 if unit.startswith("week") else 1
        single = 7 if unit == "week" else 0  # "the days before" are as many as the claim's own
        return [
            Item(
                "B",
                Base(
                    Against.PREVIOUS,
                    int(parse_number(number_text)) * each if number_text else single,
                ),
            )
        ]

    return [
        make_phrase("B", f"{than}(?:{SAME_DAYS})?last year(?:'s)?", Base(Against.LAST_YEAR)),
        make_phrase("B", f"{than}(?:this time|at this time) last year", Base(Against.LAST_YEAR)),
        make_phrase("B", f"{than}(?:{SAME_DAYS})?{before}", Base(Against.YEAR_BEFORE)),
        make_phrase("B", "year (?:on|over) year", Base(Against.YEAR_BEFORE)),
        compile_phrase(f"{than}(?:{SAME_DAYS})?(?P<year>{YEAR})(?:'s)?", read_year),
        compile_phrase(f"(?:(?P<than>below|above) |{than}){mean}", read_average),
        compile_phrase(
            f"(?:from|between) (?P<first>{YEAR}) (?:to|and) (?P<last>{YEAR})", read_both_years
        ),
        make_phrase(
            "B",
            f"(?:since|after) (?:{program_pattern} (?:was )?{began_pattern}|{of_it})|"
            f"(?:than|compared (?:with|to)) before "
            f"(?:{program_pattern}(?: {began_pattern})?|{of_it})",
            Base(Against.PROGRAM),
        ),
        compile_phrase(
            f"{than}the (?:(?:previous|preceding|prior) (?:(?P<n>{NUMBER}) )?(?P<unit>days|weeks?)|"
            f"(?:(?P<m>{NUMBER}) )?(?P<units>days|weeks?) before)",
            read_previous,
        ),
        make_phrase("B", f"{than}the (?:same )?period before", Base(Against.PREVIOUS)),
    ]


def list_rank_phrases() -> list[Phrase]:
    """List the phrases of a rank, and how far back: "lowest", "in ten years", "on record"."""

    def read_years(match: re.Match[str]) -> list[Item]:
        tens = match["unit"].startswith("decade")
        return [
            Item("R", Back(Reach.YEARS, int(parse_number(match["number"])) * (10 if tens else 1)))
        ]

    over = "(?:in|over|for|of) (?:the )?(?:(?:last|past) )?"
    return [
        make_phrase("S", "(?:the |its )?(?:lowest|fewest|smallest|least)", DOWN),
        make_phrase("S", "(?:the |its )(?:highest|most|largest|greatest)|highest|largest", UP),
        compile_phrase(f"{over}(?P<number>{NUMBER}) (?P<unit>years|decades)", read_years),
        make_phrase("R", f"{over}(?:a )?decade", Back(Reach.YEARS, 10)),
        make_phrase(
            "R", "on record|since records began|since the record began", Back(Reach.RECORD)
        ),
        make_phrase("R", "ever|in history|of all time|all time", Back(Reach.EVER)),
        compile_phrase(
            "(?:at )?(?:a )?record (?P<way>low|high)s?",
            lambda m: [
                Item("S", DOWN if m["way"] == "low" else UP),
                Item("R", Back(Reach.RECORD)),
            ],
        ),
    ]
