"""The guard before every page: it decides who the visitor is and which release they see.

Each page calls `enter_page` first and gets a `PageContext`, through which alone it can ask for
data.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import date
from pathlib import Path
from typing import NoReturn, TypeVar

import streamlit as st

from longevity import settings as configuration
from longevity.auth import viewers
from longevity.auth.session import Session
from longevity.auth.viewers import Viewer
from longevity.base.errors import AccessError, ConfigError, DataError, LongevityError
from longevity.charts.chart import Chart
from longevity.charts.theme import find_theme
from longevity.release.store import Store
from longevity.screens import briefing
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.context import Plain, ReportContext
from longevity.screens.report import list_cards
from longevity.screens.screen import Screen
from longevity.settings import Settings
from longevity.ui import appearance, cache, sign_in
from longevity.ui.cache import CachedWarehouse
from longevity.ui.markdown import escape_markdown
from longevity.ui.streamlit_internals import DeltaGenerator
from longevity.ui.visitor import CHANGED, Visitor
from longevity.warehouse.warehouse import Warehouse
from longevity.words import wording

SHOWN = "guard.shown"  # the key, in the session, of the release it saw last and its stamp
FAVICON = str(Path(__file__).with_name("favicon.svg"))
NOTHING_YET = """
No release has been published yet, so there is nothing to show.

To see the dashboard on synthetic data, stop this server and run `make run`: it builds a
demonstration first.

To publish your own data, run in the application’s folder:

1. `python -m longevity import FILE.csv --mapping MAPPING.toml --out extracts` turns a file into
   extracts (docs/import.md);
2. `python -m longevity check extracts` lists what is wrong with them;
3. `python -m longevity publish extracts` makes the first release.
"""
NOT_NOW = (
    "Nothing can be shown now. What is wrong is in the log of this server; the command "
    "check-config says it too."
)
RELEASES_KEPT_OPEN = 3
SECONDS_BETWEEN_LOOKS = 5
SYNTHETIC = "SYNTHETIC demonstration data"
NOT_REAL = "No person, shooting or action here is real."
LOG = logging.getLogger(__name__)
T = TypeVar("T")
# The bar of one line over this run's page, and the row of filters under it.
BAR: ContextVar[DeltaGenerator] = ContextVar("bar")
FILTERS: ContextVar[DeltaGenerator] = ContextVar("filters")
# Whom this run is for; `enter_page` has to come first.
VISITOR: ContextVar[Visitor] = ContextVar("visitor")
_good: dict[tuple[Path, str], Settings] = {}  # the last valid settings, by file and home


class PageContext(ReportContext):
    """The context of one run of a page: viewer, release, day. What takes long is cached."""

    warehouse: CachedWarehouse

    def compute(self, function: Callable[..., T], *words: Plain) -> T:
        """Return `function(self, *words)`, cached between visits."""
        name = f"{function.__module__}.{function.__qualname__}"
        return self.compute_once(lambda: function(self, *words), name, *words)

    def compute_once(self, compute: Callable[[], T], *key: Plain) -> T:
        """Return what `compute` returns, computed once for `key`, this viewer, theme and day."""
        own = (self.viewer, self.theme.name, self.today)
        return self.warehouse.compute_once(compute, *own, *key)

    def draw(self, chart: str, values: Mapping[str, str]) -> Chart:
        """Draw a chart of the catalogue."""
        return chart_list.draw_chart(self, chart, values)


@st.cache_resource(ttl=10, max_entries=1, show_spinner=False)
def read_settings() -> Settings:
    """Read the configuration, at most every ten seconds; while it is wrong, use the last valid one.

    ConfigError where there was none.
    """
    which = configuration.find_config(os.environ), os.environ.get("LONGEVITY_HOME", "")
    try:
        settings = configuration.load_settings()
        configuration.refuse_later_days(settings, read_today())
        _good[which] = settings
    except ConfigError as error:
        LOG.error("the configuration is not valid: %s", error, extra={"event": "config"})
        if which not in _good:
            raise
    return _good[which]


def stop_public_viewers() -> NoReturn:
    """End the page for viewers who may not read rows with a group's or person's code."""
    st.info(
        "This screen names groups by their code. It is for the state and for each city about "
        "its own, who sign in to open it. What anybody may read of the counts is on Briefing.",
        icon=":material/lock:",
    )
    st.stop()


def find_expected_viewer() -> Viewer:
    """Return the viewer that the page about to run will have; PUBLIC where that is not known.

    Only the navigation uses it, to draw locks; `enter_page` decides for the page.
    """
    try:
        settings = read_settings()
        warehouse, _ = _open_served_release(settings)
        return sign_in.choose_viewer(_find_session(settings, warehouse))
    except LongevityError:
        return viewers.PUBLIC


def enter_page(screen: Screen) -> PageContext:
    """Return the context of a screen's page for its visitor, or end the page with a sentence.

    It decides viewer and release, and draws what every page has: style, bar, notices, the choice of
    viewer, the row for filters.
    """
    try:
        settings = read_settings()
        st.set_page_config(
            page_title=f"{screen.title} · {settings.program}", page_icon=FAVICON, layout="wide"
        )
        look = find_theme(st.context.theme.type)
        appearance.style_page(look)
        warehouse, notice = _open_served_release(settings)
        session = _find_session(settings, warehouse)
        sign_in.show_session(session, settings)
        viewer = sign_in.choose_viewer(session)
        context = PageContext(settings, viewer, warehouse, read_today(), theme=look)
    except LongevityError as error:
        st.title(screen.title)
        _refuse_entry(error)
    shown = warehouse.release.id, warehouse.stamp
    VISITOR.set(Visitor(viewer, sign_in.read_claims(), *shown, context.synthetic))
    _draw_bar(screen, context)
    if st.session_state.get(SHOWN) not in (None, shown):
        notice = f"{CHANGED} {notice}".rstrip()
    st.session_state[SHOWN] = shown
    _show_notices(context, notice)
    FILTERS.set(st.container(key="longevity-filters", horizontal=True))
    return context


def check_access_again(asking: Visitor) -> None:
    """Raise AccessError where a visitor may no longer have what their page shows.

    For code that runs after the page, such as a download that is made on a click.
    """
    refusal = asking.explain_refusal(read_settings())
    if refusal:
        raise AccessError(refusal)


def read_today() -> date:
    """Return today's date: the only place where screens ask the clock."""
    return date.today()


