"""A claim of a change: up, down or as many, against one baseline or against each."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from longevity.stats.comparison import Comparison
from longevity.text import change_wording, wording
from longevity.text.claims import evaluate as holding
from longevity.text.claims import render
from longevity.text.claims.claim import Against, Base, Claim, Direction, Unit, given
from longevity.text.claims.evaluate import CLEAR, Found, find
from longevity.text.claims.evidence import At, Record
from longevity.text.claims.verdict import Judged, Verdict

LAST, PREVIOUS = "last year", "the days before"
BEFORE = "the mean of the years before the program"
Bases = list[tuple[str, tuple[int, ...]]]


@dataclass(frozen=True)
class Held:
    """The claim against one baseline. `by_incident`: the same comparison of incidents."""

    name: str
    when: str
    comparison: Comparison
    by_incident: Comparison | None
    found: Found

    @property
    def known(self) -> bool:
        """Whether there is anything to compare."""
        return self.found is not Found.MISSING


def judge(claim: Claim, at: At, record: Record) -> Judged:
    """Hold a change against the baseline it names, or against each where it names none."""
    bases = _bases(claim, at, record)
    if isinstance(bases, str):
        return Judged(Verdict.CANNOT, "", bases)
    held = _held(claim, at, record, bases)
    reading = _reading(claim, at, record, held)
    known = [one for one in held if one.known]
    if held[0] not in known:
        now = held[0].comparison.current
        why = _not_covered(at) if now is None else f"There is no count of {held[0].when}."
        return Judged(Verdict.CANNOT, reading, why, figures=_figures(held, record))
    verdict = _verdict(claim, known)
    return Judged(
        verdict,
        reading,
        _why(verdict, claim, known, record),
        _safe(verdict, claim, at, known, record),
        _figures(held, record),
        tuple(_remarks(claim, at)),
    )


def _not_covered(at: At) -> str:
    return f"The data do not cover all of {wording.period(*at.now)}."


# --- the baselines -------------------------------------------------------------------


def _bases(claim: Claim, at: At, record: Record) -> Bases | str:
    """Each baseline's name and years (none: the window before); a sentence where none can be."""
    if claim.base is None:
        return _every(claim, at, record)
    if claim.base.against is Against.PREVIOUS:
        if at.days is None or claim.base.number not in (0, at.days):
            return "The days before are not as many as those it speaks of."
        return [(PREVIOUS, ())]
    if claim.base.against is Against.PROGRAM:
        before = _before_program(claim, at, record)
        return [(BEFORE, before)] if before else "There is no year before the program to compare."
    if claim.base.against is Against.MEAN:
        return _mean_of(claim.base, at.year)
    return _one_year(claim.base, at)


def _every(claim: Claim, at: At, record: Record) -> Bases:
    """What is tried where a claim names no baseline."""
    named: Bases = [(_year_before(at), _mean(at.year, 1))]
    named += [(f"the mean of the {n} years before", _mean(at.year, n)) for n in (3, 5)]
    before = _before_program(claim, at, record) if at.days is None else ()
    if before:
        named.append((BEFORE, before))
    if at.days is not None and at.days < 365:
        named.append((PREVIOUS, ()))
    return named


def _one_year(base: Base, at: At) -> Bases | str:
    earlier = {
        Against.LAST_YEAR: at.through.year - 1,
        Against.YEAR_BEFORE: at.year - 1,
        Against.YEAR: base.number,
    }[base.against]
    if earlier >= at.year:
        return "It compares with a year that is not earlier."
    return [(_year_before(at) if earlier == at.year - 1 else str(earlier), (earlier,))]


def _year_before(at: At) -> str:
    """ "Last year" is the one before the newest; before another it is the year before."""
    return LAST if at.year == at.through.year else "the year before"


def _mean_of(base: Base, year: int) -> Bases | str:
    if not 2 <= base.number <= 20:
        return "A mean is of 2 to 20 years."
    return [(f"the mean of the {base.number} years before", _mean(year, base.number))]


def _mean(year: int, years: int) -> tuple[int, ...]:
    return tuple(range(year - years, year))


def _before_program(claim: Claim, at: At, record: Record) -> tuple[int, ...]:
    """The years whose days end before the program began, if the claim's own came after."""
    cities = record.cities(claim)
    launched = min(record.places[city].launched for city in cities)
    if at.now[0] < max(record.places[city].launched for city in cities):
        return ()
    counted = record.by_year(
        cities, claim.measure, at, range(record.first_year(cities), launched.year + 1)
    )
    return tuple(y for y, n in counted.items() if n is not None and at.of(y)[1] <= launched)


def _held(claim: Claim, at: At, record: Record, bases: Bases) -> list[Held]:
    """The claim against each baseline; victims are counted by incident too (docs/claims.md)."""
    compared = _compared(claim.measure, claim, at, record, bases)
    again: list[Comparison | None] = [None] * len(bases)
    if claim.measure == "victims":
        again = [*_compared("incidents", claim, at, record, bases)]
    return [
        Held(
            name,
            render.days_of(at, years) if years else _days_before(at),
            one,
            other,
            find(claim, one, other, record.least_base, record.unchanged_within),
        )
        for (name, years), one, other in zip(bases, compared, again, strict=True)
    ]


def _days_before(at: At) -> str:
    return f"the {at.days} days before"


