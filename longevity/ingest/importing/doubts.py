"""What an import sees in a source and no extract shows: rows pasted, people in refused rows.

A tenth of a file may be refused and every count be nearly right, or one row in a hundred, and
half of those killed be missing. No value is kept or named: a log outlives the file.

Two rows alike in every column may be two people hurt in one incident, where the source gives
no key; so it is years with far more of them than the others that were pasted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from longevity.ingest.contract import BY_NAME, COUNTED_CIRCUMSTANCES, LONGEST_CODE
from longevity.ingest.importing.import_log import ROWS_NAMED
from longevity.ingest.importing.mapping import is_derivable
from longevity.ingest.importing.source_rows import ImportTerms

LEAST_COPIES = 20
TIMES_THE_OTHERS = 3
# Of files without a key a tenth of the rows may be alike, as several are hurt in one incident: it
# is taken for the share of other years where there is none.
ALIKE_BY_NATURE = 0.1
LEAST_ROWS = 20  # of fewer, any column may be different in each
# As keys are written; a time of day or a number with decimals is none.
KEY = rf"[\w./ -]{{1,{LONGEST_CODE}}}"
DECIMALS = r"-?\d+\.\d*[1-9]\d*"
KEYS_NAMED = 3
LEAST_REFUSED = 5  # rows of a value, or people of an outcome
SHORT = 0.1
OUTCOMES = {"fatal": "killed", "nonfatal": "wounded"}


# --- rows pasted ------------------------------------------------------------------------


def find_copied_rows(terms: ImportTerms, width: int, key: str) -> Iterator[dict[str, Any]]:
    """Find the years in which rows of a source were pasted again, of the rows that are taken.

    `width`: how many columns it has; `key`: what may be its key.
    """
    timed = [name for name in terms.mapping.extracts if BY_NAME[name].event]
    name = timed[0] if timed else next(iter(terms.mapping.extracts))
    year = f"coalesce(year({BY_NAME[name].event}), 0)" if timed else "0"
    cells = ", ".join(f"c{at}" for at in range(width))
    terms.connection.execute(f"""
        CREATE OR REPLACE TABLE copies AS
        SELECT row, {year} AS year, row > min(row) OVER (PARTITION BY hash({cells})) AS again
        FROM {name} JOIN source USING (row)
    """)
    years = terms.connection.execute("""
        SELECT year, count(*) FILTER (again), count(*) FROM copies GROUP BY year ORDER BY year
    """).fetchall()
    pasted = [
        (year, copies, rows)
        for year, copies, rows in years
        if copies >= LEAST_COPIES
        and copies
        >= TIMES_THE_OTHERS * rows * _measure_usual_share([y[1:] for y in years if y[0] != year])
    ]
    if not pasted:
        return
    of_years = ", ".join(
        f"{copies:,} of {rows:,} rows" + (f" of {year}" if year else "")
        for year, copies, rows in pasted
    )
    # What was pasted is mostly the end of the file, and no people alike are there.
    rows = terms.connection.execute(
        f"SELECT max(row, {ROWS_NAMED}) FROM copies WHERE again AND year IN (SELECT unnest(?))",
        [[year for year, _, _ in pasted]],
    ).fetchall()
    yield {
        "rule": "copied_rows",
        "count": sum(copies for _, copies, _ in pasted),
        "sentence": f"{of_years} are copies of another row, alike in every column of the source: "
        "three times the share that its other years have, or that people alike in one "
        "incident explain.",
        "do": "Was a part of the file pasted twice? Take the copies out of it and import again."
        f" {key}".rstrip(),
        "rows": tuple(sorted(rows[0][0])),
    }


def _measure_usual_share(others: Sequence[tuple[int, int]]) -> float:
    """Measure the share of rows alike in the half of the other years that has fewest.

    The half, so that what was pasted over several years does not hide itself.
    """
    if not others:
        return ALIKE_BY_NATURE
    total, copies, rows = sum(rows for _, rows in others), 0, 0
    for more_copies, more_rows in sorted(others, key=lambda year: year[0] / year[1]):
        copies, rows = copies + more_copies, rows + more_rows
        if 2 * rows >= total:
            break
    return copies / rows


def suggest_key(terms: ImportTerms, names: Sequence[str]) -> str:
    """Return a sentence on a column that tells every row apart and is not mapped, if there is.

    Rows alike in every column count once: they are what such a column would have shown.
    """
    mapping = terms.mapping
    rule = mapping.extracts[mapping.primary]
    key = rule.extract.key[0]
    open_ = [at for at, name in enumerate(names) if name not in mapping.sources]
    if not is_derivable(rule.extract) or key in rule.columns or not open_:
        return ""
    cells = ", ".join(f"c{at}" for at in range(len(names)))
    tests = ", ".join(
        f"count(DISTINCT trim(c{at})) = distinct_rows AND count(c{at}) = count(*) AND bool_and("
        f"regexp_full_match(trim(c{at}), $key) AND NOT regexp_full_match(trim(c{at}), $decimals))"
        for at in open_
    )
    is_key = terms.connection.execute(
        f"""
        SELECT count(DISTINCT hash({cells})) AS distinct_rows, {tests} FROM source
        WHERE raw IS NULL
        """,
        {"key": KEY, "decimals": DECIMALS},
    ).fetchall()[0]
    found = [names[at] for at, different in zip(open_, is_key[1:], strict=True) if different]
    if not found or is_key[0] < LEAST_ROWS:
        return ""
    whose = "the victim's" if mapping.primary == "victims" else "the row's"
    listed = " or ".join(f"'{name}'" for name in found[:KEYS_NAMED])
    return (
        f"{listed} is different in every row and not mapped, and so probably {whose} key: map it, "
        f'{key} = {{ from = "{found[0]}", coded = true }}, and a row that is sent twice is refused.'
    )


# --- refused people -----------------------------------------------------------------------


def find_refused_values(terms: ImportTerms) -> Iterator[dict[str, Any]]:
    """Find the values that cost all of their rows."""
    found = terms.connection.execute(f"""
        SELECT place, sum(size), list(first ORDER BY first), arg_min(sentence, said) FROM (
            SELECT place, count(*) AS size, min(row) AS first, min(rowid) AS said,
                min(sentence) AS sentence
            FROM reasons WHERE text IS NOT NULL GROUP BY place, lower(trim(text))
            HAVING size >= {LEAST_REFUSED}
        ) GROUP BY place ORDER BY min(said)
    """).fetchall()
    for place, rows, first, sentence in found:
        extract, _, column = place.partition(".")
        several = f"one of {len(first)} values" if len(first) > 1 else "one value"
        yield {
            "rule": "refused_value",
            "extract": extract,
            "count": int(rows),
            "sentence": f"{rows:,} rows were refused when it was imported, all that have "
            f"{several} which the mapping does not read: whatever is called so is counted "
            "nowhere.",
            "do": f"{sentence} quarantine/ beside it holds the rows.",
            "column": column,
            "rows": tuple(first[:ROWS_NAMED]),
        }


def find_short_outcomes(terms: ImportTerms) -> Iterator[dict[str, Any]]:
    """Find the outcomes of a city that are short of people, while tables have refused rows."""
    if "victims" not in terms.mapping.extracts:
        return
    # Who is in a row whose outcome cannot be read may be either.
    hurt = {outcome: f"coalesce(outcome = '{outcome}', true)" for outcome in OUTCOMES}
    table = "victims"
    if terms.mapping.spread is not None:
        unread = "_fatal IS NULL OR _nonfatal IS NULL"
        hurt = {outcome: f"if({unread}, 1, _{outcome})" for outcome in OUTCOMES}
        table = "incidents"
    for outcome, were in OUTCOMES.items():
        found = terms.connection.execute(f"""
            SELECT city, sum(CAST({hurt[outcome]} AS INTEGER)) AS whole,
                coalesce(sum(CAST({hurt[outcome]} AS INTEGER)) FILTER (
                    row IN (SELECT row FROM reasons)
                ), 0) AS lost
            FROM {table} WHERE city IS NOT NULL GROUP BY city
            HAVING lost >= greatest({LEAST_REFUSED}, {SHORT} * whole) ORDER BY city
        """).fetchall()
        for city, whole, lost in found:
            yield {
                "rule": "short_outcome",
                "extract": "victims",
                "count": int(lost),
                "sentence": f"of {terms.settings.name_city(city)}, {lost:,} of {whole:,} people "
                f"who were {were}, or may have been, are in rows that were refused when it was "
                "imported: too few are counted.",
                "do": "Read the reasons in quarantine/ beside it, put the mapping or the file "
                "right, and import again.",
                "column": "outcome",
            }


# --- what is in no count ------------------------------------------------------------------


def describe_uncounted(terms: ImportTerms) -> Iterator[str]:
    """Yield a sentence each: events without a victim, other weapons, circumstances left out.

    Of events and victims that come in files of their own nothing is said here: only together do
    they tell.
    """
    extracts = terms.mapping.extracts
    if "incidents" in extracts and "victims" in extracts:
        yield from _describe_without_victims(terms)
    if "victims" in extracts:
        yield from _describe_other_weapons(terms)
    if "incidents" in extracts:
        yield from _describe_circumstances(terms)


def _describe_without_victims(terms: ImportTerms) -> Iterator[str]:
    without, total = terms.connection.execute("""
        SELECT count(*) FILTER (incident_id NOT IN (SELECT incident_id FROM victims)), count(*)
        FROM incidents
    """).fetchall()[0]
    have, are = ("has", "is") if without == 1 else ("have", "are")
    if without:
        yield (
            f"{without:,} of {total:,} events {have} no victim and {are} in no count of shootings."
        )


def _count_by(terms: ImportTerms, table: str, column: str) -> dict[str, int]:
    query = f"SELECT {column}, count(*) AS n FROM {table} GROUP BY ALL ORDER BY n DESC, min(row)"
    return dict(terms.connection.execute(query).fetchall())


def _describe_other_weapons(terms: ImportTerms) -> Iterator[str]:
    by_weapon = _count_by(terms, "victims", "weapon")
    killed_by = _count_by(terms, "(SELECT * FROM victims WHERE outcome = 'fatal')", "weapon")
    others = {w: n for w, n in by_weapon.items() if w not in ("firearm", "unknown")}
    for weapons, how in (
        ([*others], f"were hurt by a weapon other than a firearm ({_list_counts(others)})"),
        (["unknown"], "have weapon `unknown`"),
    ):
        count = sum(by_weapon.get(weapon, 0) for weapon in weapons)
        killed = sum(killed_by.get(weapon, 0) for weapon in weapons)
        if count:
            yield (
                f"{count:,} of {sum(by_weapon.values()):,} victims {how} and are in no count of "
                f"people shot: {killed:,} killed, in homicides only; {count - killed:,} wounded, "
                "in no count."
            )


def _describe_circumstances(terms: ImportTerms) -> Iterator[str]:
    by_circumstance = _count_by(terms, "incidents", "circumstance")
    left_out = {c: n for c, n in by_circumstance.items() if c not in COUNTED_CIRCUMSTANCES}
    count = sum(left_out.values())
    if [*by_circumstance] == ["unknown"]:
        yield (
            "The circumstance of no event is known, so all are counted: also accidents, suicides "
            "and shootings by the police, where the file holds any. Map `circumstance` if it does."
        )
    elif count:
        yield (
            f"{count:,} of {sum(by_circumstance.values()):,} events "
            f"{'is' if count == 1 else 'are'} in no count because of the circumstance "
            f"({_list_counts(left_out)})."
        )


def _list_counts(counts: dict[str, int]) -> str:
    return ", ".join(f"`{word}` {count:,}" for word, count in counts.items())
