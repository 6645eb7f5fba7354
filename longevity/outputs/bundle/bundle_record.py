"""What a bundle says of itself: the record its files are signed over, and a README."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from longevity.charts import fonts
from longevity.outputs import table_files, typesetting
from longevity.screens.chart_catalogue.definition import Drawn
from longevity.screens.chart_title import Title
from longevity.screens.marks import list_marks
from longevity.warehouse.provenance import Provenance


def find_source(result: Drawn) -> Provenance:
    """Return where its rows come from; figures that others published are of no demonstration."""
    return replace(result.about, kind=result.kind)


def build_record(result: Drawn, title: Title) -> dict[str, Any]:
    """Build the record: what every file of the bundle says it is, and is signed over."""
    about = result.about
    return {
        "chart": result.entry.name,
        "chosen": dict(result.values),
        "title": title.text,
        "title_kind": title.kind,
        "measure": result.chart.subtitle,
        "in_words": result.chart.alt,
        "questions": [
            {
                "query": answer.provenance.query,
                "question": answer.provenance.question,
                "parameters": dict(answer.provenance.parameters),
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
        "typeface": fonts.describe_typeface(),
        "rows": table_files.write_rows(result.chart.table),
    }


def write_readme(record: Mapping[str, Any], names: list[str]) -> bytes:
    """Write a README.txt: what the files are, how to cite them, how to check them."""
    return typesetting.fill_template("README.txt", names=names, **record).encode()
