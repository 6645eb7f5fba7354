"""Claims to viewers: the mapping, its expiry, and claims made to do harm."""

from __future__ import annotations

import math
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from longevity import settings as configuration
from longevity.auth import session as sessions
from longevity.auth.session import read_session
from longevity.auth.viewers import PUBLIC, STATE, Viewer, ViewerKind
from longevity.settings import Settings
from tests.factories import configs, identities
from tests.factories.violence_release import WEST

NOW = 1_800_000_000.0
EAST, WEST_ = Viewer(ViewerKind.CITY, "east"), Viewer(ViewerKind.CITY, "west")


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Two cities, with a mapping."""
    folder = tmp_path_factory.mktemp("two")
    path = configs.write(folder, "[demonstration]", WEST.strip())
    return identities.map_viewers(
        configuration.load_settings(path, home=folder, environment={}), folder
    )


def claims(groups: Any = None, **said: Any) -> dict[str, Any]:
    return identities.claims(groups, **{"iat": NOW - 60, "exp": NOW + 3540, **said})


def seen(settings: Settings, **said: Any) -> tuple[Viewer, ...]:
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


def test_each_standing_says_so(two):
    assert read_session(claims("dash-east"), two, NOW).sentence == "You are signed in as East."
    assert (
        read_session(claims("dash-state"), two, NOW).sentence == "You are signed in as the state."
    )
    assert read_session(claims("other"), two, NOW).sentence == sessions.NO_VIEWER_TEXT
    assert (
        read_session(claims(["dash-east", "dash-west"]), two, NOW).sentence
        == sessions.SEVERAL_CITIES_TEXT
    )
    assert read_session({}, two, NOW) == sessions.NOT_SIGNED_IN


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
        ({"exp": None}, False),
        ({"iat": None}, False),
        ({"exp": True}, False),
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
    "DASH-STATE",
    " dash-state",
    "dash-state\n",
    "dash-state,dash-east",
    "d\u0430sh-state",  # a Cyrillic letter
    "dash\u2010state",  # another hyphen
    "ｄash-state",
    "dash-state\u200b",
    "state",
    "city:east",
    '["dash-state"]',
    "x" * 10_240,
    0,
    True,
    1.5,
    {"dash-state": True},
    [["dash-state"]],
    [True, 0, None, 1e308],
    ["x"] * 10_240,
    {"a": {"b": {"c": ["dash-state"]}}},
]


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value)[:30])
def test_what_is_not_exactly_a_value_gives_no_more_than_the_public(two, value):
    assert seen(two, groups=value) == (PUBLIC,)


def test_a_value_is_never_repeated_to_the_visitor(two):
    where = read_session(claims("<script>alert(1)</script>"), two, NOW)
    assert "script" not in where.sentence


def test_other_claims_say_nothing(two):
    assert seen(two, roles="dash-state", viewer="state", Groups="dash-state") == (PUBLIC,)


def test_an_address_counts_only_when_its_provider_verified_it(two, tmp_path):
    by_mail = identities.ACCESS.replace('"groups"', '"email"').replace('dash-east"', 'a@b.c"')
    path = configs.write(tmp_path, "[demonstration]", WEST.strip())
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
# The first draw of a cold interpreter is slow.
cold = hypothesis.settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


@cold
@given(anything)
def test_no_value_whatever_raises_or_opens(two, drawn):
    assert seen(two, groups=drawn) == (PUBLIC,)


@cold
@given(anything, anything)
def test_no_time_whatever_raises_or_opens_unless_it_lies_ahead(two, issued, expires):
    where = read_session(claims("dash-state", iat=issued, exp=expires), two, NOW)
    sound = isinstance(expires, int | float) and isinstance(issued, int | float)
    assert where.viewers == (PUBLIC,) or (sound and expires > NOW > issued - 301)
