"""Commands of the standing documents: brief."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from longevity.cli.common import AddCommand, open_served, parse_day
from longevity.errors import UsageError
from longevity.settings import Settings

KINDS = (".pptx", ".pdf")


def write_briefing(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Write the state briefing as slides (.pptx) or two pages (.pdf)."""
    from longevity.auth import viewers
    from longevity.outputs.documents import files
    from longevity.outputs.documents.as_of import limit_to_day
    from longevity.outputs.documents.deck import build_deck
    from longevity.outputs.documents.document import Document
    from longevity.outputs.documents.two_pages import build_pages
    from longevity.reports.briefing import NAME, build_briefing
    from longevity.reports.chart_catalogue.definition import through_of
    from longevity.reports.context import ReportContext

    kind = arguments.out.suffix.lower()
    if kind not in KINDS:
        raise UsageError(
            f"--out {arguments.out.name} does not say what to write.",
            f"End it in {' or '.join(KINDS)}.",
        )
    viewer = viewers.parse_viewer(arguments.viewer, settings)
    context = limit_to_day(
        ReportContext(settings, viewer, open_served(settings), today), arguments.as_of
    )
    document = Document(context, build_briefing(context), NAME, through_of(context))
    content = build_deck(document) if kind == ".pptx" else build_pages(document)
    files.write(arguments.out, content, document.public)
    print(f"The briefing, counted to {document.through.isoformat()}, is in {arguments.out}.")
    return 0


def add_commands(add: AddCommand) -> None:
    """Add these commands."""
    parser = add("brief", write_briefing)
    parser.add_argument("--as-of", type=parse_day, metavar="DATE", help="The last day counted.")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.pptx|.pdf")
    parser.add_argument("--viewer", default="public")
