"""Nothing in a TOML file is silently ignored, and every refusal names file, key and way out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from longevity import strict_toml
from longevity.errors import ConfigError
from longevity.strict_toml import Table
from tests.factories import broken_configs

EVERY_KIND = f"""
text = "x"
whole = 3
half = 0.5
huge = 0x{"f" * 400}
yes = true
day = 2026-11-22
moment = 2026-11-22T10:00:00
list = [1, 2]
[part]
word = "left"
"""


def read(folder: Path, text: str | bytes = EVERY_KIND) -> Table:
    path = folder / "a.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return strict_toml.load_toml(path)


def refusal(ask: Callable[[], Any]) -> str:
    with pytest.raises(ConfigError) as error:
        ask()
    return str(error.value)


def test_each_kind_reads_as_itself(tmp_path: Path) -> None:
    table = read(tmp_path)
    assert table.text("text") == "x"
    assert table.integer("whole") == 3
    assert table.number("whole") == 3
    assert table.number("half") == 0.5
    assert table.boolean("yes") is True
    assert table.day("day") == date(2026, 11, 22)
    assert table.items("list") == [1, 2]
    assert table.table("part").choice("word", ["left", "right"]) == "left"


@pytest.mark.parametrize(
    ("kind", "key", "noun"),
    [
        ("text", "whole", "text"),
        ("integer", "half", "a whole number"),
        ("integer", "yes", "a whole number"),
        ("number", "text", "a number"),
        ("number", "yes", "a number"),
        ("boolean", "whole", "true or false"),
        ("day", "text", "a date such as 2014-04-01"),
        ("day", "moment", "a date without a time"),
        ("integer", "huge", "a whole number of at most 1,000,000,000,000"),
        ("number", "huge", "a number of at most 1,000,000,000,000"),
        ("items", "text", "a list"),
        ("table", "text", "a table"),
    ],
)
def test_a_wrong_kind_names_file_key_and_kind(
    tmp_path: Path, kind: str, key: str, noun: str
) -> None:
    said = refusal(lambda: getattr(read(tmp_path), kind)(key))
    assert said == f"{tmp_path / 'a.toml'}: '{key}' must be {noun}."


@pytest.mark.parametrize("value", ["inf", "-inf", "nan"])
def test_a_number_is_finite(tmp_path: Path, value: str) -> None:
    assert "must be a number that is finite" in refusal(
        lambda: read(tmp_path, f"share = {value}").number("share", 0.5)
    )


def test_an_unknown_key_names_the_nearest_of_its_table(tmp_path: Path) -> None:
    part = read(tmp_path, "[part]\nwrod = 1\n").table("part")
    part.has("word")
    part.has("other")
    assert refusal(part.finish) == (
        f"{tmp_path / 'a.toml'}: 'part.wrod' is not a known key. Did you mean 'word'?"
    )


def test_an_unknown_key_that_resembles_none_lists_all(tmp_path: Path) -> None:
    table = read(tmp_path, "zzzz = 1\n")
    table.has("word")
    table.has("other")
    assert refusal(table.finish).endswith("is not a known key. Valid: other, word.")


def test_a_missing_key_is_named_unless_it_has_a_default(tmp_path: Path) -> None:
    table = read(tmp_path, "")
    assert refusal(lambda: table.text("name")).endswith("'name' is missing.")
    assert table.text("name", "x") == "x"
    assert table.day("day", None) is None
    assert table.table("part", {}).names() == []


def test_a_word_that_is_no_choice_names_the_nearest(tmp_path: Path) -> None:
    said = refusal(lambda: read(tmp_path).choice("text", ["left", "right"]))
    assert said.endswith("'text' is 'x'. Valid: left, right.")
    part = read(tmp_path, "word = 'rihgt'")
    assert refusal(lambda: part.choice("word", ["left", "right"])).endswith("'right'?")


@pytest.mark.parametrize("kind", broken_configs.KINDS)
def test_a_file_that_is_broken_is_a_sentence(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.toml"
    broken_configs.put_broken(path, kind)
    said = refusal(lambda: strict_toml.load_toml(path))
    assert said.startswith(str(path))
    assert len(said) < len(str(path)) + 150


def test_a_key_of_too_many_parts_is_named_by_its_line(tmp_path: Path) -> None:
    content = broken_configs.TEXTS["a key of many parts"]
    assert "line 2 has a key of too many parts" in refusal(lambda: read(tmp_path, content))
    sentences = "Mr. A. B. Smith, of 1.2.3.4. " * 20
    assert read(tmp_path, f'text = "{sentences}"\na.b.c.d.e = 1').text("text") == sentences


def test_a_text_and_a_day_can_be_meant(tmp_path: Path) -> None:
    table = read(tmp_path, f'long = "{"a" * 9000}"\nnul = "\\u0000"\nday = 9999-12-31')
    for key, words in (("long", "is longer than 5,000"), ("nul", "holds the character NUL")):
        assert words in refusal(lambda key=key: table.text(key))
    assert "which cannot be meant" in refusal(lambda: table.day("day"))
    long_key = read(tmp_path, f"{'k' * 9000} = 1")
    assert len(refusal(long_key.finish)) < len(str(tmp_path)) + 150


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    missing = tmp_path / "b.toml"
    assert refusal(lambda: strict_toml.load_toml(missing)).startswith(f"{missing} does not exist.")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbfname = 'x'").text("name") == "x"


def test_a_missing_key_is_sought_among_the_unknown_ones_only(tmp_path: Path) -> None:
    table = read(tmp_path, "nam = 1\nnames = 2\n")
    assert refusal(lambda: table.integer("name")).endswith("Did you mean 'name' by 'names'?")
    table.integer("names")
    assert refusal(lambda: table.integer("name")).endswith("Did you mean 'name' by 'nam'?")
    table.integer("nam")
    assert refusal(lambda: table.integer("name")).endswith("'name' is missing.")
