"""The settings of the sign-in provider: read from the environment, and checked.

They may be in Streamlit's own secrets file instead. Some are secret, so no sentence of this module
repeats a value.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

CALLBACK = "/oauth2callback"
SHORTEST_SECRET = 32
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# What Streamlit calls each value in `[auth]`, and the variable that may hold it.
NEEDED = {
    "redirect_uri": "LONGEVITY_SIGN_IN_REDIRECT_URI",
    "cookie_secret": "LONGEVITY_SIGN_IN_COOKIE_SECRET",
    "client_id": "LONGEVITY_SIGN_IN_CLIENT_ID",
    "client_secret": "LONGEVITY_SIGN_IN_CLIENT_SECRET",
    "server_metadata_url": "LONGEVITY_SIGN_IN_METADATA_URL",
}
SCOPE = "LONGEVITY_SIGN_IN_SCOPE"


def read_environment(environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what the environment says of the provider, by Streamlit's names: {"client_id": …}."""
    env = os.environ if environment is None else environment
    values: dict[str, Any] = {key: env[name] for key, name in NEEDED.items() if env.get(name)}
    if env.get(SCOPE):
        values["client_kwargs"] = {"scope": env[SCOPE]}
    return values


def find_problems(values: Mapping[str, object]) -> list[str]:
    """Return what is wrong with the provider's settings, a sentence each; none repeats a value."""
    problems = []
    for key, name in NEEDED.items():
        value = values.get(key)
        if not isinstance(value, str) or not value:
            problems.append(f"'{key}' is missing: set {name}, or {key} in Streamlit's [auth].")
    problems += [
        f"'{key}' {problem}"
        for key in ("redirect_uri", "server_metadata_url")
        if (problem := _find_address_problem(values.get(key)))
    ]
    secret = values.get("cookie_secret")
    if isinstance(secret, str) and 0 < len(secret) < SHORTEST_SECRET:
        problems.append(
            f"'cookie_secret' is shorter than {SHORTEST_SECRET} signs: make a longer one."
        )
    back = values.get("redirect_uri")
    if isinstance(back, str) and back and not back.endswith(CALLBACK):
        problems.append(f"'redirect_uri' does not end with {CALLBACK}.")
    return problems


def _find_address_problem(address: object) -> str:
    """Return what is wrong with an address; "" for nothing, and where there is none."""
    if not isinstance(address, str) or not address:
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https"):
        return "is no absolute address."
    if parts.scheme == "http" and host not in LOOPBACK:
        return "must begin with https:// unless it is on this machine."
    return ""
