"""A report's context over answers written by hand, for two cities or more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd

from longevity.auth.viewers import STATE
from longevity.charts.chart import Chart
from longevity.screens.chart_catalogue.definition import make_chart
from longevity.screens.context import ReportContext
from longevity.settings import Thresholds

CITIES = {"east": "East", "west": "West"}


@dataclass(frozen=True)
class HandMade(ReportContext):
    """A context that answers each question with a frame of its own."""

    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict, kw_only=True)
    supplied: Mapping[str, Sequence[str] | Mapping[str, date]] = field(default_factory=dict, kw_only=True)
    begins: Mapping[str, Mapping[str, str]] = field(default_factory=dict, kw_only=True)

    @property
    def synthetic(self) -> bool:
        return True

    @property
    def ends(self) -> dict[str, str]:
        return dict.fromkeys(self.cities, self.today.isoformat())

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What says which cities supplied each extract, to this context's day or one of their own."""
        through = {
            name: {city: {"day": str(given[city] if isinstance(given, Mapping) else self.today)} for city in given}
            for name, given in self.supplied.items()
        }
        return {"data_through": through, "data_from": self.begins}

    def ask(self, query: str, **_parameters: Any) -> Any:
        """Return the frame of a question, as complete to this context's day."""
        about = SimpleNamespace(data_through=self.today, parameters={})
        return SimpleNamespace(frame=self.frames[query], provenance=about)


def make_context(
    cities: Mapping[str, str] = CITIES,
    today: date = date(2026, 11, 22),
    thresholds: Mapping[str, int] | None = None,
    **frames: pd.DataFrame,
) -> HandMade:
    """Return a context of these cities whose answers are `frames`, by question."""
    named = {city: SimpleNamespace(id=city, name=name, launched_on=None) for city, name in cities.items()}
    chosen = Thresholds(**(thresholds or {}))
    settings: Any = SimpleNamespace(thresholds=chosen, cities=named)
    nothing_published: Any = None
    return HandMade(settings, STATE, nothing_published, today, frames=frames)


def draw_chart(name: str, frame: pd.DataFrame, cities: Mapping[str, str] = CITIES, **facts: Any) -> Chart:
    """Draw a declared chart of a frame that is prepared already, entitled "Title"."""
    context = make_context(cities, frame=frame)
    return make_chart(context, name, frame, (context.ask("frame"),), facts=facts, finding="Title")
