"""Check a file on the press desk: was it made here, was it edited, do its figures still hold?

The verdict is that of the command `verify`, in the same words. The file is not written to the disk,
and the log has only the outcome.
"""

from __future__ import annotations

import hashlib
import logging
from functools import partial

import streamlit as st

from longevity.base.errors import DataError
from longevity.outputs.bundle import verify as judging
from longevity.outputs.bundle.verify import FileOutcome, FileVerdict
from longevity.outputs.credentials.apart import read_claim_apart
from longevity.screens.context import ReportContext
from longevity.ui.markdown import escape_markdown
from longevity.ui.page_context import PageContext

KINDS = ("png", "svg", "pdf", "pptx", "csv", "json", "txt")
LOG = logging.getLogger(__name__)


def show_file_check(context: PageContext) -> None:
    """Show where to drop a file, and the verdict on it."""
    st.caption(
        "Drop a file of ours: was it made here, was it edited, do its figures still hold? "
        "It is in memory until this page is left, and written nowhere."
    )
    upload = st.file_uploader("File to check", type=list(KINDS), key="check.file")
    if upload is None:
        return
    data = upload.getvalue()
    digest = hashlib.sha256(data).hexdigest()
    verdict = context.compute_once(partial(judge_file, data, context), "file", digest)
    say = st.success if verdict.holds else st.warning
    say(escape_markdown(f"{upload.name}: {verdict.sentence}"))
    if verdict.slip:  # the correction slip: which figures were published, and what they are today
        st.code(verdict.slip, language=None, wrap_lines=True)


def judge_file(data: bytes, context: ReportContext) -> FileVerdict:
    """Return the verdict on a file's bytes; a stranger's file is read in a process of its own.

    Where that process cannot read a signature, as of a damaged file, the file counts as unsigned.
    """
    try:
        verdict = judging.judge_file(data, context, read_claim_apart)
    except DataError as error:
        verdict = FileVerdict(FileOutcome.UNSIGNED, str(error))
    LOG.info("a file was checked: %s", verdict.outcome, extra={"event": "check"})
    return verdict
