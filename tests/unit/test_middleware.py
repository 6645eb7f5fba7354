"""Of the websockets only those of pages of this very server reach Streamlit."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from starlette.datastructures import Headers

from longevity.ui.middleware import OriginCheck, comes_from_our_page
from tests.factories.ascii_table import rows

# Which host a page asks, and whose page says it is.
PAGES = """
    host | origin | ours
    dashboard.example | https://dashboard.example | yes
    Dashboard.example:8443 | https://dashboard.EXAMPLE:8443 | yes
    127.0.0.1:8501 | http://127.0.0.1:8501 | yes
    [::1]:8501 | http://[::1]:8501 | yes
    dashboard.example | https://elsewhere.example |
    dashboard.example | https://dashboard.example.elsewhere.example |
    dashboard.example | https://elsewhere.example/dashboard.example |
    dashboard.example | https://dashboard.example@elsewhere.example |
    dashboard.example | https://dashboard.example:8443 |
    # Streamlit would let it in.
    dashboard.example | http://localhost |
    dashboard.example | http://[ |
    dashboard.example | null |
    | |
    dashboard.example | file://dashboard.example |
"""


def test_a_page_is_ours_where_its_origin_is_the_host_it_asks():
    for row in rows(PAGES):
        headers = [(name.encode(), row[name].encode()) for name in ("host", "origin")]
        found = comes_from_our_page(Headers(raw=headers))
        assert found is bool(row["ours"]), row
    assert not comes_from_our_page(Headers({"host": "dashboard.example"}))  # who says no origin


def test_a_websocket_of_another_site_never_reaches_streamlit():
    for origin, is_ours in (("https://elsewhere.example", False), ("https://a.example", True)):
        reached: list[Any] = []
        sent: list[Any] = []

        async def note(scope: Any, receive: Any, send: Any, reached: list[Any] = reached) -> None:
            reached.append(scope["type"])

        async def receive() -> Any:
            return {"type": "websocket.connect"}

        async def send(message: Any, sent: list[Any] = sent) -> None:
            sent.append(message)

        headers = [(b"host", b"a.example"), (b"origin", origin.encode())]
        asked = OriginCheck(note)({"type": "websocket", "headers": headers}, receive, send)
        with ThreadPoolExecutor(1) as aside:  # another loop may run in this thread
            aside.submit(asyncio.run, asked).result()
        assert bool(reached) is is_ours
        assert sent == ([] if is_ours else [{"type": "websocket.close", "code": 1008}])
