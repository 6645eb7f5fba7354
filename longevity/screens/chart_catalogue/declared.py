"""Make the charts that measures declare in TOML: ask the query, prepare the rows, draw them.

To *prepare* is to turn the rows of an answer into those that are drawn, and to say what goes with
them (`Prepared`). Where a declaration cannot say how, a function does it (`PREPARED`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd

from longevity.base.errors import ConfigError, suggest_nearest
from longevity.charts.chart import Chart
from longevity.charts.kinds import KINDS
from longevity.charts.kinds.bars import describe_rows
from longevity.screens.chart_catalogue.definition import (
    FINDING,
    ChartAndAnswers,
    Entry,
)
from longevity.screens.choice import Choice, Values, find_city
from longevity.screens.context import ReportContext
from longevity.warehouse.warehouse import Answer
from longevity.words.declarations import CHART, ChartDeclaration, load_measures
from longevity.words.language import find_language
from longevity.words.say import say


@dataclass(frozen=True)
class Prepared:
    """What a chart is drawn from: its rows (`frame`) and the answers they were made of.

    The rows were made of the first answer. `facts`: values that the chart's sentences use next to
    the columns; `table`: the rows for a file, by default the frame; `titles`: {"finding": "…"},
    where the measure has no sentence for it; `sentences`: more to say next to the chart.
    """

    frame: pd.DataFrame
    answers: tuple[Answer, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    table: pd.DataFrame | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()


Prepare = Callable[[ReportContext, Values], Prepared]


def build_entries(parameters: Mapping[str, Choice], prepared: Mapping[str, Prepare]) -> list[Entry]:
    """Return an entry of the catalogue for each chart that a measure declares.

    `parameters`: the choices there are, by name; `prepared`: the functions that prepare rows, by
    the chart's name.

    Raises:
        ConfigError: a chart is of no kind.
    """
    entries = []
    for key, about in load_measures().items():
        if about.chart is None:
            continue
        name = key.removeprefix(CHART)
        if about.chart.kind not in KINDS:
            nearest = suggest_nearest(about.chart.kind, KINDS)
            raise ConfigError(f"{name}: '{about.chart.kind}' is no kind of chart.", nearest)
        entries.append(
            Entry(
                name,
                say_title=partial(say, f"{key}.topic"),
                parameters=tuple(parameters[choice] for choice in about.chart.choose),
                make=partial(
                    _make, name, prepared.get(name, partial(_ask, about.chart, about.query or ""))
                ),
                why_not_public=_explain_inside(*about.chart.inside) if about.chart.inside else "",
                subject=about.chart.subject,
            )
        )
    return entries


def _explain_inside(why: str, instead: str = "no_other") -> str:
    """Return why a chart stays inside (is not public), and which one to use instead of it."""
    return f"{say(f'stays_inside.{why}')} {say(f'stays_inside.{instead}')}"


def _ask(chart: ChartDeclaration, query: str, context: ReportContext, values: Values) -> Prepared:
    """Prepare a chart that needs no function: ask its query, for the city if one is chosen."""
    answer = context.ask(query, **({"city": find_city(values)} if "city" in values else {}))
    rows, titles = answer.frame, {}
    for column, value in chart.title_of.items():
        titled = rows[rows[column] == value]
        titles[FINDING] = context.say(f"{chart.measure}.title", titled)
        if column == chart.sum_by:  # its total, which is no part of it
            rows = rows.drop(index=titled.index)
    drawn = prepare_rows(rows, chart.sum_by, chart.some)
    return Prepared(drawn, (answer,), table=answer.frame, titles=titles)


def prepare_rows(frame: pd.DataFrame, sum_by: str, some: str) -> pd.DataFrame:
    """Return the rows of an answer as a chart draws them.

    `some`: the column that rows with 0 of are left out by. `sum_by`: a column to add rows up by;
    then they are sorted, most of `some` first.
    """
    if sum_by:
        frame = frame.groupby(sum_by, observed=True).sum(numeric_only=True).reset_index()
        frame = frame.sort_values([some, sum_by], ascending=[False, True])
    return frame[frame[some] > 0] if some else frame


def _make(name: str, prepare: Prepare, context: ReportContext, values: Values) -> ChartAndAnswers:
    made = prepare(context, values)
    chart = draw(context, name, made)
    return chart, made.answers


def draw(context: ReportContext, name: str, made: Prepared) -> Chart:
    """Return the chart `name`: its sentences filled and its kind's function bound to the rows."""
    about = load_measures()[f"{CHART}{name}"]
    declared = about.chart
    if declared is None:
        raise KeyError(name)
    frame = made.frame
    panels = frame["city"].nunique() if "city" in frame else 1
    asked = made.answers[0].provenance.parameters
    facts: dict[str, Any] = {**asked, "panels": panels, "rows": len(frame), **made.facts}
    title = made.titles.get(FINDING) or context.say(f"{declared.measure}.title", frame, facts)
    named = context.tabulate(f"{CHART}{name}", frame, **facts)
    facts |= {"title": title, **{column: named[column].tolist() for column in named}}
    written = {
        sentence: context.say(f"{CHART}{name}.{sentence}", frame, facts)
        for sentence in about.sentences[find_language()]
    }
    rows = frame.assign(**{column: named[column].array for column in named})
    given = (rows, context.make_drawing(), written)
    alt = written.get("alt")
    if alt is None and declared.kind == "rows":  # its title does not say enough
        alt = describe_rows(*given, **declared.arguments)
    return Chart(
        name=declared.file.format_map(facts),
        title=title,
        subtitle=written["subtitle"],
        draw=partial(KINDS[declared.kind], *given, **declared.arguments),
        alt=alt or f"{title}.",
        table=frame if made.table is None else made.table,
        sentences=tuple(filter(None, made.sentences)),
        titles={kind: words for kind, words in made.titles.items() if kind != FINDING and words},
    )
