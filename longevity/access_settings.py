"""Sign-in as configured: which claim says what a person may see, and what a provider needs.

The mapping of claims is in `longevity.toml`; the provider and its secrets never are. They
come from the environment or from Streamlit's secrets file, and are only ever checked here:
no sentence of this module repeats one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from longevity.strict_toml import Table, suggest_nearest

CLAIM = "groups"
LONGEST_HOURS = 10
# Set beside the claims by Streamlit itself, so they say nothing about a person.
NOT_CLAIMS = ("is_logged_in", "origin", "provider", "tokens")
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


@dataclass(frozen=True)
class Access:
    """`[access]`: the claim that is read, and which of its values is which viewer.

    `viewers` gives a value's viewer as `state` or `city:ID`. A sign-in counts for
    `longest_hours` at most, whatever its provider says.
    """

    claim: str = CLAIM
    longest_hours: int = LONGEST_HOURS
    viewers: Mapping[str, str] = field(default_factory=dict)


def read_access(table: Table, cities: Iterable[str]) -> Access:
    """Read the table `[access]`; ConfigError with the nearest name where it is wrong."""
    access = Access(
        claim=table.text("claim", CLAIM),
        longest_hours=table.integer("longest_hours", LONGEST_HOURS),
        viewers=_read_viewers(table.table("viewers", {}), cities),
    )
    table.finish()
    if not access.claim or access.claim != access.claim.strip() or access.claim in NOT_CLAIMS:
        raise table.error(
            "claim", f"is '{access.claim}', which is no claim of a person.", "For example: groups."
        )
    if not 1 <= access.longest_hours <= 24:
        raise table.error("longest_hours", "must be from 1 to 24.")
    return access


def _read_viewers(table: Table, cities: Iterable[str]) -> dict[str, str]:
    valid = ["state", *(f"city:{city}" for city in cities)]
    read_so: dict[str, str] = {}
    for value in table.names():
        viewer = table.text(value)
        if viewer not in valid:
            raise table.error(
                value,
                f"is '{viewer}', which is no viewer one signs in as.",
                suggest_nearest(viewer, valid),
            )
        if not value or value != value.strip():
            raise table.error(value, "is empty or has a space at its end; values match exactly.")
        read_so[value] = viewer
    return read_so


def read_environment(environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what the environment says of the provider, by the names Streamlit has for it."""
    env = os.environ if environment is None else environment
    values: dict[str, Any] = {key: env[name] for key, name in NEEDED.items() if env.get(name)}
    if env.get(SCOPE):
        values["client_kwargs"] = {"scope": env[SCOPE]}
    return values


def find_problems(values: Mapping[str, object]) -> list[str]:
    """Return what is wrong with the provider's settings, a sentence each, without a value."""
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
    """Return what is wrong with an address; nothing of one that is missing."""
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
