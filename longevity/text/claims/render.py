"""The words of a claim's reading and of what is safe to say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from longevity.stats.comparison import Comparison, Outcome
from longevity.text import availability, change_wording, counts, wording
from longevity.text.claims.claim import (
    STATE,
    TOGETHER,
    Bound,
    Claim,
    Direction,
    Names,
    Size,
    Unit,
    given,
)
from longevity.text.claims.evidence import At, Record
from longevity.text.claims.verdict import Judged

NOUNS = {
    "victims": "people shot",
    "incidents": "shooting incidents",
    "fatal": "people shot and killed",
    "nonfatal": "people shot and wounded",
    "homicides": "homicides by any weapon",
}
# Days that end no longer ago than this are still being entered.
NEWEST_DAYS = 28
NBSP = "\u00a0"
BEYOND = "That is more than chance alone would explain."
CHANCE = "Chance alone could explain the difference."
BY_INCIDENT = "Counted by incident, chance alone could explain the difference."
SYNTHETIC = "SYNTHETIC demonstration data, not to be quoted: "
PROVISIONAL = (
    "The newest weeks are still being entered and usually grow; the count is of what was recorded."
)
SO_FAR = " Late records may still raise this count."
NOT_COUNTED = "Accidents, suicides, self-defence and shootings by police are not counted."
NOT_WHY = "Before and after do not tell why: a difference is not the effect of the program."
RANK_IS_NO_TEST = "A rank says nothing about chance: the figures stand beside it."


def where(place: str, names: Names) -> str:
    """A place as it is said: a city, the cities together, the state."""
    if place == TOGETHER:
        cities = list(names.cities.values())
        return f"{wording.listed(cities)} together" if len(cities) > 1 else cities[0]
    return names.state if place == STATE else names.cities[place]


def not_held(claim: Claim, record: Record) -> str:
    """Why a count is not known where the sources of a city do not hold it, and which one is."""
    asked = {city: record.names.cities[city] for city in record.cities(claim)}
    why = availability.why_not(record.holds, claim.measure, NOUNS[claim.measure], asked)
    if not why:
        return ""
    every = [m for m in NOUNS if not availability.without(record.holds, m, asked)]
    offer = f" Say {' or '.join(NOUNS[m] for m in every)} instead." if every else ""
    return f"{why}{offer}"


def what(claim: Claim, at: At, names: Names) -> str:
    """ "people shot in A, January 1 to November 21, 2026"."""
    return f"{NOUNS[claim.measure]} in {where(claim.place, names)}, {wording.period(*at.now)}"


def happened(claim: Claim, count: int, span: tuple[date, date], names: Names) -> str:
    """ "36 people were shot in A from January 1 to November 21, 2026"."""
    clause = counts.happened(claim.measure, count)
    return f"{clause} in {where(claim.place, names)} {wording.during(*span)}"


def days_of(at: At, years: tuple[int, ...]) -> str:
    """The same days in other years: "the same days of 2023 to 2025", "2024"."""
    first, last = years[0], years[-1]
    start, until = at.of(last)
    whole = wording.period(start, until) == str(last)
    named = str(first) if first == last else f"{first} to {last}"
    return named if whole else f"the same days of {named}"


def sized(size: Size | None) -> str:
    """A size as it was meant: " by about 40\u00a0%"; empty without one."""
    if size is None:
        return ""
    shown = f"{size.value:,.{size.decimals}f}"
    meant = Bound.ABOUT if size.spoken and size.bound is Bound.EXACT else size.bound
    before = f"{meant.value} " if meant.value else ""
    if size.unit is Unit.PERCENT:
        return f" by {before}{shown}{NBSP}%"
    if size.unit is Unit.CASES:
        return f" by {before}{shown}"
    if size.unit is Unit.FROM_TO:
        return f", from {size.start:,.0f} to {shown},"
    return f", to {before}{shown},"


WAYS = {
    Direction.UP: "more",
    Direction.DOWN: "fewer",
    Direction.SAME: "as many",
    Direction.UNCLEAR: "no more different than chance would make them",
}


def way(claim: Claim) -> str:
    """ "not more", "fewer by 40\u00a0%", "fewer by more than chance"."""
    said = f"{'not ' if claim.negated else ''}{WAYS[given(claim.direction)]}{sized(claim.size)}"
    return f"{said}, by more than chance would explain," if claim.beyond_chance else said


def than(compared: Comparison, when: str, least_base: int, aside: str = "") -> str:
    """ "12 fewer than in the same days of 2025 (−25\u00a0%)", never a percentage too small.

    `aside` is put into the brackets with the percentage.
    """
    told = change_wording.tell(compared, when, least_base)
    average = " on average" if compared.exposure != compared.exposure_before else ""
    if compared.difference == 0:
        return f"as many as{average} in {when}"
    inside = "; ".join(filter(None, (told.percentage, aside)))
    return f"{told.difference} than{average} in {when}{f' ({inside})' if inside else ''}"


def fits(compared: Comparison, least_base: int) -> str:
    """Which changes are left open: "anything from 24\u00a0% fewer to 73\u00a0% more fits them"."""
    low, high = compared.low, compared.high
    if low is None or high is None or compared.previous is None:
        return "nearly anything fits them"
    if compared.base is not None and compared.base < least_base:
        return f"anything from {change_wording.interval(compared)} fits them"
    return f"anything from {_more_or_fewer(low)} to {_more_or_fewer(high)} fits them"


def _more_or_fewer(ratio: float) -> str:
    """A ratio as a percentage of change, "24\u00a0% fewer"."""
    percent = 100 * abs(ratio - 1)
    shown = f"{percent:,.0f}" if percent >= 0.5 else "under 1"
    return f"{shown}{NBSP}% {'more' if ratio > 1 else 'fewer'}"


def chance(compared: Comparison, by_incident: Comparison | None) -> str:
    """Whether it is more than chance, as a sentence; empty where nothing differs."""
    if compared.difference in (0, None) or compared.outcome is Outcome.UNKNOWN:
        return ""
    if compared.outcome is Outcome.UNCLEAR:
        return CHANCE
    agrees = by_incident is None or by_incident.outcome is compared.outcome
    return BEYOND if agrees else BY_INCIDENT


def provisional(at: At) -> bool:
    """Whether late records can still be expected for the newest of these days."""
    return (at.through - at.now[1]).days < NEWEST_DAYS


def remarks(claim: Claim, at: At) -> list[str]:
    """What to know with any answer about these counts."""
    said = [PROVISIONAL] if provisional(at) else []
    if claim.measure in ("fatal", "homicides", "nonfatal", "victims"):
        said.append(NOT_COUNTED)
    return said


def in_full(judged: Judged, source: str, examples: Sequence[str]) -> str:
    """An answer as plain text: the reading, the verdict, figures, source, what is safe to say."""
    lines = [f"{judged.verdict.value.upper()}", judged.why]
    if judged.reading:
        lines.insert(0, judged.reading)
    if not judged.figures.empty:
        for row in judged.figures.to_dict("records"):
            said = [f"{name}: {value}" for name, value in row.items() if str(value)]
            lines.append(f"  {'; '.join(said)}")
    lines += judged.remarks
    if judged.safe:
        lines.append(f"Safe to say: {judged.safe}")
    if not judged.reading:
        lines.append("It reads claims such as:")
        lines += [f"  {example}" for example in examples]
    if judged.from_release:
        lines.append(source)
    lines += [f"Published: {address}" for address in judged.sources]
    return "\n".join(lines)
