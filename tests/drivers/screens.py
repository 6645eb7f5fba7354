"""Screens as a visitor gets them, without a browser: app.py run by Streamlit's own tester."""

import functools
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
import streamlit as st
from lxml import html
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from longevity.settings import ROOT, Settings
from longevity.ui import cache, components, page_context, sign_in
from longevity.ui.screens import SCREENS
from tests.conftest import TODAY
from tests.factories import identities
from tests.oracles import figure_checks

WAIT = 30
# Streamlit reads what is installed anew for each screen that is tested, a third of its time.
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)
TEXTS = ("title", "header", "subheader", "markdown", "caption", "info", "success", "warning", "error")


def visit(
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    page: str = "briefing",
    viewer: str | None = None,
    dark: bool = False,
    claims: dict[str, Any] | None = None,
    today: date = TODAY,
    **query: str,
) -> AppTest:
    """A newcomer who opens the link of one page, cold, of an application with these settings.

    Comes in through app.py; `viewer` is then chosen in the sidebar.
    It is `today` there. With `claims` sign-in is set up and these are what it says; without any,
    no one is signed in. Every tab and fold is open, so that all of a screen is looked at.
    """
    monkeypatch.setattr(components, "is_open", lambda place: True)
    # Those of the test before; releases stay open by what they are.
    page_context.read_settings.clear()
    _as_served(monkeypatch)
    monkeypatch.setattr(page_context, "read_today", lambda: today)
    monkeypatch.setenv("LONGEVITY_HOME", str(settings.home))
    monkeypatch.setenv("LONGEVITY_CONFIG", str(settings.config_path))
    app = AppTest.from_file(ROOT / "app.py", default_timeout=WAIT)
    app.context = {"theme": "dark" if dark else "light"}
    if claims is not None:
        app.secrets = {"auth": identities.PROVIDER}
        app.user = claims
    app.query_params.update(query)
    if page != SCREENS[0].name:
        app.switch_page(f"pages/{page}.py")
    _name_page(app, f"{page} {query} for {viewer or 'a newcomer'}")
    app.run()
    if viewer is not None and (box := app.sidebar.selectbox(key=sign_in.VIEWER)).value != viewer:
        box.set_value(viewer).run()
    return app


def _name_page(app: AppTest, name: str) -> None:
    """Have each wait for this page, that for what a test does on it too, name it when it gives up."""
    run = app._run

    def run_named(*given: Any, **named: Any) -> AppTest:
        try:
            return run(*given, **named)
        except RuntimeError as error:
            raise RuntimeError(f"The page {name} has not run to its end: {error}") from error

    # Streamlit's tester has no hook for this; each run goes through here, that of a click too.
    app._run = run_named  # type: ignore[method-assign]


