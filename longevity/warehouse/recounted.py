"""A period of the lattice cut again: the same people, sorted as the extracts now say.

Whoever keeps both versions of a table reads their difference. So nobody enters the second
who was not in the first, what was said otherwise of a few people since stays as it was, and
where both versions together would tie a small number down the second is withheld whole
(docs/lattice.md). Who was counted is told by the release that cut the period first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from longevity.release import recut
from longevity.release.carried import Carried
from longevity.release.recut import Period
from longevity.release.store import PUBLIC_TABLES, Release
from longevity.settings import Settings
from longevity.warehouse import connection, facts, lattice_cells
from longevity.warehouse.count_states import MISSING, SHOWN, WITHHELD, ZERO
from longevity.warehouse.die import Die, Draws
from longevity.warehouse.lattice_cells import UNKNOWN, Cells
from longevity.warehouse.viewers import STATE_SCOPE

Row = Mapping[str, Any]
Told = Mapping[str, int | None]  # cell: its count, None where it is not told
Parts = Mapping[str, Sequence[str]]  # cell: the values of people it is made of

# Everybody counted: a victim, and how far along the way each invitation came.
PEOPLE = """
    SELECT victims.victim_id AS id, victims.city, YEAR(located.day) AS year, victims.age_band,
        victims.sex, victims.race_ethnicity, located.gmi
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


