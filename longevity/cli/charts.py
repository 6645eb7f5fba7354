"""Commands of the chart catalogue: charts, export, verify."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from longevity.cli.common import AddCommand, open_served, parse_pairs, parse_viewer, print_to_stderr
from longevity.errors import UsageError
from longevity.settings import Settings


def list_charts(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """List the charts that can be exported, and name those without a public form."""
    from longevity.auth.viewers import PUBLIC
    from longevity.screens.chart_catalogue import chart_list
    from longevity.screens.context import ReportContext

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
        for entry in chart_list.list_entries(settings)
    ]
    if arguments.format == "json":
        print(json.dumps(entries, indent=2))
        return 0
    for entry in entries:
        if entry["public"]:
            print(f"{entry['name']}\n    {entry['title']}")
            print(f"    --set {', '.join(entry['parameters']) or 'nothing'}")
    inside = [entry["name"] for entry in entries if not entry["public"]]
    print(f"No public form, so on the screens alone: {', '.join(inside)}")
    return 0


def export_chart(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Write the press bundle of a chart, or the one file that --out names."""
    from longevity.screens.chart_catalogue import chart_list

    entry = chart_list.find_entry(arguments.name)
    entry.require_public_form()  # before anything that takes a while

    from longevity.auth import viewers
    from longevity.outputs import bundle
    from longevity.outputs.bundle import picture
    from longevity.outputs.bundle.browser import NoBrowserError
    from longevity.screens.chart_catalogue.definition import FINDING
    from longevity.screens.context import ReportContext

    formats, alone = _read_formats(arguments.format, arguments.out)
    context = ReportContext(settings, viewers.PUBLIC, open_served(settings), today).as_public()
    chart = entry.draw(context, parse_pairs(arguments.set))

    def make_files(formats: Sequence[str]) -> dict[str, bytes]:
        return bundle.make_bundle(
            chart,
            settings,
            formats,
            title=arguments.title or FINDING,
            words=arguments.own_title,
            viewer=parse_viewer(arguments.viewer, settings),
            sizes=("slide",) if alone else tuple(picture.SIZES),
        )

    code = 0
    try:
        files = make_files(formats)
    except NoBrowserError as error:
        print_to_stderr(str(error))
        code, others = 1, bundle.list_without_browser(chart, formats)
        if not others:
            return code
        files = make_files(others)
    write = bundle.write_single_file if alone else bundle.write_bundle
    for path in write(files, arguments.out):
        print(path)
    print_to_stderr(chart.about.source)
    return code


def _read_formats(formats: str | None, out: Path) -> tuple[list[str], bool]:
    """Return the formats to write, and whether `out` is the one file of them."""
    from longevity.outputs import bundle

    alone = bundle.find_format(out)
    if alone and formats not in (None, alone):
        raise UsageError(f"{out.name} is no {formats}.", "Give --out a folder, or no --format.")
    return bundle.parse_formats(alone or formats or ",".join(bundle.FORMATS)), bool(alone)


def verify_file(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Say what a published file's signature is worth today."""
    from longevity.auth.viewers import PUBLIC
    from longevity.outputs.bundle import verify as judging
    from longevity.screens.context import ReportContext

    data = judging.read_file(arguments.file)
    context = ReportContext(settings, PUBLIC, open_served(settings), today)
    verdict = judging.judge_file(arguments.file, data, context)
    print(verdict.sentence)
    if verdict.slip:
        print(f"\n{verdict.slip}")
    return 0 if verdict.outcome is judging.FileOutcome.HOLDS else 1


def add_commands(add: AddCommand) -> None:
    """Add these commands."""
    parser = add("charts", list_charts)
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser = add("export", export_chart)
    parser.add_argument("name", metavar="CHART")
    parser.add_argument("--set", action="extend", nargs="+", default=[], metavar="K=V")
    parser.add_argument("--format", metavar="png,svg,…", help="Default: all of them.")
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR|FILE",
        help="A folder for all files, or one FILE.png, .svg, .pdf or .pptx, called exactly so.",
    )
    parser.add_argument(
        "--title", default="", metavar="KIND", help="Which of the titles it offers (charts)."
    )
    parser.add_argument(
        "--own-title",
        default="",
        metavar="TEXT",
        help="Your own words, as --viewer; the file says that they are.",
    )
    parser.add_argument("--viewer", default="public", help="Whose words --own-title are.")
    parser = add("verify", verify_file)
    parser.add_argument("file", type=Path, metavar="FILE")
