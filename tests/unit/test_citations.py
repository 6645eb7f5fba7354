"""How a published source is named where it is read."""

from __future__ import annotations

import pytest

from longevity import citations

FILED = "source document 017_ab12 (report of a meeting (second day))"


@pytest.mark.parametrize(
    ("source", "named", "site"),
    [
        ("https://www.example.org/a/b", "https://www.example.org/a/b", "example.org"),
        (FILED, "report of a meeting (second day)", "report of a meeting (second day)"),
        ("Annual report 2012 (draft)", "Annual report 2012 (draft)", "Annual report 2012 (draft)"),
    ],
)
def test_a_source_is_named_by_its_address_or_by_what_it_is(source, named, site):
    assert citations.name_source(source) == named
    assert citations.name_site(source) == site
