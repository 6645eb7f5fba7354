"""The state briefing, put together once: the screen, the slides and the two pages show this."""

from __future__ import annotations

from datetime import date

import pandas as pd

from longevity.auth.viewers import ViewerKind
from longevity.charts.chart import MEASURES
from longevity.charts.figures import bars, shares
from longevity.errors import DataError
from longevity.reports.chart_catalogue import catalogue
from longevity.reports.chart_catalogue.city_comparison import against_baselines
from longevity.reports.context import ReportContext
from longevity.reports.sections import Briefing, Section, Table
from longevity.stats import baselines, windows
from longevity.stats.dispersion import IN_SLICES
from longevity.text import briefing as said
from longevity.text import budget_and_reviews, city_comparison, counts, public_text, sources
from longevity.text.windows import describe_common_day

DAYS = (28, 365)
WHOLE_YEARS_OF_GUNS = 5
COUNTS_WHAT = (
    "People hit by a firearm in a criminal act or one whose circumstance is unknown; homicides "
    "by any weapon are counted apart and never added."
)
TESTED_OF = (
    "Told of shooting incidents: several people can be shot in one, so people are no independent "
    "events and would make chance look like change."
)
HOW_TESTED = (
    "Exact conditional binomial test of two counts, its interval widened by how much counts "
    "swing from weeks to weeks at one level, over the six years to that day. The mean of several "
    "years is their sum over as many."
)


def briefing(context: ReportContext, measure: str | None = None) -> Briefing:
    """The briefing of what this viewer sees; DataError for a release without counts.

    `measure`: people shot, or where not every city's source holds them the first that all do.
    """
    measure = measure or context.list_measures()[0]
    to_date = context.ask("year_to_date_by_city")
    through = to_date.provenance.data_through
    if through is None:
        raise DataError(
            "This release has no incidents and victims, so there is nothing to brief of.",
            "Publish a folder that holds them.",
        )
    least = context.settings.thresholds.least_base_for_percentage
    frame = to_date.frame
    return Briefing(
        context,
        measure,
        through,
        counts.describe_year_to_date(
            frame, measure, through, context.cities, least, context.explain_absence(measure)
        ),
        tuple(said.build_cards(frame, measure, through, context.cities)),
        " ".join(
            filter(
                None,
                [
                    counts.describe_cities_without_rows(frame, context.cities),
                    _not_shown(context, measure),
                ],
            )
        ),
        (
            _so_far(context, measure),
            _more_than_chance(context, measure),
            _recent(context, measure, through),
            _rates(context, measure),
            _months(context, measure),
            # What hangs on no measure is made once for all of them.
            *(
                context.compute(section, context, through)
                for section in (_shares, _money, _reach, _promises)
            ),
            context.compute(_changed, context),
        ),
    )


def section(context: ReportContext, key: str, measure: str) -> Section:
    """One section by its key, as `briefing` has it; DataError for a release without counts."""
    through = context.ask("year_to_date_by_city").provenance.data_through
    if through is None:
        raise DataError("This release has no incidents and victims.", "Publish some.")
    dated = {"share": _shares, "money": _money, "reach": _reach, "promises": _promises}
    if key in dated:
        return context.compute(dated[key], context, through)
    if key == "changed":
        return context.compute(_changed, context)
    if key == "recent":
        return context.compute(_recent, context, measure, through)
    of_measure = {"baselines": _more_than_chance, "rates": _rates, "months": _months}
    return context.compute(of_measure[key], context, measure)


def _not_shown(context: ReportContext, measure: str) -> str:
    """Why people shot are not what is told of; empty where they are, or the answer says it."""
    return "" if context.explain_absence(measure) else context.explain_absence("victims")


def _so_far(context: ReportContext, measure: str) -> Section:
    drawn = catalogue.named("year-to-date").draw(context, {"measure": measure})
    return Section(
        "so-far",
        "This year so far",
        (),
        drawn,
        definition=f"{drawn.chart.subtitle} {COUNTS_WHAT}",
    )


def _more_than_chance(context: ReportContext, measure: str) -> Section:
    tested = city_comparison.find_test_measure(measure)
    to_date = context.ask("year_to_date_by_city")
    about = context.ask("cities").frame
    last_days = {
        str(city): None if pd.isna(day) else day.date()
        for city, day in zip(about["city"], about["data_through"], strict=True)
    }
    fair = windows.find_common_day(last_days)
    told = against_baselines(context, measure)
    names = {**context.cities, baselines.TOGETHER: said.TOGETHER_NAME}
    least = context.settings.thresholds.least_base_for_percentage
    shown = said.build_baselines_table(told, names, least)
    return Section(
        "baselines",
        "Is it more than chance?",
        tuple(filter(None, said.describe_chance(told, MEASURES[tested], names))),
        tables=(Table("", shown, to_date),),
        notes=(
            f"{said.explain_arrows(shown)} Percentages appear on a base of {least} or more.",
            describe_common_day(fair, context.cities),
            *([TESTED_OF] if tested != measure else []),
            *filter(None, [context.explain_absence(tested)]),
        ),
        definition=HOW_TESTED,
        finding=city_comparison.write_baselines_title(told, names),
    )


