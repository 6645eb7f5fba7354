"""The screen Call-ins: whom to call in next, who came, which groups were warned.

A call-in is a session at which the program tells members of groups what it promises them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pandas as pd

from longevity.screens import public_program
from longevity.screens.choice import OWN_CITY_OR_ALL, find_city
from longevity.screens.city_screen import CityScreen
from longevity.screens.context import ReportContext
from longevity.screens.report import Card, Report, Row, Tab
from longevity.screens.screen import PublicForm, Screen
from longevity.words.language import translate

NAME = "call_ins"
FREE = "route != 'in_custody'"
MONTH = timedelta(days=31)  # a list older than that says of which day it is


class CallIns(CityScreen):
    """Whom to call in next, who came, which groups were warned, and how often sessions are held."""

    def build(self) -> Report:
        """Return the screen as a report: four tabs, each with its answer and its cards."""
        came = partial(self.answer, "attendance.headline", FREE)
        return Report(
            NAME,
            (
                Tab("next", "Next", self.answer_next, self.next_session),
                Tab("attendance", "Attendance", came, self.attendance),
                Tab("groups", "Groups warned", self.answer_groups, self.groups),
                Tab("sessions", "Sessions", self.answer_sessions, self.sessions),
            ),
            not_for_release=True,
        )

    def answer_next(self) -> str:
        """Return the tab's answer: how many groups the next call-in should be for."""
        unknown = [self.cities[city] for city in self.list_unknown("next_call_in")]
        answer, active = self.ask("next_call_in"), self.ask("group_coverage_grid").frame
        waiting, asked_of = answer.frame, answer.provenance.parameters.get("as_of")
        counts = {"groups": len(waiting), "no_notice": (waiting["reason"] == "no_notice").sum()}
        day = pd.concat([waiting["last_day"], active["last_day"]]).min()
        is_old = not pd.isna(day) and asked_of and asked_of - day.date() > MONTH
        known = {"active": len(active), "as_of": day, "cities": unknown, "is_old": is_old}
        return self.answer("call_in_next.headline", **counts, **known)

    def answer_groups(self) -> str:
        """Return the tab's answer: how many groups came in twelve months, and had no notice yet."""
        audited = self.ask("group_coverage_grid").frame.query("audited")
        counts = {"groups": len(audited), "without": audited["notice_on"].isna().sum()}
        return self.answer("groups_warned.headline", "audited", **counts)

    def answer_sessions(self) -> str:
        """Return the tab's answer: how often call-ins were held in twelve months."""
        held = self.ask("cadence_by_city").frame
        counts = self.say_rows("call_ins_held.count", held)
        return self.answer("call_ins_held.headline", counts=counts, as_of=held["last_day"].min())

    def next_session(self) -> Sequence[Row]:
        """Return the cards of "Next": which groups to call in and why, and the people, folded."""
        groups = self.tabulate(
            "call_ins.next",
            "Whom to call in next, most urgent first",
            "group_to_call_in",
            sentences=self.say_clocks(),
        )
        custody = self.explain_lacking("supervision_spells", "group_to_call_in.custody")
        groups = replace(groups, alert=f"{groups.alert} {custody}".strip())
        people = self.tabulate(
            "call_ins.people",
            "People we can reach",
            "people_to_call_in",
            only="reachable_people.notna()",
            folded=True,
        )
        return [[groups], [people]]

    def say_clocks(self) -> tuple[str, ...]:
        """Return a sentence for each city: how long ago its last call-in was, when the next is."""
        return tuple(self.say_rows("call_ins_held.clock", self.ask("cadence_by_city").frame))

    def attendance(self) -> Sequence[Row]:
        """Return the cards of "Attendance": a chart of who was invited and came, and by city."""
        funnel = self.ask("call_in_funnel")
        chart = self.draw("call_ins.funnel", "call-in-funnel")
        if funnel.frame.empty:
            return [[chart]]
        by_city = funnel.frame.query(FREE).groupby("city", sort=False)
        table = self.context.tabulate(
            "attendance", by_city.sum(numeric_only=True, min_count=1).reset_index()
        )
        card = Card("call_ins.by_city", "By city, twelve months", table=table, answer=funnel)
        return [[chart, replace(card, alert=self.say("attendance.unserved", funnel.frame))]]

    def groups(self) -> Sequence[Row]:
        """Return the cards of "Groups warned": each group, and how soon after shootings."""
        title = "Each active group, and when it was last warned"
        groups = self.tabulate("call_ins.groups", title, "groups_warned")
        lacking = self.explain_lacking("custom_notifications")
        return [
            [replace(groups, alert=f"{groups.alert} {lacking}".strip())],
            [
                self.draw("call_ins.retaliation", "after-a-shooting"),
                self.draw("call_ins.notifications", "custom-notifications"),
            ],
        ]

    def explain_lacking(self, extract: str, so: str = "") -> str:
        """Return a sentence on the cities that did not supply an extract that cards can do without.

        `so`: a sentence on what is not known then.
        """
        why = self.context.explain_missing([extract], self.cities)
        return f"{why} {self.say(so) if so else ''}".strip() if why else ""

    def sessions(self) -> Sequence[Row]:
        """Return the cards of "Sessions": how often they are held, each one, the weekly reviews."""
        reviews = "Weekly reviews of shootings, twelve months"
        return [
            [Card("call_ins.cadence", "How often call-ins are held", self.say_clocks())],
            [self.tabulate("call_ins.sessions", "Every session", "session")],
            [self.tabulate("call_ins.reviews", reviews, "reviews")],
        ]


def build_public(context: ReportContext) -> Report:
    """Return the screen's short form for the public, made of the public tables."""
    active = (public_program.say_still_active(context),)
    why = context.say("public_program.withheld")
    card = Card("call_ins.active", translate("From invitation to services"), active)
    rows: list[Row] = [[replace(card, answer=context.ask("public_still_active"))]]
    if context.ask("public_funnel").frame.empty:
        what = translate("call-ins, invitations and services")
        how = context.say("public_program.how", extracts=what)
        rows = [[replace(card, sentences=(), alert=how, answer=context.ask("public_funnel"))]]
    else:
        charts = [
            Card(f"call_ins.steps.{city}", chart="call-in-steps", values={"city": city})
            for city in context.cities
        ]
        rows.insert(0, charts)
    answer = partial(public_program.say_attendance, context)
    return Report(NAME, (Tab("steps", translate("Steps"), answer, lambda: rows),), alerts=(why,))


SCREEN = Screen(
    NAME,
    "Call-ins",
    group="Program",
    place=0,
    icon=":material/groups:",
    help="Who was invited, who came, and who should be warned next. Begin with the groups to "
    "call in next.",
    build=lambda context, chosen: CallIns(context, find_city(chosen)).build(),
    choices=(OWN_CITY_OR_ALL,),
    inside=True,
    public=PublicForm(
        "How many of those invited were reached, came and were helped, of the newest year that is "
        "closed.",
        lambda context, _: build_public(context),
    ),
)
