"""A warehouse that notes what each scope is told, for `prepared.write`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from longevity.auth.viewers import PUBLIC_SCOPE
from longevity.settings import Settings
from longevity.warehouse.catalogue import Query
from longevity.warehouse.connection import Release
from longevity.warehouse.warehouse import Warehouse

Noted = tuple[str, Mapping[str, Any], pd.DataFrame]


class Noting(Warehouse):
    """Asks the release itself, and notes each question once a scope."""

    def __init__(self, release: Release, settings: Settings) -> None:
        super().__init__(release, settings, prepared=False)
        self._noted: dict[str, dict[str, Noted]] = {}

    def noted(self, scope: str) -> Iterator[Noted]:
        """Every question a scope was asked, with all values, and what it was told; once."""
        yield from self._noted.pop(scope, {}).values()

    def _told(self, query: Query, values: dict[str, Any], scope: str) -> pd.DataFrame:
        frame = super()._told(query, values, scope)
        if scope != PUBLIC_SCOPE:
            asked = repr((query.name, sorted(values.items())))
            self._noted.setdefault(scope, {})[asked] = (query.name, dict(values), frame)
        return frame
