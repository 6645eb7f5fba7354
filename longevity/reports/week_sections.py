"""One city's week, asked once: the screen shows it and the page prints it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from longevity.errors import AccessError
from longevity.reports.context import ReportContext
from longevity.settings import Thresholds
from longevity.stats import reporting_delay, windows
from longevity.text import list_pages, sources
from longevity.text.headlines import Change
from longevity.text.reporting_delay import describe_growth
from longevity.text.weekly import baseline_lines, rows, week
from longevity.text.weekly.baseline_lines import Line
from longevity.text.weekly.week import Week
from longevity.warehouse.prefetch import Question
from longevity.warehouse.warehouse import Answer


@dataclass(frozen=True)
class Section:
    """A part of the page: a sentence and a list, or what is missing for it."""

    name: str
    title: str
    sentence: str
    header: tuple[str, ...]
    rows: list[tuple[str, ...]]
    answer: Answer
    missing: str = ""
    of_all: int = 0  # rows of the whole list, where `rows` are its first
    make: Callable[[pd.DataFrame], list[tuple[str, ...]]] | None = None  # an answer's rows

    @property
    def left_out(self) -> int:
        """How many rows of the list are not among `rows`."""
        return max(0, self.of_all - len(self.rows))

    @property
    def frame(self) -> pd.DataFrame:
        """The list as a frame of text."""
        return pd.DataFrame(self.rows, columns=list(self.header), dtype="str")

    @property
    def says_more(self) -> bool:
        """Whether it has anything of its own to say.

        The list of who came home stands only where there is one: its words are in the one before.
        """
        return self.name != "met" or bool(self.rows)


@dataclass(frozen=True)
class Told:
    """Everything the weekly review says of one city and one week.

    `changes` are the people shot in each window against last year, with what each was tested on.
    """

    city: str
    name: str
    week: Week
    headline: str
    change: str
    changes: tuple[tuple[str, Change, str], ...]
    figures: tuple[tuple[str, str], ...]
    in_full: tuple[str, ...]
    comparisons: Section
    places: Section
    counted: tuple[str, str]  # what the places count, and its words
    month: pd.DataFrame
    this_week: pd.DataFrame
    lists: tuple[Section, ...]
    notes: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The answer the page opens on."""
        return f"{self.headline} {self.change}"


def require_own_city(context: ReportContext, city: str) -> None:
    """AccessError unless this viewer may read this city's own rows."""
    context.settings.city(city)
    if not context.can_see(city):
        raise AccessError(
            f"The weekly review of '{city}' names groups and people by code; "
            f"'{context.viewer}' may not read it.",
            "Ask as the city itself or as the state. What anybody may read is on Briefing.",
        )


def days(cities: pd.DataFrame, city: str) -> tuple[date | None, date | None]:
    """The first and the last day the city has counts for, by the query `cities`; None without."""
    row = cities[cities["city"] == city].iloc[0]
    first, last = row["starts_on"], row["data_through"]
    return (
        None if pd.isna(first) else first.date(),
        None if pd.isna(last) else last.date(),
    )


