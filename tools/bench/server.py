"""The real application under a clock: `python -m tools.bench.server PORT`.

It is `streamlit.starlette.App` under uvicorn exactly as `longevity serve` has it; around
it stand timers (clock.py) and two paths below /bench:

    runs      what the runs since the last time took, and the memory of the process
    forget    drop every answer, figure and model that is kept, as after a publish
"""

from __future__ import annotations

import asyncio
import importlib
import json
import pkgutil
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tools.bench import clock
from tools.bench.clock import FIGURES, MEASURES, QUERIES, SERIALISING

# Called hundreds of times a page for a microsecond: a timer around them would be what it times.
TOO_SMALL = {"longevity.text.wording"}


class Taken:
    """What was taken down since it was last asked for."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.runs: list[clock.Run] = []
        self.running = 0
        self.sending = 0.0
        self.processor = time.process_time()

    def runs_told(self) -> dict[str, Any]:
        """The runs, and forget them."""
        with self.lock:
            runs, self.runs = self.runs, []
            sending, self.sending = self.sending, 0.0
            before, self.processor = self.processor, time.process_time()
        return {
            "runs": [run.told() for run in runs],
            "sending": sending,
            "processor": self.processor - before,  # of all threads
            **memory(),
        }


taken = Taken()


def memory() -> dict[str, int]:
    """Bytes this process holds, and the most it held."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    lines = dict(line.split(":", 1) for line in status.splitlines())
    return {
        "held": int(lines["VmRSS"].split()[0]) * 1024,
        "peak": int(lines["VmHWM"].split()[0]) * 1024,
    }


def listen() -> None:
    """Put the timers in."""
    import plotly.io
    from streamlit import dataframe_util
    from streamlit.runtime.scriptrunner import script_runner
    from streamlit.runtime.scriptrunner_utils import script_run_context
    from streamlit.web.server.starlette import starlette_websocket

    from longevity.charts import draw
    from longevity.warehouse.warehouse import Warehouse

    runner = script_runner.ScriptRunner
    # Each is replaced by itself with a clock around it, which types do not foresee.
    runner._run_script = _timed_run(runner._run_script)  # type: ignore[method-assign]
    Warehouse.run = _asking(Warehouse.run)  # type: ignore[method-assign]
    Warehouse._fetch = _fetching(Warehouse._fetch)  # type: ignore[method-assign]
    packages = {
        "longevity.charts.figures": FIGURES,
        "longevity.stats": MEASURES,
        "longevity.text": MEASURES,
    }
    for package, name in packages.items():
        for module in _modules(package):
            clock.count_module(module, name)
    clock.count_module(draw, FIGURES)
    plotly.io.to_json = clock.time_function(plotly.io.to_json, SERIALISING)
    for name in ("convert_arrow_table_to_arrow_bytes", "convert_pandas_df_to_arrow_bytes"):
        whole = clock.time_function(getattr(dataframe_util, name), SERIALISING)
        setattr(dataframe_util, name, whole)
    hashing = clock.time_function(script_run_context.populate_hash_if_needed, SERIALISING)
    script_run_context.populate_hash_if_needed = hashing  # type: ignore[attr-defined]
    starlette_websocket.serialize_forward_msg = _sent(starlette_websocket.serialize_forward_msg)  # type: ignore[attr-defined]


def _modules(package: str) -> list[Any]:
    found = importlib.import_module(package)
    names = [one.name for one in pkgutil.walk_packages(found.__path__, f"{package}.")]
    return [importlib.import_module(name) for name in names if name not in TOO_SMALL]


def _timed_run(run_script: Callable[..., Any]) -> Callable[..., Any]:
    def run(runner: Any, rerun_data: Any) -> Any:
        taken.running += 1
        try:
            with clock.time_run() as run:
                return run_script(runner, rerun_data)
        finally:
            with taken.lock:
                if not rerun_data.fragment_id_queue:
                    taken.runs.append(run)
            taken.running -= 1

    return run


def _asking(run: Callable[..., Any]) -> Callable[..., Any]:
    def asked(warehouse: Any, name: str, params: Any, viewer: Any) -> Any:
        with clock.part(QUERIES):
            return run(warehouse, name, params, viewer)

    return asked


def _fetching(fetch: Callable[..., Any]) -> Callable[..., Any]:
    def fetched(*given: Any, **named: Any) -> Any:
        timing = clock.current()
        if timing is not None:
            timing.fetched += 1
        return fetch(*given, **named)

    return fetched


def _sent(serialise: Callable[..., bytes]) -> Callable[..., bytes]:
    """Messages are made into bytes beside the run, by the thread that sends them."""

    def sent(message: Any) -> bytes:
        began = time.perf_counter()
        made = serialise(message)
        taken.sending += time.perf_counter() - began
        return made

    return sent


def forget() -> int:
    """Drop what is kept between visits, releases open excepted; how many caches there were."""
    from longevity.ui import chart_export, page_context

    kept = 0
    opened = (page_context._read_settings, page_context._open_warehouse)
    for name, module in list(sys.modules.items()):
        if not name.startswith("longevity."):
            continue
        for value in list(vars(module).values()):
            is_cache = callable(getattr(value, "clear", None)) and hasattr(value, "__wrapped__")
            if is_cache and value not in opened:
                value.clear()
                kept += 1
    chart_export._previews.clear()
    return kept


Told = Callable[[], Any]


def application() -> Callable[..., Awaitable[None]]:
    """The application with /bench before it."""
    from longevity.ui import server

    inner = server.build_application(server.ROOT / "app.py")
    listen()
    paths: dict[str, Told] = {
        "/bench/runs": taken.runs_told,
        "/bench/forget": lambda: {"caches": forget()},
    }

    async def outer(scope: Any, receive: Any, send: Any) -> None:
        told = paths.get(scope.get("path", ""))
        if scope["type"] != "http" or told is None:
            await inner(scope, receive, send)
            return
        while taken.running:  # the browser is told of the end a moment before the run is over
            await asyncio.sleep(0.001)
        body = json.dumps(told()).encode()
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return outer


def main() -> None:
    """Serve until stopped."""
    import uvicorn

    from longevity import logs

    logs.start_logging("longevity", "uvicorn")
    port = int(sys.argv[1])
    uvicorn.run(
        application(),
        host="127.0.0.1",
        port=port,
        log_config=None,
        log_level="warning",
        access_log=False,
    )


if __name__ == "__main__":
    main()
