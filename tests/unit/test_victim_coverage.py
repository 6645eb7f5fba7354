"""What a source holds of victims: how it is said, and which counts it leaves unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from longevity.errors import ConfigError
from longevity.findings import availability
from longevity.ingest import extracts_file, victim_coverage
from longevity.ingest.extracts_file import ExtractsFile
from longevity.settings import Settings


def said(folder: Path, settings: Settings, text: str) -> ExtractsFile:
    (folder / extracts_file.NAME).write_text(text, encoding="utf-8")
    return extracts_file.read_extracts_file(folder, settings)


def test_what_is_written_is_read(tmp_path, settings):
    one, two = list(settings.cities)[:2]
    holds = {"outcomes": {one: ("fatal",)}, "weapons": {one: ("firearm",), two: ("firearm",)}}
    extracts_file.write_extracts_file(tmp_path, ExtractsFile(holds=holds))
    assert extracts_file.read_extracts_file(tmp_path, settings).holds == holds


def test_a_file_that_says_nothing_holds_all(tmp_path, settings):
    told = said(tmp_path, settings, 'kind = "real"\n')
    assert told.holds == {"outcomes": {}, "weapons": {}}
    assert all(victim_coverage.find_known_counts(told.holds, next(iter(settings.cities))).values())


@pytest.mark.parametrize(
    ("lines", "match"),
    [
        ('[holds.outcomes]\n{c} = ["killed"]', "'holds.outcomes.{c}' holds 'killed'"),
        ('[holds.outcomes]\n{c} = "fatal"', "must be a valid tuple"),
        ('[holds.outcomes]\nnowhere = ["fatal"]', "'holds.outcomes.nowhere' is not a known key"),
        ('[holds.outcome]\n{c} = ["fatal"]', "Did you mean 'outcomes'"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, settings, lines, match):
    city = next(iter(settings.cities))
    with pytest.raises(ConfigError) as refused:
        said(tmp_path, settings, lines.replace("{c}", city))
    assert match.replace("{c}", city) in f"{refused.value.what} {refused.value.do}"


@pytest.mark.parametrize(
    ("outcomes", "weapons", "known"),
    [
        # Where only the killed are held, an incident nobody died in is in no file.
        (("fatal",), None, {"fatal", "homicides"}),
        (None, ("firearm",), {"incidents", "victims", "fatal", "nonfatal"}),
        (("fatal",), ("firearm",), {"fatal"}),
        (("nonfatal",), None, {"nonfatal"}),
        # A victim by an unknown weapon counts as killed all the same.
        (None, ("firearm", "knife", "blunt", "other"), set(victim_coverage.NEEDS)),
    ],
)
def test_which_counts_are_known(outcomes, weapons, known):
    holds = {key: {"east": words} for key, words in (("outcomes", outcomes), ("weapons", weapons)) if words is not None}
    found = victim_coverage.find_known_counts(holds, "east")
    assert {name for name, is_known in found.items() if is_known} == known
    assert all(victim_coverage.find_known_counts(holds, "west").values())


# The words for what a source does not hold, and sums that are missing with a part of them

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
    assert availability.describe_source({"outcomes": {"east": outcomes}, "weapons": {"east": weapons}}, "east") == said


def test_why_a_count_is_missing_names_every_city_once():
    assert availability.explain_missing(KILLED, "victims", "people shot", CITIES) == (
        "The sources of East and West hold only people killed, so people shot there are not known, which is not zero."
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
