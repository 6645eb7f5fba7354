"""What is drawn and signed for the public of what opens first is kept, under its release.

Each chart, and the briefing, is kept under a hash of all that goes into its files: of other
figures, as after a withdrawn table, or under another look, it is another. What a file was is in a
list beside it, and one that was changed on the disk is not handed out. Nothing else is ever kept.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from longevity.errors import AccessError
from longevity.files import atomic_write
from longevity.outputs.bundle import bundle_rows
from longevity.release import certificates, manifest
from longevity.release.store import Store
from longevity.screens.chart_catalogue.definition import Drawn
from longevity.screens.context import ReportContext
from longevity.settings import ROOT, Settings

LIST = "sha256.json"
CODE = (".py", ".sql", ".toml", ".typ", ".html", ".xml", ".css", ".js")
_lock = threading.Lock()


def require_public(drawn: Drawn) -> None:
    """Raise AccessError unless anybody may see every answer the chart rests on."""
    drawn.entry.require_public_form()
    for answer in drawn.answers:
        about = answer.provenance
        if about.viewer != "public" or about.not_for_release:
            raise AccessError(
                f"'{drawn.entry.name}' was computed for '{about.viewer}'.",
                "What leaves the building is computed as public.",
            )


def identify(drawn: Drawn, settings: Settings) -> str:
    """Return a hash of all that goes into the files of a chart, but for another title."""
    chart = drawn.chart
    return _hash(
        *_describe_look(settings, drawn.about.release_id),
        (drawn.entry.name, sorted(drawn.values.items())),
        drawn.about,
        (chart.title, chart.subtitle, chart.alt, sorted(chart.titles.items())),
        bundle_rows.write_figures(chart.table),
        chart.figure,
    )


def identify_documents(context: ReportContext) -> str:
    """Return a hash of all that goes into the public's documents of a release, as they open."""
    settings, release_id = context.settings, context.warehouse.release.id
    # Facts that others published are read where they are, and are in no release.
    facts = [path for path in sorted(settings.reference.rglob("*")) if path.is_file()]
    return _hash(
        *_describe_look(settings, release_id),
        context.find_last_day(),
        *(path.read_bytes() for path in facts),
    )


def _describe_look(settings: Settings, release_id: str) -> tuple[Any, ...]:
    """Return what goes into every file of a release."""
    about = Store(settings.home).releases / release_id / manifest.NAME
    logo = settings.branding.logo
    return (
        _describe_painter(),
        # A purge and a withdrawn table change it.
        about.read_bytes() if about.is_file() else b"",
        certificates.write_known(settings),
        settings,
        logo.read_bytes() if logo else b"",
    )


def _hash(*parts: Any) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def keep(drawn: Drawn, settings: Settings, name: str, make: Callable[[], bytes]) -> bytes:
    """Return the file of a chart that is kept under `name`; what is not yet is made, and kept.

    Of a chart that is not the public's, or with other choices than it opens on, nothing is kept.
    """
    try:
        require_public(drawn)
    except AccessError:
        return make()
    if drawn.changes:
        return make()
    return keep_file(settings, drawn.about.release_id, identify(drawn, settings), name, make)


def keep_file(
    settings: Settings, release_id: str, key: str, name: str, make: Callable[[], bytes]
) -> bytes:
    """Return the file that a release keeps under a key and a name, or make it and keep it.

    Where nothing can be written, or the release is gone, it is made each time.
    """
    store = Store(settings.home)
    if not (store.releases / release_id).is_dir():
        return make()
    folder = store.find_pictures(release_id) / key
    with suppress(OSError):
        data = (folder / name).read_bytes()
        if _read_list(folder).get(name) == hashlib.sha256(data).hexdigest():
            return data
    data = make()
    with suppress(OSError):
        _write(folder, name, data)
    return data


def drop_others(context: ReportContext, drawn: Collection[Drawn]) -> None:
    """Drop what is kept of a release besides these charts and its documents, as of another look."""
    kept = {identify(chart, context.settings) for chart in drawn} | {identify_documents(context)}
    Store(context.settings.home).drop_pictures(context.warehouse.release.id, kept)


@cache
def _describe_painter() -> tuple[str, str]:
    """Return what draws: after another version of it nothing that is kept is handed out.

    A document has no figures in its key, so all that computes them is in here.
    """
    files = (path for folder in ("longevity", "queries") for path in (ROOT / folder).rglob("*.*"))
    code = [path.read_bytes() for path in sorted(files) if path.suffix in CODE]
    return metadata.version("plotly"), hashlib.sha256(b"".join(code)).hexdigest()


def _read_list(folder: Path) -> dict[str, str]:
    """Read the hashes of what is kept; none where there is no list, or one that was damaged."""
    try:
        content = json.loads((folder / LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write(folder: Path, name: str, data: bytes) -> None:
    """Write a file, then its hash: without that it is not read."""
    with _lock:
        folder.mkdir(parents=True, exist_ok=True)
        with atomic_write(folder / name) as draft:
            draft.write_bytes(data)
        listed = _read_list(folder) | {name: hashlib.sha256(data).hexdigest()}
        with atomic_write(folder / LIST) as draft:
            draft.write_text(json.dumps(listed, indent=1, sort_keys=True), encoding="utf-8")
