"""The measures of this folder, read strictly: a file a subject, an entry a measure.

    [met_home]                      # the measure
    query = "reentry_greeting"      # whose columns its sentences may name
    facts = ["since"]               # what else the code gives them
    whole = "exits"                 # of what: where it is nought, title_none is said for title
    tested_on = "incidents"         # the measure that chance is tested on in place of this one

    [met_home.en]                   # its sentences, by language
    title = "{{ greeted }} of {{ exits }} were met within {{ greeted_within_hours }} hours"
    title_none = "No one came home since {{ since|month }}"

    [met_home.en.columns]           # a table of its rows: heading, and a column or a template
    "Released" = "released_on"
    "Met" = "{{ greeted_by }}"

A sentence is a Jinja template. It may name a column of the query, a fact, or a threshold of the
configuration, which is how no sentence holds a number of hours or days of its own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Template, TemplateError, meta

from longevity.errors import ConfigError, suggest_nearest
from longevity.measures.templates import ENVIRONMENTS
from longevity.settings import Thresholds
from longevity.warehouse.catalogue import list_columns, load_queries

FOLDER = Path(__file__).parent
KEYS = ("query", "facts", "whole", "tested_on")
COLUMNS = "columns"
NONE = "_none"  # how the sentence ends that is said where the whole is nought
THRESHOLDS = frozenset(Thresholds.model_fields)


@dataclass(frozen=True)
class Measure:
    """One measure. `query`: the question its figures come from, if one; `facts`: what its sentences
    may name besides its columns and the thresholds; `whole`: the figure it is a part of;
    `tested_on`: the measure chance is tested on; `sentences`: by language and name; `columns`: by
    language and heading, a template of a cell or the name of a column.
    """

    name: str
    query: str | None
    facts: frozenset[str]
    whole: str | None
    tested_on: str
    sentences: Mapping[str, Mapping[str, Template]]
    columns: Mapping[str, Mapping[str, Template | str]]
    names: Mapping[tuple[str, str], frozenset[str]]  # what each sentence names, by (language, name)
    path: Path


@cache
def load_measures(folder: Path = FOLDER) -> dict[str, Measure]:
    """Return every measure by its name.

    Raises:
        ConfigError: a file is no TOML, a sentence is no template or names what is neither a column
            of its query nor a fact nor a threshold, a query does not exist, or two files declare
            one measure.
    """
    measures: dict[str, Measure] = {}
    for path in sorted(folder.glob("*.toml")):
        for measure in _read_file(path):
            if measure.name in measures:
                raise _make_error(path, measure.name, "is declared twice.", "Rename one of them.")
            _check_names(measure)
            measures[measure.name] = measure
    return measures


def _read_file(path: Path) -> Iterator[Measure]:
    try:
        declared = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name} is not TOML: {error}.", "Mend the line it names.") from None
    for name, entry in declared.items():
        yield _read_measure(path, name, entry)


def _read_measure(path: Path, name: str, entry: Mapping[str, Any]) -> Measure:
    query = entry.get("query")
    if query is not None and query not in (known := load_queries()):
        nearest = suggest_nearest(str(query), known)
        raise _make_error(path, name, f"asks '{query}', which is no query.", nearest)
    if unknown := [key for key in entry if key not in (*KEYS, *ENVIRONMENTS)]:
        problem = f"has the key '{unknown[0]}', which means nothing."
        raise _make_error(path, name, problem, suggest_nearest(unknown[0], KEYS))
    facts, whole = frozenset(entry.get("facts", ())), entry.get("whole")
    tested_on = entry.get("tested_on", name)
    sentences: dict[str, dict[str, Template]] = {}
    columns: dict[str, dict[str, Template | str]] = {}
    names: dict[tuple[str, str], frozenset[str]] = {}
    for language in (key for key in entry if key in ENVIRONMENTS):
        written = dict(entry[language])
        cells = written.pop(COLUMNS, {})
        named = {heading: cell for heading, cell in cells.items() if cell.isidentifier()}
        environment = ENVIRONMENTS[language]
        templates: dict[str, Template] = {}
        try:
            for sentence, source in (written | cells).items():
                templates[sentence] = environment.from_string(source)
                used = meta.find_undeclared_variables(environment.parse(source))
                names[language, sentence] = frozenset(used)
        except (TemplateError, TypeError) as error:
            problem = f"has a sentence '{sentence}' that is no template: {error}"
            raise _make_error(path, name, problem, "Mend it.") from None
        names |= {(language, heading): frozenset({cell}) for heading, cell in named.items()}
        sentences[language] = {key: templates[key] for key in written}
        columns[language] = {heading: templates[heading] for heading in cells} | named
    return Measure(name, query, facts, whole, tested_on, sentences, columns, names, path)


def _check_names(measure: Measure) -> None:
    """Refuse a sentence that names what nothing fills: a reader would meet it first."""
    columns = list_columns(load_queries()[measure.query]) if measure.query else frozenset()
    known = measure.facts | THRESHOLDS | columns
    for (language, sentence), names in measure.names.items():
        for name in sorted(names - known):
            raise _make_error(
                measure.path,
                measure.name,
                f"names '{name}' in its sentence '{language}.{sentence}', which is neither a "
                "column of its query nor a fact nor a threshold.",
                suggest_nearest(name, sorted(known)),
            )


def _make_error(path: Path, name: str, problem: str, fix: str) -> ConfigError:
    return ConfigError(f"{path.name}: [{name}] {problem}", fix)
