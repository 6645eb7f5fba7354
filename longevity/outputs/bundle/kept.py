"""What is drawn and signed for the public of what opens first is kept, next to its release.

All of it is under one hash of what goes into any of it: the release's manifest, which a purge and a
withdrawn table change, the settings, what others published, and the program. So after another look
or a withdrawal nothing of before is handed out. Nothing else is ever kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import metadata

from longevity.errors import AccessError
from longevity.files import atomic_write
from longevity.release import certificates, manifest
from longevity.release.store import Store
from longevity.screens.chart_catalogue.definition import Drawn
from longevity.settings import ROOT, Settings

CODE = (".py", ".sql", ".toml", ".typ", ".svg", ".html", ".xml", ".css", ".js")


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


def identify(settings: Settings, release_id: str) -> str:
    """Return a hash of all that goes into the public's files of a release, as they open."""
    about = Store(settings.home).releases / release_id / manifest.NAME
    logo = [settings.branding.logo] if settings.branding.logo else []
    # Facts that others published are read where they are, and are in no release.
    read = [about, *logo, *sorted(settings.reference.rglob("*"))]
    contents = [path.read_bytes() for path in read if path.is_file()]
    parts = (_describe_program(), certificates.write_known(settings), settings, contents)
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
    return keep_file(settings, drawn.about.release_id, f"{drawn.entry.name}-{name}", make)


def keep_file(settings: Settings, release_id: str, name: str, make: Callable[[], bytes]) -> bytes:
    """Return the file that a release keeps under a name, or make it and keep it.

    Where nothing can be written, or the release is gone, it is made each time.
    """
    store = Store(settings.home)
    if not (store.releases / release_id).is_dir():
        return make()
    path = store.find_pictures(release_id) / identify(settings, release_id) / name
    with suppress(OSError):
        return path.read_bytes()
    data = make()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as draft:
            draft.write_bytes(data)
    return data


def drop_others(settings: Settings, release_id: str) -> None:
    """Drop what is kept of a release as it was before, or under another look."""
    Store(settings.home).drop_pictures(release_id, {identify(settings, release_id)})


@cache
def _describe_program() -> tuple[str, str]:
    """Return what draws: after another version of it nothing that is kept is handed out."""
    files = (path for folder in ("longevity", "queries") for path in (ROOT / folder).rglob("*.*"))
    code = [path.read_bytes() for path in sorted(files) if path.suffix in CODE]
    return metadata.version("plotly"), hashlib.sha256(b"".join(code)).hexdigest()
