"""The SQL files of the checks: each says in its header what it finds and what to do about it.

    -- too few incidents of {city} have a place in {years}
    -- Do: Map the neighbourhood, or the coordinates.
    -- On: incidents.neighbourhood
    -- Thresholds: placed = 0.85, least = 20

First is the sentence, with columns of the answer as `{fact}`. `On`: the extract and column it
is about, where its answer does not say it. Not all have `Severity` (else it is an error; one
that may be the truth is `acceptable`), `Reads` (extracts and relations that must be there),
`Thresholds` (`$placed` in the statement), `Found` and `Why` (for docs/check.md).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from longevity.base.sql_headers import read_sql_file
from longevity.checks.findings import CheckFinding
from longevity.geography import stacked_points
from longevity.words.dates import format_long

FOLDER = Path(__file__).parent
KEYS, RELATIONS = FOLDER / "keys", FOLDER / "relations"
# The checks that publish makes: of the places of incidents, of the counts, and of a new release
# against the one before it.
PLACES, COUNTS, AGAINST = FOLDER / "places", FOLDER / "counts", FOLDER / "against"
HEADERS = ("Do", "On", "Severity", "Reads", "Thresholds", "Found", "Why")
_ON = re.compile(r"(?P<extract>extracts\.toml|\w+)(\.(?P<field>\w+))?")
_OF_ROWS = re.compile(r"\s+(\w+\.)?at_row\b")
_PLACE, _FACT = re.compile(r"\$(\w+)"), re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class SqlFile:
    """A check, or a query that checks share: its sentence, its header's keys, its statement."""

    name: str
    sentence: str
    header: Mapping[str, str]
    sql: str

    @property
    def rule(self) -> str:
        """The rule it checks: the file's name up to a hyphen, as several files may check one."""
        return self.name.partition("-")[0]

    @property
    def on(self) -> dict[str, str]:
        """The `extract` and `field` it is about; nothing where its answer says it."""
        found = _ON.fullmatch(self.header.get("On", ""))
        return found.groupdict() if found else {}

    @property
    def severity(self) -> str:
        """`error`, `warning`, or `error, acceptable`."""
        return self.header.get("Severity", "error")

    @property
    def thresholds(self) -> dict[str, str]:
        """The numbers it judges by; one of the configuration is not among them."""
        pairs = [text.partition(" = ") for text in self.list_words("Thresholds")]
        return {name: value for name, _, value in pairs if value}

    @property
    def is_of_rows(self) -> bool:
        """Whether it answers with the numbers of rows that break it, `at_row` first."""
        return _OF_ROWS.match(f"\n{self.sql}".rpartition("\nSELECT")[2]) is not None

    def list_words(self, key: str) -> list[str]:
        """Return the words that a key of the header lists; none where the key is absent."""
        return self.header[key].split(", ") if key in self.header else []


@cache
def load_files(folder: Path) -> dict[str, SqlFile]:
    """Return the SQL files of a folder by name."""
    files = [_read_file(path) for path in folder.glob("*.sql")]
    return {file.name: file for file in sorted(files, key=lambda file: file.name)}


@cache
def load_rules() -> dict[str, SqlFile]:
    """Return the rules a single value can break, by name; the SQL is true of a wrong value."""
    declared = tomllib.loads((FOLDER / "columns.toml").read_text(encoding="utf-8"))
    return {
        name: SqlFile(
            name,
            sentence=said["says"],
            header={key.title(): word for key, word in said.items()},
            sql=said["where"],
        )
        for name, said in declared.items()
    }


def load_relations() -> dict[str, SqlFile]:
    """Return the queries that checks share, by name, with `piles`, which `import` asks too."""
    # By name, which is an order in which each is made of those before it.
    return {**load_files(RELATIONS), **load_files(stacked_points.FOLDER)}


def _read_file(path: Path) -> SqlFile:
    sections, sql = read_sql_file(path, HEADERS)
    header = {key: " ".join(lines) for key, lines in sections.items()}
    return SqlFile(path.stem, sentence=header.pop(""), header=header, sql=sql)


def read_threshold(check: str, name: str) -> float:
    """Return a number that a check judges by."""
    return float(load_files(FOLDER)[check].thresholds[name])


# The share of incidents that must have a place: a map of fewer shows another pattern than all do.
PLACED = read_threshold("few_placed", "placed")


def bind_sql(file: SqlFile, given: Mapping[str, Any]) -> str:
    """Return a statement with each `$name` replaced: by its threshold, or by what is `given`.

    Both are our own words and numbers, never a value of the data.
    """

    def write(name: str) -> str:
        value = file.thresholds.get(name) or given[name]
        return f"DATE '{value}'" if isinstance(value, date) else str(value)

    return _PLACE.sub(lambda found: write(found[1]), file.sql)


def fill_sentence(text: str, facts: Mapping[str, Any]) -> str:
    """Return a sentence of a header with the facts it names: days in full, lists with commas."""

    def show(value: Any) -> str:
        if isinstance(value, date):
            return format_long(value)
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

    return _FACT.sub(lambda found: show(facts[found[1]]), text)


def find_problem(check: SqlFile, facts: Mapping[str, Any]) -> CheckFinding:
    """Return a check's finding of one row of its answer, whose columns are the `facts`.

    Facts named `file`, `extract`, `field`, `rule` and `severity` win over the header's;
    `rows` is how many there are, `at_rows` the first, `id` the city and `days` its days.
    """
    about = {**check.on, "rule": check.rule, **facts}
    severity, _, acceptable = check.severity.partition(", ")
    is_error = about.get("severity", severity) == "error"
    extract = str(about["extract"])
    facts = {**check.thresholds, **facts}
    return CheckFinding(
        about.get("file") or (extract if extract.endswith(".toml") else f"{extract}.parquet"),
        about["rule"],
        fill_sentence(check.sentence, facts),
        fill_sentence(check.header["Do"], facts),
        severity="error" if is_error else "warning",
        column=about.get("field"),
        rows=tuple(about.get("at_rows") or ()),
        count=about.get("rows", 1),
        acceptable=bool(acceptable) and is_error,
        city=about.get("id", ""),
        days=tuple((first, last) for first, last in about.get("days") or ()),
    )
