"""The public lattice: small tables of people's attributes and the program, cut once.

`cut` is what publish calls. Only whole years that have been over for ARREARS_DAYS are
cut, each once; what was cut before is carried, byte for byte, and never counted again,
so that no difference between two releases tells who was entered late. One that was wrong
is cut again of the same people, when it is asked for (`recounted.py`). docs/lattice.md
says which tables there are, which are not, and against whom.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from longevity.errors import DataError
from longevity.intake.contract import GMI, RACES, SEXES
from longevity.release import recut
from longevity.release.carried import Carried
from longevity.release.recut import Period
from longevity.settings import Settings
from longevity.warehouse import connection, lattice_cells
from longevity.warehouse.connection import Release
from longevity.warehouse.count_states import MISSING, SHOWN, WITHHELD, ZERO
from longevity.warehouse.die import Draws, die, secret
from longevity.warehouse.lattice_cells import AGE, FUNNEL, OF_YOUNG, Cells
from longevity.warehouse.recounted import ACTIVE as STAYED
from longevity.warehouse.recounted import CUSTODY, PEOPLE, STEPS, WAYS, Recounting, cells_of
from longevity.warehouse.viewers import STATE_SCOPE

ARREARS_DAYS = 90
TOGETHER = "all"
FEWEST_CITIES = 3  # a city subtracts its own: of two, it would have the other's alone
FEWEST_SESSIONS = 2  # one session's count tells of those who were in the room
ATTRIBUTES = {"sex": SEXES, "race_ethnicity": RACES, "gmi": GMI}
YOUNG = "young_black_men"
WHOLE = "people_shot"  # all of them, where there is no table of YOUNG to say it
ACTIVE = "still_active"
ANSWERS = ("kept_30", "kept_60", "kept_90", "not_kept")
NO_ANSWERS = (0,) * len(ANSWERS)

SCHEMA = pa.schema(
    [
        ("table_name", pa.string()),
        ("city", pa.string()),
        ("year", pa.int64()),
        ("value", pa.string()),
        ("position", pa.int64()),
        ("counted", pa.int64()),
        ("state", pa.string()),
        ("cut_on", pa.date32()),
    ]
)

Row = dict[str, Any]

# Years wholly covered by a city's counts and over long enough; of a city whose sources hold
# only some of the people shot, such as those killed, no table of them is cut. `cut_on` is the
# day they are complete through, which the data say and no clock.
_VICTIM_YEARS = f"""
    SELECT CAST(city AS VARCHAR), years.year, data_through
    FROM cities
    INNER JOIN zeros USING (city)
    CROSS JOIN (SELECT UNNEST(GENERATE_SERIES(1900, 2200)) AS year) AS years
    WHERE zeros.victims IS NOT NULL AND starts_on <= MAKE_DATE(years.year, 1, 1)
        AND data_through >= MAKE_DATE(years.year, 12, 31) + {ARREARS_DAYS}
    ORDER BY position, year
"""

_VICTIMS = f"""
    SELECT city, year, age_band, sex, race_ethnicity, gmi, COUNT(*) AS victims
    FROM ({PEOPLE})
    GROUP BY ALL
"""

# What a city ever gave of all its victims, counted or not, in whatever year.
_EVER = """
    WITH given AS (
        SELECT victims.city, victims.age_band, victims.sex, victims.race_ethnicity, located.gmi
        FROM victims
        INNER JOIN located USING (incident_id)
    )
    SELECT city, attribute, value, COUNT(*)
    FROM (UNPIVOT given ON age_band, sex, race_ethnicity, gmi INTO NAME attribute VALUE value)
    WHERE value <> 'unknown'
    GROUP BY ALL
