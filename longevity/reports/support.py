"""Support: who comes home and was met, services, what the community asked, money."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from longevity import dates
from longevity.reports.context import ReportContext
from longevity.reports.finding import say_finding
from longevity.reports.report import Card, Report, Row, Tab
from longevity.reports.supply import say_none_supplied, supply, where_supplied
from longevity.text import budget_and_reviews, coming_home, community
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
        if not greeting.frame["exits"].sum():
            return self.say_who_was_met(greeting.frame)
        expected = self.context.ask("coming_home_by_city", city=self.city)
        return self.context.say("met_home.headline", expected.frame, greeting.frame)

    def answer_services(self) -> str:
        """Return how many offers led to a service."""
        services = self.context.ask("service_uptake", city=self.city)
        if services.frame.empty:
            return say_none_supplied("services")
        return say_finding(self.context, "services", self.values)

    def answer_community(self) -> str:
        """Return how many requests wait for an answer."""
        requests = self.context.ask("community_requests", city=self.city)
        if requests.frame.empty:
            return say_none_supplied("community requests")
        waiting = self.context.ask("unanswered_requests", city=self.city)
        return community.describe_waiting(waiting.frame)

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

    def list_rows(
        self,
        key: str,
        title: str,
        query: str,
        build: Callable[[pd.DataFrame, Mapping[str, str]], pd.DataFrame],
        *codes: str,
        alert: str = "",
    ) -> Card:
        """Return a list of the chosen cities, whose columns `codes` are for the file."""
        answer = self.context.ask(query, city=self.city)
        table = build(answer.frame, self.context.cities)
        return Card(key, title, table=table, answer=answer, file_only=codes, alert=alert)

    def home(self) -> Sequence[Row]:
        """Return who comes home next, and who was met in time."""
        ask = self.context.ask
        greeting = ask("reentry_greeting", city=self.city)
        supplied = supply(greeting, self.cities, CUSTODY)
        if not supplied.any:
            return [[Card("home.expected", "Coming home", alert=supplied.alert)]]
        expected = ask("coming_home_by_city", city=self.city)
        weeks = expected.provenance.parameters["weeks"]
        key, title = "home.expected", self.say_who_comes_next(expected.frame, weeks)
        first = self.list_rows(
            key,
            title,
            "coming_home",
            coming_home.build_expected_table,
            "group_ids",
            "custody_release_id",
            alert=supplied.alert,
        )
        return [
            [Card(key, title, alert=supplied.alert) if expected.frame.empty else first],
            [self.met(greeting)],
            [self._every_exit()],
        ]

    def _every_exit(self) -> Card:
        return self.list_rows(
            "home.exits",
            "Each exit of the twelve months",
            "exits_from_custody",
            coming_home.build_exits_table,
            "facility",
            "met_on",
            "custody_release_id",
        )

    def met(self, greeting: Answer) -> Card:
        """Return how many were met in time, by quarter."""
        met_by = self.context.ask("exits_met_by", city=self.city)
        sentences = (
            self.say_who_was_met(greeting.frame),
            self.say_who_met_them(met_by.frame),
            self.context.say("met_home.left_out", greeting.frame),
        )
        about = " ".join(sentences)
        values = self.values
        return Card("home.greeted", chart="met-at-the-gate", values=values, definition=about)

    def say_who_was_met(self, greeting: pd.DataFrame) -> str:
        """Say what became of each who came home. `greeting`: reentry_greeting."""
        if greeting.empty:
            return self.context.say("met_home.not_supplied")
        of_all = int(greeting["exits"].sum() + greeting["too_recent"].sum())
        as_of = _name_last_days(greeting)
        return self.context.say("met_home.answer", greeting, of_all=of_all, as_of=as_of)

    def say_who_met_them(self, exits: pd.DataFrame) -> str:
        """Say which offices met those who were met, most first. `exits`: exits_met_by."""
        by_office = exits.fillna({"greeted_by": "an office not noted"}).groupby("greeted_by")
        most_first = by_office["exits"].sum().sort_values(ascending=False, kind="stable")
        offices = [f"{name} {count:,}" for name, count in most_first.items()]
        return self.context.say("met_by.offices", exits, offices=offices)

    def say_who_comes_next(self, expected: pd.DataFrame, weeks: int) -> str:
        """Say whom to be at the gate for. `expected`: coming_home_by_city."""
        first_on, days = expected["first_expected_on"].min(), expected["first_days_ahead"].min()
        facts = {"first_on": first_on, "days": days, "weeks": weeks}
        return self.context.say("expected_home.coming", expected, facts)

    def services(self) -> Sequence[Row]:
        """Return services from offer to active, and supervision against its standard."""
        ask = self.context.ask
        services = ask("service_uptake", city=self.city)
        contacts = ask("supervision_contacts", city=self.city)
        offered = supply(services, self.cities, ["services"])
        supervised = supply(contacts, self.cities, SUPERVISION)
        say = self.context.say
        losses = say("services.losses", services.frame) if offered.any else ""
        notes = say("supervision.notes", contacts.frame) if supervised.any else ""
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
        ask = self.context.ask
        requests = ask("community_requests", city=self.city)
        events = ask("community_events", city=self.city)
        waiting = ask("unanswered_requests", city=self.city)
        asked = supply(requests, self.cities, ["community requests"])
        held = supply(events, self.cities, ["community events"])
        rows: list[Row] = []
        medians = ""
        if asked.any:
            if len(waiting.frame):
                oldest = self.list_rows(
                    "home.waiting",
                    WAITING,
                    "unanswered_requests",
                    community.build_waiting_table,
                    "days_unanswered",
                    "request_id",
                )
                rows.append([oldest])
            medians = community.describe_medians(requests.frame, self.cities)
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
        ask = self.context.ask
        budget = ask("budget_by_city", city=self.city)
        cost = ask("cost_per_person_reached", city=self.city)
        facts = ask("published_counts", metric=budget_and_reviews.PUBLISHED_METRIC)
        published = " ".join(budget_and_reviews.list_published_amounts(facts.frame))
        supplied = supply(budget, self.cities, ["budget"], by_rows=False)
        if not supplied.any:
            return [[Card("home.budget", "Money", (published,), alert=supplied.alert)]]
        known_to = budget.provenance.data_through or self.context.today
        first_month = cost.provenance.parameters["fiscal_month"]
        years = budget_and_reviews.sum_by_fiscal_year(budget.frame, first_month, known_to)
        given = budget_and_reviews.find_cities_with_budget(years, self.cities)
        reached = supply(cost, given, ["call-ins", "invitations", "notifications"])
        notes = f"{budget_and_reviews.write_money_notes(years, self.cities)} {published}"
        spent = Card(
            "home.budget", MONEY, chart="money-spent", values=self.values, definition=notes
        )
        latest = " ".join(budget_and_reviews.describe_latest_cost(cost.frame, self.cities))
        each = Card("home.cost", chart="cost-per-person", values=self.values, definition=latest)
        return [
            [where_supplied(supplied, "Money", spent)],
            [where_supplied(reached, "Cost for each person reached", each)],
        ]


def _name_last_days(frame: pd.DataFrame) -> str:
    """Return the last day of an answer, or the first and the last where cities end apart."""
    days = sorted(set(frame["last_day"].dropna()))
    first, last = (dates.format_long(day) for day in (days[0], days[-1]))
    return first if first == last else f"{first} (the last city: {last})"


def build(context: ReportContext, city: str | None, cities: Mapping[str, str]) -> Report:
    """Return the screen for a viewer who may read the rows of `cities`."""
    return Support(context, city, cities).build()
