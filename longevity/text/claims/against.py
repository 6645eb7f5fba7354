"""What a change is held against: earlier times, or another place, as findings."""

from __future__ import annotations

from collections.abc import Sequence

from longevity.findings.finding import TOGETHER, Against, Finding, find_tested
from longevity.stats.comparison import Comparison, compare, judge_by
from longevity.stats.dispersion import estimate_dispersion
from longevity.text import wording
from longevity.text.claims.form import Base, require_part
from longevity.text.claims.question import Question
from longevity.text.claims.when import Unit
from longevity.windows import Window

FUTURE = "It speaks of the future. The data say what was counted, not what will be."
NOT_EARLIER = "It compares with a time that is not earlier."
PER_RESIDENT = "per resident"
Baseline = Against | str  # or why there is none


def list_findings(question: Question) -> list[Finding] | str:
    """Return the claim's count against everything it is held against, or why it cannot be."""
    if question.form.against.base in (Base.PLACE, Base.RATE):
        return _list_places(question)
    baselines = choose_baselines(question)
    if isinstance(baselines, str):
        return baselines
    spans = [span for baseline in baselines for span in baseline.windows]
    question.evidence.load(question.form.where, [question.span, *spans])
    return [question.find(baseline) for baseline in baselines]


# --- earlier times -----------------------------------------------------------------------


def choose_baselines(question: Question) -> list[Against] | str:
    """Return the baselines a claim is held against, or why there is none."""
    form = question.form
    usual = [(form.against.base, form.against.number)]
    if form.against.base is Base.EACH:
        is_days = form.when.unit in (Unit.DAYS, Unit.WEEK, Unit.MONTHS)
        last = Base.BEFORE if is_days else Base.PROGRAM
        usual = [(Base.LAST_YEAR, 0), (Base.MEAN, 3), (Base.MEAN, 5), (last, 0)]
    chosen = [_check_overlap(question, _choose_baseline(question, *base)) for base in usual]
    # The twelve months just before are those of the year before too.
    fit: dict[tuple[Window, ...], Against] = {}
    for base in chosen:
        if isinstance(base, Against):
            fit.setdefault(base.windows, base)
    return [*fit.values()] or next(why for why in chosen if isinstance(why, str))


def _choose_baseline(question: Question, base: Base, number: int) -> Baseline:
    year = question.span[0].year
    if base is Base.BEFORE:
        return _choose_before(question, number)
    if base is Base.WHEN:
        clock = question.evidence.make_clock(question.form.where, question.through)
        span = require_part(question.form.against.when).resolve(clock)
        return _name_span(question, wording.format_period(*span), span)
    if base is Base.MEAN:
        name, why_not = f"the {number}-year average", "An average is of 2 to 20 years."
        backs = [*range(number, 0, -1)] if 2 <= number <= 20 else []
    elif base is Base.PROGRAM:
        name, backs = "the pre-program average", _list_years_before_program(question)
        why_not = "There is no year before the program to compare."
    else:
        back = year - number if base is Base.YEAR else 1
        is_newest = year == question.through.year
        name = str(number) if number else "last year" if is_newest else "the year before"
        backs = [back] if back > 0 else []
        why_not = FUTURE if number > question.through.year else NOT_EARLIER
    if not backs:
        return why_not
    spans = tuple(question.step_back(back) for back in backs)
    return Against(name, question.name_days(*spans), spans)


def _choose_before(question: Question, number: int) -> Baseline:
    """Return the time just before; `number`: how many days or months the claim says it has."""
    when = question.form.when
    span = when.find_before(question.span)
    days = (span[1] - span[0]).days
    if number and number not in (days, when.number, when.months):
        return "The time before is not as long as the one it speaks of."
    is_days = when.unit in (Unit.DAYS, Unit.WEEK)
    name = "the days before" if is_days else wording.format_period(*span)
    return _name_span(question, name, span, f"the {days} days before" if is_days else "")


