"""What a rank is said of: the other years, months or places, each with its count."""

from __future__ import annotations

from dataclasses import dataclass

from longevity.findings.finding import Against, Finding
from longevity.text import wording
from longevity.text.claims import against
from longevity.text.claims.form import STATE, Base, Way
from longevity.text.claims.question import Question
from longevity.text.claims.verdict import Rival
from longevity.text.claims.when import add_months
from longevity.windows import DAY, Window


@dataclass(frozen=True)
class Ranked:
    """The claim's own count and name among its rivals, which are `kind` together.

    `missing`: which of them there is no count of, in words; `unplaced`: how many of the city could
    not be placed in any of them.
    """

    name: str
    count: int
    rivals: list[Rival]
    kind: str
    missing: str = ""
    unplaced: int = 0


def list_rivals(question: Question) -> Ranked | str:
    """Return everything a rank is said of, or why it cannot be."""
    base = question.form.against.base
    if base in (Base.CITIES, Base.AREAS):
        return _list_places(question)
    own = question.count()
    if own is None:
        return question.explain_not_covered()
    return _list_months(question, own) if base is Base.MONTHS else _list_years(question, own)


def _list_years(question: Question, own: int) -> Ranked:
    """Return the same days of other years, those after it too.

    The days of a year that are not over can only bring more: they are a year for the most where
    they have as many already, and none for the fewest.
    """
    form, evidence, year = question.form, question.evidence, question.span[0].year
    base, number = form.against.base, form.against.number
    first_day = evidence.find_first_day(evidence.list_cities(form.where))
    years = range((first_day or question.span[0]).year, question.through.year + 1)
    if form.where == STATE:
        published = evidence.find_main_source(form.what)[1]
        years = range(min((span[0].year for span in published), default=year), years.stop)
    wholes = {each: question.step_back(year - each) for each in years}
    spans = {
        each: (first, min(until, question.through + DAY))
        for each, (first, until) in wholes.items()
        if first <= question.through
    }
    evidence.load(form.where, spans.values())
    counts = {each: question.count(span=span) for each, span in spans.items()}
    known = {
        each: count
        for each, count in counts.items()
        if count is not None
        and (
            spans[each] == wholes[each]
            or (each > year and form.says.way is Way.HIGHEST and count >= own)
        )
    }
    starts = {Base.SINCE: number, Base.YEARS: year - number}
    start = starts.get(base, min(known, default=year))
    over = [each for each in known if spans[each] == wholes[each]]
    last = year if base is Base.YEARS else max(over, default=year)
    between = [each for each in known if start < each < year]
    rivals = [
        Rival(
            str(each) if each in over else f"{each} so far",
            count,
            _find(question, spans[each], question.name_days(spans[each])) if each in over else None,
            # Whether "since 2019" counts 2019, and "in ten years" the years after.
            is_arguable=(each == start and bool(between) and base in starts)
            or (each > year and base is Base.YEARS),
        )
        for each, count in known.items()
        if each >= start and each != year
    ]
    missing = [each for each in range(start, last + 1) if each not in known]
    rivals = rivals if start <= year else []
    named = [year, *(int(rival.name[:4]) for rival in rivals)]
    kind = f"the years {wording.format_years(min(named), max(named))}"
    days = "" if question.is_whole_year else ", counted over the same days"
    return Ranked(
        str(year),
        own,
        rivals,
        f"{kind}{days}",
        f"{'all of ' * (len(missing) > 1)}{wording.join_years(missing)}" if missing else "",
    )


def _find(question: Question, span: Window, days: str, is_alike: bool = True) -> Finding:
    return question.find(Against(days, days, (span,), is_alike))


def _list_months(question: Question, own: int) -> Ranked | str:
    """Return the other months of the year of a month."""
    start, until = question.span
    if start.day != 1 or add_months(start, 1) != until:
        return "It ranks among months, and is not about one. Say a month."
    first = start.replace(month=1)
    months = [(add_months(first, at), add_months(first, at + 1)) for at in range(12)]
    question.evidence.load(question.form.where, months)
    counts = {span: question.count(span=span) for span in months}
    missing = [f"{span[0]:%B %Y}" for span, count in counts.items() if count is None]
    rivals = [
        Rival(f"{span[0]:%B %Y}", count, _find(question, span, f"{span[0]:%B}", is_alike=False))
        for span, count in counts.items()
        if count is not None and span != question.span
    ]
    name, kind = f"{start:%B %Y}", f"the months of {start.year}"
    return Ranked(name, own, rivals, kind, wording.join_words(missing))


def _list_places(question: Question) -> Ranked | str:
    """Return every other place of its kind, over the same days and by count alone."""
    form, evidence = question.form, question.evidence
    is_area = form.against.base is Base.AREAS
    areas = [area for area in evidence.names.areas if area.startswith(f"{form.city}/")]
    every = areas if is_area else [*evidence.names.cities]
    kind = "neighbourhoods" if is_area else "cities"
    if form.where not in every or len(every) < 2:
        return f"It ranks among {kind}, and is not about one of several."
    counts = {place: evidence.count(place, form.what, question.span) for place in every}
    known = {place: count for place, count in counts.items() if count is not None}
    if len(known) < len(every):
        return question.explain_not_covered()
    names = {place: evidence.names.places[place].partition(",")[0] for place in every}
    rivals = [
        Rival(names[place], known[place], _hold_place(question, place))
        for place in every
        if place != form.where
    ]
    name, own, unplaced = names[form.where], known[form.where], question.count_unlocated()
    return Ranked(name, own, rivals, f"{len(every)} {kind}", unplaced=unplaced)


def _hold_place(question: Question, place: str) -> Finding:
    form, name = question.form, question.evidence.names.places[place]
    tested = against.compare_places(question, (form.where, place))
    earlier = Against(name, name, (question.span,))
    of = (form.what, form.where, question.place_name, question.span, earlier)
    return Finding(*of, tested, question.evidence.least_base)
