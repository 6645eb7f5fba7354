"""The public tables: small tables of people's attributes and the program, frozen once.

`freeze` is what publish calls. Only whole years that have been over for ARREARS_DAYS are
frozen, each once; what was frozen before is copied, byte for byte, and never counted again,
so that no difference between two releases shows who was entered late. One that was wrong
is withdrawn, when it is asked for, and not frozen again: anybody who kept the first would read
the difference.
docs/public-tables.md says which tables there are, which are not, and against whom.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from longevity.absent import MISSING, SHOWN, WITHHELD, ZERO
from longevity.auth.viewers import STATE_SCOPE
from longevity.ingest.contract import GMI, RACES, SEXES
from longevity.privacy import suppression
from longevity.privacy.draws import DrawsByPeriod, derive_secret, draw_numbers
from longevity.privacy.suppression import AGE, FUNNEL, OF_YOUNG, UNKNOWN, Cells
from longevity.release.store import Release
from longevity.release.table_withdrawals import Period, TableHistory, group_by_period
from longevity.settings import Settings
from longevity.warehouse import connection

ARREARS_DAYS = 90
ALL_CITIES = "all"
FEWEST_CITIES = 3  # a city subtracts its own: of two, it would have the other's alone
FEWEST_SESSIONS = 2  # one session's count is of those who were in the room
ATTRIBUTES = {"sex": SEXES, "race_ethnicity": RACES, "gmi": GMI}
YOUNG_BLACK_MEN = "young_black_men"
PEOPLE_SHOT = "people_shot"  # all of them, where there is no table of YOUNG_BLACK_MEN to say it
STILL_ACTIVE = "still_active"
ANSWERS = ("kept_30", "kept_60", "kept_90", "not_kept")
FEW_PROMISES: Cells = [(name, None, WITHHELD) for name in ANSWERS]

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

# Everybody counted: a victim, and how far along the way each invitation came.
PEOPLE = """
    SELECT victims.victim_id AS id, victims.city, YEAR(located.day) AS year, victims.age_band,
        victims.sex, victims.race_ethnicity, located.gmi,
        COUNT(*) OVER (PARTITION BY victims.incident_id) AS party
    FROM victims
    INNER JOIN located USING (incident_id)
    WHERE located.counted AND victims.weapon = 'firearm'
"""
# The rules of call_in_funnel (queries/program), of sessions that all lie 90 days back.
ACTIVE, INTAKE, NO_INTAKE, NOT_COME, NOT_REACHED, CUSTODY = (
    *("active", "intake", "no_intake", "not_come", "not_reached", "in_custody"),
)
WAYS = f"""
    SELECT asked.call_in_id || ' ' || asked.person_id AS id, asked.city,
        YEAR(ANY_VALUE(call_ins.held_on)) AS year, asked.call_in_id AS session,
        CASE
            WHEN ANY_VALUE(asked.route) = 'in_custody' THEN '{CUSTODY}'
            WHEN ANY_VALUE(asked.reachable) IS DISTINCT FROM TRUE THEN '{NOT_REACHED}'
            WHEN ANY_VALUE(asked.attended) IS DISTINCT FROM 'attended' THEN '{NOT_COME}'
            WHEN COUNT(services.service_id) = 0 THEN '{NO_INTAKE}'
            WHEN BOOL_OR(
                COALESCE(services.completed_on > call_ins.held_on + 90, TRUE)
                AND services.last_contact_on >= call_ins.held_on + 60
            ) THEN '{ACTIVE}'
            ELSE '{INTAKE}'
        END AS way
    FROM invitations AS asked
    INNER JOIN call_ins USING (city, call_in_id)
    LEFT JOIN services
        ON asked.city = services.city AND asked.person_id = services.person_id
        AND services.intake_on BETWEEN call_ins.held_on AND call_ins.held_on + 30
    WHERE call_ins.held_on IS NOT NULL
    GROUP BY asked.city, asked.call_in_id, asked.person_id
