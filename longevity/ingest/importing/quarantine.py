"""Refused rows, kept whole, a JSON object a line, with the reasons.

JSON Lines rather than CSV: nothing has to be quoted away or altered, and no
spreadsheet opens it by itself and runs what a cell says.
"""

from __future__ import annotations

import heapq
import json
from pathlib import Path

from longevity.ingest.importing.import_log import ImportLog
from longevity.ingest.importing.source_rows import Source


def write_quarantine(path: Path, source: Source, log: ImportLog) -> None:
    """Write the refused rows of a source in order.

    A line: {"row", "rule", "sentence", "source": {column: value}}; a line that
    was no row has {"raw"} in place of {"source"}. `rule` is the first one
    broken, `sentence` says all of them.
    """
    refused = source.rows[source.rows.index.isin([*log.reasons])].astype("object")
    refused = refused.where(refused.notna(), None)
    names = list(refused.columns)
    rows = (
        (row, "source", dict(zip(names, cells, strict=True)))
        for row, *cells in refused.itertuples(name=None)
    )
    lines = ((line.row, "raw", line.raw) for line in source.malformed)
    with path.open("w", encoding="ascii", newline="\n") as out:
        for row, kind, content in heapq.merge(rows, lines, key=lambda found: found[0]):
            rules, sentences = zip(*log.reasons[row], strict=True)
            said = " ".join(dict.fromkeys(sentences))
            line = {"row": row, "rule": rules[0], "sentence": said, kind: content}
            out.write(json.dumps(line) + "\n")
