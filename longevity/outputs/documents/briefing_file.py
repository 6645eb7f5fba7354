"""The state briefing as a file: slides or two pages, the public's kept once they were made."""

from __future__ import annotations

from longevity.auth.viewers import PUBLIC
from longevity.outputs.bundle import kept
from longevity.outputs.bundle.browser import NoBrowserError
from longevity.outputs.documents.as_of import ReportContextAsOf
from longevity.outputs.documents.deck import build_deck
from longevity.outputs.documents.document import Document
from longevity.outputs.documents.two_pages import build_pages
from longevity.screens.briefing import NAME, build_briefing
from longevity.screens.context import ReportContext

KINDS = {"pptx": build_deck, "pdf": build_pages}


def make_briefing(context: ReportContext, kind: str, measure: str = "") -> bytes:
    """Return the signed briefing of what a context sees. `kind`: of KINDS; `measure`: what is
    counted, the usual one unless said.

    The public's of the usual measure is made once for a release; one without its pictures, as no
    browser starts, is not kept.
    """
    usual = context.list_measures()[0]
    counted = measure or usual
    is_kept = context.viewer == PUBLIC and counted == usual
    if not is_kept or isinstance(context, ReportContextAsOf):
        return _make(context, kind, counted)
    release_id, key = context.warehouse.release.id, kept.identify_documents(context)
    try:
        return kept.keep_file(
            context.settings,
            release_id,
            key,
            f"briefing.{kind}",
            lambda: _make(context, kind, counted, needs_pictures=True),
        )
    except NoBrowserError:
        return _make(context, kind, counted)


def _make(context: ReportContext, kind: str, measure: str, needs_pictures: bool = False) -> bytes:
    report = build_briefing(context, measure)
    return KINDS[kind](Document(context, report, NAME, context.find_last_day(), needs_pictures))
