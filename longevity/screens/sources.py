"""The screen Sources: what the figures are made from, how far data go, what is wrong in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from longevity.findings import availability
from longevity.ingest.contract import BY_NAME
from longevity.release import table_withdrawals
from longevity.screens.city_screen import CityScreen
from longevity.screens.context import ReportContext
from longevity.screens.report import Card, Report, Row, Tab
from longevity.screens.screen import Screen
from longevity.warehouse.provenance import EXTRACTS
from longevity.words import wording
from longevity.words.absent import Absent, say_absence
from longevity.words.dates import format_short, shorten_all
from longevity.words.language import translate, translate_fact
from longevity.words.say import say

NAME = "sources"


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
        """Return the screen as a report: three tabs, and an alert on extracts not supplied."""
        held = self.context.manifest["rows"]
        absent = [EXTRACTS[name] for name in BY_NAME if name not in held]
        said = [say("release.not_supplied", names=absent)]
        said += [say("to_supply.one")] if self.reads_rows else []
        return Report(
            NAME,
            (
                Tab("data", translate("Data"), self.answer_data, self.data),
                Tab("changes", translate("Changes and checks"), self.answer_changes, self.changes),
                Tab(
                    "published",
                    translate("Published figures"),
                    self.answer_published,
                    self.published,
                ),
            ),
            alerts=(" ".join(said),) if absent else (),
            not_for_release=self.reads_rows,
        )

    def answer_data(self) -> str:
        """Return the tab's answer: how far the data go, and when they were published."""
        last_days = {city: last for city, (_, last) in self.context.spans.items()}
        return describe_release(self.context.manifest, last_days, self.context.cities)

    def answer_changes(self) -> str:
        """Return the tab's answer: how much changed since the last release, what checks found."""
        changed = self.changed
        said = say("release.changes", changes=len(changed)) if changed else self.say_unchanged()
        checked = say("release.let_through")
        if self.reads_all:
            kinds = self.context.ask("every_check").frame["severity"].value_counts()
            parts = [wording.count_noun(count, str(kind)) for kind, count in sorted(kinds.items())]
            checked = say(f"release.{'found' if parts else 'found_none'}", parts=parts)
        return f"{said} {checked}"

    def say_unchanged(self) -> str:
        """Return the sentence that nothing changed, or that there is no earlier release."""
        return say(f"release.{'unchanged' if self.context.manifest['previous'] else 'no_earlier'}")

    @property
    def changed(self) -> list[str]:
        """Sentences on what changed since the last release, one for each change."""
        if self.context.manifest["previous"] is None:
            return []
        changed = [text for text in self.context.ask("revisions").frame["sentence"] if text]
        if self.reads_rows:
            again = self.context.ask("incidents_reclassified_by_city").frame
            changed += self.context.say_rows("release.reclassified", again)
        return changed

    def answer_published(self) -> str:
        """Return the tab's answer: how many figures others published, and how many sources did."""
        facts = self.context.ask("published_counts").frame
        return say("release.published", figures=len(facts), sources=facts["source_url"].nunique())

    def data(self) -> Sequence[Row]:
        """Return the cards of "Data": what was received, what counts leave out, boundaries."""
        ask, manifest, cities = self.context.ask, self.context.manifest, self.context.cities
        received = ask("rows_by_extract" if self.reads_rows else "data_through_by_extract")
        about = (
            describe_first_days(manifest, cities),
            availability.describe_sources(self.context.holds, cities),
            say("release.read", is_public=not self.reads_rows),
        )
        rows = Card(
            "sources.rows",
            translate("Data received"),
            table=build_extracts_table(received.frame, cities),
            answer=received,
            definition=" ".join(filter(None, about)),
        )
        few = () if self.reads_rows else (say("release.few"),)
        left_out = (say("release.left_out"), *few)
        uncounted = Card("sources.uncounted", translate("What counts leave out"), left_out)
        if self.reads_rows:
            answer = ask("uncounted_by_circumstance")
            table = self.context.tabulate("uncounted", answer.frame)
            uncounted = replace(uncounted, table=table, answer=answer)
        lines = describe_boundaries(manifest, cities)
        areas = Card(
            "sources.areas",
            translate("Boundaries"),
            lines,
            table=self.context.tabulate("neighbourhood", ask("areas").frame),
            answer=ask("areas"),
            folded=True,
        )
        reasons = pd.DataFrame(
            [(say_absence(absent), say(f"absent.{absent.name.lower()}")) for absent in Absent],
            columns=[*map(translate, ("In place of a number", "Why"))],
        )
        title = translate("Where there is no number")
        absent = Card("sources.absent", title, table=reasons, answer=received, folded=True)
        return [[rows], [uncounted], [absent], [areas]]

    def changes(self) -> Sequence[Row]:
        """Return the cards of "Changes and checks": those, withdrawals, and lists of people."""
        manifest = self.context.manifest
        changed = self.changed or [self.say_unchanged()]
        rows = [
            [
                Card(
                    "sources.changed",
                    translate("What changed since the last release"),
                    tuple(changed),
                    is_quoted=bool(self.changed),
                )
            ]
        ]
        withdrawn = table_withdrawals.describe_withdrawals(
            manifest["withdrawn"], self.context.settings
        )
        if withdrawn:
            said = (say("release.withdrawn"), *withdrawn)
            rows.append(
                [Card("sources.withdrawn", translate("Public tables that were withdrawn"), said)]
            )
        return [*rows, [self.checks()], *(self.lists() if self.reads_rows else ())]

    def checks(self) -> Card:
        """Return the card on what the checks found; who may not read all rows sees less of it."""
        answer = self.context.ask("every_check" if self.reads_all else "checks")
        manifest = self.context.manifest
        sentences = [say("release.rows_for_state")]
        if self.reads_all:
            reason = manifest.get("accepted")
            accepted = [say("release.accepted", reason=reason)] if reason else []
            errors = [str(error["sentence"]) for error in manifest["accepted_errors"]]
            sentences = [*accepted, *errors]
        table = None if answer.frame.empty else answer.frame.drop(columns=["position"])
        if table is not None and not self.reads_all:
            table = self.context.tabulate("check_finding", table)
        title = translate("What the checks found")
        return Card("sources.checks", title, tuple(sentences), table=table, answer=answer)

    def lists(self) -> Sequence[Row]:
        """Return the cards on people's listings: those due or overdue for review, and each one."""
        own = CityScreen(self.context, self.context.viewer.city)
        rows = [[own.tabulate("sources.listings", "Each listing", "listing")]]
        if len(own.ask("lists_due_by_city").frame):
            rows.insert(0, [own.draw("sources.reviews", "lists-due")])
        return rows

    def published(self) -> Sequence[Row]:
        """Return the card of "Published figures": the figures that others published."""
        answer = self.context.ask("published_counts")
        table = self.context.tabulate("published_figure", answer.frame)
        said, title = (say("release.never_mixed"),), translate("Published figures")
        return [[Card("sources.published", title, said, table=table, answer=answer)]]


