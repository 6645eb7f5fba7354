"""The one browser that draws: kept warm, one task at a time, restarted when it is gone.

Everything it is given is text made here; plotly.js comes from its package, and nothing
is fetched from outside.
"""

from __future__ import annotations

import asyncio
import atexit
import base64
import contextlib
import hashlib
import logging
import os
import shutil
import signal
import stat
import tempfile
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Any

from choreographer.browsers.chromium import Chromium
from kaleido import Kaleido

from longevity.charts import fonts
from longevity.charts.chart import Figure
from longevity.errors import LongevityError
from longevity.files import atomic_write
from longevity.outputs import chromium

PATIENCE = 40.0  # seconds a picture may take, a cold start included
POLL = 0.1
SETTLES_IN = 0.3  # seconds that a PNG or a PDF of a picture takes
# The typeface is there and the page is painted: of pages that are painted only for the screenshot
# one in four has the edge of a sliver otherwise.
SETTLED = (
    "document.fonts.ready.then(() => new Promise(done =>"
    " requestAnimationFrame(() => requestAnimationFrame(() => done(1)))))"
)
CLOSES_IN = 15  # seconds at most, on a busy machine; else a few milliseconds
POINT = 1 / 72  # of an inch
SCALE = 300 / 72  # pixels a point
WITHOUT_SANDBOX = (
    "Chromium draws without its sandbox: root may have none, nor may everybody in some containers. "
    "Run this as a user of its own."
)
LOG = logging.getLogger(__name__)


class NoBrowserError(LongevityError):
    """No Chromium starts here: pictures cannot be drawn."""

    exit_code = 1

    def __init__(self) -> None:
        super().__init__(chromium.WHAT_TO_INSTALL)


class _Quiet(Chromium):  # type: ignore[misc] # its package has no types
    """Chromium with this application's switches and typeface."""

    def get_cli(self) -> Sequence[str]:
        flags = [flag for flag in super().get_cli() if flag != chromium.NO_SANDBOX]
        chromium_here = _find_browser()
        return flags + [
            flag for flag in (chromium_here.flags if chromium_here else ()) if flag not in flags
        ]

    def get_env(self) -> Any:
        return chromium.build_environment(FONTCONFIG_FILE=str(_ensure_font_folder() / "fonts.conf"))


class _EarlyKaleido(Kaleido):  # type: ignore[misc] # its package has no types
    """Kaleido that hands a picture out before it loads its page anew for the next one.

    Loading takes longer than drawing, so it waits until what is made of the picture is made too,
    or until the next is asked for, which is told if it failed.
    """

    _reload: asyncio.Task[None] | None = None

    async def _get_kaleido_tab(self) -> Any:
        if self._reload is not None:
            self._asked.set()
            await self._reload
        return await super()._get_kaleido_tab()

    async def _return_kaleido_tab(self, tab: Any) -> None:
        self._asked = asyncio.Event()
        self._reload = asyncio.create_task(self._reload_tab(tab))
        # Of a browser that ends meanwhile nobody asks.
        self._reload.add_done_callback(lambda task: task.cancelled() or task.exception())

    async def _reload_tab(self, tab: Any) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._asked.wait(), SETTLES_IN)
        await super()._return_kaleido_tab(tab)


