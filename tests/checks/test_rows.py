"""Check: each rule finds its rows, all at once, and never says a value."""

import json
from dataclasses import asdict
from datetime import date, datetime, timedelta
from hashlib import blake2b

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longevity.base.errors import UsageError
from longevity.checks.check import check_extracts
from longevity.ingest.contract import EXTRACTS
from tests.conftest import TODAY, UNTIL
from tests.drivers.checking import Check, ask
from tests.factories import extracts

EAST, WEST = "new_haven", "hartford"
DAY = timedelta(days=1)


def good(*names):
    """A valid row or two of every extract, or of incidents, victims and those named."""
    rows = {
        name: [extracts.row(name, n, city) for n, city in enumerate((EAST, WEST), 1)]
        for name in ("incidents", "victims")
    }
    for extract in EXTRACTS:
        if not names or extract.name in names:
            rows.setdefault(extract.name, [extracts.row(extract.name, 1, EAST)])
    return rows


@pytest.fixture
def check(tmp_path, settings):
    return Check(tmp_path, settings)


def broken(findings):
    return {(f.file.removesuffix(".parquet"), f.column, f.rule, f.severity, f.rows) for f in findings}


def rules(findings):
    return [(finding.file, finding.rule, finding.severity) for finding in findings]


def test_a_row_of_every_extract_passes(check):
    assert check(good()) == []
    assert check(good("incidents")) == []  # what is optional may be absent


# Rows: extract, column, value in the first row, rule, severity
CASES = [
    ("incidents", "incident_id", "two words", "not_a_code", "error"),
    ("incidents", "incident_id", "x" * 65, "too_long", "error"),
    ("incidents", "city", "hartfort", "unknown_city", "error"),
    ("incidents", "occurred_at", datetime(2099, 1, 1), "future", "error"),
    ("incidents", "occurred_at", datetime(1978, 12, 31, 23, 59), "too_early", "error"),
    ("incidents", "recorded_on", date(2020, 5, 31), "out_of_order", "error"),
    ("incidents", "reviewed_on", date(2019, 5, 31), "out_of_order", "error"),
    ("incidents", "circumstance", "Criminal", "unknown_word", "error"),
    ("incidents", "gmi", None, "empty", "error"),
    ("incidents", "neighbourhood", "y" * 201, "too_long", "error"),
    ("incidents", "neighbourhood", "two\nlines", "unprintable", "error"),
    ("groups", "label", "turned \u202egnorw", "unprintable", "error"),
    ("victims", "outcome", "dead", "unknown_word", "error"),
    ("victims", "age_band", "24", "not_an_age_band", "error"),  # an age, which no extract holds
    ("victims", "age_band", "24-24", "not_an_age_band", "error"),
    ("victims", "age_band", "30-18", "not_an_age_band", "error"),
    ("victims", "age_band", "65-121", "not_an_age_band", "error"),
    ("victims", "died_on", date(2020, 6, 2), "wounded_and_died", "error"),
    ("victims", "weapon", "knife", "wounded_not_shot", "warning"),
    ("victims", "weapon", "unknown", "wounded_not_shot", "warning"),
    ("victims", "incident_id", "incident-99999", "dangling_reference", "error"),
    ("victims", "incident_id", "incident-00002", "another_city", "error"),
    ("call_ins", "cases_prepared", -1, "out_of_range", "error"),
    ("budget", "allocated", float("nan"), "not_a_number", "error"),
    ("budget", "source", "  ", "empty", "error"),
    ("budget", "fiscal_year", 1900, "out_of_range", "error"),
    ("call_ins", "scheduled_for", TODAY + timedelta(367), "future", "error"),
    ("people", "review_by", TODAY + timedelta(1831), "future", "error"),
    ("memberships", "until_on", date(2020, 5, 1), "out_of_order", "error"),
    ("enforcement_actions", "trigger_incident_id", "nowhere", "dangling_reference", "error"),
    ("enforcement_actions", "trigger_incident_id", "incident-00002", "another_city", "warning"),
    ("groups", "succeeded_by", "group-777", "dangling_reference", "error"),
]
# A fault in one of these makes other rows or columns wrong as well.
ALONE = (*("incident_id", "city", "group_id", "trigger_incident_id", "succeeded_by"), *("occurred_at", "outcome"))


