"""Support: who comes home and was met, services, what the community asked, money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from longevity.screens import money as spending
from longevity.screens.city_screen import CityScreen, say_none_supplied, supply
from longevity.screens.context import ReportContext
from longevity.screens.report import Card, Report, Row, Tab

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
        served = partial(self.answer, "services", "service_uptake", "services")
        spent = partial(self.answer, "money-spent", "budget_by_city", "budgets")
        return Report(
            SCREEN,
            (
                Tab("home", "Coming home", self.answer_home, self.home),
                Tab("services", "Services", served, self.services),
                Tab("community", "Community", self.answer_community, self.community),
                Tab("money", "Money", spent, self.money),
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

    def answer_community(self) -> str:
        """Return how many requests wait for an answer."""
        if self.ask("community_requests").frame.empty:
            return say_none_supplied("community requests")
        waiting = count_waiting(self.ask("unanswered_requests").frame)
        return self.say("requests_waiting.headline", waiting)

    def home(self) -> Sequence[Row]:
        """Return who comes home next, and who was met in time."""
        supplied = self.supply("reentry_greeting", *CUSTODY)
        key, alert = "home.expected", supplied.alert
        if not supplied.any:
            return [[Card(key, "Coming home", alert=alert)]]
        greeting, expected = self.ask("reentry_greeting").frame, self.ask("coming_home_by_city")
        title = self.say(
            "expected_home.coming",
            expected.frame,
            first_on=expected.frame["first_expected_on"].min(),
            days=expected.frame["first_days_ahead"].min(),
            weeks=expected.provenance.parameters["weeks"],
        )
        first = Card(key, title, alert=alert)
        if len(expected.frame):
            codes = ("group_ids", "custody_release_id")
            first = self.list_rows(key, title, "expected_person", file_only=codes, alert=alert)
        # Which offices met those who were met, most first.
        met = self.ask("exits_met_by").frame.fillna({"greeted_by": "an office not noted"})
        by_office = met.groupby("greeted_by")["exits"].sum()
        most_first = by_office.sort_values(ascending=False, kind="stable")
        offices = [f"{name} {count:,}" for name, count in most_first.items()]
        about = (
            self.say_who_was_met(greeting),
            self.say("met_by.offices", met, offices=offices),
            self.say("met_home.left_out", greeting),
        )
        of_exits = ("facility", "met_on", "custody_release_id")
        title = "Each exit of the twelve months"
        exits = self.list_rows("home.exits", title, "exit", file_only=of_exits)
        return [[first], [self.draw("home.greeted", "met-at-the-gate", about)], [exits]]

    def say_who_was_met(self, greeting: pd.DataFrame) -> str:
        """Say what became of each who came home. `greeting`: reentry_greeting."""
        if greeting.empty:
            return self.say("met_home.not_supplied")
        of_all = greeting["exits"].sum() + greeting["too_recent"].sum()
        days = {"as_of": greeting["last_day"].min(), "latest": greeting["last_day"].max()}
        return self.say("met_home.answer", greeting, days, of_all=of_all)

    def services(self) -> Sequence[Row]:
        """Return services from offer to active, and supervision against its standard."""
        losses = self.say("services.losses", self.ask("service_uptake").frame)
        notes = self.say("supervision.notes", self.ask("supervision_contacts").frame)
        uptake = self.draw("home.services", "services", [losses], title=SERVICES)
        standard = self.draw("home.supervision", "supervision", [notes])
        return [
            [self.supply("service_uptake", "services").show(uptake)],
            [self.supply("supervision_contacts", *SUPERVISION).show(standard)],
        ]

    def community(self) -> Sequence[Row]:
        """Return what the community asked and whether it was answered, and the events held."""
        asked = self.supply("community_requests", "community requests")
        held = self.supply("community_events", "community events")
        rows: list[Row] = []
        if len(self.ask("unanswered_requests").frame):
            codes = ("days_unanswered", "request_id")
            rows = [[self.list_rows("home.waiting", WAITING, "request_waiting", file_only=codes)]]
        requests = self.ask("community_requests").frame
        medians = self.say_rows("requests.median", requests[requests["topic"] == "all"])
        by_topic = self.draw("home.requests", "community-requests", medians)
        events = self.draw("home.events", "community-events")
        return [*rows, [asked.show(by_topic), held.show(events)]]

    def money(self) -> Sequence[Row]:
        """Return what was allocated and spent, and what reaching a person cost."""
        budget, years = spending.ask_fiscal_years(self.context, self.city)
        cost = self.ask("cost_per_person_reached")
        supplied = supply(budget, self.cities, ["budget"], by_rows=False)
        notes = self.say_rows("money.unknown", years)
        spent = self.draw("home.budget", "money-spent", notes, title=MONEY)
        if not supplied.any:
            return [[supplied.show(spent)]]
        person = self.draw("home.cost", "cost-per-person", [self.say("cost.about", cost.frame)])
        given = {city: name for city, name in self.cities.items() if city in {*years["city"]}}
        reached = supply(cost, given, ["call-ins", "invitations", "notifications"])
        return [[supplied.show(spent)], [reached.show(person)]]


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


def build(context: ReportContext, city: str | None, cities: Mapping[str, str]) -> Report:
    """Return the screen for a viewer who may read the rows of `cities`."""
    return Support(context, city, cities).build()
