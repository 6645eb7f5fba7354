from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from longevity.errors import DataError
from longevity.geography.reference_neighbourhoods import list_neighbourhoods
from longevity.settings import Settings

HEADER = "city,neighbourhood,longitude,latitude,area_km2,population,definition,source_url\n"
ALPHA = "{city},Alpha,-72.9,41.3,1,1,d,u"


def listed(settings: Settings, tmp_path: Path, *rows: str, header: str = HEADER) -> list[str]:
    """The areas of the first city where the published facts are these rows."""
    city = next(iter(settings.cities.values()))
    text = header + "".join(row.format(city=city.id, key=city.reference_key) + "\n" for row in rows)
    (tmp_path / "neighbourhoods.csv").write_text(text, encoding="utf-8")
    facts = list_neighbourhoods(replace(settings, reference=tmp_path), city.id)
    return [f"{f.name} {f.longitude} {f.latitude} {f.area_km2} {f.population}" for f in facts]


def test_published_areas_come_sorted_with_their_figures(settings, tmp_path):
    assert listed(
        settings,
        tmp_path,
        "{city},Zeta,-72.9,41.3,1.5,1200,d,u",
        "{key}, Alpha ,-72.8,41.2,,,d,u",
        "{city},NA,-72.8,41.2,2.5,0,d,u",
        "elsewhere,Other,no,41.2,2.5,1,d,u",
    ) == ["Alpha -72.8 41.2 nan None", "NA -72.8 41.2 2.5 None", "Zeta -72.9 41.3 1.5 1200"]
    assert list_neighbourhoods(replace(settings, reference=tmp_path / "none"), "hartford") == []
    assert listed(settings, tmp_path, "elsewhere,Other,-72.8,41.2,2.5,1,d,u") == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{city},Beta,-72.9,forty,1,1,d,u", "line 3: 'latitude' is not a finite number"),
        ("{city},Beta,,41.3,1,1,d,u", "line 3: longitude and latitude are not a place"),
        ("{city},Beta,-72.9,141.3,1,1,d,u", "not a place"),
        ("{city},Beta,-72.9,41.3,inf,1,d,u", "'area_km2' is not a finite number"),
        ("{city}, ,-72.9,41.3,1,1,d,u", "has no name"),
        ("{city},B\u202eeta,-72.9,41.3,1,1,d,u", "the name is no line of text"),
        ("{city},Beta,-72.9", "not a place"),
        ("{city},ALPHA,-72.8,41.3,1,1,d,u", "line 3: the neighbourhood is there twice"),
    ],
)
def test_a_wrong_row_is_named_by_line(settings, tmp_path, row, said):
    with pytest.raises(DataError, match=said):
        listed(settings, tmp_path, ALPHA, row)


def test_a_file_that_cannot_be_used_is_refused(settings, tmp_path):
    with pytest.raises(DataError, match="no column 'latitude'"):
        listed(settings, tmp_path, header="city,neighbourhood,longitude\n")
    (tmp_path / "neighbourhoods.csv").write_bytes(b"\xff\xfe\x00" * 50)
    with pytest.raises(DataError, match="cannot be read"):
        list_neighbourhoods(replace(settings, reference=tmp_path), "hartford")