def in_folders(cases):
    """The cases in as few folders as hold each column once, those of ALONE apart."""
    turns = {}
    for at, case in enumerate(cases):
        turn = sum(case[:2] == earlier[:2] for earlier in cases[:at])
        turns.setdefault((case[1] in ALONE, turn), []).append(case)
    return [*turns.values()]


@pytest.mark.parametrize("cases", in_folders(CASES))
def test_each_rule_names_its_row(check, cases):
    rows = good()
    for extract, column, value, _, _ in cases:
        rows[extract][0] |= {column: value}
    found = broken(check(rows))
    wanted = {(extract, column, rule, how, (1,)) for extract, column, _, rule, how in cases}
    assert wanted <= found
    extra = {rule for _, _, rule, *_ in found - wanted}
    assert extra <= {"dangling_reference", "another_city", "out_of_order", "no_weapon"}


def test_what_is_on_the_limit_passes(check):
    rows = good("call_ins", "budget", "groups")
    rows["incidents"][0]["occurred_at"] = datetime(TODAY.year, TODAY.month, TODAY.day, 23, 59, 59)
    rows["incidents"][1] |= {"occurred_at": datetime(1979, 1, 1), "neighbourhood": "y" * 200}
    rows["call_ins"][0] |= {"scheduled_for": TODAY + timedelta(366), "cases_prepared": 0}
    rows["victims"][0] |= {"age_band": "65-120", "victim_id": "x" * 64}
    rows["budget"][0] |= {"fiscal_year": 1979, "spent": 0.0, "allocated": 1e10}
    assert check(rows) == []


def test_every_extract_has_a_rule_for_every_required_column(check):
    empty = {extract.name: [{column.name: None for column in extract.columns}] for extract in EXTRACTS}
    found = {(extract, column) for extract, column, *_ in broken(check(empty, ["empty"]))}
    assert found == {
        (extract.name, column.name) for extract in EXTRACTS for column in extract.columns if column.required
    }


# Checks of single rows: cells of a row, and the severity of what is found; None: nothing.
ANSWERS = {"trigger_incident_id": "incident-00001"}
NOTIFIED = "custom_notifications"
MAY, JUNE = date(2020, 5, 31), date(2020, 6, 1)  # the day before the incident, and its own
ROWS = [
    ("fatal_without_day", "victims", {"outcome": "fatal"}, "warning"),
    ("fatal_without_day", "victims", {"outcome": "fatal", "died_on": JUNE}, None),
    ("wounded_not_shot", "victims", {"outcome": "fatal", "weapon": "knife"}, None),
    ("out_of_order", "victims", {"died_on": MAY}, "error"),
    ("out_of_order", "victims", {"died_on": JUNE}, None),
    ("out_of_order", "enforcement_actions", {"acted_on": MAY} | ANSWERS, "warning"),
    ("out_of_order", "enforcement_actions", {"acted_on": JUNE} | ANSWERS, None),
    ("out_of_order", NOTIFIED, {"attempted_on": MAY} | ANSWERS, "warning"),
    ("out_of_order", NOTIFIED, {"attempted_on": JUNE} | ANSWERS, None),
    ("half_a_point", "incidents", {"longitude": -72.9}, "error"),
]


@pytest.mark.parametrize(("name", "extract", "cells", "severity"), ROWS)
def test_a_check_of_rows(check, name, extract, cells, severity):
    rows = good(extract)
    rows[extract][0] |= cells
    found = check(rows, [name])
    assert [(finding.rows, finding.severity) for finding in found] == ([((1,), severity)] if severity else [])


