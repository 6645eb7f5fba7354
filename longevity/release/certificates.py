"""Certificates that sign what leaves the building.

A home makes its own at the first publish: a root, whose key no one keeps, and a signing
certificate below it. `signing/certificate.pem` holds both with the signing key and is readable
by its owner only; `signing/root.pem` may be given to anybody who is to trust this home. The
state's own certificate takes their place where the configuration names one.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from longevity import private_files
from longevity.errors import ConfigError, DataError
from longevity.release.signing import FOLDER, read_private
from longevity.settings import Settings

OWN, ROOT = "certificate.pem", "root.pem"
# What a certificate may be for, of which the one that signs must have one: e-mail, documents, C2PA.
USES = ("1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.62558.2.1")
# A home's own holds without end (RFC 5280, 4.1.2.5): a file is checked many years later.
VALID = datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
MEND = "See [signing] in docs/configuration.md; a home's own is restored from the back-up."
UNUSABLE = (OSError, ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm)
PEM = serialization.Encoding.PEM


@dataclass(frozen=True)
class Identity:
    """Certificates, the signer's first and each followed by its issuer's; its key, as PEM.

    `name` is the signer's in the certificate, `ends` the last day on which it holds.
    """

    chain: tuple[x509.Certificate, ...]
    key: bytes
    name: str
    ends: date


def ensure_own(home: Path, program: str) -> Identity:
    """Return the home's own identity, made when there is none yet; an error where it is spoilt."""
    path, root = home / FOLDER / OWN, home / FOLDER / ROOT
    if root.exists() and not path.exists():
        # A new one in silence would make every file of before one of an unknown signer.
        raise DataError(
            f"The certificate {path} is gone, though {root} is there.",
            "Restore it from the back-up. To begin with a new one, remove that too: files "
            "signed before are then those of an unknown signer.",
        )
    private_files.write_once(path, lambda: _make_own(program))
    identity = _read_identity(path, path)
    private_files.write_once(root, lambda: write_pem(identity.chain[-1]))
    return identity


def ensure_identity(settings: Settings) -> Identity:
    """Return who signs now: the configuration's certificate, else the home's own."""
    signing = settings.signing
    if signing.certificates is None or signing.key is None:
        return ensure_own(settings.home, settings.program)
    return _read_identity(signing.certificates, signing.key)


def write_known(settings: Settings) -> str:
    """Return the certificates that may sign here, as PEM, without issuers; no damaged one."""
    signers = []
    for path in filter(None, (settings.home / FOLDER / OWN, settings.signing.certificates)):
        with suppress(*UNUSABLE):
            signers.append(x509.load_pem_x509_certificates(path.read_bytes())[0])
    return write_pem(*signers).decode("ascii")


def _read_identity(chain_file: Path, key_file: Path) -> Identity:
    """Read two files, or one. What the SDK does not refuse as it signs is looked for here."""
    wrong = (
        "needs two certificates in PEM or more: one whose key usage is digital signature, and "
        "after each its issuer's"
    )
    try:
        chain = tuple(x509.load_pem_x509_certificates(chain_file.read_bytes()))
        signer, _ = chain[:2]
        for certificate, issuer in pairwise(chain):
            certificate.verify_directly_issued_by(issuer)
        if not signer.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature:
            raise ValueError(wrong)
        wrong = f"needs a key in PEM, without a password, in {key_file}"
        key = _write_key(serialization.load_pem_private_key(read_private(key_file), None))
        names = {part.oid: str(part.value) for part in signer.subject}
        name = names.get(NameOID.COMMON_NAME) or names.get(NameOID.ORGANIZATION_NAME, "")
        return Identity(chain, key, name, signer.not_valid_after_utc.date())
    except (*UNUSABLE, x509.ExtensionNotFound) as error:
        raise ConfigError(f"{chain_file} {wrong}.", MEND) from error


def write_pem(*certificates: x509.Certificate) -> bytes:
    """Return certificates as PEM, without a key."""
    return b"".join(certificate.public_bytes(PEM) for certificate in certificates)


def _write_key(key: Any) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return bytes(key.private_bytes(PEM, form, serialization.NoEncryption()))


def _make_own(program: str) -> bytes:
    """Make a signing certificate, its issuer's and its key, as one file of PEM."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    uses = x509.ExtendedKeyUsage([x509.ObjectIdentifier(USES[0])])
    signer, root = (
        x509.CertificateBuilder(
            issuer_name=_build_name(program, "root"),
            subject_name=_build_name(program, name),
            public_key=holder.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=VALID[0],
            not_valid_after=VALID[1],
        )
        .add_extension(x509.BasicConstraints(ca, None), critical=True)
        .add_extension(
            x509.KeyUsage(not ca, False, False, False, False, ca, ca, False, False), critical=True
        )
        .add_extension(uses, critical=False)
        .add_extension(issuer, critical=False)
        .sign(root_key, hashes.SHA256())
        for name, holder, ca in (("charts", key, False), ("root", root_key, True))
    )
    return _write_key(key) + write_pem(signer, root)


def _build_name(program: str, what: str) -> x509.Name:
    # A name in a certificate has 64 characters at most.
    organization = x509.NameAttribute(NameOID.ORGANIZATION_NAME, program[:64])
    name = f"{program[: 62 - len(what)]}, {what}"
    return x509.Name([organization, x509.NameAttribute(NameOID.COMMON_NAME, name)])
