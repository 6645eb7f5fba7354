"""The worked example on the real file: figures from a plain loop over its lines."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from longevity.ingest import extracts_file, importing
from longevity.ingest.importing.one_file import ImportReport
from longevity.ingest.validation.check import check_extracts
from longevity.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT.parent / "shared" / "real" / "incidents" / "gva_ct_2013_2018.csv"
MAPPING = ROOT / "docs" / "examples" / "gun-violence-archive.toml"
TODAY = date(2026, 11, 23)
CENTRES = {(-73.1887, 41.1801), (-72.6624, 41.7887), (-72.9230, 41.3048)}

pytestmark = pytest.mark.skipif(
    not FILE.exists(), reason="the real incidents are not licensed to travel with the project"
)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "extracts"


@pytest.fixture
def report(out: Path, settings: Settings) -> ImportReport:
    return importing.import_source(FILE, MAPPING, out, settings, TODAY)


@pytest.fixture
def lines() -> list[dict[str, str]]:
    with FILE.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_rows_in_are_accepted_or_quarantined(
    report: ImportReport, lines: list[dict[str, str]]
) -> None:
    assert report.rows_in == len(lines) == 1631
    assert report.accepted + report.quarantined == report.rows_in
    assert report.quarantined == 0


def test_victims_out_are_killed_and_injured(
    report: ImportReport, out: Path, lines: list[dict[str, str]]
) -> None:
    expected: Counter[tuple[str, str]] = Counter()
    for line in lines:
        key = f"gva-{line['incident_id']}"
        expected[key, "fatal"] += int(line["n_killed"])
        expected[key, "nonfatal"] += int(line["n_injured"])
    victims = pd.read_parquet(out / "victims.parquet")
    got = Counter(zip(victims["incident_id"], victims["outcome"], strict=True))
    assert got == +expected
    assert report.rows_out["victims"] == sum(expected.values())
    assert set(victims["weapon"]) == {"firearm"}


def test_the_centre_points_are_the_city_and_nothing_else_is(
    report: ImportReport, out: Path, lines: list[dict[str, str]]
) -> None:
    incidents = pd.read_parquet(out / "incidents.parquet")
    of_city = incidents[incidents["location_precision"] == "city"]
    assert set(zip(of_city["longitude"], of_city["latitude"], strict=True)) == CENTRES
    on_centre = [
        line
        for line in lines
        if line["longitude"] and (float(line["longitude"]), float(line["latitude"])) in CENTRES
    ]
    assert len(of_city) == len(on_centre) == 98
    assert set(incidents["location_precision"]) == {"block", "city"}
    assert any("stands for a whole city" in said and "98 rows" in said for said in report.remarks)


def test_what_has_no_place_is_kept_and_said(
    report: ImportReport, out: Path, lines: list[dict[str, str]]
) -> None:
    without = [line for line in lines if not line["latitude"]]
    incidents = pd.read_parquet(out / "incidents.parquet")
    assert int(incidents["longitude"].isna().sum()) == len(without) == 43
    assert any("43 rows" in said for said in report.remarks)
    assert set(incidents["occurred_precision"]) == {"day"}
    assert set(incidents["gmi"]) == set(incidents["circumstance"]) == {"unknown"}


def test_it_is_complete_through_its_last_day_and_passes_check(
    report: ImportReport, out: Path, settings: Settings, lines: list[dict[str, str]]
) -> None:
    last = date.fromisoformat(max(line["date"] for line in lines))
    said = extracts_file.read_extracts_file(out, settings)
    assert said.data_through["incidents"] == dict.fromkeys(settings.cities, last)
    assert [f for f in check_extracts(out, settings, TODAY) if f.severity == "error"] == []
