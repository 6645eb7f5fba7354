"""Reads what the product says as texts, lists and dictionaries: no other file here knows how.

A table is a list of rows, each a list of texts, the names of its columns first.
"""

from __future__ import annotations

import itertools
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from longevity.app.publish import publish_release as publish
from longevity.auth.viewers import QueryClass, parse_viewer
from longevity.base.errors import LongevityError
from longevity.claims import reader
from longevity.claims.evidence import Evidence
from longevity.outputs.documents import deck, pages
from longevity.outputs.documents.document import Document
from longevity.release.store import Store
from longevity.screens import claim_check, this_week
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.choice import MEASURE, OWN_CITY
from longevity.screens.context import ReportContext
from longevity.screens.map import MapScreen
from longevity.screens.report import Card, Report, Tile, list_cards
from longevity.settings import Settings
from longevity.stats import rates
from longevity.stats.periods import TO_DATE
from longevity.ui.screens import SCREENS
from longevity.warehouse.warehouse import Warehouse
from longevity.words.language import speaking
from tests import conftest
from tests.conftest import TODAY, UNTIL
from tests.drivers import briefing_reader, screens
from tests.factories import bundles
from tools.golden.record import Lines, Places, Record

MOST_CHOICES = 6  # values of one parameter with which a chart is drawn
CHART = ("title", "subtitle", "alt", "sentences", "table")

Said = dict[str, Any]
Table = list[list[str]]
Contexts = Mapping[str, ReportContext]  # what each viewer asks with: public, state, city
CHOICE = re.compile(r"\[([^]]*)\]")
# Screens that are no reports, or read with what is opened on them: they are run as pages.
PAGES = ("map", "press_desk", "claim_check")
PROGRAM = "the program"  # claims about it differ from viewer to viewer


def record_release(contexts: Contexts) -> dict[str, Lines]:
    """Return all that a release says to the public, the state and a city, by key."""
    record = Record()
    for read in (
        read_charts,  # first: screens show them again
        read_screens,
        read_spanish,
        read_pages,
        read_claims,
        read_public_tables,
        read_documents,
    ):
        record.add_places(read(contexts))
    return record.lines


def publish_home(folder: Path) -> Settings:
    """Publish below `folder` the two releases that tests ask, so that one follows another."""
    settings = conftest.load_at(folder / "home")
    for until in (UNTIL - timedelta(days=7), UNTIL):
        conftest.write_extracts(folder / f"{until}", until)
        publish(folder / f"{until}", settings, TODAY)
    return settings


@contextmanager
def open_contexts(settings: Settings) -> Iterator[Contexts]:
    """Open what a home serves for the public, the state and the configuration's first city."""
    asked = {"public": "public", "state": "state", "city": f"city:{next(iter(settings.cities))}"}
    with closing(Warehouse(Store(settings.home).current(), settings)) as warehouse:
        contexts = {
            name: ReportContext(settings, parse_viewer(text, settings), warehouse, TODAY)
            for name, text in asked.items()
        }
        for context in contexts.values():
            # Each would make a public context of its own, and compute once more what all share.
            vars(context)["shared"] = contexts["public"]
        yield contexts


def read_screens(contexts: Contexts) -> Places:
    """Read the screens that are reports: the head of each, and each tab's answer and cards."""
    for viewer, context in contexts.items():
        for screen, report in build_reports(context):
            for place, said in _read_report(context, report):
                yield f"screens/{screen}{place}", viewer, said


def read_spanish(contexts: Contexts) -> Places:
    """Read in Spanish what the public is shown: its screens, a map and the titles of rates."""
    public = contexts["public"]
    with speaking("es"):
        context = ReportContext(public.settings, public.viewer, public.warehouse, TODAY)
        said = [
            (f"spanish/{screen}{place}", "public", words)
            for screen, report in (*build_reports(context), ("map", _build_map(context)))
            for place, words in _read_report(context, report)
        ]
        titles = _draw(context, "rates", {})["titles"]
    return [*said, ("spanish/rates", "public", {"titles": titles})]


def _build_map(context: ReportContext) -> Report:
    city, measure = next(iter(context.cities)), context.list_measures()[0]
    return MapScreen(context, city, measure, context.find_period(TO_DATE), rates.RATE).build()


def _read_report(context: ReportContext, report: Report) -> Iterator[tuple[str, Said]]:
    """Read a report's head, and each tab's answer and cards, by their place below it."""
    waiting = [f"{line.sentence} → {line.screen}/{line.tab}" for line in report.attention]
    head = {"attention": waiting, "not for release": str(report.not_for_release)}
    yield "", head | _read_fields(report, "tiles", "notes", "alerts")
    for tab in report.tabs:
        yield f"/{tab.key}", {"answer": tab.find_answer()}
        for card in list_cards(tab):
            yield f"/{tab.key}/{card.key}", _read_card(context, card)


