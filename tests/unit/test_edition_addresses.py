"""Addresses of the edition: of two places with names alike neither takes that of the other."""

from __future__ import annotations

from longevity.edition.site import make_slugs


def test_no_two_places_have_one_address_and_none_that_of_a_year():
    names = ["St. John", "St John", "2024", "Peñón", "東"]
    assert make_slugs(names, ["2024"]) == {
        "St. John": "st-john",
        "St John": "st-john-2",
        "2024": "2024-2",
        "Peñón": "penon",
        "東": "none",
    }
