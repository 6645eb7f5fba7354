"""The public tables: yearly counts about people and the program that everybody may read.

A table, such as victims by age in one city and year, is *frozen*: counted once, when the year has
been over for ARREARS_DAYS, with small counts withheld (`suppression.py`). Later releases copy it
and never count it again: the difference of two counts would show a person who was entered late.
Only the number of all people shot, which is public anyway, is given anew with a later table.
For the same reason a wrong table is withdrawn and not replaced. `freeze` is called by publish.
docs/public-tables.md lists the tables and says what each protects against.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from longevity.auth.viewers import STATE_SCOPE
from longevity.ingest.contract import GMI, RACES, SEXES
from longevity.privacy import suppression
from longevity.privacy.draws import DrawsByPeriod, draw_numbers
from longevity.privacy.suppression import AGE, FUNNEL, OF_YOUNG, UNKNOWN, Cells
from longevity.release import signing
from longevity.release.store import Release
from longevity.release.table_withdrawals import Period, TableHistory, group_by_period
from longevity.settings import Settings
from longevity.warehouse import connection
from longevity.words.absent import MISSING, SHOWN, WITHHELD, ZERO

ARREARS_DAYS = 90
ALL_CITIES = "all"
FEWEST_CITIES = 3  # in a sum of two, each city could subtract its own and have the other's
FEWEST_SESSIONS = 2  # everybody who was at a single session knows whom its counts are of
ATTRIBUTES = {"sex": SEXES, "race_ethnicity": RACES, "gmi": GMI}
YOUNG_BLACK_MEN = "young_black_men"
PEOPLE_SHOT = "people_shot"  # all victims; where no table YOUNG_BLACK_MEN is made with the others
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

# A row for each person shot; `party`: how many were shot in the same incident.
PEOPLE = """
    SELECT victims.victim_id AS id, victims.city, YEAR(located.day) AS year, victims.age_band,
        victims.sex, victims.race_ethnicity, located.gmi,
        COUNT(*) OVER (PARTITION BY victims.incident_id) AS party
    FROM victims
    INNER JOIN located USING (incident_id)
    WHERE located.counted AND victims.weapon = 'firearm'
"""
# A row for each person invited to a call-in; `way`: how far they came, from not reached to still
# active in a service after 90 days. The rules are those of the query call_in_funnel; all sessions
# are at least 90 days back.
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
# Each step of the funnel, and the ways that count for it.
STEPS = {
    "invited": (NOT_REACHED, NOT_COME, NO_INTAKE, INTAKE, ACTIVE),
    "reachable": (NOT_COME, NO_INTAKE, INTAKE, ACTIVE),
    "not_reached": (NOT_REACHED,),
    "attended": (NO_INTAKE, INTAKE, ACTIVE),
    "not_come": (NOT_COME,),
    "intake_30": (INTAKE, ACTIVE),
    "no_intake_30": (NO_INTAKE,),
}

# The years that a city's counts cover wholly and that have been over long enough, with the day the
# data are complete through (which becomes `cut_on`). None for a city whose sources list only some
# of the people shot, such as those killed.
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

# The last day of a source about the program. Where the city did not state it, it is that of the
# city's counts and not of the source's newest row: that is the day something happened to one
# person, who could then be seen in when a year is frozen or in the day published with it. A file
# can end years before the counts do, so where no day is stated a year is frozen as missing, not as
# zero, if nothing on file is as recent as what it would answer. This gives no one away: no day
# depends on it, and "missing" says that there is no such row at all.
_END = "MIN(IF(source.derived, cities.data_through, source.day))"

# The years for which the funnel can be counted, with the last day of the data, and whether the
# city's files of invitations and of services answer for the year.
_FUNNEL_YEARS = f"""
    WITH ends AS (
        SELECT source.city, {_END} AS day,
            COUNT(*) FILTER (WHERE source.extract IN ('call_ins', 'invitations')) AS required,
            BOOL_OR(source.extract = 'services') AS served,
            BOOL_OR(source.derived) FILTER (WHERE source.extract = 'services') AS served_derived,
            BOOL_OR(source.derived) FILTER (WHERE source.extract <> 'services') AS asked_derived,
            MAX(source.begins_on) FILTER (WHERE source.extract = 'services') AS served_from,
            MAX(source.begins_on) FILTER (WHERE source.extract <> 'services') AS asked_from
        FROM data_through AS source
        INNER JOIN cities ON source.city = CAST(cities.city AS VARCHAR)
        WHERE source.extract IN ('call_ins', 'invitations', 'services')
        GROUP BY source.city
    ),
    sessions AS (
        SELECT city, held_on FROM call_ins SEMI JOIN invitations USING (city, call_in_id)
        WHERE held_on IS NOT NULL
    )
    SELECT ends.city, years.year, ends.day,
        NOT asked_derived
        OR (SELECT YEAR(MAX(held_on)) FROM sessions WHERE city = ends.city) >= years.year,
        ends.served AND COALESCE(served_from <= MAKE_DATE(years.year, 1, 1), TRUE)
        AND (
            NOT served_derived
            OR (
                SELECT MAX(GREATEST(offered_on, intake_on, last_contact_on)) FROM services
                WHERE city = ends.city
            ) >= COALESCE(
                (
                    SELECT MAX(held_on) FROM sessions
                    WHERE city = ends.city AND YEAR(held_on) = years.year
                ),
                MAKE_DATE(years.year, 1, 1)
            )
        )
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

