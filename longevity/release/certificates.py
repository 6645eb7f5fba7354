"""Certificates that sign what leaves the building, and those that signed before.

A home makes its own at the first publish: a root, whose key nobody keeps, and a signing
certificate below it. `signing/certificate.pem` holds both with the signing key and is readable
by its owner only; `signing/root.pem` may be given to anybody who is to trust this home. The
state's own certificate takes their place where the configuration names one; each that ever
signed stays in `signing/earlier/`, so that what it signed is known again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from longevity import private_files
from longevity.errors import ConfigError, DataError
from longevity.files import atomic_write
from longevity.release.signing import FOLDER
from longevity.settings import Settings

OWN, ROOT, EARLIER = "certificate.pem", "root.pem", "earlier"
# What a certificate may be for, of which the one that signs must have one: e-mail, documents, C2PA.
USES = ("1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.62558.2.1")
EMAIL = x509.ObjectIdentifier(USES[0])
# A home's own holds without end (RFC 5280, 4.1.2.5): a file is checked many years later.
BEGINS = datetime(2000, 1, 1, tzinfo=UTC)
ENDS = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
LONGEST_NAME = 64  # characters of a name in a certificate
MOST_EARLIER = 1000
Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Identity:
    """Certificates, the signer's first and each followed by its issuer's; its key, if held."""

    chain: tuple[x509.Certificate, ...]
    key: Key | None = None

    @property
    def name(self) -> str:
        """Name the signer, as the certificate does."""
        for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
            for attribute in self.chain[0].subject.get_attributes_for_oid(kind):
                return str(attribute.value)
        return "somebody without a name"

    @property
    def ends(self) -> date:
        """Return the last day on which the certificate holds."""
        return self.chain[0].not_valid_after_utc.date()

    @property
    def der(self) -> tuple[bytes, ...]:
        """Return the certificates as bytes."""
        return tuple(cert.public_bytes(Encoding.DER) for cert in self.chain)

    @property
    def pem(self) -> str:
        """Return the certificates as text, without the key."""
        return "".join(cert.public_bytes(Encoding.PEM).decode("ascii") for cert in self.chain)


def ensure_own(home: Path, program: str) -> Identity:
    """Return the home's own identity, made with mode 0600 when there is none yet.

    DataError when it is gone, damaged or open to others.
    """
    folder = home / FOLDER
    chain_path, root = folder / OWN, folder / ROOT
    if not chain_path.exists():
        if root.exists():
            # A new one in silence would make every file of before one of an unknown signer.
            raise DataError(
                f"The certificate {chain_path} is gone, though {root} is there.",
                "Restore it from the back-up. To begin with a new one, remove that too: files "
                "signed before are then those of an unknown signer.",
            )
        private_files.make_private_folder(folder)
        with atomic_write(chain_path, mode=0o600, overwrite=False, sync_name=True) as draft:
            draft.write_bytes(_make_own(program))
    identity = _read_own(chain_path)
    if not root.exists():
        with atomic_write(root, mode=0o600) as draft:
            draft.write_bytes(identity.chain[-1].public_bytes(Encoding.PEM))
    return identity


def ensure_identity(settings: Settings) -> Identity:
    """Return who signs now: the configuration's certificate, else the home's own.

    ConfigError says what is wrong with the first, DataError with the second.
    """
    signing = settings.signing
    if signing.certificates is None or signing.key is None:
        return ensure_own(settings.home, settings.program)
    identity = read_configured(signing.certificates, signing.key)
    _keep_certificates(settings.home / FOLDER / EARLIER, identity)
    return identity


def list_known(settings: Settings) -> list[Identity]:
    """List who signed here, now or before. What is damaged is left out."""
    folder = settings.home / FOLDER
    identities = []
    for path in (folder / OWN, *sorted((folder / EARLIER).glob("*.pem"))[:MOST_EARLIER]):
        try:
            identities.append(Identity(tuple(x509.load_pem_x509_certificates(path.read_bytes()))))
        except (OSError, ValueError):
            continue
    return identities


def describe_signer(settings: Settings, today: date) -> str:
    """Say in a sentence whose certificate signs; ConfigError where the one named cannot."""
    signing = settings.signing
    if signing.certificates is None or signing.key is None:
        return "Files are signed with this home's own certificate."
    identity = read_configured(signing.certificates, signing.key, today)
    return f"Files are signed by “{identity.name}”, whose certificate holds to {identity.ends}."


def name_current(settings: Settings) -> str:
    """Return a word that changes with whoever signs; "" where that cannot be told."""
    path = settings.signing.certificates or settings.home / FOLDER / OWN
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def read_configured(chain_file: Path, key_file: Path, today: date | None = None) -> Identity:
    """Return the configuration's certificates and key; ConfigError says what is wrong.

    With `today` they must hold on that day too.
    """
    chain = _read_chain(chain_file)
    key = _read_key(key_file)
    signer = chain[0]
    if _encode_public_key(signer.public_key()) != _encode_public_key(key.public_key()):
        raise _make_error(
            chain_file, f"begins with a certificate that is not of the key {key_file}."
        )
    for certificate, issuer in pairwise(chain):
        try:
            certificate.verify_directly_issued_by(issuer)
        except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise _make_error(
                chain_file,
                "holds a certificate that is not followed by its issuer's.",
                "Order them: the signing certificate first, then who issued it, and so on.",
            ) from error
    _check_signer(chain_file, signer)
    identity = Identity(chain, key)
    if today is not None and not signer.not_valid_before_utc.date() <= today <= identity.ends:
        raise _make_error(
            chain_file, f"holds no certificate for {today}: it ran to {identity.ends}."
        )
    return identity


def _check_signer(path: Path, signer: x509.Certificate) -> None:
    """Raise ConfigError for a certificate that Content Credentials may not be signed with."""
    usage = _find_extension(signer, x509.KeyUsage)
    if usage is None or not usage.digital_signature:
        raise _make_error(
            path, "begins with a certificate whose key usage is no digital signature."
        )
    uses = _find_extension(signer, x509.ExtendedKeyUsage)
    if uses is None or not {use.dotted_string for use in uses} & set(USES):
        raise _make_error(
            path, "begins with a certificate that is for neither e-mail, documents nor C2PA."
        )
    limits = _find_extension(signer, x509.BasicConstraints)
    if limits is not None and limits.ca:
        raise _make_error(path, "begins with the certificate of an issuer.")
    if _find_extension(signer, x509.AuthorityKeyIdentifier) is None:
        raise _make_error(path, "begins with a certificate that does not name its issuer's key.")


def _find_extension(certificate: x509.Certificate, kind: Any) -> Any:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, ValueError):
        return None


def _read_chain(path: Path) -> tuple[x509.Certificate, ...]:
    try:
        chain = tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except OSError as error:
        raise _make_error(path, f"cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise _make_error(path, "holds no certificates in PEM.") from error
    if len(chain) < 2:
        raise _make_error(
            path,
            "holds one certificate only.",
            "Put that of its issuer behind it: a certificate may not vouch for itself.",
        )
    return chain


def _read_key(path: Path) -> Key:
    try:
        key = load_pem_private_key(_read_private(path), None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _make_error(
            path, "holds no key in PEM that can be read without a password."
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise _make_error(
            path, "holds no key on the curve P-256.", "Ask for a certificate for ES256."
        )
    return key


def _read_private(path: Path) -> bytes:
    """Return what is in a file that its owner alone may read; DataError otherwise."""
    try:
        if path.stat().st_mode & 0o077:
            raise DataError(
                f"{path} can be read by others than its owner: they could sign in this home's "
                "name.",
                f"Let its owner alone read it (chmod 600 {path}). If others may have copied it, "
                "begin with a new certificate.",
            )
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error


def _make_error(path: Path, what: str, do: str = "") -> ConfigError:
    return ConfigError(f"{path} {what}", do)


def _encode_public_key(key: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import PublicFormat

    der: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return der


def _keep_certificates(folder: Path, identity: Identity) -> None:
    """Keep the certificates of a signer, so that it is known after another took its place."""
    name = hashlib.sha256(identity.der[0]).hexdigest()[:32]
    path = folder / f"{name}.pem"
    if not path.exists():
        private_files.make_private_folder(folder)
        with atomic_write(path, mode=0o600) as draft:
            draft.write_text(identity.pem, encoding="ascii")


def _read_own(path: Path) -> Identity:
    """Return the home's own identity, read once while the file stays as it is."""
    content = _read_private(path)
    try:
        return _parse_own(content)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise DataError(f"{path} is damaged.", "Restore it from the back-up.") from error


