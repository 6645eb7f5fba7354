"""The demonstration: its files, what is planted in them, and that only they are synthetic."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longevity import demo
from longevity.base.errors import ConfigError, DataError
from longevity.checks.check import check_extracts
from longevity.demo import draw, levels
from longevity.ingest.contract import BY_NAME
from longevity.release.publishing import RefusedError
from tests.conftest import TODAY, UNTIL
from tests.drivers.disk import read_files
from tests.drivers.publishing import publish
from tests.factories import extracts
from tests.oracles.demonstration_counts import truths


def test_planted_effect_is_exact_and_only_where_planted(demonstration, settings):
    for city in settings.cities.values():
        level = levels.find_level(city, settings.demonstration.starts_on, UNTIL)
        assert level.effect == pytest.approx(city.demonstration.effect_gmi_incidents_a_month)
        planted = truths(demonstration)["cities"][city.id]
        assert planted["effect_gmi_incidents_a_month"] == pytest.approx(level.effect)
        before = level.months < level.effect_from
        together = (level.confirmed + level.others)[before].mean()
        assert together == pytest.approx(city.demonstration.incidents_a_month)


def test_extracts_that_are_not_synthetic_are_never_written_over(tmp_path, settings, rows):
    extracts.write(tmp_path, **rows)
    before = read_files(tmp_path)
    with pytest.raises(DataError, match="not synthetic; nothing was written"):
        demo.write_demonstration(tmp_path, settings, UNTIL)
    assert read_files(tmp_path) == before


# What is synthetic: each file is one that the generator wrote, byte for byte
def refused(folder, settings):
    """The files that `check` says the generator did not write."""
    found = check_extracts(folder, settings, TODAY)
    return {finding.file for finding in found if finding.rule == "not_generated"}


@pytest.fixture
def rows():
    incidents, victims = extracts.incidents_and_victims({"hartford": [(date(2020, 6, 1), 2, 1)]})
    return {"incidents": incidents, "victims": victims}


def test_real_rows_called_synthetic_are_refused(tmp_path, settings, rows):
    folder = extracts.write(tmp_path / "in", "real", **rows)
    said = (folder / "extracts.toml").read_text().replace('"real"', '"synthetic"')
    (folder / "extracts.toml").write_text(said)
    assert refused(folder, settings) == {"incidents.parquet", "victims.parquet"}
    with pytest.raises(RefusedError, match="open to everybody"):
        publish(folder, settings, TODAY, "it is a rehearsal")  # no reason passes it
    assert not (settings.home / "releases").exists()


def put_another(folder):
    real = extracts.write(folder / "real", "real", people=[extracts.row("people", 1, "hartford")])
    (real / "people.parquet").rename(folder / "people.parquet")


def add_rows(folder):
    table = pq.read_table(folder / "victims.parquet")
    pq.write_table(pa.concat_tables([table, table]), folder / "victims.parquet")


@pytest.mark.parametrize(("change", "files"), [(put_another, {"people.parquet"}), (add_rows, {"victims.parquet"})])
def test_what_is_put_among_the_files_of_a_demonstration_is_refused(tmp_path, settings, rows, change, files):
    folder = extracts.write(tmp_path / "in", "synthetic", **rows)
    assert refused(folder, settings) == set()
    change(folder)
    assert refused(folder, settings) == files


def test_without_a_mark_nothing_is_synthetic(tmp_path, settings, rows):
    folder = extracts.write(tmp_path / "in", "synthetic", **rows)
    mark = folder / "planted.json"
    for said in ("", "{}", "[]", '{"sha256": 3}', '{"sha256": {}}', None):
        mark.unlink() if said is None else mark.write_text(said)
        assert refused(folder, settings) == {"incidents.parquet", "victims.parquet"}


def test_a_column_of_the_contract_that_is_not_drawn_is_a_sentence():
    database = draw.open_database()
    for name, given in (("as_of", ""), ("date_of", "day"), ("code_of", "kind, number")):
        database.execute(f"CREATE MACRO {name}({given}) AS 1")
    database.execute("CREATE TABLE budget (city VARCHAR, amount DOUBLE, on_file INT)")
    with pytest.raises(ConfigError, match=r"draws no .*fiscal_year.* of budget.*rows/budget\.sql"):
        draw.build_extract(database, BY_NAME["budget"], "east")
