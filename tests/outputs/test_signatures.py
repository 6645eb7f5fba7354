"""A file says who made it, to any reader of C2PA; a stranger's file ends in a sentence, and in bounds."""

import io
import json
import logging
import socket
import stat
import struct
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import c2pa
import pandas as pd
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pptx import Presentation

from longevity import settings as configuration
from longevity.auth.viewers import PUBLIC, STATE
from longevity.base.errors import AccessError, ConfigError, DataError, UsageError
from longevity.outputs import bundle
from longevity.outputs.bundle import slides
from longevity.outputs.bundle import verify as judging
from longevity.outputs.bundle.verify import FileOutcome
from longevity.outputs.credentials import apart, archive, sign
from longevity.outputs.credentials.read import RECORD, read_claim
from longevity.release import certificates, signing
from longevity.screens.context import ReportContext
from longevity.settings import ROOT, Signing
from longevity.ui import file_check
from tests.conftest import TODAY
from tests.factories import bundles, tiny_release

KINDS = ("png", "svg", "pdf", "pptx")
RECORD_OF = {"title": "101 people were shot", "rows": "city,n\na,101\n", "marks": ["SYNTHETIC"]}
DOCUMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
BEGINS, ENDS = datetime(2020, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC)


class Authority:
    """Somebody who issues certificates: its own is `certificate`."""

    def __init__(self, name="State of Example"):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = (
            _begin(self.name, self.name, self.key, ENDS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_usage(signs=False), critical=True)
            .sign(self.key, hashes.SHA256())
        )

    def issue(self, folder, *, use=DOCUMENTS, ca=False, curve=None, ends=ENDS, others=None, address=""):
        """Issue a certificate of a press office; the files of it with the authority's, and of its key (0600).

        `others` stand in the place of the authority's. `address`: where to ask whether it holds.
        """
        folder.mkdir(exist_ok=True)
        key = ec.generate_private_key(curve or ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Press office")])
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        made = (
            _begin(subject, self.name, key, ends)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(_usage(signs=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
            .add_extension(issuer, critical=False)
        )
        if address:
            made = made.add_extension(_asks(address), critical=False)
        chain = [made.sign(self.key, hashes.SHA256()), *([self.certificate] if others is None else others)]
        files = Signing.model_construct(certificates=folder / "chain.pem", key=folder / "key.pem")
        files.certificates.write_bytes(b"".join(certificate.public_bytes(Encoding.PEM) for certificate in chain))
        files.key.touch(0o600)
        files.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return files


def _asks(address):
    kinds = (AuthorityInformationAccessOID.OCSP, AuthorityInformationAccessOID.CA_ISSUERS)
    where = x509.UniformResourceIdentifier(address)
    return x509.AuthorityInformationAccess([x509.AccessDescription(kind, where) for kind in kinds])


def _begin(subject, issuer, key, ends):
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGINS)
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(signs):
    unused = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign")
    others = dict.fromkeys((*unused, "encipher_only", "decipher_only"), False)
    return x509.KeyUsage(digital_signature=signs, key_cert_sign=not signs, **others)


def read(kind, data, settings):
    """Read a file as who signs here."""
    return read_claim(kind, data, certificates.write_pem(certificates.ensure_identity(settings).chain[0]).decode())


def holds(claim):
    """Whether a claim is one of this home over a file as it was made."""
    return claim is not None and claim.ours and claim.holds


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
        files = Authority().issue(tmp_path / "state", address=address)
        settings = replace(home, signing=files)
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
    signed = sign.sign_file(slides.make_deck(home, "A deck", TODAY, []), "pptx", home, RECORD_OF)
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


def test_a_fingerprint_tells_one_secret_from_another_and_makes_none(tmp_path):
    assert signing.find_fingerprint(tmp_path) == "none"
    assert [*tmp_path.iterdir()] == []
    key = signing.ensure_key(tmp_path)
    mark = signing.find_fingerprint(tmp_path)
    assert len(mark) == 16
    assert signing.find_fingerprint(tmp_path) == mark
    assert mark not in key.hex()
    (tmp_path / "signing" / "key").write_bytes(bytes(32))
    assert signing.find_fingerprint(tmp_path) != mark


# Whose certificate: the home's own, or one of the state's authority
def sign_page(path, signer, reader):
    """Write a document that `signer` signed, and return what `reader` says of it."""
    path.write_bytes(sign.sign_file(bundles.SVG, "svg", signer, bundles.describe_page(reader)))
    return bundles.judge_file(path, reader)


def test_a_homes_own_is_made_once_at_publish_and_open_to_its_owner_only(tmp_path, published):
    own = replace(published, home=tmp_path, program="The Program")
    made = certificates.ensure_identity(own)
    assert certificates.ensure_identity(replace(own, program="Another")).chain == made.chain
    assert made.name == "The Program, charts"
    folder = tmp_path / "signing"
    for name in ("certificate.pem", "root.pem"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert "PRIVATE" not in (folder / "root.pem").read_text()
    assert x509.load_pem_x509_certificate((folder / "root.pem").read_bytes()) == made.chain[-1]
    assert (folder / "certificate.pem").read_text().count("PRIVATE KEY") == 2  # one, its ends
    assert (published.home / "signing" / "certificate.pem").is_file()


def test_one_that_is_gone_damaged_or_open_to_others_is_refused(tmp_path, published):
    settings = replace(published, home=tmp_path)
    certificates.ensure_identity(settings)
    own = tmp_path / "signing" / "certificate.pem"
    for spoil, error, words in (
        (lambda: own.chmod(0o640), DataError, "chmod 600"),
        (lambda: own.chmod(0o600) or own.write_text("torn"), ConfigError, "needs two certificates in PEM"),
        (own.unlink, DataError, "Restore it from the back-up"),
    ):
        spoil()
        with pytest.raises(error, match=words):
            certificates.ensure_identity(settings)


def test_the_states_own_signs_and_is_known_after_another_took_its_place(home_of, tmp_path):
    state, path = replace(home_of, signing=Authority().issue(tmp_path / "state")), tmp_path / "a.svg"
    verdict = sign_page(path, state, state)
    assert verdict.outcome is FileOutcome.HOLDS
    assert verdict.sentence.endswith("The certificate is that of “Press office”.")
    assert bundles.judge_file(path, home_of).outcome is FileOutcome.HOLDS
    # But changed since it is of an unknown signer.
    path.write_bytes(path.read_bytes().replace(b">101<", b">102<"))
    assert bundles.judge_file(path, home_of).outcome is FileOutcome.UNKNOWN


def test_another_certificate_of_the_same_authority_and_name_is_an_unknown_signer(home_of, tmp_path):
    authority = Authority()
    ours = replace(home_of, signing=authority.issue(tmp_path / "ours"))
    certificates.ensure_identity(ours)
    his = replace(ours, home=tmp_path / "his", signing=authority.issue(tmp_path / "other"))
    verdict = sign_page(tmp_path / "a.svg", his, ours)
    assert verdict.outcome is FileOutcome.UNKNOWN
    assert verdict.sentence.startswith("Signed by “Press office”, with a certificate that is not")


def sign_before_the_end(folder, settings, path):
    """A page signed with a certificate that ends about now, and when: a slow machine is given twice as long.

    The library that signs reads the clock of the machine, and can be given none.
    """
    for seconds in (1, 2, 4, 8, 16, 32):
        ends = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)
        state = replace(settings, signing=Authority().issue(folder / f"{seconds}", ends=ends))
        with suppress(DataError):
            sign_page(path, state, state)
            return state, ends
    raise AssertionError("A page is not signed within 32 seconds.")


def test_what_a_certificate_that_ran_out_signed_still_holds(home_of, tmp_path):
    state, ends = sign_before_the_end(tmp_path, home_of, tmp_path / "a.svg")
    while datetime.now(UTC) < ends + timedelta(seconds=1):
        time.sleep(0.05)
    assert bundles.judge_file(tmp_path / "a.svg", state).outcome is FileOutcome.HOLDS
    with pytest.raises(DataError, match="Nothing can be signed with the certificate of Press office"):
        sign.sign_file(bundles.SVG, "svg", state, {"title": "T"})


ENDED = "which holds to 2021-01-01: .* not valid at time of signing"
ISSUED = {
    "use": ({"use": ExtendedKeyUsageOID.SERVER_AUTH}, "certificate is invalid"),
    "issuer": ({"ca": True}, "certificate is invalid"),
    "curve": ({"curve": ec.SECP384R1()}, "invalid ES256 private key"),
    "alone": ({"others": ()}, "needs two certificates in PEM"),
    "order": ({"others": [Authority("Another").certificate]}, "after each its issuer's"),
    "ran out": ({"ends": datetime(2021, 1, 1, tzinfo=UTC)}, ENDED),
}


def change_key(chain, key):
    key.write_bytes(Authority().issue(key.parent / "other").key.read_bytes())


SPOILED = {
    "no chain": (lambda chain, _: chain.write_text("none"), "needs two certificates in PEM"),
    "no key": (lambda _, key: key.write_text("none"), "needs a key in PEM"),
    "another key": (change_key, "does not match the provided data or public key"),
    "open to others": (lambda _, key: key.chmod(0o644), "chmod 600"),
}


@pytest.mark.parametrize("case", [*ISSUED, *SPOILED])
def test_a_certificate_that_cannot_sign_ends_in_a_sentence(case, tmp_path, home_of):
    how, words = ISSUED.get(case, ({}, ""))
    files = Authority().issue(tmp_path / "state", **how)
    if case in SPOILED:
        spoil, words = SPOILED[case]
        spoil(files.certificates, files.key)
    settings = replace(home_of, signing=files)
    with pytest.raises((ConfigError, DataError), match=words):
        sign.describe_signer(settings)
    with pytest.raises((ConfigError, DataError), match=words):
        sign.sign_file(bundles.SVG, "svg", settings, {"title": "T"})


def test_the_configurations_files_are_found_next_to_it(tmp_path):
    Authority().issue(tmp_path)
    path = tmp_path / "longevity.toml"
    whole = (ROOT / "longevity.toml").read_text(encoding="utf-8")
    path.write_text(f'{whole}\n[signing]\ncertificates = "chain.pem"\nkey = "key.pem"\n', encoding="utf-8")
    settings = configuration.load_settings(path, tmp_path, {})
    said = "Files are signed by “Press office”, whose certificate holds to 2060-01-01."
    assert sign.describe_signer(settings) == said


def test_every_title_offered_holds_with_its_rows_and_the_deck_names_the_program(published, tmp_path):
    drawn = bundles.draw_chart(published)
    for kind, title in drawn.titles.items():
        made = bundle.make_bundle(drawn, published, ["pptx", "csv"], title=kind)
        written = {path.suffix: path for path in bundle.write_bundle(made, tmp_path / kind)}
        for path in written.values():
            assert bundles.judge_file(path, published).outcome is FileOutcome.HOLDS
        assert "its figures hold" in bundles.judge_file(written[".csv"], published).sentence
        said = json.loads(written[".json"].read_text())
        assert (said["title"], said["title_kind"]) == (title, kind)
        about = Presentation(str(written[".pptx"])).core_properties
        assert about.author == about.last_modified_by == published.program
        assert about.comments == ""
    with pytest.raises(UsageError, match="offers no title 'own'"):
        bundle.make_bundle(drawn, published, ["csv"], title="own")


def test_figures_of_today_are_the_publics_whoever_asks(published, monkeypatch):
    rows = next(iter(bundle.make_bundle(bundles.draw_chart(published), published, ["csv"]).values()))
    desk = replace(bundles.public_desk(published), viewer=STATE)
    asked = []
    monkeypatch.setattr(judging, "ReportContext", lambda *given: asked.append(given[1]) or ReportContext(*given))
    assert judging.judge_file(rows, desk).outcome is FileOutcome.HOLDS
    assert asked == [PUBLIC]


CELLS = {
    "a count": ("east,2024,3,1", ["city East, year 2024, people shot: was 3, is 4"]),
    "one that is not shown": ("east,2024,4,9", []),
    "a row that went": ("west,2024,4,1", ["city West, year 2024, people shot: was 4, is not known"]),
    "what was not known": ("east,2024,,1", []),
}


@pytest.mark.parametrize(("row", "changes"), CELLS.values(), ids=CELLS)
def test_cells_are_compared_by_their_row_and_only_those_drawn(row, changes, tmp_path):
    settings = tiny_release.settings(tmp_path)
    columns = ["city", "year", "victims", "fatal"]
    now = pd.DataFrame([["north", 2024, 8, 1], ["east", 2024, 4, 1], ["east", 2023, 7, 1]], columns=columns)
    record = {"chosen": {"measure": "victims"}, "rows": f"{','.join(columns)}\neast,2023,7,1\n{row}\n"}
    assert judging.list_changes(record, now, settings) == changes
    with pytest.raises(DataError, match="other columns"):
        judging.list_changes(record, now.drop(columns="victims"), settings)


def test_what_was_computed_for_another_viewer_is_refused(published):
    drawn = bundles.draw_chart(published)
    about = replace(drawn.answers[0].provenance, viewer=str(STATE))
    inside = replace(drawn, answers=(replace(drawn.answers[0], about=about),))
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


@pytest.fixture(scope="module")
def signed(published):
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
