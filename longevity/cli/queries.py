"""Commands that answer: queries, query, claim."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import TYPE_CHECKING

from longevity.cli.common import Add, pairs, say, served
from longevity.settings import Settings

if TYPE_CHECKING:
    import pandas as pd


def queries(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """List the catalogue."""
    from longevity.warehouse import catalogue

    entries = [
        {
            "name": query.name,
            "class": str(query.query_class),
            "parameters": list(query.parameters),
            "question": query.question,
        }
        for query in catalogue.load().values()
    ]
    if asked.format == "json":
        print(json.dumps(entries, indent=2))
    else:
        for entry in entries:
            print(f"{entry['name']} ({entry['class']})\n    {entry['question']}")
            print(f"    --set {', '.join(entry['parameters']) or 'nothing'}")
    return 0


def query(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Answer one query."""
    from longevity.auth import viewers
    from longevity.warehouse.warehouse import may_ask

    viewer = viewers.parse(asked.viewer, settings)
    parameters = pairs(asked.set)
    # A wrong name is wrong whether or not there is a release to ask.
    may_ask(asked.name, parameters, viewer, settings)
    answer = served(settings).run(asked.name, parameters, viewer)
    if asked.explain:
        say(f"{answer.provenance.question}\n\n{answer.provenance.sql}\n")
    print(_written(answer.frame, asked.format))
    say(answer.provenance.source)
    return 0


def claim(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Check a claim against the counts."""
    from longevity.auth.viewers import PUBLIC
    from longevity.ingest import holdings
    from longevity.text.claims import evaluate, evidence, parse, render, verdict

    names = evidence.read_names(settings)
    default = settings.city(asked.city).id if asked.city else None
    read = parse.parse_claim(asked.text, names, default)
    warehouse = served(settings)
    city = evaluate.find_city(read, names)
    answers = {
        query: warehouse.run(
            query, {"city": city} if query in evidence.CITY_QUERIES else {}, PUBLIC
        )
        for query in evidence.QUERIES
    }
    frames = {query: answer.frame for query, answer in answers.items()}
    synthetic = answers[evidence.COUNTS].provenance.synthetic
    holds = holdings.holdings_of_manifest(warehouse.release.manifest)
    judged = evaluate.evaluate_claim(
        read, evidence.build_evidence(settings, frames, synthetic, holds)
    )
    source = answers[evidence.COUNTS].provenance.source
    print(render.render_answer(judged, source, evaluate.list_examples(names)))
    return 0 if judged.verdict is verdict.Verdict.SUPPORTED else 1


def _written(frame: pd.DataFrame, form: str) -> str:
    """An answer as text: dates as YYYY-MM-DD, and what is missing empty, null or a dash."""
    shown = frame.copy()
    for column in shown.select_dtypes("datetime"):
        shown[column] = shown[column].dt.strftime("%Y-%m-%d")
    if form == "csv":
        from longevity.outputs import spreadsheet_cells

        return str(spreadsheet_cells.frame(shown).to_csv(index=False)).rstrip("\n")
    if form == "json":
        missing = shown.isna()
        columns = {
            name: [
                None if absent else value
                for value, absent in zip(shown[name].tolist(), missing[name], strict=True)
            ]
            for name in shown.columns
        }
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        return json.dumps(rows, indent=2, ensure_ascii=False, allow_nan=False)
    if shown.empty:
        return "  ".join(shown.columns)
    for column in shown.select_dtypes(["Int64", "boolean"]):
        shown[column] = shown[column].astype("object").where(shown[column].notna(), "–")
    return str(shown.to_string(index=False, na_rep="–"))


def register(add: Add) -> None:
    """Add these commands."""
    one = add("queries", queries)
    one.add_argument("--format", choices=("table", "json"), default="table")
    one = add("query", query)
    one.add_argument("name")
    one.add_argument("--set", action="extend", nargs="+", default=[], metavar="K=V")
    one.add_argument("--viewer", default="public")
    one.add_argument("--format", choices=("table", "csv", "json"), default="table")
    one.add_argument("--explain", action="store_true")
    one = add("claim", claim)
    one.add_argument("text", metavar="TEXT")
    one.add_argument("--city", metavar="C", help="The city, where the claim names no place.")
