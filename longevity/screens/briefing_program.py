"""The part of Briefing about the program: the money, who came to call-ins, what followed.

For the public it is made of the public tables; for a city of its own rows, for the state of all.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from longevity.screens import money as spending
from longevity.screens import public_program
from longevity.screens.call_ins import FREE
from longevity.screens.city_screen import CityScreen
from longevity.screens.context import ReportContext
from longevity.screens.evidence import EvidenceScreen
from longevity.screens.report import Card, Tile
from longevity.warehouse.catalogue import load_queries
from longevity.words import citations
from longevity.words.absent import Absent
from longevity.words.language import translate

ASKED = {  # in the table of the program: the query, and which of its rows
    "came": ("call_in_funnel", FREE),
    "days": ("cadence_by_city", ""),
    "followed": ("promises", "window_days == 30"),
    "met": ("reentry_greeting", ""),
}


def list_slides(context: ReportContext) -> list[Card]:
    """Return the program's cards for slides: who was shot, what was done, what is unknown."""
    verdict, bought, reached = EvidenceScreen(context, None).answer, money(context), reach(context)
    apart = [sentence for sentence in bought.sentences if sentence != verdict]
    did = replace(
        bought,
        title="" if context.is_public else bought.title,
        sentences=(*apart, *reached.sentences),
        chart="promises-by-year" if context.is_public else "",
        table=reached.table,
        note=" ".join(filter(None, (bought.note, reached.note))),
        others=(*filter(None, (bought.answer, reached.answer)), *bought.others, *reached.others),
        definition=" ".join(filter(None, (bought.definition, reached.definition))),
    )
    unknown = Card("briefing.unknown", verdict, chart="evaluation")
    who = Card("briefing.who", chart="victims-by-attribute")
    return [who, did, *([unknown] if verdict else [])]


def money(context: ReportContext) -> Card:
    """Return the card about money: what was spent, how many it reached, what the evaluation says.

    For the public only published amounts; for others the newest fiscal year of their cities.
    """
    asked = context.ask("published_counts", metric=spending.PUBLISHED_METRIC)
    facts = asked.frame[asked.frame["year"] <= context.find_last_day().year]
    named = facts.assign(source=[citations.name_source(url) for url in facts["source_url"]])
    amounts = " ".join(context.say_rows("published_money.line", named))
    published = amounts or context.say("published_money.not_published")
    evidence = EvidenceScreen(context, None)
    title = context.say("published_money.title", year=None)
    card = Card("briefing.money", title, (published, evidence.answer), answer=asked, width=2)
    if context.is_public:
        texts = (context.say_rows(f"published_money.{of}", facts) for of in ("label", "figure"))
        tiles = tuple(map(Tile, *texts))
        return replace(card, tiles=tiles, note=context.say("published_money.not_public"))
    cost = context.ask("cost_per_person_reached", city=context.viewer.city)
    newest = spending.find_newest_year(cost.frame, context.own_cities)
    said, (tiles, behind) = [evidence.answer], spending.follow_money(context, newest)
    if newest.empty:
        said.append(context.say("money_bought.not_known"))
    else:
        title = context.say("published_money.title", year=newest["fiscal_year"].iloc[0])
        if evidence.ends_before(newest["first_day"].min().date()):
            said.append(context.say("money_bought.before"))
        supplied = spending.find_supplied(cost.frame)
        names = [name for city, name in context.own_cities.items() if city not in supplied]
        said.append(context.say("money_bought.left_out", cities=names))
    return replace(
        card,
        title=title,
        sentences=tuple(filter(None, said)),
        tiles=tiles,
        answer=cost,
        others=behind,
        note=published,
        definition=context.say("cost.about", newest),
    )


def reach(context: ReportContext) -> Card:
    """Return the card on whom the program reached: a table for viewers who may read rows.

    For the public it is sentences about closed years.
    """
    if context.is_public:
        why = context.say("public_program.withheld")
        return Card(
            "briefing.reach",
            translate("What followed"),
            (public_program.say_follow_up(context), public_program.say_still_active(context)),
            answer=context.ask("public_promises"),
            note=f"{context.say('public_follow_up.why')} {why}",
        )
    screen = CityScreen(context, context.viewer.city)
    first, *others = [screen.ask(query) for query, _ in ASKED.values()]
    missing = map(screen.find_missing, ("call_in_funnel", "reentry_greeting"))
    return Card(
        "briefing.reach",
        "Reach of the program",
        table=build_program_table(screen),
        answer=first,
        others=tuple(others),
        definition=context.say("program.about"),
        alert=" ".join(filter(None, missing)),
    )


def build_program_table(screen: CityScreen) -> pd.DataFrame:
    """Return a table of text with a row for each question and a column for each city.

    What a city did not supply is "not supplied", never 0; what its files begin too late for is
    "not covered".
    """
    table: dict[str, dict[str, str]] = {name: {} for name in screen.cities.values()}
    for question, (query, only) in ASKED.items():
        frame, label = screen.read_rows(query, only), screen.say(f"program.{question}_label")
        lacking = screen.context.find_cities_without(*load_queries()[query].needs)
        for city, name in screen.cities.items():
            absent = Absent.NOT_SUPPLIED if city in lacking else Absent.NOT_COVERED
            rows = frame[frame["city"] == city]
            said = screen.say(f"program.{question}", rows) if len(rows) else absent.value
            table[name][label] = said
    return pd.DataFrame(table).rename_axis("In twelve months, unless said").reset_index()


def write_answer(context: ReportContext) -> str:
    """Return the tab's answer: a sentence on how many the program reached."""
    if context.is_public:
        return public_program.say_attendance(context)
    screen = CityScreen(context, context.viewer.city)
    said = []
    if not screen.is_unknown("call_in_funnel"):
        said.append(screen.answer("attendance.headline", FREE))
    if not screen.is_unknown("reentry_greeting"):
        said.append(screen.answer("met_home.headline", expected=0))
    return " ".join(said) or context.say("program.not_known")
