"""A table on a screen is text with headings, and nothing in it is markup."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from longevity.outputs import html_tables


def cell(value: object) -> str:
    """How one value is written in a table of one row."""
    made = html_tables.write_table(pd.DataFrame({"City": ["East"], "What": [value]}), "x")
    return (
        made.split("</th><td", 1)[1]
        .split(">", 1)[1]
        .removesuffix("</td></tr></tbody></table></div>")
    )


def test_columns_and_rows_have_headings():
    frame = pd.DataFrame({"City": ["East", "West"], "Shot": [12, 3]})
    made = html_tables.write_table(frame, "How many?")
    assert made.count('<th scope="col"') == 2
    assert '<th scope="row">East</th><td class="number">12</td>' in made
    assert 'aria-label="How many?" tabindex="0"' in made


def test_days_are_kept_whole_and_words_are_not():
    frame = pd.DataFrame({"City": ["East"], "Day": [date(2026, 1, 2)], "Then": ["2026-01-02"]})
    made = html_tables.write_table(frame, "x")
    assert '<td class="day">Jan 2, 2026</td><td>2026-01-02</td>' in made


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "–"),
        (float("nan"), "–"),
        (pd.NaT, "–"),
        (True, "yes"),
        (2.0, "2"),
        (0.1 + 0.2, "0.300"),
        (1234, "1,234"),
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
        ("**bold**", "**bold**"),
        ('" onclick="x', "&#34; onclick=&#34;x"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("see https://a.example", "see https://a.example"),
    ],
)
def test_a_value_is_written_and_never_read_as_markup(value, written):
    assert cell(value) == written


def test_an_address_is_a_link_shown_as_its_site():
    made = cell('https://www.a.example/b?c="d&e')
    assert made == (
        '<a href="https://www.a.example/b?c=&#34;d&amp;e" target="_blank" rel="noopener">'
        "a.example</a>"
    )


def test_names_of_columns_and_the_label_are_no_markup():
    made = html_tables.write_table(pd.DataFrame({"<b>": [1]}), '"><b>')
    assert "<b>" not in made
