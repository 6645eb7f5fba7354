"""Words for numbers, days and text from outside never say anything that these do not."""

import re
import unicodedata
from dataclasses import replace
from datetime import date, timedelta
from datetime import date as D  # noqa: N812 - a table of days is read by its columns

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import meta

from longevity.auth.viewers import STATE
from longevity.base.errors import ConfigError
from longevity.facts.counted import say_clause
from longevity.findings import change_wording
from longevity.findings.change_wording import describe_change
from longevity.ingest.victim_coverage import WORDS
from longevity.outputs import html_tables
from longevity.screens import sentence_check
from longevity.screens.sentence_check import INSIDE
from longevity.settings import ROOT
from longevity.stats.comparison import compare
from longevity.ui import server
from longevity.ui.markdown import escape_markdown
from longevity.warehouse.catalogue import list_columns
from longevity.words import dates, wording
from longevity.words.absent import MISSING, Absent, say_absence
from longevity.words.declarations import ChartDeclaration, load_declarations
from longevity.words.language import LANGUAGES, TRANSLATED, load_languages, speaking, translate
from longevity.words.say import say
from tools import translations

COUNTS = st.integers(0, 5_000_000)


@given(COUNTS, COUNTS, st.integers(0, 500))
def test_a_percentage_agrees_with_its_numbers_and_is_of_no_small_base(current, previous, least):
    change = wording.format_percentage_change(current, previous, least)
    share = wording.format_share(min(current, previous), previous, least)
    for words in (change or "", share):
        assert not re.search(r"inf|nan", words, re.IGNORECASE)
    if previous < least or previous == 0:
        assert "%" not in share
        assert change is None
        return
    assert change.startswith("+") <= (current > previous)
    assert change.startswith(wording.MINUS) <= (current < previous)
    assert (change == "0%") <= (current == previous)


@given(COUNTS, COUNTS)
def test_a_share_that_is_not_all_is_never_100_nor_one_of_something_0(a, b):
    part, whole = sorted((a, b))
    said = wording.format_share(part, whole, 1).replace("\u00a0", " ")
    assert (said == "100.0%") == (part == whole > 0)
    assert (said == "0.0%") == (part == 0 < whole)


@pytest.mark.parametrize(
    ("write", "a", "b", "said"),
    [
        (wording.format_percentage_change, 312, 287, "+9%"),
        (wording.format_percentage_change, 10, 29, None),
        (wording.format_percentage_change, 3, 0, None),
        (wording.format_percentage_change, 1001, 1000, "under 1%"),
        (wording.format_percentage_change, 30, 30, "0%"),
        (wording.format_share, 3, 29, "3 of 29"),
        (wording.format_share, 0, 0, "0 of 0"),
        (wording.format_share, 9999, 10000, "over 99.9%"),
        (wording.format_share, 1, 10000, "under 0.1%"),
        (wording.label_share, 25, 84, "30% (25)"),
        (wording.label_share, 1, 300, "<1% (1)"),
        (wording.label_share, 1299, 1300, ">99% (1,299)"),
        (wording.label_share, 3, 9, "3 of 9"),
    ],
)
def test_changes_and_shares_by_hand(write, a, b, said):
    found = write(a, b, 30)
    assert found == said if said is None else found.replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("start", "until", "period", "during"),
    [
        ("2016-01-01", "2017-01-01", "2016", "in 2016"),
        ("2026-01-01", "2026-11-23", "January 1 to November 22, 2026", ""),
        ("2024-02-29", "2024-03-01", "February 29, 2024", "on February 29, 2024"),
        ("2023-12-31", "2024-01-02", "December 31, 2023 to January 1, 2024", ""),
        ("2016-01-01", "2017-12-31", "January 1, 2016 to December 30, 2017", ""),
        ("2016-01-02", "2017-01-01", "January 2 to December 31, 2016", ""),
    ],
)
def test_periods_by_hand(start, until, period, during):
    first, after = date.fromisoformat(start), date.fromisoformat(until)
    assert wording.format_period(first, after) == period
    assert wording.format_during(first, after) == (during or f"from {period}")


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.integers(1, 4000))
def test_a_part_of_a_year_is_never_called_the_year(start, days):
    until = start + timedelta(days=days)
    said = wording.format_period(start, until)
    whole = (start.month, start.day) == (until.month, until.day) == (1, 1)
    assert bool(re.fullmatch(r"\d{4}( to \d{4})?", said)) == whole
    if not whole:
        assert str((until - timedelta(days=1)).day) in said.split(" to ")[-1]
        assert str(start.day) in said


# What Unicode calls ignorable where it is shown, and is no format: joiners, fillers, selectors.
IGNORABLE = (
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)


