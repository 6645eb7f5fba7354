"""Writes the edition, a website of files, and puts it in the place of the last one in one step.

The address of an edition is a symbolic link. A new one is made next to the folder it leads to and
the link is moved: a reader meanwhile has the old edition or the new one, whole.
"""

from __future__ import annotations

import fcntl
import glob
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from longevity.auth.viewers import PUBLIC
from longevity.base.errors import DataError, UsageError, describe_error, suggest_remedy
from longevity.base.files import atomic_write
from longevity.base.progress import Progress
from longevity.edition import pages, public_data
from longevity.edition.site import Site, write_json
from longevity.outputs.bundle import kept
from longevity.release import signing
from longevity.release.store import Release, Store
from longevity.screens.context import ReportContext
from longevity.screens.sources import DataSources
from longevity.settings import Settings
from longevity.warehouse.warehouse import Warehouse
from longevity.words.language import ENGLISH, LANGUAGES, speaking

STAMP = "release.json"  # an edition's release, who drew it, and a hash of all that went into it
# What is to stand at the address: in the folder of an edition until it is whole, as a mark of it.
LINK = ".link"
EDITIONS = "editions.json"  # in LONGEVITY_HOME: the folders of the editions
OLDER = "r"  # the folder with the pages of older releases
Stamp = Mapping[str, Any]


def build_edition(
    settings: Settings,
    today: date,
    out: Path,
    base_url: str,
    progress: Progress,
) -> int:
    """Write the edition of the release that is served; return how many pages it has.

    Releases that were in the last edition are kept under `r/` while the home keeps them: as they
    were, or made anew where a person was purged from one or a table of it withdrawn. `base_url`:
    where the edition will be; "" for where the last one was.

    Raises:
        UsageError: `out` is a folder or file that is no edition.
        DataError: it cannot be written, another is being written, or there is no release; or
            another secret drew the last edition.
        NoBrowserError: no Chromium starts, and there are no pictures without one.
    """
    _find_old(out)  # what stands there is refused first, whether or not there is a release
    store = Store(settings.home)
    release = store.current()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with _hold_lock(out):
            old = _find_old(out)
            stamp = _read_stamp(old)
            base_url = base_url or str(stamp.get("at", ""))
            signing.refuse_another(str(out), stamp.get("drawn_by", ""), release.drawn_by)
            write = partial(_write_release, settings, today, base_url, progress)
            folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
            (folder / LINK).symlink_to(folder.name)
            count = write(release, folder, old)
            for name, was in _list_older(old, store, release.id).items():
                part = folder / OLDER / name
                try:
                    write(store.open(name), part, was)
                except DataError as error:  # one that is damaged is not shown, nor a half of it
                    progress(f"{name} is left out. {error}")
                    shutil.rmtree(part, ignore_errors=True)
            _make_readable(folder)
            (folder / LINK).replace(out)  # in one step
        _remember(settings.home, out.absolute())
    except OSError as error:
        raise DataError(
            f"The edition cannot be written to {out}: {describe_error(error)}.",
            f"The last edition is as it was. {suggest_remedy(error)}".rstrip(),
        ) from error
    return count


@contextmanager
def _hold_lock(out: Path) -> Iterator[None]:
    """Let one build at a time write to an address; at its end remove what else it left there.

    That is an older edition, or a half-made one; a folder of somebody else's with such a name
    stays. A build that is killed loses the lock by itself.
    """
    with (out.parent / f".{out.name}.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DataError(
                f"Another edition is being written to {out}.", "Wait for it to end."
            ) from error
        try:
            yield
        finally:
            for left in out.parent.glob(f".{glob.escape(out.name)}-*"):
                is_edition = (left / STAMP).exists() or (left / LINK).is_symlink()
                if is_edition and left.resolve() != out.resolve():
                    _remove(left)


def _remove(folder: Path) -> None:
    """Remove an edition; what marks it as one goes last, so that the next build ends a killed one.

    What cannot be removed stays until then.
    """
    with suppress(OSError):
        for path in folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name not in (STAMP, LINK):
                path.unlink()
        shutil.rmtree(folder)


def list_editions(home: Path) -> list[Path]:
    """Return where editions of a home's releases were written, if they are still there."""
    return [Path(out) for out in _read_json(home / EDITIONS) or () if Path(out).is_symlink()]


def _remember(home: Path, out: Path) -> None:
    """Note in the home where an edition is, for commands that have to say that it is outdated."""
    known = sorted({str(out), *map(str, list_editions(home))})
    with atomic_write(home / EDITIONS) as draft:
        draft.write_text(write_json(known), encoding="utf-8")


