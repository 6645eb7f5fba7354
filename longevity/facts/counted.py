"""What is counted: the counts that `counted.toml` declares, and what each is called."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import RootModel

from longevity.base.toml_file import Table, read_toml
from longevity.words.absent import Count
from longevity.words.declarations import compile_template
from longevity.words.language import ENGLISH, TRANSLATED, CountWords, Spoken, find_language


class Needs(Table):
    """The outcomes and weapons that a source must list for a count to be known."""

    outcomes: list[str]
    weapons: list[str]


class Counted(CountWords):
    """One count, in English; `counted.toml` says what each field means."""

    counts: str
    of: Literal["people", "incidents"]
    without: str = "false"
    needs: Needs
    tested_on: str = ""
    claims_alone: bool = False
    claimed: str

    @property
    def sql(self) -> str:
        """What one incident adds to the count, as SQL over its rows of victims."""
        if self.of == "people":
            return f"count(*) FILTER (WHERE {self.counts})"
        return f"CAST(bool_or({self.counts}) AND NOT bool_or({self.without}) AS BIGINT)"


class _File(RootModel[dict[str, Counted]]):
    """The file: a table for each count."""


def load_counted(path: Path) -> dict[str, Counted]:
    """Return the counts of a file by name, in its order; ConfigError says what is wrong in it."""
    return read_toml(path).check(_File).root


COUNTED = load_counted(Path(__file__).with_suffix(".toml"))
# What screens show; of the other counts there are claims alone.
ON_SCREENS = tuple(name for name, count in COUNTED.items() if not count.claims_alone)


def _find_words(name: str) -> CountWords:
    language = find_language()
    return COUNTED[name] if language == ENGLISH else TRANSLATED[language].counted[name]


# {"victims": "people shot"}, in the language in use, in the order they are offered in.
MEASURES: Mapping[str, str] = Spoken(
    {name: name for name in COUNTED}, lambda name: _find_words(name).noun
)


def say_clause(measure: str, n: Count | None) -> str:
    """Return a count as a clause in the language in use: "3 people were shot"."""
    return compile_template(find_language(), _find_words(measure).clause).render(n=n)


def find_tested(measure: str) -> str:
    """Return the count that chance is tested on: incidents, where people are counted."""
    return COUNTED[measure].tested_on or measure
