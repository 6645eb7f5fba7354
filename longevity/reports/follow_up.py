"""Follow-up: was each shooting after notice answered, and were groups that stopped left alone?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from longevity import windows
from longevity.reports.context import ReportContext
from longevity.reports.report import Card, Report, Row, Tab
from longevity.reports.supply import supply
from longevity.stats import rate_ratio
from longevity.text import headlines, promise_text, public_text, reach
from longevity.text.rates import BEFORE_AFTER_WARNING
from longevity.warehouse.warehouse import Answer

SCREEN = "promises"
ALL = "all"
RULES = (
    "The rules, with a worked timeline: docs/promises.md. A shooting on the day of the notice is "
    "no violation; an action on the day of the shooting is day 0; day {} belongs to the episode."
)


@dataclass(frozen=True)
class FollowUp:
    """The screen for a viewer who may read the rows of `cities`; `city` is None for all."""

    context: ReportContext
    city: str | None
    cities: Mapping[str, str]

    def build(self) -> Report:
        """Return the screen."""
        promises = self.context.ask("promises", city=self.city)
        supplied = supply(promises, self.cities, ["groups", "who shot", "who was told"])
        not_held = self.context.explain_absence("incidents", self.city)
        unseen = f"{not_held} Those that are in no file open no case and break no restraint."
        alerts = tuple(filter(None, (supplied.alert, unseen if not_held else "")))
        tabs = (
            Tab("open", "Open", self.answer_open, self.open),
            Tab("ledger", "Ledger", self.answer_ledger, self.ledger),
            Tab("stopped", "Groups that stopped", self.answer_stopped, self.stopped),
        )
        nothing = (Tab("open", "Open", self.answer_open, lambda: []),)
        return Report(
            SCREEN, tabs if supplied.any else nothing, alerts=alerts, not_for_release=True
        )

    def answer_open(self) -> str:
        """Return how often enforcement followed, and how many cases are open."""
        ask = self.context.ask
        promises = ask("promises", city=self.city)
        waiting = ask("open_promises_by_city", city=self.city)
        window = self.context.settings.thresholds.promise_window_days
        recent, through = self.ask_twelve_months(promises)
        return headlines.follow_up_headline(
            promises.frame,
            waiting.frame,
            window,
            None if recent is None else recent.frame,
            through,
        ) or promise_text.write_answer(promises.frame, waiting.frame)

    def answer_ledger(self) -> str:
        """Return how many groups shot after notice, and what followed the last time."""
        ledger = self.context.ask("two_sided_ledger", city=self.city)
        return promise_text.write_ledger_headline(ledger.frame)

    def answer_stopped(self) -> str:
        """Return how many groups stopped, and how often quiet ones were acted on."""
        restraint = self.context.ask("restraint", city=self.city)
        stopped = self.context.ask("groups_that_stopped", city=self.city)
        days = self.context.settings.thresholds.promise_window_days
        return (
            promise_text.describe_restraint(
                restraint.frame, stopped.frame, self.context.cities, days
            )
            or "Which groups stopped is not known: who shot is not on file for twelve months."
        )

    def ask_twelve_months(self, promises: Answer) -> tuple[Answer | None, date | None]:
        """Return the same of cases begun in the twelve months to the last day, and that day; None
        where a city's files begin later.
        """
        through = promises.provenance.data_through
        if through is None:
            return None, None
        since = windows.step_back_years(through, 1) + windows.DAY
        begins = (
            self.context.find_first_day(city, "incident_groups", "enforcement_actions")
            for city in self.cities
        )
        if any(day is not None and day > since for day in begins):
            return None, through
        return self.context.ask("promises", city=self.city, since=since), through

    def open(self) -> Sequence[Row]:
        """Return the open follow-ups, the oldest first, and how those before them ended."""
        ask = self.context.ask
        promises = ask("promises", city=self.city)
        waiting = ask("open_promises_by_city", city=self.city)
        listed = ask("episodes", city=self.city)
        covered = promise_text.describe_members_covered(promises.frame)
        window_days = self.context.settings.thresholds.promise_window_days
        are_open = (waiting.frame["open"] > 0).any()
        title, none = "Open, the oldest first", promise_text.explain_none_open(promises.frame)
        each = Card(
            "promises.open",
            title,
            table=promise_text.build_open_table(
                promise_text.select_open(listed.frame), self.context.cities
            ),
            answer=listed,
            file_only=("Notice", "Code"),
        )
        return [
            [each if are_open else Card("promises.open", title, alert=none)],
            [
                Card(
                    "promises.windows",
                    chart="follow-up",
                    values={"city": self.city or ALL},
                    definition=" ".join((covered, RULES.format(window_days))),
                ),
                self.days(),
            ],
        ]

    def ledger(self) -> Sequence[Row]:
        """Return the two-sided ledger: shootings and enforcement, a line a group."""
        several = self.context.ask("members_in_several_groups", city=self.city)
        groups = self.context.ask("two_sided_ledger", city=self.city)
        days = self.context.settings.thresholds.promise_window_days
        about = " ".join(
            (
                f"Though quiet: it answers no case, and the group had not shot for {days} days.",
                *reach.describe_members_in_several_groups(several.frame, self.cities),
            )
        )
        return [
            [Card("promises.ledger", chart="ledger", values={"city": self.city or ALL})],
            [
                Card(
                    "promises.groups",
                    "Every group",
                    table=promise_text.build_ledger_table(groups.frame, self.context.cities),
                    answer=groups,
                    file_only=("Cases", "Stopped", "Notice", "Code"),
                    definition=about,
                )
            ],
        ]

    def stopped(self) -> Sequence[Row]:
        """Return how many groups stopped, and whether groups that were quiet were left alone."""
        ask = self.context.ask
        restraint = ask("restraint", city=self.city)
        offered = ask("two_sided_ledger", city=self.city)
        notices = ask("notices", city=self.city)
        actions = ask("restraint_actions", city=self.city)
        about = " ".join(
            (
                promise_text.describe_help(offered.frame),
                promise_text.describe_unsure_notice(notices.frame),
                *promise_text.describe_odd_actions(restraint.frame, self.context.cities),
            )
        )
        return [
            [
                Card(
                    "promises.restraint",
                    "Actions on groups that had not shot, the newest first",
                    table=promise_text.build_broken_restraint_table(
                        actions.frame, self.context.cities
                    ),
                    answer=actions,
                    file_only=("Shot last", "Notice", "Dated before its trigger", "Code"),
                    definition=about,
                )
            ],
            [self.before()],
        ]

    def days(self) -> Card:
        """Return how many days passed until enforcement."""
        answer = self.context.ask("time_to_enforcement", city=self.city)
        medians = promise_text.describe_medians(answer.frame, self.context.cities)
        values = {"city": self.city or ALL}
        sentences = (f"Median: {medians}",)
        return Card("promises.days", "", sentences, "days-to-enforcement", values)

    def before(self) -> Card:
        """Return shootings a week before and after notice."""
        compared = self.context.ask("before_after_by_city", city=self.city)
        rates = rate_ratio.add_rate_ratios(compared.frame)
        undrawn = promise_text.describe_before_after(
            rates[rates["ratio"].isna()], self.context.cities
        )
        about = promise_text.describe_before_after(rates, self.context.cities)
        return Card(
            "promises.before-after",
            sentences=tuple(undrawn),
            chart="before-and-after-notice",
            values={"city": self.city or ALL},
            note=BEFORE_AFTER_WARNING,
            definition=" ".join(about),
        )


def build(context: ReportContext, city: str | None, cities: Mapping[str, str]) -> Report:
    """Return the screen for a viewer who may read the rows of `cities`."""
    return FollowUp(context, city, cities).build()


def build_public(context: ReportContext) -> Report:
    """Return what anybody may see of it, from the public tables."""
    promises, many = context.ask("public_promises"), len(context.cities)

    def answer() -> str:
        return public_text.describe_promises(promises.frame, many)

    card = Card("promises.by_year", answer=promises)
    if promises.frame["episodes"].notna().any():
        card = Card("promises.by_year", chart="promises-by-year")
    elif promises.frame.empty and public_text.can_count_promises(many):
        how = public_text.HOW_A_YEAR_COMES.format("groups, notices, shootings and enforcement")
        card = Card("promises.by_year", alert=how, answer=promises)
    alerts = (public_text.explain_promises(many),)
    return Report(SCREEN, (Tab("years", "By year", answer, lambda: [[card]]),), alerts=alerts)
