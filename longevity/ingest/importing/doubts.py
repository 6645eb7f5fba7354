"""Find what looks wrong with a whole source: parts pasted twice, too many people in refused rows.

Such doubts are found while importing, since the extracts do not show them. They count rows and
name no value of a row, as a log is kept longer than the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from longevity.ingest.contract import BY_NAME, COUNTED_CIRCUMSTANCES
from longevity.ingest.importing.import_log import ROWS_NAMED
from longevity.ingest.importing.part import Doubt
from longevity.ingest.importing.rows import ImportTerms

LEAST_COPIES = 20
TIMES_THE_OTHERS = 3
# In a file without a key a tenth of the rows may be equal to another, as several people are hurt in
# one incident. Used where there are no other years to compare a year with.
ALIKE_BY_NATURE = 0.1
LEAST_LOST = 5  # people of an outcome
SHORT = 0.1
OUTCOMES = {"fatal": "killed", "nonfatal": "wounded"}
# Remarks about rows that will not be counted (or should not be): the extracts that the mapping must
# have, a condition on rows of the last of them, and the words after "12 of 340".
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
    """Find the years of a source with many more copies of rows than other years: pasted twice.

    Without a key, two rows that are equal in all columns may be two people hurt in one incident. So
    a year is doubted only where its share of copies is three times that of the other years (their
    lower quartile, so that a paste over several years is found too).
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
            -- The last such rows: what is pasted is mostly at the end of the file.
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
    """Find the cities that would count too few killed (or wounded), as their rows were refused.

    It reads the tables while the refused rows are still in them.
    """
    if "victims" not in terms.mapping.extracts:
        return
    counted = terms.mapping.spread is not None
    for outcome, were in OUTCOMES.items():
        # A person in a row whose outcome cannot be read may be either.
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
    """Yield a sentence for each condition of UNCOUNTED that rows meet: "12 of 340 events …".

    Events without a victim are found only where one source has both events and victims.
    """
    for extracts, condition, said in UNCOUNTED:
        if terms.mapping.extracts.keys() >= {*extracts}:
            ((count, total),) = terms.connection.execute(
                f"SELECT count(*) FILTER ({condition}), count(*) FROM {extracts[-1]}"
            ).fetchall()
            if count:
                yield f"{count:,} of {total:,} {said}"
