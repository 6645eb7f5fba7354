"""Draw Plotly figures as SVG, in one headless Chromium that stays running.

It is controlled over two pipes by the DevTools protocol, with no library in between. It draws one
figure at a time and fetches nothing: plotly.js is taken from plotly's Python package.
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

from longevity.base.errors import DataError, LongevityError
from longevity.charts import fonts
from longevity.outputs import chromium

if TYPE_CHECKING:
    from longevity.charts.drawing import Figure

PATIENCE = 40.0  # seconds a figure may take, a cold start included, or wait for its turn
# Plotly keeps measures of text for the next figure, which would then differ by what was drawn
# before. So each figure is drawn in a frame of its own, which takes a twentieth of a second.
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
# Chromium reads commands from file descriptor 3 and writes answers to 4.
ON_PIPES = 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1'
WITHOUT_SANDBOX = (
    "Chromium draws without its sandbox: root may have none, and in some containers no one may. "
    "Run this as a user of its own."
)
LOG = logging.getLogger(__name__)
_ID = re.compile(r'\bid="([^"]+)"')
# Classes are dropped, as some are random; those of annotations stay, by which a tile hides them.
_CLASSES = re.compile(r' class="(?!annotation")[^"]*"')
# The legend is not clipped: where an SVG is opened the typeface may be wider than here.
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
    """The browser that draws: started for the first figure, and again if it dies."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self.page: _Page | None = None

    def draw_plot(self, figure: Figure, wide: float, tall: float) -> str:
        """Draw a figure as SVG, `wide` by `tall` points; the same figure gives the same text.

        NoBrowserError where no Chromium starts; DataError where other figures took too long.
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
        """Start the browser in the background, so that the first figure need not wait for it.

        Where none starts, drawing the first figure raises the error.
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
        """Return what the JavaScript draws; try once more in a new browser where it fails."""
        for last in (False, True):
            try:
                self.page = self.page or _open_page()
                return str(self.page.evaluate(expression))
            except NoBrowserError:
                raise
            except Exception as error:  # of many kinds where the browser dies
                self._stop()  # if the second browser fails too, it is the figure's fault
                if last:
                    raise DrawingFailedError from error
        raise DrawingFailedError

    def _stop(self) -> None:
        page, self.page = self.page, None
        if page is not None:
            page.close()


class _Page:
    """A running Chromium, in a group of processes of its own, and the one page in it."""

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
        """Return the value of a JavaScript expression, or of the Promise that it returns."""
        answer = self.send("Runtime.evaluate", expression=expression, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise DrawingFailedError
        return answer["result"].get("value")

    def send(self, command: str, **parameters: Any) -> Any:
        """Send one command and return its answer; OSError or EOFError where the browser is gone.

        A browser that takes longer than PATIENCE is killed.
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
        """Return the answer to the last command; events and other messages are skipped.

        Messages end with a zero byte.
        """
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
    """Return a page in the first Chromium that starts; log a warning if it has no sandbox."""
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
    """Rename all ids to `a0`, `a1`, … with their references, and drop classes.

    Plotly's are random: without them the same figure gives the same bytes.
    """
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
