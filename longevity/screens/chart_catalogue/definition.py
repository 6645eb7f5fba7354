"""What an entry of the catalogue of charts is: its name, the choices it offers, how it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from longevity.base.errors import AccessError, UsageError, suggest_nearest
from longevity.charts.chart import Chart
from longevity.screens.choice import Choice, Values
from longevity.screens.context import ReportContext
from longevity.warehouse.provenance import Provenance
from longevity.warehouse.warehouse import Answer
from longevity.words.language import Spoken, translate

# The subjects that charts are listed under, in this order.
OVER_TIME, PLACES, COMPARED, PEOPLE, EVALUATED, PROGRAM = (
    "Over time",
    "Places",
    "Cities compared",
    "People shot",
    "Did it change",
    "The program",
)
# The kinds of titles: what the chart found ("People shot are down"), or only its subject.
KINDS = FINDING, TOPIC = "finding", "topic"
SUBJECTS = Spoken({of: of for of in (OVER_TIME, PLACES, COMPARED, PEOPLE, EVALUATED, PROGRAM)})


def explain_wait() -> str:
    """Return what to do where the public tables have no year yet."""
    return translate("Publish again 90 days after a year that the data hold whole.")


@dataclass(frozen=True)
class Drawn:
    """A chart that was made for a viewer: picture, words and rows, and the answers it came from.

    `values`: the choices, with defaults filled in; `changes`: those that are not the default;
    `ends`: the last day of each city's counts, as ISO text. An
    `Answer` is what a query returned, its rows with where they come from; the first is that of the
    chart's rows.
    """

    entry: Entry
    values: Mapping[str, str]
    chart: Chart
    answers: tuple[Answer, ...]
    changes: Mapping[str, str] = field(default_factory=dict)
    ends: Mapping[str, str] = field(default_factory=dict)

    @property
    def titles(self) -> dict[str, str]:
        """Return the titles it may have, by kind: {"finding": "…", "topic": "…"}; none twice."""
        others = {
            kind: title for kind, title in self.chart.titles.items() if title != self.chart.title
        }
        return {FINDING: self.chart.title, **others}

    @property
    def about(self) -> Provenance:
        """Return where its rows come from."""
        return self.answers[0].provenance


ChartAndAnswers = tuple[Chart, tuple[Answer, ...]]  # the first answer is that of the chart's rows
Make = Callable[[ReportContext, Values], ChartAndAnswers]


@dataclass(frozen=True)
class Entry:
    """One chart of the catalogue: `make` asks the queries and returns the chart with its answers.

    `subject`: what it is listed under; `why_not_public`: empty, or why this chart is not public and
    which one to use instead.
    """

    name: str
    say_title: Callable[[], str]
    parameters: tuple[Choice, ...]
    make: Make
    why_not_public: str = ""
    subject: str = OVER_TIME

    @property
    def title(self) -> str:
        """The chart's title in the list of charts."""
        return self.say_title()

    @property
    def is_alike_for_all(self) -> bool:
        """Return whether the chart is the same for every viewer."""
        return not self.why_not_public and not any(choice.by_viewer for choice in self.parameters)

    def require_public_form(self) -> None:
        """Raise AccessError for a chart that is not public."""
        if self.why_not_public:
            raise AccessError(f"'{self.name}' has no public form.", self.why_not_public)

    def draw(self, context: ReportContext, values: Mapping[str, str] | None = None) -> Drawn:
        """Make the chart with these choices; UsageError names one that is not offered."""
        settled = self.settle_values(context, values or {})
        chart, answers = self.make(context, settled)
        usual = self.settle_values(context, {})
        changes = {name: value for name, value in settled.items() if value != usual[name]}
        return Drawn(self, settled, chart, answers, changes, context.ends)

    def settle_values(self, context: ReportContext, values: Mapping[str, str]) -> dict[str, str]:
        """Return the value of every parameter: the one given, or the default.

        UsageError for an unknown parameter, and for a value that this viewer is not offered.
        """
        names = [parameter.name for parameter in self.parameters]
        for name in values:
            if name not in names:
                raise UsageError(
                    f"'{self.name}' has no parameter '{name}'.", suggest_nearest(name, names)
                )
        settled: dict[str, str] = {}
        for parameter in self.parameters:
            offered = list(parameter.offer(context, settled))
            value = values.get(parameter.name, offered[0])
            if value not in offered:
                raise UsageError(
                    f"'{parameter.name}' of '{self.name}' cannot be '{value}'.",
                    suggest_nearest(value, offered),
                )
            settled[parameter.name] = value
        return settled
