"""The verdict on a claim: how it fares against each thing it is held against.

A number is held against every source that has one, a change against findings
(`longevity.findings`), a rank against the counts of the others. What is said of each place, each
month or in the same breath is as many claims, all of which must be so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from longevity import windows
from longevity.absent import Absent
from longevity.claims import render
from longevity.claims.evidence import Evidence
from longevity.claims.form import (
    EACH,
    PROGRAM,
    STATE,
    Base,
    ClaimForm,
    ClaimKind,
    Comparator,
    Way,
    find_conflict,
    require_part,
)
from longevity.claims.question import Question
from longevity.claims.reader import WHY, Reading, read_text
from longevity.claims.verdict import (
    ClaimAnswer,
    Fit,
    Held,
    NoAnswerError,
    Tally,
    Verdict,
    find_fit,
    judge,
    judge_rank,
)
from longevity.claims.when import ALL, LAUNCH, add_months
from longevity.findings import change_wording
from longevity.findings.finding import TOGETHER, Against, Finding
from longevity.measures import wording
from longevity.windows import DAY

UNLOCATED = (
    "Not everybody in the city could be placed in a neighbourhood, and the others could change the "
    "answer."
)
MOST_PARTS = 100
# Which share of those of whom the neighbourhood is not known is taken to belong to the days a claim
# is about, and to any other place or time: all to one side, half, and all to both.
SPLITS = ((1.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.0, 1.0), (1.0, 1.0))
Rivals = tuple[str, str, list[Held], str]  # own name, what all are, the others, those missing


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
    is_counted = any(answer.from_release for answer in answers)
    return render.join_answers(answers, evidence.describe_accepted_errors() if is_counted else [])


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
        except NoAnswerError as error:
            yield render.answer(question, Verdict.CANNOT, why=str(error))


def _ask(form: ClaimForm, evidence: Evidence) -> list[Question]:
    """Return a question for each of the times a form is about."""
    against = form.against
    cities = evidence.list_cities(form.where, *([against.place] if against.is_place else []))
    known = evidence.find_span(cities)
    through = known[1] if known else None
    if through is None and form.says.way is Way.IS:
        # What is published can still tell: the release then has no count of its own.
        through = evidence.newest_day
    why = find_conflict(form)
    if LAUNCH in (form.when.code, against.code) or against.base is Base.PROGRAM:
        why = why or evidence.explain_no_program(cities)
    if through is None or why:
        raise NoAnswerError(why or evidence.explain_uncounted(cities))
    parts = form.when.split(form.when.resolve(evidence.make_clock(form.where, through)))
    rows = range(against.number if against.base is Base.ROW else 1)
    if not 0 < len(parts) * len(rows) <= MOST_PARTS:
        raise NoAnswerError("It is about too many times, or none.")
    if against.base is Base.ROW:
        form = replace(form, against=Comparator("last-year", Base.LAST_YEAR))
    return [
        Question(replace(form, when=when), evidence, when.step_back(days, back), through)
        for when, days in parts
        for back in rows
    ]


def _check(question: Question) -> None:
    """Refuse what these data cannot answer at all."""
    form, (start, until), through = question.form, question.span, question.through
    is_number = form.kind in (ClaimKind.NUMBER, ClaimKind.SHARE)
    why = ""
    if start > through or until.year > through.year + 1:
        why = question.explain_not_covered() if is_number else WHY["FUTURE"]
    elif form.what in PROGRAM:
        is_city = form.where != STATE and "/" not in form.where
        why = "" if is_city else "What the program did is counted by city, or of all together."
    elif form.where == STATE:
        why = "" if is_number and question.is_whole_year else question.explain_not_covered()
    elif form.kind is not ClaimKind.NUMBER and form.against.base is not Base.WHOLE:
        # A figure that others published may still tell how many there were.
        places = [form.where, form.against.place.replace("victims", "")]
        why = question.evidence.explain_not_held(form.what, filter(None, places))
    if why:
        raise NoAnswerError(why)


def _answer_for_sure(question: Question) -> ClaimAnswer:
    """Return no verdict on a neighbourhood that those nobody could place might change."""
    _check(question)
    form, answer = question.form, _answer(question)
    is_area = "/" in f"{form.where}{form.against.place}"
    # A number looks at them itself.
    is_open = is_area and form.kind is not ClaimKind.NUMBER and answer.verdict is not Verdict.CANNOT
    for here, elsewhere in SPLITS if is_open else ():

        def share_unlocated(at: object, here: float = here, other: float = elsewhere) -> float:
            return here if at == (form.where, question.span) else other

        evidence = replace(question.evidence, share_unlocated=share_unlocated)
        if _answer(replace(question, evidence=evidence)).verdict is not answer.verdict:
            return replace(answer, verdict=Verdict.CANNOT, why=UNLOCATED, safe="")
    return answer


def _answer(question: Question) -> ClaimAnswer:
    judges = {ClaimKind.CHANGE: _judge_change, ClaimKind.RANK: _judge_rank}
    return judges.get(question.form.kind, _judge_number)(question)


# --- a number, or a share ----------------------------------------------------------------


def _judge_number(question: Question) -> ClaimAnswer:
    """Hold a number against every source that has one, whatever is unknown."""
    size = require_part(question.form.says.size)
    tallies = _list_tallies(question)
    if not tallies:
        raise NoAnswerError(question.explain_not_covered())
    if tallies[0].whole == 0:
        raise NoAnswerError("There was nothing of that to count, so there is no share.")
    held = [
        Held(
            "a published figure" if tally.address else "this release",
            tally.find_fit(size),
            str(tally),
            count=tally.part,
            address=tally.address,
        )
        for tally in tallies
    ]
    return render.write_number(question, judge(one.fit for one in held), held, tallies[0])


def _list_tallies(question: Question) -> list[Tally]:
    """Return how many it is by each source."""
    form, evidence, span = question.form, question.evidence, question.span
    if form.what in PROGRAM:
        days = None if form.when.code == ALL else span
        evidence.counted.add((form.where, days, False))
        tally = evidence.count_program(form.what, evidence.list_cities(form.where), days)
        if isinstance(tally, str):
            raise NoAnswerError(tally)
        return [tally]
    if form.kind is ClaimKind.SHARE:
        return _list_shares(question)
    count = Absent.NOT_COVERED if form.where == STATE else question.count()
    tallies = [Tally(n, address=url) for url, n in question.list_published(form.where)]
    if not isinstance(count, Absent):
        return [Tally(count, unknown=question.count_unlocated()), *tallies]
    not_held = evidence.explain_not_held(form.what, [form.where] if form.where != STATE else [])
    if not_held and not tallies:
        raise NoAnswerError(not_held)
    return tallies


def _list_shares(question: Question) -> list[Tally]:
    """Return the part and the whole by each source that counts both alike."""
    form, evidence = question.form, question.evidence
    where, place = form.where, form.against.place
    if form.against.base is Base.WHOLE or place == STATE:
        return [
            Tally(part, whole, address=url)
            for url, part in question.list_published(where)
            for of, whole in question.list_published(STATE)
            if url == of and where != STATE
        ]
    of_people = place == "victims" and form.what in ("fatal", "nonfatal")
    is_part = where not in (place, TOGETHER, STATE) and place in (TOGETHER, form.city)
    if not of_people and not is_part:
        raise NoAnswerError(f"{question.name_place(where)} is no part of that whole.")
    part = question.count()
    whole = question.count(place) if of_people else evidence.count(place, form.what, question.span)
    return [] if isinstance(part, Absent) or isinstance(whole, Absent) else [Tally(part, whole)]


# --- a change, or another place ------------------------------------------------------------


def _judge_change(question: Question) -> ClaimAnswer:
    """Hold a change against the baseline it names, or against each where it names none."""
    form, evidence = question.form, question.evidence
    question.count_known()
    if form.against.is_place:
        findings = question.list_places()
    else:
        baselines = question.list_baselines()
        evidence.load(form.where, [span for b in baselines for span in b.windows])
        findings = [*map(question.find, baselines)]
    if isinstance(findings[0].before, Absent):
        earlier = findings[0].against
        why = question.explain_not_covered(earlier.windows[0])
        raise NoAnswerError(f"There is no count of {earlier.days}. {why}")
    held = []
    for finding in findings:
        of = (finding.tested, finding.least_base, evidence.unchanged_within)
        fit = find_fit(form.says, *of)
        if fit is Fit.CHANCE and form.against.base is Base.PLACE and finding is not findings[-1]:
            fit = Fit.HOLDS  # of two places chance is tested on the rate
        counts = change_wording.describe_finding(finding).counts
        held.append(Held(finding.against.name, fit, counts, finding))
    known = [one for one in held if one.fit is not Fit.MISSING]
    return render.write_change(question, judge(one.fit for one in known), held)


# --- a rank ------------------------------------------------------------------------------


def _judge_rank(question: Question) -> ClaimAnswer:
    """Hold a rank against every other year, month or place it is said of."""
    own, base = question.count_known(), question.form.against.base
    lists: dict[Base, Callable[[Question, int], Rivals]] = {
        Base.CITIES: _list_places,
        Base.AREAS: _list_places,
        Base.MONTHS: _list_months,
    }
    name, kind, rivals, missing = lists.get(base, _list_years)(question, own)
    verdict = judge_rank(rivals) if rivals else Verdict.CANNOT
    why = "" if rivals else "There is nothing else here to rank it with."
    if verdict is not Verdict.NOT_SUPPORTED and (missing or base is Base.EVER):
        verdict, why = Verdict.CANNOT, f"The data do not cover {missing}."
        if base is Base.EVER:
            why = "These data begin in a year; what was before it they do not say."
    return render.write_rank(question, verdict, why, Held(name, Fit.HOLDS, count=own), kind, rivals)


def _hold(question: Question, own: int, name: str, count: int, finding: Finding | None) -> Held:
    ahead = own - count if question.form.says.way is Way.HIGHEST else count - own
    fit = Fit.HOLDS if ahead > 0 else Fit.OPPOSITE if ahead else Fit.EQUAL
    return Held(name, fit, f"{own:,} against {count:,}", finding, count=count)


def _list_years(question: Question, own: int) -> Rivals:
    """Return the same days of other years, those after it too."""
    evidence, form, year = question.evidence, question.form, question.span[0].year
    base, number, after = form.against.base, form.against.number, question.through + DAY
    first, _ = require_part(evidence.find_span(evidence.list_cities(form.where)))
    spans = {y: question.step_back(year - y) for y in range(first.year, after.year + 1)}
    begun = {y: (start, min(end, after)) for y, (start, end) in spans.items() if start < after}
    evidence.load(form.where, begun.values())
    # The days of a year that are not over can only bring more: they are a year for the most where
    # they have as many already, and none for the fewest.
    is_most = form.says.way is Way.HIGHEST
    known, over = {}, []
    for y, span in begun.items():
        count, is_over = question.count(span=span), span == spans[y]
        if isinstance(count, int) and (is_over or (is_most and y > year and count >= own)):
            known[y] = count
            over += [y] if is_over else []
    start = {Base.SINCE: number, Base.YEARS: year - number}.get(base, over[0])
    rivals = []
    for y in [y for y in known if start <= y != year and start <= year]:
        days = question.name_days(spans[y])
        finding = question.find(Against(days, days, (spans[y],))) if y in over else None
        rival = _hold(question, own, str(y) if y in over else f"{y} so far", known[y], finding)
        # Whether "since 2019" counts 2019, and "in ten years" the years after.
        is_first = y == start and any(start < other < year for other in known)
        is_arguable = base in (Base.SINCE, Base.YEARS) and is_first
        is_arguable |= base is Base.YEARS and y > year
        rivals.append(replace(rival, is_arguable=is_arguable))
    last = year if base is Base.YEARS else over[-1]
    missing = [y for y in range(start, last + 1) if y not in known]
    named = [year, *(int(rival.name[:4]) for rival in rivals)]
    days = "" if question.is_whole_year else ", counted over the same days"
    kind = f"the years {wording.format_years(min(named), max(named))}{days}"
    return str(year), kind, rivals, wording.join_years(missing)


def _list_months(question: Question, own: int) -> Rivals:
    """Return the other months of the year of a month."""
    start, until = question.span
    if start.day != 1 or add_months(start, 1) != until:
        raise NoAnswerError("It ranks among months, and is not about one. Say a month.")
    months = windows.list_months(start.replace(month=1), date(start.year, 12, 31))
    question.evidence.load(question.form.where, months)
    counts = {span: question.count(span=span) for span in months if span != question.span}
    known = {span: count for span, count in counts.items() if isinstance(count, int)}
    rivals = [_hold(question, own, f"{span[0]:%B %Y}", n, None) for span, n in known.items()]
    missing = wording.join_words([f"{span[0]:%B %Y}" for span in counts if span not in known])
    return f"{start:%B %Y}", f"the months of {start.year}", rivals, missing


def _list_places(question: Question, own: int) -> Rivals:
    """Return every other place of its kind, over the same days and by count alone."""
    form, names = question.form, question.evidence.names
    is_area = form.against.base is Base.AREAS
    areas = [area for area in names.areas if area.startswith(f"{form.city}/")]
    every, kind = (areas, "neighbourhoods") if is_area else ([*names.cities], "cities")
    if form.where not in every or len(every) < 2:
        raise NoAnswerError(f"It ranks among {kind}, and is not about one of several.")
    short = {place: names.places[place].partition(",")[0] for place in every}
    rivals = []
    for place in [place for place in every if place != form.where]:
        finding = question.find_place(place)
        if isinstance(finding.before, Absent):
            raise NoAnswerError(question.explain_not_covered())
        rivals.append(_hold(question, own, short[place], int(finding.before), finding))
    return short[form.where], f"{len(every)} {kind}", rivals, ""
