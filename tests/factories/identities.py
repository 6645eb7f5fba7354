"""People who sign in: claims as a provider gives them, and a configuration that maps them."""

import time
from pathlib import Path
from typing import Any

from longevity import settings as configuration
from longevity.settings import Settings

PROVIDER: dict[str, Any] = {
    "redirect_uri": "https://dashboard.example/oauth2callback",
    "cookie_secret": "a" * 40,
    "client_id": "longevity",
    "client_secret": "not a secret",
    "server_metadata_url": "https://provider.example/.well-known/openid-configuration",
}
ACCESS = """
[access]
claim = "groups"
longest_hours = 10

[access.viewers]
"dash-state" = "state"
"dash-east" = "city:east"
"dash-east-too" = "city:east"
"dash-west" = "city:west"
"""


def claims(groups: Any = None, **said: Any) -> dict[str, Any]:
    """What Streamlit holds of somebody who signed in a minute ago, for an hour."""
    now = int(time.time())
    given = {"is_logged_in": True, "provider": "default", "sub": "person", "nonce": "n"}
    given |= {"iat": now - 60, "exp": now + 3540}
    if groups is not None:
        given["groups"] = groups
    return {**given, **said}


def map_viewers(settings: Settings, folder: Path, access: str = ACCESS) -> Settings:
    """The settings with a mapping of claims next to their cities."""
    text = settings.config_path.read_text(encoding="utf-8")
    path = folder / "mapped.toml"
    reference = f'[program]\nreference = "{settings.reference}"'
    path.write_text(text.replace("[program]", reference, 1) + access, encoding="utf-8")
    return configuration.load_settings(path, home=settings.home, environment={})
