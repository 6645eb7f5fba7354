"""A form held against a record: which kind of claim it is decides by which rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from longevity.text import wording
from longevity.text.claims import (
    change_claims,
    count_claims,
    parse,
    place_claims,
    program,
    rank_claims,
    render,
)
from longevity.text.claims.change_claims import FUTURE_BASE
from longevity.text.claims.evidence import Evidence
from longevity.text.claims.form import (
    PROGRAM,
    STATE,
    Base,
    ClaimForm,
    Way,
    find_conflict,
    require_part,
)
from longevity.text.claims.parse import Reading
from longevity.text.claims.question import Question, name_place
from longevity.text.claims.refusals import Refusal
from longevity.text.claims.verdict import ClaimAnswer, Verdict
from longevity.text.claims.when import Span, Unit

UNLOCATED = (
    "Not everybody in the city could be placed in a neighbourhood, and the others could change the "
    "answer."
)
# Which share of those nobody could place a neighbourhood is given in the days a claim is about,
# and any other place or time it is held against: all to one side, half, and all to both.
SPLITS = ((1.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.0, 1.0), (1.0, 1.0))


def evaluate_reading(reading: Reading, evidence: Evidence) -> ClaimAnswer:
    """Return the verdict on a text: on the form it fills, or why it fills none."""
    form = reading.form
    if form is None:
        return ClaimAnswer(Verdict.CANNOT, "", reading.why)
    return evaluate_form(form, evidence)


def evaluate_form(form: ClaimForm, evidence: Evidence) -> ClaimAnswer:
    """Return the verdict on a claim, and what is safe to say."""
    why = find_conflict(form)
    if why:
        return ClaimAnswer(Verdict.CANNOT, "", why)
    through = _find_last_day(form, evidence)
    if through is None:
        why = evidence.explain_uncounted(_list_cities(form, evidence))
        return ClaimAnswer(Verdict.CANNOT, "", why)
    why = _find_no_program(form, evidence)
    if why:
        return ClaimAnswer(Verdict.CANNOT, "", why)
    question = Question(form, evidence, _resolve(form, evidence, through), through)
    why = _find_refusal(question)
    if why:
        return ClaimAnswer(Verdict.CANNOT, "", why)
    evidence.counted.clear()
    answer = _evaluate_wherever_the_unlocated_were(question)
    errors = evidence.describe_accepted_errors() if answer.from_release else []
    safe = _mark_safe(answer, question)
    return replace(
        answer,
        reading=f"Read as: {answer.reading}" if answer.reading else "",
        safe=f"{safe} {render.ACCEPTED}" if safe and errors else safe,
        errors=tuple(errors),
    )


def _find_last_day(form: ClaimForm, evidence: Evidence) -> date | None:
    through = evidence.find_last_day(_list_cities(form, evidence))
    if through is None and form.says.way is Way.IS:
        # What is published can still tell: the release then has no count of its own.
        return evidence.newest_day
    return through


def _find_no_program(form: ClaimForm, evidence: Evidence) -> str:
    """Say that a claim goes by the start of a program where none is on file, or nothing."""
    times = [form.when, *([form.against.when] if form.against.when else [])]
    goes_by_launch = any(when.unit is Unit.LAUNCH for when in times)
    if not goes_by_launch and form.against.base is not Base.PROGRAM:
        return ""
    return evidence.explain_no_program(_list_cities(form, evidence))


def _list_cities(form: ClaimForm, evidence: Evidence) -> list[str]:
    places = [form.where, *([form.against.place] if form.against.place else [])]
    return [city for place in places for city in evidence.list_cities(place)]


def _resolve(form: ClaimForm, evidence: Evidence, through: date) -> Span:
    extents = [evidence.extents[city] for city in evidence.list_cities(form.where)]
    launched_on = max((one.launched_on for one in extents if one.launched_on), default=None)
    return form.when.resolve(through, [one.week_ends_iso for one in extents], launched_on)


def _evaluate_wherever_the_unlocated_were(question: Question) -> ClaimAnswer:
    """Return no verdict on a neighbourhood that those nobody could place might change."""
    form, answer = question.form, _evaluate(question)
    is_count = form.says.way is Way.IS  # looks at them itself
    if (
        answer.verdict is Verdict.CANNOT
        or is_count
        or "/" not in f"{form.where}{form.against.place}"
    ):
        return answer
    for share, share_elsewhere in SPLITS:

        def share_unlocated(
            place: str, span: Span, here: float = share, elsewhere: float = share_elsewhere
        ) -> float:
            return here if (place, span) == (form.where, question.span) else elsewhere

        evidence = replace(question.evidence, share_unlocated=share_unlocated)
        if _evaluate(replace(question, evidence=evidence)).verdict is not answer.verdict:
            remarks = tuple(question.list_remarks())
            return replace(answer, verdict=Verdict.CANNOT, why=UNLOCATED, safe="", remarks=remarks)
    return answer


def _evaluate(question: Question) -> ClaimAnswer:
    form = question.form
    if form.what in PROGRAM:
        return _evaluate_program(question)
    if form.says.way in (Way.LOWEST, Way.HIGHEST):
        return rank_claims.evaluate_rank(question)
    if form.against.base is Base.WHOLE:
        return count_claims.evaluate_share(question)
    if form.says.way is Way.IS:
        return count_claims.evaluate_count(question)
    if form.against.base in (Base.PLACE, Base.RATE):
        return place_claims.evaluate_places(question)
    return change_claims.evaluate_change(question)


def _mark_safe(answer: ClaimAnswer, question: Question) -> str:
    """Add to a safe wording that it may still grow, and that it is a demonstration."""
    if not answer.safe or not answer.from_release:
        return answer.safe
    start, until = question.span
    short = question.form.what not in PROGRAM and (until - start).days < 32
    # Of so few days what is recorded late can be much.
    late = render.SO_FAR if short and question.is_provisional else ""
    rest = question.describe_unlocated()
    text = " ".join(filter(None, [answer.safe, rest]))
    return f"{render.SYNTHETIC if question.evidence.synthetic else ''}{text}{late}"


def _find_refusal(question: Question) -> str:
    """Say why these data cannot answer it at all."""
    form, (start, until), through = question.form, question.span, question.through
    is_count = form.says.way is Way.IS
    why = ""
    if start > through or until.year > through.year + 1:
        why = question.explain_not_covered() if is_count else Refusal.FUTURE
    elif start >= until:
        why = "The time it speaks of has no day in it."
    elif form.when.unit is Unit.TO_DATE and form.when.year not in (None, through.year):
        why = f"“So far” is of {through.year}: say “in {form.when.year}”."
    elif form.where == STATE and form.what not in PROGRAM and not question.is_whole_year:
        cities = wording.join_words(list(question.evidence.names.cities.values()))
        why = (
            f"The data hold {cities}, not all of {question.evidence.names.state}. Published "
            "figures tell of whole years only: say “in 2015”."
        )
    elif form.where != STATE and not is_count and form.what not in PROGRAM:
        # A figure that others published may still tell how many there were.
        why = question.explain_not_held()
    return why


def _evaluate_program(question: Question) -> ClaimAnswer:
    form, evidence = question.form, question.evidence
    place = name_place(form.where, evidence.names)
    if form.where == STATE or "/" in form.where:
        why = "What the program did is counted by city. Say a city, or all cities together."
        return ClaimAnswer(Verdict.CANNOT, "", why)
    cities = evidence.list_cities(form.where)
    span = None if form.when.unit is Unit.ALL else question.span
    evidence.counted.add((form.where, span, False))
    now = evidence.count_program(form.what, cities, span)
    if isinstance(now, str):
        return ClaimAnswer(Verdict.CANNOT, "", now)
    if form.says.way is Way.IS:
        size = require_part(form.says.size)
        return program.evaluate_program(form.what, place, now, size, evidence.least_base)
    baselines = change_claims.choose_baselines(question)
    if isinstance(baselines, str) or span is None:
        why = baselines if isinstance(baselines, str) else FUTURE_BASE
        return ClaimAnswer(Verdict.CANNOT, "", why)
    (earlier,) = baselines[0].windows
    evidence.counted.add((form.where, earlier, False))
    before = evidence.count_program(form.what, cities, earlier)
    if isinstance(before, str):
        return ClaimAnswer(Verdict.CANNOT, "", before)
    return program.evaluate_program_change(
        form.what, place, now, before, form.says.way, evidence.least_base
    )


def list_examples(evidence: Evidence) -> list[str]:
    """Return claims that these data support, one of a kind, in the names of this configuration."""
    examples = []
    for drafts in _draft_examples(evidence):
        examples += [next((text for text in drafts if _is_supported(text, evidence)), "")]
    return [*filter(None, examples)]


def _is_supported(text: str, evidence: Evidence) -> bool:
    reading = parse.read_text(text, evidence.names)
    return evaluate_reading(reading, evidence).verdict is Verdict.SUPPORTED


def _draft_examples(evidence: Evidence) -> Iterator[list[str]]:
    """Yield the claims of each kind that may be so; each kind begins with another city."""
    extents, through = evidence.extents, evidence.newest_day
    cities = [each for each in evidence.names.cities.items() if extents[each[0]].through]
    if through is None:
        return
    last, since = through.year - 1, through.year - 3
    whole = (date(last, 1, 1), date(last + 1, 1, 1))
    counted = {"people were shot": "victims", "people were shot and killed": "fatal"}
    ways = [(each, way) for each in _turn(cities, 0) for way in ("down", "up")]
    yield [f"People shot in {name} are {way} since last year" for (_, name), way in ways]
    yield [
        f"{count:,} {words} in {name} in {last}"
        for words, measure in counted.items()
        for city, name in _turn(cities, 1)
        if (count := evidence.count(city, measure, whole)) and count > 1
    ]
    yield [
        f"Homicides in {name} are the {way} since {since}"
        for _, name in _turn(cities, 2)
        for way in ("lowest", "highest")
    ]
    yield [
        f"{some} was {words} in {name} last week"
        for _, name in _turn(cities, 0)
        for some in ("No one", "At least 1 person")
        for words in ("shot", "shot and killed")
    ]
    yield [
        f"{name} had fewer people shot than {other} in {last}"
        for _, name in _turn(cities, 1)
        for _, other in cities
        if other != name
    ]


def _turn(cities: list[tuple[str, str]], first: int) -> list[tuple[str, str]]:
    """Return the cities in their order, from another on."""
    at = first % len(cities)
    return cities[at:] + cities[:at]
