"""What is no label is refused wherever labels come in, and none is markup or a formula where they leave."""

import io
import unicodedata
from datetime import date

import duckdb
import pandas as pd
import pytest

from longevity import settings as configuration
from longevity.base import labels
from longevity.base.errors import ConfigError, DataError
from longevity.base.scratch import quote_text
from longevity.geography import installed_boundaries
from longevity.outputs import html_tables, spreadsheet_cells
from tests.conftest import TODAY
from tests.factories import areas, configs

# What is never seen: of no width, a hyphen that may break, a joiner, fillers, a tag, a variation.
UNSEEN = (
    *("\u00ad", "\u034f", "\u061c", "\u115f", "\u1160", "\u17b4", "\u180e", "\u200b", "\u200c", "\u200d", "\u200f"),
    *("\u202e", "\u2060", "\u2064", "\u2065", "\u2066", "\u3164", "\ufe0f", "\ufeff", "\uffa0", "\ufff9"),
    *("\U000e0001", "\U000e0041", "\U000e0fff", "\U0001d173"),
)
# Letters that look alike: a Cyrillic Н, о, Greek Α, also behind an accent or an apostrophe.
MIXED = (
    *("\u041dill", "Hill T\u043ewn", "\u0391lbany", "Hil\u04cf", "\u041d\u0301ill"),
    *("\u041e'Brien", "\u041e’Brien", "E1\u0430"),
)
BAD = (*(f"a{sign}b" for sign in UNSEEN), *MIXED, "a\u2028b", "a\x07b", "a\x85b", "y" * 10_000)
GOOD = (
    *(
        "Hill",
        "<b>=1+1</b>",
        "East – West’s",
        "ʻAiea",
        "Hawai‘i",
        "St. Louis",
        "Coeur d'Alene",
        "100 µm",
        "Ward 3\u00a0A",
    ),
    *("Peña Blanca", "Ngu\u0302ye\u0303n", "Nguyễn Huệ", "Łódź", "Île-à-la-Crosse", "Ōtāhuhu", "5º B", "🏙"),
    *("\u05d4\u05d2\u05d1\u05e2\u05d4", "\u041d\u043e\u0432\u044b\u0439 Hill", "東京タワー", "नई दिल्ली"),
    *("\u041c\u043e\u0441\u043a\u0432\u0430", "\u0391\u03b8\u03ae\u03bd\u03b1"),
)


def test_python_and_the_database_agree_on_every_sign():
    with duckdb.connect(":memory:") as connection:
        rows = connection.execute(
            "SELECT i FROM (FROM range(1, 55296) UNION ALL FROM range(57344, 921600)) r(i) "
            f"WHERE regexp_matches(chr(i::INTEGER), {quote_text(labels.IN_DUCKDB)}) ORDER BY i"
        ).fetchall()
        for label in (*BAD[:-1], *GOOD):
            asked = f"SELECT regexp_matches(?, {quote_text(labels.IN_DUCKDB)})"
            assert connection.execute(asked, [label]).fetchone() == (label in BAD,), ascii(label)
    found = [i for (i,) in rows]
    every = [i for i in range(1, 921600) if not 0xD800 <= i < 0xE000]
    assert found == [i for i in every if labels.UNSEEN.search(chr(i))]
    assert {i for i in every if unicodedata.category(chr(i)) in ("Cc", "Cf", "Zl", "Zp")} <= set(found)


@pytest.mark.parametrize("label", [*BAD, *GOOD])
def test_what_is_no_label_is_refused_as_the_name_of_a_city_or_area(label, tmp_path):
    assert bool(labels.find_label_problem(label)) is (label in BAD)
    if label in GOOD:  # in any script
        return
    written = "".join(f"\\U{ord(sign):08x}" for sign in label)
    path = configs.write(tmp_path, 'name = "East"', f'name = "{written}"')
    with pytest.raises(ConfigError, match=r"characters|two alphabets"):
        configuration.load_settings(path, home=tmp_path / "home", environment={})
    if label.split() == [label]:  # a file's line breaks become spaces
        file = areas.write_squares(tmp_path / "lines.geojson", [label, "Hill"])
        right = configuration.load_settings(configs.write(tmp_path), home=tmp_path / "home", environment={})
        with pytest.raises(DataError, match="row 1: the area's name"):
            installed_boundaries.install_boundaries(right, "east", file, None, TODAY)


