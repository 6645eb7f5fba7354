"""A period of a public table frozen again: the same people, as the extracts now have them.

Whoever keeps both versions of a table reads their difference. So nobody enters the second
who was not in the first, what was said otherwise of a few people since stays as it was, and
where both versions together would tie a small number down the second is withheld whole
(docs/public-tables.md). The release that froze the period first says who was counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from longevity.auth.viewers import STATE_SCOPE
from longevity.privacy import suppression
from longevity.privacy.draws import Draws, DrawsByPeriod
from longevity.privacy.suppression import UNKNOWN, Cells
from longevity.release.store import PUBLIC_TABLES, Release
from longevity.release.table_corrections import Period, find_period, group_by_period, read_rows
from longevity.release.table_history import TableHistory
from longevity.settings import Settings
from longevity.warehouse import connection, facts
from longevity.warehouse.count_states import MISSING, SHOWN, WITHHELD, ZERO

Row = Mapping[str, Any]
Counts = Mapping[str, int | None]  # cell: its count, None where it is withheld
Parts = Mapping[str, Sequence[str]]  # cell: the values of people it is made of

# Everybody counted: a victim, and how far along the way each invitation came.
PEOPLE = """
    SELECT victims.victim_id AS id, victims.city, YEAR(located.day) AS year, victims.age_band,
        victims.sex, victims.race_ethnicity, located.gmi,
        COUNT(*) OVER (PARTITION BY victims.incident_id) AS party
    FROM victims
    INNER JOIN located USING (incident_id)
    WHERE located.counted AND victims.weapon = 'firearm'
