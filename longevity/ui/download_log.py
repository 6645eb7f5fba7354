"""Who downloaded what, when, from which release: a line each in LONGEVITY_HOME, only added to.

`exports/<year>-<month>.jsonl`. A subject is a keyed hash, a parameter what was asked;
never a value out of a row.
"""

from __future__ import annotations

import logging
import mimetypes
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from longevity import append_log, dates
from longevity.errors import DataError, LongevityError, UsageError
from longevity.ui import file_downloads, page_context
from longevity.ui.visitor import Visitor
from longevity.warehouse.provenance import Provenance

FOLDER = "exports"
SHOWN = 200
LONGEST_VALUE = 80
COLUMNS = {
    "at": "When (UTC)",
    "subject": "Who",
    "viewer": "Viewer",
    "what": "What",
    "query": "Question",
    "parameters": "Parameters",
    "release_id": "Release",
}
PATIENCE = 40.0  # seconds a file waits for others, one of which is made at a time
LOG = logging.getLogger(__name__)
_turn = threading.Lock()


def offer_file(
    label: str,
    name: str,
    about: Provenance,
    make: Callable[[], bytes],
    key: str,
    icon: str = ":material/download:",
    help: str | None = None,
) -> None:
    """Draw a button for a file that is made once it is clicked, and recorded as handed out.

    Such a button runs the page again at no click: see docs/decisions/0042.
    """
    st.download_button(
        label,
        make_on_click(name, about, make),
        file_name=name,
        mime=mimetypes.guess_type(name)[0],
        key=key,
        icon=icon,
        help=help,
        on_click="ignore",
    )


def make_on_click(what: str, about: Provenance, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return what makes a file, once those that were asked for before are made.

    Whoever may not have it by then gets a sentence instead.
    """
    visitor = page_context.find_visitor()

    def ask_again() -> None:
        page_context.check_access_again(visitor)

    def hand_out() -> bytes:
        try:
            ask_again()
            data = _make_in_turn(make)
            ask_again()  # it took its time
        except LongevityError as error:
            LOG.warning("a file was not made: %s", error, extra={"event": "export"})
            raise
        file_downloads.allow_download(data, visitor.browser, ask_again)
        _note_download(what, about, visitor)
        return data

    return hand_out


def _make_in_turn(make: Callable[[], bytes]) -> bytes:
    if not _turn.acquire(timeout=PATIENCE):
        raise UsageError("Other files are being made.", "Try again in a minute.")
    try:
        return make()
    finally:
        _turn.release()


def _note_download(what: str, about: Provenance, visitor: Visitor) -> None:
    try:
        record_download(page_context.read_home(), what, about, datetime.now(UTC), visitor.claims)
    except (OSError, DataError):
        # The file is on its way already; whoever runs this must know.
        LOG.exception("a download could not be recorded", extra={"event": "export"})


def record_download(
    home: Path, what: str, about: Provenance, at: datetime, user: Mapping[str, Any]
) -> None:
    """Add the line of one download; OSError or DataError when it cannot be written.

    `user`: the claims of who is signed in, empty without a sign-in.
    """
    folder = home / FOLDER
    line = {
        "at": at.isoformat(timespec="seconds"),
        "subject": _name_subject(folder, about.synthetic, user),
        "viewer": about.viewer,
        "what": what,
        "query": about.query,
        "parameters": {
            name: None if value is None else str(value)[:LONGEST_VALUE]
            for name, value in about.parameters.items()
        },
        "release_id": about.release_id,
    }
    append_log.append_line(folder / f"{at:%Y-%m}.jsonl", line)


def read_newest_lines(home: Path) -> pd.DataFrame:
    """Read the newest lines, newest first: the columns of COLUMNS, as words."""
    paths = sorted((home / FOLDER).glob("*.jsonl"))
    lines = [line for path in paths for line in append_log.read_lines(path)]
    rows = [_write_row(line) for line in reversed(lines[-SHOWN:])]
    return pd.DataFrame(rows, columns=[*COLUMNS]).rename(columns=COLUMNS)


def _write_row(line: Mapping[str, Any]) -> dict[str, str]:
    """Write a line as one reads it; a release is called by its id."""
    at = datetime.fromisoformat(line["at"])
    asked = "; ".join(f"{name} = {value or 'all'}" for name, value in line["parameters"].items())
    when = f"{dates.format_short(at)}, {at:%H:%M:%S}"
    return {**line, "at": when, "parameters": dates.shorten_all(asked)}


def _name_subject(folder: Path, synthetic: bool, user: Mapping[str, Any]) -> str:
    """Return a keyed hash of who is signed in; without a sign-in, words that say so."""
    if user.get("sub"):
        key = append_log.ensure_key(folder)
        return append_log.hash_with_key(key, f"{user.get('iss', '')} {user['sub']}")[:16]
    return "demonstration visitor" if synthetic else "not signed in"
