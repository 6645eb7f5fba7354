"""Dates and times: formats, zones, the hours the clock skips or repeats.

The expected local times are worked out with datetime and zoneinfo, one by one.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.drivers.importer import INCIDENTS, Bench
from tests.factories.ascii_table import rows


def imported(bench: Bench, written: list[str], rule: str) -> tuple[list[datetime], list[str], list[str]]:
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


def clock_changes(zone: ZoneInfo, year: int) -> tuple[datetime, datetime]:
    """Half past the hour that is skipped in spring, and the one that comes twice in autumn."""
    skipped = twice = None
    at = datetime(year, 1, 1, 0, 30)
    while at.year == year:
        back = at.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None)
        if back != at:
            skipped = at
        elif at.replace(tzinfo=zone, fold=0).utcoffset() != (at.replace(tzinfo=zone, fold=1).utcoffset()):
            twice = at
        at += timedelta(hours=1)
    assert skipped is not None
    assert twice is not None
    return skipped, twice


def test_the_clock_changes_are_handled_and_said(bench):
    skipped, twice = clock_changes(bench.settings.time_zone, 2014)
    at, precision, remarks = imported(bench, [f"{skipped}", f"{twice}"], '"date"')
    assert at == [datetime.combine(skipped.date(), datetime.min.time()), twice]
    assert precision == ["day", "minute"]
    assert any("did not exist" in said and "1 row (2)" in said for said in remarks)
    assert any("came twice" in said and "1 row (3)" in said for said in remarks)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("01/02/2014", "unreadable_date"),
        ("yesterday", "unreadable_date"),
        ("", "missing_value"),
        ("2099-01-01", "date_out_of_range"),
        ("1901-01-01", "date_out_of_range"),
        ("2014-01-01 25:00", "unreadable_date"),
        ("2014-03-05-05", "unreadable_date"),  # what hangs on a day is no offset
        ("2016-12-31 23:59:61", "unreadable_date"),
    ],
)
def test_what_is_no_date_is_refused_not_guessed(bench, text, rule):
    assert imported(bench, [text], '"date"') == ([], [], [rule])


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("2016-12-31 23:59:60", '"date"'),
        ("12/31/2016 11:59:60 PM", '{from="date", format="%m/%d/%Y %I:%M:%S %p"}'),
    ],
)
def test_a_second_60_is_refused_and_rolls_over_into_no_other_year(bench, text, rule):
    assert imported(bench, [text], rule) == ([], [], ["unreadable_date"])


@pytest.mark.parametrize("unknown", [19, 20])
def test_midnights_piled_among_times_are_days(bench, unknown):
    times = ["00:00"] * unknown + [f"21:{n:02d}" for n in range(59)]
    report = bench.run(
        "id,city,date,lon,lat,killed,injured\n"
        + "".join(f"{n},{{c0}},2014-01-02 {at},,,0,1\n" for n, at in enumerate(times))
    )
    days = int((bench.rows()["occurred_precision"] == "day").sum())
    assert days == (20 if unknown == 20 else 0)
    assert any("Far more times are 00:00" in one for one in report.remarks) == bool(days)


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
