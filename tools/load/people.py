"""Who is in the load: the state, each city, the public; each signed in at a real provider."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from pathlib import Path

import httpx

from longevity import settings as configuration
from longevity.settings import Settings
from tools.load.client import XSRF, Tab

PUBLIC = "public"
STATE = "state"
WAIT = 30.0


def roles(settings: Settings) -> list[str]:
    """Every kind of viewer, as the warehouse names them."""
    return [STATE, *(f"city:{city}" for city in settings.cities), PUBLIC]


def claims(settings: Settings) -> dict[str, dict[str, list[str]]]:
    """The people the provider knows: one a role; the public signs in nowhere."""
    return {role: {"groups": [role]} for role in roles(settings) if role != PUBLIC}


def with_access(settings: Settings, folder: Path) -> Settings:
    """The settings, in a file of their own, with these roles mapped."""
    rows = "\n".join(f'"{role}" = "{role}"' for role in claims(settings))
    text = settings.config_path.read_text(encoding="utf-8")
    # The file lies elsewhere now, and the facts where they were.
    text = re.sub(r"(?m)^reference = .*$", f'reference = "{settings.reference}"', text, count=1)
    path = folder / "with-access.toml"
    text = re.sub(r"(?ms)^\[access\.viewers\].*?(?=^\[|\Z)", f"[access.viewers]\n{rows}\n", text)
    path.write_text(text, encoding="utf-8")
    return configuration.load_settings(path, home=settings.home, environment={})


async def signed_in(address: str, role: str, tls: ssl.SSLContext | None = None) -> dict[str, str]:
    """The cookies of a browser that has signed in with this role; of the public, those of any.

    It goes the whole way: the button, the provider's page, and back.
    """
    async with httpx.AsyncClient(
        follow_redirects=True, timeout=WAIT, verify=True if tls is None else tls
    ) as browser:
        await browser.get(f"{address}/_stcore/health")
        if role != PUBLIC:
            async with Tab(address, _of(browser), tls) as tab:
                await tab.arrive("claim_check")  # a page that asks little
                await tab.click("Sign in")
                if tab.redirect is None:
                    raise AssertionError("the button led to no provider")
                form = await browser.get(f"{address}{tab.redirect}")
            back = await browser.post(form.url, data={"sub": role})
            back.raise_for_status()
        return dict(_of(browser))


def _of(browser: httpx.AsyncClient) -> Mapping[str, str]:
    found = {cookie.name: cookie.value or "" for cookie in browser.cookies.jar}
    if XSRF not in found:
        raise AssertionError("the server gave no token against forged requests")
    return found
