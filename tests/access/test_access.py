"""Who may ask what, and the sentence when they may not."""

import math
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longevity import settings as configuration
from longevity.auth import session as sessions
from longevity.auth import sign_in_provider, signed_out, viewers
from longevity.auth.session import read_session
from longevity.auth.viewers import PUBLIC, STATE, QueryClass, Viewer, ViewerKind
from longevity.base.errors import AccessError, UsageError
from tests.factories import configs, identities
from tests.factories.identities import PROVIDER


def test_a_viewer_is_written_as_it_is_read_and_a_misspelt_city_names_the_nearest(settings):
    for text in ("public", "state", *(f"city:{city}" for city in settings.cities)):
        viewer = viewers.parse_viewer(text, settings)
        assert str(viewer) == text
        assert (viewer.city or "") == text.removeprefix("city:") or (viewer.city is None and ":" not in text)
    city = next(iter(settings.cities))
    with pytest.raises(UsageError, match=f"Did you mean '{city}'"):
        viewers.parse_viewer(f"city:{city}x", settings)


@pytest.mark.parametrize("text", ["", "admin", "city", "STATE", "city:", "public:state", "city:*"])
def test_an_unknown_viewer_is_refused(text, settings):
    with pytest.raises(UsageError):
        viewers.parse_viewer(text, settings)


@pytest.mark.parametrize("query_class", QueryClass)
def test_each_viewer_is_answered_from_its_scope_or_refused(query_class, settings):
    own, other, *_ = settings.cities
    city = viewers.parse_viewer(f"city:{own}", settings)
    if query_class in (QueryClass.PUBLIC_RECORD, QueryClass.PUBLIC_TABLE):
        # Answered to all alike, of whichever city.
        for viewer in (PUBLIC, city, STATE):
            for asked in (None, own, other):
                assert viewers.find_scope(viewer, "q", query_class, asked) == "public"
        return
    for asked in (None, own, other):
        assert viewers.find_scope(STATE, "q", query_class, asked) == "state"
        with pytest.raises(AccessError, match="'public' may not ask"):
            viewers.find_scope(PUBLIC, "q", query_class, asked)
    for asked in (None, own):
        assert viewers.find_scope(city, "q", query_class, asked) == own
    with pytest.raises(AccessError, match="its own city only"):
        viewers.find_scope(city, "q", query_class, other)


# The provider's settings: what is refused, and how, without a value
def test_the_environment_is_read_by_streamlits_names():
    given = {"LONGEVITY_SIGN_IN_CLIENT_ID": "x", "LONGEVITY_SIGN_IN_SCOPE": "openid g", "OTHER": "y"}
    said = sign_in_provider.read_environment(given)
    assert said == {"client_id": "x", "client_kwargs": {"scope": "openid g"}}
    assert sign_in_provider.read_environment({"LONGEVITY_SIGN_IN_CLIENT_ID": ""}) == {}


@pytest.mark.parametrize(
    "said", [{}, {"redirect_uri": "http://127.0.0.1:8501/oauth2callback"}, {"cookie_secret": "s" * 32}]
)
def test_a_whole_provider_is_right(said):
    assert sign_in_provider.find_problems({**PROVIDER, **said}) == []


@pytest.mark.parametrize("key", sorted(sign_in_provider.NEEDED))
@pytest.mark.parametrize("value", [None, "", 5, ["x"], {"x": 1}])
def test_a_value_that_is_missing_or_no_text_is_named(key, value):
    (problem,) = sign_in_provider.find_problems({**PROVIDER, key: value})
    assert f"'{key}' is missing" in problem
    assert sign_in_provider.NEEDED[key] in problem


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("redirect_uri", "https://s3cret/callback", "does not end with /oauth2callback"),
        ("redirect_uri", "http://s3cret.example/oauth2callback", "must begin with https://"),
        ("redirect_uri", "s3cret/oauth2callback", "no absolute address"),
        ("server_metadata_url", "ftp://s3cret/x", "no absolute address"),
        ("server_metadata_url", "http://s3cret", "must begin with https://"),
        ("server_metadata_url", "https://[s3cret", "no absolute address"),
        ("cookie_secret", f"s3cret{'s' * 25}", "shorter than 32 signs"),
    ],
)
def test_what_is_wrong_is_said_without_the_value(key, value, sentence):
    problems = " ".join(sign_in_provider.find_problems({**PROVIDER, key: value}))
    assert sentence in problems
    assert "s3cret" not in problems


# What is remembered of a sign-out: by every process on the home
def test_another_process_knows_of_it(tmp_path, monkeypatch):
    for name in ("one", "two"):
        assert not signed_out.is_signed_out(tmp_path, name)
        signed_out.record_sign_out(tmp_path, name)
        monkeypatch.setattr(signed_out, "_in_this_process", set())  # or this one after a restart
        assert signed_out.is_signed_out(tmp_path, name)
    for path in (tmp_path / "signed-out").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_where_it_cannot_be_written_this_process_remembers(tmp_path, caplog):
    (tmp_path / "signed-out").write_text("a file in the folder's place")
    signed_out.record_sign_out(tmp_path, "here")
    assert signed_out.is_signed_out(tmp_path, "here")
    assert "could not be recorded" in caplog.text


