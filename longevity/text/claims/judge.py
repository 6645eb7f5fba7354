"""A form held against the counts: three ways, by the kind of claim.

A number is held against every source that has one, a change against findings
(`longevity.findings`), a rank against the counts of the others. What is said of each place, each
month or in the same breath is as many claims, all of which must be so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from longevity.findings.finding import TOGETHER
from longevity.text.claims import against, ranks, render
from longevity.text.claims.change_fit import Fit, find_fit, is_number_match
from longevity.text.claims.evidence import Evidence
from longevity.text.claims.form import (
    EACH,
    PROGRAM,
    STATE,
    Amount,
    Base,
    ClaimForm,
    Comparator,
    Kind,
    Size,
    Way,
    find_conflict,
    require_part,
)
from longevity.text.claims.question import Question
from longevity.text.claims.verdict import ClaimAnswer, Held, Tally, Verdict
from longevity.text.claims.when import Unit

UNLOCATED = (
    "Not everybody in the city could be placed in a neighbourhood, and the others could change the "
    "answer."
)
MOST_PARTS = 100
# Which share of those of whom it is not known is taken to belong to the days a claim is about, and
# to any other place or time it is held against: none, all to one side, half, and all to both.
SPLITS = ((0.0, 0.0), (1.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.0, 1.0), (1.0, 1.0))


def evaluate_form(form: ClaimForm, evidence: Evidence) -> ClaimAnswer:
    """Return the verdict on a claim, and what is safe to say."""
    evidence.counted.clear()
    answers = [
        answer
        for single in (form, *form.also)
        for place in (evidence.names.cities if single.where == EACH else [single.where])
        for answer in _answer_each(replace(single, where=place, also=()), evidence)
    ]
    answer = answers[0] if len(answers) == 1 else render.join_answers(answers)
    errors = evidence.describe_accepted_errors() if answer.from_release else []
    return render.finish_answer(answer, errors)


def _answer_each(form: ClaimForm, evidence: Evidence) -> Iterator[ClaimAnswer]:
    """Answer a claim about one place: each of its times, and each of the years in a row."""
    questions = _ask(form, evidence)
    if isinstance(questions, str):
        yield ClaimAnswer(Verdict.CANNOT, "", questions)
        return
    for question in questions:
        why = _find_refusal(question)
        if why:
            yield ClaimAnswer(Verdict.CANNOT, "", why)
        else:
            yield render.mark_safe(_evaluate_wherever_the_unlocated_were(question), question)


def _ask(form: ClaimForm, evidence: Evidence) -> list[Question] | str:
    """Return a question for each of the times a form is about, or why there is none."""
    why = find_conflict(form)
    if why:
        return why
    cities = [*evidence.list_cities(form.where)]
    if form.against.base in (Base.PLACE, Base.RATE):
        cities += evidence.list_cities(form.against.place)
    through = evidence.find_last_day(cities)
    if through is None and form.says.way is Way.IS:
        # What is published can still tell: the release then has no count of its own.
        through = evidence.newest_day
    if through is None:
        return evidence.explain_uncounted(cities)
    times = [form.when, *([form.against.when] if form.against.when else [])]
    by_launch = any(when.unit is Unit.LAUNCH for when in times)
    if (by_launch or form.against.base is Base.PROGRAM) and (
        why := evidence.explain_no_program(cities)
    ):
        return why
    span = form.when.resolve(evidence.make_clock(form.where, through))
    parts = [*form.when.split(span)] if form.when.every else [(form.when, span)]
    rows = form.against.number if form.against.base is Base.ROW else 0
    if len(parts) > MOST_PARTS or not parts:
        return f"It is about {len(parts)} times, which is too many to list."
    if rows:
        form = replace(form, against=Comparator(Base.LAST_YEAR.value, Base.LAST_YEAR))
    return [
        Question(replace(form, when=when), evidence, when.step_back(days, back), through)
        for when, days in parts
        for back in range(max(rows, 1))
    ]


def _find_refusal(question: Question) -> str:
    """Say why these data cannot answer it at all."""
    form, (start, until), through = question.form, question.span, question.through
    is_count = form.says.way is Way.IS
    why = ""
    if start > through or until.year > through.year + 1:
        why = question.explain_not_covered() if is_count else against.FUTURE
    elif start >= until:
        why = "The time it speaks of has no day in it."
    elif form.when.unit is Unit.TO_DATE and form.when.year not in (None, through.year):
        why = f"“So far” is of {through.year}: say “in {form.when.year}”."
    elif form.what in PROGRAM:
        if form.where == STATE or "/" in form.where:
            why = "What the program did is counted by city. Say a city, or all cities together."
    elif form.where == STATE and not question.is_whole_year:
        why = (
            f"The data hold the program's cities, not all of {question.place_name}. Published "
            "figures tell of whole years only: say “in 2015”."
        )
    elif form.where != STATE and form.kind is not Kind.NUMBER and form.against.base != Base.WHOLE:
        # A figure that others published may still tell how many there were.
        others = form.against.place.replace("victims", "")
        why = question.evidence.explain_not_held(form.what, filter(None, [form.where, others]))
    return why


def _evaluate_wherever_the_unlocated_were(question: Question) -> ClaimAnswer:
    """Return no verdict on a neighbourhood that those nobody could place might change."""
    form, answer = question.form, _evaluate(question)
    if (
        answer.verdict is Verdict.CANNOT
        or form.kind is Kind.NUMBER  # looks at them itself
        or "/" not in f"{form.where}{form.against.place}"
    ):
        return answer
    for share, elsewhere in SPLITS[1:]:

        def share_unlocated(
            place: str, span: object, here: float = share, other: float = elsewhere
        ) -> float:
            return here if (place, span) == (form.where, question.span) else other

        evidence = replace(question.evidence, share_unlocated=share_unlocated)
        if _evaluate(replace(question, evidence=evidence)).verdict is not answer.verdict:
            remarks = tuple(question.list_remarks())
            return replace(answer, verdict=Verdict.CANNOT, why=UNLOCATED, safe="", remarks=remarks)
    return answer


def _evaluate(question: Question) -> ClaimAnswer:
    judge = {
        Kind.NUMBER: _judge_number,
        Kind.SHARE: _judge_number,
        Kind.CHANGE: _judge_change,
        Kind.PROGRAM: _judge_program,
        Kind.RANK: _judge_rank,
    }
    return judge[question.form.kind](question)


# --- a number, or a share ----------------------------------------------------------------


def _judge_number(question: Question) -> ClaimAnswer:
    """Hold a number against every source that has one, whatever is unknown."""
    size = require_part(question.form.says.size)
    tallies = list_tallies(question)
    if isinstance(tallies, str):
        return ClaimAnswer(Verdict.CANNOT, render.read_number(question), tallies)
    return render.write_number(question, tallies, judge_tallies(size, tallies))


def judge_tallies(size: Size, tallies: Sequence[Tally]) -> Verdict:
    """Return the verdict by whether all sources fit, none does, or it depends on which."""
    fits = set()
    for tally in tallies:
        if tally.whole == 0:
            return Verdict.CANNOT
        counts = range(tally.part, tally.part + tally.unknown + 1)
        could_be = {_is_match(size, count, tally.whole) for count in counts}
        if len(could_be) > 1:
            return Verdict.CANNOT
        fits |= could_be
    if len(fits) > 1:
        return Verdict.DEPENDS
    return Verdict.SUPPORTED if fits == {True} else Verdict.NOT_SUPPORTED


def _is_match(size: Size, part: int, whole: int | None) -> bool:
    if size.amount is Amount.OF:
        return (part, whole) == (size.value, size.other)
    if size.amount is Amount.PERCENT:
        return is_number_match(size, 100 * part / require_part(whole))
    return is_number_match(size, part)


def list_tallies(question: Question) -> list[Tally] | str:
    """Return how many it is by each source, or why there is none."""
    form, evidence = question.form, question.evidence
    if form.what in PROGRAM:
        tally = _count_program(question, question.span)
        return tally if isinstance(tally, str) else [tally]
    if form.kind is Kind.SHARE:
        return _list_shares(question)
    count = None if form.where == STATE else question.count()
    tallies = [] if count is None else [Tally(count, unknown=question.count_unlocated())]
    if question.is_whole_year:
        rows = evidence.list_published(form.where, form.what)
        year = question.span[0].year
        tallies += [Tally(number, address=url) for url, at, number in rows if at == year]
    if tallies:
        return tallies
    not_held = evidence.explain_not_held(form.what, [form.where]) if form.where != STATE else ""
    return not_held or question.explain_not_covered()


def _list_shares(question: Question) -> list[Tally] | str:
    """Return the part and the whole by each source that counts both alike."""
    form, evidence, span = question.form, question.evidence, question.span
    place, where = form.against.place, form.where
    if form.against.base is Base.WHOLE or place == STATE:
        return _list_shares_of_state(question)
    is_part = where in (*evidence.names.cities, *evidence.names.areas) and place in (
        TOGETHER,
        form.city,
    )
    of_people = place == "victims" and form.what in ("fatal", "nonfatal")
    if not of_people and (not is_part or where == place):
        return f"{question.place_name} is no part of that whole."
    part = question.count()
    whole = question.count(place) if of_people else evidence.count(place, form.what, span)
    if part is None or whole is None:
        return question.explain_not_covered()
    return [Tally(part, whole)]


def _list_shares_of_state(question: Question) -> list[Tally] | str:
    form, evidence, span = question.form, question.evidence, question.span
    if form.where == STATE:
        return "It is all of the state: say which part of it."
    if form.where == TOGETHER and form.what == "homicides" and question.is_whole_year:
        frame = evidence.ask("homicides_share_of_state", year=span[0].year)
        tallies = [
            Tally(int(row.cities), int(row.state), address=row.source) for row in frame.itertuples()
        ]
    else:
        parts, wholes = (evidence.map_published(p, form.what) for p in (form.where, STATE))
        tallies = [
            Tally(by_year[span], wholes[source][span], address=source)
            for source, by_year in parts.items()
            if span in by_year and span in wholes.get(source, {})
        ]
    state = evidence.names.state
    return tallies or f"No source here counts {question.describe_subject()} and in all of {state}."


def _count_program(question: Question, span: against.Window | None) -> Tally | str:
    form, evidence = question.form, question.evidence
    span = None if form.when.unit is Unit.ALL else span
    evidence.counted.add((form.where, span, False))
    return evidence.count_program(form.what, evidence.list_cities(form.where), span)


# --- a change ----------------------------------------------------------------------------


def _judge_change(question: Question) -> ClaimAnswer:
    """Hold a change against the baseline it names, or against each where it names none."""
    findings = against.list_findings(question)
    if isinstance(findings, str):
        return ClaimAnswer(Verdict.CANNOT, "", findings)
    says, within = question.form.says, question.evidence.unchanged_within
    results = [
        Held(finding, find_fit(says, finding.tested, finding.least_base, within))
        for finding in findings
    ]
    if question.form.against.base is Base.PLACE and len(results) > 1:
        # Of two places chance is tested on the rate.
        count, rate = results
        holds = count.fit in (Fit.HOLDS, Fit.CHANCE)
        results = [Held(count.finding, Fit.HOLDS) if holds else count, rate]
    known = [result for result in results if result.is_known]
    if not known or known[0] is not results[0]:
        return render.write_missing(question, results)
    return render.write_change(question, judge_fits({result.fit for result in known}), results)


def judge_fits(fits: set[Fit]) -> Verdict:
    """Return the verdict by how the claim fares against each baseline there is a count of."""
    if fits == {Fit.HOLDS}:
        return Verdict.SUPPORTED
    if fits <= {Fit.HOLDS, Fit.CHANCE}:
        return Verdict.BY_COUNT
    if fits <= {Fit.OPEN, Fit.RATE}:
        return Verdict.CANNOT
    # So against one, by the count at least, and not against another.
    return Verdict.DEPENDS if fits & {Fit.HOLDS, Fit.CHANCE} else Verdict.NOT_SUPPORTED


def _judge_program(question: Question) -> ClaimAnswer:
    """Hold a rise or fall of a share against an earlier time."""
    baselines = against.choose_baselines(question)
    if isinstance(baselines, str) or question.form.when.unit is Unit.ALL:
        why = baselines if isinstance(baselines, str) else against.NOT_EARLIER
        return ClaimAnswer(Verdict.CANNOT, "", why)
    now = _count_program(question, question.span)
    before = _count_program(question, baselines[0].windows[0])
    if isinstance(now, str) or isinstance(before, str):
        return ClaimAnswer(Verdict.CANNOT, "", now if isinstance(now, str) else str(before))
    return render.write_program_change(
        question, judge_shares(question.form, now, before), now, before
    )


def judge_shares(form: ClaimForm, now: Tally, before: Tally) -> Verdict:
    """Return the verdict on a rise or fall of a share, wherever those not known belong."""
    if not now.whole or not before.whole:
        return Verdict.CANNOT
    verdicts = set()
    for share, share_before in SPLITS:
        tested = against.compare(
            now.part + round(share * now.unknown),
            before.part + round(share_before * before.unknown),
            float(now.whole),
            float(before.whole),
        )
        verdicts.add(judge_fits({find_fit(form.says, tested, 0, 0.0)}))
    if len(verdicts) == 1:
        return verdicts.pop()
    so = {Verdict.SUPPORTED, Verdict.BY_COUNT}
    return Verdict.BY_COUNT if verdicts <= so else Verdict.CANNOT


# --- a rank ------------------------------------------------------------------------------


def _judge_rank(question: Question) -> ClaimAnswer:
    """Hold a rank against every other year, month or place it is said of."""
    ranked = ranks.list_rivals(question)
    if isinstance(ranked, str):
        return ClaimAnswer(Verdict.CANNOT, render.read_rank(question, ""), ranked)
    sign = -1 if question.form.says.way is Way.LOWEST else 1
    above = [rival for rival in ranked.rivals if sign * (rival.count - ranked.count) >= 0]
    above.sort(key=lambda rival: -sign * rival.count)
    firm = [rival for rival in above if not rival.is_arguable]
    if not ranked.rivals:
        verdict, why = Verdict.CANNOT, "There is nothing else here to rank it with."
    elif firm:
        verdict, why = Verdict.NOT_SUPPORTED, render.explain_above(question, ranked, firm)
    elif question.form.against.base is Base.EVER:
        why = "These data begin in a year; what was before it they do not say."
        verdict = Verdict.CANNOT
    elif ranked.missing:
        verdict, why = Verdict.CANNOT, f"The data do not cover {ranked.missing}."
    elif above:
        verdict, why = Verdict.DEPENDS, render.explain_arguable(question, ranked, above)
    else:
        verdict, why = Verdict.SUPPORTED, render.explain_rank(question, ranked)
    return render.write_rank(question, ranked, verdict, why)
