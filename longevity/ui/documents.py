"""Buttons to download the briefing and the week: a public file, or one that says it is internal."""

from __future__ import annotations

from functools import partial

import streamlit as st

from longevity.outputs.documents import document_files
from longevity.outputs.documents.briefing_file import make_briefing
from longevity.outputs.documents.document import Document
from longevity.outputs.documents.pages import build_pages
from longevity.screens import this_week
from longevity.screens.choice import Values
from longevity.screens.context import ReportContext
from longevity.ui import download_log
from longevity.ui.page_context import PageContext

KINDS = {"pptx": "Slides", "pdf": "2-page PDF"}
PUBLIC = "Public: it holds what anyone may have, signed in or not."
INTERNAL = "Not for release: it holds what you may read and the public may not."


def _offer_briefing(context: PageContext, chosen: Values) -> None:
    """Draw buttons for the briefing as slides and as PDF.

    Public ones for everybody; in a popover, internal ones for viewers who may read rows.
    """
    with st.container(
        horizontal=True,
        vertical_alignment="center",
        width="content",
        key="longevity-documents",
    ):
        measure = chosen["measure"]
        _draw_buttons(context.as_public(), measure)
        if not context.is_public:
            with st.popover("Internal", icon=":material/lock:"):
                _draw_buttons(context, measure)


def _draw_buttons(context: ReportContext, measure: str) -> None:
    """Draw a button for each of KINDS; the file is made when it is clicked."""
    about, is_public = context.ask("counts").provenance, context.is_public
    day = about.data_through.isoformat() if about.data_through else about.release_id
    for suffix, label in KINDS.items():
        download_log.offer_file(
            label if is_public else f"{label}, not for release",
            document_files.mark_name(f"state-briefing-{day}.{suffix}", is_public, about.synthetic),
            about,
            partial(make_briefing, context, suffix, measure),
            f"briefing.{suffix}" if is_public else f"briefing.internal.{suffix}",
            help=PUBLIC if is_public else INTERNAL,
        )


def _offer_week(context: PageContext, chosen: Values) -> None:
    """Draw a button for the week of a city as a PDF of one page."""
    screen = this_week.open_week(context, chosen)
    ending, about = screen.week.ending, screen.shootings.provenance
    name = f"weekly-{screen.city}-{ending.isoformat()}.pdf"
    download_log.offer_file(
        "1-page PDF",
        document_files.mark_name(name, public=False, synthetic=about.synthetic),
        about,
        lambda: build_pages(Document(context, screen.build(), screen.name, ending)),
        "weekly.pdf",
        icon=":material/picture_as_pdf:",
    )


# By the name of a screen, what draws its buttons for a visit and what is chosen there.
OFFERS = {"briefing": _offer_briefing, "this_week": _offer_week}