"""
STEPS = {
    "invited": (NOT_REACHED, NOT_COME, NO_INTAKE, INTAKE, ACTIVE),
    "reachable": (NOT_COME, NO_INTAKE, INTAKE, ACTIVE),
    "not_reached": (NOT_REACHED,),
    "attended": (NO_INTAKE, INTAKE, ACTIVE),
    "not_come": (NOT_COME,),
    "intake_30": (INTAKE, ACTIVE),
    "no_intake_30": (NO_INTAKE,),
}

# Years wholly covered by a city's counts and over long enough; of a city whose sources hold
# only some of the people shot, such as those killed, no table of them is frozen. `cut_on` is
# the day they are complete through, which the data say and no clock.
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
    SELECT city, year, age_band, sex, race_ethnicity, gmi, party, COUNT(*) AS victims
    FROM ({PEOPLE})
    GROUP BY ALL
"""

# Where no one stated how far a source of the program goes, it is taken to go as far as the
# city's counts: its newest row is the day something happened to somebody, and neither when a
# year is frozen nor the day that is published with it may hang on one.
_END = "MIN(IF(source.derived, cities.data_through, source.day))"

_FUNNEL_YEARS = f"""
    WITH ends AS (
        SELECT source.city, {_END} AS day,
            COUNT(*) FILTER (WHERE source.extract IN ('call_ins', 'invitations')) AS required,
            BOOL_OR(source.extract = 'services') AS served,
            MAX(source.begins_on) FILTER (WHERE source.extract = 'services') AS served_from,
            MAX(source.begins_on) FILTER (WHERE source.extract <> 'services') AS asked_from
        FROM data_through AS source
        INNER JOIN cities ON source.city = CAST(cities.city AS VARCHAR)
        WHERE source.extract IN ('call_ins', 'invitations', 'services')
        GROUP BY source.city
    )
    SELECT ends.city, years.year, ends.day,
        ends.served AND COALESCE(served_from <= MAKE_DATE(years.year, 1, 1), TRUE)
    FROM ends
    INNER JOIN (
        SELECT city, YEAR(MIN(held_on)) AS first FROM call_ins
        WHERE held_on IS NOT NULL GROUP BY city
    ) AS held USING (city)
    CROSS JOIN (SELECT UNNEST(GENERATE_SERIES(1900, 2200)) AS year) AS years
    WHERE required = 2 AND years.year >= held.first
        AND COALESCE(asked_from <= MAKE_DATE(years.year, 1, 1), TRUE)
        AND ends.day >= MAKE_DATE(years.year, 12, 31) + {ARREARS_DAYS}
    ORDER BY ends.city, years.year
"""

_COUNTED = ", ".join(
    f"COUNT(*) FILTER (list_contains({list(ways)}, way)) AS {step}"
    for step, ways in (*STEPS.items(), ("active_90", (ACTIVE,)))
)
_FUNNEL = f"""
    SELECT city, year, COUNT(DISTINCT session) AS sessions, {_COUNTED}
    FROM ({WAYS})
    WHERE way <> '{CUSTODY}'
    GROUP BY ALL
"""

# Cities of which episodes are known, the least day all their sources are complete for, and
# the first year that began when the program was in all of them and the sources had begun.
_PROMISE_END = f"""
    SELECT COUNT(DISTINCT source.city), COUNT(*), {_END},
        YEAR(GREATEST(
            MAX(cities.launched_on),
            (SELECT MAX(begins_on) FROM data_through WHERE extract IN
                ('incidents', 'incident_groups', 'enforcement_actions', 'memberships', 'call_ins',
                'invitations', 'custom_notifications'))
        ) - 1) + 1
    FROM data_through AS source
    INNER JOIN cities ON source.city = CAST(cities.city AS VARCHAR)
    WHERE source.extract IN ('incidents', 'incident_groups', 'enforcement_actions')
        AND episodes_are_known(source.city)
"""

