"""The parts of a folder of extracts: a part is what one source brought.

`DIR/parts/<mapping>/<part>/` has the extracts of one import, with the numbers of the source's rows,
and `part.json`, what is known of it. `DIR/<extract>.parquet` are all parts together without these
numbers, so that no release has them. Importing a source again replaces its part. Everything is
written to `DIR/.staging` first and then renamed; a crash among the renames is seen by `is_cut_off`.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

import duckdb
from pydantic import ValidationError

from longevity.base.errors import DataError, UsageError
from longevity.base.scratch import parquet_sql, quote_text
from longevity.ingest import extracts_file
from longevity.ingest.contract import BY_NAME, Extract
from longevity.ingest.importing import statements
from longevity.ingest.importing.part import Part
from longevity.settings import Settings

FOLDER = "parts"
STAGING = ".staging"
REPLACED = "replaced"
ABOUT = "part.json"
QUARANTINE = "quarantine"


def slugify(stem: str) -> str:
    """Return a file's stem as a folder name; distinct stems stay distinct."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", stem).lstrip(".")[:80]
    if plain == stem:
        return plain
    return f"{plain or 'part'}-{hashlib.sha256(stem.encode('utf-8', 'replace')).hexdigest()[:8]}"


@contextlib.contextmanager
def open_folder(out: Path) -> Iterator[None]:
    """Make and lock the folder, with a staging folder in it; clear what a crash left there.

    What says that an import was cut off stays until one has ended. UsageError when the folder
    cannot be written, or another import has it.
    """
    aside = out / STAGING
    with contextlib.ExitStack() as stack:
        try:
            out.mkdir(parents=True, exist_ok=True)
            handle = os.open(out, os.O_RDONLY)
            stack.callback(os.close, handle)  # and with it the lock
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _recover_part(out)
            aside.mkdir(exist_ok=True)
            for path in aside.iterdir():
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                elif path.name != extracts_file.NAME:
                    path.unlink()
        except FileExistsError as error:
            raise UsageError(f"{out} is a file.", "Give a folder.") from error
        except BlockingIOError as error:
            raise UsageError(
                f"Another import into {out} is running.", "Wait until it has ended."
            ) from error
        except OSError as error:
            raise UsageError(
                f"{out} cannot be written: {error.strerror}.", "Give another --out."
            ) from error
        try:
            yield
        finally:
            if not is_cut_off(out):
                shutil.rmtree(aside, ignore_errors=True)
            with contextlib.suppress(OSError):
                out.rmdir()  # where nothing came of the import


def _recover_part(out: Path) -> None:
    """Put back the old part where a crash came between the two renames that replace it."""
    replaced = out / STAGING / REPLACED
    if (replaced / ABOUT).exists():
        place = out / FOLDER / _read_about(replaced / ABOUT).name
        if not place.exists():
            replaced.rename(place)


def is_cut_off(out: Path) -> bool:
    """Say whether a crash came among the renames, of which that of `extracts.toml` is the last."""
    return (out / STAGING / extracts_file.NAME).exists()


def _read_about(path: Path) -> Part:
    """Read a `part.json`; DataError where it is damaged."""
    try:
        return Part.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise DataError(
            f"{path} cannot be read.", "Remove its folder and import that source again."
        ) from error


def read_parts(out: Path) -> list[Part]:
    """Return the parts already there, by name; DataError when one cannot be read."""
    found = map(_read_about, (out / FOLDER).glob(f"*/*/{ABOUT}"))
    return sorted(found, key=attrgetter("name"))


def refuse_foreign(out: Path, settings: Settings, parts: list[Part], extracts: list[str]) -> None:
    """Refuse to overwrite what no import made: synthetic extracts, files put there by hand.

    `parts`: those in the folder; `extracts`: the names of those to be written.
    """
    if extracts_file.read_extracts_file(out, settings).kind != "real":
        raise UsageError(f"{out} holds synthetic extracts.", "Import into a folder of its own.")
    of_imports = {name for part in parts for name in part.rows}
    for name in extracts:
        if name not in of_imports and (out / f"{name}.parquet").exists():
            raise UsageError(
                f"{out / name}.parquet was not made by an import and would be lost.",
                "Import into a folder of its own, or move the file away.",
            )


def select_parts(
    connection: duckdb.DuckDBPyConnection, folders: dict[str, Path], extract: str
) -> str | None:
    """Return SQL for the rows of an extract in all parts, with a column `_part`, the part's name.

    `folders`: the parts' folders by name. None where no part has the extract. Columns that the
    contract got after a part was imported are empty.
    """
    selected = []
    for name, folder in folders.items():
        path = folder / f"{extract}.parquet"
        if not path.exists():
            continue
        query = f"SELECT *, {quote_text(name)} AS _part FROM {parquet_sql(path)}"
        try:
            connection.execute(query).fetchone()
        except duckdb.Error as error:
            raise DataError(
                f"{path} is damaged.", "Remove its folder and import that source again."
            ) from error
        selected.append(query)
    return " UNION ALL BY NAME ".join(selected) or None