"""
# The rules of call_in_funnel (queries/program), of sessions that all lie 90 days back.
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
_OF_A_YEAR = (
    "SELECT * EXCLUDE (city, year) FROM ({}) WHERE city = $city AND year = $year ORDER BY id"
)
STEPS: Parts = {
    "invited": (NOT_REACHED, NOT_COME, NO_INTAKE, INTAKE, ACTIVE),
    "reachable": (NOT_COME, NO_INTAKE, INTAKE, ACTIVE),
    "not_reached": (NOT_REACHED,),
    "attended": (NO_INTAKE, INTAKE, ACTIVE),
    "not_come": (NOT_COME,),
    "intake_30": (INTAKE, ACTIVE),
    "no_intake_30": (NO_INTAKE,),
}


def reclassify(before: pd.Series, now: pd.Series, limit: int, lumped: bool = False) -> pd.Series:
    """Return the value of each person in a second version of a table.

    Both are by person; `now` is empty of whoever is not counted now. A value most of whose
    people are where they were, or went together to one that nobody else came to, takes all of
    them there, if all but `limit` went so. One that was split, or joined to another, is as `now`
    has it. A value of no more than `limit` people moves as a whole or not at all. `lumped`: values
    are made of several of the source's, of which only some may have been taken for others, so
    that who went elsewhere belongs there.
    """
    flows = pd.crosstab(before, now)
    large = {a: [b for b, n in row.items() if n > limit] for a, row in flows.iterrows()}
    most = {a: row.idxmax() for a, row in flows.iterrows()}
    targets_in_use = [b for each in large.values() for b in each]
    follows: dict[Any, Any] = {}
    for value, targets in large.items():
        target = most[value]
        if targets == [value]:
            follows[value] = value
        elif lumped:
            continue
        elif not targets:
            is_free = target not in targets_in_use and most.get(target) != target
            follows[value] = target if is_free else value
        elif _moved_together(flows.loc[value], targets_in_use, limit):
            follows[value] = target
    after = [
        follows[value] if value in follows else most.get(value, value) if pd.isna(then) else then
        for value, then in zip(before, now, strict=True)
    ]
    return pd.Series(after, index=before.index, dtype=object)


def find_renames(before: pd.Series, after: pd.Series) -> dict[Any, Any] | None:
    """Return what each value is called now, where its people went to one that nobody else did.

    None where some were parted or joined.
    """
    pairs = pd.DataFrame({"before": before, "after": after}).drop_duplicates()
    if pairs["before"].duplicated().any() or pairs["after"].duplicated().any():
        return None
    return dict(zip(pairs["before"], pairs["after"], strict=True))


def _moved_together(row: pd.Series, targets: Sequence[Any], limit: int) -> bool:
    """Return whether all but a few people of a value went to one, and few others went there."""
    return int(row.sum() - row.max()) <= limit and targets.count(row.idxmax()) == 1


def is_safe_beside(
    before: pd.Series,
    after: pd.Series,
    first: Counts,
    second: Counts,
    parts: Parts,
    limit: int,
    together: pd.Series | None = None,
) -> bool:
    """Return whether both versions of a table together tie down nothing small or withheld.

    `before`, `after`: the value of each person in the first and second version. `first`,
    `second`: cell to count, None where withheld. Against whoever knows from which value people
    went to which: to each withheld cell, and each number of people up to the threshold who went
    from one value to another, as many ways as the threshold must be left, or as there are
    people where those are fewer. Who was shot `together` with others, of whom the same is said,
    is taken to stay where they are: the ways are those of the rest.
    """
    values = sorted({value for each in parts.values() for value in each})
    moved = pd.crosstab(before, after)
    flows = {(a, b): int(n) for a, row in moved.iterrows() for b, n in row.items() if n}
    kinds = [*flows, *((v, v) for v in values if v not in moved.index and (v, v) not in flows)]
    tied: list[tuple[np.ndarray, float]] = []
    guarded = [_build_terms([kind], kinds) for kind, n in flows.items() if n <= limit]
    for side, counts in enumerate((first, second)):
        for cell, members in parts.items():
            terms = _build_terms([kind for kind in kinds if kind[side] in members], kinds)
            if counts[cell] is None:
                guarded.append(terms)
            else:
                tied.append((terms, float(counts[cell] or 0)))
    bound = dict.fromkeys(kinds, 0)
    if together is not None:
        bound |= Counter(zip(before[together], after[together], strict=True))
    people = before.isin(values) & after.isin(values)
    if people.all():  # then their number is public
        tied.append((np.ones(len(kinds)), float(len(before))))
    least = min(limit, len(before))
    ends = Bounds([bound[kind] for kind in kinds], float(len(before)))
    return all(_compute_width(each, tied, ends) >= least for each in guarded)


def _build_terms(
    subset: Collection[tuple[Any, Any]], kinds: Sequence[tuple[Any, Any]]
) -> np.ndarray:
    return np.array([1.0 if kind in subset else 0.0 for kind in kinds])


def _compute_width(
    goal: np.ndarray, tied: Sequence[tuple[np.ndarray, float]], bounds: Bounds
) -> float:
    """Compute how far apart the least and most of a sum lie, given what other sums are."""
    constraints = [LinearConstraint(terms, count, count) for terms, count in tied]
    ends = []
    for sign in (1.0, -1.0):
        solved = milp(
            sign * goal,
            constraints=constraints,
            integrality=np.ones(len(goal)),
            bounds=bounds,
        )
        if solved.status != 0:
            return 0.0  # not solved is not safe
        ends.append(sign * solved.fun)
    return float(ends[1] - ends[0])


_INVITED = ("call_ins", "invitations", "services")


class SecondVersions:
    """Second versions of periods, each of the people its first version was of.

    `refused` holds a sentence for each period that cannot have one.
    """

    def __init__(
        self,
        now: duckdb.DuckDBPyConnection,
        settings: Settings,
        history: TableHistory,
        limit: int,
        draws: DrawsByPeriod,
    ) -> None:
        self.now, self.settings, self.history, self.limit = now, settings, history, limit
        self.draws = draws
        self.current = group_by_period(read_rows(history.path))
        # Those that are a second version already: the first does not say who is in them.
        self.already = set(map(find_period, history.manifest.get("recut", [])))
        self.first: dict[Period, Sequence[Row]] = {}
        self.refused: list[str] = []

    def build_victim_tables(
        self, city: str, year: int, names: Sequence[str], young: str
    ) -> dict[Period, Cells]:
        """Build the tables of `names` to be frozen again, of one city and year, and `young`."""
        again = [name for name in names if (name, city, year) in self.history.refreeze]
        # A second version has the values of the first, whatever bands a source gives since.
        values = {name: [row["value"] for row in self.current[name, city, year]] for name in again}
        parts = {name: {value: (value,) for value in values[name]} for name in again}
        people = self._find_people(PEOPLE, facts.COUNTED_FROM, city, year, parts)
        if people is None:
            return {}
        versions: dict[Period, Cells] = {}
        sorted_so = people.copy()
        as_first: dict[str, Cells | None] = {
            each: self._read_current((each, city, year)) for each in names
        }
        for name in again:
            period = (name, city, year)
            before, now = (
                _place_in_table(people[each], values[name]) for each in (name, f"{name}_now")
            )
            after = reclassify(before, now, self.limit)
            together = people["party"] > 1 if name == suppression.GMI else None
            cells, as_first[name] = self._build_victim_table(
                period, before, after, values[name], people["party"]
            )
            versions |= self._check_second(period, before, after, cells, parts[name], together)
            sorted_so[name] = people[name].where(after == before, after)
        if versions and (young, city, year) in self.history.refreeze:
            of_young = {(name, city, year) for name in (*suppression.OF_YOUNG, young)}
            days = {row["cut_on"] for each in of_young for row in self.current.get(each, ())}
            # Tables of several days, as were frozen once, are not all of the same people.
            unsure = len(days) > 1 or bool(
                self.already & {(name, city, year) for name in names if name not in again}
            )
            versions[young, city, year] = self._build_young(sorted_so, people, as_first, unsure)
        return versions

    def _build_victim_table(
        self,
        period: Period,
        before: pd.Series,
        after: pd.Series,
        values: Sequence[str],
        party: pd.Series,
    ) -> tuple[Cells, Cells | None]:
        """Build the second version of a table of victims, and the first with its names put right.

        Where values only changed names, the second is the first under right names, with one
        more withheld if the first was frozen without draws: it is made of what the first showed,
        and so shows no more. Otherwise it is withheld whole if either withholds anything: both
        rules together would give cells away; there is no first under right names then.
        """
        name, first = period[0], _map_counts(self.first[period])
        of_all = pd.DataFrame({name: after, "victims": 1, "party": party})
        names = find_renames(before, after)
        if names is None:
            cells = suppression.suppress_attribute(
                of_all, name, values, self.limit, self._draw_for(period)
            )
            open_ = all(
                count is not None for count in (*first.values(), *[count for _, count, _ in cells])
            )
            return (cells if open_ else _withhold_all(cells)), None
        hidden = {names.get(value, value) for value, count in first.items() if count is None}
        if all(count is None for count in first.values()):  # with the noughts, which have no people
            hidden = set(values)
        counts = suppression.count_values(of_all, name, values)
        at = {at for at, value in enumerate(values) if value in hidden}
        renamed = suppression.build_cells(values, [counts[value] for value in values], at)
        if period not in self.history.without_draws:
            return renamed, renamed
        cells = suppression.suppress_attribute(
            of_all, name, values, self.limit, self._draw_for(period), hidden
        )
        return cells, renamed

    def _draw_for(self, period: Period) -> Draws:
        """Draw numbers that have nothing to do with those of the first version."""
        return self.draws(*period, "again")

    def _build_young(
        self,
        people: pd.DataFrame,
        first: pd.DataFrame,
        tables: Mapping[str, Cells | None],
        unsure: bool,
    ) -> Cells:
        """Build young Black men beside the tables as whoever kept the first versions has them."""
        published = {name: cells for name, cells in tables.items() if cells is not None}
        if unsure or not published.keys() >= suppression.OF_YOUNG:
            count = len(people)
            cells = [(name, None, WITHHELD) for name in ("young_black_men", "may_be")]
            return [*cells, ("victims", count, SHOWN if count else ZERO)]
        return suppression.suppress_young_black_men(people, self.limit, published, first=first)

    def _read_current(self, period: Period) -> Cells:
        return read_cells(self.current.get(period, []))

    def build_funnels(self, fewest: int, active: str) -> dict[Period, Cells]:
        """Build the funnels to be frozen again, and the table `active` made of two years each."""
        versions: dict[Period, Cells] = {}
        stayed: dict[tuple[str, int], int] = {}
        years = {(city, year) for name, city, year in self.history.refreeze if name == "funnel"}
        pairs = {(city, year) for name, city, year in self.history.refreeze if name == active}
        years_of_pairs = {(city, each) for city, year in pairs for each in (year - 1, year)}
        for city, year in sorted(years | years_of_pairs):
            people = self._find_people(WAYS, _INVITED, city, year, {"funnel": STEPS})
            if people is None:
                continue
            after = people["way"]
            if (city, year) in years:
                after = reclassify(people["way"], people["way_now"], self.limit, lumped=True)
                versions |= self._build_funnel((city, year), people, after, fewest)
            stayed[city, year] = int((after == ACTIVE).sum())
        for city, year in pairs:
            both = [(city, year - 1), (city, year)]
            if not all(each in stayed for each in both):
                continue
            cells = [self._read_began(versions, each) for each in both]
            began = sum(count or 0 for count, _ in cells)
            now = sum(stayed[each] for each in both)
            cell = suppression.suppress_still_active(cells, began, now, self.limit)
            (first,) = self.current[active, city, year]
            if first["counted"] is not None and 1 <= abs(first["counted"] - now) <= self.limit:
                cell = None, WITHHELD
            versions[active, city, year] = [("active_90", *cell)]
        return versions

    def _build_funnel(
        self, where: tuple[str, int], people: pd.DataFrame, after: pd.Series, fewest: int
    ) -> dict[Period, Cells]:
        period = ("funnel", *where)
        counts = {step: int(after.isin(ways).sum()) for step, ways in STEPS.items()}
        sessions = people.loc[after != CUSTODY, "session"].nunique()
        served = all(row["state"] != MISSING for row in self.first[period])
        cells = suppression.suppress_funnel(counts, served, self.limit, 0 < sessions < fewest)
        return self._check_second(period, people["way"], after, cells, STEPS)

    def _read_began(
        self, versions: Mapping[Period, Cells], where: tuple[str, int]
    ) -> tuple[int | None, str]:
        """Read who began a service in a year, and the state of that cell, as its table has it."""
        period = ("funnel", *where)
        published = {row["value"]: (row["counted"], row["state"]) for row in self.current[period]}
        published |= {value: (count, state) for value, count, state in versions.get(period, [])}
        count, state = published["intake_30"]
        return (None if state in (WITHHELD, MISSING) else count), state

    def _check_second(
        self,
        period: Period,
        before: pd.Series,
        after: pd.Series,
        cells: Cells,
        parts: Parts,
        together: pd.Series | None = None,
    ) -> dict[Period, Cells]:
        """Return the second version of a period: withheld whole where it would give cells away."""
        counts: dict[str, int | None] = {cell: count for cell, count, _ in cells}
        if not is_safe_beside(
            before, after, _map_counts(self.first[period]), counts, parts, self.limit, together
        ):
            cells = _withhold_all(cells)
            counts = dict.fromkeys(counts)
        if period in self.already and counts != _map_counts(self.current[period]):
            self._refuse(period, "it was cut again before, and a third version would tell more")
            return {}
        return {period: cells}

    def _find_people(
        self,
        sql: str,
        extracts: Sequence[str],
        city: str,
        year: int,
        tables: Mapping[str, Parts],
    ) -> pd.DataFrame | None:
        """Find the people the first versions of some tables were of, by code; None if refused.

        With each column beside it stands `<column>_now`: what these extracts say of them.
        """
        period = (next(iter(tables)), city, year)
        params, sql = {"city": city, "year": year}, _OF_A_YEAR.format(sql)
        for release in self.history.releases:
            tables_then = group_by_period(read_rows(release.member(PUBLIC_TABLES)))
            first = {(name, city, year): tables_then.get((name, city, year)) for name in tables}
            if not all(first.values()):
                continue
            people = self._read_people(release, sql, params)
            # An earlier version took the day of the newest row where none was stated.
            ends = [
                through(release.manifest, city, extracts)
                for through in (facts.find_frozen_through_day, facts.find_through_day)
            ]
            if not all(
                rows[0]["cut_on"] in ends and _is_of(people, rows, tables[name])
                for (name, *_), rows in first.items()
                if rows
            ):
                continue
            self.first |= {each: rows for each, rows in first.items() if rows}
            now = self.now.execute(sql, params).df().set_index("id")
            missing = len(people.index.difference(now.index))
            if missing > self.limit:
                self._refuse(
                    period,
                    f"{missing} of the {len(people)} counted then are not counted there in these "
                    "extracts: codes changed, or more is wrong than categories",
                )
                return None
            return people.join(now.reindex(people.index).add_suffix("_now"))
        self._refuse(period, "the release that counted them is not kept, or tells it no more")
        return None

    def _read_people(self, release: Release, sql: str, params: Mapping[str, Any]) -> pd.DataFrame:
        opened, _ = connection.open_scope(release, self.settings, STATE_SCOPE)
        with closing(opened):
            return opened.execute(sql, params).df().set_index("id")

    def _refuse(self, period: Period, because: str) -> None:
        table, city, year = period
        self.refused.append(f"{table} of {city}, {year}, cannot be cut again: {because}.")


def _place_in_table(column: pd.Series, values: Sequence[str]) -> pd.Series:
    """Return the value each person counts under: unknown for one the table does not list."""
    return column.where(column.isin(values) | column.isna(), UNKNOWN)


def _is_of(people: pd.DataFrame, rows: Sequence[Row], parts: Parts) -> bool:
    """Return whether a frozen table is of these people, as far as it shows."""
    if "way" in people:
        column = people["way"]
    else:
        column = _place_in_table(people[rows[0]["table_name"]], list(parts))
    return all(
        row["counted"] is None or row["counted"] == column.isin(parts.get(row["value"], ())).sum()
        for row in rows
    )


def read_cells(rows: Sequence[Row]) -> Cells:
    """Read the cells of a period from its rows."""
    return [(row["value"], row["counted"], row["state"]) for row in rows]


def _map_counts(rows: Sequence[Row]) -> dict[str, int | None]:
    """Return the counts of a table; nobody has a value of victims that is missing beside others."""
    never_given = (
        {row["value"] for row in rows if row["state"] == MISSING}
        if any(row["state"] != MISSING for row in rows) and rows[0]["table_name"] != "funnel"
        else set()
    )
    return {row["value"]: 0 if row["value"] in never_given else row["counted"] for row in rows}


def _withhold_all(cells: Cells) -> Cells:
    return [(value, None, state if state == MISSING else WITHHELD) for value, _, state in cells]
