"""A file carries Content Credentials that any reader of C2PA reads, and no byte can be another."""

from __future__ import annotations

import io
import re
import socket
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import c2pa
import pytest
from pptx import Presentation
from pypdf import PdfWriter

from longevity.errors import DataError
from longevity.outputs.bundle.reproducible import build_chunk
from longevity.outputs.credentials import archive, sign
from longevity.outputs.credentials.read import ANY, RECORD, SETTINGS, Claim, read_claim
from longevity.release import certificates
from longevity.settings import Settings
from tests.factories import authorities

RECORD_OF = {"title": "101 people were shot", "rows": "city,n\na,101\n", "marks": ["SYNTHETIC"]}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><text>101</text></svg>'
KINDS = ("png", "svg", "pdf", "pptx", ANY)
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
Boxes = list[Any]


def _png() -> bytes:
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    dot = build_chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + build_chunk(b"IHDR", head) + dot + build_chunk(b"IEND", b"")


def _pdf() -> bytes:
    page, made = PdfWriter(), io.BytesIO()
    page.add_blank_page(100, 100)
    page.write(made)
    return made.getvalue()


def _pptx() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as deck:
        deck.writestr("[Content_Types].xml", b"<Types><Default /></Types>")
        deck.writestr("ppt/chart.xml", b"<v>101</v>")
    return archive.prepare_deck(made.getvalue())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, published: Settings) -> Settings:
    """Settings of a home that has signed nothing yet."""
    return replace(published, home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def files(home: Settings) -> dict[str, tuple[bytes, bytes | None]]:
    """A file of each kind, signed, and its credentials where they stand beside it."""
    plain = {"png": _png(), "svg": SVG, "pdf": _pdf(), "pptx": _pptx()}
    made: dict[str, tuple[bytes, bytes | None]] = {
        kind: (sign.sign_file(data, kind, home, RECORD_OF), None) for kind, data in plain.items()
    }
    return made | {ANY: (b"a,b\n1,2\n", sign.sign_beside(b"a,b\n1,2\n", home, RECORD_OF))}


def holds(claim: Claim | None, home: Settings) -> bool:
    """Return whether a claim is one of this home over a file as it was made."""
    own = certificates.ensure_identity(home).der
    return claim is not None and claim.chain == own and claim.whole


@pytest.mark.parametrize("kind", KINDS)
def test_a_reader_of_others_that_trusts_the_root_trusts_the_file(
    kind: str, files: dict[str, tuple[bytes, bytes | None]], home: Settings
) -> None:
    root = (home.home / "signing" / "root.pem").read_text()
    context = c2pa.Context.from_dict({"version": 1, "trust": {"trust_anchors": root}})
    data, beside = files[kind]
    with c2pa.Reader(kind, io.BytesIO(data), beside, context) as reader:
        assert reader.get_validation_state() == "Trusted"
        manifest = reader.get_active_manifest()
    assert manifest is not None
    said = {one["label"]: one["data"] for one in manifest["assertions"]}
    assert manifest["title"] == RECORD_OF["title"]
    assert said[RECORD] == RECORD_OF
    assert said["c2pa.actions.v2"]["actions"][0]["digitalSourceType"].endswith("/dataDrivenMedia")


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_signed_is_read_again(
    kind: str, files: dict[str, tuple[bytes, bytes | None]], home: Settings
) -> None:
    claim = read_claim(kind, *files[kind])
    assert claim is not None
    assert claim.record == RECORD_OF
    assert holds(claim, home)


def _changed(data: bytes, step: int) -> Iterator[tuple[int, bytes]]:
    """Each file with one bit another: of every byte in turn, or every so many."""
    for at in range(0, len(data), step):
        yield at, data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("step", [101, pytest.param(1, marks=pytest.mark.audit)])
def test_no_byte_can_be_another(
    kind: str, step: int, files: dict[str, tuple[bytes, bytes | None]], home: Settings
) -> None:
    data, beside = files[kind]
    for at, changed in _changed(data, step):
        assert not holds(read_claim(kind, changed, beside), home), at
    for at, changed in _changed(beside or b"", step):
        assert not holds(read_claim(kind, data, changed), home), at


def test_bytes_that_the_hash_leaves_out_can_be_no_others(
    files: dict[str, tuple[bytes, bytes | None]], home: Settings
) -> None:
    png, deck = files["png"][0], files["pptx"][0]
    begins, listed = png.index(b"caBX") - 4, deck.index(b"META-INF/")
    ends = begins + 12 + int.from_bytes(png[begins : begins + 4], "big")
    for kind, data, at in (("png", png, ends - 1), ("pptx", deck, listed - 1), ("pptx", deck, -1)):
        changed = bytearray(data)
        changed[at] ^= 1
        assert not holds(read_claim(kind, bytes(changed)), home), (kind, at)


@pytest.mark.parametrize("kind", KINDS[:4])
@pytest.mark.parametrize("end", ["before", "behind"])
def test_nothing_is_put_before_or_behind(
    kind: str, end: str, files: dict[str, tuple[bytes, bytes | None]], home: Settings
) -> None:
    data, _ = files[kind]
    claim = read_claim(kind, b" " + data if end == "before" else data + b"\n")
    assert not holds(claim, home)


# --- what a forger does to the credentials themselves ---------------------------------------


def _take_apart(data: bytes) -> Boxes:
    found, at = [], 0
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        inner = data[at + 8 : at + size]
        found.append([kind, _take_apart(inner) if kind == b"jumb" else inner])
        at += size
    return found


def _put_together(boxes: Boxes) -> bytes:
    packed = ((kind, _put_together(v) if kind == b"jumb" else v) for kind, v in boxes)
    return b"".join(struct.pack(">I4s", len(inner) + 8, kind) + inner for kind, inner in packed)


def _negated(boxes: Boxes) -> None:
    """Put the other number that holds as well in the place of a signature's second."""
    cose = boxes[0][1][1][1][3][1][1]
    second = ORDER - int.from_bytes(cose[1][-32:], "big")
    cose[1] = cose[1][:-32] + second.to_bytes(32, "big")


def _padded(boxes: Boxes) -> None:
    cose = boxes[0][1][1][1][3][1][1]
    at = cose[1].index(b"\0" * 100) + 50
    cose[1] = cose[1][:at] + b"mine" + cose[1][at + 4 :]


def _recoded(boxes: Boxes) -> None:
    claim = boxes[0][1][1][1][2][1][1]
    claim[1] = claim[1].replace(b"calg", b"x\x03alg")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_negated, id="the other signature that holds"),
        pytest.param(_padded, id="words in the padding"),
        pytest.param(_recoded, id="the same claim, spelled otherwise"),
        pytest.param(lambda b: b.append([b"free", b"mine"]), id="a box behind"),
        pytest.param(lambda b: b[0][1].append(b[0][1][1]), id="the manifest twice"),
        pytest.param(
            lambda b: b[0][1][1][1][1][1][1][1].append([b"cbor", b"\xa0"]), id="in an assertion"
        ),
        pytest.param(lambda b: b[0][1][1][1][1][1].pop(1), id="an assertion taken out"),
    ],
)
def test_credentials_have_one_spelling(
    change: Callable[[Boxes], object],
    files: dict[str, tuple[bytes, bytes | None]],
    home: Settings,
) -> None:
    data, beside = files[ANY]
    boxes = _take_apart(beside or b"")
    assert _put_together(boxes) == beside
    change(boxes)
    assert not holds(read_claim(ANY, data, _put_together(boxes)), home)


