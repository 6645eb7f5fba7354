"""Documents as they leave: signed like the files of a bundle, each with a record of what it is."""

from __future__ import annotations

from longevity.outputs.credentials.sign import Record, sign_file
from longevity.outputs.documents.document import Document


def build_record(document: Document) -> Record:
    """Say what a document is: its release, the last day it counts, its viewer and its marks.

    `verify` tells a document from a chart by the key `document`. No figure is in it: unlike a
    chart's rows those of a document are never compared with today's.
    """
    context = document.context
    release = context.warehouse.release
    return {
        "document": document.title,
        "counted_to": document.through.isoformat(),
        "release": release.id,
        "kind": release.manifest["kind"],
        "viewer": str(context.viewer),
        "marks": list(document.marks),
    }


def sign_pages(pages: bytes, document: Document) -> bytes:
    """Return the PDF signed."""
    return sign_file(pages, "pdf", document.context.settings, build_record(document))
