"""Check a claim: what it is held against, and the verdict on it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pandas as pd

from longevity.auth.viewers import STATE_SCOPE
from longevity.claims import evidence, examples, judge, reader
from longevity.claims.evidence import AcceptedError, Evidence
from longevity.claims.form import PROGRAM, ClaimForm, Names
from longevity.claims.reader import Reading
from longevity.claims.verdict import ClaimAnswer, NoAnswerError, Tally
from longevity.measures.wording import format_day, format_during, join_words
from longevity.screens.context import ReportContext
from longevity.warehouse.warehouse import Answer
from longevity.windows import DAY, Window, span_year

NOT_PUBLIC = "That is not in the public tables. The state, and each city about its own, may ask it."
WITHHELD = "The public table withholds that count, as it is small."
SO_FAR = "That is counted as it is on the last day of the data: say no time."
BY_YEAR = "The public table counts closed years: say one that is over."
BY_FISCAL_YEAR = "Money is counted by fiscal year: say “in 2025” for the one that ends in 2025."


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

    def count_program(what: str, cities: Sequence[str], span: Window | None) -> Tally:
        return _count_program(context, what, cities, span)

    errors = [*_list_accepted_errors(context)]
    of = (context.settings, ask, context.synthetic, context.holds, count_program, errors)
    return evidence.build_evidence(*of)


def _list_accepted_errors(context: ReportContext) -> Iterator[AcceptedError]:
    """Yield the errors the release was published with, in words for those who may read of rows."""
    is_state = context.viewer.named_scope == STATE_SCOPE
    for error in context.warehouse.release.manifest["accepted_errors"]:
        city = error["city"]
        days = [[*map(date.fromisoformat, ends)] for ends in error["days"]]
        spans = tuple((first, last + DAY) for first, last in days)
        may_read = context.can_see(city) if city else is_state
        yield AcceptedError(error["extract"], city, spans, error["sentence"] if may_read else "")


def list_examples(context: ReportContext) -> list[str]:
    """Return claims that the data support, to begin from."""
    return examples.list_examples(build_evidence(context))


def answer_reading(context: ReportContext, reading: Reading) -> ClaimAnswer:
    """Answer what a reading claims, or say why it claims nothing."""
    return judge.evaluate_reading(reading, build_evidence(context))


def ask_source(context: ReportContext, form: ClaimForm | None, answer: ClaimAnswer) -> Answer:
    """Ask what the answer to a form was read from, for its source line."""
    if not answer.from_release:
        place = build_evidence(context).reference.get(form.where) if form else None
        return context.ask(evidence.PUBLISHED_COUNTS, place=place)
    city = form.city if form and form.city in context.cities else None
    if form is None or form.what not in PROGRAM or answer.figures.empty:
        return context.ask(evidence.COUNTS, city=city)
    if context.viewer.named_scope is not None:
        return context.ask(PROGRAM[form.what]["query"], city=city)
    is_funnel = "public" in PROGRAM[form.what]
    return context.ask("public_funnel", city=city) if is_funnel else context.ask("public_promises")


# --- the program -------------------------------------------------------------------------


def _count_program(
    context: ReportContext, what: str, cities: Sequence[str], span: Window | None
) -> Tally:
    """Count what the program did in `cities` together; a sentence where that is not known."""
    if context.viewer.named_scope is None:
        return _count_public(context, what, cities, span)
    of = PROGRAM[what]["of"]
    if of == "now" and span:
        raise NoAnswerError(SO_FAR)
    if of == "a fiscal year" and (span is None or span != span_year(span[0].year)):
        raise NoAnswerError(BY_FISCAL_YEAR)
    return _count_cities(context, what, cities, span)


def _count_cities(
    context: ReportContext, what: str, cities: Sequence[str], span: Window | None
) -> Tally:
    """Count a span: what there was since its first day, less what there was since its end."""
    declared = PROGRAM[what]
    columns, since = declared["columns"], span[0] if span else date(1900, 1, 1)
    asked: list[tuple[int, dict[str, Any]]] = [(1, {})]
    if declared["of"] == "a time":
        asked = [(1, {"since": since}), *([(-1, {"since": span[1]})] if span else [])]
    elif span:
        asked = [(1, {"fiscal_year": since.year})]
    total, begun = pd.Series(0, index=columns), []
    for city, (sign, parameters) in [(city, one) for city in cities for one in asked]:
        answer = context.ask(declared["query"], city=city, **parameters)
        frame, name = answer.frame, context.cities[city]
        if "window_days" in frame:
            frame = frame[frame["window_days"] == declared["within"]]
        if frame.empty or frame[columns].isna().any(axis=None):
            raise NoAnswerError(f"Nothing of that was supplied for {name}, or not all of it.")
        if "episodes" in frame and frame["unknown"].sum():
            of = f"{int(frame['unknown'].sum()):,} of {int(frame['episodes'].sum()):,} cases"
            why = f"Whether enforcement followed is not known of {of} in {name}."
            raise NoAnswerError(why)
        if declared["of"] == "a time":
            # Who came is known without services.
            needed = {*answer.provenance.extracts} - {declared.get("without")}
            begins = context.find_first_day(city, *needed)
            last, days_to_tell = frame["last_day"].max().date(), declared.get("tell")
            if days_to_tell is None:
                days_to_tell = math.ceil(context.settings.thresholds.greeted_within_hours / 24)
            if begins and begins > since and span:
                day = format_day(begins)
                why = f"The record of that begins on {day} in {name}: say a time after that."
                raise NoAnswerError(why)
            if span and last < span[1] - DAY * (1 - days_to_tell):
                why = f"The record of that ends on {format_day(last)} in {name}, too soon to tell."
                raise NoAnswerError(why)
            begun += [begins] if begins and begins > since else []
        free = frame[frame["route"] != "in_custody"] if "route" in frame else frame
        total = total + sign * free[columns].sum().round().astype(int)
    days = format_during(*span) if span else "so far"
    if declared["of"] == "a fiscal year":
        days = f"in the fiscal year {since.year}"
    elif begun:
        days = f"since {format_day(max(begun))}" if len(cities) == 1 else "since each record begins"
    part, whole, unknown = [*(int(total[column]) for column in columns), 0][:3]
    # A group that is suspected of a shooting is among those that stopped.
    part -= unknown if what == "stopped" else 0
    return Tally(part, whole, unknown, days)


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
