"""The words of a claim's answer: how it was read, why, its figures, and what to know with it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from longevity.claims.form import PROGRAM
from longevity.claims.question import Question
from longevity.claims.verdict import ClaimAnswer, Fit, Held, Verdict
from longevity.findings import change_wording
from longevity.findings.finding import Finding
from longevity.words import wording
from longevity.words.say import say

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
    """Put an answer together: its verdict, how the claim was read, why, and what is safe to say.

    `held`: how it fares against each baseline, which is the reason unless `why` is given.
    `against`: what these are, in the words of the reading.
    """
    evidence, span = question.evidence, question.span
    is_program = question.what in PROGRAM
    is_new = (question.through - span[1]).days < NEWEST_DAYS
    spans = [span, *(w for case in held if case.finding for w in case.finding.against.windows)]
    errors = [*evidence.describe_errors(question.where, spans, not is_program)] if held else []
    if safe:
        safe = question.say(
            "safe",
            safe=safe,
            synthetic=evidence.view.synthetic,
            more=describe_unplaced(question),
            # Of so few days what is recorded late can be much.
            late=is_new and (span[1] - span[0]).days <= 31,
            errors=errors,
        )
    return ClaimAnswer(
        verdict,
        reading=question.say(
            "read",
            period=wording.format_period(*span),
            says=question.says.code.removeprefix("exactly "),
            against=against,
        ),
        why=why or explain(held),
        safe=safe,
        figures=tabulate(held),
        remarks=() if is_program or not held else _list_remarks(question, held[0].finding, is_new),
        errors=tuple(errors),
    )


def explain(held: Sequence[Held], by: str = "Against") -> str:
    """Write why, an answer at a time: "Against last year: it holds (60 against 100 in 2023)."

    Baselines against which the claim fares alike share a sentence.
    """
    parts = []
    for fit in dict.fromkeys(case.fit for case in held if case.fit is not Fit.MISSING):
        group = [case for case in held if case.fit is fit]
        names = wording.join_words([case.name for case in group])
        parts.append(f"{by} {names}: {fit.value} ({group[0].counts}).")
    return " ".join(parts)


def describe_unplaced(question: Question) -> str:
    """Say how many more there were of whom the neighbourhood is not known, or nothing."""
    city = question.evidence.list_cities(question.where)[0]
    names, n = question.evidence.names.cities, question.unplaced
    return say("claim.unplaced", n=n, place=names[city]) if n else ""


def describe_difference(finding: Finding) -> str:
    """Return "60 against 100 in the same days of 2023: clearly down (40 fewer, −40%)".

    The words are those of every screen.
    """
    text = change_wording.describe_finding(finding)
    return say("claim.difference", vars(text), is_same=not finding.difference)


def _list_remarks(question: Question, finding: Finding | None, is_new: bool) -> tuple[str, ...]:
    """List remarks to read with an answer. `is_new`: counts of its days are still being entered."""
    what = question.what
    said = question.say(
        "remarks",
        is_new=is_new,
        may_die=is_new and what in ("fatal", "fatal_incidents", "homicides"),
        counted=what != "incidents",
        tested=finding and what == "victims",
    )
    return tuple(said.splitlines())


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