def test_the_credentials_of_another_file_of_ours_do_not_hold(home: Settings) -> None:
    signed = [
        sign.sign_file(svg, "svg", home, RECORD_OF) for svg in (SVG, SVG.replace(b"101", b"102"))
    ]
    (own, other) = (re.findall(rb"<c2pa:manifest>(.*)</c2pa:manifest>", one)[0] for one in signed)
    claim = read_claim("svg", signed[0].replace(own, other))
    assert claim is not None
    assert claim.chain
    assert not claim.whole


def test_a_picture_with_a_script_put_in_is_changed(
    files: dict[str, tuple[bytes, bytes | None]], home: Settings
) -> None:
    script = b"<script>alert(1)</script></svg>"
    claim = read_claim("svg", files["svg"][0].replace(b"</svg>", script))
    assert claim is not None
    assert claim.record_holds
    assert not claim.whole


@pytest.mark.parametrize("kind", KINDS[:4])
def test_without_its_credentials_a_file_claims_nothing(kind: str) -> None:
    plain = {"png": _png, "svg": lambda: SVG, "pdf": _pdf, "pptx": _pptx}
    assert read_claim(kind, plain[kind]()) is None


def test_a_record_in_another_manifest_of_the_same_file_is_not_read(home: Settings) -> None:
    """Somebody opens a file of ours in a program of theirs, which signs it again."""
    signed = io.BytesIO(sign.sign_file(SVG, "svg", home, RECORD_OF))
    his = certificates.ensure_own(home.home / "his", home.program)
    builder = c2pa.Builder({"title": "mine"}, c2pa.Context.from_dict(dict(SETTINGS)))
    builder.add_ingredient({"title": "ours", "relationship": "parentOf"}, "svg", signed)
    again = io.BytesIO()
    builder.sign(sign._build_signer(his), "svg", signed, again)
    claim = read_claim("svg", again.getvalue())
    assert claim is not None
    assert not holds(claim, home)
    assert claim.record == {}


