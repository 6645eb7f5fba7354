"""The parts of a folder of extracts: what each source brought, and their sum.

`DIR/parts/<mapping>/<part>/` holds the extracts of one import and `part.json`,
what is known of it; `DIR/<extract>.parquet` are all parts together. Importing a
source again replaces its part; everything is written aside and renamed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any

import duckdb

from longevity.errors import DataError, UsageError
from longevity.ingest import extracts_file, origins, victim_coverage
from longevity.ingest.contract import BY_NAME, EXTRACTS
from longevity.ingest.extracts_file import Doubt
from longevity.ingest.typed_columns import select_typed
from longevity.scratch import parquet_sql, quote_text
from longevity.settings import Settings

FOLDER = origins.PARTS
STAGING = ".staging"
REPLACED = "replaced"
ABOUT = origins.ABOUT
QUARANTINE = "quarantine"


@dataclass
class Part:
    """What one import brought. Days are ISO texts, by city."""

    name: str  # "<mapping>/<part>"
    primary: str
    rows_in: int
    accepted: int
    quarantined: int
    rows: dict[str, int] = field(default_factory=dict)
    data_through: dict[str, str] = field(default_factory=dict)
    data_from: dict[str, str] = field(default_factory=dict)
    first_event: dict[str, str] = field(default_factory=dict)
    holds: dict[str, list[str]] = field(default_factory=dict)  # of its victims, in all its cities
    quarantine: str | None = None  # file name in DIR/quarantine
    source: str = ""  # the file's name
    doubts: list[dict[str, Any]] = field(default_factory=list)  # each as `Doubt` has it

    @property
    def cities(self) -> list[str]:
        """The cities it has rows of, or is declared complete for."""
        return sorted({*self.first_event, *self.data_through})


def slugify(stem: str) -> str:
    """Return a file's stem as a folder name; distinct stems stay distinct."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", stem).lstrip(".")[:80]
    if plain == stem:
        return plain
    return f"{plain or 'part'}-{hashlib.sha256(stem.encode('utf-8', 'replace')).hexdigest()[:8]}"