def tell(context: ReportContext, city: str, asked: date | None = None) -> Told:
    """The week of `city` that ends on `asked`, or its newest whole one.

    AccessError for a viewer who may not; UsageError for no such week; DataError without data.
    """
    require_own_city(context, city)
    about = context.settings.city(city)
    first, through = days(context.ask("cities").frame, city)
    chosen = week.choose_week(asked, first, through, about.week_ends_iso, about.name)
    thresholds = context.settings.thresholds
    least = thresholds.least_base_for_percentage
    told = context.ask_all(_questions(city, chosen))
    daily, now, month = told["days"], told["week"], told["month"]
    of = baseline_lines.choose_counts(context.list_measures(city))
    why_not = context.explain_absence("victims", city)
    found = baseline_lines.build_lines(daily.frame, chosen.ending, about.launched_on, of)
    asked_of = [(what, span) for span in (7, 28) for what in ("incidents", "victims", "fatal")]
    counts = baseline_lines.count_each(daily.frame, chosen.ending, asked_of)
    compared = Section(
        "compared",
        "Against every baseline",
        baseline_lines.explain_lines(of),
        ("", "Now", *baseline_lines.COLUMNS),
        [(line.label, _known(line.current), *line.build_cells(least)) for line in found],
        daily,
    )
    measure, noun = of[0]
    whole = counts[asked_of.index((measure, 7))], counts[asked_of.index((measure, 28))]
    where = rows.build_place_rows(now.frame, month.frame, (whole[0] or 0, whole[1] or 0), measure)
    return Told(
        city,
        about.name,
        chosen,
        baseline_lines.write_headline(
            about.name, chosen.words, daily.frame, chosen.ending, why_not
        ),
        baseline_lines.describe_28_days(found, chosen.ending, least),
        () if why_not else baseline_lines.list_changes(found, least),
        _killed(counts, found) if why_not else _figures(counts, found),
        tuple(baseline_lines.list_comparisons(found, least)),
        compared,
        Section("places", "Where", "", (f"{noun} by place", *rows.PLACES), where, month),
        (measure, noun),
        month.frame,
        now.frame,
        (
            _shootings(told, city, why_not),
            *_program(told, city, chosen, thresholds),
        ),
        (
            *_notes(told, chosen, about.week_ends_iso, least, why_not),
            *sources.describe_reclassified(told["reclassified"].frame, context.cities),
        ),
    )


def _questions(city: str, chosen: Week) -> dict[str, Question]:
    """Everything that is asked for one week, by what it is called below."""
    of = {"city": city}
    by_day = {**of, "as_of": chosen.as_of}
    week_ = {**of, "date_from": chosen.starts, "date_until": chosen.until}
    month = {**week_, "date_from": chosen.until - 28 * windows.DAY}
    since = {**by_day, "since": chosen.starts}
    return {
        "days": ("victims_by_day", {**of, "date_until": chosen.until}),
        "week": ("victims_by_neighbourhood", week_),
        "month": ("victims_by_neighbourhood", month),
        "shot": ("shootings_one_by_one_page", {**week_, **by_day}),
        "reviewed": ("reviews_by_week", {**week_, **by_day}),
        "promised": ("open_promises_page", by_day),
        "waiting": ("open_promises_by_city", by_day),
        "messages": ("messages_by_shooting", {**week_, **by_day}),
        # Which extracts the message needs is what the answer over the newest year says.
        "window": ("retaliation_window", of),
        "sessions": ("call_ins_ahead_and_behind", by_day),
        "cadence": ("cadence_by_city", by_day),
        "ahead": ("coming_home_page", {**by_day, "weeks": 1}),
        "expected": ("coming_home_by_city", {**by_day, "weeks": 1}),
        "came": ("exits_from_custody_page", since),
        "met": ("exits_by_quarter", since),
        "recorded": ("incidents_by_day_recorded", {**of, "weeks": 156}),
        "ledger": ("revisions_by_city", of),
        "reclassified": ("incidents_reclassified_by_city", of),
    }


def _known(count: int | None) -> str:
    return "not known" if count is None else f"{count:,}"


def _figures(counts: list[int | None], found: list[Line]) -> tuple[tuple[str, str], ...]:
    """The large figures: what, and how many."""
    words = ("Shootings, 7 days", "Shot, 7 days", "Killed, 7 days")
    week_ = list(zip(words, map(_known, counts[:3]), strict=True))
    return (
        *week_,
        ("Shot, 28 days", _known(counts[4])),
        ("Shot, this year", _known(found[5].current)),
    )


def _killed(counts: list[int | None], found: list[Line]) -> tuple[tuple[str, str], ...]:
    """The same of a city of which no more than those killed is known."""
    return (
        ("Shot and killed, 7 days", _known(counts[2])),
        ("Shot and killed, 28 days", _known(counts[5])),
        ("Shot and killed, this year", _known(found[2].current)),
    )


def _missing(answer: Answer, city: str, what: str) -> str:
    """What was not supplied for an answer; empty when all was."""
    about = answer.provenance
    if about.absent:
        names = ", ".join(name.replace("_", " ") for name in about.absent)
        return f"Not supplied: {names}. Missing, not zero."
    if city in about.without_data:
        return f"No {what} supplied for this city. Missing, not zero."
    return ""


