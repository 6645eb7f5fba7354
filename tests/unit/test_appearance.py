"""What every screen wears comes with the program."""

from __future__ import annotations

import re

import pytest

from longevity.ui import appearance


@pytest.mark.parametrize("name", ["page.css", "page.js"])
def test_nothing_is_fetched_from_elsewhere(name):
    text = appearance.read_part(name)
    assert not re.search(r"https?:|//[a-z]|@import|url\(|fetch\(|import\(", text)