# --- nothing from outside ---------------------------------------------------------------------


@contextmanager
def _listening() -> Iterator[tuple[str, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", server


def test_nothing_is_fetched_neither_a_manifest_nor_word_of_a_certificate(
    home: Settings, tmp_path: Path
) -> None:
    with _listening() as (address, server):
        files = authorities.Authority().issue(tmp_path / "state", address=address)
        settings = authorities.sign_with(home, files)
        signed = sign.sign_file(_png(), "png", settings, RECORD_OF)
        claim = read_claim("png", signed)
        assert claim is not None
        assert claim.record_holds
        builder = c2pa.Builder({"title": "mine"}, c2pa.Context.from_dict(dict(SETTINGS)))
        builder.set_no_embed()
        builder.set_remote_url(f"{address}manifest.c2pa")
        elsewhere = io.BytesIO()
        identity = certificates.ensure_identity(settings)
        builder.sign(sign._build_signer(identity), "png", io.BytesIO(_png()), elsewhere)
        assert address.encode() in elsewhere.getvalue()
        assert read_claim("png", elsewhere.getvalue()) is None
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_record_as_long_as_may_be_is_signed_and_a_longer_one_told(home: Settings) -> None:
    rows = "1" * (sign.LARGEST_RECORD - 1000)
    assert holds(
        read_claim("svg", sign.sign_file(SVG, "svg", home, {"title": "", "rows": rows})), home
    )
    with pytest.raises(DataError, match="too many rows"):
        sign.sign_file(SVG, "svg", home, {"title": "", "rows": rows + "1" * 1000})


def test_what_is_no_file_of_ours_is_none() -> None:
    hostile = (b"", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n\xff\xff\xff\xff", b"%PDF-1.7\n", b"<svg")
    for kind in KINDS[:4]:
        for data in hostile:
            assert read_claim(kind, data) is None
    assert read_claim(ANY, b"a", b"\xff" * 100) is None


def test_a_deck_is_opened_by_others_and_the_credentials_have_a_kind(home: Settings) -> None:
    deck = Presentation()
    deck.slides.add_slide(deck.slide_layouts[6])
    signed = sign.sign_deck(deck, home, RECORD_OF)
    assert holds(read_claim("pptx", signed), home)
    assert len(Presentation(io.BytesIO(signed)).slides) == 1
    assert b'Extension="c2pa" ContentType="application/c2pa"' in signed


def test_a_signed_deck_has_no_hole_between_its_parts(home: Settings) -> None:
    # LibreOffice opens no archive with bytes that belong to no part.
    signed = sign.sign_deck(Presentation(), home, RECORD_OF)
    with zipfile.ZipFile(io.BytesIO(signed)) as deck:
        at = 0
        for part in deck.infolist():
            assert part.header_offset == at, part.filename
            name, extra = struct.unpack_from("<2H", signed, at + 26)
            at += 30 + name + extra + part.compress_size
        assert at == deck.start_dir
