"""What a source may be written as, and what is said when it is not that."""

import re
import zipfile
from datetime import datetime, time
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from longevity.base.errors import ConfigError, DataError, UsageError
from longevity.ingest.importing import mapping
from tests.drivers.importer import INCIDENTS, Bench

HEAD = "id,city,date,lon,lat,killed,injured\n"
CSV = """id,city,date,lon,lat,killed,injured,place
a1,{c0},2014-01-02,,,1,2,Café Münster
a2,{c1},2014-01-03,,,0,0,"two, and
two lines"
"""


NAMED = INCIDENTS.replace("[victims]", 'neighbourhood = "place"\n[victims]')


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_gives_the_same_text(bench, encoding):
    text = CSV.format(c0=bench.cities[0], c1=bench.cities[1])
    report = bench.run(text.encode(encoding), NAMED)
    assert list(bench.rows()["neighbourhood"]) == ["Café Münster", "two, and two lines"]
    assert any("Windows-1252" in remark for remark in report.remarks) == (encoding == "cp1252")


@pytest.mark.parametrize(
    ("old", "new"), [(",", ";"), (",", "\t"), (",", "|"), ("\n", "\r\n"), ("\n", "\r"), ("id,", "Report\n\nid,")]
)
def test_delimiters_line_endings_and_a_header_lower_down_are_found(bench, old, new):
    text = (HEAD + "x,{c0},2014-01-02,,,1,0\ny,{c0},2014-01-02,,,0,1\n").replace(old, new)
    bench.run(text, ("[source]\nheader_row = 3\n" if "Report" in new else "") + INCIDENTS)
    assert list(bench.rows()["incident_id"]) == ["x", "y"]


def test_lines_that_are_no_rows_are_kept_raw(bench):
    broken = ["short,{c0}\n", "long,{c0},2014-01-02,,,1,0,9,9\n", '"open,{c0},2014-01-02,,,1,0\n']
    report = bench.run(HEAD + "".join(broken) + "ok,{c0},2014-01-02,,,1,0\n")
    refused = bench.refused(report)
    assert (report.part.rows_in, report.part.accepted) == (4, 1)
    assert [line["rule"] for line in refused] == ["field_count", "field_count", "broken_quote"]
    assert [line["raw"] for line in refused] == [b.format(c0=bench.cities[0]) for b in broken]
    assert [line["row"] for line in refused] == [2, 3, 4]


def test_huge_cells_and_nulls_are_kept_whole(bench):
    big = "x" * 1_000_000
    report = bench.run(HEAD + big + ",{c0},2014-01-02,,,1,0\nnu\0ll,{c0},2014-01-02,,,1,0\n")
    refused = bench.refused(report)
    assert [line["source"]["id"] for line in refused] == [big, "nu\0ll"]
    assert {line["rule"] for line in refused} == {"not_a_code"}


def workbook(path, rows):
    book = openpyxl.Workbook()
    book.active.title = "Data"
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_workbook_with_dates_and_times(bench):
    rows = [
        ["id", "city", "date", "clock", "lon", "lat", "killed", "injured"],
        [17, bench.cities[0], datetime(2014, 1, 2), time(13, 20), None, None, 1, 2],
        [None] * 8,
        [18, bench.cities[1], "01/03/2014", None, None, None, 0, 0],
    ]
    file = workbook(bench.folder / "book.xlsx", rows)
    fmt = '{ from = ["date", "clock"], format = ["%m/%d/%Y", "iso"] }'
    bench.run(file, INCIDENTS.replace('occurred_at = "date"', f"occurred_at = {fmt}"))
    got = bench.rows().sort_values("incident_id")
    assert list(got["incident_id"]) == ["17", "18"]
    assert list(got["occurred_at"]) == [pd.Timestamp(2014, 1, 2, 13, 20), pd.Timestamp(2014, 1, 3)]
    assert list(got["occurred_precision"]) == ["minute", "day"]
    assert len(bench.rows("victims")) == 3


def test_sheets_that_were_not_read_are_said(bench):
    row = ["a", bench.cities[0], "2014-01-02", None, None, 1, 2]
    file = workbook(bench.folder / "book.xlsx", [HEAD.strip().split(","), row])
    book = openpyxl.load_workbook(file)
    book.create_sheet("2015").append(["x"])
    book.save(file)
    said = "Only the first of 2 sheets was read"
    assert [remark for remark in bench.run(file).remarks if remark.startswith(said)]
    named = bench.run(file, '[source]\nsheet = "Data"\n' + INCIDENTS)
    assert not [remark for remark in named.remarks if "sheet" in remark]


def test_parquet_with_its_own_types(bench):
    frame = pd.DataFrame(
        {
            "id": pd.array([1, 2], dtype="int64"),
            "city": pd.Categorical([bench.cities[0], bench.cities[1]]),
            "date": pd.to_datetime(["2014-07-01 03:30", "2014-07-02 12:00"], utc=True),
            "lon": [np.nan, 0.0],
            "lat": [np.nan, 0.0],
            "killed": [1.0, np.nan],
            "injured": [0, 2],
        }
    )
    frame.to_parquet(bench.folder / "typed.parquet")
    report = bench.run(bench.folder / "typed.parquet")
    local = pd.Timestamp("2014-07-01 03:30", tz="UTC").tz_convert(bench.settings.time_zone)
    assert list(bench.rows()["occurred_at"]) == [local.tz_localize(None)]
    (line,) = bench.refused(report)
    assert line["rule"] == "missing_value"
    assert line["source"]["killed"] is None
    assert line["source"]["id"] == "2"


