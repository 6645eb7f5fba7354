"""Who may see what: the viewers, the classes of queries, and the one rule between them.

`find_scope` is the rule. A *scope* is a closed database that holds only what its viewers may read:
a viewer asks there, or is refused, and nothing is withheld on the way out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from longevity.base.errors import AccessError, UsageError, suggest_nearest
from longevity.settings import Settings


class QueryClass(StrEnum):
    """What a query's answer is about, and so who may have it."""

    PUBLIC_RECORD = "public_record"  # incidents, victims, homicides by place and time
    AGGREGATE = "aggregate"  # people's attributes, groups, program measures
    NAMED = "named"  # rows with a group or person code, or the block a shooting happened on
    PUBLIC_TABLE = "public_table"  # counts of people and the program, made once for everyone

    @property
    def public(self) -> bool:
        """Return whether everyone may ask, and is answered from the public scope."""
        return self in (QueryClass.PUBLIC_RECORD, QueryClass.PUBLIC_TABLE)


class ViewerKind(StrEnum):
    """The three kinds of viewer."""

    PUBLIC = "public"
    CITY = "city"
    STATE = "state"


@dataclass(frozen=True)
class Viewer:
    """One viewer; `city` is the id of a city viewer's own city, else None."""

    kind: ViewerKind
    city: str | None = None

    def __str__(self) -> str:
        return f"{self.kind}:{self.city}" if self.city else str(self.kind)

    @property
    def named_scope(self) -> str | None:
        """Return the scope this viewer has next to the public one: a city id, `state` or None."""
        return {ViewerKind.PUBLIC: None, ViewerKind.CITY: self.city, ViewerKind.STATE: STATE_SCOPE}[
            self.kind
        ]


PUBLIC_SCOPE = "public"
STATE_SCOPE = "state"
PUBLIC = Viewer(ViewerKind.PUBLIC)
STATE = Viewer(ViewerKind.STATE)


def parse_viewer(text: str, settings: Settings) -> Viewer:
    """Return the viewer that `public`, `city:ID` or `state` names; UsageError otherwise."""
    word = text.strip()
    if word == PUBLIC.kind:
        return PUBLIC
    if word == STATE.kind:
        return STATE
    kind, _, city = word.partition(":")
    if kind != ViewerKind.CITY:
        valid = ["public", "state", *(f"city:{city_id}" for city_id in settings.cities)]
        raise UsageError(f"There is no viewer '{text}'.", suggest_nearest(word, valid))
    return Viewer(ViewerKind.CITY, settings.city(city).id)


def find_scope(viewer: Viewer, query: str, query_class: QueryClass, city: str | None) -> str:
    """Return the scope that answers this viewer's query: `public`, a city id or `state`.

    `city` is the one city asked for, None for all. Queries of a public class are answered to
    everyone from the public scope, which holds nothing else. Raises AccessError, with a sentence,
    when this viewer may not ask.
    """
    if query_class.public:
        return PUBLIC_SCOPE
    scope = viewer.named_scope
    if scope is None:
        about = (
            "rows with a group's or person's code, or a place finer than a neighbourhood"
            if query_class is QueryClass.NAMED
            else "people's attributes or the program's work"
        )
        raise AccessError(
            f"'{query}' answers with {about}; '{viewer}' may not ask for that.",
            "Ask as the city itself or as the state.",
        )
    if viewer.city is not None and city is not None and city != viewer.city:
        raise AccessError(
            f"'{query}' is answered to '{viewer}' for its own city only.",
            f"Ask for '{viewer.city}', or leave the city out.",
        )
    return scope
