"""Whether victims can be all who were shot: of each incident, killed and wounded, by what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import duckdb

from longevity.ingest import victim_coverage
from longevity.ingest.extracts_file import ExtractsFile
from longevity.ingest.validation.findings import Finding, make_finding
from longevity.settings import City, Settings

LEAST_DEATHS = 2  # nobody wounded beside one killed says nothing yet
LEAST_OF_A_YEAR = 5  # fewer victims than this may lack anything by chance in one year
NEARLY_ALL = 0.9
# In made-up cities of 20 to 200 a year that wander, less than one file of twelve years in a hundred
# has a year of fifty twice as large as both years next to it.
GROWN, LEAST_GROWN = 2, 50
A_YEAR = timedelta(days=365)

Years = Mapping[int, tuple[int, ...]]  # shot dead, wounded, weapon unknown, all


def find_victim_problems(
    connection: duckdb.DuckDBPyConnection, file: str, settings: Settings, declared: ExtractsFile
) -> Iterator[Finding]:
    """Yield findings over the views `incidents` and `victims`, city by city."""
    yield from _find_no_victims(connection, file, settings)
    for id, years in _count_years(connection).items():
        city = settings.cities.get(id)
        if city is None:
            continue
        held = victim_coverage.list_words(declared.holds, "outcomes", id)
        if "nonfatal" in held:
            yield from _find_no_nonfatal(file, city, years)
        yield from _find_no_weapon(file, city, years)
        begins = max(
            (days.get(id, date.min) for days in declared.data_from.values()), default=date.min
        )
        yield from _find_grown_years(connection, file, city, begins)


def _count_years(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[int, tuple[int, ...]]]:
    rows = connection.execute(
        """
        SELECT victims.city, CAST(year(CAST(occurred_at AS DATE)) AS INTEGER),
            count(*) FILTER (WHERE weapon = 'firearm' AND outcome = 'fatal'),
            count(*) FILTER (WHERE weapon = 'firearm' AND outcome = 'nonfatal'),
            count(*) FILTER (WHERE weapon = 'unknown'), count(*)
        FROM victims JOIN incidents ON incidents.incident_id = victims.incident_id
        WHERE occurred_at IS NOT NULL
        GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    by_city: dict[str, dict[int, tuple[int, ...]]] = defaultdict(dict)
    for city, year, *counts in rows:
        by_city[city][year] = tuple(counts)
    return by_city


def _find_no_victims(
    connection: duckdb.DuckDBPyConnection, file: str, settings: Settings
) -> Iterator[Finding]:
    """Find cities that have incidents and no victim at all."""
    rows = connection.execute(
        f"SELECT city, count(*) AS incidents FROM incidents ANTI JOIN victims USING (city) "
        f"GROUP BY city HAVING incidents >= {LEAST_OF_A_YEAR} ORDER BY city"
    ).fetchall()
    for city, incidents in rows:
        if city in settings.cities:
            yield make_finding(
                file,
                "no_victims",
                f"none of {incidents} incidents of {settings.cities[city].name} has a victim, so "
                "that nobody can be counted there.",
                "Supply its victims.",
                column="incident_id",
                kind_of_value="a code",
                count=incidents,
                acceptable=True,
                city=city,
            )


def _find_grown_years(
    connection: duckdb.DuckDBPyConnection, file: str, city: City, first: date
) -> Iterator[Finding]:
    """Find years in which twice as many were shot as in the year before and in the year after."""
    rows = connection.execute(
        """
        SELECT CAST(year(day) AS INTEGER), count(*), min(day), max(day)
        FROM (
            SELECT CAST(occurred_at AS DATE) AS day
            FROM victims JOIN incidents ON incidents.incident_id = victims.incident_id
            WHERE victims.city = $city AND weapon = 'firearm' AND day >= $first
        )
        GROUP BY ALL ORDER BY ALL
        """,
        {"city": city.id, "first": first},
    ).fetchall()
    for before, of_year, after in zip(rows, rows[1:], rows[2:], strict=False):
        year, shot, *_ = of_year
        # A file may begin and end within a year: what there is of it counts for the whole.
        begun = date(before[0], 12, 31) - before[2] if before is rows[0] else A_YEAR
        ended = after[3] - date(after[0], 1, 1) if after is rows[-1] else A_YEAR
        if (before[0], after[0]) != (year - 1, year + 1) or min(begun, ended) < A_YEAR / 2:
            continue
        usual = max(before[1] * (A_YEAR / begun), after[1] * (A_YEAR / ended))
        if shot >= LEAST_GROWN and shot >= GROWN * usual:
            yield make_finding(
                file,
                "grown_year",
                f"in {city.name} {shot} people were shot in {year}, twice as many as in the year "
                f"before ({before[1]}) and in the year after ({after[1]}).",
                "Was a part of that year pasted twice, or does another source tell of the same "
                "events in it? Keep one of each.",
                column="incident_id",
                kind_of_value="a code",
                count=shot,
                acceptable=True,
            )


def _find_no_nonfatal(file: str, city: City, years: Years) -> Iterator[Finding]:
    """Find a city, or years of it, with people killed and nobody wounded."""
    deaths = {year: dead for year, (dead, wounded, *_) in years.items() if dead and not wounded}
    wounded = sum(counts[1] for counts in years.values())
    if wounded:
        deaths = {year: dead for year, dead in deaths.items() if dead >= LEAST_OF_A_YEAR}
    dead = sum(deaths.values())
    when = _list_years(deaths) if wounded else "in any year"
    if dead < LEAST_DEATHS:
        return
    yield make_finding(
        file,
        "no_nonfatal",
        f"in {city.name} {dead} people were killed by a firearm and nobody was wounded by one, "
        f"{when}.",
        'If the source holds only those killed, say so: holds = ["fatal"] under [victims] of the '
        f'mapping, or {city.id} = ["fatal"] under [holds.outcomes] in extracts.toml. If it holds '
        "both, ask for the rest.",
        column="outcome",
        kind_of_value="a word",
        count=dead,
        acceptable=True,
        city=city.id,
    )


def _find_no_weapon(file: str, city: City, years: Years) -> Iterator[Finding]:
    """Find a city, or years of it, of which nearly all weapons are unknown."""
    unknown, victims = (sum(counts[at] for counts in years.values()) for at in (2, 3))
    when = ""
    if unknown < NEARLY_ALL * victims:
        those = {
            year: counts
            for year, counts in years.items()
            if counts[3] >= LEAST_OF_A_YEAR and counts[2] >= NEARLY_ALL * counts[3]
        }
        if not those:
            return
        unknown, victims = (sum(counts[at] for counts in those.values()) for at in (2, 3))
        when = f" {_list_years(those)}"
    yield make_finding(
        file,
        "no_weapon",
        f"the weapon of {unknown} of {victims} victims of {city.name}{when} is unknown, so that "
        "they are in no count of people shot.",
        'If the source holds shootings only, write weapon = { constant = "firearm" } under '
        "[victims.columns] of the mapping; else map the column that says it.",
        column="weapon",
        kind_of_value="a word",
        count=unknown,
        acceptable=True,
        city=city.id,
    )


def _list_years(years: Mapping[int, object]) -> str:
    return "in " + ", ".join(str(year) for year in sorted(years))