def store_part(
    connection: duckdb.DuckDBPyConnection, out: Path, part: Part, settings: Settings
) -> list[str]:
    """Put a part in its place, and write the extracts of all parts together anew, by renames.

    `connection` has the part's rows in a table for each extract; its refused rows are in the
    staging folder already. A part without any row leaves the extracts as they were. Returns what
    stays in `extracts.toml` as it was written by hand.
    """
    aside = out / STAGING
    if not part.rows:
        _place_quarantine(out, part)
        return []
    fresh = aside / "part"
    fresh.mkdir()
    columns = {name: ", ".join(BY_NAME[name].schema.names) for name in BY_NAME}
    # The part's own files.
    for name in part.rows:
        brought = f"SELECT {columns[name]}, row FROM {name} ORDER BY {name}.row, rowid"
        _write_parquet(connection, brought, fresh / f"{name}.parquet")
    (fresh / ABOUT).write_text(part.model_dump_json(indent=1) + "\n", encoding="utf-8")
    # The extracts of all parts together, with this one.
    there = {p.name: p for p in read_parts(out)}
    before = {name for p in there.values() for name in p.rows}
    together = dict(sorted((there | {part.name: part}).items()))
    kept = {name: out / FOLDER / name for name in there}
    folders = kept | {part.name: fresh}
    for name in BY_NAME:
        if query := select_parts(connection, folders, name):
            whole = f"SELECT {columns[name]} FROM ({query})"
            _write_parquet(connection, whole, aside / f"{name}.parquet")
    current = extracts_file.read_extracts_file(out, settings)
    previous = statements.merge_parts([*there.values()], _find_first_days(connection, kept, out))
    firsts = _find_first_days(connection, folders, aside)
    by_hand = statements.update_extracts_file(
        current, previous, statements.merge_parts([*together.values()], firsts)
    )
    extracts_file.write_extracts_file(fresh, current)
    place = out / FOLDER / part.name
    place.parent.mkdir(parents=True, exist_ok=True)
    # All that takes room on the disk is done: from here on it is renames, and `is_cut_off` says so.
    (fresh / extracts_file.NAME).rename(aside / extracts_file.NAME)
    _place_quarantine(out, part)
    if place.exists():
        place.rename(aside / REPLACED)
    fresh.rename(place)
    for name in before:
        if not (aside / f"{name}.parquet").exists():
            (out / f"{name}.parquet").unlink(missing_ok=True)
    for path in [*sorted(aside.glob("*.parquet")), aside / extracts_file.NAME]:
        path.replace(out / path.name)
    return by_hand


def _find_first_days(
    connection: duckdb.DuckDBPyConnection, folders: dict[str, Path], whole: Path
) -> statements.FirstDays:
    """Return by extract, part and city the day of the first row, as far as rows have one.

    Rows without a day of their own (victims, invitations) have that of what they refer to, in the
    extracts of all parts, which are in the folder `whole`.
    """
    result: statements.FirstDays = {}
    for name, extract in BY_NAME.items():
        query = select_parts(connection, folders, name)
        day, joined = f"rows.{extract.event}", ""
        if not extract.event:
            column, other, key = _find_dated_parent(extract)
            path = whole / f"{other}.parquet"
            if not path.exists():
                continue
            day = f"other.{BY_NAME[other].event}"
            joined = f"JOIN {parquet_sql(path)} AS other ON other.{key} = rows.{column}"
        if query:
            found = connection.execute(
                f"SELECT rows._part, rows.city, CAST(min({day}) AS DATE) AS day "
                f"FROM ({query}) AS rows {joined} GROUP BY ALL HAVING day IS NOT NULL ORDER BY ALL"
            )
            for part, city, first in found.fetchall():
                result.setdefault(name, {}).setdefault(part, {})[city] = first
    return result


def _find_dated_parent(extract: Extract) -> tuple[str, str, str]:
    """Return the column that refers to an extract with days, that extract and its key; else ""."""
    for column in extract.columns:
        if column.parent and BY_NAME[column.parent[0]].event:
            return (column.name, *column.parent)
    return "", "", ""


def _write_parquet(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(f"COPY ({query}) TO {quote_text(str(path))} (FORMAT parquet)")


def find_quarantine(out: Path, part: Part) -> Path:
    """Return where the refused rows of a part are."""
    return out / QUARANTINE / f"{part.name}.jsonl"


def _place_quarantine(out: Path, part: Part) -> None:
    """Move a part's refused rows from the staging folder to their place, over those of before."""
    place = find_quarantine(out, part)
    if part.quarantined:
        place.parent.mkdir(parents=True, exist_ok=True)
        (out / STAGING / QUARANTINE).replace(place)
    else:
        place.unlink(missing_ok=True)
