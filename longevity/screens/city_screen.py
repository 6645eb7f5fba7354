"""A screen of the program: one city, or all that a viewer may read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from longevity.measures.declarations import load_measures
from longevity.screens.context import ReportContext
from longevity.screens.report import Card
from longevity.screens.supply import Supply, supply
from longevity.warehouse.warehouse import Answer

ALL = "all"


@dataclass(frozen=True)
class CityScreen:
    """The screen for a viewer who may read the rows of `cities`; `city` is None for all."""

    context: ReportContext
    city: str | None
    cities: Mapping[str, str]

    @property
    def say(self) -> Callable[..., str]:
        """Return what fills a sentence of a measure (`ReportContext.say`)."""
        return self.context.say

    @property
    def say_rows(self) -> Callable[..., list[str]]:
        """Return what fills a sentence of each row (`ReportContext.say_rows`)."""
        return self.context.say_rows

    def ask(self, query: str, **parameters: Any) -> Answer:
        """Return the answer to a question about the chosen cities."""
        return self.context.ask(query, city=self.city, **parameters)

    def supply(self, query: str, *what: str) -> Supply:
        """Return whether any of the cities supplied what an answer is made of (`supply`)."""
        return supply(self.ask(query), self.cities, what)

    @property
    def values(self) -> Mapping[str, str]:
        """Return what the charts of this screen are drawn of."""
        return {"city": self.city or ALL}

    def draw(self, key: str, chart: str, about: Sequence[str] = (), **more: Any) -> Card:
        """Return a chart of the chosen cities. `about`: sentences behind its ⓘ."""
        definition = " ".join(filter(None, about))
        return Card(key, chart=chart, values=self.values, definition=definition, **more)

    def list_rows(
        self,
        key: str,
        title: str,
        measure: str,
        about: Sequence[str] = (),
        only: str = "",
        **more: Any,
    ) -> Card:
        """Return the table a measure declares of its query's rows. `only`: which of them
        (`DataFrame.query`); missing is none of them.
        """
        answer = self.ask(str(load_measures()[measure].query))
        rows = answer.frame.query(only) if only else answer.frame
        table = self.context.tabulate(measure, rows)
        definition = " ".join(filter(None, about))
        return Card(key, title, table=table, answer=answer, definition=definition, **more)