def _find_old(out: Path) -> Path:
    """Return the folder of the last edition at this address, which may not be there yet.

    UsageError where something else is there, which must not be replaced.
    """
    if out.exists() and not out.is_symlink():
        raise UsageError(
            f"{out} is there and is no edition.",
            "Name a path that does not exist: it becomes a link to the newest edition.",
        )
    return out.resolve()


def _write_release(
    settings: Settings,
    today: date,
    base_url: str,
    progress: Progress,
    release: Release,
    folder: Path,
    old: Path,
) -> int:
    """Write a release's pages into `folder`; return how many there are.

    Where nothing has changed that goes into them, the files of `old`, the last edition, are taken.
    """
    with closing(Warehouse(release, settings)) as warehouse:
        context = ReportContext(settings, PUBLIC, warehouse, today)
        of = kept.identify(settings, release.id)  # a hash of all that the pages are made from
        site = Site(context, folder, base_url)
        stamp = {
            "release": release.id,
            "drawn_by": release.drawn_by,
            "of": of,
            "at": base_url,
            # Made again on a day on which the data have grown old, its pages say so.
            "is_old": site.dated.get("is_old", False),
        }
        was = _read_stamp(old)
        if {key: was.get(key) for key in stamp} == stamp:
            _link(old, folder)
            return int(was["pages"])
        progress(f"Writing the edition of {release.id}.")
        site.copy_assets()
        addresses: list[str] = []
        for language in LANGUAGES:
            with speaking(language):
                # What was said so far is in another language: it is asked and said anew.
                context = ReportContext(settings, PUBLIC, warehouse, today)
                own = Site(context, folder, base_url, language, press_files=site.press_files)
                try:
                    _write_language(own, old, Store(settings.home))
                except LookupError as error:  # never a page of two languages
                    if language == ENGLISH:  # which lacks no words
                        raise
                    raise DataError(
                        f"The edition cannot be written in {language}: {error}.",
                        "The last edition is as it was. Add the words to longevity/words/locales.",
                    ) from error
                addresses += [f"{own.prefix}{address}" for address in own.pages]
        if base_url:
            site.write_file("sitemap.xml", site.render("sitemap.xml", pages=addresses))
        site.write_file(STAMP, write_json(stamp | {"pages": len(addresses)}))
        return len(addresses)


def _write_language(site: Site, old: Path, store: Store) -> None:
    """Write the pages of one language, its data, its search, and its feed of changes."""
    pages.write_pages(site)
    public_data.write_data(site)
    release_id = site.context.warehouse.release.id
    changes = [_describe_change(site), *_read_changes(old / site.prefix, release_id, store)]
    site.write_file("changes.json", write_json(changes))
    pages.write_index(site, changes)


def _describe_change(site: Site) -> dict[str, Any]:
    """Return what the feed says of this release: what it holds, and what changed with it."""
    context = site.context
    sources = DataSources(context)
    said = sources.changed or [sources.say_unchanged()]
    # The release keeps the sentences on changes in English: in another language only how many there
    # are is said.
    if sources.changed and site.language != ENGLISH:
        said = [sources.answer_changes()]
    return {
        "release": context.warehouse.release.id,
        "published_on": site.published_at,
        "sentences": [sources.answer_data(), *said],
    }


def _read_changes(old: Path, release_id: str, store: Store) -> list[dict[str, Any]]:
    """Return what the last edition's feed said of other releases that are still kept."""
    names = {*store.list_ids()} - {release_id}
    return [entry for entry in _read_json(old / "changes.json") or () if entry["release"] in names]


def _read_stamp(folder: Path) -> Stamp:
    return _read_json(folder / STAMP) or {}


def _read_json(path: Path) -> Any:
    """Return what a file of JSON says; None where none can be read."""
    with suppress(OSError, ValueError):
        return json.loads(path.read_text("utf-8"))
    return None


def _list_older(old: Path, store: Store, newest: str) -> dict[str, Path]:
    """Return the other releases the last edition has, if still kept, and the folder of each."""
    folders = {folder.name: folder for folder in (old / OLDER).glob("*")}
    folders[_read_stamp(old).get("release", "")] = old
    names = {*folders} & {*store.list_ids()} - {newest}
    return {name: folders[name] for name in sorted(names)}


def _link(old: Path, folder: Path) -> None:
    """Give the new edition the files of the old one, which are never changed."""
    leave_out = shutil.ignore_patterns(OLDER)
    shutil.copytree(old, folder, copy_function=os.link, ignore=leave_out, dirs_exist_ok=True)


def _make_readable(folder: Path) -> None:
    """Let a web server read every file, as a private umask may have kept them from it."""
    for path in (folder, *folder.rglob("[!.]*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
