"""The verdict on a claim: how it fares against each thing it is held against.

A change and a rank are findings (`longevity.findings`), as on every screen. The rules:
docs/claim-check.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from longevity import dates
from longevity.absent import Absent
from longevity.claims import render
from longevity.claims.evidence import Evidence
from longevity.claims.form import PROGRAM, Base, ClaimForm, Way, find_conflict
from longevity.claims.question import Question
from longevity.claims.reader import Reading
from longevity.claims.verdict import (
    ClaimAnswer,
    Fit,
    Held,
    NoAnswerError,
    Tally,
    Verdict,
    hold,
    judge,
)
from longevity.claims.when import ALL
from longevity.errors import AccessError
from longevity.findings.finding import Against
from longevity.measures import wording
from longevity.windows import DAY

NOT_EARLIER = "It compares with a time that is not earlier."
NOT_ALIKE = "The two times are not the same part of a year, or not as long. Say two that are."
NO_YEAR_BEFORE = "There is no year before the program to compare."
UNPLACED = (
    "Not everybody in the city could be placed in a neighbourhood, and the others could change the "
    "answer."
)
# Which share of those of whom the neighbourhood is not known is taken to belong to the days a claim
# is about, and to any other time: all to one side, half, and all to both.
SPLITS = ((1.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.0, 1.0), (1.0, 1.0))


def judge_reading(reading: Reading, evidence: Evidence) -> ClaimAnswer:
    """Return the verdict on a text: on the form it fills, or why it fills none."""
    if reading.form is None:
        return ClaimAnswer(Verdict.CANNOT, "", reading.why)
    return judge_form(reading.form, evidence)


def judge_form(form: ClaimForm, evidence: Evidence) -> ClaimAnswer:
    """Return the verdict on a claim, and what is safe to say."""
    if why := find_conflict(form):
        return ClaimAnswer(Verdict.CANNOT, "", why)
    places = [form.where, *filter(None, [form.against.place])]
    if why := evidence.explain_uncounted(places):
        return ClaimAnswer(Verdict.CANNOT, "", why)
    _, through = evidence.find_span(*places)
    cities = evidence.record.settings.cities
    week_ends = {cities[city].week_ends_iso for city in evidence.list_cities(form.where)}
    span = form.when.resolve(through, week_ends)
    question = Question(**vars(form), evidence=evidence, span=span, through=through)
    try:
        return _answer_for_sure(question)
    except (NoAnswerError, AccessError) as error:
        return render.answer(question, Verdict.CANNOT, why=str(error))


def _answer_for_sure(question: Question) -> ClaimAnswer:
    """Return no verdict on a neighbourhood that those nobody could place might change."""
    if question.kind == "number":  # which looks at them itself
        return _answer_number(question)
    answer = _answer_compared(question)
    is_open = "/" in question.where and answer.verdict is not Verdict.CANNOT
    for unplaced in SPLITS if is_open else ():
        if _answer_compared(replace(question, unplaced=unplaced)).verdict is not answer.verdict:
            raise NoAnswerError(UNPLACED)
    return answer


# --- a number ------------------------------------------------------------------------------


def _answer_number(question: Question) -> ClaimAnswer:
    """Hold a number or a share against the count, whatever is unknown."""
    evidence = question.evidence
    if question.what in PROGRAM:
        if "/" in question.where:
            raise NoAnswerError("What the program did is counted by city, or of all together.")
        days = None if question.when.code == ALL else question.span
        cities = evidence.list_cities(question.where)
        tally = evidence.count_program(question.what, cities, days)
    else:
        count = question.require_count(question.span)
        tally = Tally(count, unknown=question.unplaced_here)
    if tally.whole == 0:
        raise NoAnswerError("There was nothing of that to count, so there is no share.")
    held = [Held("this release", tally.find_fit(question.says), str(tally))]
    verdict = judge(case.fit for case in held)
    if question.what in PROGRAM:
        why = _describe_program(question, tally)
        return render.answer(question, verdict, held, why if tally.is_public else "", why=why)
    safe = question.say("safe_count", n=tally.part)
    why = f"{render.explain(held, 'By')} {render.describe_unplaced(question)}".strip()
    # "0 people were shot in …" would be quoted without the others.
    is_safe = tally.part or not tally.unknown
    return render.answer(question, verdict, held, safe if is_safe else "", why=why)


def _describe_program(question: Question, tally: Tally) -> str:
    """Say what the program counts, and of how many it is not known."""
    thresholds, whole = question.evidence.record.settings.thresholds, tally.whole or 0
    hours = thresholds.greeted_within_hours
    sentence = question.say(question.what, part=tally.part, whole=whole, hours=hours)
    share = wording.format_share(tally.part, whole, thresholds.least_base_for_percentage)
    return question.say("program", tally=tally, sentence=sentence, share=share)


# --- a change and a rank -------------------------------------------------------------------


def _answer_compared(question: Question) -> ClaimAnswer:
    """Hold a change or a rank against each time or place that it is said of."""
    question.require_count(question.span)
    is_rank, is_place = question.kind == "rank", question.against.base is Base.PLACE
    against = [*(_list_years(question) if is_rank else _list_against(question))]
    question.evidence.load(question.where, [span for one in against for span in one.windows])
    findings = [question.find(one) for one in against]
    # A change needs the first it names, another place each count; a rank takes what there is.
    for finding in [] if is_rank else findings[: None if is_place else 1]:
        if isinstance(finding.before, Absent):
            why = question.explain_not_covered(finding.against.windows[0])
            raise NoAnswerError(f"There is no count of {finding.against.days}. {why}")
    within = question.evidence.record.settings.thresholds.unchanged_within
    held = [hold(question.says, finding, within) for finding in findings]
    return _answer_rank(question, held) if is_rank else _answer_change(question, held)


def _answer_change(question: Question, held: Sequence[Held]) -> ClaimAnswer:
    verdict = judge(case.fit for case in held)
    known = [case.finding for case in held if case.finding and case.fit is not Fit.MISSING]
    is_all = verdict is Verdict.DEPENDS or question.against.base is Base.PLACE
    shown = [*map(render.describe_difference, known[: None if is_all else 1])]
    safe = question.say("safe_change", n=known[0].now, differences=shown)
    names = wording.join_words([case.name for case in held])
    return render.answer(question, verdict, held, safe, against=names)


def _answer_rank(question: Question, held: Sequence[Held]) -> ClaimAnswer:
    """Answer a rank: against the year that comes next to it, or before it."""
    sign, most = (-1, "most") if question.says.way is Way.HIGHEST else (1, "fewest")
    known = [case for case in held if case.fit is not Fit.MISSING and case.finding]
    known.sort(key=lambda case: sign * (case.count or 0))
    missing = [case.name for case in held if case not in known]
    better = {case.name for case in known if case.fit is not Fit.HOLDS}
    # Whether "since 2019" counts 2019 is open; where that is the year before there is no other.
    first = question.against.number
    verdict = Verdict.DEPENDS if better else Verdict.SUPPORTED
    if better - ({str(first)} if first < question.year - 1 else set()):
        verdict = Verdict.NOT_SUPPORTED
    elif not known or (missing and first):
        none = "There is no other year here to rank it with."
        days = " to ".join(dict.fromkeys([missing[0], missing[-1]])) if missing else ""
        raise NoAnswerError(f"The data do not cover {days}." if days else none)
    years = [question.year, *(int(case.name[:4]) for case in known)]
    kind = f"years from {dates.format_years(min(years), max(years))}"
    safe = question.say(
        "safe_rank",
        n=question.require_count(question.span),
        most=most,
        kind=kind,
        whole=question.is_whole_year,
        count=known[0].count,
        years=[case.name for case in known if case.count == known[0].count],
        note=known[0].verdict,
    )
    why = render.explain(known[:1])
    return render.answer(question, verdict, known, safe, why=why, against=f"the {kind}")


# --- what it is held against ----------------------------------------------------------------


def _list_years(question: Question) -> Iterator[Against]:
    """Yield the same days of other years, those after it too; of a year that is not over what
    there is for the most, and nothing for the fewest.
    """
    after = question.through + DAY
    begins, _ = question.evidence.find_span(question.where)
    for year in range(question.against.number or begins.year, after.year + 1):
        start, until = question.when.step_back(question.span, question.year - year)
        is_over = until <= after
        is_so_far = start < after and question.says.way is Way.HIGHEST and year > question.year
        if year != question.year and (is_over or is_so_far):
            name = f"{year}{'' if is_over else ' so far'}"
            days = question.name_days((start, until))
            yield Against(name, days, ((start, min(until, after)),))


def _list_against(question: Question) -> list[Against]:
    """Return what a change is held against; NoAnswerError where there is nothing."""
    base, number = question.against.base, question.against.number
    if base is Base.PLACE:
        return [*_list_places(question)]
    usual: list[tuple[Base, int]] = [(base, number)]
    if base is Base.EACH:
        last = Base.BEFORE if question.when.is_days else Base.PROGRAM
        usual = [(Base.LAST_YEAR, 0), (Base.MEAN, 3), (Base.MEAN, 5), (last, 0)]
    found: list[Against] = []
    for one in usual:
        try:
            found.append(_choose_time(question, *one))
        except NoAnswerError:
            if not found:  # the first must be there
                raise
    return found


def _list_places(question: Question) -> Iterator[Against]:
    """Yield another city, by count and per resident where that is known."""
    places, span = (question.where, question.against.place), question.span
    own, other = map(question.name_place, places)
    if question.where not in question.evidence.names.cities or own == other:
        raise NoAnswerError("Only a city is compared with another.")
    residents = [float(question.evidence.residents.get(place, 0)) for place in places]
    yield Against(f"{other} as a count", other, (span,))
    if all(residents):
        people = residents[0], residents[1]
        yield Against(f"{other} per resident", f"{other}, per resident", (span,), False, people)


def _choose_time(question: Question, base: Base, number: int) -> Against:
    """Return an earlier time; NoAnswerError where it is none, or shares days with its own."""
    own, when, other = question.span, question.when, question.against.when
    days = (own[1] - own[0]).days
    name = "last year" if question.year == question.through.year else "the year before"
    backs = [1]
    if base is Base.YEAR:
        name, backs = str(number), [question.year - number]
    elif base is Base.MEAN:
        name, backs = f"the {number}-year average", [*range(number, 0, -1)]
    elif base is Base.PROGRAM:
        name, backs = "the pre-program average", _list_years_before_program(question)
    spans = tuple(when.step_back(own, back) for back in backs)
    if base is Base.BEFORE:
        spans = ((own[0] - (own[1] - own[0]), own[0]),)
        name = f"the {days} days before"
    if (base is Base.BEFORE and number not in (0, days)) or (
        other and other.code[4:] != when.code[4:]
    ):
        raise NoAnswerError(NOT_ALIKE)
    for first, after in spans:
        both = max(own[0], first), min(own[1], after)
        if both[0] < both[1] and first < own[0]:
            shared = wording.count_noun((both[1] - both[0]).days, "day")
            raise NoAnswerError(
                f"The two times overlap: they share {shared} ({wording.format_period(*both)}), "
                "which would be counted on both sides. Choose times that do not."
            )
        if first >= own[0]:
            raise NoAnswerError(NOT_EARLIER)
    return Against(name, name if base is Base.BEFORE else question.name_days(*spans), spans)


def _list_years_before_program(question: Question) -> list[int]:
    """Return how far back the years are whose days end before the program began everywhere.

    NoAnswerError where one of the cities has no program, or its days do not come after it.
    """
    evidence, own = question.evidence, question.span
    cities = evidence.record.settings.cities
    launches = [cities[city].launched_on for city in evidence.list_cities(question.where)]
    began = [day for day in launches if day]
    if len(began) < len(launches):
        raise NoAnswerError(question.say("no_program"))
    known, _ = evidence.find_span(question.where)
    spans = {
        back: question.when.step_back(own, back)
        for back in range(question.year - known.year, 0, -1)
    }
    backs = [back for back, (first, end) in spans.items() if known <= first and end <= min(began)]
    if not backs or own[0] < max(began):
        raise NoAnswerError(NO_YEAR_BEFORE)
    return backs
