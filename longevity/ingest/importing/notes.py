"""Remarks of an import: what was found odd and what was done about it, counted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

ROWS_NAMED = 5


class Notes:
    """Counts by sentence, with the first few row numbers of each."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._rows: dict[str, list[int]] = {}

    def add(self, sentence: str, rows: Sequence[int] | np.ndarray) -> None:
        """Count `rows` (source row numbers) under a sentence; nothing when there are none."""
        numbers = np.asarray(rows)
        if not len(numbers):
            return
        self._counts[sentence] = self._counts.get(sentence, 0) + len(numbers)
        examples = self._rows.setdefault(sentence, [])
        examples.extend(int(row) for row in numbers[: ROWS_NAMED - len(examples)])

    def count(self, sentence: str) -> int:
        """Return how many rows were counted under a sentence."""
        return self._counts.get(sentence, 0)

    def list_sentences(self) -> list[str]:
        """Return `sentence: 43 rows (3, 9, 12, 40, 41 and more).`, in the order first met."""
        lines = []
        for sentence, count in self._counts.items():
            rows = ", ".join(f"{row}" for row in self._rows[sentence])
            more = " and more" if count > ROWS_NAMED else ""
            noun = "row" if count == 1 else "rows"
            lines.append(f"{sentence}: {count:,} {noun} ({rows}{more}).")
        return lines
