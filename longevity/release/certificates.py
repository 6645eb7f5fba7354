"""Certificates that sign the pictures and documents that leave the building.

A home makes its own at the first publish: a root, whose key no one keeps, and a signing one below
it, in `signing/certificate.pem` with its key. `signing/root.pem` may be given to anybody who is to
trust this home. A certificate that the configuration names takes the place of both.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from longevity.base import private_files
from longevity.base.append_log import refuse_lost
from longevity.base.errors import ConfigError
from longevity.release.signing import FOLDER, read_private
from longevity.settings import Settings

OWN, ROOT = "certificate.pem", "root.pem"
MEND = "See [signing] in docs/configuration.md; a home's own is restored from the back-up."
UNUSABLE = (OSError, ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm)
PEM = serialization.Encoding.PEM
KEY_FORM = PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()


@dataclass(frozen=True)
class Identity:
    """Certificates, the signer's first and each followed by its issuer's; its key, as PEM."""

    chain: tuple[x509.Certificate, ...]
    key: bytes
    name: str  # the signer's, in the certificate
    ends: date  # the last day on which it holds


def ensure_identity(settings: Settings, own: bool = False) -> Identity:
    """Return who signs now: the configuration's certificate, else the home's own.

    The home's own is made where there is none; ConfigError for a damaged one. `own`: it alone.
    """
    given = settings.signing
    if given.certificates and given.key and not own:
        return _read_identity(given.certificates, given.key)
    path, root = settings.home / FOLDER / OWN, settings.home / FOLDER / ROOT
    refuse_lost(path, root, "files signed before are then those of an unknown signer")
    private_files.write_once(path, lambda: _make_own(settings.program))
    identity = _read_identity(path, path)
    private_files.write_once(root, lambda: write_pem(identity.chain[-1]))
    return identity


def write_known(settings: Settings) -> str:
    """Return the certificates that may sign here, as PEM, without issuers or damaged ones."""
    signers = []
    for path in filter(None, (settings.home / FOLDER / OWN, settings.signing.certificates)):
        with suppress(*UNUSABLE):
            signers.append(x509.load_pem_x509_certificates(path.read_bytes())[0])
    return write_pem(*signers).decode("ascii")


def _read_identity(chain_file: Path, key_file: Path) -> Identity:
    """Read certificates and key, of one file or two, and prove what signing itself does not."""
    try:
        chain = tuple(x509.load_pem_x509_certificates(chain_file.read_bytes()))
        signer, _ = chain[:2]
        for certificate, issuer in pairwise(chain):
            certificate.verify_directly_issued_by(issuer)
        (name,) = signer.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        key = serialization.load_pem_private_key(read_private(key_file), None)
    except UNUSABLE as error:
        raise ConfigError(
            f"{chain_file} needs two certificates in PEM or more, the first with a name, and after "
            f"each its issuer's; {key_file} needs a key in PEM, without a password.",
            MEND,
        ) from error
    ends = signer.not_valid_after_utc.date()
    return Identity(chain, key.private_bytes(*KEY_FORM), str(name.value), ends)


def write_pem(*certificates: x509.Certificate) -> bytes:
    """Return certificates as PEM, without a key."""
    return b"".join(certificate.public_bytes(PEM) for certificate in certificates)


def _make_own(program: str) -> bytes:
    """Make a certificate that signs files, the root that signs it, and its key, as one PEM."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    organization = x509.NameAttribute(NameOID.ORGANIZATION_NAME, program[:64])  # no more fit
    charts = x509.NameAttribute(NameOID.COMMON_NAME, f"{program[:56]}, charts")
    root_name, own_name = x509.Name([organization]), x509.Name([organization, charts])
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    email = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
    signer, root = (
        x509.CertificateBuilder(
            issuer_name=root_name,
            subject_name=name,
            public_key=holder.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=datetime(2000, 1, 1, tzinfo=UTC),
            # Without end (RFC 5280, 4.1.2.5): a file is checked many years later.
            not_valid_after=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
        )
        .add_extension(x509.BasicConstraints(ca, None), critical=True)
        .add_extension(  # used to sign data; the root: to sign certificates and lists of them
            x509.KeyUsage(not ca, False, False, False, False, ca, ca, False, False), critical=True
        )
        .add_extension(email, critical=False)  # one of the uses that Content Credentials allow
        .add_extension(issuer, critical=False)
        .sign(root_key, hashes.SHA256())
        for name, holder, ca in ((own_name, key, False), (root_name, root_key, True))
    )
    return key.private_bytes(*KEY_FORM) + write_pem(signer, root)
