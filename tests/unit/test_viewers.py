"""Who may ask what, and the sentence when they may not."""

from __future__ import annotations

import pytest

from longevity.auth import viewers
from longevity.auth.viewers import PUBLIC, STATE, QueryClass, Viewer
from longevity.errors import AccessError, UsageError
from longevity.settings import Settings


@pytest.mark.parametrize("text", ["public", "state"])
def test_a_viewer_is_written_as_it_is_read(text, settings):
    assert str(viewers.parse_viewer(text, settings)) == text


def test_every_city_of_the_configuration_is_a_viewer(settings):
    for city in settings.cities:
        viewer = viewers.parse_viewer(f"city:{city}", settings)
        assert (str(viewer), viewer.city) == (f"city:{city}", city)


def test_a_misspelt_city_names_the_nearest(settings):
    city = next(iter(settings.cities))
    with pytest.raises(UsageError, match=f"Did you mean '{city}'"):
        viewers.parse_viewer(f"city:{city}x", settings)


@pytest.mark.parametrize("text", ["", "admin", "city", "STATE", "city:", "public:state", "city:*"])
def test_an_unknown_viewer_is_refused(text, settings):
    with pytest.raises(UsageError):
        viewers.parse_viewer(text, settings)


def of(settings: Settings) -> tuple[Viewer, str, str]:
    own, other, *_ = settings.cities
    return viewers.parse_viewer(f"city:{own}", settings), own, other


@pytest.mark.parametrize("asked", [None, "own", "other"])
def test_the_public_record_is_answered_to_all_from_the_public_scope(asked, settings):
    viewer, own, other = of(settings)
    city = {"own": own, "other": other}.get(asked or "")
    for each in (PUBLIC, viewer, STATE):
        for query_class in (QueryClass.PUBLIC_RECORD, QueryClass.PUBLIC_TABLE):
            assert viewers.find_scope(each, "q", query_class, city) == "public"


@pytest.mark.parametrize("query_class", [QueryClass.AGGREGATE, QueryClass.NAMED])
def test_beyond_the_public_record_each_has_its_scope(query_class, settings):
    viewer, own, _ = of(settings)
    assert viewers.find_scope(viewer, "q", query_class, None) == own
    assert viewers.find_scope(viewer, "q", query_class, own) == own
    assert viewers.find_scope(STATE, "q", query_class, own) == "state"


@pytest.mark.parametrize("query_class", [QueryClass.AGGREGATE, QueryClass.NAMED])
def test_the_public_gets_neither_aggregates_nor_named_rows(query_class):
    with pytest.raises(AccessError, match="'public' may not ask"):
        viewers.find_scope(PUBLIC, "q", query_class, None)


@pytest.mark.parametrize("query_class", [QueryClass.AGGREGATE, QueryClass.NAMED])
def test_a_city_is_refused_what_is_another_citys(query_class, settings):
    viewer, _, other = of(settings)
    with pytest.raises(AccessError, match="its own city only"):
        viewers.find_scope(viewer, "q", query_class, other)