class Browser:
    """One browser and the thread its messages are read in."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._kaleido: Any = None
        self._tab: Any = None

    def draw_plot(self, figure: Figure, wide: float, tall: float) -> bytes:
        """Draw the bare figure as SVG, so many points wide and tall."""
        options = {"format": "svg", "width": round(wide), "height": round(tall), "scale": 1}

        async def draw_svg(kaleido: Any, _: Any) -> bytes:
            svg: bytes = await kaleido.calc_fig(figure, options)
            return svg

        return self._run_task(draw_svg)

    def draw_png(self, svg: bytes, wide: float, tall: float, scale: float = SCALE) -> bytes:
        """Draw a composed SVG as PNG, `scale` pixels a point; 300 an inch unless told."""

        async def take_screenshot(_: Any, tab: Any) -> bytes:
            await _show_svg(tab, svg, wide, tall, scale)
            area = {"x": 0, "y": 0, "width": wide, "height": tall, "scale": 1}
            # The same pixels in a quarter less time, in a file half as large again.
            how = {"format": "png", "optimizeForSpeed": True, "clip": area}
            answer = await _send_command(tab, "Page.captureScreenshot", how)
            return base64.b64decode(answer["data"])

        return self._run_task(take_screenshot)

    def print_pdf(self, svg: bytes, wide: float, tall: float) -> bytes:
        """Print a composed SVG as a PDF page of its size, in vectors."""

        async def print_page(_: Any, tab: Any) -> bytes:
            # A page is measured in pixels of 1/96 inch.
            await _show_svg(tab, svg, wide * 96 / 72, tall * 96 / 72)
            page = {
                "paperWidth": wide * POINT,
                "paperHeight": tall * POINT,
                "printBackground": True,
                "pageRanges": "1",
                **dict.fromkeys(("marginTop", "marginBottom", "marginLeft", "marginRight"), 0),
            }
            answer = await _send_command(tab, "Page.printToPDF", page)
            return base64.b64decode(answer["data"])

        return self._run_task(print_page)

    def find_process(self) -> int | None:
        """Return the number of the process that runs, None when none does."""
        return None if self._kaleido is None else int(self._kaleido.subprocess.pid)

    def close(self) -> None:
        """Stop the browser; the next picture starts another."""
        with self._lock:
            self._stop_browser()

    def _run_task(self, task: Callable[[Any, Any], Coroutine[Any, Any, bytes]]) -> bytes:
        """Do one task, alone; once more in a new browser when this one is gone."""
        with self._lock:
            for last in (False, True):
                try:
                    if not self._is_alive():
                        self._stop_browser()
                        self._start_browser()
                    return self._wait_for(task(self._kaleido, self._tab))
                except NoBrowserError:
                    raise
                except Exception as error:  # whatever a dying browser raises
                    self._stop_browser()  # the second time it is the task's own
                    if last:
                        raise DrawingFailedError from error
        raise DrawingFailedError

    def _start_browser(self) -> None:
        executable = _find_browser()
        if executable is None:
            raise NoBrowserError
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=self._loop.run_forever, daemon=True).start()

        async def open_tab() -> bytes:
            # A queue of Kaleido's belongs to the loop it is made in.
            self._kaleido = _EarlyKaleido(
                n=1, timeout=PATIENCE, mathjax=False, path=executable.path, browser_cls=_Quiet
            )
            await self._kaleido.open()
            self._tab = await self._kaleido.create_tab("about:blank")
            return b""

        self._wait_for(open_tab())

    def _wait_for(self, task: Coroutine[Any, Any, bytes]) -> bytes:
        """Return the task's result; raise as soon as the browser is gone or time is up."""
        if self._loop is None:
            raise NoBrowserError
        waiting: Future[bytes] = asyncio.run_coroutine_threadsafe(task, self._loop)
        for _ in range(int(PATIENCE / POLL)):
            try:
                return waiting.result(POLL)
            except TooLate:
                if waiting.done() or (self._tab is not None and not self._is_alive()):
                    break
        waiting.cancel()
        raise DrawingFailedError

    def _is_alive(self) -> bool:
        return (
            self._kaleido is not None
            and self._tab is not None
            and self._kaleido.subprocess.poll() is None
        )

    def _stop_browser(self) -> None:
        """End the browser's own group of processes, and forget it."""
        kaleido, self._kaleido, self._tab = self._kaleido, None, None
        process = getattr(kaleido, "subprocess", None)
        if process is None or self._loop is None:
            return
        with contextlib.suppress(
            ProcessLookupError, PermissionError, TimeoutExpired
        ):  # gone already
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(CLOSES_IN)  # what still runs would write into the folder that is removed
        closing = asyncio.run_coroutine_threadsafe(_close_kaleido(kaleido), self._loop)
        try:
            closing.result(CLOSES_IN)
        except (TooLate, Exception):
            closing.cancel()


