"""Check a claim: what it is held against, and the verdict on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from longevity.auth.viewers import STATE_SCOPE
from longevity.errors import AccessError
from longevity.reports.context import ReportContext
from longevity.text.claims import evidence, examples, judge, reader
from longevity.text.claims.evidence import AcceptedError, Evidence
from longevity.text.claims.form import PROGRAM, ClaimForm, Names
from longevity.text.claims.reader import Reading
from longevity.text.claims.verdict import ClaimAnswer, Tally
from longevity.text.wording import format_day, format_during, join_words
from longevity.warehouse.warehouse import Answer
from longevity.windows import DAY, Window

NOT_PUBLIC = "That is not in the public tables. The state, and each city about its own, may ask it."
WITHHELD = "The public table withholds that count, as it is small."
SO_FAR = "That is counted as it stands on the last day of the data: say no time."
BY_YEAR = "The public table counts closed years: say one that is over."
# The query that answers what of the program, and the columns of part, whole and unknown.
OF_SPANS = {
    "attendance": ("call_in_funnel", "attended", "reachable", "attended_unknown"),
    "services": ("call_in_funnel", "intake_30", "attended_aged_30"),
    "met_home": ("reentry_greeting", "greeted", "exits", "greeted_unknown"),
}
OF_STATE = {what: query for what, (query, *_) in OF_SPANS.items()} | {
    "stopped": "groups_that_stopped",
    "money": "budget_by_city",
    **dict.fromkeys(("follow_up_30", "follow_up_60", "follow_up_90"), "promises"),
}
# How many days after the last of a time it can be told; of who is met the configuration says.
DAYS_TO_TELL = {"attendance": 0, "services": 30}
OF_PUBLIC = {"attendance": ("attended", "reachable"), "services": ("intake_30", "attended")}


def read_names(context: ReportContext) -> Names:
    """Return what a claim can call places and the program."""
    return evidence.read_names(context.settings, context.ask("areas").frame)


def read_text(context: ReportContext, text: str, default: str | None) -> Reading:
    """Read what a text claims. `default`: the place where it names none."""
    return reader.read_text(text, read_names(context), default)


def build_evidence(context: ReportContext) -> Evidence:
    """Build the evidence out of what this viewer may ask."""

    def ask(query: str, **parameters: Any) -> pd.DataFrame:
        return context.ask(query, **parameters).frame

    def count_program(what: str, cities: Sequence[str], span: Window | None) -> Tally | str:
        return _count_program(context, what, cities, span)

    return evidence.build_evidence(
        context.settings,
        ask,
        context.synthetic,
        context.holds,
        count_program,
        _list_accepted_errors(context),
    )


def _list_accepted_errors(context: ReportContext) -> list[AcceptedError]:
    """Return the errors the release was published with, in words for those who may read of rows."""
    return [
        AcceptedError(
            error["extract"],
            error["city"],
            tuple((_read_day(first), _read_day(last) + DAY) for first, last in error["days"]),
            error["sentence"] if _may_read_of_rows(context, error["city"]) else "",
        )
        for error in context.warehouse.release.manifest["accepted_errors"]
    ]


def _read_day(text: str) -> date:
    return date.fromisoformat(text)


def _may_read_of_rows(context: ReportContext, city: str) -> bool:
    return context.can_see(city) if city else context.viewer.named_scope == STATE_SCOPE


def list_examples(context: ReportContext) -> list[str]:
    """Return claims that the data support, to begin from."""
    return examples.list_examples(build_evidence(context))


def answer_form(context: ReportContext, form: ClaimForm) -> ClaimAnswer:
    """Answer what a form claims."""
    return judge.evaluate_form(form, build_evidence(context))


def answer_reading(context: ReportContext, reading: Reading) -> ClaimAnswer:
    """Answer what a reading claims, or say why it claims nothing."""
    return examples.evaluate_reading(reading, build_evidence(context))


def ask_source(context: ReportContext, form: ClaimForm | None, answer: ClaimAnswer) -> Answer:
    """Ask what the answer to a form was read from, for its source line."""
    if not answer.from_release:
        place = build_evidence(context).reference.get(form.where) if form else None
        return context.ask(evidence.PUBLISHED_COUNTS, place=place)
    city = form.city if form and form.city in context.cities else None
    if form is None or form.what not in PROGRAM or answer.figures.empty:
        return context.ask(evidence.COUNTS, city=city)
    if context.viewer.named_scope is not None:
        return context.ask(OF_STATE[form.what], city=city)
    if form.what in OF_PUBLIC:
        return context.ask("public_funnel", city=city)
    return context.ask("public_promises")


# --- the program -------------------------------------------------------------------------


def _count_program(
    context: ReportContext, what: str, cities: Sequence[str], span: Window | None
) -> Tally | str:
    """Count what the program did in `cities` together; a sentence where that is not known."""
    if context.viewer.named_scope is None:
        return _count_public(context, what, cities, span)
    try:
        if what == "money":
            return _count_money(context, cities, span)
        if what in OF_SPANS:
            return _count_in_span(context, what, cities, span)
        return _count_so_far(context, what, cities) if span is None else SO_FAR
    except AccessError as error:
        return str(error)


def _count_in_span(
    context: ReportContext, what: str, cities: Sequence[str], span: Window | None
) -> Tally | str:
    """Count sessions or exits of a span: those since its first day, less those since its end."""
    query, *columns = OF_SPANS[what]
    since, until = span or (date(1900, 1, 1), None)
    hours = context.settings.thresholds.greeted_within_hours if what == "met_home" else None
    days_to_tell = DAYS_TO_TELL[what] if hours is None else math.ceil(hours / 24)
    total = pd.Series(0, index=columns)
    begun: list[date] = []
    for city in cities:
        for first, sign in ((since, 1), (until, -1)):
            answer = context.ask(query, city=city, since=first) if first else None
            if answer is None:
                continue
            frame = answer.frame
            if frame.empty or frame[columns].isna().any(axis=None):
                return f"Nothing of that was supplied for {context.cities[city]}."
            # Who came is known without services.
            services = {"services"} if what == "attendance" else set()
            begins = context.find_first_day(city, *({*answer.provenance.extracts} - services))
            if begins and first and begins > first:
                if span:
                    return (
                        f"The record of that begins on {format_day(begins)} in "
                        f"{context.cities[city]}: say a time after that."
                    )
                begun.append(begins)
            last = frame["last_day"].max().date()
            if until and last < until - DAY * (1 - days_to_tell):
                return (
                    f"The record of that ends on {format_day(last)} in {context.cities[city]}, "
                    "too soon to tell. Say a time that was over well before."
                )
            free = frame[frame["route"] != "in_custody"] if "route" in frame else frame
            total = total + sign * free[columns].sum().astype(int)
    days = format_during(*span) if span else "so far"
    if begun:
        days = f"since {format_day(max(begun))}" if len(cities) == 1 else "since each record begins"
    part, whole, *unknown = (int(total[column]) for column in columns)
    return Tally(part, whole, sum(unknown), days, hours=hours)


def _count_so_far(context: ReportContext, what: str, cities: Sequence[str]) -> Tally | str:
    query = OF_STATE[what]
    # Of a group that is suspected of a shooting nobody knows yet whether it stopped.
    of_groups = ("stopped", "with_notice", "stopped_suspected")
    columns = of_groups if what == "stopped" else ("elapsed_kept", "elapsed")
    total = [0] * len(columns)
    for city in cities:
        frame = context.ask(query, city=city).frame
        if frame.empty:
            return f"Nothing of that was supplied for {context.cities[city]}."
        if what != "stopped":
            frame = frame[frame["window_days"] == int(what.rpartition("_")[2])]
            unknown, cases = int(frame["unknown"].sum()), int(frame["episodes"].sum())
            if unknown:
                return (
                    f"Whether enforcement followed is not known of {unknown:,} of {cases:,} cases "
                    f"in {context.cities[city]}."
                )
        total = [many + int(frame[name].sum()) for many, name in zip(total, columns, strict=True)]
    part, whole, *suspected = total
    return Tally(part - sum(suspected), whole, sum(suspected), "so far")


def _count_money(context: ReportContext, cities: Sequence[str], span: Window | None) -> Tally | str:
    """Count what was spent of what was allocated in a fiscal year, named by a calendar year."""
    if span is None or span != (_first(span[0].year), _first(span[0].year + 1)):
        return "Money is counted by fiscal year: say “in 2025” for the one that ends in 2025."
    spent = allocated = 0
    for city in cities:
        frame = context.ask("budget_by_city", city=city, fiscal_year=span[0].year).frame
        if frame.empty:
            return f"No budget of that year was supplied for {context.cities[city]}."
        if frame["spent_unknown"].any():
            return f"What was spent in {context.cities[city]} is not known of every source."
        spent, allocated = spent + frame["spent"].sum(), allocated + frame["allocated"].sum()
    days = f"in the fiscal year {span[0].year}"
    return Tally(round(spent), round(allocated), 0, days)


def _first(year: int) -> date:
    return date(year, 1, 1)


def _count_public(
    context: ReportContext, what: str, cities: Sequence[str], span: Window | None
) -> Tally | str:
    """Count from the public tables, which are of closed years."""
    if what not in OF_PUBLIC and not what.startswith("follow_up"):
        return NOT_PUBLIC
    is_year = span is not None and span == (_first(span[0].year), _first(span[0].year + 1))
    if not is_year or span is None:
        return BY_YEAR
    year = span[0].year
    if what.startswith("follow_up"):
        return _count_public_follow_up(context, what, cities, year)
    frame = context.ask("public_funnel", year=year).frame
    part, whole = OF_PUBLIC[what]
    rows = frame[frame["city"].isin(cities) & frame["step"].isin([part, whole])]
    states = set(rows["members_state"])
    absent = [context.cities[city] for city in cities if city not in set(rows["city"])]
    if absent or "missing" in states:
        of = f" of {join_words(absent)}" if absent and len(cities) > 1 else ""
        return f"The public table has nothing{of} of {year}."
    if rows["members"].isna().any():
        return WITHHELD
    counts = rows.groupby("step", observed=True)["members"].sum().astype(int)
    # The table counts those of whom nobody knows whether they came with those who did not.
    unknown = counts[whole] - counts[part] if what == "attendance" else 0
    return Tally(counts[part], counts[whole], unknown, f"in {year}", is_public=True)


def _count_public_follow_up(
    context: ReportContext, what: str, cities: Sequence[str], year: int
) -> Tally | str:
    if len(cities) != len(context.cities):
        return "The public table counts that for all cities together only."
    frame = context.ask("public_promises").frame
    rows = frame[frame["year"] == year]
    if rows.empty:
        return f"The public table has nothing of {year}."
    kept = [f"kept_{days}" for days in (30, 60, 90) if days <= int(what.rpartition("_")[2])]
    if rows[[*kept, "episodes"]].isna().any(axis=None):
        return WITHHELD
    days = f"of those that began in {year}"
    part, whole = int(rows[kept].sum(axis=None)), int(rows["episodes"].iloc[0])
    return Tally(part, whole, 0, days, is_public=True)
