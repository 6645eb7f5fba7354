"""What a release says of itself: data-through, checks, what changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from longevity.auth.viewers import PUBLIC, STATE, Viewer, ViewerKind
from longevity.release.revisions import PHRASES
from longevity.warehouse.warehouse import Warehouse
from tests.factories import extracts, tiny_release
from tests.factories.ascii_table import assert_table
from tests.factories.tiny_release import AREAS

COUNTS = [key for key, _ in PHRASES]
CHANGED = {
    "east": {"victims_added": 2, "gmi_changed": 1},
    "west": {"gmi_changed": 3, "circumstance_changed": 1},
}
WEST = Viewer(ViewerKind.CITY, "west")
SAID = {
    "data_through": {
        "incidents": {
            "east": {"day": "2024-03-10", "derived": False},
            "west": {"day": "2024-03-08", "derived": True},
        },
        "call_ins": {"east": {"day": "2024-02-01", "derived": False}},
        "services": {
            "east": {"day": "2024-02-02", "derived": True},
            "west": {"day": "2024-02-03", "derived": True},
        },
    },
    "quarantined": {"incidents": 2},
    "checks": [
        {
            "rule": "after_the_least_data_through",
            "severity": "warning",
            "sentence": "West goes no further.",
            "count": 7,
        },
        {"rule": "late", "severity": "warning", "sentence": "Two rows came late.", "count": 2},
    ],
    "ledger": [
        {"city": None, "sentence": "The table by sex was cut again."},
        *(
            {"city": city, "sentence": "as it was told inside", **dict.fromkeys(COUNTS, 0), **told}
            for city, told in CHANGED.items()
        ),
    ],
    "previous": "before",
}


def answer(tmp_path: Path, query: str, viewer: Viewer = PUBLIC) -> pd.DataFrame:
    release = tiny_release.write(
        tmp_path / "release",
        [],
        AREAS,
        {"east": date(2024, 3, 10), "west": date(2024, 3, 8)},
        said=SAID,
        call_ins=[extracts.row("call_ins", at, "east") for at in (1, 2)],
        services=[extracts.row("services", at, city) for at, city in enumerate(AREAS)],
    )
    warehouse = Warehouse(release, tiny_release.settings(tmp_path))
    frame = warehouse.run(query, {}, viewer).frame
    warehouse.close()
    return frame


def test_of_the_program_anybody_is_told_a_day_that_was_stated_and_no_derived_one(tmp_path):
    frame = answer(tmp_path, "data_through_by_extract")
    assert_table(
        frame[frame["extract"].isin(["incidents", "groups", "call_ins", "services"])],
        """
        extract   | city | data_through | derived
        incidents | east | 2024-03-10   | no
        incidents | west | 2024-03-08   | yes
        call_ins  | east | 2024-02-01   | no
        call_ins  | west |              |
        services  | east |              |
        services  | west |              |
        """,
    )


ROWS = """
    extract   | city | rows | rows_state | data_through | derived | quarantined_of_all_cities
    incidents | east | 0    | zero       | 2024-03-10   | no      | 2
    incidents | west | 0    | zero       | 2024-03-08   | yes     | 2
    call_ins  | east | 2    | shown      | 2024-02-01   | no      |
    call_ins  | west | 0    | zero       |              |         |
    services  | east | 1    | shown      | 2024-02-02   | yes     |
    services  | west | 1    | shown      | 2024-02-03   | yes     |
"""


def test_rows_are_counted_to_who_may_read_them(tmp_path):
    frame = answer(tmp_path, "rows_by_extract", STATE)
    assert_table(frame[frame["extract"] != "victims"], ROWS)


def test_a_city_is_told_its_own_rows_and_nothing_of_what_was_refused(tmp_path):
    frame = answer(tmp_path, "rows_by_extract", WEST)
    assert_table(
        frame[frame["extract"] != "victims"],
        """
        extract   | city | rows | data_through | derived | quarantined_of_all_cities
        incidents | west | 0    | 2024-03-08   | yes     |
        call_ins  | west | 0    |              |         |
        services  | west | 1    | 2024-02-03   | yes     |
        """,
    )


def test_findings_about_rows_are_the_states_alone(tmp_path):
    assert answer(tmp_path / "a", "checks")["rule"].tolist() == ["after_the_least_data_through"]
    assert answer(tmp_path / "b", "every_check", WEST).empty
    assert_table(
        answer(tmp_path / "c", "every_check", STATE),
        """
        position | rule                         | severity | sentence              | count
        0        | after_the_least_data_through | warning  | West goes no further. | 7
        1        | late                         | warning  | Two rows came late.   | 2
        """,
    )


def test_revisions_leave_out_how_incidents_are_classified(tmp_path):
    assert_table(
        answer(tmp_path, "revisions"),
        """
        position | city | sentence                                | against
        0        |      | The table by sex was cut again.         | before
        1        | east | East: 2 victims added to earlier weeks. | before
        2        | west |                                         | before
        """,
    )


def test_a_city_is_told_what_was_classified_otherwise_in_it(tmp_path):
    of_all = answer(tmp_path / "a", "incidents_reclassified_by_city", STATE)
    columns = ["city", "gmi_changed", "circumstance_changed"]
    assert of_all[columns].to_numpy().tolist() == [["east", 1, 0], ["west", 3, 1]]
    own = answer(tmp_path / "b", "incidents_reclassified_by_city", WEST)
    assert own[columns].to_numpy().tolist() == [["west", 3, 1]]
