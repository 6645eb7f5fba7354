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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from longevity.auth.viewers import QueryClass
from longevity.errors import ConfigError, UsageError, suggest_nearest
from longevity.ingest import contract
from longevity.settings import ROOT

FOLDER = ROOT / "queries"
REQUIRED = ("Parameters", "Grain", "Class", "Reads", "Protects")
OPTIONAL = ("Of", "Order", "Numerator", "Denominator")
INHERITED = ("Parameters", "Reads")  # of the query that another is asked of
WHOLE = "all_"  # how a query calls the whole answer of another that it is asked of
# Parameters of many queries, declared once: a header names them.
SHARED = {
    "city": "city: city = null — one city, or all of them",
    "as_of": "as_of: date = data_through — as known on this day",
    "since": "since: date = null — the first day, or null for the twelve months to as_of",
    "date_until": "date_until: date = data_through + 1 day — the day after the last",
}
NONE = ["none"]  # the lines under a header that has nothing to say

_HEADER = re.compile(r"^ ?([A-Z][A-Za-z ]*):(.*)$")
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_PARAMETER = re.compile(
    r"(?P<name>[a-z][a-z0-9_]*): "
    r"(?P<kind>city|neighbourhood|date|text|windows|integer|choice)"
    r"(?:(?<=integer)\((?P<least>\d+)\.\.(?P<most>\d+)\)"
    r"|(?<=choice)\((?P<choices>\w+( ?\| ?\w+)+)\))?"
    r" = (?P<default>null|all days|-?\d+|\d{4}-\d{2}-\d{2}|'[^']*'|threshold [a-z_]+|"
    r"(start of data|start of year|data_through|year of data_through|year of start of data)"
    r"( [+-] \d+( days?)?)?) — (?P<describes>.+)"
)


Sections = dict[str, list[str]]


@dataclass(frozen=True)
class Parameter:
    """One parameter: its kind, its default as written, what it may be."""

    name: str
    kind: str
    default: str
    describes: str
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Query:
    """One question that may be asked, with its SQL. `protects`: the columns that count people."""

    name: str
    question: str
    parameters: dict[str, Parameter]
    grain: tuple[str, ...]
    query_class: QueryClass
    reads: tuple[str, ...]
    protects: tuple[str, ...]
    sql: str
    path: Path
    numerator: str = ""
    denominator: str = ""


# The tables of an `Order:`: the rows of the list, and the place of their city.
_WITH_POSITION = """FROM (
{}
) AS whole
INNER JOIN (SELECT city AS of_city, position FROM cities) AS placed
    ON whole.city = placed.of_city"""


@cache
def load_queries(folder: Path = FOLDER) -> dict[str, Query]:
    """Read every query by name, in alphabetical order. ConfigError names the file that is wrong."""
    queries: dict[str, Query] = {}
    for path in sorted(folder.glob("*/*.sql"), key=lambda each: each.stem):
        if path.stem in queries:
            raise ConfigError(
                f"{_shorten_path(path)} has the name of {_shorten_path(queries[path.stem].path)}."
            )
        queries[path.stem] = read_query(path)
    stray = [path for path in folder.rglob("*.sql") if path.parent.parent != folder]
    if stray:
        raise ConfigError(f"{_shorten_path(stray[0])} is not in a folder of one subject.")
    return queries


def find_query(queries: Mapping[str, Query], name: str) -> Query:
    """Return one query of a catalogue; UsageError with the nearest name otherwise."""
    if name not in queries:
        raise UsageError(f"There is no query '{name}'.", suggest_nearest(name, queries))
    return queries[name]


