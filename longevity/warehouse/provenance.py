"""Where an answer comes from: made with every answer, and written as its "Source: …" line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from longevity.auth.viewers import PUBLIC, QueryClass, Viewer
from longevity.ingest.contract import BY_NAME
from longevity.release import table_withdrawals
from longevity.release.store import Release
from longevity.settings import Settings
from longevity.warehouse.catalogue import Query
from longevity.warehouse.parameters import format_windows
from longevity.words import citations, dates
from longevity.words.language import Spoken, join_words, translate

SOURCE_COLUMNS = ("source_url", "source")
SYNTHETIC = "synthetic"
NO_REAL_EVENTS = "SYNTHETIC demonstration data, no real events."
EXTRACTS = Spoken(
    {name: name.replace("_", " ").replace("call ins", "call-ins") for name in BY_NAME}
)
MOST_NAMED = 3  # sources named in a line before "and n more"


@dataclass(frozen=True)
class Provenance:
    """What an answer was made of: the query, the data and the release.

    `parameters`: with defaults filled in. `data_through`: the last day for which every extract read
    is complete in every city asked; None when no extract is read, and for public tables the day of
    the newest; `derived`: a source did not state its last day, so that of its newest row is taken.
    `source`: the line under a chart. `outside`: cities with no data in the period asked.
    `extracts`: those read that were supplied. `cities`: names of the cities in the answer.
    `not_for_release`: made for a viewer who may read rows about people. `published`: made of
    published figures alone.
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
    uncovered: Sequence[str] = (),
) -> Provenance:
    """Build the provenance of one answer (`frame`) from its query, its values and the release.

    `uncovered` are the cities with no data in the period asked.
    """
    manifest, is_frozen = release.manifest, query.query_class is QueryClass.PUBLIC_TABLE
    asked = parameters.get("city") or (None if query.query_class.public else viewer.city)
    cities = (asked,) if asked else tuple(settings.cities)
    # A public table stays as it was when it was frozen, so nothing is said about today's data:
    # neither the day they are complete through nor whether a city has any.
    reads = () if is_frozen else query.reads
    days = {name: manifest["data_through"].get(name, {}) for name in reads}
    held = {city: [of[city] for of in days.values() if city in of] for city in cities}
    dated = {city: entries for city, entries in held.items() if entries}
    # The end of a source that ended is not the day of all.
    dated = {c: entries for c, entries in dated.items() if c in settings.going_on} or dated
    ends = {min(entry["day"] for entry in entries) for entries in dated.values()}
    derived = any(entry["derived"] for entries in held.values() for entry in entries)
    data_through = date.fromisoformat(min(ends)) if ends else None
    if is_frozen and frame["cut_on"].notna().any():
        data_through = frame["cut_on"].max().date()
    outside = tuple(city for city in cities if city in uncovered)
    supplied = tuple(name for name, of in days.items() if any(city in of for city in cities))
    extracts = supplied or query.reads
    spoken_of = tuple(
        settings.cities[city].name
        for city in cities
        if (held[city] or not reads) and city not in outside
    )
    # Not `in frame.columns`: that builds an index of the names of every frame.
    published = [name for name in SOURCE_COLUMNS if name in list(frame) and not query.reads]
    if published:
        source = _write_published_line(frame[published[0]])
    else:
        what = [settings.program, *([_describe_rows(extracts, spoken_of)] if query.reads else [])]
        line = ", ".join(what)
        if outside:
            names = join_words([settings.cities[city].name for city in outside])
            line += translate(" (of {cities} nothing in this period)", cities=names)
        line = _write_line(
            line,
            day=data_through,
            or_later=len(ends) > 1,
            derived=derived,
            release_id=release.id,
            is_frozen=is_frozen,
        )
        if is_frozen:
            line = " ".join(
                [line, *describe_withdrawn(query.sql, frame, cities, release, settings)]
            )
        source = _mark_synthetic(line, manifest["kind"])
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
        kind=manifest["kind"],
        published_on=manifest["published_on"],
        data_through=data_through,
        derived=derived,
        source=source,
        sql=query.sql,
        outside=outside,
        extracts=extracts,
        cities=spoken_of,
        not_for_release=viewer != PUBLIC and not query.query_class.public,
        published=bool(published),
    )


