"""A claim held against a record: which kind it is decides by which rules."""

from __future__ import annotations

from dataclasses import replace

from longevity.text import wording
from longevity.text.claims import change_claims, city_claims, count_claims, rank_claims, render
from longevity.text.claims.claim import STATE, Against, Claim, Kind, Names, Span, UnreadableText
from longevity.text.claims.evidence import ClaimPeriod, Evidence, find_period
from longevity.text.claims.refusals import Refusal
from longevity.text.claims.verdict import ClaimAnswer, Verdict

EVALUATORS = {
    Kind.CHANGE: change_claims.evaluate_change,
    Kind.RANK: rank_claims.evaluate_rank,
    Kind.COUNT: count_claims.evaluate_count,
    Kind.CITIES: city_claims.evaluate_city_pair,
}
LONGEST_WINDOW = 366


def find_city(claim: Claim | UnreadableText, names: Names) -> str | None:
    """Return the one city whose counts are needed; None for all of them."""
    if isinstance(claim, UnreadableText) or claim.other or claim.place not in names.cities:
        return None
    return claim.place


def evaluate_claim(claim: Claim | UnreadableText, evidence: Evidence) -> ClaimAnswer:
    """Return the verdict on a claim, and what is safe to say."""
    if isinstance(claim, UnreadableText):
        return ClaimAnswer(Verdict.CANNOT, "", claim.why)
    cities = list(evidence.places) if claim.place == STATE else evidence.list_cities(claim)
    through = evidence.find_last_day(cities)
    if through is None and claim.kind is Kind.COUNT:
        # What is published can still tell: the release then has no count of its own.
        through = evidence.newest_day
    if through is None:
        return ClaimAnswer(Verdict.CANNOT, "", "The data do not hold every place it is about.")
    period = find_period(
        claim.window, through, [evidence.places[city].week_ends_iso for city in cities]
    )
    refusal = _find_refusal(claim, period, evidence)
    if refusal or period is None:
        return ClaimAnswer(Verdict.CANNOT, "", refusal)
    answer = EVALUATORS[claim.kind](claim, period, evidence)
    start, until = period.now
    if (
        answer.safe
        and answer.from_release
        and render.is_provisional(period)
        and (until - start).days < 32
    ):
        # Of so few days what is recorded late can be much.
        answer = replace(answer, safe=f"{answer.safe}{render.SO_FAR}")
    is_synthetic = answer.safe and evidence.synthetic and answer.from_release
    safe = f"{render.SYNTHETIC}{answer.safe}" if is_synthetic else answer.safe
    reading = f"Read as: {answer.reading}" if answer.reading else ""
    return replace(answer, reading=reading, safe=safe)


def _find_refusal(claim: Claim, period: ClaimPeriod | None, evidence: Evidence) -> str:
    """Say why these data cannot answer it at all."""
    if period is None:
        return Refusal.FUTURE
    if claim.window.span is Span.DAYS and not 1 <= claim.window.number <= LONGEST_WINDOW:
        return Refusal.TIME
    base = claim.base
    if base is not None and base.against is Against.YEAR and base.number > period.through.year:
        return Refusal.FUTURE
    if claim.place == STATE and claim.kind is not Kind.COUNT:
        cities = wording.join_words(list(evidence.names.cities.values()))
        return f"The data hold {cities}, not all of {evidence.names.state}."
    return _explain_not_held(claim, evidence)


def _explain_not_held(claim: Claim, evidence: Evidence) -> str:
    """Say why a count is not known, where the sources of a city do not hold it, and what is.

    A figure that others published may still tell: how many there were is not refused.
    """
    if claim.place == STATE or claim.kind is Kind.COUNT:
        return ""
    return render.explain_not_held(claim, evidence)


def write_invitation(evidence: Evidence) -> str:
    """Say what the screen says before anything is written."""
    names = [
        evidence.names.cities[city] for city, place in evidence.places.items() if place.through
    ]
    cities = wording.join_words(names) or evidence.names.state
    return f"Write what you want to say about {cities}: it is held against the counts."


def list_examples(names: Names) -> list[str]:
    """Return claims that can be read, in the names of this configuration."""
    cities = list(names.cities.values())
    first, last = cities[0], cities[-1]
    claims = [
        f"Shootings in {first} are down 40% since last year",
        "Homicides are the lowest since 2019",
        f"No one was shot in {last} last week",
        f"{first} had fewer than 100 people shot this year",
        "Homicides are below the five-year average",
    ]
    if len(cities) > 1:
        claims.append(f"{last} is safer than {first}")
    return claims