@given(st.text(max_size=60))
def test_text_from_outside_keeps_its_letters_and_stays_on_one_line(text):
    shown = escape_markdown(text)
    assert not re.search(r"[\r\n\t]", shown)
    assert re.sub(r"\\(.)", r"\1", shown) == "".join(
        sign
        for sign in re.sub(r"[\r\n\t\v\f\u2028\u2029]+", " ", text)
        if unicodedata.category(sign) not in ("Cc", "Cf") and not re.match(IGNORABLE, sign)
    )


def test_every_sign_with_a_meaning_is_escaped():
    for sign in "`*_{}[]<>#$|~:&\\":
        assert escape_markdown(f"a{sign}b") == f"a\\{sign}b"


WHEN = "the same days of 2025"
EVENTS = "times as many, assuming independent events"


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((44, 36), f"44 against 36 in {WHEN}: no clear change (8 more, +22%; 95% interval 0.77 to 1.95 {EVENTS})."),
        ((3, 2), f"3 against 2 in {WHEN}: 1 more, too few to tell."),
        ((0, 6), f"0 against 6 in {WHEN}: clearly down (6 fewer; 95% interval at most 0.85 {EVENTS})."),
        ((0, 0), f"None, as in {WHEN}."),
        # What is missing is not zero.
        ((5, None), f"5; there is no count of {WHEN}."),
        ((None, 5), "The count is not known."),
        ((5, 6, 1, 0), f"5; 6 in {WHEN}."),
        # A mean of years is its own base: the three hold 89, their mean is under 30.
        ((28, 89, 1, 3), f"28 against 29.7 on average in {WHEN}: 2 fewer, too few to tell."),
    ],
)
def test_a_comparison_in_words(counts, said):
    assert describe_change(compare(*counts), WHEN, 30).sentence.replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (0.00003, None, ""),  # above next to nothing: it bounds nothing
        (0.001, 0.003, "at most 0.01 times as many"),
        (0.0, 639.0, ""),  # no reader is helped by "at most 639 times as many"
        (0.2, 639.0, "at least 0.20 times as many"),
        (0.001, 6.11, "at most 6.11 times as many"),
    ],
)
def test_a_bound_is_worded_as_what_it_says(low, high, shown):
    assert change_wording.format_interval(replace(compare(20, 30), low=low, high=high)) == shown


@pytest.mark.parametrize(
    ("filed", "read"),
    [
        ("2012-11-26", "November 26, 2012"),
        ("2014-12 (approx)", "December 2014 (approx)"),
        ("2012", "2012"),
        ("2014-13", "2014-13"),
        ("2014-12 to 2015-03", "December 2014 to 2015-03"),
    ],
)
def test_a_date_as_a_source_gave_it(filed, read):
    assert dates.format_source_date(filed) == read


# Measures and their sentences as TOML: in English and Spanish, and what is wrong is a sentence.
DATA = ROOT / "data" / "reference"


