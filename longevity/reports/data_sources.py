"""Sources: what this is made from, how far it goes, what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from longevity.release import table_withdrawals
from longevity.reports.context import ReportContext
from longevity.reports.report import Card, Report, Row, Tab
from longevity.text import availability, sources

SCREEN = "sources_and_checks"
DERIVED = (
    "Data through is the last day a source is complete for. Derived means that the source did not "
    "say, and the newest event less one day was taken. A dash: not stated."
)
ONLY_DAYS = "Of people and the program's work only a stated day is told."
LEFT_OUT = (
    "Counts take incidents whose circumstance is criminal or unknown, and people shot. Accidents, "
    "self-inflicted wounds, self-defence and shootings by police are kept and not counted; so are "
    "incidents in which nobody is known to have been shot or killed, and those before or after the "
    "days a source is complete for. Where a source does not tell circumstances apart they are "
    "unknown, and counted."
)
WITHDRAWN = (
    "What the public has of people and of the program is counted once and kept. These tables were "
    "counted wrong and taken away."
)
NEVER_MIXED = (
    "Figures others published, each as its source states it. Sources disagree, so two are never "
    "mixed in one line."
)


@dataclass(frozen=True)
class DataSources:
    """The screen for any viewer."""

    context: ReportContext

    @property
    def reads_rows(self) -> bool:
        """Return whether this viewer may read rows of people."""
        return self.context.viewer.named_scope is not None

    @property
    def reads_all(self) -> bool:
        """Return whether this viewer may read the rows of every city."""
        return self.reads_rows and self.context.viewer.city is None

    def build(self) -> Report:
        """Return the screen."""
        extracts = self.context.ask("data_through_by_extract")
        manifest = self.context.warehouse.release.manifest
        missing = sources.describe_missing_extracts(self.context.warehouse.release)
        return Report(
            SCREEN,
            sources.describe_release(manifest, extracts.frame, self.context.cities),
            (
                Tab("received", "Data received", self.received),
                Tab("changes", "Changes", self.changes),
                Tab("checks", "Checks", self.checks),
                Tab("boundaries", "Boundaries", self.boundaries),
                Tab("published", "Published figures", self.published),
                Tab("definitions", "Definitions", self.definitions),
            ),
            alerts=(missing,) if missing else (),
            not_for_release=self.reads_rows,
        )

    def received(self) -> Sequence[Row]:
        """Return what was received of each extract and city, and to which day."""
        ask, cities = self.context.ask, self.context.cities
        if self.reads_rows:
            answer = ask("rows_by_extract")
            table = sources.build_rows_table(answer.frame, cities)
        else:
            answer = ask("data_through_by_extract")
            table = sources.build_days_table(answer.frame, cities)
        manifest = self.context.warehouse.release.manifest
        sentences = (
            sources.describe_first_days(manifest, cities),
            availability.describe_sources(self.context.holds, cities),
        )
        about = " ".join(filter(None, (*sentences, DERIVED, "" if self.reads_rows else ONLY_DAYS)))
        title = "Data received"
        return [
            [Card("sources.rows", title, table=table, answer=answer, definition=about)],
            [self._left_out()],
        ]

    def _left_out(self) -> Card:
        title = "What counts leave out"
        if not self.reads_rows:
            untold = "How many these are is not told: in a year of a city they are a few people."
            return Card("sources.uncounted", title, (LEFT_OUT, untold))
        answer = self.context.ask("uncounted_by_circumstance")
        return Card(
            "sources.uncounted",
            title,
            table=self.context.name_cities(answer.frame),
            answer=answer,
            definition=LEFT_OUT,
        )

    def boundaries(self) -> Sequence[Row]:
        """Return where each city's lines are from, and every area."""
        manifest = self.context.warehouse.release.manifest
        lines = sources.describe_boundaries(manifest, self.context.cities)
        areas = self.context.ask("areas")
        table = self.context.name_cities(areas.frame)
        return [[Card("sources.areas", "Boundaries", lines, table=table, answer=areas)]]

    def changes(self) -> Sequence[Row]:
        """Return what changed since the last release, and public tables that are withdrawn."""
        manifest = self.context.warehouse.release.manifest
        revisions = self.context.ask("revisions")
        changed = sources.list_revisions(revisions.frame, manifest)
        if self.reads_rows:
            again = self.context.ask("incidents_reclassified_by_city")
            changed += sources.describe_reclassified(again.frame, self.context.cities)
        title = "What changed since the last release"
        rows: list[Row] = [[Card("sources.changed", title, tuple(changed))]]
        withdrawn = table_withdrawals.describe_withdrawals(
            table_withdrawals.list_withdrawn(manifest), self.context.settings
        )
        if withdrawn:
            title = "Public tables that were withdrawn"
            rows.append([Card("sources.withdrawn", title, (WITHDRAWN, *withdrawn))])
        return rows

    def checks(self) -> Sequence[Row]:
        """Return what the checks found."""
        answer = self.context.ask("every_check" if self.reads_all else "checks")
        manifest = self.context.warehouse.release.manifest
        title = "What the checks found"
        if self.reads_all:
            sentences = (
                sources.describe_checks(answer.frame),
                sources.describe_acceptance(manifest),
                *sources.list_objections(manifest),
            )
        else:
            sentences = (
                "The checks let this release through. What they found in single rows is for the "
                "state: one row may be one person.",
            )
        table = None if answer.frame.empty else answer.frame.drop(columns=["position"])
        return [[Card("sources.checks", title, sentences, table=table, answer=answer)]]

    def published(self) -> Sequence[Row]:
        """Return the figures others published."""
        answer = self.context.ask("published_counts")
        card = Card(
            "sources.published",
            "Published figures",
            (NEVER_MIXED,),
            table=sources.build_published_table(answer.frame),
            answer=answer,
        )
        return [[card]]

    def definitions(self) -> Sequence[Row]:
        """Return every question that can be asked, and who may ask it."""
        queries = self.context.warehouse.queries.values()
        table = pd.DataFrame(
            {
                "Question": [query.question for query in queries],
                "Name": [query.name for query in queries],
                "For": [str(query.query_class) for query in queries],
                "One row a": [", ".join(query.grain) for query in queries],
            }
        )
        answer = self.context.ask("cities")
        note = "The SQL of each stands in queries/, and behind the ⓘ of each card."
        title = f"{len(table)} definitions"
        return [[Card("sources.definitions", title, table=table, answer=answer, note=note)]]


def build(context: ReportContext) -> Report:
    """Return the screen for any viewer."""
    return DataSources(context).build()