# One row: how many cities have episodes (violations of the promise and their answers), how many of
# the three sources they have together, the last day all of these are complete for, the first year
# that began with the program and the sources in place in all of them, and the last year that those
# without a stated day answer for (null where all have one).
_PROMISE_END = f"""
    SELECT COUNT(DISTINCT source.city), COUNT(*), {_END},
        YEAR(GREATEST(
            MAX(cities.launched_on),
            (SELECT MAX(begins_on) FROM data_through WHERE extract IN
                ('incidents', 'incident_groups', 'enforcement_actions', 'memberships', 'call_ins',
                'invitations', 'custom_notifications'))
        ) - 1) + 1,
        (
            SELECT MIN(YEAR(newest.day)) FROM data_through AS undated
            INNER JOIN (
                SELECT 'enforcement_actions' AS extract, city, MAX(acted_on) AS day
                FROM enforcement_actions GROUP BY city
                UNION ALL
                SELECT 'incident_groups', city, MAX(located.day)
                FROM incident_groups INNER JOIN located USING (city, incident_id) GROUP BY city
            ) AS newest USING (extract, city)
            WHERE undated.derived AND episodes_are_known(undated.city)
        )
    FROM data_through AS source
    INNER JOIN cities ON source.city = CAST(cities.city AS VARCHAR)
    WHERE source.extract IN ('incidents', 'incident_groups', 'enforcement_actions')
        AND episodes_are_known(source.city)
"""

# A row for each year: in how many cities more than $few episodes began, and how many were answered
# within 30, 60 and 90 days or not.
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
    """Write the public tables of a release to `out`: those frozen before, and those due now.

    `history` says which those of earlier releases are, and which tables were withdrawn: they are
    missing from now on. So is for good what may have been frozen in a release that is lost.
    """
    limit = settings.thresholds.withheld_up_to
    earlier = [] if history.path is None else pq.read_table(history.path, schema=SCHEMA).to_pylist()
    had = {_find_period(row) for row in earlier}
    # Synthetic data get other draws than real ones.
    secret = signing.derive_secret(settings.home, "which cells are withheld")
    draws = partial(draw_numbers, secret, release.manifest["kind"])
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


def _find_period(row: Row) -> Period:
    return row["table_name"], row["city"], row["year"]


