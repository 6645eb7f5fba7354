"""The sign-ins that were signed out, for as long as any could still count.

Kept in LONGEVITY_HOME, a file a day, so that every process on it knows of them and a restart
forgets none. A line holds a hash of all the claims, the nonce among them: nobody can be read
out of it. Where it cannot be written, this process at least remembers.

What counts is that it stands in a file, not which day the file is of: a clock that was set
back over midnight, or forth and back by a year, forgets none. The clock alone drops no file.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

from longevity import append_log

FOLDER = "signed-out"
# No sign-in counts longer than a day (`longest_hours`); one more for clocks and time zones.
DAYS = 2
FILES_KEPT = 7  # files up to today's that stay whatever the clock says
LOG = logging.getLogger(__name__)

_in_this_process: set[str] = set()
_contents: dict[
    Path, tuple[tuple[int, int], frozenset[str]]
] = {}  # by file: its state, what it holds


def record_sign_out(home: Path, fingerprint: str, now: datetime) -> None:
    """Remember one, and drop the files of days that no sign-in is left from."""
    _in_this_process.add(fingerprint)
    folder = home / FOLDER
    try:
        append_log.append_line(folder / _name_file(now), {"sign_in": fingerprint})
        past = [path for path in _list_files(folder) if path.name <= _name_file(now)]
        for path in past[:-FILES_KEPT]:
            if path.name < _name_file(now - timedelta(days=DAYS)):
                path.unlink(missing_ok=True)
    except OSError:
        LOG.exception("a sign-out could not be recorded", extra={"event": "sign-out"})


def is_signed_out(home: Path, fingerprint: str) -> bool:
    """Return whether this one was signed out, here or at another process."""
    if fingerprint in _in_this_process:
        return True
    return any(fingerprint in _read_file(path) for path in _list_files(home / FOLDER))


def _list_files(folder: Path) -> list[Path]:
    """List the files by their days, the oldest first."""
    return sorted(folder.glob("*.jsonl"))


def _name_file(day: datetime) -> str:
    return f"{day.astimezone(UTC):%Y-%m-%d}.jsonl"


def _read_file(path: Path) -> frozenset[str]:
    """Read what one file holds; again only when it changed."""
    try:
        status = path.stat()
        state = (status.st_mtime_ns, status.st_size)
        before = _contents.get(path)
        if before is not None and before[0] == state:
            return before[1]
        fingerprints = frozenset(str(line.get("sign_in")) for line in append_log.read_lines(path))
    except FileNotFoundError:
        _contents.pop(path, None)
        return frozenset()
    except OSError:
        LOG.exception("the sign-outs cannot be read", extra={"event": "sign-out"})
        before = _contents.get(path)
        return before[1] if before else frozenset()
    _contents[path] = (state, fingerprints)
    return fingerprints