# Of each year how its episodes were answered, and in how many cities more than a few began.
_PROMISES = """
    WITH of_city AS (
        SELECT YEAR(violated_on) AS year, city, COUNT(*) AS episodes,
            COUNT(*) FILTER (first_action_on - violated_on <= 30) AS kept_30,
            COUNT(*) FILTER (first_action_on - violated_on BETWEEN 31 AND 60) AS kept_60,
            COUNT(*) FILTER (first_action_on - violated_on BETWEEN 61 AND 90) AS kept_90,
            COUNT(*) FILTER (COALESCE(first_action_on - violated_on > 90, TRUE)) AS not_kept
        FROM episodes
        GROUP BY ALL
    )
    SELECT year, COUNT(*) FILTER (episodes > $few), SUM(kept_30), SUM(kept_60), SUM(kept_90),
        SUM(not_kept)
    FROM of_city
    GROUP BY year
"""


def freeze(release: Release, settings: Settings, history: TableHistory, out: Path) -> None:
    """Write the public tables of a release to `out`: those frozen before, and those due since.

    Of those frozen before, the periods in `history.withdrawn` are missing from now on.

    A period that may have been frozen in a release that cannot be read any more is missing for
    good.
    """
    limit = settings.thresholds.withheld_up_to
    earlier = [] if history.path is None else pq.read_table(history.path, schema=SCHEMA).to_pylist()
    had = {_find_period(row) for row in earlier}
    draws = _derive_draws(release, settings)
    database = connection.open_scope(release, settings, STATE_SCOPE)
    try:
        earlier = [
            _withdraw(row) if _find_period(row) in history.withdrawn else row for row in earlier
        ]
        due = _DueTables(database, limit, had, history.barred_until, draws)
        fresh = due.build_victim_tables() + due.build_funnels(earlier)
        fresh += due.build_promises(settings.thresholds.promise_window_days)
    finally:
        database.close()
    if history.path is not None and not (fresh or history.withdrawn):
        shutil.copyfile(history.path, out)
        return
    due_periods = set(group_by_period(fresh))
    rows = sorted(
        _mark_never_given(earlier + fresh, due_periods),
        key=lambda row: (row["table_name"], row["city"], row["year"], row["position"]),
    )
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), out, compression="zstd")


def _derive_draws(release: Release, settings: Settings) -> DrawsByPeriod:
    """Derive the draws for each table: others for synthetic data, which anybody may read."""
    return partial(draw_numbers, derive_secret(settings.home), release.manifest["kind"])


def _find_period(row: Row) -> Period:
    return row["table_name"], row["city"], row["year"]


def _mark_never_given(rows: list[Row], due: Set[Period]) -> list[Row]:
    """Mark as missing, in the periods due, noughts of a value that no table of the city has.

    A source that never gives it may not ask for it, as a column of race without Hispanic. It
    follows from the tables themselves, so it says no more than they do: a table withheld
    whole says nothing of its values, and where no one was shot no one was of any.
    """
    tables = group_by_period(row for row in rows if row["table_name"] in (AGE, *ATTRIBUTES))
    known = {
        period: cells
        for period, cells in tables.items()
        if {cell["state"] for cell in cells} & {SHOWN, WITHHELD}
        and any(cell["state"] != WITHHELD for cell in cells)
    }
    given = {
        (table, city, cell["value"])
        for (table, city, _), cells in known.items()
        for cell in cells
        if cell["state"] in (SHOWN, WITHHELD)
    }
    never = {
        (*period, cell["value"])
        for period in known.keys() & due
        for cell in tables[period]
        if cell["state"] == ZERO
        and cell["value"] != UNKNOWN
        and (*period[:2], cell["value"]) not in given
    }
    # No young Black man can be counted where men, or the Black, never are.
    for _, city, year, value in list(never):
        if value in ("male", "black"):
            never |= {(YOUNG_BLACK_MEN, city, year, name) for name in (YOUNG_BLACK_MEN, "may_be")}
    return [
        row | {"counted": None, "state": MISSING}
        if (row["table_name"], row["city"], row["year"], row["value"]) in never
        else row
        for row in rows
    ]


