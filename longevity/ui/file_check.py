"""Check a file, on the press desk: was it made here, was it edited, do its figures still hold?

The verdict is that of the command `verify`, in the same words. Nothing of the file is kept: it
is read, judged and dropped, and the log holds the outcome alone.
"""

from __future__ import annotations

import logging
import threading

import streamlit as st

from longevity.errors import DataError
from longevity.measures.wording import escape_markdown
from longevity.outputs.bundle import verify as judging
from longevity.outputs.bundle.verify import FileOutcome, FileVerdict
from longevity.outputs.credentials.apart import read_claim_apart
from longevity.screens.context import ReportContext
from longevity.ui import streamlit_internals, uploads

KINDS = ("png", "svg", "pdf", "pptx", "csv", "json", "txt")
TURN, JUDGED = "check.turn", "check.judged"
LONGEST_NAME = 80
BUSY = "Others are checking files. Try again in a moment."
WAIT = 15.0  # seconds for one of the places
LOG = logging.getLogger(__name__)
_places = threading.BoundedSemaphore(2)


def show_file_check(context: ReportContext) -> None:
    """Show the place to drop a file, and what was found of the last one."""
    with st.expander("Check a file", icon=":material/verified_user:"):
        st.caption(
            "Drop a file of ours: was it made here, was it edited, do its figures still hold? "
            "Nothing of it is kept."
        )
        turn = st.session_state.setdefault(TURN, 0)
        upload = st.file_uploader(
            "File to check",
            type=list(KINDS),
            key=f"check.file.{turn}",
            max_upload_size=uploads.LARGEST >> 20,
        )
        if upload is not None:
            judged = upload.name[:LONGEST_NAME], judge_file(upload.getvalue(), context)
            st.session_state[JUDGED] = context.warehouse.release.id, *judged
            # The next run has a new place, without the file.
            st.session_state[TURN] = turn + 1
            uploads.UPLOADS.drop_files(streamlit_internals.read_session_id())
            st.rerun()
        release, *judged = st.session_state.get(JUDGED, ("",))
        # What was found by another release is no word on today's figures.
        if release == context.warehouse.release.id:
            _show_verdict(*judged)


def judge_file(data: bytes, context: ReportContext) -> FileVerdict:
    """Return the verdict of `verify` on a stranger's file, read in a process of its own."""
    if len(data) > uploads.LARGEST:
        return FileVerdict(FileOutcome.UNSIGNED, "This file is too large to be one of ours.")
    if not _places.acquire(timeout=WAIT):
        return FileVerdict(FileOutcome.UNSIGNED, BUSY)
    try:
        verdict = judging.judge_file(data, context, read_claim_apart)
    except DataError as error:
        verdict = FileVerdict(FileOutcome.UNSIGNED, str(error))
    finally:
        _places.release()
    LOG.info("a file was checked: %s", verdict.outcome, extra={"event": "check"})
    return verdict


def _show_verdict(name: str, verdict: FileVerdict) -> None:
    holds = verdict.outcome is FileOutcome.HOLDS
    say = st.success if holds else st.warning
    icon = ":material/check_circle:" if holds else ":material/error:"
    say(escape_markdown(f"{name}: {verdict.sentence}"), icon=icon)
    if verdict.slip:
        st.code(verdict.slip, language=None, wrap_lines=True)
