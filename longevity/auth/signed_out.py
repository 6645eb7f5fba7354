"""The sign-ins that were signed out.

Kept in LONGEVITY_HOME, an empty file each, named by a hash of all the claims, the nonce among them:
every process on the home knows of them, a restart forgets none, no clock drops any, and no one can
be read out of it. Where it cannot be written, this process at least remembers.
"""

from __future__ import annotations

import logging
from pathlib import Path

from longevity import private_files
from longevity.errors import DataError

FOLDER = "signed-out"
LOG = logging.getLogger(__name__)

_in_this_process: set[str] = set()


def record_sign_out(home: Path, fingerprint: str) -> None:
    """Remember one."""
    _in_this_process.add(fingerprint)
    try:
        private_files.write_once(home / FOLDER / fingerprint, bytes)
    except (OSError, DataError):
        LOG.exception("a sign-out could not be recorded", extra={"event": "sign-out"})


def is_signed_out(home: Path, fingerprint: str) -> bool:
    """Return whether this one was signed out, here or at another process."""
    return fingerprint in _in_this_process or (home / FOLDER / fingerprint).exists()
