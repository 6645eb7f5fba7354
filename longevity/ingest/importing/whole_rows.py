"""Source rows taken whole, all columns of them: which are there twice, what tells them apart.

Two rows alike in every column may be two people hurt in one incident, where the source gives
no key; so it is years with far more of them than the others that were pasted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from longevity.errors import DataError
from longevity.ingest.contract import LONGEST_CODE
from longevity.ingest.extracts_file import Doubt
from longevity.ingest.importing.chunks import Chunk
from longevity.ingest.importing.mapping import Mapping as MappingFile
from longevity.ingest.importing.mapping import is_derivable
from longevity.ingest.importing.notes import ROWS_NAMED

LEAST_COPIES = 20
TIMES_THE_OTHERS = 3
# Of files without a key a tenth of the rows may be alike, as several are hurt in one incident: it
# is taken for the share of other years where there is none.
ALIKE_BY_NATURE = 0.1
LEAST_ROWS = 20  # of fewer, any column may be different in each
# As keys are written; a time of day or a number with decimals is none.
KEY = rf"(?!-?\d+\.\d*[1-9]\d*$)[\w./ -]{{1,{LONGEST_CODE}}}"
KEYS_NAMED = 3


class WholeRows:
    """Every row of a source as a hash of all its columns, and the columns that may be its key."""

    def __init__(self, names: Sequence[str], mapped: set[str]) -> None:
        self._numbers: list[np.ndarray] = []
        self._hashes: list[np.ndarray] = []
        # By column that is not mapped the hashes of its values, while they are all different.
        self._keys: dict[str, list[np.ndarray]] = {n: [] for n in names if n not in mapped}

    def add(self, chunk: Chunk) -> None:
        """Take in the rows of a chunk."""
        hashes = chunk.hash_rows()
        self._numbers.append(chunk.rows)
        self._hashes.append(hashes)
        for name in list(self._keys):
            values = _hash_key(chunk, name)
            if values is None or not _tells_apart(values, hashes):
                del self._keys[name]
            else:
                self._keys[name].append(values)

    def list_keys(self) -> list[str]:
        """List the columns, of those not mapped, that hold another value in each row.

        Rows alike in every column count once: they are what such a column would have shown.
        """
        hashes = np.concatenate(self._hashes) if self._hashes else np.array([], dtype="int64")
        if len(np.unique(hashes)) < LEAST_ROWS:
            return []
        return [n for n, v in self._keys.items() if _tells_apart(np.concatenate(v), hashes)]

    def find_copies(self, years: pd.Series) -> tuple[dict[int, tuple[int, int]], list[int]]:
        """Find years with far more copies of a row than the other years have.

        `years`: by source row the year it tells of (0: its columns do not say), of the rows that
        were taken. Returns by such a year how many are copies, and of how many rows; and which.
        """
        if years.empty:
            return {}, []
        numbers, hashes = np.concatenate(self._numbers), np.concatenate(self._hashes)
        whole = pd.Series(hashes, index=numbers)
        whole = whole[whole.index.isin(years.index)]
        again = whole.duplicated()
        in_year = years.reindex(whole.index)
        rows = in_year.value_counts()
        copies = in_year[again].value_counts().reindex(rows.index, fill_value=0)
        counts = {int(year): (int(copies[year]), int(rows[year])) for year in rows.index}
        pasted = {year: counts[year] for year in sorted(counts) if _are_pasted(year, counts)}
        return pasted, [int(row) for row in whole.index[again & in_year.isin(list(pasted))]]


def _hash_key(chunk: Chunk, name: str) -> np.ndarray | None:
    """Return a hash of each value of a column; None where one cannot be a key."""
    try:
        texts = chunk.read_column(name).str.strip()
    except DataError:
        return None
    if not texts.str.fullmatch(KEY).fillna(False).all():
        return None
    return np.fromiter(map(hash, texts), dtype="int64", count=len(texts))


def _tells_apart(values: np.ndarray, hashes: np.ndarray) -> bool:
    """Return whether rows that differ anywhere differ in these values."""
    _, first = np.unique(hashes, return_index=True)
    return len(np.unique(values[first])) == len(first)


def _are_pasted(year: int, counts: Mapping[int, tuple[int, int]]) -> bool:
    copies, rows = counts[year]
    usual = _measure_usual_share(year, counts)
    return copies >= LEAST_COPIES and copies >= TIMES_THE_OTHERS * usual * rows


def _measure_usual_share(year: int, counts: Mapping[int, tuple[int, int]]) -> float:
    """Measure the share of rows alike in the half of the other years that has fewest.

    The half, so that what was pasted over several years does not hide itself.
    """
    others = sorted(
        (each for other, each in counts.items() if other != year),
        key=lambda each: each[0] / each[1],
    )
    if not others:
        return ALIKE_BY_NATURE
    half = sum(rows for _, rows in others) / 2
    copies = rows = 0
    for of_year, rows_of_year in others:
        copies, rows = copies + of_year, rows + rows_of_year
        if rows >= half:
            break
    return copies / rows


def find_copied_rows(
    whole: WholeRows, years: pd.Series, mapping: MappingFile, source: str
) -> list[Doubt]:
    """Return a doubt about the years in which rows of the source were pasted again, if any."""
    pasted, copied_rows = whole.find_copies(years)
    if not pasted:
        return []
    of_years = ", ".join(
        f"{copies:,} of {rows:,} rows{f' of {year}' if year else ''}"
        for year, (copies, rows) in pasted.items()
    )
    return [
        Doubt(
            rule="copied_rows",
            extract=mapping.primary,
            count=len(copied_rows),
            sentence=f"{of_years} are copies of another row, alike in every column of the source: "
            "three times the share that its other years have, or that people alike in one "
            "incident explain.",
            do="Was a part of the file pasted twice? Take the copies out of it and import again."
            + _suggest_key(whole, mapping),
            source=source,
            # What was pasted is mostly the end of the file, and no people alike are there.
            rows=tuple(copied_rows[-ROWS_NAMED:]),
        )
    ]


def describe_unmapped_keys(whole: WholeRows, mapping: MappingFile) -> list[str]:
    """Return a sentence on a column that tells every row apart and is not mapped, if there is."""
    suggestion = _suggest_key(whole, mapping)
    return [suggestion.strip()] if suggestion else []


def _suggest_key(whole: WholeRows, mapping: MappingFile) -> str:
    rule = mapping.extracts[mapping.primary]
    key = rule.extract.key[0]
    names = whole.list_keys() if is_derivable(rule.extract) and key not in rule.columns else []
    if not names:
        return ""
    each = "the victim's" if mapping.primary == "victims" else "the row's"
    listed = " or ".join(f"'{name}'" for name in names[:KEYS_NAMED])
    return (
        f" {listed} is different in every row and not mapped, and so probably {each} key: map it, "
        f'{key} = {{ from = "{names[0]}", coded = true }}, and a row that is sent twice is refused.'
    )
