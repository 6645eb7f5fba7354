"""Evidence: did shootings change when the program came, and what can these data not tell?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from longevity.errors import DataError
from longevity.reports.chart_catalogue import evaluation
from longevity.reports.context import ReportContext
from longevity.reports.report import Card, Report, Row, Tab
from longevity.stats.evaluation import Evaluation
from longevity.text import evaluation_rows, evaluation_text
from longevity.text.evaluation_check_text import CHECK_NAMES, describe_check

SCREEN = "evaluation"
CHECKS = ("start-dates", "placebo-dates", "residuals", "other-means")
MODEL = "The model, its choices and how often its intervals hold: docs/evaluation.md."


@dataclass(frozen=True)
class Evidence:
    """The screen of one city."""

    context: ReportContext
    city: str

    def build(self) -> Report:
        """Return the screen."""
        others = Tab("others", "What others found", self.others)
        not_held = self.context.explain_absence("incidents", self.city)
        if not_held:
            return Report(
                SCREEN, f"Whether shootings changed cannot be told. {not_held}", (others,)
            )
        try:
            evaluated, _ = evaluation.evaluate_city(self.context, self.city)
        except DataError as error:
            return Report(SCREEN, str(error), (others,))
        least = self.context.settings.thresholds.least_base_for_percentage
        tabs = [Tab("result", "Result", lambda: self.result(evaluated))]
        if evaluated.main.model is not None:
            tabs.append(Tab("checks", "Checks", lambda: self.checks(evaluated)))
        return Report(
            SCREEN,
            evaluation_rows.write_opening(evaluated),
            (*tabs, others),
            notes=(evaluation_text.describe_evaluation(evaluated, least),),
            not_for_release=self.context.can_see(self.city),
        )

    def result(self, evaluated: Evaluation) -> Sequence[Row]:
        """Return what happened beside what would be expected, and what this cannot tell."""
        series = evaluation_rows.list_series(evaluated)
        charts = [
            Card(
                f"evaluation.{each.name}",
                chart="evaluation",
                values={"city": self.city, "series": each.name},
            )
            for each in series
        ]
        refusals = [
            Card(f"evaluation.refused.{number}", alert=sentence)
            for number, sentence in enumerate(evaluation_rows.list_refusals(evaluated))
        ]
        nothing = Card("evaluation.nothing", alert=evaluation_rows.NOTHING_TO_DRAW)
        main = evaluated.main
        seen = (evaluation_text.describe_detectable_of(main),) if main.model is not None else ()
        limits = self.context.compute(evaluation.limits, self.context, self.city)
        cannot = Card("evaluation.limits", "What this cannot tell", (limits, *seen), note=MODEL)
        return [charts or [nothing], *([refusals] if refusals else []), [cannot]]

    def checks(self, evaluated: Evaluation) -> Sequence[Row]:
        """Return what could be wrong with it, one line a check, and a picture of each."""
        flags = pd.DataFrame(
            {
                "Check": [CHECK_NAMES[flag.check].capitalize() for flag in evaluated.flags],
                "Found": [flag.state.value for flag in evaluated.flags],
                "What it says": [describe_check(evaluated, flag) for flag in evaluated.flags],
            }
        )
        _, months = evaluation.evaluate_city(self.context, self.city)
        table = Card("evaluation.flags", "What could be wrong", table=flags, answer=months)
        pictures = [
            Card(f"evaluation.{name}", chart=f"evaluation-{name}", values={"city": self.city})
            for name in CHECKS
        ]
        return [[table], pictures[:2], pictures[2:]]

    def others(self) -> Sequence[Row]:
        """Return what others have published."""
        published = self.context.ask("evaluations")
        if published.frame.empty:
            none = "No published evaluation is among the reference facts (data/README.md)."
            return [[Card("evaluation.published", alert=none, answer=published)]]
        sentences = tuple(
            evaluation_text.describe_published(row) for row in published.frame.to_dict("records")
        )
        title = "What others have published"
        card = Card(
            "evaluation.published", title, sentences, table=published.frame, answer=published
        )
        return [[card]]
