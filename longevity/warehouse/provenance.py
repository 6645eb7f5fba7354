"""Where an answer comes from: carried with every frame, never typed by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from longevity import citations, dates
from longevity.auth.viewers import PUBLIC, QueryClass, Viewer
from longevity.ingest.contract import BY_NAME
from longevity.language import Spoken, join_words, translate
from longevity.release import table_withdrawals
from longevity.release.store import Release
from longevity.settings import Settings
from longevity.warehouse.catalogue import Query
from longevity.warehouse.parameters import format_windows

SOURCE_COLUMNS = ("source_url", "source")
SYNTHETIC = "synthetic"
NO_REAL_EVENTS = "SYNTHETIC demonstration data, no real events."
EXTRACTS = Spoken({name: name.replace("_", " ") for name in BY_NAME})
MOST_NAMED = 3  # sources named in a line before "and n more"


@dataclass(frozen=True)
class Provenance:
    """What an answer rests on.

    `parameters` are as resolved, every default filled in. `data_through` is the
    least among the cities asked and the extracts read, None when the answer
    reads none, and for public tables the day of the newest; `derived` says that a
    source did not state it. `absent` are the extracts read that the release does not
    hold; `without_data` the cities asked of which it says nothing, `outside` those whose
    data cover nothing of the period asked. `not_for_release`: made for a viewer who may
    read named rows. `extracts` are those read that a city asked supplied any of, all where none
    did; `cities` the names of those it tells of.
    `published`: only what others published, and nothing of the release.
    """

    query: str
    question: str
    parameters: Mapping[str, Any]
    viewer: str
    query_class: str
    release_id: str
    kind: str
    published_on: str
    data_through: date | None
    derived: bool
    source: str
    sql: str
    absent: tuple[str, ...]
    without_data: tuple[str, ...]
    outside: tuple[str, ...]
    extracts: tuple[str, ...]
    cities: tuple[str, ...]
    not_for_release: bool
    published: bool = False

    @property
    def synthetic(self) -> bool:
        """Return whether the release is a demonstration."""
        return self.kind == SYNTHETIC


def build_provenance(
    query: Query,
    parameters: Mapping[str, Any],
    viewer: Viewer,
    frame: pd.DataFrame,
    release: Release,
    settings: Settings,
    uncovered: tuple[str, ...] = (),
) -> Provenance:
    """Build the provenance of one answer, all of it from the release and the frame.

    `uncovered` are the cities whose data cover nothing of the period asked.
    """
    own = None if query.query_class.public else viewer.city
    asked = parameters.get("city") or own
    cities = (asked,) if asked else tuple(settings.cities)
    days = release.manifest["data_through"]
    entries = {
        city: {name: days[name][city] for name in query.reads if city in days.get(name, {})}
        for city in cities
    }
    ends = [
        date.fromisoformat(min(entry["day"] for entry in by_name.values()))
        for by_name in entries.values()
        if by_name
    ]
    data_through = min(ends, default=None)
    derived = any(entry["derived"] for said in entries.values() for entry in said.values())
    without = tuple(city for city in cities if query.reads and not entries[city])
    supplied = tuple(name for name in query.reads if any(name in said for said in entries.values()))
    outside = tuple(city for city in cities if city in uncovered)
    or_later, is_cut, withdrawn = _reaches_beyond(parameters, ends), False, []
    if query.query_class is QueryClass.PUBLIC_TABLE:
        # What is frozen stands as it was known then, whatever the data say by now: neither the
        # day of the newest row nor that a city has a first one is told.
        without, supplied, derived, or_later = (), (), False, False
        cut_on = frame["cut_on"].dropna()
        data_through = cut_on.max().date() if len(cut_on) else None
        is_cut = True
        withdrawn = _describe_withdrawn(query, frame, cities, release, settings)
    extracts = supplied or query.reads
    told_of = _list_names([c for c in cities if c not in (*without, *outside)], settings)
    # Not `in frame.columns`: that builds an index of the names of every frame.
    published = [name for name in SOURCE_COLUMNS if name in list(frame) and not query.reads]
    if published:
        source = _write_published_line(frame[published[0]])
    else:
        rows = f", {_describe_rows(extracts, told_of)}" if query.reads else ""
        if outside:
            names = join_words(_list_names(outside, settings))
            rows += translate(" (of {cities} nothing in this period)", cities=names)
        end = _describe_end(data_through, or_later, derived, release.id, is_cut)
        said = translate("Source: {what}", what=f"{settings.program}{rows}{end}")
        line = " ".join([said, *withdrawn])
        source = _mark_synthetic(line, release.manifest["kind"])
    return Provenance(
        query=query.name,
        question=query.question,
        parameters={
            name: format_windows(value) if isinstance(value, tuple) else value
            for name, value in parameters.items()
        },
        viewer=str(viewer),
        query_class=str(query.query_class),
        release_id=release.id,
        kind=release.manifest["kind"],
        published_on=release.manifest["published_on"],
        data_through=data_through,
        derived=derived,
        source=source,
        sql=query.sql,
        absent=tuple(name for name in query.reads if name not in release.manifest["rows"]),
        without_data=without,
        outside=outside,
        extracts=extracts,
        cities=told_of,
        not_for_release=viewer != PUBLIC and not query.query_class.public,
        published=bool(published),
    )


def _reaches_beyond(parameters: Mapping[str, Any], ends: Sequence[date]) -> bool:
    """Return whether more was asked than the city with the least data has, and another has it.

    `ends`: the last day of each city.
    """
    asked = [
        *([parameters["date_until"] - timedelta(days=1)] if parameters.get("date_until") else []),
        *([parameters["as_of"]] if parameters.get("as_of") else []),
        *(until - timedelta(days=1) for _, until in parameters.get("windows") or ()),
    ]
    return bool(asked and ends) and min(max(asked), max(ends)) > min(ends)


def _describe_withdrawn(
    query: Query,
    frame: pd.DataFrame,
    cities: tuple[str, ...],
    release: Release,
    settings: Settings,
) -> list[str]:
    """Say which of the tables that a query asks for are withdrawn, of these cities and years."""
    years = set(frame["year"])
    entries = [
        entry
        for entry in release.manifest["withdrawn"]
        if f"'{entry['table']}'" in query.sql
        and entry["city"] in (*cities, "all")
        and entry["year"] in years
    ]
    return table_withdrawals.describe_withdrawals(entries, settings)


def combine_sources(answers: Sequence[Provenance], program: str) -> tuple[str, ...]:
    """Return the source lines of several answers of one release, in one line where they can be.

    What others published, what was cut once and what lacks a city keep a line of their own.
    """
    joined, alone = _part_answers(answers)
    lines = [answer.source for answer in alone]
    if joined:
        rows = _describe_rows(_list_extracts(joined), _list_cities(joined))
        line = translate("Source: {what}", what=f"{program}, {rows}{_describe_joint_end(joined)}")
        lines.insert(0, _mark_synthetic(line, joined[0].kind))
    return tuple(dict.fromkeys(lines))


def write_foot(answers: Sequence[Provenance], cities: Sequence[str]) -> str:
    """Write the sources at the foot of a screen, at whose top program and SYNTHETIC stand.

    Files past the first few are counted; cities are named where they are not all of `cities`. What
    `combine_sources` keeps apart stays apart, but for lines that name no file beside one that does.
    """
    joined, alone = _part_answers(answers)
    lines = []
    if joined:
        extracts, own = _list_extracts(joined), _list_cities(joined)
        more = len(extracts) - MOST_NAMED
        if more > 1:  # one more is named in as many words
            extracts = [*extracts[:MOST_NAMED], translate("{number} more files", number=more)]
        rows = _describe_rows(extracts, [] if set(own) == set(cities) else own)
        lines.append(translate("Source: {what}", what=f"{rows}{_describe_joint_end(joined)}"))
        alone = [answer for answer in alone if answer.extracts or answer.published]
    lines += [answer.source.removeprefix(f"{translate(NO_REAL_EVENTS)} ") for answer in alone]
    return " ".join(dict.fromkeys(lines))


def _part_answers(answers: Sequence[Provenance]) -> tuple[list[Provenance], list[Provenance]]:
    """Return the answers that can share a line, and the others."""
    parts: tuple[list[Provenance], list[Provenance]] = [], []
    for answer in answers:
        is_cut_once = answer.query_class == QueryClass.PUBLIC_TABLE
        is_whole = answer.extracts and answer.data_through and not answer.outside
        parts[0 if is_whole and not is_cut_once else 1].append(answer)
    return parts


def _list_extracts(answers: Sequence[Provenance]) -> list[str]:
    return list(dict.fromkeys(name for answer in answers for name in answer.extracts))


def _list_cities(answers: Sequence[Provenance]) -> list[str]:
    return list(dict.fromkeys(name for answer in answers for name in answer.cities))


def _describe_joint_end(answers: Sequence[Provenance]) -> str:
    days = {answer.data_through for answer in answers if answer.data_through}
    derived = any(answer.derived for answer in answers)
    return _describe_end(min(days), len(days) > 1, derived, answers[0].release_id)


def _describe_end(
    day: date | None, or_later: bool, derived: bool, release_id: str, is_cut: bool = False
) -> str:
    """Say through which day an answer goes, or several of one release, and of which release."""
    through = ""
    if day:
        through = translate(
            ", cut once, the newest on data through {day}" if is_cut else ", data through {day}",
            day=dates.format_long(day),
        )
        through += translate(" or later") if or_later else ""
        through += translate(" (derived)") if derived else ""
    return translate("{through}; release {release}.", through=through, release=release_id)


def _mark_synthetic(line: str, kind: str) -> str:
    return f"{translate(NO_REAL_EVENTS)} {line}" if kind == SYNTHETIC else line


def _describe_rows(extracts: Sequence[str], cities: Sequence[str]) -> str:
    what = join_words([EXTRACTS.get(name, name) for name in extracts])
    return translate("{what} of {cities}", what=what, cities=join_words(cities)) if cities else what


def _list_names(cities: Sequence[str], settings: Settings) -> tuple[str, ...]:
    return tuple(settings.cities[city].name for city in cities)


def _write_published_line(addresses: pd.Series[Any]) -> str:
    """Write the published sources of the rows, most used first."""
    counts = Counter(citations.name_site(text) for text in addresses.dropna())
    names = sorted(counts, key=lambda name: (-counts[name], name))
    if not names:
        return translate("Source: none, because no published figure answers this.")
    first = names[:MOST_NAMED]
    more = len(names) - len(first)
    named = ", ".join(first)
    named = translate("{names} and {more} more", names=named, more=more) if more else named
    return translate("Source: {what}", what=f"{named}.")
