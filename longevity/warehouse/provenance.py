"""Where an answer comes from: carried with every frame, never typed by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from longevity import citations, dates
from longevity.auth.viewers import PUBLIC, QueryClass, Viewer
from longevity.errors import join_words
from longevity.release import table_withdrawals
from longevity.settings import Settings
from longevity.warehouse.catalogue import Query
from longevity.warehouse.parameters import format_windows

SOURCE_COLUMNS = ("source_url", "source")
SYNTHETIC = "synthetic"
NO_REAL_EVENTS = "SYNTHETIC demonstration data, no real events."
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
    release_id: str,
    manifest: Mapping[str, Any],
    settings: Settings,
    extracts: tuple[str, ...],
    uncovered: tuple[str, ...] = (),
) -> Provenance:
    """Build the provenance of one answer, all of it from the release and the frame.

    `uncovered` are the cities whose data cover nothing of the period asked.
    """
    cities = _list_cities(query, parameters, viewer, settings)
    outside = tuple(city for city in cities if city in uncovered)
    days = {
        (name, city): manifest.get("data_through", {}).get(name, {}).get(city)
        for name in query.reads
        for city in cities
    }
    entries = [entry for entry in days.values() if entry]
    supplied = tuple(name for name in query.reads if any(days[name, city] for city in cities))
    through = [date.fromisoformat(entry["day"]) for entry in entries]
    ends = [
        min(date.fromisoformat(days[name, city]["day"]) for name in query.reads if days[name, city])
        for city in cities
        if any(days[name, city] for name in query.reads)
    ]
    without = tuple(
        city for city in cities if query.reads and not any(days[name, city] for name in query.reads)
    )
    data_through = min(through, default=None)
    derived = any(bool(entry["derived"]) for entry in entries)
    if query.query_class is QueryClass.PUBLIC_TABLE:
        # What is frozen stands as it was known then, whatever the data say by now: neither the
        # day of the newest row nor that a city has a first one is told.
        without, supplied = (), ()
        cut_on = frame["cut_on"].dropna()
        data_through, derived = (cut_on.max().date() if len(cut_on) else None), False
    with_data = [city for city in cities if city not in {*without, *outside}]
    made = Provenance(
        query=query.name,
        question=query.question,
        parameters={
            name: format_windows(value) if isinstance(value, tuple) else value
            for name, value in parameters.items()
        },
        viewer=str(viewer),
        query_class=str(query.query_class),
        release_id=release_id,
        kind=str(manifest.get("kind", "real")),
        published_on=str(manifest.get("published_on", "")),
        data_through=data_through,
        derived=derived,
        source="",
        sql=query.sql,
        absent=tuple(name for name in query.reads if name not in extracts),
        without_data=without,
        outside=outside,
        extracts=supplied or query.reads,
        cities=_list_names(with_data, settings),
        not_for_release=viewer != PUBLIC and not query.query_class.public,
        published=not query.reads and bool(_list_sources(frame)),
    )
    line = _write_source_line(made, query, frame, _reaches_beyond(parameters, ends), settings)
    if query.query_class is QueryClass.PUBLIC_TABLE:
        line = " ".join([line, *_describe_withdrawn(query, frame, cities, manifest, settings)])
    is_marked = made.synthetic and not made.published
    return replace(made, source=f"{NO_REAL_EVENTS} {line}" if is_marked else line)


def _list_cities(
    query: Query, parameters: Mapping[str, Any], viewer: Viewer, settings: Settings
) -> tuple[str, ...]:
    city = parameters.get("city")
    if city is None and not query.query_class.public:
        city = viewer.city
    return (city,) if city else tuple(settings.cities)


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


def _write_source_line(
    made: Provenance, query: Query, frame: pd.DataFrame, or_later: bool, settings: Settings
) -> str:
    """Write one line that says where the figures come from."""
    if made.published:
        return _write_published_line(frame[_list_sources(frame)[0]])
    line = f"Source: {settings.program}"
    if query.reads:
        line += f", {_describe_rows(made.extracts, made.cities)}"
    if made.outside:
        names = join_words(_list_names(made.outside, settings))
        line += f" (of {names} nothing in this period)"
    if made.data_through:
        is_cut_once = query.query_class is QueryClass.PUBLIC_TABLE
        line += ", cut once, the newest on" if is_cut_once else ","
        line += f" data through {dates.format_long(made.data_through)}"
        line += " or later" if or_later and not is_cut_once else ""
        line += " (derived)" if made.derived else ""
    return f"{line}; release {made.release_id}."


def _describe_withdrawn(
    query: Query,
    frame: pd.DataFrame,
    cities: tuple[str, ...],
    manifest: Mapping[str, Any],
    settings: Settings,
) -> list[str]:
    """Say which of the tables that a query asks for are withdrawn, of these cities and years."""
    years = set(frame["year"])
    entries = [
        entry
        for entry in manifest["withdrawn"]
        if f"'{entry['table']}'" in query.sql
        and entry["city"] in (*cities, "all")
        and entry["year"] in years
    ]
    return table_withdrawals.describe_withdrawals(entries, settings)


def _list_sources(frame: pd.DataFrame) -> list[str]:
    # Not `in frame.columns`: that builds an index of the names of every frame.
    return [name for name in SOURCE_COLUMNS if name in list(frame)]


def combine_sources(answers: Sequence[Provenance], program: str) -> tuple[str, ...]:
    """Return the source lines of several answers of one release, in one line where they can be.

    What others published, what was cut once and what lacks a city keep a line of their own.
    """
    joined = [answer for answer in answers if _can_be_joined(answer)]
    alone = dict.fromkeys(answer.source for answer in answers if not _can_be_joined(answer))
    if not joined:
        return tuple(alone)
    rows = _describe_rows(_list_extracts(joined), _list_cities_of(joined))
    line = f"Source: {program}, {rows}, {_describe_end(joined)}"
    return (f"{NO_REAL_EVENTS} {line}" if joined[0].synthetic else line, *alone)


def write_foot(answers: Sequence[Provenance], cities: Sequence[str]) -> str:
    """Write the sources at the foot of a screen, at whose top program and SYNTHETIC stand.

    Files past the first few are counted; cities are named where they are not all of `cities`. What
    `combine_sources` keeps apart stays apart, but for lines that name no file beside one that does.
    """
    joined = [answer for answer in answers if _can_be_joined(answer)]
    alone = [answer for answer in answers if not _can_be_joined(answer)]
    lines = []
    if joined:
        extracts, own = _list_extracts(joined), _list_cities_of(joined)
        more = len(extracts) - MOST_NAMED
        if more > 1:  # one more is named in as many words
            extracts = [*extracts[:MOST_NAMED], f"{more} more files"]
        rows = _describe_rows(extracts, [] if set(own) == set(cities) else own)
        lines.append(f"Source: {rows}, {_describe_end(joined)}")
        alone = [answer for answer in alone if answer.extracts or answer.published]
    lines += [answer.source.removeprefix(f"{NO_REAL_EVENTS} ") for answer in alone]
    return " ".join(dict.fromkeys(lines))


def _list_extracts(answers: Sequence[Provenance]) -> list[str]:
    return list(dict.fromkeys(name for answer in answers for name in answer.extracts))


def _list_cities_of(answers: Sequence[Provenance]) -> list[str]:
    return list(dict.fromkeys(name for answer in answers for name in answer.cities))


def _describe_end(answers: Sequence[Provenance]) -> str:
    """Say through which day several answers go, and of which release they are."""
    days = {answer.data_through for answer in answers if answer.data_through}
    return (
        f"data through {dates.format_long(min(days))}{' or later' if len(days) > 1 else ''}"
        f"{' (derived)' if any(answer.derived for answer in answers) else ''}; "
        f"release {answers[0].release_id}."
    )


def _can_be_joined(answer: Provenance) -> bool:
    is_cut_once = answer.query_class == QueryClass.PUBLIC_TABLE
    return bool(answer.extracts and answer.data_through and not answer.outside and not is_cut_once)


def _describe_rows(extracts: Sequence[str], cities: Sequence[str]) -> str:
    what = join_words([name.replace("_", " ") for name in extracts])
    return f"{what} of {join_words(cities)}" if cities else what


def _list_names(cities: Sequence[str], settings: Settings) -> tuple[str, ...]:
    return tuple(settings.cities[city].name for city in cities)


def _write_published_line(addresses: pd.Series[Any]) -> str:
    """Write the published sources of the rows, most used first."""
    counts = Counter(citations.name_site(text) for text in addresses.dropna())
    names = sorted(counts, key=lambda name: (-counts[name], name))
    if not names:
        return "Source: none, because no published figure answers this."
    first = names[:MOST_NAMED]
    more = len(names) - len(first)
    return f"Source: {', '.join(first)}{f' and {more} more' if more else ''}."
