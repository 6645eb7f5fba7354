"""Several sources in one folder: replaced, combined, never twice, never half."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from longevity.errors import LongevityError, UsageError
from longevity.ingest import extracts_file
from longevity.ingest.importing import parts
from longevity.ingest.importing.parts import Part

HEAD = "id,city,date,lon,lat,killed,injured\n"


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_importing_again_replaces_and_changes_no_byte(bench):
    text = HEAD + "a,{c0},2014-01-02,,,1,0\nbad id,{c0},2014-01-02,,,1,0\n"
    bench.run(text)
    before = files(bench.out)
    report = bench.run(text)
    assert files(bench.out) == before
    assert any("Replaces" in said for said in report.remarks)


def test_a_row_that_was_put_right_leaves_the_quarantine(bench):
    first = bench.run(HEAD + "a,{c0},2014-01-02,,,1,0\nb,{c0},never,,,1,0\n")
    assert first.quarantine is not None
    assert first.quarantine.exists()
    second = bench.run(HEAD + "a,{c0},2014-01-02,,,1,0\nb,{c0},2014-01-03,,,1,0\n")
    assert second.quarantine is None
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
    assert (report.accepted, report.rows_out) == (0, {})
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


def test_a_crash_between_the_two_renames_loses_no_part(bench, monkeypatch):
    bench.run(HEAD + "a,{c0},2014-01-02,,,1,0\n", name="one.csv")
    real = Path.rename

    def crash(self: Path, target: Path) -> Path:
        if self.name == "part":
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "rename", crash)
    monkeypatch.setattr(parts.shutil, "rmtree", lambda *_, **__: None)
    with pytest.raises(KeyboardInterrupt):
        bench.run(HEAD + "b,{c0},2014-01-02,,,1,0\n", name="one.csv")
    monkeypatch.undo()
    bench.run(HEAD + "c,{c0},2014-01-02,,,1,0\n", name="two.csv")
    assert list(bench.rows()["incident_id"]) == ["a", "c"]


def test_a_damaged_part_is_a_sentence(bench):
    bench.run(HEAD + "a,{c0},2014-01-02,,,1,0\n", name="one.csv")
    (part,) = (bench.out / "parts").glob("*/*/incidents.parquet")
    part.write_bytes(b"damaged")
    with pytest.raises(LongevityError, match="is damaged"):
        bench.run(HEAD + "b,{c0},2014-01-02,,,1,0\n", name="two.csv")


def ends(through: str, first: str, name: str) -> Part:
    days = {"data_through": {"c": through}, "first_event": {"c": first}}
    return Part(name=name, primary="incidents", **days)


def test_data_through_of_sources_that_follow_or_stand_side_by_side():
    old, new = ends("2015-12-31", "2008-01-01", "a/1"), ends("2026-11-01", "2016-01-02", "a/2")
    beside = ends("2026-10-01", "2010-01-01", "b/1")
    assert parts.merge_data_through([old, new], "c") == date(2026, 11, 1)
    assert parts.merge_data_through([new, beside], "c") == date(2026, 10, 1)
    assert parts.merge_data_through([old, new, beside], "c") == date(2026, 10, 1)
    assert parts.merge_data_through([old], "c") == date(2015, 12, 31)
