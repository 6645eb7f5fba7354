"""What a release says of itself: data-through, checks, what changed."""

from contextlib import closing
from datetime import date

import pytest

from longevity.auth.viewers import PUBLIC, STATE, Viewer, ViewerKind
from longevity.base.errors import ConfigError
from longevity.release.revisions import PHRASES
from longevity.warehouse import catalogue
from longevity.warehouse.warehouse import Warehouse
from tests.factories import extracts, tiny_release
from tests.factories.ascii_table import Shown, rows
from tests.factories.tiny_release import AREAS

COUNTS = [key for key, _ in PHRASES]
CHANGED = {"east": {"victims_added": 2, "gmi_changed": 1}, "west": {"gmi_changed": 3, "circumstance_changed": 1}}
WEST = Viewer(ViewerKind.CITY, "west")
STATED, DERIVED = ({"day": day, "derived": derived} for day, derived in (("2024-03-10", False), ("2024-03-08", True)))
SAID = {
    "data_through": {
        "incidents": {"east": STATED, "west": DERIVED},
        "call_ins": {"east": {"day": "2024-02-01", "derived": False}},
        "services": {
            city: {"day": day, "derived": True} for city, day in (("east", "2024-02-02"), ("west", "2024-02-03"))
        },
    },
    "quarantined": {"incidents": 2},
    "checks": [
        {"rule": rule, "severity": "warning", "sentence": sentence, "count": count}
        for rule, sentence, count in (
            ("after_the_least_data_through", "West goes no further.", 7),
            ("late", "Two rows came late.", 2),
        )
    ],
    "ledger": [{"city": city, **dict.fromkeys(COUNTS, 0), **counts} for city, counts in CHANGED.items()],
    "previous": "before",
}


def answer(tmp_path, query, viewer=PUBLIC):
    release = tiny_release.write(
        tmp_path / "release",
        [],
        AREAS,
        {"east": date(2024, 3, 10), "west": date(2024, 3, 8)},
        said=SAID,
        call_ins=[extracts.row("call_ins", at, "east") for at in (1, 2)],
        services=[extracts.row("services", at, city) for at, city in enumerate(AREAS)],
    )
    warehouse = Warehouse(release, tiny_release.settings(tmp_path))
    frame = warehouse.run(query, {}, viewer).frame
    warehouse.close()
    return frame


def answer_of_rows(tmp_path, query, viewer):
    frame = answer(tmp_path, query, viewer)
    return Shown(frame[frame["extract"].isin(["incidents", "call_ins", "services"])])


def test_of_the_program_all_see_a_day_that_was_stated_and_no_derived_one(tmp_path):
    assert answer_of_rows(tmp_path, "data_through_by_extract", PUBLIC) == rows("""
        extract   | city | data_through | derived
        incidents | east | 2024-03-10   | no
        incidents | west | 2024-03-08   | yes
        call_ins  | east | 2024-02-01   | no
        call_ins  | west |              |
        services  | east |              |
        services  | west |              |
    """)


def test_rows_are_counted_to_those_who_may_read_them(tmp_path):
    assert answer_of_rows(tmp_path, "rows_by_extract", STATE) == rows("""
        extract   | city | rows | rows_state | data_through | derived | quarantined_of_all_cities
        incidents | east | 0    | zero       | 2024-03-10   | no      | 2
        incidents | west | 0    | zero       | 2024-03-08   | yes     | 2
        call_ins  | east | 2    | shown      | 2024-02-01   | no      |
        call_ins  | west | 0    | zero       |              |         |
        services  | east | 1    | shown      | 2024-02-02   | yes     |
        services  | west | 1    | shown      | 2024-02-03   | yes     |
    """)


def test_a_city_sees_its_own_rows_and_nothing_refused(tmp_path):
    assert answer_of_rows(tmp_path, "rows_by_extract", WEST) == rows("""
        extract   | city | rows | data_through | derived | quarantined_of_all_cities
        incidents | west | 0    | 2024-03-08   | yes     |
        call_ins  | west | 0    |              |         |
        services  | west | 1    | 2024-02-03   | yes     |
    """)


def test_findings_about_rows_are_the_states_alone(tmp_path):
    assert answer(tmp_path / "a", "checks")["rule"].tolist() == ["after_the_least_data_through"]
    assert answer(tmp_path / "b", "every_check", WEST).empty
    assert Shown(answer(tmp_path / "c", "every_check", STATE)) == rows("""
        position | rule                         | severity | sentence              | count
        0        | after_the_least_data_through | warning  | West goes no further. | 7
        1        | late                         | warning  | Two rows came late.   | 2
    """)


def test_revisions_leave_out_how_incidents_are_classified(tmp_path):
    assert Shown(answer(tmp_path, "revisions")) == rows("""
        position | city | sentence                                | against
        0        | east | East: 2 victims added to earlier weeks. | before
        1        | west |                                         | before
    """)


def test_a_city_is_shown_what_was_classified_otherwise_in_it(tmp_path):
    of_all = answer(tmp_path / "a", "incidents_reclassified_by_city", STATE)
    columns = ["city", "gmi_changed", "circumstance_changed"]
    assert of_all[columns].to_numpy().tolist() == [["east", 1, 0], ["west", 3, 1]]
    own = answer(tmp_path / "b", "incidents_reclassified_by_city", WEST)
    assert own[columns].to_numpy().tolist() == [["west", 3, 1]]


# Published facts: never two sources in one figure, never a figure without its source
ENDS = {"east": date(2024, 3, 1), "west": date(2024, 3, 1)}


def published(folder, table):
    """Write published counts; every row of one definition unless the table says."""
    columns = ["place", "year", "metric", "value", "source_url", "note", "definition"]
    usual = {"metric": "homicides", "note": "", "definition": "by any weapon"}
    lines = [",".join((usual | row)[column] for column in columns) for row in rows(table)]
    (folder / "facts").mkdir(exist_ok=True)
    text = "\n".join([",".join(columns), *lines]) + "\n"
    (folder / "facts" / "published_counts.csv").write_text(text, encoding="utf-8")


def ask(folder, query, **parameters):
    settings = tiny_release.settings(folder)
    with closing(Warehouse(tiny_release.write(folder / "release", [], AREAS, ENDS), settings)) as w:
        return w.run(query, parameters, PUBLIC)


def test_every_published_count_has_its_source_and_definition(warehouse):
    every = warehouse.run("published_counts", {}, PUBLIC).frame
    assert every[["source_url", "definition"]].notna().all(axis=None)


def test_published_counts_keep_sources_that_disagree_apart(tmp_path):
    published(
        tmp_path,
        """
        place | year | value | source_url
        East  | 2021 | 19    | https://one.example
        East  | 2021 | 20    | https://two.example
        East  | 2022 | 16    | https://two.example
        """,
    )
    both = ask(tmp_path, "published_counts", place="East", year=2021)
    assert both.frame["value"].tolist() == [19, 20]
    assert both.provenance.source == "Source: one.example, two.example."


def test_without_published_facts_every_query_still_answers(tmp_path):
    for name in [path.stem for path in (catalogue.FOLDER / "published").glob("*.sql")]:
        assert ask(tmp_path / name, name).frame.empty, name


def test_a_count_that_is_no_number_names_file_line_and_column(tmp_path):
    with pytest.raises(ConfigError, match=r"published_counts\.csv .* Line: 2\..* \"value\".* \"many\""):
        published(tmp_path, "place | year | value | source_url\n East | 2011 | many | https://a.example/1")
        ask(tmp_path, "published_counts")
