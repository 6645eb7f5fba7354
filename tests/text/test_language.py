"""Measures and their sentences as TOML: in English and Spanish, and what is wrong is a sentence."""

import re
from datetime import date as D  # noqa: N812 - a table of days is read by its columns

import pandas as pd
import pytest
from jinja2 import meta

from longevity import dates
from longevity.auth.viewers import STATE
from longevity.errors import ConfigError
from longevity.ingest.victim_coverage import WORDS
from longevity.language import load_facts, speaking, translate
from longevity.measures import declarations, wording
from longevity.measures.declarations import INSIDE, load_measures
from longevity.measures.say import say
from longevity.screens.chart_catalogue import declared
from longevity.settings import ROOT
from longevity.ui import server
from longevity.warehouse.catalogue import list_columns
from tools import translations

DATA = ROOT / "data" / "reference"


@pytest.mark.parametrize(
    ("function", "given", "written"),
    [
        (wording.write, [12345], "12,345"),
        (wording.write, [D(2026, 11, 22)], "22 de noviembre de 2026"),
        (wording.write, [None], "no se sabe"),
        (wording.format_share, [250, 1000, 30], "25.0%"),
        (wording.format_share, [3, 9, 30], "3 de 9"),
        (wording.format_share, [1, 10000, 30], "menos de 0.1%"),
        (wording.format_ratio, [1.001, 2], "poco más de 1"),
        (wording.write_dollars, [268161], "$268,161"),
        (dates.format_short, [D(2026, 11, 22)], "22 nov 2026"),
        (dates.format_month, [D(2026, 11, 1)], "noviembre de 2026"),
        (dates.format_source_date, ["2014-12"], "diciembre de 2014"),
        (wording.format_during, [D(2016, 1, 1), D(2017, 1, 1)], "en 2016"),
        (wording.format_during, [D(2016, 1, 1), D(2019, 1, 1)], "de 2016 a 2018"),
        (wording.format_during, [D(2018, 3, 2), D(2018, 3, 3)], "el 2 de marzo de 2018"),
        (wording.format_during, [D(2018, 1, 1), D(2018, 4, 1)], "del 1 de enero al 31 de marzo de 2018"),
        (wording.format_during, [D(2017, 12, 1), D(2018, 2, 1)], "del 1 de diciembre de 2017 al 31 de enero de 2018"),
        (dates.join_years, [[2013, 2014, 2025]], "2013 a 2014 y 2025"),
        (wording.join_words, [["Hartford", "Irvington"]], "Hartford e Irvington"),
        (wording.join_words, [["agua", "hielo"]], "agua y hielo"),
        (wording.join_phrases, [["Hill, 5", "Dwight, 4"]], "Hill, 5; y Dwight, 4"),
        (wording.count, [1, "caso", "casos"], "1 caso"),
        (wording.count, [0, "caso", "casos"], "0 casos"),
    ],
)
def test_figures_days_and_lists_in_spanish(function, given, written):
    with speaking("es"):
        assert function(*given) == written


def test_a_sentence_agrees_with_its_number():
    with speaking("es"):
        assert say("victims.clause", n=1) == "1 persona fue baleada"
        assert say("victims.clause", n=12345) == "12,345 personas fueron baleadas"
    assert say("victims.clause", n=1) == "1 person was shot"


def test_where_the_whole_is_nought_the_other_sentence_is_said():
    figures = {"intake_30": 0, "offers_aged_30": 0, "least_base_for_percentage": 30}
    assert say("services.title", figures) == "No offer of a service has 30 days behind it"
    assert say("services.title", figures | {"offers_aged_30": 4}).startswith("0 of 4 offers led")


def test_no_word_is_missing_in_either_language_and_one_that_is_stays_no_english():
    assert translations.find_gaps(translations.list_words()) == []
    assert translations.find_gaps({"None wrote this."}) == ["'None wrote this.' is not in both en and es."]
    assert {"Overview", "The program", "withheld", "no closed year"} <= translations.list_words()
    evaluations, counts = (pd.read_csv(DATA / f"{name}.csv") for name in ("evaluations", "published_counts"))
    texts = {*evaluations[["outcome", "unit", "method"]].stack(), *counts["definition"]}
    said = {text.removesuffix(", as the source states") for text in texts} - {"percent"}
    assert said | {*WORDS["weapons"]} <= load_facts("es").keys()
    with speaking("es"), pytest.raises(LookupError, match="None wrote this"):
        translate("None wrote this.")


