"""Commands of the standing documents: weekly."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from longevity.cli.common import AddCommand, open_served, parse_day, print_to_stderr
from longevity.errors import UsageError
from longevity.settings import Settings


def write_weekly_page(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Write the weekly page of a city as a one-page PDF."""
    from longevity.auth import viewers
    from longevity.outputs.documents import files
    from longevity.outputs.documents import weekly as page
    from longevity.reports import week_sections
    from longevity.reports.context import ReportContext

    city = settings.city(arguments.city).id
    viewer = viewers.parse_viewer(arguments.viewer or f"city:{city}", settings)
    out: Path = arguments.out
    if out.suffix.lower() != ".pdf":
        raise UsageError(f"'{out.name}' is not a PDF's name.", "Write --out FILE.pdf.")
    if not out.parent.is_dir():
        raise UsageError(f"There is no folder {out.parent}.", "Make it first.")
    context = ReportContext(settings, viewer, open_served(settings), today)
    sections = week_sections.tell(context, city, arguments.week_ending)
    files.write(out, page.pdf(context, sections), public=False)
    print_to_stderr(sections.sentence)
    print(out)
    return 0


def add_commands(add: AddCommand) -> None:
    """Add these commands."""
    one = add("weekly", write_weekly_page)
    one.add_argument("city", metavar="CITY")
    one.add_argument(
        "--week-ending", type=parse_day, metavar="DATE", help="Default: the newest week."
    )
    one.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    one.add_argument("--viewer", metavar="V", help="Default: the city itself.")
