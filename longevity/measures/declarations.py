"""The measures of this folder, read strictly: a file a subject, an entry a measure.

    [met_home]                      # the measure
    query = "reentry_greeting"      # whose columns its sentences may name
    facts = ["since"]               # what else the code gives them
    whole = "exits"                 # of what: where it is nought, title_none is said for title
    tested_on = "incidents"         # the measure that chance is tested on in place of this one

    [met_home.en]                   # its sentences, by language
    title = "{{ greeted }} of {{ exits }} were met within {{ greeted_within_hours }} hours"
    title_none = "No one came home since {{ since|month }}"

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
from longevity.warehouse.catalogue import load_queries

FOLDER = Path(__file__).parent
KEYS = ("query", "facts", "whole", "tested_on")
NONE = "_none"  # how the sentence ends that is said where the whole is nought
THRESHOLDS = frozenset(Thresholds.model_fields)


@dataclass(frozen=True)
class Measure:
    """One measure. `query`: the question its figures come from, if one; `facts`: what its sentences
    may name besides its columns and the thresholds; `whole`: the figure it is a part of;
    `tested_on`: the measure chance is tested on; `sentences`: by language and name.
    """

    name: str
    query: str | None
    facts: frozenset[str]
    whole: str | None
    tested_on: str
    sentences: Mapping[str, Mapping[str, Template]]
    names: Mapping[tuple[str, str], frozenset[str]]  # what each sentence names, by (language, name)
    path: Path


@cache
def load_measures(folder: Path = FOLDER) -> dict[str, Measure]:
    """Return every measure by its name.

    Raises:
        ConfigError: a file is no TOML, a sentence is no template, a query does not exist, or two
            files declare one measure.
    """
    measures: dict[str, Measure] = {}
    for path in sorted(folder.glob("*.toml")):
        for measure in _read_file(path):
            if measure.name in measures:
                raise _make_error(path, measure.name, "is declared twice.", "Rename one of them.")
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
    sentences: dict[str, dict[str, Template]] = {}
    names: dict[tuple[str, str], frozenset[str]] = {}
    for language in (key for key in entry if key in ENVIRONMENTS):
        environment = ENVIRONMENTS[language]
        sentences[language] = {}
        for sentence, source in entry[language].items():
            try:
                sentences[language][sentence] = environment.from_string(source)
                used = meta.find_undeclared_variables(environment.parse(source))
            except (TemplateError, TypeError) as error:
                problem = f"has a sentence '{sentence}' that is no template: {error}"
                raise _make_error(path, name, problem, "Mend it.") from None
            names[language, sentence] = frozenset(used)
    return Measure(
        name,
        query,
        frozenset(entry.get("facts", ())),
        entry.get("whole"),
        entry.get("tested_on", name),
        sentences,
        names,
        path,
    )


def check_names(columns: Mapping[str, frozenset[str]], folder: Path = FOLDER) -> None:
    """Check that each sentence names columns, facts and thresholds only.

    `columns`: of each query (`warehouse.describe_queries`).

    Raises:
        ConfigError: a sentence names something else.
    """
    for measure in load_measures(folder).values():
        known = measure.facts | THRESHOLDS | columns.get(measure.query or "", frozenset())
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
