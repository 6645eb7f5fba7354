"""Cells: dates and times, coordinates, age bands; what cannot be read is refused or left empty, never guessed."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from pyproj import Transformer

from longevity import age_bands
from tests.drivers.importer import INCIDENTS, Bench
from tests.factories.ascii_table import rows


def imported(bench, written, rule):
    """(occurred_at, precision, remarks) of one column of dates."""
    head = "id,city,date,lon,lat,killed,injured\n"
    lines = [f'a{i},{{c0}},"{text}",,,1,0' for i, text in enumerate(written)]
    mapping = INCIDENTS.replace('occurred_at = "date"', f"occurred_at = {rule}")
    report = bench.run(head + "\n".join(lines), mapping)
    found = bench.rows() if report.accepted else None
    if found is None:
        return [], [], [line["rule"] for line in bench.refused(report)]
    at = [stamp.to_pydatetime() for stamp in found["occurred_at"]]
    return at, list(found["occurred_precision"]), report.remarks


AS_WRITTEN = """
written                 | format             | with                | read                | precision
2014-03-05              |                    |                     | 2014-03-05T00:00    | day
2014-03-05T13:20:31.250 |                    |                     | 2014-03-05T13:20:31 | minute
05.03.14                | %d.%m.%y           |                     | 2014-03-05T00:00    | day
20140305                | %Y%m%d             |                     | 2014-03-05T00:00    | day
2014-03-05T13:20:00Z    |                    | z_is_local          | 2014-03-05T13:20    | minute
2014-03-05 00:00        |                    | midnight_is_unknown | 2014-03-05T00:00    | day
2014-03-05 00:00        |                    |                     | 2014-03-05T00:00    | minute
"""


@pytest.mark.parametrize("row", rows(AS_WRITTEN), ids=lambda row: row["written"])
def test_a_date_as_written(bench, row):
    form = row["format"] and f', format="{row["format"]}"'
    more = row["with"] and f", {row['with']}=true"
    at, precisions, _ = imported(bench, [row["written"]], f'{{from="date"{form}{more}}}')
    assert (at, precisions) == ([datetime.fromisoformat(row["read"])], [row["precision"]])


INSTANTS = """
written                   | rule                                            | instant
2014-07-05T02:20:00Z      |                                                 | 2014-07-05T02:20+00:00
2014-07-05T02:20:00+02:00 |                                                 | 2014-07-05T02:20+02:00
2014-07-05 02:20 -0330    | format="%Y-%m-%d %H:%M %z"                      | 2014-07-05T02:20-03:30
2014-07-05 02:20          | time_zone="Asia/Tokyo"                          | 2014-07-05T02:20+09:00
2004/01/01 05:30:00+00    |                                                 | 2004-01-01T05:30+00:00
2003-12-31T23:30:00-06    |                                                 | 2004-01-01T05:30+00:00
"""


@pytest.mark.parametrize("row", rows(INSTANTS), ids=lambda row: row["written"])
def test_an_instant_becomes_local_time(bench, row):
    rule = row["rule"] and f", {row['rule']}"
    at, precision, _ = imported(bench, [row["written"]], f'{{from="date"{rule}}}')
    instant = datetime.fromisoformat(row["instant"]).astimezone(bench.settings.time_zone)
    assert (at, precision) == ([instant.replace(tzinfo=None)], ["minute"])


def test_the_clock_changes_are_handled_and_said(bench):
    """On March 9, 2014 half past two was skipped, and on November 2 half past one came twice."""
    settings = replace(bench.settings, time_zone=ZoneInfo("America/New_York"))
    at, precision, remarks = imported(Bench(bench.folder, settings), ["2014-03-09 02:30", "2014-11-02 01:30"], '"date"')
    assert at == [datetime(2014, 3, 9), datetime(2014, 11, 2, 1, 30)]
    assert precision == ["day", "minute"]
    assert any("did not exist" in said and "1 row (2)" in said for said in remarks)
    assert any("came twice" in said and "1 row (3)" in said for said in remarks)


REFUSED = """
written                | format               | rule
01/02/2014             |                      | unreadable_date
yesterday              |                      | unreadable_date
                       |                      | missing_value
