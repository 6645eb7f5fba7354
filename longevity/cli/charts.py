"""Commands of the chart catalogue: charts, export, verify."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from longevity.cli.common import open_context, parse_pairs, print_to_stderr
from longevity.errors import UsageError
from longevity.settings import Settings


def list_charts(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """List the charts that can be exported, and name those without a public form."""
    from longevity.screens.chart_catalogue import chart_list

    inside = []
    for entry in chart_list.list_entries(settings):
        if entry.why_not_public:
            inside.append(entry.name)
            continue
        parameters = ", ".join(parameter.name for parameter in entry.parameters)
        print(f"{entry.name}\n    {entry.title}\n    --set {parameters or 'nothing'}")
    print(f"No public form, so on the screens alone: {', '.join(inside)}")
    return 0


def export_chart(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Write the press bundle of a chart, or the one file that --out names."""
    from longevity.screens.chart_catalogue import chart_list

    entry = chart_list.find_entry(arguments.name)
    entry.require_public_form()  # before anything that takes a while

    from longevity.outputs import bundle
    from longevity.outputs.bundle import picture
    from longevity.outputs.bundle.browser import NoBrowserError
    from longevity.screens.chart_catalogue.definition import FINDING

    formats, alone = _read_formats(arguments.format, arguments.out)
    chart = entry.draw(open_context(settings, today), parse_pairs(arguments.set))

    def make_files(formats: Sequence[str]) -> dict[str, bytes]:
        return bundle.make_bundle(
            chart,
            settings,
            formats,
            title=arguments.title or FINDING,
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
    from longevity.outputs.bundle import verify as judging

    data = judging.read_file(arguments.file)
    verdict = judging.judge_file(arguments.file, data, open_context(settings, today))
    print(verdict.sentence)
    if verdict.slip:
        print(f"\n{verdict.slip}")
    return 0 if verdict.outcome is judging.FileOutcome.HOLDS else 1
