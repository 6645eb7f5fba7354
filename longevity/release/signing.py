"""The program's secret: which cells of public tables are withheld is drawn from it.

It is made once, in `signing/key` in LONGEVITY_HOME, readable by its owner only. Every home of a
program has the same one: two tables drawn from two secrets show between them what each withholds.
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from longevity.base import append_log
from longevity.base.errors import DataError

FOLDER = "signing"
KEY = f"{FOLDER}/{append_log.KEY}"  # in LONGEVITY_HOME
MADE = "key-was-made"
GIVEN_OUT = "given-out.jsonl"  # the list of files that were signed (outputs/credentials)
TAKE_OVER = "Take over the program's secret first: docs/several-machines.md."


def ensure_key(home: Path) -> bytes:
    """Return the key, made when there was none yet; DataError where it is lost or not secret."""
    path, made = home / KEY, home / FOLDER / MADE
    append_log.refuse_lost(path, made, "other cells of public tables are then withheld than before")
    key = append_log.ensure_key(path)
    path.parent.chmod(0o700)
    read_private(path)
    made.touch(0o600)
    return key


def derive_secret(home: Path, purpose: str) -> bytes:
    """Make a secret for a purpose, 32 bytes, that does not give the key away."""
    return hmac.new(ensure_key(home), purpose.encode(), hashlib.sha256).digest()


def find_fingerprint(home: Path) -> str:
    """Return what tells this home's secret from others, and nothing about it; "none" without one.

    The tables of a release were drawn by the secret whose fingerprint its manifest has, `drawn_by`.
    """
    is_there = (home / KEY).exists()
    return derive_secret(home, "fingerprint").hex()[:16] if is_there else "none"


def is_another(was: str, now: str) -> bool:
    """Return whether two fingerprints, "" where it is not known, are of two secrets."""
    return bool(was and now) and was != now


def refuse_another(where: str, was: str, now: str) -> None:
    """Raise DataError where something drawn by another secret (`was`) would be written over."""
    if is_another(was, now):
        raise DataError(
            f"{where} was drawn by another secret ({was}) than the release that is served ({now}): "
            "together they show what each withholds.",
            f"{TAKE_OVER} If the other is given up, take that offline and write to a new place.",
        )


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
