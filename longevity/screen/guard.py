"""What stands before every page: who asks, of which release.

Each page calls `enter` first and gets a `Visit`, the only thing through which
it can ask the warehouse. A page run without app.py (Streamlit does that for a
cold deep link when it finds a folder named pages/) is sent back through it.
"""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from longevity import settings as configuration
from longevity.errors import LongevityError
from longevity.measures.evaluation import Evaluation
from longevity.measures.provisional import Provisional
from longevity.press.desk import Desk
from longevity.press.style import theme
from longevity.release.store import Store
from longevity.screen import kept, sign_in
from longevity.settings import Settings
from longevity.warehouse import viewers
from longevity.warehouse.viewers import Viewer
from longevity.warehouse.warehouse import Answer, Warehouse

ARRIVED = "guard.arrived"
RELEASE = "guard.release"
VIEWER = "guard.viewer"
PAGE = "guard.page"
JUST_ARRIVED = "guard.just-arrived"
FAVICON = str(Path(__file__).with_name("favicon.svg"))
RELEASES_KEPT_OPEN = 3
SECONDS_BETWEEN_LOOKS = 5


class Visit(Desk):
    """One run of one page for one viewer on one release; what takes long is kept."""

    def growth(self, entered: Answer, through: date) -> dict[str, Provisional]:
        """As at any desk, kept between visits."""
        return kept.growth(self, entered, through)

    def evaluated(self, city: str, months: Answer) -> Evaluation:
        """As at any desk, kept between visits."""
        return kept.evaluated(self, city, months)

    def public(self) -> Visit:
        """The same release as anybody may see it, on white."""
        return Visit(self.settings, viewers.PUBLIC, self.warehouse, self.today)


def home() -> Path:
    """LONGEVITY_HOME."""
    return _settings().home


def arrive() -> None:
    """Called by app.py: this session came in through the front door."""
    st.session_state[ARRIVED] = True


def operational(visit: Visit) -> None:
    """End the page for viewers who may not read rows with a group's or person's code."""
    if visit.viewer.named_scope is None:
        where = sign_in.standing(visit.settings)
        to_do = " Sign in to open it." if where is not None and where.can_sign_in else ""
        there = " What anybody may read of the counts is on State briefing."
        st.info(
            "This screen names groups by their code. It is for the state and for each city about "
            f"its own.{to_do}{there}",
            icon=":material/lock:",
        )
        st.stop()


def expected() -> Viewer:
    """Who the page about to run will find asking. The navigation goes by it, no answer does."""
    try:
        settings = _settings()
        where = sign_in.standing(settings)
        if where is not None:
            return sign_in.viewer(where)
        if not _synthetic(_open(settings)):
            return viewers.PUBLIC
        return viewers.parse(st.session_state.get(VIEWER) or str(viewers.STATE), settings)
    except LongevityError:
        return viewers.PUBLIC


def just_arrived() -> bool:
    """Whether this run is the first on this page since the visitor was on another."""
    return bool(st.session_state.get(JUST_ARRIVED))


def arriving(title: str) -> bool:
    """Before `enter`: whether the run to come will be the first on this page, as above."""
    return bool(st.session_state.get(PAGE) != title)


def enter(title: str) -> Visit:
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
        settings = _settings()
        st.set_page_config(
            page_title=f"{title} · {settings.program}",
            page_icon=FAVICON,
            layout="wide",
        )
        warehouse = _open(settings)
        visit = Visit(
            settings,
            _viewer(settings, warehouse),
            warehouse,
            date.today(),
            theme=theme(st.context.theme.type),
        )
    except LongevityError as error:
        st.title(title)
        st.error(str(error), icon=":material/error:")
        st.stop()
    st.session_state[JUST_ARRIVED] = arriving(title)
    st.session_state[PAGE] = title
    _announce(visit)
    st.title(title)
    return visit


@st.cache_resource(ttl=10, max_entries=1)
def _settings() -> Settings:
    """The configuration, read again every few seconds."""
    return configuration.load()


