"""Sources in one folder: replaced, combined, never half; what they hold goes to extracts.toml."""

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from longevity.base.errors import DataError, LongevityError, UsageError
from longevity.checks.check import check_extracts
from longevity.ingest import extracts_file
from longevity.ingest.importing import parts, statements
from longevity.ingest.importing.part import Part
from longevity.ingest.origins import describe_origins
from longevity.release.store import Store
from tests.drivers.disk import read_files
from tests.drivers.importer import TODAY
from tests.drivers.publishing import publish

HEAD = "id,city,date,lon,lat,killed,injured\n"


def test_importing_again_replaces_and_changes_no_byte(bench):
    text = HEAD + "a,{c0},2014-01-02,,,1,0\nb,{c0},never,,,1,0\n"
    first = bench.run(text)
    before = read_files(bench.out)
    report = bench.run(text)
    assert read_files(bench.out) == before
    assert any("Replaces" in said for said in report.remarks)
    # A row that was put right leaves the quarantine.
    assert first.quarantine.exists()
    assert bench.run(text.replace("never", "2014-01-03")).quarantine is None
    assert not first.quarantine.exists()
    assert len(bench.rows()) == 2


def test_sources_are_combined(bench):
    bench.run(HEAD + "a,{c0},2014-01-02,,,1,0\n", name="one.csv", data_through=date(2014, 2, 1))
    bench.run(HEAD + "b,{c1},2014-01-02,,,0,1\n", name="two.csv", data_through=date(2014, 3, 1))
    assert sorted(bench.rows()["incident_id"]) == ["a", "b"]
    assert len(bench.rows("victims")) == 2
    said = extracts_file.read_extracts_file(bench.out, bench.settings)
    expected = {bench.cities[0]: date(2014, 2, 1), bench.cities[1]: date(2014, 3, 1)}
    assert said.data_through == {"incidents": expected, "victims": expected}
    assert said.kind == "real"


def test_an_id_of_another_source_is_refused(bench):
    bench.run(HEAD + "a,{c0},2014-01-02,,,1,0\n", name="one.csv")
    report = bench.run(HEAD + "a,{c0},2014-01-02,,,0,1\nb,{c0},2014-01-02,,,0,1\n", name="two.csv")
    (line,) = bench.refused(report)
    assert line["rule"] == "duplicate_key"
    assert "mapping/one" in line["sentence"]
    assert list(bench.rows()["incident_id"]) == ["a", "b"]
    assert extracts_file.read_extracts_file(bench.out, bench.settings).quarantined == {"incidents": 1}


def test_a_source_of_which_nothing_is_accepted_replaces_nothing(bench):
    bench.run(HEAD + "a,{c0},2014-01-02,,,1,0\n")
    report = bench.run(HEAD + "a,{c0},02/01/2014,,,1,0\n")
    assert (report.part.accepted, report.part.rows) == (0, {})
    assert len(bench.refused(report)) == 1
    assert list(bench.rows()["incident_id"]) == ["a"]


def test_synthetic_or_foreign_extracts_are_not_overwritten(bench):
    bench.out.mkdir()
    (bench.out / "incidents.parquet").write_bytes(b"by hand")
    with pytest.raises(UsageError, match="was not made by an import"):
        bench.run(HEAD + "a,{c0},2014-01-02,,,1,0\n")
    assert (bench.out / "incidents.parquet").read_bytes() == b"by hand"
    (bench.out / "incidents.parquet").unlink()
    extracts_file.write_extracts_file(bench.out, extracts_file.ExtractsFile(kind="synthetic"))
    with pytest.raises(UsageError, match="synthetic"):
        bench.run(HEAD + "a,{c0},2014-01-02,,,1,0\n")


def test_two_imports_at_once(bench):
    with parts.open_folder(bench.out):
        (bench.out / parts.STAGING / "work of the first").write_text("going on")
        with pytest.raises(UsageError, match="Another import"):
            bench.run(HEAD + "a,{c0},2014-01-02,,,1,0\n")
        assert (bench.out / parts.STAGING / "work of the first").exists()


