"""Check: what looks like a person's data is refused, and never said.

Every number and name here is made up: 555-01xx and 000-xx or the numbers of
published examples.
"""

import json
from dataclasses import asdict
from hashlib import blake2b

import pytest

from longevity.checks.check import check_extracts
from tests.conftest import TODAY
from tests.factories import extracts

CITY = "new_haven"

# extract, column, value, kind
REFUSED = [
    ("releases_from_custody", "greeted_by", "someone@example.org", "an e-mail address"),
    ("releases_from_custody", "greeted_by", "Call (203) 555-0123", "a telephone number"),
    ("releases_from_custody", "greeted_by", "Michael Example", "a name"),
    ("releases_from_custody", "greeted_by", "Det. Example", "a name"),
    ("releases_from_custody", "facility", "12-14 North Main Street", "an address"),
    ("releases_from_custody", "facility", "P.O. Box 12", "an address"),
    ("releases_from_custody", "facility", "inmate no. 412345", "a record number"),
    ("groups", "label", "born 04/12/1987", "a date, which may be of birth"),
    ("groups", "label", "078-05-1120", "a social security number"),
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
TAKEN = [
    ("releases_from_custody", "greeted_by", "Re-entry office"),
    ("releases_from_custody", "greeted_by", "Michael Example Center"),
    ("releases_from_custody", "greeted_by", "Project 30, unit 4"),
    ("releases_from_custody", "facility", "North Correctional Institution"),
    ("enforcement_actions", "agency", "State Police, Central District"),
    ("groups", "label", "Group 12"),
    ("groups", "label", "North Star"),
    ("incidents", "neighbourhood", "Fair Haven Heights"),
    ("incidents", "neighbourhood", "Area 1"),
    ("incidents", "neighbourhood", "Clay / Arsenal"),
    ("incidents", "neighbourhood", "South-West"),
    ("incidents", "neighbourhood", "St. James, upper part"),
    ("incidents", "incident_id", "2014-04-01-003"),
    ("incidents", "incident_id", "550e8400-e29b-41d4-a716-446655440000"),
    ("incidents", "incident_id", "202012345"),
    ("call_ins", "call_in_id", "north-2014-04-01"),
    ("people", "person_id", "P-0001234"),
    ("people", "person_id", "00000123"),
    ("people", "person_id", "9f86d081884c7d65"),
    ("people", "person_id", "north-east.12"),
    ("budget", "source", "State grant 2014-15"),
]


def find(directory, settings):
    """What is found, each of one row: extract, column, kind of value, severity and row."""
    return {
        (
            finding.file.removesuffix(".parquet"),
            finding.column,
            finding.kind_of_value,
            finding.severity,
            finding.rows[0],
        )
        for finding in check_extracts(directory, settings, TODAY)
        if finding.rule == "personal_data"
    }


def write(directory, cells):
    """Rows of the extracts: each cell in a row of its own, after a harmless one."""
    rows = {}
    for extract, column, value in cells:
        made = rows.setdefault(extract, [extracts.row(extract, 1, CITY)])
        made.append(extracts.row(extract, len(made) + 1, CITY) | {column: value})
    for name in ("incidents", "victims"):
        rows.setdefault(name, [extracts.row(name, 1, CITY)])
    extracts.write(directory, **rows)


def turns():
    """The cases in as few folders as hold one of each extract."""
    folders = {}
    for at, case in enumerate(REFUSED):
        turn = sum(case[0] == earlier[0] for earlier in REFUSED[:at])
        folders.setdefault(turn, []).append(case)
    return folders.values()


@pytest.mark.parametrize("cases", turns())
def test_values_that_give_a_person_away(tmp_path, settings, cases):
    write(tmp_path, [case[:3] for case in cases])
    wanted = {(extract, column, kind, "error", 2) for extract, column, _, kind in cases}
    assert find(tmp_path, settings) == wanted


def test_harmless_values_pass(tmp_path, settings):
    write(tmp_path, TAKEN)
    assert find(tmp_path, settings) == set()


def test_no_finding_holds_a_value(tmp_path, settings):
    write(tmp_path, [case[:3] for case in REFUSED])
    findings = check_extracts(tmp_path, settings, TODAY)
    said = json.dumps([asdict(finding) for finding in findings])
    assert [value for _, _, value, _ in REFUSED if value in said] == []


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


def coded(directory, settings, codes):
    rows = [extracts.row("incidents", n, CITY, incident_id=code) for n, code in enumerate(codes)]
    extracts.write(directory, incidents=rows, victims=[])
    findings = check_extracts(directory, settings, TODAY)
    return [finding for finding in findings if finding.rule == "personal_data"]


@pytest.mark.parametrize("codes", RECORDS.values(), ids=RECORDS)
def test_record_numbers_are_an_error_that_names_coded(tmp_path, settings, codes):
    (finding,) = coded(tmp_path, settings, codes)
    assert (finding.severity, finding.acceptable, finding.kind_of_value) == ("error", False, "a record number")
    assert "coded = true" in finding.do
    assert finding.count in (9, 10)
    assert not any(code in json.dumps(asdict(finding)) for code in codes)


@pytest.mark.parametrize("codes", OPAQUE.values(), ids=OPAQUE)
def test_other_codes_are_no_record_numbers(tmp_path, settings, codes):
    assert coded(tmp_path, settings, codes) == []