def read_query(path: Path) -> Query:
    """Return one query from its file; ConfigError, with what to do, when it breaks a rule."""
    question, sections, sql = _read_file(path)
    parameters: dict[str, Parameter] = {}
    if "Of" in sections:
        base = _find_base(path, sections["Of"])
        _, inherited, whole = _read_file(base)
        if "Of" in inherited:
            raise _make_error(path, f"'Of:' names '{base.stem}', which is of another itself.")
        parameters = _read_parameters(base, inherited["Parameters"])
        sections = {"Reads": inherited["Reads"]} | sections
        sql = _compose_sql(base.stem, whole, sql)
    parameters |= _read_parameters(path, sections.get("Parameters", NONE))
    if "Order" in sections:
        tables = _WITH_POSITION.format(textwrap.indent(sql, "    "))
        sql = f"SELECT whole.*\n{tables}\nORDER BY {_join(sections['Order'])}"
    _check_statement(path, sql, set(parameters))
    return Query(
        name=_read_name(path),
        question=question,
        parameters=parameters,
        grain=_read_columns(path, sections, "Grain"),
        query_class=_read_class(path, _join(sections["Class"])),
        reads=_read_extracts(path, sections),
        protects=_read_columns(path, sections, "Protects"),
        sql=sql,
        path=path,
        numerator=_join(sections.get("Numerator", "")),
        denominator=_join(sections.get("Denominator", "")),
    )


def list_columns(query: Query) -> frozenset[str]:
    """Return the names of an answer's columns, read from its SQL alone: 3 ms a query."""
    cursor = _open_parser().cursor()
    try:
        (tree,) = cursor.execute("SELECT json_serialize_sql(?)", [query.sql]).fetchone() or ("",)
    finally:
        cursor.close()
    node = json.loads(tree)["statements"][0]["node"]
    while node["select_list"][0]["class"] == "STAR":  # the whole of what `Order:` sorts
        node = node["from_table"]["left"]["subquery"]["node"]
    return frozenset(part["alias"] or part["column_names"][-1] for part in node["select_list"])


def _read_file(path: Path) -> tuple[str, Sections, str]:
    """Return the question, the lines under each header, and the SQL below them."""
    header, sql = _split_header(path)
    return *_read_sections(path, header), sql


def _find_base(path: Path, lines: Sequence[str]) -> Path:
    name = _join(lines)
    files = {file.stem: file for file in path.parent.parent.glob("*/*.sql")}
    if name not in files:
        raise _make_error(path, f"'Of:' names '{name}', no query.", suggest_nearest(name, files))
    return files[name]


def _compose_sql(name: str, whole: str, sql: str) -> str:
    """Put the answer that a query is asked of before its SQL, whole and under its name.

    So the counts over a list are of the very rows the list has.
    """
    base = f"WITH {WHOLE}{name} AS (\n{textwrap.indent(whole, '    ')}\n)"
    rest = sql.removeprefix("WITH ")
    return f"{base}\n\n{sql}" if rest == sql else f"{base},\n\n{rest}"


def _join(lines: Sequence[str]) -> str:
    return " ".join(lines)


