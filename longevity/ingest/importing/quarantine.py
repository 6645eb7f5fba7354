"""Refused rows, kept whole, a JSON object a line, with the reasons.

JSON Lines rather than CSV: nothing has to be quoted away or altered, and no
spreadsheet opens it by itself and runs what a cell says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from longevity.ingest.importing.chunks import Source
from longevity.ingest.importing.rows import Refusals

FOLDER = "quarantine"


def write_quarantine(path: Path, source: Source, refusals: Refusals) -> int:
    """Read the source again and write its refused rows in order; how many there were.

    A line: {"row", "rule", "sentence", "source": {column: value}}; a line that
    was no row has {"raw"} in place of {"source"}. `rule` is the first one
    broken, `sentence` says all of them.
    """
    count = 0
    with path.open("w", encoding="ascii", newline="\n") as out:
        for line in _refused_rows(source, refusals):
            out.write(json.dumps(line) + "\n")
            count += 1
    return count


def _refused_rows(source: Source, refusals: Refusals) -> Iterator[dict[str, Any]]:
    for chunk in source.read_chunks():
        lines = [
            {"row": bad.row, "rule": bad.rule, "sentence": bad.sentence, "raw": bad.raw}
            for bad in chunk.malformed
        ]
        rows = chunk.rows
        for position in np.flatnonzero(refusals.find_refused(rows)):
            row = int(rows[position])
            reasons = refusals.reasons[row]
            lines.append(
                {
                    "row": row,
                    "rule": reasons[0][0],
                    "sentence": " ".join(dict.fromkeys(sentence for _, sentence in reasons)),
                    "source": chunk.read_record(int(position)),
                }
            )
        yield from sorted(lines, key=lambda line: int(str(line["row"])))
