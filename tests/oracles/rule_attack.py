"""An attacker who has read docs/public-tables.md: who keeps only what the rule would hide just so.

Besides all that hangs together (`lattice_attack.py`) the rule itself is written down here a
second time, as what must hold of the withheld counts, draws left open: whatever a draw may
come out as is possible. Nothing here is shared with the code that freezes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heapreplace
from itertools import combinations, product

import numpy as np

from longevity.facts.age_bands import AGE_BANDS
from tests.oracles import funnel_attack
from tests.oracles.lattice_attack import PROTECTED, VALUES, Cell, Expression, Found, Program, Tables, known, younger

LARGER = PROTECTED + 1
ALWAYS = 10_000.0  # more than any sum of counts here
Bound = tuple[Expression, float]  # a sum of cells, and the most it is


def ways(tables: Tables, victims: int) -> dict[Cell, tuple[float, float]]:
    """The least and the most each withheld cell can be, to one who knows the rule."""
    program = known(tables, victims)
    for name in VALUES:
        know_the_rule(program, name, victims)
    if ("young", "are") in tables and victims:
        _young(program, victims)
    return program.ways()


def found() -> Found:
    """What this attacker finds: every small number must be left, and as many of a larger one."""
    return Found(ways, least=PROTECTED - 1)


def leaves_every_small_number(visible: Tables, true: Mapping[Cell, int], victims: int) -> None:
    """Assert that each small withheld count can be any up to the threshold, others as many."""
    for cell, (least, most) in ways(visible, victims).items():
        assert most - least >= min(PROTECTED - 1, victims), (cell, least, most)
        if true[cell] <= PROTECTED and cell[0] != "young":
            assert least <= 1, (cell, least, most)
            assert most >= min(PROTECTED, victims), (cell, least, most)


def _hidden(program: Program, name: str) -> tuple[list[Cell], list[Cell]]:
    cells = [cell for cell in program.tables if cell[0] == name]
    return cells, [cell for cell in cells if cell in program.at]


def _larger(program: Program, cell: Cell) -> Cell:
    """One where a withheld count is above the threshold, else nought."""
    larger = (f"larger {cell[0]}", cell[1])
    if larger not in program.at:
        program.add(larger, 0, 1)
        program.know({cell: 1.0, larger: -ALWAYS}, -np.inf, PROTECTED)
        program.know({cell: 1.0, larger: -float(LARGER)}, 0, np.inf)
    return larger


def know_the_rule(program: Program, name: str, victims: int) -> None:
    """The rule of one table: all small ones, at least one larger, and enough together."""
    cells, hidden = _hidden(program, name)
    shown = [program.tables[cell] or 0 for cell in cells if cell not in hidden]
    assert not [count for count in shown if 1 <= count <= PROTECTED], "a small one is shown"
    if not hidden:
        return
    if not shown:
        _all_withheld(program, name, hidden, victims)
        return
    assert any(shown), "where all who are counted are withheld, the noughts are too"
    for cell in hidden:
        program.least[program.at[cell]] = 1.0
    larger = dict.fromkeys((_larger(program, cell) for cell in hidden), 1.0)
    program.know(larger, 1, len(hidden) - 1)
    enough = len(hidden) + PROTECTED - 1
    extra = {cell: -float(PROTECTED) for cell in larger}
    program.know({**dict.fromkeys(hidden, 1.0), **extra}, enough, np.inf)


def _all_withheld(program: Program, name: str, hidden: list[Cell], victims: int) -> None:
    """Some value is small, or one is everybody; no one known of is shown, unless they are few."""
    some: Expression = {}
    for kind, bounds in (
        ("small", lambda cell, one: [({one: 1.0, cell: -1.0}, 0.0), ({cell: 1.0, one: ALWAYS}, ALWAYS + PROTECTED)]),
        ("everybody", lambda cell, one: [({one: float(victims), cell: -1.0}, 0.0)]),
    ):
        for cell in hidden:
            one = (f"{kind} {name}", cell[1])
            program.add(one, 0, 1)
            for terms, most in bounds(cell, one):
                program.know(terms, -np.inf, most)
            some[one] = 1.0
    program.know(some, min(1, victims), np.inf)
    if victims > PROTECTED:
        program.know({(name, "unknown"): 1.0}, 0, victims - 1)


class _Reach:
    """How few and how many the rule lets some values of a table be: two numbers not known."""

    def __init__(self, program: Program, name: str, within: set[str]) -> None:
        self.program = program
        tag = f"{name} {' '.join(sorted(within))}"
        self.least, self.most = ("reach least", tag), ("reach most", tag)
        for end in (self.least, self.most):
            program.add(end, 0, ALWAYS)
            program.least[program.at[end]] = -ALWAYS
        cells, hidden = _hidden(program, name)
        self.within: Expression = {cell: 1.0 for cell in cells if cell[1] in within}
        inside = [cell for cell in hidden if cell in self.within]
        outside = [cell for cell in hidden if cell not in self.within]
        shown = sum(program.tables[cell] or 0 for cell in self.within if cell not in hidden)
        self.nobody = not inside and not shown
        if not inside or not outside:
            for end in (self.least, self.most):
                program.know({**self.within, end: -1.0}, 0, 0)
            return
        fewest = 0 if len(hidden) == len(cells) else 1
        self._open(tag, inside, outside, float(fewest))

    def _open(self, tag: str, inside: list[Cell], outside: list[Cell], fewest: float) -> None:
        program = self.program
        some = ("some larger", tag)
        program.add(some, 0, 1)
        large_in = dict.fromkeys((_larger(program, cell) for cell in inside), 1.0)
        large_out = [_larger(program, cell) for cell in outside]
        for cell in large_in:
            program.know({some: 1.0, cell: -1.0}, 0, 1)
        program.know({**large_in, some: -1.0}, 0, np.inf)
        both = dict.fromkeys((*self.within, *outside), 1.0)
        few = fewest * len(inside)
        out = dict.fromkeys(large_out, fewest - LARGER)
        self._if(some, 1, self.most, {**both, **out}, -fewest * len(outside))
        self._if(some, 1, self.least, {**both, **out}, -fewest * len(outside) - PROTECTED)
        apart = {cell: 1.0 for cell in self.within if cell not in inside}
        self._if(some, 0, self.least, apart, few)
        # The larger of two.
        which = ("which", tag)
        program.add(which, 0, 1)
        for terms, given, sign in ((self.within, 0.0, 1.0), (apart, few - fewest + PROTECTED, -1.0)):
            less = {cell: -one for cell, one in terms.items()}
            program.know({self.most: 1.0, **less, some: ALWAYS}, given, np.inf)
            top = given + (0.0 if sign > 0 else ALWAYS)
            program.know({self.most: 1.0, **less, some: -ALWAYS, which: -sign * ALWAYS}, -np.inf, top)

    def _if(self, some: Cell, on: int, end: Cell, terms: Expression, more: float) -> None:
        """An end is a sum and `more`, where `some` is `on`."""
        less = {cell: -one for cell, one in terms.items()}
        sign = ALWAYS if on else -ALWAYS
        off = ALWAYS if on else 0.0
        self.program.know({end: 1.0, **less, some: sign}, -np.inf, more + off)
        self.program.know({end: 1.0, **less, some: -sign}, more - off, np.inf)


def _young(program: Program, victims: int) -> None:
    """The rule of young Black men: shown where all this holds, withheld where some does not."""
    are, may = ("young", "are"), ("young", "may")
    bands = [value for name, value in program.tables if name == "age_band"]
    kinds: Sequence[tuple[str, Callable[[str], bool | None]]] = (
        ("age_band", younger),
        ("sex", lambda value: None if value == "unknown" else value == "male"),
        ("race_ethnicity", lambda value: None if value == "unknown" else value == "black"),
    )
    sure, maybe, unsure = [], [], []
    for name, is_so in kinds:
        values = {value for table, value in program.tables if table == name}
        yes = {value for value in values if is_so(value)}
        may_be = {value for value in values if is_so(value) is None}
        sure.append(_Reach(program, name, yes))
        maybe.append(_Reach(program, name, yes | may_be))
        unsure.append(_Reach(program, name, may_be))
    own = bool(set(bands) - set(AGE_BANDS))
    most = [(maybe if own and at == 0 else sure)[at].most for at in range(3)]
    nobody = any(one.nobody and not (own and at == 0 and not maybe[0].nobody) for at, one in enumerate(sure))
    far = float(-LARGER)
    holds: list[Bound] = [({are: -1.0}, far), ({are: 1.0}, victims + far)]
    for one in sure:
        holds.append(({are: 1.0, one.least: -1.0}, far))
        holds.append(({are: 1.0, **dict.fromkeys(one.within, -1.0)}, far))
    holds.append(({are: -1.0, **dict.fromkeys(most, 1.0)}, 2 * victims + far))
    if not nobody:
        _shown_where(program, are, [holds])
    if any(one.nobody for one in maybe) or program.tables[are] is None:
        return
    both: Expression = {are: 1.0, may: 1.0}
    beyond: Bound = ({are: -1.0, may: -1.0, **{reach.most: 1.0 for reach in maybe}}, 2 * victims + far)
    holds = [({may: -1.0}, far), beyond, (both, victims + far)]
    holds.append(({may: 1.0, **{reach.least: -1.0 for reach in unsure}}, 0.0))
    for one in sure:
        holds.append(({**both, one.least: -1.0}, far))
        holds.append(({**both, **dict.fromkeys(one.within, -1.0)}, far))
    _shown_where(program, may, [[({may: 1.0}, 0.0), beyond], holds])


def _shown_where(program: Program, cell: Cell, ways: list[list[Bound]]) -> None:
    """A cell is shown where all bounds of one of the `ways` hold, and withheld where of none."""
    count = program.tables[cell]
    if count is not None:
        for terms, most in ways[-1 if count else 0]:
            program.know(terms, -np.inf, most)
        return
    for at, bounds in enumerate(ways):
        broken: Expression = {}
        for number, (terms, most) in enumerate(bounds):
            one = (f"broken {cell[1]}", f"{at} {number}")
            program.add(one, 0, 1)
            broken[one] = 1.0
            less = {each: -sign for each, sign in terms.items()}
            program.know({**less, one: ALWAYS}, -np.inf, ALWAYS - most - 1)
        program.know(broken, 1, np.inf)


def ways_of_funnel(tables: Tables, most: int) -> dict[Cell, tuple[float, float]]:
    """The least and the most each withheld step can be, to one who knows the rule.

    And, for those who stayed, that nobody was entered late: more than anyone knows.
    """
    program = funnel_attack.known(tables, most)
    for year in sorted({year for year, name in tables if name == "invited"}):
        for whole, *parts in funnel_attack.WHOLE_AND_PARTS:
            count = tables[year, whole]
            if count:
                _split(program, [(year, part) for part in parts])
    for year, name in tables:
        began = [tables[each, "intake_30"] for each in (year, str(int(year) - 1))] if (name == "active_90") else [None]
        if all(count is not None for count in began) and any(began):
            rest = (year, "stayed no longer")
            program.add(rest, 0, most)
            program.know({(year, name): 1.0, rest: 1.0}, sum(map(int, began)), sum(map(int, began)))
            _split(program, [(year, name), rest], tables[year, name] is None)
    return program.ways()


def _split(program: Program, parts: list[Cell], withheld: bool | None = None) -> None:
    """Of parts that are shown each is large; of parts withheld one is not."""
    if withheld is None:
        withheld = any(program.tables[part] is None for part in parts)
    few: Expression = {}
    for part in parts:
        if not withheld:
            program.know({part: 1.0}, LARGER, np.inf)
            continue
        one = (f"few {part[0]}", part[1])
        program.add(one, 0, 1)
        few[one] = 1.0
        program.know({part: 1.0, one: ALWAYS}, -np.inf, ALWAYS + PROTECTED)
    if few:
        program.know(few, 1, np.inf)


def steps_seen(counts: Mapping[str, int]) -> dict[str, int | None]:
    """What the rule shows of a year of at least two sessions."""
    seen: dict[str, int | None] = {"invited": counts["invited"]}
    for whole, *parts in funnel_attack.WHOLE_AND_PARTS:
        split = seen[whole] is not None and (not counts[whole] or min(counts[part] for part in parts) > PROTECTED)
        seen |= {part: counts[part] if split else None for part in parts}
    if 1 <= counts["invited"] <= PROTECTED:
        return dict.fromkeys(seen)
    return seen


def outcomes(counts: Sequence[int], parties: Sequence[int] = ()) -> set[frozenset[int]]:
    """Every set of cells that draws could withhold of some counts, by the words of the rule.

    `parties`: how many were shot together, in each incident of several.
    """
    people = [at for at, count in enumerate(counts) if count]
    small = frozenset(at for at in people if counts[at] <= PROTECTED)
    if not small and len(people) != 1:
        return {frozenset()}
    others = [at for at in people if at not in small]
    found = {frozenset(range(len(counts)))}  # one more can always be drawn, until none is left
    for number in range(1, len(others)):
        for drawn in combinations(others, number):
            hidden = small | set(drawn)
            total = sum(counts[at] for at in hidden)
            most = total - (len(hidden) + PROTECTED * number - 2)  # of one larger cell
            rooms = [most, *(count for at, count in enumerate(counts) if at not in hidden)]
            if small and most >= LARGER and _find_room(rooms, parties):
                found.add(hidden)
    return found


def tables_of(people: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Every table of so many people in so many cells."""
    if cells == 1:
        yield (people,)
        return
    for first in range(people + 1):
        for rest in tables_of(people - first, cells - 1):
            yield (first, *rest)


