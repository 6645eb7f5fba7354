"""The table of measures in docs/measures.md, between `<!-- measures -->` and `<!-- end -->`."""

from __future__ import annotations

import re

from longevity.measures.declarations import check_measures, load_measures
from longevity.measures.say import LANGUAGE
from longevity.settings import ROOT

PAGE = ROOT / "docs" / "measures.md"
MARK = re.compile(r"(<!-- measures -->\n).*?(<!-- end -->)", re.DOTALL)


def render_table() -> str:
    check_measures()
    rows = [["measure", "declared in", "query", "a part of", "sentences"], ["---"] * 5]
    for name, measure in sorted(load_measures().items()):
        if measure.chart is not None:
            continue
        counted = measure.sentences.get(LANGUAGE, {}) | measure.columns.get(LANGUAGE, {})
        query, whole = (f"`{value}`" if value else "" for value in (measure.query, measure.whole))
        rows.append([f"`{name}`", f"`{measure.path.name}`", query, whole, str(len(counted))])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def render_page() -> str:
    return MARK.sub(lambda mark: mark[1] + render_table() + mark[2], PAGE.read_text("utf-8"))