def describe_release(
    manifest: Mapping[str, Any], last_days: Mapping[str, date], cities: Mapping[str, str]
) -> str:
    """Return the sentence the screen opens on. `last_days`: of the counts, by city with any."""
    days: list[Any] = [*dict.fromkeys(last_days.values())]
    if len(days) > 1:
        days = [f"{cities[city]} {wording.format_day(last)}" for city, last in last_days.items()]
    published_on = date.fromisoformat(str(manifest["published_on"])[:10])
    return say(f"release.{'ends' if days else 'no_end'}", days=days, day=published_on)


def describe_first_days(manifest: Mapping[str, Any], cities: Mapping[str, str]) -> str:
    """Return a sentence on the day from which each extract is complete; "" where none is stated."""
    lines = []
    for extract, first_days in manifest.get("data_from", {}).items():
        days = [
            f"{cities[city]} {wording.format_day(date.fromisoformat(day))}"
            for city, day in first_days.items()
            if city in cities and extract != "victims"  # as their incidents
        ]
        if days:
            lines.append(f"{EXTRACTS[extract]}: {wording.join_words(days)}")
    return say("release.begins", days="; ".join(lines)) if lines else ""


def describe_boundaries(manifest: Mapping[str, Any], cities: Mapping[str, str]) -> tuple[str, ...]:
    """Return a line for each source of boundaries: "Hartford and New Haven: lines installed …."."""
    by_lines: dict[str, list[str]] = {}
    for city, name in cities.items():
        about = manifest["boundaries"][city]
        lines = translate_fact(shorten_all(about.get("source", "")))
        if about["kind"] == "installed":  # the day is enough: what the file was called is no source
            lines = translate("lines installed {day}", day=lines.rpartition(" installed ")[2])
        by_lines.setdefault(lines, []).append(name)
    return tuple(f"{wording.join_words(names)}: {lines}." for lines, names in by_lines.items())


def build_extracts_table(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return a table with a row for each extract, and a column for each city's data-through day.

    Where all cities have the same days there is one column. `frame`: extract, city, data_through,
    derived; for those who may read rows also `rows` and `quarantined_of_all_cities`.
    """
    is_derived = frame["derived"].fillna(False)
    cells = [
        "–" if pd.isna(day) else format_short(day) + (translate(" (derived)") if derived else "")
        for day, derived in zip(frame["data_through"], is_derived, strict=True)
    ]
    by_city = frame.assign(cell=cells).pivot(index="extract", columns="city", values="cell")
    shown = [city for city in cities if city in by_city]
    table = by_city.loc[frame["extract"].unique(), shown].fillna("–").rename(columns=dict(cities))
    if len(shown) > 1 and (table.nunique(axis=1) == 1).all():
        table = table.iloc[:, :1].set_axis([translate("Data through, every city")], axis=1)
    if "rows" in frame:
        by_extract = frame.groupby("extract", sort=False)
        refused = by_extract["quarantined_of_all_cities"].first()
        if refused.notna().any():
            counts = ["–" if pd.isna(count) else f"{count:,}" for count in refused]
            table.insert(0, "Quarantined", counts)
        table.insert(0, "Rows", by_extract["rows"].sum().astype("Int64"))
    table.insert(0, translate("Extract"), [EXTRACTS[name] for name in table.index])
    return table.reset_index(drop=True).rename_axis(columns=None)


SCREEN = Screen(
    NAME,
    "Sources",
    group="Data",
    place=0,
    icon=":material/fact_check:",
    help="What the figures are made from, how far they go, what changed, and which listings "
    "are due for review. Look here when a number surprises you.",
    build=lambda context, _: DataSources(context).build(),
)
