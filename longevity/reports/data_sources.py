"""Sources: what this is made from, how far it goes, what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from longevity.absent import Absent
from longevity.ingest.contract import BY_NAME
from longevity.measures.say import say
from longevity.release import table_withdrawals
from longevity.release.member import member_of
from longevity.reports.chart_catalogue.definition import ALL
from longevity.reports.context import ReportContext
from longevity.reports.report import Card, Report, Row, Tab
from longevity.reports.supply import supply
from longevity.text import availability, sources

SCREEN = "sources"


@dataclass(frozen=True)
class DataSources:
    """The screen for any viewer."""

    context: ReportContext

    @property
    def reads_rows(self) -> bool:
        """Return whether this viewer may read rows of people."""
        return not self.context.is_public

    @property
    def reads_all(self) -> bool:
        """Return whether this viewer may read the rows of every city."""
        return self.reads_rows and self.context.viewer.city is None

    def build(self) -> Report:
        """Return the screen."""
        release, say = self.context.warehouse.release, self.context.say
        absent = [
            sources.name_extract(name) for name in BY_NAME if not release.has(member_of(name))
        ]
        return Report(
            SCREEN,
            (
                Tab("data", "Data", self.answer_data, self.data),
                Tab("changes", "Changes and checks", self.answer_changes, self.changes),
                Tab("published", "Published figures", self.answer_published, self.published),
                Tab("definitions", "Definitions", self.answer_definitions, self.definitions),
            ),
            alerts=(say("release.not_supplied", names=absent),) if absent else (),
            not_for_release=self.reads_rows,
        )

    def answer_data(self) -> str:
        """Return how far the data go, and of which release they are."""
        last_days = self.context.find_common_day().last_days
        return sources.describe_release(self.context.manifest, last_days, self.context.cities)

    def answer_changes(self) -> str:
        """Return how many things changed, and what the checks said."""
        changed, say = self.list_changes(), self.context.say
        said = say("release.changes", changes=len(changed)) if changed else self.say_unchanged()
        checked = say("release.let_through")
        if self.reads_all:
            checked = sources.describe_checks(self.context.ask("every_check").frame)
        return f"{said} {checked}"

    def say_unchanged(self) -> str:
        """Say that nothing changed, or that there is nothing to compare with."""
        has_earlier = self.context.manifest.get("previous") is not None
        return self.context.say(f"release.{'unchanged' if has_earlier else 'no_earlier'}")

    def list_changes(self) -> list[str]:
        """Return what changed since the last release, a sentence each."""
        reclassified: list[str] = []
        if self.reads_rows:
            again = self.context.ask("incidents_reclassified_by_city").frame
            reclassified = sources.describe_reclassified(again, self.context.cities)
        revised, manifest = self.context.ask("revisions"), self.context.manifest
        return sources.list_changes(revised.frame, reclassified, manifest)

    def answer_published(self) -> str:
        """Return how many figures others published, and by how many sources."""
        facts = self.context.ask("published_counts").frame
        return self.context.say(
            "release.published", figures=len(facts), sources=facts["source_url"].nunique()
        )

    def answer_definitions(self) -> str:
        """Return how many questions can be asked, and by whom."""
        for_all = [query.query_class.public for query in self.context.warehouse.queries.values()]
        return self.context.say("release.questions", questions=len(for_all), public=sum(for_all))

    def data(self) -> Sequence[Row]:
        """Return what was received, what counts leave out, and where the lines are from."""
        return [[self.received()], [self.left_out()], [self.boundaries()]]

    def received(self) -> Card:
        """Return what was received of each extract and city, and to which day."""
        ask, cities = self.context.ask, self.context.cities
        answer = ask("rows_by_extract" if self.reads_rows else "data_through_by_extract")
        build = sources.build_rows_table if self.reads_rows else sources.build_days_table
        table = build(answer.frame, cities)
        manifest = self.context.manifest
        sentences = (
            sources.describe_first_days(manifest, cities),
            availability.describe_sources(self.context.holds, cities),
        )
        read = self.context.say("release.read", is_public=not self.reads_rows)
        about = " ".join(filter(None, (*sentences, read)))
        return Card("sources.rows", "Data received", table=table, answer=answer, definition=about)

    def left_out(self) -> Card:
        """Return what counts leave out, and to who may read it how many."""
        title = "What counts leave out"
        if not self.reads_rows:
            sentences = (self.context.say("release.left_out"), self.context.say("release.few"))
            return Card("sources.uncounted", title, sentences)
        answer = self.context.ask("uncounted_by_circumstance")
        return Card(
            "sources.uncounted",
            title,
            table=self.context.name_cities(answer.frame),
            answer=answer,
            definition=self.context.say("release.left_out"),
        )

    def boundaries(self) -> Card:
        """Return where each city's lines are from, and every area."""
        manifest = self.context.manifest
        lines = sources.describe_boundaries(manifest, self.context.cities)
        areas = self.context.ask("areas")
        table = self.context.name_cities(areas.frame)
        return Card("sources.areas", "Boundaries", lines, table=table, answer=areas)

    def changes(self) -> Sequence[Row]:
        """Return what changed, what was withdrawn, what the checks found, which lists are due."""
        manifest = self.context.manifest
        changed = self.list_changes() or [self.say_unchanged()]
        cards = [Card("sources.changed", "What changed since the last release", tuple(changed))]
        withdrawn = table_withdrawals.describe_withdrawals(
            manifest["withdrawn"], self.context.settings
        )
        if withdrawn:
            said = (self.context.say("release.withdrawn"), *withdrawn)
            cards.append(Card("sources.withdrawn", "Public tables that were withdrawn", said))
        lists = self.lists() if self.reads_rows else ()
        return [*([card] for card in (*cards, self.checks())), *lists]

    def checks(self) -> Card:
        """Return what the checks found."""
        answer = self.context.ask("every_check" if self.reads_all else "checks")
        manifest = self.context.manifest
        if self.reads_all:
            reason = manifest.get("accepted")
            accepted = [self.context.say("release.accepted", reason=reason)] if reason else []
            sentences = [*accepted, *map(str, manifest.get("objections", []))]
        else:
            sentences = [self.context.say("release.rows_for_state")]
        table = None if answer.frame.empty else answer.frame.drop(columns=["position"])
        return Card(
            "sources.checks",
            "What the checks found",
            tuple(sentences),
            table=table,
            answer=answer,
        )

    def lists(self) -> Sequence[Row]:
        """Return the listings of people that are due or overdue for review."""
        city = self.context.viewer.city
        reviews = self.context.ask("lists_due_by_city", city=city)
        supplied = supply(reviews, self.context.own_cities, ["list of people"], by_rows=False)
        title = "List reviews"
        card = Card("sources.reviews", title, alert=supplied.alert)
        if not supplied.any:
            return [[card]]
        if reviews.frame.empty:
            ahead = reviews.provenance.parameters["ahead_days"]
            none = self.context.say("lists_due.title_none", ahead_days=ahead)
            return [[replace(card, sentences=(f"{none}.",))]]
        listings = self.context.ask("lists_due_for_review", city=city)
        chart = replace(
            card,
            title="",
            chart="lists-due",
            values={"city": city or ALL},
            definition=self.context.say("lists_due.what_to_do"),
        )
        each = Card(
            "sources.listings",
            "Each listing",
            table=self.context.tabulate("listing", listings.frame),
            answer=listings,
            file_only=("listed_on",),
        )
        return [[chart], [each]]

    def published(self) -> Sequence[Row]:
        """Return the figures others published."""
        answer = self.context.ask("published_counts")
        card = Card(
            "sources.published",
            "Published figures",
            (self.context.say("release.never_mixed"),),
            table=self.context.tabulate("published_figure", answer.frame),
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
        note = "Each is a file of SQL in queries/; a card shows its own under “Data and method”."
        reasons = pd.DataFrame(
            {
                "In place of a number": [absent.value for absent in Absent],
                "Why": [say(f"absent.{absent.name.lower()}") for absent in Absent],
            }
        )
        return [
            [Card("sources.definitions", "Each definition", table=table, answer=answer, note=note)],
            [Card("sources.absent", "Where there is no number", table=reasons, answer=answer)],
        ]


def build(context: ReportContext) -> Report:
    """Return the screen for any viewer."""
    return DataSources(context).build()
