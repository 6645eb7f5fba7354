"""A claim at a desk: what it is held against, and the verdict on it."""

from __future__ import annotations

from longevity.reports.context import Desk
from longevity.text.claims import evidence, judge, parse
from longevity.text.claims.evidence import Record
from longevity.text.claims.verdict import Judged
from longevity.warehouse.warehouse import Answer


def city_of(desk: Desk, text: str, default: str | None) -> str | None:
    """The one city whose counts a claim needs; None for all of them."""
    names = evidence.names(desk.settings)
    return judge.city_of(parse.read(text, names, default), names)


def answers(desk: Desk, city: str | None) -> dict[str, Answer]:
    """What a claim about one city, or about any (None), is held against, by question."""
    return {
        query: desk.ask(query, city=city) if query in evidence.OF_A_CITY else desk.ask(query)
        for query in evidence.ASKED
    }


def record(desk: Desk, city: str | None) -> Record:
    """The same put together."""
    return desk.made(
        evidence.of_answers,
        desk.settings,
        desk.synthetic,
        desk.holds,
        *answers(desk, city).values(),
    )


def judged(desk: Desk, text: str, default: str | None) -> Judged:
    """The verdict on what a text claims. `default`: the city where it names no place."""
    claim = parse.read(text, evidence.names(desk.settings), default)
    return judge.judge(claim, record(desk, city_of(desk, text, default)))