def _refuse_entry(error: LongevityError) -> NoReturn:
    """End the page: nothing can be shown, or nothing was published yet, with how to do that."""
    LOG.error("%s", error, extra={"event": "not let in"})
    is_empty = isinstance(error, DataError) and not Store(read_settings().home).list_ids()
    st.info(NOTHING_YET if is_empty else NOT_NOW, icon=":material/inbox:")
    st.stop()


def _is_as_opened(warehouse: CachedWarehouse) -> bool:
    """Return whether a release was not changed since it was opened; else close and forget it.

    A purge or a withdrawal changes a release, and its stamp with it.
    """
    store = Store(warehouse.settings.home)
    is_same = store.read_stamp(warehouse.release.id) == warehouse.stamp
    if not is_same:
        warehouse.close()
        cache.forget()
    return is_same


@st.cache_resource(
    max_entries=RELEASES_KEPT_OPEN,
    validate=_is_as_opened,
    on_release=Warehouse.close,
    show_spinner="Opening the release …",
)
def _open_warehouse(
    home: str, release_id: str, config: str, _settings: Settings
) -> CachedWarehouse:
    """Open a release as a warehouse that all sessions share.

    `config`: the settings as text; it is part of the cache's key, as `_settings` is not.
    """
    store = Store(Path(home))
    stamp = store.read_stamp(release_id)
    return CachedWarehouse(store.open(release_id), _settings, stamp)


def _open_served_release(settings: Settings) -> tuple[CachedWarehouse, str]:
    """Open the release served now; return it and a notice about it, or ""."""
    served = Store(settings.home).current()
    warehouse = _open_warehouse(str(settings.home), served.id, repr(settings), settings)
    return warehouse, served.notice or ""


def open_served_context() -> PageContext:
    """Return the context of a visitor without a sign-in, on the release that is served now.

    LongevityError where no release can be opened.
    """
    settings = read_settings()
    warehouse, _ = _open_served_release(settings)
    viewer = sign_in.find_session({}, settings, warehouse.release.synthetic).viewers[0]
    return PageContext(settings, viewer, warehouse, read_today())


def prepare_first_screen() -> None:
    """Compute what the first screen shows, into the cache, so that the first visitor need not wait.

    LongevityError when no release can be opened.
    """
    context = open_served_context()
    report = briefing.build(context, context.list_measures()[0])
    for card in list_cards(report.tabs[0]):
        if card.chart:
            context.draw(card.chart, card.values)


def _find_session(settings: Settings, warehouse: Warehouse) -> Session:
    return sign_in.find_session(sign_in.read_claims(), settings, warehouse.release.synthetic)


def _draw_bar(screen: Screen, context: PageContext) -> None:
    """Draw the line over every screen: its title, the last day of the data, the viewer."""
    bar = st.container(key="longevity-bar", horizontal=True, vertical_alignment="center")
    BAR.set(bar)
    with bar:
        about = screen.find_help(context.is_public)
        st.title(screen.title, anchor=False, help=about or None, width="content")
        through = context.find_last_day() if context.spans else None
        whose = "data of every city" if context.ends_apart else "data"
        dated = f" · {whose} through {wording.format_day(through)}" if through else ""
        st.markdown(
            escape_markdown(f"{context.settings.program}{dated} · {context.viewer_name}"),
            width="content",
        )
        if context.synthetic:
            st.badge(SYNTHETIC, icon=":material/science:", color="orange", help=NOT_REAL)
            mark_paper(SYNTHETIC, "bottom-left")


def mark_paper(mark: str, corner: str) -> None:
    """Print a mark on every page of paper, "NOT FOR RELEASE" in its corner "bottom-right".

    A badge with help is not printed, and a badge is on the first page only.
    """
    st.html(f'<p class="longevity-mark" aria-hidden="true">{mark}</p>', width="content")
    st.html(
        f'<style>@page {{ @{corner} {{ content: "{mark}"; font: 600 9pt sans-serif }} }}</style>'
    )


def _show_notices(context: PageContext, notice: str) -> None:
    """Draw notices over a page: that the data are old, or what the release has to say.

    In the sidebar `_look_again` is started, which keeps checking that the visitor may see this.
    """
    newest = context.find_newest_day()
    age = (context.today - newest).days
    if age > context.settings.thresholds.stale_after_days:
        name = "stale_demonstration" if context.synthetic else "stale"
        old = context.say(f"release.{name}", day=newest, age=age)
        st.info(escape_markdown(old), icon=":material/schedule:")
    if notice:
        st.error(escape_markdown(notice), icon=":material/report:")
    with st.sidebar:
        _look_again(VISITOR.get())


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
def _look_again(asking: Visitor) -> None:
    """Every few seconds, run the page again if this visitor may no longer see what it shows.

    The sign-in may have ended or changed, here or in another window; or a purge or a withdrawal
    changed the release. A newer release waits for the next click.
    """
    if asking.explain_refusal(read_settings()):
        st.rerun()
