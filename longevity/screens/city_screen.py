"""The base of the screens about the program: cards and answers for one city or all.

Where cities did not supply the data for a card, the card says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from longevity.screens.chart_catalogue.chart_list import say_finding
from longevity.screens.choice import ALL
from longevity.screens.context import ReportContext
from longevity.screens.report import Card, Report
from longevity.warehouse.catalogue import load_queries
from longevity.warehouse.provenance import EXTRACTS
from longevity.warehouse.warehouse import Answer
from longevity.words.declarations import CHART, load_charts, load_measures
from longevity.words.say import say


@dataclass(frozen=True)
class CityScreen:
    """A screen for a viewer who may read the rows of its cities.

    `city`: the one chosen, None for all. Every card and answer is made of a measure and its query
    (`words/*.toml`): its sentence "about" explains the card, and its query says which extracts
    are needed.
    """

    context: ReportContext
    city: str | None

    @property
    def cities(self) -> Mapping[str, str]:
        """Return the chosen city or all, names by id."""
        return self.context.select_cities(self.city)

    def build(self) -> Report:
        """Return the screen as a report; each screen has its own."""
        raise NotImplementedError

    @property
    def say(self) -> Callable[..., str]:
        """Return the function that fills a sentence of a measure (`ReportContext.say`)."""
        return self.context.say

    @property
    def say_rows(self) -> Callable[..., list[str]]:
        """Return the function that fills a sentence for each row (`ReportContext.say_rows`)."""
        return self.context.say_rows

    @property
    def values(self) -> Mapping[str, str]:
        """Return the choices for this screen's charts: {"city": "hartford"}."""
        return {"city": self.city or ALL}

    def ask(self, query: str, **parameters: Any) -> Answer:
        """Return the answer to a question about the chosen cities."""
        return self.context.ask(query, city=self.city, **parameters)

    def read_rows(self, query: str, only: str = "") -> pd.DataFrame:
        """Return the rows of a query's answer. `only`: a condition (`DataFrame.query`)."""
        frame = self.ask(query).frame
        return frame.query(only) if only else frame

    def find_missing(self, query: str) -> str:
        """Return a sentence on what cities without a row in an answer did not supply, and on files
        that begin within the last twelve months; else "".
        """
        needed = load_queries()[query].needs
        said = [self.context.explain_missing(needed, self.list_cities_without(query))]
        for city, names in self.context.find_late_files(*needed).items():
            if city in self.cities:
                day = self.context.find_first_day(city, *names)
                what = [EXTRACTS[name] for name in names]
                said.append(say("absent.begins", place=self.cities[city], what=what, day=day))
        return " ".join(filter(None, said))

    def list_cities_without(self, query: str) -> dict[str, str]:
        """Return the cities without a row in a query's answer, names by id."""
        there = {*self.ask(query).frame["city"]}
        return {city: name for city, name in self.cities.items() if city not in there}

    def list_unknown(self, query: str) -> list[str]:
        """Return the cities without a row in an answer that lack what it needs, by id."""
        needed = load_queries()[query].needs
        unknown = {
            *self.context.find_cities_without(*needed),
            *self.context.find_late_files(*needed),
        }
        return [city for city in self.list_cities_without(query) if city in unknown]

    def is_unknown(self, query: str) -> bool:
        """Return whether nothing is known: no city has a row, and none supplied what is needed."""
        return self.list_unknown(query) == [*self.cities]

    def answer(self, sentence: str, only: str = "", **facts: Any) -> str:
        """Return a measure's sentence, "met_home.headline", filled from its query's answer.

        Where nothing is known it says what was not supplied. `only`: a condition on the rows
        (`DataFrame.query`); `facts`: more values for the sentence.
        """
        query = load_measures()[sentence.partition(".")[0]].query
        if self.is_unknown(query):
            return self.find_missing(query)
        return self.say(sentence, self.read_rows(query, only), **facts)

    def answer_chart(self, chart: str) -> str:
        """Return the title of a chart as a sentence, or what was not supplied for it."""
        query = load_measures()[load_charts()[chart].measure].query
        if self.is_unknown(query):
            return self.find_missing(query)
        return say_finding(self.context, chart, self.values)

    def draw(self, key: str, chart: str, **more: Any) -> Card:
        """Return the card of a chart for the chosen cities, with its measure's "about" behind ⓘ.

        `more`: other fields of the `Card`.
        """
        measure = load_charts()[chart].measure
        about = {"definition": self.say_about(measure)}
        card = Card(key, chart=chart, values=self.values, **about | more)
        return self._show(card, load_measures()[measure].query)

    def tabulate(self, key: str, title: str, measure: str, only: str = "", **more: Any) -> Card:
        """Return a card with the table that a measure declares, of its query's rows.

        `only`: a condition on the rows (`DataFrame.query`); `more`: other fields of the `Card`.
        """
        query = load_measures()[measure].query
        answer, rows = self.ask(query), self.read_rows(query, only)
        shown: dict[str, Any] = {"sentences": (say("absent.no_rows"),)}
        if len(rows):
            codes = load_measures()[measure].file_only
            shown = {"table": self.context.tabulate(measure, rows), "file_only": tuple(codes)}
        about = {"definition": self.say_about(measure)}
        return self._show(Card(key, title, answer=answer, **shown | about | more), query)

    def say_about(self, measure: str) -> str:
        """Return the sentence "about" of a measure, filled from its answer; "" if it has none."""
        if "about" not in load_measures()[measure].en.sentences:
            return ""
        return self.say(f"{measure}.about", self.ask(load_measures()[measure].query).frame)

    def _show(self, card: Card, query: str) -> Card:
        """Return a card with an alert on what was not supplied; alone where nothing is known."""
        missing = self.find_missing(query)
        if self.is_unknown(query):
            title = card.title or say(f"{CHART}{card.chart}.topic")
            return Card(card.key, title, alert=missing, width=card.width)
        return replace(card, alert=missing)
