"""Draw a `Report` with Streamlit: the open tab's answer and cards, and its sources at the foot."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from longevity.base.errors import AccessError, LongevityError
from longevity.charts.chart import Chart
from longevity.charts.sparkline import draw_sparkline
from longevity.charts.template.maps import AreaMap
from longevity.screens.report import Attention, Card, Report, Row, Tab, Tile, list_stacks
from longevity.ui import appearance, components, url_state
from longevity.ui.markdown import escape_markdown
from longevity.ui.page_context import PageContext
from longevity.ui.streamlit_internals import DeltaGenerator
from longevity.warehouse.provenance import Provenance
from longevity.words.wording import split_first_sentence

TAB = "tab"
TILES = "longevity-tiles"  # the row of tiles at the top of a screen


def show_report(
    context: PageContext, report: Report, offer: Callable[[], None] | None = None
) -> None:
    """Draw a report as a whole screen. `offer` draws buttons for downloads, next to the answer."""
    head = st.container(horizontal=True, key="longevity-answer", vertical_alignment="center")
    for alert in (*report.alerts, *context.explain_ended()):
        st.info(escape_markdown(alert))
    for note in report.notes:
        st.caption(escape_markdown(note))
    sources: list[Provenance] = []
    for tab, place in open_tabs(report.screen, report.tabs):
        with head:
            components.write_answer(tab.find_answer())
        with place:
            if tab is report.tabs[0]:
                draw_tiles(report.tiles)
                draw_attention(report.attention)
            draw_cards(context, tab.build(), sources)
    if offer is not None:
        with head:
            offer()
    if report.not_for_release or any(about.not_for_release for about in sources):
        components.mark_not_for_release()
    components.draw_footer(context, sources)


def draw_tiles(tiles: Sequence[Tile], key: str = TILES) -> None:
    """Draw tiles (a number with its change and a sparkline) next to each other."""
    if not tiles:
        return
    with st.container(key=key):
        for column, tile in zip(st.columns(len(tiles)), tiles, strict=True):
            column.metric(
                tile.label,
                tile.value,
                tile.change or None,
                delta_color="off",
                delta_arrow="off",
                delta_description=" · ".join(filter(None, (tile.base, tile.verdict))) or None,
                help=tile.help or None,
                border=key == TILES,
                height="stretch",
            )
        lines = _write_lines(tiles, key)
        if lines:
            st.html(f"<style>{lines}</style>")


def _write_lines(tiles: Sequence[Tile], key: str) -> str:
    """Write CSS that draws the tiles' sparklines as SVG.

    Streamlit's own are Vega charts: four of them cost 50 ms each time the page runs.
    """
    return "\n".join(
        f".st-key-{key} [data-testid=stColumn]:nth-child({at}) .stMetric::after"
        f'{{content:"";mask-image:{appearance.name_picture(draw_sparkline(tile.trend))}}}'
        for at, tile in enumerate(tiles, start=1)
        if len(tile.trend) > 1
    )


def draw_attention(lines: Sequence[Attention]) -> None:
    """Draw what needs attention, each a link to the tab that shows it."""
    if not lines:
        return
    with st.container(horizontal=True, key="longevity-attention", vertical_alignment="center"):
        st.markdown("**Needs attention**", width="content")
        for line in lines:
            st.page_link(
                f"pages/{line.screen}.py",
                label=escape_markdown(line.sentence),
                icon=":material/priority_high:",
                query_params={TAB: line.tab},
            )


def open_tabs(screen: str, tabs: Sequence[Tab]) -> list[tuple[Tab, DeltaGenerator]]:
    """Draw the tabs; return the open one, with the container for its cards, as a list of one.

    Which one is open is in the link.
    """
    if len(tabs) == 1:
        return [(tabs[0], st.container())]
    memory, drawn = st.session_state, f"{TAB}s.{screen}"
    names = {tab.key: tab.name for tab in tabs}
    if url_state.has_just_arrived():
        memory[url_state.PICKED].pop(TAB, None)  # a tab belongs to its screen
    for key, name in names.items():
        if name == memory.get(drawn):
            memory[TAB] = key
    url_state.adopt_choice("tab", TAB, usual=tabs[0].key, is_offered=names.__contains__)
    memory[drawn] = names[memory[TAB]]
    places = st.tabs(list(names.values()), key=drawn, on_change="rerun")
    url_state.keep_choices({TAB: (memory[TAB], memory[TAB] == tabs[0].key)})
    return [
        (tab, place) for tab, place in zip(tabs, places, strict=True) if components.is_open(place)
    ]


def draw_cards(context: PageContext, rows: Sequence[Row], sources: list[Provenance]) -> None:
    """Draw the cards of each row side by side; add where their figures come from to `sources`."""
    for row in rows:
        stacks = list_stacks(row)
        columns = st.columns([max(card.width for card in cards) for cards in stacks])
        for column, cards in zip(columns, stacks, strict=True):
            with column:
                for card in cards:
                    _draw_card(context, card, sources)


def _draw_card(context: PageContext, card: Card, sources: list[Provenance]) -> None:
    """Draw one card. An error is shown in its place, and the other cards are still drawn."""
    key = f"card.{card.key}"
    with st.expander(card.title, key=key) if card.folded else st.container(border=True, key=key):
        try:
            sources += _draw_content(context, card)
        except AccessError:
            raise
        except LongevityError as error:
            st.info(escape_markdown(str(error)))


def _draw_content(context: PageContext, card: Card) -> list[Provenance]:
    """Draw what is in a card: title, chart, tiles, sentences, rows, footer.

    Return where its figures come from.
    """
    chart, answer, values = card.picture, card.answer, card.values
    if chart is None and card.chart:
        chart = context.draw(card.chart, values)
        answer = chart.answers[0]
        values = chart.values
    if card.sizes and chart:
        sized: dict[str, Any] = {**card.sizes}
        chart = replace(chart, kind=replace(chart.kind, **sized))
    _head_card(context, card, chart)
    if card.alert:
        st.info(escape_markdown(card.alert))
    if card.parts:
        card.parts()
    elif chart:
        components.draw_chart(chart, card.key, card.opens)
    draw_tiles(card.tiles, f"card-tiles.{card.key}")
    own = chart.sentences if chart else ()
    components.write_sentences(card.sentences if card.brief else (*card.sentences, *own))
    if chart is None and answer is not None:
        _draw_rows(context, card, answer.provenance.question)
    if card.note:
        st.caption(escape_markdown(card.note))
    if answer is None:
        return []
    # The file offered under the card has its chart's table, else its own, else the answer.
    about = answer.provenance
    table = answer.frame if card.table is None else card.table
    name = about.query.replace("_", "-")
    if chart is not None:
        name, table = chart.file, chart.table
    definition = " ".join(filter(None, [*(own if card.brief else ()), card.definition]))
    components.draw_card_footer(name, table, about, card.key, definition, card.chart, values)
    return [about, *(other.provenance for other in card.others)]


def _head_card(context: PageContext, card: Card, chart: Chart | None) -> None:
    """Write the title of a card, and its chart's subtitle or a map's legend."""
    title = "" if card.folded else card.title or (chart.title if chart else "")
    if card.parts:
        return
    if chart and card.sizes:
        st.caption(escape_markdown(title), help=escape_markdown(chart.subtitle))
        return
    if title:
        st.markdown(f"**{escape_markdown(title)}**")
    if chart and isinstance(chart.kind, AreaMap):
        components.draw_colour_key(chart.kind.unit, chart.kind.key, context.theme)
    elif chart:
        said_first, rest = split_first_sentence(chart.subtitle)
        st.caption(escape_markdown(said_first), help=escape_markdown(rest) or None)


def _draw_rows(context: PageContext, card: Card, question: str) -> None:
    """Draw the rows a card shows, without the columns that only its file has."""
    if card.table is not None:
        shown = card.table.drop(columns=[*card.file_only])
        components.draw_table(
            shorten_codes(shown, context.cities) if card.file_only else shown, question
        )


def shorten_codes(table: pd.DataFrame, cities: Iterable[str]) -> pd.DataFrame:
    """Return a table with the city's id cut from codes: `hartford-p12` becomes `p12`.

    On a screen the row says its city already.
    """
    ids = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, cities))})-(?=\w)")
    texts = table.select_dtypes(include=["object", "string"]).columns
    return table.assign(
        **{
            name: [ids.sub("", cell) if isinstance(cell, str) else cell for cell in table[name]]
            for name in texts
        }
    )
