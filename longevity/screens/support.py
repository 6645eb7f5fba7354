"""Support: who comes home and was met, services, what the community asked, money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from longevity import dates
from longevity.screens import money as spending
from longevity.screens.chart_catalogue.chart_list import say_finding
from longevity.screens.city_screen import CityScreen
from longevity.screens.context import ReportContext
from longevity.screens.report import Card, Report, Row, Tab
from longevity.screens.supply import say_none_supplied, supply, where_supplied

SCREEN = "support"
CUSTODY = ("releases from custody", "list of people")
# The title of a card whose finding is the tab's answer.
SERVICES, MONEY = "Services, from offer to active", "Money given and spent"
WAITING = "Requests without an answer, the oldest first"
SUPERVISION = ("supervision spells", "supervision contacts", "list of people")


class Support(CityScreen):
    """Who comes home, is served and is answered, and what it cost."""

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
        greeting = self.ask("reentry_greeting")
        if not greeting.frame["exits"].sum():
            return self.say_who_was_met(greeting.frame)
        expected = self.ask("coming_home_by_city")
        return self.say("met_home.headline", expected.frame, greeting.frame)

    def answer_services(self) -> str:
        """Return how many offers led to a service."""
        services = self.ask("service_uptake")
        if services.frame.empty:
            return say_none_supplied("services")
        return say_finding(self.context, "services", self.values)

    def answer_community(self) -> str:
        """Return how many requests wait for an answer."""
        requests = self.ask("community_requests")
        if requests.frame.empty:
            return say_none_supplied("community requests")
        waiting = count_waiting(self.ask("unanswered_requests").frame)
        return self.say("requests_waiting.headline", waiting)

    def answer_money(self) -> str:
        """Return what each city spent of what it had."""
        if self.ask("budget_by_city").frame.empty:
            return say_none_supplied("budgets")
        return say_finding(self.context, "money-spent", self.values)

    def home(self) -> Sequence[Row]:
        """Return who comes home next, and who was met in time."""
        supplied = self.supply("reentry_greeting", *CUSTODY)
        key, alert = "home.expected", supplied.alert
        if not supplied.any:
            return [[Card(key, "Coming home", alert=alert)]]
        greeting, expected = self.ask("reentry_greeting"), self.ask("coming_home_by_city")
        weeks = expected.provenance.parameters["weeks"]
        title = self.say_who_comes_next(expected.frame, weeks)
        first = Card(key, title, alert=alert)
        if len(expected.frame):
            codes = ("group_ids", "custody_release_id")
            first = self.list_rows(key, title, "expected_person", file_only=codes, alert=alert)
        about = (
            self.say_who_was_met(greeting.frame),
            self.say_who_met_them(self.ask("exits_met_by").frame),
            self.say("met_home.left_out", greeting.frame),
        )
        exits = self.list_rows(
            "home.exits",
            "Each exit of the twelve months",
            "exit",
            file_only=("facility", "met_on", "custody_release_id"),
        )
        return [[first], [self.draw("home.greeted", "met-at-the-gate", about)], [exits]]

    def say_who_was_met(self, greeting: pd.DataFrame) -> str:
        """Say what became of each who came home. `greeting`: reentry_greeting."""
        if greeting.empty:
            return self.say("met_home.not_supplied")
        of_all = greeting["exits"].sum() + greeting["too_recent"].sum()
        as_of = _name_last_days(greeting)
        return self.say("met_home.answer", greeting, of_all=of_all, as_of=as_of)

    def say_who_met_them(self, exits: pd.DataFrame) -> str:
        """Say which offices met those who were met, most first. `exits`: exits_met_by."""
        by_office = exits.fillna({"greeted_by": "an office not noted"}).groupby("greeted_by")
        most_first = by_office["exits"].sum().sort_values(ascending=False, kind="stable")
        offices = [f"{name} {count:,}" for name, count in most_first.items()]
        return self.say("met_by.offices", exits, offices=offices)

    def say_who_comes_next(self, expected: pd.DataFrame, weeks: int) -> str:
        """Say whom to be at the gate for. `expected`: coming_home_by_city."""
        first_on, days = expected["first_expected_on"].min(), expected["first_days_ahead"].min()
        facts = {"first_on": first_on, "days": days, "weeks": weeks}
        return self.say("expected_home.coming", expected, facts)

    def services(self) -> Sequence[Row]:
        """Return services from offer to active, and supervision against its standard."""
        losses = self.say("services.losses", self.ask("service_uptake").frame)
        notes = self.say("supervision.notes", self.ask("supervision_contacts").frame)
        uptake = self.draw("home.services", "services", [losses], title=SERVICES)
        standard = self.draw("home.supervision", "supervision", [notes])
        offered = self.supply("service_uptake", "services")
        supervised = self.supply("supervision_contacts", *SUPERVISION)
        return [
            [where_supplied(offered, "Services", uptake)],
            [where_supplied(supervised, "Supervision", standard)],
        ]

    def community(self) -> Sequence[Row]:
        """Return what the community asked and whether it was answered, and the events held."""
        asked = self.supply("community_requests", "community requests")
        held = self.supply("community_events", "community events")
        rows: list[Row] = []
        if len(self.ask("unanswered_requests").frame):
            codes = ("days_unanswered", "request_id")
            waiting = self.list_rows("home.waiting", WAITING, "request_waiting", file_only=codes)
            rows.append([waiting])
        requests = self.ask("community_requests").frame
        medians = self.say_rows("requests.median", requests[requests["topic"] == "all"])
        by_topic = self.draw("home.requests", "community-requests", medians)
        events = self.draw("home.events", "community-events")
        return [
            *rows,
            [
                where_supplied(asked, "Community requests", by_topic),
                where_supplied(held, "Community events", events),
            ],
        ]

    def money(self) -> Sequence[Row]:
        """Return what was allocated and spent, and what reaching a person cost."""
        budget, years = spending.ask_fiscal_years(self.context, self.city)
        cost = self.ask("cost_per_person_reached")
        supplied = supply(budget, self.cities, ["budget"], by_rows=False)
        if not supplied.any:
            return [[Card("home.budget", "Money", alert=supplied.alert)]]
        notes = self.say_rows("money.unknown", years)
        spent = self.draw("home.budget", "money-spent", notes, title=MONEY)
        about = self.say("cost.about", cost.frame)
        person = self.draw("home.cost", "cost-per-person", [about])
        given = {city: name for city, name in self.cities.items() if city in {*years["city"]}}
        reached = supply(cost, given, ["call-ins", "invitations", "notifications"])
        return [
            [where_supplied(supplied, "Money", spent)],
            [where_supplied(reached, "Cost for each person reached", person)],
        ]


def count_waiting(requests: pd.DataFrame) -> dict[str, Any]:
    """Count requests that wait for an answer, and find the oldest. `requests`:
    `unanswered_requests`.
    """
    return {
        "waiting": len(requests),
        "within_a_year": (requests["days_unanswered"] <= 365).sum(),
        "oldest_on": requests["asked_on"].min(),
        "days": requests["days_unanswered"].max(),
    }


def _name_last_days(frame: pd.DataFrame) -> str:
    """Return the last day of an answer, or the first and the last where cities end apart."""
    days = sorted(set(frame["last_day"].dropna()))
    first, last = (dates.format_long(day) for day in (days[0], days[-1]))
    return first if first == last else f"{first} (the last city: {last})"


def build(context: ReportContext, city: str | None, cities: Mapping[str, str]) -> Report:
    """Return the screen for a viewer who may read the rows of `cities`."""
    return Support(context, city, cities).build()
