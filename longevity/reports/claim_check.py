"""Check a claim: what it is held against, and the verdict on it."""

from __future__ import annotations

from longevity.reports.context import ReportContext
from longevity.text.claims import evidence, judge, parse
from longevity.text.claims.evidence import Record
from longevity.text.claims.verdict import Judged
from longevity.warehouse.warehouse import Answer


def find_city(context: ReportContext, text: str, default: str | None) -> str | None:
    """Return the one city whose counts a claim needs; None for all of them."""
    names = evidence.names(context.settings)
    return judge.city_of(parse.read(text, names, default), names)


def ask_evidence(context: ReportContext, city: str | None) -> dict[str, Answer]:
    """Ask what a claim about one city, or about any (None), is held against, by question."""
    return {
        query: context.ask(query, city=city) if query in evidence.OF_A_CITY else context.ask(query)
        for query in evidence.ASKED
    }


def build_record(context: ReportContext, city: str | None) -> Record:
    """Build the record of that evidence."""
    return context.compute(
        evidence.of_answers,
        context.settings,
        context.synthetic,
        context.holds,
        *ask_evidence(context, city).values(),
    )


def judge_claim(context: ReportContext, text: str, default: str | None) -> Judged:
    """Judge what a text claims. `default`: the city where it names no place."""
    claim = parse.read(text, evidence.names(context.settings), default)
    return judge.judge(claim, build_record(context, find_city(context, text, default)))
