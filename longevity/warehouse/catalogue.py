"""The catalogue: one question a file, read strictly from its header.

A query is `queries/<subject>/<noun_by_grain>.sql`. Its header lines are the
question in plain English, then `Parameters:`, `Grain:`, `Class:`, `Reads:`,
`Protects:` and, where they apply, `Of:`, `Order:`, `Numerator:` and `Denominator:`.
docs/queries.md tells how each is written.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from longevity.auth.viewers import QueryClass
from longevity.errors import ConfigError, suggest_nearest
from longevity.ingest import contract
from longevity.promises.tables import reads_tables
from longevity.settings import ROOT
from longevity.settings.models import Thresholds

FOLDER = ROOT / "queries"
REQUIRED = ("Parameters", "Grain", "Class", "Reads", "Protects")
HEADERS = (*REQUIRED, "Of", "Order", "Numerator", "Denominator")
INHERITED = ("Parameters", "Reads")  # of the query that another is asked of
WHOLE = "all_"  # how a query calls the whole answer of another that it is asked of
# Parameters of many queries, declared once: a header names them.
SHARED = {
    "city": "city: city = null — one city, or all of them",
    "as_of": "as_of: date = data_through — as known on this day",
    "since": "since: date = null — the first day, or null for the twelve months to as_of",
    "date_until": "date_until: date = data_through + 1 day — the day after the last",
}

_HEADER = re.compile(r"^ ?([A-Z][A-Za-z ]*):(.*)$")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PARAMETER = re.compile(
    rf"(?P<name>{_NAME.pattern}): "
    r"(?P<kind>city|neighbourhood|date|text|windows|integer|choice)"
    r"(?:(?<=integer)\((?P<least>\d+)\.\.(?P<most>\d+)\)"
    r"|(?<=choice)\((?P<choices>\w+( ?\| ?\w+)+)\)|(?<!integer)(?<!choice))"
    r" = (?P<default>null|all days|-?\d+|'[^']*'"
    rf"|threshold ({'|'.join(Thresholds.model_fields)})"
    r"|(start of data|start of year|data_through|year of data_through|year of start of data)"
    r"( [+-] \d+( days?)?)?) — .+"
)
# The tables of an `Order:`: the rows of the list, and the place of their city.
_IN_ORDER = """SELECT whole.*
FROM (
{}
) AS whole
INNER JOIN (SELECT city AS of_city, position FROM cities) AS placed
    ON whole.city = placed.of_city
ORDER BY {}"""

Sections = dict[str, list[str]]


@dataclass(frozen=True)
class QueryParameter:
    """One parameter: its kind, its default as written, what it may be."""

    name: str
    kind: str
    default: str
    choices: tuple[str, ...]
    least: int
    most: int


@dataclass(frozen=True)
class Query:
    """One question that may be asked, with its SQL. `protects`: the columns that count people.

    `rows` is the SQL before `Order:`; `of` the query whose whole answer it is asked of.
    `reads_promises`: whether it reads the tables of groups and of the promise.
    """

    name: str
    question: str
    parameters: dict[str, QueryParameter]
    grain: tuple[str, ...]
    query_class: QueryClass
    reads: tuple[str, ...]
    protects: tuple[str, ...]
    sql: str
    rows: str
    reads_promises: bool
    path: Path
    numerator: str = ""
    denominator: str = ""
    of: str = ""


@cache
def load_queries(folder: Path = FOLDER) -> dict[str, Query]:
    """Read every query by name, in alphabetical order. ConfigError names the file that is wrong."""
    queries: dict[str, Query] = {}
    for path in sorted(folder.rglob("*.sql"), key=lambda path: path.stem):
        where = path.relative_to(folder)
        if path.stem in queries:
            raise ConfigError(f"{where} has the name of another query.")
        if path.parent.parent != folder:
            raise ConfigError(f"{where} is not in a folder of one subject.")
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
    if not _NAME.fullmatch(path.stem):
        raise ConfigError("the file name is not lower-case words joined by _.")
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("it cannot be read as UTF-8 text.") from error
    end = next((at for at, line in enumerate(lines) if not line.startswith("--")), len(lines))
    question, sections = _read_sections([line[2:].rstrip() for line in lines[:end]])
    text = {key: " ".join(values) for key, values in sections.items()}
    sql = "\n".join(lines[end:]).strip()
    parameters: dict[str, QueryParameter] = {}
    reads: tuple[str, ...] = ()
    if "Of" in text:
        base = _read_base(path, text["Of"])
        parameters, reads = dict(base.parameters), base.reads
        sql = _compose_sql(base, sql)
    parameters |= _read_parameters(sections.get("Parameters", []))
    rows = sql
    if "Order" in text:
        sql = _IN_ORDER.format(textwrap.indent(sql, "    "), text["Order"])
    _check_statement(sql, set(parameters))
    return Query(
        name=path.stem,
        question=question,
        parameters=parameters,
        grain=_read_columns(text, "Grain"),
        query_class=QueryClass(_find_known(text["Class"], list(QueryClass), "the class is '{}'.")),
        reads=_read_extracts(text) if "Reads" in text else reads,
        protects=_read_columns(text, "Protects"),
        sql=sql,
        reads_promises=reads_tables(sql),
        rows=rows,
        path=path,
        numerator=text.get("Numerator", ""),
        denominator=text.get("Denominator", ""),
        of=text.get("Of", ""),
    )


def list_columns(query: Query) -> frozenset[str]:
    """Return the names of an answer's columns, read from its SQL alone: 3 ms a query."""
    with _open_parser().cursor() as cursor:
        (tree,) = cursor.execute("SELECT json_serialize_sql(?)", [query.rows]).fetchall()[0]
    parts = json.loads(tree)["statements"][0]["node"]["select_list"]
    return frozenset(part["alias"] or part["column_names"][-1] for part in parts)


