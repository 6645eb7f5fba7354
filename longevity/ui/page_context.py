"""What stands before every page: who asks, of which release.

Each page calls `enter_page` first and gets a `PageContext`, the only thing through which
it can ask the warehouse. A page run without app.py (Streamlit does that for a
cold deep link when it finds a folder named pages/) is sent back through it.
"""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple, NoReturn, TypeVar

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from longevity.auth import viewers
from longevity.auth.viewers import Viewer
from longevity.charts.theme import THEMES, find_theme
from longevity.errors import AccessError, LongevityError
from longevity.release.store import Store
from longevity.reports import briefing
from longevity.reports.chart_catalogue import catalogue
from longevity.reports.chart_catalogue.definition import Drawn
from longevity.reports.context import Plain, ReportContext
from longevity.reports.report import Report, Row, Tab, list_cards
from longevity.settings import Settings
from longevity.text import stale_data, wording
from longevity.text.wording import escape_markdown
from longevity.ui import (
    appearance,
    cache,
    export_queue,
    file_downloads,
    frame,
    live_settings,
    screen_help,
    sign_in,
    visitor,
)
from longevity.ui.cache import CachedWarehouse
from longevity.ui.figure_element import Picture
from longevity.ui.visitor import Visitor
from longevity.warehouse.warehouse import Warehouse

ARRIVED = "guard.arrived"
RELEASE = "guard.release"
VIEWER = "guard.viewer"
PAGE = "guard.page"
JUST_ARRIVED = "guard.just-arrived"
FAVICON = str(Path(__file__).with_name("favicon.svg"))
NOTHING_YET = """
To see the dashboard on synthetic data, stop this server and run `make run`: it builds a
demonstration first.

To publish your own data, run in the application’s folder:

1. `python -m longevity import FILE.csv --mapping MAPPING.toml --out extracts` turns a file into
   extracts (docs/import.md);
2. `python -m longevity check extracts` lists what is wrong with them;
3. `python -m longevity publish extracts` makes the first release.
"""
RELEASES_KEPT_OPEN = 3
SECONDS_BETWEEN_LOOKS = 5
SYNTHETIC = "SYNTHETIC demonstration data"
NOT_REAL = "No person, shooting or action here is real."
LOG = logging.getLogger(__name__)
T = TypeVar("T")
_visitor: ContextVar[Visitor] = ContextVar("whom this run is for")


Stamp = tuple[int, int]  # the store's, of a release


class Opened(NamedTuple):
    """An open release, and its stamp when it was opened."""

    warehouse: CachedWarehouse
    stamp: Stamp


class Pinned(NamedTuple):
    """The release a session looks at, what is to be said of it, and its stamp when last opened."""

    id: str
    notice: str | None
    stamp: Stamp | None


class PageContext(ReportContext):
    """One run of one page for one viewer on one release; what takes long is cached."""

    warehouse: CachedWarehouse

    def compute(self, function: Callable[..., T], *words: Plain) -> T:
        """Compute as in any context, cached between visits."""
        name = f"{function.__module__}.{function.__qualname__}"
        return self.compute_once(lambda: function(self, *words), name, *words)

    def compute_once(self, compute: Callable[[], T], *key: Plain) -> T:
        """Return what is computed by a key, once for this viewer, theme and day."""
        own = (self.viewer, self.theme.name, self.today)
        return self.warehouse.compute_once(compute, *own, *key)

    def draw(self, chart: str, values: Mapping[str, str]) -> Drawn:
        """Draw a chart of the catalogue."""
        return self.compute(catalogue.draw_chart, chart, values)

    def keep_report(self, build: Callable[..., Report], *words: Plain) -> Report:
        """Return a report, of which the head and each tab are cached."""
        name = f"{build.__module__}.{build.__qualname__}"
        report = functools.cache(lambda: build(self, *words))
        head = self.compute_once(lambda: _take_tabs_out(report()), name, "head", *words)

        def find_answer(key: str) -> str:
            return self.compute_once(
                lambda: _find_tab(report(), key).find_answer(), name, key, "answer", *words
            )

        def build_rows(key: str) -> Sequence[Row]:
            return self.compute_once(lambda: _find_tab(report(), key).build(), name, key, *words)

        tabs = (
            replace(tab, answer=partial(find_answer, tab.key), build=partial(build_rows, tab.key))
            for tab in head.tabs
        )
        return replace(head, tabs=tuple(tabs))


