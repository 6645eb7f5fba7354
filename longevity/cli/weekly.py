"""Commands of the standing documents: weekly."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from longevity.cli.common import Add, day, say, served
from longevity.errors import UsageError
from longevity.settings import Settings


def weekly(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Write the weekly page of a city as a one-page PDF."""
    from longevity.auth import viewers
    from longevity.outputs.documents import files, week_sections
    from longevity.outputs.documents import weekly as page
    from longevity.reports.context import Desk

    city = settings.city(asked.city).id
    viewer = viewers.parse(asked.viewer or f"city:{city}", settings)
    out: Path = asked.out
    if out.suffix.lower() != ".pdf":
        raise UsageError(f"'{out.name}' is not a PDF's name.", "Write --out FILE.pdf.")
    if not out.parent.is_dir():
        raise UsageError(f"There is no folder {out.parent}.", "Make it first.")
    desk = Desk(settings, viewer, served(settings), today)
    told = week_sections.tell(desk, city, asked.week_ending)
    path = out.with_name(files.marked(out.name, public=False, synthetic=desk.synthetic))
    files.write(path, page.pdf(desk, told), public=False)
    say(told.sentence)
    print(path)
    return 0


def register(add: Add) -> None:
    """Add these commands."""
    one = add("weekly", weekly)
    one.add_argument("city", metavar="CITY")
    one.add_argument("--week-ending", type=day, metavar="DATE", help="Default: the newest week.")
    one.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    one.add_argument("--viewer", metavar="V", help="Default: the city itself.")
