"""Make the edition in a folder of its own, then put it in the place of the last one in one step.

The address of an edition is a symbolic link. A new one is made next to the folder it leads to and
the link is moved: whoever reads meanwhile has the old edition or the new one, whole.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import Any

from longevity.auth.viewers import PUBLIC
from longevity.edition import pages
from longevity.edition.site import Site, write_json
from longevity.errors import DataError, UsageError, describe_error, suggest_remedy
from longevity.language import ENGLISH, LANGUAGES, speaking
from longevity.progress import Progress
from longevity.release.store import Store
from longevity.screens.context import ReportContext
from longevity.settings import Settings
from longevity.warehouse.warehouse import Warehouse

STAMP = "release.json"  # of which release an edition is, and where it was to be


def build_edition(
    settings: Settings, today: date, out: Path, base_url: str, progress: Progress
) -> int:
    """Write the edition of the release that is served; return how many pages it has.

    `base_url`: where the edition will be; "" for where the last one was.

    Raises:
        UsageError: `out` is a folder or file that is no edition.
        DataError: it cannot be written, or there is no release.
        NoBrowserError: no Chromium starts, and there are no pictures without one.
    """
    if out.exists() and not out.is_symlink():
        raise UsageError(
            f"{out} is there and is no edition.",
            "Name a path that does not exist: it becomes a link to the newest edition.",
        )
    base_url = base_url or str(_read_stamp(out).get("at", ""))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        try:
            count = _write_edition(settings, today, folder, base_url, progress)
            _make_readable(folder)
            link = folder.with_name(f"{folder.name}.link")
            link.symlink_to(folder.name)
            link.replace(out)
        finally:
            _remove_others(out)
    except OSError as error:
        raise DataError(
            f"The edition cannot be written to {out}: {describe_error(error)}.",
            f"The last edition is as it was. {suggest_remedy(error)}".rstrip(),
        ) from error
    return count


def _write_edition(
    settings: Settings, today: date, folder: Path, base_url: str, progress: Progress
) -> int:
    """Write the pages in every language; return how many there are."""
    release = Store(settings.home).current()
    progress(f"Writing the edition of {release.id}.")
    addresses: list[str] = []
    press_files: dict[str, list[str]] = {}
    with closing(Warehouse(release, settings)) as warehouse:
        for language in LANGUAGES:
            with speaking(language):
                # What was said so far is in another language: it is asked and said anew.
                context = ReportContext(settings, PUBLIC, warehouse, today)
                site = Site(context, folder, base_url, language, press_files=press_files)
                try:
                    pages.write_pages(site)
                except LookupError as error:  # never a page of two languages
                    if language == ENGLISH:  # which lacks no words
                        raise
                    raise DataError(
                        f"The edition cannot be written in {language}: {error}.",
                        "The last edition is as it was. Add the words to longevity/locales.",
                    ) from error
                addresses += [f"{site.prefix}{address}" for address in site.pages]
        site = Site(context, folder, base_url)
        site.copy_assets()
        pages.write_sitemap(site, addresses)
        about = {"release": release.id, "at": base_url, "pages": len(addresses)}
        site.write_file(STAMP, write_json(about))
    return len(addresses)


def _read_stamp(out: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        stamp: dict[str, Any] = json.loads((out / STAMP).read_text("utf-8"))
        return stamp
    return {}


def _remove_others(out: Path) -> None:
    """Remove all but the edition that an address leads to: older ones, and what failed."""
    for path in out.parent.glob(f".{out.name}-*"):
        if path.is_symlink():
            path.unlink()
        elif path.resolve() != out.resolve():
            shutil.rmtree(path, ignore_errors=True)


def _make_readable(folder: Path) -> None:
    """Let a web server read what a private umask may have kept from it."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