def _take_tabs_out(report: Report) -> Report:
    """Return a report whose tabs have names and nothing in them."""
    return replace(report, tabs=tuple(replace(tab, answer=str, build=tuple) for tab in report.tabs))


def _find_tab(report: Report, key: str) -> Tab:
    return next(tab for tab in report.tabs if tab.key == key)


def read_home() -> Path:
    """Read where LONGEVITY_HOME is."""
    return _read_settings().home


def note_arrival() -> None:
    """Note that this session came in through the front door: app.py calls it."""
    st.session_state[ARRIVED] = True


def stop_public_viewers(context: PageContext) -> None:
    """End the page for viewers who may not read rows with a group's or person's code."""
    if context.viewer.named_scope is None:
        session = sign_in.find_own_session(context.settings)
        to_do = " Sign in to open it." if session is not None and session.can_sign_in else ""
        there = " What anybody may read of the counts is on Briefing."
        st.info(
            "This screen names groups by their code. It is for the state and for each city about "
            f"its own.{to_do}{there}",
            icon=":material/lock:",
        )
        st.stop()


def find_expected_viewer() -> Viewer:
    """Find who will ask of the page about to run. The navigation goes by it, no answer does."""
    try:
        settings = _read_settings()
        session = sign_in.find_own_session(settings)
        if session is not None:
            return sign_in.choose_viewer(session)
        if not _is_synthetic(_open_pinned_release(settings).warehouse):
            return viewers.PUBLIC
        return viewers.parse_viewer(st.session_state.get(VIEWER) or str(viewers.STATE), settings)
    except LongevityError:
        return viewers.PUBLIC


def has_just_arrived() -> bool:
    """Return whether this run is the first on this page since the visitor was on another."""
    return bool(st.session_state.get(JUST_ARRIVED))


def is_arriving(title: str) -> bool:
    """Return, before `enter_page`, whether the run to come will be the first on this page."""
    return bool(st.session_state.get(PAGE) != title)


def enter_page(title: str) -> PageContext:
    """Let a visitor in, or stop the page with a sentence.

    Sets the page up, decides viewer and release, and draws what every page
    shows: the mark of synthetic data, notices, the viewer switch.
    """
    if not st.session_state.get(ARRIVED):
        # Streamlit took the folder pages/ for its old kind of multipage app and
        # ran this page without app.py. Tell it otherwise and start again.
        PagesManager.uses_pages_directory = False
        st.rerun()
    try:
        settings = _read_settings()
        st.set_page_config(
            page_title=f"{title} · {settings.program}",
            page_icon=FAVICON,
            layout="wide",
        )
        appearance.style_page(dark=st.context.theme.type == "dark")
        warehouse, stamp = _open_pinned_release(settings)
        context = PageContext(
            settings,
            _choose_viewer(settings, warehouse),
            warehouse,
            read_today(),
            theme=find_theme(st.context.theme.type),
        )
    except LongevityError as error:
        st.title(title)
        _refuse_entry(error)
    _visitor.set(
        Visitor(
            context.viewer,
            sign_in.read_claims(),
            file_downloads.read_number(st.context.cookies.get(file_downloads.COOKIE)),
            warehouse.release.id,
            stamp,
            context.synthetic,
        )
    )
    appearance.write_on_paper_only(f"{settings.program} · release {warehouse.release.id}")
    st.session_state[JUST_ARRIVED] = is_arriving(title)
    st.session_state[PAGE] = title
    _draw_bar(title, context)
    _show_notices(context)
    frame.open_filters()
    return context


def find_visitor() -> Visitor:
    """Find whom this run of a page is for, once it has entered."""
    return _visitor.get()


