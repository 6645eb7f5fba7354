"""From rows read to rows of extracts: keys, duplicates, one event from many rows, victims.

Every table of an extract has the numbers of its source rows in `row`, to the end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as MappingOf
from datetime import timedelta

import pandas as pd

from longevity.geography import stacked_points
from longevity.ingest.contract import BY_NAME, LONGEST_CODE, Extract
from longevity.ingest.importing.mapping import ExtractRule, has_unknown, is_derivable
from longevity.ingest.importing.source_rows import HELPERS, ImportTerms
from longevity.scratch import quote_text

DAYS_OF_ONE_EVENT = timedelta(days=2)  # an event past midnight, entered a day late
LEAST_FOR_MIDNIGHTS = 20  # so many times, all of them 00:00, are no times
# More people hit in one incident than this is rarer than a mistyped count or a code used
# twice; it happens, so it is pointed out and never refused.
MANY_VICTIMS = 20
# One time of day has one in 1,440; where all are rounded to hours, one in 24, or in 12 at night.
TYPED, TIMES_THE_NEXT = 0.1, 3

KEYLESS = "No key given, kept as a row of its own with a made-up key"
APART = "More than two days after the first event of their {key}, kept as events of their own"
NEAR = "Rows of one {key} lie up to two days apart, kept as one event; the earliest day stands"
PILED = (
    "On a coordinate that stands for a whole city, location_precision set to `city`. If it is one "
    "place, name the column of its address: address = … under [incidents]"
)
MIDNIGHTS = "Every time is 00:00, so the hour is unknown and the precision is `day`"
MANY = f"More than {MANY_VICTIMS} victims in one incident (kept; a count may be mistyped)"
TYPED_MIDNIGHTS = (
    "Far more times are 00:00 than any other, so these mean that the hour is unknown: their "
    "precision is `day`. If they are midnight, set midnight_is_unknown = false"
)
SOME_MIDNIGHTS = "Times of exactly 00:00. If that means unknown, set midnight_is_unknown = true"


def complete_rows(terms: ImportTerms) -> None:
    """Refuse rows whose extracts contradict each other, and hand on the city that they share."""
    log, extracts = terms.log, terms.mapping.extracts
    if all(rule.only_when_given for rule in extracts.values()):
        used = " UNION ALL ".join(f"SELECT row FROM {name}" for name in extracts)
        log.refuse_found(
            "nothing_in_row",
            "SELECT row, 'The row fills no extract.' AS sentence FROM source "
            f"WHERE raw IS NULL AND row NOT IN ({used})",
        )
    if "occurred_precision" in getattr(extracts.get("incidents"), "columns", ()):
        terms.connection.execute(
            "UPDATE incidents SET occurred_at = date_trunc('day', occurred_at) "
            "WHERE occurred_precision = 'day'"
        )
    for name, rule in extracts.items():
        for earlier, later in rule.extract.in_order:
            _refuse_before(terms, name, later, earlier)
    if "victims" in extracts:
        log.refuse_found(
            "wounded_and_died",
            "SELECT row, 'A nonfatal victim has a day of death.' AS sentence FROM victims "
            "WHERE outcome = 'nonfatal' AND died_on IS NOT NULL",
        )
    if "victims" in extracts and "incidents" in extracts:
        _refuse_before(terms, "victims JOIN incidents USING (row)", "died_on", "occurred_at")
    _inherit(terms, "city")


def _refuse_before(terms: ImportTerms, table: str, later: str, earlier: str) -> None:
    """Refuse rows whose later day comes before the earlier one."""
    said = quote_text(f"'{later}' comes before '{earlier}'.")
    terms.log.refuse_found(
        "dates_out_of_order",
        f"SELECT row, {said} AS sentence FROM {table} "
        f"WHERE CAST({later} AS DATE) < CAST({earlier} AS DATE)",
    )


def _inherit(terms: ImportTerms, *names: str) -> None:
    """Fill columns that an extract takes from another extract of the same source row."""
    extracts = terms.mapping.extracts
    for name, rule in extracts.items():
        for column in rule.inherited:
            if (column.name in names) is not bool(names):
                continue
            giver, _, theirs = (column.references or "").partition(".")
            if not giver:
                theirs = "city"
                giver = next(n for n, other in extracts.items() if "city" in other.columns)
            terms.connection.execute(
                f"UPDATE {name} SET {column.name} = giver.{theirs} FROM {giver} AS giver "
                f"WHERE {name}.row = giver.row AND {name}.{column.name} IS NULL"
            )


def refuse_repeated(terms: ImportTerms, known: MappingOf[str, str | None]) -> None:
    """Complete the keys of the tables of extracts, and refuse duplicates and contradictions.

    `known`: SQL of the keys that other parts of the same folder hold of an extract, with
    `_part`. A key on days far apart becomes as many keys, unless the mapping has it refused.
    """
    mapping, log = terms.mapping, terms.log
    log.drop_refused(mapping.extracts)
    rules = [rule for rule in mapping.extracts.values() if rule.spread is None]
    for rule in rules:
        if is_derivable(rule.extract):
            _make_keys(terms, rule)
    _inherit(terms)
    for rule in rules:
        if rule.once_per_key and rule.on_conflict == "separate":
            _part_by_day(terms, rule.extract)
    if "victims" in mapping.extracts and mapping.spread is None:
        _number_victims(terms)
    for rule in rules:
        _refuse_known(terms, rule.extract, known.get(rule.extract.name))
        if not rule.once_per_key:
            _refuse_again(terms, rule.extract)
    log.drop_refused(mapping.extracts)
    for rule in rules:
        if rule.once_per_key:
            _refuse_contradictions(terms, rule)
    log.drop_refused(mapping.extracts)


def join_events(terms: ImportTerms) -> None:
    """Make one row of the rows of one event, mark times and places, and make victims of counts."""
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
    """Make up a key where the source has none: equal content, but never one key for two."""
    name, key = rule.extract.name, rule.extract.key[0]
    if key in rule.columns:
        terms.log.note_found(KEYLESS, f"SELECT row FROM {name} WHERE {key} IS NULL")
    if name == "victims":  # they are numbered within their incident
        return
    extracts = terms.mapping.extracts
    # No address: it could be found again by trying all of them.
    content = ", ".join(
        f"CAST({extract}.{column} AS VARCHAR)"
        for extract in extracts
        for column in (*BY_NAME[extract].schema.names, "_fatal", "_nonfatal")
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
    """Give rows that lie days after the first event of their key a key of their own.

    A key used again for another event must not cost anybody hurt in it. What refers to such a
    row in the same source row goes along.
    """
    name, key, event = extract.name, extract.key[0], extract.event
    if not is_derivable(extract) or event is None:
        return
    days = terms.connection.execute(f"""
        SELECT {key}, CAST({event} AS DATE) AS day, row FROM {name} WHERE {event} IS NOT NULL
        QUALIFY min(day) OVER (PARTITION BY {key}) < max(day) OVER (PARTITION BY {key})
        ORDER BY ALL
    """).fetchall()
    taken = terms.connection.execute(f"SELECT {key} FROM {name} WHERE {key} LIKE '%:%'")
    in_use = {code for (code,) in taken.fetchall()}
    fresh = []
    last = None
    for code, day, row in days:
        if code != last:
            last, first, event_number, fresh_code = code, day, 1, code
        if day - first > DAYS_OF_ONE_EVENT:
            first, event_number = day, event_number + 1
            fresh_code = _make_unused_key(code, event_number, in_use)
        if event_number > 1:
            fresh.append((row, code, fresh_code))
    if not fresh:
        return
    found = pd.DataFrame(fresh, columns=["row", "code", "fresh"])
    terms.connection.register("found", found)
    terms.log.note_found(APART.format(key=key), "SELECT row FROM found")
    for other in terms.mapping.extracts:
        for column in BY_NAME[other].columns:
            is_own = other == name and column.name == key
            if is_own or column.references == f"{name}.{key}":
                terms.connection.execute(f"""
                    UPDATE {other} SET {column.name} = found.fresh FROM found
                    WHERE {other}.row = found.row AND {other}.{column.name} = found.code
                """)


def _make_unused_key(key: str, event: int, in_use: set[str]) -> str:
    """Return a key for the event-th event of a key: `17:2`, never one that is there already."""
    name = f"{key}:{event}"
    if len(name) > LONGEST_CODE or name in in_use:
        name = "r" + hashlib.blake2b(name.encode(), digest_size=16).hexdigest()
    in_use.add(name)
    return name


def _number_victims(terms: ImportTerms) -> None:
    """Name victims without a key `<incident>-1`, `<incident>-2`, …, never too long for a code."""
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
        "duplicate_key",
        f"""
        SELECT row, {said} || min(_part) || ').' AS sentence
        FROM {extract.name} AS this JOIN ({known}) AS known ON {same} GROUP BY row ORDER BY row
        """,
    )


def _refuse_again(terms: ImportTerms, extract: Extract) -> None:
    """Refuse rows whose key an earlier one has."""
    said = quote_text(f"{_name_key(extract)} repeats that of row ")
    terms.log.refuse_found(
        "duplicate_key",
        f"""
        SELECT row, format({said} || '{{:,}}.', min(row) OVER same) AS sentence
        FROM {extract.name} WINDOW same AS (PARTITION BY {", ".join(extract.key)})
        QUALIFY row > min(row) OVER same ORDER BY row
        """,
    )


def _refuse_contradictions(terms: ImportTerms, rule: ExtractRule) -> None:
    """Refuse rows of one key that lie in another city, or on another day where that is refused."""
    extract = rule.extract
    checked = {"city": "city"}
    by_day = rule.on_conflict == "refuse" or not is_derivable(extract)
    if by_day and extract.event is not None:
        checked[extract.event] = f"CAST({extract.event} AS DATE)"
    for name, value in checked.items():
        said = quote_text(f"{_name_key(extract)} is that of row ")
        ends = quote_text(f"{{:,}}, which has another '{name}'.")
        terms.log.refuse_found(
            "key_contradicts",
            f"""
            SELECT row, format({said} || {ends}, min(row) OVER same) AS sentence
            FROM {extract.name} WINDOW same AS (PARTITION BY {", ".join(extract.key)})
            QUALIFY {value} <> arg_min({value}, row) OVER same ORDER BY row
            """,
        )


def _name_key(extract: Extract) -> str:
    return " with ".join(f"'{name}'" for name in extract.key) + f" ({extract.name})"


# --- one event from many rows -------------------------------------------------------


def _merge_rows(terms: ImportTerms, extract: Extract) -> None:
    """Make one row a key: of each column the first value given, `unknown` giving way.

    Of a key on several days the earliest stands, of its times the first that is known.
    """
    connection, log = terms.connection, terms.log
    name, key = extract.name, extract.key[0]
    of_event = [extract.event, "occurred_precision"] if extract.event not in extract.key else []
    words = {column.name: "unknown" for column in extract.columns if has_unknown(column)}
    words["occurred_precision"] = "day"
    columns = [column.name for column in extract.columns if column.name not in extract.key]
    columns += HELPERS.names[1:]
    values = {}
    for column in columns:
        value = f"nullif({column}, '{words[column]}')" if column in words else column
        values[column] = f"if(NOT later, {value}, NULL)" if column in of_event else value
    firsts = {column: f"arg_min({value}, row)" for column, value in values.items()}
    if extract.event == "occurred_at":
        timed = "arg_min(if(NOT later AND occurred_precision = 'minute', occurred_at, NULL), row)"
        firsts["occurred_at"] = f"coalesce({timed}, {firsts['occurred_at']})"
    for column, word in words.items():
        if column in firsts:
            firsts[column] = f"coalesce({firsts[column]}, '{word}')"
    day = f"CAST({extract.event} AS DATE)" if of_event and extract.event else "NULL"
    keys = ", ".join(extract.key)
    connection.execute(f"""
        CREATE TABLE merged AS
        WITH days AS (
            SELECT *, coalesce({day} > min({day}) OVER (PARTITION BY {keys}), false) AS later
            FROM {name}
        )
        SELECT min(row) AS row, {keys}, max(if(later, row, NULL)) AS latest,
            {", ".join(f"{first} AS {column}" for column, first in firsts.items())},
            {", ".join(f"min({v}) <> max({v}) AS differ_{c}" for c, v in values.items())}
        FROM days GROUP BY {keys} ORDER BY row
    """)
    if of_event and extract.event:
        log.note_found(
            NEAR.format(key=key),
            f"SELECT row FROM {name} QUALIFY {day} > min({day}) OVER (PARTITION BY {keys})",
        )
    for column in columns:
        if not column.startswith("_"):
            sentence = f"Rows of one {key} differ in '{column}'; the first stands"
            log.note_found(sentence, f"SELECT row FROM merged WHERE differ_{column}")
    connection.execute(f"""
        CREATE OR REPLACE TABLE {name} AS
        SELECT {", ".join(["row", *extract.schema.names, *HELPERS.names[1:]])}
        FROM merged ORDER BY row
    """)
    connection.execute("DROP TABLE merged")


# --- incidents ----------------------------------------------------------------------


def _mark_midnights(terms: ImportTerms) -> None:
    """Mark columns in which every time is midnight: they hold days, not times."""
    rule = terms.mapping.extracts["incidents"]
    column = rule.columns.get("occurred_at")
    if column is None or column.midnight_is_unknown is not None or column.constant is not None:
        return
    if "occurred_precision" in rule.columns:
        return
    by_time = dict(
        terms.connection.execute("""
            SELECT strftime(occurred_at, '%H:%M'), count(*) FROM incidents
            WHERE occurred_precision = 'minute' GROUP BY ALL
        """).fetchall()
    )
    midnights, total = by_time.pop("00:00", 0), sum(by_time.values())
    sentence = SOME_MIDNIGHTS
    if midnights >= LEAST_FOR_MIDNIGHTS:
        if not total:
            sentence = MIDNIGHTS
        elif midnights >= max(TYPED * (total + midnights), TIMES_THE_NEXT * max(by_time.values())):
            sentence = TYPED_MIDNIGHTS
    where = "occurred_precision = 'minute' AND occurred_at = date_trunc('day', occurred_at)"
    terms.log.note_found(sentence, f"SELECT row FROM incidents WHERE {where}")
    if sentence != SOME_MIDNIGHTS:
        terms.connection.execute(f"UPDATE incidents SET occurred_precision = 'day' WHERE {where}")


def _mark_piled(terms: ImportTerms) -> None:
    """Give points that stand for a whole city the precision `city`; they keep their coordinates."""
    rule = terms.mapping.extracts["incidents"]
    if not rule.has_place:
        return
    frame = terms.connection.execute("SELECT * FROM incidents ORDER BY row").df()
    if rule.address is not None:
        addressed = stacked_points.find_addressed(frame) | stacked_points.is_addressed(frame)
        frame["place_confirmed"] = addressed
        terms.connection.execute("""
            UPDATE incidents SET place_confirmed = nullif(frame.place_confirmed, false) FROM frame
            WHERE incidents.row = frame.row
        """)
    listed = [(round(east, 6), round(north, 6)) for east, north in rule.piled_points]
    points = pd.MultiIndex.from_frame(frame[["longitude", "latitude"]].round(6))
    # At precision `neighbourhood` many rows lie on one label point, and are known by name.
    by_name = frame["location_precision"] == "neighbourhood"
    piled = stacked_points.find_piled(frame, terms.settings.thresholds) & ~by_name
    found = frame[piled | points.isin(listed)]
    terms.connection.register("found", found)
    terms.log.note_found(PILED, "SELECT row FROM found")
    terms.connection.execute(
        "UPDATE incidents SET location_precision = 'city' WHERE row IN (SELECT row FROM found)"
    )


def _make_victims(terms: ImportTerms) -> None:
    """Make a row a victim from the counts of each incident, the killed before the injured."""
    terms.connection.execute("""
        CREATE OR REPLACE TABLE victims AS
        SELECT victims.* REPLACE (incidents.incident_id AS incident_id, hurt.outcome AS outcome)
        FROM incidents JOIN victims USING (row), (VALUES ('fatal'), ('nonfatal')) AS hurt (outcome),
            unnest(range(if(hurt.outcome = 'fatal', incidents._fatal, incidents._nonfatal)))
        ORDER BY row, hurt.outcome
    """)
    _number_victims(terms)
