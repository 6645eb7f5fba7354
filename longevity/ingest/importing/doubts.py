"""What an import sees in a source and no extract shows: rows pasted, people in refused rows.

A tenth of a file may be refused and every count be nearly right, or one row in a hundred, and
half of those killed be missing. No value is kept or named: a log outlives the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from longevity.ingest.contract import BY_NAME, COUNTED_CIRCUMSTANCES
from longevity.ingest.importing.import_log import ROWS_NAMED
from longevity.ingest.importing.parts import Doubt
from longevity.ingest.importing.rows import ImportTerms

LEAST_COPIES = 20
TIMES_THE_OTHERS = 3
# In files without a key a tenth of the rows may be alike, as several are hurt in one incident. It
# is taken as the share of other years if there are none.
ALIKE_BY_NATURE = 0.1
LEAST_LOST = 5  # people of an outcome
SHORT = 0.1
OUTCOMES = {"fatal": "killed", "nonfatal": "wounded"}
# What is said of counts: the extracts it needs, a condition on rows of the last, and the words.
_COUNTED = ", ".join(f"'{word}'" for word in COUNTED_CIRCUMSTANCES)
UNCOUNTED = (
    (
        ("victims", "incidents"),
        "incident_id NOT IN (SELECT incident_id FROM victims)",
        "events without a victim: in no count of shootings.",
    ),
    (
        ("victims",),
        "weapon <> 'firearm'",
        "victims hurt by another weapon than a firearm, or an unknown one: in no count of people "
        "shot; the killed in homicides only, the wounded in no count.",
    ),
    (
        ("incidents",),
        f"circumstance NOT IN ({_COUNTED})",
        "events whose circumstance is not counted: in no count.",
    ),
    (
        ("incidents",),
        "(SELECT bool_and(circumstance = 'unknown') FROM incidents)",
        "events of an unknown circumstance: all are counted, also accidents, suicides and "
        "shootings by the police, where the file holds any. Map `circumstance` if it does.",
    ),
)


def find_copied_rows(terms: ImportTerms) -> Iterator[Doubt]:
    """Find the years in which rows of a source were pasted again, of the rows that are taken.

    Two rows alike in all columns may be two people hurt in one incident, where the source
    gives no key; so it is years with far more of them than the others that were pasted. The share
    of the others is that of the quarter of them with fewest, so that what was pasted over several
    years does not hide itself.
    """
    timed = [name for name in terms.mapping.extracts if BY_NAME[name].event]
    name = timed[0] if timed else next(iter(terms.mapping.extracts))
    year = f"coalesce(year({BY_NAME[name].event}), 0)" if timed else "0"
    cells = ", ".join(f"c{at}" for at in range(len(terms.source.names)))
    ((count, years, rows),) = terms.connection.execute(f"""
        WITH alike AS (
            SELECT row, {year} AS year, row > min(row) OVER (PARTITION BY hash({cells})) AS again
            FROM {name} JOIN source USING (row)
        ),
        years AS (
            SELECT year, count(*) FILTER (again) AS copies, count(*) AS rows
            FROM alike GROUP BY year
        ),
        pasted AS (
            SELECT * FROM years AS this
            WHERE copies >= {LEAST_COPIES} AND copies >= {TIMES_THE_OTHERS} * rows * coalesce((
                SELECT quantile_cont(other.copies / other.rows, 0.25) FROM years AS other
                WHERE other.year <> this.year
            ), {ALIKE_BY_NATURE})
        )
        SELECT
            sum(copies), string_agg(
                format('{{:,}} of {{:,}} rows', copies, rows) || if(year > 0, ' of ' || year, ''),
                ', ' ORDER BY year
            ),
            -- The last of them: a paste is mostly at the end of the file, people alike are not.
            (SELECT array_to_string(list_sort(max(row, {ROWS_NAMED})), ', ')
            FROM alike SEMI JOIN pasted USING (year) WHERE again)
        FROM pasted
    """).fetchall()
    if count:
        yield Doubt(
            rule="copied_rows",
            extract=terms.mapping.primary,
            count=count,
            sentence=f"{years} are copies of another row, alike in every column of the source: "
            "three times the share that its other years have, or that people alike in one "
            "incident explain.",
            do="Was a part of the file pasted twice? Take the copies out of it and import again. "
            "Where a column of the source is different in every row, map it as the key.",
            rows=f"rows {rows}",
        )


def find_short_outcomes(terms: ImportTerms) -> Iterator[Doubt]:
    """Find the outcomes of a city that are short of people, while tables have refused rows."""
    if "victims" not in terms.mapping.extracts:
        return
    counted = terms.mapping.spread is not None
    for outcome, were in OUTCOMES.items():
        # Who is in a row whose outcome cannot be read may be either.
        hurt = f"coalesce(outcome = '{outcome}', true)"
        if counted:
            hurt = f"if(fatal IS NULL OR nonfatal IS NULL, 1, {outcome})"
        found = terms.connection.execute(f"""
            SELECT city, sum(people) AS whole,
                coalesce(sum(people) FILTER (row IN (FROM refused)), 0) AS lost
            FROM (
                SELECT *, CAST({hurt} AS INTEGER) AS people
                FROM {"incidents" if counted else "victims"}
            )
            WHERE city IS NOT NULL GROUP BY city
            HAVING lost >= greatest({LEAST_LOST}, {SHORT} * whole) ORDER BY city
        """).fetchall()
        for city, whole, lost in found:
            yield Doubt(
                rule="short_outcome",
                extract="victims",
                count=lost,
                sentence=f"of {terms.settings.name_city(city)}, {lost:,} of {whole:,} people "
                f"who were {were}, or may have been, are in rows that were refused when it was "
                "imported: too few are counted.",
                do="Read the reasons in quarantine/ next to it, put the mapping or the file "
                "right, and import again.",
            )


def describe_uncounted(terms: ImportTerms) -> Iterator[str]:
    """Say how many rows meet each condition of UNCOUNTED.

    Of events and victims that come in files of their own nothing is said of events without a
    victim: only together do they tell.
    """
    for extracts, condition, said in UNCOUNTED:
        if terms.mapping.extracts.keys() >= {*extracts}:
            ((count, total),) = terms.connection.execute(
                f"SELECT count(*) FILTER ({condition}), count(*) FROM {extracts[-1]}"
            ).fetchall()
            if count:
                yield f"{count:,} of {total:,} {said}"
