"""The words of a claim's answer: how it was read, why, its figures, and what to know with it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from longevity.claims.form import PROGRAM, Base
from longevity.claims.question import Question
from longevity.claims.verdict import ClaimAnswer, Fit, Held, Verdict
from longevity.claims.when import ALL
from longevity.findings import change_wording
from longevity.findings.finding import Finding
from longevity.measures import wording
from longevity.measures.say import say

SYNTHETIC = "SYNTHETIC demonstration data, not to be quoted: "
INSIDE = "Not for release: the public tables do not hold this count."
ACCEPTED = "An error in these data was accepted when they were published."
# Days that end no longer ago than this are still being entered.
NEWEST_DAYS = 28


def answer(
    question: Question,
    verdict: Verdict,
    held: Sequence[Held] = (),
    safe: str = "",
    *,
    why: str = "",
    against: str = "",
) -> ClaimAnswer:
    """Answer what was read: why is how it fares against each it is held against, if not `why`.

    `against`: what that is, in the words of the reading; without `held` there is nothing to say.
    """
    days = None if question.when.code == ALL else question.span
    of_program = question.what in PROGRAM
    is_new = (question.through - question.span[1]).days < NEWEST_DAYS
    places = [question.where] + [question.against.place or question.where] * len(held)
    windows = [(days,), *(case.finding.against.windows for case in held if case.finding)]
    counted = [(place, day) for place, of in zip(places, windows, strict=False) for day in of]
    errors = [*question.evidence.describe_errors(counted if held else (), not of_program)]
    if safe and not of_program:
        # Of so few days what is recorded late can be much.
        late = is_new and (question.span[1] - question.span[0]).days <= 31
        safe = question.say("safe", safe=safe, more=describe_unplaced(question), late=late)
    if safe:
        mark = SYNTHETIC if question.evidence.record.synthetic else ""
        safe = f"{mark}{safe}{f' {ACCEPTED}' if errors else ''}"
    remarks = [INSIDE] if held and of_program and not safe else []
    if held and not of_program:
        remarks = _list_remarks(question, held[0].finding, is_new)
    period = wording.format_period(*days) if days else "so far"
    said = question.says.code.removeprefix("exactly ")
    return ClaimAnswer(
        verdict,
        question.say("read", period=period, says=said, against=against),
        why or explain(held),
        safe,
        tabulate(held),
        tuple(remarks),
        tuple(errors),
    )


def explain(held: Sequence[Held], by: str = "Against") -> str:
    """Write "Against last year: it holds (60 against 100 in the same days of 2023).", by fit."""
    parts = []
    for fit in dict.fromkeys(case.fit for case in held if case.fit is not Fit.MISSING):
        group = [case for case in held if case.fit is fit]
        names = wording.join_words([case.name for case in group])
        parts.append(f"{by} {names}: {fit.value} ({group[0].counts}).")
    return " ".join(parts)


def describe_unplaced(question: Question) -> str:
    """Say how many more there were of whom the neighbourhood is not known, or nothing."""
    n, city = question.unplaced_here, question.evidence.names.cities.get(question.city)
    return say("claim.unplaced", n=n, place=city) if n else ""


def describe_difference(finding: Finding) -> str:
    """Return "60 against 100 in the same days of 2023: clearly down (40 fewer, −40%)", in the words
    of every screen.
    """
    text = change_wording.describe_finding(finding)
    return say("claim.difference", vars(text), is_same=not finding.difference)


def _list_remarks(question: Question, finding: Finding | None, is_new: bool) -> list[str]:
    """Say what to know with an answer. `is_new`: its days are still being entered."""
    what, place = question.what, question.against.place
    residents = [question.evidence.residents.get(at, 0) for at in (question.where, place)]
    return question.say(
        "remarks",
        is_new=is_new,
        may_die=is_new and what in ("fatal", "homicides"),
        counted=what != "incidents",
        tested=finding and what == "victims",
        people=residents if all(residents) else [],
        by_count=place and not all(residents),
        is_before=question.against.base is Base.PROGRAM,
    ).splitlines()


def tabulate(held: Sequence[Held]) -> pd.DataFrame:
    """Return the figures of an answer, a row for each thing it is held against."""
    return pd.DataFrame(
        {
            "Against": case.name,
            "The claim": case.fit.value,
            "Counts": case.counts,
            **(change_wording.list_cells(case.finding) if case.finding else {}),
        }
        for case in held
    )


def render_answer(answer: ClaimAnswer, source: str) -> str:
    """Write an answer as plain text: reading, verdict, figures, source, what is safe to say."""
    rows = [
        "; ".join(f"{name}: {value}" for name, value in row.items() if value)
        for row in answer.figures.to_dict("records")
    ]
    return say("claim.text", vars(answer), source=source, rows=rows).rstrip()
