"""What is drawn and signed of a public chart as it opens is kept, under its release.

Each chart is kept under a hash of all that goes into its files: of other figures, as after a
withdrawn table, or under another look, it is another. What a file was is in a list beside it,
and one that was changed on the disk is not handed out. Nothing else is ever kept.
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

from longevity.errors import AccessError
from longevity.files import atomic_write
from longevity.outputs.bundle import bundle_rows
from longevity.release import certificates, manifest
from longevity.release.store import Store
from longevity.screens.chart_catalogue.definition import Drawn
from longevity.settings import Settings

LIST = "sha256.json"
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
    chart, logo = drawn.chart, settings.branding.logo
    release = Store(settings.home).releases / drawn.about.release_id / manifest.NAME
    parts = (
        _describe_painter(),
        # A purge and a withdrawn table change it.
        release.read_bytes() if release.is_file() else b"",
        certificates.write_known(settings),
        settings,
        logo.read_bytes() if logo else b"",
        (drawn.entry.name, sorted(drawn.values.items())),
        drawn.about,
        (chart.title, chart.subtitle, chart.alt, sorted(chart.titles.items())),
        bundle_rows.write_figures(chart.table),
        chart.figure,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def keep(drawn: Drawn, settings: Settings, name: str, make: Callable[[], bytes]) -> bytes:
    """Return the file of a chart that is kept under `name`; what is not yet is made, and kept.

    Of a chart that is not the public's, or with other choices than it opens on, nothing is kept.
    """
    try:
        require_public(drawn)
    except AccessError:
        return make()
    store, release_id = Store(settings.home), drawn.about.release_id
    if drawn.changes or not (store.releases / release_id).is_dir():
        return make()
    folder = store.find_pictures(release_id) / identify(drawn, settings)
    with suppress(OSError):
        data = (folder / name).read_bytes()
        if _read_list(folder).get(name) == hashlib.sha256(data).hexdigest():
            return data
    data = make()
    with suppress(OSError):  # where nothing can be written, all is drawn when it is asked for
        _write(folder, name, data)
    return data


def drop_others(drawn: Collection[Drawn], settings: Settings) -> None:
    """Drop what is kept of a release beside these charts, as of another look."""
    kept = {identify(each, settings) for each in drawn}
    for release_id in {each.about.release_id for each in drawn}:
        Store(settings.home).drop_pictures(release_id, kept)


@cache
def _describe_painter() -> tuple[str, str]:
    """Return what draws: after another version of it nothing that is kept is handed out."""
    code = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
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
