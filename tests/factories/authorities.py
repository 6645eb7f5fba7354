"""Certificates of a state's authority, for a home to sign with, and for forgers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from longevity.settings import Settings, Signing

DOCUMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
BEGINS, ENDS = datetime(2020, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC)


class Authority:
    """Somebody who issues certificates: its own is `certificate`."""

    def __init__(self, name: str = "State of Example") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = (
            _begin(self.name, self.name, self.key, ENDS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_usage(signs=False), critical=True)
            .sign(self.key, hashes.SHA256())
        )

    def issue(
        self,
        folder: Path,
        name: str = "Press office",
        *,
        use: x509.ObjectIdentifier = DOCUMENTS,
        signs: bool = True,
        ca: bool = False,
        curve: ec.EllipticCurve | None = None,
        ends: datetime = ENDS,
        others: Sequence[x509.Certificate] | None = None,
        address: str = "",
    ) -> Signing:
        """Issue a certificate; the files of it with the authority's, and of its key (0600).

        `others` stand in the place of the authority's. `address`: where to ask whether it holds.
        """
        folder.mkdir(exist_ok=True)
        key = ec.generate_private_key(curve or ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        made = (
            _begin(subject, self.name, key, ends)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(_usage(signs), critical=True)
            .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
            .add_extension(issuer, critical=False)
        )
        if address:
            made = made.add_extension(_asks(address), critical=False)
        chain = [made.sign(self.key, hashes.SHA256()), *([self.certificate] if others is None else others)]
        files = Signing.model_construct(certificates=folder / "chain.pem", key=folder / "key.pem")
        assert files.certificates is not None
        assert files.key is not None
        files.certificates.write_bytes(b"".join(certificate.public_bytes(Encoding.PEM) for certificate in chain))
        files.key.touch(0o600)
        files.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return files


def sign_with(settings: Settings, files: Signing) -> Settings:
    """Return the settings with this certificate in the place of the home's own."""
    return replace(settings, signing=files)


def _asks(address: str) -> x509.AuthorityInformationAccess:
    kinds = (AuthorityInformationAccessOID.OCSP, AuthorityInformationAccessOID.CA_ISSUERS)
    where = x509.UniformResourceIdentifier(address)
    return x509.AuthorityInformationAccess([x509.AccessDescription(kind, where) for kind in kinds])


def _begin(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, ends: datetime
) -> x509.CertificateBuilder:
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


def _usage(signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


SERVERS = ExtendedKeyUsageOID.SERVER_AUTH
