"""The screen Follow-up: was each shooting after notice answered, and were quiet groups left alone?

A group has notice once it has heard the program's promise: if you shoot, enforcement follows; if
you stop, you are left alone. A shooting after that opens a case.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd

from longevity.facts import windows
from longevity.screens import public_program
from longevity.screens.choice import OWN_CITY_OR_ALL, find_city
from longevity.screens.city_screen import CityScreen
from longevity.screens.context import ReportContext
from longevity.screens.report import Card, Report, Row, Tab
from longevity.screens.screen import PublicForm, Screen
from longevity.stats import survival
from longevity.words.language import translate

NAME = "follow_up"
RESPONSES = ["kept", "late", "broken", "open", "unknown", "none"]
# A call-in or a custom notification: one of the two is enough to know who had notice.
WAYS_OF_NOTICE = ("call_ins", "invitations", "memberships", "custom_notifications")
FIRST, LAST = 30, 90  # days: the first and the last window that cases are counted by


class FollowUp(CityScreen):
    """Whether shootings after notice were answered, and groups that stopped left alone."""

    def build(self) -> Report:
        """Return the screen as a report: three tabs, each with its answer and its cards.

        Alerts say where cases may be missing: of shootings that a source does not list, and of
        groups warned in a way that a city did not supply.
        """
        without = self.list_cities_without("promises")
        followed = [city for city in self.cities if city not in without]
        lacking = {
            "unseen": self.context.explain_absence("incidents", self.city),
            "unwarned": self.context.explain_missing(WAYS_OF_NOTICE, followed),
        }
        return Report(
            NAME,
            (
                Tab("open", "Open", self.answer_open, self.open),
                Tab("ledger", "Ledger", self.answer_ledger, self.ledger),
                Tab("stopped", "Groups that stopped", self.answer_stopped, self.stopped),
            ),
            alerts=tuple(
                f"{why} {self.say(f'follow_up.{so}')}" for so, why in lacking.items() if why
            ),
            not_for_release=True,
        )

    def answer_open(self) -> str:
        """Return the tab's answer: how often enforcement followed, and how many cases wait."""
        if self.is_unknown("promises"):
            return self.find_missing("promises")
        promises = self.ask("promises").frame
        waiting = self.ask("open_promises_by_city").frame
        facts = {
            "oldest": waiting["longest_open"].max(),
            "unknown": select_window(promises, FIRST)["unknown"].sum(),
        }
        is_open = self.say("follow_up_open.headline", waiting, facts)
        return " ".join(filter(None, (self.say_twelve_months(), is_open)))

    def say_twelve_months(self) -> str:
        """Return a sentence on how often enforcement followed in cases of the last twelve months.

        "" where a city's data begin later than that.
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
        recent = self.ask("promises", since=since).frame
        first = select_window(recent, FIRST)
        return self.say("follow_up.recent", first, days=FIRST, through=through)

    def answer_ledger(self) -> str:
        """Return the tab's answer: how many groups shot after notice, and what followed then."""
        groups = self.ask("two_sided_ledger").frame
        counts = groups["response"].value_counts().reindex(RESPONSES, fill_value=0)
        shot = len(groups) - counts["none"]
        counts["group_unknown"] = self.ask("restraint").frame["group_unknown"].sum()
        return self.answer("ledger.headline", **counts, groups=len(groups), shot=shot)

    def answer_stopped(self) -> str:
        """Return the tab's answer: how many groups stopped, and how many actions hit quiet ones."""
        ends = self.ask("groups_that_stopped").frame["who_shot_ends_on"].dropna()
        said = [
            self.answer(
                f"{measure}.headline",
                cities=[*self.list_cities_without(query).values()],
                known_to=min(ends, default=None),
            )
            for measure, query in (("stopped", "groups_that_stopped"), ("restraint", "restraint"))
        ]
        return " ".join(dict.fromkeys(said))

    def open(self) -> Sequence[Row]:
        """Return the cards of "Open": open cases, the oldest first, and how earlier ones ended."""
        is_open = "state == 'open'"
        card = self.tabulate("promises.open", "Open, the oldest first", "open_case", only=is_open)
        last = select_window(self.ask("promises").frame, LAST)
        about = self.say("follow_up.members", last, days=LAST)
        by_city = self.ask("time_to_enforcement").frame.groupby("city", sort=False)
        medians = tuple(self.say_median(str(city), rows) for city, rows in by_city)
        windows = self.draw("promises.windows", "follow-up", definition=about, sentences=medians)
        return [[card], [windows]]

    def ledger(self) -> Sequence[Row]:
        """Return the card of "Ledger": a row for each group, its shootings and what followed."""
        return [[self.tabulate("promises.groups", "Every group", "ledger")]]

    def stopped(self) -> Sequence[Row]:
        """Return the card of "Groups that stopped": actions on quiet groups, for no case."""
        title = "Actions that answered no case, on groups that had not shot, the newest first"
        quiet = "quiet_group_acted_on"
        return [[self.tabulate("promises.restraint", title, quiet, only="broke_restraint")]]

    def say_median(self, city: str, rows: pd.DataFrame) -> str:
        """Return a sentence on the days within which half of a city's cases were followed up.

        `rows`: the city's rows of `time_to_enforcement`.
        """
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
    """Return the rows of `promises` for a window of that many days after the shooting."""
    return promises[promises["window_days"] == days]


def build_public(context: ReportContext) -> Report:
    """Return the screen's short form for the public, made of the public tables."""
    known = context.ask("public_promises").frame["episodes"].notna().any()
    rows = [[Card("promises.by_year", chart="promises-by-year")]] if known else []
    answer = partial(public_program.say_follow_up, context)
    tab = Tab("years", translate("By year"), answer, lambda: rows)
    return Report(NAME, (tab,), alerts=(context.say("public_follow_up.why"),))


SCREEN = Screen(
    NAME,
    "Follow-up",
    group="Program",
    place=1,
    icon=":material/handshake:",
    help="Whether enforcement followed each shooting after notice, and whether groups that "
    "stopped were left alone. Begin with what is open.",
    build=lambda context, chosen: FollowUp(context, find_city(chosen)).build(),
    choices=(OWN_CITY_OR_ALL,),
    inside=True,
    public=PublicForm(
        "How often enforcement followed a shooting after notice, and how soon, a closed year at a "
        "time.",
        lambda context, _: build_public(context),
    ),
)
