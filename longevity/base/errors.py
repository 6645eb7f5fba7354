"""The errors that a user can meet, with the exit code each ends a command with.

Each has a sentence that says what is wrong and, where something can be done, what to do. None of
them ever holds a person's data.
"""

from __future__ import annotations

import difflib
import errno
import os
from collections.abc import Iterable

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)  # the disk is full, or a quota is used up
WRAPPED = (*NO_ROOM, errno.EFBIG)  # errors of the system that libraries quote in their own message
SPILL = "failed to offload data block"  # DuckDB's message where its temporary files find no room
MOST_LISTED = 10
CLOSE = 0.6  # how alike words must be, of 1; at 0.5 `date` was suggested for `lat`


class LongevityError(Exception):
    """Something a person can put right. Its text is shown to them as it is."""

    exit_code = 1

    def __init__(self, what: str, do: str = "") -> None:
        self.what = what
        self.do = do
        # After a list, a line each, what to do has a line of its own.
        super().__init__(("\n" if "\n" in what else " ").join((what, do)).strip())


class DataError(LongevityError):
    """The data supplied, or a release made from it, is not what it should be."""

    exit_code = 1


class ConfigError(LongevityError):
    """A configuration or mapping file, or the environment, is wrong."""

    exit_code = 2


class AccessError(LongevityError):
    """This viewer may not see that."""

    exit_code = 2


class UsageError(LongevityError):
    """An unknown name, a missing argument, a value that cannot be read."""

    exit_code = 2


def describe_error(error: Exception) -> str:
    """Return the system's own words for an error: `No space left on device`.

    The message of a library is never passed on, as it may quote a value from the data: the
    system's words are taken out of it, or else the name of the error's class is returned.
    """
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    if SPILL in str(error):
        return os.strerror(errno.ENOSPC)
    texts = [os.strerror(number) for number in WRAPPED if os.strerror(number) in str(error)]
    if texts:
        return texts[0]
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__


def is_disk_full(error: Exception) -> bool:
    """Return whether an error came because the disk has no room."""
    return describe_error(error) in [os.strerror(number) for number in NO_ROOM]


def suggest_remedy(error: Exception, otherwise: str = "") -> str:
    """Return what to do about an error: make room where the disk is full, else `otherwise`."""
    return "Make room on that disk, then try again." if is_disk_full(error) else otherwise


def count_noun(count: int, noun: str, plural: str = "") -> str:
    """Return a number and its noun: `3 rows`, `2 people`.

    Without separators: what commands print may be read by a program.
    """
    return f"{count} {noun if count == 1 else plural or noun + 's'}"


def suggest_nearest(word: str, valid: Iterable[str]) -> str:
    """Return a sentence with the valid word closest to `word`, or a list of at most ten.

    "Did you mean 'latitude'?", "Valid: ansonia, hartford.". A word that begins with `word` is
    closer than one that shares its letters: `lat` means `latitude`, not `date`.
    """
    words = sorted(valid)
    longer = [
        known for known in words if len(word) >= 3 and known.casefold().startswith(word.casefold())
    ]
    close = difflib.get_close_matches(word, longer, n=1, cutoff=0)
    close = close or difflib.get_close_matches(word, words, n=1, cutoff=CLOSE)
    if close:
        return f"Did you mean '{close[0]}'?"
    if not words:
        return ""
    if len(words) > MOST_LISTED:
        nearest = difflib.get_close_matches(word, words, n=MOST_LISTED, cutoff=0)
        return f"Nearest of {len(words):,}: " + ", ".join(nearest) + "."
    return "Valid: " + ", ".join(words) + "."
