"""Sign-in through Streamlit: who a visitor is, which viewers they may be, and the buttons for it.

Streamlit reads a visitor's cookie once, when the page connects, and keeps its claims (what the
provider says about the person) as long as the page is open. So we check the claims again on each
run, and a sign-out in one window is recorded (`signed_out`) for the others.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from longevity.auth import session as sessions
from longevity.auth import sign_in_provider, signed_out
from longevity.auth.session import Session
from longevity.auth.viewers import PUBLIC, STATE, Viewer, ViewerKind
from longevity.release import known_remotes
from longevity.settings import Settings
from longevity.ui.markdown import escape_markdown
from longevity.words.wording import format_day

VIEWER = "guard.viewer"
UNREADABLE = "Streamlit's secrets file cannot be read as TOML."
TRUSTED_HEADERS = "server.trustedUserHeaders is set: a header could then stand in for a sign-in."


def read_provider() -> dict[str, Any]:
    """Return the sign-in provider in Streamlit's secrets (`[auth]`), empty where there is none."""
    try:
        auth = st.secrets.get("auth")
    except StreamlitSecretNotFoundError as error:
        if error.error_id == "no-secrets-found":
            return {}
        raise
    # An `auth` that is no table is kept, so that `find_problems` finds it wrong.
    return dict(auth) if isinstance(auth, Mapping) else {} if auth is None else {"auth": auth}


def find_provider() -> tuple[dict[str, Any], list[str]]:
    """Return the sign-in provider and the problems with it.

    The environment wins over Streamlit's `[auth]`; an empty provider means no sign-in.
    """
    try:
        provider, wrong = read_provider(), []
    except StreamlitSecretNotFoundError:
        provider, wrong = {}, [UNREADABLE]
    provider |= sign_in_provider.read_environment()
    if provider:
        wrong += sign_in_provider.find_problems(provider)
        wrong += [TRUSTED_HEADERS] if st.get_option("server.trustedUserHeaders") else []
    return provider, wrong


def find_session(claims: Mapping[str, object], settings: Settings, synthetic: bool) -> Session:
    """Return which viewers a visitor with these claims may be now.

    With a sign-in set up, those that the claims are mapped to. Without one everybody sees real data
    as the public; of a synthetic demonstration everybody may be any viewer. On a machine that pulls
    its releases from another and has not heard from it for too long, everybody is public.
    """
    heard = known_remotes.find_silence(settings.home, datetime.now(settings.time_zone))
    if heard:
        when = f"{format_day(heard.date())} at {heard:%H:%M}"
        return Session((PUBLIC,), sessions.SILENT_TEXT.format(when=when))
    provider, wrong = find_provider()
    if wrong:
        return sessions.MISCONFIGURED
    if not provider:
        cities = (Viewer(ViewerKind.CITY, city) for city in settings.cities)
        return Session((STATE, PUBLIC, *cities) if synthetic else (PUBLIC,), "")
    if signed_out.is_signed_out(settings.home, _hash_claims(claims)):
        return sessions.SIGNED_OUT
    return sessions.read_session(claims, settings, time.time())


def choose_viewer(session: Session) -> Viewer:
    """Return the viewer the visitor chose, if they may be that one, else their first."""
    chosen = st.session_state.get(VIEWER)
    return next((v for v in session.viewers if str(v) == chosen), session.viewers[0])


def show_session(session: Session, settings: Settings) -> None:
    """Draw in the sidebar what a session says, the choice of viewer and the sign-in buttons."""
    with st.sidebar, st.container(key="sign-in"):
        if session.sentence:
            st.markdown(escape_markdown(session.sentence))
        if len(session.viewers) > 1:
            names = {"state": "The state", "public": "The public"}
            names |= {f"city:{city.id}": city.name for city in settings.cities.values()}
            st.selectbox(
                "View as",
                list(map(str, session.viewers)),
                format_func=names.__getitem__,
                key=VIEWER,
                persist_state="session",
            )
        if session.can_sign_in:
            st.button("Sign in", key="sign-in.in", icon=":material/login:", on_click=st.login)
        if session.can_sign_out:
            st.button(
                "Sign out",
                key="sign-in.out",
                icon=":material/logout:",
                on_click=_sign_out,
                args=(settings.home,),
            )


def read_claims() -> dict[str, object]:
    """Return what the provider said about this visitor when the page connected."""
    return dict(st.user.to_dict())


def _sign_out(home: Path) -> None:
    signed_out.record_sign_out(home, _hash_claims(read_claims()))
    st.logout()


def _hash_claims(claims: Mapping[str, object]) -> str:
    """Return a hash that tells one sign-in from another: its claims have a time and a nonce."""
    text = json.dumps(claims, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