def check_access_again(asking: Visitor) -> None:
    """Raise AccessError, with a sentence, where a visitor may not have what their page shows.

    To be called beside the pages, when something of it is made or handed out.
    """
    refusal = asking.explain_refusal(_read_settings())
    if refusal:
        raise AccessError(refusal)


def read_today() -> date:
    """Read the day it is for whoever visits: the one place of the screens that asks the clock."""
    return date.today()


def _refuse_entry(error: LongevityError) -> NoReturn:
    """Say what is wrong; or, where nothing has been published yet, how that is done."""
    try:
        empty = not Store(_read_settings().home).list_ids()
    except LongevityError:
        empty = False
    if not empty:
        LOG.error("%s", error, extra={"event": "not let in"})
        st.error(escape_markdown(live_settings.remove_folders(str(error))), icon=":material/error:")
        st.stop()
    st.info(
        "No release has been published yet, so there is nothing to show.",
        icon=":material/inbox:",
    )
    st.markdown(NOTHING_YET)
    st.button("Look again", key="guard.again", icon=":material/refresh:")
    st.stop()


@st.cache_resource(ttl=10, max_entries=1, show_spinner=False)
def _read_settings() -> Settings:
    """Read the configuration again every few seconds; the last good one while it is broken."""
    return live_settings.read_settings()


@st.cache_resource(
    max_entries=RELEASES_KEPT_OPEN,
    on_release=Warehouse.close,
    show_spinner="Opening the release …",
)
def _open_warehouse(
    home: str, release_id: str, stamp: Stamp, config: str, _settings: Settings
) -> CachedWarehouse:
    """Open a warehouse for a release, shared by all sessions.

    Another when the stamp changed, or the configuration.
    """
    release = Store(Path(home)).open(release_id)
    return CachedWarehouse(release, _settings, home, release_id, stamp, config)


_opening = threading.Lock()
_open_as: dict[tuple[str, str], tuple[Stamp, str]] = {}  # by home and release: stamp and config


def _open_release(settings: Settings, release_id: str) -> Opened:
    """Open a release as it is now. What was open from before a purge is closed and forgotten."""
    stamp, home = Store(settings.home).read_stamp(release_id), str(settings.home)
    now = (stamp, repr(settings))
    with _opening:
        before = _open_as.get((home, release_id))
        if before is not None and before != now:
            _open_warehouse.clear(home, release_id, *before, settings)
            cache.forget()
        _open_as[home, release_id] = now
    return Opened(_open_warehouse(home, release_id, *now, settings), stamp)


def _open_pinned_release(settings: Settings) -> Opened:
    """Open the release this session began with, or the one served now."""
    store = Store(settings.home)
    pinned = st.session_state.get(RELEASE)
    if pinned is None:
        release = store.current()
        pinned = Pinned(release.id, release.notice, None)
    try:
        opened = _open_release(settings, pinned.id)
    except LongevityError:
        # The pinned release was damaged or dropped since: begin anew.
        st.session_state.pop(RELEASE, None)
        release = store.current()
        pinned = Pinned(release.id, release.notice or visitor.GONE, None)
        opened = _open_release(settings, release.id)
    if pinned.stamp not in (None, opened.stamp):
        pinned = pinned._replace(notice=visitor.CHANGED)
    st.session_state[RELEASE] = pinned._replace(stamp=opened.stamp)
    return opened


def open_served_release() -> tuple[Settings, CachedWarehouse]:
    """Open the release that is served now, as a visitor would; LongevityError where none opens."""
    settings = _read_settings()
    return settings, _open_release(settings, Store(settings.home).current().id).warehouse


