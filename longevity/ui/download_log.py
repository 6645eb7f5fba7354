"""Files made on a click, and who took them: a line each in LONGEVITY_HOME, only added to.

`exports/<year>-<month>.jsonl`. A subject is a keyed hash, a parameter what was asked;
never a value out of a row.
"""

from __future__ import annotations

import logging
import mimetypes
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import streamlit as st

from longevity import append_log
from longevity.errors import DataError, LongevityError
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
    """Return what makes a file for a visitor who may have it by then; AccessError for another."""
    visitor = page_context.find_visitor()

    def hand_out() -> bytes:
        try:
            page_context.check_access_again(visitor)
            data = make()
            page_context.check_access_again(visitor)  # it took its time
        except LongevityError as error:
            LOG.warning("a file was not made: %s", error, extra={"event": "export"})
            raise
        _note_download(what, about, visitor)
        return data

    return hand_out


def _note_download(what: str, about: Provenance, visitor: Visitor) -> None:
    home = page_context.read_settings().home
    try:
        record_download(home, what, about, datetime.now(UTC), visitor.claims)
    except (OSError, DataError):
        # The file is on its way already; those who run this must know.
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
            name: None if value is None else str(value) for name, value in about.parameters.items()
        },
        "release_id": about.release_id,
    }
    append_log.append_line(folder / f"{at:%Y-%m}.jsonl", line)


def _name_subject(folder: Path, synthetic: bool, user: Mapping[str, Any]) -> str:
    """Return a keyed hash of who is signed in; without a sign-in, words that say so."""
    if user.get("sub"):
        key = append_log.ensure_key(folder)
        return append_log.hash_with_key(key, f"{user.get('iss', '')} {user['sub']}")[:16]
    return "demonstration visitor" if synthetic else "not signed in"