@pytest.mark.parametrize(
    ("function", "given", "written"),
    [
        (wording.write, [12345], "12,345"),
        (wording.write, [None], "no se sabe"),
        (wording.format_share, [250, 1000, 30], "25.0%"),
        (wording.format_share, [3, 9, 30], "3 de 9"),
        (wording.format_share, [1, 10000, 30], "menos de 0.1%"),
        (wording.format_ratio, [1.001, 2], "poco más de 1"),
        (wording.write_dollars, [268161], "$268,161"),
        (dates.format_month, [D(2026, 11, 1)], "noviembre de 2026"),
        (wording.format_during, [D(2016, 1, 1), D(2017, 1, 1)], "en 2016"),
        (wording.format_during, [D(2016, 1, 1), D(2019, 1, 1)], "de 2016 a 2018"),
        (wording.format_during, [D(2018, 3, 2), D(2018, 3, 3)], "el 2 de marzo de 2018"),
        (wording.format_during, [D(2018, 1, 1), D(2018, 4, 1)], "del 1 de enero al 31 de marzo de 2018"),
        (wording.format_during, [D(2017, 12, 1), D(2018, 2, 1)], "del 1 de diciembre de 2017 al 31 de enero de 2018"),
        (dates.join_years, [[2025, 2013, 2014]], "2013 a 2014 y 2025"),
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reason_why_there_is_no_number_has_a_word_of_its_own(language):
    with speaking(language):
        said = {reason: say_absence(reason) for reason in (*Absent, MISSING)}
    assert len({*said.values()}) == len(said)


def test_a_sentence_agrees_with_its_number():
    with speaking("es"):
        assert say_clause("victims", n=1) == "1 persona fue baleada"
        assert say_clause("victims", n=12345) == "12,345 personas fueron baleadas"
    assert say_clause("victims", n=1) == "1 person was shot"


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
    assert said | {*WORDS["weapons"]} <= TRANSLATED["es"].reference.keys() | TRANSLATED["es"].words.keys()
    with speaking("es"), pytest.raises(LookupError, match="None wrote this"):
        translate("None wrote this.")


def test_each_word_and_sentence_of_the_public_names_the_same_figures_in_both():
    for english, spanish in (TRANSLATED["es"].words | TRANSLATED["es"].reference).items():
        parts = [sorted(re.findall(r"\{\w+\}", text)) for text in (english, spanish)]
        assert parts[0] == parts[1], english
    for name, declared in load_declarations().items():
        if declared.path.name in INSIDE:
            continue
        if isinstance(declared, ChartDeclaration):  # whose columns have names, and no headings
            assert declared.en.columns.keys() == declared.find_words("es").columns.keys(), name
        for sentence, source in declared.en.sentences.items():
            english, spanish = (
                meta.find_undeclared_variables(wording.ENVIRONMENTS[language].parse(text))
                for language, text in (("en", source), ("es", declared.find_words("es").sentences[sentence]))
            )
            assert english == spanish, f"{name}.{sentence}"


def test_the_columns_read_from_the_sql_are_those_of_the_answer(warehouse):
    for query in warehouse.queries.values():
        frame = warehouse.run(query.name, {}, STATE).frame
        states = {f"{name}_state" for name in query.protects}
        assert {*frame} - states == list_columns(query) - states, query.name


# What is declared wrongly


@pytest.fixture(autouse=True)
def _keep_translations():
    kept = dict(TRANSLATED)
    yield
    TRANSLATED.update(kept)


def load(folder, text, name="support.toml"):  # a file that is in English alone
    (folder / name).write_text(text)
    TRANSLATED.clear()
    TRANSLATED.update(load_languages(folder / "locales"))
    load_declarations.cache_clear()
    sentence_check.check_measures(folder)
    return load_declarations(folder)


def translate_to_spanish(folder, sentences):
    (folder / "locales").mkdir()
    empty = "".join(f"[{table}]\n" for table in ("words", "reference", "counted", "edition", "sentences", "charts"))
    about = 'name = "Español"\nlocale = "es_US"\nand = "y"\n'
    (folder / "locales" / "es.toml").write_text(f"{about}{empty}{sentences}")


def test_a_translation_of_what_is_in_no_file_is_refused(tmp_path):
    translate_to_spanish(tmp_path, '[sentences.servces]\nb = "y"\n')
    with pytest.raises(ConfigError, match=r"es.toml: \[servces\] is in no file. Did you mean 'services'?"):
        load(tmp_path, '[services.en]\nb = "x"')


GREETING = '[a]\nquery = "reentry_greeting"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[a", "is not valid TOML"),
        ('[a]\nquery = "reentry_greting"', "Did you mean 'reentry_greeting'?"),
        ('[a]\nquerry = "x"', "line 2: 'a.querry' is not a known key. Did you mean 'query'?"),
        ('[a.en]\nb = "{{ x|foo }}"', "a sentence 'b' that is no template"),
        ("""[a.en]\nb = "{{ 'x' if y }}\"""", "a sentence 'b' with an `if` that has no `else`"),
        ('[a.charts.b]\nx = "year"', "line 1: 'a.charts.b.kind' is missing."),
        ('[a.charts.b]\nkind = "row"', "Did you mean 'rows'?"),
        (
            '[a.charts.b]\nkind = "rows"\npart.x = "yes"',
            "has the key 'part', which means nothing. Did you mean 'parts'?",
        ),
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
    ['[a.en]\nb = "x"', '[a.en]\nb = "x"\nc = "y"', '[a.en.columns]\nCity = "city"'],
)
def test_a_sentence_of_the_public_in_one_language_alone_is_refused(tmp_path, text):
    translate_to_spanish(tmp_path, '[sentences.a]\nc = "y"' if "c =" in text else "")
    with pytest.raises(ConfigError, match=r"in one of 'en' and 'es' alone"):
        load(tmp_path, f"[a]\nfacts = ['city']\n{text}", "violence.toml")
    (tmp_path / "violence.toml").rename(tmp_path / "support.toml")  # which no public screen says
    load(tmp_path, f"[a]\nfacts = ['city']\n{text}")


def test_a_sentence_that_names_no_figure_stops_the_start(monkeypatch, settings):
    def refuse():
        raise ConfigError("It names no figure.", "Name one.")

    monkeypatch.setattr(sentence_check, "check_measures", refuse)
    with pytest.raises(ConfigError, match="names no figure"):
        server.build_application(ROOT / "app.py", settings)


def test_a_month_of_a_table_is_written_in_the_language_in_use():
    table = pd.DataFrame({"Month": pd.to_datetime(["2026-01-01", "2026-02-01"])})
    for language, month in (("en", "Jan 2026"), ("es", "ene 2026")):
        with speaking(language):
            assert month in str(html_tables.write_text(table))
