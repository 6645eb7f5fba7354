"""What an import sees in a source and `check` says of the extracts: copies, refused people."""

from __future__ import annotations

import pytest

from longevity.checks.check import check_extracts
from longevity.checks.findings import CheckFinding
from tests.drivers.importer import TODAY, Bench
from tests.factories import damaged_rows

RULES = ("copied_rows", "short_outcome")
MAPPING = damaged_rows.MAPPING.replace('city = "city"', 'city = { constant = "{c0}" }')


def find_doubts(bench: Bench) -> list[CheckFinding]:
    """What `check` says of them; each is an error that a reason passes."""
    found = [one for one in check_extracts(bench.out, bench.settings, TODAY) if one.rule in RULES]
    assert all(one.severity == "error" and one.acceptable for one in found)
    return found


# --- copies -------------------------------------------------------------------------------


@pytest.mark.parametrize("alike", [0.3, 0.9])
@pytest.mark.parametrize("seed", range(2))
def test_people_alike_in_one_incident_are_no_copies(bench, seed, alike):
    bench.run(damaged_rows.to_csv(damaged_rows.make_sound(seed, alike)), MAPPING)
    assert find_doubts(bench) == []


@pytest.mark.parametrize(("many", "findings"), [(19, 0), (20, 1)])
def test_from_twenty_rows_of_a_year_on(bench, many, findings):
    """Where nobody is alike otherwise."""
    rows = [
        [f"{year}-{1 + at % 12:02}-01", "x", f"{at} block", "Assault", "20", "M", "B"]
        for year in (2023, 2024, 2025)
        for at in range(100)
    ]
    bench.run(damaged_rows.to_csv(rows + rows[100 : 100 + many]), MAPPING)
    found = find_doubts(bench)
    assert [one.count for one in found] == [many] * findings
    assert all(f"{many} of {100 + many} rows of 2024 " in one.sentence for one in found)


def test_rows_that_differ_in_a_column_not_mapped_are_no_copies(bench):
    rows = damaged_rows.paste(damaged_rows.make_sound())
    numbered = [[*row, f"r{at}"] for at, row in enumerate(rows)]
    bench.run(damaged_rows.to_csv(numbered, f"{damaged_rows.HEAD},record"), MAPPING)
    assert find_doubts(bench) == []


def test_a_copy_refused_by_its_key_is_counted_nowhere(bench):
    """A hundred incidents by key, all of them sent again: many refused, and none counted twice."""
    lines = [f"k{at},{{c0}},2024-{1 + at % 12:02}-01,,,0,1" for at in range(100)]
    report = bench.run("id,city,date,lon,lat,killed,injured\n" + "\n".join(lines * 2) + "\n")
    assert report.quarantined == 100
    assert find_doubts(bench) == []


# --- refused people -----------------------------------------------------------------------


def test_a_word_that_is_not_read_may_cost_either_outcome_and_is_never_named(bench):
    rows = damaged_rows.call_murder(damaged_rows.make_sound())
    many = sum(row[3] == "Murder" for row in rows)
    report = bench.run(damaged_rows.to_csv(rows), MAPPING, "shot.csv")
    (refused,) = [said for said in report.remarks if said.startswith("Refused: ")]
    assert "'kind' is not a word known for 'outcome' (fatal, nonfatal)" in refused
    assert f": {many:,} rows (" in refused.replace(str(many), f"{many:,}")
    # Of those rows nobody knows whether they tell of the killed or the wounded.
    found = find_doubts(bench)
    assert [(one.rule, one.count) for one in found] == [("short_outcome", many)] * 2
    assert [word for one in found for word in ("killed", "wounded") if word in one.sentence] == [*("wounded", "killed")]
    assert not any("murder" in said.casefold() for said in [refused, *(one.line for one in found)])


@pytest.mark.parametrize(("lost", "findings"), [(5, 0), (6, 1)])
def test_an_outcome_short_by_a_tenth_though_few_rows_are_refused(bench, lost, findings):
    """Sixty killed of a thousand; each refused row has a date of its own that is none."""
    rows = [
        [f"{2020 + at % 5}-01-{1 + at % 28:02}", "x", f"{at}", kind, "20", "M", "B"]
        for kind, many in (("Homicide", 60), ("Assault", 940))
        for at in range(many)
    ]
    told = damaged_rows.change(rows, "date", {at: f"no day {at}" for at in range(lost)})
    bench.run(damaged_rows.to_csv(told), MAPPING)
    found = find_doubts(bench)
    assert [(one.rule, one.count) for one in found] == [("short_outcome", lost)] * findings
    assert all(f"{lost} of 60 people who were killed" in one.sentence for one in found)


def test_a_source_put_right_takes_its_doubts_away(bench):
    rows = damaged_rows.make_sound()
    bench.run(damaged_rows.to_csv(damaged_rows.call_murder(rows)), MAPPING)
    assert find_doubts(bench)
    bench.run(damaged_rows.to_csv(rows), MAPPING)
    assert find_doubts(bench) == []