@contextlib.contextmanager
def open_folder(out: Path) -> Iterator[None]:
    """Make the folder and hold it alone, with an empty one aside; what a crash left is cleared.

    UsageError when it cannot be written or is held.
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
        stack.callback(shutil.rmtree, aside, ignore_errors=True)
        yield


def _recover_part(out: Path) -> None:
    """Put back a part that a crash left between its two renames."""
    replaced = out / STAGING / REPLACED
    if not (replaced / ABOUT).exists():
        return
    place = out / FOLDER / _read_about(replaced / ABOUT).name
    if not place.exists():
        replaced.rename(place)


def _read_about(path: Path) -> Part:
    try:
        return Part(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise DataError(
            f"{path} cannot be read.", "Remove its folder and import that source again."
        ) from error


def read_parts(out: Path) -> list[Part]:
    """Return the parts already there, by name; DataError when one cannot be read."""
    return [_read_about(path) for path in sorted((out / FOLDER).glob(f"*/*/{ABOUT}"))]


def refuse_foreign(out: Path, settings: Settings, parts: list[Part], extracts: list[str]) -> None:
    """Refuse to overwrite what no import made: synthetic extracts, files put there by hand."""
    if extracts_file.read_extracts_file(out, settings).kind != "real":
        raise UsageError(f"{out} holds synthetic extracts.", "Import into a folder of its own.")
    of_imports = {name for part in parts for name in part.rows}
    for name in extracts:
        if name not in of_imports and (out / f"{name}.parquet").exists():
            raise UsageError(
                f"{out / name}.parquet was not made by an import and would be lost.",
                "Import into a folder of its own, or move the file away.",
            )


def select_known(
    connection: duckdb.DuckDBPyConnection, out: Path, parts: list[Part], extract: str
) -> str | None:
    """Return SQL of an extract in these parts, with `_part`; None where none has it."""
    return (
        " UNION ALL ".join(
            f"SELECT *, {quote_text(part.name)} AS _part FROM ("
            f"{_select_part(connection, out / FOLDER / part.name, extract)})"
            for part in parts
            if extract in part.rows
        )
        or None
    )


def _select_part(connection: duckdb.DuckDBPyConnection, folder: Path, extract: str) -> str:
    """Return SQL of an extract of a part; the columns that came since it was imported are empty."""
    path = folder / f"{extract}.parquet"
    try:
        table = parquet_sql(path)
        described = connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()
        query = select_typed(BY_NAME[extract], {name: kind for name, kind, *_ in described}, table)
        connection.execute(query).fetchone()
    except duckdb.Error as error:
        raise DataError(
            f"{path} is damaged.", "Remove its folder and import that source again."
        ) from error
    return query


def store_part(
    connection: duckdb.DuckDBPyConnection, out: Path, part: Part, settings: Settings
) -> None:
    """Put a part in its place and bring the sums up to date, each by a rename.

    `connection` has a table of each of its extracts. A part without any row leaves the extracts
    there are as they were.
    """
    aside = out / STAGING
    if not part.rows:
        _place_quarantine(out, aside)
        return
    fresh = aside / "part"
    fresh.mkdir()
    for name in part.rows:
        columns = ", ".join(BY_NAME[name].schema.names)
        for written, file in ((columns, f"{name}.parquet"), ("row", origins.name_file(name))):
            query = f"SELECT {written} FROM {name} ORDER BY {name}.row, rowid"
            _write_parquet(connection, query, fresh / file)
    (fresh / ABOUT).write_text(json.dumps(asdict(part), indent=1) + "\n", encoding="utf-8")
    parts_there = read_parts(out)
    together = sorted(
        [*(p for p in parts_there if p.name != part.name), part], key=attrgetter("name")
    )
    folders = {p.name: out / FOLDER / p.name for p in together} | {part.name: fresh}
    with_rows = {name for p in together for name in p.rows}
    without_rows = {name for p in parts_there for name in p.rows} - with_rows
    for name in with_rows:
        selected = [
            _select_part(connection, folders[p.name], name) for p in together if name in p.rows
        ]
        _write_parquet(connection, " UNION ALL ".join(selected), aside / f"{name}.parquet")
    declared = extracts_file.read_extracts_file(out, settings)
    _update_extracts_file(declared, together, without_rows)
    extracts_file.write_extracts_file(aside, declared)
    place = out / FOLDER / part.name
    place.parent.mkdir(parents=True, exist_ok=True)
    # All that takes room on the disk is done: from here on it is renames.
    _place_quarantine(out, aside)
    if place.exists():
        place.rename(aside / REPLACED)
    fresh.rename(place)
    for path in sorted(aside.glob("*.parquet")):
        path.replace(out / path.name)
    for name in without_rows:
        (out / f"{name}.parquet").unlink(missing_ok=True)
    (aside / extracts_file.NAME).replace(out / extracts_file.NAME)


def _write_parquet(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(f"COPY ({query}) TO {quote_text(str(path))} (FORMAT parquet)")


def _place_quarantine(out: Path, aside: Path) -> None:
    for path in aside.glob("*.jsonl"):
        (out / QUARANTINE).mkdir(exist_ok=True)
        path.replace(out / QUARANTINE / path.name)


def _update_extracts_file(
    declared: extracts_file.ExtractsFile, parts: list[Part], without_rows: set[str]
) -> None:
    """Write the days, holdings and quarantined counts of every extract the parts make."""
    for extract in EXTRACTS:
        name = extract.name
        with_rows = [part for part in parts if name in part.rows]
        if not with_rows and name not in without_rows:
            continue
        through = {
            city: merge_data_through(with_rows, city)
            for city in {city for part in with_rows for city in part.data_through}
        }
        begins: dict[str, date] = {}
        for city, day in [pair for part in with_rows for pair in part.data_from.items()]:
            begins[city] = min(date.fromisoformat(day), begins.get(city, date.max))
        refused = [part.quarantined for part in with_rows if part.primary == name]
        for said in (declared.data_through, declared.data_from, declared.quarantined):
            said.pop(name, None)
        if through:
            declared.data_through[name] = through
        if begins:
            declared.data_from[name] = begins
        if refused:
            declared.quarantined[name] = sum(refused)
        if name == "victims":
            declared.holds = merge_holdings(with_rows)
    declared.doubts = [Doubt(**said) for part in parts for said in part.doubts]


def merge_data_through(parts: list[Part], city: str) -> date:
    """Return the last day all sources of a city that say one are complete for.

    A source that another one follows on (it begins after the first one ends)
    no longer counts; of sources side by side the least counts.
    """
    ends = {p.name: p.data_through[city] for p in parts if city in p.data_through}
    standing = [
        end
        for name, end in ends.items()
        if not any(
            p.name != name and ends.get(p.name, "") > end and p.first_event.get(city, "") > end
            for p in parts
        )
    ]
    return date.fromisoformat(min(standing))


def merge_holdings(parts: list[Part]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return what the sources of each city hold of victims, together, for all of their time.

    Sources side by side add up: one of those killed, one of those wounded. What only some
    of the years hold is not held, or the others would show a zero.
    """
    result = victim_coverage.cover_everything()
    for key, words in victim_coverage.WORDS.items():
        for city in sorted({city for part in parts for city in part.cities}):
            parts_of_city = [part for part in parts if city in part.cities]
            together = set(words)
            for day in {_find_begin(part, city) for part in parts_of_city}:
                covering = [part for part in parts_of_city if _covers_city(part, city, day)]
                together &= {word for part in covering for word in part.holds.get(key, words)}
            if together != set(words):
                result[key][city] = tuple(word for word in words if word in together)
    return result


def _find_begin(part: Part, city: str) -> str:
    """Return the day a source tells of a city from: as it says, else its first event's year."""
    if city in part.data_from:
        return part.data_from[city]
    return f"{part.first_event[city][:4]}-01-01" if city in part.first_event else ""


def _covers_city(part: Part, city: str, day: str) -> bool:
    return _find_begin(part, city) <= day <= part.data_through.get(city, day)
