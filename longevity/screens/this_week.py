"""This week: what happened in one city last week and where, against what, and what waits?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from longevity import windows
from longevity.absent import Absent, Count, read_number
from longevity.charts.kinds import area_maps
from longevity.errors import AccessError, DataError, UsageError
from longevity.findings import change_wording, counting
from longevity.findings import week as held
from longevity.findings.area_rates import add_hover_text
from longevity.findings.counting import Counting
from longevity.findings.finding import Finding
from longevity.findings.year_to_date import Compared
from longevity.measures import wording
from longevity.measures.nouns import MEASURES
from longevity.measures.say import say
from longevity.screens.chart_catalogue import neighbourhoods
from longevity.screens.context import ReportContext
from longevity.screens.report import Card, Report, Row, Tab, Tile
from longevity.settings import City
from longevity.stats import periods, rates, reporting_delay
from longevity.stats.comparison import Outcome
from longevity.stats.dispersion import SLICE_DAYS, SLICES
from longevity.stats.periods import Week
from longevity.stats.reporting_delay import NewestWeek
from longevity.warehouse.warehouse import Answer

SCREEN = "this_week"
NOT_ON_MAP = "On no map"
SIZE = (300, 360)  # of the map, in pixels
CUSTODY = "releases from custody and the list of people"
NEXT_SESSIONS, LAST_SESSIONS = 2, 4  # that are listed
MOST_WEEKS = 52  # that are offered
CUSTODY_EXTRACTS = ("releases_from_custody", "people")


@dataclass(frozen=True)
class ThisWeek:
    """One city's week, for who may read the city's own rows (`choose_week`)."""

    context: ReportContext
    city: str
    week: Week

    def build(self) -> Report:
        """Return the report.

        Of an earlier week the shootings are those known now, some of them reported after it.
        """
        name = "ended" if self.week.is_newest else "ended_earlier"
        which = say(f"week.{name}", day=f"{self.week.ending:%A}", as_of=self.week.as_of)
        return Report(
            SCREEN,
            (Tab("week", "This week", self.answer, self.events),),
            tiles=tuple(self.tiles()),
            notes=(which,),
            not_for_release=True,
        )

    def answer(self) -> str:
        """Return what happened in the week."""
        days = wording.format_period(self.week.starts, self.week.until)
        return held.write_headline(self.about.name, days, self.counted, self.why_not)

    @property
    def about(self) -> City:
        """Return what the configuration says of the city."""
        return self.context.settings.city(self.city)

    @property
    def name(self) -> str:
        """Return what the report is called on paper."""
        return f"{self.about.name}, weekly review"

    @property
    def why_not(self) -> str:
        """Say why only those killed are known of the city; empty where all shot are."""
        return self.context.explain_absence("victims", self.city)

    def ask(self, query: str, **parameters: Any) -> Answer:
        """Return the answer to a question about the city."""
        return self.context.ask(query, city=self.city, **parameters)

    def ask_followed(self, query: str) -> Answer:
        """Return the answer about the seven days, with what followed them."""
        span = {"date_from": self.week.starts, "date_until": self.week.until}
        return self.ask(query, **span, as_of=self.week.as_of)

    @property
    def listed(self) -> Answer:
        """Return the shootings of the week, one by one."""
        return self.ask_followed("shootings_one_by_one")

    @property
    def came(self) -> Answer:
        """Return who came home from custody since the week began."""
        return self.ask("exits_from_custody", as_of=self.week.as_of, since=self.week.starts)

    @property
    def expected(self) -> Answer:
        """Return who is expected home in the seven days after."""
        return self.ask("coming_home", as_of=self.week.as_of, weeks=1)

    @cached_property
    def places_in_28_days(self) -> Answer:
        """Return the counts of each neighbourhood in the 28 days."""
        span = (self.week.until - 28 * windows.DAY, self.week.until)
        return counting.count_areas(self.context, span, city=self.city)

    @property
    def counts(self) -> Sequence[str]:
        """Return what is counted, what is tested first."""
        return held.choose_counts(self.context.list_measures(self.city))

    @cached_property
    def in_windows(self) -> Answer:
        """Return the counts of every window that the week is held against."""
        first, _ = self.context.find_span(self.city)
        slices = windows.list_last_days(self.week.ending, SLICE_DAYS, SLICES)
        asked = [*held.list_windows(self.week.ending, first), *slices]
        return counting.count_whole(self.context, asked, city=self.city)

    @property
    def count(self) -> Counting:
        """Return the way to count a measure in a window."""
        return counting.make_counting(counting.read_counts(self.in_windows.frame))

    @cached_property
    def lines(self) -> list[Compared]:
        """Return each count in each window against every baseline."""
        first, _ = self.context.find_span(self.city)
        of = self.about.launched_on, self.counts, self.context.least_base
        return held.build_lines(self.count, self.week.ending, first, *of)

    @property
    def counted(self) -> tuple[Count, ...]:
        """Return the week's shootings, people shot and people killed."""
        return held.count_week(self.count, self.week.ending)

    def tiles(self) -> Iterator[Tile]:
        """Return the people shot in each window against last year, and those killed."""
        if self.why_not:
            for line in self.lines:
                yield Tile(line.name, wording.format_count(line.now))
            return
        for line in self.lines[len(self.lines) // 2 :]:
            yield Tile(
                line.name,
                wording.format_count(line.now),
                **change_wording.write_tile(line.last_year),
                help=held.describe_test(self.lines, line),
            )
        *_, killed = self.counted
        yield Tile("Killed, 7 days", wording.format_count(killed))

    def events(self) -> Sequence[Row]:
        """Return the map beside each shooting, what waits, and folded every comparison."""
        home = [self.expected_home(), *self.came_home()]
        return [
            [*self.map(), [self.shootings(), self.follow_ups()]],
            [self.messages(), home, self.call_ins()],
            *([card] for card in (self.data_notes(), self.compared(), self.places())),
        ]

    def compared(self) -> Card:
        """Return the week, 28 days and the year so far against every baseline."""
        is_apart, launched = len(self.counts) > 1, self.about.launched_on
        return Card(
            "weekly.compared",
            "Against every baseline",
            (say("week.read", is_tested_apart=is_apart, launched=launched),),
            table=build_table(self.lines),
            answer=self.in_windows,
            definition=" ".join(held.list_comparisons(self.lines)),
            folded=True,
        )

    def map(self) -> Iterator[Card]:
        """Return the map: shades for 28 days, numbers for the week; none without boundaries."""
        month, measure, context = self.places_in_28_days, self.counts[0], self.context
        if not context.has_boundaries(self.city) or month.frame.empty:
            return
        areas = rates.compute_area_values(month.frame, measure, 28)
        shades = area_maps.draw_areas(
            add_hover_text(areas, measure, 28),
            context.read_boundaries(self.city),
            context.make_drawing(),
            neighbourhoods.classify_28_days(context, measure),
            None,
            self.about.name,
            SIZE,
        )
        week = count_by_place(self.listed.frame, measure)
        yield Card(
            "weekly.map",
            f"{wording.start_sentence(MEASURES[measure])}, 28 days",
            picture=area_maps.add_counts(shades, week, "In the 7 days:"),
            answer=month,
            note=f"Numbers: the 7 days. {context.describe_lines(self.city)}".rstrip(),
        )

    def places(self) -> Card:
        """Return the places by name, what is on no map too."""
        answer, measure = self.places_in_28_days, self.counts[0]
        week, month = (line.now for line in self.lines[:2])
        totals = read_number(week) or 0, read_number(month) or 0
        shootings = self.listed.frame
        table = build_places_table(shootings, answer.frame, totals, measure)
        card = Card("weekly.places", "Where", answer=answer, folded=True)
        if len(table):
            return replace(card, table=table)
        none = "None in 28 days." if month == 0 else "Not every day of the 28 is known."
        return replace(card, sentences=(none,))

    def shootings(self) -> Card:
        """Return each shooting of the week, and whether the week had its meeting."""
        answer, held_on = self.listed, self.ask_followed("reviews_by_week").frame["held_on"].min()
        missing = self._explain_missing("shooting reviews", "shooting_reviews")
        review = say(f"week.{'not_reviewed' if pd.isna(held_on) else 'reviewed'}", day=held_on)
        sentence = f"Reviews: {missing}" if missing else review
        if answer.frame.empty:
            none = "No shooting that killed somebody" if self.why_not else "No shooting"
            sentence = f"{none} in this week. {sentence}"
        title = "Each shooting"
        return self._list("shootings", title, sentence, "week_shootings", answer, width=2)

    def follow_ups(self) -> Card:
        """Return the shootings that wait for enforcement on the group."""
        answer = self.ask("episodes", as_of=self.week.as_of)
        waiting = answer.frame[answer.frame["state"] == "open"]
        missing = ""
        if self.city in self.context.find_cities_without_follow_up():
            what = "groups, who shot, warnings and enforcement"
            missing = say("absent.not_all_here", what=what)
        return self._list(
            "promises",
            "Open follow-ups, oldest first",
            self.say_open(waiting),
            "week_open",
            answer,
            waiting,
            missing,
            width=2,
        )

    def messages(self) -> Card:
        """Return the shootings after which a group should hear from us, and whether it did."""
        hours = 24 * self.context.settings.thresholds.notified_within_days
        answer = self.listed
        due = answer.frame[answer.frame["gmi"].isin(("confirmed", "suspected"))]
        return self._list(
            "messages",
            f"Warned within {hours} hours?",
            self.say_messages(answer.frame),
            "week_messages",
            answer,
            due,
            self._explain_missing(
                "groups and custom notifications", "incident_groups", "custom_notifications"
            ),
            width=5,
        )

    def expected_home(self) -> Card:
        """Return who is expected home from custody."""
        return self._list(
            "home",
            "Coming home this week",
            self.say_who_comes_home(),
            "week_expected",
            self.expected,
            missing=self._explain_missing(CUSTODY, *CUSTODY_EXTRACTS),
            width=4,
        )

    def came_home(self) -> Iterator[Card]:
        """Return who came home, where somebody did; the card above has it in words."""
        answer = self.came
        if len(answer.frame) and not self._explain_missing(CUSTODY, *CUSTODY_EXTRACTS):
            yield self._list("met", "Who came home", "", "week_came", answer)

    def call_ins(self) -> Card:
        """Return the call-ins ahead, the next first, and the last ones, the newest first."""
        answer = self.ask("call_in_sessions", as_of=self.week.as_of)
        return self._list(
            "call_ins",
            "Call-ins",
            self.say_call_ins(answer.frame),
            "week_call_ins",
            answer,
            select_nearest(answer.frame),
            self._explain_missing("call-ins", "call_ins"),
            width=4,
        )

    def say_open(self, cases: pd.DataFrame) -> str:
        """Say how many cases wait for enforcement, and how far enforcement is known.

        The program's extracts can end before the page's own day: a follow-up is open as far as
        they go, and days are counted to there. `cases`: `episodes` that are open.
        """
        as_of, known_to = pd.Timestamp(self.week.as_of), cases["known_through"].min()
        return self.context.say(
            "week_open.line",
            cases=len(cases),
            oldest=cases["days_unanswered"].max(),
            over=(cases["window_ends_on"] <= as_of).sum(),
            known_to=known_to if known_to < as_of else None,
        )

    def say_messages(self, shootings: pd.DataFrame) -> str:
        """Say how many group-involved shootings of the week were followed by a message.

        `shootings`: `shootings_one_by_one`.
        """
        counts = Counter(shootings.loc[shootings["gmi"] == "confirmed", "notified"])
        unsettled = shootings["gmi"].isin(("suspected", "unknown")).sum()
        said = self.context.say(
            "week_messages.line",
            warned=counts["notified"],
            confirmed=counts.total(),
            unknown=counts["unknown"],
            recent=counts["too_recent"],
        )
        return said + self.context.say("week_messages.unsettled", unsettled=unsettled)

    def say_call_ins(self, sessions: pd.DataFrame) -> str:
        """Name the next call-in, and how long ago the last was. `sessions`: `call_in_sessions`."""
        ahead = sessions.loc[sessions["status"] == "scheduled", "scheduled_for"].min()
        held_on = sessions.loc[sessions["status"] == "held", "held_on"].max()
        ago = None if pd.isna(held_on) else (pd.Timestamp(self.week.as_of) - held_on).days
        next_on = None if pd.isna(ahead) else ahead
        return self.context.say("week_call_ins.line", ago=ago, next_on=next_on)

    def say_who_comes_home(self) -> str:
        """Say who comes home in the next seven days, and who came since the week began."""
        expected, came = self.expected.frame, self.came.frame
        counts = Counter(came["outcome"])
        facts = {
            "expected": len(expected),
            "as_of": self.week.as_of,
            "starts": self.week.starts,
            "came": len(came),
            "met": counts["greeted"],
            "unknown": counts["greeted_unknown"] + counts["too_recent"],
        }
        arrived = self.context.say(f"week_home.{'came' if len(came) else 'none_came'}", facts)
        return f"{self.context.say('week_home.expected', facts)} {arrived}"

    def data_notes(self) -> Card:
        """Return what changed in earlier weeks, and how far the newest may still grow."""
        notes = [describe_revisions(self.ask("revisions").frame)]
        # How much a week still grows is asked of the newest alone: another has grown.
        if self.week.is_newest and not self.why_not:
            recorded = self.ask("incidents_by_day_recorded", weeks=156).frame
            of = self.week.as_of, self.about.week_ends_iso, self.context.least_base
            notes.append(describe_growth(reporting_delay.estimate_growth(recorded, *of)))
        again = self.ask("incidents_reclassified_by_city").frame
        notes += self.context.say_rows("release.reclassified", again)
        return Card("weekly.notes", "Data notes", tuple(notes))

    def _list(
        self,
        key: str,
        title: str,
        sentence: str,
        measure: str,
        answer: Answer,
        listed: pd.DataFrame | None = None,
        missing: str = "",
        width: int = 1,
    ) -> Card:
        """Return the table a measure declares of an answer's rows, or of those `listed`, under its
        sentence; or only what is missing for it.
        """
        card = Card(f"weekly.{key}", title, width=width)
        if missing:
            return replace(card, alert=missing)
        rows = self.context.tabulate(measure, answer.frame if listed is None else listed)
        table = rows if len(rows) else None
        return replace(card, sentences=(sentence,), table=table, answer=answer)

    def _explain_missing(self, what: str, *needed: str) -> str:
        """Say that something was not supplied; empty when all `needed` extracts were."""
        if self.city not in self.context.find_cities_without(*needed):
            return ""
        return say(f"absent.{'not_all' if needed[1:] else 'not'}_here", what=what)


def build_table(lines: list[Compared]) -> pd.DataFrame:
    """Return the lines as a table of text: the count, then those of COLUMNS."""
    rows = [
        {"": line.name, "Now": wording.format_count(line.now)}
        | {held.COLUMNS[of]: _format_cell(finding) for of, finding in line.against.items()}
        for line in lines
    ]
    columns = ["", "Now", *held.COLUMNS.values()]
    return pd.DataFrame(rows, columns=columns, dtype="str").fillna("")


def _format_cell(finding: Finding) -> str:
    """Return a count or mean, and the verdict on it."""
    if isinstance(finding.before, Absent):
        return change_wording.VERDICTS[Outcome.UNKNOWN]
    base = f"{finding.before:,.1f}".removesuffix(".0")
    if finding.tested.tested_apart:
        return base  # the verdict is in the line of what was tested
    words = change_wording.describe_finding(finding)
    change = f" ({words.percentage})" if words.percentage and finding.difference else ""
    return f"{base} {words.arrow} {words.verdict}{change}"


def count_by_place(shootings: pd.DataFrame, measure: str) -> dict[str, int]:
    """Count incidents, or those killed (`fatal`), by neighbourhood. `shootings`: a row each."""
    counted = shootings["victims"] > 0 if measure == "incidents" else shootings[measure]
    by_place = counted.astype("Int64").groupby(shootings["neighbourhood"]).sum()
    return {str(name): int(count) for name, count in by_place.items()}


def build_places_table(
    now: pd.DataFrame, month: pd.DataFrame, totals: tuple[int, int], measure: str
) -> pd.DataFrame:
    """Return where shootings were, or another count, most in 28 days first.

    `now`: `shootings_one_by_one` of 7 days, `month`: `counting.count_areas` of 28; `totals`:
    the city's count in each. What lies in no neighbourhood has a row of its own.
    """
    week = count_by_place(now, measure)
    rows = [
        (str(name), week.get(name, 0), int(count))
        for name, count in zip(month["neighbourhood"], month[measure], strict=True)
        if count
    ]
    rows.sort(key=lambda row: (-row[2], -row[1], row[0]))
    rest = (totals[0] - sum(row[1] for row in rows), totals[1] - sum(row[2] for row in rows))
    if rest[1] > 0:
        rows.append((NOT_ON_MAP, *rest))
    header = [f"{wording.start_sentence(MEASURES[measure])} by place", *("7 days", "28 days")]
    return pd.DataFrame(rows, columns=header).astype("str")


def describe_revisions(frame: pd.DataFrame) -> str:
    """Say what changed in earlier weeks. `frame`: `revisions` of one city."""
    if frame.empty:
        return say("week.no_release_before")
    said, against = frame["sentence"].iloc[0].removesuffix("."), frame["against"].iloc[0]
    return say(f"week.{'revised' if said else 'not_revised'}", said=said, against=against)


def describe_growth(week: NewestWeek) -> str:
    """Say how many are reported late and where the newest week is likely to end, or why that is
    not known.
    """
    if week.lack is not None:
        return say(f"growth.{week.lack.value}", incidents=week.incidents)
    return say(
        f"growth.{'open' if week.high is None else 'expected'}",
        {"n": week.counted, "day": week.ending, "late": round(100 * (1 - week.complete[0]))},
        low=week.low,
        high=week.high,
    )


def select_nearest(sessions: pd.DataFrame) -> pd.DataFrame:
    """Return the next sessions, the next first, then the last ones, the newest first.

    The last that was held is among them, however long ago. `sessions`: `call_in_sessions`.
    """
    is_ahead = sessions["status"] == "scheduled"
    ahead, behind = sessions[is_ahead], sessions[~is_ahead]
    last_held = behind.index[behind["status"] == "held"][:1]
    last = behind[behind.index.isin([*behind.index[:LAST_SESSIONS], *last_held])]
    return pd.concat([ahead.iloc[::-1].head(NEXT_SESSIONS), last])


def build(context: ReportContext, city: str, week: Week) -> Report:
    """Return the screen of one city's week."""
    return ThisWeek(context, city, week).build()


def choose_week(context: ReportContext, city: str, ending: date | None = None) -> Week:
    """Return the week of `city` that ends on `ending`, or its newest whole one.

    AccessError for a viewer who may not read it; UsageError, with the nearest week there is, for
    no such week; DataError without a whole week of data.
    """
    name = context.settings.city(city).name
    if not context.can_see(city):
        raise AccessError(
            f"The weekly review of '{city}' names groups and people by code; "
            f"'{context.viewer}' may not read it.",
            "Ask as the city itself or as the state. What anybody may read is on Briefing.",
        )
    ends = _list_all_ends(context, city)
    if not ends:
        raise DataError(
            f"There is no whole week of incidents and victims of {name}.",
            "Publish a folder that holds one: see README.md.",
        )
    chosen = ending or ends[0]
    if chosen not in ends:
        nearest = min(ends, key=lambda day: abs(day - chosen))
        raise UsageError(
            f"No whole week of {name} ends on {wording.format_day(chosen)}: its weeks end on "
            f"{nearest:%A}, from {wording.format_day(ends[-1])} to {wording.format_day(ends[0])}.",
            f"The nearest week ends on {nearest.isoformat()}.",
        )
    as_of = min(context.spans[city][1], chosen + timedelta(days=6))
    return Week(chosen, as_of, chosen == ends[0])


def _list_all_ends(context: ReportContext, city: str) -> list[date]:
    ends_iso = context.settings.city(city).week_ends_iso
    span = context.spans.get(city)
    return periods.list_week_ends(*span, ends_iso) if span else []


def list_week_ends(context: ReportContext, city: str) -> list[date]:
    """Return the week ends of `city` one can choose, the newest first; none without data."""
    return _list_all_ends(context, city)[:MOST_WEEKS]
