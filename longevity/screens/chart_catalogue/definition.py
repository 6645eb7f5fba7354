"""One chart of the catalogue: its name, its parameters, how it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from longevity.charts.chart import Chart
from longevity.errors import AccessError, UsageError, suggest_nearest
from longevity.language import Spoken, translate
from longevity.measures.nouns import MEASURES
from longevity.screens.context import ReportContext
from longevity.warehouse.provenance import Provenance
from longevity.warehouse.warehouse import Answer

ALL = "all"
# The groups charts are offered in, in this order.
OVER_TIME, PLACES, COMPARED, PEOPLE, EVALUATED, PROGRAM = (
    "Over time",
    "Places",
    "Cities compared",
    "People shot",
    "Did it change",
    "The program",
)
# The titles a chart offers, in order: its finding, and others that name their subject.
KINDS = FINDING, TOPIC = "finding", "topic"
SUBJECTS = Spoken({of: of for of in (OVER_TIME, PLACES, COMPARED, PEOPLE, EVALUATED, PROGRAM)})


def explain_wait() -> str:
    """Say what to do where a year is not counted for the public yet."""
    return translate("Publish again 90 days after a year that the data hold whole.")


@dataclass(frozen=True)
class Parameter:
    """What one may choose of a chart.

    `choices` gives, for a context, each value with its words; the first is the default.
    `by_viewer`: not everybody is offered the same.
    """

    name: str
    label: str
    choices: Callable[[ReportContext], Mapping[str, str]]
    by_viewer: bool = False


@dataclass(frozen=True)
class Drawn:
    """A chart as made: the picture with its words and rows, and the answers it rests on.

    `values` are the parameters as resolved, every default filled in. The first answer is
    the one the rows come from. `changes` are those values that are not the default.
    """

    entry: Entry
    values: Mapping[str, str]
    chart: Chart
    answers: tuple[Answer, ...]
    changes: Mapping[str, str] = field(default_factory=dict)

    @property
    def titles(self) -> dict[str, str]:
        """Return the titles it may have, by kind; the finding first, none twice."""
        others = {
            kind: title for kind, title in self.chart.titles.items() if title != self.chart.title
        }
        return {FINDING: self.chart.title, **others}

    @property
    def about(self) -> Provenance:
        """Return where its rows come from."""
        return self.answers[0].provenance


Values = Mapping[str, str]  # of a chart's parameters, by name
ChartAndAnswers = tuple[Chart, tuple[Answer, ...]]  # those it rests on, the one of its rows first
Make = Callable[[ReportContext, Values], ChartAndAnswers]


@dataclass(frozen=True)
class Entry:
    """One chart: `make` asks what it needs and returns the picture and its answers.

    `subject` is the group it is offered in. `why_not_public` is empty, or
    says why no one may take this chart out of the building and what to take instead.
    """

    name: str
    say_title: Callable[[], str]
    parameters: tuple[Parameter, ...]
    make: Make
    why_not_public: str = ""
    subject: str = OVER_TIME

    @property
    def title(self) -> str:
        """What it is called."""
        return self.say_title()

    @property
    def is_alike_for_all(self) -> bool:
        """Return whether every viewer is shown the same of it."""
        return not self.why_not_public and not any(choice.by_viewer for choice in self.parameters)

    def require_public_form(self) -> None:
        """Raise AccessError for a chart that may not leave the building."""
        if self.why_not_public:
            raise AccessError(f"'{self.name}' has no public form.", self.why_not_public)

    def draw(self, context: ReportContext, values: Mapping[str, str] | None = None) -> Drawn:
        """Draw the chart for these values; UsageError names a value that is not offered."""
        settled = self.settle_values(context, values or {})
        chart, answers = self.make(context, settled)
        usual = self.settle_values(context, {})
        changes = {name: value for name, value in settled.items() if value != usual[name]}
        return Drawn(self, settled, chart, answers, changes)

    def settle_values(self, context: ReportContext, values: Mapping[str, str]) -> dict[str, str]:
        """Return every parameter with its value, the default where none is given."""
        names = [parameter.name for parameter in self.parameters]
        for name in values:
            if name not in names:
                raise UsageError(
                    f"'{self.name}' has no parameter '{name}'.", suggest_nearest(name, names)
                )
        settled = {}
        for parameter in self.parameters:
            offered = list(parameter.choices(context))
            value = values.get(parameter.name, offered[0])
            if value not in offered:
                raise UsageError(
                    f"'{parameter.name}' of '{self.name}' cannot be '{value}'.",
                    suggest_nearest(value, offered),
                )
            settled[parameter.name] = value
        return settled


MEASURE = Parameter(
    "measure",
    "What is counted",
    lambda context: {name: MEASURES[name].capitalize() for name in context.list_measures()},
)

CITY = Parameter("city", "City", lambda context: context.cities)
CITY_OR_ALL = Parameter(
    "city",
    "City",
    lambda context: (
        context.cities if len(context.cities) == 1 else {ALL: "All cities", **context.cities}
    ),
)
PERIOD = Parameter(
    "period",
    "Period",
    lambda context: {key: period.name for key, period in context.list_periods_of_any().items()},
)
