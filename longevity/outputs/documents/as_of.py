"""A context in which nothing that happened after a day is seen, inside one release.

What was known on that day is another question: the release of that day answers it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Self

import pandas as pd

from longevity.auth.viewers import PUBLIC, QueryClass
from longevity.errors import DataError, UsageError
from longevity.measures import wording
from longevity.screens.context import ReportContext
from longevity.warehouse.catalogue import Query
from longevity.warehouse.provenance import Provenance
from longevity.warehouse.warehouse import Answer
from longevity.windows import Window

# A year of a public table is closed so many days after it ends (docs/public-tables.md); promises
# that began in it wait for their own window too.
CLOSED_AFTER = 90
ANY_DAY = date(1900, 1, 1)  # no data begin before it


@dataclass(frozen=True)
class ReportContextAsOf(ReportContext):
    """A context that answers as of `day`: by event date, inside the release."""

    day: date

    def ask(self, query: str, **parameters: Any) -> Answer:
        """Return the answer to a named question, with nothing of a later day in it."""
        wanted = self.warehouse.find_query(query)
        if "windows" in parameters:
            parameters["windows"] = self._limit_windows(parameters["windows"])
        answer = super().ask(query, **{**self._limit_parameters(wanted), **parameters})
        if wanted.query_class is QueryClass.PUBLIC_TABLE:
            return self._keep_closed_years(wanted, answer, parameters)
        frame = answer.frame
        if query == "cities":
            last = frame["data_through"].where(frame["data_through"] <= self._moment, self._moment)
            frame = frame.assign(data_through=last.where(frame["data_through"].notna()))
        return replace(answer, frame=frame, provenance=self._limit_provenance(answer.provenance))

    def as_public(self) -> Self:
        """Return the same day of the same release as anybody may see it, on white."""
        return type(self)(self.settings, PUBLIC, self.warehouse, self.today, self.day)

    @property
    def _moment(self) -> pd.Timestamp:
        return pd.Timestamp(self.day)

    def _limit_parameters(self, query: Query) -> dict[str, Any]:
        """Return the last day, by whichever parameter the question takes it."""
        after = self.day + timedelta(days=1)
        ends = {
            "windows": ((ANY_DAY, after),),
            "as_of": self.day,
            "date_until": after,
            # Whole years only: a question of years cannot be cut within one.
            "year_until": after.year,
        }
        return {name: value for name, value in ends.items() if name in query.parameters}

    def _limit_windows(self, asked: Sequence[Window]) -> tuple[Window, ...]:
        """Return windows without their days after the last day."""
        after = self.day + timedelta(days=1)
        return tuple((first, min(until, after)) for first, until in asked if first < after)

    def _keep_closed_years(
        self, query: Query, answer: Answer, parameters: dict[str, Any]
    ) -> Answer:
        """Return only years of a public table that were closed on the day."""
        windows = 2 if "year" not in query.parameters else 1
        last = (self.day - timedelta(days=CLOSED_AFTER * windows - 1)).year - 1
        years = answer.frame["year"]
        if not len(years.dropna()) or int(years.max()) <= last:
            return answer
        if "year" not in query.parameters:
            return replace(answer, frame=answer.frame[years <= last])
        earlier = super().ask(query.name, **{**parameters, "year": last})
        frozen = earlier.frame["cut_on"].notna().any()
        return earlier if frozen else replace(earlier, frame=earlier.frame.iloc[:0])

    def _limit_provenance(self, about: Provenance) -> Provenance:
        if about.data_through is None or about.data_through <= self.day:
            return about
        whole = f"data through {wording.format_day(about.data_through)}"
        source = about.source.replace(
            whole, f"{whole}, counted to {wording.format_day(self.day)} only", 1
        )
        return replace(about, data_through=self.day, source=source)


def limit_to_day(context: ReportContext, day: date | None) -> ReportContext:
    """Return the context as of `day`, itself for None; UsageError for a day beyond the data."""
    first, last = context.find_span()
    if context.ask("counts").provenance.data_through is None:
        raise DataError(
            "This release has no incidents and victims, so there is nothing to brief of.",
            "Publish a folder that holds them.",
        )
    if day is None or day == last:
        return context
    if not first <= day <= last:
        why = (
            f"the data are complete through {wording.format_day(last)} only"
            if day > last
            else f"the data begin on {wording.format_day(first)}"
        )
        raise UsageError(
            f"There is no briefing as of {wording.format_day(day)}: {why}.",
            f"Ask for a day from {first.isoformat()} to {last.isoformat()}.",
        )
    return ReportContextAsOf(
        context.settings, context.viewer, context.warehouse, context.today, day, theme=context.theme
    )