"""

# Where nobody stated how far a source of the program goes, it is taken to go as far as the
# city's counts: its newest row is the day something happened to somebody, and neither when a
# year is cut nor the day that is told of it may hang on one.
_END = "MIN(IF(told.derived, cities.data_through, told.day))"

_FUNNEL_YEARS = f"""
    WITH ends AS (
        SELECT told.city, {_END} AS day,
            COUNT(*) FILTER (WHERE told.extract IN ('call_ins', 'invitations')) AS told,
            BOOL_OR(told.extract = 'services') AS served
        FROM data_through AS told
        INNER JOIN cities ON told.city = CAST(cities.city AS VARCHAR)
        WHERE told.extract IN ('call_ins', 'invitations', 'services')
        GROUP BY told.city
    )
    SELECT ends.city, years.year, ends.day, ends.served
    FROM ends
    INNER JOIN (
        SELECT city, YEAR(MIN(held_on)) AS first FROM call_ins
        WHERE held_on IS NOT NULL GROUP BY city
    ) AS held USING (city)
    CROSS JOIN (SELECT UNNEST(GENERATE_SERIES(1900, 2200)) AS year) AS years
    WHERE told = 2 AND years.year >= held.first
        AND ends.day >= MAKE_DATE(years.year, 12, 31) + {ARREARS_DAYS}
    ORDER BY ends.city, years.year
"""

_COUNTED = ", ".join(
    f"COUNT(*) FILTER (list_contains({list(ways)}, way)) AS {step}"
    for step, ways in (*STEPS.items(), ("active_90", (STAYED,)))
)
_FUNNEL = f"""
    SELECT city, year, COUNT(DISTINCT session) AS sessions, {_COUNTED}
    FROM ({WAYS})
    WHERE way <> '{CUSTODY}'
    GROUP BY ALL
"""

# Cities that handed over who shot, the least day all their sources are complete for, and
# the first year that began when the program was in all of them.
_PROMISE_END = f"""
    SELECT COUNT(DISTINCT told.city), COUNT(*), {_END},
        YEAR(MAX(cities.launched_on) - 1) + 1
    FROM data_through AS told
    INNER JOIN cities ON told.city = CAST(cities.city AS VARCHAR)
    WHERE told.extract IN ('incidents', 'incident_groups', 'enforcement_actions')
        AND told.city IN (SELECT city FROM groups)
        AND told.city IN (SELECT city FROM data_through WHERE extract = 'incident_groups')
"""

_PROMISES = """
    SELECT YEAR(violated_on) AS year,
        COUNT(*) FILTER (first_action_on - violated_on <= 30) AS kept_30,
        COUNT(*) FILTER (first_action_on - violated_on BETWEEN 31 AND 60) AS kept_60,
        COUNT(*) FILTER (first_action_on - violated_on BETWEEN 61 AND 90) AS kept_90,
        COUNT(*) FILTER (COALESCE(first_action_on - violated_on > 90, TRUE)) AS not_kept
    FROM episodes
    GROUP BY ALL
