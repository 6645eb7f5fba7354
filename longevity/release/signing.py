"""The key that signs what leaves the building: made once, kept in LONGEVITY_HOME.

`signing/key` is readable by its owner only; `signing/public` beside it may be given to
anybody, and says which home signed a file.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from longevity import appended

FOLDER = "signing"
PUBLIC = "public"


def make(home: Path) -> str:
    """The public key in hexadecimal; the pair is made when there is none yet."""
    public = _public(Ed25519PrivateKey.from_private_bytes(appended.make_key(home / FOLDER)))
    beside = home / FOLDER / PUBLIC
    if not beside.exists():
        beside.write_text(public + "\n", encoding="ascii")
    return public


def own(home: Path) -> str:
    """The public key of this home, "" when it has none."""
    if not (home / FOLDER / appended.KEY).exists():
        return ""
    return _public(Ed25519PrivateKey.from_private_bytes(appended.read_key(home / FOLDER)))


def sign(home: Path, said: bytes) -> str:
    """The signature over `said`, in hexadecimal."""
    make(home)
    key = Ed25519PrivateKey.from_private_bytes(appended.read_key(home / FOLDER))
    return key.sign(said).hex()


def holds(public: str, signature: str, said: bytes) -> bool:
    """Whether the signature is of this public key over `said`."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), said)
    except (InvalidSignature, ValueError):
        return False
    return True


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
