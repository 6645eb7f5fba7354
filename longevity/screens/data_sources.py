"""Sources: what this is made from, how far it goes, what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from longevity.absent import Absent
from longevity.dates import format_short, shorten_all
from longevity.findings import availability
from longevity.ingest.contract import BY_NAME
from longevity.measures import wording
from longevity.measures.say import say
from longevity.release import table_withdrawals
from longevity.release.manifest import member_of
from longevity.screens.chart_catalogue.definition import ALL
from longevity.screens.context import ReportContext
from longevity.screens.report import Card, Report, Row, Tab
from longevity.screens.supply import supply

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
        absent = [name_extract(name) for name in BY_NAME if not release.has(member_of(name))]
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
        return describe_release(self.context.manifest, last_days, self.context.cities)

    def answer_changes(self) -> str:
        """Return how many things changed, and what the checks said."""
        changed, say = self.list_changes(), self.context.say
        said = say("release.changes", changes=len(changed)) if changed else self.say_unchanged()
        checked = say("release.let_through")
        if self.reads_all:
            kinds = self.context.ask("every_check").frame["severity"].value_counts()
            parts = [wording.count_noun(count, str(kind)) for kind, count in sorted(kinds.items())]
            checked = say(f"release.{'found' if parts else 'found_none'}", parts=parts)
        return f"{said} {checked}"

    def say_unchanged(self) -> str:
        """Say that nothing changed, or that there is nothing to compare with."""
        has_earlier = self.context.manifest.get("previous") is not None
        return self.context.say(f"release.{'unchanged' if has_earlier else 'no_earlier'}")

    def list_changes(self) -> list[str]:
        """Return what changed since the last release, a sentence each."""
        if self.context.manifest.get("previous") is None:
            return []
        changed = [text for text in self.context.ask("revisions").frame["sentence"] if text]
        if self.reads_rows:
            again = self.context.ask("incidents_reclassified_by_city").frame
            changed += self.context.say_rows("release.reclassified", again)
        return changed

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
        table = build_extracts_table(answer.frame, cities)
        manifest = self.context.manifest
        sentences = (
            describe_first_days(manifest, cities),
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
        lines = describe_boundaries(manifest, self.context.cities)
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


def describe_release(
    manifest: Mapping[str, Any], last_days: Mapping[str, date], cities: Mapping[str, str]
) -> str:
    """Write the sentence the screen opens on. `last_days`: of each city that has counts."""
    day = date.fromisoformat(str(manifest["published_on"])[:10])
    days = [*dict.fromkeys(last_days.values())]
    if len(days) < 2:
        return say(f"release.{'ends' if days else 'no_end'}", days=days, day=day)
    each = [f"{cities[city]} {wording.format_day(last)}" for city, last in last_days.items()]
    return say("release.ends", days=each, day=day)


def describe_first_days(manifest: Mapping[str, Any], cities: Mapping[str, str]) -> str:
    """Say from which day the sources are complete, or an empty string."""
    lines = []
    for extract, first_days in manifest.get("data_from", {}).items():
        days = [
            f"{cities[city]} {wording.format_day(date.fromisoformat(day))}"
            for city, day in first_days.items()
            if city in cities and extract != "victims"  # as their incidents
        ]
        if days:
            lines.append(f"{name_extract(extract)}: {wording.join_words(days)}")
    return say("release.begins", days="; ".join(lines)) if lines else ""


def describe_boundaries(manifest: Mapping[str, Any], cities: Mapping[str, str]) -> tuple[str, ...]:
    """Say where the cities' lines are from, the same once."""
    by_lines: dict[str, list[str]] = {}
    for city, name in cities.items():
        about = manifest["boundaries"][city]
        source = shorten_all(about.get("source", ""))
        lines = f"from {source}" if about["kind"] == "installed" else source
        by_lines.setdefault(lines, []).append(name)
    return tuple(f"{wording.join_words(names)}: {lines}." for lines, names in by_lines.items())


def build_extracts_table(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return one row an extract that was supplied, and data through a city at a time.

    Where the cities are alike in every row one column stands for all of them. `frame`: extract,
    city, data_through, derived, a row an extract and city; `supplied` where it has those that were
    not supplied too; for those who may read rows, `rows` and `quarantined_of_all_cities`.
    """
    held = frame[frame["supplied"].astype(bool)] if "supplied" in frame else frame
    cells = [
        "–" if pd.isna(day) else f"{format_short(day)}{' (derived)' if derived else ''}"
        for day, derived in zip(held["data_through"], held["derived"].fillna(False), strict=True)
    ]
    of_extracts = held.assign(cell=cells).groupby("extract", sort=False)
    table = pd.DataFrame({"Extract": [name_extract(str(extract)) for extract, _ in of_extracts]})
    shown = cities
    if "rows" in frame:
        shown = {city: name for city, name in cities.items() if city in {*frame["city"]}}
        table["Rows"] = of_extracts["rows"].sum().astype("Int64").array
        refused = of_extracts["quarantined_of_all_cities"].first()
        if refused.notna().any():
            table["Quarantined"] = ["–" if pd.isna(n) else f"{n:,}" for n in refused]
    by_city = [dict(zip(rows["city"], rows["cell"], strict=True)) for _, rows in of_extracts]
    days = pd.DataFrame([{shown[c]: row.get(c, "–") for c in shown} for row in by_city])
    if len(shown) > 1 and (days.nunique(axis=1) == 1).all():
        days = days.iloc[:, :1].set_axis(["Data through, every city"], axis=1)
    return table.join(days)


def name_extract(extract: str) -> str:
    """Return an extract's name as words: "call-ins", "shooting reviews"."""
    return extract.replace("call_ins", "call-ins").replace("_", " ")


def build(context: ReportContext) -> Report:
    """Return the screen for any viewer."""
    return DataSources(context).build()
