"""A home signs with its own certificate or the state's, and knows what it ever signed."""

import stat
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from longevity import settings as configuration
from longevity.errors import ConfigError, DataError
from longevity.outputs.bundle.verify import FileOutcome
from longevity.outputs.credentials import sign
from longevity.release import certificates
from longevity.settings import ROOT
from tests.factories import bundles
from tests.factories.authorities import SERVERS, Authority, sign_with


def sign_page(path, signer, reader):
    """Write a document that `signer` signed, and return what `reader` says of it."""
    path.write_bytes(sign.sign_file(bundles.SVG, "svg", signer, bundles.describe_page(reader)))
    return bundles.judge_file(path, reader)


def test_a_homes_own_is_made_once_at_publish_and_open_to_its_owner_only(tmp_path, published):
    made = certificates.ensure_own(tmp_path, "The Program")
    assert certificates.ensure_own(tmp_path, "Another").chain == made.chain
    assert made.name == "The Program, charts"
    folder = tmp_path / "signing"
    for name in ("certificate.pem", "root.pem"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert "PRIVATE" not in (folder / "root.pem").read_text()
    assert x509.load_pem_x509_certificate((folder / "root.pem").read_bytes()) == made.chain[-1]
    assert (folder / "certificate.pem").read_text().count("PRIVATE KEY") == 2  # one, its ends
    assert (published.home / "signing" / "certificate.pem").is_file()


def test_one_that_is_gone_damaged_or_open_to_others_is_refused(tmp_path):
    certificates.ensure_own(tmp_path, "The Program")
    own = tmp_path / "signing" / "certificate.pem"
    for spoil, error, words in (
        (lambda: own.chmod(0o640), DataError, "chmod 600"),
        (lambda: own.chmod(0o600) or own.write_text("torn"), ConfigError, "needs two certificates in PEM"),
        (own.unlink, DataError, "Restore it from the back-up"),
    ):
        spoil()
        with pytest.raises(error, match=words):
            certificates.ensure_own(tmp_path, "The Program")


def test_the_states_own_signs_and_is_known_after_another_took_its_place(home_of, tmp_path):
    state, path = sign_with(home_of, Authority().issue(tmp_path / "state")), tmp_path / "a.svg"
    verdict = sign_page(path, state, state)
    assert verdict.outcome is FileOutcome.HOLDS
    assert verdict.sentence.endswith("The certificate is that of “Press office”.")
    assert bundles.judge_file(path, home_of).outcome is FileOutcome.HOLDS
    # But changed since it is of an unknown signer.
    path.write_bytes(path.read_bytes().replace(b">101<", b">102<"))
    assert bundles.judge_file(path, home_of).outcome is FileOutcome.UNKNOWN


def test_another_certificate_of_the_same_authority_and_name_is_an_unknown_signer(home_of, tmp_path):
    authority = Authority()
    ours = sign_with(home_of, authority.issue(tmp_path / "ours"))
    certificates.ensure_identity(ours)
    his = replace(ours, home=tmp_path / "his", signing=authority.issue(tmp_path / "other"))
    verdict = sign_page(tmp_path / "a.svg", his, ours)
    assert verdict.outcome is FileOutcome.UNKNOWN
    assert verdict.sentence.startswith("Signed by “Press office”, with a certificate that is not")


def test_what_a_certificate_that_ran_out_signed_still_holds(home_of, tmp_path):
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
    state = sign_with(home_of, Authority().issue(tmp_path / "state", ends=ends))
    sign_page(tmp_path / "a.svg", state, state)
    time.sleep((ends - datetime.now(UTC)).total_seconds() + 1.1)
    assert bundles.judge_file(tmp_path / "a.svg", state).outcome is FileOutcome.HOLDS
    with pytest.raises(DataError, match="Nothing can be signed with the certificate of Press office"):
        sign.sign_file(bundles.SVG, "svg", state, {"title": "T"})


ENDED = "which holds to 2021-01-01: .* not valid at time of signing"
ISSUED = {
    "usage": ({"signs": False}, "whose key usage is digital signature"),
    "use": ({"use": SERVERS}, "certificate is invalid"),
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
    settings = sign_with(home_of, files)
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