2099-01-01             |                      | date_out_of_range
1901-01-01             |                      | date_out_of_range
2014-01-01 25:00       |                      | unreadable_date
# What hangs on a day is no offset.
2014-03-05-05          |                      | unreadable_date
# A leap second is not rolled over into another year.
2016-12-31 23:59:60    |                      | unreadable_date
2016-12-31 23:59:61    |                      | unreadable_date
12/31/2016 11:59:60 PM | %m/%d/%Y %I:%M:%S %p | unreadable_date
"""


@pytest.mark.parametrize("row", rows(REFUSED), ids=lambda row: row["written"])
def test_what_is_no_date_is_refused_not_guessed(bench, row):
    form = row["format"] and f', format="{row["format"]}"'
    assert imported(bench, [row["written"]], f'{{from="date"{form}}}') == ([], [], [row["rule"]])


@pytest.mark.parametrize("unknown", [19, 20])
def test_midnights_piled_among_times_are_days(bench, unknown):
    times = ["00:00"] * unknown + [f"21:{n:02d}" for n in range(59)]
    report = bench.run(
        "id,city,date,lon,lat,killed,injured\n"
        + "".join(f"{n},{{c0}},2014-01-02 {at},,,0,1\n" for n, at in enumerate(times))
    )
    days = int((bench.rows()["occurred_precision"] == "day").sum())
    assert days == (20 if unknown == 20 else 0)
    assert any("Far more times are 00:00" in remark for remark in report.remarks) == bool(days)


@pytest.mark.parametrize(("mark", "marked"), [("Z", True), ("+00", True), ("-05:00", False)])
@pytest.mark.parametrize("z_is_local", [None, True, False])
def test_a_mark_of_utc_is_asked_about_until_the_mapping_says_what_it_is(bench, mark, marked, z_is_local):
    more = "" if z_is_local is None else f", z_is_local = {str(z_is_local).lower()}"
    at, _, remarks = imported(bench, [f"2014-01-05T13:20:00{mark}"], f'{{ from = "date"{more} }}')
    is_turned = marked and not z_is_local
    assert at == [datetime(2014, 1, 5, 8 if is_turned else 13, 20)]
    asked = [remark for remark in remarks if "marked Z or +00" in remark]
    assert len(asked) == (marked and z_is_local is None)


JOINED = """
what                     | format                            | day                  | time                | read
a day with slashes       | %m/%d/%Y %H:%M                    | 03/05/2014           | 13:20               | 2014-03-05T13:20
a midnight typed along   | %m/%d/%Y 12:00:00 AM %H:%M        | 3/5/2014 12:00:00 AM | 13:20               | 2014-03-05T13:20
a time with a day zero   | %Y-%m-%d 1899-12-30 %H:%M:%S      | 2014-03-05           | 1899-12-30 13:20:00 | 2014-03-05T13:20
in ISO                   | iso                               | 2014-03-05           | 13:20:00            | 2014-03-05T13:20
no such time             | %m/%d/%Y %H:%M                    | 03/05/2014           | 25:10               |
"""  # noqa: E501 - a table is read by its columns


@pytest.mark.parametrize("row", rows(JOINED), ids=lambda row: row["what"])
def test_a_day_and_a_time_in_two_columns(bench, row):
    rule = f'{{ from = ["date", "time"], format = "{row["format"]}" }}'
    report = bench.run(
        f"id,city,date,time,lon,lat,killed,injured\na,{{c0}},{row['day']},{row['time']},,,1,0\n",
        INCIDENTS.replace('occurred_at = "date"', f"occurred_at = {rule}"),
    )
    if not row["read"]:
        assert [line["rule"] for line in bench.refused(report)] == ["unreadable_date"]
        return
    found = bench.rows().iloc[0]
    assert found["occurred_at"].to_pydatetime() == datetime.fromisoformat(row["read"])
    assert found["occurred_precision"] == "minute"


# Coordinates

X, Y = -72.7, 41.6
HEAD = "id,city,date,lon,lat,killed,injured"
ADDRESS = '[incidents]\naddress = "where"\n'


def place(bench, cells, more=""):
    """The rows and the remarks of an import of these coordinates, none of whose rows is lost."""
    lines = [f'a{i},{{c0}},2014-01-02,"{x}","{y}",0,1' for i, (x, y) in enumerate(cells)]
    report = bench.run("\n".join([HEAD, *lines]), more + INCIDENTS)
    assert report.accepted == len(cells)
    return bench.rows(), report.remarks


def test_no_row_is_lost_for_its_coordinates(bench):
    cells = [(X, Y), ("", ""), ("0", "0.0"), (X, ""), ("NSA", Y), ("x", "y"), ("181", "95"), (Y, X)]
    cells += [("2.35", "48.85"), ("inf", "nan")]
    rows, remarks = place(bench, cells, '[source]\nmissing = ["nsa"]\n')
    assert (rows["longitude"][0], rows["latitude"][0]) == (X, Y)
    assert rows[["longitude", "latitude"]][1:].isna().all(axis=None)
    said = " ".join(remarks)
    assert "No coordinates given, kept without: 4 rows (3, 4, 5, 6)." in said
    assert "cannot be read, emptied: 2 rows (7, 11)." in said
    assert "outside the region of the cities, emptied: 3 rows (8, 9, 10)." in said
    assert "the other way round: 1 row (9)." in said


@pytest.mark.parametrize(
    "written",
    [
        f"({Y}, {X})",
        f"{X} {Y}",
        f"POINT ({X} {Y})",
        f"12 SOMEWHERE ST\n({Y}, {X})",
        f'{{""type"": ""Point"", ""coordinates"": [{X}, {Y}]}}',
    ],
)
def test_both_in_one_column(bench, written):
    text = f'id,city,date,where,killed,injured\na,{bench.cities[0]},2014-01-02,"{written}",0,1\n'
    lines = INCIDENTS.replace('longitude = "lon"\nlatitude = "lat"\n', "")
    bench.run(text.encode(), f'[incidents]\npoint = "where"\n{lines}')
    (row,) = bench.rows().to_dict("records")
    assert (row["longitude"], row["latitude"]) == (X, Y)


def test_another_reference_system(bench):
    crs = bench.settings.projected_crs
    projected = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(X, Y)
    rows, _ = place(bench, [projected, (0, 0)], f'[incidents]\ncrs = "{crs}"\n')
    assert (rows["longitude"][0], rows["latitude"][0]) == pytest.approx((X, Y), abs=1e-7)
    assert pd.isna(rows["longitude"][1])


def test_a_pile_is_kept_and_marked(bench):
    """19 rows on a point are a corner, 20 a pile."""
    cells = [(X, Y)] * 20 + [(X + 0.01, Y)] * 19 + [(X + 0.02 + at * 1e-4, Y) for at in range(61)]
    rows, remarks = place(bench, cells)
    assert list(rows["location_precision"] == "city") == [True] * 20 + [False] * 80
    assert rows["longitude"].notna().all()
    assert any("means a whole city" in said and "20 rows" in said for said in remarks)


def test_the_address_says_that_a_pile_is_a_place_and_is_not_stored(bench):
    lines = [f"a{at},{{c0}},2014-01-02,{X},{Y},0,1,155 Burr St" for at in range(20)]
    lines += [f"b{at},{{c0}},2014-01-02,{X + 0.01:.4f},{Y},0,1,{at + 1} Elm St" for at in range(20)]
    bench.run("\n".join([f"{HEAD},where", *lines]), ADDRESS + INCIDENTS)
    rows = bench.rows()
    assert list(rows["location_precision"]) == ["unknown"] * 20 + ["city"] * 20
    assert list(rows["place_confirmed"].notna()) == [True] * 20 + [False] * 20
    assert b"Burr" not in (bench.out / "incidents.parquet").read_bytes()


def test_an_address_is_in_no_made_up_key(bench):
    """Who has a key could else find the address by trying all there are."""
    mapping = ADDRESS + INCIDENTS.replace('incident_id = "id"\n', "")
    keys = set()
    for address in ("155 Burr St", "7 Elm St"):
        bench.run(f"{HEAD},where\nx,{{c0}},2014-01-02,,,0,1,{address}\n", mapping)
        keys |= {*bench.rows()["incident_id"]}
    assert len(keys) == 1


# Age bands

BANDS = {
    "0-17": ("under 18", "Under 18 years", "< 18", "17 and under", "up to 17", "≤17", "0-17"),
    "0-14": ("00–14",),
    "18-30": ("18-30", "18 — 30", "18 to 30", "ages 18-30", "18-30 years old"),
    "65+": ("65+", "65 and over", "65 or older", "over 64", ">64", ">=65"),
    "unknown": ("UNKNOWN", "unknown"),
    "0-0": ("under 1",),
    "0-120": ("0-120",),
    None: (
        *("24", "24 years", "30-18", "18-121", "121+", "under 0", "1990-1999", "1999-05-03", "5/3/1999"),
        *("18-30-40", "14-Oct", "1.5-3", "-5", "adult", ""),
    ),
}


def test_bands_as_people_write_them():
    assert {text: age_bands.parse_band(text) for texts in BANDS.values() for text in texts} == {
        text: band for band, texts in BANDS.items() for text in texts
    }


def test_a_band_across_the_age_cannot_say_who_is_younger():
    said = {band: age_bands.is_under(band, 30) for band in ("18-29", "18-30", "30-34", "0+", "unknown")}
    assert said == {"18-29": True, "18-30": None, "30-34": False, "0+": None, "unknown": None}
