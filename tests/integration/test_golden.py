"""What the demonstration says everywhere is what was written down when it was last decided."""

from __future__ import annotations

from tests.conftest import GOLDEN
from tools.golden import library
from tools.golden.record import Record, describe_differences, read_record, write_record


def test_nothing_is_said_otherwise_than_decided(published):
    with library.open_contexts(published) as contexts:
        said = library.record_release(contexts)
    # Those are looked at in test_damaged_files.
    written = {place: lines for place, lines in read_record(GOLDEN).items() if "damaged" not in place}
    assert describe_differences(written, said) == []


def test_a_difference_names_its_place_and_viewer(tmp_path):
    rows = [["City", "Shot"], *([f"{number}", "2"] for number in range(99))]
    before, after = (
        Record().add_places(
            ("screens/map", viewer, {"title": f"{shot} shot", "table": [*rows, ["East", shot]]})
            for viewer in ("public", "state")
        )
        for shot in ("9", "8")
    )
    write_record(before.lines, tmp_path / "written.json")
    differences = describe_differences(read_record(tmp_path / "written.json"), after.lines)
    # Of a long table the first rows are written; the others are told apart all the same.
    assert len(before.lines["screens/map/public/table"]) == 62
    assert [line for line in differences if "…" not in line] == [
        "2 places differ",
        "@@ screens/map/public/table",
        "@@ screens/map/public/title",
        "-9 shot",
        "+8 shot",
    ]
