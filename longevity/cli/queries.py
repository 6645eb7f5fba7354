"""The commands that answer a question: queries, query, claim.

Each takes the parsed arguments, the configuration and today, and returns the exit code.
"""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

from longevity.cli.common import (
    open_context,
    open_served,
    parse_pairs,
    parse_viewer,
    print_to_stderr,
)
from longevity.settings import Settings

if TYPE_CHECKING:
    import pandas as pd


def list_queries(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """List the catalogue."""
    from longevity.warehouse import catalogue

    for query in catalogue.load_queries().values():
        print(f"{query.name} ({query.query_class})\n    {query.question}")
        print(f"    --set {', '.join(query.parameters) or 'nothing'}")
    return 0


def run_query(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Answer one query."""
    viewer = parse_viewer(arguments.viewer, settings)
    answer = open_served(settings).run(arguments.name, parse_pairs(arguments.set), viewer)
    print(_format_answer(answer.frame, arguments.format))
    print_to_stderr(answer.provenance.source)
    return 0


def check_claim(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Check a claim, written as a sentence, against the counts."""
    from longevity.claims import reader, render, verdict
    from longevity.claims.evidence import Evidence
    from longevity.screens import claim_check

    city = settings.city(arguments.city).id if arguments.city else None
    context = open_context(settings, today, arguments.viewer)
    reading = reader.read_text(arguments.text, Evidence(context).names, city)
    answer = claim_check.answer_reading(context, reading)
    source = claim_check.ask_source(context, reading.form).provenance.source
    print(render.render_answer(answer, source))
    return 0 if answer.verdict is verdict.Verdict.SUPPORTED else 1


def _format_answer(frame: pd.DataFrame, form: str) -> str:
    """Format an answer as text: dates as YYYY-MM-DD, and what is missing empty or a dash."""
    if form == "csv":
        from longevity.outputs import spreadsheet_cells

        table = spreadsheet_cells.disarm_table(frame)
        return str(table.to_csv(index=False, date_format="%Y-%m-%d")).rstrip("\n")
    if frame.empty:
        return "  ".join(frame.columns)
    table = frame.assign(**frame.select_dtypes("float").round(6)).astype("string")
    return str(table.fillna("–").to_string(index=False))
