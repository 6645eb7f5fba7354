"""The screen This week: what happened in one city last week, how it compares, and what waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from longevity.base.errors import AccessError, DataError, UsageError
from longevity.charts.chart import Chart
from longevity.charts.kinds import area_maps
from longevity.facts import windows
from longevity.facts.counted import MEASURES
from longevity.findings import change_wording, counting
from longevity.findings import week as weekly
from longevity.findings.area_rates import add_hover_text
from longevity.findings.counting import Counting
from longevity.findings.finding import Finding
from longevity.findings.year_to_date import Compared
from longevity.screens.chart_catalogue import neighbourhoods
from longevity.screens.choice import CITY, OWN_CITY, Choice, Values
from longevity.screens.context import ReportContext
from longevity.screens.report import Card, Report, Row, Tab, Tile
from longevity.screens.screen import Screen
from longevity.settings import City
from longevity.stats import periods, rates
from longevity.stats.comparison import Outcome
from longevity.stats.dispersion import SLICE_DAYS, SLICES
from longevity.stats.periods import Week
from longevity.warehouse.warehouse import Answer
from longevity.words import dates, wording
from longevity.words.absent import Absent, Count
from longevity.words.say import say

NAME = "this_week"
SIZE = (300, 360)  # of the map, in pixels


@dataclass(frozen=True)
class ThisWeek:
    """One city's week, for viewers who may read the city's rows (`choose_week` checks that)."""

    context: ReportContext
    city: str
    week: Week

    def build(self) -> Report:
        """Return the screen as a report of one tab, with tiles above it."""
        which = say("week.ended", day=f"{self.week.ending:%A}", as_of=self.week.as_of)
        return Report(
            NAME,
            (Tab("week", "This week", self.answer, self.events),),
            tiles=tuple(self.tiles()),
            notes=(which,),
            not_for_release=True,
        )

    def answer(self) -> str:
        """Return the screen's answer: what happened in the week."""
        days = wording.format_period(self.week.starts, self.week.until)
        return weekly.write_headline(self.about.name, days, self.counts, self.why_not)

    @property
    def about(self) -> City:
        """Return what the configuration says of the city."""
        return self.context.settings.city(self.city)

    @property
    def name(self) -> str:
        """Return what the report is called on paper."""
        return f"{self.about.name}, weekly review"

    @property
    def has_program(self) -> bool:
        """Return whether a program began in the city; without one nothing is said of its work."""
        return self.about.launched_on is not None

    @property
    def why_not(self) -> str:
        """Return why only those killed are known in this city; "" where all people shot are."""
        return self.context.explain_absence("victims", self.city)

    def ask(self, query: str, **parameters: Any) -> Answer:
        """Return the answer to a question about the city."""
        return self.context.ask(query, city=self.city, **parameters)

    def ask_followed(self, query: str) -> Answer:
        """Return the answer about the week's days, with what is known of them on `week.as_of`."""
        span = {"date_from": self.week.starts, "date_until": self.week.until}
        return self.ask(query, **span, as_of=self.week.as_of)

    @property
    def shootings(self) -> Answer:
        """Return the shootings of the week, one by one."""
        return self.ask_followed("shootings_one_by_one")

    @property
    def releases(self) -> Answer:
        """Return who came home from custody since the week began."""
        return self.ask("exits_from_custody", as_of=self.week.as_of, since=self.week.starts)

    @property
    def expected_releases(self) -> Answer:
        """Return who is expected home in the seven days after."""
        return self.ask("coming_home", as_of=self.week.as_of, weeks=1)

    @cached_property
    def places_in_28_days(self) -> Answer:
        """Return the counts of each neighbourhood in the 28 days."""
        span = (self.week.until - 28 * windows.DAY, self.week.until)
        return counting.count_areas(self.context, span, city=self.city)

    @property
    def measure(self) -> str:
        """Return the measure that is counted: people shot, or killed."""
        return weekly.choose_measure(self.context.list_measures(self.city))

    @cached_property
    def in_windows(self) -> Answer:
        """Return the counts in every window: the week's, those it is compared with, and slices.

        The slices (four weeks each) tell how much counts swing by chance.
        """
        first, _ = self.context.find_span(self.city)
        slices = windows.list_last_days(self.week.ending, SLICE_DAYS, SLICES)
        asked = [*weekly.list_windows(self.week.ending, first), *slices]
        return counting.count_whole(self.context, asked, city=self.city)

    @property
    def count(self) -> Counting:
        """Return a function that counts a measure in a window."""
        return counting.make_counting(counting.read_counts(self.in_windows.frame))

    @cached_property
    def lines(self) -> list[Compared]:
        """Return the counts of the week, 28 days and the year so far, against their baselines."""
        first, _ = self.context.find_span(self.city)
        of = self.about.launched_on, self.measure, self.context.least_base
        return weekly.build_lines(self.count, self.week.ending, first, *of)

    @property
    def counts(self) -> tuple[Count, ...]:
        """Return the week's shootings, people shot and people killed."""
        return weekly.count_week(self.count, self.week.ending)

    def tiles(self) -> Iterator[Tile]:
        """Yield a tile for each line of `lines`, against last year, and one for those killed."""
        for line in self.lines:
            yield Tile(
                line.name,
                wording.format_count(line.now),
                **change_wording.write_tile(line.last_year),
                help=change_wording.describe_finding(line.last_year).sentence,
            )
        if not self.why_not:
            yield Tile("Killed, 7 days", wording.format_count(self.counts[-1]))

    def events(self) -> Sequence[Row]:
        """Return the screen's cards: map, shootings, what waits, notes, comparisons (folded)."""
        last: list[Row] = [[self.data_notes()], [self.compared()]]
        if not self.has_program:
            return [[*self.map(), self.list_shootings()], *last]
        waiting = [self.messages(), self.expected_home(), self.call_ins()]
        return [[*self.map(), [self.list_shootings(), self.follow_ups()]], waiting, *last]

    def compared(self) -> Card:
        """Return the card of comparisons: week, 28 days and year so far against each baseline."""
        return Card(
            "weekly.compared",
            "Against every baseline",
            (say("week.read"),),
            table=build_table(self.lines),
            answer=self.in_windows,
            definition=self.context.say("change.how_tested"),
            folded=True,
        )

    def map(self) -> Iterator[Card]:
        """Yield the card of the map, if there is one: colours for 28 days, numbers for the week."""
        context, month = self.context, self.places_in_28_days
        if not context.has_boundaries(self.city) or month.frame.empty:
            return
        yield Card(
            "weekly.map",
            f"{wording.start_sentence(MEASURES[self.measure])}, 28 days",
            picture=context.compute(_draw_map, self.city, self.week),
            answer=month,
            note=f"Numbers: the 7 days. {context.credit_boundaries(self.city)}".rstrip(),
        )

    def list_shootings(self) -> Card:
        """Return the card that lists each shooting of the week."""
        none = "" if len(self.shootings.frame) else say("week.no_shooting")
        return self._list(
            "shootings",
            "Each shooting",
            sentence=none,
            measure="week_shootings",
            answer=self.shootings,
            missing=self._explain_missing("shooting_reviews"),
            width=2,
        )

    def follow_ups(self) -> Card:
        """Return the card of open follow-ups: shootings that wait for enforcement on the group."""
        cases = self.ask("episodes", as_of=self.week.as_of)
        is_known = self.city not in self.context.find_cities_without_follow_up()
        ends = self.context.find_end(self.city, self.week.as_of, "incident_groups")
        return self._list(
            "promises",
            "Open follow-ups, oldest first",
            sentence=self.say_open(cases.frame.query("state == 'open'")) if is_known else "",
            measure="week_open",
            answer=replace(cases, frame=cases.frame.query("state == 'open'")),
            missing=say(f"week_open.{'who_shot' if is_known else 'not_known'}", ends=ends),
            width=2,
        )

    def messages(self) -> Card:
        """Return the card of shootings after which a group should be warned, and whether it was."""
        hours = 24 * self.context.settings.thresholds.notified_within_days
        due = self.shootings.frame["gmi"].isin(("confirmed", "suspected"))
        return self._list(
            "messages",
            f"Warned within {hours} hours?",
            sentence=self.say_messages(self.shootings.frame),
            measure="week_messages",
            answer=counting.keep_rows(self.shootings, due),
            missing=self._explain_missing("incident_groups", "custom_notifications"),
            width=5,
        )

    def expected_home(self) -> Card:
        """Return the card that lists who is expected home from custody, with who came in words."""
        return self._list(
            "home",
            "Coming home this week",
            sentence=self.say_who_comes_home(),
            measure="week_expected",
            answer=self.expected_releases,
            missing=self._explain_missing("releases_from_custody", "people"),
            width=4,
        )

    def call_ins(self) -> Card:
        """Return the card on how long ago the last call-in was, and when the next one is."""
        held = self.ask("cadence_by_city", as_of=self.week.as_of)
        said = self.context.say_rows("call_ins_held.clock", held.frame)
        missing = self._explain_missing("call_ins")
        return Card("weekly.call_ins", "Call-ins", tuple(said), answer=held, alert=missing, width=4)

    def say_open(self, cases: pd.DataFrame) -> str:
        """Return a sentence on how many cases wait for enforcement, and up to when it is known.

        The data on enforcement can end before the page's day; a case is open as far as they say.
        `cases`: rows of the query `episodes` that are open.
        """
        return self.context.say(
            "week_open.line",
            cases=len(cases),
            oldest=cases["days_unanswered"].max(),
            over=(cases["window_ends_on"] <= pd.Timestamp(self.week.as_of)).sum(),
            known_to=cases["known_through"].min(),
        )

    def say_messages(self, shootings: pd.DataFrame) -> str:
        """Return a sentence on how many shootings by groups were followed by a warning to them.

        `shootings`: rows of the query `shootings_one_by_one`.
        """
        counts = Counter(shootings.loc[shootings["gmi"] == "confirmed", "notified"])
        return self.context.say(
            "week_messages.line",
            warned=counts["notified"],
            confirmed=counts.total(),
            unknown=counts["unknown"],
            recent=counts["too_recent"],
            unsettled=shootings["gmi"].isin(("suspected", "unknown")).sum(),
        )

    def say_who_comes_home(self) -> str:
        """Return a sentence on who comes home in seven days, and who came since the week began."""
        counts, files = Counter(self.releases.frame["outcome"]), ("releases_from_custody", "people")
        return self.context.say(
            "week_home.line",
            expected=len(self.expected_releases.frame),
            as_of=self.week.as_of,
            starts=self.week.starts,
            came=counts.total(),
            met=counts["greeted"],
            unknown=counts["greeted_unknown"] + counts["too_recent"],
            ends=self.context.find_end(self.city, self.week.as_of, *files),
        )

    def data_notes(self) -> Card:
        """Return the card of notes: what changed in earlier weeks, how much is entered late."""
        late, again = (
            self.ask(query).frame for query in ("entered_late", "incidents_reclassified_by_city")
        )
        notes = (
            describe_revisions(self.ask("revisions").frame),
            *self.context.say_rows("entered_late.share", late),
            *self.context.say_rows("release.reclassified", again),
        )
        return Card("weekly.notes", "Data notes", notes)

    def _list(
        self,
        key: str,
        title: str,
        sentence: str,
        measure: str,
        answer: Answer,
        missing: str,
        width: int,
    ) -> Card:
        """Return a card with the table that a measure declares, of an answer's rows.

        `sentence`: above the table; `missing`: what was not supplied for it, which is shown alone
        where there are no rows.
        """
        card = Card(f"weekly.{key}", title, width=width, alert=missing)
        rows = self.context.tabulate(measure, answer.frame)
        if missing and not len(rows):
            return card
        said, table = tuple(filter(None, (sentence,))), rows if len(rows) else None
        return replace(card, sentences=said, table=table, answer=answer)

    def _explain_missing(self, *needed: str) -> str:
        """Return a sentence on which of these extracts the city did not supply; "" for none."""
        return self.context.explain_missing(needed, [self.city]) if self.has_program else ""


