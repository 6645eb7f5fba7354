"""The words for what a source does not hold, and sums that are missing with a part of them."""

from __future__ import annotations

import pytest

from longevity.findings import availability

CITIES = {"east": "East", "west": "West", "north": "North"}
KILLED = {"outcomes": {"east": ("fatal",), "west": ("fatal",)}, "weapons": {}}


@pytest.mark.parametrize(
    ("outcomes", "weapons", "said"),
    [
        (("fatal", "nonfatal"), ("firearm", "knife", "blunt", "other"), ""),
        (("fatal",), ("firearm", "knife", "blunt", "other", "unknown"), "people killed"),
        (("nonfatal",), ("firearm", "knife", "blunt", "other"), "people wounded"),
        (("fatal", "nonfatal"), ("firearm",), "people shot"),
        (("fatal",), ("firearm",), "people shot and killed"),
        ((), ("firearm", "knife", "blunt", "other"), "some victims of some years"),
    ],
)
def test_what_a_source_holds(outcomes, weapons, said):
    assert (
        availability.describe_source(
            {"outcomes": {"east": outcomes}, "weapons": {"east": weapons}}, "east"
        )
        == said
    )


def test_why_a_count_is_missing_names_every_city_once():
    assert availability.explain_missing(KILLED, "victims", "people shot", CITIES) == (
        "The sources of East and West hold only people killed, so people shot there are not "
        "known, which is not zero."
    )
    assert availability.explain_missing(KILLED, "fatal", "people shot and killed", CITIES) == ""


def test_what_every_city_holds_is_offered_first_and_what_none_does_not_at_all():
    measures = ("victims", "nonfatal", "fatal")
    assert availability.list_measures(KILLED, list(CITIES), measures) == [
        "fatal",
        "victims",
        "nonfatal",
    ]
    assert availability.list_measures(KILLED, ["east", "west"], measures) == ["fatal"]
