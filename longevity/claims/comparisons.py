"""A claim of a change, of two places, or of a rank: findings (`longevity.findings`), each held
against the same relation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from longevity import windows
from longevity.absent import Absent
from longevity.claims import render
from longevity.claims.form import STATE, Base, ClaimKind, Way, require_part
from longevity.claims.numbers import say_count
from longevity.claims.question import Question
from longevity.claims.verdict import ClaimAnswer, Fit, Held, NoAnswerError, Verdict, find_fit, judge
from longevity.findings.change_wording import describe_finding
from longevity.findings.finding import TOGETHER, Against, Finding
from longevity.findings.places import is_rank_sure
from longevity.measures import wording
from longevity.measures.say import say
from longevity.stats import rates
from longevity.windows import DAY, Window

NOT_EARLIER = "It compares with a time that is not earlier."
EVER = "These data begin in a year; what was before it they do not say."
NOTES = {
    render.BEYOND: "more than chance would explain",
    render.CHANCE: "chance alone could explain it",
}
SO_FAR = " so far"
# Where places are compared.
PLACES = (Base.PLACE, Base.RATE, Base.CITIES, Base.AREAS)
Other = tuple[Against, str]  # another time, or the same in another place


def answer_compared(question: Question) -> ClaimAnswer:
    """Hold a change or a rank against each thing that it is said of."""
    own, is_rank = question.count_known(), question.kind is ClaimKind.RANK
    findings = [question.find(*other) for other in _list_others(question)]
    # Of earlier times a change needs the first it names; a rank takes the years there are.
    earlier = [] if is_rank else findings[:1]
    needed = findings if question.against.base in PLACES else earlier
    for absent in [finding.against for finding in needed if isinstance(finding.before, Absent)]:
        why = question.explain_not_covered(absent.windows[0])
        raise NoAnswerError(f"There is no count of {absent.days}. {why}")
    held = [_hold(question, finding, finding is findings[-1]) for finding in findings]
    return _answer_rank(question, own, held) if is_rank else _answer_change(question, held)


def _hold(question: Question, finding: Finding, is_last: bool) -> Held:
    says, base = question.says, question.against.base
    fit = find_fit(says, finding.tested, finding.least_base, question.evidence.unchanged_within)
    if fit is Fit.CHANCE and base is Base.PLACE and not is_last:
        fit = Fit.HOLDS  # of two places chance is tested on the rate
    year, other = question.year, finding.against.windows[0][0].year
    # Whether "since 2019" counts 2019, and "in ten years" the years after.
    is_first = other == question.against.find_first_year(year) != year - 1
    is_arguable = is_first or (base is Base.YEARS and other > year)
    text, count = describe_finding(finding), finding.tested.previous or 0
    words = (text.counts, text.percentage or "", text.interval)
    return Held(finding.against.name, fit, *words, finding, is_arguable, count)


# --- a change ------------------------------------------------------------------------------


def _answer_change(question: Question, held: Sequence[Held]) -> ClaimAnswer:
    """Answer a change against the baseline it names, or against each where it names none."""
    verdict = judge(case.fit for case in held)
    findings = [case.finding for case in held if case.finding and case.fit is not Fit.MISSING]
    names = wording.join_words([case.name for case in held])
    earlier = findings[0].against
    if question.against.base is Base.EACH:
        names = f"each of {names}"
    elif len(held) == 1 and earlier.is_alike:
        names = earlier.days + (" on average" if len(earlier.windows) > 1 else "")
    # Of two places the rate where it is known, of baselines that disagree each.
    is_rate = findings[-1].against.exposures
    shown = findings[-1:] if is_rate else findings[: None if verdict is Verdict.DEPENDS else 1]
    chances = [render.describe_chance(finding.tested) for finding in shown]
    is_one = len({*chances}) == 1
    notes = ["" if is_one else NOTES.get(chance, "") for chance in chances]
    chance = chances[0] if is_one else ""
    safe = question.say(
        "safe_change",
        n=findings[0].now,
        joint=", and" if is_rate else ":",
        differences=wording.join_phrases([*map(_describe_difference, shown, notes)]),
        chance=chance.replace("the difference", "each difference") if len(shown) > 1 else chance,
    )
    truths = [text for finding in findings for text in _list_truths(question, finding)]
    return render.answer(question, verdict, held, safe, against=names, truths=truths)


def _describe_difference(finding: Finding, note: str) -> str:
    """Return "12 fewer than in the same days of 2025 (−25%)", never a percentage too small.

    Of rates: "23 in the 59 days from …, by the day 54% fewer", "82 in B: 70.4 against 69.1 per
    100,000 residents a year".
    """
    tested, exposures = finding.tested, finding.against.exposures
    text = describe_finding(finding)
    years = (finding.window[1] - finding.window[0]).days / rates.YEAR
    counts = (tested.current or 0, tested.previous or 0)
    people = zip(counts, exposures or (), strict=False)
    return say(
        "claim.difference",
        difference=text.difference,
        percent=text.percentage if finding.difference else "",
        against=finding.against,
        before=tested.previous,
        note=note,
        rates=[f"{count * rates.PER / of / years:.1f}" for count, of in people],
        per=rates.PER,
    )


def _list_truths(question: Question, finding: Finding) -> Iterator[str]:
    """Yield what may be so: the change with its size and without, both counts, what it is not."""
    against, is_more = finding.against, (finding.difference or 0) > 0
    is_one, is_place = len(against.windows) == 1, question.against.is_place
    earlier = against.days if is_one and (against.is_alike or is_place) else against.name
    percent = (describe_finding(finding).percentage or "").strip("+−")
    facts = {"percent": percent, "is_more": is_more, "against": earlier}
    if is_place:
        yield question.say("per_resident" if against.exposures else "two_places", **facts)
    else:
        yield question.say("changed", **facts)
        yield question.say("changed", **facts | {"percent": ""})
    if is_one:
        yield say_two_counts(question, finding)
    if not is_place:
        yield question.say("unchanged", **facts)


def say_two_counts(question: Question, finding: Finding) -> str:
    """Say both counts of a finding, of two times or of two places."""
    (span,) = finding.against.windows
    is_time = span != question.span
    other = wording.format_during(*span) if is_time else f"in {finding.against.days}"
    return question.say("two_counts", n=finding.now, before=finding.tested.previous, other=other)


# --- a rank --------------------------------------------------------------------------------


def _answer_rank(question: Question, own: int, held: Sequence[Held]) -> ClaimAnswer:
    """Answer a rank: who is first, and whether chance could explain the nearest."""
    base = question.against.base
    sign, most = (-1, "most") if question.says.way is Way.HIGHEST else (1, "fewest")
    # The days of a year that are not over can only bring more.
    rivals = [
        case
        for case in sorted(held, key=lambda case: sign * case.count)
        if case.fit is not Fit.MISSING and (case.fit is not Fit.HOLDS or SO_FAR not in case.name)
    ]
    better = [case for case in rivals if case.fit is not Fit.HOLDS]
    # What may not be meant can make it depend, never deny it.
    firm = [case.fit for case in better if not case.is_arguable]
    verdict = judge(firm or [case.fit for case in rivals])
    is_denied = verdict is Verdict.NOT_SUPPORTED
    missing = [case.name for case in held if case.fit is Fit.MISSING and base is not Base.RECORD]
    why = "" if rivals else "There is nothing else here to rank it with."
    if not is_denied and (missing or base is Base.EVER):
        days = " to ".join(dict.fromkeys((missing[0], missing[-1]))) if missing else ""
        why = EVER if base is Base.EVER else f"The data do not cover {days}."
        verdict = Verdict.CANNOT
    name, kind = _name_ranked(question, rivals)
    order = [(sign * own, name), *((sign * case.count, case.name) for case in rivals)]
    order.sort(key=lambda ranked: ranked[0])
    # Of those alike all are named or none.
    first = [one for one in order[:3] if one[0] not in {count for count, _ in order[3:4]}]
    counts = {("", one): sign * count for count, one in order}
    near = sorted(rivals, key=lambda case: abs(case.count - own))[:1]
    safe = question.say(
        "safe_rank",
        n=own,
        kind=kind,
        most=most,
        first=wording.join_words([f"{one} {abs(count):,}" for count, one in first]),
        sure=is_rank_sure(counts, [("", one) for _, one in first], {"": question.unplaced}),
        near=[case for case in near if case.is_chance and not is_denied],
    )
    years = [int(case.name[:4]) for case in better if case.name[:4].isdecimal()]
    since = max(years, default=0) + 1
    return render.answer(
        question,
        verdict,
        rivals,
        "" if verdict is Verdict.CANNOT else safe,
        why=why or render.explain(better or rivals),
        against=kind,
        truths=[
            *([question.say("since", way=most, since=since)] if since < question.year else []),
            *(say_two_counts(question, case.finding) for case in better[:1] if case.finding),
            say_count(question, own),
        ],
    )


def _name_ranked(question: Question, rivals: Sequence[Held]) -> tuple[str, str]:
    """Name what a rank is of, and all it is among: "2024", "the years 2019 to 2024"."""
    base, start = question.against.base, question.span[0]
    if base in PLACES:
        name = question.name_place(question.where).partition(",")[0]
        kinds = "neighbourhoods" if base is Base.AREAS else "cities"
        return name, f"{len(rivals) + 1} {kinds}"
    if base is Base.MONTHS:
        return f"{start:%B %Y}", f"the months of {start.year}"
    years = [start.year, *(int(case.name[:4]) for case in rivals)]
    days = "" if question.is_whole_year else ", counted over the same days"
    return f"{start.year}", f"the years {wording.format_years(min(years), max(years))}{days}"


# --- what it is held against ----------------------------------------------------------------


def _list_others(question: Question) -> Sequence[Other]:
    """Return the times and places it is held against; NoAnswerError where there is none."""
    base = question.against.base
    if base in (Base.PLACE, Base.RATE):
        return _list_two_places(question)
    if base in PLACES:
        return _list_places(question)
    if base is Base.MONTHS:
        times = _list_months(question)
    elif question.kind is ClaimKind.RANK:
        times = _list_years(question)
    else:
        times = _list_baselines(question)
    spans = [question.span, *(span for time in times for span in time.windows)]
    question.evidence.load(question.where, spans)
    return [(time, "") for time in times]


def _list_years(question: Question) -> list[Against]:
    """Return the same days of other years, those after it too; of a year that is not over what
    there is for the most, and nothing for the fewest.
    """
    year, after = question.year, question.through + DAY
    begins, _ = require_part(
        question.evidence.find_span(question.evidence.list_cities(question.where))
    )
    first = question.against.find_first_year(year) or begins.year
    spans = {y: question.step_back(year - y) for y in range(first, after.year + 1) if y != year}
    return [
        Against(
            f"{y}{SO_FAR * (until > after)}",
            question.name_days(spans[y]),
            ((start, min(until, after)),),
        )
        for y, (start, until) in spans.items()
        if first <= year
        and start < after
        and (until <= after or (y > year and question.says.way is Way.HIGHEST))
    ]


def _list_months(question: Question) -> list[Against]:
    """Return the other months of the year of a month."""
    start, _ = question.span
    months = windows.list_months(start.replace(month=1, day=1), date(start.year, 12, 31))
    if question.span not in months:
        raise NoAnswerError("It ranks among months, and is not about one. Say a month.")
    names = {span: f"{span[0]:%B %Y}" for span in months if span != question.span}
    return [Against(name, name, (span,)) for span, name in names.items()]


def _list_places(question: Question) -> list[Other]:
    """Return every other place of its kind, over the same days and by count alone."""
    names = question.evidence.names
    of_city = [area for area in names.areas if area.startswith(f"{question.city}/")]
    is_area = question.against.base is Base.AREAS
    every, kind = (of_city, "neighbourhoods") if is_area else ([*names.cities], "cities")
    if question.where not in every or len(every) < 2:
        raise NoAnswerError(f"It ranks among {kind}, and is not about one of several.")
    others = {place: names.places[place] for place in every if place != question.where}
    return [
        (Against(name.partition(",")[0], name, (question.span,)), place)
        for place, name in others.items()
    ]


def _list_two_places(question: Question) -> list[Other]:
    """Return another place, by count and per resident where that is known."""
    span, evidence = question.span, question.evidence
    places = [question.where, question.against.place]
    near, far = (f"{place}/" for place in sorted(places))
    if far.startswith(near) or {TOGETHER, STATE} & {*places}:
        raise NoAnswerError("One place is a part of the other.")
    first, second = (float(evidence.residents.get(place, 0)) for place in places)
    is_rate, is_known = question.against.base is Base.RATE, bool(first and second)
    name, other = map(question.name_place, places[::-1])
    if is_rate and not is_known:
        raise NoAnswerError(f"The data give no residents for {other} and {name}.")
    by_count = Against(f"{name} as a count", name, (span,))
    per_resident = Against(f"{name} per resident", name, (span,), False, (first, second))
    against = [] if is_rate else [by_count]
    against += [per_resident] if is_known and question.says.amount is None else []
    return [(one, places[1]) for one in against]


def _list_baselines(question: Question) -> list[Against]:
    """Return the earlier times it is held against; NoAnswerError where there is none."""
    against = question.against
    usual = [(against.base, against.number)]
    if against.base is Base.EACH:
        last = Base.BEFORE if question.when.unit in ("day", "month") else Base.PROGRAM
        usual = [(Base.LAST_YEAR, 0), (Base.MEAN, 3), (Base.MEAN, 5), (last, 0)]
    fit: dict[tuple[Window, ...], Against] = {}
    for base, number in usual:
        try:
            found = _choose_baseline(question, base, number)
            _check_overlap(question.span, found.windows)
            # The twelve months just before are those of the year before too.
            fit.setdefault(found.windows, found)
        except NoAnswerError:
            if not fit:  # a year before must be there
                raise
    return [*fit.values()]


def _choose_baseline(question: Question, base: Base, number: int) -> Against:
    span = question.span
    when, year = question.when, span[0].year
    if base is Base.BEFORE:
        days = (span[1] - span[0]).days
        if number and number not in (days, when.count_months(span)):
            raise NoAnswerError("The time before is not as long as the one it speaks of.")
        name = f"the {days} days before" if when.unit == "day" else ""
        return _name_span(question, when.find_before(span), name)
    if question.against.when:
        clock = question.evidence.make_clock(question.where, question.through)
        return _name_span(question, question.against.when.resolve(clock))
    last = "last year" if year == question.through.year else "the year before"
    name, backs = last, [1]
    if base is Base.YEAR:
        name, backs = str(number), [year - number]
    elif base is Base.MEAN:
        name, backs = f"the {number}-year average", [*range(number, 0, -1)]
    elif base is Base.PROGRAM:
        name, backs = "the pre-program average", _list_years_before_program(question)
    if not backs or backs[0] < 1:
        none = "There is no year before the program to compare."
        raise NoAnswerError(NOT_EARLIER if backs else none)
    spans = tuple(map(question.step_back, backs))
    return Against(name, question.name_days(*spans), spans)


def _name_span(question: Question, span: Window, name: str = "") -> Against:
    """Name another time: by its dates, and where it is the same days by their year."""
    own = question.span
    length, other = ((until - start).days for start, until in (own, span))
    backs = own[0].year - span[0].year
    is_same = backs > 0 and question.step_back(backs) == span
    period = wording.format_period(*span)
    days = period if period.isdecimal() else f"the {other} days from {period}"
    days = question.name_days(span) if is_same else name or days
    return Against(name or period, days, (span,), is_same or length == other)


def _list_years_before_program(question: Question) -> list[int]:
    """Return how far back the years are whose days end before the program began everywhere.

    None where one of the cities has no program, or its days do not come after it.
    """
    evidence, start = question.evidence, question.span[0]
    cities = evidence.list_cities(question.where)
    launches = [day for city in cities if (day := evidence.extents[city].launched_on)]
    known = evidence.find_span(cities)
    if not known or len(launches) < len(cities) or start < max(launches):
        return []
    spans = {back: question.step_back(back) for back in range(start.year - known[0].year, 0, -1)}
    return [
        back for back, (first, until) in spans.items() if known[0] <= first < until <= min(launches)
    ]


def _check_overlap(own: Window, windows: Sequence[Window]) -> None:
    """Refuse days that would be counted on both sides, and those that are not earlier."""
    for first, after in windows:
        both = max(own[0], first), min(own[1], after)
        if both[0] < both[1]:
            shared = wording.count_noun((both[1] - both[0]).days, "day")
            raise NoAnswerError(
                f"The two times overlap: they share {shared} ({wording.format_period(*both)}), "
                "which would be counted on both sides. Choose times that do not."
            )
        if first >= own[1]:
            raise NoAnswerError(NOT_EARLIER)
