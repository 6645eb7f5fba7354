"""Commands of the chart catalogue: charts, export, verify."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

from longevity.cli.common import Add, pairs, say, served
from longevity.settings import Settings


def charts(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """List the charts."""
    from longevity.auth.viewers import PUBLIC
    from longevity.reports.chart_catalogue import catalogue
    from longevity.reports.context import Desk

    desk = Desk(settings, PUBLIC, served(settings), today)
    entries: list[dict[str, Any]] = [
        {
            "name": entry.name,
            "title": entry.title,
            "parameters": {
                parameter.name: list(parameter.choices(desk)) for parameter in entry.parameters
            },
            "public": not entry.why_not_public,
        }
        for entry in catalogue.ENTRIES.values()
    ]
    if asked.format == "json":
        print(json.dumps(entries, indent=2))
        return 0
    for entry in entries:
        print(f"{entry['name']}\n    {entry['title']}")
        print(f"    --set {', '.join(entry['parameters']) or 'nothing'}")
    return 0


def export(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Write the press bundle of a chart."""
    from longevity.auth.viewers import PUBLIC
    from longevity.outputs import bundle
    from longevity.outputs.bundle.browser import NoBrowserError
    from longevity.reports.chart_catalogue import catalogue
    from longevity.reports.context import Desk

    entry = catalogue.named(asked.name)
    formats = bundle.formats_of(asked.format)
    desk = Desk(settings, PUBLIC, served(settings), today).public()
    bundle.has_public_form(entry)
    drawn = entry.draw(desk, pairs(asked.set))
    code = 0
    try:
        files = bundle.make(drawn, settings, formats)
    except NoBrowserError as error:
        say(str(error))
        code, others = 1, [one for one in formats if one not in bundle.PICTURES]
        if not others:
            return code
        files = bundle.make(drawn, settings, others)
    for path in bundle.write(files, asked.out):
        print(path)
    say(drawn.about.source)
    return code


def verify(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Say what a published file's signature is worth today."""
    from longevity.auth.viewers import PUBLIC
    from longevity.outputs.bundle import verify as judging
    from longevity.reports.context import Desk

    data = judging.read_file(asked.file)
    desk = Desk(settings, PUBLIC, served(settings), today)
    verdict = judging.verify(asked.file, data, desk)
    print(verdict.sentence)
    if verdict.slip:
        print(f"\n{verdict.slip}")
    return 0 if verdict.outcome is judging.Outcome.HOLDS else 1


def register(add: Add) -> None:
    """Add these commands."""
    one = add("charts", charts)
    one.add_argument("--format", choices=("table", "json"), default="table")
    one = add("export", export)
    one.add_argument("name", metavar="CHART")
    one.add_argument("--set", action="extend", nargs="+", default=[], metavar="K=V")
    one.add_argument("--format", default="png,svg,pdf,pptx,csv", metavar="png,svg,…")
    one.add_argument("--out", type=Path, required=True, metavar="DIR")
    one = add("verify", verify)
    one.add_argument("file", type=Path, metavar="FILE")
