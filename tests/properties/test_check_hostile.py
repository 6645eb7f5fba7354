"""Check meets whatever parquet it is given with findings, never with a traceback."""

from __future__ import annotations

import tempfile
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from longevity import settings as configuration
from longevity.checks.check import check_extracts
from longevity.checks.findings import CheckFinding, select_errors
from longevity.ingest.contract import BY_NAME, EXTRACTS
from tests.conftest import TODAY
from tests.factories import extracts

quick = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)


def _good() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as directory:
        rows = {one.name: [extracts.row(one.name, 1, "hartford")] for one in EXTRACTS}
        folder = extracts.write(Path(directory), **rows)
        return {path.stem: path.read_bytes() for path in folder.glob("*.parquet")}


GOOD = _good()
SETTINGS = configuration.load_settings(environment={})


def checked(content: bytes, name: str = "incidents") -> list[CheckFinding]:
    with tempfile.TemporaryDirectory() as directory:
        for stem in ("incidents", "victims"):
            (Path(directory) / f"{stem}.parquet").write_bytes(GOOD[stem])
        (Path(directory) / f"{name}.parquet").write_bytes(content)
        findings = check_extracts(Path(directory), SETTINGS, TODAY)
    assert all(one.sentence and one.rule and one.file for one in findings)
    assert all(one.sentence.isprintable() and one.do.isprintable() for one in findings)
    return findings


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    data = bytearray(GOOD["incidents"])
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data) - 1))
        data[at] = draw(st.integers(0, 255))
    return bytes(data[: draw(st.integers(0, len(data)))]) if draw(st.booleans()) else bytes(data)


VALUES: list[st.SearchStrategy[Any]] = [
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
def odd_tables(draw: st.DrawFn) -> tuple[str, bytes]:
    """A table of an extract with some columns of another kind, missing, or too many."""
    name = draw(st.sampled_from(sorted(BY_NAME)))
    rows = draw(st.integers(0, 4))
    columns: dict[str, pa.Array] = {}
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


@quick
@given(damaged())
def test_damaged_files(content):
    checked(content)


@quick
@given(odd_tables())
def test_odd_tables(named):
    checked(named[1], named[0])


@quick
@given(st.binary(max_size=2000))
def test_garbage(content):
    assert {one.rule for one in select_errors(checked(content))} >= {"unreadable"}


def test_statistics_that_lie_hide_no_row():
    content = bytearray(GOOD["incidents"])
    content[content.index(b"incident-00001") + 3] = ord("*")
    findings = select_errors(checked(bytes(content)))
    assert [(one.file, one.rule) for one in findings] == [
        ("incidents.parquet", "not_a_code"),
        ("victims.parquet", "dangling_reference"),
    ]
