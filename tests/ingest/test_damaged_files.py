"""Damaged and hostile files through import and check: a finding or a sentence, no traceback, no row lost."""

import csv
import io
import json
import tempfile
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from longevity import settings as configuration
from longevity.base.errors import LongevityError
from longevity.checks.check import check_extracts
from longevity.ingest import importing
from tests.conftest import TODAY
from tests.drivers.importer import INCIDENTS
from tests.factories import extracts

# What import sees in a source and `check` says of the extracts: copies, refused people
HEAD = "date,city,block,kind,age,sex,race"
MAPPING = """
[source]
data_through = 2026-11-22
[incidents.columns]
city = { constant = "{c0}" }
occurred_at = "date"
neighbourhood = "block"
[victims.columns]
outcome = { from = "kind", values = { Homicide = "fatal", Assault = "nonfatal" } }
weapon = { constant = "firearm" }
age_band = { from = "age", ages = true }
sex = { from = "sex", values = { M = "male", F = "female" } }
race_ethnicity = { from = "race", values = { B = "black", H = "hispanic", W = "white" } }
"""
RULES = ("copied_rows", "short_outcome")


def make_sound():
    """About 300 people a year, without a key; the two of every third incident are alike."""
    rows = []
    for at in range(1800):
        day = date(2019, 1, 2) + timedelta(days=at * 8 // 5)
        person = [("Homicide" if at % 5 == 0 else "Assault"), str(15 + at * 7 % 35), "FMMMMMMM"[at % 8], "BHW"[at % 3]]
        rows += [[day.isoformat(), "East", f"{at * 37 % 100} block of Elm", *person]] * (2 if at % 3 == 0 else 1)
    return rows


def change(rows, column, values):
    """Write other values into a column, by row."""
    at = HEAD.split(",").index(column)
    return [[*row[:at], values.get(number, row[at]), *row[at + 1 :]] for number, row in enumerate(rows)]


def to_csv(rows, head=HEAD):
    return "\n".join([head, *(",".join(row) for row in rows)]) + "\n"


def find_doubts(bench):
    """What `check` says of them; each is an error that a reason passes."""
    found = [finding for finding in check_extracts(bench.out, bench.settings, TODAY) if finding.rule in RULES]
    assert all(finding.severity == "error" and finding.acceptable for finding in found)
    return found


def test_people_alike_in_one_incident_are_no_copies(bench):
    bench.run(to_csv(make_sound()), MAPPING)
    assert find_doubts(bench) == []


@pytest.mark.parametrize(("many", "findings"), [(19, 0), (20, 1)])
def test_from_twenty_rows_of_a_year_on(bench, many, findings):
    """Where no two are alike otherwise."""
    rows = [
        [f"{year}-{1 + at % 12:02}-01", "x", f"{at} block", "Assault", "20", "M", "B"]
        for year in (2023, 2024, 2025)
        for at in range(100)
    ]
    bench.run(to_csv(rows + rows[100 : 100 + many]), MAPPING)
    found = find_doubts(bench)
    assert [finding.count for finding in found] == [many] * findings
    assert all(f"{many} of {100 + many} rows of 2024 " in finding.sentence for finding in found)


def test_rows_that_differ_in_a_column_not_mapped_are_no_copies(bench):
    rows = make_sound()
    rows += rows[1000:1400]
    numbered = [[*row, f"r{at}"] for at, row in enumerate(rows)]
    bench.run(to_csv(numbered, f"{HEAD},record"), MAPPING)
    assert find_doubts(bench) == []


def test_a_copy_refused_by_its_key_is_counted_nowhere(bench):
    """A hundred incidents by key, all of them sent again: many refused, and none counted twice."""
    lines = [f"k{at},{{c0}},2024-{1 + at % 12:02}-01,,,0,1" for at in range(100)]
    report = bench.run("id,city,date,lon,lat,killed,injured\n" + "\n".join(lines * 2) + "\n")
    assert report.part.quarantined == 100
    assert find_doubts(bench) == []


def test_a_word_that_is_not_read_may_cost_either_outcome_and_is_never_named(bench):
    rows = make_sound()
    murders = [at for at, row in enumerate(rows) if row[3] == "Homicide"][::2]  # as a second clerk calls them
    rows, many = change(rows, "kind", dict.fromkeys(murders, "Murder")), len(murders)
    report = bench.run(to_csv(rows), MAPPING, "shot.csv")
    (refused,) = [said for said in report.remarks if said.startswith("Refused: ")]
    assert "'kind' is not a word known for 'outcome' (fatal, nonfatal)" in refused
    assert f": {many:,} rows (" in refused.replace(str(many), f"{many:,}")
    # Of those rows it is not known whether they are of the killed or the wounded.
    found = find_doubts(bench)
    assert [(finding.rule, finding.count) for finding in found] == [("short_outcome", many)] * 2
    assert ["wounded" in finding.sentence for finding in found] == [True, False]
    assert not any("murder" in said.casefold() for said in [refused, *(finding.line for finding in found)])
    # A source put right takes its doubts away.
    bench.run(to_csv(make_sound()), MAPPING, "shot.csv")
    assert find_doubts(bench) == []


@pytest.mark.parametrize(("lost", "findings"), [(5, 0), (6, 1)])
def test_an_outcome_short_by_a_tenth_though_few_rows_are_refused(bench, lost, findings):
    """Sixty killed of a thousand; each refused row has a date of its own that is none."""
    rows = [
        [f"{2020 + at % 5}-01-{1 + at % 28:02}", "x", f"{at}", kind, "20", "M", "B"]
        for kind, many in (("Homicide", 60), ("Assault", 940))
        for at in range(many)
    ]
    damaged = change(rows, "date", {at: f"no day {at}" for at in range(lost)})
    bench.run(to_csv(damaged), MAPPING)
    found = find_doubts(bench)
    assert [(finding.rule, finding.count) for finding in found] == [("short_outcome", lost)] * findings
    assert all(f"{lost} of 60 people who were killed" in finding.sentence for finding in found)


FIELDS = ["id", "city", "date", "lon", "lat", "killed", "injured"]
hostile = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@contextmanager
def folder():
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
    assert report.part.rows_in == report.part.accepted + report.part.quarantined
    lines = lines_of(report)
    assert len(lines) == report.part.quarantined
    for line in lines:
        refused = json.loads(line)
        assert {"row", "rule", "sentence"} < set(refused)
        assert ("source" in refused) != ("raw" in refused)
    findings = check_extracts(out, configured, TODAY)
    broken = {finding.rule for finding in findings if finding.severity == "error" and not finding.acceptable}
    if report.part.accepted:
        # What looks like a person's data is for check to find; all else import keeps out.
        assert broken <= {"personal_data"}
        assert len(pd.read_parquet(out / "incidents.parquet")) == report.part.accepted
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


@settings(hostile, max_examples=4)
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
        csv.writer(text, delimiter=sign).writerows([FIELDS, *rows])
        content = text.getvalue().encode(encoding)
        report = swallow(place, configured, "f.csv", content)
        written = [row for row in rows if any(row)]
        if report is None:
            assert not written
            return
        assert report.part.rows_in == len(written)
        if report.part.accepted:
            refused = [json.loads(line)["source"] for line in lines_of(report)]
            whole = [dict(zip(FIELDS, row, strict=True)) for row in written]
            left = list(whole)
            for row in refused:
                left.remove(row)  # as it was written, nothing altered
            people = sum(int(float(r["killed"])) + int(float(r["injured"])) for r in left)
            assert report.part.rows == {"incidents": len(left), "victims": people}


def lines_of(report):
    return report.quarantine.read_text("ascii").splitlines() if report.quarantine else []


def make_whole(kind):
    city = next(iter(configuration.load_settings(environment={}).cities))
    rows = [[f"a{i}", city, "2014-01-02", "", "", "0", "1"] for i in range(40)]
    out = io.BytesIO()
    if kind == "parquet":
        pd.DataFrame(rows, columns=FIELDS).to_parquet(out)
    else:
        book = openpyxl.Workbook()
        for row in [FIELDS, *rows]:
            book.active.append(row)
        book.save(out)
    return out.getvalue()


@st.composite
def damaged(draw, whole):
    """A file with some bytes changed, or cut off."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(1, 6))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data[: draw(st.integers(0, len(data)))]) if draw(st.booleans()) else bytes(data)


NAMES = st.sampled_from(["f.csv", "f.txt", "f", "f.xlsx", "f.parquet", "f.tsv"])
ANYTHING = st.one_of(
    st.binary(max_size=400),
    st.text(max_size=400).map(lambda text: text.encode()),
    st.text(alphabet='id,city\n"\r\0;x', max_size=200).map(lambda text: (",".join(FIELDS) + "\n" + text).encode()),
)
SPOILT = [st.tuples(st.just(f"f.{kind}"), damaged(make_whole(kind))) for kind in ("xlsx", "parquet")]


@settings(hostile, max_examples=20)
@given(st.one_of(st.tuples(NAMES, ANYTHING), *SPOILT))
def test_anything_at_all_is_read_or_refused_with_a_sentence(file):
    with folder() as (place, configured):
        swallow(place, configured, *file)


def make_good():
    """The bytes of sound extracts, by name."""
    with tempfile.TemporaryDirectory() as directory:
        rows = {name: [extracts.row(name, 1, "hartford")] for name in ("incidents", "victims")}
        extracts.write(Path(directory), **rows)
        return {path.stem: path.read_bytes() for path in Path(directory).glob("*.parquet")}


GOOD = make_good()


def check(content):
    """What is found where the incidents have this content."""
    with tempfile.TemporaryDirectory() as directory:
        for stem, parquet in (GOOD | {"incidents": content}).items():
            (Path(directory) / f"{stem}.parquet").write_bytes(parquet)
        findings = check_extracts(Path(directory), configuration.load_settings(environment={}), TODAY)
    assert all(finding.sentence and finding.rule and finding.file for finding in findings)
    assert all(finding.sentence.isprintable() and finding.do.isprintable() for finding in findings)
    return findings


@settings(hostile, max_examples=8)
@given(damaged(GOOD["incidents"]) | st.binary(max_size=2000))
def test_any_parquet_is_checked_without_a_traceback(content):
    check(content)
