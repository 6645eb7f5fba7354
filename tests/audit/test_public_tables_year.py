"""A year of weekly releases, and all that was ever cut of the demonstration, attacked."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from longevity.auth.viewers import PUBLIC
from longevity.outputs import table_files
from longevity.warehouse.warehouse import Warehouse
from tests.oracles import csv_attack, funnel_attack, rule_attack
from tests.oracles.lattice_attack import (
    HEADING,
    OWN,
    PROTECTED,
    VALUES,
    Found,
    Published,
    live,
    people,
    thresholded,
)

pytestmark = pytest.mark.audit

YEAR = [date(2024, 3, 25) + timedelta(days=7 * week) for week in range(56)]


@pytest.mark.parametrize(("seed", "values"), [(1, VALUES), (2, VALUES), (1, OWN)])
def test_a_year_of_weekly_releases_is_not_broken(seed, values, tmp_path, capsys):
    victims = people(seed, values=values)
    published, found, plain = Published(victims, tmp_path), Found(), Found()
    knowing, before = rule_attack.found(), rule_attack.found_before()
    for week in YEAR:
        told, now = published.week(week), live(victims, week, values)
        found.attack(told)
        knowing.attack(told)
        due = {period: now[period] for period in told if period not in before.seen}
        before.attack({p: (rule_attack.cut_before(cells), n) for p, (cells, n) in due.items()})
        plain.attack({p: (thresholded(cells), number) for p, (cells, number) in now.items()})
    with capsys.disabled():
        print(f"\n{HEADING}")
        print(found.line("the public tables" if values is VALUES else "a city's own age bands"))
        print(knowing.line("to one who knows the rule"))
        if values is VALUES:
            print(before.line("the rule of before, known"))
        print(plain.line("plain threshold, live data"))
    assert (found.broken, found.late_read) == (0, 0)
    assert found.narrowest >= PROTECTED
    assert (knowing.broken, knowing.exact) == (0, 0)
    assert plain.broken > 0
    assert plain.late_read > 0


@pytest.fixture(scope="module")
def files(warehouse: Warehouse) -> list[dict[str, csv_attack.Rows]]:
    """The public tables of the demonstration, a year each, as their downloads give them."""
    found = []
    for year in range(2008, 2026):
        answers = {name: warehouse.run(name, {"year": year}, PUBLIC) for name in csv_attack.TABLES}
        texts = {n: table_files.write_csv(a.frame, a.provenance) for n, a in answers.items()}
        found.append({name: csv_attack.rows(text.decode("utf-8")) for name, text in texts.items()})
    return found


def test_no_withheld_cell_of_the_demonstration_is_read_by_one_who_knows_the_rule(files, capsys):
    shown = withheld = 0
    narrowest = np.inf
    for year in files:
        rows = [year[name] for name in csv_attack.TABLES[:2]]
        for tables, victims in csv_attack.victims(*rows).values():
            bounds = rule_attack.ways(tables, victims)
            narrowest = min([narrowest, *(most - least for least, most in bounds.values())])
            shown, withheld = shown + len(tables) - len(bounds), withheld + len(bounds)
            assert narrowest >= PROTECTED - 1
    with capsys.disabled():
        print(f"\nthe demonstration: {shown} shown, {withheld} withheld, narrowest {narrowest}")


@pytest.mark.parametrize(("seed", "a_session"), [(1, 25), (2, 12), (3, 6)])
def test_a_year_of_weekly_releases_of_call_ins_is_not_broken(seed, a_session, tmp_path, capsys):
    call_ins = funnel_attack.asked(seed, a_session=a_session)
    published = funnel_attack.Published(call_ins, tmp_path)
    found, plain = (Found(funnel_attack.ways, funnel_attack.steps_read) for _ in range(2))
    knowing = Found(rule_attack.ways_of_funnel)
    for week in YEAR:
        told = published.week(week)
        found.attack(told)
        knowing.attack(told)
        plain.attack(funnel_attack.thresholded(funnel_attack.live(call_ins, week)))
    with capsys.disabled():
        print(f"\n{HEADING}")
        print(found.line(f"the funnel, up to {a_session} asked"))
        print(knowing.line("to one who knows the rule"))
        print(plain.line("plain threshold, live data"))
    assert (found.broken, found.late_read) == (0, 0)
    assert found.narrowest >= PROTECTED
    assert (knowing.broken, knowing.exact) == (0, 0)
    assert plain.broken > 0


def test_all_that_was_ever_cut_is_attacked_as_files(files, capsys):
    people, program = csv_attack.attacked(files)
    with capsys.disabled():
        print(f"\n{HEADING}")
        print(people.line("downloads of victims"))
        print(program.line("downloads of the funnel"))
    for found in (people, program):
        assert min(found.shown, found.withheld) > 0
        assert found.broken == 0
        assert found.narrowest >= PROTECTED
