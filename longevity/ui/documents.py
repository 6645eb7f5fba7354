"""The standing documents to take away, made when asked for: public, or internal by name."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from longevity.outputs.documents import files
from longevity.outputs.documents.document import Document
from longevity.reports.briefing import NAME, build_briefing
from longevity.reports.chart_catalogue.definition import find_last_day
from longevity.reports.context import ReportContext
from longevity.ui import download_log
from longevity.ui.page_context import PageContext


def _build_deck(document: Document) -> bytes:
    from longevity.outputs.documents.deck import build_deck  # python-pptx: most of a cold start

    return build_deck(document)


def _build_pages(document: Document) -> bytes:
    from longevity.outputs.documents.two_pages import build_pages

    return build_pages(document)


KINDS: dict[str, tuple[str, Callable[[Document], bytes], str]] = {
    "pptx": (
        "Slides",
        _build_deck,
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    "pdf": ("2-page PDF", _build_pages, "application/pdf"),
}


PUBLIC = "Public: it holds what anyone may have, whoever is signed in."
INTERNAL = "Not for release: it holds what you may read and the public may not."


def offer_briefing(context: PageContext, measure: str) -> None:
    """Draw buttons for the slides and the two pages: public, and internal for who may read it."""
    with st.container(
        horizontal=True,
        vertical_alignment="center",
        width="content",
        key="longevity-documents",
    ):
        for suffix in KINDS:
            _draw_button(context.as_public(), measure, suffix)
        if context.viewer.named_scope is not None:
            with st.popover("Internal", icon=":material/lock:"):
                for suffix in KINDS:
                    _draw_button(context, measure, suffix)


def _draw_button(context: ReportContext, measure: str, suffix: str) -> None:
    label, make, mime = KINDS[suffix]
    about = context.ask("counts").provenance
    is_public = context.viewer.named_scope is None
    day = about.data_through.isoformat() if about.data_through else about.release_id
    name = f"state-briefing-{day}.{suffix}"
    st.download_button(
        label if is_public else f"{label}, not for release",
        download_log.make_on_click(
            f"state-briefing.{suffix}", about, _build_maker(make, context, measure)
        ),
        file_name=files.mark_name(name, is_public, about.synthetic),
        mime=mime,
        key=f"briefing.{suffix}" if is_public else f"briefing.internal.{suffix}",
        on_click=download_log.LEFT_ALONE,
        icon=":material/download:",
        help=PUBLIC if is_public else INTERNAL,
    )


def _build_maker(
    make: Callable[[Document], bytes], context: ReportContext, measure: str
) -> Callable[[], bytes]:
    """Return what makes the file on the click, so that nobody who only reads waits for it."""
    return lambda: make(
        Document(context, build_briefing(context, measure), NAME, find_last_day(context))
    )
