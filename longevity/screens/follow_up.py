"""Follow-up: was each shooting after notice answered, and were groups that stopped left alone?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import pandas as pd

from longevity import windows
from longevity.language import translate
from longevity.screens import public_program
from longevity.screens.chart_catalogue.chart_list import say_finding
from longevity.screens.city_screen import CityScreen
from longevity.screens.context import ReportContext
from longevity.screens.report import Card, Report, Row, Tab
from longevity.stats import survival

SCREEN = "follow_up"
RESPONSES = ["kept", "late", "broken", "open", "unknown", "none"]
FIRST, LAST = 30, 90  # days: the first and the last window that cases are counted by


class FollowUp(CityScreen):
    """Whether shootings after notice were answered, and groups that stopped left alone."""

    def build(self) -> Report:
        """Return the screen."""
        supplied = self.supply("promises", "groups", "who shot", "warnings")
        not_held = self.context.explain_absence("incidents", self.city)
        unseen = f"{not_held} {self.say('follow_up.unseen')}" if not_held else ""
        tabs = (
            Tab("open", "Open", self.answer_open, self.open),
            Tab("ledger", "Ledger", self.answer_ledger, self.ledger),
            Tab("stopped", "Groups that stopped", self.answer_stopped, self.stopped),
        )
        return Report(
            SCREEN,
            tabs if supplied.any else (replace(tabs[0], build=lambda: []),),
            alerts=tuple(filter(None, (supplied.alert, unseen))),
            not_for_release=True,
        )

    def answer_open(self) -> str:
        """Return how often enforcement followed, and how many cases are open."""
        if self.ask("promises").frame.empty:
            return self.say("follow_up.not_supplied")
        every = say_finding(self.context, "follow-up", self.values)
        return " ".join(filter(None, (self.say_twelve_months(), every, self.say_open())))

    def say_open(self) -> str:
        """Say how many cases are open, and for how long."""
        waiting = self.ask("open_promises_by_city").frame
        unknown = select_window(self.ask("promises").frame, FIRST)["unknown"].sum()
        facts = {"oldest": waiting["longest_open"].max(), "unknown": unknown}
        return self.say("follow_up_open.headline", waiting, facts)

    def say_twelve_months(self) -> str:
        """Say how often enforcement followed in cases begun in the twelve months to the last day;
        "" where a city's files begin later, or no case is old enough.
        """
        through = self.ask("promises").provenance.data_through
        if through is None:
            return ""
        since = windows.step_back_years(through, 1) + windows.DAY
        begins = (
            self.context.find_first_day(city, "incident_groups", "enforcement_actions")
            for city in self.cities
        )
        if any(day is not None and day > since for day in begins):
            return ""
        recent = self.context.ask("promises", city=self.city, since=since).frame
        first = select_window(recent, FIRST)
        return self.say("follow_up.recent", first, days=FIRST, through=through)

    def answer_ledger(self) -> str:
        """Return how many groups shot after notice, and what followed the last time."""
        groups = self.ask("two_sided_ledger").frame
        counts = groups["response"].value_counts().reindex(RESPONSES, fill_value=0)
        shot = len(groups) - counts["none"]
        return self.say("ledger.headline", counts.to_dict(), groups=len(groups), shot=shot)

    def answer_stopped(self) -> str:
        """Return how many groups stopped, and how often quiet ones were acted on."""
        stopped, restraint = self.ask("groups_that_stopped").frame, self.ask("restraint").frame
        said = [self.say("stopped.headline", stopped)]
        if stopped.empty:
            return said[0]
        if len(restraint):
            judged = restraint[["actions", "unjudged"]].to_numpy().sum()
            said.append(self.say("restraint.headline", restraint, judged=judged))
        for measure, there, here in (
            ("restraint", restraint, stopped),
            ("stopped", stopped, restraint),
        ):
            names = self.context.list_names(here[~here["city"].isin(there["city"])])
            if names:
                said.append(self.say(f"{measure}.not_known", cities=names))
        return " ".join(said)

    def open(self) -> Sequence[Row]:
        """Return the open follow-ups, the oldest first, and how those before them ended."""
        key, title = "promises.open", "Open, the oldest first"
        card = Card(key, title, alert=self.say_open())
        if (self.ask("open_promises_by_city").frame["open"] > 0).any():
            codes = ("Notice", "Code")
            is_open = "state == 'open'"
            card = self.list_rows(key, title, "open_case", only=is_open, file_only=codes)
        last = select_window(self.ask("promises").frame, LAST)
        about = self.say("follow_up.members", last, days=LAST)
        by_city = self.ask("time_to_enforcement").frame.groupby("city", sort=False)
        medians = tuple(self.say_median(str(city), rows) for city, rows in by_city)
        return [[card], [self.draw("promises.windows", "follow-up", [about], sentences=medians)]]

    def ledger(self) -> Sequence[Row]:
        """Return the two-sided ledger: shootings and enforcement, a line a group."""
        several = self.ask("members_in_several_groups").frame
        about = (self.say("ledger.about"), *self.say_rows("several_groups.members", several))
        codes = ("Cases", "Stopped", "Notice", "Code")
        every = self.list_rows("promises.groups", "Every group", "ledger", about, file_only=codes)
        return [[every]]

    def stopped(self) -> Sequence[Row]:
        """Return how many groups stopped, and whether groups that were quiet were left alone."""
        actions = self.list_rows(
            "promises.restraint",
            "Actions on groups that had not shot, the newest first",
            "quiet_group_acted_on",
            (
                self.say_help_offered(),
                self.say_unsure_notice(),
                *self.say_rows("restraint.odd", self.ask("restraint").frame),
            ),
            only="broke_restraint",
            file_only=("Shot last", "Notice", "Dated before its trigger", "Code"),
        )
        return [[actions]]

    def say_help_offered(self) -> str:
        """Say to how many groups with notice help was offered."""
        groups = self.ask("two_sided_ledger").frame["services_offered"]
        known, offered = groups.count(), (groups > 0).sum()
        return self.say("help_offered.about", with_notice=len(groups), known=known, offered=offered)

    def say_unsure_notice(self) -> str:
        """Say of how many groups the notice may be older than shown."""
        unknown = self.ask("notices").frame["earlier_attendance_unknown"]
        return self.say("notices.unsure", with_notice=len(unknown), unsure=(unknown > 0).sum())

    def say_median(self, city: str, rows: pd.DataFrame) -> str:
        """Say within how many days half of a city's cases were followed up."""
        curve = survival.estimate_curve(rows)
        sentence = "too_few" if curve.median.days is None else "median"
        return self.say(
            f"days_to_enforcement.{sentence}",
            vars(curve.median),
            city=self.context.cities[city],
            answered=curve.answered,
            cases=curve.episodes,
        )


def select_window(promises: pd.DataFrame, days: int) -> pd.DataFrame:
    """Return `promises` as they are so many days after the shooting."""
    return promises[promises["window_days"] == days]


def build(context: ReportContext, city: str | None, cities: Mapping[str, str]) -> Report:
    """Return the screen for a viewer who may read the rows of `cities`."""
    return FollowUp(context, city, cities).build()


def build_public(context: ReportContext) -> Report:
    """Return what anybody may see of it, from the public tables."""
    promises = context.ask("public_promises")
    card = Card("promises.by_year", answer=promises)
    if promises.frame["episodes"].notna().any():
        card = Card("promises.by_year", chart="promises-by-year")
    elif promises.frame.empty and public_program.can_count_follow_up(context):
        what = translate("groups, notices, shootings and enforcement")
        card = replace(card, alert=context.say("public_program.how", extracts=what))
    answer = partial(public_program.say_follow_up, context)
    alerts = (public_program.explain_follow_up(context),)
    return Report(
        SCREEN, (Tab("years", translate("By year"), answer, lambda: [[card]]),), alerts=alerts
    )
