"""A home signs with its own certificate or the state's, and knows what it ever signed."""

from __future__ import annotations

import stat
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from longevity import settings as configuration
from longevity.errors import ConfigError, DataError
from longevity.outputs.bundle.verify import FileOutcome
from longevity.outputs.credentials import sign
from longevity.release import certificates
from longevity.settings import ROOT, Settings, Signing
from tests.factories import authorities, bundles
from tests.factories.authorities import SERVERS, Authority, sign_with

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><text>101</text></svg>'


def judged(folder: Path, signer: Settings, reader: Settings) -> tuple[FileOutcome, str]:
    """What `reader` says of a document that `signer` signed."""
    release = bundles.public_desk(reader).warehouse.release.id
    record = {"document": "A page", "counted_to": "2026-06-30", "release": release, "viewer": "x"}
    path = folder / "a.svg"
    path.write_bytes(sign.sign_file(SVG, "svg", signer, record))
    verdict = bundles.judge_file(path, reader)
    return verdict.outcome, verdict.sentence


def test_a_homes_own_is_made_once_and_open_to_its_owner_only(tmp_path):
    made = certificates.ensure_own(tmp_path, "The Program")
    assert certificates.ensure_own(tmp_path, "Another").chain == made.chain
    assert made.name == "The Program, charts"
    folder = tmp_path / "signing"
    for name in ("certificate.pem", "root.pem"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert "PRIVATE" not in (folder / "root.pem").read_text()
    assert x509.load_pem_x509_certificate((folder / "root.pem").read_bytes()) == made.chain[-1]
    assert (folder / "certificate.pem").read_text().count("PRIVATE KEY") == 2  # one, its ends


def test_a_homes_own_is_made_at_publish(published):
    assert (published.home / "signing" / "certificate.pem").is_file()


def test_one_that_is_gone_damaged_or_open_to_others_is_refused(tmp_path):
    certificates.ensure_own(tmp_path, "The Program")
    own = tmp_path / "signing" / "certificate.pem"
    own.chmod(0o640)
    with pytest.raises(DataError, match="chmod 600"):
        certificates.ensure_own(tmp_path, "The Program")
    own.chmod(0o600)
    own.write_text("torn")
    with pytest.raises(ConfigError, match="needs two certificates in PEM"):
        certificates.ensure_own(tmp_path, "The Program")
    own.unlink()
    with pytest.raises(DataError, match="Restore it from the back-up"):
        certificates.ensure_own(tmp_path, "The Program")


def test_the_states_own_signs_and_is_known_after_another_took_its_place(home_of, tmp_path):
    state = sign_with(home_of, Authority().issue(tmp_path / "state"))
    outcome, said = judged(tmp_path, state, state)
    assert outcome is FileOutcome.HOLDS
    assert said.endswith("The certificate is that of “Press office”.")
    assert bundles.judge_file(tmp_path / "a.svg", home_of).outcome is FileOutcome.HOLDS


def test_a_changed_file_of_a_certificate_that_was_replaced_is_of_an_unknown_signer(home_of, tmp_path):
    state = sign_with(home_of, Authority().issue(tmp_path / "state"))
    judged(tmp_path, state, state)
    path = tmp_path / "a.svg"
    path.write_bytes(path.read_bytes().replace(b">101<", b">102<"))
    verdict = bundles.judge_file(path, home_of)
    assert verdict.outcome is FileOutcome.UNKNOWN


def test_another_certificate_of_the_same_authority_and_name_is_an_unknown_signer(home_of, tmp_path):
    authority = Authority()
    ours = sign_with(home_of, authority.issue(tmp_path / "ours"))
    certificates.ensure_identity(ours)
    his = replace(ours, home=tmp_path / "his", signing=authority.issue(tmp_path / "other"))
    outcome, said = judged(tmp_path, his, ours)
    assert outcome is FileOutcome.UNKNOWN
    assert "“Press office”" in said


def test_what_a_certificate_that_ran_out_signed_still_holds(home_of, tmp_path):
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
    state = sign_with(home_of, Authority().issue(tmp_path / "state", ends=ends))
    judged(tmp_path, state, state)
    time.sleep((ends - datetime.now(UTC)).total_seconds() + 1.1)
    verdict = bundles.judge_file(tmp_path / "a.svg", state)
    assert verdict.outcome is FileOutcome.HOLDS
    with pytest.raises(DataError, match="Nothing can be signed with the certificate of Press office"):
        sign.sign_file(SVG, "svg", state, {"title": "T"})


def _ones(files: Signing) -> tuple[Path, Path]:
    assert files.certificates is not None
    assert files.key is not None
    return files.certificates, files.key


@pytest.mark.parametrize(
    ("how", "words"),
    [
        pytest.param({"signs": False}, "whose key usage is digital signature", id="usage"),
        pytest.param({"use": SERVERS}, "certificate is invalid", id="use"),
        pytest.param({"ca": True}, "certificate is invalid", id="issuer"),
        pytest.param({"curve": ec.SECP384R1()}, "invalid ES256 private key", id="curve"),
        pytest.param({"others": ()}, "needs two certificates in PEM", id="alone"),
        pytest.param(
            {"others": [Authority("Another").certificate]},
            "after each its issuer's",
            id="order",
        ),
        pytest.param(
            {"ends": datetime(2021, 1, 1, tzinfo=UTC)},
            "which holds to 2021-01-01: .* not valid at time of signing",
            id="ran out",
        ),
    ],
)
def test_a_certificate_that_cannot_sign_ends_in_a_sentence(how, words, tmp_path, home_of):
    settings = sign_with(home_of, Authority().issue(tmp_path / "state", **how))
    with pytest.raises((ConfigError, DataError), match=words):
        sign.describe_signer(settings)
    with pytest.raises((ConfigError, DataError), match=words):
        sign.sign_file(SVG, "svg", settings, {"title": "T"})


def _no_pem(chain: Path, key: Path) -> None:
    chain.write_text("none")


def _no_key(chain: Path, key: Path) -> None:
    key.write_text("none")


def _another_key(chain: Path, key: Path) -> None:
    key.write_bytes(_ones(Authority().issue(key.parent / "other"))[1].read_bytes())


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_no_pem, "needs two certificates in PEM"),
        (_no_key, "needs a key in PEM"),
        (_another_key, "does not match the provided data or public key"),
        (lambda _, key: key.chmod(0o644), "chmod 600"),
    ],
)
def test_files_that_do_not_belong_together_end_in_a_sentence(spoil, words, tmp_path, home_of):
    files = Authority().issue(tmp_path / "state")
    spoil(*_ones(files))
    with pytest.raises((ConfigError, DataError), match=words):
        sign.describe_signer(sign_with(home_of, files))


def test_the_configurations_files_stand_beside_it(tmp_path):
    authorities.Authority().issue(tmp_path)
    path = tmp_path / "longevity.toml"
    whole = (ROOT / "longevity.toml").read_text(encoding="utf-8")
    named = '[signing]\ncertificates = "chain.pem"\nkey = "key.pem"\n'
    path.write_text(f"{whole}\n{named}", encoding="utf-8")
    settings = configuration.load_settings(path, tmp_path, {})
    told = "Files are signed by “Press office”, whose certificate holds to 2060-01-01."
    assert sign.describe_signer(settings) == told
