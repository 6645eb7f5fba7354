"""A browser tab without a browser: Streamlit's own websocket protocol, as its page speaks it.

A tab keeps the elements on the page, the state of its widgets, the link, and the parts that run by
themselves every few seconds. One action runs at a time; `seconds` is how long the last took, from
the message sent to the end of its run. It keeps no messages, so that each is sent whole.
"""

from __future__ import annotations

import asyncio
import ssl
import time
import uuid
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tools.load.page import BrokenError, Page

T = TypeVar("T")
XSRF = "_streamlit_xsrf"
LARGEST_MESSAGE = 64 * 2**20
LONGEST_RUN = 240.0  # seconds: after that no answer is coming
ENDED = (
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
    ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
)


def alone(work: Coroutine[Any, Any, T]) -> T:
    """Run work to its end in a thread of its own, as another loop may run in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def sign_in(address: str, name: str, tls: ssl.SSLContext | None = None) -> dict[str, str]:
    """Return the cookies of a browser that signed in by this name; "" does not sign in.

    It goes the whole way: the button, the provider's page, and back.
    """
    async with httpx.AsyncClient(follow_redirects=True, timeout=30, verify=tls or True) as browser:
        await browser.get(f"{address}/_stcore/health")
        cookies = {cookie.name: cookie.value or "" for cookie in browser.cookies.jar}
        if name:
            async with Tab(address, cookies, tls) as tab:
                await tab.arrive("claim_check")  # a page that asks little
                await tab.click("Sign in")
                form = await browser.get(f"{address}{tab.redirect}")
            (await browser.post(form.url, data={"sub": name})).raise_for_status()
        return {cookie.name: cookie.value or "" for cookie in browser.cookies.jar}


class Tab:
    """One tab, open at one server, that does what a visitor does.

    `cookies`: as a browser holds them after a sign-in. `tls`: whom to trust where the address is
    https.
    """

    def __init__(
        self,
        address: str,
        cookies: Mapping[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.address = address
        self.tls = tls
        self.cookies = dict(cookies or {})
        self.page = Page()
        self.query = ""
        self.seconds = 0.0
        self.redirect = ""  # where the server sends this browser, as for a sign-in
        self._socket: ClientConnection | None = None
        self._session = ""
        self._ticked: dict[str, float] = {}

    async def __aenter__(self) -> Tab:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.leave()

    async def arrive(self, path: str = "", query: str = "") -> None:
        """Open the page at this path, "" for the first, with a query such as "city=east"."""
        self.query = query
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        parts = urlsplit(self.address)
        self._socket = await connect(
            self.address.replace("http", "ws", 1) + "/_stcore/stream",
            origin=Origin(f"{parts.scheme}://{parts.netloc}"),
            subprotocols=[Subprotocol("streamlit"), Subprotocol(self.cookies.get(XSRF, "none"))],
            additional_headers=headers if self.cookies else None,
            max_size=LARGEST_MESSAGE,
            compression=None,
            ssl=self.tls,
        )
        await self._run(page_name=path)

    async def leave(self) -> None:
        """Close the tab."""
        if self._socket is not None:
            await self._socket.close()
            self._socket = None

    async def choose(self, label: str, words: str) -> None:
        """Choose these words in the select box, or among the buttons, of this label."""
        self.page.choose(label, words)
        await self._run()

    async def click(self, label: str) -> None:
        """Click the button of this label."""
        await self._run(clicked=self.page.find(label, "button")[1].id)

    async def go(self, label: str) -> None:
        """Follow the link to a page of this application."""
        _, link = self.page.find(label, "page_link")
        self.query = link.query_string
        self.page.forget_widgets()
        await self._run(page_hash=link.page_script_hash)

    async def unfold(self) -> None:
        """Open every fold of the page."""
        self.page.unfold()
        await self._run()

    async def again(self) -> None:
        """Run the page again as it is."""
        await self._run()

    async def take(self, label: str) -> tuple[str, str]:
        """Click the first button of a file with this label.

        Returns the file's address, or why it cannot be made.
        """
        said = BackMsg()
        asked = said.backend_operation_request
        asked.session_id, asked.request_id = self._session, uuid.uuid4().hex
        asked.deferred_file.file_id = self.page.find(label, "download_button")[1].deferred_file_id
        await self._send(said)
        while True:
            message = await self._receive()
            answer = message.backend_operation_response
            if answer.request_id == asked.request_id:
                return answer.deferred_file.url, answer.error_msg
            self._take_in(message)

    async def stay(self, seconds: float) -> None:
        """Keep the page open for so long, as a reader does; parts of it run meanwhile."""
        until = time.monotonic() + seconds
        while (now := time.monotonic()) < until:
            for fragment, every in list(self.page.repeating.items()):
                if now >= self._ticked.setdefault(fragment, now) + every:
                    self._ticked[fragment] = now
                    await self._run(fragment=fragment)
            await asyncio.sleep(max(0.0, min(0.2, until - time.monotonic())))

    # --- one run ------------------------------------------------------------------

    async def _run(
        self,
        page_name: str = "",
        page_hash: str | None = None,
        fragment: str = "",
        clicked: str = "",
    ) -> None:
        """Ask the server to run the page, and take in all it sends until the run has ended."""
        said = BackMsg()
        asked = said.rerun_script
        asked.query_string = self.query
        asked.page_name = page_name
        asked.page_script_hash = self.page.script_hash if page_hash is None else page_hash
        asked.fragment_id = fragment
        asked.is_auto_rerun = bool(fragment)
        asked.context_info.timezone = "America/New_York"
        asked.context_info.locale = "en-US"
        asked.context_info.url = f"{self.address}/{page_name}"
        asked.context_info.color_scheme = "light"
        asked.widget_states.widgets.extend(self.page.states.values())
        if clicked:
            asked.widget_states.widgets.append(WidgetState(id=clicked, trigger_value=True))
        began = time.perf_counter()
        await self._send(said)
        try:
            async with asyncio.timeout(LONGEST_RUN):
                while not self._take_in(await self._receive()):
                    pass
        except TimeoutError:
            raise BrokenError(f"a run did not end within {LONGEST_RUN:.0f} s") from None
        self.seconds = time.perf_counter() - began

    async def _send(self, said: BackMsg) -> None:
        if self._socket is None:
            raise BrokenError("the tab is closed")
        await self._socket.send(said.SerializeToString())

    async def _receive(self) -> ForwardMsg:
        if self._socket is None:
            raise BrokenError("the tab is closed")
        frame = await self._socket.recv(decode=False)
        return ForwardMsg.FromString(frame)

    def _take_in(self, message: ForwardMsg) -> bool:
        """Take one message in, and return whether it ends the run."""
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._session = message.new_session.initialize.session_id
            self.page.begin(message.new_session, message.metadata.run)
        elif kind == "delta":
            self.page.put(message)
        elif kind == "navigation":
            self.page.navigate(message.navigation)
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self.page.repeating[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            self._ticked[message.auto_rerun.fragment_id] = time.monotonic()
        elif kind == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self.page.repeating.pop(fragment, None)
        elif kind == "auth_redirect":
            self.redirect = message.auth_redirect.url
        elif kind in ("session_event", "ref_hash"):
            raise BrokenError(f"the server sends a {kind}: {message}")
        elif kind == "script_finished" and message.script_finished in ENDED:
            self.page.end(message.script_finished == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
            return True
        return False
