"""What stands before every page: who asks, of which release.

Each page calls `enter_page` first and gets a `PageContext`, the only thing through which
it can ask the warehouse. A page run without app.py (Streamlit does that for a
cold deep link when it finds a folder named pages/) is sent back through it.
"""

from __future__ import annotations

import functools
import itertools
import logging
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple, NoReturn, TypeVar

import streamlit as st

from longevity.auth import viewers
from longevity.auth.session import Session
from longevity.auth.viewers import Viewer
from longevity.charts.theme import LIGHT, THEMES, Theme, find_theme
from longevity.errors import AccessError, LongevityError
from longevity.measures import wording
from longevity.measures.wording import escape_markdown
from longevity.release.store import Store
from longevity.screens import briefing
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.chart_catalogue.definition import Drawn
from longevity.screens.context import Plain, ReportContext
from longevity.screens.report import Report, Tab, list_cards
from longevity.settings import Settings
from longevity.ui import (
    appearance,
    cache,
    file_downloads,
    frame,
    live_settings,
    screen_help,
    sign_in,
    streamlit_internals,
    url_state,
    visitor,
)
from longevity.ui.cache import CachedWarehouse, Stamp
from longevity.ui.visitor import Visitor
from longevity.warehouse.warehouse import Warehouse

ARRIVED = "guard.arrived"
RELEASE = "guard.release"
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
        return self.compute_once(lambda: function(self, *words), _name(function), *words)

    def compute_once(self, compute: Callable[[], T], *key: Plain) -> T:
        """Return what is computed by a key, once for this viewer, theme and day."""
        own = (self.viewer, self.theme.name, self.today)
        return self.warehouse.compute_once(compute, *own, *key)

    def draw(self, chart: str, values: Mapping[str, str]) -> Drawn:
        """Draw a chart of the catalogue."""
        return self.compute(chart_list.draw_chart, chart, values)

    def keep_report(self, build: Callable[..., Report], *words: Plain) -> Report:
        """Return a report, of which the head and each tab are cached."""
        name, report = _name(build), functools.cache(lambda: build(self, *words))

        def keep(part: str, make: Callable[[], T]) -> T:
            return self.compute_once(make, name, part, *words)

        def keep_tab(at: int, tab: Tab) -> Tab:
            def find() -> Tab:
                return report().tabs[at]

            return replace(
                tab,
                answer=lambda: keep(f"{at} answer", lambda: find().find_answer()),
                build=lambda: keep(f"{at} rows", lambda: find().build()),
            )

        head = keep("head", lambda: _take_tabs_out(report()))
        return replace(head, tabs=tuple(itertools.starmap(keep_tab, enumerate(head.tabs))))


