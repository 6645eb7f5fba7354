"""One city in one world (`ground.World`), as tables of a database: `rows/` says how rows are drawn.

A file there has two statements: what there is a row for, in the order in which numbers are drawn,
and what becomes of each, given those numbers as `u1`, `u2`, …
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pyarrow as pa

from longevity.base.errors import ConfigError
from longevity.base.scratch import create_table, quote_text
from longevity.demo import episodes, shootings
from longevity.demo.ground import World
from longevity.demo.streams import Floats, open_dice
from longevity.ingest.contract import Extract, Kind
from longevity.words.language import join_words

FOLDER = Path(__file__).parent / "rows"
DRAWS = re.compile(r"-- Draws: (\d+) of (.+)\n")
MOST_SESSIONS = 400  # drawn of each person, so that rows stay put: a hundred years
RACES = 7  # how many values of race and ethnicity the rows have
# An extract has its table's name, but for one that is of the people again.
TABLES = {"memberships": "people"}


def open_database() -> duckdb.DuckDBPyConnection:
    """Open a database to draw one city after another in."""
    return duckdb.connect(":memory:", config={"threads": 1})


def draw_city(database: duckdb.DuckDBPyConnection, world: World) -> None:
    """Draw a city in a world: shootings, which group has notice when, and what becomes of each."""
    draw_shootings(database, world)
    for name in ("victims", "known_groups", "groups", "people", "call_ins", "picked_groups"):
        _draw_rows(database, world, name)
    database.execute(_read("members"))
    people, sessions = (len(database.table(name)) for name in ("people", "call_ins"))
    # As many numbers of each person whatever the day, so that a later one has the same before it.
    asked = world.uniform("asked", people, 4 * MOST_SESSIONS).reshape(4, MOST_SESSIONS, people)
    _draw_rows(database, world, name="invitations", numbers=asked[:, :sessions].reshape(4, -1))
    for name in ("custom_notifications", "notices"):
        _draw_rows(database, world, name)
    episodes.draw_fates(database, world)
    for name in (
        "enforcement_actions",
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


def draw_shootings(database: duckdb.DuckDBPyConnection, world: World) -> None:
    """Draw the incidents of a city in a world, and the reviews of them, alone."""
    _set_ground(database, world)
    _draw_rows(database, world, name="shooting_reviews")
    database.register("happened", shootings.draw_happened(world))
    _draw_rows(database, world, name="incidents")


def _set_ground(database: duckdb.DuckDBPyConnection, world: World) -> None:
    """Give the SQL of `rows/` what is so in this world: `launch()`, `as_of()` and the other macros,
    and the tables `planned_homicides` and `areas`.
    """
    plan = world.city.demonstration
    # The first world has the same codes at every scale.
    of_world = "" if world.number == 1 else f"{world.number}-"
    facts = {
        "code_prefix": quote_text(f"{world.city.id}-{of_world}"),
        "launch": world.launch,
        "data_begin": world.first,
        "as_of": world.as_of,
        "drawn_to": world.last,
        "audited_from": world.audited_from,
        # Day 0 was a Thursday, the fourth day of its week.
        "days_to_week_end": (world.city.week_ends_iso - 4 - world.launch) % 7,
        "groups_of_city": plan.groups,
        "members_a_group": plan.members_a_group,
        "area_weights": world.areas["weight"].tolist(),
        # The same in all worlds of a city (world 0 is none of them).
        "city_tilt": (
            0.7
            + 0.6 * open_dice(world.seed, world=0, city=world.city.id, purpose="race").random(RACES)
        ).tolist(),
    }
    for name, fact in facts.items():
        database.execute(f"CREATE OR REPLACE MACRO {name}() AS {fact}")
    database.execute(_read("macros"))
    planned = list(world.homicides.items())
    create_table(database, "planned_homicides", "year BIGINT, homicides BIGINT", planned)
    database.register("areas", world.areas.rename_axis("number").reset_index())


def _read(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def _draw_rows(
    database: duckdb.DuckDBPyConnection, world: World, name: str, numbers: Floats | None = None
) -> None:
    """Make the table of `rows/{name}.sql`.

    `-- Draws: 2 of budget` asks for two numbers of the stream "budget" for each row of the first
    statement, or takes `numbers`; the second finds both in `drawn`: the row, and `u1` and `u2`.
    """
    text = _read(name)
    draws = DRAWS.match(text)
    if draws:
        things, text = text.split(";\n")
        rows = database.sql(f"SELECT row_number() OVER () - 1 AS nth, * FROM ({things})")
        drawn = rows.to_arrow_table()
        if numbers is None:
            numbers = world.uniform(draws[2], drawn.num_rows, int(draws[1]))
        for at, column in enumerate(numbers, start=1):
            drawn = drawn.append_column(f"u{at}", pa.array(column))
        database.register("drawn", drawn)
    database.execute(f"CREATE OR REPLACE TABLE {name} AS {text}")


def build_extract(database: duckdb.DuckDBPyConnection, extract: Extract, city: str) -> pa.Table:
    """Return a city's rows of an extract on file by the day `as_of`, later days of them empty."""
    cells = []
    for column in extract.columns:
        cell = column.name
        if column.kind is Kind.CITY:
            cell = quote_text(city)
        elif column.kind is Kind.CODE:
            cell = f"code_of('{(column.references or column.name)[0]}', {cell})"
        elif column.kind is Kind.DAY:
            cell = f"date_of(CASE WHEN {cell} <= as_of() + {column.ahead} THEN {cell} END)"
        cells.append(f"{cell} AS {column.name}")
    table = TABLES.get(extract.name, extract.name)
    rows = f"SELECT {', '.join(cells)} FROM {table} AS rows WHERE rows.on_file <= as_of()"
    try:
        return database.sql(rows).to_arrow_table().cast(extract.schema)
    except duckdb.BinderException as error:
        held = database.table(table).columns
        lacking = [name for name in extract.schema.names if name not in [*held, "city"]]
        raise ConfigError(
            f"The demonstration draws no {join_words(lacking)} of {extract.name}.",
            f"Draw what the contract asks for in longevity/demo/rows/{table}.sql.",
        ) from error
