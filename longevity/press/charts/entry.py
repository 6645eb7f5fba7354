"""One chart of the catalogue: its name, its parameters, how it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from longevity.errors import UsageError
from longevity.press.chart import MEASURES, Chart
from longevity.press.desk import Desk
from longevity.strict_toml import nearest
from longevity.warehouse.provenance import Provenance
from longevity.warehouse.warehouse import Answer

ALL = "all"


@dataclass(frozen=True)
class Parameter:
    """What one may choose of a chart.

    `choices` gives, for a desk, each value with its words; the first is the default.
    """

    name: str
    label: str
    choices: Callable[[Desk], Mapping[str, str]]


@dataclass(frozen=True)
class Drawn:
    """A chart as made: the picture with its words and rows, and the answers it rests on.

    `values` are the parameters as resolved, every default filled in. The first answer is
    the one the rows come from.
    """

    entry: Entry
    values: Mapping[str, str]
    chart: Chart
    answers: tuple[Answer, ...]

    @property
    def about(self) -> Provenance:
        """Where its rows come from."""
        return self.answers[0].provenance


Make = Callable[[Desk, Mapping[str, str]], tuple[Chart, tuple[Answer, ...]]]


@dataclass(frozen=True)
class Entry:
    """One chart: `make` asks what it needs and returns the picture and its answers.

    `why_not_public` is empty, or says why nobody may take this chart out of the building.
    """

    name: str
    title: str
    parameters: tuple[Parameter, ...]
    make: Make
    why_not_public: str = ""

    def draw(self, desk: Desk, values: Mapping[str, str] | None = None) -> Drawn:
        """The chart for these values; UsageError names a value that is not offered."""
        settled = self.settled(desk, values or {})
        chart, answers = self.make(desk, settled)
        return Drawn(self, settled, chart, answers)

    def settled(self, desk: Desk, values: Mapping[str, str]) -> dict[str, str]:
        """Every parameter with its value, the default where none is given."""
        known = [parameter.name for parameter in self.parameters]
        for name in values:
            if name not in known:
                raise UsageError(f"'{self.name}' has no parameter '{name}'.", nearest(name, known))
        settled = {}
        for parameter in self.parameters:
            offered = list(parameter.choices(desk))
            value = values.get(parameter.name, offered[0])
            if value not in offered:
                raise UsageError(
                    f"'{parameter.name}' of '{self.name}' cannot be '{value}'.",
                    nearest(value, offered),
                )
            settled[parameter.name] = value
        return settled


MEASURE = Parameter(
    "measure", "What is counted", lambda desk: {k: v.capitalize() for k, v in MEASURES.items()}
)
