"""Spanish: numbers, days, plurals and lists by its own rules, and no word that is missing."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import pytest
from jinja2 import meta

from longevity import dates
from longevity.errors import ConfigError
from longevity.ingest.victim_coverage import WORDS
from longevity.language import load_facts, speaking, translate
from longevity.measures import declarations, wording
from longevity.measures.declarations import INSIDE, load_measures
from longevity.measures.say import say
from longevity.settings import ROOT
from tools import translations

D = date
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
        (
            wording.format_during,
            [D(2018, 1, 1), D(2018, 4, 1)],
            "del 1 de enero al 31 de marzo de 2018",
        ),
        (
            wording.format_during,
            [D(2017, 12, 1), D(2018, 2, 1)],
            "del 1 de diciembre de 2017 al 31 de enero de 2018",
        ),
        (wording.join_years, [[2013, 2014, 2025]], "2013 a 2014 y 2025"),
        (wording.join_words, [["New Haven", "Hartford"]], "New Haven y Hartford"),
        (wording.join_words, [["Hartford", "Irvington"]], "Hartford e Irvington"),
        (wording.join_words, [["agua", "hielo"]], "agua y hielo"),
        (wording.join_phrases, [["Hill, 5", "Dwight, 4"]], "Hill, 5; y Dwight, 4"),
        (wording.count, [1, "caso", "casos"], "1 caso"),
        (wording.count, [0, "caso", "casos"], "0 casos"),
        (wording.count, [2_000_000, "caso", "casos"], "2,000,000 casos"),
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


def test_no_word_of_the_code_is_missing_and_one_that_is_would_be_told():
    assert translations.find_gaps(translations.list_words()) == []
    assert translations.find_gaps({"None wrote this."}) == ["'None wrote this.' is not in both en and es."]
    assert {"Overview", "The program", "withheld", "no closed year"} <= translations.list_words()


def test_no_word_of_our_reference_files_is_missing():
    evaluations = pd.read_csv(DATA / "evaluations.csv")
    counts = pd.read_csv(DATA / "published_counts.csv")
    texts = {*evaluations[["outcome", "unit", "method"]].stack(), *counts["definition"]}
    said = {text.removesuffix(", as the source states") for text in texts} - {"percent"}
    assert said | {*WORDS["weapons"]} <= load_facts("es").keys()


def test_a_word_that_is_missing_is_never_english():
    with speaking("es"), pytest.raises(LookupError, match="None wrote this"):
        translate("None wrote this.")


def test_each_word_has_the_same_parts():
    for english, spanish in load_facts("es").items():
        parts = [sorted(re.findall(r"\{\w+\}", text)) for text in (english, spanish)]
        assert parts[0] == parts[1], english


def test_each_sentence_of_the_public_names_the_same_figures():
    for name, measure in load_measures().items():
        if measure.path.name in INSIDE:
            continue
        if measure.chart is not None:  # whose columns have names, and no headings
            assert measure.columns["en"].keys() == measure.columns["es"].keys(), name
        for sentence, source in measure.sentences.get("en", {}).items():
            named = [
                meta.find_undeclared_variables(wording.ENVIRONMENTS[language].parse(text))
                for language, text in (("en", source), ("es", measure.sentences["es"][sentence]))
            ]
            assert named[0] == named[1], f"{name}.{sentence}"


@pytest.mark.parametrize(
    "text",
    ['[a.en]\nb = "x"', '[a.en]\nb = "x"\n[a.es]\nc = "y"', '[a.en.columns]\nCity = "city"'],
)
def test_a_sentence_of_the_public_in_one_language_alone_is_refused(tmp_path, text):
    (tmp_path / "violence.toml").write_text(f"[a]\nfacts = ['city']\n{text}")
    with pytest.raises(ConfigError, match=r"in one of 'en' and 'es' alone"):
        declarations.check_measures(tmp_path)
    (tmp_path / "violence.toml").rename(tmp_path / "support.toml")  # which no public screen says
    load_measures.cache_clear()
    declarations.check_measures(tmp_path)
