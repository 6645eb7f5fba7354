"""Who may ask what, and the sentence when they may not."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from longevity.auth import sign_in_provider, signed_out, viewers
from longevity.auth.viewers import PUBLIC, STATE, QueryClass, Viewer
from longevity.errors import AccessError, UsageError
from longevity.settings import Settings
from tests.factories.identities import PROVIDER


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


# The provider's settings: what is refused, and how, without a value


def test_the_environment_is_read_by_streamlits_names():
    said = sign_in_provider.read_environment(
        {"LONGEVITY_SIGN_IN_CLIENT_ID": "x", "LONGEVITY_SIGN_IN_SCOPE": "openid g", "OTHER": "y"}
    )
    assert said == {"client_id": "x", "client_kwargs": {"scope": "openid g"}}
    assert sign_in_provider.read_environment({"LONGEVITY_SIGN_IN_CLIENT_ID": ""}) == {}


def test_a_whole_provider_is_right():
    assert sign_in_provider.find_problems(PROVIDER) == []
    here = {"redirect_uri": "http://127.0.0.1:8501/oauth2callback"}
    assert sign_in_provider.find_problems({**PROVIDER, **here}) == []


@pytest.mark.parametrize("key", sorted(sign_in_provider.NEEDED))
@pytest.mark.parametrize("value", [None, "", 5, ["x"], {"x": 1}])
def test_a_value_that_is_missing_or_no_text_is_named(key, value):
    (told,) = sign_in_provider.find_problems({**PROVIDER, key: value})
    assert f"'{key}' is missing" in told
    assert sign_in_provider.NEEDED[key] in told


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("redirect_uri", "https://s3cret/callback", "does not end with /oauth2callback"),
        ("redirect_uri", "http://s3cret.example/oauth2callback", "must begin with https://"),
        ("redirect_uri", "s3cret/oauth2callback", "no absolute address"),
        ("server_metadata_url", "ftp://s3cret/x", "no absolute address"),
        ("server_metadata_url", "http://s3cret", "must begin with https://"),
        ("server_metadata_url", "https://[s3cret", "no absolute address"),
        ("cookie_secret", "s3cret", "shorter than 32 signs"),
    ],
)
def test_what_is_wrong_is_told_without_the_value(key, value, sentence):
    told = sign_in_provider.find_problems({**PROVIDER, key: value})
    assert any(sentence in one for one in told)
    assert "s3cret" not in " ".join(told)


# What is remembered of a sign-out: by every process on the home, for as long as it matters

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another process, or this one after a restart, knows without reading."""
    monkeypatch.setattr(signed_out, "_in_this_process", set())
    monkeypatch.setattr(signed_out, "_contents", {})


def test_another_process_knows_of_it(tmp_path, monkeypatch):
    assert not signed_out.is_signed_out(tmp_path, "one")
    signed_out.record_sign_out(tmp_path, "one", NOON)
    forget(monkeypatch)
    assert signed_out.is_signed_out(tmp_path, "one")
    assert not signed_out.is_signed_out(tmp_path, "two")
    signed_out.record_sign_out(tmp_path, "two", NOON)
    monkeypatch.setattr(signed_out, "_in_this_process", set())
    assert signed_out.is_signed_out(tmp_path, "two")  # the file changed since it was read
    (path,) = (tmp_path / "signed-out").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def days(home: Path) -> list[str]:
    return sorted(path.name.removesuffix(".jsonl") for path in (home / "signed-out").iterdir())


def test_old_days_are_dropped(tmp_path):
    for day in range(20):
        signed_out.record_sign_out(tmp_path, f"{day}", NOON + timedelta(days=day))
    assert days(tmp_path) == [f"2026-12-{day:02}" for day in range(6, 13)]


def test_a_clock_set_back_over_midnight_forgets_no_sign_out(tmp_path, monkeypatch):
    midnight = datetime(2026, 11, 24, tzinfo=UTC)
    signed_out.record_sign_out(tmp_path, "after", midnight + timedelta(minutes=5))
    forget(monkeypatch)
    signed_out.record_sign_out(
        tmp_path, "before", midnight - timedelta(minutes=5)
    )  # ten minutes back
    forget(monkeypatch)
    assert signed_out.is_signed_out(tmp_path, "after")
    assert signed_out.is_signed_out(tmp_path, "before")


def test_a_clock_that_was_a_year_ahead_for_a_while_drops_nothing(tmp_path, monkeypatch):
    signed_out.record_sign_out(tmp_path, "today", NOON)
    signed_out.record_sign_out(tmp_path, "ahead", NOON + timedelta(days=365))
    for day in range(1, 30):
        signed_out.record_sign_out(tmp_path, f"{day}", NOON + timedelta(days=day))
        forget(monkeypatch)
        assert signed_out.is_signed_out(tmp_path, "ahead")
        if day == 1:
            assert signed_out.is_signed_out(tmp_path, "today")
    assert len(days(tmp_path)) == signed_out.FILES_KEPT + 1


def test_where_it_cannot_be_written_this_process_remembers(tmp_path, caplog):
    (tmp_path / "signed-out").write_text("a file in the folder's place")
    signed_out.record_sign_out(tmp_path, "here", NOON)
    assert signed_out.is_signed_out(tmp_path, "here")
    assert "could not be recorded" in caplog.text