@lru_cache(4)
def _parse_own(content: bytes) -> Identity:
    key = load_pem_private_key(content, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("another kind of key")
    return Identity(tuple(x509.load_pem_x509_certificates(content)), key)


def _make_own(program: str) -> bytes:
    """Make a signing certificate, its issuer's and its key, as one file of PEM."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name, name = _build_name(program, "root"), _build_name(program, "charts")
    root = (
        _begin_certificate(root_name, root_name, root_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_build_usage(issues=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    signer = (
        _begin_certificate(name, root_name, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_build_usage(issues=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([EMAIL]), critical=False)
        .add_extension(issuer, critical=False)
        .sign(root_key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + signer.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM)


def _begin_certificate(subject: x509.Name, issuer: x509.Name, key: Key) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGINS)
        .not_valid_after(ENDS)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _build_usage(issues: bool) -> x509.KeyUsage:
    others = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    never = dict.fromkeys((*others, "encipher_only", "decipher_only"), False)
    return x509.KeyUsage(
        digital_signature=not issues, key_cert_sign=issues, crl_sign=issues, **never
    )


def _build_name(program: str, what: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, program[:LONGEST_NAME]),
            x509.NameAttribute(
                NameOID.COMMON_NAME, f"{program[: LONGEST_NAME - len(what) - 2]}, {what}"
            ),
        ]
    )
