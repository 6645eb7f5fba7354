"""Addresses of the edition: of two places with names alike neither takes that of the other."""

from __future__ import annotations

from longevity.edition.site import make_slugs


def test_no_two_places_have_one_address():
    names = ["St. John", "St John", "Peñón", "東"]
    assert make_slugs(names) == {
        "St. John": "st-john",
        "St John": "st-john-other",
        "Peñón": "penon",
        "東": "none",
    }