def _name_span(question: Question, name: str, span: Window, days: str = "") -> Against:
    length, other = ((until - start).days for start, until in (question.span, span))
    backs = question.span[0].year - span[0].year
    is_same = backs > 0 and question.step_back(backs) == span
    if is_same:
        days = question.name_days(span)
    elif not days:
        days = name if name.isdecimal() else f"the {other} days from {name}"
    return Against(name, days, (span,), is_alike=is_same or length == other)


def _list_years_before_program(question: Question) -> list[int]:
    """Return how far back the years are whose days end before the program began everywhere.

    None where one of the cities has no program, or the claim's own days do not come after it.
    """
    evidence = question.evidence
    cities = evidence.list_cities(question.form.where)
    dates = [evidence.extents[city].launched_on for city in cities]
    launches = [day for day in dates if day]
    first = evidence.find_first_day(cities)
    if first is None or len(launches) < len(dates) or question.span[0] < max(launches):
        return []
    backs = range(question.span[0].year - first.year, 0, -1)
    spans = {back: question.step_back(back) for back in backs}
    evidence.load(question.form.where, spans.values())
    return [
        back
        for back, span in spans.items()
        if span[1] <= min(launches) and question.count(span=span) is not None
    ]


def _check_overlap(question: Question, baseline: Baseline) -> Baseline:
    """Refuse days that would be counted on both sides, and those that are not earlier."""
    start, until = question.span
    for first, after in () if isinstance(baseline, str) else baseline.windows:
        shared = (min(until, after) - max(start, first)).days
        if shared > 0:
            both = wording.format_period(max(start, first), min(until, after))
            return (
                f"The two times overlap: they share {wording.count_noun(shared, 'day')} ({both}), "
                "which would be counted on both sides. Choose times that do not overlap."
            )
        if first >= until:
            return NOT_EARLIER
    return baseline


# --- another place -----------------------------------------------------------------------


def _list_places(question: Question) -> list[Finding] | str:
    """Return one place against another, by count and per resident as far as that is known."""
    form, evidence = question.form, question.evidence
    first, second = places = (form.where, form.against.place)
    names = [question.name_place(place) for place in places]
    residents = [evidence.find_residents(place) for place in places]
    is_known = None not in residents
    is_rate = form.against.base is Base.RATE or (form.says.beyond_chance and is_known)
    is_part = first.startswith(f"{second}/") or second.startswith(f"{first}/")
    if first == second or {TOGETHER} & {*places} or (is_part and not is_known):
        return "One place is a part of the other."
    if is_rate and not is_known:
        return f"The data give no residents for {wording.join_words(names)}, so no rate."
    exposures = [] if is_rate else [(1, 1)]
    if is_known and not form.says.size:
        exposures.append((residents[0] or 0, residents[1] or 0))
    result = []
    for exposure in exposures:
        is_count = exposure == (1, 1)
        name = f"{names[1]} {'as a count' if is_count else PER_RESIDENT}"
        earlier = Against(name, names[1], (question.span,), is_alike=is_count)
        tested = compare_places(question, places, exposure)
        result.append(
            Finding(form.what, first, names[0], question.span, earlier, tested, evidence.least_base)
        )
    return result


def compare_places(
    question: Question, places: Sequence[str], residents: tuple[int, int] = (1, 1)
) -> Comparison:
    """Return two places compared by rate; with as many residents in both by count."""
    what = question.form.what
    counted = _compare_measure(question, what, places, residents)
    if find_tested(what) == what:
        return counted
    return judge_by(_compare_measure(question, find_tested(what), places, residents), counted)


def _compare_measure(
    question: Question, measure: str, places: Sequence[str], residents: tuple[int, int]
) -> Comparison:
    evidence, span = question.evidence, question.span
    first, second = (evidence.count(place, measure, span) for place in places)
    swings = estimate_dispersion([evidence.build_series(p, measure, span[1]) for p in places])
    return compare(first, second, float(residents[0]), float(residents[1]), swings)


def is_per_resident(finding: Finding) -> bool:
    """Return whether a finding is one of rates per resident."""
    return finding.against.name.endswith(PER_RESIDENT)
