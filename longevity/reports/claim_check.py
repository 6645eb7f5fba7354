"""Check a claim: what it is held against, and the verdict on it."""

from __future__ import annotations

from longevity.reports.context import ReportContext
from longevity.text.claims import evaluate, evidence, parse
from longevity.text.claims.evidence import Evidence
from longevity.text.claims.verdict import ClaimAnswer
from longevity.warehouse.warehouse import Answer


def find_city(context: ReportContext, text: str, default: str | None) -> str | None:
    """Return the one city whose counts a claim needs; None for all of them."""
    names = evidence.read_names(context.settings)
    return evaluate.find_city(parse.parse_claim(text, names, default), names)


def ask_evidence(context: ReportContext, city: str | None) -> dict[str, Answer]:
    """Ask what a claim about one city, or about any (None), is held against, by question."""
    return {
        query: context.ask(query, city=city)
        if query in evidence.CITY_QUERIES
        else context.ask(query)
        for query in evidence.QUERIES
    }


def build_evidence(context: ReportContext, city: str | None) -> Evidence:
    """Build the evidence out of the answers."""
    return context.compute(
        evidence.build_evidence_from_answers,
        context.settings,
        context.synthetic,
        context.holds,
        *ask_evidence(context, city).values(),
    )


def answer_claim(context: ReportContext, text: str, default: str | None) -> ClaimAnswer:
    """Answer what a text claims. `default`: the city where it names no place."""
    claim = parse.parse_claim(text, evidence.read_names(context.settings), default)
    return evaluate.evaluate_claim(
        claim, build_evidence(context, find_city(context, text, default))
    )
