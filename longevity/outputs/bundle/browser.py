"""The one browser that draws: a page of Chromium with plotly.js, kept warm, a picture at a time.

It is spoken to over two pipes in its own protocol, so that nothing stands between. Everything
it is given is text made here; plotly.js comes from its package, and nothing is fetched.
"""

from __future__ import annotations

import atexit
import base64
import json
import logging
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from longevity.charts import fonts
from longevity.charts.drawing import Figure
from longevity.errors import DataError, LongevityError
from longevity.outputs import chromium

PATIENCE = 40.0  # seconds a picture may take, a cold start included, or wait for its turn
# The typeface is there and the page is painted: of pages that are painted only for the screenshot
# one in four has the edge of a sliver otherwise.
SETTLED = (
    "document.fonts.ready.then(() => new Promise(done =>"
    " requestAnimationFrame(() => requestAnimationFrame(() => done(1)))))"
)
# Plotly keeps what it measured of a text, rounded by where that stood, for the next figure. So each
# is drawn in a frame of its own, which takes a twentieth of a second.
DRAW = """
const draw = async (figure, how) => {
  const frame = document.createElement('iframe'), script = document.createElement('script');
  frame.style = 'position:absolute;left:-9999px;border:0';
  document.body.append(frame);
  script.textContent = plotly;
  frame.contentDocument.body.append(script);
  const svg = await frame.contentWindow.Plotly.toImage(figure, how);
  frame.remove();
  return svg;
};
"""
POINT = 1 / 72  # of an inch
SCALE = 300 / 72  # pixels a point
# Chromium reads what it is asked on 3 and answers on 4.
ON_PIPES = 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1'
WITHOUT_SANDBOX = (
    "Chromium draws without its sandbox: root may have none, nor may everybody in some containers. "
    "Run this as a user of its own."
)
LOG = logging.getLogger(__name__)
T = TypeVar("T")


class NoBrowserError(LongevityError):
    """No Chromium starts here: pictures cannot be drawn."""

    exit_code = 1

    def __init__(self) -> None:
        super().__init__(chromium.WHAT_TO_INSTALL)


class DrawingFailedError(LongevityError):
    """The browser started and did not draw."""

    exit_code = 1

    def __init__(self) -> None:
        super().__init__("Chromium did not draw the picture.", "Try again.")


