"""Whether victims can be all who were shot: of each incident, killed and wounded, by what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
from scipy.stats import binom

from longevity.ingest import victim_coverage
from longevity.ingest.extracts_file import ExtractsFile
from longevity.ingest.validation.findings import Finding, list_days_of_years, make_finding
from longevity.settings import City, Settings

LEAST_DEATHS = 2  # nobody wounded beside one killed says nothing yet
LEAST_OF_A_YEAR = 5  # fewer victims than this may lack anything by chance in one year
NEARLY_ALL, MOST = 0.9, 0.5
# Of three real cities 42 to 72 in 100 incidents of a year have a victim; in none was it less than
# seven tenths of what it was in the others.
FEW = 0.5
# In made-up cities of 20 to 200 a year that wander, less than one file of twelve years in a hundred
# has a year of fifty twice as large as both years next to it.
GROWN, LEAST_GROWN = 2, 50
A_YEAR = timedelta(days=365)
# Of all who are shot about one in five dies; of three cities in four years of the Gun Violence
# Archive, 7 to 34 in 100. So many in a row who all lived are a matter of files, not of luck.
WOUNDED_IN_A_ROW = 100
# More than this are killed where a file of killings names who else was hurt in them.
KILLED, SURELY = 0.45, 0.001
# The fewest victims that may be a code for unknown, as 9 and 99 are.
LEAST_CODE, LEAST_INCIDENTS = 8, 3


@dataclass(frozen=True)
class Run:
    """Shootings one after the other that have one outcome alone, as `share` of all of them have."""

    people: int
    shootings: int
    share: float
    of: int  # shootings of the city
    first: date
    last: date

    @property
    def is_no_luck(self) -> bool:
        """Whether it is there in less than one in a thousand files of such a city."""
        least = self.shootings >= LEAST_OF_A_YEAR
        return least and self.of * self.share**self.shootings < SURELY

    @property
    def when(self) -> str:
        """Such as "from August 2024 to April 2025"."""
        return f"from {self.first:%B %Y} to {self.last:%B %Y}"


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
            yield from _find_no_nonfatal(connection, file, city, years)
            yield from _find_few_wounded(file, city, years)
        if "fatal" in held:
            yield from _find_none_killed(connection, file, city)
        yield from _find_no_weapon(file, city, years)
        begins = max(
            (days.get(id, date.min) for days in declared.data_from.values()), default=date.min
        )
        yield from _find_few_victims(connection, file, city, begins)
        yield from _find_grown_years(connection, file, city, begins)
        yield from _find_typed_counts(connection, file, city)


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


def _find_few_victims(
    connection: duckdb.DuckDBPyConnection, file: str, city: City, first: date
) -> Iterator[Finding]:
    """Find years in which fewer than half as many incidents have a victim as in the others."""
    rows = connection.execute(
        """
        SELECT in_year, incidents, hurt, sum(incidents) OVER () - incidents,
            sum(hurt) OVER () - hurt, count(*) OVER () - 1
        FROM (
            SELECT CAST(year(CAST(occurred_at AS DATE)) AS INTEGER) AS in_year,
                count(*) AS incidents,
                count(*) FILTER (incident_id IN (SELECT incident_id FROM victims)) AS hurt
            FROM incidents WHERE city = $city AND CAST(occurred_at AS DATE) >= $first
            GROUP BY in_year
        )
        """,
        {"city": city.id, "first": first},
    ).fetchall()
    few = {
        year: (incidents, hurt)
        for year, incidents, hurt, others, hurt_in_others, other_years in rows
        if incidents >= LEAST_OF_A_YEAR
        and hurt_in_others
        and hurt < FEW * incidents * hurt_in_others / others
        and hurt
        < FEW * hurt_in_others / other_years  # more incidents, and victims as ever, are all
        and binom.cdf(hurt, incidents, hurt_in_others / others) < SURELY
    }
    if not few:
        return
    incidents, hurt = (sum(counts[at] for counts in few.values()) for at in (0, 1))
    yield make_finding(
        file,
        "no_victims",
        f"{hurt} of {incidents} incidents of {city.name} {_list_years(few)} have a victim, fewer "
        "than half as many as in its other years: too few people would be counted.",
        "Is the file of victims cut off, or keyed otherwise in those years? Ask for the rest.",
        column="incident_id",
        kind_of_value="a code",
        count=incidents - hurt,
        acceptable=True,
        city=city.id,
        days=list_days_of_years(few),
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


def _find_no_nonfatal(
    connection: duckdb.DuckDBPyConnection, file: str, city: City, years: Years
) -> Iterator[Finding]:
    """Find a city, or a time of it, with people killed and nobody wounded."""
    deaths = {year: dead for year, (dead, wounded, *_) in years.items() if dead and not wounded}
    wounded = sum(counts[1] for counts in years.values())
    if wounded:
        deaths = {year: dead for year, dead in deaths.items() if dead >= LEAST_OF_A_YEAR}
    dead = sum(deaths.values())
    when = _list_years(deaths) if wounded else "in any year"
    if not dead:  # what is missing across a year's turn leaves somebody wounded in either year
        runs = [run for run in _list_runs(connection, city, "fatal") if run.is_no_luck]
        dead, when = (runs[0].people, runs[0].when) if runs else (0, "")
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


def _find_few_wounded(file: str, city: City, years: Years) -> Iterator[Finding]:
    """Find a city, or years of it, of which more were killed than are of all who are shot."""
    whole = tuple(sum(counts[at] for counts in years.values()) for at in (0, 1))
    odd = {year: counts for year, counts in years.items() if _are_too_many_killed(*counts[:2])}
    if _are_too_many_killed(*whole):
        (dead, wounded), when = whole, "in all"
    elif odd:
        dead, wounded = (sum(counts[at] for counts in odd.values()) for at in (0, 1))
        when = _list_years(odd)
    else:
        return
    yield make_finding(
        file,
        "few_wounded",
        f"in {city.name} {dead} people were killed by a firearm and {wounded} wounded by one, "
        f"{when}: of all who are shot fewer die.",
        "Does the source list killings, with who else was hurt in them? Ask for the other "
        'shootings, or say holds = ["fatal"] under [victims] of the mapping, and leave the '
        "wounded out.",
        column="outcome",
        kind_of_value="a word",
        count=dead,
        acceptable=True,
        city=city.id,
    )


def _are_too_many_killed(dead: int, wounded: int) -> bool:
    return bool(wounded) and bool(binom.sf(dead - 1, dead + wounded, KILLED) < SURELY)


def _find_no_weapon(file: str, city: City, years: Years) -> Iterator[Finding]:
    """Find a city, or years of it, of which nearly all weapons are unknown; or, to warn, most."""
    unknown, victims = (sum(counts[at] for counts in years.values()) for at in (2, 3))
    if unknown >= NEARLY_ALL * victims:
        yield _no_weapon_finding(file, city, unknown, victims, "")
        return
    for least, below in ((NEARLY_ALL, 2), (MOST, NEARLY_ALL)):
        those = {
            year: counts
            for year, counts in years.items()
            if counts[3] >= LEAST_OF_A_YEAR and least <= counts[2] / counts[3] < below
        }
        if those:
            unknown, victims = (sum(counts[at] for counts in those.values()) for at in (2, 3))
            when = f" {_list_years(those)}"
            yield _no_weapon_finding(file, city, unknown, victims, when, is_warning=least == MOST)


def _no_weapon_finding(
    file: str, city: City, unknown: int, victims: int, when: str, is_warning: bool = False
) -> Finding:
    return make_finding(
        file,
        "no_weapon",
        f"the weapon of {unknown} of {victims} victims of {city.name}{when} is unknown, so that "
        "they are in no count of people shot.",
        'If the source holds shootings only, write weapon = { constant = "firearm" } under '
        "[victims.columns] of the mapping; else map the column that says it.",
        severity="warning" if is_warning else "error",
        column="weapon",
        kind_of_value="a word",
        count=unknown,
        acceptable=not is_warning,
        city=city.id,
    )


def _find_none_killed(
    connection: duckdb.DuckDBPyConnection, file: str, city: City
) -> Iterator[Finding]:
    """Find a time in which many people of a city were wounded and nobody was killed."""
    runs = [
        run for run in _list_runs(connection, city, "nonfatal") if run.people >= WOUNDED_IN_A_ROW
    ]
    if not runs:
        return
    more = f", the longest of {len(runs)} such times" if len(runs) > 1 else ""
    yield make_finding(
        file,
        "none_killed",
        f"in {city.name} {runs[0].people} people were wounded by a firearm and nobody was killed "
        f"by one {runs[0].when}{more}.",
        "Are killings in another file, or do they come later? Ask for them; if the source holds "
        f'only the wounded, say holds = ["nonfatal"] under [victims] of the mapping, or {city.id} '
        '= ["nonfatal"] under [holds.outcomes] in extracts.toml.',
        column="outcome",
        kind_of_value="a word",
        count=runs[0].people,
        acceptable=True,
        city=city.id,
    )


def _list_runs(connection: duckdb.DuckDBPyConnection, city: City, outcome: str) -> list[Run]:
    """Return the runs of a city's shootings with this outcome alone, most people first."""
    # DuckDB is slow at a filtered count over a window: sums and means say the same.
    rows = connection.execute(
        """
        SELECT sum(people) AS of_run, count(*), any_value(share), any_value(shootings),
            min(day), max(day)
        FROM (
            SELECT people, others, CAST(occurred_at AS DATE) AS day,
                sum(others) OVER (ORDER BY occurred_at) AS run,
                count(*) OVER () AS shootings,
                avg(CAST(others = 0 AS INTEGER)) OVER () AS share
            FROM (
                SELECT occurred_at, count(*) AS people,
                    count(*) FILTER (outcome <> $outcome) AS others
                FROM victims JOIN incidents ON incidents.incident_id = victims.incident_id
                WHERE victims.city = $city AND weapon = 'firearm' AND occurred_at IS NOT NULL
                GROUP BY hash(victims.incident_id), occurred_at
            )
        )
        WHERE others = 0
        GROUP BY run ORDER BY of_run DESC, min(day)
        """,
        {"city": city.id, "outcome": outcome},
    ).fetchall()
    return [Run(int(people), *rest) for people, *rest in rows]


def _find_typed_counts(
    connection: duckdb.DuckDBPyConnection, file: str, city: City
) -> Iterator[Finding]:
    """Find a number of victims that so many incidents of a city have that it may be a code."""
    incidents = dict(
        connection.execute(
            """
            SELECT victims, count(*) FROM (
                SELECT count(*) AS victims FROM victims WHERE city = $city
                GROUP BY hash(incident_id)
            )
            GROUP BY victims
            """,
            {"city": city.id},
        ).fetchall()
    )
    for victims in sorted(each for each in incidents if each >= LEAST_CODE):
        between = sum(many for each, many in incidents.items() if 4 <= each < victims)
        many = incidents[victims]
        if many >= max(LEAST_INCIDENTS, between):
            yield make_finding(
                file,
                "typed_counts",
                f"{many} incidents of {city.name} have {victims} victims, and {between} have from "
                f"4 to {victims - 1}.",
                f"If {victims} is the source's code for unknown, take those rows out, or the "
                "victims that nobody counted.",
                column="incident_id",
                kind_of_value="a code",
                count=many,
                acceptable=True,
                city=city.id,
            )


def _list_years(years: Mapping[int, object]) -> str:
    return "in " + ", ".join(str(year) for year in sorted(years))
