"""Fill a sentence of a measure with figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from longevity.measures.declarations import NONE, load_measures

LANGUAGE = "en"
Facts = Mapping[str, Any]


def say(sentence: str, /, *given: Facts | pd.DataFrame, **facts: Any) -> str:
    """Return a sentence of a measure, "met_home.title", filled with these facts.

    Facts are numbers, days, texts and lists of them, by name; a frame gives the sum of each of its
    counts; of one name the last given counts. Where the measure's `whole` is nought or missing,
    its "title_none" is said for its "title".

    Raises:
        KeyError: there is no such sentence.
        jinja2.UndefinedError: it names a fact that is not given.
    """
    name, part = sentence.split(".")
    measure = load_measures()[name]
    figures: dict[str, Any] = {}
    for some in given:
        figures |= add_up(some) if isinstance(some, pd.DataFrame) else some
    figures |= facts
    sentences = measure.sentences[LANGUAGE]
    if measure.whole and part + NONE in sentences and not figures.get(measure.whole):
        part += NONE
    return sentences[part].render(figures)


def add_up(frame: pd.DataFrame) -> dict[str, int]:
    """Return the sum of each column that counts, over the rows of an answer; missing adds nothing.

    What sentences about all cities of an answer are filled with.
    """
    counts = frame.select_dtypes(include=["number", "boolean"])
    return {str(name): int(counts[name].sum()) for name in counts}
