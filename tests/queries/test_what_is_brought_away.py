"""An attacker with what leaves: downloads as files, and a city with its own rows beside them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from longevity import command_line
from longevity.release.carried import Carried
from longevity.screen import parts
from longevity.settings import Settings
from longevity.warehouse import lattice, viewers
from longevity.warehouse.viewers import PUBLIC, QueryClass
from longevity.warehouse.warehouse import Warehouse
from tests import brought, reach_release, screens, tiny_release
from tests.funnel_attack import STEPS
from tests.lattice_attack import PROTECTED, Program

ANSWERS = ("kept_30", "kept_60", "kept_90", "not_kept")
QUICK = (2012, 2013, 2024, 2025)  # the first two held years of a single session


def as_file(warehouse: Warehouse, name: str, year: int) -> str:
    """The CSV a screen offers of an answer to the public."""
    answer = warehouse.run(name, {"year": year}, PUBLIC)
    return parts.csv(answer.frame, answer.provenance).decode("utf-8")


def test_the_files_of_the_lattice_withhold_what_the_answers_do(warehouse: Warehouse) -> None:
    files = [
        {name: brought.rows(as_file(warehouse, name, year)) for name in brought.TABLES}
        for year in QUICK
    ]
    for year, answers in zip(QUICK, files, strict=True):
        for name, told in answers.items():
            frame = warehouse.run(name, {"year": year}, PUBLIC).frame
            assert list(told[0]) == [*frame.columns, "source", "kind"], name
            for column in frame.columns[frame.columns.str.endswith("_state")]:
                hidden = [row for row in told if row[column] in ("withheld", "missing")]
                assert not any(row[column.removesuffix("_state")] for row in hidden), name
            # The source line says days and a release, and no count beside them.
            (source,) = {row["source"] for row in told}
            about = warehouse.run(name, {"year": year}, PUBLIC).provenance
            assert source == about.source
            assert not re.findall(r"\b\d+\b", re.sub(r"\d{4}-\d\d-\d\d(-\w+)?", "", source))
    people, program = brought.attacked(files)
    for found in (people, program):
        assert min(found.shown, found.withheld) > 0
        assert found.broken == 0
        assert found.narrowest >= PROTECTED


def test_the_command_line_gives_the_public_the_same_file(
    warehouse: Warehouse,
    published: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LONGEVITY_HOME", str(published.home))
    for name in (*brought.TABLES, "lattice_promises"):
        for viewer in ("public", f"city:{next(iter(published.cities))}", "state"):
            assert command_line.main(["query", name, "--format", "csv", "--viewer", viewer]) == 0
            told = brought.rows(capsys.readouterr().out)
            answer = warehouse.run(name, {}, PUBLIC)
            screen = brought.rows(parts.csv(answer.frame, answer.provenance).decode("utf-8"))
            assert [
                {k: v for k, v in r.items() if k not in ("source", "kind")} for r in screen
            ] == told


@pytest.mark.parametrize("page", ["call_ins", "promises"])
def test_a_screen_offers_the_public_no_file_but_of_public_answers(
    page: str, published: Settings, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[tuple[str, str]] = []
    made = parts.csv

    def keep(table: pd.DataFrame, about: parts.Provenance) -> bytes:
        file = made(table, about)
        offered.append((about.query, file.decode("utf-8")))
        assert (about.viewer, about.not_for_release) == ("public", False)
        return file

    monkeypatch.setattr(parts, "csv", keep)
    app = screens.visit(monkeypatch, published, page, viewer="public")
    assert not app.exception
    assert offered
    for name, file in offered[-len(app.download_button) :]:
        assert warehouse.query(name).query_class is QueryClass.LATTICE
        numbers = {int(n) for n in re.findall(r"(?<=,)\d+(?=[,\n])", file)}
        frame = warehouse.run(name, {}, PUBLIC).frame
        counts = frame.select_dtypes("Int64").stack().dropna()
        assert numbers <= set(counts.astype(int)), name


def test_a_city_that_subtracts_its_own_promises_is_left_with_two_others(
    warehouse: Warehouse, published: Settings
) -> None:
    told = warehouse.run("lattice_promises", {}, PUBLIC).frame.set_index("year")
    for own in published.cities:
        viewer = viewers.parse(f"city:{own}", published)
        mine = Counter(
            (row.violated_on.year, answered(row))
            for row in warehouse.run("episodes", {}, viewer).frame.itertuples()
        )
        others = [city for city in published.cities if city != own]
        for year in told.index:
            for name in ANSWERS:
                rest = int(told.loc[year, name]) - mine[year, name]
                assert rest >= 0
                program = Program({(city, name): None for city in others}, rest)
                program.know({(city, name): 1.0 for city in others}, rest, rest)
                # Each of the others may have had all of them, or none.
                assert set(program.ways().values()) == {(0.0, float(rest))}


def answered(row: Any) -> str:
    """How soon an episode was answered, from its two dates."""
    first, violated = row.first_action_on, row.violated_on
    if pd.isna(first) or first - violated > timedelta(days=90):
        return "not_kept"
    days = (first - violated).days
    return "kept_30" if days <= 30 else "kept_60" if days <= 60 else "kept_90"


def test_of_two_cities_promises_are_not_told_for_one_would_have_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = reach_release.drawn(11)
    settings = tiny_release.settings(tmp_path / "config")
    assert len(settings.cities) == 2
    release = reach_release.write(tmp_path / "release", world.rows, world.through)

    def tables() -> set[str]:
        lattice.cut(release, settings, Carried(), tmp_path / "lattice.parquet")
        return set(pd.read_parquet(tmp_path / "lattice.parquet")["table_name"])

    assert "promises" not in tables()
    monkeypatch.setattr(lattice, "FEWEST_CITIES", 2)
    assert "promises" in tables()  # so it is the number of cities, and nothing that is missing


def test_no_other_answer_about_people_adds_up_over_cities(
    warehouse: Warehouse, published: Settings
) -> None:
    queries = [q for q in warehouse.queries.values() if q.query_class is QueryClass.LATTICE]
    apart = {q.name for q in queries if "city" in q.grain}
    assert {q.name for q in queries} - apart == {"lattice_promises"}
    for name in apart:
        assert set(warehouse.run(name, {}, PUBLIC).frame["city"]) == set(published.cities)
    assert set(STEPS) == set(warehouse.run("lattice_funnel", {}, PUBLIC).frame["step"])
