"""The home's own secret: made once, kept in LONGEVITY_HOME, readable by its owner only.

What needs a secret of this home takes one that is derived from `signing/key`.
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from longevity import append_log
from longevity.errors import DataError

FOLDER = "signing"
MADE = "key-was-made"
GIVEN_OUT = "given-out.jsonl"  # the list of files that were signed (outputs/credentials)


def ensure_key(home: Path) -> bytes:
    """Return the key, made when there was none yet; DataError where it is lost or not secret."""
    path, made = home / FOLDER / append_log.KEY, home / FOLDER / MADE
    refuse_lost(path, made, "other cells of public tables are then withheld than before")
    append_log.create_key(path)
    path.parent.chmod(0o700)
    read_private(path)
    made.touch(0o600)
    return append_log.read_key(path.parent)


def refuse_lost(path: Path, made: Path, consequence: str) -> None:
    """Raise DataError where `path` is gone, and `made`, a file written after it, is still there.

    `consequence`: what a new one would lead to, which is why it is never made in silence.
    """
    if made.exists() and not path.exists():
        raise DataError(
            f"{path} is gone, though {made} says that it was made.",
            f"Restore it from the back-up. To begin with a new one, remove {made}: {consequence}.",
        )


def derive_secret(home: Path, purpose: str) -> bytes:
    """Make a secret of this home for a purpose, 32 bytes, that does not give the key away."""
    return hmac.new(ensure_key(home), purpose.encode(), hashlib.sha256).digest()


def read_private(path: Path) -> bytes:
    """Return what is in a file that its owner alone may read; DataError otherwise."""
    try:
        if path.stat().st_mode & 0o077:
            raise DataError(
                f"{path} can be read by others than its owner, and it holds a secret.",
                f"Let its owner alone read it (chmod 600 {path}). If others may have copied it, "
                "begin with a new one.",
            )
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
