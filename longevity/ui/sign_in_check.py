"""What the command `check-config` says about the sign-in, without any secret."""

from __future__ import annotations

from longevity.base.errors import ConfigError
from longevity.settings import ROOT, Settings
from longevity.ui import server, sign_in

NOT_SET_UP = "Sign-in is not set up: with real data everyone sees what the public sees."
MAPS_NOTHING = (
    "Sign-in is set up, but [access.viewers] maps nothing: everyone who signs in sees what the "
    "public sees."
)
UNTIL_THEN = "Until sign-in is put right everyone sees what the public sees."


def report_sign_in(settings: Settings) -> str:
    """Return a sentence on whether sign-in is set up; ConfigError, a line a problem, if wrong."""
    # So that Streamlit looks for secrets next to app.py.
    server.build_application(ROOT / "app.py", settings)
    provider, wrong = sign_in.find_provider()
    if wrong:
        raise ConfigError("\n".join([f"Sign-in: {problem}" for problem in wrong] + [UNTIL_THEN]))
    if not provider:
        return NOT_SET_UP
    mapped = len(settings.access.viewers)
    if not mapped:
        return MAPS_NOTHING
    values = "1 value" if mapped == 1 else f"{mapped} values"
    return f"Sign-in is set up: {values} of the claim '{settings.access.claim}' mapped."
