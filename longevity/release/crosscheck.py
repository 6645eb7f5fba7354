"""What a new release must not do to the one before it, of the same kind.

Coverage must not shrink, data-through must not go back, totals must not jump. Each
objection is a sentence; none holds a person's data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb

from longevity.intake.checking.scratch import parquet
from longevity.intake.contract import BY_NAME, EXTRACTS
from longevity.release.member import member_of
from longevity.release.store import Release
from longevity.settings import Settings


@dataclass(frozen=True)
class _Covered:
    """What one extract of one release holds: the first event day of each city."""

    first: dict[str, date | None]


@dataclass(frozen=True)
class _Counts:
    """The people shot in one city of one release; None where its sources do not hold them."""

    victims: int | None
    fatal: int | None
    nonfatal: int | None


def objections(
    connection: duckdb.DuckDBPyConnection, before: Release, after: Release, settings: Settings
) -> list[str]:
    """Every reason why `after` may not follow `before`; empty when it may."""
    found: list[str] = []
    for extract in EXTRACTS:
        if extract.name not in before.manifest["rows"]:
            continue
        if extract.name not in after.manifest["rows"]:
            found.append(f"The extract {extract.name} was there before and is missing now.")
            continue
        old, new = (_covered(connection, one, extract.name) for one in (before, after))
        found += _coverage(extract.name, old, new, settings)
        found += _through(extract.name, before, after, settings)
        found += _jump(
            f"The rows of {extract.name}",
            _rows(before, extract.name),
            _rows(after, extract.name),
            settings,
        )
    earlier, later = (_counts(connection, one) for one in (before, after))
    for city, counted in sorted(earlier.items()):
        now = later.get(city, _Counts(0, 0, 0))
        found += _lost(_name(city, settings), counted, now, settings)
    return found


def _lost(name: str, old: _Counts, new: _Counts, settings: Settings) -> list[str]:
    """Whether a city's people shot jumped, as far as both releases hold them."""
    found = []
    if old.nonfatal and new.nonfatal is None:
        found.append(
            f"Of {name} {old.nonfatal} shot and wounded were counted before, and its sources are "
            "now said to hold none of them."
        )
    for what, before, after in (
        ("The victims", old.victims, new.victims),
        ("The people killed", old.fatal, new.fatal),
    ):
        if before is not None and after is not None:
            return found + _jump(f"{what} of {name}", before, after, settings)
    return found


def _rows(release: Release, extract: str) -> int:
    """The rows there are: those handed over without those that were destroyed."""
    manifest = release.manifest
    return int(manifest["rows"][extract]) - int(manifest.get("destroyed", {}).get(extract, 0))


def _covered(connection: duckdb.DuckDBPyConnection, release: Release, extract: str) -> _Covered:
    event = BY_NAME[extract].event
    first = f"min(CAST({event} AS DATE))" if event else "CAST(NULL AS DATE)"
    source = parquet(release.member(member_of(extract)))
    rows = connection.execute(f"SELECT city, {first} FROM {source} GROUP BY city").fetchall()
    return _Covered(dict(rows))


def _coverage(extract: str, old: _Covered, new: _Covered, settings: Settings) -> list[str]:
    found = []
    for city, first in sorted(old.first.items()):
        name = _name(city, settings)
        if city not in new.first:
            found.append(f"{extract} had rows of {name} and has none now.")
            continue
        # Rows with a person's or group's code may be destroyed by duty, the oldest first.
        now = new.first[city]
        if first is not None and not BY_NAME[extract].named and (now is None or now > first):
            begins = now.isoformat() if now else "nowhere"
            found.append(
                f"{extract} of {name} began on {first.isoformat()} and begins on {begins} now."
            )
    return found


def _through(extract: str, before: Release, after: Release, settings: Settings) -> list[str]:
    old = before.manifest["data_through"].get(extract, {})
    new = after.manifest["data_through"].get(extract, {})
    return [
        f"{extract} of {_name(city, settings)} was complete through {entry['day']} and is only "
        f"through {new[city]['day']} now."
        for city, entry in sorted(old.items())
        if city in new and new[city]["day"] < entry["day"]
    ]


def _jump(what: str, old: int, new: int, settings: Settings) -> list[str]:
    largest = settings.thresholds.largest_jump
    if old == 0 or abs(new - old) <= largest * old:
        return []
    return [
        f"{what} went from {old} to {new}, {abs(new - old) / old:.0%} "
        f"{'more' if new > old else 'fewer'}; at most {largest:.0%} is expected."
    ]


def _counts(connection: duckdb.DuckDBPyConnection, release: Release) -> dict[str, _Counts]:
    daily = parquet(release.member("built/daily.parquet"))
    rows = connection.execute(
        "SELECT city, CAST(sum(victims) AS BIGINT), CAST(sum(fatal) AS BIGINT), "
        f"CAST(sum(nonfatal) AS BIGINT) FROM {daily} GROUP BY city"
    ).fetchall()
    return {city: _Counts(*counts) for city, *counts in rows}


def _name(city: str, settings: Settings) -> str:
    return settings.cities[city].name if city in settings.cities else city