def _recent(context: ReportContext, measure: str, through: date) -> Section:
    tested = city_comparison.find_test_measure(measure)
    names = {**context.cities, baselines.TOGETHER: said.TOGETHER_NAME}
    slices = context.ask("rolling_by_city", **IN_SLICES).frame
    sentences, tables, answers = [], [], []
    for days in DAYS:
        answer = context.ask("rolling_by_city", days=days, windows=2, years=1)
        sentences.append(
            said.describe_recent_days(
                answer.frame, slices, tested, MEASURES[tested], through, names, days
            )
        )
        answers.append(answer)
        shown = counts.build_windows_table(answer.frame, measure, context.cities)
        # Where the data reach over none of the windows there is no column to show.
        if len(shown.columns) > 1:
            tables.append(Table(f"{MEASURES[measure].capitalize()} in {days} days", shown, answer))
    return Section(
        "recent",
        "The last 28 and 365 days",
        tuple(sentences),
        tables=tuple(tables),
        definition=f"Windows of whole days that end on the last day counted, the window before, "
        f"and the same days a year before. {COUNTS_WHAT} {HOW_TESTED}",
        answers=tuple(answers),
    )


def _rates(context: ReportContext, measure: str) -> Section:
    drawn = catalogue.named("rates").draw(context, {"measure": measure})
    chart, found = drawn.chart, drawn.chart.table
    return Section(
        "rates",
        "The cities against each other" if len(context.cities) > 1 else "The rate per resident",
        chart.said,
        drawn,
        bars.draw_rate_bars(found, context.make_drawing(), measure, chart.title),
        (
            Table(
                "",
                said.build_rates_table(found, measure, context.cities),
                drawn.answers[0],
                folded=True,
            ),
        ),
        definition=f"{chart.subtitle} Exact Poisson interval, widened for events that come in "
        "clusters. Cities whose intervals overlap are not told apart.",
        answers=drawn.answers,
    )


def _months(context: ReportContext, measure: str) -> Section:
    drawn = catalogue.named("months").draw(context, {"measure": measure})
    return Section(
        "months",
        "Month by month",
        (),
        drawn,
        definition=f"{drawn.chart.subtitle} {COUNTS_WHAT}",
    )


def _shares(context: ReportContext, through: date) -> Section:
    least = context.settings.thresholds.least_base_for_percentage
    answer = context.ask("homicides_share_of_state")
    facts = said.drop_later_years(answer.frame, through)
    sentences = counts.describe_share_of_state(facts, context.settings.state, context.cities, least)
    notes = (
        "The share of the state is from a published source, not from this release, and only for "
        "years in which one source gives both numbers: two sources are never divided by each other."
    )
    if not sentences:
        whose = "the cities'" if len(context.cities) > 1 else "the city's"
        sentences = [f"No published source gives both {whose} homicides and the state's."]
    to_date = context.ask("year_to_date_by_city")
    guns = said.select_guns_so_far(to_date.frame, through)
    sentences.append(counts.describe_gun_share(guns, through.year, context.cities, least))
    sentences += filter(None, [context.explain_absence("homicides")])
    published = said.build_shares_table(facts)
    tables = [Table("Published", published, answer, folded=True)] if len(published) else []
    before = _guns_before(context, through)
    return Section(
        "share",
        f"Share of {context.settings.state}, and guns",
        tuple(sentences),
        tables=(*([before] if before else []), *tables),
        notes=(notes,),
        definition="Homicides in the program's cities ÷ homicides in the state, by one source and "
        "year. Homicides by firearm ÷ homicides by any weapon, of this release.",
        answers=(to_date, answer),
    )


def _guns_before(context: ReportContext, through: date) -> Table | None:
    """Whole years before this one; None where the data hold none."""
    first, _ = context.find_span()
    if first.year >= through.year:
        return None
    guns = context.ask("gun_share_by_city_year", year_from=through.year - WHOLE_YEARS_OF_GUNS - 1)
    frame = said.build_guns_table(guns.frame, context.cities, WHOLE_YEARS_OF_GUNS)
    return None if frame.empty else Table("Homicides by firearm, of all homicides", frame, guns)


