"""What an import found wrong with rows of its source: which are refused and why, which are odd.

Table `said`, in the order of `rowid`: a row, the rule that it breaks, so that it is refused, or ''
where it is only odd, and a sentence. View `refused`: the rows that are.
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
            CREATE TABLE said (row BIGINT, rule VARCHAR, sentence VARCHAR);
            CREATE VIEW refused AS SELECT DISTINCT row FROM said WHERE rule <> '';
        """)

    def refuse_found(self, rule: str, query: str) -> None:
        """Refuse the rows that a query finds, each with its sentence; `rule`: SQL of its name."""
        self._connection.execute(f"INSERT INTO said SELECT row, {rule}, sentence FROM ({query})")

    def note_found(self, sentence: str, query: str) -> None:
        """Note a sentence on the rows that a query finds; they are kept."""
        self._connection.execute(f"INSERT INTO said SELECT row, '', $1 FROM ({query})", [sentence])

    def drop_refused(self, tables: Iterable[str]) -> None:
        """Take the refused rows out of the extracts."""
        for table in tables:
            self._connection.execute(f"DELETE FROM {table} WHERE row IN (FROM refused)")

    def count_refused(self) -> int:
        """Return how many rows of the source were refused."""
        return int(self._connection.execute("SELECT count(*) FROM refused").fetchall()[0][0])

    def list_remarks(self) -> list[str]:
        """Return `sentence: 43 rows (3, 9, 12, 40, 41 and more).` of what is odd, then of refusals.

        Refusals that differ in a number alone are one remark.
        """
        found = self._connection.execute(f"""
            SELECT if(rule = '', '', 'Refused: ') || rtrim(arg_min(sentence, rowid), '.'),
                count_noun(count(*), 'row'),
                array_to_string(list_sort(min(row, {ROWS_NAMED})), ', ')
                || if(count(*) > {ROWS_NAMED}, ' and more', '')
            FROM said WHERE rule <> '' OR row NOT IN (FROM refused)
            GROUP BY rule, regexp_replace(sentence, '[0-9]', '', 'g')
            ORDER BY rule <> '', min(rowid)
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
                FROM said WHERE rule <> '' GROUP BY row
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