@pytest.mark.parametrize(
    ("names", "kind", "said"),
    [
        ("lon,lats", ConfigError, r"reads the column 'lat'.*Did you mean 'lats'\?"),
        ("lon,place", ConfigError, r"reads the column 'lat'.* Valid: "),  # not 'date'
        ("lon,lat,date", DataError, "more than once"),
    ],
)
def test_a_column_renamed_or_there_twice_is_named(bench, names, kind, said):
    with pytest.raises(kind, match=f"(?s){said}"):
        bench.run(f"id,city,date,{names},killed,injured\na,{{c0}},2014-01-02,1,2,3,4,5\n")


GARBAGE = np.random.default_rng(5).integers(0, 256, 10_000_000, dtype=np.uint8).tobytes()


@pytest.mark.parametrize(
    ("name", "content", "kind", "said"),
    [
        ("a.csv", b"", DataError, "empty"),
        ("a.csv", GARBAGE, DataError, "not text"),
        ("a.csv", b"\n\n", ConfigError, "does not have"),
        ("a.csv", b"id,city,date,lon,lat,killed,injured\n", DataError, "no rows"),
        ("a.csv", b"\xff\xfea\0b", DataError, "not utf-16 throughout"),
        ("a.csv", b"PAR1" + b"\0" * 50, DataError, "parquet"),
        ("a.parquet", b"PAR1 cut off", DataError, "parquet"),
        ("a.xlsx", b"PK\x03\x04 cut off", DataError, "workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, DataError, "old Excel"),
        ("a.csv.gz", b"\x1f\x8b\x08\x00" + GARBAGE[:1000], DataError, "compressed"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_unreadable_files_are_a_sentence_and_write_nothing(bench, name, content, kind, said):
    with pytest.raises(kind, match=said):
        bench.run(content, name=name)
    assert not bench.out.exists() or not list(bench.out.iterdir())


def test_what_is_no_file_or_no_folder(bench, tmp_path):
    with pytest.raises(UsageError, match="is a folder"):
        bench.run(tmp_path)
    with pytest.raises(UsageError, match="does not exist"):
        bench.run(tmp_path / "nowhere.csv")
    bench.out.write_text("a file")
    with pytest.raises(UsageError, match="is a file"):
        bench.run(CSV)


def test_a_zip_that_would_unpack_too_large_is_refused(bench, monkeypatch):
    monkeypatch.setattr("longevity.ingest.importing.source.LARGEST_UNPACKED", 100_000)
    file = bench.folder / "bomb.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", " " * 200_000)
    with pytest.raises(DataError, match="unpacks to"):
        bench.run(file)


# A mapping file is read strictly: what is wrong is named, with the nearest right word.
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


FORMAT, MISSING, OF_INCIDENTS = '"%m/%d/%Y %H:%M"', 'missing = ["NSA"]', "[incidents.columns]"
ID, VICTIMS = 'incident_id = "id"', "[victims.columns]"
# What is written in the place of what, and words of the refusal.
WRONG = [
    ("missing =", "mising =", "3: 'source.mising' is not a known key. Did you mean 'missing'?"),
    (VICTIMS, "[victim.columns]", "8: 'victim' is not a known key. Did you mean 'victims'?"),
    ('"fatal", N', '"fatel", N', "9: 'victims.columns.outcome.values.Y' gives 'fatel'. Did you mean 'fatal'?"),
    (FORMAT, '"excell"', "occurred_at.format' is 'excell', no pattern"),
    (MISSING, 'encoding = "utf8"', "3: 'source.encoding' is 'utf8'. Did you mean 'utf-8'?"),
    (ID, 'incident_id = { from = "id", ages = true }', "ages"),
    (ID, 'incident_id = { from = "id", constant = "x" }', "either"),
    (FORMAT, '"%m/%d"', "no pattern of a whole date"),
    (FORMAT, '"%Y-%m-%d %Y"', "no pattern of a whole date"),
    (FORMAT, '["%m/%d/%Y", "%d/%m/%Y"]', "which read one text as two different days"),
    ('"UTC"', '"Mars/North"', "IANA"),
    (MISSING, "data_through = { nowhere = 2018-01-01 }", "nowhere"),
    (VICTIMS, '[victims]\nspread = { fatal = "k", nonfatal = "i" }\n[victims.columns]', "outcome"),
    (OF_INCIDENTS, '[incidents]\ncrs = "EPSG:1"\n[incidents.columns]', "EPSG:1"),
    (OF_INCIDENTS, '[incidents.columns]\nlongitude = "x"', "needs longitude and latitude both"),
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
    examples = sorted((Path(__file__).parents[2] / "examples" / "mappings").glob("*.toml"))
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
    assert (report.part.accepted, report.part.rows) == (1, {"incidents": 1, "victims": 1})
