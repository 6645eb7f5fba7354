"""A warehouse over a hand-made release, one per table of incidents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from longevity.warehouse.viewers import PUBLIC
from longevity.warehouse.warehouse import Warehouse
from tests import tiny_release
from tests.tiny_release import AREAS, Ask


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Ask]:
    """`ask(table, query, through=…, **parameters)` gives the public's frame."""
    opened: list[Warehouse] = []

    def answer(table: str, query: str, /, ends: dict[str, date], **parameters: Any) -> pd.DataFrame:
        folder = tmp_path / f"release-{len(opened)}"
        release = tiny_release.write(folder, tiny_release.incidents(table), AREAS, ends)
        warehouse = Warehouse(release, tiny_release.settings(tmp_path / "config"))
        opened.append(warehouse)
        return warehouse.run(query, parameters, PUBLIC).frame

    yield answer
    for warehouse in opened:
        warehouse.close()
