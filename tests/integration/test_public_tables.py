"""The public tables of a release: frozen once, copied, and never frozen again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from longevity.app.publish import publish_release as publish
from longevity.errors import ConfigError
from longevity.ingest import extracts_file
from longevity.release import table_withdrawals
from longevity.release.store import PUBLIC_TABLES, Store
from longevity.settings import Settings
from tests.conftest import TODAY
from tests.factories import extracts

CITIES = ("new_haven", "hartford", "bridgeport")
DUE = date(2025, 3, 31)  # 90 days after the end of 2024


def year_of(folder: Path, through: date, women: int = 8, kind: str = "real") -> Path:
    """A folder with 20 men and some women shot in one city in 2024."""
    incidents, victims = [], []
    for at in range(20 + women):
        one = extracts.row("incidents", at, "hartford")
        one["occurred_at"] = datetime(2024, 1 + at % 12, 2 if at else 1, 20)
        incidents.append(one)
        sex = "male" if at < 20 else "female"
        of = one["incident_id"]
        victims.append(extracts.row("victims", at, "hartford", incident_id=of, sex=sex))
    return extracts.write(folder, kind, through, CITIES, incidents=incidents, victims=victims)


def released(folder: Path, settings: Settings, **more: Any) -> Path:
    """Return the public tables of a new release of these extracts."""
    release_id = publish(folder, settings, TODAY, "a test", **more).release_id
    return settings.home / "releases" / release_id / PUBLIC_TABLES


def sexes(path: Path) -> dict[str, int | None]:
    """The cells of the table by sex, of the one city and year there is."""
    rows = [row for row in pq.read_table(path).to_pylist() if row["table_name"] == "sex"]
    return {row["value"]: row["counted"] for row in rows if row["city"] == "hartford"}


def test_a_year_is_cut_90_days_after_its_end_and_not_a_day_earlier(tmp_path, settings):
    early = released(year_of(tmp_path / "a", date(2025, 3, 30)), settings)
    assert pq.read_table(early).num_rows == 0
    frozen = released(year_of(tmp_path / "b", DUE), settings)
    assert sexes(frozen) == {"female": 8, "male": 20, "other": None, "unknown": 0}
    assert {row["cut_on"] for row in pq.read_table(frozen).to_pylist()} == {DUE}


@pytest.mark.parametrize(("begins", "first"), [(None, 2015), (date(2021, 1, 1), 2021)])
def test_follow_up_of_a_year_is_cut_where_who_was_told_was_on_file(
    tmp_path, settings, begins, first
):
    incidents, victims = extracts.incidents_and_victims(
        {city: [(date(2012, 1, 2), 1, 0)] for city in CITIES}
    )
    stated = ("incident_groups", "custom_notifications", "enforcement_actions")
    folder = extracts.write(
        *(tmp_path / "in", "real", date(2024, 12, 31), CITIES),
        incidents=incidents,
        victims=victims,
        groups=[extracts.row("groups", n, city) for n, city in enumerate(CITIES)],
        **{name: [] for name in stated},
    )
    said = extracts_file.read_extracts_file(folder, settings)
    if begins:
        said.data_from = {"custom_notifications": dict.fromkeys(CITIES, begins)}
    extracts_file.write_extracts_file(folder, said)
    rows = pq.read_table(released(folder, settings)).to_pylist()
    assert min(row["year"] for row in rows if row["table_name"] == "promises") == first


def test_late_records_and_reclassification_change_nothing_that_was_cut(tmp_path, settings):
    first = released(year_of(tmp_path / "a", DUE), settings).read_bytes()
    later = released(year_of(tmp_path / "b", date(2025, 5, 1), women=11), settings)
    assert later.read_bytes() == first
    # And the same extracts again are the same release.
    assert publish(tmp_path / "b", settings, TODAY).already


def test_after_a_rollback_what_was_frozen_is_not_frozen_again(tmp_path, settings):
    before = publish(year_of(tmp_path / "a", date(2025, 3, 1)), settings, TODAY)
    frozen = released(year_of(tmp_path / "b", DUE), settings).read_bytes()
    Store(settings.home).rollback(before.release_id)
    # Nor when real releases are pruned in favour of a newer synthetic one.
    publish(year_of(tmp_path / "s", DUE, kind="synthetic"), settings, TODAY, "to rehearse")
    Store(settings.home).rollback(before.release_id)
    assert Store(settings.home).prune(1) == []
    again = released(year_of(tmp_path / "c", date(2025, 5, 1), women=11), settings)
    assert again.read_bytes() == frozen


def test_tables_that_cannot_be_read_bar_what_they_may_have_held(tmp_path, settings):
    released(year_of(tmp_path / "a", DUE), settings).write_bytes(b"gone")
    after = released(year_of(tmp_path / "b", date(2025, 5, 1), women=11), settings)
    rows = pq.read_table(after).to_pylist()
    assert rows
    assert {row["state"] for row in rows} == {"missing"}
    # And for good: the next release does not freeze it either.
    last = released(year_of(tmp_path / "c", date(2025, 6, 1), women=12), settings)
    assert last.read_bytes() == after.read_bytes()


def test_synthetic_tables_are_never_copied_into_real_data(tmp_path, settings):
    released(year_of(tmp_path / "a", DUE, kind="synthetic"), settings)
    real = released(year_of(tmp_path / "b", date(2025, 5, 1), women=11), settings)
    assert sexes(real)["female"] == 11


@pytest.mark.parametrize("threshold", [0, True, 2.5, None])
def test_a_bad_threshold_publishes_nothing(tmp_path, settings, threshold):
    thresholds = settings.thresholds.model_copy(update={"withheld_up_to": threshold})
    bad = replace(settings, thresholds=thresholds)
    with pytest.raises(ConfigError, match="withheld_up_to"):
        released(year_of(tmp_path / "a", DUE), bad)
    assert Store(settings.home).read_current_id() is None


def test_a_release_whose_manifest_is_lost_bars_by_the_day_in_its_name(tmp_path, settings):
    frozen = released(year_of(tmp_path / "a", DUE), settings)
    manifest = frozen.parent.parent / "manifest.json"
    manifest.write_text(json.dumps({}))
    found = table_withdrawals.read_history(Store(settings.home), "real")
    assert found.path is None
    assert found.barred_until is not None
    assert found.barred_until >= DUE
