"""The three kinds of error a person can meet, and how each ends a command.

Each carries a sentence that says what is wrong and, where there is one, what
to do. None of them ever holds a person's data.
"""

from __future__ import annotations

import difflib
import errno
import os
from collections.abc import Iterable

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)  # the disk is full, or a quota is used up
WRAPPED = (*NO_ROOM, errno.EFBIG)  # what libraries pass on inside a sentence of theirs
SPILL = "failed to offload data block"  # DuckDB, where what exceeds its memory finds no room
MOST_LISTED = 10
CLOSE = 0.6  # at 0.5 half the letters in order are enough: `lat` was `date`


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
    """Return what the system said, from whatever passed it on: `No space left on device`.

    Libraries wrap it in words of their own, which may quote a value.
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
    """Return whether it failed because the disk has no room."""
    return describe_error(error) in [os.strerror(number) for number in NO_ROOM]


def suggest_remedy(error: Exception, otherwise: str = "") -> str:
    """Return what to do about it: make room where that is all there is wrong, or `otherwise`."""
    return "Make room on that disk, then try again." if is_disk_full(error) else otherwise


def count_noun(count: int, noun: str, plural: str = "") -> str:
    """Return a number and its noun: `3 rows`, `2 people`.

    Without separators: what commands print may be read by a program.
    """
    return f"{count} {noun if count == 1 else plural or noun + 's'}"


def suggest_nearest(word: str, valid: Iterable[str]) -> str:
    """Return a sentence naming the valid word closest to `word`, or listing all, ten at most.

    A word that goes on where `word` ends is closer than one that shares its letters:
    `latitude` is meant by `lat`, `date` is not.
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
