"""The screen Evidence: did shootings change when the program came, and what can data not tell?

The answer is about all shootings and is the same for everybody. What is found for shootings with
group members is in the tab *Checks*, for those who may read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import pandas as pd

from longevity.base.errors import DataError
from longevity.findings import evaluation_text
from longevity.findings.evaluation_text import describe_check, describe_refusal, list_facts
from longevity.screens.chart_catalogue import evidence_charts
from longevity.screens.choice import CITY_OR_ALL, find_city
from longevity.screens.context import ReportContext
from longevity.screens.report import Card, Report, Row, Tab
from longevity.screens.screen import Screen
from longevity.stats.evaluation import ALL, GMI, Evaluation
from longevity.stats.monthly_series import LEAST_MONTHS
from longevity.words.language import translate
from longevity.words.say import say

NAME = "evidence"


@dataclass(frozen=True)
class EvidenceScreen:
    """The screen for one city, or with `city` None for all side by side.

    An evaluation compares a city's shootings with those expected without the program.
    """

    context: ReportContext
    city: str | None

    @cached_property
    def evaluations(self) -> Mapping[str, Evaluation | str]:
        """Return the evaluation of each city with a program, or a sentence on why there is none."""
        return {city: self._evaluate(city) for city in self._list_cities(with_program=True)}

    def _list_cities(self, with_program: bool) -> list[str]:
        """Return the cities on the screen that have a program, or those that have none."""
        asked = [self.city] if self.city else list(self.context.cities)
        cities = self.context.settings.cities
        return [city for city in asked if (cities[city].launched_on is not None) == with_program]

    def _evaluate(self, city: str, with_groups: bool = False) -> Evaluation | str:
        """Return a city's evaluation, or a sentence on why there is none."""
        not_held = self.context.explain_absence("incidents", city)
        if not_held:
            return say("evaluation.not_held", why=not_held)
        try:
            return evidence_charts.evaluate_city(self.context, city, with_groups)[0]
        except DataError as error:
            return str(error)

    def build(self) -> Report:
        """Return the screen as a report: the result, its checks, and what others found."""
        judged = self.judged
        tabs = []
        if judged:
            tabs.append(Tab("result", translate("Result"), lambda: self.answer, self.results))
        if any(found.states for found in judged.values()):
            tabs.append(Tab("checks", translate("Checks"), self.answer_checks, self.checks))
        # Without any evaluation the answer of the last tab is why there is none.
        found = self.answer_others if judged else lambda: self.answer
        others = Tab("others", translate("What others found"), found, self.others)
        return Report(NAME, (*tabs, others))

    @property
    def judged(self) -> dict[str, Evaluation]:
        """Return the evaluations there are, by city, also those without a clear result."""
        return {
            city: found for city, found in self.evaluations.items() if isinstance(found, Evaluation)
        }

    @property
    def answer(self) -> str:
        """Return the verdict for the cities with a program, and which cities have none."""
        cities, said = self.context.cities, []
        if self.city and self.evaluations:
            only = self.evaluations[self.city]
            said = [only if isinstance(only, str) else evaluation_text.write_title(only, "opening")]
        elif self.evaluations:
            untold = [cities[city] for city in self.evaluations if city not in self.judged]
            said = [evaluation_text.write_headline(list(self.judged.values()), untold)]
        without = [cities[city] for city in self._list_cities(with_program=False)]
        if without:
            said.append(say("evaluation.no_program", places=without))
        return " ".join(said)

    def ends_before(self, day: date) -> bool:
        """Return whether all evaluated months were before that of `day`; False without any."""
        judged = [found.main for found in self.judged.values()]
        last = [main.last for main in judged if main.effect is not None]
        return bool(last) and max(last).date() < day.replace(day=1)

    def results(self) -> Sequence[Row]:
        """Return the cards of "Result": a chart for each city, and what the data cannot tell."""
        charts = [self.result(city, found) for city, found in self.judged.items()]
        missing = [
            Card(f"evaluation.missing.{city}", self.context.cities[city], alert=why)
            for city, why in self.evaluations.items()
            if isinstance(why, str)
        ]
        rows: list[Row] = [charts, missing] if missing else [charts]
        if self.city and self.judged[self.city].main.effect is not None:
            said = evaluation_text.describe_limits(self.judged[self.city])
            rows.append([Card("evaluation.limits", translate("What this cannot tell"), (said,))])
        return rows

    def result(self, city: str, evaluated: Evaluation, series: str = ALL) -> Card:
        """Return the card of a city's result: the chart, and the finding in a sentence.

        On the screen of all cities it has only the estimate with its interval. `series`: ALL
        shootings, or those with group members.
        """
        main = evaluated.main
        if main.effect is not None and self.city is None:
            said = say("evaluation.estimate_alone", list_facts(main))
        else:
            said = evaluation_text.describe_evaluation(evaluated, self.context.least_base)
        card = Card(f"evaluation.{city}", sentences=(said,))
        if main.model is None:
            nothing = say("evaluation.nothing_to_draw", least=LEAST_MONTHS)
            return replace(card, title=evaluated.place, sentences=(said, nothing))
        values = {"city": city, "series": series}
        return replace(card, chart="evaluation", values=values, brief=True)

    def answer_checks(self) -> str:
        """Return the tab's answer: how many checks of each city's evaluation raise doubts."""
        return evaluation_text.write_checks_headline(list(self.judged.values()))

    def checks(self) -> Sequence[Row]:
        """Return the cards of "Checks": what could be wrong, and for one city the result for
        shootings with group members.
        """
        listed = self.list_checks(self.judged, translate("What could be wrong"))
        if self.city is None:
            return [[listed]]
        return [[listed], *self.groups(self.city)]

    def list_checks(
        self, judged: Mapping[str, Evaluation], title: str, with_groups: bool = False
    ) -> Card:
        """Return a card with a row for each city and check: how it came out and what it says.

        All evaluations are made of one answer, so that of the first city is the card's source.
        """
        _, months = evidence_charts.evaluate_city(self.context, next(iter(judged)), with_groups)
        rows = [
            (
                evaluated.place,
                say(f"check.{check}"),
                say(f"check.{state}"),
                describe_check(evaluated, check),
            )
            for evaluated in judged.values()
            for check, state in evaluated.states.items()
        ]
        columns = [*map(translate, ("City", "Check", "Found", "What it says"))]
        key = f"evaluation.flags{'.gmi' if with_groups else ''}"
        return Card(key, title, table=pd.DataFrame(rows, columns=columns), answer=months)

    def groups(self, city: str) -> Sequence[Row]:
        """Return the cards on shootings with group members, for those who may read the city."""
        if not self.context.can_see(city):
            return []
        found = self._evaluate(city, with_groups=True)
        if isinstance(found, str):
            return []
        if found.gmi.effect is None:
            title = f"With group members. {found.place}"
            return [[Card("evaluation.gmi", title, (describe_refusal(found.gmi),))]]
        title = f"With group members. {evaluation_text.write_title(found, 'opening')}"
        shown = replace(self.result(city, found, GMI), key="evaluation.gmi", title=title)
        wrong = "What could be wrong with group members"
        checks = self.list_checks({city: found}, wrong, with_groups=True)
        return [[shown], [checks]]

    def answer_others(self) -> str:
        """Return the tab's answer: how many published evaluations found what."""
        return evaluation_text.count_published(self.context.ask("evaluations").frame)

    def others(self) -> Sequence[Row]:
        """Return the card of "What others found": a table of published evaluations."""
        published = self.context.ask("evaluations")
        table = self.context.tabulate("published_evaluation", published.frame)
        title = translate("What others have published")
        return [[Card("evaluation.published", title, table=table, answer=published)]]


SCREEN = Screen(
    NAME,
    "Evidence",
    group="Violence",
    place=2,
    icon=":material/query_stats:",
    help="Whether shootings changed when the program came. Choose a city, and read what the "
    "data cannot tell before quoting it.",
    build=lambda context, chosen: EvidenceScreen(context, find_city(chosen)).build(),
    choices=(CITY_OR_ALL,),
)
