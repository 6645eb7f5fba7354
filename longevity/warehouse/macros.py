"""SQL macros that several queries use.

They read the small tables of `facts.py`: the cities, `data_through`, and `zeros` (0 for each count
that a city's sources hold, null for each they do not). Macros about groups and the program's
promise to them are in `longevity/promises/tables.py`.
"""

from __future__ import annotations

import duckdb

from longevity.ingest import contract

MACROS = (
    # Whether a city supplied an extract. What it did not supply is not known, which is not zero.
    """
        CREATE MACRO has_supplied(of_city, name) AS
        CAST(of_city AS VARCHAR) IN (
            SELECT data_through.city FROM data_through WHERE data_through.extract = name
        )
    """,
    # Zero where a city supplied an extract that covers the days from `since`, so that none on file
    # means that there was none; else null, which is not known.
    """
        CREATE MACRO zero_since(of_city, name, since) AS (
            SELECT MIN(0) -- null where there is no such row
            FROM data_through
            WHERE data_through.city = CAST(of_city AS VARCHAR)
                AND data_through.extract = name
                AND COALESCE(since >= data_through.begins_on, TRUE)
                AND COALESCE(since <= data_through.day, TRUE)
        )
    """,
    # The cities that supplied all of some extracts, and the last day on which all of those were
    # complete, at most `as_of`; `begins_on` is the first, null where no source said one. Victims
    # are not supplied by a city whose sources do not hold every shooting.
    """
        CREATE MACRO supplied_cities(extracts, as_of) AS TABLE
        SELECT data_through.city, LEAST(as_of, MIN(data_through.day)) AS last_day,
            MAX(data_through.begins_on) AS begins_on
        FROM data_through
        INNER JOIN zeros ON data_through.city = CAST(zeros.city AS VARCHAR)
        WHERE list_contains(extracts, data_through.extract)
            AND (zeros.incidents IS NOT NULL OR NOT list_contains(extracts, 'victims'))
        GROUP BY data_through.city
        HAVING COUNT(*) = ANY_VALUE(len(extracts))
    """,
    # The same with the first day of a period: `since`, but not before all the extracts begin. With
    # a null `since` it is the year that ends on `last_day`; a city whose extracts begin within that
    # year is left out, as part of a year would be read as the whole.
    """
        CREATE MACRO supplied_spans(extracts, as_of, since) AS TABLE
        SELECT city,
            GREATEST(
                COALESCE(since, CAST(last_day - INTERVAL 1 YEAR AS DATE) + 1), begins_on
            ) AS first_day,
            last_day
        FROM supplied_cities(extracts, as_of)
        WHERE since IS NOT NULL
            OR COALESCE(begins_on <= CAST(last_day - INTERVAL 1 YEAR AS DATE) + 1, TRUE)
    """,
    # The year to the last day on which an extract was complete, of each city that supplied it. Of a
    # file that begins within the year `zero` is null: how many there were in it is not known.
    """
        CREATE MACRO twelve_months(name, as_of) AS TABLE
        SELECT city, last_day, CAST(last_day - INTERVAL 1 YEAR AS DATE) + 1 AS first_day,
            zero_since(city, name, first_day) AS zero
        FROM supplied_cities([name], as_of)
    """,
    # The cities whose counts cover some of a half-open period, and which days of it. For any other
    # city the period's count is not known, which is not zero.
    """
        CREATE MACRO covered_cities(date_from, date_until) AS TABLE
        SELECT known.city, known.week_ends_iso, known.starts_on, known.data_through,
            GREATEST(date_from, known.starts_on) AS first_day,
            LEAST(date_until - 1, known.data_through) AS last_day
        FROM cities AS known
        WHERE known.starts_on < date_until
            AND known.data_through >= date_from
    """,
)
# Of rows, so only in scopes that may read them.
ROW_MACROS = (
    # Who was shot in a half-open period, of those that are counted.
    """
        CREATE MACRO people_shot(date_from, date_until) AS TABLE
        SELECT victims.city, victims.outcome, victims.age_band, victims.sex,
            victims.race_ethnicity
        FROM victims
        INNER JOIN located USING (incident_id)
        INNER JOIN cities ON victims.city = CAST(cities.city AS VARCHAR)
        WHERE located.counted
            AND victims.weapon = 'firearm'
            AND located.day >= date_from
            AND located.day < date_until
            AND located.day >= cities.starts_on
            AND located.day <= cities.data_through
    """,
    # The counted shootings of a city, from a first day to the last, as they were known on the last
    # day: where the weekly review settled one later, `gmi` (group-member-involved) is unknown.
    """
        CREATE MACRO shootings_as_of(of_city, first_day, last_day) AS TABLE
        SELECT located.incident_id, located.day,
            CASE WHEN incidents.reviewed_on <= last_day THEN incidents.reviewed_on END
                AS reviewed_on,
            CASE WHEN incidents.reviewed_on > last_day THEN 'unknown' ELSE incidents.gmi END AS gmi
        FROM located
        INNER JOIN incidents USING (city, incident_id)
        WHERE located.city = of_city
            AND located.day >= first_day
            AND located.day <= last_day
            AND located.counted
            AND located.victims > 0
    """,
    # How many actions on a group of a city do not say on which, from `since` on, or ever. Each may
    # have answered a case that is missed.
    """
        CREATE MACRO count_unnamed_actions(of_city, since, as_of) AS (
            SELECT COUNT(*)
            FROM enforcement_actions
            WHERE enforcement_actions.city = CAST(of_city AS VARCHAR)
                AND scope = 'group'
                AND group_id IS NULL
                AND acted_on <= as_of
                AND COALESCE(acted_on >= since, TRUE)
        )
    """,
    # A row for each group, as its newest audit describes it (or its one row, if never audited).
    """
        CREATE MACRO audited_groups() AS TABLE
        SELECT city, group_id,
            ARG_MAX(label, COALESCE(audited_on, DATE '0001-01-01')) AS label,
            MIN(active_from) AS active_from,
            ARG_MAX_NULL(active_until, COALESCE(audited_on, DATE '0001-01-01')) AS active_until
        FROM groups
        GROUP BY city, group_id
    """,
)


def create_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the macros that need no rows; the tables of `facts` have to be there."""
    for macro in MACROS:
        connection.execute(macro)


def create_row_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the macros that read extracts, and the view `extract_rows`.

    `extract_rows` has how many rows of this scope each extract has for each city.
    """
    for macro in ROW_MACROS:
        connection.execute(macro)
    counts = " UNION ALL ".join(
        f"SELECT '{name}' AS extract, city, COUNT(*) AS rows FROM {name} GROUP BY city"
        for name in contract.BY_NAME
    )
    connection.execute(f"CREATE VIEW extract_rows AS {counts}")
