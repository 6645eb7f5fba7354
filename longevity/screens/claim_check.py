"""The screen Claim check: may something be said, such as "people shot are down 20%", and why."""

from __future__ import annotations

from longevity.claims import evidence, judge
from longevity.claims.evidence import Evidence
from longevity.claims.form import PROGRAM, ClaimForm
from longevity.claims.reader import Reading
from longevity.claims.verdict import ClaimAnswer
from longevity.screens.context import ReportContext
from longevity.screens.report import Card, Report, Tab
from longevity.warehouse.warehouse import Answer


def answer_reading(context: ReportContext, reading: Reading) -> ClaimAnswer:
    """Return the verdict on a claim as it was read, or why it could not be read as one."""
    return judge.judge_reading(reading, Evidence(context))


def ask_source(context: ReportContext, form: ClaimForm | None) -> Answer:
    """Return the answer whose figures a claim (`form`) is checked against, for its source line."""
    if form and form.what in PROGRAM:
        return context.ask(PROGRAM[form.what].query)
    city = form.where.partition("/")[0] if form else None
    return context.ask(evidence.COUNTS, city=city if city in context.cities else None)


def build(context: ReportContext, form: ClaimForm | None, answer: ClaimAnswer) -> Report:
    """Return the screen: why the claim got its verdict, the figures, and remarks on them."""
    cards = []
    if len(answer.figures):
        source = ask_source(context, form)
        card = Card("figures", "The figures", answer.remarks, table=answer.figures, answer=source)
        cards.append([card])
    return Report(
        "claim_check",
        (Tab("claim", "Claim", lambda: answer.why, lambda: cards),),
        alerts=answer.errors,
    )