@pytest.mark.parametrize(("at", "left"), [("part", "ac"), ("victims.parquet", "bc")])
def test_a_crash_among_the_renames_is_said_and_loses_no_part(bench, monkeypatch, at, left):
    def move(self, target, rename=Path.rename):
        if self.name == at:
            raise OSError("the disk is gone")
        rename(self, target)

    bench.run(HEAD + "a,{c0},2014-01-02,,,1,1\n", name="one.csv")
    monkeypatch.setattr(Path, "rename", move)
    monkeypatch.setattr(Path, "replace", move)
    with pytest.raises(DataError, match="some files are new, some old"):
        bench.run(HEAD + "b,{c0},2014-01-02,,,1,1\n", name="one.csv")
    monkeypatch.undo()
    with pytest.raises(DataError, match="no rows"):
        bench.run(HEAD, name="one.csv")
    with pytest.raises(DataError, match="was cut off"):
        publish(bench.out, bench.settings, TODAY)
    bench.run(HEAD + "c,{c0},2014-01-02,,,1,1\n", name="two.csv")
    publish(bench.out, bench.settings, TODAY)
    assert list(bench.rows()["incident_id"]) == [*left]


def test_a_damaged_part_is_a_sentence(bench):
    bench.run(HEAD + "a,{c0},2014-01-02,,,1,0\n", name="one.csv")
    (part,) = (bench.out / "parts").glob("*/*/incidents.parquet")
    part.write_bytes(b"damaged")
    with pytest.raises(LongevityError, match="is damaged"):
        bench.run(HEAD + "b,{c0},2014-01-02,,,1,0\n", name="two.csv")


def ends(through, first, name):
    days = {"data_through": {"c": through}, "first_event": {"c": first}}
    return Part(name=name, primary="incidents", **days)


def test_data_through_of_sources_that_follow_or_overlap():
    old, new = ends("2015-12-31", "2008-01-01", "a/1"), ends("2026-11-01", "2016-01-02", "a/2")
    overlapping = ends("2026-10-01", "2010-01-01", "b/1")
    police, quiet = ends("2026-03-31", "2010-01-01", "p/1"), ends("2026-06-28", "2026-04-03", "q/1")
    for parts_of, day in (
        ([police, quiet], date(2026, 3, 31)),  # a first row in April says nothing of January
        ([old, new], date(2026, 11, 1)),
        ([new, overlapping], date(2026, 10, 1)),
        ([old, new, overlapping], date(2026, 10, 1)),
        ([old], date(2015, 12, 31)),
    ):
        assert statements.merge_data_through(parts_of, "c") == day


# A finding names the row of the file that was imported, and no release does
def test_the_row_of_each_file_is_named(bench):
    # Row 3 of the first file is refused, so its row 4 is the second row of the extract.
    refused = "b,nowhere,2014-01-03,,,0,1\n"
    bench.run(HEAD + "a,{c0},2014-01-02,,,0,1\n" + refused + "c,{c0},2014-01-04,,,1,1\n", name="one.csv")
    bench.run(HEAD + "\nd,{c0},2014-01-05,,,0,1\ne,{c0},2014-01-06,,,1,0\n", name="two.csv")
    findings = check_extracts(bench.out, bench.settings, TODAY)
    (found,) = [finding for finding in findings if finding.rule == "fatal_without_day"]
    assert found.rows == (2, 5)
    assert found.origin == "row 4 of one.csv; row 4 of two.csv"
    assert "In the source: row 4 of one.csv; row 4 of two.csv." in found.line
    assert "csv" not in found.sentence


def test_an_extract_changed_since_names_nothing(bench):
    bench.run(HEAD + "a,{c0},2014-01-02,,,0,1\nb,{c0},2014-01-02,,,0,2\n")
    path = bench.out / "incidents.parquet"
    pq.write_table(pq.read_table(path).slice(1), path)
    assert describe_origins(bench.out, "incidents", [1]) == ""


