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


def test_a_share_is_of_one_source_and_definition_with_an_address(tmp_path):
    published(
        tmp_path,
        """
        place       | year | value | source_url          | definition
        Both cities | 2011 | 94    | https://a.example/1 | by any weapon
        Elsewhere   | 2011 | 129   | https://a.example/1 | by any weapon
        Both cities | 2012 | 70    | https://a.example/1 | by any weapon
        Elsewhere   | 2012 | 117   | https://b.example/2 | by any weapon
        East        | 2013 | 30    | https://a.example/1 | by any weapon
        West        | 2013 | 20    | https://a.example/1 | by any weapon
        Elsewhere   | 2013 | 120   | https://a.example/1 | by any weapon
        East        | 2014 | 30    | https://a.example/1 | by any weapon
        East        | 2014 | 31    | https://a.example/1 | by any weapon
        Elsewhere   | 2014 | 120   | https://a.example/1 | by any weapon
        Both cities | 2015 | 75    | https://a.example/1 | by firearm
        Elsewhere   | 2015 | 129   | https://a.example/1 | by any weapon
        Both cities | 2016 | 94    |                     | by any weapon
        Elsewhere   | 2016 | 129   |                     | by any weapon
        """,
    )
    # 2012: two sources; 2014: one city of two; 2015: two definitions; 2016: no address.
    assert_table(
        ask(tmp_path, "homicides_share_of_state"),
        """
        year | cities | state | source
        2011 | 94     | 129   | https://a.example/1
        2013 | 50     | 120   | https://a.example/1
        """,
    )


def test_published_counts_keep_sources_that_disagree_apart(facts):
    every = facts.run("published_counts", {}, PUBLIC).frame
    place, year = every.groupby(["place", "year", "metric"]).size().idxmax()[:2]
    some = facts.run("published_counts", {"place": place, "year": int(year)}, PUBLIC)
    assert some.frame["source_url"].nunique() > 1
    assert every["source_url"].notna().all()
    assert every["definition"].notna().all()
    assert "and" in some.provenance.source or "," in some.provenance.source


def test_without_published_facts_every_query_still_answers(tmp_path):
    for name in [path.stem for path in (catalogue.FOLDER / "published").glob("*.sql")]:
        assert len(ask(tmp_path / name, name)) == 0, name


def test_a_count_that_is_no_number_names_file_line_and_column(tmp_path):
    with pytest.raises(
        ConfigError, match=r"published_counts\.csv .* Line: 2\..* \"value\".* \"many\""
    ):
        published(
            tmp_path, "place | year | value | source_url\n East | 2011 | many | https://a.example/1"
        )
        ask(tmp_path, "homicides_share_of_state")


def test_the_other_published_facts_all_carry_their_source(facts):
    for name in ("state_homicides", "program_timeline", "evaluations"):
        frame = facts.run(name, {}, PUBLIC).frame
        assert len(frame) > 0
        assert frame["source_url"].notna().all()