def test_rows_are_counted_and_the_first_five_named(check):
    rows = good("incidents")
    rows["victims"] = [
        extracts.row("victims", n, EAST, incident_id="incident-00001", outcome="x" if n % 2 else "fatal")
        for n in range(1, 41)
    ]
    (finding,) = check(rows, ["unknown_word"])
    assert (finding.rows, finding.count) == ((1, 3, 5, 7, 9), 20)
    assert finding.sentence.startswith("victims.parquet, rows 1, 3, 5, 7, 9 and 15 more, column outcome:")


def test_the_nearest_valid_word_is_named_and_the_value_is_not(check):
    rows = good("incidents")
    rows["victims"][0] |= {"city": "harttford", "weapon": "fierarm"}
    findings = check(rows)
    advice = {finding.column: finding.do for finding in findings if finding.rule.startswith("unknown_")}
    assert advice == {"city": "Did you mean 'hartford'?", "weapon": "Did you mean 'firearm'?"}
    said = json.dumps([asdict(finding) for finding in findings])
    assert "harttford" not in said
    assert "fierarm" not in said


def test_duplicate_keys(check):
    rows = good("incidents", "groups")
    first, second = rows["incidents"]
    rows["incidents"] += [dict(first), second | {"city": EAST}, dict(first)]
    # A key of several columns, with one of them empty.
    group = extracts.row("groups", 1, EAST)
    rows["groups"] = [group | {"audited_on": None}] * 2 + [group]
    assert [finding.rows for finding in check(rows, ["duplicate_key"])] == [(3, 4, 5), (2,)]


def test_a_group_may_become_another_of_its_own_extract(check):
    rows = good("groups")
    later, earlier = (extracts.row("groups", n, EAST) for n in (2, 1))
    rows["groups"] = [later, earlier | {"succeeded_by": later["group_id"]}]
    assert check(rows) == []
    rows["groups"][0]["city"] = WEST
    assert broken(check(rows)) == {("groups", "succeeded_by", "another_city", "warning", (2,))}
    # One of its own city may have a namesake in another.
    rows["groups"].append(later | {"city": EAST, "audited_on": None})
    assert check(rows, ["another_city"]) == []


def test_a_missing_required_extract(check):
    (finding,) = check({"incidents": good()["incidents"]})
    assert rules([finding]) == [("victims.parquet", "missing_extract", "error")]
    assert "Put victims.parquet, each row a person shot" in finding.do
    assert "into the folder (docs/data-contract.md)" in finding.do


def test_a_file_that_cannot_be_read(check):
    check.write(good("call_ins", "budget"))
    whole = check.folder / "call_ins.parquet"
    whole.write_bytes(whole.read_bytes()[:-20])
    (check.folder / "budget.parquet").unlink()
    (check.folder / "budget.parquet").mkdir()
    assert {*rules(check.again())} == {(f"{name}.parquet", "unreadable", "error") for name in ("call_ins", "budget")}


def test_columns_too_many_too_few_and_misspelt(check):
    check.write(good("incidents"))
    path = check.folder / "incidents.parquet"
    names = {"neighbourhood": "neighborhood", "gmi": "group_involved"}
    pq.write_table(pq.read_table(path).rename_columns(names), path)
    findings = {(finding.column, finding.rule, finding.severity) for finding in check.again()}
    assert findings >= {
        ("neighborhood", "extra_column", "error"),
        ("neighbourhood", "missing_column", "warning"),
        ("gmi", "missing_column", "error"),
    }


@pytest.mark.parametrize("absent", ["longitude", "latitude"])
def test_half_of_every_point_is_not_supplied(check, absent):
    check.write(good("incidents"))
    path = check.folder / "incidents.parquet"
    rows = pq.read_table(path).drop_columns(["longitude", "latitude"])
    given = "latitude" if absent == "longitude" else "longitude"
    pq.write_table(rows.append_column(given, pa.array([41.3] * len(rows))), path)
    assert "half_a_point" in {finding.rule for finding in check.again()}


def test_an_unknown_file_is_named(check):
    check.write(good("call_ins", "budget"))
    (check.folder / "call_in.parquet").write_bytes((check.folder / "call_ins.parquet").read_bytes())
    (check.folder / "notes.txt").write_text("notes")
    (check.folder / "budget.csv").write_text("city")
    assert set(rules(check.again())) == {
        ("call_in.parquet", "unknown_file", "error"),
        ("budget.csv", "unknown_file", "error"),
        ("notes.txt", "unknown_file", "warning"),
    }


