"""Documents as they leave: signed like the files of a bundle, each with a record of what it is."""

from __future__ import annotations

from datetime import date

from longevity.auth.viewers import ViewerKind
from longevity.outputs.credentials.sign import Record, sign_file
from longevity.reports.context import ReportContext
from longevity.reports.marks import marks


def record(context: ReportContext, title: str, through: date) -> Record:
    """Say what a document is: its release, the last day it counts, its viewer and its marks.

    `verify` tells a document from a chart by the key `document`. No figure is in it: unlike a
    chart's rows those of a document are never compared with today's.
    """
    release = context.warehouse.release
    return {
        "document": title,
        "counted_to": through.isoformat(),
        "release": release.id,
        "kind": release.manifest["kind"],
        "viewer": str(context.viewer),
        "marks": list(marks(context.viewer.kind is ViewerKind.PUBLIC, context.synthetic)),
    }


def pdf(made: bytes, context: ReportContext, said: Record) -> bytes:
    """The pages signed."""
    return sign_file(made, "pdf", context.settings, said)
