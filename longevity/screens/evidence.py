"""Evidence: did shootings change when the program came, and what can these data not tell?

The answer is of all shootings, the same for everybody; with group members it is in *Checks*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import pandas as pd

from longevity.errors import DataError
from longevity.findings import evaluation_text
from longevity.findings.evaluation_text import describe_check, describe_refusal, list_facts
from longevity.language import translate
from longevity.measures.say import say
from longevity.screens.chart_catalogue import evidence_charts
from longevity.screens.context import ReportContext
from longevity.screens.report import Card, Report, Row, Tab
from longevity.stats.evaluation import ALL, GMI, Evaluation
from longevity.stats.judged_series import LEAST_MONTHS

SCREEN = "evidence"
MODEL = "The model, its choices and how often its intervals hold: docs/evidence.md."


@dataclass(frozen=True)
class Evidence:
    """The screen of one city, or of all side by side where `city` is None."""

    context: ReportContext
    city: str | None

    @cached_property
    def evaluations(self) -> Mapping[str, Evaluation | str]:
        """Return each city's evaluation, or why there is none."""
        return {city: self._evaluate(city) for city in self._list_cities(with_program=True)}

    def _list_cities(self, with_program: bool) -> list[str]:
        """Return the cities asked for that have a program, or those that have none."""
        asked = [self.city] if self.city else list(self.context.cities)
        cities = self.context.settings.cities
        return [city for city in asked if (cities[city].launched_on is not None) == with_program]

    def _evaluate(self, city: str, with_groups: bool = False) -> Evaluation | str:
        not_held = self.context.explain_absence("incidents", city)
        if not_held:
            return say("evaluation.not_held", why=not_held)
        try:
            return evidence_charts.evaluate_city(self.context, city, with_groups)[0]
        except DataError as error:
            return str(error)

    def build(self) -> Report:
        """Return the screen."""
        judged = self.judged
        tabs = []
        if judged:
            tabs.append(Tab("result", translate("Result"), lambda: self.answer, self.results))
        if any(found.states for found in judged.values()):
            tabs.append(Tab("checks", translate("Checks"), self.answer_checks, self.checks))
        # Where nothing can be judged, why not is the answer.
        found = self.answer_others if judged else lambda: self.answer
        others = Tab("others", translate("What others found"), found, self.others)
        return Report(SCREEN, (*tabs, others))

    @property
    def judged(self) -> dict[str, Evaluation]:
        """Return the cities that have an evaluation, even one that cannot tell."""
        return {
            city: found for city, found in self.evaluations.items() if isinstance(found, Evaluation)
        }

    @property
    def answer(self) -> str:
        """Return the verdict of every city that has a program, and which have none."""
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
        """Return whether all that is judged had ended before a day; False where nothing is."""
        judged = [found.main for found in self.judged.values()]
        last = [main.last for main in judged if main.effect is not None]
        return bool(last) and max(last).date() < day.replace(day=1)

    def results(self) -> Sequence[Row]:
        """Return what happened next to what would be expected, and what this cannot tell."""
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
        """Return one city's observed and expected shootings, and its finding in full; of all
        cities the estimate with its interval alone.
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
        note = translate(MODEL) if self.city and series == ALL else ""
        return replace(card, chart="evaluation", values=values, note=note, brief=True)

    def answer_checks(self) -> str:
        """Return how many checks of each city are in doubt."""
        return evaluation_text.write_checks_headline(list(self.judged.values()))

    def checks(self) -> Sequence[Row]:
        """Return what could be wrong with it, and of one city the shootings with group members."""
        listed = self.list_checks(self.judged, translate("What could be wrong"))
        if self.city is None:
            return [[listed]]
        return [[listed], *self.groups(self.city)]

    def list_checks(
        self, judged: Mapping[str, Evaluation], title: str, with_groups: bool = False
    ) -> Card:
        """Return a card with a row for each city and check: how it came out and what it says.

        All cities are judged by one answer, so the first one's is its source.
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
        """Return the shootings with group members of a city, for those who may read them."""
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
        """Return what the published evaluations found, in numbers."""
        return evaluation_text.count_published(self.context.ask("evaluations").frame)

    def others(self) -> Sequence[Row]:
        """Return what others have published."""
        published = self.context.ask("evaluations")
        table = self.context.tabulate("published_evaluation", published.frame)
        title = translate("What others have published")
        return [[Card("evaluation.published", title, table=table, answer=published)]]
