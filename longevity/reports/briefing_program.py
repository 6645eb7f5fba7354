"""Briefing, of the program: the money, who came to call-ins, what followed.

The public has what the public tables hold; a city its own rows; the state all.
"""

from __future__ import annotations

from longevity.reports.chart_catalogue.definition import find_last_day
from longevity.reports.context import ReportContext
from longevity.reports.evidence import Evidence
from longevity.reports.report import Card, Tile
from longevity.text import (
    briefing,
    budget_and_reviews,
    city_comparison,
    headlines,
    money_bought,
    public_text,
)

COST = (
    "Spent ÷ people who came to a call-in or were told directly, each once a fiscal year in a "
    "city; only fiscal years that are over and whose spending is all known."
)
CAME = (
    "Attended ÷ reached by the invitation and not in custody, in twelve months. What nobody noted "
    "is told beside it and never read as a no."
)
OF_BEFORE = "That was before this money was spent; what it changed is not tested."


def money(context: ReportContext, width: int = 1) -> Card:
    """Return what was spent, whom it reached, and what came of it."""
    asked = context.ask("published_counts", metric=budget_and_reviews.PUBLISHED_METRIC)
    facts = briefing.drop_later_years(asked.frame, find_last_day(context))
    published = " ".join(budget_and_reviews.list_published_amounts(facts)) or briefing.NO_FACT
    title, evidence = "What the money bought", Evidence(context, None)
    if context.viewer.named_scope is None:
        tiles = tuple(Tile(*each) for each in money_bought.list_published(facts))
        return Card(
            "briefing.money",
            title,
            (published, evidence.answer),
            tiles=tiles,
            answer=asked,
            note=briefing.NOT_PUBLIC,
            definition=f"What the state gave, as published. {COST}",
            width=width,
        )
    cities = _list_own_cities(context)
    cost = context.ask("cost_per_person_reached", city=context.viewer.city)
    spending = money_bought.sum_spending(cost.frame, cities)
    left_out = money_bought.name_left_out(cost.frame, cities)
    beside, unknown = "", [briefing.NO_COST]
    if spending:
        title = f"{title}, fiscal year {spending.fiscal_year}"
        beside = OF_BEFORE if evidence.ends_before(spending.begins) else ""
        unknown = [spending.unknown, left_out]
    return Card(
        "briefing.money",
        title,
        tuple(filter(None, (f"{evidence.answer} {beside}".strip(), *unknown))),
        tiles=tuple(Tile(*each) for each in spending.figures) if spending else (),
        answer=cost,
        note=published,
        definition=COST,
        width=width,
    )


def _list_own_cities(context: ReportContext) -> dict[str, str]:
    """Return the cities whose program this viewer sees exactly: all for the state."""
    own = context.viewer.city
    return {city: name for city, name in context.cities.items() if own in (None, city)}


def reach(context: ReportContext) -> Card:
    """Return attendance, sessions, follow-up and help; of the public the closed years in words."""
    if context.viewer.named_scope is None:
        closed, many = context.ask("public_promises"), len(context.cities)
        sentences = (
            public_text.describe_promises(closed.frame, many),
            public_text.describe_still_active(
                context.ask("public_still_active").frame, context.cities
            ),
        )
        why = public_text.explain_withheld(context.settings.thresholds.withheld_up_to)
        note = f"{public_text.explain_promises(many)} {why}"
        return Card("briefing.reach", "What followed", sentences, answer=closed, note=note)
    own = {"city": context.viewer.city}
    answers = [context.ask(query, **own) for query in city_comparison.REACH_QUERIES]
    funnel, cadence, promises, greeting = answers
    cities = _list_own_cities(context)
    return Card(
        "briefing.reach",
        "Reach of the program",
        table=city_comparison.build_program_table(
            funnel.frame, cadence.frame, promises.frame, greeting.frame, cities
        ),
        answer=answers[0],
        beside=tuple(answers[1:]),
        definition=CAME,
    )


def write_answer(context: ReportContext) -> str:
    """Return whom the program reached, in a sentence."""
    if context.viewer.named_scope is None:
        closed = context.ask("public_funnel")
        return public_text.describe_attendance(closed.frame, context.cities)
    own = {"city": context.viewer.city}
    funnel, greeting = context.ask("call_in_funnel", **own), context.ask("reentry_greeting", **own)
    said = [headlines.attendance_headline(funnel.frame)]
    if greeting.frame["exits"].sum():
        said.append(context.say("met_home.headline", greeting.frame, expected=0))
    said = [*filter(None, said)]
    return " ".join(said) or "Of call-ins and of people coming home nothing was supplied."
