"""Claim check: what a claim is held against, the verdict on it, and its figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from longevity.claims import evidence, judge, reader, render
from longevity.claims.evidence import Evidence
from longevity.claims.form import PROGRAM, ClaimForm
from longevity.claims.reader import Reading
from longevity.claims.verdict import ClaimAnswer, NoAnswerError, Tally
from longevity.measures.wording import format_day, format_during, join_words
from longevity.screens.context import ReportContext
from longevity.screens.report import Card, Report, Tab
from longevity.warehouse.warehouse import Answer
from longevity.windows import DAY, Window, span_year

NOT_PUBLIC = "That is not in the public tables. The state, and each city about its own, may ask it."
WITHHELD = "The public table withholds that count, as it is small."
SO_FAR = "That is counted as it is on the last day of the data: say no time."
BY_YEAR = "The public table counts closed years: say one that is over."
BY_FISCAL_YEAR = "Money is counted by fiscal year: say “in 2025” for the one that ends in 2025."


def read_text(context: ReportContext, text: str, default: str | None) -> Reading:
    """Read what a text claims. `default`: the place where it names none."""
    return reader.read_text(text, build_evidence(context).names, default)


def build_evidence(context: ReportContext) -> Evidence:
    """Build the evidence out of what this viewer may ask."""

    def count_program(what: str, cities: Sequence[str], span: Window | None) -> Tally:
        count = _count_public if context.is_public else _count_cities
        return count(context, what, cities, span)

    return Evidence(context, count_program)


def answer_reading(context: ReportContext, reading: Reading) -> ClaimAnswer:
    """Answer what a reading claims, or say why it claims nothing."""
    return judge.judge_reading(reading, build_evidence(context))


def ask_source(context: ReportContext, form: ClaimForm | None) -> Answer:
    """Ask what the answer to a form is read from, for its source line."""
    city = form.city if form and form.city in context.cities else None
    declared = PROGRAM.get(form.what, {}) if form else {}
    if context.is_public and "within" in declared:
        return context.ask("public_promises")
    query = declared.get("query", evidence.COUNTS)
    is_table = context.is_public and "public" in declared
    return context.ask("public_funnel" if is_table else query, city=city)


def build(context: ReportContext, form: ClaimForm | None, answer: ClaimAnswer) -> Report:
    """Build what the screen shows of an answer: why, its figures, and what to know with it."""
    cards = []
    if len(answer.figures):
        source, remarks = ask_source(context, form), answer.remarks
        card = Card("figures", "The figures", remarks, table=answer.figures, answer=source)
        cards.append([card])
    return Report(
        "claim_check",
        (Tab("claim", "Claim", lambda: answer.why, lambda: cards),),
        alerts=answer.errors,
        not_for_release=render.INSIDE in answer.remarks,
    )


# --- the program -------------------------------------------------------------------------


def _count_cities(
    context: ReportContext, what: str, cities: Sequence[str], span: Window | None
) -> Tally:
    """Count what the program did in cities together; a sentence where that is not known."""
    of, days = PROGRAM[what]["of"], format_during(*span) if span else "so far"
    if of == "now" and span:
        raise NoAnswerError(SO_FAR)
    if of == "a fiscal year" and span:
        if span != span_year(span[0].year):
            raise NoAnswerError(BY_FISCAL_YEAR)
        days = f"in the fiscal year {span[0].year}"
    columns = PROGRAM[what]["columns"]
    total = pd.Series(0, index=columns)
    for city in cities:
        total += _count_city(context, what, city, span)
    part, whole, unknown = [*map(int, total), 0][:3]
    # A group that is suspected of a shooting is among those that stopped.
    return Tally(part - (unknown if what == "stopped" else 0), whole, unknown, days)


def _count_city(context: ReportContext, what: str, city: str, span: Window | None) -> pd.Series:
    """Count the columns of a measure in a city: of a time what there was since its first day, less
    what there was since its end.
    """
    declared, name = PROGRAM[what], context.cities[city]
    columns = declared["columns"]
    asked: list[dict[str, Any]] = [{"since": day} for day in span or ()]
    if not asked or declared["of"] == "a fiscal year":
        asked = [{"fiscal_year": span[0].year} if span else {}]
    totals = []
    for parameters in asked:
        answer = context.ask(declared["query"], city=city, **parameters)
        frame = answer.frame
        if "window_days" in frame:
            frame = frame[frame["window_days"] == declared["within"]]
        if frame.empty or frame[columns].isna().any(axis=None):
            raise NoAnswerError(f"Nothing of that was supplied for {name}, or not all of it.")
        if "episodes" in frame and frame["unknown"].sum():
            cases = f"{int(frame['unknown'].sum()):,} of {int(frame['episodes'].sum()):,} cases"
            why = f"Whether enforcement followed is not known of {cases} in {name}."
            raise NoAnswerError(why)
        if span and "since" in parameters:
            _check_record(context, what, city, span, answer)
        free = frame[frame["route"] != "in_custody"] if "route" in frame else frame
        totals.append(free[columns].sum().round().astype(int))
    return totals[0] - totals[1] if totals[1:] else totals[0]


def _check_record(
    context: ReportContext, what: str, city: str, span: Window, answer: Answer
) -> None:
    """Refuse a time that begins before a record does, or ends too soon to tell."""
    declared, name = PROGRAM[what], context.cities[city]
    # Who came is known without services.
    needed = {*answer.provenance.extracts} - {declared.get("without")}
    begins = context.find_first_day(city, *needed)
    days_to_tell = declared.get("tell")
    if days_to_tell is None:
        days_to_tell = math.ceil(context.settings.thresholds.greeted_within_hours / 24)
    last, why = answer.frame["last_day"].max().date(), ""
    if begins and begins > span[0]:
        why = f"begins on {format_day(begins)} in {name}: say a time after that."
    elif last < span[1] - DAY * (1 - days_to_tell):
        why = f"ends on {format_day(last)} in {name}, too soon to tell."
    if why:
        raise NoAnswerError(f"The record of that {why}")


def _count_public(
    context: ReportContext, what: str, cities: Sequence[str], span: Window | None
) -> Tally:
    """Count from the public tables, which are of closed years."""
    declared = PROGRAM[what]
    if not {"public", "within"} & {*declared}:
        raise NoAnswerError(NOT_PUBLIC)
    if span is None or span != span_year(span[0].year):
        raise NoAnswerError(BY_YEAR)
    year = span[0].year
    if "within" in declared:
        return _count_public_follow_up(context, declared["within"], cities, year)
    part, whole = steps = declared["public"]
    frame = context.ask("public_funnel", year=year).frame
    rows = frame[frame["city"].isin(cities) & frame["step"].isin(steps)]
    absent = [context.cities[city] for city in cities if city not in {*rows["city"]}]
    if absent or "missing" in {*rows["members_state"]}:
        of = f" of {join_words(absent)}" if absent and len(cities) > 1 else ""
        raise NoAnswerError(f"The public table has nothing{of} of {year}.")
    if rows["members"].isna().any():
        raise NoAnswerError(WITHHELD)
    counts = rows.groupby("step", observed=True)["members"].sum().astype(int)
    # The table counts those of whom it is not known whether they came with those who did not.
    unknown = int(counts[whole] - counts[part]) if what == "attendance" else 0
    return Tally(int(counts[part]), int(counts[whole]), unknown, f"in {year}", is_public=True)


def _count_public_follow_up(
    context: ReportContext, within: int, cities: Sequence[str], year: int
) -> Tally:
    if len(cities) != len(context.cities):
        raise NoAnswerError("The public table counts that for all cities together only.")
    frame = context.ask("public_promises").frame
    rows = frame[frame["year"] == year]
    kept = [f"kept_{days}" for days in (30, 60, 90) if days <= within]
    if rows.empty:
        raise NoAnswerError(f"The public table has nothing of {year}.")
    if rows[[*kept, "episodes"]].isna().any(axis=None):
        raise NoAnswerError(WITHHELD)
    part, whole = int(rows[kept].sum(axis=None)), int(rows["episodes"].iloc[0])
    return Tally(part, whole, 0, f"of those that began in {year}", is_public=True)
