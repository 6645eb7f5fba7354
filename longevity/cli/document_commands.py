"""Commands of what is taken away of a release: brief, weekly, edition."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from longevity.cli.common import (
    AddCommand,
    add_base_url,
    open_served,
    parse_day,
    parse_viewer,
    print_to_stderr,
)
from longevity.errors import LongevityError, UsageError
from longevity.settings import Settings

if TYPE_CHECKING:
    from longevity.screens.context import ReportContext


class Week(NamedTuple):
    """What a subscription is sent: what happened, and a page with its name."""

    answer: str
    name: str
    page: bytes


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
    viewer = parse_viewer(arguments.viewer, settings)
    context = limit_to_day(
        ReportContext(settings, viewer, open_served(settings), today), arguments.as_of
    )
    content = make_briefing(context, kind)
    document_files.write_document(arguments.out, content, context.viewer == viewers.PUBLIC)
    print(f"The briefing, counted to {context.find_last_day().isoformat()}, is in {arguments.out}.")
    return 0


def write_weekly_page(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Write the weekly page of a city as a one-page PDF, or of all cities into a folder."""
    from longevity.outputs.documents import document_files
    from longevity.screens.context import ReportContext

    if arguments.mail and not arguments.all:
        raise UsageError("--mail sends the week of every city.", "Add --all.")
    if arguments.all:
        return _write_all_weeks(arguments, settings, today)
    city = settings.city(arguments.city or "").id
    viewer = parse_viewer(arguments.viewer or f"city:{city}", settings)
    out: Path = arguments.out
    if out.suffix.lower() != ".pdf":
        raise UsageError(f"'{out.name}' is not a PDF's name.", "Write --out FILE.pdf.")
    if not out.parent.is_dir():
        raise UsageError(f"There is no folder {out.parent}.", "Make it first.")
    context = ReportContext(settings, viewer, open_served(settings), today)
    answer, page = _make_week(context, city, arguments.week_ending)
    document_files.write_document(out, page, public=False)
    print_to_stderr(answer)
    print(out)
    return 0


def _make_week(context: ReportContext, city: str, ending: date | None) -> tuple[str, bytes]:
    """Return the answer of a city's week, and its page."""
    from longevity.outputs.documents.document import Document
    from longevity.outputs.documents.one_page import build_page
    from longevity.screens.this_week import ThisWeek, choose_week

    week = ThisWeek(context, city, choose_week(context, city, ending))
    document = Document(context, week.build(), week.name, week.week.ending)
    return document.report.answer, build_page(document)


def _write_all_weeks(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Write each city's page into a folder, as that city, and mail what is subscribed to.

    Where one fails the others are still written and sent; the exit code says so.
    """
    from longevity.auth import viewers
    from longevity.outputs.documents import document_files
    from longevity.screens.context import ReportContext

    if arguments.city or arguments.viewer:
        raise UsageError("--all is of every city, each as itself.", "Leave CITY and --viewer out.")
    warehouse, weeks, code = open_served(settings), {}, 0
    for city in settings.cities:
        viewer = parse_viewer(f"city:{city}", settings)
        context = ReportContext(settings, viewer, warehouse, today)
        name = document_files.mark_name(f"{city}-week.pdf", False, context.synthetic)
        try:
            answer, page = _make_week(context, city, arguments.week_ending)
            document_files.write_document(arguments.out / name, page, public=False)
        except LongevityError as error:
            print_to_stderr(f"{city}: {error}")
            code = 1
            continue
        weeks[city] = Week(answer, name, page)
        print(arguments.out / name)
    if arguments.mail:
        code |= _send_weeks(ReportContext(settings, viewers.PUBLIC, warehouse, today), weeks)
    return code


def _send_weeks(context: ReportContext, weeks: Mapping[str, Week]) -> int:
    """Send each subscription what it is of, as the public briefing; return 1 where one failed."""
    from longevity.outputs import weekly_mail
    from longevity.outputs.documents import document_files
    from longevity.outputs.documents.briefing_file import make_briefing

    program, mail, code = context.settings.program, context.settings.mail, 0
    for to, viewer in mail.subscriptions.items():
        of = [*weeks] if viewer == "state" else [viewer.removeprefix("city:")]
        sent = [weeks[city] for city in of if city in weeks]
        try:
            if viewer == "public":
                name = document_files.mark_name("state-briefing.pdf", True, context.synthetic)
                sent = [Week("The public briefing.", name, make_briefing(context, "pdf"))]
            if sent:
                text = "\n".join(week.answer for week in sent)
                pages = {week.name: week.page for week in sent}
                subject, public = f"{program}, the week", viewer == "public"
                made = weekly_mail.write_mail(mail.sender, to, subject, text, pages, public)
                weekly_mail.send_mail(made)
        except LongevityError as error:
            print_to_stderr(str(error))
            code = 1
    return code


def write_edition(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Write the public edition: the served release as files for any web server."""
    from longevity.edition.build import build_edition

    out, base_url = arguments.out, arguments.base_url or ""
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
    parser.add_argument("city", metavar="CITY", nargs="?")
    parser.add_argument("--all", action="store_true", help="Every city's, into the folder --out.")
    parser.add_argument("--mail", action="store_true", help="Send what [mail] subscribes to.")
    parser.add_argument(
        "--week-ending", type=parse_day, metavar="DATE", help="Default: the newest week."
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.pdf|DIR")
    parser.add_argument("--viewer", metavar="V", help="Default: the city itself.")
    parser = add("edition", write_edition)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    add_base_url(parser)