def build_reports(context: ReportContext) -> Iterator[tuple[str, Report]]:
    """Build each screen that this viewer has, but for those read as pages, with a name.

    With the usual choices; a screen that opens on one city or measure with each of them. (What is
    said of other measures than the first is the same to everybody.)
    """
    for screen in SCREENS:
        if screen.name in PAGES or (screen.inside and context.is_public and not screen.public):
            continue
        name = screen.name.replace("_", "-")
        if screen.inside and context.is_public:
            yield name, screen.public.build(context, {})
            continue
        first, *others = [*screen.choices, None]
        every = [*first.offer(context)] if first else [""]
        if first is MEASURE:
            every = every[: None if context.is_public else 1]
        elif first is not OWN_CITY:
            every = every[:1]
        for value in every:
            chosen = {first.name: value} if first else {}
            for choice in filter(None, others):
                chosen[choice.name] = next(iter(choice.offer(context, chosen)))
            varied = first in (MEASURE, OWN_CITY)
            yield f"{name}, {value}" if varied else name, screen.build(context, chosen)


def _make_week(context: ReportContext, city: str) -> Document:
    week = this_week.ThisWeek(context, city, this_week.choose_week(context, city))
    return Document(context, week.build(), week.name, week.week.ending)


def _read_card(context: ReportContext, card: Card) -> Said:
    """Return what a card and its picture say; a chart is read as it is first drawn."""
    said = _read_fields(card, "title", "alert", "sentences", "tiles", "definition", "note", "table")
    if card.picture is not None:
        said["picture"] = _read_fields(card.picture, *CHART)
    elif card.chart:
        drawn = chart_list.draw_chart(context, card.chart, card.values)
        said["picture"] = {"name": _name_values(card.chart, drawn.values)}
        said["picture"] |= _read_fields(drawn, *CHART)
    return said


def _read_fields(thing: object, *names: str) -> Said:
    return {name: _read_value(getattr(thing, name)) for name in names}


def _read_value(value: Any) -> Any:
    """Return a value as text: a table as rows, a tile as a line, several as a list."""
    if value is None or isinstance(value, pd.DataFrame):
        return read_frame(value)
    if isinstance(value, Tile):
        words = (value.label, value.value, value.change, value.base, value.verdict, value.help)
        return " | ".join((*words, _write_cell(value.trend)))
    return [_read_value(part) for part in value] if isinstance(value, tuple) else str(value)


def read_pages(contexts: Contexts) -> Places:
    """Read the screens that are no reports, by running their pages without a browser.

    Streamlit's own tester runs them (`tests.drivers.screens`).
    """
    city = next(iter(contexts["public"].cities))
    areas = contexts["public"].ask("areas").frame.set_index("city")["neighbourhood"]
    # A chart that stays inside has no picture, for which a browser would be needed.
    inside = next(entry.name for entry in chart_list.ENTRIES.values() if entry.why_not_public)
    links: list[tuple[str, str, dict[str, str]]] = [
        ("map", "map", {}),
        ("map", "map", {"city": city, "area": f"{city}/{areas[city].min()}"}),
        *(("map", "map", {"show": show}) for show in ("rate", "change")),
        ("press-desk", "press_desk", {"chart": inside}),
        ("claim-check", "claim_check", {}),
    ]
    logging.disable(logging.WARNING)  # its tester warns of itself at every turn
    try:
        with pytest.MonkeyPatch.context() as patch:
            bundles.draw_nothing(patch)
            for viewer, context in contexts.items():
                # A demonstration lets a visitor choose who looks.
                asked: dict[str, Any] = {"viewer": str(context.viewer), "today": TODAY}
                for name, page, link in links if viewer == "public" else links[:2]:
                    app = screens.visit(patch, context.settings, page, **asked, **link)
                    for part, said in _read_page(app).items():
                        yield f"screens/{_name_values(name, link)}/{part}", viewer, said
    finally:
        screens.forget()
        logging.disable(logging.NOTSET)


def _read_page(app: Any) -> Said:
    """Return what a page that was run says: its answer, words, errors and tables."""
    tables = enumerate(screens.tables(app), start=1)
    return {
        "answer": screens.sentence(app),
        "words": [screens.as_read(text) for text in screens.texts(app)],
        "errors": [str(error.value) for error in app.exception],
        **{f"table {at}": read_frame(table) for at, table in tables},
    }


