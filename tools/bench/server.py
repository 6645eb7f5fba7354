"""The real application under a clock: `python -m tools.bench.server PORT`.

It is `streamlit.starlette.App` under uvicorn exactly as `longevity serve` has it; around
it stand timers (clock.py) and three paths below /bench:

    runs      what the runs since the last time took, and the memory of the process
    forget    drop every answer, figure and model that is kept, as after a publish
    profile   what the runs since the last time spent their time in, by function; starts anew
"""

from __future__ import annotations

import asyncio
import cProfile
import importlib
import io
import json
import pkgutil
import pstats
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from longevity.settings import ROOT
from tools.bench import clock
from tools.bench.clock import FIGURES, MEASURES, QUERIES, SERIALISING

TOP = 8
OURS = "longevity"
NOT_TOLD = ("app.py", "pages/", "longevity/ui/page_context.py", "longevity/ui/navigation.py")
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
        self.profile: cProfile.Profile | None = None

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
        profile = taken.profile
        try:
            with clock.time_run() as run:
                if profile is not None:
                    profile.enable()
                try:
                    return run_script(runner, rerun_data)
                finally:
                    if profile is not None:
                        profile.disable()
        finally:
            with taken.lock:
                if not rerun_data.fragment_id_queue:
                    taken.runs.append(run)
            taken.running -= 1

    return run


def _asking(run: Callable[..., Any]) -> Callable[..., Any]:
    def asked(warehouse: Any, name: str, params: Any, viewer: Any) -> Any:
        timing = clock.current()
        if timing is None:
            return run(warehouse, name, params, viewer)
        given = {
            key: None if value is None else str(value) for key, value in (params or {}).items()
        }
        timing.asked.append((name, given, str(viewer)))
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


def read_profile() -> dict[str, Any]:
    """Return where the runs since the last reading spent their time; then profile on.

    `packages` are shares of the time by whose code it is, each function's own time only;
    `functions` are ours with the largest shares, all they call included.
    """
    profile, taken.profile = taken.profile, cProfile.Profile()
    try:
        found = pstats.Stats(profile, stream=io.StringIO()) if profile else None
    except TypeError:  # nothing ran
        found = None
    entries = found.stats if found else {}  # type: ignore[attr-defined]  # typeshed leaves it out
    packages: dict[str, float] = defaultdict(float)
    ours: dict[str, float] = {}
    for (file, line, name), (_, _, own, whole, _) in entries.items():
        package, place = _where(file)
        packages[package] += own
        if package == OURS and name != "<module>" and not place.startswith(NOT_TOLD):
            ours[f"{place}:{line} {name}"] = whole
    total = sum(packages.values()) or 1.0
    return {"packages": _shares(packages, total), "functions": _shares(ours, total)}


def _shares(spent: dict[str, float], total: float) -> list[tuple[str, float]]:
    heaviest = sorted(spent.items(), key=lambda one: -one[1])[:TOP]
    return [(name, seconds / total) for name, seconds in heaviest]


def _where(file: str) -> tuple[str, str]:
    """Whose code a file is, and its place there."""
    if "/site-packages/" in file:
        place = file.rsplit("/site-packages/", 1)[1]
        return place.split("/", 1)[0].removesuffix(".py"), place
    if file.startswith(str(ROOT)):
        place = file.removeprefix(f"{ROOT}/")
        return ("the clock" if place.startswith("tools/") else OURS), place
    return ("compiled code" if file == "~" else "Python"), file


Told = Callable[[], Any]


def application() -> Callable[..., Awaitable[None]]:
    """The application with /bench before it."""
    from longevity.ui import server

    inner = server.build_application(server.ROOT / "app.py")
    listen()
    paths: dict[str, Told] = {
        "/bench/runs": taken.runs_told,
        "/bench/forget": lambda: {"caches": forget()},
        "/bench/profile": read_profile,
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
