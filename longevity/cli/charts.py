"""Commands of the chart catalogue: charts, export, verify."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

from longevity.cli.common import AddCommand, open_served, parse_pairs, print_to_stderr
from longevity.settings import Settings


def list_charts(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """List the charts."""
    from longevity.auth.viewers import PUBLIC
    from longevity.reports.chart_catalogue import catalogue
    from longevity.reports.context import ReportContext

    context = ReportContext(settings, PUBLIC, open_served(settings), today)
    entries: list[dict[str, Any]] = [
        {
            "name": entry.name,
            "title": entry.title,
            "parameters": {
                parameter.name: list(parameter.choices(context)) for parameter in entry.parameters
            },
            "public": not entry.why_not_public,
        }
        for entry in catalogue.ENTRIES.values()
    ]
    if arguments.format == "json":
        print(json.dumps(entries, indent=2))
        return 0
    for entry in entries:
        print(f"{entry['name']}\n    {entry['title']}")
        print(f"    --set {', '.join(entry['parameters']) or 'nothing'}")
    return 0


def export_chart(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Write the press bundle of a chart."""
    from longevity.auth.viewers import PUBLIC
    from longevity.outputs import bundle
    from longevity.outputs.bundle.browser import NoBrowserError
    from longevity.reports.chart_catalogue import catalogue
    from longevity.reports.context import ReportContext

    entry = catalogue.named(arguments.name)
    formats = bundle.formats_of(arguments.format)
    context = ReportContext(settings, PUBLIC, open_served(settings), today).as_public()
    bundle.has_public_form(entry)
    chart = entry.draw(context, parse_pairs(arguments.set))
    code = 0
    try:
        files = bundle.make(chart, settings, formats)
    except NoBrowserError as error:
        print_to_stderr(str(error))
        code, others = 1, [one for one in formats if one not in bundle.PICTURES]
        if not others:
            return code
        files = bundle.make(chart, settings, others)
    for path in bundle.write(files, arguments.out):
        print(path)
    print_to_stderr(chart.about.source)
    return code


def verify_file(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Say what a published file's signature is worth today."""
    from longevity.auth.viewers import PUBLIC
    from longevity.outputs.bundle import verify as judging
    from longevity.reports.context import ReportContext

    data = judging.read_file(arguments.file)
    context = ReportContext(settings, PUBLIC, open_served(settings), today)
    verdict = judging.verify(arguments.file, data, context)
    print(verdict.sentence)
    if verdict.slip:
        print(f"\n{verdict.slip}")
    return 0 if verdict.outcome is judging.Outcome.HOLDS else 1


def add_commands(add: AddCommand) -> None:
    """Add these commands."""
    one = add("charts", list_charts)
    one.add_argument("--format", choices=("table", "json"), default="table")
    one = add("export", export_chart)
    one.add_argument("name", metavar="CHART")
    one.add_argument("--set", action="extend", nargs="+", default=[], metavar="K=V")
    one.add_argument("--format", default="png,svg,pdf,pptx,csv", metavar="png,svg,…")
    one.add_argument("--out", type=Path, required=True, metavar="DIR")
    one = add("verify", verify_file)
    one.add_argument("file", type=Path, metavar="FILE")