def _shorten_path(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _make_error(path: Path, what: str, do: str = "") -> ConfigError:
    return ConfigError(f"queries/{_shorten_path(path)}: {what}", do)


def _read_name(path: Path) -> str:
    if not _NAME.match(path.stem):
        raise _make_error(path, "the file name is not lower-case words joined by _.")
    return path.stem


def _split_header(path: Path) -> tuple[list[str], str]:
    """Return the header's lines without their dashes, and the SQL below them."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise _make_error(path, "it cannot be read as UTF-8 text.") from error
    end = next((at for at, line in enumerate(lines) if not line.startswith("--")), len(lines))
    return [line[2:].rstrip() for line in lines[:end]], "\n".join(lines[end:]).strip()


def _read_sections(path: Path, header: list[str]) -> tuple[str, Sections]:
    """Return the question, and the lines under each header after it."""
    question: list[str] = []
    sections: Sections = {}
    current: list[str] | None = None
    for line in header:
        match = _HEADER.match(line)
        if match:
            key, rest = match[1], match[2].strip()
            if key not in (*REQUIRED, *OPTIONAL):
                raise _make_error(
                    path, f"'{key}:' is not a header.", suggest_nearest(key, (*REQUIRED, *OPTIONAL))
                )
            if key in sections:
                raise _make_error(path, f"'{key}:' is there twice.")
            current = sections[key] = [rest] if rest else []
        elif current is None:
            question.append(line.strip())
        elif line.startswith("  ") and line.strip():
            current.append(line.strip())
        else:
            raise _make_error(path, f"a line under a header is not indented: '{line.strip()}'.")
    needed = [key for key in REQUIRED if "Of" not in sections or key not in INHERITED]
    if missing := [key for key in needed if key not in sections]:
        raise _make_error(path, f"the header '{missing[0]}:' is missing.")
    if empty := [key for key, lines in sections.items() if not lines]:
        raise _make_error(path, f"nothing stands after '{empty[0]}:'.", "Write 'none' if so.")
    text = " ".join(part for part in question if part)
    if not text.endswith("?"):
        raise _make_error(path, "the first comment is not a question.", "End it with '?'.")
    return text, sections


def _read_parameters(path: Path, lines: list[str]) -> dict[str, Parameter]:
    """Read the parameters: each declared in a line, or shared ones named in one."""
    parameters: dict[str, Parameter] = {}
    for line in [] if lines == NONE else lines:
        for text in [line] if ":" in line else _find_shared(path, line):
            match = _PARAMETER.fullmatch(text)
            if not match:
                raise _make_error(
                    path,
                    f"this parameter cannot be read: '{text}'.",
                    "Write 'name: kind = default — description' (docs/queries.md).",
                )
            name, kind, default, describes = match.group("name", "kind", "default", "describes")
            if name in parameters:
                raise _make_error(path, f"the parameter '{name}' is there twice.")
            choices = tuple(re.findall(r"\w+", match["choices"] or ""))
            least, most = (int(end) if end else None for end in match.group("least", "most"))
            parameters[name] = Parameter(name, kind, default, describes, choices, least, most)
    return parameters


def _find_shared(path: Path, line: str) -> list[str]:
    names = _split_list(line)
    for name in names:
        if name not in SHARED:
            raise _make_error(
                path, f"'{name}' is no shared parameter.", suggest_nearest(name, SHARED)
            )
    return [SHARED[name] for name in names]


@cache
def _open_parser() -> duckdb.DuckDBPyConnection:
    """Open an empty database to parse with: one for each file takes most of a second."""
    return duckdb.connect(":memory:")


def _check_statement(path: Path, sql: str, names: set[str]) -> None:
    """Refuse all but one SELECT that uses exactly the parameters the header declares."""
    connection = _open_parser().cursor()
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise _make_error(path, f"the SQL cannot be parsed: {error}.") from error
    finally:
        connection.close()
    if len(statements) != 1:
        raise _make_error(
            path, f"it holds {len(statements)} statements.", "Write one SELECT a file."
        )
    if statements[0].type != duckdb.StatementType.SELECT:
        raise _make_error(path, "its statement is not a SELECT.")
    uses = set(statements[0].named_parameters)
    if uses - names:
        raise _make_error(path, f"'${min(uses - names)}' is not declared under 'Parameters:'.")
    if names - uses:
        raise _make_error(path, f"the parameter '{min(names - uses)}' is declared and not used.")


def _split_list(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _read_columns(path: Path, sections: Sections, key: str) -> tuple[str, ...]:
    lines = sections[key]
    words = () if lines == NONE else _split_list(_join(lines))
    for word in words:
        if not _NAME.match(word):
            raise _make_error(path, f"'{key}:' names '{word}', which is not a column.")
    return words


def _read_class(path: Path, text: str) -> QueryClass:
    try:
        return QueryClass(text)
    except ValueError as error:
        raise _make_error(
            path, f"the class is '{text}'.", suggest_nearest(text, list(QueryClass))
        ) from error


def _read_extracts(path: Path, sections: Sections) -> tuple[str, ...]:
    """Return the extracts the answer rests on, whose data-through is the answer's."""
    reads = _read_columns(path, sections, "Reads")
    for name in reads:
        if name not in contract.BY_NAME:
            raise _make_error(
                path,
                f"'Reads:' names '{name}', no extract.",
                suggest_nearest(name, contract.BY_NAME),
            )
    return reads
