"""A file of a bundle says who made it; an edit, a forger and a hostile file end in a sentence."""

from __future__ import annotations

import io
import json
import re
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from pptx import Presentation

from longevity.auth.viewers import STATE
from longevity.errors import AccessError, DataError, UsageError
from longevity.outputs import bundle
from longevity.outputs.bundle import verify as judging
from longevity.outputs.bundle.verify import FileOutcome
from longevity.outputs.credentials import sign
from longevity.release import certificates, signing
from longevity.screens.chart_title import Title, choose_title
from longevity.settings import Settings
from tests.factories import bundles

TEXT_FORMATS = ["pptx", "csv"]  # that take no browser
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><text>101</text></svg>'
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def files(published, tmp_path_factory):
    """One bundle without pictures, by the end of its names."""
    made = bundle.make_bundle(bundles.draw_chart(published), published, TEXT_FORMATS)
    out = tmp_path_factory.mktemp("bundle")
    return {path.name.rpartition("-")[2]: path for path in bundle.write_bundle(made, out)} | {
        path.suffix: path for path in out.iterdir() if path.suffix in (".csv", ".pptx")
    }


def unedited(published: Settings) -> sign.Record:
    """The record of a chart under its computed title."""
    drawn = bundles.draw_chart(published)
    return bundle.bundle_record.build_record(drawn, Title(drawn.chart.title))


def edited(path: Path, data: bytes, tmp_path: Path) -> Path:
    changed = tmp_path / path.name
    changed.write_bytes(data)
    return changed


def test_figures_that_differ_today_come_with_a_correction_slip(published, tmp_path):
    drawn = bundles.draw_chart(published)
    table = drawn.chart.table.copy()
    was = int(table.loc[0, "victims"])
    table.loc[0, "victims"] = was + 1
    # Other choices than it opens on: that is not kept.
    before = replace(drawn, chart=replace(drawn.chart, table=table), changes={"measure": "victims"})
    made = bundle.make_bundle(before, published, ["pptx"])
    (deck,) = (data for name, data in made.items() if name.endswith(".pptx"))
    verdict = judging.judge_file(deck, bundles.public_desk(published))
    assert verdict.outcome is FileOutcome.DIFFERS
    assert "unedited, but today's figures differ" in verdict.sentence
    assert verdict.slip.startswith(f"CORRECTION\n{drawn.chart.title}\n")
    (then,) = re.findall(r"was     (.*)", verdict.slip)
    (now,) = re.findall(r"is now  (.*)", verdict.slip)
    assert str(was + 1) in then.split(",")
    assert str(was) in now.split(",")


def test_rows_that_came_and_went_are_in_the_slip():
    then = "city,year,victims\na,2025,3\nb,2025,4\n"
    now = "city,year,victims\na,2025,3\nc,2025,9\n"
    assert judging.list_changed_rows(then, now) == ["    was     b,2025,4", "    is now  c,2025,9"]


def test_what_was_computed_for_another_viewer_is_refused(published):
    drawn = bundles.draw_chart(published)
    about = replace(drawn.answers[0].provenance, viewer=str(STATE))
    inside = replace(drawn, answers=(replace(drawn.answers[0], provenance=about),))
    with pytest.raises(AccessError, match="computed for 'state'"):
        bundle.make_bundle(inside, published, ["csv"])


def _bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for at in range(3):
            packed.writestr(f"{at}", bytes(50 << 20))
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        pytest.param("a.png", b"", "cannot be verified", id="empty"),
        pytest.param("a.png", PNG + b"\x00\x00\xff\xffIDAT....", "cannot be verified", id="cut"),
        pytest.param("a.pptx", b"PK\x03\x04 not a zip", "cannot be verified", id="no zip"),
        pytest.param("a.pptx", _bomb(), "cannot be verified", id="zip bomb, never unpacked"),
        pytest.param("a.zip", b"PK", "Unpack a ZIP", id="the whole bundle"),
        pytest.param("a.csv", b"a\n1\n", "is not ours", id="a csv of anybody"),
        pytest.param("manifest.json", b"[" * 100_000, "cannot be verified", id="deep json"),
    ],
)
def test_a_hostile_file_ends_in_a_sentence(name, data, words, published, tmp_path):
    path = tmp_path / name
    path.write_bytes(data)
    verdict = bundles.judge_file(path, published)
    assert verdict.outcome is FileOutcome.UNSIGNED
    assert words in verdict.sentence


def test_rows_hold_byte_for_byte_and_are_not_compared(files, published, tmp_path):
    verdict = bundles.judge_file(files[".csv"], published)
    assert verdict.outcome is FileOutcome.HOLDS
    assert "not compared with today's" in verdict.sentence
    changed = edited(files[".csv"], files[".csv"].read_bytes() + b"\n", tmp_path)
    assert bundles.judge_file(changed, published).outcome is FileOutcome.UNSIGNED


def test_a_title_that_is_offered_holds_and_another_is_not_to_be_had(published, tmp_path):
    drawn = bundles.draw_chart(published)
    for kind, title in drawn.titles.items():
        made = bundle.make_bundle(drawn, published, ["pptx"], title=choose_title(drawn, kind))
        for path in bundle.write_bundle(made, tmp_path / kind):
            assert bundles.judge_file(path, published).outcome is FileOutcome.HOLDS
        (manifest,) = (data for name, data in made.items() if name.endswith(".json"))
        said = json.loads(manifest)
        assert (said["title"], said["title_kind"]) == (title, kind)
    with pytest.raises(UsageError, match="offers no title 'own'"):
        choose_title(drawn, "own")


def test_a_lost_key_is_not_made_anew_and_one_others_can_read_is_refused(tmp_path):
    key = signing.ensure_key(tmp_path)
    folder = tmp_path / "signing"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert signing.ensure_key(tmp_path) == (folder / "key").read_bytes() == key
    (folder / "key").chmod(0o640)
    with pytest.raises(DataError, match="chmod 600"):
        signing.derive_secret(tmp_path, "a purpose")
    (folder / "key").unlink()
    with pytest.raises(DataError, match="Restore it from the back-up"):
        signing.derive_secret(tmp_path, "a purpose")


def test_the_properties_of_a_deck_name_the_program(files, published):
    about = Presentation(str(files[".pptx"])).core_properties
    assert about.author == about.last_modified_by == published.program
    assert about.comments == ""


def test_a_forger_with_a_certificate_of_the_same_names_is_an_unknown_signer(published, tmp_path):
    his = replace(published, home=tmp_path / "his")
    path = tmp_path / "a.svg"
    path.write_bytes(sign.sign_file(SVG, "svg", his, unedited(published)))
    name = certificates.ensure_identity(published).name
    assert certificates.ensure_identity(his).name == name
    verdict = bundles.judge_file(path, published)
    assert verdict.outcome is FileOutcome.UNKNOWN
    assert verdict.sentence.startswith(f"Signed by “{name}”, with a certificate that is not")