@st.cache_resource(max_entries=RELEASES_KEPT_OPEN, on_release=Warehouse.close)
def _warehouse(
    home: str, release_id: str, stamp: tuple[int, int], config: str, _settings: Settings
) -> Warehouse:
    """One open warehouse a release, shared by all sessions; another when the stamp changed."""
    return Warehouse(Store(Path(home)).open(release_id), _settings)


_opening = threading.Lock()
_open_as: dict[tuple[str, str, str], tuple[int, int]] = {}  # by home, release and config: its stamp


def _opened(settings: Settings, release_id: str) -> Warehouse:
    """A release opened as it is now. What was open from before a purge is closed and forgotten."""
    stamp = Store(settings.home).stamp(release_id)
    home, config = str(settings.home), str(settings.config_path)
    with _opening:
        before = _open_as.get((home, release_id, config))
        if before is not None and before != stamp:
            _warehouse.clear(home, release_id, before, config, settings)
        _open_as[home, release_id, config] = stamp
    return _warehouse(home, release_id, stamp, config, settings)


def _open(settings: Settings) -> Warehouse:
    """The release this session began with, or the one served now."""
    store = Store(settings.home)
    pinned = st.session_state.get(RELEASE)
    if pinned is None:
        release = store.current()
        pinned = (release.id, release.notice)
        st.session_state[RELEASE] = pinned
    try:
        return _opened(settings, pinned[0])
    except LongevityError:
        # The pinned release was damaged or dropped since: begin anew.
        del st.session_state[RELEASE]
        release = store.current()
        st.session_state[RELEASE] = (release.id, release.notice)
        return _opened(settings, release.id)


def _synthetic(warehouse: Warehouse) -> bool:
    return bool(warehouse.release.manifest["kind"] == "synthetic")


def _viewer(settings: Settings, warehouse: Warehouse) -> Viewer:
    """Who is asking.

    Where sign-in is set up, whoever the claims say, on any release. Without one real data are
    `public` only; the demonstration opens as `state`, and its visitor may look through
    anyone's eyes.
    """
    where = sign_in.standing(settings)
    if where is not None:
        return sign_in.show(where, settings)
    if not _synthetic(warehouse):
        return viewers.PUBLIC
    names = {"state": "The state", "public": "The public"}
    names |= {f"city:{city.id}": city.name for city in settings.cities.values()}
    chosen = st.sidebar.selectbox(
        "View as",
        list(names),
        format_func=names.__getitem__,
        key=VIEWER,
        persist_state="session",
        help="The demonstration shows each kind of viewer what it would see.",
    )
    return viewers.parse(chosen or "public", settings)


def _announce(visit: Visit) -> None:
    """Say what a reader must know before any number."""
    if visit.synthetic:
        st.warning(
            "SYNTHETIC demonstration data: no person, shooting or action here is real.",
            icon=":material/science:",
        )
    notice = st.session_state[RELEASE][1]
    if notice:
        st.error(notice, icon=":material/report:")
    with st.sidebar:
        _look_again(visit.settings.home, visit.warehouse.release.id, visit.viewer)


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
def _look_again(home: Path, shown: str, viewer: Viewer) -> None:
    """Every few seconds: close what this viewer may no longer see, offer a newer release.

    A sign-in that ran out, was signed out of in another window or is mapped otherwise by now
    ends the page at once; a release published meanwhile is never switched to unasked.
    """
    try:
        where = sign_in.standing(_settings())
    except LongevityError:
        st.rerun()  # a configuration broken meanwhile: the page will say so
    if where is not None and viewer not in where.viewers:
        st.rerun()
    current = Store(home).current_id()
    if current is None or current == shown:
        return
    st.info("A newer release has been published.", icon=":material/new_releases:")
    if st.button("Show it", key="guard.show-newer"):
        st.session_state.pop(RELEASE, None)
        st.rerun()
