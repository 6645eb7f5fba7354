"""What several commands need: opening what is served, reading arguments, printing progress."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from longevity.base.errors import AccessError, UsageError
from longevity.settings import Settings

if TYPE_CHECKING:
    from longevity.auth.viewers import Viewer
    from longevity.screens.context import ReportContext
    from longevity.warehouse.warehouse import Warehouse

# What a command is: its arguments, the configuration and today go in, its exit code comes out.
Command = Callable[[argparse.Namespace, Settings, date], int]


def print_to_stderr(sentence: str) -> None:
    """Print a sentence for the person who waits: on stderr, so that stdout stays the answer."""
    print(sentence, file=sys.stderr, flush=True)


def open_served(settings: Settings) -> Warehouse:
    """Open the release that is served; that it is in the place of a damaged one is printed."""
    from longevity.release.store import Store
    from longevity.warehouse.warehouse import Warehouse

    release = Store(settings.home).current()
    if release.notice:
        print_to_stderr(release.notice)
    return Warehouse(release, settings)


def open_context(settings: Settings, today: date, viewer: str = "public") -> ReportContext:
    """Open the release that is served, to be asked as a viewer: `public`, `city:ID` or `state`."""
    from longevity.screens.context import ReportContext

    asks = parse_viewer(viewer, settings)
    return ReportContext(settings, asks, open_served(settings), today)


def parse_viewer(text: str, settings: Settings) -> Viewer:
    """Read a viewer among the arguments.

    A machine may pull its releases from another. Where it has not for too long, AccessError for all
    but the public: someone may have been purged (destroyed for good) meanwhile.
    """
    from longevity.auth import viewers
    from longevity.release import known_remotes

    viewer = viewers.parse_viewer(text, settings)
    heard = known_remotes.find_silence(settings.home, datetime.now(settings.time_zone))
    if heard and viewer != viewers.PUBLIC:
        raise AccessError(
            f"This machine last heard from the one that publishes on {heard:%Y-%m-%d at %H:%M}.",
            "Pull first: someone's records may have been purged since. "
            "Until then ask as the public.",
        )
    return viewer


def write_edition(out: Path, base_url: str | None, settings: Settings, today: date) -> None:
    """Write the public edition of the release that is served, and say so."""
    from longevity.edition.build import build_edition

    pages = build_edition(settings, today, out, base_url or "", print_to_stderr)
    print_to_stderr(f"The edition has {pages} pages. It is at {out}, a link to the newest.")


def parse_pairs(words: Sequence[str]) -> dict[str, Any]:
    """Return `year=2024` words as `{"year": "2024"}`; UsageError for one without a value."""
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


# How an argument is read, by the `type` it has in `commands.toml`.
TYPES: dict[str, Callable[[str], Any]] = {
    "day": parse_day,
    "path": Path,
    "positive": parse_positive,
    "site": parse_site,
    "whole": int,
}
