"""The one browser that draws: a page of Chromium with plotly.js, kept warm, a figure at a time.

It is spoken to over two pipes in its own protocol, so that nothing is between. Everything
it is given is text made here; plotly.js comes from its package, and nothing is fetched.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from longevity.charts import fonts
from longevity.errors import DataError, LongevityError
from longevity.outputs import chromium

if TYPE_CHECKING:
    from longevity.charts.drawing import Figure

PATIENCE = 40.0  # seconds a figure may take, a cold start included, or wait for its turn
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
# Chromium reads what it is asked on 3 and answers on 4.
ON_PIPES = 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1'
WITHOUT_SANDBOX = (
    "Chromium draws without its sandbox: root may have none, and in some containers no one may. "
    "Run this as a user of its own."
)
LOG = logging.getLogger(__name__)
_ID = re.compile(r'\bid="([^"]+)"')
# Some are random; a tile hides annotations by theirs.
_CLASSES = re.compile(r' class="(?!annotation")[^"]*"')
# Who opens an SVG may have a wider typeface than it was measured in: a key is not cut there.
_CLIPPED_KEY = re.compile(r'(<g class="scrollbox"[^>]*?) clip-path="[^"]*"')


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
    """The browser that draws, started by the first figure and again when it is gone."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self.page: _Page | None = None

    def draw_plot(self, figure: Figure, wide: float, tall: float) -> str:
        """Draw the bare figure as SVG, so many points wide and tall, the same every time.

        NoBrowserError where none starts; DataError after others took too long.
        """
        how = {"format": "svg", "width": round(wide), "height": round(tall), "imageDataOnly": True}
        said = json.dumps(figure, default=lambda number: number.item())  # NumPy's
        if not self._turn.acquire(timeout=PATIENCE):
            raise DataError("Other pictures are being drawn.", "Try again in a minute.")
        try:
            return rename_ids(self._draw(f"draw({said}, {json.dumps(how)})"))
        finally:
            self._turn.release()

    def start_early(self) -> None:
        """Start the browser while what it is to draw is made ready; the first figure waits for it.

        Where none starts, the first figure says so.
        """

        def start() -> None:
            with self._turn, suppress(NoBrowserError):
                self.page = self.page or _open_page()

        threading.Thread(target=start, daemon=True).start()

    def close(self) -> None:
        """Stop the browser; the next figure starts another."""
        with self._turn:
            self._stop()

    def _draw(self, expression: str) -> str:
        """Draw, once more in a new browser when this one is gone."""
        for last in (False, True):
            try:
                self.page = self.page or _open_page()
                return str(self.page.evaluate(expression))
            except NoBrowserError:
                raise
            except Exception as error:  # whatever comes of a browser that dies
                self._stop()  # the second time it is the figure's own
                if last:
                    raise DrawingFailedError from error
        raise DrawingFailedError

    def _stop(self) -> None:
        page, self.page = self.page, None
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

    def open_plotly(self) -> None:
        """Open the page and give it plotly.js."""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        source = resources.files("plotly") / "package_data" / "plotly.min.js"
        self.evaluate(f"const plotly = {json.dumps(source.read_text('utf-8'))}; {DRAW}")

    def evaluate(self, expression: str) -> Any:
        """Return what an expression of JavaScript, or its promise, comes to."""
        answer = self.send("Runtime.evaluate", expression=expression, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise DrawingFailedError
        return answer["result"].get("value")

    def send(self, command: str, **parameters: Any) -> Any:
        """Send one command and return its answer; OSError or EOFError where the browser is gone.

        One that takes too long over it is ended, so that it cannot wait.
        """
        self._asked += 1
        message = {"id": self._asked, "method": command, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        if self.process.stdin is None or self.process.stdout is None:
            raise DrawingFailedError
        late = threading.Timer(PATIENCE, self.kill)
        late.start()
        try:
            self.process.stdin.write(json.dumps(message).encode() + b"\0")
            self.process.stdin.flush()
            answer = self._read_answer(self.process.stdout.fileno())
        finally:
            late.cancel()
        if "error" in answer:
            raise DrawingFailedError
        return answer["result"]

    def _read_answer(self, pipe: int) -> Any:
        """Return the answer to the last command: what else the browser says is passed over."""
        while True:
            while b"\0" not in self._answers:
                more = os.read(pipe, 1 << 20)
                if not more:
                    raise EOFError
                self._answers += more
            first, _, self._answers = self._answers.partition(b"\0")
            answer = json.loads(first)
            if answer.get("id") == self._asked:
                return answer

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


def _open_page() -> _Page:
    """Start the first browser that does, with a page in it; log that it has no sandbox."""
    for found in chromium.list_candidates():
        page = _Page(found)
        try:
            page.open_plotly()
        except Exception:  # however it fails to start, the next may do
            page.close()
            continue
        if chromium.NO_SANDBOX in found.flags:
            LOG.warning(WITHOUT_SANDBOX, extra={"event": "browser"})
        return page
    raise NoBrowserError


def rename_ids(svg: str) -> str:
    """Rename ids `a0`, `a1`, … with every reference to them, and drop classes."""
    names = {old: f"a{at}" for at, old in enumerate(dict.fromkeys(_ID.findall(svg)))}
    if names:
        either = "|".join(re.escape(old) for old in sorted(names, key=len, reverse=True))
        svg = re.sub(
            rf'(?P<before>\bid="|#)(?P<old>{either})(?=["\')&])',
            lambda match: match["before"] + names[match["old"]],
            svg,
        )
    return _CLASSES.sub("", _CLIPPED_KEY.sub(r"\1", svg))


BROWSER = Browser()
atexit.register(BROWSER.close)
