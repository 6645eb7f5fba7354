"""Published facts: never two sources in one figure, never a figure without its source."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from longevity.auth.viewers import PUBLIC
from longevity.errors import ConfigError
from longevity.settings import Settings
from longevity.warehouse import catalogue
from longevity.warehouse.warehouse import Warehouse
from tests.factories import ascii_table, tiny_release
from tests.factories.ascii_table import assert_table
from tests.factories.tiny_release import AREAS

ENDS = {"east": date(2024, 3, 1), "west": date(2024, 3, 1)}


@pytest.fixture
def facts(settings: Settings, tmp_path: Path) -> Iterator[Warehouse]:
    """A release with no incidents, and the facts of the project."""
    with closing(Warehouse(tiny_release.write(tmp_path / "bare", [], {}, {}), settings)) as opened:
        yield opened


def published(folder: Path, table: str) -> None:
    """Write published counts; every row of one definition unless the table says."""
    rows = ascii_table.rows(table)
    columns = ["place", "year", "metric", "value", "source_url", "note", "definition"]
    usual = {"metric": "homicides", "note": "", "definition": "by any weapon"}
    lines = [",".join((usual | row)[column] for column in columns) for row in rows]
    (folder / "facts").mkdir(exist_ok=True)
    text = "\n".join([",".join(columns), *lines]) + "\n"
    (folder / "facts" / "published_counts.csv").write_text(text, encoding="utf-8")


def ask(folder: Path, query: str, **parameters: object) -> pd.DataFrame:
    """An answer over the facts that were written."""
    settings = tiny_release.settings(folder)
    with closing(Warehouse(tiny_release.write(folder / "release", [], AREAS, ENDS), settings)) as w:
        return w.run(query, parameters, PUBLIC).frame


def share(folder: Path, table: str) -> pd.DataFrame:
    published(folder, table)
    return ask(folder, "homicides_share_of_state")


def test_a_share_needs_one_source_for_both(tmp_path):
    frame = share(
        tmp_path,
        """
        place       | year | value | source_url
        Both cities | 2011 | 94    | https://a.example/1
        Elsewhere   | 2011 | 129   | https://a.example/1
        Both cities | 2012 | 70    | https://a.example/1
        Elsewhere   | 2012 | 117   | https://b.example/2
        """,
    )
    assert_table(
        frame,
        """
        year | cities | state | source
        2011 | 94     | 129   | https://a.example/1
        """,
    )


def test_every_city_by_one_source_is_the_cities_together(tmp_path):
    frame = share(
        tmp_path,
        """
        place     | year | value | source_url
        East      | 2011 | 30    | https://a.example/1
        West      | 2011 | 20    | https://a.example/1
        Elsewhere | 2011 | 129   | https://a.example/1
        East      | 2012 | 30    | https://a.example/1
        Elsewhere | 2012 | 120   | https://a.example/1
        """,
    )
    assert_table(frame, "year | cities | state\n 2011 | 50 | 129")


def test_two_definitions_of_one_source_are_not_a_share(tmp_path):
    frame = share(
        tmp_path,
        """
        place       | year | value | source_url          | definition
        Both cities | 2011 | 75    | https://a.example/1 | by firearm
        Elsewhere   | 2011 | 129   | https://a.example/1 | by any weapon
        """,
    )
    assert len(frame) == 0


def test_published_counts_keep_sources_that_disagree_apart(facts):
    every = facts.run("published_counts", {}, PUBLIC).frame
    place, year = every.groupby(["place", "year", "metric"]).size().idxmax()[:2]
    some = facts.run("published_counts", {"place": place, "year": int(year)}, PUBLIC)
    assert some.frame["source_url"].nunique() > 1
    assert every["source_url"].notna().all()
    assert every["definition"].notna().all()
    assert "and" in some.provenance.source or "," in some.provenance.source


def test_a_figure_without_a_source_address_is_left_out(tmp_path):
    frame = share(
        tmp_path,
        """
        place       | year | value | source_url
        Both cities | 2011 | 94    |
        Elsewhere   | 2011 | 129   |
        """,
    )
    assert len(frame) == 0


def test_without_published_facts_every_query_still_answers(tmp_path):
    for name in [path.stem for path in (catalogue.FOLDER / "published").glob("*.sql")]:
        assert len(ask(tmp_path / name, name)) == 0, name


def test_a_count_that_is_no_number_names_file_line_and_column(tmp_path):
    with pytest.raises(
        ConfigError, match=r"published_counts\.csv .* Line: 2\..* \"value\".* \"many\""
    ):
        share(
            tmp_path,
            """
            place | year | value | source_url
            East  | 2011 | many  | https://a.example/1
            """,
        )


def test_the_other_published_facts_all_carry_their_source(settings, tmp_path):
    release = tiny_release.write(tmp_path / "release", [], {}, {})
    warehouse = Warehouse(release, settings)
    for name in ("state_homicides", "program_timeline", "evaluations"):
        frame = warehouse.run(name, {}, PUBLIC).frame
        assert len(frame) > 0
        assert frame["source_url"].notna().all()
    warehouse.close()
