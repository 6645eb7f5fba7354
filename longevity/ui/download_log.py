"""Download buttons whose files are made on a click, and the log of who downloaded what.

The log is `exports/<year>-<month>.jsonl` in LONGEVITY_HOME, a line for each download. The person is
a keyed hash; no value of a row is in it.
"""

from __future__ import annotations

import logging
import mimetypes
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import streamlit as st

from longevity.base import append_log
from longevity.base.errors import DataError, LongevityError
from longevity.ui import page_context
from longevity.ui.visitor import Visitor
from longevity.warehouse.provenance import Provenance

FOLDER = "exports"
LOG = logging.getLogger(__name__)


def offer_file(
    label: str,
    name: str,
    about: Provenance,
    make: Callable[[], bytes],
    key: str,
    icon: str = ":material/download:",
    help: str | None = None,
) -> None:
    """Draw a button for a file that is made when it is clicked; the download is logged.

    `about`: where the file's figures come from. It is checked again then whether the visitor may
    still have it: AccessError if not. A click does not run the page again (docs/decisions/0042).
    """
    visitor = page_context.VISITOR.get()

    def hand_out() -> bytes:
        try:
            page_context.check_access_again(visitor)
            data = make()
            page_context.check_access_again(visitor)  # a sign-in may have ended meanwhile
        except LongevityError as error:
            LOG.warning("a file was not made: %s", error, extra={"event": "export"})
            raise
        _note_download(name, about, visitor)
        return data

    st.download_button(
        label,
        hand_out,
        file_name=name,
        mime=mimetypes.guess_type(name)[0],
        key=key,
        icon=icon,
        help=help,
        on_click="ignore",
    )


def _note_download(name: str, about: Provenance, visitor: Visitor) -> None:
    """Add a download to the log, or an error to the server's log where that cannot be written."""
    folder, at = page_context.read_settings().home / FOLDER, datetime.now(UTC)
    try:
        line = {
            "at": at.isoformat(timespec="seconds"),
            "subject": _name_subject(folder, about.synthetic, visitor.claims),
            "viewer": about.viewer,
            "what": name,
            "query": about.query,
            "parameters": {
                name: None if value is None else str(value)
                for name, value in about.parameters.items()
            },
            "release_id": about.release_id,
        }
        append_log.append_line(folder / f"{at:%Y-%m}.jsonl", line)
    except (OSError, DataError):
        # The file is on its way already: all that is left is to tell those who run the server.
        LOG.exception("a download could not be recorded", extra={"event": "export"})


def _name_subject(folder: Path, synthetic: bool, user: Mapping[str, Any]) -> str:
    """Return a keyed hash for the person signed in; without a sign-in, words that say so."""
    if user.get("sub"):
        key = append_log.ensure_key(folder / append_log.KEY)
        return append_log.hash_with_key(key, f"{user.get('iss', '')} {user['sub']}")[:16]
    return "demonstration visitor" if synthetic else "not signed in"
