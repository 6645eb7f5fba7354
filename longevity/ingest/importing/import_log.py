"""What an import found wrong with rows of its source: refused rows with reasons, and remarks.

Table `said`, in the order of `rowid`: the number of a row, the rule it breaks and a sentence; the
rule is '' for a remark about a row that is kept. View `refused`: the numbers of refused rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

ROWS_NAMED = 5


class ImportLog:
    """The rows that were refused, with every reason, and remarks about others."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        connection.execute("""
            CREATE TABLE said (row BIGINT, rule VARCHAR, sentence VARCHAR);
            CREATE VIEW refused AS SELECT DISTINCT row FROM said WHERE rule <> '';
        """)

    def refuse_found(self, rule: str, query: str) -> None:
        """Refuse the rows that a query finds; it returns `row` and `sentence`, the reason.

        `rule`: SQL for the name of the rule they break, "'duplicate_key'".
        """
        self._connection.execute(f"INSERT INTO said SELECT row, {rule}, sentence FROM ({query})")

    def note_found(self, sentence: str, query: str) -> None:
        """Note a remark about the rows (`row`) that a query finds; they are kept."""
        self._connection.execute(f"INSERT INTO said SELECT row, '', $1 FROM ({query})", [sentence])

    def drop_refused(self, tables: Iterable[str]) -> None:
        """Take the refused rows out of the extracts."""
        for table in tables:
            self._connection.execute(f"DELETE FROM {table} WHERE row IN (FROM refused)")

    def count_refused(self) -> int:
        """Return how many rows of the source were refused."""
        return int(self._connection.execute("SELECT count(*) FROM refused").fetchall()[0][0])

    def list_remarks(self) -> list[str]:
        """Return a line for each remark, then for each reason of refusal, with the rows.

        `sentence: 43 rows (3, 9, 12, 40, 41 and more).` Sentences that differ only in a number are
        one line.
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
        """Write the refused rows unchanged and in order, a JSON object a line, with the reasons.

        {"row": 7, "rule": "duplicate_key", "sentence": "…", "source": {"Case": "17-3"}}; a line
        of the file that could not be read as a row has its text as "raw" in place of "source".
        `rule` is the first one broken, `sentence` has all. JSON and not CSV: a spreadsheet could
        run a formula in a cell. `names`: the source's columns.
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
