"""A TOML file that cannot be read is a sentence, and a key that is wrong is found in its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from longevity.errors import ConfigError
from longevity.settings import toml_file
from tests.factories import broken_configs

TEXT = """
# part.word = "in a comment"
[[list]]
word = 1
[part] # of it
other = "word = 3"
"quoted word" = { word = 2 }
'another word'.inner.deep = 3
[part.below]
word = 4
[below]
word = 5
"""


def read(folder: Path, text: str | bytes) -> toml_file.TomlFile:
    path = folder / "a.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return toml_file.read_toml(path)


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("part",), ", line 5: 'part'"),
        (("part", "other"), ", line 6: 'part.other'"),
        (("part", "quoted word", "word"), ", line 7: 'part.quoted word.word'"),
        (("part", "another word", "inner"), ", line 8: 'part.another word.inner'"),
        (("part", "below", "word"), ", line 10: 'part.below.word'"),
        (("below", "word"), ", line 12: 'below.word'"),
        (("list", 0, "word"), ", line 4: 'list.word' item 1"),
        (("nowhere",), ": 'nowhere'"),
    ],
)
def test_a_key_is_named_with_its_line(tmp_path, keys, line):
    error = read(tmp_path, TEXT).error((keys, "is wrong.", "Mend it."))
    assert str(error) == f"{tmp_path / 'a.toml'}{line} is wrong. Mend it."


@pytest.mark.parametrize("kind", broken_configs.KINDS)
def test_a_file_that_is_broken_is_a_sentence(tmp_path, kind):
    path = tmp_path / "a.toml"
    broken_configs.put_broken(path, kind)
    with pytest.raises(ConfigError) as error:
        toml_file.read_toml(path)
    assert str(error.value).startswith(str(path))
    assert len(str(error.value)) < len(str(path)) + 150


def test_a_key_of_too_many_parts_is_named_by_its_line(tmp_path):
    with pytest.raises(ConfigError, match="line 2 has a key of too many parts"):
        read(tmp_path, broken_configs.TEXTS["a key of many parts"])
    sentences = "Mr. A. B. Smith, of 1.2.3.4. " * 20
    assert read(tmp_path, f'text = "{sentences}"\na.b.c.d.e = 1').raw["text"] == sentences
