"""What a release is made from, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from longevity.screens import data_sources as sources
from longevity.warehouse.provenance import Provenance, combine_sources

CITIES = {"east": "East", "west": "West"}
MANIFEST = {"release_id": "R1", "published_on": "2026-11-23", "previous": "R0"}


def through(*rows: tuple[str, str, str | None, bool | None]) -> Any:
    frame = pd.DataFrame(rows, columns=["extract", "city", "data_through", "derived"])
    frame["data_through"] = pd.to_datetime(frame["data_through"]).astype("datetime64[us]")
    return frame.astype({"derived": "boolean"})


def test_the_opening_sentence_names_each_citys_last_day_where_they_differ():
    last_days = {"east": date(2026, 11, 21), "west": date(2026, 11, 22)}
    assert sources.describe_release(MANIFEST, last_days, CITIES) == (
        "Shootings are counted through East November 21, 2026; and West November 22, 2026, in data "
        "published on November 23, 2026."
    )


DAYS = through(
    ("incidents", "east", "2026-11-22", True),
    ("incidents", "west", None, None),
    ("call_ins", "east", "2026-11-20", False),
    ("call_ins", "west", "2026-11-20", False),
)


def test_a_derived_day_says_so_and_a_missing_one_is_a_dash():
    table = sources.build_extracts_table(DAYS, CITIES)
    assert table.to_dict("records") == [
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
    absent=(),
    without_data=(),
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
    synthetic = [replace(one, kind="synthetic") for one in (SHOT, SPOKEN)]
    assert combine_sources(synthetic, program="P")[0].startswith("SYNTHETIC demonstration data")


def test_the_foot_names_the_cities_where_they_are_not_all_and_keeps_apart_what_lacks_one():
    assert "Source: incidents of East, data" in " ".join(combine_sources([SHOT], ["East", "West"]))
    lacking = replace(SHOT, outside=("west",), source="Source: P, of West nothing.")
    assert " ".join(combine_sources([SHOT, lacking], ["East"])).endswith("r1. Source: P, of West nothing.")
    published = replace(SHOT, extracts=(), published=True, source="Source: courant.com.")
    assert " ".join(combine_sources([SHOT, published], ["East"])).endswith("Source: courant.com.")
    assert " ".join(combine_sources([], ["East"])) == ""


@pytest.mark.parametrize("apart", [{"query_class": "public_table"}, {"outside": ("west",)}, {"extracts": ()}])
def test_what_was_cut_once_lacks_a_city_or_was_published_stands_alone(apart):
    other = replace(SPOKEN, source="Source: another.", **apart)
    assert combine_sources([other, SHOT], program="P") == (SHOT.source, "Source: another.")
