"""What is written of a table is kept by what stands in it, with the release it was made of."""

from __future__ import annotations

from contextvars import copy_context

import pandas as pd

from longevity.auth import viewers
from longevity.reports.context import ReportContext
from longevity.settings import Settings
from longevity.ui import cache
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY


class Writer:
    """Writes a table, and counts how often it was asked to."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, frame: pd.DataFrame, label: str) -> str:
        """The table as words."""
        self.times += 1
        return f"{label}: {frame.to_dict('list')}"


def test_the_same_rows_are_written_once_and_others_anew(
    warehouse: Warehouse, published: Settings
) -> None:
    def run() -> None:
        write = Writer()
        cache.set_context(ReportContext(published, viewers.STATE, warehouse, TODAY))
        rows = pd.DataFrame({"city": ["east", "west"], "shot": [1.0, float("nan")]})
        first = cache.write_once(write, rows, "How many?")
        assert cache.write_once(write, rows.copy(), "How many?") == first
        assert write.times == 1
        cache.write_once(write, rows, "How many there?")
        cache.write_once(write, rows.assign(shot=[1.0, 2.0]), "How many?")
        cache.write_once(write, rows.astype({"shot": "str"}), "How many?")
        assert write.times == 4

    copy_context().run(run)


def test_without_a_visit_nothing_is_kept() -> None:
    write = Writer()
    rows = pd.DataFrame({"city": ["east"]})
    assert cache.write_once(write, rows, "x") == cache.write_once(write, rows, "x")
    assert write.times == 2
