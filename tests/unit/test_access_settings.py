"""`[access]` in the configuration, and the provider's settings: what is refused, and how."""

from __future__ import annotations

from pathlib import Path

import pytest

from longevity import access_settings
from longevity import settings as configuration
from longevity.access_settings import Access
from longevity.errors import ConfigError
from longevity.settings import Settings
from tests.factories import configs
from tests.factories.identities import PROVIDER


def loaded(folder: Path, said: str) -> Access:
    path = configs.write(folder, "[demonstration]", f"{said}\n[demonstration]")
    return configuration.load_settings(path, home=folder, environment={}).access


def refusal(folder: Path, said: str) -> str:
    with pytest.raises(ConfigError) as caught:
        loaded(folder, said)
    return str(caught.value)


def test_without_the_table_nobody_is_mapped(tmp_path: Path) -> None:
    assert loaded(tmp_path, "") == Access("groups", 10, {})


def test_the_shipped_configuration_maps_nobody(settings: Settings) -> None:
    assert settings.access.viewers == {}


def test_values_are_mapped_to_the_state_and_to_cities(tmp_path: Path) -> None:
    said = '[access]\nclaim = "roles"\nlongest_hours = 4\n'
    said += '[access.viewers]\n"a b/c" = "state"\nx = "city:east"'
    assert loaded(tmp_path, said) == Access("roles", 4, {"a b/c": "state", "x": "city:east"})


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ('[access]\nclaims = "x"', "'access.claims' is not a known key. Did you mean 'claim'?"),
        ('[access.viewers]\nx = "city:eest"', "Did you mean 'city:east'?"),
        ('[access.viewers]\nx = "sate"', "Did you mean 'state'?"),
        ('[access.viewers]\nx = "public"', "is 'public', which is no viewer one signs in as."),
        ('[access.viewers]\nx = ["state"]', "'access.viewers.x' must be text."),
        ('[access.viewers]\n"x " = "state"', "values match exactly"),
        ('[access.viewers]\n"" = "state"', "values match exactly"),
        ('[access]\nviewers = "state"', "'access.viewers' must be a table."),
        ('[access]\nclaim = ""', "no claim of a person"),
        ('[access]\nclaim = "is_logged_in"', "no claim of a person"),
        ("[access]\nlongest_hours = 0", "must be from 1 to 24."),
        ("[access]\nlongest_hours = 25", "must be from 1 to 24."),
        ('[access]\nclient_secret = "s3cret"', "'access.client_secret' is not a known key."),
    ],
)
def test_what_is_wrong_is_said_with_the_nearest_name(
    tmp_path: Path, said: str, sentence: str
) -> None:
    told = refusal(tmp_path, said)
    assert sentence in told
    assert "s3cret" not in told


def test_the_environment_is_read_by_streamlits_names() -> None:
    said = access_settings.read_environment(
        {"LONGEVITY_SIGN_IN_CLIENT_ID": "x", "LONGEVITY_SIGN_IN_SCOPE": "openid g", "OTHER": "y"}
    )
    assert said == {"client_id": "x", "client_kwargs": {"scope": "openid g"}}
    assert access_settings.read_environment({"LONGEVITY_SIGN_IN_CLIENT_ID": ""}) == {}


def test_a_whole_provider_is_right() -> None:
    assert access_settings.find_problems(PROVIDER) == []
    here = {"redirect_uri": "http://127.0.0.1:8501/oauth2callback"}
    assert access_settings.find_problems({**PROVIDER, **here}) == []


@pytest.mark.parametrize("key", sorted(access_settings.NEEDED))
@pytest.mark.parametrize("value", [None, "", 5, ["x"], {"x": 1}])
def test_a_value_that_is_missing_or_no_text_is_named(key: str, value: object) -> None:
    (told,) = access_settings.find_problems({**PROVIDER, key: value})
    assert f"'{key}' is missing" in told
    assert access_settings.NEEDED[key] in told


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
def test_what_is_wrong_is_told_without_the_value(key: str, value: str, sentence: str) -> None:
    told = access_settings.find_problems({**PROVIDER, key: value})
    assert any(sentence in one for one in told)
    assert "s3cret" not in " ".join(told)
