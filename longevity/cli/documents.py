"""The commands that write documents of the served release: brief, weekly, edition.

Each takes the parsed arguments, the configuration and today, and returns the exit code.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from longevity.base.errors import LongevityError, UsageError
from longevity.cli import common
from longevity.cli.common import open_context, print_to_stderr
from longevity.settings import Settings

if TYPE_CHECKING:
    from longevity.screens.context import ReportContext


class Week(NamedTuple):
    """A document to be mailed: a sentence for the mail's text, the file's name, and the PDF."""

    answer: str
    name: str
    page: bytes


def write_briefing(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Write the state briefing as slides (--out FILE.pptx) or two pages (.pdf)."""
    from longevity.auth import viewers
    from longevity.outputs.documents import document_files
    from longevity.outputs.documents.briefing_file import KINDS, make_briefing

    kind = arguments.out.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise UsageError(
            f"--out {arguments.out.name} does not say what to write.",
            f"End it in {' or '.join(f'.{name}' for name in KINDS)}.",
        )
    context = open_context(settings, today, arguments.viewer)
    content = make_briefing(context, kind)
    document_files.write_document(arguments.out, content, context.viewer == viewers.PUBLIC)
    print(f"The briefing, counted to {context.find_last_day().isoformat()}, is in {arguments.out}.")
    return 0


def write_weekly_page(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Write the weekly page of a city (--out FILE.pdf), or of all of them into a folder.

    Each is made as its city sees it. Of all, the others are still written and sent where one
    fails; the exit code says so.
    """
    from longevity.outputs.documents import document_files

    out, code = arguments.out, 0
    if arguments.mail and not arguments.all:
        raise UsageError("--mail sends the week of every city.", "Add --all.")
    if not arguments.all:
        city = settings.city(arguments.city or "").id
        if out.suffix.lower() != ".pdf":
            raise UsageError(f"'{out.name}' is not a PDF's name.", "Write --out FILE.pdf.")
        if not out.parent.is_dir():
            raise UsageError(f"There is no folder {out.parent}.", "Make it first.")
        week = _make_week(arguments, settings, today, city)
        document_files.write_document(out, week.page, public=False)
        print_to_stderr(week.answer)
        print(out)
        return 0
    if arguments.city:
        raise UsageError("--all is of every city.", "Leave CITY out.")
    weeks = {}
    for city in settings.cities:
        try:
            week = _make_week(arguments, settings, today, city)
            document_files.write_document(out / week.name, week.page, public=False)
        except LongevityError as error:
            print_to_stderr(f"{city}: {error}")
            code = 1
            continue
        weeks[city] = week
        print(out / week.name)
    if arguments.mail:
        code |= _send_weeks(open_context(settings, today), weeks)
    return code


def _make_week(arguments: argparse.Namespace, settings: Settings, today: date, city: str) -> Week:
    """Make the weekly page of a city, with the rows that the city itself may see."""
    from longevity.outputs.documents import document_files
    from longevity.outputs.documents.document import Document
    from longevity.outputs.documents.pages import build_pages
    from longevity.screens.this_week import ThisWeek, choose_week

    context = open_context(settings, today, f"city:{city}")
    week = ThisWeek(context, city, choose_week(context, city, arguments.week_ending))
    document = Document(context, week.build(), week.name, week.week.ending)
    name = document_files.mark_name(f"{city}-week.pdf", public=False, synthetic=context.synthetic)
    return Week(document.report.answer, name, build_pages(document))


def _send_weeks(context: ReportContext, weeks: Mapping[str, Week]) -> int:
    """Mail each subscriber their weekly pages, or the public briefing; return 1 where one failed.

    `weeks`: by city id, those that could be made. A subscription gives an address a viewer: `state`
    gets every page, `city:east` that of its city, `public` the briefing.
    """
    from longevity.outputs import weekly_mail
    from longevity.outputs.documents import document_files
    from longevity.outputs.documents.briefing_file import make_briefing

    program, mail, code = context.settings.program, context.settings.mail, 0
    for to, viewer in mail.subscriptions.items():
        of = [*weeks] if viewer == "state" else [viewer.removeprefix("city:")]
        sent = [weeks[city] for city in of if city in weeks]
        try:
            if viewer == "public":
                name = document_files.mark_name(
                    "state-briefing.pdf", public=True, synthetic=context.synthetic
                )
                sent = [Week("The public briefing.", name=name, page=make_briefing(context, "pdf"))]
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
    common.write_edition(arguments.out, arguments.base_url, settings, today)
    return 0
