"""Call-ins: whom to call in next, who came, which groups were warned, and what followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import pandas as pd

from longevity import windows
from longevity.absent import Absent
from longevity.language import translate
from longevity.screens import public_program
from longevity.screens.city_screen import CityScreen, explain_absent, say_none_supplied
from longevity.screens.context import ReportContext
from longevity.screens.report import Card, Report, Row, Tab
from longevity.stats.attendance import count_losses

SCREEN = "call_ins"
CUSTODY = "in_custody"
NEXT = ("call_ins", "invitations", "groups", "memberships", "people")  # without which none is known
QUIET_YEARS = 2  # without a confirmed shooting, after which a group is folded away
ROUTES = {
    "parole": "Parole",
    "probation": "Probation",
    "voluntary": "Voluntary",
    CUSTODY: "In custody, apart",
}
STAGES = {
    "reachable": "Reached",
    "attended": "Came, of those reached",
    "intake_30": "Service in 30 days, of those who came",
    "active_90": "Active at 90 days, of those in a service",
}
ON_THE_CHART = ("Invited", "In custody, apart")  # the other columns, and the routes, have them


class CallIns(CityScreen):
    """Whom to call in next, who came, which groups were warned, and how often sessions are held."""

    def build(self) -> Report:
        """Return the screen."""
        missing = self.supply("call_in_funnel", "call-ins", "invitations").alert
        return Report(
            screen=SCREEN,
            alerts=(missing,) if missing else (),
            not_for_release=True,
            tabs=(
                Tab("next", "Next", self.answer_next, self.next_session),
                Tab("attendance", "Attendance", self.answer_attendance, self.attendance),
                Tab("groups", "Groups warned", self.answer_groups, self.groups),
                Tab("sessions", "Sessions", self.answer_sessions, self.sessions),
            ),
        )

    def answer_next(self) -> str:
        """Return how many groups the next call-in should be for."""
        lacking = self.context.find_cities_without(*NEXT)
        unknown = [name for city, name in self.cities.items() if city in lacking]
        sentence = "not_known" if len(unknown) == len(self.cities) else "headline"
        waiting = count_groups(self.ask("next_call_in").frame)
        return self.say(f"call_in_next.{sentence}", waiting, cities=unknown)

    def answer_attendance(self) -> str:
        """Return after how many of the invitations that reached a member they came."""
        funnel = self.ask("call_in_funnel").frame
        if funnel.empty:
            return say_none_supplied("call-ins and invitations")
        return self.say("attendance.headline", funnel[funnel["route"] != CUSTODY])

    def answer_groups(self) -> str:
        """Return how many groups were warned in twelve months, and how many never."""
        return self.answer("group-coverage", "group_coverage_grid", "groups")

    def answer_sessions(self) -> str:
        """Return how often call-ins were held in twelve months."""
        held = self.ask("cadence_by_city").frame
        if held.empty:
            return say_none_supplied("sessions")
        counts = self.say_rows("call_ins_held.count", held)
        as_of = held["last_day"].min()
        return self.say("call_ins_held.headline", counts=counts, as_of=as_of)

    def next_session(self) -> Sequence[Row]:
        """Return whom to call in next and why; groups long quiet and the people are folded."""
        groups = self.ask("next_call_in")
        title, alert = self.say("call_in_next.title"), explain_absent(groups)
        if groups.frame.empty:
            return [[Card("call_ins.next", title, (self.answer_next(),), alert=alert)]]
        sessions = self.ask("cadence_by_city").frame[["city", "next_scheduled_for"]]
        rows = groups.frame.merge(sessions, on="city", how="left")
        listed = self.context.tabulate(
            "group_to_call_in", rows.assign(place=range(1, len(rows) + 1))
        )
        since = rows["last_day"].map(lambda day: windows.step_back_years(day, QUIET_YEARS))
        is_urgent = rows["last_shooting_on"] > since
        reachable = rows[rows["reachable_people"].notna()]
        people = self.context.tabulate("people_to_call_in", reachable)
        quiet = self.say("call_in_next.quiet", groups=(~is_urgent).sum())
        about = self.say("call_in_next.about", count_groups(groups.frame))
        codes = ("People", "Code")  # on the screen the people are in a card of their own
        first = Card("call_ins.next", title, alert=alert, definition=about, file_only=codes)
        more = Card("call_ins.quiet", quiet, folded=True, file_only=codes)
        named = Card("call_ins.people", "People we can reach", folded=True)
        tables = ((first, listed[is_urgent]), (more, listed[~is_urgent]), (named, people))
        return [[replace(card, table=table, answer=groups)] for card, table in tables if len(table)]

    def attendance(self) -> Sequence[Row]:
        """Return who was invited, reached and came, by city and by route."""
        funnel = self.ask("call_in_funnel")
        if funnel.frame.empty:
            return [[Card("call_ins.funnel", alert=self.answer_attendance())]]
        names = self.context.list_names(funnel.frame[funnel.frame["intake_30"].isna()])
        names = [*dict.fromkeys(names)]
        services = self.say("attendance.no_services", cities=names) if names else ""
        not_marked = self.say("attendance.not_marked", funnel.frame)
        table = self.build_funnel_table(funnel.frame)
        by_city = Card(
            "call_ins.by_city",
            "By city, twelve months",
            tuple(filter(None, (services, not_marked))),
            table=table,
            shown=table.drop(columns=[*ON_THE_CHART]),
            answer=funnel,
        )
        by_route = Card(
            "call_ins.routes",
            "Came, of those reached, by route, twelve months",
            shown=self.build_routes_table(funnel.frame),
            answer=funnel,
        )
        return [[self.draw("call_ins.funnel", "call-in-funnel"), (by_city, by_route)]]

    def build_funnel_table(self, funnel: pd.DataFrame) -> pd.DataFrame:
        """Return the funnel as a table, a row a city: "n of d" a stage, with what is unknown."""
        rows = []
        for city, of_city in funnel.groupby("city", sort=False):
            is_free = of_city["route"] != CUSTODY
            cells = {
                stage.stage: self.say(
                    "attendance.cell",
                    attended=stage.passed,
                    reachable=stage.before - stage.recent,
                    attended_unknown=stage.unknown,
                )
                for stage in count_losses(of_city[is_free]).itertuples()
            }
            stages = {words: cells.get(key, Absent.NOT_SUPPLIED) for key, words in STAGES.items()}
            invited, apart = (of_city.loc[of, "invited"].sum() for of in (is_free, ~is_free))
            name = self.cities[str(city)]
            rows.append({"City": name, "Invited": invited, **stages, "In custody, apart": apart})
        return pd.DataFrame(rows)

    def build_routes_table(self, funnel: pd.DataFrame) -> pd.DataFrame:
        """Return who came of those reached: a row a route, a column a city."""
        named = self.context.name_cities(funnel)
        cells = named.assign(cell=self.say_rows("attendance.cell", funnel))
        table = cells.pivot(index="route", columns="city", values="cell").fillna("none invited")
        order = [route for route in ROUTES if route in table.index]
        table = table.loc[order, named["city"].unique()].rename(index=ROUTES)
        return table.rename_axis(index="Route", columns=None).reset_index()

    def groups(self) -> Sequence[Row]:
        """Return which groups have been warned, in time or by a custom notification."""
        grid, several = self.ask("group_coverage_grid"), self.ask("members_in_several_groups")
        if grid.frame.empty:
            return [[Card("call_ins.grid", alert=explain_absent(grid))], self.notifications()]
        apart = grid.frame[~grid.frame["audited"].astype(bool)]
        about = (
            self.say("groups_warned.no_audit", names=self.say_rows("groups_warned.name", apart)),
            *self.say_rows("several_groups.members", several.frame),
        )
        chart = self.draw(
            "call_ins.grid",
            "group-coverage",
            about,
            title="Each active group, by when it was last warned",
            table=self.context.name_cities(grid.frame),
            answer=grid,
            alert=self.supply("group_coverage_grid", "call-ins", "groups", "memberships").alert,
        )
        return [[chart], self.notifications()]

    def notifications(self) -> Row:
        """Return whether groups that shot were warned in time, and the custom notifications."""
        in_time = self.supply("retaliation_window", "incident groups", "custom notifications")
        direct = self.supply("custom_notifications", "custom notifications")
        apart = self.say("warned_in_time.apart", self.ask("retaliation_window").frame)
        about = self.say("messages_sent.about", self.ask("custom_notifications").frame)
        return [
            in_time.show(self.draw("call_ins.retaliation", "after-a-shooting", [apart])),
            direct.show(self.draw("call_ins.notifications", "custom-notifications", [about])),
        ]

    def sessions(self) -> Sequence[Row]:
        """Return how often call-ins are held, each session, and the weekly reviews."""
        cadence = self.ask("cadence_by_city").frame
        held = self.supply("cadence_by_city", "call-ins")
        clocks = self.say_rows("call_ins_held.clock", cadence)
        often = Card("call_ins.cadence", "How often call-ins are held", tuple(clocks))
        rows: list[Row] = [[held.show(often)]]
        if held.any:
            about = (self.say("spoke.about", cadence), self.say("session.everybody"))
            key, title = "call_ins.sessions", "Every session"
            rows.append([self.list_rows(key, title, "session", about, file_only=("Code",))])
        title = "Weekly reviews of shootings, twelve months"
        reviews = self.list_rows("call_ins.reviews", title, "reviews")
        return [*rows, [self.supply("shooting_reviews", "shooting reviews").show(reviews)]]


def count_groups(waiting: pd.DataFrame) -> dict[str, int]:
    """Count groups to call in next, and those of whom no member is reachable. `waiting`:
    `next_call_in`.
    """
    unreachable = waiting[waiting["reachable"] == 0]
    return {
        "groups": len(waiting),
        "no_notice": (waiting["reason"] == "no_notice").sum(),
        "unreachable": len(unreachable),
        "reach_unknown": (unreachable["reach_unknown"] > 0).sum(),
    }


def build(context: ReportContext, city: str | None, cities: Mapping[str, str]) -> Report:
    """Return the screen for a viewer who may read the rows of `cities`."""
    return CallIns(context, city, cities).build()


def build_public(context: ReportContext) -> Report:
    """Return what anybody may see of it, from the public tables."""
    steps = context.ask("public_funnel")
    card = Card(
        "call_ins.public",
        translate("From invitation to services"),
        (public_program.say_still_active(context),),
        table=public_program.build_steps_table(context),
        answer=steps,
    )
    if steps.frame.empty:
        what = translate("call-ins, invitations and services")
        how = context.say("public_program.how", extracts=what)
        card = Card("call_ins.public", alert=how, answer=steps)
    why = context.say("public_program.withheld")
    answer = partial(public_program.say_attendance, context)
    return Report(
        SCREEN, (Tab("steps", translate("Steps"), answer, lambda: [[card]]),), alerts=(why,)
    )