class DrawingFailedError(LongevityError):
    """The browser started and did not draw."""

    exit_code = 1

    def __init__(self) -> None:
        super().__init__("Chromium did not draw the picture.", "Try again.")


async def _close_kaleido(kaleido: Any) -> None:
    await kaleido.close()


async def _send_command(tab: Any, command: str, parameters: dict[str, Any]) -> Any:
    answer = await tab.send_command(command, parameters)
    if "error" in answer:
        raise DrawingFailedError
    return answer["result"]


async def _show_svg(tab: Any, svg: bytes, wide: float, tall: float, scale: float = SCALE) -> None:
    """Put an SVG alone on a page, in so many pixels, and wait until it is painted."""
    page = (
        "<!DOCTYPE html><meta charset=utf-8><style>html,body{margin:0;padding:0;overflow:hidden}"
        f"body>svg{{display:block;width:{wide}px;height:{tall}px}}"
        "@page{margin:0}</style>" + svg.decode("utf-8")
    )
    metrics = {
        "width": -int(-wide // 1),
        "height": -int(-tall // 1),
        "deviceScaleFactor": scale,
        "mobile": False,
    }
    await _send_command(tab, "Emulation.setDeviceMetricsOverride", metrics)
    frames = await _send_command(tab, "Page.getFrameTree", {})
    frame = frames["frameTree"]["frame"]["id"]
    await _send_command(tab, "Page.setDocumentContent", {"frameId": frame, "html": page})
    await _send_command(tab, "Runtime.evaluate", {"expression": SETTLED, "awaitPromise": True})


_process: dict[str, Any] = {}
_once = threading.Lock()


def _find_browser() -> chromium.Found | None:
    """Find the browser, again while there is none; log once that it has no sandbox."""
    if not _process.get("found"):
        _process["found"] = chromium.find_browser()
        if _process["found"] and chromium.NO_SANDBOX in _process["found"].flags:
            LOG.warning(WITHOUT_SANDBOX, extra={"event": "browser"})
    executable: chromium.Found | None = _process["found"]
    return executable


def _ensure_font_folder() -> Path:
    """Make the folder with the fontconfig file: one a user, so that no process leaves one."""
    with _once:
        if "home" not in _process:
            home = _make_own_folder()
            with atomic_write(home / "fonts.conf") as draft:
                draft.write_text(fonts.write_configuration(home / "cache"), encoding="utf-8")
            _process["home"] = home
        folder: Path = _process["home"]
        return folder


def _make_own_folder() -> Path:
    """Make a fixed folder that nobody else can write to: in the user's cache, else in /tmp."""
    caches = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    shared = Path(tempfile.gettempdir()) / f"longevity-fonts-{os.getuid()}"
    # Two installations of one user may have their typeface in two places.
    name = hashlib.sha256(str(fonts.find_folder()).encode()).hexdigest()[:12]
    for parent in (Path(caches).expanduser() / "longevity", shared):
        try:
            parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            state = parent.lstat()
            if stat.S_ISDIR(state.st_mode) and state.st_uid == os.getuid():
                parent.chmod(0o700)
                folder = parent / f"fonts-{name}"
                folder.mkdir(exist_ok=True)
                if os.access(folder, os.W_OK):
                    return folder
        except (OSError, RuntimeError):  # no home, or not ours to write
            continue
    # Neither can be had: one of this process, which a clean end removes.
    folder_of_process = Path(tempfile.mkdtemp(prefix="longevity-fonts-"))
    atexit.register(shutil.rmtree, folder_of_process, ignore_errors=True)
    return folder_of_process


for _chatty in ("choreographer", "kaleido"):
    # They warn of a browser that was ended, which is done here on purpose.
    logging.getLogger(_chatty).setLevel(logging.ERROR)

BROWSER = Browser()
atexit.register(BROWSER.close)
