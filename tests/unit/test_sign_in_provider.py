"""The provider's settings: what is refused, and how, without a value."""

from __future__ import annotations

import pytest

from longevity.auth import sign_in_provider
from tests.factories.identities import PROVIDER


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
