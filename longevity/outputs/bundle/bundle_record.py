"""What a bundle says about itself: the record in each file's signature, and a README."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from longevity.charts.chart import Chart
from longevity.outputs import table_files, typesetting
from longevity.screens.marks import list_marks

FIGURES = ("title", "measure", "in_words", "rows")  # what in a record may say any


def build_record(chart: Chart, title: str) -> dict[str, Any]:
    """Return the record of a chart: title, queries with their parameters, source, rows.

    It is signed into every file of the bundle and is its manifest.
    """
    about = chart.about
    return {
        "chart": chart.name,
        "chosen": dict(chart.values),
        "title": chart.find_title(title),
        "title_kind": title,
        "measure": chart.subtitle,
        "in_words": chart.alt,
        "questions": [
            {
                "query": answer.provenance.query,
                "question": answer.provenance.question,
                "parameters": dict(answer.provenance.parameters),
                "source": answer.provenance.source,
            }
            for answer in chart.answers
        ],
        "release": about.release_id,
        "kind": about.kind,
        "marks": list(list_marks(public=True, synthetic=about.synthetic)),
        "published_on": about.published_on,
        "data_through": about.data_through.isoformat() if about.data_through else None,
        "ends": chart.ends,
        "source": about.source,
        "viewer": about.viewer,
        "rows": table_files.write_rows(chart.table),
    }


def note_chart(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record without its figures, for the list of files given out: rows as their hash."""
    said = {name: value for name, value in record.items() if name not in FIGURES}
    return said | {"rows_sha256": hash_rows(record["rows"])}


def hash_rows(rows: str) -> str:
    """Return a hash of a chart's rows."""
    return hashlib.sha256(rows.encode()).hexdigest()


def write_readme(record: Mapping[str, Any], names: list[str]) -> bytes:
    """Write a README.txt: what the files (`names`) are, how to cite them, how to check them."""
    return typesetting.fill_template("README.txt", names=names, **record).encode()
