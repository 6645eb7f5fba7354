"""Everything that is said, asked once and put down by place: what to whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from tools.golden import library
from tools.golden.record import Lines, Record

Places = Iterable[tuple[str, str, Any]]


def record_release(contexts: library.Contexts) -> dict[str, Lines]:
    """Return all that a release says to the public, the state and a city."""
    return _record(
        library.read_charts(contexts),  # first: screens show them again
        library.read_screens(contexts),
        library.read_pages(contexts),
        library.read_claims(contexts),
        library.read_public_tables(contexts),
        library.read_documents(contexts),
    )


def record_damaged_files() -> dict[str, Lines]:
    """Return what import and check say of every damaged file, whatever the release."""
    return _record(library.read_damaged_files())


def record_damaged_file(kind: str, damage: str, said: Mapping[str, list[str]]) -> dict[str, Lines]:
    """Return the same of one file: what `import` and `check` said."""
    place = f"damaged {kind}/{damage}"
    return _record([(place, step, said[step]) for step in ("import", "check")])


def _record(*parts: Places) -> dict[str, Lines]:
    record = Record()
    for part in parts:
        by_place: dict[str, dict[str, Any]] = defaultdict(dict)
        for place, viewer, said in part:
            by_place[place][viewer] = said
        for place, viewers in by_place.items():
            record.add_for_viewers(place, viewers)
    return record.lines