def _mark_never_given(rows: list[Row], due: Set[Period]) -> list[Row]:
    """Return the rows, with a zero as missing where it is not known to be one.

    A city whose file knows no "hispanic" would have 0 every year; so would one in a year of which
    the attribute is known of fewer people than not, as after its words were changed. Only new
    tables (`due`) are changed. It is decided from the public tables alone, so that it gives away
    nothing: those withheld whole, or without victims, are not looked at.
    """
    tables = group_by_period(row for row in rows if row["table_name"] in (AGE, *ATTRIBUTES))
    # The tables that say something, by (table, city, year).
    known = {
        period: cells
        for period, cells in tables.items()
        if {cell["state"] for cell in cells} & {SHOWN, WITHHELD}
        and any(cell["state"] != WITHHELD for cell in cells)
    }
    # The values that a city has ever counted in one of its tables.
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
        and ((*period[:2], cell["value"]) not in given or _is_mostly_unknown(tables[period]))
    }
    # No young Black man can be counted where men, or Black people, never are.
    for _, city, year, value in list(never):
        if value in ("male", "black"):
            never |= {(YOUNG_BLACK_MEN, city, year, name) for name in (YOUNG_BLACK_MEN, "may_be")}
    return [
        row | {"counted": None, "state": MISSING}
        if (row["table_name"], row["city"], row["year"], row["value"]) in never
        else row
        for row in rows
    ]


