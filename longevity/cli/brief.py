"""Commands of the standing documents: brief."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from longevity.cli.common import Add, day, served
from longevity.errors import UsageError
from longevity.settings import Settings

KINDS = (".pptx", ".pdf")


def brief(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Write the state briefing as slides (.pptx) or two pages (.pdf)."""
    from longevity.auth import viewers
    from longevity.outputs.documents import briefing, briefing_pdf, briefing_slides, files
    from longevity.outputs.documents.as_of import desk_as_of
    from longevity.reports.context import Desk

    kind = asked.out.suffix.lower()
    if kind not in KINDS:
        raise UsageError(
            f"--out {asked.out.name} does not say what to write.",
            f"End it in {' or '.join(KINDS)}.",
        )
    viewer = viewers.parse(asked.viewer, settings)
    desk = desk_as_of(Desk(settings, viewer, served(settings), today), asked.as_of)
    told = briefing.briefing(desk)
    made = briefing_slides.slides(told) if kind == ".pptx" else briefing_pdf.pages(told)
    path = asked.out.with_name(files.marked(asked.out.name, told.public, desk.synthetic))
    files.write(path, made, told.public)
    print(f"The briefing, counted to {told.through.isoformat()}, is in {path}.")
    return 0


def register(add: Add) -> None:
    """Add these commands."""
    one = add("brief", brief)
    one.add_argument("--as-of", type=day, metavar="DATE", help="The last day counted.")
    one.add_argument("--out", type=Path, required=True, metavar="FILE.pptx|.pdf")
    one.add_argument("--viewer", default="public")
