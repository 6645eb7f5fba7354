"""From rows read to rows of extracts: make keys, refuse duplicates, merge rows of one event.

The rows are in one DuckDB table for each extract (`incidents`, `victims`, …), with the number of
their row in the source as `row`.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf

from longevity.base.scratch import quote_text
from longevity.geography import stacked_points
from longevity.ingest.contract import BY_NAME, LONGEST_CODE, Extract
from longevity.ingest.importing.mapping import ExtractRule
from longevity.ingest.importing.rows import COUNTS, ImportTerms

DAYS_OF_ONE_EVENT = 2  # an event past midnight, entered a day late
# More people hit in one incident than this is rarer than a mistyped count or a code used
# twice; it happens, so it is pointed out and never refused.
MANY_VICTIMS = 20
# If at least 20 rows have the time 00:00, and three times as many as any other time, 00:00 means
# that the time is unknown: by chance it has one row in 1,440, or one in 24 where hours are rounded.
LEAST_FOR_MIDNIGHTS, TIMES_THE_NEXT = 20, 3

KEYLESS = "No key given, kept as a row of its own with a made-up key"
APART = "More than two days after the event before of their {key}, kept as events of their own"
PILED = (
    "On a coordinate that means a whole city, location_precision set to `city`. If it is one "
    "place, name the column of its address: address = … under [incidents]"
)
MANY = f"More than {MANY_VICTIMS} victims in one incident (kept; a count may be mistyped)"
MIDNIGHTS = (
    "Far more times are 00:00 than any other, so these mean that the hour is unknown: their "
    "precision is `day`. If they are midnight, set midnight_is_unknown = false"
)


def complete_rows(terms: ImportTerms) -> None:
    """Refuse rows that are empty or contradict themselves; fill in what one extract has of another.

    A row that gives an incident and a victim may have a death before the incident, for example.
    """
    log, extracts = terms.log, terms.mapping.extracts
    used = " UNION ALL ".join(f"SELECT row FROM {name}" for name in extracts)
    log.refuse_found(
        "'nothing_in_row'",
        "SELECT row, 'The row fills no extract.' AS sentence FROM source "
        f"WHERE raw IS NULL AND row NOT IN ({used})",
    )
    ordered = [(name, *days) for name, rule in extracts.items() for days in rule.extract.in_order]
    if "incidents" in extracts:
        terms.connection.execute(
            "UPDATE incidents SET occurred_at = date_trunc('day', occurred_at) "
            "WHERE occurred_precision = 'day'"
        )
        if "victims" in extracts:
            ordered.append(("victims JOIN incidents USING (row)", "occurred_at", "died_on"))
    for table, earlier, later in ordered:
        log.refuse_found(
            "'dates_out_of_order'",
            f"SELECT row, $$'{later}' comes before '{earlier}'.$$ AS sentence FROM {table} "
            f"WHERE CAST({later} AS DATE) < CAST({earlier} AS DATE)",
        )
    if "victims" in extracts:
        log.refuse_found(
            "'wounded_and_died'",
            "SELECT row, 'A nonfatal victim has a day of death.' AS sentence FROM victims "
            "WHERE outcome = 'nonfatal' AND died_on IS NOT NULL",
        )
    _inherit(terms)


def _inherit(terms: ImportTerms) -> None:
    """Fill the columns that an extract takes from another extract of the same source row.

    Such as a victim's `incident_id` and `city`, from the incident in that row.
    """
    extracts = terms.mapping.extracts
    for name, rule in extracts.items():
        for column in rule.inherited:
            giver, theirs = column.parent or (
                next(name for name, other in extracts.items() if "city" in other.columns),
                "city",
            )
            if giver in extracts:
                terms.connection.execute(
                    f"UPDATE {name} SET {column.name} = giver.{theirs} FROM {giver} AS giver "
                    f"WHERE {name}.row = giver.row"
                )


def refuse_repeated(terms: ImportTerms, known: MappingOf[str, str | None]) -> None:
    """Make the keys that are missing, and refuse rows whose key was there before.

    `known`: by extract, SQL of the rows that other sources brought into the same folder, with the
    source's name as `_part`; None where there are none. A key used on days far apart is taken for
    several events.
    """
    mapping, log = terms.mapping, terms.log
    log.drop_refused(mapping.extracts)
    rules = [rule for rule in mapping.extracts.values() if rule.spread is None]
    for rule in rules:
        if rule.extract.own_key:
            _make_keys(terms, rule)
    _inherit(terms)
    for rule in rules:
        if rule.once_per_key:
            _part_by_day(terms, rule.extract)
    if "victims" in mapping.extracts and mapping.spread is None:
        _number_victims(terms)
    for rule in rules:
        _refuse_known(terms, rule.extract, known.get(rule.extract.name))
        if not rule.once_per_key:
            again = "row > min(row) OVER same"
            said = "format('row {:,}.', min(row) OVER same)"
            _refuse_rows(terms, rule.extract, "duplicate_key", again, said)
    log.drop_refused(mapping.extracts)
    for rule in rules:
        if rule.once_per_key:
            other = "city <> arg_min(city, row) OVER same"
            _refuse_rows(terms, rule.extract, "key_contradicts", other, "'a row of another city.'")
    log.drop_refused(mapping.extracts)


def join_events(terms: ImportTerms) -> None:
    """Merge the rows of one event, mark times and points that mean "unknown", make victims."""
    mapping = terms.mapping
    for rule in mapping.extracts.values():
        if rule.once_per_key and rule.spread is None:
            _merge_rows(terms, rule.extract)
    if "incidents" in mapping.extracts:
        _mark_midnights(terms)
        _mark_piled(terms)
    if mapping.spread is not None:
        _make_victims(terms)
    if "victims" in mapping.extracts:
        terms.log.note_found(
            MANY,
            "SELECT min(row) AS row FROM victims GROUP BY incident_id "
            f"HAVING count(*) > {MANY_VICTIMS}",
        )


# --- keys -------------------------------------------------------------------------


def _make_keys(terms: ImportTerms, rule: ExtractRule) -> None:
    """Give each row without a key a made-up one: a hash of its content, numbered for equal rows."""
    name, key = rule.extract.name, rule.extract.key[0]
    if key in rule.columns:
        terms.log.note_found(KEYLESS, f"SELECT row FROM {name} WHERE {key} IS NULL")
    if name == "victims":  # `_number_victims` makes the keys of victims
        return
    extracts = terms.mapping.extracts
    # Without the address: someone who has the key could try all addresses until one fits.
    content = ", ".join(
        f"CAST({extract}.{column} AS VARCHAR)"
        for extract in extracts
        for column in (*BY_NAME[extract].schema.names, *COUNTS)
    )
    others = "".join(f" LEFT JOIN {n} USING (row)" for n in extracts if n != name)
    terms.connection.execute(f"""
        UPDATE {name} SET {key} = 'r' || digest || if(times > 1, '-' || times, '') FROM (
            SELECT *, row_number() OVER (PARTITION BY digest ORDER BY row) AS times FROM (
                SELECT row, left(md5(CAST([{content}] AS VARCHAR)), 16) AS digest
                FROM {name}{others} WHERE {name}.{key} IS NULL
            )
        ) AS made WHERE {name}.row = made.row
    """)


def _part_by_day(terms: ImportTerms, extract: Extract) -> None:
    """Give a new key, `17:2`, to rows more than two days after the rows before them with key `17`.

    The source used the key again for another event, whose victims must not be lost as duplicates.
    Columns of the same source row that refer to the key are changed too.
    """
    name, key, event = extract.name, extract.key[0], extract.event
    if not extract.own_key or event is None:
        return
    terms.connection.execute(f"""
        CREATE OR REPLACE TABLE apart AS
        SELECT row, code, if(
            length(fresh) > {LONGEST_CODE} OR fresh IN (SELECT {key} FROM {name}),
            'r' || md5(fresh), fresh
        ) AS fresh
        FROM (
            SELECT row, code, code || ':' || 1 + sum(CAST(is_new AS INTEGER)) OVER (
                PARTITION BY code ORDER BY day, row
            ) AS fresh
            FROM (
                SELECT row, {key} AS code, CAST({event} AS DATE) AS day, day - lag(day) OVER (
                    PARTITION BY {key} ORDER BY {event}, row
                ) > {DAYS_OF_ONE_EVENT} AS is_new
                FROM {name} WHERE {event} IS NOT NULL
            )
        )
        WHERE NOT ends_with(fresh, ':1')
    """)
    terms.log.note_found(APART.format(key=key), "SELECT row FROM apart")
    for other in terms.mapping.extracts:
        for column in BY_NAME[other].columns:
            if (other, column.name) == (name, key) or column.parent == (name, key):
                terms.connection.execute(f"""
                    UPDATE {other} SET {column.name} = fresh FROM apart
                    WHERE {other}.row = apart.row AND {other}.{column.name} = code
                """)


def _number_victims(terms: ImportTerms) -> None:
    """Give victims without a key one: `<incident>-1`, `<incident>-2`, …; a hash if too long."""
    terms.connection.execute(f"""
        CREATE OR REPLACE TABLE victims AS
        SELECT * EXCLUDE (place, name) REPLACE (
            coalesce(victim_id, if(length(name) > {LONGEST_CODE}, 'v' || md5(name), name))
            AS victim_id
        ) FROM (
            SELECT *, rowid AS place, incident_id || '-' || row_number() OVER (
                PARTITION BY incident_id, victim_id IS NULL ORDER BY rowid
            ) AS name FROM victims
        ) ORDER BY place
    """)


# --- duplicates -------------------------------------------------------------------


def _refuse_known(terms: ImportTerms, extract: Extract, known: str | None) -> None:
    """Refuse rows whose key another source of the same folder already brought."""
    if known is None:
        return
    same = " AND ".join(f"this.{key} IS NOT DISTINCT FROM known.{key}" for key in extract.key)
    said = quote_text(f"{_name_key(extract)} was already imported from another source (")
    terms.log.refuse_found(
        "'duplicate_key'",
        f"""
        SELECT this.row, {said} || min(_part) || ').' AS sentence
        FROM {extract.name} AS this JOIN ({known}) AS known ON {same} GROUP BY this.row
        """,
    )


def _refuse_rows(terms: ImportTerms, extract: Extract, rule: str, is_wrong: str, said: str) -> None:
    """Refuse rows that do not go with the first of their key: `is_wrong`, SQL over those of `same`.

    `said`: SQL for the sentence after the key.
    """
    terms.log.refuse_found(
        quote_text(rule),
        f"""
        SELECT row, {quote_text(f"{_name_key(extract)} is that of ")} || {said} AS sentence
        FROM {extract.name} WINDOW same AS (PARTITION BY {", ".join(extract.key)})
        QUALIFY {is_wrong} ORDER BY row
        """,
    )


def _name_key(extract: Extract) -> str:
    """Return the key of an extract in words: "'incident_id' (incidents)"."""
    return " with ".join(f"'{name}'" for name in extract.key) + f" ({extract.name})"


# --- one event from many rows -------------------------------------------------------


def _merge_rows(terms: ImportTerms, extract: Extract) -> None:
    """Merge the rows of one key: each column gets its first value that is not empty or unknown.

    First by day, then rows with a known time before others, then by their order in the source.
    Where the values differ the import says so.
    """
    name, keys = extract.name, ", ".join(extract.key)
    unknown = {column.name for column in extract.columns if column.required and column.has_unknown}
    columns = [column.name for column in extract.columns if column.name not in extract.key]
    values = {
        column: f"nullif({column}, 'unknown')" if column in unknown else column
        for column in [*columns, *COUNTS]
    }
    order = [f"CAST({extract.event} AS DATE)"] if extract.event else []
    order += ["occurred_precision = 'day'"] if "occurred_precision" in values else []
    rank = f"row({', '.join([*order, 'row'])})"
    firsts = {column: f"arg_min({value}, {rank})" for column, value in values.items()}
    firsts |= {column: f"coalesce({firsts[column]}, 'unknown')" for column in unknown}
    terms.connection.execute(f"""
        CREATE OR REPLACE TABLE merged AS
        SELECT min(row) AS row, {keys},
            {", ".join(f"{first} AS {column}" for column, first in firsts.items())},
            {", ".join(f"min({v}) <> max({v}) AS differ_{c}" for c, v in values.items())}
        FROM {name} GROUP BY {keys} ORDER BY row
    """)
    for column in columns:
        sentence = f"Rows of one {extract.key[0]} differ in '{column}'; the first is kept"
        terms.log.note_found(sentence, f"SELECT row FROM merged WHERE differ_{column}")
    terms.connection.execute(f"""
        CREATE OR REPLACE TABLE {name} AS
        SELECT {", ".join(["row", *extract.schema.names, *COUNTS])} FROM merged ORDER BY row
    """)


# --- incidents ----------------------------------------------------------------------


def _mark_midnights(terms: ImportTerms) -> None:
    """Set the precision of times of 00:00 to `day` where there are too many of them to be times.

    Not where the mapping says what 00:00 means, or gives the precision itself.
    """
    columns = terms.mapping.extracts["incidents"].columns
    rule = columns.get("occurred_at")
    if rule is None or not rule.sources or rule.midnight_is_unknown is not None:
        return
    if "occurred_precision" in columns:
        return
    where = "occurred_precision = 'minute' AND occurred_at = date_trunc('day', occurred_at)"
    found = f"""
        SELECT row FROM incidents WHERE {where} AND (
            SELECT max(n) FILTER (clock = '00:00') >= greatest(
                {LEAST_FOR_MIDNIGHTS},
                {TIMES_THE_NEXT} * coalesce(max(n) FILTER (clock <> '00:00'), 0)
            )
            FROM (
                SELECT strftime(occurred_at, '%H:%M') AS clock, count(*) AS n FROM incidents
                WHERE occurred_precision = 'minute' GROUP BY ALL
            )
        )
    """
    terms.log.note_found(MIDNIGHTS, found)
    terms.connection.execute(
        f"UPDATE incidents SET occurred_precision = 'day' WHERE row IN ({found})"
    )


def _mark_piled(terms: ImportTerms) -> None:
    """Set `location_precision` to `city` where many rows lie on one point: it means a whole city.

    Not where their addresses show that it is one place. The coordinates are kept.
    """
    rule = terms.mapping.extracts["incidents"]
    if rule.address is not None:
        frame = terms.connection.execute(
            f"SELECT row, city, longitude, latitude, {terms.find_cell(rule.address)} AS _address "
            "FROM incidents JOIN source USING (row)"
        ).df()
        terms.connection.register("addressed", frame[stacked_points.find_addressed(frame)])
        terms.connection.execute(
            "UPDATE incidents SET place_confirmed = true WHERE row IN (SELECT row FROM addressed)"
        )
    # At precision `neighbourhood` many rows rightly lie on one point, that of the area's label.
    piled = f"""
        SELECT row FROM incidents
        SEMI JOIN ({stacked_points.write_piles_sql(terms.settings.thresholds)}) AS piles
            USING (city, longitude, latitude)
        WHERE location_precision <> 'neighbourhood' AND place_confirmed IS DISTINCT FROM TRUE
    """
    terms.log.note_found(PILED, piled)
    terms.connection.execute(
        f"UPDATE incidents SET location_precision = 'city' WHERE row IN ({piled})"
    )


def _make_victims(terms: ImportTerms) -> None:
    """Make a row for each victim from the counts of an incident, the killed first.

    Before it, `victims` has one row an incident, with what the mapping says of all its victims
    (`spread`).
    """
    terms.connection.execute("""
        CREATE OR REPLACE TABLE victims AS
        SELECT victims.* REPLACE (incidents.incident_id AS incident_id, hurt.outcome AS outcome)
        FROM incidents JOIN victims USING (row), (VALUES ('fatal'), ('nonfatal')) AS hurt (outcome),
            unnest(range(if(hurt.outcome = 'fatal', incidents.fatal, incidents.nonfatal)))
        ORDER BY row, hurt.outcome
    """)
    _number_victims(terms)
