"""Hostile files through import and check: no traceback, and no row unaccounted for."""

from __future__ import annotations

import csv
import io
import json
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from longevity import settings as configuration
from longevity.checks.check import check_extracts
from longevity.errors import LongevityError
from longevity.ingest import importing
from longevity.settings import Settings
from tests.drivers.importer import INCIDENTS, TODAY

COLUMNS = ["id", "city", "date", "lon", "lat", "killed", "injured"]
hostile = settings(
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@contextmanager
def folder() -> Iterator[tuple[Path, Settings]]:
    """A folder of one example's own."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name), configuration.load_settings(home=Path(name) / "home", environment={})


def swallow(place: Path, told: Settings, name: str, content: bytes, mapping: str) -> importing.ImportReport | None:
    """Import, then check what came out; None when import refused with a sentence."""
    (place / name).write_bytes(content)
    (place / "m.toml").write_text(mapping)
    out = place / "out"
    try:
        report = importing.import_source(place / name, place / "m.toml", out, told, TODAY)
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
    wrong = [f for f in check_extracts(out, told, TODAY) if f.severity == "error" and not f.acceptable]
    broken = {f.rule for f in wrong}
    if report.accepted:
        # What looks like a person's data, and what rows say together, is for check to find; all
        # else import keeps out.
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


@settings(hostile, max_examples=15)
@given(
    rows=st.lists(spoilt, min_size=1, max_size=12),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    sign=st.sampled_from([",", ";", "\t", "|"]),
)
def test_every_row_of_a_well_formed_file_is_accounted_for(rows, encoding, sign):
    """Rows are counted, and victims added up, from the cells that were written."""
    with folder() as (place, told):
        cities = [*told.cities]
        rows = [[r[0], cities[int(r[1])] if r[1] in "012" and r[1] else r[1], *r[2:]] for r in rows]
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=sign).writerows([COLUMNS, *rows])
        content = text.getvalue().encode(encoding)
        report = swallow(place, told, "f.csv", content, INCIDENTS)
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


def lines_of(report: importing.ImportReport) -> list[str]:
    return report.quarantine.read_text("ascii").splitlines() if report.quarantine else []


@settings(hostile, max_examples=25)
@given(
    content=st.one_of(
        st.binary(max_size=400),
        st.text(max_size=400).map(lambda text: text.encode()),
        st.text(alphabet='id,city\n"\r\0;x', max_size=200).map(lambda text: (",".join(COLUMNS) + "\n" + text).encode()),
    ),
    name=st.sampled_from(["f.csv", "f.txt", "f", "f.xlsx", "f.parquet", "f.tsv"]),
)
def test_anything_at_all_is_read_or_refused_with_a_sentence(content, name):
    with folder() as (place, told):
        swallow(place, told, name, content, INCIDENTS)


def _whole(kind: str) -> bytes:
    """A good file of a kind, forty rows."""
    city = next(iter(configuration.load_settings(environment={}).cities))
    rows = [[f"a{i}", city, "2014-01-02", "", "", "0", "1"] for i in range(40)]
    out = io.BytesIO()
    if kind == "parquet":
        pd.DataFrame(rows, columns=COLUMNS).to_parquet(out)
    else:
        book = openpyxl.Workbook()
        page = book.active
        assert page is not None
        for row in [COLUMNS, *rows]:
            page.append(row)
        book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["xlsx", "parquet"])
def test_damaged_workbooks_and_parquet(kind):
    """Twenty damages each: cut off somewhere, some bytes changed, or both."""
    whole = _whole(kind)
    chance = random.Random(7)
    for _ in range(20):
        content = bytearray(whole)
        for _ in range(chance.choice([0, 1, 3, 30])):
            content[chance.randrange(len(content))] = chance.randrange(256)
        if chance.random() < 0.4:
            content = content[: chance.randrange(len(content))]
        with folder() as (place, told):
            swallow(place, told, f"f.{kind}", bytes(content), INCIDENTS)
