"""The rows of a chart as CSV, and what a bundle says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from longevity.outputs import spreadsheet_cells
from longevity.screens.chart_catalogue.definition import Drawn
from longevity.screens.chart_title import Title
from longevity.screens.marks import list_marks


def write_figures(table: pd.DataFrame) -> str:
    """Write the rows alone, as CSV: what is compared with today's."""
    text: str = spreadsheet_cells.disarm_table(table).to_csv(index=False, lineterminator="\n")
    return text


def write_csv(result: Drawn) -> bytes:
    """Write the rows as CSV, each with its source so that a copied row keeps it.

    A withheld figure is empty, and its `<column>_state` beside it says so.
    """
    table = result.chart.table.copy()
    table["source"] = result.about.source
    if result.synthetic:
        table["kind"] = "SYNTHETIC"
    return write_figures(table).encode("utf-8")


def build_record(result: Drawn, title: Title, typeface: str) -> dict[str, Any]:
    """Build the record: what every file of the bundle says it is, and is signed over."""
    about = result.about
    return {
        "chart": result.entry.name,
        "chosen": dict(result.values),
        "title": title.text,
        "title_kind": title.kind,
        "title_note": title.note,
        "title_made": result.chart.title,
        "measure": result.chart.subtitle,
        "in_words": result.chart.alt,
        "questions": [
            {
                "query": answer.provenance.query,
                "question": answer.provenance.question,
                "parameters": {
                    k: _simplify_value(v) for k, v in answer.provenance.parameters.items()
                },
                "source": answer.provenance.source,
            }
            for answer in result.answers
        ],
        "definition": f"{result.chart.subtitle} {about.question}",
        "release": about.release_id,
        "kind": result.kind,
        "marks": list(list_marks(public=True, synthetic=result.synthetic)),
        "published_on": about.published_on,
        "data_through": about.data_through.isoformat() if about.data_through else None,
        "source": about.source,
        "viewer": about.viewer,
        "typeface": typeface,
        "rows": write_figures(result.chart.table),
    }


def write_readme(record_of_bundle: Mapping[str, Any], names: list[str]) -> bytes:
    """Write a README.txt: what the files are, how to cite them, how to check them."""
    kind = "SYNTHETIC demonstration data: nothing here happened.\n\n" * (
        record_of_bundle["kind"] == "synthetic"
    )
    title_note = record_of_bundle["title_note"]
    note = (
        f"{title_note}. The computed one is: {record_of_bundle['title_made']}\n\n"
        if title_note
        else ""
    )
    return (
        f"{record_of_bundle['title']}\n{record_of_bundle['measure']}\n\n{kind}{note}"
        f"How to cite\n    {record_of_bundle['source']} Chart: {record_of_bundle['chart']}.\n\n"
        f"What it counts\n    {record_of_bundle['definition']}\n\n"
        "Files\n" + "".join(f"    {name}\n" for name in names) + "\n"
        "Each picture, page and slide carries Content Credentials (C2PA): who made it, of what.\n"
        "Those of the CSV and of this file are in the manifest and its .c2pa: keep them together.\n"
        "To check a file:  python -m longevity verify FILE\n"
        f"The chart in words\n    {record_of_bundle['in_words']}\n"
    ).encode()


def _simplify_value(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
