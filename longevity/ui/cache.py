"""What pages ask and what takes long to make of it, cached: apart for every release and scope."""

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
Stamp = tuple[int, int]  # the store's, of a release


@st.cache_data(max_size=MOST, show_spinner=False)
def _compute_once(key: str, _compute: Callable[[], Any]) -> Any:
    """Return what was computed by this key; who asks meanwhile waits for it.

    Each gets a copy, so that what a page does with its own reaches no one else's.
    """
    return _compute()


def forget() -> None:
    """Forget everything, as after a purge: keys alone would leave its rows in memory."""
    _compute_once.clear()


class CachedWarehouse(Warehouse):
    """An open release whose answers are cached, each for the scope that the access rules gave."""

    def __init__(self, release: Release, settings: Settings, stamp: Stamp) -> None:
        super().__init__(release, settings)
        self.stamp = stamp
        # What tells this release, as it is now, and its configuration from others.
        self._opened_as = (release.id, stamp, repr(settings))

    def compute_once(self, compute: Callable[[], T], *key: object) -> T:
        """Return what is computed of this release by a key, whose parts say all they are."""
        return cast(T, _compute_once(repr((self._opened_as, key)), compute))

    def _answer(self, query: Query, values: dict[str, Any], scope: str) -> pd.DataFrame:
        asked = ("answer", scope, query.name, sorted(values.items()))
        return self.compute_once(lambda: Warehouse._answer(self, query, values, scope), *asked)
