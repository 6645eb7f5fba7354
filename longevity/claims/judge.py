"""The verdict on a claim: how it fares against each time or count that it is compared with.

These are called what the claim is *held* against: a change is held against earlier times, a rank
against other years, a number against the count of this release. A change and a rank are findings
(`longevity.findings`), as on every screen. The rules: docs/claim-check.md.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence

from longevity.claims import render
from longevity.claims.evidence import Evidence
from longevity.claims.form import (
    BEFORE,
    EACH,
    PRE_PROGRAM,
    PROGRAM,
    ClaimForm,
    Way,
    find_conflict,
)
from longevity.claims.question import Question
from longevity.claims.reader import Reading
from longevity.claims.verdict import (
    ClaimAnswer,
    Fit,
    Held,
    NoAnswerError,
    Tally,
    Verdict,
    judge,
)
from longevity.claims.when import LAST_YEAR, TO_DATE
from longevity.facts.windows import DAY
from longevity.findings.finding import Against
from longevity.words import dates, wording

NOT_EARLIER = "It compares with a time that is not earlier."
NOT_ALIKE = "The two times are not the same part of a year, or not as long. Say two that are."
NO_YEAR_BEFORE = "There is no year before the program to compare."
NO_OTHER_YEAR = "There is no other year here to rank it with."
BEFORE_PROGRAM = "the pre-program average"
NO_WHOLE = "There was nothing of that to count, so there is no share."


def judge_reading(reading: Reading, evidence: Evidence) -> ClaimAnswer:
    """Return the verdict on a text: on the form it fills, or why it fills none."""
    if reading.form is None:
        return ClaimAnswer(Verdict.CANNOT, reading="", why=reading.why)
    return judge_form(reading.form, evidence)


def judge_form(form: ClaimForm, evidence: Evidence) -> ClaimAnswer:
    """Return the verdict on a claim, and what is safe to say."""
    if why := find_conflict(form) or evidence.explain_uncounted(form.where):
        return ClaimAnswer(Verdict.CANNOT, reading="", why=why)
    _, through = evidence.find_span(form.where)
    cities = evidence.view.settings.cities
    week_ends = {cities[city].week_ends_iso for city in evidence.list_cities(form.where)}
    today = evidence.view.today
    span = form.when.resolve(through, today, week_ends)
    question = Question(**vars(form), evidence=evidence, span=span, through=through)
    try:
        answer = _answer_number(question) if form.kind == "number" else _answer_compared(question)
    except NoAnswerError as error:
        return render.answer(question, Verdict.CANNOT, why=str(error))
    # In January the data may not have begun this year.
    is_other_year = form.when.code == TO_DATE and through.year < today.year
    if form.when.is_newest and (question.is_old or is_other_year):
        # What is safe to say names its days, and stays so.
        why = question.say("too_old", ends=through)
        safe, errors = answer.safe, answer.errors
        return ClaimAnswer(Verdict.CANNOT, answer.reading, why, safe, errors=errors)
    return answer


# --- a number ------------------------------------------------------------------------------


def _answer_number(question: Question) -> ClaimAnswer:
    """Answer a claim of a number or a share; it must hold whatever is true of those not known."""
    if question.what in PROGRAM:
        tally = question.evidence.count_program(question.what, question.where, question.span)
    else:
        tally = Tally(question.count(), unknown=question.unplaced)
    if tally.whole == 0:
        raise NoAnswerError(NO_WHOLE)
    held = [Held("this release", fit=tally.find_fit(question.says), counts=str(tally))]
    verdict = judge(case.fit for case in held)
    if question.what in PROGRAM:
        why = safe = _describe_program(question, tally)
    else:
        safe = question.say("safe_count", n=tally.part)
        why = f"{render.explain(held, 'By')} {render.describe_unplaced(question)}".strip()
    # "0 people were shot in …" would be quoted without the others.
    is_safe = tally.part or not tally.unknown
    return render.answer(question, verdict, held, safe if is_safe else "", why=why)


def _describe_program(question: Question, tally: Tally) -> str:
    """Say how many did it, such as come to a call-in, of how many; for how many it is not known."""
    part, whole = tally.part, tally.whole or 0  # what the program counts always has a whole
    least_base = question.evidence.view.settings.thresholds.least_base_for_percentage
    share = wording.format_share(part, whole, least_base)
    sentence = question.say(question.what, part=part, whole=whole)
    return question.say("program", sentence=sentence, share=share, unknown=tally.unknown)


# --- a change and a rank -------------------------------------------------------------------


def _answer_compared(question: Question) -> ClaimAnswer:
    """Answer a claim of a change or a rank: it is tested against each earlier time or year."""
    question.count()
    if question.kind == "rank":
        return _answer_rank(question, question.judge_against([*_list_years(question)]))
    return _answer_change(question, question.judge_against(_list_against(question)))


def _answer_change(question: Question, held: Sequence[Held]) -> ClaimAnswer:
    """Answer a change by how it fares against each baseline, of which the first must be known."""
    findings = [case.finding for case in held if case.finding]
    first, *others = findings
    if first.difference is None:  # of the baseline that the claim names, else of last year
        why = question.explain_not_covered(first.against.windows[0])
        raise NoAnswerError(f"There is no count of {first.against.days}. {why}")
    verdict = judge(case.fit for case in held)
    known = [finding for finding in others if finding.difference is not None]
    shown = [first, *known] if verdict is Verdict.DEPENDS else [first]
    differences = [*map(render.describe_difference, shown)]
    names = wording.join_words([case.name for case in held])
    note = question.say("no_cause") if BEFORE_PROGRAM in names else ""
    safe = question.say("safe_change", n=first.now, differences=differences)
    why = f"{render.explain(held)} {note}".strip()
    return render.answer(question, verdict, held, f"{safe} {note}".strip(), why=why, against=names)


def _answer_rank(question: Question, held: Sequence[Held]) -> ClaimAnswer:
    """Answer a rank ("the most since 2019"): its reason names the year nearest to beating it."""
    # The name of each begins with its year: "2024", "2024 to November 20".
    verdict = _judge_rank(question, {int(case.name[:4]): case.fit for case in held})
    sign, most = (-1, "most") if question.says.way is Way.HIGHEST else (1, "fewest")
    known = [case for case in held if case.fit is not Fit.MISSING]
    known.sort(key=lambda case: sign * case.count)
    nearest = known[0]
    years = [question.year, *(int(case.name[:4]) for case in known)]
    kind = f"years from {dates.format_years(min(years), max(years))}"
    safe = question.say(
        "safe_rank",
        n=question.count(),
        most=most,
        kind=kind,
        whole=question.is_whole_year,
        count=nearest.count,
        years=[case.name for case in known if case.count == nearest.count],
        note=nearest.verdict,
    )
    why = render.explain([nearest])
    return render.answer(question, verdict, known, safe, why=why, against=f"the {kind}")


def _judge_rank(question: Question, fits: Mapping[int, Fit]) -> Verdict:
    """Return the verdict on a rank by how it fares against each other year: `{2023: Fit.HOLDS}`.

    Whether "the most since 2019" counts 2019 is open: where 2019 alone had more the verdict is that
    it depends, where a later year had more the claim is not supported. Every year from 2019 on must
    be known; where no first year is named, those that are known decide.
    """
    missing = [str(year) for year, fit in fits.items() if fit is Fit.MISSING]
    better = {year for year, fit in fits.items() if fit not in (Fit.HOLDS, Fit.MISSING)}
    first = question.since  # 0 where none is named
    # "Since 2023", said of 2024, leaves no other year than 2023: it counts.
    open_years = {first} if first < question.year - 1 else set()
    if better - open_years:
        return Verdict.NOT_SUPPORTED
    if missing and first:
        days = " to ".join(dict.fromkeys([missing[0], missing[-1]]))
        raise NoAnswerError(f"The data do not cover {days}.")
    if len(missing) == len(fits):
        raise NoAnswerError(NO_OTHER_YEAR)
    return Verdict.DEPENDS if better else Verdict.SUPPORTED


# --- what it is held against ----------------------------------------------------------------


def _list_years(question: Question) -> Iterator[Against]:
    """Yield the same days of every other year that a rank compares with.

    A year that is not over can already have more, so it counts against "the most"; of "the fewest"
    it says nothing yet.
    """
    after = question.through + DAY
    begins, _ = question.evidence.find_span(question.where)
    for year in range(question.since or begins.year, after.year + 1):
        start, until = question.when.step_back(question.span, question.year - year)
        is_over = until <= after
        is_so_far = start < after and question.says.way is Way.HIGHEST and year > question.year
        if year != question.year and (is_over or is_so_far):
            end = f" to {dates.format_day_of_year(question.through)}"
            name = f"{year}{'' if is_over else end}"
            days = question.name_days((start, until))
            yield Against(name=name, days=days, windows=((start, min(until, after)),))


def _list_against(question: Question) -> list[Against]:
    """Return the earlier times a change is held against: the one it names, else the usual ones.

    NoAnswerError where there is none.
    """
    if question.against != EACH:
        return [_choose_time(question, question.against)]
    found = [_choose_time(question, LAST_YEAR)]  # NoAnswerError where there is no last year
    for code in ("mean:3", "mean:5", BEFORE if question.when.is_days else PRE_PROGRAM):
        with contextlib.suppress(NoAnswerError):
            found.append(_choose_time(question, code))
    return found


def _choose_time(question: Question, code: str) -> Against:
    """Return an earlier time by its code (`mean:3`).

    NoAnswerError where it is not earlier, not alike, or overlaps.
    """
    own = question.span
    kind, _, number = code.partition(":")
    if kind == BEFORE:
        length = own[1] - own[0]
        if number and int(number) != length.days:
            raise NoAnswerError(NOT_ALIKE)
        name = days = f"the {length.days} days before"
        spans = [(own[0] - length, own[0])]
    else:
        name, backs = _list_years_back(question, kind, number)
        spans = [question.when.step_back(own, back) for back in backs]
        days = question.name_days(*spans)
    for first, until in spans:
        if first >= own[0]:
            raise NoAnswerError(NOT_EARLIER)
        if until > own[0]:
            shared = wording.format_period(own[0], min(own[1], until))
            raise NoAnswerError(question.say("overlap", period=shared))
    return Against(name=name, days=days, windows=tuple(spans))


def _list_years_back(question: Question, kind: str, number: str) -> tuple[str, Sequence[int]]:
    """Return what earlier years are called, and how far back they are: "last year", [1]."""
    if kind == "year":
        return number, [question.year - int(number)]
    if kind == "mean":
        return f"the {number}-year average", range(int(number), 0, -1)
    if kind == PRE_PROGRAM:
        return BEFORE_PROGRAM, _list_years_before_program(question)
    if kind == LAST_YEAR:
        is_this_year = question.year == question.evidence.view.today.year
        return "last year" if is_this_year else "the year before", [1]
    year, part = kind[:4], kind[4:]  # "2019-q1"
    if part != question.when.code[4:]:
        raise NoAnswerError(NOT_ALIKE)
    return year, [question.year - int(year)]


def _list_years_before_program(question: Question) -> list[int]:
    """Return how far back the years before the program are: `[9, 8, 7]`.

    Their days end before it began in any of the place's cities. NoAnswerError where one of these
    has no program, or the days asked about do not come after it.
    """
    evidence, own = question.evidence, question.span
    cities = evidence.view.settings.cities
    launches = [cities[city].launched_on for city in evidence.list_cities(question.where)]
    began = [day for day in launches if day]
    if len(began) < len(launches):
        raise NoAnswerError(question.say("no_program"))
    begins, _ = evidence.find_span(question.where)
    every = range(question.year - begins.year, 0, -1)
    spans = [question.when.step_back(own, back) for back in every]
    pairs = zip(every, spans, strict=True)
    backs = [back for back, (first, end) in pairs if begins <= first and end <= min(began)]
    if not backs or own[0] < max(began):
        raise NoAnswerError(NO_YEAR_BEFORE)
    return backs
