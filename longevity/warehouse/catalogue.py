"""The catalogue: every question that can be asked of the data, a SQL file each.

A query is `queries/<subject>/<noun_by_grain>.sql`. Its header is the question in plain English,
then `Grain:` (the columns that identify a row), `Class:` (who may ask), `Reads:` (the extracts)
and, where they apply, `Parameters:`, `Protects:`, `Of:`, `Order:` and `Share:`.
docs/queries.md says how each is written.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from longevity.auth.viewers import QueryClass
from longevity.base.errors import ConfigError, suggest_nearest
from longevity.base.sql_headers import read_sql_file
from longevity.facts.counted import COUNTED
from longevity.facts.windows import DAY
from longevity.ingest import contract
from longevity.settings import ROOT
from longevity.settings.models import Thresholds

FOLDER = ROOT / "queries"
REQUIRED = ("Grain", "Class", "Reads")
HEADERS = (*REQUIRED, "Parameters", "Protects", "Of", "Order", "Share", "Needs")
# A query with `Of: exits` reads the whole answer of the query `exits` as a table `all_exits`.
WHOLE = "all_"
# Parameters of many queries, declared once: a header names them. `city` need not be named: every
# query with a row for each city has it.
SHARED = {
    "city": "city: city = null — one city, or all of them",
    "as_of": "as_of: date = data_through — as known on this day",
    "since": "since: date = null — the first day, or null for the twelve months to as_of",
    "date_from": "date_from: date = start of data — the first day",
    "date_until": "date_until: date = data_through + 1 day — the day after the last",
    "year": "year: integer(1900..2200) = null — a closed year, or null for the newest frozen",
}

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PARAMETER = re.compile(
    rf"(?P<name>{_NAME.pattern}): (?P<kind>\w+)(\((?P<choices>.+?)\))? = (?P<default>.+?) — .+"
)
# Whether a kind of parameter is followed by what it may be in brackets: integer(1..366).
KINDS = dict.fromkeys(("city", "neighbourhood", "date", "text", "windows"), False) | {
    "integer": True,
    "choice": True,
}
_ANY_DAY = date(2000, 1, 1)
# Put around the SQL of every query with a column `city`: the rows of the city asked for, and the
# city's `position`, to sort by.
_OF_CITIES = """SELECT whole.*
FROM (
{}
) AS whole
INNER JOIN (SELECT city AS of_city, position FROM cities) AS placed
    ON whole.city = placed.of_city
