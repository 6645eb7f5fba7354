"""A file carries Content Credentials that any reader of C2PA reads."""

from __future__ import annotations

import io
import socket
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import c2pa
import pytest
from pptx import Presentation

from longevity.errors import DataError
from longevity.outputs.bundle import slides
from longevity.outputs.credentials import archive, sign
from longevity.outputs.credentials.read import RECORD, Claim, read_claim
from longevity.release import certificates
from longevity.settings import Settings
from tests.factories import authorities, bundles

RECORD_OF = {"title": "101 people were shot", "rows": "city,n\na,101\n", "marks": ["SYNTHETIC"]}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><text>101</text></svg>'
KINDS = ("png", "svg", "pdf", "pptx")


def _pptx() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as deck:
        deck.writestr("[Content_Types].xml", b"<Types><Default /></Types>")
        deck.writestr("ppt/chart.xml", b"<v>101</v>")
    return archive.prepare_deck(made.getvalue())


@pytest.fixture(scope="module")
def home(tmp_path_factory, published):
    """Settings of a home that has signed nothing yet."""
    return replace(published, home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def files(home):
    """A file of each kind, signed."""
    plain = {"png": bundles.draw_png(), "svg": SVG, "pdf": bundles.draw_pdf(), "pptx": _pptx()}
    return {kind: sign.sign_file(data, kind, home, RECORD_OF) for kind, data in plain.items()}


def read(kind: str, data: bytes, settings: Settings) -> Claim | None:
    """Read a file as who signs here."""
    signer = certificates.ensure_identity(settings).chain[0]
    return read_claim(kind, data, certificates.write_pem(signer).decode())


def holds(claim: Claim | None) -> bool:
    """Return whether a claim is one of this home over a file as it was made."""
    return claim is not None and claim.ours and claim.holds


@pytest.mark.parametrize("kind", KINDS)
def test_a_reader_of_others_that_trusts_the_root_trusts_the_file(kind, files, home):
    root = (home.home / "signing" / "root.pem").read_text()
    context = c2pa.Context.from_dict({"version": 1, "trust": {"trust_anchors": root}})
    with c2pa.Reader(kind, io.BytesIO(files[kind]), None, context) as reader:
        assert reader.get_validation_state() == "Trusted"
        manifest = reader.get_active_manifest()
    assert manifest is not None
    said = {one["label"]: one["data"] for one in manifest["assertions"]}
    assert manifest["title"] == RECORD_OF["title"]
    assert said[RECORD] == RECORD_OF
    assert said["c2pa.actions.v2"]["actions"][0]["digitalSourceType"].endswith("/dataDrivenMedia")


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_signed_is_read_again(kind, files, home):
    claim = read(kind, files[kind], home)
    assert claim is not None
    assert claim.record == RECORD_OF
    assert holds(claim)


# --- nothing from outside ---------------------------------------------------------------------


@contextmanager
def _listening() -> Iterator[tuple[str, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", server


def test_nothing_is_fetched_neither_a_manifest_nor_word_of_a_certificate(home, tmp_path):
    with _listening() as (address, server):
        files = authorities.Authority().issue(tmp_path / "state", address=address)
        settings = authorities.sign_with(home, files)
        signed = sign.sign_file(bundles.draw_png(), "png", settings, RECORD_OF)
        assert holds(read("png", signed, settings))
        builder = c2pa.Builder({"title": "mine"}, c2pa.Context.from_dict(bundles.FORGING))
        builder.set_no_embed()
        builder.set_remote_url(f"{address}manifest.c2pa")
        elsewhere = io.BytesIO()
        identity = certificates.ensure_identity(settings)
        builder.sign(sign.build_signer(identity), "png", io.BytesIO(bundles.draw_png()), elsewhere)
        assert address.encode() in elsewhere.getvalue()
        assert read("png", elsewhere.getvalue(), settings) is None
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_record_as_long_as_may_be_is_signed_and_a_longer_one_told(home):
    rows = "1" * (sign.LARGEST_RECORD - 1000)
    signed = sign.sign_file(SVG, "svg", home, {"title": "", "rows": rows})
    assert holds(read("svg", signed, home))
    with pytest.raises(DataError, match="too many rows"):
        sign.sign_file(SVG, "svg", home, {"title": "", "rows": rows + "1" * 1000})


def test_what_is_no_file_of_ours_is_none():
    hostile = (b"", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n\xff\xff\xff\xff", b"%PDF-1.7\n", b"<svg")
    for kind in KINDS:
        for data in hostile:
            assert read_claim(kind, data, "") is None


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
