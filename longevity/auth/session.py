"""Which viewer (the public, a city or the state) a visitor may be, by the claims of their sign-in.

Claims are what the sign-in provider says of a person: `{"groups": ["east-staff"], "exp": …}`. They
come from outside: what is not exactly as expected gives no more than the public has. Nothing here
asks a clock: the time is an argument.
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
    """What a visitor may see now, signed in or not.

    `viewers`: whom they may look as, the first unless they choose. `sentence` explains it to them;
    `can_sign_in` and `can_sign_out` say which button makes sense. `until`: when it ends, in seconds
    since 1970.
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
    """Return the session of a person with these claims at `now`, in seconds since 1970.

    The configuration maps values of a claim to viewers: `{"east-staff": "city:east"}`. The state
    wins over any city; one city is that city; of several a person is the public until they choose;
    without a value that is mapped they are the public.
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
    """Return when the sign-in ends, in seconds since 1970: by the provider, or sooner by us.

    None where the claims `iat` (began) and `exp` (ends) are not two times, or it has not begun.
    """
    begin, end = _read_seconds(claims.get("iat")), _read_seconds(claims.get("exp"))
    if begin is None or end is None or begin > now + CLOCKS_APART:
        return None
    return min(end, begin + longest_hours * 3600)


def _read_seconds(value: object) -> float | None:
    """Return a claim's time, in seconds since 1970; None where it is no finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        seconds = float(value)
    except OverflowError:
        return None
    return seconds if math.isfinite(seconds) else None


def _read_values(claims: Mapping[str, object], access: Access) -> list[str]:
    """Return the texts of the claim that says who someone is: one, or a list of them.

    Nothing is trimmed, split or put in lower case: they match exactly, or not at all.
    """
    if access.claim == "email" and claims.get("email_verified") is not True:
        return []
    claim = claims.get(access.claim)
    values = claim if isinstance(claim, list | tuple) else [claim]
    return [value for value in values if isinstance(value, str)]
