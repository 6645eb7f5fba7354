"""A finding names the row of the file that was imported, and no release does."""

from __future__ import annotations

import pyarrow.parquet as pq

from longevity.app.publish import publish_release as publish
from longevity.checks.check import check_extracts
from longevity.checks.findings import CheckFinding
from longevity.ingest.origins import describe_origins
from longevity.release.store import Store
from tests.drivers.importer import TODAY, Bench

HEAD = "id,city,date,lon,lat,killed,injured\n"


def undated_deaths(bench: Bench) -> CheckFinding:
    findings = check_extracts(bench.out, bench.settings, TODAY)
    (one,) = [one for one in findings if one.rule == "fatal_without_day"]
    return one


def test_the_row_of_each_file_is_named(bench):
    # Row 3 of the first file is refused, so its row 4 is the second row of the extract.
    refused = "b,nowhere,2014-01-03,,,0,1\n"
    bench.run(HEAD + "a,{c0},2014-01-02,,,0,1\n" + refused + "c,{c0},2014-01-04,,,1,1\n", name="one.csv")
    bench.run(HEAD + "\nd,{c0},2014-01-05,,,0,1\ne,{c0},2014-01-06,,,1,0\n", name="two.csv")
    found = undated_deaths(bench)
    assert found.rows == (2, 5)
    assert found.origin == "row 4 of one.csv; row 4 of two.csv"
    assert "In the source: row 4 of one.csv; row 4 of two.csv." in found.line
    assert "csv" not in found.sentence


def test_an_extract_changed_since_names_nothing(bench):
    bench.run(HEAD + "a,{c0},2014-01-02,,,0,1\nb,{c0},2014-01-02,,,0,2\n")
    path = bench.out / "incidents.parquet"
    pq.write_table(pq.read_table(path).slice(1), path)
    assert describe_origins(bench.out, "incidents", [1]) == ""


def test_no_release_holds_the_rows_or_the_name_of_a_file(bench):
    bench.run(HEAD + "a,{c0},2014-01-02,,,0,1\nb,{c0},2014-01-04,,,0,21\n", name="inbox-7.csv")
    publish(bench.out, bench.settings, TODAY, accept="21 were shot.")
    release = Store(bench.settings.home).current()
    files = [path for path in release.path.rglob("*") if path.is_file()]
    assert not [path for path in files if b"inbox-7" in path.read_bytes()]
    extracts = [path for path in files if path.parent.name == "extracts"]
    assert extracts
    assert not [path for path in extracts if "row" in pq.read_schema(path).names]