def _draw_map(context: ReportContext, city: str, week: Week) -> Chart:
    """Return the map of a city's week: colours for 28 days, numbers for the seven."""
    shown = ThisWeek(context, city, week)
    areas = rates.compute_area_values(shown.places_in_28_days.frame, shown.measure, days=28)
    shades = area_maps.draw_areas(
        add_hover_text(areas, shown.measure, days=28),
        context.read_boundaries(city),
        context.make_drawing(),
        neighbourhoods.classify_28_days(context, shown.measure),
        selected=None,
        title=shown.about.name,
        size=SIZE,
    )
    week_counts = count_by_place(shown.shootings.frame, shown.measure)
    return area_maps.add_counts(shades, week_counts, "In the 7 days:")


def build_table(lines: list[Compared]) -> pd.DataFrame:
    """Return a table of text: what is counted, the count now, and each baseline with its verdict.

    `lines`: counts of the week, 28 days and the year so far, each compared with earlier times.
    """
    rows = [
        {"": line.name, "Now": wording.format_count(line.now)}
        | {weekly.COLUMNS[of]: _format_cell(finding) for of, finding in line.against.items()}
        for line in lines
    ]
    compared = {of for line in lines for of in line.against}
    columns = ["", "Now", *(name for of, name in weekly.COLUMNS.items() if of in compared)]
    return pd.DataFrame(rows, columns=columns, dtype="str").fillna("")


