"""Reads the briefing's files as a stranger would: python-pptx and pypdf, no code of ours."""

import io
from collections.abc import Iterator
from typing import Any

from pptx import Presentation
from pypdf import PdfReader

from longevity.auth import viewers
from longevity.outputs.documents.document import Document
from longevity.release.store import Store
from longevity.screens.briefing import NAME, build_briefing
from longevity.screens.context import ReportContext
from longevity.screens.report import Card
from longevity.settings import Settings
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY

_kept: dict[tuple[int, str], tuple[Settings, Document]] = {}


def context(settings: Settings, viewer: str = "public") -> ReportContext:
    opened = Warehouse(Store(settings.home).current(), settings)
    return ReportContext(settings, viewers.parse_viewer(viewer, settings), opened, TODAY)


def make_briefing(asking: ReportContext, measure: str | None = None) -> Document:
    """Return the briefing of what a context sees, to be set on slides or pages."""
    return Document(asking, build_briefing(asking, measure), NAME, asking.find_last_day())


def briefing(settings: Settings, viewer: str = "public") -> Document:
    """Return the briefing of these very settings, built once, for it is only read."""
    key = (id(settings), viewer)
    if key not in _kept:
        # The settings are kept too, so that no others can come by their id.
        _kept[key] = (settings, make_briefing(context(settings, viewer)))
    return _kept[key][1]


def find_card(document: Document, key: str) -> Card:
    """Return one card of it by its key, without what all keys begin with."""
    return next(card for card in document.cards if card.key == f"briefing.{key}")


def frames(shape: Any) -> Iterator[Any]:
    """Every frame of text of a shape, those of a table's cells too."""
    if shape.has_text_frame:
        yield shape.text_frame
    if getattr(shape, "has_table", False) and shape.has_table:
        for row in shape.table.rows:
            for cell in row.cells:
                yield cell.text_frame


def slides(made: bytes) -> list[Any]:
    return list(Presentation(io.BytesIO(made)).slides)


def words(slide: Any) -> list[str]:
    return [paragraph.text for shape in slide.shapes for f in frames(shape) for paragraph in f.paragraphs]


def pages(made: bytes) -> list[str]:
    """The text of each page, one space between words."""
    return [" ".join((page.extract_text() or "").split()) for page in PdfReader(io.BytesIO(made)).pages]
