"""What an import says of rows of its source, by their numbers: refusals, and what was found odd."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

ROWS_NAMED = 5
# Both in the order of `rowid`. `text` is what its column, `place`, was refused for.
REASONS = ("row", "rule", "sentence", "place", "text")
NOTES = ("row", "sentence")


class ImportLog:
    """Refused rows with every reason (table `reasons`), and what was odd of rows (`notes`)."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._reasons: list[tuple[int | str | None, ...]] = []
        self._notes: list[tuple[int, str]] = []
        self.keep()

    def refuse(
        self, row: int, rule: str, sentence: str, place: str = "", text: str | None = None
    ) -> None:
        """Refuse a row of the source; `place`: of the text that is why, `extract.column`."""
        self._reasons.append((row, rule, sentence, place, text))

    def note(self, sentence: str, row: int) -> None:
        """Say something of a row of the source, which is kept."""
        self._notes.append((row, sentence))

    def keep(self) -> None:
        """Write down what was said since it was last asked to."""
        said = (("reasons", REASONS, self._reasons), ("notes", NOTES, self._notes))
        for table, names, rows in said:
            schema = pa.schema([(n, pa.int64() if n == "row" else pa.string()) for n in names])
            columns = [*zip(*rows, strict=True)] or [()] * len(names)
            add_rows(self._connection, table, schema, columns)
        self._reasons, self._notes = [], []

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
            SELECT sentence, count(*), list_sort(min(row, {ROWS_NAMED})) FROM notes
            WHERE row NOT IN (SELECT row FROM reasons) GROUP BY sentence ORDER BY min(rowid)
        """).fetchall()
        return [
            f"{sentence}: {count:,} {'row' if count == 1 else 'rows'} ({', '.join(map(str, rows))}"
            f"{' and more' if count > ROWS_NAMED else ''})."
            for sentence, count, rows in found
        ]

    def write_quarantine(self, path: Path, names: Sequence[str]) -> None:
        """Write the refused rows whole and in order, a JSON object a line, with the reasons.

        A line: {"row", "rule", "sentence", "source": {column: value}}; a line that was no row
        has {"raw"} in place of {"source"}. `rule` is the first one broken, `sentence` says all
        of them. No spreadsheet opens JSON by itself and runs what a cell says.
        """
        refused = self._connection.execute("""
            SELECT row, rules, sentences, source.* EXCLUDE row
            FROM source JOIN (
                SELECT row, list(rule ORDER BY rowid) AS rules,
                    list(sentence ORDER BY rowid) AS sentences
                FROM reasons GROUP BY row
            ) USING (row) ORDER BY row
        """)
        with path.open("w", encoding="ascii", newline="\n") as out:
            while block := refused.fetchmany(10_000):
                for row, rules, sentences, raw, *cells in block:
                    said = " ".join(dict.fromkeys(sentences))
                    line = {"row": row, "rule": rules[0], "sentence": said}
                    line |= (
                        {"raw": raw}
                        if raw is not None
                        else {"source": dict(zip(names, cells, strict=True))}
                    )
                    out.write(json.dumps(line) + "\n")


def add_rows(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    schema: pa.Schema,
    columns: Sequence[Sequence[Any]],
) -> None:
    """Append rows to a table, which is made where there is none."""
    arrays = [pa.array(c, t) for c, t in zip(columns, schema.types, strict=True)]
    connection.register("block", pa.table(arrays, schema=schema))
    connection.execute(f"CREATE TABLE IF NOT EXISTS {table} AS SELECT * FROM block LIMIT 0")
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM block")
    connection.unregister("block")
