"""A mapping file is read strictly: what is wrong is named, with the nearest right word."""

import re
from pathlib import Path

import pytest

from longevity.errors import ConfigError
from longevity.ingest.importing import mapping
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
def path(tmp_path):
    return tmp_path / "city.toml"


def load(path, text, settings):
    path.write_text(text.replace("CITY", next(iter(settings.cities))))
    return mapping.load_mapping(path, settings)


def test_reads_every_column_it_names(path, settings):
    rules = load(path, GOOD, settings)
    assert rules.sources == {"id", "town", "day", "clock", "fatal"}
    assert rules.extracts["incidents"].once_per_key
    assert rules.primary == "victims"


FORMAT, MISSING, INCIDENTS = '"%m/%d/%Y %H:%M"', 'missing = ["NSA"]', "[incidents.columns]"
ID, VICTIMS = 'incident_id = "id"', "[victims.columns]"
# What is written in the place of what, and words of the refusal.
WRONG = [
    ("missing =", "mising =", "3: 'source.mising' is not a known key. Did you mean 'missing'?"),
    ("incident_id =", "incidentid =", "5: 'incidents.columns.incidentid' is not a known key. Did"),
    (VICTIMS, "[victim.columns]", "8: 'victim' is not a known key. Did you mean 'victims'?"),
    ('"fatal", N', '"fatel", N', "9: 'victims.columns.outcome.values.Y' gives 'fatel'. Did you mean 'fatal'?"),
    (FORMAT, '"excell"', "occurred_at.format' is 'excell', no pattern"),
    (MISSING, 'encoding = "utf8"', "3: 'source.encoding' is 'utf8'. Did you mean 'utf-8'?"),
    (MISSING, 'format = "csv"', "3: 'source.format' is not a known key."),
    ('"CITY"', '"CITYY"', "6: 'incidents.columns.city.values.E. Side' gives "),
    (ID, 'incident_id = { from = "id", ages = true }', "ages"),
    (ID, 'incident_id = { from = "id", constant = "x" }', "either"),
    (FORMAT, '"%m/%d"', "no pattern of a whole date"),
    (FORMAT, '"%Y-%m-%d %Y"', "no pattern of a whole date"),
    (FORMAT, '["%m/%d/%Y", "%d/%m/%Y"]', "which read one text as two different days"),
    ('"UTC"', '"Mars/North"', "IANA"),
    (MISSING, "data_through = { nowhere = 2018-01-01 }", "nowhere"),
    (VICTIMS, '[victims]\nspread = { fatal = "k", nonfatal = "i" }\n[victims.columns]', "outcome"),
    (INCIDENTS, '[incidents]\ncrs = "EPSG:1"\n[incidents.columns]', "EPSG:1"),
    (INCIDENTS, '[incidents.columns]\nlongitude = "x"', "needs longitude and latitude both"),
    ("[incidents.columns]", '[incidents.columns]\nlongitude = { constant = 1 }\nlatitude = "y"', "each from a column"),
    ("occurred_at =", "recorded_on =", "occurred_at"),
    ('{ Y = "fatal", N', '{ Y = "fatal", y = "nonfatal", N', "twice"),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG)
def test_what_cannot_be_meant_is_refused(path, settings, old, new, said):
    assert old in GOOD
    with pytest.raises(ConfigError) as error:
        load(path, GOOD.replace(old, new), settings)
    assert str(error.value).startswith(str(path))
    assert said in str(error.value)


@pytest.mark.parametrize("formats", ['["%m/%d/%Y %H:%M", "%m/%d/%Y", "%m/%d/%y"]', '["%d/%m/%Y", "%d.%m.%Y", "iso"]'])
def test_formats_that_read_each_text_one_way_are_taken(path, settings, formats):
    load(path, GOOD.replace('"%m/%d/%Y %H:%M"', formats), settings)


def test_counts_need_their_incidents(path, settings):
    text = '[victims]\nspread = { fatal = "k", nonfatal = "i" }\n[victims.columns]\ncity = "c"\n'
    with pytest.raises(ConfigError, match=r"victims\.spread"):
        load(path, text, settings)


def test_the_examples_of_the_documentation_load(settings):
    examples = sorted((Path(__file__).parents[2] / "docs" / "examples").glob("*.toml"))
    assert len(examples) >= 3
    for example in examples:
        assert mapping.load_mapping(example, settings).extracts


def test_the_first_mapping_of_the_documentation_imports_its_file(tmp_path, settings):
    text = (Path(__file__).parents[2] / "docs" / "import.md").read_text()
    lines = re.findall(r"^    (id,town.*|\d+,.*)$", text, re.MULTILINE)
    rules = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert rules is not None
    bench = Bench(tmp_path, settings)
    report = bench.run("\n".join(lines), rules[1])
    assert (report.accepted, report.rows_out) == (1, {"incidents": 1, "victims": 1})