def read_charts(contexts: Contexts) -> Places:
    """Read each chart as first drawn, and with each parameter changed its words alone.

    What anybody may have is read as the public, what stays inside as the others.
    """
    for name, entry in chart_list.ENTRIES.items():
        for viewer in ("state", "city") if entry.why_not_public else ("public",):
            context = contexts[viewer]
            why = {"stays inside": entry.why_not_public}
            yield f"charts/{name}", viewer, why | _draw(context, name, {})
            for parameter in entry.parameters:
                for value in [*parameter.offer(context)][1:MOST_CHOICES]:
                    values = {parameter.name: value}
                    said = _draw(context, name, values) | {"table": []}
                    yield f"charts/{_name_values(name, values)}", viewer, said


def _draw(context: ReportContext, name: str, values: dict[str, str]) -> Said:
    """Return what a chart says with these parameters, or why it is refused."""
    try:
        drawn = chart_list.draw_chart(context, name, values)
    except LongevityError as error:
        return {"refused": str(error)}
    titles = [f"{kind}: {text}" for kind, text in drawn.titles.items()]
    return {**_read_fields(drawn, *CHART), "titles": titles}


def _name_values(name: str, values: Mapping[str, str]) -> str:
    return ", ".join([name, *(f"{key}={value}" for key, value in values.items())])


def read_claims(contexts: Contexts) -> Places:
    """Read the answer to each claim of `claims.txt`: verdict, reading, reason, figures."""
    for kind, text in list_claims():
        for viewer in contexts if kind == PROGRAM else ("public",):
            context = contexts[viewer]
            reading = reader.read_text(text, Evidence(context).names, context.viewer.city)
            answer = claim_check.answer_reading(context, reading)
            safe = f"Safe: {answer.safe}" if answer.safe else ""
            lines = [answer.verdict.upper(), answer.reading, answer.why, safe, *answer.remarks]
            figures = [" | ".join(row) for row in read_frame(answer.figures)]
            said = [*filter(None, lines), *figures]
            yield f"claims/{kind}/{text}", viewer, said


def list_claims() -> Iterator[tuple[str, str]]:
    """List claims of the demonstration's places and years, with the kind of each.

    `claims.txt` has them as `Shootings are [up|down]`, in which each choice is one claim.
    """
    kind = ""
    for line in Path(__file__).with_name("claims.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            kind = line.removeprefix("# ")
        elif line:
            parts = CHOICE.split(line)  # every second part is a choice
            ways = [part.split("|") if at % 2 else [part] for at, part in enumerate(parts)]
            yield from ((kind, "".join(way)) for way in itertools.product(*ways))


def read_public_tables(contexts: Contexts) -> Places:
    """Read every table that was frozen for the public, by the name of its question."""
    context = contexts["public"]
    for name, query in context.warehouse.queries.items():
        if query.query_class is QueryClass.PUBLIC_TABLE:
            yield f"public tables/{name}", "public", read_frame(context.ask(name).frame)


def read_documents(contexts: Contexts) -> Places:
    """Read the briefing as slides and pages, and the weekly page, as their readers do."""
    with pytest.MonkeyPatch.context() as patch:
        bundles.draw_nothing(patch)  # pictures are not read, and would need a browser
        for viewer, context in contexts.items():
            document = briefing_reader.make_briefing(context)
            for at, slide in enumerate(briefing_reader.slides(deck.build_deck(document)), start=1):
                yield f"documents/slides/{at:02}", viewer, briefing_reader.words(slide)
                notes = slide.notes_slide.notes_text_frame.text.splitlines()
                yield f"documents/slides/{at:02}, notes", viewer, notes
            for at, lines in _read_pages(pages.build_pages(document, most=2)):
                yield f"documents/two pages/{at}", viewer, lines
        week = _make_week(contexts["city"], str(contexts["city"].viewer.city))
        for at, lines in _read_pages(pages.build_pages(week)):
            yield f"documents/weekly page/{at}", "city", lines


def _read_pages(made: bytes) -> Iterator[tuple[int, list[str]]]:
    for at, page in enumerate(briefing_reader.pages(made), start=1):
        yield at, page.replace(". ", ".\n").split("\n")


def read_frame(frame: pd.DataFrame | None) -> Table:
    """Return a table as a reader sees it; empty for none."""
    if frame is None or not len(frame.columns):
        return []
    rows = [[_write_cell(value) for value in row] for row in frame.itertuples(index=False)]
    return [[str(name) for name in frame.columns], *rows]


def _write_cell(value: Any) -> str:
    """Return a value as a table shows it; – for what is missing."""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_write_cell, value))
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return "–"
    if isinstance(value, datetime) and value.time() == time.min:
        return str(value.date())
    return f"{value:.6g}" if isinstance(value, float) else str(value)
