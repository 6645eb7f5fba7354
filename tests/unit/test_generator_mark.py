"""What is synthetic: each file is one that the generator wrote, byte for byte."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longevity import demo
from longevity.app.publish import publish_release as publish
from longevity.checks.check import check_extracts
from longevity.release.publishing import RefusedError
from longevity.settings import Settings
from tests.conftest import TODAY
from tests.factories import extracts


def refused(folder: Path, settings: Settings) -> set[str]:
    """The files that `check` says the generator did not write."""
    return {one.file for one in check_extracts(folder, settings, TODAY) if one.rule == "not_generated"}


@pytest.fixture
def rows():
    incidents, victims = extracts.incidents_and_victims({"hartford": [(date(2020, 6, 1), 2, 1)]})
    return {"incidents": incidents, "victims": victims}


def test_what_the_generator_writes_is_synthetic(tmp_path, settings):
    demo.write_demonstration(tmp_path, settings, settings.demonstration.starts_on, 1, 1)
    assert refused(tmp_path, settings) == set()


def test_real_rows_called_synthetic_are_refused(tmp_path, settings, rows):
    folder = extracts.write(tmp_path / "in", "real", **rows)
    said = (folder / "extracts.toml").read_text().replace('"real"', '"synthetic"')
    (folder / "extracts.toml").write_text(said)
    assert refused(folder, settings) == {"incidents.parquet", "victims.parquet"}
    with pytest.raises(RefusedError, match="open to everybody"):
        publish(folder, settings, TODAY, "it is a rehearsal")  # no reason passes it
    assert not (settings.home / "releases").exists()


def test_a_file_put_among_those_of_a_demonstration_is_refused(tmp_path, settings, rows):
    folder = extracts.write(tmp_path / "in", "synthetic", **rows)
    assert refused(folder, settings) == set()
    extracts.write(tmp_path / "real", "real", people=[extracts.row("people", 1, "hartford")])
    (tmp_path / "real" / "people.parquet").rename(folder / "people.parquet")
    assert refused(folder, settings) == {"people.parquet"}


def test_rows_added_to_a_file_of_a_demonstration_are_refused(tmp_path, settings, rows):
    folder = extracts.write(tmp_path / "in", "synthetic", **rows)
    path = folder / "victims.parquet"
    more = extracts.table("victims", [rows["victims"][0] | {"victim_id": "added"}])
    pq.write_table(pa.concat_tables([pq.read_table(path), more]), path)
    assert refused(folder, settings) == {"victims.parquet"}


@pytest.mark.parametrize("said", [None, "", "{}", "[]", '{"sha256": 3}', json.dumps({"sha256": {}})])
def test_without_a_mark_nothing_is_synthetic(tmp_path, settings, rows, said):
    folder = extracts.write(tmp_path / "in", "synthetic", **rows)
    (folder / "planted.json").unlink()
    if said is not None:
        (folder / "planted.json").write_text(said)
    assert refused(folder, settings) == {"incidents.parquet", "victims.parquet"}
