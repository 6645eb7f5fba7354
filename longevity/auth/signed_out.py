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
KEPT = 7  # files up to today's that stay whatever the clock says
LOG = logging.getLogger(__name__)

_here: set[str] = set()
_read: dict[Path, tuple[tuple[int, int], frozenset[str]]] = {}  # by file: its state, what it holds


def add(home: Path, fingerprint: str, now: datetime) -> None:
    """Remember one, and drop the files of days that no sign-in is left from."""
    _here.add(fingerprint)
    folder = home / FOLDER
    try:
        append_log.append_line(folder / _name(now), {"sign_in": fingerprint})
        past = [path for path in _files(folder) if path.name <= _name(now)]
        for path in past[:-KEPT]:
            if path.name < _name(now - timedelta(days=DAYS)):
                path.unlink(missing_ok=True)
    except OSError:
        LOG.exception("a sign-out could not be recorded", extra={"event": "sign-out"})


def holds(home: Path, fingerprint: str) -> bool:
    """Whether this one was signed out, here or at another process."""
    if fingerprint in _here:
        return True
    return any(fingerprint in _of_file(path) for path in _files(home / FOLDER))


def _files(folder: Path) -> list[Path]:
    """The files by their days, the oldest first."""
    return sorted(folder.glob("*.jsonl"))


def _name(day: datetime) -> str:
    return f"{day.astimezone(UTC):%Y-%m-%d}.jsonl"


def _of_file(path: Path) -> frozenset[str]:
    """What one file holds; read again only when it changed."""
    try:
        found = path.stat()
        state = (found.st_mtime_ns, found.st_size)
        before = _read.get(path)
        if before is not None and before[0] == state:
            return before[1]
        held = frozenset(str(line.get("sign_in")) for line in append_log.read_lines(path))
    except FileNotFoundError:
        _read.pop(path, None)
        return frozenset()
    except OSError:
        LOG.exception("the sign-outs cannot be read", extra={"event": "sign-out"})
        before = _read.get(path)
        return before[1] if before else frozenset()
    _read[path] = (state, held)
    return held