def test_a_folder_that_is_not_there_and_one_with_pattern_characters(tmp_path, settings):
    with pytest.raises(UsageError, match="is not a folder"):
        check_extracts(tmp_path / "nowhere", settings, TODAY)
    assert Check(tmp_path / "it's [a] *star?", settings)(good("incidents")) == []


# Types: extract, column, values, and the rule that refuses them
TIMES = [datetime(2020, 6, 1)] * 2
TAKEN = [
    ("incidents", "occurred_at", pa.array(TIMES, pa.timestamp("ns"))),
    ("incidents", "occurred_at", pa.array([date(2020, 6, 1)] * 2, pa.date32())),
    ("incidents", "city", pa.array([EAST, WEST]).dictionary_encode()),
    ("incidents", "longitude", pa.nulls(2)),
    ("call_ins", "cases_prepared", pa.array([3], pa.uint16())),
    ("budget", "spent", pa.array([3], pa.int64())),
]
REFUSED = [
    ("incidents", "occurred_at", pa.array(TIMES, pa.timestamp("us", "UTC"))),
    ("incidents", "city", pa.array([1, 2])),
    ("incidents", "longitude", pa.array(["-72.9", "-72.9"])),
    ("incidents", "recorded_on", pa.array([datetime(2020, 6, 2)] * 2)),
    ("call_ins", "cases_prepared", pa.array([3.0])),
    ("invitations", "reachable", pa.array([1])),
]


def with_types(check, cases):
    """What is found where the columns of an extract hold these values."""
    check.write(good(*(extract for extract, *_ in cases)))
    for extract, column, values, *_ in cases:
        path = check.folder / f"{extract}.parquet"
        table = pq.read_table(path)
        at = table.schema.get_field_index(column)
        pq.write_table(table.set_column(at, column, values), path)
    return check.again()


@pytest.mark.parametrize("cases", in_folders(TAKEN))
def test_types_that_lose_nothing_are_taken(check, cases):
    assert with_types(check, cases) == []


@pytest.mark.parametrize("cases", in_folders(REFUSED))
def test_types_that_would_lose_something_are_refused(check, cases):
    found = broken(with_types(check, cases))
    refused = {(extract, column, "wrong_type", "error") for extract, column, _ in cases}
    # Of what cannot be read nothing else is said.
    unread = {column for _, column, *_ in cases}
    assert {finding[:4] for finding in found if finding[1] in unread} == refused


def test_declared_days(check):
    through = {"incidents": {EAST: date(2020, 5, 31), WEST: TODAY + DAY}, "victims": {EAST: UNTIL}}
    found = {(finding.rule, finding.severity, finding.rows) for finding in check(good(), data_through=through)}
    assert found == {("after_data_through", "warning", (1,)), ("data_through", "error", ())}
    days = {"incidents": {EAST: date(2020, 6, 1), WEST: TODAY}}
    assert check(good(), data_through=days) == []


def test_a_source_that_begins_after_it_ends(check):
    check.write(good("incidents"))
    (check.folder / "extracts.toml").write_text(
        f"[data_through]\nincidents = {UNTIL}\n[data_from]\nincidents = {TODAY}\n"
        f"victims = {{ {EAST} = 2030-01-01, {WEST} = 2019-01-01 }}\n"
    )
    found = [(finding.rule, finding.severity, finding.count) for finding in check.again()]
    assert found == [("data_from", "error", 3), ("data_from", "error", 1)]


@pytest.mark.parametrize(
    "content",
    [
        "kind = ",
        'kind = "rael"',
        "[data_trough]\nincidents = 2020-01-01",
        f'[holds.outcomes]\n{EAST} = ["killed"]',
        f'[holds.outcomes]\n{EAST} = "fatal"',
        '[holds.outcomes]\nnowhere = ["fatal"]',
    ],
)
def test_a_wrong_extracts_file(check, content):
    check.write(good("incidents"))
    (check.folder / "extracts.toml").write_text(content)
    assert rules(check.again()) == [("extracts.toml", "extracts_file", "error")]


