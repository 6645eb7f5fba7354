"""What the commands share: how they are added, what they print, what they take."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from longevity.auth import viewers
from longevity.auth.viewers import Viewer
from longevity.errors import AccessError, UsageError
from longevity.settings import Settings

if TYPE_CHECKING:
    from longevity.warehouse.warehouse import Warehouse

Command = Callable[[argparse.Namespace, Settings, date], int]


class AddCommand(Protocol):
    """Adds a command under its name; its help is the first line of the function's docstring.

    None for a command that only groups others, which are added `within` its actions.
    """

    def __call__(
        self, name: str, command: Command | None, within: Any = None
    ) -> argparse.ArgumentParser:
        """Return the parser of the command, for its arguments."""


def print_to_stderr(sentence: str) -> None:
    """Print a sentence for whoever waits: on stderr, so that stdout stays the answer."""
    print(sentence, file=sys.stderr, flush=True)


def parse_viewer(text: str, settings: Settings) -> Viewer:
    """Read a viewer among the arguments.

    AccessError where it may ask for rows with codes on a machine that pulls its releases, and that
    has not heard of a purge for too long.
    """
    from longevity.release import seen

    viewer = viewers.parse_viewer(text, settings)
    heard = seen.find_silence(settings.home, datetime.now(settings.time_zone))
    if heard and viewer != viewers.PUBLIC:
        raise AccessError(
            f"This machine last heard from the one that publishes on {heard:%Y-%m-%d at %H:%M}.",
            "Pull first: somebody may have been destroyed since. Until then ask as the public.",
        )
    return viewer


def open_served(settings: Settings) -> Warehouse:
    """Open the release that is served; a notice about it is printed."""
    from longevity.release.store import Store
    from longevity.warehouse.warehouse import Warehouse

    release = Store(settings.home).current()
    if release.notice:
        print_to_stderr(release.notice)
    return Warehouse(release, settings)


def parse_pairs(words: Sequence[str]) -> dict[str, Any]:
    """Return `k=v` words as a dictionary; UsageError for one without a value."""
    values = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise UsageError(f"'--set {word}' has no value.", "Write --set name=value.")
        values[name] = value
    return values


def parse_day(text: str) -> date:
    """Read a date among the arguments."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date such as 2026-11-23") from error


def parse_positive(text: str) -> int:
    """Read a whole number above zero among the arguments."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number above zero")
    return int(text)


def parse_site(text: str) -> str:
    """Read the address of a site among the arguments, without its last slash."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise argparse.ArgumentTypeError(f"'{text}' is not a site such as https://data.example")
    return text.rstrip("/")


def add_base_url(parser: argparse.ArgumentParser) -> None:
    """Add the option that says where the edition will be."""
    said = "Where the edition will be: for its feed, its site map and its embeds."
    parser.add_argument("--base-url", type=parse_site, metavar="URL", help=said)
