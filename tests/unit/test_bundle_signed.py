"""A file of a bundle says who made it; an edit, a forger and a hostile file end in a sentence."""

from __future__ import annotations

import io
import json
import stat
import struct
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from longevity.errors import AccessError, UsageError
from longevity.press import bundle
from longevity.press.bundle import signature
from longevity.press.bundle import verify as judging
from longevity.press.bundle.verify import Outcome
from longevity.release import signing
from longevity.settings import Settings
from longevity.warehouse.viewers import STATE
from tests import bundled

TEXT_FORMATS = ["pptx", "csv"]  # that take no browser
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><text>101</text></svg>'


@pytest.fixture(scope="module")
def files(published: Settings, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One bundle without pictures, by the end of its names."""
    made = bundle.make(bundled.drawn(published), published, TEXT_FORMATS)
    out = tmp_path_factory.mktemp("bundle")
    return {path.name.rpartition("-")[2]: path for path in bundle.write(made, out)} | {
        path.suffix: path for path in out.iterdir() if path.suffix in (".csv", ".pptx")
    }


@pytest.fixture
def svg(published: Settings, tmp_path: Path) -> Path:
    """An SVG of ours that no browser drew."""
    record = bundle.rows.record(bundled.drawn(published), "", "", "none")
    path = tmp_path / "a.svg"
    path.write_bytes(signature.signed_text(signature.with_metadata(SVG), published.home, record))
    return path


def edited(path: Path, data: bytes, tmp_path: Path) -> Path:
    changed = tmp_path / path.name
    changed.write_bytes(data)
    return changed


def test_every_file_holds_today(files: dict[str, Path], svg: Path, published: Settings) -> None:
    for path in {*files.values(), svg}:
        assert bundled.judged(path, published).outcome is Outcome.HOLDS, path


def test_the_key_is_made_at_publish_and_readable_by_its_owner_only(published: Settings) -> None:
    key = published.home / "signing" / "key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    public = (published.home / "signing" / "public").read_text().strip()
    assert public == signing.own(published.home)


def test_one_byte_of_an_svg_is_an_edit(svg: Path, published: Settings) -> None:
    svg.write_bytes(svg.read_bytes().replace(b"101", b"102"))
    assert bundled.judged(svg, published).outcome is Outcome.EDITED


def test_a_forger_who_hashes_again_is_found(svg: Path, published: Settings) -> None:
    data = svg.read_bytes().replace(b"101", b"102")
    signed, content = signature.read(data)
    svg.write_bytes(data.replace(signed.content.encode(), content.encode()))
    assert bundled.judged(svg, published).outcome is Outcome.EDITED


def test_a_forger_with_a_key_of_his_own_is_an_unknown_signer(
    published: Settings, tmp_path: Path
) -> None:
    record = bundle.rows.record(bundled.drawn(published), "", "", "none")
    path = tmp_path / "a.svg"
    path.write_bytes(signature.signed_text(signature.with_metadata(SVG), tmp_path / "his", record))
    assert bundled.judged(path, published).outcome is Outcome.UNKNOWN


def test_one_number_in_a_deck_is_an_edit(
    files: dict[str, Path], published: Settings, tmp_path: Path
) -> None:
    def change(name: str, part: bytes) -> bytes:
        return part.replace(b"<c:v>101</c:v>", b"<c:v>102</c:v>") if "chart" in name else part

    deck = files[".pptx"].read_bytes()
    same = edited(files[".pptx"], bundled.repacked(deck, lambda _, part: part), tmp_path)
    assert bundled.judged(same, published).outcome is Outcome.HOLDS
    figures = bundled.drawn(published).chart.table["victims"]

    def first(name: str, part: bytes) -> bytes:
        old = f"<c:v>{int(figures.iloc[0])}</c:v>".encode()
        return part.replace(old, b"<c:v>7</c:v>") if "charts/chart" in name else part

    path = edited(files[".pptx"], bundled.repacked(deck, first), tmp_path)
    assert bundled.judged(path, published).outcome is Outcome.EDITED


def test_one_row_of_a_csv_is_an_edit(
    files: dict[str, Path], published: Settings, tmp_path: Path
) -> None:
    edited(files["manifest.json"], files["manifest.json"].read_bytes(), tmp_path)
    csv = files[".csv"].read_bytes()
    path = edited(files[".csv"], csv, tmp_path)
    assert bundled.judged(path, published).outcome is Outcome.HOLDS
    path.write_bytes(csv.replace(b"20", b"21", 1))
    assert bundled.judged(path, published).outcome is Outcome.EDITED


def test_a_manifest_with_another_hash_is_an_edit(
    files: dict[str, Path], published: Settings, tmp_path: Path
) -> None:
    told = json.loads(files["manifest.json"].read_text())
    told["files"] = dict.fromkeys(told["files"], signature.digest(b"mine"))
    path = edited(files["manifest.json"], json.dumps(told).encode(), tmp_path)
    assert bundled.judged(path, published).outcome is Outcome.EDITED
    csv = edited(files[".csv"], b"mine", tmp_path)
    assert bundled.judged(csv, published).outcome is Outcome.EDITED


def test_figures_that_differ_today_come_with_a_correction_slip(
    files: dict[str, Path], published: Settings, tmp_path: Path
) -> None:
    drawn = bundled.drawn(published)
    table = drawn.chart.table.copy()
    was = int(table.loc[0, "victims"])
    table.loc[0, "victims"] = was + 1
    before = replace(drawn, chart=replace(drawn.chart, table=table))
    made = bundle.make(before, published, ["pptx"])
    for path in bundle.write(made, tmp_path):
        if path.suffix == ".pptx":
            verdict = bundled.judged(path, published)
            assert verdict.outcome is Outcome.DIFFERS
            assert f"victims: {was + 1} is now {was}" in verdict.slip
            assert verdict.slip.count(" is now ") == 1


def test_rows_that_came_and_went_are_told_by_what_names_them() -> None:
    then = "city,year,victims\na,2025,3\nb,2025,4\n"
    now = "city,year,victims\na,2025,3\nc,2025,9\n"
    assert judging.changed(then, now) == [
        ("b", "2025, 4", "not there"),
        ("c", "not there", "2025, 9"),
    ]


def test_what_was_computed_for_another_viewer_is_refused(published: Settings) -> None:
    drawn = bundled.drawn(published)
    about = replace(drawn.answers[0].provenance, viewer=str(STATE))
    inside = replace(drawn, answers=(replace(drawn.answers[0], provenance=about),))
    with pytest.raises(AccessError, match="computed for 'state'"):
        bundle.make(inside, published, ["csv"])


def _bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for at in range(3):
            packed.writestr(f"{at}", bytes(50 << 20))
    return made.getvalue()


def _twice() -> bytes:
    text = struct.pack(">I", 10) + b"iTXt" + signature.KEYWORD[:10]
    text += struct.pack(">I", zlib.crc32(text[4:]))
    one = signature.chunk(b"iTXt", signature.KEYWORD + b"a.b.c.d")
    return signature.PNG + one + one + signature.chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        pytest.param("a.png", b"", "no signature", id="empty"),
        pytest.param("a.png", signature.PNG + b"\x00\x00\xff\xffIDAT....", "cut off", id="cut"),
        pytest.param("a.png", _twice(), "more than one", id="signed twice"),
        pytest.param("a.pptx", b"PK\x03\x04 not a zip", "cannot be opened", id="no zip"),
        pytest.param("a.pptx", _bomb(), "far more", id="zip bomb"),
        pytest.param("a.csv", b"a\n1\n", "Put both into one folder", id="csv alone"),
        pytest.param("manifest.json", b"[" * 100_000, "no signature", id="deep json"),
        pytest.param("a.svg", b"LONGEVITY-SIGNED:e.e.e.e:END", "cannot be read", id="no record"),
    ],
)
def test_a_hostile_file_ends_in_a_sentence(
    name: str, data: bytes, words: str, published: Settings, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    verdict = bundled.judged(path, published)
    assert verdict.outcome is Outcome.UNSIGNED
    assert words in verdict.sentence


def test_a_signature_that_unpacks_to_far_too_much_is_refused() -> None:
    said = signature.packed({"rows": "0" * (signature.LARGEST_RECORD + 1)})
    with pytest.raises(signature.NotOursError, match="far too much"):
        signature.unpacked(said)


def test_what_is_no_file_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a file"):
        judging.read_file(tmp_path)
