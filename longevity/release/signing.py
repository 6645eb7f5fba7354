"""The home's own key: made once, kept in LONGEVITY_HOME.

`signing/key` is readable by its owner only. What needs a secret of this home takes one that is
derived from it. Before there were certificates it signed what left the building, and
`signing/public` beside it says whose signature that was.
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from longevity import append_log
from longevity.errors import DataError
from longevity.files import atomic_write

FOLDER = "signing"
PUBLIC = "public"


def ensure_key_pair(home: Path) -> str:
    """Return the public key in hexadecimal; the pair is made when there is none yet."""
    folder = home / FOLDER
    public_file = folder / PUBLIC
    if public_file.exists() and not (folder / append_log.KEY).exists():
        # A new key in silence would make every file of before one of an unknown signer.
        raise DataError(
            f"The key {folder / append_log.KEY} is gone, though {public_file} is there.",
            "Restore it from the back-up. To begin with a new key, remove the public one: files "
            "signed before are then those of an unknown signer.",
        )
    append_log.ensure_key(folder)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
    public = _encode_public_key(_read_private_key(home))
    if (
        not public_file.exists()
        or public_file.read_text(encoding="ascii", errors="replace").strip() != public
    ):
        with atomic_write(public_file, mode=0o600) as draft:
            draft.write_text(public + "\n", encoding="ascii")
    return public


def derive_secret(home: Path, purpose: str) -> bytes:
    """Make a secret of this home for a purpose, 32 bytes, that does not give the key away."""
    ensure_key_pair(home)
    return hmac.new(
        _read_private_key(home).private_bytes_raw(), purpose.encode(), hashlib.sha256
    ).digest()


def _read_private_key(home: Path) -> Ed25519PrivateKey:
    """Return the key; DataError when it is not there, not whole, or others can read it."""
    path = home / FOLDER / append_log.KEY
    key = Ed25519PrivateKey.from_private_bytes(append_log.read_key(home / FOLDER))
    if path.stat().st_mode & 0o077:
        raise DataError(
            f"{path} can be read by others than its owner: they could sign in this home's name.",
            f"Let its owner alone read it (chmod 600 {path}). If others may have copied it, begin "
            "with a new key: remove both files in that folder.",
        )
    return key


def _encode_public_key(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