def _find_room(rooms: Sequence[int], parties: Sequence[int]) -> bool:
    """Whether each party, the largest first, has a place in the cell with most room then."""
    left = [-room for room in rooms]
    heapify(left)
    for size in sorted(parties, reverse=True):
        if -left[0] < size:
            return False
        heapreplace(left, left[0] + size)
    return True


def spreads(singles: int, parties: Sequence[int], cells: int) -> set[tuple[int, ...]]:
    """Every table that single people and parties of known sizes can make."""
    found = set()
    for alone in tables_of(singles, cells):
        for places in product(range(cells), repeat=len(parties)):
            counts = list(alone)
            for at, size in zip(places, parties, strict=True):
                counts[at] += size
            found.add(tuple(counts))
    return found


Seen = tuple[int | None, ...]


def seen_of(ways: Iterable[tuple[tuple[int, ...], set[frozenset[int]]]]) -> Mapping[Seen, list[set[int]]]:
    """By what is seen, every number each cell may be. `ways`: counts, and what may be withheld."""
    found: dict[Seen, list[set[int]]] = {}
    for counts, outcomes_of_it in ways:
        for hidden in outcomes_of_it:
            seen = tuple(None if at in hidden else n for at, n in enumerate(counts))
            may = found.setdefault(seen, [set() for _ in counts])
            for each, count in zip(may, counts, strict=True):
                each.add(count)
    return found
