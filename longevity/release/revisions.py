"""The revision ledger: what a release changed in periods an older one had covered.

Only events up to the older release's data-through are compared. Added and removed victims are those
who count in one release and not in the other, whatever the reason; where a city numbered its
victims anew, the difference of their numbers. No code of an incident or a victim leaves here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from longevity.settings import Settings

Entry = dict[str, Any]

SINGULAR = {"s": "", "people": "person", "have": "has", "were": "was"}
PLURAL = {"s": "s", "people": "people", "have": "have", "were": "were"}
# (the name of a count, the words for a number of it)
PHRASES = (
    ("victims_added", "victim{s} added to earlier weeks"),
    ("victims_removed", "victim{s} removed from earlier weeks"),
    ("became_fatal", "{people} wounded earlier {have} since died"),
    ("became_nonfatal", "{people} counted as killed {were} wounded"),
    ("circumstance_changed", "incident{s} changed circumstance"),
    ("gmi_changed", "incident{s} changed group involvement"),
    ("neighbourhood_changed", "incident{s} moved to another neighbourhood"),
)
# Not said to the public: a count of one could be one person.
RECLASSIFIED = ("circumstance_changed", "gmi_changed")
NOTHING = "No count of earlier weeks changed."


# Reads what `crosscheck.find_objections` makes: `before_…` of the older release, `after_…`.
_LEDGER = """
    WITH cutoff AS (
        SELECT city, data_through AS last FROM before_through WHERE extract = 'incidents'
    ),
    old AS (SELECT shot.* FROM before_shot AS shot JOIN cutoff USING (city) WHERE day <= last),
    new AS (SELECT shot.* FROM after_shot AS shot JOIN cutoff USING (city) WHERE day <= last),
    people AS (
        SELECT city, coalesce(old.day, new.day) AS on_day,
            coalesce(old.outcome, new.outcome) AS was,
            count(old.victim_id) AS held,
            count(*) FILTER (WHERE old.victim_id IS NULL) AS come,
            count(*) FILTER (WHERE new.victim_id IS NULL) AS gone,
            count(*) FILTER (WHERE old.outcome = 'nonfatal' AND new.outcome = 'fatal') AS died,
            count(*) FILTER (WHERE old.outcome = 'fatal' AND new.outcome = 'nonfatal') AS lives
        FROM old FULL JOIN new USING (city, victim_id) GROUP BY ALL
    ),
    -- A city most of whose old codes are gone has numbered its victims anew: one removed and one
    -- added, of the same day and outcome, are taken for one person, and the difference counts.
    victims AS (
        SELECT city,
            if(2 * sum(gone) > sum(held), sum(greatest(come - gone, 0)), sum(come))
                AS victims_added,
            if(2 * sum(gone) > sum(held), sum(greatest(gone - come, 0)), sum(gone))
                AS victims_removed,
            sum(died) AS became_fatal, sum(lives) AS became_nonfatal,
            list(DISTINCT year(on_day)) FILTER (come + gone + died + lives > 0) AS shot_in
        FROM people GROUP BY city
    ),
    incidents AS (
        SELECT city,
            -- Of all incidents, as the circumstance decides whether one is counted.
            count(*) FILTER (WHERE old.circumstance IS DISTINCT FROM new.circumstance)
                AS circumstance_changed,
            count(*) FILTER (WHERE old.gmi IS DISTINCT FROM new.gmi
                AND (old.counted OR new.counted)) AS gmi_changed,
            count(*) FILTER (WHERE old.neighbourhood IS DISTINCT FROM new.neighbourhood
                AND (old.counted OR new.counted)) AS neighbourhood_changed,
            list(DISTINCT year(old.day))
                FILTER (old.neighbourhood IS DISTINCT FROM new.neighbourhood) AS moved_in
        FROM before_located AS old
        JOIN after_located AS new USING (incident_id, city)
        JOIN cutoff USING (city)
        WHERE old.day <= last
        GROUP BY city
    )
    SELECT *, list_sort(list_distinct(list_concat(shot_in, moved_in, []))) AS years
    FROM victims FULL JOIN incidents USING (city) ORDER BY city
"""


def find_revisions(connection: duckdb.DuckDBPyConnection) -> list[Entry]:
    """Return an entry a city: `city`, the counts of PHRASES, and the `years` they are of.

    Years of victims and of neighbourhoods alone: the others change no count. Needs what
    `crosscheck.find_objections` made of the two releases.
    """
    rows = connection.execute(_LEDGER).df().fillna(0).to_dict("records")
    return [
        {"city": row["city"], "years": row["years"].tolist()}
        | {key: int(row[key]) for key, _ in PHRASES}
        for row in rows
    ]


def describe_revisions(
    ledger: Sequence[Mapping[str, Any]], settings: Settings, is_public: bool = True
) -> list[tuple[str | None, str]]:
    """Return `("east", "East: 2 victims added to earlier weeks.")` for each city.

    The sentence is "" for a city in which nothing changed. If no city has a sentence, one for all
    of them, under None, says so. `is_public`: the counts in RECLASSIFIED are left out.
    """
    said = {
        entry["city"]: ", ".join(
            f"{entry[key]} {words.format(**(SINGULAR if entry[key] == 1 else PLURAL))}"
            for key, words in PHRASES
            if entry[key] and not (is_public and key in RECLASSIFIED)
        )
        for entry in ledger
    }
    is_quiet = bool(said) and not any(said.values())
    return [
        *([(None, NOTHING)] if is_quiet else []),
        *(
            (city, f"{settings.name_city(city)}: {changes}." if changes else "")
            for city, changes in said.items()
        ),
    ]
