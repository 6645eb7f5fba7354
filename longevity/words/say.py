"""Fill a measure's sentence with figures: once, or once for each row of a frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from pandas.api.types import is_numeric_dtype

from longevity.words.declarations import NONE, compile_template, load_declarations
from longevity.words.language import find_language

Facts = Mapping[str, Any]


def say(sentence: str, /, *given: Facts | pd.DataFrame, **facts: Any) -> str:
    """Return a sentence of a measure in the language in use, filled with these facts.

    `say("met_home.title", greeted=3, exits=5)`. Facts are numbers, days, texts and lists by name; a
    frame gives the sum of each of its number columns; where a name is given twice the last counts.
    Where the figure that the measure declares as its `whole` is 0 or missing, "title_none" is used
    in place of "title".

    Raises:
        KeyError: there is no such sentence.
        jinja2.UndefinedError: it names a fact that is not given.
    """
    name, part = sentence.split(".", 1)
    declared, language = load_declarations()[name], find_language()
    figures: dict[str, Any] = {}
    for some in given:
        figures |= add_up(some) if isinstance(some, pd.DataFrame) else some
    figures |= facts
    sentences = declared.find_words(language).sentences
    if declared.whole and part + NONE in sentences and not figures.get(declared.whole):
        part += NONE
    return compile_template(language, sentences[part]).render(figures)


def say_rows(
    sentence: str, frame: pd.DataFrame, /, *given: Facts | pd.DataFrame, **facts: Any
) -> list[str]:
    """Return a sentence for each row of `frame`, whose columns are the facts.

    A missing value is None, which a template writes as "unknown". Rows for which the template
    writes nothing are left out.
    """
    return [text for row in list_rows(frame) if (text := say(sentence, *given, row, **facts))]


def tabulate(measure: str, frame: pd.DataFrame, *given: Facts) -> pd.DataFrame:
    """Return the table that a measure declares as its `columns`, filled from these rows.

    A column under a heading is one of the frame, "released_on", or a template filled for each row.
    """
    language = find_language()
    columns = load_declarations()[measure].find_words(language).columns
    facts = {name: value for some in given for name, value in some.items()}
    rows = [{**facts, **row} for row in list_rows(frame)]

    def fill(cell: str) -> Any:
        if cell.isidentifier():
            return frame[cell].array
        return [*map(compile_template(language, cell).render, rows)]

    return pd.DataFrame({heading: fill(cell) for heading, cell in columns.items()})


def list_rows(frame: pd.DataFrame) -> list[Facts]:
    """Return each row as `{"city": "hartford", "exits": 3}`; what is missing is None."""
    columns = (  # `to_dict` takes five times as long, and every table of a screen comes here
        [None if is_missing else value for value, is_missing in zip(column, gaps, strict=True)]
        for column, gaps in ((column.tolist(), column.isna()) for _, column in frame.items())
    )
    names = [*frame]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def add_up(frame: pd.DataFrame) -> dict[str, int]:
    """Return the sum of each number column over the rows: `{"exits": 12}`; missing adds nothing.

    Sentences about all the cities of an answer are filled with it.
    """
    return {
        str(name): int(column.sum())
        for name, column in frame.items()
        if is_numeric_dtype(column) and column.dtype != bool
    }
