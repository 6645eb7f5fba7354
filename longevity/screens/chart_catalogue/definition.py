"""What an entry of the catalogue of charts is: its name, its choices, and how it is made.

To *prepare* a chart is to ask its queries and to turn their rows into those that are drawn. Where a
declaration in `words/*.toml` cannot say how, a function does it, and calls `make_chart`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from longevity.base.errors import AccessError, UsageError, suggest_nearest
from longevity.charts.chart import Chart
from longevity.charts.kinds import KINDS
from longevity.screens.choice import Choice, Values
from longevity.screens.context import ReportContext
from longevity.warehouse.warehouse import Answer
from longevity.words.declarations import CHART, ChartDeclaration, load_charts
from longevity.words.language import Spoken, translate
from longevity.words.say import say

# The subjects that charts are listed under, in this order.
OVER_TIME, PLACES, COMPARED, PEOPLE, EVALUATED, PROGRAM = (
    "Over time",
    "Places",
    "Cities compared",
    "People shot",
    "Did it change",
    "The program",
)
SUBJECTS = Spoken({of: of for of in (OVER_TIME, PLACES, COMPARED, PEOPLE, EVALUATED, PROGRAM)})


def explain_wait() -> str:
    """Return what to do where the public tables have no year yet."""
    return translate("Publish again 90 days after a year that the data hold whole.")


Prepare = Callable[[ReportContext, Values], Chart]


@dataclass(frozen=True, eq=False)
class Entry:
    """One chart of the catalogue, as a measure declares it.

    `prepare` asks the queries and makes the chart of their rows.
    """

    name: str
    about: ChartDeclaration
    parameters: tuple[Choice, ...]
    prepare: Prepare

    @property
    def title(self) -> str:
        """The chart's title in the list of charts."""
        return say(f"{CHART}{self.name}.topic")

    @property
    def why_not_public(self) -> str:
        """Why this chart is not public, and which one to use; "" for a public one."""
        if not self.about.inside:
            return ""
        why, instead = [*self.about.inside, "no_other"][:2]
        return f"{say(f'stays_inside.{why}')} {say(f'stays_inside.{instead}')}"

    @property
    def is_alike_for_all(self) -> bool:
        """Return whether the chart is the same for every viewer."""
        return not self.about.inside and not any(choice.by_viewer for choice in self.parameters)

    def require_public_form(self) -> None:
        """Raise AccessError for a chart that is not public."""
        if self.about.inside:
            raise AccessError(f"'{self.name}' has no public form.", self.why_not_public)

    def draw(self, context: ReportContext, values: Values | None = None) -> Chart:
        """Make the chart with these choices; UsageError names one that is not offered."""
        settled, changes = self._settle_values(context, values or {})
        chart = self.prepare(context, settled)
        return replace(chart, values=settled, changes=changes, ends=context.ends)

    def _settle_values(
        self, context: ReportContext, values: Values
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Return the value of every parameter, and those that are not the default.

        UsageError for an unknown parameter, and for a value that this viewer is not offered.
        """
        names = [parameter.name for parameter in self.parameters]
        for name in values:
            if name not in names:
                raise UsageError(
                    f"'{self.name}' has no parameter '{name}'.", suggest_nearest(name, names)
                )
        settled: dict[str, str] = {}
        changes: dict[str, str] = {}
        for parameter in self.parameters:
            offered = list(parameter.offer(context, settled))
            value = values.get(parameter.name, offered[0])
            if value not in offered:
                raise UsageError(
                    f"'{parameter.name}' of '{self.name}' cannot be '{value}'.",
                    suggest_nearest(value, offered),
                )
            settled[parameter.name] = value
            if value != offered[0]:
                changes[parameter.name] = value
        return settled, changes


def make_chart(
    context: ReportContext,
    name: str,
    frame: pd.DataFrame,
    answers: tuple[Answer, ...],
    *,
    facts: Mapping[str, Any] | None = None,
    table: pd.DataFrame | None = None,
    finding: str = "",
    topic: str = "",
    sentences: tuple[str, ...] = (),
) -> Chart:
    """Return the chart `name` of these rows, in the words that its measure declares.

    `frame`: the rows as they are drawn, made of the first answer; `table`: those for a file, by
    default the frame. `facts`: what the chart's sentences use next to the columns; `finding`: its
    title, where the measure has none for it; `sentences`: more to say next to the chart.
    """
    declared = load_charts()[name]
    panels = frame["city"].nunique() if "city" in frame else 1
    asked = answers[0].provenance.parameters
    given: dict[str, Any] = {**asked, "panels": panels, "rows": len(frame), **(facts or {})}
    title = finding or context.say(f"{declared.measure}.title", frame, given)
    named = context.tabulate(f"{CHART}{name}", frame, **given)
    given |= {"title": title, **{column: named[column].tolist() for column in named}}
    written = {
        sentence: context.say(f"{CHART}{name}.{sentence}", frame, given)
        for sentence in declared.en.sentences
    }
    rows = frame.assign(**{column: named[column].array for column in named})
    kind = KINDS[declared.kind](context.make_drawing(), rows, written, **declared.arguments)
    return Chart(
        name,
        title,
        written["subtitle"],
        kind,
        alt=written.get("alt") or kind.describe() or f"{title}.",
        table=frame if table is None else table,
        file=declared.file.format_map(given),
        topic=topic,
        sentences=tuple(filter(None, sentences)),
        answers=answers,
    )
