"""What is so of the measure, place, time and comparison of a claim, in words that are read back.

The check offers the first of these sentences that it reads, and finds supported.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from longevity.findings import change_wording
from longevity.findings.finding import Finding
from longevity.measures import wording
from longevity.measures.say import say
from longevity.text.claims.form import NOUNS, STATE, Base
from longevity.text.claims.question import Question
from longevity.text.claims.verdict import Fit, Held, Tally


def choose_way(finding: Finding, more: str, fewer: str, same: str) -> str:
    """Choose the word that is so of a finding."""
    difference = finding.difference or 0
    return more if difference > 0 else fewer if difference < 0 else same


def _say_truth(sentence: str, question: Question, **facts: Any) -> str:
    place = question.name_place(question.form.where)
    during = wording.format_during(*question.span)
    usual = {"noun": NOUNS[question.form.what], "place": place, "during": during}
    return say(f"claim.{sentence}", usual, **facts)


def list_true_numbers(question: Question, tally: Tally) -> Iterator[str]:
    """Yield the number, or the least that it is where the neighbourhood of some is not known."""
    what, place = question.form.what, question.form.against.place
    if tally.whole is None:
        clause = say(f"{what}.clause", n=tally.part)
        yield _say_truth("counted_least" if tally.unknown else "counted", question, clause=clause)
    else:
        sentence = f"share_{what}" if place == "victims" else "share"
        of = "" if place == "victims" else question.name_place(place or STATE)
        yield _say_truth(sentence, question, part=tally.part, whole=tally.whole, of=of)


def list_true_changes(question: Question, finding: Finding) -> Iterator[str]:
    """Yield a change that is clear, with its size and without; else both counts, or what is not."""
    against, percent = finding.against, change_wording.describe_finding(finding).percentage
    is_place = question.form.against.base in (Base.PLACE, Base.RATE)
    is_one = len(against.windows) == 1
    earlier = against.days if is_one and against.is_alike else against.name
    if finding.direction and is_place:
        sentence = "per_resident" if against.exposures else "two_places"
        way = choose_way(finding, "more", "fewer", "")
        yield _say_truth(sentence, question, way=way, other=against.days)
    elif finding.direction:
        facts = {"way": choose_way(finding, "up", "down", ""), "against": earlier}
        for size in dict.fromkeys(((percent or "").strip("+−"), "")):
            yield _say_truth("changed", question, percent=size, **facts)
    if is_one:
        other = f"in {against.days}" if is_place else wording.format_during(*against.windows[0])
        yield _say_two_counts(question, finding, other)
    if not is_place:
        way = choose_way(finding, "down", "up", "up")
        yield _say_truth("unchanged", question, way=way, against=earlier)


def _say_two_counts(question: Question, finding: Finding, other: str) -> str:
    clause = say(f"{question.form.what}.clause", n=finding.tested.current)
    facts = {"clause": clause, "before": finding.tested.previous, "other": other}
    return _say_truth("two_counts", question, **facts)


def list_true_ranks(
    question: Question, own: int, rivals: Sequence[Held], most: str
) -> Iterator[str]:
    """Yield since when it is the first, else it and one that it is not first of, else its count."""
    better = [case for case in rivals if case.fit is not Fit.HOLDS]
    years = [int(case.name[:4]) for case in better if case.name[:4].isdecimal()]
    since = max(years, default=0) + 1
    if 1 < since < question.span[0].year and len(years) == len(better):
        yield _say_truth("since", question, way=most, since=since)
    for finding in [case.finding for case in better if case.finding][-1:]:
        (span,) = finding.against.windows
        is_time = span != question.span
        other = wording.format_during(*span) if is_time else f"in {finding.against.days}"
        yield _say_two_counts(question, finding, other)
    yield from list_true_numbers(question, Tally(own, unknown=question.count_unlocated()))
