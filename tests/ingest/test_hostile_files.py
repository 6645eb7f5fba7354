"""Hostile files through import and check: a sentence or a finding, no traceback, no row lost."""

import csv
import io
import json
import random
import tempfile
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from longevity import settings as configuration
from longevity.checks.check import check_extracts
from longevity.checks.findings import select_errors
from longevity.errors import LongevityError
from longevity.ingest import importing
from longevity.ingest.contract import BY_NAME, EXTRACTS
from tests.conftest import TODAY
from tests.drivers.importer import INCIDENTS
from tests.factories import extracts

COLUMNS = ["id", "city", "date", "lon", "lat", "killed", "injured"]
hostile = settings(
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@contextmanager
def folder():
    """A folder of one example's own."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name), configuration.load_settings(home=Path(name) / "home", environment={})


def swallow(place, configured, name, content):
    """Import, then check what came out; None when import refused with a sentence."""
    (place / name).write_bytes(content)
    (place / "m.toml").write_text(INCIDENTS)
    out = place / "out"
    try:
        report = importing.import_source(place / name, place / "m.toml", out, configured, TODAY)
    except LongevityError as refusal:
        assert refusal.what.strip().endswith((".", ":", "?")), refusal.what
        assert len(str(refusal)) < 1000
        assert not out.exists() or not list(out.iterdir())
        return None
    assert report.rows_in == report.accepted + report.quarantined
    lines = lines_of(report)
    assert len(lines) == report.quarantined
    for line in lines:
        refused = json.loads(line)
        assert {"row", "rule", "sentence"} < set(refused)
        assert ("source" in refused) != ("raw" in refused)
    findings = check_extracts(out, configured, TODAY)
    broken = {finding.rule for finding in findings if finding.severity == "error" and not finding.acceptable}
    if report.accepted:
        # What looks like a person's data is for check to find; all else import keeps out.
        assert broken <= {"personal_data"}
        assert len(pd.read_parquet(out / "incidents.parquet")) == report.accepted
    return report


nasty = st.one_of(
    st.sampled_from(
        [
            *("", " ", "0", "-1", "1", "3", "1e400", "NaN", "inf", "=1+1", "@SUM(A1)", "'"),
            *('"', '""', "\\N", "NULL", "NSA", "\u202e", "\ufeff", "\u0661\u0662", "\uff11"),
            *("0x1F", "1_000", "1,5", "9" * 400, "2014-01-05", "2014-13-45", "2099-01-01"),
            *("0000-00-00", "2014-03-09 02:30", "41703", "2014-01-05T00:00:00Z"),
            *("2014-01-05T10:00:00+99:99", "a\nb", "a\r\nb", "x" * 5000, "-72.93", "41.31"),
            *("(41.3, -72.9)", "123-45-6789", "a@b.example", "ok", "\t", "\0"),
        ]
    ),
    st.text(max_size=12),
    st.integers().map(str),
    st.floats().map(str),
)
good = st.tuples(
    st.integers(0, 10**6).map(lambda n: f"a{n}"),
    st.sampled_from(["0", "1", "2"]),
    st.dates(date(1980, 1, 1), TODAY).map(str),
    st.sampled_from(["-72.93", "", "0"]),
    st.sampled_from(["41.31", "", "0"]),
    st.integers(0, 3).map(str),
    st.integers(0, 3).map(str),
)
spoilt = st.tuples(good, st.dictionaries(st.integers(0, 6), nasty, max_size=4)).map(
    lambda pair: [pair[1].get(at, cell) for at, cell in enumerate(pair[0])]
)


@settings(hostile, max_examples=10)
@given(
    rows=st.lists(spoilt, min_size=1, max_size=12),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    sign=st.sampled_from([",", ";", "\t", "|"]),
)
def test_every_row_of_a_well_formed_file_is_accounted_for(rows, encoding, sign):
    """Rows are counted, and victims added up, from the cells that were written."""
    with folder() as (place, configured):
        cities = [*configured.cities]
        rows = [[r[0], cities[int(r[1])] if r[1] in "012" and r[1] else r[1], *r[2:]] for r in rows]
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=sign).writerows([COLUMNS, *rows])
        content = text.getvalue().encode(encoding)
        report = swallow(place, configured, "f.csv", content)
        written = [row for row in rows if any(row)]
        if report is None:
            assert not written
            return
        assert report.rows_in == len(written)
        if report.accepted:
            refused = [json.loads(line)["source"] for line in lines_of(report)]
            whole = [dict(zip(COLUMNS, row, strict=True)) for row in written]
            left = list(whole)
            for row in refused:
                left.remove(row)  # as it was written, nothing altered
            people = sum(int(float(r["killed"])) + int(float(r["injured"])) for r in left)
            assert report.rows_out == {"incidents": len(left), "victims": people}


def lines_of(report):
    return report.quarantine.read_text("ascii").splitlines() if report.quarantine else []


@settings(hostile, max_examples=15)
@given(
    content=st.one_of(
        st.binary(max_size=400),
        st.text(max_size=400).map(lambda text: text.encode()),
        st.text(alphabet='id,city\n"\r\0;x', max_size=200).map(lambda text: (",".join(COLUMNS) + "\n" + text).encode()),
    ),
    name=st.sampled_from(["f.csv", "f.txt", "f", "f.xlsx", "f.parquet", "f.tsv"]),
)
def test_anything_at_all_is_read_or_refused_with_a_sentence(content, name):
    with folder() as (place, configured):
        swallow(place, configured, name, content)


def make_whole(kind):
    """A good file of a kind, forty rows."""
    city = next(iter(configuration.load_settings(environment={}).cities))
    rows = [[f"a{i}", city, "2014-01-02", "", "", "0", "1"] for i in range(40)]
    out = io.BytesIO()
    if kind == "parquet":
        pd.DataFrame(rows, columns=COLUMNS).to_parquet(out)
    else:
        book = openpyxl.Workbook()
        for row in [COLUMNS, *rows]:
            book.active.append(row)
        book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["xlsx", "parquet"])
def test_damaged_workbooks_and_parquet(kind):
    """Twenty damages each: cut off somewhere, some bytes changed, or both."""
    whole = make_whole(kind)
    chance = random.Random(7)
    for _ in range(20):
        content = bytearray(whole)
        for _ in range(chance.choice([0, 1, 3, 30])):
            content[chance.randrange(len(content))] = chance.randrange(256)
        if chance.random() < 0.4:
            content = content[: chance.randrange(len(content))]
        with folder() as (place, configured):
            swallow(place, configured, f"f.{kind}", bytes(content))


def make_good():
    """The bytes of sound extracts, by name."""
    with tempfile.TemporaryDirectory() as directory:
        rows = {extract.name: [extracts.row(extract.name, 1, "hartford")] for extract in EXTRACTS}
        extracts.write(Path(directory), **rows)
        return {path.stem: path.read_bytes() for path in Path(directory).glob("*.parquet")}


GOOD = make_good()


def check(name, content):
    """What is found where one extract has this content."""
    with tempfile.TemporaryDirectory() as directory:
        for stem in ("incidents", "victims"):
            (Path(directory) / f"{stem}.parquet").write_bytes(GOOD[stem])
        (Path(directory) / f"{name}.parquet").write_bytes(content)
        findings = check_extracts(Path(directory), configuration.load_settings(environment={}), TODAY)
    assert all(finding.sentence and finding.rule and finding.file for finding in findings)
    assert all(finding.sentence.isprintable() and finding.do.isprintable() for finding in findings)
    return findings


@st.composite
def damaged(draw):
    """Incidents with some bytes changed, or cut off."""
    data = bytearray(GOOD["incidents"])
    for _ in range(draw(st.integers(1, 6))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return "incidents", bytes(data[: draw(st.integers(0, len(data)))]) if draw(st.booleans()) else bytes(data)


VALUES = [
    st.text(max_size=250),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(datetime(1, 1, 1), datetime(9999, 1, 1)),
    st.times(time(0), time(23, 59)),
    st.binary(max_size=8),
    st.lists(st.integers(0, 9), max_size=2),
    st.fixed_dictionaries({"a": st.integers(0, 9)}),
    st.none(),
]
ODD_NAMES = ["file_row_number", "at_row", "CITY", "lossy:longitude", 'a"b', "a'b", "", "x\ny", "🎈"]


@st.composite
def odd_tables(draw):
    """A table of an extract with some columns of another kind, missing, or too many."""
    name = draw(st.sampled_from(sorted(BY_NAME)))
    rows = draw(st.integers(0, 4))
    columns = {}
    wanted = [column.name for column in BY_NAME[name].columns]
    extra = draw(st.lists(st.sampled_from(ODD_NAMES) | st.text(max_size=9), max_size=3))
    for column in [*wanted, *extra]:
        if draw(st.integers(0, 5)) == 0:
            continue
        value = draw(st.sampled_from(VALUES)) | st.none()
        cells = draw(st.lists(value, min_size=rows, max_size=rows))
        columns[column] = pa.array(cells)
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), sink)
    return name, sink.getvalue().to_pybytes()


@settings(hostile, max_examples=20)
@given(st.one_of(damaged(), odd_tables(), st.binary(max_size=2000).map(lambda content: ("incidents", content))))
def test_any_parquet_is_checked_without_a_traceback(file):
    check(*file)


def test_statistics_that_lie_hide_no_row():
    content = bytearray(GOOD["incidents"])
    content[content.index(b"incident-00001") + 3] = ord("*")
    findings = select_errors(check("incidents", bytes(content)))
    assert [(finding.file, finding.rule) for finding in findings] == [
        ("incidents.parquet", "not_a_code"),
        ("victims.parquet", "dangling_reference"),
    ]