def _name(function: Callable[..., object]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def _take_tabs_out(report: Report) -> Report:
    """Return a report whose tabs have names and nothing in them."""
    return replace(report, tabs=tuple(replace(tab, answer=str, build=tuple) for tab in report.tabs))


def read_home() -> Path:
    """Read where LONGEVITY_HOME is."""
    return _read_settings().home


def note_arrival() -> None:
    """Note that this session came in through the front door: app.py calls it."""
    st.session_state[ARRIVED] = True


def stop_public_viewers(context: PageContext) -> None:
    """End the page for viewers who may not read rows with a group's or person's code."""
    if context.viewer.named_scope is None:
        session = _find_session(context.settings, context.warehouse)
        to_do = " Sign in to open it." if session.can_sign_in else ""
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
        session = _find_session(settings, _open_pinned_release(settings))
        return sign_in.choose_viewer(session)
    except LongevityError:
        return viewers.PUBLIC


def enter_page(title: str) -> PageContext:
    """Let a visitor in, or stop the page with a sentence.

    Sets the page up, decides viewer and release, and draws what every page
    shows: the mark of synthetic data, notices, the viewer switch.
    """
    if not st.session_state.get(ARRIVED):
        # Streamlit ran this page without app.py. Tell it otherwise and start again.
        streamlit_internals.ignore_pages_folder()
        st.rerun()
    try:
        settings = _read_settings()
        st.set_page_config(
            page_title=f"{title} · {settings.program}", page_icon=FAVICON, layout="wide"
        )
        look = find_theme(st.context.theme.type)
        appearance.style_page(look)
        warehouse = _open_pinned_release(settings)
        session = _find_session(settings, warehouse)
        sign_in.show_session(session, settings)
        viewer = sign_in.choose_viewer(session)
        context = PageContext(settings, viewer, warehouse, read_today(), theme=look)
    except LongevityError as error:
        st.title(title)
        _refuse_entry(error)
    browser = file_downloads.read_number(st.context.cookies.get(file_downloads.COOKIE))
    release_id, claims = warehouse.release.id, sign_in.read_claims()
    _visitor.set(Visitor(viewer, claims, browser, release_id, warehouse.stamp, context.synthetic))
    appearance.write_on_paper_only(f"{settings.program} · release {release_id}")
    url_state.note_page(title)
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


def _is_as_opened(warehouse: CachedWarehouse) -> bool:
    """Return whether no purge changed an open release; one that was is closed and forgotten."""
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
    """Open a warehouse for a release, shared by all sessions; another for each configuration."""
    store = Store(Path(home))
    stamp = store.read_stamp(release_id)
    return CachedWarehouse(store.open(release_id), _settings, stamp)


def _open_release(settings: Settings, release_id: str) -> CachedWarehouse:
    """Open a release as it is now."""
    return _open_warehouse(str(settings.home), release_id, repr(settings), settings)


def _open_pinned_release(settings: Settings) -> CachedWarehouse:
    """Open the release this session began with, or the one served now."""
    pinned: Pinned | None = st.session_state.get(RELEASE)
    try:
        pinned = pinned or _pin_served_release(settings)
        warehouse = _open_release(settings, pinned.id)
    except LongevityError:
        # The pinned release was damaged or dropped since: begin anew.
        st.session_state.pop(RELEASE, None)
        pinned = _pin_served_release(settings, visitor.GONE)
        warehouse = _open_release(settings, pinned.id)
    if pinned.stamp not in (None, warehouse.stamp):
        pinned = pinned._replace(notice=visitor.CHANGED)
    st.session_state[RELEASE] = pinned._replace(stamp=warehouse.stamp)
    return warehouse


def _pin_served_release(settings: Settings, notice: str | None = None) -> Pinned:
    release = Store(settings.home).current()
    return Pinned(release.id, release.notice or notice, None)


def open_served_context(viewer: Viewer | None = None, look: Theme = LIGHT) -> PageContext:
    """Open the release that is served now, as the first visitor would or as `viewer`.

    LongevityError where none opens.
    """
    settings = _read_settings()
    warehouse = _open_release(settings, Store(settings.home).current().id)
    if viewer is None:
        viewer = sign_in.find_session({}, settings, _is_synthetic(warehouse)).viewers[0]
    return PageContext(settings, viewer, warehouse, read_today(), theme=look)


def prepare_first_screen() -> None:
    """Make what the first screen says of the release served now, as the first visitor would.

    Kept like anything a visit makes. LongevityError when no release can be opened.
    """
    for look in THEMES.values():
        context = open_served_context(look=look)
        report = context.keep_report(briefing.build, context.list_measures()[0])
        for card in list_cards(report.tabs[0]):
            if card.chart:
                context.draw(card.chart, card.values)


def _is_synthetic(warehouse: Warehouse) -> bool:
    return bool(warehouse.release.manifest["kind"] == "synthetic")


def _find_session(settings: Settings, warehouse: Warehouse) -> Session:
    return sign_in.find_session(sign_in.read_claims(), settings, _is_synthetic(warehouse))


def _draw_bar(title: str, context: PageContext) -> None:
    """Draw the one line over every screen: which it is, data through when, for whom."""
    with frame.open_bar():
        asks = screen_help.describe_screen(title, context.viewer.named_scope is None)
        st.title(title, anchor=False, help=asks or None, width="content")
        through = context.find_last_day() if context.spans else None
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
    newest = context.find_newest_day()
    age = (context.today - newest).days
    if age > context.settings.thresholds.stale_after_days:
        name = "stale_demonstration" if context.synthetic else "stale"
        old = context.say(f"release.{name}", day=newest, age=age)
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
    settings = _read_settings()
    if asking.explain_shut_out(settings):
        st.rerun()
    if asking.explain_change(settings):
        st.rerun()  # the page is made anew and says why
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
