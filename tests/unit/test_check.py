"""Check: each rule finds its rows, all at once, and never says a value."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longevity.checks.check import check_extracts
from longevity.checks.findings import Finding
from longevity.errors import UsageError
from longevity.ingest.contract import AHEAD_DAYS, EXTRACTS, REVIEW_DAYS
from longevity.settings import Settings
from tests.conftest import TODAY, UNTIL
from tests.drivers.checking import Check
from tests.factories import extracts

EAST, WEST = "new_haven", "hartford"
Rows = dict[str, list[dict[str, Any]]]


def good(*names: str) -> Rows:
    """A valid row or two of every extract, or of incidents, victims and those named."""
    incidents = [extracts.row("incidents", n, city) for n, city in enumerate((EAST, WEST), 1)]
    victims = [extracts.row("victims", n, city) for n, city in enumerate((EAST, WEST), 1)]
    rows: Rows = {"incidents": incidents, "victims": victims}
    for extract in EXTRACTS:
        if not names or extract.name in names:
            rows.setdefault(extract.name, [extracts.row(extract.name, 1, EAST)])
    return rows


@pytest.fixture
def check(tmp_path: Path, settings: Settings) -> Check:
    return Check(tmp_path, settings)


def broken(findings: list[Finding]) -> set[tuple[str, str | None, str, str, tuple[int, ...]]]:
    return {
        (one.file.removesuffix(".parquet"), one.column, one.rule, one.severity, one.rows)
        for one in findings
    }


def test_a_row_of_every_extract_passes(check: Check) -> None:
    assert check(good()) == []


def test_an_absent_optional_extract_is_no_finding(check: Check) -> None:
    rows = good()
    assert check({k: rows[k] for k in ("incidents", "victims")}) == []


LATER = datetime(2099, 1, 1)
CASES: list[tuple[str, str, Any, str, str]] = [
    # extract, column, value in the first row, rule, severity
    ("incidents", "incident_id", None, "empty", "error"),
    ("incidents", "incident_id", "two words", "not_a_code", "error"),
    ("incidents", "incident_id", "x" * 65, "too_long", "error"),
    ("incidents", "city", "hartfort", "unknown_city", "error"),
    ("incidents", "city", None, "empty", "error"),
    ("incidents", "occurred_at", LATER, "future", "error"),
    ("incidents", "occurred_at", datetime(1978, 12, 31, 23, 59), "too_early", "error"),
    ("incidents", "recorded_on", date(2020, 5, 31), "out_of_order", "error"),
    ("incidents", "reviewed_on", date(2019, 5, 31), "out_of_order", "error"),
    ("incidents", "circumstance", "Criminal", "unknown_word", "error"),
    ("incidents", "gmi", None, "empty", "error"),
    ("incidents", "neighbourhood", "y" * 201, "too_long", "error"),
    ("incidents", "neighbourhood", "two\nlines", "unprintable", "error"),
    ("groups", "label", "turned \u202egnorw", "unprintable", "error"),
    ("groups", "label", "y" * 10_000, "too_long", "error"),
    ("victims", "outcome", "dead", "unknown_word", "error"),
    ("victims", "age_band", "24", "not_an_age_band", "error"),  # an age, which no extract holds
    ("victims", "age_band", "under 18", "not_an_age_band", "error"),  # an import writes 0-17
    ("victims", "age_band", "30-18", "not_an_age_band", "error"),
    ("victims", "age_band", "65-121", "not_an_age_band", "error"),
    ("victims", "age_band", "1999-12", "not_an_age_band", "error"),
    ("victims", "age_band", None, "empty", "error"),
    ("victims", "died_on", date(2020, 6, 2), "wounded_and_died", "error"),
    ("victims", "weapon", "knife", "wounded_otherwise", "warning"),
    ("victims", "weapon", "unknown", "wounded_by_unknown", "warning"),
    ("victims", "incident_id", "incident-99999", "dangling_reference", "error"),
    ("victims", "incident_id", "incident-00002", "another_city", "error"),
    ("call_ins", "cases_prepared", -1, "out_of_range", "error"),
    ("budget", "allocated", float("nan"), "not_a_number", "error"),
    ("budget", "spent", float("inf"), "not_a_number", "error"),
    ("budget", "source", "  ", "empty", "error"),
    ("budget", "fiscal_year", 1900, "out_of_range", "error"),
    ("call_ins", "scheduled_for", TODAY + timedelta(AHEAD_DAYS + 1), "future", "error"),
    ("people", "review_by", TODAY + timedelta(REVIEW_DAYS + 1), "future", "error"),
    ("memberships", "until_on", date(2020, 5, 1), "out_of_order", "error"),
    ("memberships", "group_id", "group-777", "dangling_reference", "error"),
    ("enforcement_actions", "trigger_incident_id", "nowhere", "dangling_reference", "error"),
    ("enforcement_actions", "trigger_incident_id", "incident-00002", "another_city", "warning"),
    ("groups", "succeeded_by", "group-777", "dangling_reference", "error"),
]


# A fault in one of these makes other rows or columns wrong as well.
ALONE = (
    "incident_id",
    "city",
    "group_id",
    "trigger_incident_id",
    "succeeded_by",
    "occurred_at",
    "outcome",
)


def _folders(cases: list[tuple[str, str, Any, str, str]]) -> list[list[Any]]:
    """The cases in as few folders as hold each column once: a check is for many faults."""
    turns: dict[int, list[Any]] = {}
    for at, case in enumerate(cases):
        if case[1] not in ALONE:
            turn = sum(case[:2] == earlier[:2] for earlier in cases[:at])
            turns.setdefault(turn, []).append(case)
    return [*turns.values(), *([case] for case in cases if case[1] in ALONE)]


@pytest.mark.parametrize("cases", _folders(CASES))
def test_each_rule_names_its_row(check: Check, cases: list[tuple[str, str, Any, str, str]]) -> None:
    rows = good()
    for extract, column, value, _, _ in cases:
        rows[extract][0] |= {column: value}
    found = broken(check(rows))
    wanted = {(extract, column, rule, how, (1,)) for extract, column, _, rule, how in cases}
    assert wanted <= found
    extra = {one[2] for one in found - wanted}
    assert extra <= {"dangling_reference", "another_city", "out_of_order", "no_weapon"}


def test_dates_on_the_limit_pass(check: Check) -> None:
    rows = good("call_ins", "budget")
    rows["incidents"][0]["occurred_at"] = datetime(TODAY.year, TODAY.month, TODAY.day, 23, 59, 59)
    rows["incidents"][1]["occurred_at"] = datetime(1979, 1, 1)
    rows["call_ins"][0]["scheduled_for"] = TODAY + timedelta(AHEAD_DAYS)
    assert check(rows) == []


def test_rows_are_counted_and_the_first_five_named(check: Check) -> None:
    rows = good("incidents")
    rows["victims"] = [
        extracts.row(
            "victims", n, EAST, incident_id="incident-00001", outcome="x" if n % 2 else "fatal"
        )
        for n in range(1, 41)
    ]
    found = check(rows, ["unknown_word"])
    assert [(one.row, one.rows, one.count) for one in found] == [(1, (1, 3, 5, 7, 9), 20)]
    assert found[0].sentence.startswith(
        "victims.parquet, rows 1, 3, 5, 7, 9 and 15 more, column outcome:"
    )


def test_the_nearest_valid_word_is_named_and_the_value_is_not(check: Check) -> None:
    rows = good("incidents")
    rows["victims"][0] |= {"city": "harttford", "weapon": "fierarm"}
    findings = check(rows)
    advice = {one.column: one.do for one in findings if one.rule.startswith("unknown_")}
    assert advice == {"city": "Did you mean 'hartford'?", "weapon": "Did you mean 'firearm'?"}
    said = json.dumps([asdict(one) for one in findings])
    assert "harttford" not in said
    assert "fierarm" not in said


def test_duplicate_keys_within_and_across_cities(check: Check) -> None:
    rows = good("incidents")
    first = rows["incidents"][0]
    rows["incidents"] += [dict(first), rows["incidents"][1] | {"city": EAST}]
    found = {(one.rule, one.rows) for one in check(rows) if "duplicate" in one.rule}
    assert found == {("duplicate_key", (3,)), ("duplicate_across_cities", (4,))}


def test_a_key_of_several_columns_with_one_empty(check: Check) -> None:
    rows = good("groups")
    rows["groups"] = [extracts.row("groups", 1, EAST) | {"audited_on": None}] * 2
    rows["groups"].append(extracts.row("groups", 1, EAST))
    found = check(rows, ["duplicate_key"])
    assert [one.rows for one in found] == [(2,)]


def test_a_group_may_become_another_of_its_own_extract(check: Check) -> None:
    rows = good("groups")
    later, earlier = (extracts.row("groups", n, EAST) for n in (2, 1))
    rows["groups"] = [later, earlier | {"succeeded_by": later["group_id"]}]
    assert check(rows) == []
    rows["groups"][0]["city"] = WEST
    found = broken(check(rows))
    assert found == {("groups", "succeeded_by", "another_city", "warning", (2,))}


@pytest.mark.parametrize(
    ("longitude", "latitude", "rule", "severity"),
    [
        (-72.9, None, "half_a_point", "error"),
        (0.0, 0.0, "zero_point", "warning"),
        (float("nan"), 41.3, "not_a_number", "error"),
        (float("-inf"), 41.3, "not_a_number", "error"),
        (41.3, -72.9, "far_away", "warning"),
        (-181.0, 41.3, "out_of_range", "error"),
        (950_000.0, 650_000.0, "out_of_range", "error"),
    ],
)
def test_impossible_points(
    check: Check, longitude: float, latitude: float, rule: str, severity: str
) -> None:
    rows = good("incidents")
    rows["incidents"][0] |= {"longitude": longitude, "latitude": latitude}
    assert (rule, severity) in {(one.rule, one.severity) for one in check(rows)}


def test_piled_points_are_told_unless_marked_city(check: Check) -> None:
    rows = good("incidents")
    centre = {"longitude": -72.9, "latitude": 41.3}
    rows["incidents"] = [
        extracts.row("incidents", n, EAST)
        | centre
        | {"location_precision": "city" if n > 25 else "block"}
        for n in range(1, 31)
    ]
    rows = {"incidents": rows["incidents"], "victims": rows["victims"][:1]}
    found = check(rows, ["piled_points"])
    assert [(one.severity, one.count, one.row) for one in found] == [("warning", 25, 1)]


def test_a_death_before_the_event(check: Check) -> None:
    rows = good("incidents")
    rows["victims"][1] |= {"outcome": "fatal", "died_on": date(2020, 5, 31)}
    assert ("victims", "died_on", "out_of_order", "error", (2,)) in broken(check(rows))


@pytest.mark.parametrize(
    ("extract", "column"),
    [("enforcement_actions", "acted_on"), ("custom_notifications", "attempted_on")],
)
@pytest.mark.parametrize(("day", "rows"), [(date(2020, 5, 31), {(1,)}), (date(2020, 6, 1), set())])
def test_what_is_dated_before_the_incident_it_answers(
    check: Check, extract: str, column: str, day: date, rows: set[Any]
) -> None:
    given = good()
    given[extract][0] |= {column: day, "trigger_incident_id": "incident-00001"}
    found = broken(check(given))
    assert found == {(extract, column, "out_of_order", "warning", one) for one in rows}


@pytest.mark.parametrize(
    ("allocated", "spent", "findings"),
    [(100.0, 0.0, 1), (100.0, None, 0), (100.0, 1.0, 0), (0.0, 0.0, 0)],
)
def test_a_budget_of_which_nothing_was_spent_is_a_warning(
    check: Check, allocated: float, spent: float | None, findings: int
) -> None:
    rows = good("budget")
    rows["budget"][0] |= {"allocated": allocated, "spent": spent}
    found = check(rows)
    assert [(one.rule, one.severity) for one in found] == [("nothing_spent", "warning")] * findings


def test_a_fatal_victim_without_a_day_is_a_warning(check: Check) -> None:
    rows = good("incidents")
    rows["victims"][1] |= {"outcome": "fatal"}
    assert broken(check(rows)) == {("victims", "died_on", "fatal_without_day", "warning", (2,))}


# --- files -------------------------------------------------------------------


def test_a_missing_required_extract(check: Check) -> None:
    findings = check({"incidents": good()["incidents"]})
    assert [(one.file, one.rule, one.severity) for one in findings] == [
        ("victims.parquet", "missing_extract", "error")
    ]
    assert "Put victims.parquet, each row a person shot" in findings[0].do
    assert f"into {check.folder} (docs/data-contract.md)" in findings[0].do


def test_a_misspelt_extract_is_named_as_the_missing_one(check: Check) -> None:
    check(good("incidents"))
    (check.folder / "victims.parquet").rename(check.folder / "victim.parquet")
    (said,) = [one for one in check.again() if one.rule == "missing_extract"]
    assert said.do == "Did you mean 'victim.parquet'?"


def _hole(path: Path) -> None:
    """Damage pages, and leave the footer readable."""
    data = bytearray(path.read_bytes())
    data[4:400] = b"\xff" * 396
    path.write_bytes(bytes(data))


def _replace(path: Path, put: Callable[[Path], None]) -> None:
    path.unlink()
    put(path)


DAMAGES: dict[str, Callable[[Path], Any]] = {
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-20]),
    "garbage": lambda path: path.write_bytes(bytes(range(256)) * 40),
    "empty": lambda path: path.write_bytes(b""),
    "hole": _hole,
    "folder": lambda path: _replace(path, Path.mkdir),
    "to nowhere": lambda path: _replace(path, lambda at: at.symlink_to(at.with_name("nowhere"))),
    "pipe": lambda path: _replace(path, os.mkfifo),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_file_that_cannot_be_read(check: Check, damage: Callable[[Path], None]) -> None:
    check(good("call_ins"))
    damage(check.folder / "call_ins.parquet")
    findings = check.again()
    assert [(one.file, one.rule, one.severity) for one in findings] == [
        ("call_ins.parquet", "unreadable", "error")
    ]


def test_columns_too_many_too_few_and_misspelt(check: Check) -> None:
    check(good("incidents"))
    path = check.folder / "incidents.parquet"
    table = pq.read_table(path).rename_columns(
        {"neighbourhood": "neighborhood", "gmi": "group_involved"}
    )
    pq.write_table(table, path)
    findings = {(one.column, one.rule, one.severity, one.do) for one in check.again()}
    assert ("neighborhood", "extra_column", "error", "Did you mean 'neighbourhood'?") in findings
    assert (
        "neighbourhood",
        "missing_column",
        "warning",
        "Did you mean 'neighborhood'?",
    ) in findings
    assert ("gmi", "missing_column", "error") in {one[:3] for one in findings}


def test_an_unknown_file_is_told(check: Check) -> None:
    check(good("call_ins", "budget"))
    (check.folder / "call_in.parquet").write_bytes((check.folder / "call_ins.parquet").read_bytes())
    (check.folder / "notes.txt").write_text("notes")
    (check.folder / "budget.csv").write_text("city")
    found = {(one.file, one.rule, one.severity) for one in check.again()}
    assert found == {
        ("call_in.parquet", "unknown_file", "error"),
        ("budget.csv", "unknown_file", "error"),
        ("notes.txt", "unknown_file", "warning"),
    }


def test_a_folder_that_is_not_there(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(UsageError, match="is not a folder"):
        check_extracts(tmp_path / "nowhere", settings, TODAY)


def test_a_path_with_pattern_characters(tmp_path: Path, settings: Settings) -> None:
    assert Check(tmp_path / "it's [a] *star?", settings)(good("incidents")) == []


# --- types -------------------------------------------------------------------


def _with(path: Path, column: str, values: pa.Array) -> None:
    table = pq.read_table(path)
    pq.write_table(table.set_column(table.schema.get_field_index(column), column, values), path)


TAKEN = [
    ("incidents", "occurred_at", pa.array([datetime(2020, 6, 1)] * 2, pa.timestamp("ns"))),
    ("incidents", "occurred_at", pa.array([datetime(2020, 6, 1)] * 2, pa.timestamp("s"))),
    ("incidents", "occurred_at", pa.array([date(2020, 6, 1)] * 2, pa.date32())),
    ("incidents", "recorded_on", pa.array([datetime(2020, 6, 2)] * 2, pa.timestamp("ns"))),
    ("incidents", "recorded_on", pa.array([date(2020, 6, 2)] * 2, pa.date64())),
    ("incidents", "city", pa.array([EAST, WEST]).dictionary_encode()),
    ("incidents", "city", pa.array([EAST, WEST], pa.large_string())),
    ("incidents", "longitude", pa.nulls(2)),
    ("call_ins", "cases_prepared", pa.array([3], pa.int8())),
    ("call_ins", "cases_prepared", pa.array([3], pa.uint64())),
    ("call_ins", "cases_prepared", pa.array([3.0], pa.float64())),
    ("budget", "spent", pa.array([3], pa.int32())),
    ("budget", "spent", pa.array([3], pa.decimal128(12, 2))),
]
REFUSED = [
    (
        "incidents",
        "occurred_at",
        pa.array([datetime(2020, 6, 1)] * 2, pa.timestamp("us", "UTC")),
        "wrong_type",
    ),
    ("incidents", "occurred_at", pa.array(["2020-06-01 21:30"] * 2), "wrong_type"),
    ("incidents", "city", pa.array([1, 2]), "wrong_type"),
    ("incidents", "city", pa.array([b"a", b"b"]), "wrong_type"),
    ("incidents", "longitude", pa.array(["-72.9", "-72.9"]), "wrong_type"),
    (
        "incidents",
        "recorded_on",
        pa.array([datetime(2020, 6, 2, 1)] * 2, pa.timestamp("us")),
        "lossy_value",
    ),
    ("call_ins", "cases_prepared", pa.array([3.5]), "lossy_value"),
    ("call_ins", "cases_prepared", pa.array([2**63 + 5], pa.uint64()), "lossy_value"),
    (
        "incidents",
        "occurred_at",
        pa.array([2**31 - 2] * 2, pa.int32()).cast(pa.date32()),
        "lossy_value",
    ),
    ("invitations", "reachable", pa.array([1]), "wrong_type"),
    ("incidents", "gmi", pa.array([["none"], ["none"]]), "wrong_type"),
]


@pytest.mark.parametrize(("extract", "column", "values"), TAKEN)
def test_types_that_lose_nothing_are_taken(
    check: Check, extract: str, column: str, values: pa.Array
) -> None:
    check(good(extract))
    _with(check.folder / f"{extract}.parquet", column, values)
    assert check.again() == []


@pytest.mark.parametrize(("extract", "column", "values", "rule"), REFUSED)
def test_types_that_would_lose_something_are_refused(
    check: Check, extract: str, column: str, values: pa.Array, rule: str
) -> None:
    check(good(extract))
    _with(check.folder / f"{extract}.parquet", column, values)
    found = {(one.column, one.rule, one.severity) for one in check.again()}
    assert (column, rule, "error") in found


# --- extracts.toml -----------------------------------------------------------


def test_declared_days(check: Check) -> None:
    rows = good()
    through = {
        "incidents": {EAST: date(2020, 5, 31), WEST: TODAY + timedelta(1)},
        "victims": {EAST: UNTIL},
    }
    found = {
        (one.file, one.rule, one.severity, one.rows) for one in check(rows, data_through=through)
    }
    assert found == {
        ("incidents.parquet", "after_data_through", "warning", (1,)),
        ("extracts.toml", "data_through", "error", ()),
    }


def test_a_source_that_begins_after_it_ends(check: Check) -> None:
    check(good("incidents"))
    (check.folder / "extracts.toml").write_text(
        f"[data_through]\nincidents = {UNTIL}\n[data_from]\nincidents = {TODAY}\n"
        f"victims = {{ {EAST} = 2030-01-01, {WEST} = 2019-01-01 }}\n"
    )
    found = [(one.rule, one.severity, one.count) for one in check.again()]
    assert found == [("data_from", "error", 3), ("data_from", "error", 1)]


def test_a_declared_extract_that_is_not_there(check: Check) -> None:
    rows = {name: good()[name] for name in ("incidents", "victims")}
    found = check(rows, data_through={"services": {EAST: UNTIL}})
    assert [(one.rule, one.severity) for one in found] == [("declared_without_extract", "warning")]


@pytest.mark.parametrize(
    "content", ["kind = ", 'kind = "rael"', "[data_trough]\nincidents = 2020-01-01"]
)
def test_a_wrong_extracts_file(check: Check, content: str) -> None:
    check(good("incidents"))
    (check.folder / "extracts.toml").write_text(content)
    found = [(one.file, one.rule, one.severity) for one in check.again()]
    assert found == [("extracts.toml", "extracts_file", "error")]


def test_every_extract_has_a_rule_for_every_required_column(check: Check) -> None:
    empty = {
        extract.name: [{column.name: None for column in extract.columns}] for extract in EXTRACTS
    }
    found = {(one.file.removesuffix(".parquet"), one.column) for one in check(empty, ["empty"])}
    assert found == {
        (extract.name, column.name)
        for extract in EXTRACTS
        for column in extract.columns
        if column.required
    }