def _find_known(word: str, known: Iterable[str], what: str) -> str:
    """Return a word that is known; ConfigError, with the nearest, otherwise."""
    if word not in known:
        raise ConfigError(what.format(word), suggest_nearest(word, known))
    return word


def _read_base(path: Path, name: str) -> Query:
    files = {file.stem: file for file in path.parent.parent.glob("*/*.sql")}
    base = read_query(files[_find_known(name, files, "'Of:' names '{}', no query.")])
    if base.of:
        raise ConfigError(f"'Of:' names '{name}', which is of another itself.")
    return base


def _compose_sql(base: Query, sql: str) -> str:
    """Put the answer that a query is asked of before its SQL, whole and under its name.

    So the counts over a list are of the very rows the list has.
    """
    whole = f"WITH {WHOLE}{base.name} AS (\n{textwrap.indent(base.rows, '    ')}\n)"
    rest = sql.removeprefix("WITH ")
    return f"{whole}\n\n{sql}" if rest == sql else f"{whole},\n\n{rest}"


def _read_sections(header: list[str]) -> tuple[str, Sections]:
    """Return the question, and the lines under each header after it; none for `none`."""
    question: list[str] = []
    sections: Sections = {}
    current = question
    for line in header:
        if match := _HEADER.match(line):
            key = _find_known(match[1], HEADERS, "'{}:' is not a header.")
            if key in sections:
                raise ConfigError(f"'{key}:' is there twice.")
            current = sections[key] = [rest] if (rest := match[2].strip()) else []
        elif line.strip():
            if current is not question and not line.startswith("  "):
                raise ConfigError(f"a line under a header is not indented: '{line.strip()}'.")
            current.append(line.strip())
    for key in REQUIRED:
        if key not in sections and not ("Of" in sections and key in INHERITED):
            raise ConfigError(f"the header '{key}:' is missing.")
    for key, lines in sections.items():
        if not lines:
            raise ConfigError(f"nothing stands after '{key}:'.", "Write 'none' if so.")
    if not " ".join(question).endswith("?"):
        raise ConfigError("the first comment is not a question.", "End it with '?'.")
    said = {key: [] if lines == ["none"] else lines for key, lines in sections.items()}
    return " ".join(question), said


def _read_parameters(lines: Sequence[str]) -> dict[str, QueryParameter]:
    """Read the parameters: each declared in a line, or shared ones named in one."""
    declared = [
        text
        for line in lines
        for text in (
            [line]
            if ":" in line
            else (
                SHARED[_find_known(name, SHARED, "'{}' is no shared parameter.")]
                for name in _split_list(line)
            )
        )
    ]
    parameters: dict[str, QueryParameter] = {}
    for text in declared:
        match = _PARAMETER.fullmatch(text)
        if not match:
            raise ConfigError(
                f"this parameter cannot be read: '{text}'.",
                "Write 'name: kind = default — description' (docs/queries.md).",
            )
        name, kind, default = match.group("name", "kind", "default")
        if name in parameters:
            raise ConfigError(f"the parameter '{name}' is there twice.")
        choices = tuple(re.findall(r"\w+", match["choices"] or ""))
        least, most = int(match["least"] or 0), int(match["most"] or 0)
        parameters[name] = QueryParameter(name, kind, default, choices, least, most)
    return parameters


@cache
def _open_parser() -> duckdb.DuckDBPyConnection:
    """Open an empty database to parse with: one for each file takes most of a second."""
    return duckdb.connect(":memory:")


def _check_statement(sql: str, names: set[str]) -> None:
    """Refuse all but one SELECT that uses exactly the parameters the header declares."""
    try:
        with _open_parser().cursor() as cursor:
            statements = cursor.extract_statements(sql)
    except duckdb.Error as error:
        raise ConfigError(f"the SQL cannot be parsed: {error}.") from error
    if len(statements) != 1:
        raise ConfigError(f"it holds {len(statements)} statements.", "Write one SELECT a file.")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise ConfigError("its statement is not a SELECT.")
    uses = set(statements[0].named_parameters)
    for name in sorted(uses - names):
        raise ConfigError(f"'${name}' is not declared under 'Parameters:'.")
    for name in sorted(names - uses):
        raise ConfigError(f"the parameter '{name}' is declared and not used.")


def _split_list(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _read_columns(text: Mapping[str, str], key: str) -> tuple[str, ...]:
    words = _split_list(text[key])
    for word in words:
        if not _NAME.fullmatch(word):
            raise ConfigError(f"'{key}:' names '{word}', which is not a column.")
    return words


def _read_extracts(text: Mapping[str, str]) -> tuple[str, ...]:
    """Return the extracts the answer rests on, whose data-through is the answer's."""
    return tuple(
        _find_known(name, contract.BY_NAME, "'Reads:' names '{}', no extract.")
        for name in _split_list(text["Reads"])
    )
