"""A cache of answers and of what takes long to make from them, separate by release and scope."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import pandas as pd
import streamlit as st

from longevity.release.store import Release
from longevity.settings import Settings
from longevity.warehouse.catalogue import Query
from longevity.warehouse.warehouse import Warehouse

MOST = "128MB"  # of all releases, pickled: 0.1 ms to read a frame, half a millisecond a chart

T = TypeVar("T")
Stamp = tuple[int, int]  # changes when a release is changed (`release.store`)


@st.cache_data(max_size=MOST, show_spinner=False)
def _compute_once(key: str, _compute: Callable[[], Any]) -> Any:
    """Return what was computed for this key before, or compute it; others with the key wait.

    Everybody gets a copy, so that a page which changes its own changes no one else's.
    """
    return _compute()


def forget() -> None:
    """Forget everything, as after a purge, which must leave no rows in memory."""
    _compute_once.clear()


class CachedWarehouse(Warehouse):
    """A warehouse that caches its answers, each for the scope it was answered from."""

    def __init__(self, release: Release, settings: Settings, stamp: Stamp) -> None:
        super().__init__(release, settings)
        self.stamp = stamp
        # Part of every key: another release, a change to this one or to the settings misses.
        self._opened_as = (release.id, stamp, repr(settings))

    def compute_once(self, compute: Callable[[], T], *key: object) -> T:
        """Return what `compute` returns, computed once for this release and `key`.

        The repr of the key's parts must say everything that the result depends on.
        """
        return cast(T, _compute_once(repr((self._opened_as, key)), compute))

    def _answer(self, query: Query, values: dict[str, Any], scope: str) -> pd.DataFrame:
        asked = ("answer", scope, query.name, sorted(values.items()))
        return self.compute_once(lambda: Warehouse._answer(self, query, values, scope), *asked)
