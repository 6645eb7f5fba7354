"""From the claims of a sign-in to the viewer it makes.

A pure function of claims, configuration and the clock. Claims are what somebody else wrote:
whatever is not exactly what is expected gives no more than the public has.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from longevity.auth import viewers
from longevity.auth.viewers import PUBLIC, STATE, Viewer
from longevity.settings import Access, Settings

CLOCKS_APART = 300  # seconds by which a provider's clock may be ahead of ours

NOT_SIGNED_IN_TEXT = (
    "You see what the public sees. Sign in to see what your city or the state sees."
)
EXPIRED_TEXT = "Your sign-in has run out. You see what the public sees until you sign in again."
SIGNED_OUT_TEXT = "You signed out. You see what the public sees."
NO_VIEWER_TEXT = (
    "You are signed in, but your sign-in belongs to no city and not to the state here: you see "
    "what the public sees. Those who keep this dashboard can change that."
)
SEVERAL_CITIES_TEXT = (
    "Your sign-in belongs to more than one city. Choose which one you look as; the public is "
    "chosen until you do."
)
SILENT_TEXT = (
    "This machine last heard from the one that publishes on {when}. Rows about people wait until "
    "it hears again: someone's records may have been purged since. You see what the public sees."
)
MISCONFIGURED_TEXT = (
    "Sign-in is not set up rightly here, so everyone sees what the public sees. Those who "
    "keep this dashboard find out why with check-config."
)


@dataclass(frozen=True)
class Session:
    """A sign-in, or none: the viewers a visitor may be, the first unless they choose.

    `sentence` says so to the visitor; `can_sign_in` and `can_sign_out` which button
    makes sense; `until` is when it ends, in seconds since 1970.
    """

    viewers: tuple[Viewer, ...]
    sentence: str
    can_sign_in: bool = False
    can_sign_out: bool = False
    until: float = math.inf


NOT_SIGNED_IN = Session((PUBLIC,), NOT_SIGNED_IN_TEXT, can_sign_in=True)
EXPIRED = Session((PUBLIC,), EXPIRED_TEXT, can_sign_in=True)
SIGNED_OUT = Session((PUBLIC,), SIGNED_OUT_TEXT, can_sign_in=True)
MISCONFIGURED = Session((PUBLIC,), MISCONFIGURED_TEXT)


def read_session(claims: Mapping[str, object], settings: Settings, now: float) -> Session:
    """Read the session of a person with these claims at `now`, in seconds since 1970.

    The state wins over any city; one city is that city; of several a person is
    the public until they choose; no known value is the public.
    """
    if claims.get("is_logged_in") is not True:
        return NOT_SIGNED_IN
    until = _find_end(claims, settings.access.longest_hours, now)
    if until is None or now >= until:
        return EXPIRED
    names = {settings.access.viewers.get(value) for value in _read_values(claims, settings.access)}
    from_claims = {viewers.parse_viewer(name, settings) for name in names if name is not None}
    if STATE in from_claims:
        return Session((STATE,), "You are signed in as the state.", can_sign_out=True, until=until)
    # In the order of the configuration, so that it never depends on the claim's.
    cities = tuple(
        v for v in (Viewer(viewers.ViewerKind.CITY, c) for c in settings.cities) if v in from_claims
    )
    if len(cities) == 1:
        name = settings.city(str(cities[0].city)).name
        return Session(cities, f"You are signed in as {name}.", can_sign_out=True, until=until)
    sentence = SEVERAL_CITIES_TEXT if cities else NO_VIEWER_TEXT
    return Session((PUBLIC, *cities), sentence, can_sign_out=True, until=until)


def _find_end(claims: Mapping[str, object], longest_hours: int, now: float) -> float | None:
    """Return when the sign-in ends; None where its claims do not say it soundly."""
    begin, end = _read_seconds(claims.get("iat")), _read_seconds(claims.get("exp"))
    if begin is None or end is None or begin > now + CLOCKS_APART:
        return None
    return min(end, begin + longest_hours * 3600)


def _read_seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        seconds = float(value)
    except OverflowError:
        return None
    return seconds if math.isfinite(seconds) else None


def _read_values(claims: Mapping[str, object], access: Access) -> list[str]:
    """Return the texts of the claim, itself or its list's; nothing is trimmed, split or folded."""
    if access.claim == "email" and claims.get("email_verified") is not True:
        return []
    claim = claims.get(access.claim)
    values = claim if isinstance(claim, list | tuple) else [claim]
    return [value for value in values if isinstance(value, str)]
