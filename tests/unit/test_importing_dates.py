"""Dates and times: formats, zones, the hours the clock skips or repeats.

The expected local times are worked out with datetime and zoneinfo, one by one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from tests.drivers.importer import INCIDENTS, Bench


def imported(
    bench: Bench, written: list[str], rule: str
) -> tuple[list[datetime], list[str], list[str]]:
    """(occurred_at, precision, remarks) of one column of dates."""
    head = "id,city,date,lon,lat,killed,injured\n"
    lines = [f'a{i},{{c0}},"{text}",,,1,0' for i, text in enumerate(written)]
    mapping = INCIDENTS.replace('occurred_at = "date"', f"occurred_at = {rule}")
    report = bench.run(head + "\n".join(lines), mapping)
    rows = bench.rows() if report.accepted else None
    if rows is None:
        return [], [], [line["rule"] for line in bench.refused(report)]
    at = [stamp.to_pydatetime() for stamp in rows["occurred_at"]]
    return at, list(rows["occurred_precision"]), report.remarks


@pytest.mark.parametrize(
    ("text", "rule", "expected", "precision"),
    [
        ("2014-03-05", '"date"', datetime(2014, 3, 5), "day"),
        ("2014-03-05 13:20", '"date"', datetime(2014, 3, 5, 13, 20), "minute"),
        ("2014-03-05T13:20:31.250", '"date"', datetime(2014, 3, 5, 13, 20, 31), "minute"),
        ("03/05/2014", '{from="date", format="%m/%d/%Y"}', datetime(2014, 3, 5), "day"),
        ("05.03.14", '{from="date", format="%d.%m.%y"}', datetime(2014, 3, 5), "day"),
        (
            "3/5/2014 1:20 PM",
            '{from="date", format=["%m/%d/%Y", "%m/%d/%Y %I:%M %p"]}',
            datetime(2014, 3, 5, 13, 20),
            "minute",
        ),
        ("20140305", '{from="date", format="%Y%m%d"}', datetime(2014, 3, 5), "day"),
        ("41703", '{from="date", format="excel"}', datetime(2014, 3, 5), "day"),
        ("41703.5", '{from="date", format="excel"}', datetime(2014, 3, 5, 12), "minute"),
        ("40241", '{from="date", format="excel_1904"}', datetime(2014, 3, 5), "day"),
        ("16134", '{from="date", format="unix_days"}', datetime(2014, 3, 5), "day"),
        (
            "1394028000",
            '{from="date", format="epoch_seconds", z_is_local=true}',
            datetime(2014, 3, 5, 14, 0),
            "minute",
        ),
        (
            "1394028000000",
            '{from="date", format="epoch_milliseconds", z_is_local=true}',
            datetime(2014, 3, 5, 14, 0),
            "minute",
        ),
        (
            "2014-03-05T13:20:00Z",
            '{from="date", z_is_local=true}',
            datetime(2014, 3, 5, 13, 20),
            "minute",
        ),
        (
            "2014-03-05 00:00",
            '{from="date", midnight_is_unknown=true}',
            datetime(2014, 3, 5),
            "day",
        ),
        ("2014-03-05 00:00", '"date"', datetime(2014, 3, 5), "minute"),
    ],
)
def test_a_date_as_written(
    bench: Bench, text: str, rule: str, expected: datetime, precision: str
) -> None:
    at, precisions, _ = imported(bench, [text], rule)
    assert (at, precisions) == ([expected], [precision])


@pytest.mark.parametrize(
    ("text", "rule", "instant"),
    [
        ("2014-07-05T02:20:00Z", '"date"', datetime(2014, 7, 5, 2, 20, tzinfo=UTC)),
        (
            "2014-07-05T02:20:00+02:00",
            '"date"',
            datetime(2014, 7, 5, 2, 20, tzinfo=timezone(timedelta(hours=2))),
        ),
        (
            "2014-07-05 02:20 -0330",
            '{from="date", format="%Y-%m-%d %H:%M %z"}',
            datetime(2014, 7, 5, 2, 20, tzinfo=timezone(-timedelta(hours=3, minutes=30))),
        ),
        (
            "2014-07-05 02:20",
            '{from="date", time_zone="UTC"}',
            datetime(2014, 7, 5, 2, 20, tzinfo=UTC),
        ),
        (
            "2014-07-05 02:20",
            '{from="date", time_zone="Asia/Tokyo"}',
            datetime(2014, 7, 5, 2, 20, tzinfo=ZoneInfo("Asia/Tokyo")),
        ),
        (
            "1404526800",
            '{from="date", format="epoch_seconds"}',
            datetime.fromtimestamp(1404526800, tz=UTC),
        ),
    ],
)
def test_an_instant_becomes_local_time(
    bench: Bench, text: str, rule: str, instant: datetime
) -> None:
    at, _, _ = imported(bench, [text], rule)
    assert at == [instant.astimezone(bench.settings.time_zone).replace(tzinfo=None)]


def clock_changes(zone: ZoneInfo, year: int) -> tuple[datetime, datetime]:
    """Half past the hour that is skipped in spring, and the one that comes twice in autumn."""
    skipped = twice = None
    at = datetime(year, 1, 1, 0, 30)
    while at.year == year:
        back = at.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None)
        if back != at:
            skipped = at
        elif at.replace(tzinfo=zone, fold=0).utcoffset() != (
            at.replace(tzinfo=zone, fold=1).utcoffset()
        ):
            twice = at
        at += timedelta(hours=1)
    assert skipped is not None
    assert twice is not None
    return skipped, twice


def test_the_clock_changes_are_handled_and_said(bench: Bench) -> None:
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
        ("2014-02-30", "unreadable_date"),
        ("yesterday", "unreadable_date"),
        ("", "missing_value"),
        ("2099-01-01", "date_out_of_range"),
        ("1901-01-01", "date_out_of_range"),
        ("2014-01-01 25:00", "unreadable_date"),
        ("2016-12-31 23:59:61", "unreadable_date"),
        ("2016-12-31 23:60:00", "unreadable_date"),
    ],
)
def test_what_is_no_date_is_refused_not_guessed(bench: Bench, text: str, rule: str) -> None:
    assert imported(bench, [text], '"date"') == ([], [], [rule])


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("2016-12-31 23:59:60", '"date"'),
        ("2016-12-31T23:59:60.000", '"date"'),
        ("12/31/2016 11:59:60 PM", '{from="date", format="%m/%d/%Y %I:%M:%S %p"}'),
    ],
)
def test_a_second_60_stays_in_its_year_and_is_said(bench: Bench, text: str, rule: str) -> None:
    at, precision, remarks = imported(bench, [text, text.replace(":60", ":59")], rule)
    assert at == [datetime(2016, 12, 31, 23, 59, 59)] * 2
    assert precision == ["minute", "minute"]
    said = "'date': the time has a second 60; it is read as the second 59 of that minute"
    assert f"{said}: 1 row (2)." in remarks


@pytest.mark.parametrize("number", ["1e300", "-1e18", "inf", "nan", "9" * 400, "1e14"])
@pytest.mark.parametrize("fmt", ["excel", "epoch_seconds", "epoch_milliseconds", "unix_days"])
def test_absurd_numbers_are_refused(bench: Bench, number: str, fmt: str) -> None:
    _, _, rules = imported(bench, [number], f'{{from="date", format="{fmt}"}}')
    assert rules[0] in ("unreadable_date", "date_out_of_range", "missing_value")


def test_a_column_of_midnights_holds_days(bench: Bench) -> None:
    days = [f"2014-01-{1 + i % 28:02} 00:00:00" for i in range(30)]
    _, precision, remarks = imported(bench, days, '"date"')
    assert set(precision) == {"day"}
    assert any("Every time is 00:00" in said for said in remarks)


@pytest.mark.parametrize("unknown", [19, 20])
def test_midnights_piled_among_times_are_days(bench: Bench, unknown: int) -> None:
    times = ["00:00"] * unknown + [f"21:{n:02d}" for n in range(59)]
    report = bench.run(
        "id,city,date,lon,lat,killed,injured\n"
        + "".join(f"{n},{{c0}},2014-01-02 {at},,,0,1\n" for n, at in enumerate(times))
    )
    days = int((bench.rows()["occurred_precision"] == "day").sum())
    assert days == (20 if unknown == 20 else 0)
    assert any("Far more times are 00:00" in one for one in report.remarks) == bool(days)


@pytest.mark.parametrize(
    ("name", "asked"), [("report_date", True), ("Date Entered", True), ("date", False)]
)
def test_a_date_called_a_report_is_asked_about(bench: Bench, name: str, asked: bool) -> None:
    mapping = INCIDENTS.replace('"date"', f'"{name}"')
    report = bench.run(
        f"id,city,{name},lon,lat,killed,injured\n1,{{c0}},2014-01-02,,,0,1\n", mapping
    )
    assert any(f"Is '{name}' the day of the shooting?" in one for one in report.remarks) == asked


def shot_by_hour(by_hour: dict[int, int]) -> list[datetime]:
    """A time a day in a winter, so many at each hour."""
    hours = [hour for hour, many in by_hour.items() for _ in range(many)]
    first = datetime(2013, 11, 10)
    return [first + timedelta(days=at % 100, hours=hour) for at, hour in enumerate(hours)]


AT_NIGHT = {1: 60, 6: 8, 12: 30, 15: 50, 21: 60}


@pytest.mark.parametrize(
    ("rule", "utc", "said"),
    [
        ('"date"', False, "Set z_is_local = true, or z_is_local = false if they are UTC"),
        ('"date"', True, "z_is_local = false says that it is right."),
        ('{ from = "date", z_is_local = true }', False, None),
        ('{ from = "date", z_is_local = false }', True, None),
    ],
)
@pytest.mark.parametrize("mark", ["Z", "+00", "+00:00"])
def test_both_readings_of_a_mark_are_compared(
    bench: Bench, rule: str, utc: bool, said: str | None, mark: str
) -> None:
    local = shot_by_hour(AT_NIGHT)
    clock = [at + timedelta(hours=5 if utc else 0) for at in local]
    found, _, remarks = imported(bench, [f"{at:%Y-%m-%dT%H:%M:%S}{mark}" for at in clock], rule)
    told = [remark for remark in remarks if "marked Z or +00" in remark]
    assert [said in remark for remark in told] == [True] * (said is not None)
    if said is not None:
        # Of local times the 60 at one in the night fell on the day before; of UTC those after 7 pm.
        assert "208 times" in told[0]
        assert ", 60 of them onto another day" in told[0]
    right = utc or "true" in rule
    assert (found == local) == right


def test_an_offset_of_the_zone_is_no_mark_of_utc(bench: Bench) -> None:
    written = [f"{at:%Y-%m-%dT%H:%M:%S}-05:00" for at in shot_by_hour(AT_NIGHT)]
    found, _, remarks = imported(bench, written, '"date"')
    assert found == shot_by_hour(AT_NIGHT)
    assert not [remark for remark in remarks if "marked Z or +00" in remark]


def test_marks_that_hours_do_not_explain_are_asked_about(bench: Bench) -> None:
    written = ["2014-01-05T13:20:00Z"] * 3
    _, _, remarks = imported(bench, written, '"date"')
    assert any("Their hours do not tell whether that is right" in remark for remark in remarks)


def test_days_of_other_columns_keep_their_order(bench: Bench) -> None:
    mapping = INCIDENTS.replace("[victims]", 'recorded_on = "entered"\n[victims]')
    report = bench.run(
        "id,city,date,lon,lat,killed,injured,entered\n"
        "a,{c0},2014-01-05 22:00,,,0,1,2014-01-05\n"
        "b,{c0},2014-01-05 22:00,,,0,1,2014-01-04\n",
        mapping,
    )
    assert list(bench.rows()["recorded_on"]) == [date(2014, 1, 5)]
    assert [line["rule"] for line in bench.refused(report)] == ["dates_out_of_order"]


JOINED = {
    "a serial number": ("excel", "41703", "13:20", datetime(2014, 3, 5, 13, 20)),
    "its time as a part of a day": ("excel", "41703", "0.0458333333", datetime(2014, 3, 5, 1, 6)),
    "a serial number with seconds": (
        "excel",
        "41703.0",
        "01:06:59",
        datetime(2014, 3, 5, 1, 6, 59),
    ),
    "an hour of twelve": ("unix_days", "16134", "12:05 am", datetime(2014, 3, 5, 0, 5)),
    "an afternoon": ("unix_days", "16134", "1:20 PM", datetime(2014, 3, 5, 13, 20)),
    "milliseconds of a day": (
        "epoch_milliseconds",
        "1393977600000",
        "23:59",
        datetime(2014, 3, 5, 23, 59),
    ),
    "a time with a day zero": (
        "excel",
        "41703",
        "1899-12-30 13:20:00",
        datetime(2014, 3, 5, 13, 20),
    ),
    "a day with slashes": ("%m/%d/%Y %H:%M", "03/05/2014", "13:20", datetime(2014, 3, 5, 13, 20)),
    "a midnight typed along": (
        "%m/%d/%Y %H:%M",
        "3/5/2014 12:00:00 AM",
        "13:20",
        datetime(2014, 3, 5, 13, 20),
    ),
    "a midnight in UTC": (
        "iso",
        "2014-03-05 00:00:00+00",
        "13:20:00",
        datetime(2014, 3, 5, 13, 20),
    ),
    "an ISO day": ("iso", "2014-03-05", "13:20", datetime(2014, 3, 5, 13, 20)),
    "no such time": ("excel", "41703", "25:10", None),
    "no time of twelve hours": ("excel", "41703", "13:20 PM", None),
}


@pytest.mark.parametrize(("written", "day", "time", "expected"), JOINED.values(), ids=JOINED)
def test_a_day_and_a_time_in_two_columns(
    bench: Bench, written: str, day: str, time: str, expected: datetime | None
) -> None:
    rule = f'{{ from = ["date", "time"], format = "{written}" }}'
    report = bench.run(
        f"id,city,date,time,lon,lat,killed,injured\na,{{c0}},{day},{time},,,1,0\n",
        INCIDENTS.replace('occurred_at = "date"', f"occurred_at = {rule}"),
    )
    if expected is None:
        assert [line["rule"] for line in bench.refused(report)] == ["unreadable_date"]
        return
    row = bench.rows().iloc[0]
    assert (row["occurred_at"].to_pydatetime(), row["occurred_precision"]) == (expected, "minute")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("2004/01/01 05:30:00+00", '"date"'),
        ("2004-01-01 05:30+00", '"date"'),
        ("2003-12-31T23:30:00-06", '"date"'),
        ("01/01/2004 05:30+00", '{ from = "date", format = "%m/%d/%Y %H:%M%z" }'),
    ],
)
def test_an_offset_of_hours_only_becomes_local_time(bench: Bench, text: str, rule: str) -> None:
    zone = bench.settings.time_zone
    expected = datetime(2004, 1, 1, 5, 30, tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    at, precision, _ = imported(bench, [text], rule)
    assert (at, precision) == ([expected], ["minute"])


def test_what_hangs_on_a_day_without_a_time_is_no_offset(bench: Bench) -> None:
    _, _, rules = imported(bench, ["2014-03-05-05"], '"date"')
    assert rules == ["unreadable_date"]