# Claims to viewers: the mapping, its expiry, and claims made to do harm
NOW = 1_800_000_000.0
EAST, WEST_ = Viewer(ViewerKind.CITY, "east"), Viewer(ViewerKind.CITY, "west")


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two")
    path = configs.write(folder, "[demonstration]", configs.WEST)
    return identities.map_viewers(configuration.load_settings(path, home=folder, environment={}), folder)


def claims(groups=None, **said):
    return identities.claims(groups, **{"iat": NOW - 60, "exp": NOW + 3540, **said})


def seen(settings, **said):
    return read_session(claims(**said), settings, NOW).viewers


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ("dash-state", (STATE,)),
        (["dash-state"], (STATE,)),
        (["other", "dash-east"], (EAST,)),
        (["dash-east", "dash-east-too"], (EAST,)),
        (["dash-east", "dash-state", "dash-west"], (STATE,)),
        (["dash-west", "dash-east"], (PUBLIC, EAST, WEST_)),
        (["other"], (PUBLIC,)),
        ([], (PUBLIC,)),
        (None, (PUBLIC,)),
    ],
)
def test_values_become_viewers(two, groups, expected):
    where = read_session(claims(groups), two, NOW)
    assert where.viewers == expected
    assert where.can_sign_out
    assert not where.can_sign_in


@pytest.mark.parametrize("said", [False, None, "true", 1, "True", [True]])
def test_only_a_true_sign_in_counts(two, said):
    where = read_session(claims("dash-state", is_logged_in=said), two, NOW)
    assert where == sessions.NOT_SIGNED_IN


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ({"exp": NOW + 1}, True),
        ({"exp": NOW}, False),
        ({"iat": NOW - 10 * 3600 + 1, "exp": NOW + 90_000}, True),
        ({"iat": NOW - 10 * 3600, "exp": NOW + 90_000}, False),  # longest_hours
        ({"iat": NOW + 299}, True),
        ({"iat": NOW + 301, "exp": NOW + 9000}, False),  # from the future
        ({"exp": str(NOW + 100)}, False),
        ({"exp": math.inf}, False),
        ({"exp": math.nan}, False),
        ({"iat": -math.inf}, False),
        ({"exp": 10**400}, False),
    ],
)
def test_expiry_is_honoured(two, said, counts):
    where = read_session(claims("dash-state", **said), two, NOW)
    assert (where.viewers == (STATE,)) is counts
    assert counts or where == sessions.EXPIRED


HOSTILE = [
    *("DASH-STATE", " dash-state", "dash-state\n", "dash-state,dash-east", "state", "city:east", '["dash-state"]'),
    # A Cyrillic letter, another hyphen, a wide letter, a space of no width.
    *("d\u0430sh-state", "dash\u2010state", "ｄash-state", "dash-state\u200b"),
    *("x" * 10_240, ["x"] * 10_240, [["dash-state"]], {"dash-state": True}),
]


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value)[:30])
def test_what_is_not_exactly_a_value_gives_no_more_than_the_public_and_is_not_repeated(two, value):
    where = read_session(claims(value), two, NOW)
    assert (where.viewers, where.sentence) == ((PUBLIC,), sessions.NO_VIEWER_TEXT)


def test_other_claims_say_nothing(two):
    assert seen(two, roles="dash-state", viewer="state", Groups="dash-state") == (PUBLIC,)


def test_an_address_counts_only_when_its_provider_verified_it(two, tmp_path):
    by_mail = identities.ACCESS.replace('"groups"', '"email"').replace('dash-east"', 'a@b.c"')
    path = configs.write(tmp_path, "[demonstration]", configs.WEST)
    settings = identities.map_viewers(
        configuration.load_settings(path, home=tmp_path, environment={}), tmp_path, by_mail
    )
    assert seen(settings, email="a@b.c", email_verified=True) == (EAST,)
    for said in (False, None, "true", 1):
        assert seen(settings, email="a@b.c", email_verified=said) == (PUBLIC,)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@given(anything)
def test_no_value_whatever_raises_or_opens(two, drawn):
    assert seen(two, groups=drawn) == (PUBLIC,)


@given(anything, anything)
def test_no_time_whatever_raises_or_opens_unless_it_lies_ahead(two, issued, expires):
    where = read_session(claims("dash-state", iat=issued, exp=expires), two, NOW)
    sound = isinstance(expires, int | float) and isinstance(issued, int | float)
    assert where.viewers == (PUBLIC,) or (sound and expires > NOW > issued - 301)