def test_no_release_holds_the_rows_or_the_name_of_a_file(bench):
    bench.run(HEAD + "a,{c0},2014-01-02,,,0,1\nb,{c0},2014-01-04,,,0,21\n", name="inbox-7.csv")
    publish(bench.out, bench.settings, TODAY, "21 were shot.")
    release = Store(bench.settings.home).current()
    files = [path for path in release.path.rglob("*") if path.is_file()]
    assert not [path for path in files if b"inbox-7" in path.read_bytes()]
    extracts = [path for path in files if path.parent.name == "extracts"]
    assert extracts
    assert not [path for path in extracts if "row" in pq.read_schema(path).names]


LINES = "id,city,date,outcome,weapon,circumstance\n"
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


def holding(line):
    """The mapping with one more line of its victims."""
    return ROWS.replace("# more", line)


KILLED, WOUNDED = holding('holds = ["fatal"]'), holding('holds = ["nonfatal"]')
FIREARM = ROWS.replace('weapon = "weapon"', 'weapon = { constant = "firearm" }')


def held(bench):
    """The outcomes and the weapons that are held of the first city; None: all."""
    holds = extracts_file.read_extracts_file(bench.out, bench.settings).holds
    assert not {city for cities in holds.values() for city in cities} - {bench.cities[0]}
    return holds["outcomes"].get(bench.cities[0]), holds["weapons"].get(bench.cities[0])


def victim(key, day, outcome, weapon="firearm"):
    return f"{key},{{c0}},{day},{outcome},{weapon},criminal\n"


@pytest.mark.parametrize(
    ("mapping", "outcomes", "weapons"),
    [
        (ROWS, None, None),
        (KILLED, ("fatal",), None),
        # Every victim a firearm's: how many were killed otherwise is not known.
        (FIREARM, None, ("firearm",)),
        (ROWS.replace('outcome = "outcome"', 'outcome = { constant = "fatal" }'), ("fatal",), None),
        (ROWS.replace('weapon = "weapon"', 'weapon = { constant = "unknown" }'), None, None),
    ],
)
def test_a_mapping_says_what_its_source_holds(bench, mapping, outcomes, weapons):
    bench.run(LINES + victim("a", "2014-01-02", "fatal"), mapping)
    assert held(bench) == (outcomes, weapons)
    bench.run(LINES + victim("a", "2014-01-02", "fatal"), ROWS)  # a whole source takes it back
    assert held(bench) == (None, None)


@pytest.mark.parametrize(
    ("mapping", "since", "outcomes"),
    [
        (WOUNDED, "2014-01-05", None),
        # Years of which only the killed are held are not zeros.
        (WOUNDED, "2019-01-05", ("fatal",)),
        (ROWS, "2019-01-05", ("fatal",)),
    ],
)
def test_a_source_of_the_killed_and_another(bench, mapping, since, outcomes):
    bench.run(LINES + victim("a", "2014-03-02", "fatal"), KILLED, "killed.csv")
    bench.run(LINES + victim("b", since, "nonfatal"), mapping, "other.csv", "other.toml")
    assert held(bench) == (outcomes, None)


def test_the_killed_by_a_knife_are_not_held_where_one_lists_shootings_and_one_the_stabbed_who_lived():
    shot, stabbed = ends("2026-11-01", "2015-01-02", "s/1"), ends("2026-11-01", "2015-01-02", "k/1")
    shot = shot.model_copy(update={"holds": {"weapons": ("firearm",)}})
    stabbed = stabbed.model_copy(update={"holds": {"outcomes": ("nonfatal",), "weapons": ("knife",)}})
    assert statements.merge_holdings([shot, stabbed]) == {"outcomes": {}, "weapons": {"c": ("firearm",)}}


EVENTS = """
[incidents.columns]
incident_id = "id"
city = "city"
occurred_at = "date"
location_precision = { constant = "city" }
"""
HURT = """
[victims]
holds_weapons = ["firearm"]
[victims.columns]
incident_id = "id"
victim_id = "id"
city = "city"
outcome = "outcome"
weapon = "weapon"
"""


