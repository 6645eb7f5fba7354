"""The three kinds of error a person can meet, and how each ends a command.

Each carries a sentence that says what is wrong and, where there is one, what
to do. None of them ever holds a person's data.
"""

from __future__ import annotations


class LongevityError(Exception):
    """Something a person can put right. Its text is shown to them as it stands."""

    exit_code = 1

    def __init__(self, what: str, do: str = "") -> None:
        self.what = what
        self.do = do
        super().__init__(f"{what} {do}".strip())


class DataError(LongevityError):
    """The data handed over, or a release made from it, is not what it should be."""

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
