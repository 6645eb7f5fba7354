"""The words of a claim's answer: how it was read, why, its figures, and what to know with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

import pandas as pd

from longevity.claims.evidence import Evidence
from longevity.claims.form import PROGRAM, STATE, Base, ClaimKind
from longevity.claims.question import Question
from longevity.claims.verdict import BY_CHANCE, ClaimAnswer, Fit, Held, Verdict
from longevity.claims.when import ALL
from longevity.findings import change_wording
from longevity.measures import wording
from longevity.measures.say import say
from longevity.stats.comparison import Comparison, Outcome

BEYOND = "That is more than chance alone would explain."
CHANCE = f"{wording.start_sentence(BY_CHANCE)}."
SYNTHETIC = "SYNTHETIC demonstration data, not to be quoted: "
INSIDE = "Not for release: the public tables do not hold this count."
ACCEPTED = "An error in these data was accepted when they were published."
MOST_NAMED = 6
# Days that end no longer ago than this are still being entered.
NEWEST_DAYS = 28
ORDER = (Verdict.NOT_SUPPORTED, Verdict.CANNOT, Verdict.DEPENDS, Verdict.BY_COUNT)


def answer(
    question: Question,
    verdict: Verdict,
    held: Sequence[Held] = (),
    safe: str = "",
    *,
    why: str = "",
    against: str = "",
    truths: Iterable[str] = (),
) -> ClaimAnswer:
    """Answer what was read: why is how it fares against each it is held against, if not `why`.

    `against`: what that is, in the words of the reading; without `held` there is nothing to say.
    """
    span = question.span
    says = question.says.code.removeprefix("exactly ")
    is_counted = not (held and held[0].address)
    is_said = is_counted and (verdict is not Verdict.CANNOT or bool(safe))
    is_new = (question.through - span[1]).days < NEWEST_DAYS
    # Of so few days what is recorded late can be much.
    is_late = is_new and question.what not in PROGRAM and (span[1] - span[0]).days < 32
    of_record = is_said and question.where != STATE and question.what not in PROGRAM
    marked = question.say("safe", safe=safe, more=question.more, late=is_late)
    return ClaimAnswer(
        verdict,
        question.say(
            "read",
            period="so far" if question.when.code == ALL else wording.format_period(*span),
            says=re.sub("[0-9]{4,}", lambda number: f"{int(number[0]):,}", says),
            against=against,
        ),
        why or explain(held),
        marked if is_counted and safe else safe,
        tabulate(held),
        tuple(_list_remarks(question, held, of_record and is_new, of_record, not safe)),
        tuple(dict.fromkeys(case.address for case in held if case.address)),
        is_counted,
        truths=tuple(truths),
        meant=question.say("meant", counts=held[0].summary) if held else "",
    )


def explain(held: Sequence[Held], by: str = "Against") -> str:
    """Write "Against last year: it holds (60 against 100 in the same days of 2023).", by fit."""
    parts = []
    for fit in dict.fromkeys(case.fit for case in held if case.fit is not Fit.MISSING):
        group = [case for case in held if case.fit is fit]
        names = wording.join_phrases([*dict.fromkeys(case.name for case in group)])
        names = f"all {len(group)} others" if len(group) > MOST_NAMED else names
        counts = group[0].counts if fit is Fit.EQUAL else group[0].summary
        interval = group[0].interval if fit is Fit.OPEN else ""
        fits = f"; {interval} fits them" if interval else ""
        parts.append(f"{by} {names}: {fit.value} ({counts}{fits}).")
    return " ".join(parts)


def _list_remarks(
    question: Question, held: Sequence[Held], is_new: bool, of_record: bool, is_inside: bool
) -> list[str]:
    """Say what to know with an answer. `is_new`: its days are still being entered; `of_record`:
    it is of what was recorded; `is_inside`: there is nothing to say of it.
    """
    finding = held[0].finding if held else None
    what, places = question.what, question.against.is_place and finding is not None
    residents = question.evidence.residents
    people = [residents.get(at, 0) for at in (question.where, question.against.place) if places]
    return question.say(
        "remarks",
        is_new=is_new,
        may_die=is_new and what in ("fatal", "homicides"),
        counted=of_record and what != "incidents",
        more=question.more if of_record else "",
        tested=finding and what == "victims",
        people=wording.join_words([f"{number:,}" for number in people]) if all(people) else "",
        by_count=not all(people),
        by_day=finding and not places and not finding.against.is_alike,
        is_before=finding and question.against.base is Base.PROGRAM,
        is_rank=finding and question.kind is ClaimKind.RANK,
        inside=INSIDE if held and is_inside and what in PROGRAM else "",
    ).splitlines()


def describe_chance(comparison: Comparison) -> str:
    """Say whether it is more than chance, as a sentence; empty where nothing differs."""
    if comparison.difference in (0, None) or comparison.outcome is Outcome.UNKNOWN:
        return ""
    return CHANCE if comparison.outcome is Outcome.UNCLEAR else BEYOND


def join_answers(answers: Sequence[ClaimAnswer], evidence: Evidence) -> ClaimAnswer:
    """Make one answer of several: it is so where all of them are."""
    verdicts = [answer.verdict for answer in answers]
    verdict = next((verdict for verdict in ORDER if verdict in verdicts), Verdict.SUPPORTED)
    shown = [answer for answer in answers if answer.verdict is verdict][:3]
    readings = [answer.reading for answer in answers if answer.reading]
    ends = readings if len(readings) < 4 else [*readings[:2], f"… {readings[-1]}"]
    said = [answer for answer in shown if answer.safe]
    from_release = any(answer.from_release for answer in answers)
    errors = evidence.describe_accepted_errors() if from_release else []
    is_made_up = evidence.synthetic and any(answer.from_release for answer in said)
    safe = [*(answer.safe for answer in said), *([ACCEPTED] if said and errors else [])]
    return replace(
        shown[0],
        reading=f"Read as: {' And: '.join(ends)}" if ends else "",
        why=" ".join(dict.fromkeys(answer.why for answer in shown)),
        safe=f"{SYNTHETIC if is_made_up else ''}{' '.join(safe)}",
        figures=pd.concat([answer.figures for answer in answers], ignore_index=True),
        remarks=tuple(dict.fromkeys(chain(*(answer.remarks for answer in answers)))),
        sources=tuple(dict.fromkeys(chain(*(answer.sources for answer in answers)))),
        from_release=from_release,
        errors=tuple(errors),
    )


def tabulate(held: Sequence[Held]) -> pd.DataFrame:
    """Return the figures of an answer, a row for each thing it is held against."""
    rows = []
    for case in held:
        days = case.finding.against.days if case.finding else case.name
        # Of "2023, the same days of 2023" the longer says both.
        is_one = case.name in days or days in case.name
        is_known = case.fit not in (Fit.MISSING, Fit.UNKNOWN)
        holds = "holds" if case.fit is Fit.HOLDS else "does not hold"
        cells = change_wording.list_cells(case.finding) if case.finding else {}
        row = {
            "Against": max(case.name, days, key=len) if is_one else f"{case.name}, {days}",
            "The claim": holds if is_known else "not known",
            # Its days are in the first column, which is wide on a phone too.
            "Counts": case.counts.removesuffix(f" in {days}").removesuffix(", as"),
            "In percent": cells.get("In percent"),
            "Interval (95%)": cells.get("Interval"),
            "Change": cells.get("Change"),
            "Source url": case.address or None,
        }
        rows.append(row)
    return pd.DataFrame(rows).dropna(axis="columns", how="all").fillna("")


def render_answer(answer: ClaimAnswer, source: str, examples: Sequence[str]) -> str:
    """Write an answer as plain text: reading, verdict, figures, source, what is safe to say."""
    rows = [
        "; ".join(f"{name}: {value}" for name, value in row.items() if value)
        for row in answer.figures.to_dict("records")
    ]
    facts = {"source": source, "examples": examples, "rows": rows}
    return say("claim.text", vars(answer), facts, introduction=answer.introduction).rstrip()