@pytest.mark.parametrize(
    ("key", "held", "victim", "column"),
    [
        ("outcomes", "nonfatal", {"outcome": "fatal"}, "outcome"),
        ("outcomes", "fatal", {"outcome": "fatal"}, ""),
        ("weapons", "knife", {"weapon": "firearm"}, "weapon"),
        # Not to know the weapon does not contradict it.
        ("weapons", "knife", {"weapon": "unknown"}, ""),
    ],
)
def test_a_victim_that_the_source_is_said_not_to_hold(settings, key, held, victim, column):
    rows = good("victims")
    rows["victims"][0] |= victim
    found = ask(rows, ["not_held"], settings, holds={"outcomes": {}, "weapons": {}} | {key: {EAST: (held,)}})
    assert [(finding.column, finding.severity) for finding in found] == ([(column, "error")] if column else [])


def test_no_rows(settings):
    found = ask({"incidents": [], "victims": [], "services": []}, ["no_rows"], settings)
    assert rules(found) == [("incidents.parquet", "no_rows", "error"), ("victims.parquet", "no_rows", "warning")]


def test_a_declared_extract_that_is_not_there(check):
    found = check(good("incidents"), data_through={"services": {EAST: UNTIL}})
    assert rules(found) == [("extracts.toml", "declared_without_extract", "warning")]


# What looks like a person's data is refused, and never said. Every number and name here is made up:
# 555-01xx and 000-xx, or the numbers of published examples.
# extract, column, value, kind
PERSONAL = [
    ("releases_from_custody", "greeted_by", "someone@example.org", "an e-mail address"),
    ("releases_from_custody", "greeted_by", "Call (203) 555-0123", "a telephone number"),
    *(
        ("releases_from_custody", "greeted_by", f"Call {number}", "a telephone number")
        for number in ("203-555-0123", "203.555.0123", "203 555 0123", "(203)555.0123")
    ),
    ("releases_from_custody", "greeted_by", "Michael Example", "a name"),
    ("releases_from_custody", "greeted_by", "Det. Example", "a name"),
    ("releases_from_custody", "facility", "12-14 North Main Street", "an address"),
    ("releases_from_custody", "facility", "P.O. Box 12", "an address"),
    ("releases_from_custody", "facility", "inmate no. 412345", "a record number"),
    ("groups", "label", "born 04/12/1987", "a date, which may be of birth"),
    ("groups", "label", "078-05-1120", "a social security number"),
    ("groups", "label", "078 05 1120", "a social security number"),
    ("groups", "label", "no. 078 05-1120", "a social security number"),
    ("incidents", "neighbourhood", "12 Elm St", "an address"),
    ("incidents", "neighbourhood", "XYZ-CR14-0123456-S", "a record number"),
    ("incidents", "incident_id", "078-05-1120", "a social security number"),
    ("groups", "label", "078051120", "a social security or telephone number"),
    ("people", "person_id", "078051120", "a social security or telephone number"),
    ("people", "person_id", "2035550123", "a social security or telephone number"),
    ("people", "person_id", "1987-04-12", "a date, which may be of birth"),
    ("people", "person_id", "19870412", "a date, which may be of birth"),
    ("people", "person_id", "ME19870412", "a date, which may be of birth"),
    ("people", "person_id", "michael.example", "a name"),
    ("people", "person_id", "Example-Michael", "a name"),
    ("people", "person_id", "XYZ-CR21-0212345", "a record number"),
    ("victims", "victim_id", "078-05-1120", "a social security number"),
]
HARMLESS = {
    ("releases_from_custody", "greeted_by"): ["Re-entry office", "Michael Example Center", "Project 30, unit 4"],
    ("releases_from_custody", "facility"): ["North Correctional Institution"],
    ("enforcement_actions", "agency"): ["State Police, Central District"],
    ("groups", "label"): ["Group 12", "North Star"],
    ("incidents", "neighbourhood"): ["Fair Haven Heights", "Area 1", "Clay / Arsenal", "South-West", "St. James, east"],
    ("incidents", "incident_id"): ["2014-04-01-003", "550e8400-e29b-41d4-a716-446655440000", "202012345"],
    ("call_ins", "call_in_id"): ["north-2014-04-01"],
    ("people", "person_id"): ["P-0001234", "00000123", "9f86d081884c7d65", "north-east.12"],
    ("budget", "source"): ["State grant 2014-15"],
}