def _compared(measure: str, claim: Claim, at: At, record: Record, bases: Bases) -> list[Comparison]:
    cities = record.cities(claim)
    asked = [year for _, years in bases for year in years]
    first = min([at.year, *asked])
    counts = record.by_year(cities, measure, at, range(first, at.year + 1))
    before = record.counts(cities, measure, {"before": at.previous}) if at.previous else {}
    dispersion = record.dispersion(cities, measure, at.now[1])
    found = []
    for _, years in bases:
        each = [counts[year] for year in years] if years else [before.get("before")]
        known = [count for count in each if count is not None]
        total = sum(known) if len(known) == len(each) else None
        found.append(holding.compared(counts[at.year], total, 1.0, float(len(each)), dispersion))
    return found


def _verdict(claim: Claim, known: list[Held]) -> Verdict:
    holding = [one for one in known if one.found is Found.HOLDS]
    if len(holding) == len(known):
        return Verdict.SUPPORTED
    if all(one.found is Found.OPEN for one in known):
        return Verdict.CANNOT
    signs = {(one.comparison.difference or 0) > 0 for one in known if one.comparison.difference}
    sided = claim.direction in CLEAR and not claim.negated
    if holding or (sided and len(signs) == 2):
        return Verdict.DEPENDS
    return Verdict.NOT_SUPPORTED


# --- the words -------------------------------------------------------------------------


def _reading(claim: Claim, at: At, record: Record, held: list[Held]) -> str:
    said = f"{render.what(claim, at, record.names)}, {render.way(claim)}"
    joint = "as in" if claim.direction is Direction.SAME else "than in"
    if claim.direction is Direction.UNCLEAR:
        joint = "from"
    if claim.base is not None:
        mean = held[0].comparison.exposure_before > 1
        return f"{said} {joint} {held[0].when}{' on average' if mean else ''}."
    names = wording.listed([one.name for one in held])
    return f"{said} {joint} earlier years. No baseline is named, so each is tried: {names}."


def _why(verdict: Verdict, claim: Claim, known: list[Held], record: Record) -> str:
    if verdict is Verdict.SUPPORTED:
        if claim.base is None:
            return "It holds against every baseline there is a count of."
        return "It holds against the baseline it names."
    if verdict is Verdict.DEPENDS:
        return _depends(known)
    reasons = list(dict.fromkeys(one.found for one in known))
    told = [
        _reason(reason, claim, [one for one in known if one.found is reason], record)
        for reason in reasons
    ]
    return " ".join(told)


def _depends(known: list[Held]) -> str:
    """ "It holds against last year, not against …", or which way each goes."""
    holds = [one.name for one in known if one.found is Found.HOLDS]
    others = [f"{one.name} ({one.found.value})" for one in known if one.found is not Found.HOLDS]
    if holds:
        return f"It holds against {wording.listed(holds)}, not against {wording.listed(others)}."
    return f"{change_wording.DEPENDS}: there are {_ways(known)}."


def _ways(known: list[Held]) -> str:
    more = [one.name for one in known if (one.comparison.difference or 0) > 0]
    fewer = [one.name for one in known if (one.comparison.difference or 0) < 0]
    said = [
        f"{word} than {wording.listed(names)}"
        for word, names in (("more", more), ("fewer", fewer))
        if names
    ]
    return " and ".join(said)


def _reason(found: Found, claim: Claim, held: list[Held], record: Record) -> str:
    """Why it does not hold, with the figure that does."""
    one = held[0]
    told = change_wording.tell(one.comparison, one.when, record.least_base)
    named = wording.listed([each.name for each in held])
    if found is Found.CHANCE and told.outcome in CLEAR.values():
        # The count is clear, the incidents are not.
        return f"Against {named}: {render.BY_INCIDENT}"
    if found is Found.OPEN:
        fits = render.fits(one.comparison, record.least_base)
        return f"These counts cannot show that: against {one.when} {fits}."
    if found is Found.SIZE:
        percent = told.percentage if claim.size and claim.size.unit is Unit.PERCENT else None
        right = percent or told.difference
        return f"The direction is right, the size is not: {right} ({told.counts})."
    return f"Against {named}: {found.value} ({told.counts})."


def _safe(verdict: Verdict, claim: Claim, at: At, known: list[Held], record: Record) -> str:
    current = given(known[0].comparison.current)
    began = render.happened(claim, current, at.now, record.names)
    shown = known if verdict is Verdict.DEPENDS else known[:1]
    chances = {render.chance(one.comparison, one.by_incident) for one in shown}
    beside = len(chances) > 1
    parts = [
        render.than(one.comparison, one.when, record.least_base, _aside(one) if beside else "")
        for one in shown
    ]
    ends = [] if beside else [said for said in chances if said]
    return " ".join([f"{began}: {wording.listed_long(parts)}.", *ends])


def _aside(one: Held) -> str:
    said = render.chance(one.comparison, one.by_incident)
    if said == render.BEYOND:
        return "more than chance alone would explain"
    return "chance alone could explain it" if said else ""


def _remarks(claim: Claim, at: At) -> list[str]:
    said = render.remarks(claim, at)
    if claim.base is not None and claim.base.against is Against.PROGRAM:
        said.append(render.NOT_WHY)
    return said


def _figures(held: list[Held], record: Record) -> pd.DataFrame:
    rows = []
    for one in held:
        told = change_wording.tell(one.comparison, one.when, record.least_base)
        rows.append(
            {
                "Against": one.name,
                "The claim": _short(one),
                "Counts": told.counts,
                "In percent": told.percentage or (change_wording.TOO_FEW if one.known else ""),
                "Interval (95 %)": told.interval,
                "Change": f"{told.arrow} {told.verdict}",
            }
        )
    return pd.DataFrame(rows)


def _short(one: Held) -> str:
    if not one.known:
        return "not known"
    return "holds" if one.found is Found.HOLDS else "does not hold"
