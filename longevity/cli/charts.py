"""The commands of the chart catalogue: charts, export, verify.

Each takes the parsed arguments, the configuration and today, and returns the exit code.
"""

from __future__ import annotations

import argparse
from datetime import date

from longevity.cli.common import open_context, parse_pairs, print_to_stderr
from longevity.settings import Settings


def list_charts(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """List the charts that can be exported, and name those without a public form."""
    from longevity.screens.chart_catalogue import chart_list

    for entry in chart_list.list_public(settings):
        parameters = ", ".join(parameter.name for parameter in entry.parameters)
        print(f"{entry.name}\n    {entry.title}\n    --set {parameters or 'nothing'}")
    entries = chart_list.list_entries(settings)
    inside = [entry.name for entry in entries if entry.about.inside]
    print(f"No public form, so on the screens alone: {', '.join(inside)}")
    return 0


def export_chart(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Write the press bundle of a chart into a folder."""
    from longevity.outputs.browser import BROWSER

    if arguments.format != "csv":
        BROWSER.start_early()

    from longevity.screens.chart_catalogue import chart_list

    entry = chart_list.find_entry(arguments.name)
    entry.require_public_form()  # before anything that takes a while

    from longevity.charts.chart import FINDING
    from longevity.outputs import bundle

    formats = bundle.parse_formats(arguments.format or ",".join(bundle.FORMATS))
    chart = entry.draw(open_context(settings, today), parse_pairs(arguments.set))
    title = arguments.title or FINDING
    files = bundle.make_bundle(chart, settings, formats, title=title)
    for path in bundle.write_bundle(files, arguments.out):
        print(path)
    print_to_stderr(chart.about.source)
    return 0


def verify_file(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Say what a published file's signature is worth today."""
    from longevity.outputs.bundle import verify as judging

    data = judging.read_file(arguments.file)
    verdict = judging.judge_file(data, open_context(settings, today))
    print(verdict.sentence)
    if verdict.slip:
        print(f"\n{verdict.slip}")
    return 0 if verdict.holds else 1
