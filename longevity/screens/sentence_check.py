"""Check what every sentence and chart names: a column of its query, a fact, or a threshold.

A sentence that could not be filled stops `serve` and `make lint`, not a reader's page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import signature
from pathlib import Path
from typing import Any

from jinja2 import TemplateError, meta, nodes

from longevity.base.errors import suggest_nearest
from longevity.charts.kinds import KINDS, MAP
from longevity.settings import Thresholds
from longevity.warehouse.catalogue import list_columns, load_queries
from longevity.words.declarations import (
    CHART,
    FOLDER,
    ChartDeclaration,
    Declaration,
    compile_template,
    load_declarations,
    make_error,
)
from longevity.words.language import ENGLISH, TRANSLATED
from longevity.words.language import FOLDER as LOCALES
from longevity.words.wording import ENVIRONMENTS

# Files whose sentences no public screen uses: they are in English alone.
INSIDE = (
    *("call_ins.toml", "claims.toml", "follow_up.toml", "inside.toml"),
    *("money.toml", "support.toml"),
)
# The keys of a chart whose value is the name of a column, or of several.
COLUMN_KEYS = re.compile(
    "absent|at|block|broken|column|each|end|heading|high|instead|label|labels|low|"
    "note|of|row|rule|said|sign|text|ticks|value|whole|x|y"
)
DRAWN_WITH = ("drawing", "frame", "words")  # what code gives every kind of chart, first
DRAWN_FACTS = ("title", "panels", "rows")  # what the words of every chart may name
THRESHOLDS = frozenset(Thresholds.model_fields)


def check_measures(folder: Path = FOLDER) -> None:
    """Check every sentence of every measure and chart, as `serve` and `make lint` do.

    Other commands leave it out: it takes longer than most of them.

    Raises:
        ConfigError: as `load_declarations`, or a sentence is no template, or names what is neither
            a column of its query nor a fact nor a threshold, or one that the public may read lacks
            a language, or a chart has what its kind does not take.
    """
    everything = load_declarations(folder)
    for code, language in TRANSLATED.items():
        path = LOCALES / f"{code}.toml"
        for name in {*language.sentences, *(f"{CHART}{chart}" for chart in language.charts)}:
            if name not in everything:
                raise make_error(path, name, "is in no file.", suggest_nearest(name, everything))
    for declared in everything.values():
        if isinstance(declared, ChartDeclaration):
            _check_kind(declared)
        _check_names(declared)
        _check_translations(declared)


def _check_kind(chart: ChartDeclaration) -> None:
    """Refuse a chart of no kind, and one with a key that its kind does not take."""
    if chart.kind == MAP:
        return
    if chart.kind not in KINDS:
        problem, known = f"is of the kind '{chart.kind}', which there is none of.", [*KINDS, MAP]
        raise make_error(chart.path, chart.name, problem, suggest_nearest(chart.kind, known))
    own = [*signature(KINDS[chart.kind]).parameters][len(DRAWN_WITH) :]
    for key in chart.arguments.keys() - own:
        problem = f"has the key '{key}', which means nothing."
        keys = [*own, *ChartDeclaration.list_keys()]
        raise make_error(chart.path, chart.name, problem, suggest_nearest(key, keys))


def _list_columns(arguments: Any) -> Iterator[str]:
    """Yield the columns of the query that a chart's arguments name: {"x": "day"} names "day"."""
    for key, value in arguments.items():
        if key == "parts":
            yield from value
        elif COLUMN_KEYS.fullmatch(key):
            yield from [value] if isinstance(value, str) else value
        elif key == "marks":
            for mark in value:
                yield from _list_columns(mark)


def _check_names(declared: Declaration) -> None:
    """Refuse a sentence with a name that is no column of the query, no fact and no threshold."""
    queries, columns = load_queries(), frozenset[str]()
    if declared.query:
        if declared.query not in queries:
            problem = f"asks '{declared.query}', which is no query."
            nearest = suggest_nearest(declared.query, queries)
            raise make_error(declared.path, declared.name, problem, nearest)
        columns = list_columns(queries[declared.query])
    known = {*declared.facts, *THRESHOLDS, *columns}
    if isinstance(declared, ChartDeclaration):
        known |= {*DRAWN_FACTS, *declared.en.columns}
    for where, names in _list_names(declared):
        for name in sorted(names - known):
            raise make_error(
                declared.path,
                declared.name,
                f"names '{name}' {where}, which is neither a column of its query nor a fact nor a "
                "threshold.",
                suggest_nearest(name, sorted(known)),
            )


def _check_translations(declared: Declaration) -> None:
    """Refuse a measure for the public that has a sentence in one language and not in another."""
    for language in () if declared.path.name in INSIDE else TRANSLATED:
        own = declared.find_words(language)
        lacking = sorted(own.sentences.keys() ^ declared.en.sentences.keys())
        if lacking or len(own.columns) != len(declared.en.columns):
            names = ", ".join(lacking) or "a column"
            problem = f"has {names} in one of '{ENGLISH}' and '{language}' alone."
            raise make_error(declared.path, declared.name, problem, "Write it in the other too.")


def _list_names(declared: Declaration) -> Iterator[tuple[str, set[str]]]:
    """Yield the names that each sentence uses: ("in its sentence 'en.title'", {"exits"})."""
    if isinstance(declared, ChartDeclaration):
        yield "among its columns", {*_list_columns(declared.arguments)}
    for language in (ENGLISH, *TRANSLATED):
        words = declared.find_words(language)
        for name, source in {**words.sentences, **words.columns}.items():
            where = f"in its sentence '{language}.{name}'"
            if name in words.columns and source.isidentifier():
                yield where, {source}
                continue
            try:
                compile_template(language, source)
                tree = ENVIRONMENTS[language].parse(source)
            except (TemplateError, TypeError) as error:
                problem = f"has a sentence '{name}' that is no template: {error}"
                raise make_error(declared.path, declared.name, problem, "Mend it.") from None
            if any(choice.expr2 is None for choice in tree.find_all(nodes.CondExpr)):
                problem = f"has a sentence '{name}' with an `if` that has no `else`."
                fix = 'Without one it fails where it is not so: write `else ""`.'
                raise make_error(declared.path, declared.name, problem, fix)
            yield where, meta.find_undeclared_variables(tree)