def with_cells(cells):
    """Rows of the extracts: each cell in a row of its own, after harmless ones."""
    rows = good("incidents")
    for extract, column, value, *_ in cells:
        made = rows.setdefault(extract, [extracts.row(extract, 1, EAST)])
        made.append(extracts.row(extract, len(made) + 1, EAST) | {column: value})
    return rows


def test_values_that_give_a_person_away(check):
    rows = with_cells(PERSONAL)
    found = check(rows, ["personal_data"])
    assert {finding.severity for finding in found} == {"error"}
    assert {
        (extract, finding.column, rows[extract][row - 1][finding.column], finding.what.split("like ")[1].rstrip("."))
        for finding in found
        for extract in [finding.file.removesuffix(".parquet")]
        for row in finding.rows
    } == {*PERSONAL}
    harmless = [(*column, value) for column, values in HARMLESS.items() for value in values]
    assert check(with_cells(harmless), ["personal_data"]) == []


def test_no_finding_holds_a_value(check):
    said = json.dumps([asdict(finding) for finding in check(with_cells(PERSONAL))])
    assert [value for _, _, value, _ in PERSONAL if value in said] == []


# How publishers number: a year, a district and a count; a key of nine digits; letters and six.
RECORDS = {
    "twelve digits": [f"2014{11 + at}{3 + 9_001 * at:06d}" for at in range(10)],
    "nine digits": [str(24_050_482 + 7_919_113 * at) for at in range(10)],
    "birth dates": [f"{1960 + 3 * at}{1 + at:02d}17" for at in range(10)],
    "initials and birth dates": [f"ME{1960 + 3 * at}{1 + at:02d}17" for at in range(10)],
    "social security numbers": [f"0{78_051_120 + 7_919_113 * at}" for at in range(2)]
    + [f"{112_340_000 + 7_919_113 * at}" for at in range(8)],
    "letters and six": [f"HK{123_456 + 5_003 * at}" for at in range(10)],
    "a prefix before": [f"city-{24_050_482 + 7_919_113 * at}" for at in range(10)],
    "one of ten without": ["x1", *(f"HK{123_456 + 5_003 * at}" for at in range(9))],
}  # fmt: skip
OPAQUE = {
    "running numbers": [str(90_000_000 + 3 * at) for at in range(40)],
    "numbers filled up with noughts": [f"e-{1_111 * at:08d}" for at in range(10)],
    "short numbers": [f"gva-{92_704 + 10_007 * at}" for at in range(10)],
    "codes import made": [f"c{blake2b(bytes([n]), digest_size=10).hexdigest()}" for n in range(40)],
    "two of ten without": ["x1", "x2", *(f"HK{123_456 + 5_003 * at}" for at in range(8))],
}  # fmt: skip


def coded(check, codes):
    rows = [extracts.row("incidents", n, EAST, incident_id=code) for n, code in enumerate(codes)]
    return check({"incidents": rows, "victims": []}, ["personal_data"])


@pytest.mark.parametrize("codes", RECORDS.values(), ids=RECORDS)
def test_record_numbers_are_an_error_that_names_coded(check, codes):
    (finding,) = coded(check, codes)
    assert (finding.severity, finding.acceptable) == ("error", False)
    assert "coded = true" in finding.do
    assert finding.count in (9, 10)
    assert not any(code in json.dumps(asdict(finding)) for code in codes)


@pytest.mark.parametrize("codes", OPAQUE.values(), ids=OPAQUE)
def test_other_codes_are_no_record_numbers(check, codes):
    assert coded(check, codes) == []
