"""The sign-ins that were ended by signing out: their cookies must not count any more.

Each is an empty file in LONGEVITY_HOME, named by a hash of all its claims, which hold a number used
once (the *nonce*). So every process on this home knows of it, a restart does not forget it, and no
person can be read out of it. Where it cannot be written, this process at least remembers.
"""

from __future__ import annotations

import logging
from pathlib import Path

from longevity.base import private_files
from longevity.base.errors import DataError

FOLDER = "signed-out"
LOG = logging.getLogger(__name__)

_in_this_process: set[str] = set()


def record_sign_out(home: Path, fingerprint: str) -> None:
    """Remember that the sign-in with this fingerprint (a hash of its claims) was signed out."""
    _in_this_process.add(fingerprint)
    try:
        private_files.write_once(home / FOLDER / fingerprint, bytes)
    except (OSError, DataError):
        LOG.exception("a sign-out could not be recorded", extra={"event": "sign-out"})


def is_signed_out(home: Path, fingerprint: str) -> bool:
    """Return whether the sign-in with this fingerprint was signed out, here or elsewhere."""
    return fingerprint in _in_this_process or (home / FOLDER / fingerprint).exists()
