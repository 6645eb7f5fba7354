"""Reports and cards as what the templates show: the same cards that the screens draw."""

from __future__ import annotations

from typing import Any

import pandas as pd

from longevity.charts.chart import Chart
from longevity.edition.site import Site, make_slug
from longevity.errors import DataError
from longevity.language import translate
from longevity.measures.wording import split_first_sentence
from longevity.outputs import html_tables, table_files
from longevity.screens.report import Card, Report, Tab
from longevity.warehouse.provenance import Provenance, combine_sources

Facts = dict[str, Any]


def describe_report(site: Site, report: Report, address: str) -> Facts:
    """Return a screen: its answer, tiles and tabs, and the sources under it.

    The rows of its tables are files at its `address`: other pages have cards of the same names.
    """
    tabs = [_describe_tab(site, tab, address) for tab in report.tabs]
    about = [found for tab in tabs for found in tab["about"]]
    return {
        "answer": tabs[0]["answer"],
        "alerts": report.alerts,
        "notes": report.notes,
        "tiles": report.tiles,
        "tabs": tabs,
        "source": " ".join(combine_sources(about, list(site.context.cities.values()))),
    }


def _describe_tab(site: Site, tab: Tab, address: str) -> Facts:
    rows = [
        [
            [
                describe_card(site, card, address)
                for card in ([stack] if isinstance(stack, Card) else stack)
            ]
            for stack in row
        ]
        for row in tab.build()
    ]
    about = [found for row in rows for stack in row for card in stack for found in card["about"]]
    return {
        "key": tab.key,
        "name": tab.name,
        "answer": tab.find_answer(),
        "rows": rows,
        "about": about,
    }


def describe_card(site: Site, card: Card, address: str) -> Facts:
    """Return a card: words, numbers, a picture or a table, and how it was computed."""
    facts: Facts = {
        "id": make_slug(card.key),
        "title": card.title,
        "subtitle": "",
        "alerts": [card.alert] if card.alert else [],
        "sentences": [*card.sentences],
        "definition": card.definition,
        "note": card.note,
        "tiles": card.tiles,
        "picture": None,
        "table": "",
        "is_quoted": card.is_quoted,
        "method": None,
        "about": [],
    }
    answer, frame = card.answer, card.table
    if card.chart:
        try:
            drawn = site.draw(card.chart, card.values)
        except DataError as error:
            return facts | {"alerts": [*facts["alerts"], str(error)]}
        facts |= _describe_chart(site, card, drawn.chart)
        facts["picture"] = site.add_picture(drawn)
        answer = drawn.answers[0]
        facts["method"] = describe_method(drawn.about, f"charts/{facts['picture'].slug}.csv")
    if frame is not None and not card.chart:
        facts["table"] = write_table(frame.drop(columns=[*card.file_only], errors="ignore"), card)
    if answer is None:
        return facts
    if not card.chart:
        table = answer.frame if frame is None else frame
        name = f"{address}{make_slug(card.key)}.csv"
        site.write_shared(name, table_files.write_csv(table, answer.provenance))
        facts["method"] = describe_method(answer.provenance, name)
    facts["about"] = [answer.provenance, *(beside.provenance for beside in card.beside)]
    return facts


def _describe_chart(site: Site, card: Card, chart: Chart) -> Facts:
    first, rest = split_first_sentence(chart.subtitle)
    own = list(chart.sentences)
    said = [*card.sentences] if card.brief else [*card.sentences, *own]
    behind = [rest, *(own if card.brief else []), card.definition]
    return {
        "title": card.title or chart.title,
        "subtitle": first,
        "sentences": said,
        "definition": " ".join(filter(None, behind)),
    }


def describe_method(about: Provenance, rows: str) -> Facts:
    """Return how figures were asked for. `rows`: the address of the file that has them."""
    return {
        "question": translate(about.question),
        "parameters": table_files.write_parameters(about),
        "source": about.source,
        "sql": about.sql,
        "rows": rows,
    }


def write_table(frame: pd.DataFrame, card: Card) -> str:
    """Return a table as HTML; words where it has no row."""
    if frame.empty:
        return html_tables.say_no_rows()
    shown = html_tables.tidy_columns(frame.head(html_tables.LONGEST))
    return html_tables.write_table(shown, card.title or card.key)
