"""Measures are declared in TOML: what is written wrongly is a sentence, and each name is known."""

from __future__ import annotations

import pytest

from longevity.auth.viewers import STATE
from longevity.errors import ConfigError
from longevity.measures import declarations
from longevity.measures.declarations import load_measures
from longevity.measures.say import say
from longevity.screens.chart_catalogue import declared
from longevity.settings import ROOT
from longevity.ui import server
from longevity.warehouse.catalogue import list_columns


def load(folder, text: str):
    (folder / "support.toml").write_text(text)  # a file that is in English alone
    declarations.load_measures.cache_clear()
    declarations.check_measures(folder)
    return load_measures(folder)


def test_the_columns_read_from_the_sql_are_those_of_the_answer(warehouse):
    for query in warehouse.queries.values():
        frame = warehouse.run(query.name, {}, STATE).frame
        states = {f"{name}_state" for name in query.protects}
        assert {*frame} - states == list_columns(query) - states, query.name


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[a", "is not TOML"),
        ('[a]\nquery = "reentry_greting"', "Did you mean 'reentry_greeting'?"),
        ('[a]\nquerry = "x"', "'querry', which means nothing. Did you mean 'query'?"),
        ('[a.en]\nb = "{{ x "', "a sentence 'b' that is no template"),
        ("[a.en]\nb = 3", "a sentence 'b' that is no template"),
        ('[a.charts.b]\nx = "year"', "[b] is a chart without a kind."),
        ('[a.en]\nb = "{{ x|foo }}"', "a sentence 'b' that is no template"),
        ("""[a.en]\nb = "{{ 'x' if y }}\"""", "a sentence 'b' with an `if` that has no `else`"),
    ],
)
def test_what_is_declared_wrongly_is_a_sentence(tmp_path, text, sentence):
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, text)
    assert sentence in f"{refused.value}"


def test_a_name_that_is_no_figure_is_refused_with_the_nearest(tmp_path):
    with pytest.raises(ConfigError, match=r"names 'exit' in its sentence 'en\.b'.* 'exits'"):
        load(
            tmp_path,
            '[a]\nquery = "reentry_greeting"\n[a.en]\nb = "{{ exit }} {{ reviewed_within_days }}"',
        )


def test_a_chart_of_a_column_that_its_query_has_not_is_refused_with_the_nearest(tmp_path):
    chart = '[a]\nquery = "reentry_greeting"\n[a.charts.b]\nkind = "rows"\nparts.exit = "yes"'
    with pytest.raises(ConfigError, match=r"names 'exit' among its columns.* 'exits'"):
        load(tmp_path, chart)
    load(tmp_path, chart.replace("parts.exit", "parts.exits"))


def test_a_chart_of_no_kind_is_refused_with_the_nearest(tmp_path, monkeypatch):
    found = load(tmp_path, '[a.charts.b]\nkind = "row"\n[a.charts.b.en]\ntopic = "A"')
    monkeypatch.setattr(declared, "load_measures", lambda: found)
    with pytest.raises(ConfigError, match=r"'row' is no kind of chart.* 'rows'"):
        declared.build_entries({}, {})


def test_a_sentence_that_names_no_figure_stops_the_start(monkeypatch, settings):
    def refuse() -> None:
        raise ConfigError("It names no figure.", "Name one.")

    monkeypatch.setattr(declarations, "check_measures", refuse)
    with pytest.raises(ConfigError, match="names no figure"):
        server.build_application(ROOT / "app.py", settings)


def test_where_the_whole_is_nought_the_other_sentence_is_said():
    figures = {"intake_30": 0, "offers_aged_30": 0, "least_base_for_percentage": 30}
    assert say("services.title", figures) == "No offer of a service has 30 days behind it"
    assert say("services.title", figures | {"offers_aged_30": 4}).startswith("0 of 4 offers led")