def _withdraw(row: Row) -> Row:
    """Return a frozen row without its count.

    How many victims there were is public, and shares of other tables are of it.
    """
    return row if row["value"] == "victims" else row | {"counted": None, "state": MISSING}


@dataclass
class _DueTables:
    """The tables of what is due and was not frozen before."""

    database: duckdb.DuckDBPyConnection
    limit: int
    had: set[Period]
    barred_until: date | None
    draws: DrawsByPeriod

    def build_victim_tables(self) -> list[Row]:
        """Build the tables by city and year: each attribute one way, and young Black men of all.

        An attribute known of few victims of a city's closed years has no table, and is frozen once
        it is known of more. How many were shot is frozen with each, for shares of it. Young Black
        men are bounded by age, sex and race, so they are frozen of the same people, or not at all.
        """
        closed = self.database.execute(_VICTIM_YEARS).fetchall()
        names = [AGE, *ATTRIBUTES, YOUNG_BLACK_MEN]
        due = [
            (city, year, through)
            for city, year, through in closed
            if any((name, city, year) not in self.had for name in names)
        ]
        if not due:
            return []
        people = self.database.execute(_VICTIMS).df()
        is_closed = pd.MultiIndex.from_frame(people[["city", "year"]]).isin(
            [(city, year) for city, year, _ in closed]
        )
        # A smaller year shows nothing, and would be tied down by what is said of so few.
        is_large = people.groupby(["city", "year"])["victims"].transform("sum") > 2 * self.limit
        lists = {
            str(city): self._list_tables(known)
            for city, known in people[is_closed & is_large].groupby("city")
        }
        rows: list[Row] = []
        for city, year, through in due:
            shot = people[(people["city"] == city) & (people["year"] == year)]
            tables = lists.get(city, {})
            new_rows: list[Row] = []
            published: dict[str, Cells] = {}
            for name, values in tables.items():
                period = (name, city, year)
                cells = suppression.suppress_attribute(
                    shot, name, values, self.limit, self.draws(*period)
                )
                new_rows += self._build_due_rows(period, through, _last_day(year), cells)
                if period not in self.had:
                    published[name] = cells
            young = self._build_due_rows(
                (YOUNG_BLACK_MEN, city, year),
                through,
                _last_day(year),
                suppression.suppress_young_black_men(shot, self.limit, published)
                if published.keys() >= OF_YOUNG
                else [],
            )
            if not young and (
                new_rows
                or not self.had & {(YOUNG_BLACK_MEN, city, year), (PEOPLE_SHOT, city, year)}
            ):
                # Of the public record: what it was then is next to what it is now.
                new_rows += self._build_rows(
                    (PEOPLE_SHOT, city, year), through, _last_day(year), _build_people_shot(shot)
                )
            rows += new_rows + young
        return rows

    def _list_tables(self, people: pd.DataFrame) -> dict[str, Sequence[str]]:
        """List the attributes known of more than a few people, each with the values of its table.

        `people`: those counted in the closed years of a city that are not small. One
        who is counted in none, or in a year that may still change, must not be seen from what is
        published.
        """
        tables: dict[str, Sequence[str]] = {}
        for name in (AGE, *ATTRIBUTES):
            known = people[people[name] != UNKNOWN].groupby(name)["victims"].sum()
            if known.sum() > self.limit:
                tables[name] = (
                    suppression.list_age_bands(known.to_dict(), self.limit)
                    if name == AGE
                    else ATTRIBUTES[name]
                )
        return tables

    def build_funnels(self, earlier: list[Row]) -> list[Row]:
        """Build the tables by city and year of members not in custody; who stayed, by two years."""
        closed = self.database.execute(_FUNNEL_YEARS).fetchall()
        tables = ("funnel", STILL_ACTIVE)
        if all((name, city, year) in self.had for city, year, *_ in closed for name in tables):
            return []
        by_year = {
            (row.pop("city"), row.pop("year")): {name: int(n) for name, n in row.items()}
            for row in self.database.execute(_FUNNEL).df().to_dict("records")
        }
        zeros = dict.fromkeys(("sessions", *FUNNEL, "active_90"), 0)
        rows: list[Row] = []
        for city, year, through, served in closed:
            counts = by_year.get((city, year), zeros)
            one_session = 0 < counts["sessions"] < FEWEST_SESSIONS
            cells = suppression.suppress_funnel(counts, bool(served), self.limit, one_session)
            rows += self._build_due_rows(("funnel", city, year), through, _last_day(year), cells)
        began = {
            (row["city"], row["year"]): (row["counted"], row["state"])
            for row in (*earlier, *rows)
            if row["table_name"] == "funnel" and row["value"] == "intake_30"
        }
        for city, year, through, _ in closed:
            both = [(city, year - 1), (city, year)]
            # Two years at a time that never overlap, and both in the table by year.
            if year % 2 == 0 or any(period not in began for period in both):
                continue
            pair = [by_year.get(period, zeros) for period in both]
            now, active = (
                sum(counts[name] for counts in pair) for name in ("intake_30", "active_90")
            )
            cell = suppression.suppress_still_active(
                [began[period] for period in both], now, active, self.limit
            )
            rows += self._build_due_rows(
                (STILL_ACTIVE, city, year), through, _last_day(year), [("active_90", *cell)]
            )
        return rows

    def build_promises(self, window_days: int) -> list[Row]:
        """Build the table of all cities by the year an episode began; episodes are no persons.

        A year in which fewer than FEWEST_CITIES had more than a few is withheld whole: each city
        subtracts its own, and would have the few of another.
        """
        cities, sources, through, first = self.database.execute(_PROMISE_END).fetchall()[0]
        if not _may_publish_promises(cities, sources):
            return []
        by_year = _read_promise_cells(self.database, self.limit)
        rows: list[Row] = []
        for year in range(first, through.year):
            closed = _last_day(year) + timedelta(days=max(90, window_days))
            if through < closed + timedelta(days=ARREARS_DAYS):
                break
            cells = by_year.get(year, FEW_PROMISES)
            rows += self._build_due_rows(("promises", ALL_CITIES, year), through, closed, cells)
        return rows

    def _build_due_rows(
        self, period: Period, through: date, closed: date, cells: Cells
    ) -> list[Row]:
        """Build the rows of one period unless it was frozen before."""
        return [] if period in self.had else self._build_rows(period, through, closed, cells)

    def _build_rows(self, period: Period, through: date, closed: date, cells: Cells) -> list[Row]:
        """Build the rows of a period; missing where a release that is lost may have frozen it."""
        barred = (
            self.barred_until is not None
            and closed + timedelta(days=ARREARS_DAYS) <= self.barred_until
        )
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


def _build_people_shot(people: pd.DataFrame) -> Cells:
    count = int(people["victims"].sum())
    return [("victims", count, SHOWN if count else ZERO)]


def _may_publish_promises(cities: int, sources: int) -> bool:
    """Return whether promises of all cities may be published.

    A city that subtracts its own must be left with two others at least; and with a source
    lacking nothing is known.
    """
    return cities >= FEWEST_CITIES and sources >= 3 * cities


def _read_promise_cells(database: duckdb.DuckDBPyConnection, limit: int) -> dict[int, Cells]:
    """Read by year how episodes were answered; withheld where few cities had more than a few."""
    return {
        year: [(n, int(c), SHOWN if c else ZERO) for n, c in zip(ANSWERS, counts, strict=True)]
        if cities >= FEWEST_CITIES
        else FEW_PROMISES
        for year, cities, *counts in database.execute(_PROMISES, {"few": limit}).fetchall()
    }


def _last_day(year: int) -> date:
    return date(year, 12, 31)