WHERE $city IS NULL OR whole.city = $city"""


@dataclass(frozen=True)
class QueryParameter:
    """One parameter of a query, as its header declares it.

    `default` is the text after "=", such as "data_through"; `choices` what a choice may be, or the
    least and the greatest of an integer: ("1", "366").
    """

    name: str
    kind: str
    default: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    """One question that may be asked, with its SQL.

    `grain`: the columns that identify a row; `query_class`: who may ask; `reads`: the extracts it
    is made of; `needs`: those that a city must have supplied to be known in it; `protects`: the
    columns that count people. `rows` is the SQL as written, for all cities; `sql` what is executed:
    of the city asked for, sorted. `header`: its text by key.
    """

    name: str
    question: str
    parameters: dict[str, QueryParameter]
    grain: tuple[str, ...]
    query_class: QueryClass
    reads: tuple[str, ...]
    needs: tuple[str, ...]
    protects: tuple[str, ...]
    sql: str
    rows: str
    path: Path
    header: dict[str, str]


@cache
def load_queries(folder: Path = FOLDER) -> dict[str, Query]:
    """Read every query by name, in alphabetical order. ConfigError names the file that is wrong."""
    queries: dict[str, Query] = {}
    for path in sorted(folder.glob("*/*.sql"), key=lambda path: path.stem):
        if path.stem in queries:
            raise ConfigError(f"{path.relative_to(folder)} has the name of another query.")
        queries[path.stem] = read_query(path)
    return queries


def read_query(path: Path) -> Query:
    """Return one query from its file; ConfigError, with what to do, when it breaks a rule."""
    try:
        return _read_query(path)
    except ConfigError as error:
        if error.what.startswith("queries/"):  # in the file of the query that it is asked of
            raise
        where = f"queries/{path.parent.name}/{path.name}"
        raise ConfigError(f"{where}: {error.what}", error.do) from error


def _read_query(path: Path) -> Query:
    """Return the query of a file: its header checked, its SQL completed with city and order."""
    sections, sql = read_sql_file(path, HEADERS)
    header = {key: " ".join(lines) for key, lines in sections.items()}
    for key in REQUIRED:
        if key not in header and not (key == "Reads" and "Of" in header):
            raise ConfigError(f"the header '{key}:' is missing.")
    question = header.pop("")
    if not question.endswith("?"):
        raise ConfigError("the first comment is not a question.", "End it with '?'.")
    parameters: dict[str, QueryParameter] = {}
    reads: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    if "Of" in header:
        base = _read_base(path, header["Of"])
        parameters, reads, needs = dict(base.parameters), base.reads, base.needs
        sql = _compose_sql(base, sql)
    grain = _read_columns("Grain", header)
    of_cities = ["city"] if "city" in grain else []
    parameters |= _read_parameters([*of_cities, *sections.get("Parameters", [])])
    rows = sql
    # SQL without an order of its own is completed: the rows of the city asked for, in order.
    if "\nORDER BY" not in sql:
        order = ", ".join("position" if column == "city" else column for column in grain)
        whole = _OF_CITIES.format(textwrap.indent(sql, "    ")) if of_cities else sql
        sql = f"{whole}\nORDER BY {header.get('Order', order)}"
    _check_statement(sql, set(parameters))
    query_class = _find_known(header["Class"], list(QueryClass), "the class is '{}'.")
    if "Reads" in header:
        reads = needs = _read_extracts(header["Reads"])
    if "Needs" in header:
        needs = _read_extracts(header["Needs"])
    return Query(
        name=path.stem,
        question=question,
        parameters=parameters,
        grain=grain,
        query_class=QueryClass(query_class),
        reads=reads,
        needs=needs,
        protects=_read_columns("Protects", header),
        sql=sql,
        rows=rows,
        path=path,
        header=header,
    )


def list_columns(query: Query) -> frozenset[str]:
    """Return the names of an answer's columns, parsed from its SQL without running it.

    A star in its outermost SELECT stands for the counts of `facts/counted.toml`.
    """
    with _open_parser().cursor() as cursor:
        (tree,) = cursor.execute("SELECT json_serialize_sql(?)", [query.rows]).fetchall()[0]
    parts = json.loads(tree)["statements"][0]["node"]["select_list"]
    named = {part["alias"] or part["column_names"][-1] for part in parts if part["class"] != "STAR"}
    has_star = any(part["class"] == "STAR" for part in parts)
    return frozenset(named | (COUNTED.keys() if has_star else set()))


def _find_known(word: str, known: Iterable[str], what: str) -> str:
    """Return a word that is known; ConfigError, with the nearest, otherwise."""
    if word not in known:
        raise ConfigError(what.format(word), suggest_nearest(word, known))
    return word


def _read_base(path: Path, name: str) -> Query:
    """Return the query that the header's `Of:` names; it may have no `Of:` itself."""
    files = {file.stem: file for file in path.parent.parent.glob("*/*.sql")}
    base = read_query(files[_find_known(name, files, "'Of:' names '{}', no query.")])
    if "Of" in base.header:
        raise ConfigError(f"'Of:' names '{name}', which is of another itself.")
    return base


def _compose_sql(base: Query, sql: str) -> str:
    """Return SQL that begins with the answer of `base`: `WITH all_exits AS (…)`, then `sql`.

    A query that counts over a list (`Of:`) so counts the very rows that the list shows.
    """
    whole = f"WITH {WHOLE}{base.name} AS (\n{textwrap.indent(base.rows, '    ')}\n)"
    rest = sql.removeprefix("WITH ")
    return f"{whole}\n\n{sql}" if rest == sql else f"{whole},\n\n{rest}"


