"""What a release is made from, and what its sources hold of victims, in words."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from longevity.errors import ConfigError
from longevity.findings import availability
from longevity.ingest import extracts_file, victim_coverage
from longevity.ingest.extracts_file import ExtractsFile
from longevity.screens import data_sources
from longevity.warehouse.provenance import Provenance, combine_sources

CITIES = {"east": "East", "west": "West", "north": "North"}


def test_the_opening_sentence_and_the_table_name_each_citys_last_day():
    manifest = {"release_id": "R1", "published_on": "2026-11-23", "previous": "R0"}
    two = {city: CITIES[city] for city in ("east", "west")}
    last_days = {"east": date(2026, 11, 21), "west": date(2026, 11, 22)}
    assert data_sources.describe_release(manifest, last_days, two) == (
        "Shootings are counted through East November 21, 2026; and West November 22, 2026, in data "
        "published on November 23, 2026."
    )
    days = pd.DataFrame(
        [
            ("incidents", "east", "2026-11-22", True),
            ("incidents", "west", None, None),
            ("call_ins", "east", "2026-11-20", False),
            ("call_ins", "west", "2026-11-20", False),
        ],
        columns=["extract", "city", "data_through", "derived"],
    ).astype({"data_through": "datetime64[us]", "derived": "boolean"})
    assert data_sources.build_extracts_table(days, two).to_dict("records") == [
        {"Extract": "incidents", "East": "Nov 22, 2026 (derived)", "West": "–"},
        {"Extract": "call-ins", "East": "Nov 20, 2026", "West": "Nov 20, 2026"},
    ]


# What a screen rests on, in one line: what is not named of it is counted

SHOT = Provenance(
    query="counts",
    question="How many?",
    parameters={},
    viewer="public",
    query_class="public_record",
    release_id="r1",
    kind="real",
    published_on="2026-11-23",
    data_through=date(2026, 11, 22),
    derived=False,
    source="Source: P, incidents of East, data through November 22, 2026; release r1.",
    sql="",
    outside=(),
    extracts=("incidents",),
    cities=("East",),
    not_for_release=False,
)
SPOKEN = replace(SHOT, source="other", extracts=("call_ins",), cities=("West",), data_through=date(2026, 11, 20))


def test_answers_of_a_release_share_a_line_with_the_earliest_day():
    assert combine_sources([SHOT, SPOKEN, SHOT], program="P") == (
        "Source: P, incidents and call-ins of East and West, data through November 20, 2026 or later; release r1.",
    )
    synthetic = [replace(answer, kind="synthetic") for answer in (SHOT, SPOKEN)]
    assert combine_sources(synthetic, program="P")[0].startswith("SYNTHETIC demonstration data")


def test_the_foot_names_the_cities_where_they_are_not_all():
    assert "Source: incidents of East, data" in " ".join(combine_sources([SHOT], ["East", "West"]))
    published = replace(SHOT, extracts=(), published=True, source="Source: courant.com.")
    assert " ".join(combine_sources([SHOT, published], ["East"])).endswith("Source: courant.com.")
    assert " ".join(combine_sources([], ["East"])) == ""


@pytest.mark.parametrize("apart", [{"query_class": "public_table"}, {"outside": ("west",)}, {"extracts": ()}])
def test_what_was_cut_once_lacks_a_city_or_was_published_has_a_line_of_its_own(apart):
    other = replace(SPOKEN, source="Source: another.", **apart)
    assert combine_sources([other, SHOT], program="P") == (SHOT.source, "Source: another.")


# What a source holds of victims: read, said, and which counts it leaves unknown


def test_what_is_written_of_it_is_read_and_a_file_that_says_nothing_holds_all(tmp_path, settings):
    first, second = list(settings.cities)[:2]
    (tmp_path / extracts_file.NAME).write_text('kind = "real"\n', encoding="utf-8")
    assert extracts_file.read_extracts_file(tmp_path, settings).holds == {"outcomes": {}, "weapons": {}}
    holds = {"outcomes": {first: ("fatal",)}, "weapons": {first: ("firearm",), second: ("firearm",)}}
    extracts_file.write_extracts_file(tmp_path, ExtractsFile(holds=holds))
    assert extracts_file.read_extracts_file(tmp_path, settings).holds == holds


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
    (tmp_path / extracts_file.NAME).write_text(lines.replace("{c}", city), encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        extracts_file.read_extracts_file(tmp_path, settings)
    assert match.replace("{c}", city) in f"{refused.value.what} {refused.value.do}"


ALL, WEAPONS = ("fatal", "nonfatal"), ("firearm", "knife", "blunt", "other")


@pytest.mark.parametrize(
    ("outcomes", "weapons", "known", "said"),
    [
        (ALL, WEAPONS, {*victim_coverage.NEEDS}, ""),
        # Where only the killed are held, an incident in which no one died is in no file.
        (("fatal",), WEAPONS, {"fatal", "homicides"}, "people killed"),
        (("nonfatal",), WEAPONS, {"nonfatal"}, "people wounded"),
        (ALL, ("firearm",), {"incidents", "victims", "fatal", "nonfatal"}, "people shot"),
        (("fatal",), ("firearm",), {"fatal"}, "people shot and killed"),
        ((), WEAPONS, set(), "some victims of some years"),
    ],
)
def test_which_counts_are_known_and_how_that_is_said(outcomes, weapons, known, said):
    holds = {"outcomes": {"east": outcomes}, "weapons": {"east": weapons}}
    found = victim_coverage.find_known_counts(holds, "east")
    assert {name for name, is_known in found.items() if is_known} == known
    assert availability.describe_source(holds, "east") == said
    assert all(victim_coverage.find_known_counts(holds, "west").values())


def test_why_a_count_is_missing_names_every_city_once_and_what_none_holds_is_not_offered():
    killed = {"outcomes": {"east": ("fatal",), "west": ("fatal",)}, "weapons": {}}
    assert availability.explain_missing(killed, "victims", "people shot", CITIES) == (
        "The sources of East and West hold only people killed, so people shot there are not known, which is not zero."
    )
    assert availability.explain_missing(killed, "fatal", "people shot and killed", CITIES) == ""
    measures = ("victims", "nonfatal", "fatal")
    assert availability.list_measures(killed, list(CITIES), measures) == ["fatal", "victims", "nonfatal"]
    assert availability.list_measures(killed, ["east", "west"], measures) == ["fatal"]