def sorted_anew(before: pd.Series, now: pd.Series, limit: int, lumped: bool = False) -> pd.Series:
    """The value of each of some people in a second version of a table.

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
    taken = [b for each in large.values() for b in each]
    follows: dict[Any, Any] = {}
    for value, targets in large.items():
        target = most[value]
        if targets == [value]:
            follows[value] = value
        elif lumped:
            continue
        elif not targets:
            left = target not in taken and most.get(target) != target
            follows[value] = target if left else value
        elif _went_together(flows.loc[value], taken, limit):
            follows[value] = target
    after = [
        follows[value] if value in follows else most.get(value, value) if pd.isna(then) else then
        for value, then in zip(before, now, strict=True)
    ]
    return pd.Series(after, index=before.index, dtype=object)


def new_names(before: pd.Series, after: pd.Series) -> dict[Any, Any] | None:
    """What each value is called now, where all its people went to one that nobody else did.

    None where some were parted or joined.
    """
    pairs = pd.DataFrame({"before": before, "after": after}).drop_duplicates()
    if pairs["before"].duplicated().any() or pairs["after"].duplicated().any():
        return None
    return dict(zip(pairs["before"], pairs["after"], strict=True))


def _went_together(row: pd.Series, taken: Sequence[Any], limit: int) -> bool:
    """Whether all but a few people of a value went to one, and no others in number went there."""
    return int(row.sum() - row.max()) <= limit and taken.count(row.idxmax()) == 1


def keeps_apart(
    before: pd.Series, after: pd.Series, first: Told, second: Told, parts: Parts, limit: int
) -> bool:
    """Whether both versions of a table together tie nothing down that is small or withheld.

    `before`, `after`: the value of each person in the first and second version. `first`,
    `second`: cell to count, None where withheld. Against whoever knows from which value people
    went to which: to each withheld cell, and each number of people up to the threshold who went
    from one value to another, as many ways as the threshold must be left, or as there are
    people where those are fewer.
    """
    values = sorted({value for each in parts.values() for value in each})
    moved = pd.crosstab(before, after)
    flows = {(a, b): int(n) for a, row in moved.iterrows() for b, n in row.items() if n}
    kinds = [*flows, *((v, v) for v in values if v not in moved.index and (v, v) not in flows)]
    tied: list[tuple[np.ndarray, float]] = []
    guarded = [_terms([kind], kinds) for kind, n in flows.items() if n <= limit]
    for side, told in enumerate((first, second)):
        for cell, of in parts.items():
            terms = _terms([kind for kind in kinds if kind[side] in of], kinds)
            if told[cell] is None:
                guarded.append(terms)
            else:
                tied.append((terms, float(told[cell] or 0)))
    people = before.isin(values) & after.isin(values)
    if people.all():  # then their number is public
        tied.append((np.ones(len(kinds)), float(len(before))))
    least = min(limit, len(before))
    return all(_width(each, tied, float(len(before))) >= least for each in guarded)


def _terms(chosen: Collection[tuple[Any, Any]], kinds: Sequence[tuple[Any, Any]]) -> np.ndarray:
    return np.array([1.0 if kind in chosen else 0.0 for kind in kinds])


def _width(goal: np.ndarray, tied: Sequence[tuple[np.ndarray, float]], most: float) -> float:
    """How far apart the least and the most of a sum lie, given what is known of other sums."""
    known = [LinearConstraint(terms, count, count) for terms, count in tied]
    ends = []
    for sign in (1.0, -1.0):
        solved = milp(
            sign * goal,
            constraints=known,
            integrality=np.ones(len(goal)),
            bounds=Bounds(0, most),
        )
        if solved.status != 0:
            return 0.0  # not solved is not safe
        ends.append(sign * solved.fun)
    return float(ends[1] - ends[0])


_INVITED = ("call_ins", "invitations", "services")


class Recounting:
    """Cuts periods again, each from the people its first version was of.

    `refused` holds a sentence for each that cannot be.
    """

    def __init__(
        self,
        now: duckdb.DuckDBPyConnection,
        settings: Settings,
        before: Carried,
        limit: int,
        draws: Draws,
    ) -> None:
        self.now, self.settings, self.before, self.limit = now, settings, before, limit
        self.draws = draws
        self.carried = recut.by_period(recut.rows(before.path))
        # Those that are another version already: their people are not told by the first.
        self.already = {
            (one["table"], one["city"], one["year"]) for one in before.manifest.get("recut", [])
        }
        self.first: dict[Period, Sequence[Row]] = {}
        self.refused: list[str] = []

    def victims(
        self, city: str, year: int, names: Sequence[str], young: str
    ) -> dict[Period, Cells]:
        """The tables of `names` that are to be cut again, of one city and year, and `young`."""
        again = [name for name in names if (name, city, year) in self.before.again]
        # A second version has the values of the first, whatever bands a source gives since.
        values = {name: [row["value"] for row in self.carried[name, city, year]] for name in again}
        parts = {name: {value: (value,) for value in values[name]} for name in again}
        people = self._people(PEOPLE, facts.COUNTED_FROM, city, year, parts)
        if people is None:
            return {}
        found: dict[Period, Cells] = {}
        sorted_so = people.copy()
        as_first: dict[str, Cells | None] = {
            each: self._carried((each, city, year)) for each in names
        }
        for name in again:
            period = (name, city, year)
            before, now = (_in_table(people[each], values[name]) for each in (name, f"{name}_now"))
            after = sorted_anew(before, now, self.limit)
            cells, as_first[name] = self._table(period, before, after, values[name])
            found |= self._second(period, before, after, cells, parts[name])
            sorted_so[name] = people[name].where(after == before, after)
        if found and (young, city, year) in self.before.again:
            unsure = self.already & {(name, city, year) for name in names if name not in again}
            found[young, city, year] = self._young(sorted_so, people, as_first, bool(unsure))
        return found

    def _table(
        self, period: Period, before: pd.Series, after: pd.Series, values: Sequence[str]
    ) -> tuple[Cells, Cells | None]:
        """The second version of a table of victims, and the first with its names put right.

        Where values only changed names, the second is the first under right names, with one
        more withheld if the first was cut without draws: it is made of what the first told, and
        so tells no more. Otherwise it is withheld whole if either withholds anything: both rules
        together would tell; there is no first under right names then.
        """
        name, first = period[0], _told(self.first[period])
        of_all = pd.DataFrame({name: after, "victims": 1})
        names = new_names(before, after)
        if names is None:
            cells = lattice_cells.of_attribute(of_all, name, values, self.limit, self._die(period))
            open_ = all(told is not None for told in (*first.values(), *_counts(cells)))
            return (cells if open_ else _withheld(cells)), None
        hidden = {names.get(value, value) for value, told in first.items() if told is None}
        if all(told is None for told in first.values()):  # with the noughts, which have no people
            hidden = set(values)
        counts = lattice_cells.count_values(of_all, name, values)
        at = {at for at, value in enumerate(values) if value in hidden}
        renamed = lattice_cells.tell(values, [counts[value] for value in values], at)
        if period not in self.before.without_draws:
            return renamed, renamed
        cells = lattice_cells.of_attribute(
            of_all, name, values, self.limit, self._die(period), hidden
        )
        return cells, renamed

    def _die(self, period: Period) -> Die:
        """Draws that have nothing to do with those of the first version."""
        return self.draws(*period, "again")

    def _young(
        self,
        people: pd.DataFrame,
        first: pd.DataFrame,
        tables: Mapping[str, Cells | None],
        unsure: bool,
    ) -> Cells:
        """Young Black men beside the tables as an attacker who kept the first versions has them."""
        told = {name: cells for name, cells in tables.items() if cells is not None}
        if unsure or not told.keys() >= lattice_cells.OF_YOUNG:
            count = len(people)
            cells = [(name, None, WITHHELD) for name in ("young_black_men", "may_be")]
            return [*cells, ("victims", count, SHOWN if count else ZERO)]
        return lattice_cells.young_black_men(people, self.limit, told, first=first)

    def _carried(self, period: Period) -> Cells:
        return cells_of(self.carried.get(period, []))

    def funnels(self, fewest: int, active: str) -> dict[Period, Cells]:
        """The call-in funnels to be cut again, and the table `active` made of two years each."""
        found: dict[Period, Cells] = {}
        stayed: dict[tuple[str, int], int] = {}
        years = {(city, year) for name, city, year in self.before.again if name == "funnel"}
        pairs = {(city, year) for name, city, year in self.before.again if name == active}
        years_of_pairs = {(city, each) for city, year in pairs for each in (year - 1, year)}
        for city, year in sorted(years | years_of_pairs):
            people = self._people(WAYS, _INVITED, city, year, {"funnel": STEPS})
            if people is None:
                continue
            after = people["way"]
            if (city, year) in years:
                after = sorted_anew(people["way"], people["way_now"], self.limit, lumped=True)
                found |= self._funnel((city, year), people, after, fewest)
            stayed[city, year] = int((after == ACTIVE).sum())
        for city, year in pairs:
            both = [(city, year - 1), (city, year)]
            if not all(each in stayed for each in both):
                continue
            cells = [self._began(found, each) for each in both]
            told = sum(count or 0 for count, _ in cells)
            now = sum(stayed[each] for each in both)
            cell = lattice_cells.still_active(cells, told, now, self.limit)
            (first,) = self.carried[active, city, year]
            if first["counted"] is not None and 1 <= abs(first["counted"] - now) <= self.limit:
                cell = None, WITHHELD
            found[active, city, year] = [("active_90", *cell)]
        return found

    def _funnel(
        self, where: tuple[str, int], people: pd.DataFrame, after: pd.Series, fewest: int
    ) -> dict[Period, Cells]:
        period = ("funnel", *where)
        counts = {step: int(after.isin(ways).sum()) for step, ways in STEPS.items()}
        sessions = people.loc[after != CUSTODY, "session"].nunique()
        served = all(row["state"] != MISSING for row in self.first[period])
        cells = lattice_cells.funnel(counts, served, self.limit, 0 < sessions < fewest)
        return self._second(period, people["way"], after, cells, STEPS)

    def _began(
        self, found: Mapping[Period, Cells], where: tuple[str, int]
    ) -> tuple[int | None, str]:
        """Who began a service in a year, and the state of that cell, as its table tells now."""
        period = ("funnel", *where)
        told = {row["value"]: (row["counted"], row["state"]) for row in self.carried[period]}
        told |= {value: (count, state) for value, count, state in found.get(period, [])}
        count, state = told["intake_30"]
        return (None if state in (WITHHELD, MISSING) else count), state

    def _second(
        self,
        period: Period,
        before: pd.Series,
        after: pd.Series,
        cells: Cells,
        parts: Parts,
    ) -> dict[Period, Cells]:
        """The second version of a period: withheld whole where it would tell too much."""
        told: dict[str, int | None] = {cell: count for cell, count, _ in cells}
        if not keeps_apart(before, after, _told(self.first[period]), told, parts, self.limit):
            cells = _withheld(cells)
            told = dict.fromkeys(told)
        if period in self.already and told != _told(self.carried[period]):
            self._refuse(period, "it was cut again before, and a third version would tell more")
            return {}
        return {period: cells}

    def _people(
        self,
        sql: str,
        extracts: Sequence[str],
        city: str,
        year: int,
        tables: Mapping[str, Parts],
    ) -> pd.DataFrame | None:
        """The people the first versions of some tables were of, by their codes; None if refused.

        With each column beside it stands `<column>_now`: what these extracts say of them.
        """
        period = (next(iter(tables)), city, year)
        asked, sql = {"city": city, "year": year}, _OF_A_YEAR.format(sql)
        for release in self.before.kept:
            own = recut.by_period(recut.rows(release.member(PUBLIC_TABLES)))
            first = {(name, city, year): own.get((name, city, year)) for name in tables}
            if not all(first.values()):
                continue
            people = self._then(release, sql, asked)
            # An earlier version took the day of the newest row where none was stated.
            ends = [
                through(release.manifest, city, extracts)
                for through in (facts.cut_through, facts.through)
            ]
            if not all(
                rows[0]["cut_on"] in ends and _are_of(people, rows, tables[name])
                for (name, *_), rows in first.items()
                if rows
            ):
                continue
            self.first |= {each: rows for each, rows in first.items() if rows}
            now = self.now.execute(sql, asked).df().set_index("id")
            gone = len(people.index.difference(now.index))
            if gone > self.limit:
                self._refuse(
                    period,
                    f"{gone} of the {len(people)} counted then are not counted there in these "
                    "extracts: codes changed, or more is wrong than categories",
                )
                return None
            return people.join(now.reindex(people.index).add_suffix("_now"))
        self._refuse(period, "the release that counted them is not kept, or tells it no more")
        return None

    def _then(self, release: Release, sql: str, asked: Mapping[str, Any]) -> pd.DataFrame:
        opened, _ = connection.open_scope(release, self.settings, STATE_SCOPE)
        with closing(opened):
            return opened.execute(sql, asked).df().set_index("id")

    def _refuse(self, period: Period, because: str) -> None:
        table, city, year = period
        self.refused.append(f"{table} of {city}, {year}, cannot be cut again: {because}.")


def _in_table(own: pd.Series, values: Sequence[str]) -> pd.Series:
    """The value each person counts under: the unknown for one the table does not list."""
    return own.where(own.isin(values) | own.isna(), UNKNOWN)


def _are_of(people: pd.DataFrame, rows: Sequence[Row], parts: Parts) -> bool:
    """Whether a table that was cut is of these people, as far as it is told."""
    if "way" in people:
        own = people["way"]
    else:
        own = _in_table(people[rows[0]["table_name"]], list(parts))
    return all(
        row["counted"] is None or row["counted"] == own.isin(parts.get(row["value"], ())).sum()
        for row in rows
    )


def cells_of(rows: Sequence[Row]) -> Cells:
    """The cells of a period of the lattice."""
    return [(row["value"], row["counted"], row["state"]) for row in rows]


def _counts(cells: Cells) -> list[int | None]:
    return [count for _, count, _ in cells]


def _told(rows: Sequence[Row]) -> dict[str, int | None]:
    return {row["value"]: row["counted"] for row in rows}


def _withheld(cells: Cells) -> Cells:
    return [(value, None, state if state == MISSING else WITHHELD) for value, _, state in cells]