def _as_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run begins at app.py, as `longevity.ui.server` arranges.

    Streamlit's tester sees the folder pages/ and would run a page alone.
    """
    begun = PagesManager.__init__

    def begin(self: PagesManager, *given: Any, **named: Any) -> None:
        begun(self, *given, **named)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", begin)


def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """By its name, what makes each file that pages offer from now on, as a click has it made."""
    found: dict[str, Callable[[], bytes]] = {}
    offer = MediaFileManager.add_deferred

    def note(self: MediaFileManager, make: Any, *given: Any, **named: Any) -> str:
        found[str(named["file_name"])] = make
        return offer(self, make, *given, **named)

    monkeypatch.setattr(MediaFileManager, "add_deferred", note)
    return found


def forget() -> None:
    """Drop what the process keeps between visitors: settings, open releases, answers."""
    st.cache_resource.clear()
    cache.forget()


def sentence(app: AppTest) -> str:
    """The answer a screen opens on, as a reader sees it."""
    opening = next(m.value for m in app.markdown if m.value.startswith("## "))
    return as_read(opening.removeprefix("## "))


def as_read(markdown: str) -> str:
    """Markdown whose signs are all escaped, as it is read."""
    return re.sub(r"\\(.)", r"\1", markdown)


def texts(app: AppTest) -> list[str]:
    """Every text of the page and its sidebar, as written."""
    return [str(element.value) for kind in TEXTS for element in getattr(app, kind)]


def read(app: AppTest) -> str:
    """All that is read on a page, of which nothing failed: its words, tables and figures."""
    assert not app.exception
    frames = (frame.to_csv() for frame in tables(app))
    return " ".join([*map(as_read, texts(app)), *frames, *map(str, figures(app))])


def holes(app: AppTest) -> list[str]:
    """Headings with nothing under them, and tables without a row: what a visitor cannot read."""
    found: list[str] = []
    last: Any = None
    for element in _flat(app.main):
        if element.type in ("header", "subheader"):
            found += [f"nothing under {last.value}"] if last is not None else []
            last = element
            continue
        last = None
        if element.type == "html" and "<tbody></tbody>" in element.proto.body:
            found.append(f"an empty table: {element.proto.body}")
    return found + ([f"nothing under {last.value}"] if last is not None else [])


def list_elements(app: AppTest) -> list[Any]:
    """Every element sent to the browser, in the order of the page."""
    return [*_flat(app.main), *_flat(app.sidebar)]


def _flat(block: Any) -> Iterator[Any]:
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from _flat(child)
        else:
            yield child


NOT_SAID = re.compile(r"\b(?:nan|NaN|NaT|NA|Infinity|undefined)\b|<NA>")
MARKUP = re.compile(r"<b>|\*\*bold|(?<!\\)\]\((?:javascript|https?://x)|(?<!\\):red\[")


def problems(app: AppTest) -> list[str]:
    """What may be on no screen of any release, to any viewer, by any link."""
    found = [f"an exception: {error.value}" for error in app.exception]
    found += [f"an error: {error.value}" for error in app.error]
    if len(app.title) != 1 or not sentence(app).endswith("."):
        found.append(f"no answer: {[m.value for m in app.markdown][:3]}")
    found += [*holes(app), *unread(app)]
    found += [text for text in texts(app) if NOT_SAID.search(text) or "Traceback" in text]
    # Words of the data and of links are text: hostile ones here are of these forms.
    found += [text for text in texts(app) if MARKUP.search(text)]
    found += [
        f"HTML: {element.value}"
        for element in app.markdown
        if element.proto.allow_html and re.search("<script|<img", element.value)
    ]
    return found + [wrong for figure in figures(app) for wrong in _list_wrong(figure)]


def _list_wrong(figure: dict[str, Any]) -> Iterator[str]:
    go.Figure(figure)  # sent unchecked, so checked here: an unknown property raises
    name = str(figure["layout"].get("meta") or figure["layout"].get("yaxis", {}).get("title"))
    # Drawn once and not twice, and with no colour left for a template to give.
    if "template" in figure["layout"] or "datarevision" not in figure["layout"]:
        yield f"{name} is drawn anew"
    if not all(map(figure_checks.is_coloured, figure["data"])):
        yield f"{name} has no colour"
    written = json.dumps(figure)
    yield from (f"{name} holds {sign}" for sign in ("NaN", "Infinity") if sign in written)
    # What is read over a mark; its data may hold a name as it is.
    hovers = [trace["text"] for trace in figure["data"] if trace.get("hoveron") == "fills"]
    hovers += [trace.get(key) for trace in figure["data"] for key in ("hovertext", "hovertemplate")]
    yield from (f"{name}: {words}" for words in hovers if "<script" in str(words))


ISO = re.compile(r"(?<![\w-])\d{4}-\d\d-\d\d(?!-[0-9a-f]{12})")  # a day, but no release's id


def unread(app: AppTest) -> list[str]:
    """Days and numbers as a machine writes them, in sentences and in tables."""
    found = [
        text
        for text in map(as_read, texts(app))
        # What was asked, next to the SQL, is written as one would ask it again.
        if not text.startswith("**Parameters.**") and (ISO.search(text) or re.search(r"\d\.\d{5}", text))
    ]
    for table in tables(app):
        found += [cell for _, column in table.items() for cell in column if ISO.search(cell)]
    return found


def figures(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def tables(app: AppTest) -> list[pd.DataFrame]:
    """Every table sent to the browser, in the order of the page, each cell as read."""
    bodies = [element.proto.body for element in list_elements(app) if element.type == "html"]
    found = [table for body in bodies for table in html.fromstring(f"<div>{body}</div>").iter("table")]
    read = ([[cell.text_content() for cell in row] for row in table.iter("tr")] for table in found)
    return [pd.DataFrame(rows, columns=head) for head, *rows in read]


def pages() -> list[str]:
    return sorted(path.stem for path in (ROOT / "pages").glob("*.py"))


def screens_alike_for_all() -> list[str]:
    """The screens that show the public the same as everybody."""
    return [screen.name for screen in SCREENS if not screen.inside]
