"""The standing documents to take away: made when asked for, and always public."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from longevity.outputs.documents import files
from longevity.reports import briefing_sections as assembled
from longevity.reports.context import ReportContext
from longevity.reports.sections import Briefing
from longevity.ui import download_log
from longevity.ui.page_context import PageContext


def _slides(told: Briefing) -> bytes:
    from longevity.outputs.documents import briefing_slides  # python-pptx: most of a cold start

    return briefing_slides.slides(told)


def _pages(told: Briefing) -> bytes:
    from longevity.outputs.documents import briefing_pdf

    return briefing_pdf.pages(told)


KINDS: dict[str, tuple[str, Callable[[Briefing], bytes], str]] = {
    "pptx": (
        "Slides",
        _slides,
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    "pdf": ("2-page PDF", _pages, "application/pdf"),
}


def briefing(context: PageContext, measure: str) -> None:
    """Buttons for the slides and the two pages of the briefing, as anybody may have them."""
    context = context.as_public()
    about = context.ask("year_to_date_by_city").provenance
    with st.container(horizontal=True):
        for suffix, (label, make, mime) in KINDS.items():
            st.download_button(
                label,
                download_log.make_on_click(
                    f"state-briefing.{suffix}", about, _build_maker(make, context, measure)
                ),
                file_name=files.marked(
                    f"state-briefing-{about.release_id}.{suffix}", True, about.synthetic
                ),
                mime=mime,
                key=f"briefing.{suffix}",
                on_click=download_log.LEFT_ALONE,
                icon=":material/download:",
                help="Public: it holds what anyone may have, whoever is signed in.",
            )


def _build_maker(
    make: Callable[[Briefing], bytes], context: ReportContext, measure: str
) -> Callable[[], bytes]:
    """Made on the click, so that nobody who only reads waits for it."""
    return lambda: make(assembled.briefing(context, measure))
