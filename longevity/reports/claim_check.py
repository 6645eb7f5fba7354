"""A claim at a desk: what it is held against, and the verdict on it."""

from __future__ import annotations

from longevity.reports.context import Desk
from longevity.text.claims import evaluate, evidence, parse
from longevity.text.claims.evidence import Evidence
from longevity.text.claims.verdict import ClaimAnswer
from longevity.warehouse.warehouse import Answer


def city_of(desk: Desk, text: str, default: str | None) -> str | None:
    """The one city whose counts a claim needs; None for all of them."""
    names = evidence.read_names(desk.settings)
    return evaluate.find_city(parse.parse_claim(text, names, default), names)


def answers(desk: Desk, city: str | None) -> dict[str, Answer]:
    """What a claim about one city, or about any (None), is held against, by question."""
    return {
        query: desk.ask(query, city=city) if query in evidence.CITY_QUERIES else desk.ask(query)
        for query in evidence.QUERIES
    }


def record(desk: Desk, city: str | None) -> Evidence:
    """The same put together."""
    return desk.made(
        evidence.build_evidence_from_answers,
        desk.settings,
        desk.synthetic,
        desk.holds,
        *answers(desk, city).values(),
    )


def judged(desk: Desk, text: str, default: str | None) -> ClaimAnswer:
    """The verdict on what a text claims. `default`: the city where it names no place."""
    claim = parse.parse_claim(text, evidence.read_names(desk.settings), default)
    return evaluate.evaluate_claim(claim, record(desk, city_of(desk, text, default)))