def _format_cell(finding: Finding) -> str:
    """Return the earlier count (or the mean of several), and the verdict's arrow and words."""
    if isinstance(finding.before, Absent):
        return change_wording.VERDICTS[Outcome.UNKNOWN]
    verdict = finding.verdict
    base = f"{finding.before:,.1f}".removesuffix(".0")
    return f"{base} {change_wording.ARROWS[verdict]} {change_wording.VERDICTS[verdict]}"


def count_by_place(shootings: pd.DataFrame, measure: str) -> dict[str, int]:
    """Count by neighbourhood: {"Frog Hollow": 2}. `measure`: "incidents", or a column to add up.

    `shootings`: a row for each shooting: neighbourhood, victims, fatal.
    """
    counted = shootings["victims"] > 0 if measure == "incidents" else shootings[measure]
    by_place = counted.astype("Int64").groupby(shootings["neighbourhood"]).sum()
    return {str(name): int(count) for name, count in by_place.items()}


def describe_revisions(frame: pd.DataFrame) -> str:
    """Return a sentence on what changed in earlier weeks. `frame`: `revisions` of one city."""
    if frame.empty:
        return say("week.no_release_before")
    said, against = frame["sentence"].iloc[0].removesuffix("."), frame["against"].iloc[0]
    return say(f"week.{'revised' if said else 'not_revised'}", said=said, against=against)


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
    ends = list_week_ends(context, city)
    if not ends:
        raise DataError(
            f"There is no whole week of incidents and victims of {name}.",
            "Publish a folder that holds one.",
        )
    chosen = ending or ends[0]
    if chosen not in ends:
        nearest = min(ends, key=lambda day: abs(day - chosen))
        raise UsageError(
            f"No whole week of {name} ends on {wording.format_day(chosen)}.",
            f"The nearest week ends on {nearest.isoformat()}.",
        )
    as_of = min(context.spans[city][1], chosen + timedelta(days=6))
    return Week(chosen, as_of=as_of, is_newest=chosen == ends[0])