def _shootings(told: Mapping[str, Answer], city: str, why_not: str) -> Section:
    answer, held = told["shot"], told["reviewed"]
    missing = _missing(held, city, "shooting reviews")
    said = f"Reviews: {missing}" if missing else rows.describe_review(held.frame)
    listed = rows.build_shooting_rows(answer.frame)
    none = "No shooting that killed somebody" if why_not else "No shooting"
    said = said if listed else f"{none} in this week. {said}"
    many = list_pages.count_all_rows(answer.frame)
    return Section(
        *("shootings", "Each shooting", said, rows.SHOOTINGS, listed, answer),
        of_all=many,
        make=rows.build_shooting_rows,
    )


def _program(
    told: Mapping[str, Answer], city: str, chosen: Week, thresholds: Thresholds
) -> tuple[Section, ...]:
    as_of = chosen.as_of
    promised, messages, sessions = told["promised"], told["messages"], told["sessions"]
    ahead, came = told["ahead"], told["came"]
    custody = "releases from custody with the list of people"
    return (
        _section(
            "promises", "Open follow-ups, oldest first",
            rows.describe_promises(told["waiting"].frame, as_of, thresholds.promise_window_days),
            rows.PROMISES, rows.build_promise_rows, promised,
            _missing(promised, city, "groups, notices and enforcement"),
            list_pages.count_all_rows(promised.frame),
        ),
        _section(
            "messages", f"Notified within {24 * thresholds.notified_within_days} hours?",
            rows.describe_messages(messages.frame),
            rows.MESSAGES, rows.build_message_rows, told["shot"],
            _missing(told["window"], city, "groups and custom notifications"),
            _due(messages.frame),
        ),
        _section(
            "home", "Coming home this week",
            rows.describe_home(told["expected"].frame, told["met"].frame, chosen),
            rows.HOME, rows.build_home_rows, ahead, _missing(ahead, city, custody),
            list_pages.count_all_rows(ahead.frame),
        ),
        _section(
            "met", "Who came home", "", rows.GREETINGS, rows.build_met_rows, came,
            _missing(came, city, custody), list_pages.count_all_rows(came.frame),
        ),
        _section(
            "call_ins", "Call-ins", rows.describe_call_ins(told["cadence"].frame, as_of),
            rows.CALL_INS, rows.build_call_in_rows, sessions,
            _missing(sessions, city, "call-ins"), _sessions(sessions.frame),
        ),
    )  # fmt: skip


def _due(messages: pd.DataFrame) -> int:
    """After how many shootings a group should hear from us."""
    due = messages["gmi"].isin(["confirmed", "suspected"])
    return int(messages.loc[due, "shootings"].sum())


def _sessions(frame: pd.DataFrame) -> int:
    """How many rows the list of call-ins would have with every session ahead."""
    ahead = int((frame["status"] == "scheduled").sum())
    return len(frame) - ahead + int(frame["ahead_of_all"].max()) if len(frame) else 0


def _section(
    name: str,
    title: str,
    sentence: str,
    header: tuple[str, ...],
    make: Callable[[pd.DataFrame], list[tuple[str, ...]]],
    answer: Answer,
    missing: str,
    of_all: int,
) -> Section:
    """A section, which says nothing but what is missing where something is."""
    if missing:
        return Section(name, title, missing, header, [], answer, missing)
    listed = make(answer.frame)
    return Section(name, title, sentence, header, listed, answer, of_all=of_all, make=make)


def _notes(
    told: Mapping[str, Answer], chosen: Week, ends_iso: int, least: int, why_not: str
) -> tuple[str, ...]:
    """What changed in earlier weeks, and how far the week may still grow."""
    if why_not:
        return (rows.describe_revisions(told["ledger"].frame),)
    grown = reporting_delay.estimate_reporting_delay(
        told["recorded"].frame, chosen.as_of, ends_iso, least
    )
    return (rows.describe_revisions(told["ledger"].frame), describe_growth(grown))