"""


def cut(release: Release, settings: Settings, before: Carried, out: Path) -> None:
    """Write the lattice of a release to `out`: what is carried, and what fell due since.

    Of what is carried the periods in `before.again` are cut again, and those in `before.gone`
    are missing from now on. DataError names what cannot be cut again.

    Raises ConfigError on a threshold that is not a whole number above zero: nothing is
    published then. A period that may have been cut in a release that cannot be read any
    more is missing for good.
    """
    limit = lattice_cells.check_threshold(settings.thresholds.withheld_up_to)
    carried = [] if before.path is None else pq.read_table(before.path, schema=SCHEMA).to_pylist()
    had = {(row["table_name"], row["city"], row["year"]) for row in carried}
    draws = _draws(release, settings)
    database = connection.open_walked(release, settings, STATE_SCOPE)
    try:
        if before.again or before.gone:
            again = _cut_again(database, settings, before, limit, draws)
            carried = [_corrected(row, again, before.gone) for row in carried]
        cutter = _Cutter(database, limit, had, before.barred, draws)
        fresh = cutter.victims(carried) + cutter.funnel(carried)
        fresh += cutter.promises(settings.thresholds.promise_window_days)
    finally:
        database.close()
    if before.path is not None and not (fresh or before.again or before.gone):
        shutil.copyfile(before.path, out)
        return
    rows = sorted(
        carried + fresh,
        key=lambda row: (row["table_name"], row["city"], row["year"], row["position"]),
    )
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), out, compression="zstd")


def _draws(release: Release, settings: Settings) -> Draws:
    """The draws for each table: another for synthetic data, which anybody may read."""
    return partial(die, secret(settings.home), release.manifest["kind"])


def _corrected(
    row: Row, again: Mapping[Period, Mapping[str, tuple[int | None, str]]], gone: Set[Period]
) -> Row:
    """A row that was cut, as its second version has it; missing where it was withdrawn."""
    period = (row["table_name"], row["city"], row["year"])
    if period in again:
        # Where not even the list of values may be told, none of them is.
        count, state = again[period].get(row["value"], (None, WITHHELD))
        return row | {"counted": None if state in (WITHHELD, MISSING) else count, "state": state}
    # How many victims there were is public, and shares of other tables are of it.
    if period in gone and row["value"] != "victims":
        return row | {"counted": None, "state": MISSING}
    return row


def _cut_again(
    database: duckdb.DuckDBPyConnection,
    settings: Settings,
    before: Carried,
    limit: int,
    draws: Draws,
) -> dict[Period, dict[str, tuple[int | None, str]]]:
    """The second versions of the periods to be cut again; DataError names those that cannot be."""
    recounting = Recounting(database, settings, before, limit, draws)
    found: dict[Period, Cells] = {}
    names = (AGE, *ATTRIBUTES)
    for city, year in sorted({(c, y) for name, c, y in before.again if name in names}):
        found |= recounting.victims(city, year, names, YOUNG)
    found |= recounting.funnels(FEWEST_SESSIONS, ACTIVE)
    of_all = [period for period in before.again if period[0] == "promises"]
    cities, sources, *_ = database.execute(_PROMISE_END).fetchall()[0]
    if of_all and not _together(cities, sources):
        recounting.refused.append(
            "promises cannot be cut again: it takes three cities with groups and their sources."
        )
    counted = dict(_by_year(database)) if of_all else {}
    found |= {period: _answers(counted.get(period[2], NO_ANSWERS)) for period in of_all}
    if recounting.refused:
        raise DataError(
            "\n".join(recounting.refused),
            "Nothing was published. Leave those out (--city says of which cities), or take a "
            "wrong table away: --withdraw TABLE YEAR.",
        )
    return {
        period: {value: (count, state) for value, count, state in found[period]}
        for period in before.again & found.keys()
    }


class _Cutter:
    """Cuts what is due and was not cut before."""

    def __init__(
        self,
        database: duckdb.DuckDBPyConnection,
        limit: int,
        had: set[Period],
        barred: date | None,
        draws: Draws,
    ) -> None:
        self.database = database
        self.limit = limit
        self.had = had
        self.barred = barred
        self.draws = draws

    def victims(self, carried: list[Row]) -> list[Row]:
        """By city and year: each attribute one way, and young Black men of all.

        What a city never supplied has no table, and is cut once it has been supplied. All who
        were shot are told with every cut, for shares of it.
        """
        due = self.database.execute(_VICTIM_YEARS).fetchall()
        names = [AGE, *ATTRIBUTES, YOUNG]
        due = [each for each in due if any((n, each[0], each[1]) not in self.had for n in names)]
        if not due:
            return []
        people = self.database.execute(_VICTIMS).df()
        supplied = self._supplied()
        stand = recut.by_period(carried)
        rows: list[Row] = []
        for city, year, through in due:
            own = people[(people["city"] == city) & (people["year"] == year)]
            tables = supplied.get(city, {})
            made: list[Row] = []
            as_told: dict[str, Cells] = {}
            for name, values in tables.items():
                period = (name, city, year)
                cells = lattice_cells.of_attribute(
                    own, name, values, self.limit, self.draws(*period)
                )
                made += self._rows(period, through, _closes(year), cells)
                as_told[name] = cells_of(stand[period]) if period in stand else cells
            young = self._rows(
                (YOUNG, city, year),
                through,
                _closes(year),
                lattice_cells.young_black_men(own, self.limit, as_told)
                if tables.keys() >= OF_YOUNG
                else [],
            )
            if not young and (made or not self.had & {(YOUNG, city, year), (WHOLE, city, year)}):
                # Of the public record: what it was then stands beside what it is now.
                made += self._build_rows((WHOLE, city, year), through, _closes(year), _whole(own))
            rows += made + young
        return rows

    def _supplied(self) -> dict[str, dict[str, Sequence[str]]]:
        """By city the attributes it ever supplied, each with the values of its table."""
        ever: dict[str, dict[str, dict[str, int]]] = {}
        for city, name, value, count in self.database.execute(_EVER).fetchall():
            ever.setdefault(city, {}).setdefault(name, {})[value] = count
        return {
            city: {
                name: lattice_cells.bands(given[name], self.limit)
                if name == AGE
                else ATTRIBUTES[name]
                for name in (AGE, *ATTRIBUTES)
                if name in given
            }
            for city, given in ever.items()
        }

    def funnel(self, carried: list[Row]) -> list[Row]:
        """By city and calendar year, of members not in custody; who stayed, by two years."""
        closed = self.database.execute(_FUNNEL_YEARS).fetchall()
        tables = ("funnel", ACTIVE)
        if all((name, each[0], each[1]) in self.had for each in closed for name in tables):
            return []
        counted = {
            (row.pop("city"), row.pop("year")): {name: int(n) for name, n in row.items()}
            for row in self.database.execute(_FUNNEL).df().to_dict("records")
        }
        nobody = dict.fromkeys(("sessions", *FUNNEL, "active_90"), 0)
        rows: list[Row] = []
        for city, year, through, served in closed:
            own = counted.get((city, year), nobody)
            one_session = 0 < own["sessions"] < FEWEST_SESSIONS
            cells = lattice_cells.funnel(own, bool(served), self.limit, one_session)
            rows += self._rows(("funnel", city, year), through, _closes(year), cells)
        began = {
            (row["city"], row["year"]): (row["counted"], row["state"])
            for row in (*carried, *rows)
            if row["table_name"] == "funnel" and row["value"] == "intake_30"
        }
        for city, year, through, _ in closed:
            both = [(city, year - 1), (city, year)]
            # Two years at a time that never overlap, and both in the table by year.
            if year % 2 == 0 or any(each not in began for each in both):
                continue
            pair = [counted.get(each, nobody) for each in both]
            now, active = (sum(each[name] for each in pair) for name in ("intake_30", "active_90"))
            cell = lattice_cells.still_active([began[e] for e in both], now, active, self.limit)
            rows += self._rows((ACTIVE, city, year), through, _closes(year), [("active_90", *cell)])
        return rows

    def promises(self, window_days: int) -> list[Row]:
        """All cities together by the year an episode began; episodes are no persons."""
        cities, sources, through, first = self.database.execute(_PROMISE_END).fetchall()[0]
        if not _together(cities, sources):
            return []
        counted = dict(_by_year(self.database))
        rows: list[Row] = []
        for year in range(first, through.year):
            closed = _closes(year) + timedelta(days=max(90, window_days))
            if through < closed + timedelta(days=ARREARS_DAYS):
                break
            cells = _answers(counted.get(year, NO_ANSWERS))
            rows += self._rows(("promises", TOGETHER, year), through, closed, cells)
        return rows

    def _rows(self, period: Period, through: date, closed: date, cells: Cells) -> list[Row]:
        """The rows of one period unless it was cut before."""
        return [] if period in self.had else self._build_rows(period, through, closed, cells)

    def _build_rows(self, period: Period, through: date, closed: date, cells: Cells) -> list[Row]:
        """The rows of one period; missing where it may have been cut in a release that is lost."""
        barred = self.barred is not None and closed + timedelta(days=ARREARS_DAYS) <= self.barred
        name, city, year = period
        return [
            {
                "table_name": name,
                "city": city,
                "year": year,
                "value": value,
                "position": position,
                "counted": None if barred or state in (WITHHELD, MISSING) else count,
                "state": MISSING if barred else state,
                "cut_on": through,
            }
            for position, (value, count, state) in enumerate(cells)
        ]


def _whole(people: pd.DataFrame) -> Cells:
    count = int(people["victims"].sum())
    return [("victims", count, SHOWN if count else ZERO)]


def _together(cities: int, sources: int) -> bool:
    """Whether promises of all cities may be told.

    A city that subtracts its own must be left with two others at least; and with a source
    lacking nothing is known.
    """
    return cities >= FEWEST_CITIES and sources >= 3 * cities


def _by_year(database: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, Sequence[int]]]:
    for year, *counts in database.execute(_PROMISES).fetchall():
        yield year, counts


def _answers(counts: Sequence[int]) -> Cells:
    return [(name, int(n), SHOWN if n else ZERO) for name, n in zip(ANSWERS, counts, strict=True)]


def _closes(year: int) -> date:
    return date(year, 12, 31)