def list_week_ends(context: ReportContext, city: str) -> list[date]:
    """Return the last days of the whole weeks with data of a city, the newest first."""
    ends_iso = context.settings.city(city).week_ends_iso
    span = context.spans.get(city)
    return periods.list_week_ends(*span, ends_iso) if span else []


def open_week(context: ReportContext, chosen: Values) -> ThisWeek:
    """Return the screen of the city and week that are chosen; raises as `choose_week`."""
    ending = date.fromisoformat(chosen["week"]) if "week" in chosen else None
    return ThisWeek(context, chosen[CITY], choose_week(context, chosen[CITY], ending))


def _name_weeks(context: ReportContext, chosen: Values) -> dict[str, str]:
    ends = list_week_ends(context, chosen[CITY])
    return {day.isoformat(): f"to {dates.format_short(day)}" for day in ends}


WEEK = Choice("week", "Week", _name_weeks)

SCREEN = Screen(
    NAME,
    "This week",
    group="Overview",
    place=1,
    icon=":material/event_note:",
    help="One city’s last week, for Monday’s meeting. Choose the city and the week, then take "
    "the page as a PDF.",
    build=lambda context, chosen: open_week(context, chosen).build(),
    choices=(
        OWN_CITY,
        WEEK,
    ),
    inside=True,
)
