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
    require_part,
)
from longevity.text.claims.evidence import ClaimPeriod, Evidence
from longevity.text.claims.verdict import ClaimAnswer

NOUNS = {
    "victims": "people shot",
    "incidents": "shooting incidents",
    "fatal": "people shot and killed",
    "nonfatal": "people shot and wounded",
    "homicides": "homicides by any weapon",
}
# Days that end no longer ago than this are still being entered.
NEWEST_DAYS = 28
BEYOND = "That is more than chance alone would explain."
CHANCE = f"{wording.start_sentence(change_wording.BY_CHANCE)}."
BY_INCIDENT = f"Counted by incident, {change_wording.BY_CHANCE}."
SYNTHETIC = "SYNTHETIC demonstration data, not to be quoted: "
PROVISIONAL = (
    "The newest weeks are still being entered and usually grow; the count is of what was recorded."
)
SO_FAR = " Late records may still raise this count."
NOT_COUNTED = "Accidents, suicides, self-defence and shootings by police are not counted."
NOT_WHY = "Before and after do not tell why: a difference is not the effect of the program."
RANK_IS_NO_TEST = "A rank says nothing about chance: the figures stand beside it."


def name_place(place: str, names: Names) -> str:
    """Name a place: a city, the cities together, the state."""
    if place == TOGETHER:
        cities = list(names.cities.values())
        return f"{wording.join_words(cities)} together" if len(cities) > 1 else cities[0]
    return names.state if place == STATE else names.cities[place]


def explain_not_held(claim: Claim, evidence: Evidence) -> str:
    """Say why a count is not known where the sources of a city do not hold it, and which one is."""
    names = {city: evidence.names.cities[city] for city in evidence.list_cities(claim)}
    why = availability.explain_missing(evidence.holds, claim.measure, NOUNS[claim.measure], names)
    if not why:
        return ""
    every = [m for m in NOUNS if not availability.list_cities_without(evidence.holds, m, names)]
    offer = f" Say {' or '.join(NOUNS[m] for m in every)} instead." if every else ""
    return f"{why}{offer}"


def describe_subject(claim: Claim, period: ClaimPeriod, names: Names) -> str:
    """Return "people shot in A, January 1 to November 21, 2026"."""
    return (
        f"{NOUNS[claim.measure]} in {name_place(claim.place, names)}, "
        f"{wording.format_period(*period.now)}"
    )


def describe_count(claim: Claim, count: int, span: tuple[date, date], names: Names) -> str:
    """Return "36 people were shot in A from January 1 to November 21, 2026"."""
    clause = counts.describe_count(claim.measure, count)
    return f"{clause} in {name_place(claim.place, names)} {wording.format_during(*span)}"


def name_days(period: ClaimPeriod, years: tuple[int, ...]) -> str:
    """Name the same days in other years: "the same days of 2023 to 2025", "2024"."""
    first, last = years[0], years[-1]
    start, until = period.in_year(last)
    whole = wording.format_period(start, until) == str(last)
    years_text = str(first) if first == last else f"{first} to {last}"
    return years_text if whole else f"the same days of {years_text}"


def format_size(size: Size | None) -> str:
    """Format a size as it was meant: " by about 40%"; empty without one."""
    if size is None:
        return ""
    value = f"{size.value:,.{size.decimals}f}"
    bound = Bound.ABOUT if size.is_word and size.bound is Bound.EXACT else size.bound
    before = f"{bound.value} " if bound.value else ""
    if size.unit is Unit.PERCENT:
        return f" by {before}{value}%"
    if size.unit is Unit.CASES:
        return f" by {before}{value}"
    if size.unit is Unit.FROM_TO:
        return f", from {size.start:,.0f} to {value},"
    return f", to {before}{value},"


WAYS = {
    Direction.UP: "more",
    Direction.DOWN: "fewer",
    Direction.SAME: "as many",
    Direction.UNCLEAR: "no more different than chance would make them",
}


def describe_direction(claim: Claim) -> str:
    """Return "not more", "fewer by 40%", "fewer by more than chance"."""
    negation = "not " if claim.is_negated else ""
    text = f"{negation}{WAYS[require_part(claim.direction)]}{format_size(claim.size)}"
    return f"{text}, by more than chance would explain," if claim.beyond_chance else text


def describe_difference(comparison: Comparison, when: str, least_base: int, note: str = "") -> str:
    """Return "12 fewer than in the same days of 2025 (−25%)", never a percentage too small.

    `note` is put into the brackets with the percentage.
    """
    text = change_wording.describe_change(comparison, when, least_base)
    average = " on average" if comparison.exposure != comparison.exposure_before else ""
    if comparison.difference == 0:
        return f"as many as{average} in {when}"
    inside = "; ".join(filter(None, (text.percentage, note)))
    return f"{text.difference} than{average} in {when}{f' ({inside})' if inside else ''}"


def describe_open_changes(comparison: Comparison, least_base: int) -> str:
    """Say which changes fit: "anything from 24% fewer to 73% more fits them"."""
    low, high = comparison.low, comparison.high
    if low is None or high is None or comparison.previous is None:
        return "nearly anything fits them"
    if comparison.base is not None and comparison.base < least_base:
        return f"anything from {change_wording.format_interval(comparison)} fits them"
    return f"anything from {_format_ratio(low)} to {_format_ratio(high)} fits them"


def _format_ratio(ratio: float) -> str:
    """Format a ratio as a percentage of change, "24% fewer"."""
    percent = 100 * abs(ratio - 1)
    percent_text = f"{percent:,.0f}" if percent >= 0.5 else "under 1"
    return f"{percent_text}% {'more' if ratio > 1 else 'fewer'}"


def describe_chance(comparison: Comparison, by_incident: Comparison | None) -> str:
    """Say whether it is more than chance, as a sentence; empty where nothing differs."""
    if comparison.difference in (0, None) or comparison.outcome is Outcome.UNKNOWN:
        return ""
    if comparison.outcome is Outcome.UNCLEAR:
        return CHANCE
    agrees = by_incident is None or by_incident.outcome is comparison.outcome
    return BEYOND if agrees else BY_INCIDENT


def is_provisional(period: ClaimPeriod) -> bool:
    """Return whether late records can still be expected for the newest of these days."""
    return (period.through - period.now[1]).days < NEWEST_DAYS


def list_remarks(claim: Claim, period: ClaimPeriod) -> list[str]:
    """Say what to know with any answer about these counts."""
    remarks = [PROVISIONAL] if is_provisional(period) else []
    if claim.measure in ("fatal", "homicides", "nonfatal", "victims"):
        remarks.append(NOT_COUNTED)
    return remarks


def render_answer(answer: ClaimAnswer, source: str, examples: Sequence[str]) -> str:
    """Write an answer as plain text: reading, verdict, figures, source, what is safe to say."""
    lines = [f"{answer.verdict.value.upper()}", answer.why]
    if answer.reading:
        lines.insert(0, answer.reading)
    if not answer.figures.empty:
        for row in answer.figures.to_dict("records"):
            cells = [f"{name}: {value}" for name, value in row.items() if str(value)]
            lines.append(f"  {'; '.join(cells)}")
    lines += answer.remarks
    if answer.safe:
        lines.append(f"Safe to say: {answer.safe}")
    if not answer.reading:
        lines.append("It reads claims such as:")
        lines += [f"  {example}" for example in examples]
    if answer.from_release:
        lines.append(source)
    lines += [f"Published: {address}" for address in answer.sources]
    return "\n".join(lines)