def test_each_word_and_sentence_of_the_public_names_the_same_figures_in_both():
    for english, spanish in load_facts("es").items():
        parts = [sorted(re.findall(r"\{\w+\}", text)) for text in (english, spanish)]
        assert parts[0] == parts[1], english
    for name, measure in load_measures().items():
        if measure.path.name in INSIDE:
            continue
        if measure.chart is not None:  # whose columns have names, and no headings
            assert measure.columns["en"].keys() == measure.columns["es"].keys(), name
        for sentence, source in measure.sentences.get("en", {}).items():
            english, spanish = (
                meta.find_undeclared_variables(wording.ENVIRONMENTS[language].parse(text))
                for language, text in (("en", source), ("es", measure.sentences["es"][sentence]))
            )
            assert english == spanish, f"{name}.{sentence}"


def test_the_columns_read_from_the_sql_are_those_of_the_answer(warehouse):
    for query in warehouse.queries.values():
        frame = warehouse.run(query.name, {}, STATE).frame
        states = {f"{name}_state" for name in query.protects}
        assert {*frame} - states == list_columns(query) - states, query.name


# What is declared wrongly


def load(folder, text, name="support.toml"):  # a file that is in English alone
    (folder / name).write_text(text)
    declarations.load_measures.cache_clear()
    declarations.check_measures(folder)
    return load_measures(folder)


GREETING = '[a]\nquery = "reentry_greeting"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[a", "is not TOML"),
        ('[a]\nquery = "reentry_greting"', "Did you mean 'reentry_greeting'?"),
        ('[a]\nquerry = "x"', "'querry', which means nothing. Did you mean 'query'?"),
        ('[a.en]\nb = "{{ x "', "a sentence 'b' that is no template"),
        ("[a.en]\nb = 3", "a sentence 'b' that is no template"),
        ('[a.en]\nb = "{{ x|foo }}"', "a sentence 'b' that is no template"),
        ("""[a.en]\nb = "{{ 'x' if y }}\"""", "a sentence 'b' with an `if` that has no `else`"),
        ('[a.charts.b]\nx = "year"', "[b] is a chart without a kind."),
        (
            f'{GREETING}[a.en]\nb = "{{{{ exit }}}} {{{{ reviewed_within_days }}}}"',
            "names 'exit' in its sentence 'en.b'",
        ),
        (f'{GREETING}[a.charts.b]\nkind = "rows"\nparts.exit = "yes"', "names 'exit' among its columns"),
    ],
)
def test_what_is_declared_wrongly_is_a_sentence_with_the_nearest_name(tmp_path, text, sentence):
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, text)
    assert sentence in f"{refused.value}"
    if "'exit'" in sentence:
        assert "'exits'" in f"{refused.value}"
        load(tmp_path, text.replace("exit ", "exits ").replace("parts.exit ", "parts.exits "))


@pytest.mark.parametrize(
    "text",
    ['[a.en]\nb = "x"', '[a.en]\nb = "x"\n[a.es]\nc = "y"', '[a.en.columns]\nCity = "city"'],
)
def test_a_sentence_of_the_public_in_one_language_alone_is_refused(tmp_path, text):
    with pytest.raises(ConfigError, match=r"in one of 'en' and 'es' alone"):
        load(tmp_path, f"[a]\nfacts = ['city']\n{text}", "violence.toml")
    (tmp_path / "violence.toml").rename(tmp_path / "support.toml")  # which no public screen says
    load(tmp_path, f"[a]\nfacts = ['city']\n{text}")


def test_a_chart_of_no_kind_is_refused_with_the_nearest(tmp_path, monkeypatch):
    found = load(tmp_path, '[a.charts.b]\nkind = "row"\n[a.charts.b.en]\ntopic = "A"')
    monkeypatch.setattr(declared, "load_measures", lambda: found)
    with pytest.raises(ConfigError, match=r"'row' is no kind of chart.* 'rows'"):
        declared.build_entries({}, {})


def test_a_sentence_that_names_no_figure_stops_the_start(monkeypatch, settings):
    def refuse():
        raise ConfigError("It names no figure.", "Name one.")

    monkeypatch.setattr(declarations, "check_measures", refuse)
    with pytest.raises(ConfigError, match="names no figure"):
        server.build_application(ROOT / "app.py", settings)
