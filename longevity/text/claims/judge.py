"""A claim held against a record: which kind it is decides by which rules."""

from __future__ import annotations

from dataclasses import replace

from longevity.text import wording
from longevity.text.claims import changes, city_pairs, numbers, ranks, render
from longevity.text.claims.claim import STATE, Against, Claim, Kind, Names, Span, Unread
from longevity.text.claims.evidence import At, Record, at
from longevity.text.claims.refusals import Why
from longevity.text.claims.verdict import Judged, Verdict

JUDGES = {
    Kind.CHANGE: changes.judge,
    Kind.RANK: ranks.judge,
    Kind.COUNT: numbers.judge,
    Kind.CITIES: city_pairs.judge,
}
LONGEST_WINDOW = 366


def city_of(claim: Claim | Unread, names: Names) -> str | None:
    """The one city whose counts are needed; None for all of them."""
    if isinstance(claim, Unread) or claim.other or claim.place not in names.cities:
        return None
    return claim.place


def judge(claim: Claim | Unread, record: Record) -> Judged:
    """The verdict on a claim, and what is safe to say."""
    if isinstance(claim, Unread):
        return Judged(Verdict.CANNOT, "", claim.why)
    cities = list(record.places) if claim.place == STATE else record.cities(claim)
    through = record.through(cities)
    if through is None and claim.kind is Kind.COUNT:
        # What is published can still tell: the release then has no count of its own.
        through = record.newest
    if through is None:
        return Judged(Verdict.CANNOT, "", "The data do not hold every place it is about.")
    days = at(claim.window, through, [record.places[city].week_ends_iso for city in cities])
    refused = _refused(claim, days, record)
    if refused or days is None:
        return Judged(Verdict.CANNOT, "", refused)
    found = JUDGES[claim.kind](claim, days, record)
    start, until = days.now
    if found.safe and found.from_release and render.provisional(days) and (until - start).days < 32:
        # Of so few days what is recorded late can be much.
        found = replace(found, safe=f"{found.safe}{render.SO_FAR}")
    marked = found.safe and record.synthetic and found.from_release
    safe = f"{render.SYNTHETIC}{found.safe}" if marked else found.safe
    reading = f"Read as: {found.reading}" if found.reading else ""
    return replace(found, reading=reading, safe=safe)


def _refused(claim: Claim, days: At | None, record: Record) -> str:
    """Why these data cannot answer it at all."""
    if days is None:
        return Why.FUTURE
    if claim.window.span is Span.DAYS and not 1 <= claim.window.number <= LONGEST_WINDOW:
        return Why.TIME
    base = claim.base
    if base is not None and base.against is Against.YEAR and base.number > days.through.year:
        return Why.FUTURE
    if claim.place == STATE and claim.kind is not Kind.COUNT:
        cities = wording.listed(list(record.names.cities.values()))
        return f"The data hold {cities}, not all of {record.names.state}."
    return _not_held(claim, record)


def _not_held(claim: Claim, record: Record) -> str:
    """Why a count is not known, where the sources of a city do not hold it, and what is.

    A figure that others published may still tell: how many there were is not refused.
    """
    if claim.place == STATE or claim.kind is Kind.COUNT:
        return ""
    return render.not_held(claim, record)


def invitation(record: Record) -> str:
    """What the screen says before anything is written."""
    told = [record.names.cities[city] for city, place in record.places.items() if place.through]
    cities = wording.listed(told) or record.names.state
    return f"Write what you want to say about {cities}: it is held against the counts."


def examples(names: Names) -> list[str]:
    """Claims that can be read, in the names of this configuration."""
    cities = list(names.cities.values())
    first, last = cities[0], cities[-1]
    said = [
        f"Shootings in {first} are down 40 % since last year",
        "Homicides are the lowest since 2019",
        f"No one was shot in {last} last week",
        f"{first} had fewer than 100 people shot this year",
        "Homicides are below the five-year average",
    ]
    if len(cities) > 1:
        said.append(f"{last} is safer than {first}")
    return said
