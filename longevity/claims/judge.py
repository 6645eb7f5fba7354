"""The verdict on a claim: how it fares against each thing it is held against.

What is said of each place, each month or in the same breath is as many claims, all of which must
be so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from longevity.claims import render
from longevity.claims.comparisons import answer_compared
from longevity.claims.evidence import Evidence
from longevity.claims.form import (
    EACH,
    PROGRAM,
    STATE,
    Base,
    ClaimForm,
    ClaimKind,
    Comparator,
    find_conflict,
)
from longevity.claims.numbers import answer_number
from longevity.claims.question import Question
from longevity.claims.reader import WHY, Reading, read_text
from longevity.claims.verdict import ClaimAnswer, NoAnswerError, Verdict
from longevity.errors import AccessError

UNLOCATED = (
    "Not everybody in the city could be placed in a neighbourhood, and the others could change the "
    "answer."
)
MOST_PARTS = 100
# Which share of those of whom the neighbourhood is not known is taken to belong to the days a claim
# is about, and to any other place or time: all to one side, half, and all to both.
SPLITS = ((1.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.0, 1.0), (1.0, 1.0))


def evaluate_reading(reading: Reading, evidence: Evidence) -> ClaimAnswer:
    """Return the verdict on a text: on the form it fills, or why it fills none."""
    if reading.form:
        answer = evaluate_form(reading.form, evidence)
        return answer if reading.meant else replace(answer, meant="")
    answer = ClaimAnswer(Verdict.CANNOT, "", reading.why)
    if not reading.meant:
        return answer
    # What is so of the claim that it probably makes.
    meant = _offer(judge_form(reading.meant, evidence), evidence)
    return replace(answer, offered=meant.offered, meant=meant.meant)


def evaluate_form(form: ClaimForm, evidence: Evidence) -> ClaimAnswer:
    """Return the verdict on a claim, what is safe to say, and where it is not so what is."""
    answer = judge_form(form, evidence)
    return answer if answer.verdict is Verdict.SUPPORTED else _offer(answer, evidence)


def _offer(answer: ClaimAnswer, evidence: Evidence) -> ClaimAnswer:
    """Offer the first of the sentences that are so which the check reads and finds supported."""
    for text in answer.truths:
        form = read_text(text, evidence.names).form
        if form and judge_form(form, evidence).verdict is Verdict.SUPPORTED:
            return replace(answer, offered=text)
    return answer


def judge_form(form: ClaimForm, evidence: Evidence) -> ClaimAnswer:
    """Return the verdict on a claim and what is safe to say, and offer nothing in its place."""
    evidence.counted.clear()
    answers = [
        answer
        for single in (form, *form.also)
        for place in (evidence.names.cities if single.where == EACH else [single.where])
        for answer in _answer_each(replace(single, where=place, also=()), evidence)
    ]
    return render.join_answers(answers, evidence)


def _answer_each(form: ClaimForm, evidence: Evidence) -> Iterator[ClaimAnswer]:
    """Answer a claim about one place: each of its times, and each of the years in a row."""
    try:
        questions = _ask(form, evidence)
    except NoAnswerError as error:
        yield ClaimAnswer(Verdict.CANNOT, "", str(error))
        return
    for question in questions:
        try:
            yield _answer_for_sure(question)
        except (NoAnswerError, AccessError) as error:
            yield render.answer(question, Verdict.CANNOT, why=str(error))


def _ask(form: ClaimForm, evidence: Evidence) -> list[Question]:
    """Return a question for each of the times a form is about."""
    against = form.against
    cities = evidence.list_cities(form.where, *([against.place] if against.is_place else []))
    # What is published can still tell a number where the release has no count of its own.
    usual = evidence.newest_day if form.is_number else None
    _, through = evidence.find_span(cities) or (None, usual)
    why = find_conflict(form)
    if against.base is Base.PROGRAM:
        why = why or evidence.explain_no_program(cities)
    if through is None or why:
        raise NoAnswerError(why or evidence.explain_uncounted(cities))
    parts = form.when.split(form.when.resolve(evidence.make_clock(form.where, through)))
    years = 1
    if against.base is Base.ROW:
        years, form = against.number, replace(form, against=Comparator("", Base.LAST_YEAR))
    if not 0 < len(parts) * years <= MOST_PARTS:
        raise NoAnswerError("It is about too many times, or none.")
    clock = {"evidence": evidence, "through": through}
    return [
        Question(**vars(form) | {"when": when, "span": when.step_back(days, back)} | clock)
        for when, days in parts
        for back in range(years)
    ]


def _check(question: Question) -> None:
    """Refuse what these data cannot answer at all."""
    (start, until), through = question.span, question.through
    is_number, why = question.is_number, ""
    if start > through or until.year > through.year + 1:
        why = question.explain_not_covered() if is_number else WHY["FUTURE"]
    elif question.what in PROGRAM:
        is_city = question.where != STATE and "/" not in question.where
        why = "" if is_city else "What the program did is counted by city, or of all together."
    elif question.where == STATE:
        why = "" if is_number and question.is_whole_year else question.explain_not_covered()
    elif question.kind is not ClaimKind.NUMBER and question.against.base is not Base.WHOLE:
        # A figure that others published may still tell how many there were.
        places = [question.where, question.against.place.replace("victims", "")]
        why = question.evidence.explain_not_held(question.what, filter(None, places))
    if why:
        raise NoAnswerError(why)


def _answer_for_sure(question: Question) -> ClaimAnswer:
    """Return no verdict on a neighbourhood that those nobody could place might change."""
    _check(question)
    answer = _answer(question)
    is_area = "/" in f"{question.where}{question.against.place}"
    # A number looks at them itself.
    is_open = (
        is_area and question.kind is not ClaimKind.NUMBER and answer.verdict is not Verdict.CANNOT
    )
    for here, elsewhere in SPLITS if is_open else ():
        own = {(question.where, question.span): here}
        evidence = replace(question.evidence, unplaced_here=own, unplaced_elsewhere=elsewhere)
        if _answer(replace(question, evidence=evidence)).verdict is not answer.verdict:
            return replace(answer, verdict=Verdict.CANNOT, why=UNLOCATED, safe="")
    return answer


def _answer(question: Question) -> ClaimAnswer:
    return answer_number(question) if question.is_number else answer_compared(question)
