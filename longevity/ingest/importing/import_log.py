"""What an import says of rows of its source, by their numbers: refusals, and what was found odd."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import pandas as pd

ROWS_NAMED = 5


@dataclass
class Unread:
    """The texts of a column that cannot be read, by source row, and where the source has them."""

    sources: tuple[str, ...]
    texts: list[pd.Series] = field(default_factory=list)


class ImportLog:
    """Refused rows with every reason, and remarks with the rows they are about."""

    def __init__(self) -> None:
        self.reasons: dict[int, list[tuple[str, str]]] = defaultdict(list)  # rule, sentence
        self.unread: dict[tuple[str, str], Unread] = {}  # by extract and column
        self.about_marks = ""  # a remark on times marked UTC
        self._counts: Counter[str] = Counter()
        self._rows: dict[str, list[int]] = defaultdict(list)

    def refuse(
        self, rows: pd.Index, rule: str, sentence: str, facts: pd.Series | None = None
    ) -> None:
        """Refuse rows of the source for one reason; `facts`: what `{}` of it is in each row."""
        for row in rows:
            said = sentence if facts is None else sentence.format(facts[row])
            self.reasons[int(row)].append((rule, said))

    def refuse_values(
        self,
        column: tuple[str, str],
        sources: tuple[str, ...],
        texts: pd.Series,
        reason: tuple[str, str],
    ) -> None:
        """Refuse rows for what they hold in a column, by extract and name."""
        self.refuse(texts.index, *reason)
        unread = self.unread.setdefault(column, Unread(sources))
        unread.sources = sources
        unread.texts.append(texts)

    def drop_refused(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of a frame that are not refused."""
        return frame[~frame.index.isin([*self.reasons])]

    def note(self, sentence: str, rows: pd.Index) -> None:
        """Count rows of the source under a sentence; nothing when there are none."""
        if len(rows):
            self._counts[sentence] += len(rows)
            named = self._rows[sentence]
            named += [int(row) for row in rows[: ROWS_NAMED - len(named)]]

    def list_remarks(self) -> list[str]:
        """Return `sentence: 43 rows (3, 9, 12, 40, 41 and more).`, in the order first met."""
        lines = []
        for sentence, count in self._counts.items():
            rows = ", ".join(map(str, self._rows[sentence]))
            more = " and more" if count > ROWS_NAMED else ""
            noun = "row" if count == 1 else "rows"
            lines.append(f"{sentence}: {count:,} {noun} ({rows}{more}).")
        return lines
