"""Turns what the screens are made of, reports of tabs and cards, into facts for the HTML templates.

So the edition shows what the screens show, and nothing is counted a second time.
"""

from __future__ import annotations

from typing import Any

from longevity.base.errors import DataError
from longevity.charts.chart import Chart
from longevity.edition.site import Site
from longevity.outputs import html_tables, table_files
from longevity.outputs.documents.document_files import make_slug
from longevity.screens.report import Card, Report, Tab, list_stacks
from longevity.warehouse.provenance import Provenance, combine_sources
from longevity.words.language import translate
from longevity.words.wording import split_first_sentence

Facts = dict[str, Any]


def describe_report(site: Site, report: Report, address: str) -> Facts:
    """Return the facts of a screen: its answer, its tabs of cards, and the sources under it.

    The rows behind its cards become files at its `address`, as other pages have cards of the same
    names.
    """
    tabs = [_describe_tab(site, tab, address) for tab in report.tabs]
    about = [found for tab in tabs for found in tab["about"]]
    source = " ".join(combine_sources(about, list(site.context.cities.values())))
    return {**vars(report), "answer": tabs[0]["answer"], "tabs": tabs, "source": source}


def _describe_tab(site: Site, tab: Tab, address: str) -> Facts:
    """Return the facts of a tab: its answer, and rows of stacks of cards, one below the other."""
    rows = [
        [[describe_card(site, card, address) for card in stack] for stack in list_stacks(row)]
        for row in tab.build()
    ]
    cards = (card for row in rows for stack in row for card in stack)
    about = [found for card in cards for found in card["about"]]
    return {
        "key": tab.key,
        "name": tab.name,
        "answer": tab.find_answer(),
        "rows": rows,
        "about": about,
    }


def describe_card(site: Site, card: Card, address: str) -> Facts:
    """Return the facts of a card: words, numbers, a picture or a table, and how it was computed.

    Its picture and the rows behind it are written as files on the way. Where its chart cannot be
    drawn it says why.
    """
    facts: Facts = {
        **vars(card),
        "id": make_slug(card.key),
        "subtitle": "",
        "alerts": [card.alert] if card.alert else [],
        "picture": None,
        "table": "",
        "method": None,
        "about": [],
    }
    answer = card.answer
    if card.chart:
        try:
            drawn = site.draw(card.chart, card.values)
        except DataError as error:
            return facts | {"alerts": [*facts["alerts"], str(error)]}
        answer, picture = drawn.answers[0], site.add_picture(drawn)
        rows = f"charts/{picture.slug}.csv"
        facts |= {"picture": picture, **_describe_chart(card, drawn)}
    elif card.table is not None:
        facts["table"] = write_card_table(card)
    if answer is None:
        return facts
    if not card.chart:
        rows = f"{address}{make_slug(card.key)}.csv"
        table = answer.frame if card.table is None else card.table
        site.write_shared(rows, table_files.write_csv(table, answer.provenance))
    facts["method"] = describe_method(answer.provenance, rows)
    facts["about"] = [answer.provenance, *(other.provenance for other in card.others)]
    return facts


def _describe_chart(card: Card, chart: Chart) -> Facts:
    """Return what a card takes from its chart; a `brief` one has its sentences behind a button."""
    first, rest = split_first_sentence(chart.subtitle)
    behind = [rest, *(chart.sentences if card.brief else []), card.definition]
    return {
        "title": card.title or chart.title,
        "subtitle": first,
        "sentences": [*card.sentences, *(() if card.brief else chart.sentences)],
        "definition": " ".join(filter(None, behind)),
    }


def describe_method(about: Provenance, rows: str) -> Facts:
    """Return how figures were asked for; `rows`: the address of the file that has them."""
    return {
        "question": translate(about.question),
        "parameters": table_files.write_parameters(about),
        "source": about.source,
        "sql": about.sql,
        "rows": rows,
    }


def write_card_table(card: Card) -> str:
    """Return a card's table as HTML; words where it has no row."""
    if card.table is None or card.table.empty:
        return html_tables.say_no_rows()
    shown = card.table.drop(columns=[*card.file_only], errors="ignore")
    shown = html_tables.tidy_columns(shown.head(html_tables.LONGEST))
    return html_tables.write_table(shown, card.title or card.key)