def _read_parameters(lines: Sequence[str]) -> dict[str, QueryParameter]:
    """Return the parameters by name, from the header's lines.

    A line declares one ("days: integer(1..366) = 28 — how many") or names some of SHARED
    ("city, as_of").
    """
    parameters: dict[str, QueryParameter] = {}
    for line in lines:
        texts = [line]
        if ":" not in line:
            words = _split_list(line)
            texts = [SHARED[_find_known(word, SHARED, "'{}' is not shared.")] for word in words]
        for text in texts:
            match = _PARAMETER.fullmatch(text)
            if not match or match["name"] in parameters:
                raise ConfigError(
                    f"this parameter cannot be read, or is there twice: '{text}'.",
                    "Write 'name: kind = default — description' (docs/queries.md).",
                )
            name, kind, default = match.group("name", "kind", "default")
            choices = tuple(re.findall(r"\w+", match["choices"] or ""))
            if KINDS.get(kind) != bool(choices):
                raise ConfigError(
                    f"the kind of '{name}' cannot be read.", suggest_nearest(kind, KINDS)
                )
            try:
                evaluate_default(
                    default, first=_ANY_DAY, through=_ANY_DAY, thresholds=Thresholds.model_fields
                )
            except (KeyError, ValueError) as error:
                raise ConfigError(f"'{default}' is no default (docs/queries.md).") from error
            parameters[name] = QueryParameter(name, kind, default, choices)
    return parameters


def evaluate_default(
    expression: str, first: date, through: date, thresholds: Mapping[str, Any]
) -> Any:
    """Return the value of a default, such as "data_through - 6 days", "threshold withheld_up_to".

    `first` and `through` are the first and last day of the data; `thresholds` the configuration's,
    by name.
    """
    if expression.startswith("threshold "):
        return thresholds[expression.removeprefix("threshold ")]
    if expression.startswith("'"):
        return expression.strip("'")
    named: dict[str, Any] = {
        "null": None,
        "all days": ((first, through + DAY),),
        "start of data": first,
        "start of year": through.replace(month=1, day=1),
        "data_through": through,
        "data_through + 1 day": through + DAY,
        "data_through - 6 days": through - 6 * DAY,
        "year of data_through + 1": through.year + 1,
        "year of start of data": first.year,
    }
    return named[expression] if expression in named else int(expression)


@cache
def _open_parser() -> duckdb.DuckDBPyConnection:
    """Open an empty database to parse SQL with, once: one a query takes most of a second."""
    return duckdb.connect(":memory:")


def _check_statement(sql: str, names: set[str]) -> None:
    """Refuse all but one SELECT that uses exactly the parameters the header declares."""
    try:
        with _open_parser().cursor() as cursor:
            statements = cursor.extract_statements(sql)
    except duckdb.Error as error:
        raise ConfigError(f"the SQL cannot be parsed: {error}.") from error
    if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
        raise ConfigError("it is not one SELECT.")
    differing = set(statements[0].named_parameters) ^ names
    if differing:
        raise ConfigError(
            f"declared or used, but not both: {', '.join(sorted(differing))}.",
            "Each $name of the SQL is declared under 'Parameters:', and each declared one is used.",
        )


def _split_list(text: str) -> tuple[str, ...]:
    words = (word.strip() for word in text.split(","))
    return tuple(word for word in words if word not in ("", "none"))


def _read_extracts(text: str) -> tuple[str, ...]:
    names = _split_list(text)
    for name in names:
        _find_known(name, contract.BY_NAME, "'Reads:' names '{}', no extract.")
    return names


def _read_columns(key: str, header: Mapping[str, str]) -> tuple[str, ...]:
    """Return the columns that a header names under a key: ("city", "day"); () for "none"."""
    names = _split_list(header.get(key, "none"))
    for name in names:
        if not _NAME.fullmatch(name):
            raise ConfigError(f"'{key}:' names '{name}', which is not a column.")
    return names
