"""Cache what is computed of answers between visits: apart for every release, scope, question."""

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
from longevity.reports.context import ReportContext
from longevity.settings import Settings
from longevity.warehouse import frames
from longevity.warehouse.warehouse import Answer, Warehouse

# Charts, lists and sentences of one open release: docs/decisions/0030.
CACHE_BYTES = 48 * 1024 * 1024
OBJECT = 64  # bytes of a number, or of what holds a value
FEW = 16
PLAIN = (int, float, bool, type(None))

T = TypeVar("T")
_caches: WeakKeyDictionary[Warehouse, tuple[Settings, LRUCache]] = WeakKeyDictionary()
_finding = threading.Lock()
_context: ContextVar[ReportContext] = ContextVar("the context of this run")


def compute_once(context: ReportContext, function: Callable[..., T], inputs: tuple[Any, ...]) -> T:
    """Return what a function makes of these, once for a theme and day, and for who may read them.

    Of answers alone it is computed once for all who are told the same: an answer read from the
    public record is. Of the context itself, for its viewer, who decides what is asked.
    It is a function of the library, or a method of something that can be a key. Each of
    `inputs` is an Answer (of which it takes the frame), the context itself, or plain data.
    Cached with the open release, and so forgotten with it, as after a purge; and computed anew
    once the configuration changed.
    """
    values = _open_cache(context)
    if any(isinstance(each, ReportContext) and each is not context for each in inputs):
        raise TypeError("what another context computes is cached by that context")
    asks = any(isinstance(each, ReportContext) for each in inputs)
    whose = context.viewer if asks else None
    key = (whose, context.theme.name, context.today, function, *map(_make_key, inputs))
    value = values.get_or_compute(
        key,
        lambda: _refuse_iterator(ReportContext.compute(context, function, *inputs)),
        _count_bytes,
    )
    # Copy-on-write: what a page does with its copy never reaches the one that is cached.
    return cast(T, value.copy(deep=False)) if isinstance(value, pd.DataFrame) else value


def set_context(context: ReportContext) -> None:
    """Say whom this run of a page is for, so that what it writes is cached with their release."""
    _context.set(context)


def write_once(write: Callable[..., T], frame: pd.DataFrame, *words: str | bool) -> T:
    """Return what `write` writes of a frame, cached by all that stands in it.

    Whoever is shown the same rows is shown the same; the rows themselves say who that may be. It
    goes with the release, as after a purge. `write` depends on nothing else.
    """
    context = _context.get(None)
    if context is None:
        return write(frame, *words)
    rows = hashlib.blake2b(pickle.dumps((frame, words))).digest()
    key = (write, rows)
    return cast(
        T, _open_cache(context).get_or_compute(key, lambda: write(frame, *words), _count_bytes)
    )


def _open_cache(context: ReportContext) -> LRUCache:
    """Return the cache of the open release, begun anew once the configuration changed."""
    with _finding:
        settings, values = _caches.get(context.warehouse, (None, None))
        if values is None or (settings is not context.settings and settings != context.settings):
            values = LRUCache(CACHE_BYTES)
        _caches[context.warehouse] = (context.settings, values)
        return values


def _refuse_iterator(value: T) -> T:
    if isinstance(value, Iterator):
        raise TypeError("what can be gone through only once cannot be cached")
    return value


def _make_key(value: Any) -> Hashable:
    """Return what tells one input from another, in a key."""
    if isinstance(value, Answer):
        about = value.provenance
        parameters = tuple(sorted(about.parameters.items()))
        return (Answer, about.query, value.scope, about.release_id, parameters)
    if isinstance(value, ReportContext | Settings):
        return type(value).__name__  # which it is stands in the key already, or with what is kept
    if isinstance(value, Mapping):
        return (Mapping, *((name, _make_key(each)) for name, each in value.items()))
    if isinstance(value, list | tuple):
        return (type(value), *map(_make_key, value))
    hash(value)  # a TypeError here is better than one thing taken for another
    return (type(value), value)


def _count_bytes(value: Any) -> int:
    """Estimate how much memory a value takes, without the answers that the warehouse keeps."""
    # The kinds that figures are full of come first: a figure has some thousands of them.
    kind = type(value)
    if kind in PLAIN:
        return OBJECT
    if kind is str:
        return OBJECT + len(value)
    if kind is dict:
        return OBJECT + sum(map(_count_bytes, value.values()))
    if isinstance(value, pd.DataFrame):
        return frames.count_bytes(value)
    parts: Iterable[Any] = ()
    if is_dataclass(value) and not isinstance(value, Answer | Entry):
        parts = (getattr(value, field.name) for field in fields(value))
    elif isinstance(value, Mapping):
        parts = value.values()
    elif isinstance(value, list | tuple):
        if len(value) > FEW:  # as in a figure: they are of one kind
            return len(value) * _count_bytes(value[0])
        parts = value
    words = len(value) if isinstance(value, str) else 0
    return OBJECT + words + sum(map(_count_bytes, parts))
