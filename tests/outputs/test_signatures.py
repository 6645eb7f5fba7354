"""A file says who made it, to any reader of C2PA; a stranger's file ends in a sentence, and in bounds."""

import io
import json
import logging
import re
import socket
import stat
import struct
import subprocess
import sys
import zipfile
from dataclasses import replace

import c2pa
import pytest
from pptx import Presentation

from longevity.auth.viewers import STATE
from longevity.errors import AccessError, DataError, UsageError
from longevity.outputs import bundle
from longevity.outputs.bundle import slides
from longevity.outputs.bundle import verify as judging
from longevity.outputs.bundle.verify import FileOutcome
from longevity.outputs.credentials import apart, archive, sign
from longevity.outputs.credentials.read import RECORD, read_claim
from longevity.release import certificates, signing
from longevity.screens.chart_title import choose_title
from longevity.ui import file_check
from tests.factories import authorities, bundles

KINDS = ("png", "svg", "pdf", "pptx")
RECORD_OF = {"title": "101 people were shot", "rows": "city,n\na,101\n", "marks": ["SYNTHETIC"]}


def read(kind, data, settings):
    """Read a file as who signs here."""
    return read_claim(kind, data, certificates.write_pem(certificates.ensure_identity(settings).chain[0]).decode())


def holds(claim):
    """Whether a claim is one of this home over a file as it was made."""
    return claim is not None and claim.ours and claim.holds


