"""The parts of a folder of extracts: a part is what one source brought.

`DIR/parts/<mapping>/<part>/` has the extracts of one import, with the numbers of the source's rows,
and `part.json`, what is known of it. `DIR/<extract>.parquet` are all parts together without these
numbers, so that no release has them. Importing a source again replaces its part. Everything is
written to `DIR/.staging` first and then renamed, so that a crash leaves no half import.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any

import duckdb
from pydantic import BaseModel, ValidationError

from longevity import windows
from longevity.errors import DataError, UsageError
from longevity.ingest import extracts_file, victim_coverage
from longevity.ingest.contract import BY_NAME
from longevity.scratch import parquet_sql, quote_text
from longevity.settings import Settings

FOLDER = "parts"
STAGING = ".staging"
REPLACED = "replaced"
ABOUT = "part.json"
QUARANTINE = "quarantine"


class Doubt(BaseModel):
    """What looks wrong with a source, which only its import can see (`doubts.py`).

    `do`: what to do about it; `rows`: some of the source's rows, "rows 3, 9", for the person who
    runs the import; in no release.
    """

    rule: str
    extract: str
    count: int
    sentence: str
    do: str
    rows: str = ""


class Part(BaseModel):
    """A part of a folder of extracts: what one import brought, as in its `part.json`.

    `primary`: the extract of which each source row is a row; `rows`: their number by extract;
    `data_through`, `data_from`: the days the source is complete to and from, by city;
    `first_event`: the day of the first row, by city.
    """

    name: str  # "<mapping>/<part>"
    primary: str
    source: str = ""  # the file's name
    rows_in: int = 0
    quarantined: int = 0
    rows: dict[str, int] = {}
    data_through: dict[str, date] = {}
    data_from: dict[str, date] = {}
    first_event: dict[str, date] = {}
    holds: dict[str, tuple[str, ...]] = {}  # which victims it lists, {"outcomes": ("fatal",)}
    doubts: list[Doubt] = []

    @property
    def accepted(self) -> int:
        """The rows that were not refused."""
        return self.rows_in - self.quarantined

    @property
    def cities(self) -> list[str]:
        """The cities that this part has rows of, or is declared complete for."""
        return sorted({*self.first_event, *self.data_through})

    def find_begin(self, city: str) -> date:
        """Return the first day it covers of a city, as stated, else January 1 of its first year."""
        first = self.first_event.get(city, date.min)
        return self.data_from.get(city, first.replace(month=1, day=1))

    def covers(self, city: str, day: date) -> bool:
        """Return whether this part covers a day of a city."""
        return self.find_begin(city) <= day <= self.data_through.get(city, day)


def slugify(stem: str) -> str:
    """Return a file's stem as a folder name; distinct stems stay distinct."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", stem).lstrip(".")[:80]
    if plain == stem:
        return plain
    return f"{plain or 'part'}-{hashlib.sha256(stem.encode('utf-8', 'replace')).hexdigest()[:8]}"


@contextlib.contextmanager
def open_folder(out: Path) -> Iterator[None]:
    """Make and lock the folder, with an empty staging folder in it; clear what a crash left.

    UsageError when it cannot be written, or another import has it.
    """
    aside = out / STAGING
    with contextlib.ExitStack() as stack:
        try:
            out.mkdir(parents=True, exist_ok=True)
            handle = os.open(out, os.O_RDONLY)
            stack.callback(os.close, handle)  # and with it the lock
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _recover_part(out)
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir()
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
) -> None:
    """Put a part in its place, and write the extracts of all parts together anew, by renames.

    `connection` has the part's rows in a table for each extract; its refused rows are in the
    staging folder already. A part without any row leaves the extracts as they were.
    """
    aside = out / STAGING
    if not part.rows:
        _place_quarantine(out, part)
        return
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
    folders = {name: out / FOLDER / name for name in together} | {part.name: fresh}
    for name in BY_NAME:
        if query := select_parts(connection, folders, name):
            whole = f"SELECT {columns[name]} FROM ({query})"
            _write_parquet(connection, whole, aside / f"{name}.parquet")
    declared = extracts_file.read_extracts_file(out, settings)
    _update_extracts_file(declared, [*together.values()], before)
    extracts_file.write_extracts_file(aside, declared)
    place = out / FOLDER / part.name
    place.parent.mkdir(parents=True, exist_ok=True)
    # All that takes room on the disk is done: from here on it is renames.
    _place_quarantine(out, part)
    if place.exists():
        place.rename(aside / REPLACED)
    fresh.rename(place)
    for name in before:
        if not (aside / f"{name}.parquet").exists():
            (out / f"{name}.parquet").unlink(missing_ok=True)
    for path in [*sorted(aside.glob("*.parquet")), aside / extracts_file.NAME]:
        path.replace(out / path.name)


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


def _update_extracts_file(
    declared: extracts_file.ExtractsFile, parts: list[Part], before: set[str]
) -> None:
    """Set in `declared` the days, `holds` and refused rows of every extract that parts bring.

    `before`: the extracts that parts brought before this import.
    """
    for name in BY_NAME:
        brought = [part for part in parts if name in part.rows]
        if not brought and name not in before:
            continue
        through = {city for part in brought for city in part.data_through}
        begins = [(city, day) for part in brought for city, day in part.data_from.items()]
        refused = [part.quarantined for part in brought if part.primary == name]
        said: list[tuple[dict[str, Any], Any]] = [
            (declared.data_through, {city: merge_data_through(brought, city) for city in through}),
            # Where several parts say from when a city is complete, the first day.
            (declared.data_from, dict(sorted(begins, reverse=True))),
            (declared.quarantined, sum(refused) if refused else {}),
        ]
        for by_extract, value in said:
            by_extract.pop(name, None)
            if value != {}:
                by_extract[name] = value
        if name == "victims":
            declared.holds = merge_holdings(brought)


def merge_data_through(parts: list[Part], city: str) -> date:
    """Return the last day that the sources of a city are complete for, taken together.

    Of sources for the same time it is the earliest of their last days. A source that another one
    continues, beginning after it ends, does not count.
    """
    parts = [part for part in parts if city in part.data_through]
    return min(
        part.data_through[city]
        for part in parts
        if not any(
            min(other.data_through[city], other.first_event.get(city, date.min))
            > part.data_through[city]
            for other in parts
        )
    )


def merge_holdings(parts: list[Part]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return which victims the sources of each city list: {"outcomes": {"east": ("fatal",)}}.

    A city that is not named has all. Sources for the same time add up: one of those killed, one of
    those wounded. What is listed for only some of the time is left out, or the rest would show a
    zero.
    """
    result = victim_coverage.cover_everything()
    for city in sorted({city for part in parts for city in part.cities}):
        parts_of_city = [part for part in parts if city in part.cities]
        coverings = [
            [part for part in parts_of_city if part.covers(city, day)]
            for day in _list_turns(parts_of_city, city)
        ]
        for key, words in victim_coverage.WORDS.items():
            together = set(words)
            for covering in filter(None, coverings):
                together &= {word for part in covering for word in part.holds.get(key, words)}
            if together != set(words):
                result[key][city] = tuple(word for word in words if word in together)
    return result


def _list_turns(parts: list[Part], city: str) -> set[date]:
    """List the days on which other parts than the day before may cover a city, until its last day.

    A part begins, or the last day of another was the day before.
    """
    turns = {part.find_begin(city) for part in parts}
    ends = {part.data_through[city] for part in parts if city in part.data_through}
    if ends:
        last = merge_data_through(parts, city)
        turns |= {end + windows.DAY for end in ends if end < last}
    return turns
