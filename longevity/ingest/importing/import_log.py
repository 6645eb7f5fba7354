"""What an import says of rows of its source, by their numbers: refusals, and what was found odd.

Table `reasons`: why a row is refused, and of a text that is why, its column in `place`. Table
`notes`: what is odd of a row that is kept. Both in the order of `rowid`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

ROWS_NAMED = 5


class ImportLog:
    """Refused rows with every reason, and what was odd of others."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        connection.execute("""
            CREATE TABLE reasons (
                row BIGINT, rule VARCHAR, sentence VARCHAR, place VARCHAR, text VARCHAR
            );
            CREATE TABLE notes (row BIGINT, sentence VARCHAR);
        """)

    def refuse_found(self, rule: str, query: str) -> None:
        """Refuse the rows that a query finds, each with its sentence."""
        self._connection.execute(
            f"INSERT INTO reasons SELECT row, '{rule}', sentence, '', NULL FROM ({query})"
        )

    def note_found(self, sentence: str, query: str) -> None:
        """Say something of the rows that a query finds."""
        self._connection.execute(f"INSERT INTO notes SELECT row, $1 FROM ({query})", [sentence])

    def drop_refused(self, tables: Iterable[str]) -> None:
        """Take the refused rows out of the extracts."""
        for table in tables:
            self._connection.execute(f"DELETE FROM {table} WHERE row IN (SELECT row FROM reasons)")

    def count_refused(self) -> int:
        """Return how many rows of the source were refused."""
        query = "SELECT count(DISTINCT row) FROM reasons"
        return int(self._connection.execute(query).fetchall()[0][0])

    def list_remarks(self) -> list[str]:
        """Return `sentence: 43 rows (3, 9, 12, 40, 41 and more).`, of rows that are not refused."""
        found = self._connection.execute(f"""
            SELECT sentence, count_noun(count(*), 'row'),
                array_to_string(list_sort(min(row, {ROWS_NAMED})), ', ')
                || if(count(*) > {ROWS_NAMED}, ' and more', '')
            FROM notes WHERE row NOT IN (SELECT row FROM reasons)
            GROUP BY sentence ORDER BY min(rowid)
        """).fetchall()
        return [f"{sentence}: {counted} ({rows})." for sentence, counted, rows in found]

    def write_quarantine(self, path: Path, names: Sequence[str]) -> None:
        """Write the refused rows whole and in order, a JSON object a line, with the reasons.

        A line: {"row", "rule", "sentence", "source": {column: value}}; a line that was no row
        has {"raw"} in place of {"source"}. `rule` is the first one broken, `sentence` says all
        of them. No spreadsheet opens JSON by itself and runs what a cell says.
        """
        refused = self._connection.execute("""
            SELECT row, rules, sentences, source.* EXCLUDE (row, rule, sentence)
            FROM source JOIN (
                SELECT row, list(rule ORDER BY rowid) AS rules,
                    list(sentence ORDER BY rowid) AS sentences
                FROM reasons GROUP BY row
            ) USING (row) ORDER BY row
        """)
        with path.open("w", encoding="ascii", newline="\n") as out:
            while block := refused.fetchmany(10_000):
                for row, rules, sentences, raw, *cells in block:
                    line = {
                        "row": row,
                        "rule": rules[0],
                        "sentence": " ".join(dict.fromkeys(sentences)),
                    }
                    whole = {"source": dict(zip(names, cells, strict=True))}
                    line |= whole if raw is None else {"raw": raw}
                    out.write(json.dumps(line) + "\n")
