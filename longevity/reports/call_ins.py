"""Call-ins: whom to call in next, who came, which groups have been told, and what followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from longevity.reports.context import ReportContext
from longevity.reports.report import Card, Report, Row, Tab
from longevity.reports.supply import (
    absent_extracts,
    say_none_supplied,
    supply,
    where_supplied,
)
from longevity.text import call_in_sessions as sessions_held
from longevity.text import (
    call_ins,
    frames,
    groups_with_notice,
    headlines,
    notifications,
    public_text,
    reach,
)

SCREEN = "call_ins"
ALL = "all"
EVERYBODY = "Everybody who came is counted: those in custody and those not marked as reached."


@dataclass(frozen=True)
class CallIns:
    """The screen for a viewer who may read the rows of `cities`; `city` is None for all."""

    context: ReportContext
    city: str | None
    cities: Mapping[str, str]

    @property
    def least(self) -> int:
        """Return the smallest base a percentage is given on."""
        return self.context.settings.thresholds.least_base_for_percentage

    @property
    def hours(self) -> int:
        """Return within how many hours a group is to be notified after its shooting."""
        return 24 * self.context.settings.thresholds.notified_within_days

    def build(self) -> Report:
        """Return the screen."""
        funnel = self.context.ask("call_in_funnel", city=self.city)
        missing = supply(funnel, self.cities, ["call-ins", "invitations"]).alert
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
        waiting = self.context.ask("next_call_in", city=self.city)
        extracts = self.context.ask("rows_by_extract", city=self.city)
        return groups_with_notice.write_next_headline(waiting.frame, extracts.frame, self.cities)

    def answer_attendance(self) -> str:
        """Return how many of those the invitation reached came."""
        funnel = self.context.ask("call_in_funnel", city=self.city)
        return headlines.attendance_headline(funnel.frame) or self.tell_in_full()

    def tell_in_full(self) -> str:
        """Return how many call-ins were held, who was invited and who came."""
        funnel = self.context.ask("call_in_funnel", city=self.city)
        cadence = self.context.ask("cadence_by_city", city=self.city)
        return call_ins.write_answer(funnel.frame, cadence.frame, self.cities, self.least)

    def answer_groups(self) -> str:
        """Return how many groups were warned in twelve months, and how many never."""
        grid = self.context.ask("group_coverage_grid", city=self.city)
        if grid.frame.empty:
            return f"Of groups warned: {reach.NO_GROUPS}."
        return f"{groups_with_notice.write_coverage_title(grid.frame)}."

    def answer_sessions(self) -> str:
        """Return how often call-ins were held in twelve months."""
        cadence = self.context.ask("cadence_by_city", city=self.city)
        if cadence.frame.empty:
            return say_none_supplied("sessions")
        return sessions_held.describe_cadence(cadence.frame, self.cities)

    def next_session(self) -> Sequence[Row]:
        """Return whom to call in next, and why."""
        waiting = self.context.ask("next_call_in", city=self.city)
        extracts = self.context.ask("rows_by_extract", city=self.city)
        sentences = groups_with_notice.describe_next_call_in(
            waiting.frame, extracts.frame, self.cities
        )
        title, alert = (
            "Groups to call in next, those that shot last first",
            absent_extracts(waiting),
        )
        if waiting.frame.empty:
            return [[Card("call_ins.next", title, tuple(sentences), alert=alert)]]
        unknown = groups_with_notice.select_unknown(sentences)
        about = f"{' '.join(sentences)} {groups_with_notice.REACHABLE}"
        return [
            [
                Card(
                    "call_ins.next",
                    title,
                    unknown,
                    table=groups_with_notice.build_next_call_in_table(waiting.frame, self.cities),
                    answer=waiting,
                    file_only=("Code",),
                    alert=alert,
                    definition=about,
                )
            ]
        ]

    def attendance(self) -> Sequence[Row]:
        """Return who was invited, reached and came, by city and by route."""
        ask, chosen = self.context.ask, self.city or ALL
        funnel = ask("call_in_funnel", city=self.city)
        if funnel.frame.empty:
            none = "No call-ins and invitations were supplied, so who came is not known."
            return [[Card("call_ins.funnel", alert=none)]]
        besides = (
            call_ins.explain_missing_services(funnel.frame, self.cities),
            call_ins.describe_unmarked_attendance(funnel.frame),
        )
        by_city = call_ins.build_funnel_table(funnel.frame, self.cities)
        by_route = call_ins.describe_attendance(funnel.frame, self.cities, self.least)
        return [
            [
                Card("call_ins.funnel", chart="call-in-funnel", values={"city": chosen}),
                (
                    Card(
                        "call_ins.by_city",
                        call_ins.FUNNEL_TITLE,
                        tuple(filter(None, besides)),
                        table=by_city,
                        shown=by_city.drop(columns=[*call_ins.IN_OTHER_TABLES]),
                        answer=funnel,
                        definition=self.tell_in_full(),
                    ),
                    Card(
                        "call_ins.routes",
                        call_ins.ROUTES_TITLE,
                        table=call_ins.build_routes_table(funnel.frame, self.cities, self.least),
                        shown=call_ins.build_routes_by_city(funnel.frame, self.cities),
                        answer=funnel,
                        definition=" ".join(by_route),
                    ),
                ),
            ]
        ]

    def groups(self) -> Sequence[Row]:
        """Return which groups have been warned, in time or by a custom notification."""
        ask = self.context.ask
        covered = ask("group_coverage", city=self.city)
        grid = ask("group_coverage_grid", city=self.city)
        several = ask("members_in_several_groups", city=self.city)
        sentences = tuple(reach.describe_coverage(covered.frame, self.cities))
        if grid.frame.empty:
            alone = Card("call_ins.groups", sentences=sentences, alert=absent_extracts(grid))
            return [[alone], self.notifications()]
        apart = groups_with_notice.describe_unaudited_groups(grid.frame, self.cities)
        people = tuple(reach.describe_members_in_several_groups(several.frame, self.cities))
        absent = tuple(sentence for sentence in sentences if reach.NO_GROUPS in sentence)
        chart = Card(
            "call_ins.grid",
            "Each active group, by when it was last warned",
            chart="group-coverage",
            values={"city": self.city or ALL},
            sentences=absent,
            table=frames.build_list_table(grid.frame, self.cities),
            answer=grid,
            definition=" ".join(filter(None, (*sentences, apart, *people))),
        )
        return [[chart], self.notifications()]

    def notifications(self) -> Row:
        """Return whether groups that shot were told in time, and the custom notifications."""
        ask, values = self.context.ask, {"city": self.city or ALL}
        window = ask("retaliation_window", city=self.city)
        messages = ask("custom_notifications", city=self.city)
        in_time = supply(window, self.cities, ["incident groups", "custom notifications"])
        direct = supply(messages, self.cities, ["custom notifications"])
        late = Card(
            "call_ins.retaliation",
            chart="after-a-shooting",
            values=values,
            definition=" ".join(notifications.describe_notice_in_time(window.frame, self.cities)),
        )
        messages_sent = Card(
            "call_ins.notifications",
            chart="custom-notifications",
            values=values,
            definition=" ".join(
                notifications.describe_notifications(messages.frame, self.cities, self.least)
            ),
        )
        return [
            where_supplied(in_time, f"Notified within {self.hours} hours?", late),
            where_supplied(direct, "Custom notifications", messages_sent),
        ]

    def sessions(self) -> Sequence[Row]:
        """Return how often call-ins are held, each session, and the weekly reviews."""
        ask = self.context.ask
        cadence = ask("cadence_by_city", city=self.city)
        held = supply(cadence, self.cities, ["call-ins"])
        clocks = sessions_held.build_cards(cadence.frame, self.cities)
        every_clock = tuple(f"{what}: {count}, {words}" for what, count, words in clocks)
        chart = Card(
            "call_ins.cadence",
            "",
            every_clock if held.any else (),
            "cadence",
            {"city": self.city or ALL},
        )
        rows: list[Row] = [[where_supplied(held, "Call-ins held", chart)]]
        if held.any:
            rows.append([self._every_session()])
        return [*rows, [self._reviews()]]

    def _every_session(self) -> Card:
        ask = self.context.ask
        spoke = sessions_held.describe_preparation(ask("cadence_by_city", city=self.city).frame)
        every = ask("call_in_sessions", city=self.city)
        nobody = sessions_held.describe_unattended(every.frame, self.cities)
        return Card(
            "call_ins.sessions",
            "Every session",
            table=sessions_held.build_sessions_table(every.frame, self.cities),
            answer=every,
            file_only=("Code",),
            definition=" ".join((*nobody, spoke, EVERYBODY)),
        )

    def _reviews(self) -> Card:
        reviews = self.context.ask("shooting_reviews", city=self.city)
        supplied = supply(reviews, self.cities, ["shooting reviews"])
        title = "Weekly reviews of shootings, twelve months"
        table = sessions_held.build_reviews_table(reviews.frame, self.cities)
        card = Card("call_ins.reviews", title, shown=table, answer=reviews)
        return where_supplied(supplied, title, card)


def build(context: ReportContext, city: str | None, cities: Mapping[str, str]) -> Report:
    """Return the screen for a viewer who may read the rows of `cities`."""
    return CallIns(context, city, cities).build()


def build_public(context: ReportContext) -> Report:
    """Return what anybody may see of it, from the public tables."""
    steps, stayed = context.ask("public_funnel"), context.ask("public_still_active")
    why = public_text.explain_withheld(context.settings.thresholds.withheld_up_to)

    def answer() -> str:
        return public_text.describe_attendance(steps.frame, context.cities)

    if steps.frame.empty:
        how = public_text.HOW_A_YEAR_COMES.format("call-ins, invitations and services")
        card = Card("call_ins.public", alert=how, answer=steps)
        return Report(SCREEN, (Tab("steps", "Steps", answer, lambda: [[card]]),), alerts=(why,))
    table = public_text.build_steps_table(steps.frame, context.cities)
    active = public_text.describe_still_active(stayed.frame, context.cities)
    title = "From invitation to services"
    card = Card("call_ins.public", title, (active,), table=table, answer=steps)
    return Report(SCREEN, (Tab("steps", "Steps", answer, lambda: [[card]]),), alerts=(why,))
