"""A claim of a count: how many there were, by this release and by what is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from longevity.text import wording
from longevity.text.claims import render
from longevity.text.claims.claim import STATE, Bound, Claim, given
from longevity.text.claims.evaluate import number_fits
from longevity.text.claims.evidence import PUBLISHED, At, Record
from longevity.text.claims.verdict import Judged, Verdict

RELEASE = "this release"


@dataclass(frozen=True)
class Counted:
    """One source's count; `address` is empty for the release."""

    source: str
    count: int
    address: str


def judge(claim: Claim, at: At, record: Record) -> Judged:
    """Hold a count against every source that has one."""
    size = given(claim.size)
    reading = _reading(claim, at, record)
    counted = [*_own(claim, at, record), *_published(claim, at, record)]
    if not counted:
        return Judged(Verdict.CANNOT, reading, _nothing(claim, at, record))
    figures = pd.DataFrame(
        [{"By": one.source, "Count": one.count, "Source url": one.address} for one in counted]
    )
    fits = [number_fits(size, one.count) for one in counted]
    verdict, why = _verdict(fits, counted)
    own = not counted[0].address
    return Judged(
        verdict,
        reading,
        why,
        _safe(claim, at, record, counted),
        figures,
        tuple(render.remarks(claim, at)) if own else (),
        tuple(dict.fromkeys(one.address for one in counted if one.address)),
        own,
        {"place": record.reference.get(claim.place), "year": at.year},
    )


def _own(claim: Claim, at: At, record: Record) -> list[Counted]:
    if claim.place == STATE:
        return []
    count = record.counts(record.cities(claim), claim.measure, {"now": at.now})["now"]
    name = f"{RELEASE}, SYNTHETIC" if record.synthetic else RELEASE
    return [] if count is None else [Counted(name, count, "")]


def _published(claim: Claim, at: At, record: Record) -> list[Counted]:
    """Published figures of the whole year, one a source."""
    place = record.reference.get(claim.place)
    start, until = at.now
    if not place or (start, until) != (date(start.year, 1, 1), date(start.year + 1, 1, 1)):
        return []
    frame = record.published
    rows = frame[
        (frame["place"] == place)
        & (frame["metric"] == PUBLISHED[claim.measure])
        & (frame["year"] == start.year)
    ]
    return [
        Counted("published", int(row.value), str(row.source_url))
        for row in rows.drop_duplicates(["value", "source_url"]).itertuples()
    ]


def _verdict(fits: list[bool], counted: list[Counted]) -> tuple[Verdict, str]:
    """All of them, none of them, or it depends on whom one asks."""
    said = _said(counted)
    if all(fits):
        return Verdict.SUPPORTED, f"That is the count: {said}."
    if not any(fits):
        return Verdict.NOT_SUPPORTED, f"That is not the count: {said}."
    return Verdict.DEPENDS, f"The sources disagree, so it depends on the source: {said}."


def _said(counted: list[Counted]) -> str:
    words = [f"{wording.number(one.count)} by {_source(one)}" for one in counted]
    return wording.listed_long(list(dict.fromkeys(words)))


def _source(one: Counted) -> str:
    return "a published figure" if one.address else one.source.split(",", maxsplit=1)[0]


def _reading(claim: Claim, at: At, record: Record) -> str:
    size = given(claim.size)
    bound = f"{size.bound.value} " if size.bound is not Bound.EXACT else ""
    return f"{render.what(claim, at, record.names)}: {bound}{size.value:,.{size.decimals}f}."


def _nothing(claim: Claim, at: At, record: Record) -> str:
    if claim.place == STATE:
        return (
            f"The data hold the program's cities, not {record.names.state}, and no published "
            f"figure here gives {render.NOUNS[claim.measure]} for {wording.period(*at.now)}."
        )
    not_held = render.not_held(claim, record)
    if not_held:
        return not_held
    return (
        f"The data do not cover all of {wording.period(*at.now)}, and no figure is published here."
    )


def _safe(claim: Claim, at: At, record: Record, counted: list[Counted]) -> str:
    one = counted[0]
    said = render.happened(claim, one.count, at.now, record.names)
    if one.address:
        said += ", by a published figure"
    others = [other for other in counted[1:] if other.count != one.count]
    if others:
        said += f"; {_said(others)}"
    return f"{said}."
