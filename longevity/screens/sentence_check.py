"""Check what every sentence and chart names: a column of its query, a fact, or a threshold.

A sentence that could not be filled stops `serve` and `make lint`, not a reader's page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import TemplateError, meta, nodes

from longevity.base.errors import suggest_nearest
from longevity.settings import Thresholds
from longevity.warehouse.catalogue import list_columns, load_queries
from longevity.words.declarations import (
    FOLDER,
    Measure,
    compile_template,
    load_measures,
    make_error,
)
from longevity.words.language import ENGLISH
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
DRAWN_FACTS = ("title", "panels", "rows")  # what the words of every chart may name
THRESHOLDS = frozenset(Thresholds.model_fields)


def check_measures(folder: Path = FOLDER) -> None:
    """Check every sentence of every measure, as `serve` and `make lint` do.

    Other commands leave it out: it takes longer than most of them.

    Raises:
        ConfigError: as `load_measures`, or a sentence is no template, or names what is neither a
            column of its query nor a fact nor a threshold, or one that the public may read lacks
            a language.
    """
    for measure in load_measures(folder).values():
        _check_names(measure)
        _check_translations(measure)


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


def _check_names(measure: Measure) -> None:
    """Refuse a sentence with a name that is no column of the query, no fact and no threshold."""
    queries, columns = load_queries(), frozenset[str]()
    if measure.query is not None:
        if measure.query not in queries:
            problem = f"asks '{measure.query}', which is no query."
            nearest = suggest_nearest(str(measure.query), queries)
            raise make_error(measure.path, measure.name, problem, nearest)
        columns = list_columns(queries[measure.query])
    known = measure.facts | THRESHOLDS | columns
    if measure.chart is not None:
        known |= {*DRAWN_FACTS, *(name for cells in measure.columns.values() for name in cells)}
    for where, names in _list_names(measure):
        for name in sorted(names - known):
            raise make_error(
                measure.path,
                measure.name,
                f"names '{name}' {where}, which is neither a column of its query nor a fact nor a "
                "threshold.",
                suggest_nearest(name, sorted(known)),
            )


def _check_translations(measure: Measure) -> None:
    """Refuse a measure for the public that has a sentence in one language and not in another."""
    for language in () if measure.path.name in INSIDE else ENVIRONMENTS:
        own, english = (
            ({*measure.sentences.get(one, {})}, len(measure.columns.get(one, {})))
            for one in (language, ENGLISH)
        )
        if own != english:
            lacking = ", ".join(sorted(own[0] ^ english[0])) or "a column"
            problem = f"has {lacking} in one of '{ENGLISH}' and '{language}' alone."
            raise make_error(measure.path, measure.name, problem, "Write it in the other too.")


def _list_names(measure: Measure) -> Iterator[tuple[str, set[str]]]:
    """Yield the names that each sentence uses: ("in its sentence 'en.title'", {"exits"})."""
    if measure.chart is not None:
        yield "among its columns", {*_list_columns(measure.chart.arguments)}
    for language, sentences in measure.sentences.items():
        for name, source in {**sentences, **measure.columns[language]}.items():
            where = f"in its sentence '{language}.{name}'"
            if name in measure.columns[language] and source.isidentifier():
                yield where, {source}
                continue
            try:
                compile_template(language, source)
                tree = ENVIRONMENTS[language].parse(source)
            except (TemplateError, TypeError) as error:
                problem = f"has a sentence '{name}' that is no template: {error}"
                raise make_error(measure.path, measure.name, problem, "Mend it.") from None
            if any(choice.expr2 is None for choice in tree.find_all(nodes.CondExpr)):
                problem = f"has a sentence '{name}' with an `if` that has no `else`."
                fix = 'Without one it fails where it is not so: write `else ""`.'
                raise make_error(measure.path, measure.name, problem, fix)
            yield where, meta.find_undeclared_variables(tree)
