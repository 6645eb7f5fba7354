"""Fill a sentence of a measure with figures, one or a row each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from pandas.api.types import is_numeric_dtype

from longevity.language import find_language
from longevity.measures.declarations import NONE, compile_template, load_measures

Facts = Mapping[str, Any]


def say(sentence: str, /, *given: Facts | pd.DataFrame, **facts: Any) -> str:
    """Return a sentence of a measure, "met_home.title", filled with these facts, in the language
    in use.

    Facts are numbers, days, texts and lists of them, by name; a frame gives the sum of each of its
    counts; of one name the last given counts. Where the measure's `whole` is nought or missing,
    its "title_none" is said for its "title".

    Raises:
        KeyError: there is no such sentence.
        jinja2.UndefinedError: it names a fact that is not given.
    """
    name, part = sentence.split(".", 1)
    measure, language = load_measures()[name], find_language()
    figures: dict[str, Any] = {}
    for some in given:
        figures |= add_up(some) if isinstance(some, pd.DataFrame) else some
    figures |= facts
    sentences = measure.sentences[language]
    if measure.whole and part + NONE in sentences and not figures.get(measure.whole):
        part += NONE
    return compile_template(language, sentences[part]).render(figures)


def say_rows(
    sentence: str, frame: pd.DataFrame, /, *given: Facts | pd.DataFrame, **facts: Any
) -> list[str]:
    """Return a sentence of each row, its columns the facts; rows it says nothing of are left out.

    What is missing in a row is None, which a template writes as unknown.
    """
    return [text for row in list_rows(frame) if (text := say(sentence, *given, row, **facts))]


def tabulate(measure: str, frame: pd.DataFrame, *given: Facts) -> pd.DataFrame:
    """Return the table a measure declares of these rows: its columns, or templates filled."""
    language = find_language()
    columns = load_measures()[measure].columns[language]
    facts = {name: value for some in given for name, value in some.items()}
    rows = [{**facts, **row} for row in list_rows(frame)]

    def fill(cell: str) -> Any:
        if cell.isidentifier():
            return frame[cell].array
        return [*map(compile_template(language, cell).render, rows)]

    return pd.DataFrame({heading: fill(cell) for heading, cell in columns.items()})


def list_rows(frame: pd.DataFrame) -> list[Facts]:
    """Return each row's columns by name; what is missing is None."""
    columns = (  # a frame's own way takes five times as long, and every table of a screen asks
        [None if is_missing else value for value, is_missing in zip(column, gaps, strict=True)]
        for column, gaps in ((column.tolist(), column.isna()) for _, column in frame.items())
    )
    names = [*frame]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def add_up(frame: pd.DataFrame) -> dict[str, int]:
    """Return the sum of each column that counts, over the rows of an answer; missing adds nothing.

    What sentences about all cities of an answer are filled with.
    """
    return {
        str(name): int(column.sum())
        for name, column in frame.items()
        if is_numeric_dtype(column) and column.dtype != bool
    }