# A table on a screen is text with headings, and nothing in it is markup
def test_columns_and_rows_have_headings_and_no_name_is_markup():
    made = html_tables.write_table(pd.DataFrame({"City": ["East", "West"], "Shot": [12, 3]}), "How many?")
    assert made.count('<th scope="col"') == 2
    assert '<th scope="row">East</th><td class="number">12</td>' in made
    assert 'aria-label="How many?" tabindex="0"' in made
    assert "<b>" not in html_tables.write_table(pd.DataFrame({"<b>": [1]}), '"><b>')


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ">–"),
        (float("nan"), ">–"),
        (pd.NaT, ">–"),
        (True, ">yes"),
        (2.0, ">2"),
        (0.1 + 0.2, ">0.300"),
        (1234, ">1,234"),
        (date(2026, 1, 2), ' class="day">Jan 2, 2026'),
        ("2026-01-02", ">2026-01-02"),
        ("<script>x</script>", ">&lt;script&gt;x&lt;/script&gt;"),
        ("**bold**", ">**bold**"),
        ('" onclick="x', ">&#34; onclick=&#34;x"),
        ("javascript:alert(1)", ">javascript:alert(1)"),
        ("see https://a.example", ">see https://a.example"),
        # An address is a link, shown as its site.
        (
            'https://www.a.example/b?c="d&e',
            '><a href="https://www.a.example/b?c=&#34;d&amp;e" target="_blank" rel="noopener">a.example</a>',
        ),
    ],
)
def test_a_value_is_written_and_never_read_as_markup(value, written):
    made = html_tables.write_table(pd.DataFrame({"City": ["East"], "What": [value]}), "x")
    cell = made.split("</th><td", 1)[1].removesuffix("</td></tr></tbody></table></div>")
    assert cell.removeprefix(' class="number"') == written


# Cells of a CSV: what a spreadsheet would run it does not, and numbers stay numbers
FORMULAS = [
    *("=cmd|' /C calc'!A0", "+1+cmd", "-2+3+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1+1", "\r=1+1", "  =1+1"),
    *("\u202e=1+1", "＝1+1", "-", "-A1"),
    *(f"{sign}{start}A1" for sign in UNSEEN for start in "=+-@"),
]
HARMLESS = ["-5", "+12%", "-5.5 to 3", "−5", "–", "", "Slate", "a-b", "1,000", "-1e5", "a;b", "a;-5"]


def test_what_begins_like_a_formula_is_text_and_numbers_and_words_are_left():
    for cell in FORMULAS:
        written = spreadsheet_cells.disarm_cell(cell)
        assert written.startswith("'"), cell
        assert not set(written) & set("\t\r\n"), cell
    for cell in HARMLESS:
        assert spreadsheet_cells.disarm_cell(cell) == cell


@pytest.mark.parametrize("start", ["=1+1", " =1+1", '"=1+1', '\u200b" @SUM(A1)'])
def test_what_begins_like_a_formula_behind_a_semicolon_is_text(start):
    frame = pd.DataFrame({"a": ["left"], "label": [f"x;-5; y;{start}"], "b": ["right"]})
    line = spreadsheet_cells.disarm_table(frame).to_csv(index=False, header=False)
    # As it is opened where lists are separated by semicolons: quotation marks inside are signs.
    parts = line.split(";")
    assert parts[1:3] == ["-5", " y"]
    assert parts[3].startswith("'")


def test_a_table_keeps_its_numbers_days_and_rows():
    frame = pd.DataFrame(
        {
            "change": pd.array([-5, None], dtype="Int64"),
            "rate": [-0.5, 2.0],
            "day": pd.to_datetime(["2026-01-01", None]),
            "=label": pd.Series(["=1", "two\rrows\nin one"], dtype="str"),
        }
    )
    text = spreadsheet_cells.disarm_table(frame).to_csv(index=False)
    read = pd.read_csv(io.StringIO(text))
    assert list(read) == ["change", "rate", "day", "'=label"]
    assert read["change"].tolist()[0] == -5
    assert read["rate"].tolist() == [-0.5, 2.0]
    assert read["'=label"].tolist() == ["'=1", "two rows in one"]
    assert len(text.splitlines()) == 3