# --- what is signed ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory, published):
    """Settings of a home that has signed nothing yet."""
    return replace(published, home=tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_reader_of_others_that_trusts_the_root_trusts_the_file(kind, home):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as deck:
        deck.writestr("[Content_Types].xml", b"<Types><Default /></Types>")
    plain = {"png": bundles.draw_png(), "svg": bundles.SVG, "pdf": bundles.draw_pdf()}
    data = plain.get(kind) or archive.prepare_deck(made.getvalue())
    signed = sign.sign_file(data, kind, home, RECORD_OF)
    root = (home.home / "signing" / "root.pem").read_text()
    context = c2pa.Context.from_dict({"version": 1, "trust": {"trust_anchors": root}})
    with c2pa.Reader(kind, io.BytesIO(signed), None, context) as reader:
        assert reader.get_validation_state() == "Trusted"
        manifest = reader.get_active_manifest()
    said = {assertion["label"]: assertion["data"] for assertion in manifest["assertions"]}
    assert manifest["title"] == RECORD_OF["title"]
    assert said[RECORD] == RECORD_OF
    assert said["c2pa.actions.v2"]["actions"][0]["digitalSourceType"].endswith("/dataDrivenMedia")


def test_nothing_is_fetched_neither_a_manifest_nor_word_of_a_certificate(home, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        files = authorities.Authority().issue(tmp_path / "state", address=address)
        settings = authorities.sign_with(home, files)
        assert holds(read("png", sign.sign_file(bundles.draw_png(), "png", settings, RECORD_OF), settings))
        builder = c2pa.Builder({"title": "mine"}, c2pa.Context.from_dict(bundles.FORGING))
        builder.set_no_embed()
        builder.set_remote_url(f"{address}manifest.c2pa")
        elsewhere = io.BytesIO()
        signer = sign.build_signer(certificates.ensure_identity(settings))
        builder.sign(signer, "png", io.BytesIO(bundles.draw_png()), elsewhere)
        assert address.encode() in elsewhere.getvalue()
        assert read("png", elsewhere.getvalue(), settings) is None
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_record_as_long_as_may_be_is_signed_and_a_longer_one_refused(home):
    rows = "1" * (sign.LARGEST_RECORD - 1000)
    assert holds(read("svg", sign.sign_file(bundles.SVG, "svg", home, {"title": "", "rows": rows}), home))
    with pytest.raises(DataError, match="too many rows"):
        sign.sign_file(bundles.SVG, "svg", home, {"title": "", "rows": rows + "1" * 1000})


def test_a_signed_deck_has_no_hole_between_its_parts(home):
    # LibreOffice opens no archive with bytes that belong to no part.
    signed = sign.sign_file(slides.pack_deck(Presentation()), "pptx", home, RECORD_OF)
    with zipfile.ZipFile(io.BytesIO(signed)) as deck:
        at = 0
        for part in deck.infolist():
            assert part.header_offset == at, part.filename
            name, extra = struct.unpack_from("<2H", signed, at + 26)
            at += 30 + name + extra + part.compress_size
        assert at == deck.start_dir


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


# --- bundles and their verdicts ---------------------------------------------------------------


def test_every_title_offered_holds_with_its_rows_and_the_deck_names_the_program(published, tmp_path):
    drawn = bundles.draw_chart(published)
    for kind, title in drawn.titles.items():
        made = bundle.make_bundle(drawn, published, ["pptx", "csv"], title=choose_title(drawn, kind))
        written = {path.suffix: path for path in bundle.write_bundle(made, tmp_path / kind)}
        for path in written.values():
            assert bundles.judge_file(path, published).outcome is FileOutcome.HOLDS
        assert "not compared with today's" in bundles.judge_file(written[".csv"], published).sentence
        said = json.loads(written[".json"].read_text())
        assert (said["title"], said["title_kind"]) == (title, kind)
        about = Presentation(str(written[".pptx"])).core_properties
        assert about.author == about.last_modified_by == published.program
        assert about.comments == ""
    with pytest.raises(UsageError, match="offers no title 'own'"):
        choose_title(drawn, "own")


def test_figures_that_differ_today_come_with_a_correction_slip(published):
    drawn = bundles.draw_chart(published)
    table = drawn.chart.table.copy()
    was = int(table.loc[0, "victims"])
    table.loc[0, "victims"] = was + 1
    # Other choices than it opens on: that is not kept.
    before = replace(drawn, chart=replace(drawn.chart, table=table), changes={"measure": "victims"})
    (deck,) = (data for name, data in bundle.make_bundle(before, published, ["pptx"]).items() if name.endswith("pptx"))
    verdict = judging.judge_file(deck, bundles.public_desk(published))
    assert verdict.outcome is FileOutcome.DIFFERS
    assert "unedited, but today's figures differ" in verdict.sentence
    assert verdict.slip.startswith(f"CORRECTION\n{drawn.chart.title}\n")
    (then,) = re.findall(r"was     (.*)", verdict.slip)
    (now,) = re.findall(r"is now  (.*)", verdict.slip)
    assert str(was + 1) in then.split(",")
    assert str(was) in now.split(",")
    # Rows that came and went are in it too.
    then, now = "city,year,victims\na,2025,3\nb,2025,4\n", "city,year,victims\na,2025,3\nc,2025,9\n"
    assert judging.list_changed_rows(then, now) == ["    was     b,2025,4", "    is now  c,2025,9"]


def test_what_was_computed_for_another_viewer_is_refused(published):
    drawn = bundles.draw_chart(published)
    about = replace(drawn.answers[0].provenance, viewer=str(STATE))
    inside = replace(drawn, answers=(replace(drawn.answers[0], provenance=about),))
    with pytest.raises(AccessError, match="computed for 'state'"):
        bundle.make_bundle(inside, published, ["csv"])


def make_bomb():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for at in range(3):
            packed.writestr(f"{at}", bytes(50 << 20))
    return made.getvalue()


HOSTILE = {
    "empty": ("a.png", b"", "cannot be verified"),
    "cut": ("a.png", b"\x89PNG\r\n\x1a\n\x00\x00\xff\xffIDAT....", "cannot be verified"),
    "no page": ("a.pdf", b"%PDF-1.7\n", "cannot be verified"),
    "no end": ("a.svg", b"<svg", "cannot be verified"),
    "no zip": ("a.pptx", b"PK\x03\x04 not a zip", "cannot be verified"),
    "zip bomb, never unpacked": ("a.pptx", make_bomb(), "cannot be verified"),
    "the whole bundle": ("a.zip", b"PK", "Unpack a ZIP"),
    "a csv of another": ("a.csv", b"a\n1\n", "is not ours"),
    "deep json": ("manifest.json", b"[" * 100_000, "cannot be verified"),
}


@pytest.mark.parametrize(("name", "data", "words"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_ends_in_a_sentence(name, data, words, published, tmp_path):
    path = tmp_path / name
    path.write_bytes(data)
    verdict = bundles.judge_file(path, published)
    assert verdict.outcome is FileOutcome.UNSIGNED
    assert words in verdict.sentence
    for kind in KINDS:
        assert read_claim(kind, data, "") is None


# --- a stranger's file, read in a process of its own ------------------------------------------


@pytest.fixture(scope="module")
def signed(published):
    """A document of ours."""
    return sign.sign_file(bundles.SVG, "svg", published, bundles.describe_page(published))


def test_the_verdict_is_that_of_the_command_and_the_log_has_the_outcome_alone(signed, published, tmp_path, caplog):
    path = tmp_path / "a.svg"
    known = certificates.write_pem(certificates.ensure_identity(published).chain[0]).decode()
    for data in (signed, signed.replace(b">101<", b">102<"), bundles.SVG):
        path.write_bytes(data)
        with caplog.at_level(logging.INFO, "longevity.ui.file_check"):
            verdict = file_check.judge_file(data, bundles.public_desk(published))
        assert verdict == bundles.judge_file(path, published)
        assert caplog.messages[-1] == f"a file was checked: {verdict.outcome}"
        assert apart.read_claim_apart("svg", data, known) == read_claim("svg", data, known)


def test_a_reader_that_breaks_or_takes_too_long_ends_in_a_sentence(monkeypatch, signed, published):
    monkeypatch.setattr(apart, "SECONDS", 0.01)
    with pytest.raises(DataError, match="it may be damaged"):
        apart.read_claim_apart("svg", signed, "")
    verdict = file_check.judge_file(signed, bundles.public_desk(published))
    assert verdict.outcome is FileOutcome.UNSIGNED


def test_the_process_apart_knows_no_secret_and_can_write_no_file(monkeypatch, signed, tmp_path):
    monkeypatch.setenv("LONGEVITY_SIGN_IN_COOKIE_SECRET", "a secret of this test")
    seen, run = {}, subprocess.run

    def note(*given, **named):
        seen.update(named["env"])
        return run(*given, **named)

    with monkeypatch.context() as noting:
        noting.setattr(subprocess, "run", note)
        assert apart.read_claim_apart("svg", signed, "") is not None
    assert set(seen) <= {"PATH", "LANG"}
    code = (
        "import sys\n"
        "from longevity.outputs.credentials import apart\n"
        "apart.set_bounds()\n"
        "open(sys.argv[1], 'wb', 0).write(b'mine')"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "file")]
    assert subprocess.run(command, cwd=apart.ROOT, capture_output=True, check=False).returncode
    assert (tmp_path / "file").read_bytes() == b""
