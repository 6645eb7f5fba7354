"""What was made of answers, kept between visits: apart for every release, scope and question."""

from __future__ import annotations

import hashlib
import pickle
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

import pandas as pd

from longevity.lru_cache import LRUCache
from longevity.reports.chart_catalogue.definition import Entry
from longevity.reports.context import Desk
from longevity.settings import Settings
from longevity.warehouse.warehouse import Answer, Warehouse

# Charts, lists and sentences of one open release: docs/decisions/0030.
MADE_BYTES = 48 * 1024 * 1024
OBJECT = 64  # bytes of a number, or of what holds a value
FEW = 16
PLAIN = (int, float, bool, type(None))

T = TypeVar("T")
_made: WeakKeyDictionary[Warehouse, tuple[Settings, LRUCache]] = WeakKeyDictionary()
_finding = threading.Lock()
_run_for: ContextVar[Desk] = ContextVar("the visit this run is for")


def made(visit: Desk, make: Callable[..., T], given: tuple[Any, ...]) -> T:
    """What `make` makes of these, made once for a theme and day, and for who may read them.

    Of answers alone it is made once for all who are told the same: an answer read from the
    public record is. Given the visit itself, it is made for its viewer, who decides what is asked.
    `make` is a function of the library, or a method of something that can be a key. Each of
    `given` is an Answer (of which `make` takes the frame), the visit itself, or plain data.
    Kept with the open release, and so forgotten with it, as after a purge; and made anew once
    the configuration changed.
    """
    held = _open_cache(visit)
    if any(isinstance(each, Desk) and each is not visit for each in given):
        raise TypeError("what another desk makes is kept by that desk")
    asks = any(isinstance(each, Desk) for each in given)
    whose = visit.viewer if asks else None
    key = (whose, visit.theme.name, visit.today, make, *map(_told_apart, given))
    value = held.get_or_compute(key, lambda: _lasting(Desk.made(visit, make, *given)), _bytes)
    # Copy-on-write: what a page does with its copy never reaches the one that is kept.
    return cast(T, value.copy(deep=False)) if isinstance(value, pd.DataFrame) else value


def run_for(visit: Desk) -> None:
    """Say whom this run of a page is for, so that what it writes is kept with their release."""
    _run_for.set(visit)


def written(write: Callable[..., T], frame: pd.DataFrame, *words: str) -> T:
    """What `write` writes of a frame, kept by all that stands in it.

    Whoever is shown the same rows is shown the same; the rows themselves say who that may be. It
    goes with the release, as after a purge. `write` depends on nothing else.
    """
    visit = _run_for.get(None)
    if visit is None:
        return write(frame, *words)
    rows = hashlib.blake2b(pickle.dumps((frame, words))).digest()
    key = (write, rows)
    return cast(T, _open_cache(visit).get_or_compute(key, lambda: write(frame, *words), _bytes))


def _open_cache(visit: Desk) -> LRUCache:
    """What is kept of the open release, begun anew once the configuration changed."""
    with _finding:
        settings, held = _made.get(visit.warehouse, (None, None))
        if held is None or (settings is not visit.settings and settings != visit.settings):
            held = LRUCache(MADE_BYTES)
        _made[visit.warehouse] = (visit.settings, held)
        return held


def _lasting(value: T) -> T:
    if isinstance(value, Iterator):
        raise TypeError("what can be gone through only once cannot be kept")
    return value


def _told_apart(given: Any) -> Hashable:
    """What tells one thing given from another, in a key."""
    if isinstance(given, Answer):
        about = given.provenance
        asked = tuple(sorted(about.parameters.items()))
        return (Answer, about.query, given.scope, about.release_id, asked)
    if isinstance(given, Desk | Settings):
        return type(given).__name__  # which it is stands in the key already, or with what is kept
    if isinstance(given, Mapping):
        return (Mapping, *((name, _told_apart(value)) for name, value in given.items()))
    if isinstance(given, list | tuple):
        return (type(given), *map(_told_apart, given))
    hash(given)  # a TypeError here is better than one thing taken for another
    return (type(given), given)


def _bytes(value: Any) -> int:
    """About how much memory a value takes, without the answers that the warehouse keeps."""
    # The kinds that figures are full of come first: a figure has some thousands of them.
    kind = type(value)
    if kind in PLAIN:
        return OBJECT
    if kind is str:
        return OBJECT + len(value)
    if kind is dict:
        return OBJECT + sum(map(_bytes, value.values()))
    if isinstance(value, pd.DataFrame):
        return int(value.memory_usage().sum())
    parts: Iterable[Any] = ()
    if is_dataclass(value) and not isinstance(value, Answer | Entry):
        parts = (getattr(value, field.name) for field in fields(value))
    elif isinstance(value, Mapping):
        parts = value.values()
    elif isinstance(value, list | tuple):
        if len(value) > FEW:  # as in a figure: they are of one kind
            return len(value) * _bytes(value[0])
        parts = value
    words = len(value) if isinstance(value, str) else 0
    return OBJECT + words + sum(map(_bytes, parts))
