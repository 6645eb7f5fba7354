"""Commands of what is taken away of a release: brief, weekly, edition."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from longevity.cli.common import AddCommand, add_base_url, open_served, parse_day, print_to_stderr
from longevity.errors import UsageError
from longevity.settings import Settings


def write_briefing(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Write the state briefing as slides (.pptx) or two pages (.pdf)."""
    from longevity.auth import viewers
    from longevity.outputs.documents import document_files
    from longevity.outputs.documents.as_of import limit_to_day
    from longevity.outputs.documents.briefing_file import KINDS, make_briefing
    from longevity.screens.context import ReportContext

    kind = arguments.out.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise UsageError(
            f"--out {arguments.out.name} does not say what to write.",
            f"End it in {' or '.join(f'.{name}' for name in KINDS)}.",
        )
    viewer = viewers.parse_viewer(arguments.viewer, settings)
    context = limit_to_day(
        ReportContext(settings, viewer, open_served(settings), today), arguments.as_of
    )
    content = make_briefing(context, kind)
    document_files.write_document(arguments.out, content, context.viewer == viewers.PUBLIC)
    print(f"The briefing, counted to {context.find_last_day().isoformat()}, is in {arguments.out}.")
    return 0


def write_weekly_page(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Write the weekly page of a city as a one-page PDF."""
    from longevity.auth import viewers
    from longevity.outputs.documents import document_files
    from longevity.outputs.documents.document import Document
    from longevity.outputs.documents.one_page import build_page
    from longevity.screens.context import ReportContext
    from longevity.screens.this_week import ThisWeek, choose_week

    city = settings.city(arguments.city).id
    viewer = viewers.parse_viewer(arguments.viewer or f"city:{city}", settings)
    out: Path = arguments.out
    if out.suffix.lower() != ".pdf":
        raise UsageError(f"'{out.name}' is not a PDF's name.", "Write --out FILE.pdf.")
    if not out.parent.is_dir():
        raise UsageError(f"There is no folder {out.parent}.", "Make it first.")
    context = ReportContext(settings, viewer, open_served(settings), today)
    this_week = ThisWeek(context, city, choose_week(context, city, arguments.week_ending))
    document = Document(context, this_week.build(), this_week.name, this_week.week.ending)
    document_files.write_document(out, build_page(document), document.public)
    print_to_stderr(document.report.answer)
    print(out)
    return 0


def write_edition(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Write the public edition: the served release as files for any web server."""
    from longevity.edition.build import build_edition

    out, base_url = arguments.out, arguments.base_url
    pages = build_edition(settings, today, out, base_url, print_to_stderr)
    print(f"The edition has {pages} pages. Its address is {out}, a link to the newest.")
    return 0


def add_commands(add: AddCommand) -> None:
    """Add these commands."""
    parser = add("brief", write_briefing)
    parser.add_argument("--as-of", type=parse_day, metavar="DATE", help="The last day counted.")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.pptx|.pdf")
    parser.add_argument("--viewer", default="public")
    parser = add("weekly", write_weekly_page)
    parser.add_argument("city", metavar="CITY")
    parser.add_argument(
        "--week-ending", type=parse_day, metavar="DATE", help="Default: the newest week."
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    parser.add_argument("--viewer", metavar="V", help="Default: the city itself.")
    parser = add("edition", write_edition)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    add_base_url(parser)
