"""The verdict on a claim: how it fares against each thing it is held against.

A number is held against every source that has one, a change against findings
(`longevity.findings`), a rank against the counts of the others. What is said of each place, each
month or in the same breath is as many claims, all of which must be so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from longevity import windows
from longevity.absent import Absent
from longevity.findings import change_wording
from longevity.findings.finding import TOGETHER, Against, Finding
from longevity.measures import wording
from longevity.text.claims import render
from longevity.text.claims.evidence import Evidence
from longevity.text.claims.form import (
    EACH,
    PROGRAM,
    STATE,
    Base,
    ClaimForm,
    Comparator,
    Kind,
    Way,
    find_conflict,
    require_part,
)
from longevity.text.claims.question import FUTURE, Question
from longevity.text.claims.reader import Reading, read_text
from longevity.text.claims.verdict import (
    ClaimAnswer,
    Fit,
    Held,
    Tally,
    Verdict,
    find_fit,
    judge,
    judge_rank,
)
from longevity.text.claims.when import Unit, add_months
from longevity.windows import DAY, Window

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
    if reading.form is None:
        return explain_meant(reading.meant, reading.why, evidence)
    answer = evaluate_form(reading.form, evidence)
    return answer if reading.meant else replace(answer, meant="")


def explain_meant(meant: ClaimForm | None, why: str, evidence: Evidence) -> ClaimAnswer:
    """Say why a text is no claim, and offer what is so of the one it probably makes."""
    answer = ClaimAnswer(Verdict.CANNOT, "", why)
    if meant is None:
        return answer
    judged = judge_form(meant, evidence)
    return replace(answer, offered=_find_offer(judged, evidence), meant=judged.meant)


def evaluate_form(form: ClaimForm, evidence: Evidence) -> ClaimAnswer:
    """Return the verdict on a claim, what is safe to say, and where it is not so what is."""
    answer = judge_form(form, evidence)
    is_so = answer.verdict is Verdict.SUPPORTED
    return answer if is_so else replace(answer, offered=_find_offer(answer, evidence))


def _find_offer(answer: ClaimAnswer, evidence: Evidence) -> str:
    """Return the first of the sentences that are so which the check reads and finds supported."""
    for text in answer.truths:
        form = read_text(text, evidence.names).form
        if form and judge_form(form, evidence).verdict is Verdict.SUPPORTED:
            return text
    return ""


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
    questions = _ask(form, evidence)
    for question in [] if isinstance(questions, str) else questions:
        why = _find_refusal(question)
        yield ClaimAnswer(Verdict.CANNOT, "", why) if why else _answer_for_sure(question)
    if isinstance(questions, str):
        yield ClaimAnswer(Verdict.CANNOT, "", questions)


def _ask(form: ClaimForm, evidence: Evidence) -> list[Question] | str:
    """Return a question for each of the times a form is about, or why there is none."""
    if why := find_conflict(form):
        return why
    against = form.against
    places = [form.where, *([against.place] if against.base in (Base.PLACE, Base.RATE) else [])]
    cities = [city for place in places for city in evidence.list_cities(place)]
    through = evidence.find_last_day(cities)
    if through is None and form.says.way is Way.IS:
        # What is published can still tell: the release then has no count of its own.
        through = evidence.newest_day
    if through is None:
        return evidence.explain_uncounted(cities)
    units = {form.when.unit, against.when.unit if against.when else None}
    no_program = evidence.explain_no_program(cities)
    if no_program and (Unit.LAUNCH in units or against.base is Base.PROGRAM):
        return no_program
    span = form.when.resolve(evidence.make_clock(form.where, through))
    parts = [*form.when.split(span)] if form.when.every else [(form.when, span)]
    rows = range(against.number if against.base is Base.ROW else 1)
    if not 0 < len(parts) * len(rows) <= MOST_PARTS:
        return "It is about too many times, or none."
    if against.base is Base.ROW:
        form = replace(form, against=Comparator("last-year", Base.LAST_YEAR))
    return [
        Question(replace(form, when=when), evidence, when.step_back(days, back), through)
        for when, days in parts
        for back in rows
    ]


def _find_refusal(question: Question) -> str:
    """Say why these data cannot answer it at all."""
    form, (start, until), through = question.form, question.span, question.through
    why = ""
    if start > through or until.year > through.year + 1:
        why = question.explain_not_covered() if form.says.way is Way.IS else FUTURE
    elif start >= until:
        why = "The time it speaks of has no day in it."
    elif form.what in PROGRAM:
        is_city = form.where != STATE and "/" not in form.where
        why = "" if is_city else "What the program did is counted by city, or of all together."
    elif form.where == STATE:
        why = "" if question.is_whole_year else question.explain_not_covered()
    elif form.kind is not Kind.NUMBER and form.against.base is not Base.WHOLE:
        # A figure that others published may still tell how many there were.
        places = [form.where, form.against.place.replace("victims", "")]
        why = question.evidence.explain_not_held(form.what, filter(None, places))
    return why


def _answer_for_sure(question: Question) -> ClaimAnswer:
    """Return no verdict on a neighbourhood that those nobody could place might change."""
    form, answer = question.form, _answer(question)
    is_area = "/" in f"{form.where}{form.against.place}"
    # A number looks at them itself.
    splits = SPLITS if is_area and form.kind is not Kind.NUMBER else ()
    for share, elsewhere in splits if answer.verdict is not Verdict.CANNOT else ():

        def share_unlocated(at: object, here: float = share, other: float = elsewhere) -> float:
            return here if at == (form.where, question.span) else other

        evidence = replace(question.evidence, share_unlocated=share_unlocated)
        if _answer(replace(question, evidence=evidence)).verdict is not answer.verdict:
            answer = replace(answer, verdict=Verdict.CANNOT, why=UNLOCATED, safe="")
            break
    return answer


def _answer(question: Question) -> ClaimAnswer:
    judges = {Kind.CHANGE: _judge_change, Kind.RANK: _judge_rank}
    return judges.get(question.form.kind, _judge_number)(question)


# --- a number, or a share ----------------------------------------------------------------


def _judge_number(question: Question) -> ClaimAnswer:
    """Hold a number against every source that has one, whatever is unknown."""
    size = require_part(question.form.says.size)
    tallies = _list_tallies(question)
    if isinstance(tallies, str) or not tallies:
        return _refuse(question, str(tallies or question.explain_not_covered()))
    if tallies[0].whole == 0:
        return _refuse(question, "There was nothing of that to count, so there is no share.")
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


def _refuse(question: Question, why: str, held: Sequence[Held] = ()) -> ClaimAnswer:
    against = render.name_against(question, held) if held else ""
    return render.answer(question, Verdict.CANNOT, held, why=why, against=against)


def _list_tallies(question: Question) -> list[Tally] | str:
    """Return how many it is by each source, or why there is none."""
    form, evidence, span = question.form, question.evidence, question.span
    if form.what in PROGRAM:
        days = None if form.when.unit is Unit.ALL else span
        evidence.counted.add((form.where, days, False))
        tally = evidence.count_program(form.what, evidence.list_cities(form.where), days)
        return tally if isinstance(tally, str) else [tally]
    if form.kind is Kind.SHARE:
        return _list_shares(question)
    count = Absent.NOT_COVERED if form.where == STATE else question.count()
    unknown = question.count_unlocated()
    tallies = [] if isinstance(count, Absent) else [Tally(count, unknown=unknown)]
    rows = evidence.list_published(form.where, form.what) if question.is_whole_year else []
    tallies += [Tally(n, address=url) for url, year, n in rows if year == span[0].year]
    if tallies or form.where == STATE:
        return tallies
    return evidence.explain_not_held(form.what, [form.where]) or tallies


def _list_shares(question: Question) -> list[Tally] | str:
    """Return the part and the whole by each source that counts both alike."""
    form, evidence, span = question.form, question.evidence, question.span
    where, place, city = form.where, form.against.place, form.city
    if where == STATE:
        return "It is all of the state: say which part of it."
    if form.against.base is Base.WHOLE or place == STATE:
        parts, wholes = (evidence.map_published(p, form.what) for p in (where, STATE))
        both = [source for source in parts if source in wholes]
        rows = [(parts[s].get(span), wholes[s].get(span), s) for s in both]
        return [Tally(int(part), int(of), address=url) for part, of, url in rows if part and of]
    of_people = place == "victims" and form.what in ("fatal", "nonfatal")
    is_part = where not in (place, TOGETHER) and place in (TOGETHER, city)
    if not of_people and not is_part:
        return f"{question.name_place(where)} is no part of that whole."
    part = question.count()
    whole = question.count(place) if of_people else evidence.count(place, form.what, span)
    return [] if isinstance(part, Absent) or isinstance(whole, Absent) else [Tally(part, whole)]


# --- a change, or another place ------------------------------------------------------------


def _judge_change(question: Question) -> ClaimAnswer:
    """Hold a change against the baseline it names, or against each where it names none."""
    form = question.form
    if form.against.base in (Base.PLACE, Base.RATE):
        findings = question.list_places()
    else:
        baselines = question.list_baselines()
        if isinstance(baselines, str):
            is_known = isinstance(question.count(), int)
            why = baselines if is_known else question.explain_not_covered()
            return ClaimAnswer(Verdict.CANNOT, "", why)
        question.evidence.load(form.where, [span for b in baselines for span in b.windows])
        findings = [question.find(baseline) for baseline in baselines]
    if isinstance(findings, str):
        return ClaimAnswer(Verdict.CANNOT, "", findings)
    held = []
    for finding in findings:
        fit = find_fit(
            form.says, finding.tested, finding.least_base, question.evidence.unchanged_within
        )
        if fit is Fit.CHANCE and form.against.base is Base.PLACE and finding is not findings[-1]:
            fit = Fit.HOLDS  # of two places chance is tested on the rate
        counts, source = change_wording.describe_finding(finding).counts, question.find_source()
        held.append(Held(finding.against.name, fit, counts, finding, address=source))
    known = [one for one in held if one.fit is not Fit.MISSING]
    if not known or known[0] is not held[0]:
        earlier = findings[0].against
        why = question.explain_not_covered(earlier.windows[0])
        why = (
            f"There is no count of {earlier.days}. {why}"
            if isinstance(findings[0].now, int)
            else ""
        )
        return _refuse(question, why or question.explain_not_covered(), held)
    return render.write_change(question, judge(one.fit for one in known), held)


# --- a rank ------------------------------------------------------------------------------


def _judge_rank(question: Question) -> ClaimAnswer:
    """Hold a rank against every other year, month or place it is said of."""
    form, own = question.form, question.count()
    lists = {Base.CITIES: _list_places, Base.AREAS: _list_places, Base.MONTHS: _list_months}
    if isinstance(own, Absent):
        return _refuse(question, question.explain_not_covered())
    found = lists.get(form.against.base, _list_years)(question, own)
    if isinstance(found, str):
        return _refuse(question, found)
    name, kind, rivals, missing = found
    verdict = judge_rank(rivals) if rivals else Verdict.CANNOT
    why = "" if rivals else "There is nothing else here to rank it with."
    if verdict is not Verdict.NOT_SUPPORTED and (missing or form.against.base is Base.EVER):
        verdict, why = Verdict.CANNOT, f"The data do not cover {missing}."
        if form.against.base is Base.EVER:
            why = "These data begin in a year; what was before it they do not say."
    return render.write_rank(question, verdict, why, Held(name, Fit.HOLDS, count=own), kind, rivals)


Rivals = tuple[str, str, list[Held], str] | str  # own name, what all are, the others, those missing


def _hold(
    question: Question,
    name: str,
    own: int,
    count: int,
    finding: Finding | None = None,
    is_arguable: bool = False,
) -> Held:
    sign = -1 if question.form.says.way is Way.LOWEST else 1
    difference = sign * (own - count)
    fit = Fit.HOLDS if difference > 0 else Fit.OPPOSITE if difference else Fit.EQUAL
    counts, source = f"{own:,} against {count:,}", question.find_source()
    return Held(name, fit, counts, finding, is_arguable, count, source)


def _list_years(question: Question, own: int) -> Rivals:
    """Return the same days of other years, those after it too."""
    form, year = question.form, question.span[0].year
    base, number = form.against.base, form.against.number
    spans = _list_days_of_years(question)
    known, over = _count_years(question, spans, own)
    start = {Base.SINCE: number, Base.YEARS: year - number}.get(base, min(known, default=year))
    is_between = any(start < y < year for y in known)
    rivals = []
    for y in [y for y in known if start <= y != year and start <= year]:
        # Whether "since 2019" counts 2019, and "in ten years" the years after.
        is_arguable = y == start and is_between and base in (Base.SINCE, Base.YEARS)
        is_arguable |= y > year and base is Base.YEARS
        days = question.name_days(spans[y])
        finding = question.find(Against(days, days, (spans[y],))) if y in over else None
        name = str(y) if y in over else f"{y} so far"
        rivals.append(_hold(question, name, own, known[y], finding, is_arguable))
    last = year if base is Base.YEARS else max(over, default=year)
    missing = [y for y in range(start, last + 1) if y not in known]
    named = [year, *(int(rival.name[:4]) for rival in rivals)]
    days = "" if question.is_whole_year else ", counted over the same days"
    kind = f"the years {wording.format_years(min(named), max(named))}{days}"
    return str(year), kind, rivals, wording.join_years(missing)


def _list_days_of_years(question: Question) -> dict[int, Window]:
    """Return its days in each year there may be a count of."""
    form, evidence, year = question.form, question.evidence, question.span[0].year
    if form.where == STATE:
        years = [span[0].year for span in evidence.find_main_source(form.what)[1]]
    else:
        first = evidence.find_first_day(evidence.list_cities(form.where))
        years = [first.year] if first else []
    newest = (question.through + DAY).year
    return {y: question.step_back(year - y) for y in range(min(years, default=year), newest + 1)}


def _count_years(
    question: Question, spans: Mapping[int, Window], own: int
) -> tuple[dict[int, int], set[int]]:
    """Count its days in each year, and say of which years they are over.

    The days of a year that are not over can only bring more: they are a year for the most where
    they have as many already, and none for the fewest.
    """
    after, year = question.through + DAY, question.span[0].year
    is_most = question.form.says.way is Way.HIGHEST
    begun = {y: (start, min(end, after)) for y, (start, end) in spans.items() if start < after}
    question.evidence.load(question.form.where, begun.values())
    known, over = {}, set()
    for y, span in begun.items():
        count, is_over = question.count(span=span), span == spans[y]
        if isinstance(count, int) and (is_over or (is_most and y > year and count >= own)):
            known[y] = count
            over |= {y} if is_over else set()
    return known, over


def _list_months(question: Question, own: int) -> Rivals:
    """Return the other months of the year of a month."""
    start, until = question.span
    if start.day != 1 or add_months(start, 1) != until:
        return "It ranks among months, and is not about one. Say a month."
    months = windows.list_months(start.replace(month=1), date(start.year, 12, 31))
    question.evidence.load(question.form.where, months)
    counts = {f"{span[0]:%B %Y}": question.count(span=span) for span in months}
    own_name = f"{start:%B %Y}"
    others = {name: n for name, n in counts.items() if isinstance(n, int) and name != own_name}
    rivals = [_hold(question, name, own, n) for name, n in others.items()]
    missing = wording.join_words([name for name, n in counts.items() if isinstance(n, Absent)])
    return own_name, f"the months of {start.year}", rivals, missing


def _list_places(question: Question, own: int) -> Rivals:
    """Return every other place of its kind, over the same days and by count alone."""
    form, names = question.form, question.evidence.names
    is_area = form.against.base is Base.AREAS
    areas = [area for area in names.areas if area.startswith(f"{form.city}/")]
    every = areas if is_area else [*names.cities]
    kind = "neighbourhoods" if is_area else "cities"
    if form.where not in every or len(every) < 2:
        return f"It ranks among {kind}, and is not about one of several."
    short = {place: names.places[place].partition(",")[0] for place in every}
    rivals = []
    for place in [place for place in every if place != form.where]:
        finding = question.find_place(place)
        if isinstance(finding.before, Absent):
            return question.explain_not_covered()
        rivals.append(_hold(question, short[place], own, int(finding.before), finding=finding))
    return short[form.where], f"{len(every)} {kind}", rivals, ""
