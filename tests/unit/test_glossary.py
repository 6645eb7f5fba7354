"""The glossary names files that are there."""

from __future__ import annotations

import re

from longevity.settings import ROOT

TEXT = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")


def test_each_word_is_defined_in_files_that_are_there() -> None:
    rows = [line.split("|")[3] for line in TEXT.splitlines() if line.startswith("| **")]
    assert len(rows) >= 20
    for row in rows:
        named = re.findall(r"`([a-z_/]+\.py)`", row)
        assert named
        for name in named:
            assert (ROOT / "longevity" / name).is_file(), name
