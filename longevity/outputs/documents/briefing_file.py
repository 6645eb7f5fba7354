"""The state briefing as a file, slides or a PDF of two pages; the public's is cached."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from longevity.auth.viewers import PUBLIC
from longevity.base.errors import DataError
from longevity.outputs.bundle import kept
from longevity.outputs.documents.deck import build_deck
from longevity.outputs.documents.document import Document
from longevity.outputs.documents.pages import build_pages
from longevity.screens.briefing import TITLE, build_briefing
from longevity.screens.context import ReportContext

PAGES = 2
KINDS: dict[str, Callable[[Document], bytes]] = {
    "pptx": build_deck,
    "pdf": partial(build_pages, most=PAGES),
}


def make_briefing(context: ReportContext, kind: str, measure: str = "") -> bytes:
    """Return the signed briefing for the viewer of a context. `kind`: "pptx" or "pdf".

    `measure`: what is counted, by default the usual one. The public's with the usual measure is
    made once for a release. NoBrowserError where no browser can draw its pictures; DataError for a
    release without shootings.
    """
    if context.ask("counts").provenance.data_through is None:
        raise DataError(
            "This release has no incidents and victims, so there is nothing to brief of.",
            "Publish a folder that holds them.",
        )
    usual = context.list_measures()[0]

    def make() -> bytes:
        report = build_briefing(context, measure or usual)
        return KINDS[kind](Document(context, report, TITLE, context.find_last_day()))

    if context.viewer != PUBLIC or measure not in ("", usual):
        return make()
    release_id = context.warehouse.release.id
    return kept.keep_file(context.settings, release_id, f"briefing.{kind}", make)