def describe_withdrawn(
    sql: str,
    frame: pd.DataFrame,
    cities: Sequence[str],
    release: Release,
    settings: Settings,
) -> list[str]:
    """Return a sentence for each public table that a query reads and that was withdrawn since.

    Only those of `cities` and of the years in the answer.
    """
    years = set(frame.get("year", ()))
    entries = [
        entry
        for entry in release.manifest["withdrawn"]
        if f"'{entry['table']}'" in sql
        and entry["city"] in (*cities, "all")
        and entry["year"] in years
    ]
    return table_withdrawals.describe_withdrawals(entries, settings)


def combine_sources(
    answers: Sequence[Provenance], cities: Sequence[str] = (), program: str = ""
) -> tuple[str, ...]:
    """Return the source lines of several answers of one release, joined into one where possible.

    Published figures, public tables and answers that lack a city keep lines of their own. For a
    file give the `program`: it and every extract are named. At the foot of a screen, which names
    the program at its top, lines are shorter: extracts after the third are counted ("and 2 more
    files"), and cities are named only where they are not all of `cities`.
    """
    joined = [answer for answer in answers if _can_be_joined(answer)]
    alone = [answer for answer in answers if not _can_be_joined(answer)]
    lines = [answer.source for answer in alone]
    if not program:
        alone = [about for about in alone if about.extracts or about.published or not joined]
        lines = [about.source.removeprefix(f"{translate(NO_REAL_EVENTS)} ") for about in alone]
    if joined:
        extracts = _list_once(answer.extracts for answer in joined)
        own = _list_once(answer.cities for answer in joined)
        more = len(extracts) - MOST_NAMED
        if more > 1 and not program:  # one more is named in as many words
            extracts = [*extracts[:MOST_NAMED], translate("{number} more files", number=more)]
        rows = _describe_rows(extracts, [] if set(own) == set(cities) else own)
        days = {answer.data_through for answer in joined if answer.data_through}
        line = _write_line(
            f"{program}, {rows}" if program else rows,
            day=min(days),
            or_later=len(days) > 1,
            derived=any(answer.derived for answer in joined),
            release_id=joined[0].release_id,
        )
        lines.insert(0, _mark_synthetic(line, joined[0].kind) if program else line)
    return tuple(dict.fromkeys(lines))


def _can_be_joined(answer: Provenance) -> bool:
    """Return whether an answer is of extracts alone, with data of every city asked."""
    is_whole = bool(answer.extracts and answer.data_through and not answer.outside)
    return is_whole and answer.query_class != QueryClass.PUBLIC_TABLE


def _list_once(lists: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(name for names in lists for name in names))


def _write_line(
    what: str,
    day: date | None,
    or_later: bool,
    derived: bool,
    release_id: str,
    is_frozen: bool = False,
) -> str:
    """Write "Source: {what}, data through {day} or later (derived); release {release_id}."."""
    if day:
        what += translate(
            ", cut once, the newest on data through {day}" if is_frozen else ", data through {day}",
            day=dates.format_long(day),
        )
        what += translate(" or later") if or_later else ""
        what += translate(" (derived)") if derived else ""
    end = translate("{through}; release {release}.", through=what, release=release_id)
    return translate("Source: {what}", what=end)


def _mark_synthetic(line: str, kind: str) -> str:
    return f"{translate(NO_REAL_EVENTS)} {line}" if kind == SYNTHETIC else line


def _describe_rows(extracts: Sequence[str], cities: Sequence[str]) -> str:
    what = join_words([EXTRACTS.get(name, name) for name in extracts])
    return translate("{what} of {cities}", what=what, cities=join_words(cities)) if cities else what


def _write_published_line(addresses: pd.Series[Any]) -> str:
    """Write the sites of the rows' sources, most used first: "Source: ct.gov, fbi.gov."."""
    counts = Counter(citations.name_site(text) for text in addresses.dropna())
    names = sorted(counts, key=lambda name: (-counts[name], name))
    if not names:
        return translate("Source: none, because no published figure answers this.")
    more = len(names) - MOST_NAMED
    named = ", ".join(names[:MOST_NAMED])
    named = translate("{names} and {more} more", names=named, more=more) if more > 0 else named
    return translate("Source: {what}", what=f"{named}.")