def _is_mostly_unknown(cells: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether a table shows more people as unknown than with all its other values."""
    shown = {cell["value"]: cell["counted"] for cell in cells if cell["state"] == SHOWN}
    return bool(2 * shown.get(UNKNOWN, 0) > sum(shown.values()))


def _withdraw(row: Row) -> Row:
    """Return a frozen row without its count.

    The number of all victims is kept: it is public anyhow, and the base of other tables' shares.
    """
    return row if row["value"] == "victims" else row | {"counted": None, "state": MISSING}


@dataclass
class _DueTables:
    """Builds the tables that are due: their year is closed and they were not frozen before.

    `limit`: counts from 1 to this are withheld; `had`: what was frozen before, as (table, city,
    year); `barred_until`: what was due by this day may have been frozen in a release that is lost.
    """

    database: duckdb.DuckDBPyConnection
    limit: int
    had: set[Period]
    barred_until: date | None
    draws: DrawsByPeriod

    def build_victim_tables(self) -> list[Row]:
        """Build the tables of victims by city and year: one an attribute, and young Black men.

        An attribute that is known of few victims of a city has no table until it is known of more.
        The table of young Black men is made only together with those by age, sex and race of the
        same year: it must not give away their withheld cells. Where it is not made, `people_shot`
        has the number of all victims, the base for shares.
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
        # Smaller years show nothing, and do not decide which tables a city has: the list of tables
        # would tell about the few people of such a year.
        is_large = people.groupby(["city", "year"])["victims"].transform("sum") > 2 * self.limit
        lists = {
            str(city): self._list_tables(known)
            for city, known in people[is_closed & is_large].groupby("city")
        }
        rows: list[Row] = []
        for city, year, through in due:
            shot = people[(people["city"] == city) & (people["year"] == year)]
            rows += self._build_victim_year(city, year, through, shot, lists.get(city, {}))
        return rows

    def _build_victim_year(
        self,
        city: str,
        year: int,
        through: date,
        shot: pd.DataFrame,
        tables: dict[str, Sequence[str]],
    ) -> list[Row]:
        """Build the tables of the victims of one city and year, `shot`, that are due.

        By attribute, as `tables` lists them with their values; then young Black men, else the
        number of all victims.
        """
        rows: list[Row] = []
        closed = _last_day(year)
        published: dict[str, Cells] = {}
        for name, values in tables.items():
            period = (name, city, year)
            cells = suppression.suppress_attribute(
                shot, name, values, self.limit, self.draws(*period)
            )
            rows += self._build_due_rows(period, through, closed, cells)
            if period not in self.had:  # frozen now, so of the same people as `young`
                published[name] = cells
        young = self._build_due_rows(
            (YOUNG_BLACK_MEN, city, year),
            through,
            closed,
            suppression.suppress_young_black_men(shot, self.limit, published)
            if published.keys() >= OF_YOUNG
            else [],
        )
        if not young and (
            rows or not self.had & {(YOUNG_BLACK_MEN, city, year), (PEOPLE_SHOT, city, year)}
        ):
            # The number of all victims is no secret: today's is in the public counts.
            rows += self._build_rows(
                (PEOPLE_SHOT, city, year), through, closed, _build_people_shot(shot)
            )
        return rows + young

    def _list_tables(self, people: pd.DataFrame) -> dict[str, Sequence[str]]:
        """Return a city's tables: the attributes known of more than a few people, and their values.

        {"sex": ("female", "male", "unknown")}. `people`: the victims of the city's closed years,
        without those of years too small to be shown. If they were among them, the list of
        tables and age bands would depend on people who are counted in none of them.
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
        """Build the funnel of each city and year: how many of those invited came, and so on.

        People in custody are left out. How many were still in a service after 90 days is counted
        over two years together. `earlier`: the rows frozen before.
        """
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
        for city, year, through, asked, served in closed:
            counts = by_year.get((city, year), zeros)
            one_session = 0 < counts["sessions"] < FEWEST_SESSIONS
            cells = suppression.suppress_funnel(
                counts, served=bool(served), limit=self.limit, one_session=one_session
            )
            if not asked:
                cells = [(name, None, MISSING) for name, *_ in cells]
            rows += self._build_due_rows(("funnel", city, year), through, _last_day(year), cells)
        began = {
            (row["city"], row["year"]): (row["counted"], row["state"])
            for row in (*earlier, *rows)
            if row["table_name"] == "funnel" and row["value"] == "intake_30"
        }
        for city, year, through, *_ in closed:
            both = [(city, year - 1), (city, year)]
            # Pairs of years that never overlap, and of which both have a funnel.
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
        """Build the yearly table of how episodes were answered, of all cities together.

        Episodes are not people, so small counts are shown. But a year is withheld whole where fewer
        than FEWEST_CITIES had more than a few: a city could subtract its own from the sum.
        """
        (known,) = self.database.execute(_PROMISE_END).fetchall()
        cities, sources, through, first, answered = known
        if not _may_publish_promises(cities, sources):
            return []
        by_year = _read_promise_cells(self.database, self.limit)
        rows: list[Row] = []
        for year in range(first, through.year):
            closed = _last_day(year) + timedelta(days=max(90, window_days))
            if through < closed + timedelta(days=ARREARS_DAYS):
                break
            cells = by_year.get(year, FEW_PROMISES)
            if answered is not None and year > answered:
                cells = [(name, None, MISSING) for name in ANSWERS]
            rows += self._build_due_rows(("promises", ALL_CITIES, year), through, closed, cells)
        return rows

    def _build_due_rows(
        self, period: Period, through: date, closed: date, cells: Cells
    ) -> list[Row]:
        """Build the rows of a table, named by `period`, unless it was frozen before."""
        return [] if period in self.had else self._build_rows(period, through, closed, cells)

    def _build_rows(self, period: Period, through: date, closed: date, cells: Cells) -> list[Row]:
        """Build the rows of a table: `period` names it, ("sex", "hartford", 2024).

        `closed` is the day its year is over. The counts are missing where a release that is lost
        may have frozen the table before.
        """
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
    """Return whether the promise may be published for all cities together.

    It takes so many cities that one which subtracts its own is left with a sum of two others, and
    all three sources of each (`_PROMISE_END`).
    """
    return cities >= FEWEST_CITIES and sources >= 3 * cities


def _read_promise_cells(database: duckdb.DuckDBPyConnection, limit: int) -> dict[int, Cells]:
    """Return the cells of each year's table of promises; withheld where too few cities had many."""
    return {
        year: [(n, int(c), SHOWN if c else ZERO) for n, c in zip(ANSWERS, counts, strict=True)]
        if cities >= FEWEST_CITIES
        else FEW_PROMISES
        for year, cities, *counts in database.execute(_PROMISES, {"few": limit}).fetchall()
    }


def _last_day(year: int) -> date:
    return date(year, 12, 31)
