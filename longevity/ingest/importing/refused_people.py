"""What refused rows cost: a value none of whose rows is taken, an outcome that is short of people.

A tenth of a file may be refused and every count be nearly right, or one row in a hundred, and
half of those killed be missing. No value is kept or named: a log outlives the file.
"""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pandas as pd

from longevity.ingest.contract import BY_NAME
from longevity.ingest.extracts_file import Doubt
from longevity.ingest.importing.column_rules import ETHNICITY
from longevity.ingest.importing.mapping import Mapping
from longevity.ingest.importing.notes import ROWS_NAMED
from longevity.settings import Settings

LEAST_ROWS = 5
SHORT = 0.1
# A column with more values that cannot be read holds texts or numbers, each its own.
MOST_VALUES = 10_000
OUTCOMES = {"fatal": "killed", "nonfatal": "wounded"}
Column = tuple[str, str]  # extract, column


class RefusedPeople:
    """Counts refused rows by value while a source is read, and by outcome and city."""

    def __init__(self) -> None:
        # By hash of the value how many rows have it, and the first of them.
        self._values: dict[Column, dict[int, tuple[int, int]]] = defaultdict(dict)
        self._sources: dict[Column, tuple[str, ...]] = {}
        self._refused: Counter[tuple[str, str]] = Counter()
        self._taken: Counter[tuple[str, str]] = Counter()

    def add_values(
        self, column: Column, sources: tuple[str, ...], texts: pd.Series, rows: pd.Series
    ) -> None:
        """Count values that cannot be read, each of a row of the source; empty ones are none."""
        self._sources[column] = sources
        values = self._values[column]
        for text, row in zip(texts, rows, strict=True):
            if not isinstance(text, str):
                continue
            key = hash(text.strip().casefold())
            if key in values or len(values) < MOST_VALUES:
                count, first = values.get(key, (0, int(row)))
                values[key] = count + 1, first

    def add_people(
        self, cities: pd.Series, people: dict[str, np.ndarray], unread: np.ndarray, good: np.ndarray
    ) -> None:
        """Count people by city and outcome. `people`: by outcome how many a row tells of.

        `unread`: rows whose outcome cannot be read, and may be any. `good`: those not refused.
        """
        for outcome in OUTCOMES:
            numbers = np.where(unread, 1, people[outcome])
            for counts, rows in ((self._taken, good & ~unread), (self._refused, ~good)):
                sums = pd.Series(numbers[rows]).groupby(cities[rows].to_numpy()).sum()
                counts.update({(str(city), outcome): int(n) for city, n in sums.items()})

    def list_doubts(self, mapping: Mapping, settings: Settings, source: str) -> list[Doubt]:
        """List the values that cost all of their rows, and the outcomes that are short."""
        return [*self._list_values(mapping, source), *self._list_outcomes(settings, source)]

    def _list_values(self, mapping: Mapping, source: str) -> list[Doubt]:
        doubts = []
        for (extract, column), values in self._values.items():
            large = [(count, row) for count, row in values.values() if count >= LEAST_ROWS]
            if not large:
                continue
            rows = sum(count for count, _ in large)
            where = " and ".join(f"'{name}'" for name in self._sources[extract, column])
            several = f"one of {len(large)} values" if len(large) > 1 else "one value"
            doubts.append(
                Doubt(
                    rule="refused_value",
                    extract=extract,
                    count=rows,
                    sentence=f"{rows:,} rows were refused when it was imported, all that have "
                    f"{several} which the mapping does not read: whatever is called so is counted "
                    "nowhere.",
                    do=f"The source has it in {where}; quarantine/ beside it holds the rows. "
                    f" {_suggest_reading(mapping, extract, column)}",
                    column=column,
                    source=source,
                    rows=tuple(sorted(row for _, row in large)[:ROWS_NAMED]),
                )
            )
        return doubts

    def _list_outcomes(self, settings: Settings, source: str) -> list[Doubt]:
        doubts = []
        for (city, outcome), lost in sorted(self._refused.items()):
            whole = lost + self._taken[city, outcome]
            if lost < LEAST_ROWS or lost < SHORT * whole or city not in settings.cities:
                continue
            doubts.append(
                Doubt(
                    rule="short_outcome",
                    extract="victims",
                    count=lost,
                    sentence=f"of {settings.name_city(city)}, {lost:,} of {whole:,} people who "
                    f"were {OUTCOMES[outcome]}, or may have been, are in rows that were refused "
                    "when it was imported: too few are counted.",
                    do="Read the reasons in quarantine/ beside it, put the mapping or the file "
                    "right, and import again.",
                    column="outcome",
                    source=source,
                )
            )
        return doubts


def _suggest_reading(mapping: Mapping, extract: str, name: str) -> str:
    """Suggest what the mapping may say of values that it does not read."""
    if name == ETHNICITY.name:
        return f"Say under 'values' of '{name}' which is Hispanic: true or false."
    column = BY_NAME[extract].column(name)
    if column.name == "outcome" and mapping.spread is not None:
        return "Have the counts written in digits."
    if column.choices:
        words = ", ".join(column.choices)
        return f"Say under 'values' of '{name}' which of these it is: {words}."
    return f"Say under 'values', 'missing' or 'format' of '{name}' how it is to be read."


def count_outcomes(victims: pd.DataFrame, mask: np.ndarray) -> dict[str, np.ndarray]:
    """Count, of rows that are a person each, who was killed and who wounded."""
    return {word: ((victims["outcome"] == word).to_numpy() & mask).astype(int) for word in OUTCOMES}