def _money(context: ReportContext, through: date) -> Section:
    published = context.ask("published_counts", metric=budget_and_reviews.PUBLISHED_METRIC)
    facts = said.drop_later_years(published.frame, through)
    sentences = budget_and_reviews.list_published_amounts(facts) or [said.NO_FACT]
    asked = _list_own_cities(context)
    definition = (
        "Spent ÷ people who came to a call-in or were told directly, each once a fiscal year in a "
        "city; only fiscal years that are over and whose spending is all known."
    )
    if context.viewer.kind is ViewerKind.PUBLIC:
        return Section(
            "money",
            "The money",
            (*sentences, said.NOT_PUBLIC),
            definition="What the state gave, as published. " + definition,
            answers=(published,),
        )
    own = {"city": context.viewer.city} if context.viewer.city else {}
    budget = context.ask("budget_by_city", **own)
    cost = context.ask("cost_per_person_reached", **own)
    month = cost.provenance.parameters["fiscal_month"]
    years = budget_and_reviews.sum_by_fiscal_year(budget.frame, month, through)
    over = years[years["over"].astype(bool)]
    told = (
        [budget_and_reviews.write_money_title(over, asked) + "."] if len(over) else [said.NO_BUDGET]
    )
    bought = said.describe_cost(cost.frame, asked) or ([said.NO_COST] if len(over) else [])
    tables = [Table("Fiscal years that are over", said.build_money_table(over, asked), budget)]
    return Section(
        "money",
        "The money, and what it bought",
        (*sentences, *told, *bought),
        tables=tuple(tables) if len(over) else (),
        definition=definition,
        answers=(published, budget, cost),
    )


def _list_own_cities(context: ReportContext) -> dict[str, str]:
    """The cities whose program this viewer sees exactly: all for the state."""
    own = context.viewer.city
    return {city: name for city, name in context.cities.items() if own in (None, city)}


def _reach(context: ReportContext, through: date) -> Section:
    definition = (
        "Attended ÷ reached by the invitation and not in custody. What nobody noted is told "
        "beside it and never read as a no."
    )
    if context.viewer.kind is ViewerKind.PUBLIC:
        reached = context.ask("public_funnel")
        steps = public_text.build_steps_table(reached.frame, context.cities)
        return Section(
            "reach",
            "Reach of the program",
            (public_text.describe_attendance(reached.frame, context.cities),),
            tables=(Table("", steps, reached),) if len(reached.frame) else (),
            notes=(public_text.explain_withheld(context.settings.thresholds.withheld_up_to),),
            definition=definition,
            answers=(reached,),
        )
    own = {"city": context.viewer.city} if context.viewer.city else {}
    reached = context.ask("call_in_funnel", **own)
    table = city_comparison.build_program_table(
        reached.frame,
        context.ask("cadence_by_city", **own).frame,
        context.ask("promises", **own).frame,
        context.ask("reentry_greeting", **own).frame,
        _list_own_cities(context),
    )
    return Section(
        "reach",
        "Reach of the program",
        (said.describe_attendance(reached.frame, _list_own_cities(context), through),),
        tables=(Table("", table, reached),),
        definition=definition,
    )


def _promises(context: ReportContext, through: date) -> Section:
    definition = (
        "A shooting by a group that has notice opens a case; it is followed up by enforcement "
        "that covers the group. docs/promises.md has the rules."
    )
    if context.viewer.kind is ViewerKind.PUBLIC:
        kept = context.ask("public_promises")
        table = public_text.build_promises_table(kept.frame).astype({"Began in": "str"})
        return Section(
            "promises",
            "Follow-up",
            (public_text.describe_promises(kept.frame, len(context.cities)),),
            bars=shares.draw_promises(kept.frame, context.make_drawing(), "Follow-up")
            if len(table)
            else None,
            tables=(Table("", table, kept, folded=True),) if len(table) else (),
            notes=(public_text.explain_promises(len(context.cities)),),
            definition=definition,
            answers=(kept,),
        )
    own = {"city": context.viewer.city} if context.viewer.city else {}
    kept = context.ask("promises", **own)
    return Section(
        "promises",
        "Follow-up",
        (said.describe_promises(kept.frame, _list_own_cities(context), through),),
        tables=(Table("", said.build_promises_table(kept.frame, context.cities), kept),)
        if len(kept.frame)
        else (),
        definition=definition,
        answers=(kept,),
    )


def _changed(context: ReportContext) -> Section:
    revised = context.ask("revisions")
    manifest = context.warehouse.release.manifest
    by_extract = context.ask("data_through_by_extract")
    return Section(
        "changed",
        "What changed since the last release",
        tuple(sources.list_revisions(revised.frame, manifest)),
        notes=(sources.describe_release(manifest, by_extract.frame, context.cities),),
        definition="What the release says of days the one before it counted already: people added "
        "late, outcomes and places corrected. It is of the whole release, whatever day is asked.",
        answers=(revised, by_extract),
    )