def prepare_first_screen() -> None:
    """Make what the first screen tells of the release served now, as the first visitor would.

    Kept like anything a visit makes. LongevityError when no release can be opened.
    """
    settings, warehouse = open_served_release()
    seen_by_all = sign_in.check_setup() is not None or not _is_synthetic(warehouse)
    viewer = viewers.PUBLIC if seen_by_all else viewers.STATE
    for look in THEMES.values():
        context = PageContext(settings, viewer, warehouse, read_today(), theme=look)
        report = context.keep_report(briefing.build, context.list_measures()[0])
        for card in list_cards(report.tabs[0]):
            if card.chart:
                drawn = context.draw(card.chart, card.values)
                Picture(drawn.chart.figure).to_json(validate=False)


def _is_synthetic(warehouse: Warehouse) -> bool:
    return bool(warehouse.release.manifest["kind"] == "synthetic")


def _choose_viewer(settings: Settings, warehouse: Warehouse) -> Viewer:
    """Choose who is asking.

    Where sign-in is set up, whoever the claims say, on any release. Without one real data are
    `public` only; the demonstration opens as `state`, and its visitor may look through
    anyone's eyes.
    """
    session = sign_in.find_own_session(settings)
    if session is not None:
        return sign_in.show_sign_in(session, settings)
    if not _is_synthetic(warehouse):
        return viewers.PUBLIC
    names = {"state": "The state", "public": "The public"}
    names |= {f"city:{city.id}": city.name for city in settings.cities.values()}
    choice = st.sidebar.selectbox(
        "View as",
        list(names),
        format_func=names.__getitem__,
        key=VIEWER,
        persist_state="session",
        help="The demonstration shows each kind of viewer what it would see.",
    )
    return viewers.parse_viewer(choice or "public", settings)


def _draw_bar(title: str, context: PageContext) -> None:
    """Draw the one line over every screen: which it is, data through when, for whom."""
    with frame.open_bar():
        asks = screen_help.describe_screen(title, context.viewer.named_scope is None)
        st.title(title, anchor=False, help=asks or None, width="content")
        through = context.data_through
        whose = "data of every city" if context.ends_apart else "data"
        dated = f" · {whose} through {wording.format_day(through)}" if through else ""
        st.markdown(
            escape_markdown(f"{context.settings.program}{dated} · {context.viewer_name}"),
            width="content",
        )
        if context.synthetic:
            st.badge(SYNTHETIC, icon=":material/science:", color="orange", help=NOT_REAL)


def _show_notices(context: PageContext) -> None:
    """Say what a reader must know before any number."""
    after = context.settings.thresholds.stale_after_days
    old = stale_data.describe_stale_data(
        context.warehouse.release.manifest, context.today, after, context.cities
    )
    if old:
        st.info(escape_markdown(old), icon=":material/schedule:")
    trouble = live_settings.find_trouble()
    if trouble and context.viewer == viewers.STATE:
        st.error(escape_markdown(f"{live_settings.LAST_GOOD} {trouble}"), icon=":material/build:")
    notice = st.session_state[RELEASE].notice
    if notice:
        st.error(notice, icon=":material/report:")
    with st.sidebar:
        _look_again(find_visitor())


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
def _look_again(asking: Visitor) -> None:
    """Close, every few seconds, what this visitor may no longer see; offer a newer release.

    A sign-in that ran out, was signed out of in another window or is mapped otherwise by now
    ends the page at once; so does a purge, or a table that was withdrawn. A release published
    meanwhile is never switched to unasked.
    """
    try:
        settings = _read_settings()
    except LongevityError:
        st.rerun()  # a configuration broken meanwhile: the page will say so
    if asking.explain_shut_out(settings):
        st.rerun()
    changed = asking.explain_change(settings)
    if changed and not export_queue.is_handing_out():
        st.rerun()  # the page is made anew and says why
    if changed:
        st.error(escape_markdown(changed), icon=":material/report:")
        return
    current = Store(settings.home).read_current_id()
    if current is None or current == asking.release_id:
        return
    withdrawn = asking.explain_withdrawal(settings)
    if withdrawn:
        st.error(escape_markdown(withdrawn), icon=":material/report:")
    else:
        st.info("A newer release has been published.", icon=":material/new_releases:")
    if st.button("Show it", key="guard.show-newer"):
        st.session_state.pop(RELEASE, None)
        st.rerun()
