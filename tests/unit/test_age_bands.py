"""Age bands: how they are read."""

from __future__ import annotations

import pytest

from longevity import age_bands


@pytest.mark.parametrize(
    ("text", "band"),
    [("under 18", "0-17"), ("Under 18 years", "0-17"), ("< 18", "0-17"), ("17 and under", "0-17"),
     ("up to 17", "0-17"), ("≤17", "0-17"), ("0-17", "0-17"), ("00–14", "0-14"),
     ("18-30", "18-30"), ("18 — 30", "18-30"), ("18 to 30", "18-30"), ("ages 18-30", "18-30"),
     ("18-30 years old", "18-30"), ("65+", "65+"), ("65 and over", "65+"), ("65 or older", "65+"),
     ("over 64", "65+"), (">64", "65+"), (">=65", "65+"), ("UNKNOWN", "unknown"),
     ("under 1", "0-0"), ("0-120", "0-120"),
     ("24", None), ("24 years", None), ("30-18", None), ("18-121", None), ("121+", None),
     ("under 0", None), ("1990-1999", None), ("1999-05-03", None), ("5/3/1999", None),
     ("18-30-40", None), ("14-Oct", None), ("1.5-3", None), ("-5", None), ("adult", None),
     ("", None)],
)  # fmt: skip
def test_bands_as_people_write_them(text, band):
    assert age_bands.parse_band(text) == band
    if band is not None:
        assert age_bands.parse_band(band) == band


def test_a_band_across_the_age_cannot_say_who_is_younger():
    said = {band: age_bands.is_under(band, 30) for band in ("18-29", "18-30", "30-34", "0+", "unknown")}
    assert said == {"18-29": True, "18-30": None, "30-34": False, "0+": None, "unknown": None}
