"""One city in one world, as tables of a database: `rows/` says what is drawn of each row.

A file there has two statements: what there is a row for, in the order in which numbers are drawn,
and what becomes of each, given those numbers as `u1`, `u2`, …
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

from longevity.demo import episodes, shootings
from longevity.demo.episodes import Fates
from longevity.demo.ground import Ground, World
from longevity.demo.streams import Floats, open_dice
from longevity.ingest.contract import Extract, Kind
from longevity.scratch import create_table, quote_text

FOLDER = Path(__file__).parent / "rows"
DRAWS = re.compile(r"-- Draws: (\d+) of (.+)\n")
MOST_SESSIONS = 400  # drawn of each person, so that rows stay put: a hundred years
RACES = 7
# An extract has its table's name, but for one that is of the people again.
TABLES = {"memberships": "people"}


class Plan(NamedTuple):
    """One city in one world, and what becomes of its groups; its rows are in the database."""

    world: World
    fates: Fates


def open_database() -> duckdb.DuckDBPyConnection:
    """Open a database to draw one city after another in."""
    database = duckdb.connect(":memory:", config={"threads": 1})
    database.execute((FOLDER / "macros.sql").read_text(encoding="utf-8"))
    return database


def draw_city(database: duckdb.DuckDBPyConnection, ground: Ground, seed: int, number: int) -> Plan:
    """Draw a city in a world: shootings, which group has notice when, and what becomes of each."""
    world = draw_shootings(database, ground, seed, number)
    for name in ("victims", "known_groups", "groups", "people", "call_ins"):
        _draw_rows(database, world, name)
    database.execute((FOLDER / "members.sql").read_text(encoding="utf-8"))
    people, sessions = _count(database, "people"), _count(database, "call_ins")
    picked = world.uniform("groups picked", sessions, _count(database, "known_groups"))
    _draw_rows(database, world, "picked_groups", picked.T.reshape(1, -1))
    asked = world.uniform("asked", people, 4 * MOST_SESSIONS).reshape(4, MOST_SESSIONS, people)
    _draw_rows(database, world, "invitations", asked[:, :sessions].reshape(4, -1))
    for name in ("custom_notifications", "notices"):
        _draw_rows(database, world, name)
    fates = episodes.draw_fates(database, world)
    _draw_rows(database, world, "enforcement_actions", _draw_action_numbers(world, fates))
    for name in (
        "incident_groups",
        "supervision_spells",
        "releases_from_custody",
        "supervision_contacts",
        "services",
        "community_events",
        "community_requests",
        "budget",
    ):
        _draw_rows(database, world, name)
    return Plan(world, fates)


def draw_shootings(
    database: duckdb.DuckDBPyConnection, ground: Ground, seed: int, number: int
) -> World:
    """Draw the incidents of a city in a world, and the reviews of them, alone."""
    world = World(**vars(ground), seed=seed, number=number)
    _set_ground(database, world)
    _draw_rows(database, world, "shooting_reviews")
    _register(database, "happened", pa.Table.from_pandas(shootings.draw_happened(world)))
    _draw_rows(database, world, "incidents")
    return world


def _set_ground(database: duckdb.DuckDBPyConnection, world: World) -> None:
    """Tell the database what is so before anything is drawn."""
    plan = world.city.demonstration
    facts = {
        "launch": world.launch,
        "data_begin": world.first,
        "as_of": world.as_of,
        "drawn_to": world.last,
        "audited_from": world.audited_from,
        "week_ends_iso": world.city.week_ends_iso,
        "groups_of_city": plan.groups,
        "members_a_group": plan.members_a_group,
        "area_weights": world.areas["weight"].tolist(),
        # One for every world.
        "city_tilt": (
            0.7 + 0.6 * open_dice(world.seed, 0, world.city.id, "race").random(RACES)
        ).tolist(),
    }
    for name, fact in facts.items():
        database.execute(f"CREATE OR REPLACE MACRO {name}() AS {fact}")
    planned = list(world.homicides.items())
    create_table(database, "planned_homicides", "year BIGINT, homicides BIGINT", planned)
    areas = pa.Table.from_pandas(world.areas.rename_axis("number").reset_index())
    _register(database, "areas", areas)


def _register(database: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Make a table of what is drawn elsewhere."""
    database.register("_rows", rows)
    database.execute(f"CREATE OR REPLACE TABLE {name} AS FROM _rows")
    database.unregister("_rows")


def _draw_rows(
    database: duckdb.DuckDBPyConnection, world: World, name: str, numbers: Floats | None = None
) -> None:
    """Make the table that a file says; `numbers`: a row for each it draws, where not as usual."""
    text = (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    draws = DRAWS.match(text)
    if draws:
        things, text = text.split(";\n")
        rows = database.sql(f"SELECT row_number() OVER () - 1 AS nth, * FROM ({things})")
        drawn = rows.to_arrow_table()
        if numbers is None:
            numbers = world.uniform(draws[2], drawn.num_rows, int(draws[1]))
        for at, column in enumerate(numbers, start=1):
            drawn = drawn.append_column(f"u{at}", pa.array(column))
        _register(database, "drawn", drawn)
    database.execute(f"CREATE OR REPLACE TABLE {name} AS {text}")


def _count(database: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(database.execute(f"SELECT COUNT(*) FROM {table}").fetchall()[0][0])


def _draw_action_numbers(world: World, fates: Fates) -> Floats:
    """Draw the numbers of all actions: of a planned one by its number, then of single people."""
    number = np.array([action.number for action in fates.actions], dtype=int)
    planned = world.uniform("actions on groups", number.max(initial=0) + 1, 4)[:, number]
    days = max((world.last - world.launch) // 10, 0)
    single = world.uniform("actions on one", days, 5)
    numbers: Floats = np.append(np.append(planned, np.ones((1, number.size)), 0), single, 1)
    return numbers


def build_table(database: duckdb.DuckDBPyConnection, extract: Extract, world: World) -> pa.Table:
    """Return a city's rows on file by the day `as_of`; days after it are still to come."""
    city = world.city.id
    # The first world has the same codes at every scale.
    prefix = f"{city}-" if world.number == 1 else f"{city}-{world.number}-"
    cells = []
    for column in extract.columns:
        cell = column.name
        if column.kind is Kind.CITY:
            cell = quote_text(city)
        elif column.kind is Kind.CODE:
            letter = (column.references or column.name)[0]
            cell = f"{quote_text(prefix + letter)} || CAST({cell} + 1 AS BIGINT)"
        elif column.kind is Kind.DAY:
            limit = world.as_of + column.ahead
            day = f"DATE '1970-01-01' + CAST({cell} AS INTEGER)"
            cell = f"CASE WHEN {cell} <= {limit} THEN {day} END"
        cells.append(f"{cell} AS {column.name}")
    table = TABLES.get(extract.name, extract.name)
    rows = f"SELECT {', '.join(cells)} FROM {table} AS rows WHERE rows.on_file <= {world.as_of}"
    return database.sql(rows).to_arrow_table().cast(extract.schema)
