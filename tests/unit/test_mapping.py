"""A mapping file is read strictly: what is wrong is named, with the nearest right word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from longevity.errors import ConfigError
from longevity.ingest.importing import mapping
from longevity.settings import Settings
from tests.drivers.importer import Bench

GOOD = """
[source]
missing = ["NSA"]
[incidents.columns]
incident_id = "id"
city = { from = "town", values = { "E. Side" = "CITY" } }
occurred_at = { from = ["day", "clock"], format = "%m/%d/%Y %H:%M", time_zone = "UTC" }
[victims.columns]
outcome = { from = "fatal", values = { Y = "fatal", N = "nonfatal" } }
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "city.toml"


def load(path: Path, text: str, settings: Settings) -> mapping.Mapping:
    path.write_text(text.replace("CITY", next(iter(settings.cities))))
    return mapping.load_mapping(path, settings)


def test_reads_every_column_it_names(path: Path, settings: Settings) -> None:
    rules = load(path, GOOD, settings)
    assert rules.sources == {"id", "town", "day", "clock", "fatal"}
    assert rules.extracts["incidents"].once_per_key
    assert rules.primary == "victims"


@pytest.mark.parametrize(
    ("old", "new", "key", "nearest"),
    [
        ("missing =", "mising =", "source.mising", "missing"),
        ("incident_id =", "incidentid =", "incidents.columns.incidentid", "incident_id"),
        ("[victims.columns]", "[victim.columns]", "victim", "victims"),
        ("format =", "fromat =", "occurred_at.fromat", "format"),
        ('"fatal", N', '"fatel", N', "values.Y", "fatal"),
        ('"%m/%d/%Y %H:%M"', '"excell"', "occurred_at.format", "excel"),
        ('missing = ["NSA"]', 'encoding = "utf8"', "source.encoding", "utf-8"),
        ('missing = ["NSA"]', 'format = "xls"', "source.format", "xlsx"),
        ('"CITY"', '"CITYY"', "values.E. Side", ""),
    ],
)
def test_a_wrong_word_names_file_key_and_nearest(
    path: Path, settings: Settings, old: str, new: str, key: str, nearest: str
) -> None:
    assert old in GOOD
    with pytest.raises(ConfigError) as error:
        load(path, GOOD.replace(old, new), settings)
    assert path.name in str(error.value)
    assert key in error.value.what
    assert f"'{nearest or next(iter(settings.cities))}'" in error.value.do


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('incident_id = "id"', 'incident_id = { from = "id", ages = true }', "ages"),
        ('incident_id = "id"', 'incident_id = { from = "id", constant = "x" }', "either"),
        ('incident_id = "id"', 'incident_id = { from = "id", prefix = "é" }', "prefix"),
        ('"%m/%d/%Y %H:%M"', '"%m/%d"', "whole date"),
        ('"%m/%d/%Y %H:%M"', '"%Y %H:%M"', "whole date"),
        ('"%m/%d/%Y %H:%M"', '"%Q"', "pattern"),
        ('"%m/%d/%Y %H:%M"', '"%Y-%m-%d %Y"', "cannot be read as a date pattern"),
        ('"%m/%d/%Y %H:%M"', f'"%Y-%m-%d{"a" * 100}"', "longer than 100"),
        ('"%m/%d/%Y %H:%M"', '"%Y-%m-%d\\u0000"', "control characters"),
        ('"%m/%d/%Y %H:%M"', str(["%Y-%m-%d"] * 21), "more than 20 patterns"),
        ('"%m/%d/%Y %H:%M"', '["%m/%d/%Y", "%d/%m/%Y"]', "'03/05/2013' as two different days"),
        ('"%m/%d/%Y %H:%M"', '["%Y-%d-%m", "iso"]', "as two different days"),
        ('"UTC"', '"Mars/North"', "IANA"),
        ('missing = ["NSA"]', "header_row = 0", "1 or more"),
        ('missing = ["NSA"]', 'delimiter = "ab"', "one character"),
        ('missing = ["NSA"]', "missing = [1]", "list of texts"),
        ('missing = ["NSA"]', "data_through = { nowhere = 2018-01-01 }", "nowhere"),
        ("[victims.columns]", '[victims]\nspread = { fatal = "k" }\n[victims.columns]', "outcome"),
        ("[incidents.columns]", '[incidents]\ncrs = "EPSG:1"\n[incidents.columns]', "EPSG:1"),
        ("[incidents.columns]", '[incidents.columns]\nlongitude = "x"', "other coordinate"),
        (
            "[incidents.columns]",
            '[incidents.columns]\nlongitude = { constant = 1 }\nlatitude = "y"',
            "constant",
        ),
        ("occurred_at =", "recorded_on =", "occurred_at"),
        ('{ Y = "fatal", N', '{ Y = "fatal", y = "nonfatal", N', "twice"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    path: Path, settings: Settings, old: str, new: str, said: str
) -> None:
    assert old in GOOD
    with pytest.raises(ConfigError) as error:
        load(path, GOOD.replace(old, new), settings)
    assert said in str(error.value)


@pytest.mark.parametrize(
    "formats",
    ['["%m/%d/%Y %H:%M", "%m/%d/%Y", "%m/%d/%y"]', '["%d/%m/%Y", "%d.%m.%Y", "iso", "excel"]'],
)
def test_formats_that_read_each_text_one_way_are_taken(
    path: Path, settings: Settings, formats: str
) -> None:
    load(path, GOOD.replace('"%m/%d/%Y %H:%M"', formats), settings)


def test_counts_need_their_incidents(path: Path, settings: Settings) -> None:
    text = '[victims]\nspread = { fatal = "k", nonfatal = "i" }\n[victims.columns]\ncity = "c"\n'
    with pytest.raises(ConfigError, match=r"victims\.spread"):
        load(path, text, settings)


def test_the_examples_of_the_documentation_load(settings: Settings) -> None:
    examples = sorted((Path(__file__).parents[2] / "docs" / "examples").glob("*.toml"))
    assert len(examples) >= 3
    for example in examples:
        assert mapping.load_mapping(example, settings).extracts


def test_the_first_mapping_of_the_documentation_imports_its_file(
    tmp_path: Path, settings: Settings
) -> None:
    text = (Path(__file__).parents[2] / "docs" / "import.md").read_text()
    lines = re.findall(r"^    (id,town.*|\d+,.*)$", text, re.MULTILINE)
    rules = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert rules is not None
    bench = Bench(tmp_path, settings)
    report = bench.run("\n".join(lines), rules[1])
    assert (report.accepted, report.rows_out) == (1, {"incidents": 1, "victims": 1})
