"""A cache of files drawn and signed for the public, next to the release they were made from.

Only charts as the public first sees them are kept, with no other choices. The cache's folder is
named by a hash of everything a file depends on: the release's manifest, the settings, published
facts, the code. So when one of them changes, as by a withdrawal, no old file is handed out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import metadata

from longevity.base.errors import AccessError
from longevity.base.files import atomic_write
from longevity.charts.chart import FINDING, Chart
from longevity.release import certificates, manifest
from longevity.release.store import Store
from longevity.screens.chart_catalogue import chart_list
from longevity.settings import ROOT, Settings

CODE = (".py", ".sql", ".toml", ".typ", ".svg", ".html", ".xml", ".css", ".js")


def require_public(chart: Chart) -> None:
    """Raise AccessError unless all the chart's answers were asked for as the public."""
    chart_list.find_entry(chart.name).require_public_form()
    for answer in chart.answers:
        about = answer.provenance
        if about.viewer != "public" or about.not_for_release:
            raise AccessError(
                f"'{chart.name}' was computed for '{about.viewer}'.",
                "What leaves the building is computed as public.",
            )


def identify(settings: Settings, release_id: str) -> str:
    """Return a hash of everything that the public's files of a release depend on."""
    about = Store(settings.home).releases / release_id / manifest.NAME
    logo = [settings.branding.logo] if settings.branding.logo else []
    # Facts that others published are read where they are, and are in no release.
    read = [about, *logo, *sorted(settings.reference.rglob("*"))]
    contents = [path.read_bytes() for path in read if path.is_file()]
    parts = (_describe_program(), certificates.write_known(settings), settings, contents)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def keep(
    chart: Chart,
    settings: Settings,
    name: str,
    make: Callable[[], bytes],
    title: str = FINDING,
) -> bytes:
    """Return a chart's file from the cache, or make it and keep it. `name`: "signed.png".

    A chart that is not public, or has other choices or a `title` of another kind than it opens on,
    is made each time.
    """
    try:
        require_public(chart)
    except AccessError:
        return make()
    if chart.changes or title != FINDING:
        return make()
    return keep_file(settings, chart.about.release_id, f"{chart.name}-{name}", make)


def keep_file(settings: Settings, release_id: str, name: str, make: Callable[[], bytes]) -> bytes:
    """Return a file from a release's cache, or make it and keep it.

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
    """Delete from a release's cache what was made before something it depends on changed."""
    Store(settings.home).drop_pictures(release_id, {identify(settings, release_id)})


@cache
def _describe_program() -> tuple[str, str]:
    """Return plotly's version and a hash of all our code, for `identify`."""
    files = (path for folder in ("longevity", "queries") for path in (ROOT / folder).rglob("*.*"))
    code = [path.read_bytes() for path in sorted(files) if path.suffix in CODE]
    return metadata.version("plotly"), hashlib.sha256(b"".join(code)).hexdigest()
