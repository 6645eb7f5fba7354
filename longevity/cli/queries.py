"""Commands that answer: queries, query, claim."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import TYPE_CHECKING

from longevity.cli.common import AddCommand, open_served, parse_pairs, parse_viewer, print_to_stderr
from longevity.errors import UsageError
from longevity.settings import Settings

if TYPE_CHECKING:
    import pandas as pd


def list_queries(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """List the catalogue."""
    from longevity.warehouse import catalogue

    entries = [
        {
            "name": query.name,
            "class": str(query.query_class),
            "parameters": list(query.parameters),
            "question": query.question,
        }
        for query in catalogue.load_queries().values()
    ]
    if arguments.format == "json":
        print(json.dumps(entries, indent=2))
    else:
        for entry in entries:
            print(f"{entry['name']} ({entry['class']})\n    {entry['question']}")
            print(f"    --set {', '.join(entry['parameters']) or 'nothing'}")
    return 0


def run_query(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Answer one query."""

    viewer = parse_viewer(arguments.viewer, settings)
    parameters = parse_pairs(arguments.set)
    answer = open_served(settings).run(arguments.name, parameters, viewer)
    if arguments.explain:
        print_to_stderr(f"{answer.provenance.question}\n\n{answer.provenance.sql}\n")
    print(_format_answer(answer.frame, arguments.format))
    print_to_stderr(answer.provenance.source)
    return 0


def check_claim(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Check a claim, written as a sentence or part by part, against the counts."""
    from longevity.claims import render, verdict
    from longevity.claims.form import PARTS, parse_form
    from longevity.claims.reader import Reading
    from longevity.findings.finding import TOGETHER
    from longevity.screens import claim_check
    from longevity.screens.context import ReportContext

    codes = {part: getattr(arguments, part) for part in PARTS if getattr(arguments, part)}
    if bool(codes) == bool(arguments.text):
        raise UsageError("A claim is a TEXT, or its parts.", "Say one of both.")
    viewer = parse_viewer(arguments.viewer, settings)
    default = settings.city(arguments.city).id if arguments.city else None
    context = ReportContext(settings, viewer, open_served(settings), today)
    names = claim_check.read_names(context)
    if codes:
        reading = Reading(codes, "", parse_form(codes, names, default or TOGETHER))
    else:
        reading = claim_check.read_text(context, arguments.text, default)
    answer, form = claim_check.answer_reading(context, reading), reading.form
    source = claim_check.ask_source(context, form, answer).provenance.source
    if arguments.format == "json":
        form_codes, *also = [one.write_codes() for one in (form, *form.also)] if form else [{}]
        said = vars(answer) | {"figures": answer.figures.to_dict("records"), "source": source}
        said |= {"form": form_codes, "also": also, "read": reading.marked}
        del said["truths"]  # some of them the check does not find supported
        print(json.dumps(said, indent=2, ensure_ascii=False))
    else:
        if reading.why and reading.marked:
            print(f"“{reading.marked}”")
        print(render.render_answer(answer, source, claim_check.list_examples(context)))
    return 0 if answer.verdict is verdict.Verdict.SUPPORTED else 1


def _format_answer(frame: pd.DataFrame, form: str) -> str:
    """Format an answer as text: dates as YYYY-MM-DD, and what is missing empty, null or a dash."""
    table = frame.copy()
    for column in table.select_dtypes("datetime"):
        table[column] = table[column].dt.strftime("%Y-%m-%d")
    if form == "csv":
        from longevity.outputs import spreadsheet_cells

        return str(spreadsheet_cells.disarm_table(table).to_csv(index=False)).rstrip("\n")
    if form == "json":
        rows = table.astype(object).where(table.notna(), None).to_dict("records")
        return json.dumps(rows, indent=2, ensure_ascii=False, allow_nan=False)
    if table.empty:
        return "  ".join(table.columns)
    for column in table.select_dtypes(["Int64", "boolean"]):
        table[column] = table[column].astype("object").where(table[column].notna(), "–")
    return str(table.to_string(index=False, na_rep="–"))


def add_commands(add: AddCommand) -> None:
    """Add these commands."""
    parser = add("queries", list_queries)
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser = add("query", run_query)
    parser.add_argument("name")
    parser.add_argument("--set", action="extend", nargs="+", default=[], metavar="K=V")
    parser.add_argument("--viewer", default="public")
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")
    parser.add_argument("--explain", action="store_true")
    parser = add("claim", check_claim)
    parser.add_argument("text", metavar="TEXT", nargs="?")
    for part, what in (
        ("what", "victims, incidents, fatal, nonfatal, homicides, attendance …"),
        ("where", "a city, together, state, CITY/NEIGHBOURHOOD"),
        ("when", "ytd, 2024, 2024-h1, last-28-days, 2024-01-01..2024-05-31 …"),
        ("against", "last-year, mean-5, before, a time, record, than:CITY …"),
        ("says", "down, “down 40%%”, “fewer than 34”, lowest …"),
    ):
        parser.add_argument(f"--{part}", metavar="CODE", help=what)
    parser.add_argument("--city", metavar="C", help="The city, where the claim names no place.")
    parser.add_argument("--viewer", default="public")
    parser.add_argument("--format", choices=("text", "json"), default="text")
