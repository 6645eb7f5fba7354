"""Ask a release what its screens begin with, and write the answers beside it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from longevity.auth.viewers import PUBLIC_SCOPE, STATE, Viewer, ViewerKind
from longevity.errors import LongevityError
from longevity.progress import Progress
from longevity.release.store import PREPARED, RELEASES, Release
from longevity.settings import Settings
from longevity.warehouse import precomputed
from longevity.warehouse.catalogue import Query
from longevity.warehouse.precomputed import RecordedAnswer
from longevity.warehouse.warehouse import Warehouse


class RecordingWarehouse(Warehouse):
    """A warehouse that asks the release itself, and records each question once a scope."""

    def __init__(self, release: Release, settings: Settings) -> None:
        super().__init__(release, settings, use_precomputed=False)
        self._records: dict[str, dict[str, RecordedAnswer]] = {}

    def take_records(self, scope: str) -> list[RecordedAnswer]:
        """Return every question a scope was asked, with its answer, and forget them."""
        return [*self._records.pop(scope, {}).values()]

    def _answer(self, query: Query, values: dict[str, Any], scope: str) -> pd.DataFrame:
        frame = super()._answer(query, values, scope)
        if scope != PUBLIC_SCOPE:
            key = repr((query.name, sorted(values.items())))
            self._records.setdefault(scope, {})[key] = (query.name, dict(values), frame)
        return frame


def record_answers(
    release: Release,
    settings: Settings,
    progress: Progress,
    ask_screens: Callable[[Warehouse, Viewer], None],
) -> None:
    """Ask a release what its screens begin with, and write the answers beside it.

    `ask_screens` asks, as each viewer, what screens ask beyond the defaults of the catalogue.
    Under the lock of `publish`, or a purge could miss what is written. Sets of releases
    that are no longer kept go. OSError on a full disk; nothing half written is ever read.
    """
    progress("Preparing what the screens begin with.")
    home = settings.home / PREPARED
    home.mkdir(mode=0o700, exist_ok=True)
    draft = home / f".{release.id}"
    _remove_others(home, {path.name for path in (settings.home / RELEASES).glob("*")})
    draft.mkdir(mode=0o700)
    warehouse = RecordingWarehouse(release, settings)
    try:
        fingerprint = precomputed.compute_fingerprint(release, settings, warehouse.queries)
        cities = [Viewer(ViewerKind.CITY, city) for city in settings.cities]
        for viewer in (STATE, *cities):
            scope = str(viewer.named_scope)
            _ask_defaults(warehouse, viewer)
            ask_screens(warehouse, viewer)
            tables = draft / f"{scope}{precomputed.TABLES_SUFFIX}"
            warehouse.open_scope(scope).write_tables(tables)
            records = warehouse.take_records(scope)
            precomputed.write_scope(draft, scope, records, tables, fingerprint)
        shutil.rmtree(home / release.id, ignore_errors=True)
        draft.rename(home / release.id)
    finally:
        warehouse.close()
        shutil.rmtree(draft, ignore_errors=True)


def _remove_others(home: Path, names: set[str]) -> None:
    for path in home.iterdir():
        if path.name not in names:
            shutil.rmtree(path)


def _ask_defaults(warehouse: Warehouse, viewer: Viewer) -> None:
    """Ask every question beyond the public record at its defaults: of all, and of each city."""
    for query in warehouse.queries.values():
        if query.query_class.public:
            continue
        by_city = viewer is STATE and "city" in query.parameters
        for city in (None, *warehouse.settings.cities) if by_city else (None,):
            try:
                warehouse.run(query.name, {"city": city} if city else {}, viewer)
            except LongevityError:
                continue  # whoever asks is told why
