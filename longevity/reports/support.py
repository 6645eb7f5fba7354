"""Support: who comes home and was met, services, what the community asked, money."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from longevity.reports.context import ReportContext
from longevity.reports.finding import say_finding
from longevity.reports.report import Card, Listing, Report, Row, Tab
from longevity.reports.supply import say_none_supplied, supply, where_supplied
from longevity.text import budget_and_reviews, coming_home, community, headlines
from longevity.warehouse.warehouse import Answer

SCREEN = "coming_home"
ALL = "all"
CUSTODY = ("releases from custody", "list of people")
# What stands over a card whose finding is the tab's answer.
SERVICES, MONEY = "Services, from offer to active", "Money given and spent"
WAITING = "Requests without an answer, the oldest first"
SUPERVISION = ("supervision spells", "supervision contacts", "list of people")


@dataclass(frozen=True)
class Support:
    """The screen for a viewer who may read the rows of `cities`; `city` is None for all."""

    context: ReportContext
    city: str | None
    cities: Mapping[str, str]

    def build(self) -> Report:
        """Return the screen."""
        return Report(
            SCREEN,
            (
                Tab("home", "Coming home", self.answer_home, self.home),
                Tab("services", "Services", self.answer_services, self.services),
                Tab("community", "Community", self.answer_community, self.community),
                Tab("money", "Money", self.answer_money, self.money),
            ),
            not_for_release=True,
        )

    def answer_home(self) -> str:
        """Return how many were met on time, and how many come home next."""
        greeting = self.context.ask("reentry_greeting", city=self.city)
        hours = self.context.settings.thresholds.greeted_within_hours
        expected = self.context.ask("coming_home_by_city", city=self.city)
        return self.context.compute(
            headlines.met_headline, greeting, hours, expected
        ) or self.context.compute(coming_home.write_answer, greeting, hours)

    def answer_services(self) -> str:
        """Return how many offers led to a service."""
        services = self.context.ask("service_uptake", city=self.city)
        if services.frame.empty:
            return say_none_supplied("services")
        return f"{coming_home.write_services_title(services.frame, self.least)}."

    def answer_community(self) -> str:
        """Return how many requests wait for an answer."""
        requests = self.context.ask("community_requests", city=self.city)
        if requests.frame.empty:
            return say_none_supplied("community requests")
        waiting = self.context.ask("unanswered_by_city", city=self.city)
        return self.context.compute(community.describe_waiting, waiting)

    def answer_money(self) -> str:
        """Return what each city spent of what it had."""
        if self.context.ask("budget_by_city", city=self.city).frame.empty:
            return say_none_supplied("budgets")
        return say_finding(self.context, "money-spent", self.values)

    @property
    def least(self) -> int:
        """Return the smallest base a percentage is given on."""
        return self.context.settings.thresholds.least_base_for_percentage

    @property
    def values(self) -> Mapping[str, str]:
        """Return what the charts of this screen are drawn of."""
        return {"city": self.city or ALL}

    def listing(
        self, query: str, rows: str, order: str, make: Callable[..., pd.DataFrame], *codes: str
    ) -> Listing:
        """Return a list of the chosen cities, whose columns `codes` are for the file."""
        parameters = {"city": self.city}
        return Listing(query, rows, order, make, (self.context.cities,), parameters, codes)

    def home(self) -> Sequence[Row]:
        """Return who comes home next, and who was met in time."""
        ask, compute = self.context.ask, self.context.compute
        greeting = ask("reentry_greeting", city=self.city)
        supplied = supply(greeting, self.cities, CUSTODY)
        if not supplied.any:
            return [[Card("home.expected", "Coming home", alert=supplied.alert)]]
        expected = ask("coming_home_by_city", city=self.city)
        weeks = expected.provenance.parameters["weeks"]
        first = self.listing(
            "coming_home_page",
            "members",
            "the first to come first",
            coming_home.build_expected_table,
            "group_ids",
            "custody_release_id",
        )
        return [
            [
                Card(
                    "home.expected",
                    compute(coming_home.describe_next_home, expected, weeks),
                    listing=None if expected.frame.empty else first,
                    alert=supplied.alert,
                ),
            ],
            [self.met(greeting)],
            [self._every_exit()],
        ]

    def _every_exit(self) -> Card:
        every = self.listing(
            "exits_from_custody_page",
            "exits",
            "the newest first",
            coming_home.build_exits_table,
            "facility",
            "met_on",
            "custody_release_id",
        )
        return Card("home.exits", "Each exit of the twelve months", listing=every)

    def met(self, greeting: Answer) -> Card:
        """Return how many were met in time, by quarter."""
        met_by = self.context.ask("exits_met_by", city=self.city)
        hours = self.context.settings.thresholds.greeted_within_hours
        sentences = (
            self.context.compute(coming_home.write_answer, greeting, hours),
            self.context.compute(coming_home.describe_who_met, met_by, "in the twelve months"),
            self.context.compute(coming_home.describe_exits_left_out, greeting),
        )
        about = " ".join(filter(None, sentences))
        values = self.values
        return Card("home.greeted", chart="met-at-the-gate", values=values, definition=about)

    def services(self) -> Sequence[Row]:
        """Return services from offer to active, and supervision against its standard."""
        ask, compute = self.context.ask, self.context.compute
        services = ask("service_uptake", city=self.city)
        contacts = ask("supervision_contacts", city=self.city)
        offered = supply(services, self.cities, ["services"])
        supervised = supply(contacts, self.cities, SUPERVISION)
        losses = " ".join(compute(coming_home.describe_service_losses, services))
        notes = compute(coming_home.write_supervision_notes, contacts) if supervised.any else ""
        uptake = Card(
            "home.services", SERVICES, chart="services", values=self.values, definition=losses
        )
        standard = Card(
            "home.supervision", chart="supervision", values=self.values, definition=notes
        )
        return [
            [where_supplied(offered, "Services", uptake)],
            [where_supplied(supervised, "Supervision", standard)],
        ]

    def community(self) -> Sequence[Row]:
        """Return what the community asked and whether it was answered, and the events held."""
        ask, compute = self.context.ask, self.context.compute
        requests = ask("community_requests", city=self.city)
        events = ask("community_events", city=self.city)
        waiting = ask("unanswered_by_city", city=self.city)
        asked = supply(requests, self.cities, ["community requests"])
        held = supply(events, self.cities, ["community events"])
        oldest = self.listing(
            "unanswered_requests_page",
            "requests",
            "the oldest first",
            community.build_waiting_table,
            "days_unanswered",
            "request_id",
        )
        rows: list[Row] = []
        medians = ""
        if asked.any:
            if len(waiting.frame):
                rows.append([Card("home.waiting", WAITING, listing=oldest)])
            medians = compute(community.describe_medians, requests, self.cities)
        by_topic = Card(
            "home.requests", chart="community-requests", values=self.values, definition=medians
        )
        events_held = Card("home.events", chart="community-events", values=self.values)
        return [
            *rows,
            [
                where_supplied(asked, "Community requests", by_topic),
                where_supplied(held, "Community events", events_held),
            ],
        ]

    def money(self) -> Sequence[Row]:
        """Return what was allocated and spent, and what reaching a person cost."""
        ask, compute = self.context.ask, self.context.compute
        budget = ask("budget_by_city", city=self.city)
        cost = ask("cost_per_person_reached", city=self.city)
        facts = ask("published_counts", metric=budget_and_reviews.PUBLISHED_METRIC)
        published = " ".join(compute(budget_and_reviews.list_published_amounts, facts))
        supplied = supply(budget, self.cities, ["budget"], by_rows=False)
        if not supplied.any:
            return [[Card("home.budget", "Money", (published,), alert=supplied.alert)]]
        known_to = budget.provenance.data_through or self.context.today
        first_month = cost.provenance.parameters["fiscal_month"]
        years = compute(budget_and_reviews.sum_by_fiscal_year, budget, first_month, known_to)
        given = budget_and_reviews.find_cities_with_budget(years, self.cities)
        reached = supply(cost, given, ["call-ins", "invitations", "notifications"])
        notes = f"{budget_and_reviews.write_money_notes(years, self.cities)} {published}"
        spent = Card(
            "home.budget", MONEY, chart="money-spent", values=self.values, definition=notes
        )
        latest = " ".join(compute(budget_and_reviews.describe_latest_cost, cost, self.cities))
        each = Card("home.cost", chart="cost-per-person", values=self.values, definition=latest)
        return [
            [where_supplied(supplied, "Money", spent)],
            [where_supplied(reached, "Cost for each person reached", each)],
        ]
