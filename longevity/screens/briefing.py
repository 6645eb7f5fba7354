"""The screen Briefing: are counts up or down, by more than chance, and what needs attention?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pandas as pd

from longevity.findings import change_wording, year_to_date
from longevity.findings import places as neighbourhoods
from longevity.findings.finding import TOGETHER
from longevity.findings.year_to_date import Compared
from longevity.screens import briefing_program as program
from longevity.screens.choice import MEASURE
from longevity.screens.city_screen import CityScreen
from longevity.screens.context import ReportContext
from longevity.screens.report import Attention, Card, Report, Tab, Tile
from longevity.screens.screen import Screen
from longevity.screens.support import count_waiting
from longevity.warehouse.warehouse import Answer
from longevity.words import wording
from longevity.words.absent import Absent, read_number
from longevity.words.language import translate

NAME = "briefing"
TITLE = "state briefing"  # on slides and paper


def build(context: ReportContext, measure: str) -> Report:
    """Return the screen as a report: two tabs, a tile for each city, what needs attention.

    `measure`: what is counted. Each city is `Compared`: its count of this year so far, with a
    finding against last year and every other baseline.
    """
    cities = context.list_years(measure)
    together = context.compare_this_year(measure)[TOGETHER]
    shown = [together, *cities] if len(cities) > 1 else cities
    against_last_year = [city.last_year for city in cities]
    return Report(
        NAME,
        (
            Tab(
                "overview",
                translate("Overview"),
                partial(year_to_date.write_headline, together.last_year, against_last_year),
                lambda: [[show_so_far(context, measure), program.money(context)]],
            ),
            Tab(
                "program",
                translate("Program"),
                partial(program.write_answer, context),
                lambda: [[program.reach(context)]],
            ),
        ),
        tiles=tuple(_make_tile(context, measure, city) for city in shown),
        alerts=explain_gaps(context, measure),
        attention=find_attention(context),
        not_for_release=not context.is_public,
    )


def explain_gaps(context: ReportContext, measure: str) -> tuple[str, ...]:
    """Return sentences on cities without counts of this year, or only a part, or of some people."""
    year = context.find_last_day().year
    late = context.find_late_starts_in(year)
    counted = {city.place for city in context.list_years(measure)}
    known = counted | {*late} | ({*context.cities} - {*context.settings.going_on})
    missing = [name for city, name in context.cities.items() if city not in known]
    # Where every source has the measure, such as people killed, it is still said which of them do
    # not list all people shot.
    lacking = context.explain_absence(measure) or context.explain_absence("victims")
    said = (
        context.say("year_to_date.missing", places=missing),
        neighbourhoods.describe_cities_not_covered(
            late,
            context.cities,
            during=translate("in {when}", when=year),
            has_part=not counted.isdisjoint(late),
        ),
        lacking,
    )
    return tuple(filter(None, said))


def _make_tile(context: ReportContext, measure: str, city: Compared) -> Tile:
    """Return the tile of one city, or of all together: this year's count against last year's."""
    finding, frame = city.last_year, context.ask_year_to_date().frame
    counted = frame[frame["city"].isin([*context.going_on])]
    return Tile(
        f"{city.name}, {year_to_date.format_days_so_far(context.find_last_day())}",
        wording.format_count(finding.now),
        **change_wording.write_tile(finding),
        trend=sum_by_year(counted, measure, city.place),
        help=change_wording.describe_finding(finding).sentence,
    )


def build_briefing(context: ReportContext, measure: str | None = None) -> Report:
    """Return the briefing for slides and paper; DataError without incidents.

    It is the screen with other cards: how counts went and where, who was shot, what the program did
    with its money, what cannot be said. `measure`: what is counted, by default people shot, or the
    first measure that every city's source has.
    """
    counted = measure or context.list_measures()[0]
    report = build(context, counted)
    overview, reached = report.tabs
    return replace(
        report,
        tabs=(
            replace(overview, build=lambda: [list_slides(context, counted)]),
            replace(reached, build=lambda: [program.list_slides(context)]),
        ),
    )


def list_slides(context: ReportContext, measure: str) -> list[Card]:
    """Return the cards of the overview for slides: the year so far, twelve months, a map."""
    of_measure = {"measure": measure}
    return [
        replace(show_so_far(context, measure), others=_ask_what_waits(context)),
        Card("briefing.months", chart="twelve-months", values=of_measure),
        Card("briefing.where", chart="area-map", values=of_measure),
    ]


def show_so_far(context: ReportContext, measure: str) -> Card:
    """Return the card of the year so far: the same days of each year, a line for each city."""
    together = context.compare_this_year(measure)[TOGETHER].last_year
    note = context.explain_absence(measure)
    if not isinstance(together.now, Absent):
        fatal = context.compare_this_year("fatal")[TOGETHER].now
        killed = read_number(fatal) if measure == "victims" else None
        counted = [city.name for city in context.list_years(measure)]
        note = year_to_date.write_in_full(together, killed, counted)
    return Card(
        "briefing.so-far",
        chart="year-to-date",
        values={"measure": measure},
        note=note,
        definition=context.say("year_to_date.about"),
        width=3,
    )


def sum_by_year(frame: pd.DataFrame, measure: str, city: str) -> tuple[float | None, ...]:
    """Return the counts of a city, or of all TOGETHER, year by year; None where not known.

    `frame`: city, year, counts. The sum of all is not known for a year that one city lacks.
    """
    by_year = frame.pivot(index="year", columns="city", values=measure).astype("Float64")
    by_year[TOGETHER] = by_year.sum(axis="columns", skipna=False)
    counts = by_year.get(city, ())
    return tuple(None if pd.isna(count) else float(count) for count in counts)


def find_attention(context: ReportContext) -> tuple[Attention, ...]:
    """Return the lines of what needs attention, the most urgent first; () for the public.

    Where a city did not supply what a line is made of, the line says that it is not known there;
    where there is no line, one at the end names that city.
    """
    if context.is_public:
        return ()
    screen, say = CityScreen(context, context.viewer.city), context.say
    found, unseen = [], set[str]()
    for query, waits in _list_waiting(screen):
        unknown = screen.list_unknown(query)
        if query == "open_promises_by_city":
            unknown = context.find_cities_without_follow_up()
        names = [context.cities[city] for city in unknown]
        if not waits.sentence:
            unseen |= {*names}
        elif names:
            said = say("attention.not_known", line=waits.sentence, cities=names)
            found.append(replace(waits, sentence=said))
        else:
            found.append(waits)
    if unseen:
        cities = [name for name in context.cities.values() if name in unseen]
        found.append(Attention(say("attention.not_supplied", cities=cities), "sources", "data"))
    return tuple(found)


def _list_waiting(screen: CityScreen) -> Iterator[tuple[str, Attention]]:
    """Yield what may need attention: a query, and the line that its rows fill; "" for nothing."""
    say = screen.say

    rows = screen.read_rows(query := "open_promises_by_city")
    line = say("follow_up_open.waiting", rows, oldest=rows["longest_open"].max())
    yield query, Attention(line, "follow_up", "open")

    rows = screen.read_rows(query := "retaliation_window")
    yield query, Attention(say("warned_in_time.late", rows), "call_ins", "groups")

    rows = screen.read_rows(query := "shooting_reviews")
    yield query, Attention(say("reviews.late", rows), "call_ins", "sessions")

    rows = screen.read_rows(query := "cadence_by_city")
    idle = screen.context.name_cities(rows[rows["next_scheduled_for"].isna()])
    line = say("call_ins_held.none_scheduled", cities=[*idle["city"]])
    yield query, Attention(line, "call_ins", "sessions")

    rows = screen.read_rows(query := "lists_due_by_city")
    yield query, Attention(say("lists_due.overdue", rows), "sources", "changes")

    rows = screen.read_rows(query := "unanswered_requests")
    line = say("requests_waiting.unanswered", count_waiting(rows))
    yield query, Attention(line, "support", "community")


def _ask_what_waits(context: ReportContext) -> tuple[Answer, ...]:
    """Return the answers that attention is made of, for what this viewer may read; () for the
    public.
    """
    if context.is_public:
        return ()
    screen = CityScreen(context, context.viewer.city)
    return tuple(screen.ask(query) for query, _ in _list_waiting(screen))


SCREEN = Screen(
    NAME,
    "Briefing",
    group="Overview",
    place=0,
    icon=":material/summarize:",
    help="Whether more people are being shot than last year, and where. Read the sentence in "
    "bold first; the slides and the two pages say the same.",
    build=lambda context, chosen: build(context, chosen["measure"]),
    choices=(MEASURE,),
)
