"""The configuration of what may lie under maps on the screen: tiles of a host, off by default."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from longevity import labels
from longevity.strict_toml import Table

# What an address carries to prove who asks: it would be shown to everybody with the address.
SECRETS = ("token", "access_token", "api_key", "apikey", "key", "sig", "signature")
LONGEST_ADDRESS, LONGEST_ATTRIBUTION = 500, 100
EXAMPLE = "Give one such as https://tiles.example/{z}/{x}/{y}.png."
# Scheme and host as a content policy has them, a port where there is one.
ORIGIN = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")
LOOPBACK = ("localhost", "127.0.0.1")
PLACES = ("{z}", "{x}", "{y}")


@dataclass(frozen=True)
class Basemap:
    """Pictures of the streets, cut into tiles, and whose they are.

    `tiles`: their address, with {z}, {x} and {y} for zoom, column and row.
    """

    tiles: str
    attribution: str

    @property
    def origin(self) -> str:
        """Return the scheme and host the tiles come from, as https://tiles.example."""
        parts = urlsplit(self.tiles)
        return f"{parts.scheme}://{parts.netloc}"


def read_basemap(table: Table) -> Basemap | None:
    """Read `[map]`; None where it names no tiles. ConfigError where they could not be shown."""
    tiles: str = table.text("tiles", "").strip()
    attribution: str = " ".join(table.text("attribution", "").split())
    table.finish()
    if not tiles:
        if attribution:
            raise table.error("attribution", "is there without 'tiles'.", EXAMPLE)
        return None
    _check_tiles(table, tiles)
    if not attribution:
        raise table.error(
            "attribution",
            "is missing.",
            "Say whose the tiles are, in the words their licence asks for.",
        )
    wrong = labels.find_label_problem(attribution, LONGEST_ATTRIBUTION)
    if wrong:
        raise table.error("attribution", f"{wrong}.")
    return Basemap(tiles, attribution)


def _check_tiles(table: Table, tiles: str) -> None:
    problem = labels.find_label_problem(tiles, LONGEST_ADDRESS)
    if problem:
        raise table.error("tiles", f"{problem}.")
    try:
        parts = urlsplit(tiles)
        is_address = bool(ORIGIN.fullmatch(f"{parts.scheme}://{parts.netloc}")) and parts.port != 0
        name, password = parts.username, parts.password
    except ValueError:  # a port or a host that is none
        raise table.error("tiles", f"is '{tiles}'.", EXAMPLE) from None
    keys = {key.casefold() for key, _ in parse_qsl(parts.query)}
    if name is not None or password is not None or keys.intersection(SECRETS):
        raise table.error(
            "tiles",
            "holds a password or key, and every visitor's browser is given it.",
            "Give an open address.",
        )
    if not is_address or re.search(r"[\s'\"<>\\]", tiles):
        raise table.error("tiles", f"is '{tiles}'.", EXAMPLE)
    if any(tiles.count(place) != 1 for place in PLACES) or len(re.findall("[{}]", tiles)) != 6:
        raise table.error(
            "tiles", "must have {z}, {x} and {y} once each, and no other braces.", EXAMPLE
        )
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise table.error("tiles", "must begin with https://, or be on this machine.", EXAMPLE)
