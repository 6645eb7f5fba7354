"""From the claims of a sign-in to the viewer it makes.

A pure function of claims, configuration and the clock. Claims are what somebody else wrote:
whatever is not exactly what is expected gives no more than the public has.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from longevity.access_settings import Access
from longevity.auth import viewers
from longevity.auth.viewers import PUBLIC, STATE, Viewer
from longevity.settings import Settings

CLOCKS_APART = 300  # seconds by which a provider's clock may be ahead of ours

OUT = "You see what the public sees. Sign in to see what your city or the state sees."
OVER = "Your sign-in has run out. You see what the public sees until you sign in again."
ENDED = "You signed out. You see what the public sees."
UNKNOWN = (
    "You are signed in, but your sign-in belongs to no city and not to the state here: you see "
    "what the public sees. Whoever keeps this dashboard can change that."
)
SEVERAL = (
    "Your sign-in belongs to more than one city. Choose which one you look as; the public is "
    "chosen until you do."
)
WRONG = (
    "Sign-in is not set up rightly here, so everyone sees what the public sees. Whoever keeps "
    "this dashboard finds out why with check-config."
)


@dataclass(frozen=True)
class Standing:
    """Where a visitor stands: the viewers they may be, the first unless they choose.

    `sentence` says so to the visitor; `can_sign_in` and `can_sign_out` which button
    makes sense; `until` is when it ends, in seconds since 1970.
    """

    viewers: tuple[Viewer, ...]
    sentence: str
    can_sign_in: bool = False
    can_sign_out: bool = False
    until: float = math.inf


NOBODY = Standing((PUBLIC,), OUT, can_sign_in=True)
RUN_OUT = Standing((PUBLIC,), OVER, can_sign_in=True)
SIGNED_OUT = Standing((PUBLIC,), ENDED, can_sign_in=True)
BROKEN = Standing((PUBLIC,), WRONG)


def standing(claims: Mapping[str, object], settings: Settings, now: float) -> Standing:
    """Where the person with these claims stands at `now`, in seconds since 1970.

    The state wins over any city; one city is that city; of several a person is
    the public until they choose; no known value is the public.
    """
    if claims.get("is_logged_in") is not True:
        return NOBODY
    until = _until(claims, settings.access.longest_hours, now)
    if until is None or now >= until:
        return RUN_OUT
    known = {settings.access.viewers.get(value) for value in _values(claims, settings.access)}
    named = {viewers.parse(name, settings) for name in known if name is not None}
    if STATE in named:
        return Standing((STATE,), "You are signed in as the state.", can_sign_out=True, until=until)
    # In the order of the configuration, so that it never depends on the claim's.
    own = tuple(v for v in (Viewer(viewers.Kind.CITY, c) for c in settings.cities) if v in named)
    if len(own) == 1:
        name = settings.city(str(own[0].city)).name
        return Standing(own, f"You are signed in as {name}.", can_sign_out=True, until=until)
    said = SEVERAL if own else UNKNOWN
    return Standing((PUBLIC, *own), said, can_sign_out=True, until=until)


def _until(claims: Mapping[str, object], longest_hours: int, now: float) -> float | None:
    """When the sign-in ends; None where its claims do not say it soundly."""
    issued, expires = _seconds(claims.get("iat")), _seconds(claims.get("exp"))
    if issued is None or expires is None or issued > now + CLOCKS_APART:
        return None
    return min(expires, issued + longest_hours * 3600)


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        seconds = float(value)
    except OverflowError:
        return None
    return seconds if math.isfinite(seconds) else None


def _values(claims: Mapping[str, object], access: Access) -> list[str]:
    """The texts of the claim: itself, or those in its list. Nothing is trimmed, split or folded."""
    if access.claim == "email" and claims.get("email_verified") is not True:
        return []
    claim = claims.get(access.claim)
    given = claim if isinstance(claim, list | tuple) else [claim]
    return [value for value in given if isinstance(value, str)]
