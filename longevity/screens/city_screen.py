"""A screen of the program: one city, or all that a viewer may read, and what was not supplied."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from longevity.measures.declarations import CHART, load_measures
from longevity.measures.say import say
from longevity.screens.chart_catalogue.chart_list import say_finding
from longevity.screens.context import ReportContext
from longevity.screens.report import Card
from longevity.warehouse.warehouse import Answer

ALL = "all"


class Supply(NamedTuple):
    """Whether anything was supplied, and what is said of what was not."""

    any: bool
    alert: str

    def show(self, card: Card) -> Card:
        """Return the card with what is said of cities without; that alone where all are."""
        if self.any:
            return replace(card, alert=self.alert)
        title = card.title or say(f"{CHART}{card.chart}.topic")
        return Card(card.key, title, alert=self.alert, width=card.width)


def explain_absent(answer: Answer) -> str:
    """Say which extracts the answer needed and the release lacks; "" where it has all."""
    names = [name.replace("_", " ") for name in answer.provenance.absent]
    return say("absent.not_in_release", names=", ".join(names)) if names else ""


def say_none_supplied(what: str) -> str:
    """Return the answer of a tab that is about something not supplied."""
    return say("absent.nothing_known", what=say("absent.none_supplied", what=what, place=""))


def supply(
    answer: Answer, cities: Mapping[str, str], what: Sequence[str], by_rows: bool = True
) -> Supply:
    """Return whether any of `cities` supplied all of `what`, and what is said of the others.

    A city without rows supplied nothing; without `by_rows`, for an answer that lists what there
    is and may have nothing to list, one its sources say nothing of.
    """
    absent = explain_absent(answer)
    without = set(answer.provenance.without_data)
    there = set(answer.frame["city"]) if by_rows else cities.keys() - without
    if absent and not (by_rows and there):
        return Supply(False, absent)
    names = [name for city, name in cities.items() if city not in there]
    sentence = f"absent.{'not_all' if what[1:] else 'not'}_of_cities"
    said = say(sentence, what=what, names=names) if names else ""
    return Supply(bool(there), " ".join(filter(None, (absent, said))))


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

    @property
    def values(self) -> Mapping[str, str]:
        """Return what the charts of this screen are drawn of."""
        return {"city": self.city or ALL}

    def ask(self, query: str, **parameters: Any) -> Answer:
        """Return the answer to a question about the chosen cities."""
        return self.context.ask(query, city=self.city, **parameters)

    def supply(self, query: str, *what: str) -> Supply:
        """Return whether any of the cities supplied what an answer is made of (`supply`)."""
        return supply(self.ask(query), self.cities, what)

    def answer(self, chart: str, query: str, what: str) -> str:
        """Return the finding of a chart, or that nothing of `what` was supplied for `query`."""
        if self.ask(query).frame.empty:
            return say_none_supplied(what)
        return say_finding(self.context, chart, self.values)

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