class Browser:
    """The browser that draws, started by the first picture and again when it is gone."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._page: _Page | None = None
        self.missing = False  # whether none started when it was last tried

    def draw_plot(self, figure: Figure, wide: float, tall: float) -> str:
        """Draw the bare figure as SVG, so many points wide and tall."""
        how = {"format": "svg", "width": round(wide), "height": round(tall), "imageDataOnly": True}
        said = json.dumps(figure, default=lambda number: number.item())  # NumPy's

        def draw_svg(page: _Page) -> str:
            page.set_size(wide, tall, 1)  # text is measured on it
            return str(page.evaluate(f"draw({said}, {json.dumps(how)})"))

        return self._run_task(draw_svg)

    def draw_png(
        self, svg: str, wide: float, tall: float, scale: float = SCALE, kind: str = "png"
    ) -> bytes:
        """Draw a composed SVG in pixels, `scale` a point; 300 an inch unless told."""

        def take_screenshot(page: _Page) -> bytes:
            page.show_svg(svg, wide, tall, scale)
            area = {"x": 0, "y": 0, "width": wide, "height": tall, "scale": 1}
            # The same pixels in a quarter less time, in a file half as large again.
            answer = page.send(
                "Page.captureScreenshot", format=kind, optimizeForSpeed=True, clip=area
            )
            return base64.b64decode(answer["data"])

        return self._run_task(take_screenshot)

    def print_pdf(self, svg: str, wide: float, tall: float) -> bytes:
        """Print a composed SVG as a PDF page of its size, in vectors."""

        def print_page(page: _Page) -> bytes:
            # A page is measured in pixels of 1/96 inch.
            page.show_svg(svg, wide * 96 / 72, tall * 96 / 72)
            answer = page.send(
                "Page.printToPDF",
                paperWidth=wide * POINT,
                paperHeight=tall * POINT,
                printBackground=True,
                pageRanges="1",
                **dict.fromkeys(("marginTop", "marginBottom", "marginLeft", "marginRight"), 0),
            )
            return base64.b64decode(answer["data"])

        return self._run_task(print_page)

    def find_process(self) -> int | None:
        """Return the number of the process that runs, None when none does."""
        return None if self._page is None else self._page.process.pid

    def close(self) -> None:
        """Stop the browser; the next picture starts another."""
        with self._turn:
            self._stop()

    def _run_task(self, task: Callable[[_Page], T]) -> T:
        """Do one task, alone; once more in a new browser when this one is gone."""
        if not self._turn.acquire(timeout=PATIENCE):
            raise DataError("Other pictures are being drawn.", "Try again in a minute.")
        try:
            for last in (False, True):
                try:
                    self._page = self._page or _open_page()
                    self.missing = False
                    return self._page.run(task)
                except NoBrowserError:
                    self.missing = True
                    raise
                except Exception as error:  # whatever comes of a browser that dies
                    self._stop()  # the second time it is the task's own
                    if last:
                        raise DrawingFailedError from error
        finally:
            self._turn.release()
        raise DrawingFailedError

    def _stop(self) -> None:
        page, self._page = self._page, None
        if page is not None:
            page.close()


class _Page:
    """A Chromium of its own group of processes, and the one page in it."""

    def __init__(self, found: chromium.Found) -> None:
        self._asked, self._answers, self._session = 0, b"", ""
        self._folder = Path(tempfile.mkdtemp(prefix="longevity-chromium-"))
        configuration = self._folder / "fonts.conf"
        configuration.write_text(fonts.write_configuration(self._folder / "cache"), "utf-8")
        own = (f"--user-data-dir={self._folder}", "--remote-debugging-pipe")
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", ON_PIPES, "sh", found.path, *found.flags, *own],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=chromium.build_environment(FONTCONFIG_FILE=str(configuration)),
            start_new_session=True,
        )

    def run(self, task: Callable[[_Page], T]) -> T:
        """Do a task; a browser that takes too long over it is ended, so that it cannot wait."""
        late = threading.Timer(PATIENCE, self.kill)
        late.start()
        try:
            return task(self)
        finally:
            late.cancel()

    def open_plotly(self) -> None:
        """Open the page and give it plotly.js."""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        source = resources.files("plotly") / "package_data" / "plotly.min.js"
        self.evaluate(f"const plotly = {json.dumps(source.read_text('utf-8'))}; {DRAW}")

    def show_svg(self, svg: str, wide: float, tall: float, scale: float = SCALE) -> None:
        """Put an SVG alone on the page, in so many pixels, and wait until it is painted."""
        styles = (
            "html,body{margin:0;overflow:hidden}@page{margin:0}"
            f"#picture>svg{{display:block;width:{wide}px;height:{tall}px}}"
        )
        self.set_size(wide, tall, scale)
        body = json.dumps(f"<style>{styles}</style><div id=picture>{svg}</div>")
        self.evaluate(f"document.body.innerHTML = {body}; {SETTLED}")

    def set_size(self, wide: float, tall: float, scale: float) -> None:
        """Make the page so large, with so many pixels a point."""
        size = {"width": -int(-wide // 1), "height": -int(-tall // 1), "deviceScaleFactor": scale}
        self.send("Emulation.setDeviceMetricsOverride", mobile=False, **size)

    def evaluate(self, expression: str) -> Any:
        """Return what an expression of JavaScript, or its promise, comes to."""
        answer = self.send("Runtime.evaluate", expression=expression, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise DrawingFailedError
        return answer["result"].get("value")

    def send(self, command: str, **parameters: Any) -> Any:
        """Send one command and return its answer; OSError or EOFError where the browser is gone."""
        self._asked += 1
        message = {"id": self._asked, "method": command, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        if self.process.stdin is None or self.process.stdout is None:
            raise DrawingFailedError
        self.process.stdin.write(json.dumps(message).encode() + b"\0")
        self.process.stdin.flush()
        while True:
            while b"\0" not in self._answers:
                more = os.read(self.process.stdout.fileno(), 1 << 20)
                if not more:
                    raise EOFError
                self._answers += more
            first, _, self._answers = self._answers.partition(b"\0")
            answer = json.loads(first)
            if answer.get("id") == self._asked:
                if "error" in answer:
                    raise DrawingFailedError
                return answer["result"]

    def kill(self) -> None:
        """End the browser's own group of processes."""
        with suppress(ProcessLookupError, PermissionError):  # gone already
            os.killpg(self.process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the browser, and remove its folder."""
        self.kill()
        self.process.wait()  # what still runs would write into the folder that is removed
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        shutil.rmtree(self._folder, ignore_errors=True)


_works: list[chromium.Found] = []  # the one that started, else none


def _open_page() -> _Page:
    """Start the first browser that does, with a page in it; log once that it has no sandbox."""
    for found in _works or chromium.list_candidates():
        page = _Page(found)
        try:
            page.run(_Page.open_plotly)
        except Exception:  # however it fails to start, the next may do
            page.close()
            continue
        if not _works:
            _works.append(found)
            if chromium.NO_SANDBOX in found.flags:
                LOG.warning(WITHOUT_SANDBOX, extra={"event": "browser"})
        return page
    raise NoBrowserError


BROWSER = Browser()
atexit.register(BROWSER.close)
