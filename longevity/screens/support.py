"""The screen Support: people who come home from custody, services, community requests, money."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd

from longevity.screens.choice import OWN_CITY_OR_ALL, find_city
from longevity.screens.city_screen import CityScreen
from longevity.screens.report import Card, Report, Row, Tab
from longevity.screens.screen import Screen

NAME = "support"
# Titles of cards whose charts' own titles are the tab's answer already.
SERVICES, MONEY = "Services, from offer to active", "Money given and spent"


class Support(CityScreen):
    """Who comes home, is served and is answered, and what it cost."""

    def build(self) -> Report:
        """Return the screen as a report of four tabs; `served`, `spent`: titles of charts."""
        served = partial(self.answer_chart, "services")
        spent = partial(self.answer_chart, "money-spent")
        return Report(
            NAME,
            (
                Tab("home", "Coming home", self.answer_home, self.home),
                Tab("services", "Services", served, self.services),
                Tab("community", "Community", self.answer_community, self.community),
                Tab("money", "Money", spent, self.money),
            ),
            not_for_release=True,
        )

    def answer_home(self) -> str:
        """Return the tab's answer: how many were met in time, and how many come home next."""
        expected = self.ask("coming_home_by_city").frame["expected"].sum()
        return self.answer("met_home.headline", expected=expected)

    def answer_community(self) -> str:
        """Return the tab's answer: how many requests of the community wait for an answer."""
        waiting = count_waiting(self.ask("unanswered_requests").frame)
        return self.answer("requests_waiting.headline", **waiting)

    def home(self) -> Sequence[Row]:
        """Return the cards of "Coming home": who comes home next, and who was met in time."""
        return [
            [self.expected()],
            [self.draw("home.greeted", "met-at-the-gate")],
            [self.tabulate("home.exits", "Each exit of the twelve months", "exit")],
        ]

    def expected(self) -> Card:
        """Return the card that lists who comes home next, with their number as its title."""
        by_city = self.ask("coming_home_by_city")
        title = self.say(
            "expected_home.coming",
            by_city.frame,
            first_on=by_city.frame["first_expected_on"].min(),
            weeks=by_city.provenance.parameters["weeks"],
        )
        return self.tabulate("home.expected", title, "expected_person")

    def services(self) -> Sequence[Row]:
        """Return the cards of "Services": from offer to active, and supervision of people."""
        return [
            [self.draw("home.services", "services", title=SERVICES)],
            [self.draw("home.supervision", "supervision")],
        ]

    def community(self) -> Sequence[Row]:
        """Return the cards of "Community": requests and whether they were answered, and events."""
        waiting = "Requests without an answer, the oldest first"
        return [
            [self.tabulate("home.waiting", waiting, "request_waiting")],
            [
                self.draw("home.requests", "community-requests"),
                self.draw("home.events", "community-events"),
            ],
        ]

    def money(self) -> Sequence[Row]:
        """Return the cards of "Money": what was allocated and spent, and the cost per person."""
        return [
            [self.draw("home.budget", "money-spent", title=MONEY)],
            [self.draw("home.cost", "cost-per-person")],
        ]


def count_waiting(requests: pd.DataFrame) -> dict[str, Any]:
    """Return facts about requests that wait: {"waiting": 3, "days": 41, …}, the oldest's days.

    `requests`: days_unanswered, asked_on.
    """
    return {
        "waiting": len(requests),
        "within_a_year": (requests["days_unanswered"] <= 365).sum(),
        "oldest_on": requests["asked_on"].min(),
        "days": requests["days_unanswered"].max(),
    }


SCREEN = Screen(
    NAME,
    "Support",
    group="Program",
    place=2,
    icon=":material/home:",
    help="Who came home and was met, and who comes next. Each part below stands for itself: "
    "supervision, services, requests, money.",
    build=lambda context, chosen: Support(context, find_city(chosen)).build(),
    choices=(OWN_CITY_OR_ALL,),
    inside=True,
)
