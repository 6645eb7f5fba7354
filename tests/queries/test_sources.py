"""What a release says of itself: data-through, checks, what changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from longevity.warehouse.viewers import PUBLIC
from longevity.warehouse.warehouse import Warehouse
from tests import extracts, tiny_release
from tests.ascii_table import assert_table
from tests.tiny_release import AREAS

SAID = {
    "data_through": {
        "incidents": {
            "east": {"day": "2024-03-10", "derived": False},
            "west": {"day": "2024-03-08", "derived": True},
        },
        "call_ins": {"east": {"day": "2024-02-01", "derived": False}},
    },
    "rows": {"incidents": 7, "victims": 9, "call_ins": 1},
    "quarantined": {"incidents": 2},
    "checks": [
        {"rule": "late", "severity": "warning", "sentence": "Two rows came late.", "count": 2}
    ],
    "ledger": [{"sentence": "2 victims added to earlier weeks."}],
    "ledger_against": "before",
}


def answer(tmp_path: Path, query: str, **parameters: object) -> pd.DataFrame:
    release = tiny_release.write(
        tmp_path / "release",
        [],
        AREAS,
        {"east": date(2024, 3, 10), "west": date(2024, 3, 8)},
        said=SAID,
        call_ins=[extracts.row("call_ins", 1, "east")],
    )
    warehouse = Warehouse(release, tiny_release.settings(tmp_path))
    frame = warehouse.run(query, parameters, PUBLIC).frame
    warehouse.close()
    return frame


def test_data_through_tells_declared_from_derived_and_absent(tmp_path: Path) -> None:
    frame = answer(tmp_path, "data_through_by_extract")
    assert_table(
        frame[frame["extract"].isin(["incidents", "groups", "call_ins"])],
        """
        extract   | city | data_through | derived | rows_of_all_cities | quarantined_of_all_cities
        incidents | east | 2024-03-10   | no      | 7    | 2
        incidents | west | 2024-03-08   | yes     | 7    | 2
        groups    | east |              |         |      |
        groups    | west |              |         |      |
        call_ins  | east | 2024-02-01   | no      | 1    |
        call_ins  | west |              |         | 1    |
        """,
    )


def test_checks_are_the_manifests_in_order(tmp_path: Path) -> None:
    assert_table(
        answer(tmp_path, "checks"),
        """
        rule | severity | sentence            | count
        late | warning  | Two rows came late. | 2
        """,
    )


def test_revisions_are_the_ledgers_sentences(tmp_path: Path) -> None:
    assert_table(
        answer(tmp_path, "revisions"),
        """
        position | sentence                          | against
        0        | 2 victims added to earlier weeks. | before
        """,
    )
