"""What a source holds of victims goes from its mapping to extracts.toml, and what counts nowhere
is said."""

from __future__ import annotations

from datetime import date

import pytest

from longevity.checks.check import check_extracts
from longevity.ingest import extracts_file
from tests.drivers.importer import TODAY, Bench

HEAD = "id,city,date,outcome,weapon,circumstance\n"
ROWS = """
[incidents.columns]
incident_id = "id"
city = "city"
occurred_at = "date"
circumstance = "circumstance"
location_precision = { constant = "city" }
[victims]
only_when_given = "outcome"
# more
[victims.columns]
outcome = "outcome"
weapon = "weapon"
"""
KILLED = ROWS.replace("# more", 'holds = ["fatal"]')


def held(bench: Bench) -> dict[str, dict[str, tuple[str, ...]]]:
    return extracts_file.read_extracts_file(bench.out, bench.settings).holds


def row(key: str, day: str, outcome: str, weapon: str = "firearm", city: str = "{c0}") -> str:
    return f"{key},{city},{day},{outcome},{weapon},criminal\n"


def test_a_mapping_says_what_its_source_holds(bench):
    bench.run(HEAD + row("a", "2014-01-02", "fatal"), KILLED)
    assert held(bench) == {"outcomes": {bench.cities[0]: ("fatal",)}, "weapons": {}}


@pytest.mark.parametrize(
    ("before", "after", "outcomes", "weapons"),
    [
        # Every victim a firearm's: nobody can say who was killed otherwise.
        ('weapon = "weapon"', 'weapon = { constant = "firearm" }', None, ("firearm",)),
        ('outcome = "outcome"', 'outcome = { constant = "fatal" }', ("fatal",), None),
        ('weapon = "weapon"', 'weapon = { constant = "unknown" }', None, None),
    ],
)
def test_a_constant_says_it_too(bench, before, after, outcomes, weapons):
    mapping = ROWS.replace(before, after)
    bench.run(HEAD + row("a", "2014-01-02", "fatal"), mapping)
    city = bench.cities[0]
    assert held(bench)["outcomes"] == ({city: outcomes} if outcomes else {})
    assert held(bench)["weapons"] == ({city: weapons} if weapons else {})


def test_sources_side_by_side_hold_what_each_does(bench):
    bench.run(HEAD + row("a", "2014-03-02", "fatal"), KILLED, "killed.csv")
    wounded = ROWS.replace("# more", 'holds = ["nonfatal"]')
    bench.run(HEAD + row("b", "2014-01-05", "nonfatal"), wounded, "wounded.csv", "wounded.toml")
    assert held(bench)["outcomes"] == {}


@pytest.mark.parametrize("later", ["", 'holds = ["nonfatal"]'])
def test_years_of_which_only_the_killed_are_held_are_not_zeros(bench, later):
    """One source of the killed since 2014; another, of everybody or the wounded, since 2019."""
    bench.run(HEAD + row("a", "2014-03-02", "fatal"), KILLED, "killed.csv")
    since = ROWS.replace("# more", later)
    bench.run(HEAD + row("b", "2019-01-05", "nonfatal"), since, "since.csv", "since.toml")
    assert held(bench)["outcomes"] == {bench.cities[0]: ("fatal",)}


def test_importing_a_whole_source_again_takes_it_back(bench):
    bench.run(HEAD + row("a", "2014-03-02", "fatal"), KILLED)
    bench.run(HEAD + row("a", "2014-03-02", "fatal"), ROWS)
    assert held(bench)["outcomes"] == {}


@pytest.mark.parametrize(
    ("line", "rows", "broken"),
    [
        ('holds = ["fatal"]', row("a", "2014-03-02", "nonfatal"), ["outcome"]),
        ('holds_weapons = ["firearm"]', row("a", "2014-03-02", "fatal", "knife"), ["weapon"]),
        # Not to know the weapon does not contradict it.
        ('holds_weapons = ["firearm"]', row("a", "2014-03-02", "fatal", "unknown"), []),
        ('holds = ["fatal"]', row("a", "2014-03-02", "fatal", "knife"), []),
    ],
)
def test_a_row_that_contradicts_it_is_an_error(bench, line, rows, broken):
    bench.run(HEAD + rows, ROWS.replace("# more", line), data_through=date(2014, 3, 31))
    found = check_extracts(bench.out, bench.settings, TODAY)
    errors = [one for one in found if one.rule == "not_held"]
    assert [one.column for one in errors] == broken
    assert all(one.severity == "error" for one in errors)


def test_what_counts_nowhere_is_said(bench):
    """Five events: one without a victim, one an accident; one knife wound, one knife death."""
    report = bench.run(
        HEAD
        + row("a", "2014-03-02", "fatal")
        + row("b", "2014-03-02", "")
        + row("c", "2014-03-02", "nonfatal", "knife")
        + row("d", "2014-03-02", "fatal", "knife")
        + row("e", "2014-03-02", "nonfatal").replace("criminal", "accident")
        + row("f", "2014-03-02", "fatal", "unknown"),
        ROWS,
    )
    assert report.remarks[-3:] == [
        "1 of 6 events without a victim: in no count of shootings.",
        "3 of 5 victims hurt by another weapon than a firearm, or an unknown one: in no count of "
        "people shot; the killed in homicides only, the wounded in no count.",
        "1 of 6 events whose circumstance is not counted: in no count.",
    ]