def test_files_of_victims_alone_take_their_days_from_the_incidents(bench):
    for year in (2014, 2015):
        day = f"{year}-03-02"
        rows = LINES + victim(f"v{year}", day, "fatal")
        bench.run(rows, EVENTS, f"i{year}.csv", "i.toml", date(year, 12, 31))
        bench.run(rows, HURT, f"v{year}.csv", "v.toml", date(year, 12, 31))
    assert held(bench) == (None, ("firearm",))
    through = extracts_file.read_extracts_file(bench.out, bench.settings).data_through
    assert {days[bench.cities[0]] for days in through.values()} == {date(2015, 12, 31)}


def test_what_was_written_by_hand_stays_and_is_said(bench):
    bench.run(LINES + victim("a", "2014-03-02", "fatal"), ROWS, "a.csv")
    written = bench.out / extracts_file.NAME
    written.write_text(f'{written.read_text()}\n[holds.weapons]\n{bench.cities[0]} = ["firearm"]\n')
    report = bench.run(LINES + victim("b", "2015-03-02", "fatal"), ROWS, "b.csv")
    assert held(bench) == (None, ("firearm",))
    assert report.remarks[-1] == f"In extracts.toml stays, as written by hand: holds of weapons ({bench.cities[0]})."


def test_the_first_day_of_one_source_cuts_off_no_other(bench):
    stated = "[source]\ndata_from = 2015-01-01\n" + ROWS
    for name, mapping, first in (("a", stated, {date(2015, 1, 1)}), ("b", ROWS, set())):
        bench.run(LINES + victim(name, "2014-03-02", "fatal"), mapping, f"{name}.csv", f"{name}.toml")
        begins = extracts_file.read_extracts_file(bench.out, bench.settings).data_from
        assert {day for days in begins.values() for day in days.values()} == first


def test_the_first_day_of_a_city_stays_when_another_city_begins_earlier(bench):
    east = bench.cities[0]
    stated = "[source]\ndata_from = 2015-01-01\n" + ROWS
    bench.run(LINES + victim("a", "2015-03-02", "fatal"), stated, "a.csv", "a.toml")
    bench.run(LINES + victim("b", "2012-03-02", "fatal").replace("{c0}", "{c1}"), ROWS, "b.csv", "b.toml")
    begins = extracts_file.read_extracts_file(bench.out, bench.settings).data_from
    assert begins["incidents"] == {east: date(2015, 1, 1)}


@pytest.mark.parametrize(("again", "outcomes"), [("2020-01-05", ("fatal",)), ("2019-01-05", None)])
def test_a_year_between_two_files_of_the_wounded_is_no_zero(again, outcomes):
    killed = ends("2026-11-01", "2015-01-02", "k/1")
    others = ends("2018-12-31", "2015-01-02", "w/1"), ends("2026-11-01", again, "w/2")
    sources = [killed.model_copy(update={"holds": {"outcomes": ("fatal",)}})]
    sources += [part.model_copy(update={"holds": {"outcomes": ("nonfatal",)}}) for part in others]
    assert statements.merge_holdings(sources)["outcomes"].get("c") == outcomes
    # A year that no file covers is a hole, which is said elsewhere, and takes no outcome away.
    assert statements.merge_holdings([*others])["outcomes"].get("c") is None


def test_what_counts_nowhere_is_said(bench):
    """Six events: one without a victim, one an accident; one knife wound, one knife death."""
    report = bench.run(
        LINES
        + victim("a", "2014-03-02", "fatal")
        + victim("b", "2014-03-02", "")
        + victim("c", "2014-03-02", "nonfatal", "knife")
        + victim("d", "2014-03-02", "fatal", "knife")
        + victim("e", "2014-03-02", "nonfatal").replace("criminal", "accident")
        + victim("f", "2014-03-02", "fatal", "unknown"),
        ROWS,
    )
    assert report.remarks[-3:] == [
        "1 of 6 events without a victim: in no count of shootings.",
        "3 of 5 victims hurt by another weapon than a firearm, or an unknown one: in no count of "
        "people shot; the killed in homicides only, the wounded in no count.",
        "1 of 6 events whose circumstance is not counted: in no count.",
    ]
